//! A table that numbers its keys in the order of their arrival.

/// What can be numbered: small, and hashed by us, since adversaries do not choose states.
pub trait Key: Copy + Eq {
    fn hash(self) -> u64;
}

impl Key for u64 {
    #[inline]
    fn hash(self) -> u64 {
        hash(self)
    }
}

impl Key for [u64; 2] {
    #[inline]
    fn hash(self) -> u64 {
        hash(self[0] ^ hash(self[1]).rotate_left(32))
    }
}

/// Multiplies by an odd constant and folds the 128-bit product, twice: every bit of the key reaches every bit.
#[inline]
pub fn hash(key: u64) -> u64 {
    let folded = fold(key ^ 0x2545_F491_4F6C_DD1D, 0x9E37_79B9_7F4A_7C15);
    fold(folded ^ key.rotate_left(32), 0xD6E8_FEB8_6659_FD93)
}

#[inline]
fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    (product >> 64) as u64 ^ product as u64
}

/// Keys in order of arrival, and an open-addressed index of their numbers.
///
/// An index entry holds the key's number plus one, and in the bits that the number leaves free a tag of the hash, so
/// that most probes that do not match never touch the keys.
pub struct Interner<K> {
    keys: Vec<K>,
    index: Vec<u32>,
    /// How many low bits of an entry hold the number; the others hold the tag.
    number_bits: u32,
}

impl<K> Default for Interner<K> {
    fn default() -> Self {
        Interner { keys: Vec::new(), index: vec![0; 16], number_bits: 5 }
    }
}

/// The index is rebuilt when more than four of five entries are taken ...
const FULL: (usize, usize) = (4, 5);
/// ... and grows by half: doubling would waste memory right after.
const GROWTH: (usize, usize) = (3, 2);
/// Keys whose cache lines are requested ahead while many are entered.
const AHEAD: usize = 16;

impl<K: Key> Interner<K> {
    pub fn with_zero(zero: K) -> Self {
        let mut table = Interner::default();
        table.intern(zero);
        table
    }

    pub fn len(&self) -> usize {
        self.keys.len()
    }

    pub fn bytes(&self) -> usize {
        self.keys.len() * size_of::<K>() + self.index.len() * size_of::<u32>()
    }

    /// How many bytes `more` keys may add.
    pub fn growth(&self, more: usize) -> usize {
        let entries = self.entries_for(self.keys.len() + more);
        more * size_of::<K>() + (entries - self.index.len()) * size_of::<u32>()
    }

    #[inline]
    pub fn key(&self, number: u32) -> K {
        self.keys[number as usize]
    }

    #[inline]
    fn home(&self, hash: u64) -> usize {
        ((u128::from(hash) * self.index.len() as u128) >> 64) as usize
    }

    #[inline]
    fn tag(&self, hash: u64) -> u32 {
        (hash as u32) & !self.number_mask()
    }

    #[inline]
    fn number_mask(&self) -> u32 {
        u32::MAX >> (32 - self.number_bits)
    }

    /// Asks for the cache line in which a search for this hash begins.
    #[inline]
    pub fn prefetch_index(&self, hash: u64) {
        prefetch(&self.index[self.home(hash)]);
    }

    /// Asks for the key that a search for this hash will compare first; the index line should be there already.
    #[inline]
    pub fn prefetch_key(&self, hash: u64) {
        let entry = self.index[self.home(hash)];
        if entry != 0 {
            prefetch(&self.keys[((entry & self.number_mask()) - 1) as usize]);
        }
    }

    #[inline]
    pub fn find(&self, key: K) -> Option<u32> {
        self.search(key, key.hash()).ok()
    }

    /// The key's number, or the index entry where it belongs.
    #[inline]
    pub fn search(&self, key: K, hash: u64) -> Result<u32, usize> {
        let (tag, mask) = (self.tag(hash), self.number_mask());
        let mut at = self.home(hash);
        loop {
            let entry = self.index[at];
            if entry == 0 {
                return Err(at);
            }
            if entry & !mask == tag && self.keys[((entry & mask) - 1) as usize] == key {
                return Ok((entry & mask) - 1);
            }
            at += 1;
            if at == self.index.len() {
                at = 0;
            }
        }
    }

    /// The key's number; true if it is new.
    pub fn intern(&mut self, key: K) -> (u32, bool) {
        let hash = key.hash();
        match self.search(key, hash) {
            Ok(number) => (number, false),
            Err(mut at) => {
                let entries = self.entries_for(self.keys.len() + 1);
                if entries > self.index.len() {
                    self.rebuild(entries);
                    at = self.free_entry(hash);
                }
                let number = self.keys.len() as u32;
                self.keys.push(key);
                self.index[at] = self.tag(hash) | (number + 1);
                (number, true)
            }
        }
    }

    fn free_entry(&self, hash: u64) -> usize {
        let mut at = self.home(hash);
        while self.index[at] != 0 {
            at = if at + 1 == self.index.len() { 0 } else { at + 1 };
        }
        at
    }

    /// Replaces every key by another; `change` must not make two keys equal.
    pub fn rewrite(&mut self, change: impl Fn(K) -> K) {
        self.keys.iter_mut().for_each(|key| *key = change(*key));
        self.rebuild(self.index.len());
    }

    /// Adds keys that are new and different from each other.
    pub fn append(&mut self, keys: &[K]) {
        let first = self.keys.len();
        self.keys.extend_from_slice(keys);
        let entries = self.entries_for(self.keys.len());
        if entries > self.index.len() { self.rebuild(entries) } else { self.enter(first) }
    }

    /// The size of an index with room for `keys`.
    fn entries_for(&self, keys: usize) -> usize {
        let mut entries = self.index.len();
        while keys * FULL.1 > entries * FULL.0 {
            entries = entries * GROWTH.0 / GROWTH.1 + 1;
        }
        entries
    }

    /// A new index.  The old one is freed first: the keys alone are enough to fill the new one.
    fn rebuild(&mut self, entries: usize) {
        self.index = Vec::new();
        self.index = vec![0; entries];
        self.number_bits = (usize::BITS - entries.leading_zeros()).min(32);
        self.enter(0);
    }

    /// Puts the keys from number `first` on into the index.
    fn enter(&mut self, first: usize) {
        for number in first..self.keys.len() {
            if let Some(ahead) = self.keys.get(number + AHEAD) {
                self.prefetch_index(ahead.hash());
            }
            let hash = self.keys[number].hash();
            let at = self.free_entry(hash);
            self.index[at] = self.tag(hash) | (number as u32 + 1);
        }
    }
}

/// A hint to the processor; it changes nothing that can be observed but time.
#[inline]
fn prefetch<T>(target: &T) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: prefetching never faults and the address is that of a live reference.
    unsafe {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        _mm_prefetch(std::ptr::from_ref(target).cast::<i8>(), _MM_HINT_T0);
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = target;
}
