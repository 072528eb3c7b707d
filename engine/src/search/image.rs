//! Refinement: every step, seen through the mapping, is a step of the abstract model or no step at all.

use std::collections::HashSet;

use super::session::{Halt, Host, Which};
use super::space::Space;
use crate::expand::{Expander, Miss, Status, TreeSet, World, walk};
use crate::layout::Fit;
use crate::patches::Patches;
use crate::rules::{Gap, Kind, Leaf, Walk};
use crate::store::pair;

/// The abstract model, the part of it that was needed so far, and the mapping into it.
pub struct Image {
    pub space: Space,
    /// Outcomes of the concrete model's mapping trees, in the abstract layout.
    patches: Patches,
    initial: HashSet<u32>,
    /// Abstract steps, as pairs of state numbers.
    steps: HashSet<u64>,
    /// Abstract states whose steps are all in `steps`.
    expanded: Vec<bool>,
}

impl Image {
    pub fn new(mut space: Space, initial: &[Vec<u32>]) -> Image {
        let mut numbers = HashSet::new();
        for values in initial {
            let words = space.encode(values);
            numbers.insert(space.store.insert(&words).0);
        }
        let (patches, steps, expanded) = (Patches::default(), HashSet::new(), Vec::new());
        Image { space, patches, initial: numbers, steps, expanded }
    }

    /// Takes in new outcomes of mappings and new rules of the abstract model.  True: the layout changed.
    pub fn sync(&mut self, concrete: &crate::rules::RuleSet) -> bool {
        let fit = self.adapt();
        self.patches.extend(concrete, &concrete.mapped.order, &self.space.layout);
        fit == Fit::Outgrown
    }

    fn adapt(&mut self) -> Fit {
        let fit = self.space.sync();
        if fit != Fit::Same {
            self.patches = Patches::default();
        }
        fit
    }

    /// The abstract state of the expander's state.
    pub fn of(&self, world: &World, expander: &Expander) -> Vec<u64> {
        let mut words = vec![0; self.space.layout.words];
        for (tree, _) in
            world.rules.forest.trees.iter().enumerate().filter(|(_, tree)| tree.kind == Kind::Map)
        {
            if let Status::Leaf(Leaf::Outcome(outcome)) = expander.status(tree as u32) {
                self.assign(&mut words, outcome);
            }
        }
        words
    }

    fn assign(&self, words: &mut [u64], outcome: u32) {
        for edit in self.patches.of(outcome) {
            let word = &mut words[edit.word as usize];
            *word = *word & edit.keep | edit.bits;
        }
    }

    /// The abstract state after a step of which `touched` are the mapping trees that may see a difference.
    ///
    /// Each mapping tree assigns abstract variables of its own, so only theirs are set anew.
    pub fn after(
        &self,
        world: &World,
        expander: &Expander,
        from: &[u64],
        touched: &[u32],
        misses: &mut Vec<Miss>,
    ) -> Vec<u64> {
        let mut words = from.to_vec();
        let next = &expander.next().words;
        for &tree in touched {
            if let Status::Leaf(Leaf::Outcome(before)) = expander.status(tree) {
                for edit in self.patches.of(before) {
                    words[edit.word as usize] &= edit.keep;
                }
            }
            match walk(world, world.rules.forest.trees[tree as usize].root, next) {
                Walk::Leaf(Leaf::Outcome(after)) => self.assign(&mut words, after),
                // A mapping that raises is found when the next state itself is judged.
                Walk::Leaf(_) => {}
                Walk::Gap(gap) => misses.push(question(world, gap, tree, next)),
                Walk::Choice(_) => unreachable!("the rules layer refuses a choice in a mapping"),
            }
        }
        words
    }

    /// Whether the abstract model allows this step; None: not known yet.
    pub fn allows(&self, from: &[u64], to: &[u64]) -> Option<bool> {
        if from == to {
            return Some(true);
        }
        let from = self.space.store.find(from)?;
        let known = self.expanded.get(from as usize).copied().unwrap_or(false);
        match self.space.store.find(to) {
            Some(to) if self.steps.contains(&pair(from, to)) => Some(true),
            _ => known.then_some(false),
        }
    }

    pub fn is_initial(&self, words: &[u64]) -> bool {
        self.space.store.find(words).is_some_and(|number| self.initial.contains(&number))
    }

    /// Finds all abstract steps from the given abstract state.
    /// True: the abstract layout changed on the way, and other states' words are void.
    pub fn learn(&mut self, host: &dyn Host, from: &[u64]) -> Result<bool, Halt> {
        let (from, _) = self.space.store.insert(from);
        if self.expanded.len() <= from as usize {
            self.expanded.resize(from as usize + 1, false);
        }
        if self.expanded[from as usize] {
            return Ok(false);
        }
        let mut relaid = false;
        loop {
            let (misses, operators, targets) = self.expand(from);
            if misses.is_empty() && operators.is_empty() {
                for words in targets {
                    let (to, _) = self.space.store.insert(&words);
                    self.steps.insert(pair(from, to));
                }
                self.expanded[from as usize] = true;
                return Ok(relaid);
            }
            host.learn(Which::Spec, misses)?;
            host.operate(Which::Spec, operators)?;
            relaid |= self.adapt() == Fit::Outgrown;
        }
    }

    #[allow(clippy::type_complexity)] // three lists, used once, right here
    fn expand(&self, from: u32) -> (Vec<Miss>, Vec<(u32, u32)>, Vec<Vec<u64>>) {
        let (rules, retired) = (self.space.read(), TreeSet::default());
        let world = self.space.world(&rules, &retired, true);
        let (mut expander, mut misses) = (Expander::default(), Vec::new());
        expander.catch_up(&world);
        expander.move_to(&world, from);
        expander.refresh_steps(&world, &mut misses);
        let (mut operators, mut targets) = (Vec::new(), Vec::new());
        for (_, _, outcome) in expander.outcomes() {
            match expander.step(&world, outcome) {
                Ok(_) => targets.push(expander.next().words.clone()),
                Err(unknown) => operators.push((unknown.operator, unknown.before)),
            }
        }
        (misses, operators, targets)
    }
}

fn question(world: &World, gap: Gap, tree: u32, words: &[u64]) -> Miss {
    Miss { gap, tree, picks: Vec::new(), values: world.layout.decode(words) }
}
