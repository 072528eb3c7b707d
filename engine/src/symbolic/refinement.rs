//! Steps of a model beside what they do in its abstract model.
//!
//! The diagrams get slots of the abstract model, two for each: what a state stands for before a step, and after it.
//! A mapping writes them, and steps of the concrete model leave them alone.  So after (1) mapping, (2) all steps,
//! (3) mapping again, a set holds what every step does to the abstract state; what is left of it when the steps of
//! the abstract model, and those that change nothing, are taken out should not be.

use std::collections::HashMap;
use std::sync::Arc;

use super::compile::{Compiled, compile};
use super::diagram::{EMPTY, Id};
use super::relation::{DONE, Effect, Guard, Line, NEVER, Next, Relation};
use super::space::Space;
use crate::rules::{Kind, Leaf, Observation, RuleSet};

/// The slots of the abstract model begin here: even ones before a step, odd ones after it.
pub const ABSTRACT: u32 = 1 << 17;

/// What a footprint of the abstract model asks of its slots, and does to them.
#[derive(Default)]
struct Asked {
    guards: HashMap<u32, Vec<Guard>>,
    effects: HashMap<u32, Vec<Effect>>,
    sizes: Vec<(u32, u32)>,
}

impl Asked {
    fn touches(&self, spec: &RuleSet, slot: u32) -> bool {
        let is_counted = |&(group, _): &(u32, u32)| spec.groups[group as usize].slots.contains(&slot);
        self.guards.contains_key(&slot)
            || self.effects.contains_key(&slot)
            || self.sizes.iter().any(is_counted)
    }
}

