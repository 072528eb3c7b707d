//! A fast hash for small keys of numbers that nobody chooses to collide.

use std::hash::{BuildHasherDefault, Hasher};

/// A map with it.
pub type FastMap<K, V> = std::collections::HashMap<K, V, BuildHasherDefault<Multiplying>>;

/// A set with it.
pub type FastSet<K> = std::collections::HashSet<K, BuildHasherDefault<Multiplying>>;

/// Multiplies and rotates word by word, as Firefox and rustc do, and mixes at the end.
#[derive(Default, Clone, Copy)]
pub struct Multiplying(u64);

const ODD: u64 = 0x9e37_79b9_7f4a_7c15;

impl Multiplying {
    fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(ODD);
    }
}

impl Hasher for Multiplying {
    fn write(&mut self, bytes: &[u8]) {
        let mut words = bytes.chunks_exact(8);
        for word in &mut words {
            self.add(u64::from_ne_bytes(word.try_into().expect("a chunk has eight bytes")));
        }
        for &byte in words.remainder() {
            self.add(u64::from(byte));
        }
    }

    fn write_u32(&mut self, word: u32) {
        self.add(u64::from(word));
    }

    fn write_usize(&mut self, word: usize) {
        self.add(word as u64);
    }

    fn write_i64(&mut self, word: i64) {
        self.add(word as u64);
    }

    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }
}
