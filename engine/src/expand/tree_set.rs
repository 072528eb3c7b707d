//! A set of trees as bits.

#[derive(Default, Clone)]
pub struct TreeSet {
    words: Vec<u64>,
    len: usize,
}

impl TreeSet {
    pub fn resize(&mut self, trees: usize) {
        self.words.resize(trees.div_ceil(64), 0);
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    #[inline]
    pub fn insert(&mut self, tree: u32) {
        let (word, bit) = (&mut self.words[tree as usize / 64], 1 << (tree % 64));
        self.len += usize::from(*word & bit == 0);
        *word |= bit;
    }

    #[inline]
    pub fn remove(&mut self, tree: u32) {
        let (word, bit) = (&mut self.words[tree as usize / 64], 1 << (tree % 64));
        self.len -= usize::from(*word & bit != 0);
        *word &= !bit;
    }

    #[inline]
    pub fn put(&mut self, tree: u32, member: bool) {
        if member { self.insert(tree) } else { self.remove(tree) }
    }

    pub fn contains(&self, tree: u32) -> bool {
        self.words.get(tree as usize / 64).is_some_and(|word| word >> (tree % 64) & 1 == 1)
    }

    /// The first member at or after `from`.
    #[inline]
    pub fn next(&self, from: u32) -> Option<u32> {
        let mut at = from as usize / 64;
        let mut word = self.words.get(at)? & (u64::MAX << (from % 64));
        while word == 0 {
            at += 1;
            word = *self.words.get(at)?;
        }
        Some(at as u32 * 64 + word.trailing_zeros())
    }
}