impl Space {
    /// Writes what the states of a set stand for; `side`: 0 before a step, 1 after it.
    pub fn mapped(&mut self, set: Id, side: u32) -> Id {
        let shared = Arc::clone(&self.rules);
        let rules = shared.read().expect("rules are not poisoned");
        self.place_abstract_slots(&rules);
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

    /// Every slot of the abstract model goes behind the last one that decides what is written there.
    fn place_abstract_slots(&mut self, rules: &RuleSet) {
        let Some(spec) = self.spec.clone() else { return };
        let count = spec.read().expect("rules are not poisoned").slots.len() as u32;
        let mut after = vec![0; count as usize];
        for (tree, compiled) in self.trees.iter().enumerate() {
            if rules.forest.trees[tree].kind != Kind::Map {
                continue;
            }
            for path in &compiled.paths {
                let Leaf::Outcome(outcome) = path.leaf else { continue };
                let places = path.slots.iter().map(|&slot| self.diagram.order.position(slot) + 1);
                let last = places.max().unwrap_or(0);
                for &(slot, _) in &rules.outcomes[outcome as usize].writes {
                    after[slot as usize] = last.max(after[slot as usize]);
                }
            }
        }
        let mut new: Vec<u32> =
            (0..count).filter(|&slot| !self.diagram.order.knows(ABSTRACT + 2 * slot)).collect();
        if !new.is_empty() {
            self.cache.unsettle();
        }
        new.sort_by_key(|&slot| std::cmp::Reverse(after[slot as usize]));
        for slot in new {
            self.diagram.order.insert(ABSTRACT + 2 * slot + 1, after[slot as usize]);
            self.diagram.order.insert(ABSTRACT + 2 * slot, after[slot as usize]);
        }
    }

    /// What is left of a set that was mapped on both sides without what the abstract model allows.
    pub fn unexplained(&mut self, set: Id) -> Id {
        let Some(shared) = self.spec.clone() else { return set };
        {
            let concrete = Arc::clone(&self.rules);
            self.place_abstract_slots(&concrete.read().expect("rules are not poisoned"));
        }
        let spec = shared.read().expect("rules are not poisoned");
        self.missing_in_spec.clear();
        let mut order: Vec<u32> = (0..spec.slots.len() as u32).collect();
        order.sort_by_key(|&slot| self.diagram.order.position(ABSTRACT + 2 * slot));
        let nothing = self.pairs(&spec, &order, &Asked::default());
        let mut left = self.without(set, nothing);
        let steps = 0..spec.forest.trees.len() as u32;
        for tree in steps.filter(|&tree| spec.forest.trees[tree as usize].kind == Kind::Step) {
            spec.forest.each_footprint(tree, &mut |path, leaf| {
                let Leaf::Outcome(outcome) = leaf else { return };
                if self.is_halted() {
                    return;
                }
                let asked = asked(&spec, path, outcome);
                // First what changes as it should where it should: few pairs, of which the rest must stay the same.
                let touched: Vec<u32> =
                    order.iter().copied().filter(|&slot| asked.touches(&spec, slot)).collect();
                let change = self.pairs(&spec, &touched, &asked);
                let some = if change == NEVER { EMPTY } else { self.image(left, change) };
                if some != EMPTY {
                    let allowed = self.pairs(&spec, &order, &asked);
                    let fits = if allowed == NEVER { EMPTY } else { self.image(some, allowed) };
                    left = self.minus(left, fits);
                }
            });
        }
        left
    }

    fn without(&mut self, set: Id, relation: Relation) -> Id {
        let fits = self.image(set, relation);
        self.minus(set, fits)
    }

    /// The pairs of abstract states of which the second one is what a footprint makes of the first.
    fn pairs(&mut self, spec: &RuleSet, order: &[u32], asked: &Asked) -> Relation {
        self.pairs_from(spec, order, asked, &vec![0; asked.sizes.len()], &mut HashMap::new())
    }

    fn pairs_from(
        &mut self,
        spec: &RuleSet,
        order: &[u32],
        asked: &Asked,
        counts: &[u32],
        made: &mut HashMap<(usize, Vec<u32>), Relation>,
    ) -> Relation {
        let Some((&slot, rest)) = order.split_first() else {
            let fits = asked.sizes.iter().zip(counts).all(|(&(_, wanted), &count)| wanted == count);
            return if fits { DONE } else { NEVER };
        };
        if self.is_halted() {
            return NEVER;
        }
        if let Some(&known) = made.get(&(order.len(), counts.to_vec())) {
            return known;
        }
        let mut rows = Vec::new();
        for before in 0..spec.slots[slot as usize].size {
            let guards = asked.guards.get(&slot);
            if !guards.is_none_or(|guards| guards.iter().all(|guard| guard.admits(spec, before))) {
                continue;
            }
            let effects = asked.effects.get(&slot).map(Vec::as_slice).unwrap_or_default();
            let after = match after(spec, effects, before) {
                Ok(after) => after,
                Err(missing) => {
                    self.missing_in_spec.insert(missing);
                    continue;
                }
            };
            let mut more = counts.to_vec();
            for (&(group, _), count) in asked.sizes.iter().zip(&mut more) {
                *count += u32::from(before != 0 && spec.groups[group as usize].slots.contains(&slot));
            }
            let next = self.pairs_from(spec, rest, asked, &more, made);
            let twin = self.listed(spec, ABSTRACT + 2 * slot + 1, vec![(after, after, next)]);
            rows.push((before, before, twin));
        }
        let line = self.listed(spec, ABSTRACT + 2 * slot, rows);
        made.insert((order.len(), counts.to_vec()), line);
        line
    }

    fn listed(&mut self, spec: &RuleSet, slot: u32, rows: Vec<(u32, u32, Relation)>) -> Relation {
        let line = Line { slot, guards: Vec::new(), effects: Vec::new(), next: Next::Listed(rows) };
        self.relations.add(spec, line)
    }
}

/// What becomes of a value, or the operator that does not know, with the value that it was given.
fn after(spec: &RuleSet, effects: &[Effect], before: u32) -> Result<u32, (u32, u32)> {
    effects.iter().try_fold(before, |value, effect| match *effect {
        Effect::Write(written) => Ok(written),
        Effect::Update { operator, .. } => {
            spec.operators[operator as usize].apply(value).ok_or((operator, value))
        }
    })
}

/// What a footprint asks for and does.
fn asked(spec: &RuleSet, path: &[(i64, u32)], outcome: u32) -> Asked {
    let mut asked = Asked::default();
    let guards = &mut asked.guards;
    let mut guard = |slot, guard| guards.entry(slot).or_default().push(guard);
    for &(what, answer) in path.iter().filter(|step| step.0 >= 0) {
        match spec.observations[what as usize] {
            Observation::Slot(slot) => guard(slot, Guard::Is(answer)),
            Observation::View(view) => {
                guard(spec.views[view as usize].slot, Guard::View { view, answer });
            }
            Observation::Size(group) => asked.sizes.push((group, answer)),
            Observation::Next { group, after } => {
                let slots = &spec.groups[group as usize].slots;
                let first = if answer == 0 { slots.len() } else { answer as usize - 1 };
                for &slot in &slots[after as usize..first] {
                    guard(slot, Guard::Is(0));
                }
                if answer != 0 {
                    guard(slots[first], Guard::NonZero);
                }
            }
        }
    }
    let outcome = &spec.outcomes[outcome as usize];
    for &(slot, value) in &outcome.writes {
        asked.effects.entry(slot).or_default().push(Effect::Write(value));
    }
    for &operator in &outcome.operators {
        let slot = spec.operators[operator as usize].slot;
        asked.effects.entry(slot).or_default().push(Effect::Update { operator, known: 0 });
    }
    asked
}
