//! What outcomes do to halves of states, remembered.
//!
//! A state is a pair of tree nodes.  What an outcome makes of one of them depends on that node alone, and the same
//! halves come up in very many states; so most steps need neither words nor look-ups of inner nodes.

const ENTRIES: usize = 1 << 16;

#[derive(Clone, Copy)]
struct Entry {
    key: u64,
    after: u32,
}

/// No half looks like this: node ids never reach the maximum.
const NOTHING: Entry = Entry { key: u64::MAX, after: 0 };

/// A cache: a newer entry takes the place of an older one.
#[derive(Default)]
pub struct HalfSteps {
    entries: Vec<Entry>,
}

/// The left or the right child of the root.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Half {
    Left,
    Right,
}

#[inline]
fn key(half: Half, node_id: u32, outcome: u32) -> u64 {
    u64::from(node_id) << 32 | u64::from(outcome) << 1 | u64::from(half == Half::Right)
}

#[inline]
fn place(key: u64) -> usize {
    (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (u64::BITS - ENTRIES.trailing_zeros())) as usize
}

impl HalfSteps {
    #[inline]
    pub fn get(&self, half: Half, before: u32, outcome: u32) -> Option<u32> {
        let key = key(half, before, outcome);
        self.entries.get(place(key)).filter(|entry| entry.key == key).map(|entry| entry.after)
    }

    pub fn put(&mut self, half: Half, before: u32, outcome: u32, after: u32) {
        if self.entries.is_empty() {
            self.entries = vec![NOTHING; ENTRIES]; // only searches of large states pay for it
        }
        let key = key(half, before, outcome);
        self.entries[place(key)] = Entry { key, after };
    }
}
