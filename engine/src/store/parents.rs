//! Who discovered each state, in less than two bits per state.
//!
//! States are numbered in breadth-first order and expanded in that same order, so the numbers of parents never
//! decrease.  Such a sequence is a row of bits: a one for each state, a zero each time the parent moves on.

/// Parent links of states 0, 1, 2, ...; initial states have none.
#[derive(Default)]
pub struct Parents {
    bits: Vec<u64>,
    len: u64,
    /// The parent of the state pushed last, plus one; 0 is the parent of initial states.
    last: u64,
}

impl Parents {
    /// Links the next state.  Parents must not decrease.
    pub fn push(&mut self, parent: Option<u32>) {
        let parent = parent.map_or(0, |index| u64::from(index) + 1);
        debug_assert!(parent >= self.last, "states are discovered in the order of their parents");
        self.skip(parent - self.last);
        self.last = parent;
        self.put_one();
    }

    fn skip(&mut self, zeros: u64) {
        self.len += zeros;
    }

    fn put_one(&mut self) {
        let word = (self.len / 64) as usize;
        if word >= self.bits.len() {
            self.bits.resize(word + 1, 0);
        }
        self.bits[word] |= 1 << (self.len % 64);
        self.len += 1;
    }

    /// The state from which `state` was discovered; None for an initial state.
    ///
    /// A linear pass over the bits: traces are short, and a pass over a thousand million states takes milliseconds.
    pub fn parent(&self, state: u32) -> Option<u32> {
        let mut ones_left = u64::from(state);
        for (at, &word) in self.bits.iter().enumerate() {
            let ones = u64::from(word.count_ones());
            if ones_left < ones {
                let zeros = at as u64 * 64 + u64::from(nth_one(word, ones_left)) - u64::from(state);
                return zeros.checked_sub(1).map(|parent| parent as u32);
            }
            ones_left -= ones;
        }
        None
    }

    pub fn bytes(&self) -> usize {
        self.bits.len() * size_of::<u64>()
    }
}

/// The position of the n-th one (from 0) of a word that has more than n.
fn nth_one(mut word: u64, n: u64) -> u32 {
    for _ in 0..n {
        word &= word - 1;
    }
    word.trailing_zeros()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parents_come_back() {
        let links =
            [None, None, Some(0), Some(0), Some(1), Some(4), Some(4), Some(700), Some(700), Some(90_000)];
        let mut parents = Parents::default();
        links.iter().for_each(|&link| parents.push(link));
        for (state, &link) in links.iter().enumerate() {
            assert_eq!(parents.parent(state as u32), link, "state {state}");
        }
    }
}
