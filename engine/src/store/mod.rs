//! The states found so far: exact, a few bytes each.
//!
//! States are numbered in the order of their discovery; that number is the state's name everywhere.  A flat state is
//! stored as its word.  A larger one is a binary tree: its leaves (pairs of words) and inner nodes (pairs of node
//! ids) are shared between states, and what is stored per state is the pair of ids at the root.
//! (The tree compression of Laarman, van de Pol and Weber, "Parallel Recursive State Compression for Free", 2011.)

mod interner;
mod parents;

pub use interner::{Interner, hash};
pub use parents::Parents;

use crate::layout::{LEAF_WORDS, Layout};

type LeafKey = [u64; LEAF_WORDS];

/// The numbered states.
pub struct Store {
    leaf_count: usize,
    /// Tables of the leaves; the node of leaf `k` is `leaf_count + k`.
    leaves: Vec<Interner<LeafKey>>,
    /// Tables of the inner nodes 2..leaf_count (node n has the children 2n and 2n+1; node 1 is the root).
    inner: Vec<Interner<u64>>,
    roots: Interner<u64>,
}

#[inline]
pub fn pair(left: u32, right: u32) -> u64 {
    u64::from(left) << 32 | u64::from(right)
}

#[inline]
pub fn unpair(pair: u64) -> (u32, u32) {
    ((pair >> 32) as u32, pair as u32)
}

impl Store {
    pub fn new(layout: &Layout) -> Store {
        let leaf_count = if layout.is_flat() { 0 } else { layout.leaves() };
        Store {
            leaf_count,
            leaves: (0..leaf_count).map(|_| Interner::with_zero([0; LEAF_WORDS])).collect(),
            inner: (2..leaf_count.max(2)).map(|_| Interner::with_zero(0)).collect(),
            roots: Interner::default(),
        }
    }

    pub fn len(&self) -> usize {
        self.roots.len()
    }

    pub fn bytes(&self) -> usize {
        let leaves: usize = self.leaves.iter().map(Interner::bytes).sum();
        let inner: usize = self.inner.iter().map(Interner::bytes).sum();
        leaves + inner + self.roots.bytes()
    }

    /// How much the next `more` states can add to `bytes`, at most and roughly.
    pub fn growth(&self, more: usize) -> usize {
        let leaves: usize = self.leaves.iter().map(|table| table.growth(more)).max().unwrap_or(0);
        leaves + self.roots.growth(more)
    }

    pub fn node_count(&self) -> usize {
        2 * self.leaf_count
    }

    #[inline]
    pub fn root(&self, index: u32) -> u64 {
        self.roots.key(index)
    }

    pub fn roots(&self) -> &Interner<u64> {
        &self.roots
    }

    /// Expands the state with this root into `words`, whose tree nodes are `ids`: only what differs is touched.
    pub fn unfold(&self, root: u64, words: &mut [u64], ids: &mut [u32]) {
        if self.leaf_count == 0 {
            words[0] = root;
            return;
        }
        let (left, right) = unpair(root);
        self.unfold_node(2, left, words, ids);
        self.unfold_node(3, right, words, ids);
    }

    fn unfold_node(&self, node: usize, id: u32, words: &mut [u64], ids: &mut [u32]) {
        if ids[node] == id {
            return;
        }
        ids[node] = id;
        if node >= self.leaf_count {
            let at = (node - self.leaf_count) * LEAF_WORDS;
            words[at..at + LEAF_WORDS].copy_from_slice(&self.leaves[node - self.leaf_count].key(id));
        } else {
            let (left, right) = unpair(self.inner[node - 2].key(id));
            self.unfold_node(2 * node, left, words, ids);
            self.unfold_node(2 * node + 1, right, words, ids);
        }
    }

    /// The id of one node of the tree, if some stored state shares it.
    #[inline]
    pub fn find_node(&self, node: usize, words: &[u64], children: impl Fn(usize) -> u32) -> Option<u32> {
        if node >= self.leaf_count {
            self.leaves[node - self.leaf_count].find(leaf_key(words, node - self.leaf_count))
        } else {
            self.inner[node - 2].find(pair(children(2 * node), children(2 * node + 1)))
        }
    }

    /// The root of the state in `words`, if all nodes of its tree are known; None means that the state is new.
    pub fn find_root(&self, words: &[u64]) -> Option<u64> {
        if self.leaf_count == 0 {
            return Some(words[0]);
        }
        let mut ids = vec![0u32; self.node_count()];
        for node in (2..self.node_count()).rev() {
            ids[node] = self.find_node(node, words, |child| ids[child])?;
        }
        Some(pair(ids[2], ids[3]))
    }

    /// The number of the state in `words`, if it is stored.
    pub fn find(&self, words: &[u64]) -> Option<u32> {
        self.roots.find(self.find_root(words)?)
    }

