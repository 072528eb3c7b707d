//! The keys that each transaction wrote.

use super::Facts;

/// Keys by writer, rising.
pub struct Written {
    offsets: Vec<u32>,
    keys: Vec<u32>,
}

impl Written {
    pub fn new(facts: &Facts) -> Written {
        let mut offsets = vec![0u32; facts.count + 1];
        for &writer in facts.writers.iter().flatten() {
            offsets[writer as usize + 1] += 1;
        }
        for at in 0..facts.count {
            offsets[at + 1] += offsets[at];
        }
        let mut next = offsets.clone();
        let mut keys = vec![0; offsets[facts.count] as usize];
        for (writers, key) in facts.writers.iter().zip(0u32..) {
            for &writer in writers {
                keys[next[writer as usize] as usize] = key;
                next[writer as usize] += 1;
            }
        }
        Written { offsets, keys }
    }

    /// The keys that a transaction wrote, rising.
    pub fn keys(&self, writer: u32) -> &[u32] {
        &self.keys[self.offsets[writer as usize] as usize..self.offsets[writer as usize + 1] as usize]
    }

    /// Whether a transaction wrote a key.
    pub fn has(&self, writer: u32, key: u32) -> bool {
        let keys = self.keys(writer);
        if keys.len() <= 16 { keys.contains(&key) } else { keys.binary_search(&key).is_ok() }
    }
}
