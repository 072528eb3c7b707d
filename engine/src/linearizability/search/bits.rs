//! Sets of open operations, as bits over their slots.

/// A set of up to 64 * W slots.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bits<const W: usize>(pub [u64; W]);

impl<const W: usize> Bits<W> {
    pub const NONE: Self = Bits([0; W]);

    #[inline]
    pub fn has(&self, slot: u32) -> bool {
        self.0[slot as usize / 64] >> (slot % 64) & 1 == 1
    }

    #[inline]
    pub fn insert(&mut self, slot: u32) {
        self.0[slot as usize / 64] |= 1 << (slot % 64);
    }

    #[inline]
    pub fn remove(&mut self, slot: u32) {
        self.0[slot as usize / 64] &= !(1 << (slot % 64));
    }

    #[inline]
    pub fn with(mut self, slot: u32) -> Self {
        self.insert(slot);
        self
    }

    #[inline]
    pub fn and(&self, other: &Self) -> Self {
        Bits(std::array::from_fn(|word| self.0[word] & other.0[word]))
    }

    #[inline]
    pub fn is_subset(&self, other: &Self) -> bool {
        (0..W).all(|word| self.0[word] & !other.0[word] == 0)
    }

    /// How many are in it.
    pub fn count(&self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }
}
