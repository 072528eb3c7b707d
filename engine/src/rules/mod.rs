//! What a model can do, as far as Python has told us: slots, observations, outcomes and decision trees.
//!
//! Everything here is a number.  A *slot* is one smallest piece of state with values `0..size`; 0 is its default.
//! A *tree* holds the footprints of one method with its arguments: inner nodes are observations or choices,
//! leaves say what happens.  Python fills the trees; searches only read them.

mod forest;
mod observation;

pub use forest::{Contradiction, Forest, Gap, Kind, Leaf, Node, NodeId, Walk};
pub use observation::{Group, Observation, Operator, View};

use std::collections::{HashMap, HashSet};

/// One smallest piece of state.
pub struct Slot {
    /// Its values are `0..size`.
    pub size: u32,
    /// It will never have more than two values, so it needs no room to grow.
    pub boolean: bool,
    /// The trees in which some observation depends on this slot.
    pub observers: Vec<u32>,
}

/// What a step does: constants written, then blind updates in order.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Outcome {
    pub writes: Vec<(u32, u32)>,
    pub operators: Vec<u32>,
}

/// Outcomes in the order of their first use.
#[derive(Default)]
pub struct Uses {
    pub order: Vec<u32>,
    known: HashSet<u32>,
}

impl Uses {
    fn add(&mut self, outcome: u32) {
        if self.known.insert(outcome) {
            self.order.push(outcome);
        }
    }
}

/// All that is known of one model.
#[derive(Default)]
pub struct RuleSet {
    pub slots: Vec<Slot>,
    pub groups: Vec<Group>,
    pub views: Vec<View>,
    pub operators: Vec<Operator>,
    pub observations: Vec<Observation>,
    pub outcomes: Vec<Outcome>,
    pub forest: Forest,
    observation_ids: HashMap<Observation, u32>,
    outcome_ids: HashMap<Outcome, u32>,
    /// The outcomes of steps, which speak of this model's slots ...
    pub stepped: Uses,
    /// ... and those of mappings, which speak of the abstract model's.  One outcome may be both.
    pub mapped: Uses,
    /// Slots of which some observing tree has changed, in order of the changes.
    pub changes: Vec<u32>,
    /// Counts every growth of slots and groups, so that a search notices cheaply that its layout may be too narrow.
    pub growth: u64,
}

impl RuleSet {
    pub fn add_slot(&mut self, boolean: bool) -> u32 {
        self.slots.push(Slot { size: 1, boolean, observers: Vec::new() });
        self.growth += 1;
        self.slots.len() as u32 - 1
    }

    pub fn grow_slot(&mut self, slot: u32, size: u32) {
        let known = &mut self.slots[slot as usize].size;
        if size > *known {
            *known = size;
            self.growth += 1;
        }
    }

    pub fn add_group(&mut self) -> u32 {
        self.groups.push(Group::default());
        self.growth += 1;
        self.groups.len() as u32 - 1
    }

    /// Appends a slot to a group; whatever observes the group observes the new slot too.
    pub fn extend_group(&mut self, group: u32, slot: u32) {
        self.groups[group as usize].slots.push(slot);
        self.growth += 1;
        let observers = self.groups[group as usize].observers.clone();
        for tree in observers {
            self.add_observer(slot, tree);
        }
    }

    /// The id of an observation: equal observations have equal ids.
    pub fn observe(&mut self, observation: Observation) -> u32 {
        *self.observation_ids.entry(observation).or_insert_with(|| {
            self.observations.push(observation);
            self.observations.len() as u32 - 1
        })
    }

    /// The id of an outcome: equal outcomes have equal ids.
    pub fn add_outcome(&mut self, outcome: Outcome) -> u32 {
        if let Some(&id) = self.outcome_ids.get(&outcome) {
            return id;
        }
        let id = self.outcomes.len() as u32;
        self.outcomes.push(outcome.clone());
        self.outcome_ids.insert(outcome, id);
        id
    }

    /// Of every footprint of a step that can happen: its tree, and the slots that it depends on or changes.
    pub fn dependencies(&self) -> Vec<(u32, Vec<u32>)> {
        let mut found = Vec::new();
        let trees = 0..self.forest.trees.len() as u32;
        for tree in trees.filter(|&tree| self.forest.trees[tree as usize].kind == Kind::Step) {
            self.forest.each_footprint(tree, &mut |_, path, leaf| {
                let Leaf::Outcome(outcome) = leaf else { return };
                let mut slots = self.changed(outcome);
                slots.extend(self.asked(path));
                slots.sort_unstable();
                slots.dedup();
                found.push((tree, slots));
            });
        }
        found
    }

