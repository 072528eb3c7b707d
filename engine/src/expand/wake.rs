//! Which trees must be looked at again when a slot gets a value.
//!
//! Many trees ask for one slot first and are decided at once by most of its values: a guard says no, a promise
//! holds trivially.  Those need no walk.

use super::tree_set::SparseSet;
use crate::rules::{Kind, Leaf, RuleSet};

/// Slots with more values than this share one list for all of them.
const TABULATED: u32 = 64;

/// The trees that one slot's new value concerns.
#[derive(Default, Clone)]
pub struct Call {
    /// To be walked again.
    pub steps: SparseSet,
    pub promises: SparseSet,
    /// Goals, bounds, proper ends and mappings.
    pub others: SparseSet,
    /// Steps that are disabled by this value alone.
    pub disabled: Vec<u32>,
}

/// The calls of every slot, kept up to date with the rules.
#[derive(Default)]
pub struct Wake {
    /// Per slot and value; a single entry stands for all values.
    calls: Vec<Vec<Call>>,
    changes_seen: usize,
}

impl Wake {
    pub fn update(&mut self, rules: &RuleSet) {
        let known = self.calls.len();
        self.calls.resize_with(rules.slots.len(), Vec::new);
        let mut due: Vec<u32> = rules.changes[self.changes_seen..].to_vec();
        due.extend(known as u32..rules.slots.len() as u32);
        due.extend((0..known as u32).filter(|&slot| self.is_outgrown(rules, slot)));
        due.sort_unstable();
        due.dedup();
        for slot in due {
            let values = rules.slots[slot as usize].size;
            self.calls[slot as usize] = if is_tabulated(values) {
                (0..values).map(|value| call(rules, slot, Some(value))).collect()
            } else {
                vec![call(rules, slot, None)]
            };
        }
        self.changes_seen = rules.changes.len();
    }

    fn is_outgrown(&self, rules: &RuleSet, slot: u32) -> bool {
        let (size, listed) = (rules.slots[slot as usize].size, self.calls[slot as usize].len() as u32);
        listed != if is_tabulated(size) { size } else { 1 }
    }

    #[inline]
    pub fn call(&self, slot: u32, value: u32) -> &Call {
        let calls = &self.calls[slot as usize];
        if calls.len() == 1 { &calls[0] } else { &calls[value as usize] }
    }
}

/// A single entry never speaks for one value only: it stays right however many values the slot gets.
fn is_tabulated(values: u32) -> bool {
    (2..=TABULATED).contains(&values)
}

fn call(rules: &RuleSet, slot: u32, value: Option<u32>) -> Call {
    let mut call = Call::default();
    for &tree in &rules.slots[slot as usize].observers {
        let decided_here = rules.forest.first_slot(tree) == Some(slot);
        let leaf = value.filter(|_| decided_here).and_then(|value| rules.forest.first_leaf(tree, value));
        match (rules.forest.trees[tree as usize].kind, leaf) {
            (Kind::Step, Some(Leaf::Disabled)) => call.disabled.push(tree),
            (Kind::Step, _) => call.steps.push(tree),
            // A promise is never broken in a state that is left behind, so one that holds changes nothing.
            (Kind::Always, Some(Leaf::Outcome(1))) => {}
            (Kind::Always, _) => call.promises.push(tree),
            (Kind::Sometimes | Kind::Bound | Kind::Ends | Kind::Map, _) => call.others.push(tree),
        }
    }
    call
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Observation;

    /// A step that its slot's first value disables must be woken by a value that comes later, however many come.
    #[test]
    fn a_slot_may_grow_by_any_number_of_values_at_once() {
        for size in [2, TABULATED, TABULATED + 1, 1000] {
            let mut rules = RuleSet::default();
            let slot = rules.add_slot(false);
            let tree = rules.forest.add_tree(Kind::Step);
            let asked = i64::from(rules.observe(Observation::Slot(slot)));
            rules.learn(tree, &[(asked, 0)], Leaf::Disabled).expect("nothing contradicts the first path");
            let mut wake = Wake::default();
            wake.update(&rules);
            rules.grow_slot(slot, size);
            wake.update(&rules);
            assert_eq!(wake.call(slot, size - 1).steps.words, [(0, 1)], "size {size}");
        }
    }
}
