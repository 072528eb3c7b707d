//! Steps of a model beside what they do in its abstract model.
//!
//! The diagrams get slots of the abstract model, two for each: what a state stands for before a step, and after it.
//! A mapping writes them, and steps of the concrete model leave them alone.  So after (1) mapping, (2) all steps,
//! (3) mapping again, a set holds what every step does to the abstract state.  Without the slots of the concrete
//! model these are few pairs of abstract states, and what is left of them when the steps of the abstract model, and
//! those that change nothing, are taken out should not be.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, RwLock};

use super::compile::{Compiled, compile};
use super::diagram::{EMPTY, Id};
use super::order::Order;
use super::product::{Answer, Product};
use super::relation::{DONE, Effect, Line, NEVER, Next};
use super::space::Space;
use crate::hashing::FastSet;
use crate::rules::{Kind, Leaf, NodeId, Observation, RuleSet};

/// The slots of the abstract model begin here: even ones before a step, odd ones after it.
pub const ABSTRACT: u32 = 1 << 17;

/// Where a slot of the abstract model lies.
fn place(slot: u32) -> u32 {
    ABSTRACT + 2 * slot
}

/// The abstract model, and what of it was taken out of the set that is being explained.
pub struct Spec {
    rules: Arc<RwLock<RuleSet>>,
    /// Updates that are not defined: the operator, and the value that it is given.
    pub missing: BTreeSet<(u32, u32)>,
    /// The footprints that were taken out.
    tried: FastSet<NodeId>,
    /// How much each tree had learned when all of its footprints had been.
    lessons: Vec<u32>,
}

impl Spec {
    pub fn new(rules: Arc<RwLock<RuleSet>>) -> Spec {
        Spec { rules, missing: BTreeSet::new(), tried: FastSet::default(), lessons: Vec::new() }
    }
}

impl Space {
    /// Writes what the states of a set stand for; `side`: 0 before a step, 1 after it.
    pub fn mapped(&mut self, set: Id, side: u32) -> Id {
        let shared = Arc::clone(&self.rules);
        let rules = shared.read().expect("rules are not poisoned");
        self.place_written_slots(&rules);
        let trees = 0..rules.forest.trees.len() as u32;
        let mut made = set;
        for tree in trees.filter(|&tree| rules.forest.trees[tree as usize].kind == Kind::Map) {
            let images = Some(ABSTRACT + side);
            let mut compiled = Compiled::default();
            let (order, watch) = (&self.diagram.order, &self.watch);
            compile(&mut compiled, &rules, order, &mut self.relations, watch, tree, images);
            let parts = compiled.paths.iter().filter(|path| matches!(path.leaf, Leaf::Outcome(_)));
            let all = self.relations.sum(&self.diagram.order, parts.map(|path| path.whole).collect());
            made = if all == NEVER { made } else { self.image(made, all) };
        }
        made
    }

    /// A slot of the abstract model goes behind the last one that decides what is written there; nowhere as long as
    /// it is always 0.
    fn place_written_slots(&mut self, rules: &RuleSet) {
        let order = &self.diagram.order;
        let mut behind: BTreeMap<u32, u32> = BTreeMap::new();
        for (tree, _) in rules.forest.trees.iter().enumerate().filter(|(_, tree)| tree.kind == Kind::Map) {
            rules.forest.each_footprint(tree as u32, &mut |_, path, leaf| {
                let Leaf::Outcome(outcome) = leaf else { return };
                let asked = rules.asked(path).into_iter();
                let last = asked.map(|slot| order.position(slot) + 1).max().unwrap_or(0);
                let writes = rules.outcomes[outcome as usize].writes.iter();
                for &(slot, _) in writes.filter(|write| write.1 != 0 && !order.knows(place(write.0))) {
                    let known = behind.entry(slot).or_default();
                    *known = last.max(*known);
                }
            });
        }
        if !behind.is_empty() {
            self.cache.unsettle();
        }
        let mut new: Vec<(u32, u32)> = behind.into_iter().collect();
        new.sort_by_key(|&(_, position)| Reverse(position));
        for (slot, position) in new {
            self.diagram.order.insert(place(slot) + 1, position);
            self.diagram.order.insert(place(slot), position);
        }
    }

