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

    /// Adds the members in one word of a [`SparseSet`] that are also in `mask`.
    #[inline]
    pub fn merge(&mut self, word: u32, members: u64) {
        let known = &mut self.words[word as usize];
        self.len += (members & !*known).count_ones() as usize;
        *known |= members;
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

/// A small set of trees that is merged into others: (word, bits) pairs.
#[derive(Default, Clone)]
pub struct SparseSet {
    pub words: Vec<(u32, u64)>,
}

impl SparseSet {
    /// Trees must come in ascending order.
    pub fn push(&mut self, tree: u32) {
        let bit = 1 << (tree % 64);
        match self.words.last_mut() {
            Some((word, bits)) if *word == tree / 64 => *bits |= bit,
            _ => self.words.push((tree / 64, bit)),
        }
    }
}

/// For each tree the slots on the path to its result, as bits (see `Field::mark`); stored so that all trees that
/// depend on one slot are found at once.
#[derive(Default)]
pub struct Seen {
    masks: Vec<u64>,
    /// Row by row: for each of the 64 bits a set of trees.
    rows: Vec<u64>,
    row_words: usize,
}

impl Seen {
    /// New trees are taken to depend on everything.
    pub fn resize(&mut self, trees: usize) {
        let known = self.masks.len();
        if trees.div_ceil(64) > self.row_words {
            self.row_words = trees.div_ceil(64).next_power_of_two();
            self.rows = vec![0; 64 * self.row_words];
            let masks = std::mem::take(&mut self.masks);
            self.masks = vec![0; known];
            masks.iter().enumerate().for_each(|(tree, &mask)| self.set(tree as u32, mask));
        }
        self.masks.resize(trees, 0);
        (known..trees).for_each(|tree| self.set(tree as u32, u64::MAX));
    }

    #[inline]
    pub fn set(&mut self, tree: u32, mask: u64) {
        let mut flipped = self.masks[tree as usize] ^ mask;
        self.masks[tree as usize] = mask;
        while flipped != 0 {
            let row = flipped.trailing_zeros() as usize;
            self.rows[row * self.row_words + tree as usize / 64] ^= 1 << (tree % 64);
            flipped &= flipped - 1;
        }
    }

    /// The trees in one word that depend on a slot with this mark.
    #[inline]
    pub fn dependents(&self, mark: u8, word: u32) -> u64 {
        self.rows[mark as usize * self.row_words + word as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dependents_are_those_whose_mask_holds_the_mark() {
        let mut seen = Seen::default();
        seen.resize(3);
        seen.set(0, 0b101);
        seen.set(1, 0b100);
        seen.set(2, 0);
        seen.resize(200); // another stride, and new trees that depend on everything
        assert_eq!(seen.dependents(0, 0) & 0b111, 0b001);
        assert_eq!(seen.dependents(2, 0) & 0b111, 0b011);
        assert_eq!(seen.dependents(1, 0) & 0b111, 0);
        assert_eq!(seen.dependents(1, 2), u64::MAX);
    }

    #[test]
    fn a_set_counts_each_member_once() {
        let mut set = TreeSet::default();
        set.resize(130);
        set.insert(129);
        set.insert(129);
        set.merge(2, 0b10);
        set.merge(0, 0b1);
        assert_eq!((set.next(0), set.next(1), set.next(130)), (Some(0), Some(129), None));
        set.remove(0);
        set.remove(129);
        assert!(set.is_empty());
    }
}
