//! What the blocks of one window found new, each state once and in canonical order.
//!
//! The store did not change while the window was worked on, so none of the candidates is stored; but two blocks may
//! have found the same one.  A table of the window's size tells, and stays in the cache.

use super::block::{Block, Candidacy};
use super::space::Space;
use crate::store::hash;

/// Room that is used again for every window.
#[derive(Default)]
pub struct Newcomers {
    pub roots: Vec<u64>,
    /// For each root the state from which it was reached first.
    pub parents: Vec<u32>,
    /// Open addressing; an entry is one more than the position of a root.
    table: Vec<u32>,
}

impl Newcomers {
    pub fn gather(&mut self, space: &mut Space, blocks: &[Block]) {
        let candidates: usize = blocks.iter().map(|block| block.candidates.len()).sum();
        self.roots.clear();
        self.parents.clear();
        self.table.clear();
        self.table.resize((2 * candidates).next_power_of_two(), 0);
        let mut ids = vec![0; space.store.node_count()];
        for block in blocks {
            for candidate in &block.candidates {
                let root = match candidate.target {
                    Candidacy::Root(root) => root,
                    Candidacy::Words(at) => {
                        space.store.fold(block.state_words(at, space.layout.words), &mut ids)
                    }
                };
                self.add(root, candidate.parent);
            }
        }
    }

    #[inline]
    fn add(&mut self, root: u64, parent: u32) {
        let mask = self.table.len() - 1;
        let mut at = hash(root) as usize & mask;
        while self.table[at] != 0 {
            if self.roots[self.table[at] as usize - 1] == root {
                return;
            }
            at = (at + 1) & mask;
        }
        self.roots.push(root);
        self.parents.push(parent);
        self.table[at] = self.roots.len() as u32;
    }

    /// Keeps the first `most` newcomers; true if some had to go.
    pub fn truncate(&mut self, most: u64) -> bool {
        let too_many = self.roots.len() as u64 > most;
        if too_many {
            self.roots.truncate(most as usize);
            self.parents.truncate(most as usize);
        }
        too_many
    }
}
