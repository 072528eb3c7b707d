//! Exact numbers of states.

use std::collections::HashMap;
use std::sync::Arc;

use super::compile::Path;
use super::diagram::{EMPTY, Id, UNIT};
use super::natural::Natural;
use super::relation::{DONE, Relation};
use super::space::Space;
use crate::rules::Leaf;

impl Space {
    /// How many states a set has.
    pub fn count(&self, set: Id) -> Natural {
        let live = self.diagram.reachable(&[set]);
        let mut counts: HashMap<Id, Natural> = HashMap::from([(UNIT, Natural::one())]);
        for node in (2..=set).filter(|&node| live[node as usize]) {
            let mut sum = Natural::default();
            for &(_, child) in self.diagram.arcs(node) {
                sum.add(&counts[&child]);
            }
            counts.insert(node, sum);
        }
        counts.remove(&set).unwrap_or_default()
    }

    /// How many steps the states of a set take with a tree, and how many of them take one.
    pub fn count_steps(&mut self, set: Id, tree: u32) -> (Natural, Natural) {
        let is_step = |path: &&Arc<Path>| matches!(path.leaf, Leaf::Outcome(_));
        let paths: Vec<Arc<Path>> = self.trees[tree as usize].paths.iter().filter(is_step).cloned().collect();
        let (mut taken, mut alone) = (Natural::default(), Natural::default());
        let mut counting = Counting { space: self, all: HashMap::new(), some: HashMap::new() };
        for path in &paths {
            let count = counting.from(set, path.guard);
            if path.picks.is_empty() {
                alone.add(&count);
            }
            taken.add(&count);
        }
        // Without choices footprints exclude each other; with them a state takes several steps.
        let mut chosen = EMPTY;
        for path in paths.iter().filter(|path| !path.picks.is_empty()) {
            let some = self.select(set, path.guard);
            chosen = self.union(chosen, some);
        }
        alone.add(&self.count(chosen));
        (taken, alone)
    }
}

struct Counting<'s> {
    space: &'s Space,
    all: HashMap<Id, Natural>,
    some: HashMap<(Id, Relation), Natural>,
}

impl Counting<'_> {
    fn all(&mut self, set: Id) -> Natural {
        if set == EMPTY || set == UNIT {
            return if set == UNIT { Natural::one() } else { Natural::default() };
        }
        if let Some(known) = self.all.get(&set) {
            return known.clone();
        }
        let mut sum = Natural::default();
        for at in 0..self.space.diagram.arc_count(set) {
            sum.add(&self.all(self.space.diagram.arc(set, at).1));
        }
        self.all.insert(set, sum.clone());
        sum
    }

    fn from(&mut self, set: Id, relation: Relation) -> Natural {
        if set == EMPTY || relation == DONE {
            return self.all(set);
        }
        if let Some(known) = self.some.get(&(set, relation)) {
            return known.clone();
        }
        let mut sum = Natural::default();
        self.space.each_start(set, relation, |(_, child), next| {
            sum.add(&self.from(child, next));
        });
        self.some.insert((set, relation), sum.clone());
        sum
    }
}
