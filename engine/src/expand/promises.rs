//! Parts of states in which every promise is known to hold.
//!
//! Promises mostly speak of the variables of processes and not of the messages in flight.  If all slots that any
//! promise observes lie below one node of the tree of states, then whether the promises hold depends on that node
//! alone; and there are far fewer different nodes than states.

use crate::layout::Layout;
use crate::rules::{Kind, RuleSet};

/// The lowest node above every slot that a promise observes; None if only the root is, or states are flat.
pub fn promise_node(rules: &RuleSet, layout: &Layout) -> Option<usize> {
    if layout.is_flat() {
        return None;
    }
    let is_promise = |&tree: &u32| rules.forest.trees[tree as usize].kind == Kind::Always;
    let mut above: Option<usize> = None;
    for (slot, field) in rules.slots.iter().zip(&layout.fields) {
        if field.mask != 0 && slot.observers.iter().any(is_promise) {
            let leaf = layout.leaf_node(field.word as usize);
            above = Some(above.map_or(leaf, |node| common_ancestor(node, leaf)));
        }
    }
    above.filter(|&node| node > 1)
}

fn common_ancestor(mut a: usize, mut b: usize) -> usize {
    while a != b {
        if a > b { a /= 2 } else { b /= 2 }
    }
    a
}

/// The ids of one node for which all promises were found to hold.
#[derive(Default)]
pub struct Kept {
    node: Option<usize>,
    ids: Vec<u64>,
}

impl Kept {
    /// What was found for another node tells nothing about this one.
    pub fn turn_to(&mut self, node: Option<usize>) {
        if self.node != node {
            *self = Kept { node, ids: Vec::new() };
        }
    }

    #[inline]
    pub fn holds(&self, ids: &[u32]) -> bool {
        let Some(node) = self.node else { return false };
        self.ids.get(ids[node] as usize / 64).is_some_and(|word| word >> (ids[node] % 64) & 1 == 1)
    }

    pub fn note(&mut self, ids: &[u32]) {
        let Some(node) = self.node else { return };
        let word = ids[node] as usize / 64;
        if word >= self.ids.len() {
            self.ids.resize((word + 1).next_power_of_two(), 0);
        }
        self.ids[word] |= 1 << (ids[node] % 64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_common_ancestor_is_above_both() {
        assert_eq!(common_ancestor(4, 5), 2);
        assert_eq!(common_ancestor(4, 4), 4);
        assert_eq!(common_ancestor(9, 5), 2);
        assert_eq!(common_ancestor(3, 4), 1);
    }
}
