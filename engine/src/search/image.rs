//! Refinement: every step, seen through the mapping, is a step of the abstract model or no step at all.

use std::collections::HashSet;

use super::session::{Halt, Host, Which};
use super::space::Space;
use super::task::Questions;
use crate::expand::{Expander, Miss, Status, TreeSet, World, walk};
use crate::layout::Fit;
use crate::patches::Patches;
use crate::rules::{Gap, Leaf, Walk};
use crate::store::{Interner, pair};

/// The abstract model, the part of it that was needed so far, and the mapping into it.
pub struct Image {
    pub space: Space,
    /// Outcomes of the concrete model's mapping trees, in the abstract layout.
    patches: Patches,
    initial: HashSet<u32>,
    /// Abstract steps, as pairs of state numbers.
    steps: Interner<u64>,
    /// Abstract states whose steps are all in `steps`.
    expanded: Vec<bool>,
}

/// An abstract state, and its number if all its steps are known.
pub struct Standpoint {
    words: Vec<u64>,
    known: Option<u32>,
}

impl Standpoint {
    /// The words, if nobody has computed the steps from there yet.
    pub fn unknown(self) -> Option<Vec<u64>> {
        self.known.is_none().then_some(self.words)
    }
}

impl Image {
    pub fn new(mut space: Space, initial: &[Vec<u32>]) -> Image {
        let mut numbers = HashSet::new();
        for values in initial {
            let words = space.encode(values);
            numbers.insert(space.store.insert(&words).0);
        }
        let (patches, steps, expanded) = (Patches::default(), Interner::default(), Vec::new());
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
        for &tree in &world.touched.maps {
            if let Status::Leaf(Leaf::Outcome(outcome)) = expander.status(tree) {
                self.assign(&mut words, outcome);
            }
        }
        words
    }

    /// The abstract side of the expander's state, from which steps are judged.
    pub fn standpoint(&self, world: &World, expander: &Expander) -> Standpoint {
        let words = self.of(world, expander);
        let number = self.space.store.find(&words);
        let known = number.filter(|&number| self.expanded.get(number as usize).copied().unwrap_or(false));
        Standpoint { words, known }
    }

    fn assign(&self, words: &mut [u64], outcome: u32) {
        for edit in self.patches.of(outcome) {
            let word = &mut words[edit.word as usize];
            *word = *word & edit.keep | edit.bits;
        }
    }

    /// Judges the expander's next state, a step of which `touched` are the mapping trees that may see a difference.
    ///
    /// Each mapping tree assigns abstract variables of its own, so only theirs are set anew.
    pub fn judge(
        &self,
        world: &World,
        expander: &Expander,
        from: &Standpoint,
        touched: &[u32],
        questions: &mut Questions,
    ) -> Option<bool> {
        let mut to: Option<Vec<u64>> = None;
        let mut misses = Vec::new();
        for &tree in touched {
            let end = walk(world, world.rules.forest.trees[tree as usize].root, &expander.next().words);
            if let Walk::Gap(gap) = end {
                misses.push(question(world, gap, tree, &expander.next().words));
            }
            let Walk::Leaf(leaf) = end else { continue };
            let Leaf::Outcome(after) = leaf else {
                return Some(true); // a mapping that raises is found when the next state itself is judged
            };
            if expander.status(tree) == Status::Leaf(Leaf::Outcome(after)) {
                continue;
            }
            let words = to.get_or_insert_with(|| from.words.clone());
            if let Status::Leaf(Leaf::Outcome(before)) = expander.status(tree) {
                self.patches.of(before).iter().for_each(|edit| words[edit.word as usize] &= edit.keep);
            }
            self.assign(words, after);
        }
        if !misses.is_empty() {
            questions.add(&mut misses);
            return None;
        }
        let Some(to) = to else { return Some(true) };
        let allowed = self.allows(from, &to);
        if allowed.is_none() {
            questions.origins.push(from.words.clone());
        }
        allowed
    }

    /// Whether the abstract model allows this step; None: not known yet.
    fn allows(&self, from: &Standpoint, to: &[u64]) -> Option<bool> {
        if from.words == to {
            return Some(true);
        }
        let number = from.known?;
        let target = self.space.store.find(to);
        Some(target.is_some_and(|to| self.steps.find(pair(number, to)).is_some()))
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
                    self.steps.intern(pair(from, to));
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
