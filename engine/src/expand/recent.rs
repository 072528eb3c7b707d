//! The roots seen lately by one worker.
//!
//! Steps that commute lead to the same state by two ways that lie close together; remembering a few thousand roots
//! spares most of those second looks into the large table.

const ENTRIES: usize = 1 << 13;
/// No root looks like this: flat states leave a bit free and node ids never reach the maximum.
const NOTHING: u64 = u64::MAX;

pub struct Recent {
    roots: Vec<u64>,
    used: bool,
}

impl Default for Recent {
    fn default() -> Self {
        Recent { roots: vec![NOTHING; ENTRIES], used: false }
    }
}

impl Recent {
    /// Whether the root was here since the last `clear`; if not, it is now.
    #[inline]
    pub fn check(&mut self, root: u64, hash: u64) -> bool {
        let entry = &mut self.roots[hash as usize % ENTRIES];
        if *entry == root {
            return true;
        }
        *entry = root;
        self.used = true;
        false
    }

    pub fn clear(&mut self) {
        if std::mem::take(&mut self.used) {
            self.roots.fill(NOTHING);
        }
    }
}