    /// The slots that an outcome changes.
    pub fn changed(&self, outcome: u32) -> Vec<u32> {
        let outcome = &self.outcomes[outcome as usize];
        let updated = outcome.operators.iter().map(|&operator| self.operators[operator as usize].slot);
        outcome.writes.iter().map(|&(slot, _)| slot).chain(updated).collect()
    }

    /// What is observed on the way to a footprint, with the answers.
    pub fn observed(&self, path: &[(i64, u32)]) -> impl Iterator<Item = (Observation, u32)> {
        path.iter()
            .filter(|step| step.0 >= 0)
            .map(|&(what, answer)| (self.observations[what as usize], answer))
    }

    /// The slots on which the answers on the way to a footprint depend.
    pub fn asked(&self, path: &[(i64, u32)]) -> Vec<u32> {
        let mut slots = Vec::new();
        for (what, answer) in self.observed(path) {
            self.add_asked(&mut slots, what, answer);
        }
        slots
    }

    /// Where the first member of a group at place `after` or later is at place `answer` - 1: the slots before it,
    /// which are no members, and its own.  0: there is none.  None: a group cannot give this answer.
    pub fn first_member(&self, group: u32, after: u32, answer: u32) -> Option<(&[u32], Option<u32>)> {
        let slots = self.groups[group as usize].slots.get(after as usize..)?;
        if answer == 0 {
            return Some((slots, None));
        }
        let (&first, passed) = slots.get(..answer.checked_sub(after)? as usize)?.split_last()?;
        Some((passed, Some(first)))
    }

    /// Adds the slots on which an answer depends.
    fn add_asked(&self, slots: &mut Vec<u32>, what: Observation, answer: u32) {
        match what {
            Observation::Slot(slot) => slots.push(slot),
            Observation::View(view) => slots.push(self.views[view as usize].slot),
            Observation::Size(group) => slots.extend_from_slice(&self.groups[group as usize].slots),
            Observation::Next { group, after } => {
                if let Some((passed, first)) = self.first_member(group, after, answer) {
                    slots.extend_from_slice(passed);
                    slots.extend(first);
                }
            }
        }
    }

    /// Remembers one footprint of `tree`.  See [`Forest::learn`].
    pub fn learn(&mut self, tree: u32, path: &[(i64, u32)], leaf: Leaf) -> Result<(), Contradiction> {
        let seen = self.forest.learn(&self.observations, tree, path, leaf)?;
        if let Leaf::Outcome(outcome) = leaf {
            match self.forest.trees[tree as usize].kind {
                Kind::Step => self.stepped.add(outcome),
                Kind::Map => self.mapped.add(outcome),
                Kind::Always | Kind::Sometimes | Kind::Bound | Kind::Ends => {}
            }
        }
        for observation in seen {
            self.add_tree_observer(observation, tree);
        }
        self.changes.extend(self.forest.first_slot(tree));
        Ok(())
    }

    /// Refuses a leaf that cannot belong to the tree, or writes what the slots cannot hold.
    pub fn check_leaf(&self, tree: u32, leaf: Leaf) -> Result<(), String> {
        let Leaf::Outcome(outcome) = leaf else { return Ok(()) };
        match self.forest.trees[tree as usize].kind {
            Kind::Step | Kind::Map if outcome as usize >= self.outcomes.len() => {
                Err(format!("there is no outcome {outcome}"))
            }
            Kind::Step => self.outcomes[outcome as usize].writes.iter().try_for_each(|&(slot, value)| {
                let known = self.slots.get(slot as usize).is_some_and(|slot| value < slot.size);
                if known { Ok(()) } else { Err(format!("slot {slot} has no value {value}")) }
            }),
            Kind::Map if !self.outcomes[outcome as usize].operators.is_empty() => {
                Err(String::from("a mapping assigns values, it has no operators"))
            }
            Kind::Map => Ok(()),
            Kind::Always | Kind::Sometimes | Kind::Bound | Kind::Ends if outcome > 1 => {
                Err(format!("a property is 0 or 1, not {outcome}"))
            }
            Kind::Always | Kind::Sometimes | Kind::Bound | Kind::Ends => Ok(()),
        }
    }

    fn add_tree_observer(&mut self, observation: Observation, tree: u32) {
        match observation {
            Observation::Slot(slot) => self.add_observer(slot, tree),
            Observation::View(view) => self.add_observer(self.views[view as usize].slot, tree),
            Observation::Size(group) | Observation::Next { group, .. } => {
                let known = &mut self.groups[group as usize].observers;
                if !known.contains(&tree) {
                    known.push(tree);
                }
                for slot in self.groups[group as usize].slots.clone() {
                    self.add_observer(slot, tree);
                }
            }
        }
    }

    fn add_observer(&mut self, slot: u32, tree: u32) {
        let observers = &mut self.slots[slot as usize].observers;
        if let Err(at) = observers.binary_search(&tree) {
            observers.insert(at, tree);
            self.changes.push(slot);
        }
    }
}