    /// The pairs of different abstract states in a set that was mapped on both sides: what is to be explained.
    pub fn changes(&mut self, set: Id) -> Id {
        let Some(spec) = &mut self.spec else { return set };
        (spec.tried, spec.lessons) = Default::default();
        let shared = Arc::clone(&spec.rules);
        let spec = shared.read().expect("rules are not poisoned");
        let pairs = self.without_concrete(set);
        let mut nothing = Product::placed(&spec, &self.diagram.order, place, &[]);
        nothing.complete();
        let nothing = nothing.pairs(&mut self.relations, &mut BTreeSet::new());
        let same = self.image(pairs, nothing);
        self.minus(pairs, same)
    }

    /// A set with 0 in all slots of the concrete model.
    fn without_concrete(&mut self, set: Id) -> Id {
        let shared = Arc::clone(&self.rules);
        let rules = shared.read().expect("rules are not poisoned");
        let mut all = DONE;
        for &slot in self.diagram.order.slots().iter().rev().filter(|&&slot| slot < ABSTRACT) {
            let (guards, effects) = (Vec::new(), vec![Effect::Write(0)]);
            all = self.relations.add(&rules, Line { slot, guards, effects, next: Next::Always(all) });
        }
        self.image(set, all)
    }

    /// What is left of changes without those that the abstract model is known to allow.
    ///
    /// Of the last set of `changes`, or of what was left of it: what Python has taught since is taken out.
    pub fn unexplained(&mut self, changes: Id) -> Id {
        let Some(mut spec) = self.spec.take() else { return changes };
        let shared = Arc::clone(&spec.rules);
        let rules = shared.read().expect("rules are not poisoned");
        spec.missing.clear();
        spec.lessons.resize(rules.forest.trees.len(), 0);
        let order = self.diagram.order.clone();
        let mut left = changes;
        for (tree, known) in spec.lessons.iter_mut().enumerate() {
            let (kind, lessons) = (rules.forest.trees[tree].kind, rules.forest.trees[tree].lessons);
            if kind != Kind::Step || *known == lessons {
                continue;
            }
            let mut is_whole = true;
            rules.forest.each_footprint(tree as u32, &mut |node, path, leaf| {
                let Leaf::Outcome(outcome) = leaf else { return };
                if spec.tried.contains(&node) || self.is_halted() {
                    return;
                }
                let mut missing = BTreeSet::new();
                left = self.without_step(left, &rules, &order, (path, outcome), &mut missing);
                if missing.is_empty() && !self.is_halted() {
                    spec.tried.insert(node);
                }
                is_whole &= missing.is_empty();
                spec.missing.append(&mut missing);
            });
            if is_whole && !self.is_halted() {
                *known = lessons;
            }
        }
        self.spec = Some(spec);
        left
    }

    /// Changes without those of one footprint.
    fn without_step(
        &mut self,
        changes: Id,
        spec: &RuleSet,
        order: &Order,
        (path, outcome): (&[(i64, u32)], u32),
        missing: &mut BTreeSet<(u32, u32)>,
    ) -> Id {
        let observed = spec.observed(path).map(|(what, answer)| (what, Answer::Is(answer)));
        let asked: Vec<(Observation, Answer)> = observed.collect();
        let mut step = Product::placed(spec, order, place, &asked);
        step.effects(outcome);
        // First what changes as it should where it should: few pairs, of which the rest must stay the same.
        let change = step.pairs(&mut self.relations, missing);
        let some = self.image(changes, change);
        if some == EMPTY {
            return changes;
        }
        step.complete();
        let whole = step.pairs(&mut self.relations, missing);
        let allowed = self.image(some, whole);
        self.minus(changes, allowed)
    }

    /// The states of a set that was mapped on both sides which have one pair of abstract states.
    ///
    /// `pair`: per slot of the abstract model, its values before and after.
    pub fn with_pair(&mut self, set: Id, pair: &[u32]) -> Id {
        let shared = Arc::clone(&self.rules);
        let rules = shared.read().expect("rules are not poisoned");
        let mut all = DONE;
        for &slot in self.diagram.order.slots().iter().rev().filter(|&&slot| slot >= ABSTRACT) {
            let value = pair.get((slot - ABSTRACT) as usize).copied().unwrap_or(0);
            let next = Next::Listed(vec![(value, value, all)]);
            all = self.relations.add(&rules, Line { slot, guards: Vec::new(), effects: Vec::new(), next });
        }
        self.select(set, all)
    }
}