    /// The root of the state in `words`; `ids` is room for the nodes of one tree.
    pub fn fold(&mut self, words: &[u64], ids: &mut [u32]) -> u64 {
        if self.leaf_count == 0 {
            return words[0];
        }
        for node in (2..self.node_count()).rev() {
            ids[node] = if node >= self.leaf_count {
                let leaf = node - self.leaf_count;
                self.leaves[leaf].intern(leaf_key(words, leaf)).0
            } else {
                self.inner[node - 2].intern(pair(ids[2 * node], ids[2 * node + 1])).0
            };
        }
        pair(ids[2], ids[3])
    }

    /// Stores a state by its root; true if it is new.
    pub fn insert_root(&mut self, root: u64) -> (u32, bool) {
        self.roots.intern(root)
    }

    /// Stores states that are known to be new, and different from each other, by their roots.
    pub fn append(&mut self, roots: &[u64]) {
        self.roots.append(roots);
    }

    /// Stores the state in `words`; true if it is new.
    pub fn insert(&mut self, words: &[u64]) -> (u32, bool) {
        let root = self.fold(words, &mut vec![0; self.node_count()]);
        self.insert_root(root)
    }

    /// Moves all states to another layout; they keep their numbers.
    pub fn relay(&mut self, from: &Layout, to: &Layout) {
        let moved: Vec<_> = from.fields.iter().zip(&to.fields).filter(|(field, _)| field.mask != 0).collect();
        if from.is_flat() && to.is_flat() {
            self.roots.rewrite(|root| {
                let mut words = [0];
                moved.iter().for_each(|(before, after)| after.set(&mut words, before.get(&[root])));
                words[0]
            });
            return;
        }
        let mut fresh = Store::new(to);
        let (mut old, mut new) = (vec![0; from.words], vec![0; to.words]);
        let (mut old_ids, mut new_ids) = (vec![0; self.node_count()], vec![0; fresh.node_count()]);
        for index in 0..self.len() as u32 {
            self.unfold(self.root(index), &mut old, &mut old_ids);
            new.fill(0);
            moved.iter().for_each(|(before, after)| after.set(&mut new, before.get(&old)));
            let root = fresh.fold(&new, &mut new_ids);
            fresh.insert_root(root);
        }
        *self = fresh;
    }
}

#[inline]
fn leaf_key(words: &[u64], leaf: usize) -> LeafKey {
    [words[LEAF_WORDS * leaf], words[LEAF_WORDS * leaf + 1]]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::Fit;
    use crate::rules::RuleSet;

    /// A cheap generator of values: tests need variety, not quality.
    fn random(seed: &mut u64) -> u32 {
        *seed = hash(*seed + 1);
        (*seed >> 40) as u32
    }

    fn states(rules: &RuleSet, count: usize, seed: &mut u64) -> Vec<Vec<u32>> {
        (0..count).map(|_| rules.slots.iter().map(|slot| random(seed) % slot.size).collect()).collect()
    }

    fn values(store: &Store, layout: &Layout, index: u32) -> Vec<u32> {
        let (mut words, mut ids) = (vec![0; layout.words], vec![0; store.node_count()]);
        store.unfold(store.root(index), &mut words, &mut ids);
        layout.decode(&words)
    }

    /// Stores random states, lets slots grow and new ones appear, and asks for every state again after each change.
    #[test]
    fn states_survive_every_growth_of_the_rules() {
        let mut seed = 7;
        let mut rules = RuleSet::default();
        for _ in 0..6 {
            rules.add_slot(false);
        }
        let mut layout = Layout::new(&rules, 6);
        let mut store = Store::new(&layout);
        let mut known: Vec<Vec<u32>> = Vec::new();
        for round in 0..200 {
            let slot = if round % 2 == 0 { rules.add_slot(round % 4 == 0) } else { random(&mut seed) % 6 };
            let limit = if rules.slots[slot as usize].boolean { 2 } else { 40 };
            rules.grow_slot(slot, (rules.slots[slot as usize].size * 2).min(limit));
            if layout.extend(&rules) == Fit::Outgrown {
                let fresh = Layout::new(&rules, 6);
                store.relay(&layout, &fresh);
                layout = fresh;
            }
            for state in states(&rules, 8, &mut seed) {
                let mut words = vec![0; layout.words];
                layout.encode(&state, &mut words);
                let (number, is_new) = store.insert(&words);
                assert_eq!(store.find(&words), Some(number));
                assert_eq!(is_new, number as usize == known.len());
                if is_new {
                    known.push(state);
                }
            }
            for (index, state) in known.iter().enumerate() {
                let mut padded = state.clone();
                padded.resize(rules.slots.len(), 0);
                assert_eq!(values(&store, &layout, index as u32), padded, "round {round}, state {index}");
            }
        }
        assert!(!layout.is_flat(), "the test must reach trees");
    }

    #[test]
    fn appended_keys_are_found_through_every_growth_of_the_index() {
        let mut table = Interner::default();
        let keys: Vec<u64> = (0..50_000).map(|number| hash(number) >> 8).collect();
        for chunk in keys.chunks(777) {
            assert!(chunk.iter().all(|&key| table.find(key).is_none()));
            table.append(chunk);
        }
        assert!(keys.iter().enumerate().all(|(number, &key)| table.find(key) == Some(number as u32)));
    }
}
