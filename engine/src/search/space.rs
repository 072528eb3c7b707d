//! A model's rules together with the states stored so far.

use std::sync::{Arc, RwLock, RwLockReadGuard};

use crate::expand::{Expander, Target, TreeSet, Wake, World, promise_node};
use crate::layout::{Fit, Layout};
use crate::patches::{Patches, Touched};
use crate::rules::{Leaf, RuleSet};
use crate::store::Store;

use super::report::Step;

/// The rules may grow while Python runs; `sync` adapts the rest to them.
pub struct Space {
    pub rules: Arc<RwLock<RuleSet>>,
    pub layout: Layout,
    pub patches: Patches,
    pub touched: Touched,
    pub wake: Wake,
    promise_node: Option<usize>,
    pub store: Store,
    /// The number of slots before the search began.
    founding: usize,
    growth: u64,
}

impl Space {
    pub fn new(rules: Arc<RwLock<RuleSet>>) -> Space {
        let founding = rules.read().expect("rules are not poisoned").slots.len();
        let layout = Layout::new(&rules.read().expect("rules are not poisoned"), founding);
        let store = Store::new(&layout);
        let (patches, touched, wake) = (Patches::default(), Touched::default(), Wake::default());
        let mut space =
            Space { rules, layout, patches, touched, wake, promise_node: None, store, founding, growth: 0 };
        space.sync();
        space
    }

    pub fn read(&self) -> RwLockReadGuard<'_, RuleSet> {
        self.rules.read().expect("rules are not poisoned")
    }

    /// Takes in what Python taught.  `Outgrown`: the states have another layout now, all copies of them are void.
    pub fn sync(&mut self) -> Fit {
        let rules = Arc::clone(&self.rules);
        let rules = rules.read().expect("rules are not poisoned");
        let mut fit = Fit::Same;
        if rules.growth != self.growth {
            self.growth = rules.growth;
            fit = self.layout.extend(&rules);
            if fit == Fit::Outgrown {
                let layout = Layout::new(&rules, self.founding);
                self.store.relay(&self.layout, &layout);
                self.layout = layout;
            }
            if fit != Fit::Same {
                self.patches = Patches::default();
            }
        }
        self.patches.extend(&rules, &rules.stepped.order, &self.layout);
        self.touched.update(&rules);
        self.wake.update(&rules);
        self.promise_node = promise_node(&rules, &self.layout);
        fit
    }

    pub fn world<'a>(&'a self, rules: &'a RuleSet, retired: &'a TreeSet, needs_words: bool) -> World<'a> {
        World {
            rules,
            layout: &self.layout,
            patches: &self.patches,
            touched: &self.touched,
            wake: &self.wake,
            store: &self.store,
            promise_node: self.promise_node,
            needs_words,
            retired,
        }
    }

    pub fn values(&self, index: u32) -> Vec<u32> {
        let (mut words, mut ids) = (vec![0; self.layout.words], vec![0; self.store.node_count()]);
        self.store.unfold(self.store.root(index), &mut words, &mut ids);
        self.layout.decode(&words)
    }

    /// The values that each slot has in some stored state, in order.
    pub fn values_seen(&self) -> Vec<Vec<u32>> {
        let mut seen: Vec<Vec<bool>> = Vec::new();
        for index in 0..self.store.len() as u32 {
            let values = self.values(index);
            seen.resize(seen.len().max(values.len()), Vec::new());
            for (slot, value) in seen.iter_mut().zip(values) {
                let value = value as usize;
                slot.resize(slot.len().max(value + 1), false);
                slot[value] = true;
            }
        }
        let numbers =
            |slot: &Vec<bool>| (0..slot.len() as u32).filter(|&value| slot[value as usize]).collect();
        seen.iter().map(numbers).collect()
    }

    pub fn encode(&self, values: &[u32]) -> Vec<u64> {
        let mut words = vec![0; self.layout.words];
        self.layout.encode(values, &mut words);
        words
    }

    /// Every step from a stored state to a stored state: tree, picks, and the state's number.
    pub fn successors(&self, index: u32) -> Vec<(u32, Vec<u32>, u32)> {
        let (rules, retired) = (self.read(), TreeSet::default());
        let world = self.world(&rules, &retired, false);
        let mut expander = Expander::default();
        expander.catch_up(&world);
        expander.move_to(&world, index);
        expander.refresh_steps(&world, &mut Vec::new());
        let mut found = Vec::new();
        for (tree, picks, outcome) in expander.outcomes() {
            let target = match expander.step(&world, outcome) {
                Ok(Target::Same) => Some(index),
                Ok(Target::Root(root)) => self.store.roots().find(root),
                Ok(Target::New) | Err(_) => None,
            };
            found.extend(target.map(|to| (tree, picks, to)));
        }
        found
    }

    /// The steps along `indices`, each state a successor of the one before it.
    pub fn path(&self, indices: &[u32]) -> Vec<Step> {
        let mut steps = vec![Step { tree: None, picks: Vec::new(), values: self.values(indices[0]) }];
        for pair in indices.windows(2) {
            let way = self.successors(pair[0]).into_iter().find(|way| way.2 == pair[1]);
            let (tree, picks, _) = way.expect("every stored state is a successor of its parent");
            steps.push(Step { tree: Some(tree), picks, values: self.values(pair[1]) });
        }
        steps
    }
}

impl Expander {
    /// All that can happen in the current state, in canonical order: tree, picks, outcome.
    pub fn outcomes(&self) -> Vec<(u32, Vec<u32>, u32)> {
        let mut found = Vec::new();
        let mut from = 0;
        while let Some(tree) = self.enabled.next(from) {
            from = tree + 1;
            self.each_outcome(tree, |picks, outcome| found.push((tree, picks.to_vec(), outcome)));
        }
        found
    }

    /// The outcomes of one enabled tree.
    #[inline]
    pub fn each_outcome(&self, tree: u32, mut visit: impl FnMut(&[u32], u32)) {
        match self.status(tree) {
            crate::expand::Status::Leaf(Leaf::Outcome(outcome)) => visit(&[], outcome),
            crate::expand::Status::Branches => {
                for branch in self.branches(tree) {
                    if let Leaf::Outcome(outcome) = branch.leaf {
                        visit(&branch.picks, outcome);
                    }
                }
            }
            crate::expand::Status::Leaf(_) | crate::expand::Status::Disabled => {}
        }
    }
}
