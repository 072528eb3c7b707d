//! The gaps between positions, and which of them are covered.

/// Gap g lies between positions g and g + 1.  Covering is for ever; asking for the next free gap is almost free
/// (union-find with path halving).
pub struct Gaps {
    next: Vec<u32>,
}

impl Gaps {
    /// Gaps 0..count, all free; gap `count` always is.
    pub fn new(count: u32) -> Gaps {
        Gaps { next: (0..=count).collect() }
    }

    /// The first free gap from this one on.
    pub fn free_from(&mut self, gap: u32) -> u32 {
        let mut at = gap as usize;
        while self.next[at] as usize != at {
            let after = self.next[at] as usize;
            self.next[at] = self.next[after];
            at = after;
        }
        at as u32
    }

    /// Covers the gaps from..to.
    pub fn cover(&mut self, from: u32, to: u32) {
        let mut at = self.free_from(from);
        while at < to {
            self.next[at as usize] = at + 1;
            at = self.free_from(at + 1);
        }
    }
}
