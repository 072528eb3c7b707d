//! Numbers things by what they contain; the things themselves lie elsewhere.

/// A hash table of numbers 0, 1, 2, ...: open addressing, at most half full.
#[derive(Default)]
pub struct Table {
    /// Number plus one; 0 for free.
    slots: Vec<u32>,
    /// Of each number, the bits of its hash by which it is found again.
    hashes: Vec<u32>,
}

impl Table {
    /// The number of the thing with this hash for which `same` holds.
    pub fn find(&self, hash: u32, same: impl Fn(usize) -> bool) -> Option<usize> {
        if self.slots.is_empty() {
            return None;
        }
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        while let Some(number) = (self.slots[at] as usize).checked_sub(1) {
            if self.hashes[number] == hash && same(number) {
                return Some(number);
            }
            at = (at + 1) & mask;
        }
        None
    }

    /// The next number, for a thing that was not found.
    pub fn add(&mut self, hash: u32) -> usize {
        self.hashes.push(hash);
        if self.hashes.len() * 2 > self.slots.len() {
            self.grow();
        } else {
            self.place(self.hashes.len() - 1);
        }
        self.hashes.len() - 1
    }

    fn grow(&mut self) {
        self.slots = vec![0; (self.slots.len() * 2).max(64)];
        for number in 0..self.hashes.len() {
            self.place(number);
        }
    }

    fn place(&mut self, number: usize) {
        let mask = self.slots.len() - 1;
        let mut at = self.hashes[number] as usize & mask;
        while self.slots[at] != 0 {
            at = (at + 1) & mask;
        }
        self.slots[at] = number as u32 + 1;
    }
}

/// Mixes one more word into a hash.
pub fn mix(hash: u64, word: u64) -> u64 {
    let product = u128::from(hash ^ word ^ 0x9e37_79b9_7f4a_7c15) * 0xd6e8_feb8_6659_fd93;
    (product as u64) ^ (product >> 64) as u64
}

/// The hash of bytes of a kind.
pub fn of_bytes(kind: u8, bytes: &[u8]) -> u32 {
    let words = bytes.chunks_exact(8);
    let rest = words.remainder();
    let word = |bytes: &[u8]| bytes.try_into().map_or(0, u64::from_le_bytes);
    let hash = words.fold(u64::from(kind), |hash, bytes| mix(hash, word(bytes)));
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    folded(mix(mix(hash, u64::from_le_bytes(last)), bytes.len() as u64))
}

/// The hash of codes of a kind.
pub fn of_codes(kind: u8, codes: &[i64]) -> u32 {
    let hash = codes.iter().fold(u64::from(kind), |hash, &code| mix(hash, code as u64));
    folded(mix(hash, codes.len() as u64))
}

fn folded(hash: u64) -> u32 {
    (hash ^ (hash >> 32)) as u32
}
