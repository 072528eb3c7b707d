//! One state under the magnifying glass: what holds there, what can happen, and where that leads.
//!
//! A worker keeps one [`Expander`] and moves it from state to state.  States that lie side by side in the store are
//! mostly siblings, so few slots differ; only the trees that observe one of those are walked again, all other
//! results are inherited.

mod half_steps;
mod promises;
mod recent;
mod step;
mod tree_set;
mod wake;

pub use promises::promise_node;
pub use recent::Recent;
pub use step::{Branch, Next, Target, Unknown};
pub use tree_set::TreeSet;
pub use wake::Wake;

use half_steps::HalfSteps;
use promises::Kept;
use tree_set::Seen;
use wake::Call;

use crate::layout::{Layout, NO_SLOT};
use crate::patches::{Patches, Touched};
use crate::rules::{Gap, Kind, Leaf, NodeId, Observation, RuleSet, Walk};
use crate::store::Store;

/// What all workers look at, and nobody changes, while they work.
pub struct World<'a> {
    pub rules: &'a RuleSet,
    pub layout: &'a Layout,
    pub patches: &'a Patches,
    pub touched: &'a Touched,
    pub wake: &'a Wake,
    pub store: &'a Store,
    /// See `promises`.
    pub promise_node: Option<usize>,
    /// Somebody looks at the words of next states.
    pub needs_words: bool,
    /// Goals that need no further looking for.
    pub retired: &'a TreeSet,
}

/// A run of Python that is missing.
pub struct Miss {
    pub gap: Gap,
    pub tree: u32,
    pub picks: Vec<u32>,
    pub values: Vec<u32>,
}

/// What is known of a tree in the current state.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Status {
    Disabled,
    Leaf(Leaf),
    /// Choices were made; see `branches`.
    Branches,
}

/// A worker's view of one state.  Aligned, so that two workers never write to the same cache line.
#[derive(Default)]
#[repr(align(128))]
pub struct Expander {
    words: Vec<u64>,
    ids: Vec<u32>,
    status: Vec<Status>,
    /// What is not on the path of a tree cannot matter to it.
    seen: Seen,
    branches: Vec<Vec<Branch>>,
    stale_steps: TreeSet,
    stale_promises: TreeSet,
    /// Goals, bounds, proper ends and mappings that may have changed.
    stale_others: TreeSet,
    kept: Kept,
    pub enabled: TreeSet,
    /// Promises that are broken and methods that raised.
    pub alarms: TreeSet,
    pub goals: TreeSet,
    /// Bounds that are false.
    pub closed: TreeSet,
    /// Conditions of a proper end that are false.
    pub improper: TreeSet,
    next: Next,
    half_steps: HalfSteps,
    pub recent: Recent,
}

impl Expander {
    /// Forgets the current state: another layout is in force.
    pub fn reset(&mut self) {
        *self = Expander { recent: std::mem::take(&mut self.recent), ..Expander::default() };
        self.recent.clear();
    }

    /// Takes in trees that were added since.
    pub fn catch_up(&mut self, world: &World) {
        let fresh = self.words.is_empty();
        if fresh {
            self.words = vec![0; world.layout.words];
            self.ids = vec![0; world.store.node_count()];
        }
        let known = self.status.len();
        let trees = &world.rules.forest.trees;
        self.status.resize(trees.len(), Status::Disabled);
        self.seen.resize(trees.len());
        self.branches.resize_with(trees.len(), Vec::new);
        self.kept.turn_to(world.promise_node);
        self.stale_others.resize(trees.len());
        let sets = [&mut self.stale_steps, &mut self.stale_promises, &mut self.enabled, &mut self.alarms];
        for set in sets.into_iter().chain([&mut self.goals, &mut self.closed, &mut self.improper]) {
            set.resize(trees.len());
        }
        for (tree, kind) in trees.iter().map(|tree| tree.kind).enumerate().skip(known) {
            self.mark_stale(tree as u32, kind);
        }
    }

    pub fn status(&self, tree: u32) -> Status {
        self.status[tree as usize]
    }

    pub fn branches(&self, tree: u32) -> &[Branch] {
        &self.branches[tree as usize]
    }

    /// Looks at a stored state.
    pub fn move_to(&mut self, world: &World, index: u32) {
        let mut before = std::mem::take(&mut self.next.before);
        before.clone_from(&self.words);
        self.doubt_alarms(world);
        world.store.unfold(world.store.root(index), &mut self.words, &mut self.ids);
        self.mark_changes(world, &before);
        self.next.before = before;
    }

    /// A search that goes on although something rang must look again: `Wake` takes promises for kept.
    fn doubt_alarms(&mut self, world: &World) {
        let mut from = 0;
        while let Some(tree) = self.alarms.next(from) {
            from = tree + 1;
            let kind = world.rules.forest.trees[tree as usize].kind;
            self.mark_stale(tree, kind);
            // Promises stay in alarm until they are walked, which is next; steps may not be walked at all.
            if kind == Kind::Step {
                self.alarms.remove(tree);
            }
        }
    }

    fn mark_stale(&mut self, tree: u32, kind: Kind) {
        match kind {
            Kind::Step => self.stale_steps.insert(tree),
            Kind::Always => self.stale_promises.insert(tree),
            Kind::Sometimes | Kind::Bound | Kind::Ends | Kind::Map => self.stale_others.insert(tree),
        }
    }

    fn mark_changes(&mut self, world: &World, before: &[u64]) {
        for (at, &old) in before.iter().enumerate() {
            let mut changed = old ^ self.words[at];
            while changed != 0 {
                let slot = world.layout.owners[at][changed.trailing_zeros() as usize];
                debug_assert!(slot != NO_SLOT, "only bits of slots can change");
                let field = world.layout.fields[slot as usize];
                changed &= !(field.mask << field.shift);
                self.hear(field.mark, world.wake.call(slot, field.get(&self.words)));
            }
        }
    }

    /// Marks what the new value of a slot concerns.
    ///
    /// Where a tree's path did not touch the slot, it does not now.  A tree that is decided without a walk keeps its
    /// old `seen`: that still holds the slot it asks for first, and more than the path does no harm.
    #[inline]
    fn hear(&mut self, mark: u8, call: &Call) {
        for &tree in &call.disabled {
            self.status[tree as usize] = Status::Disabled;
            self.enabled.remove(tree);
            self.alarms.remove(tree);
        }
        for &(word, trees) in &call.steps.words {
            self.stale_steps.merge(word, trees & self.seen.dependents(mark, word));
        }
        for &(word, trees) in &call.promises.words {
            self.stale_promises.merge(word, trees & self.seen.dependents(mark, word));
        }
        for &(word, trees) in &call.others.words {
            self.stale_others.merge(word, trees & self.seen.dependents(mark, word));
        }
    }

    /// Brings the properties, bounds and mappings up to date; what Python must still say goes to `misses`.
    pub fn refresh_properties(&mut self, world: &World, misses: &mut Vec<Miss>) {
        self.refresh_all(world, |expander| &mut expander.stale_others, misses);
        // Stale promises may pile up while parts of states come by in which all of them are known to hold.
        if !self.alarms.is_empty() || !self.kept.holds(&self.ids) {
            let known = misses.len();
            self.refresh_all(world, |expander| &mut expander.stale_promises, misses);
            if misses.len() == known && self.alarms.is_empty() {
                self.kept.note(&self.ids);
            }
        }
    }

    /// The same for the steps.
    pub fn refresh_steps(&mut self, world: &World, misses: &mut Vec<Miss>) {
        self.refresh_all(world, |expander| &mut expander.stale_steps, misses);
    }

    fn refresh_all(
        &mut self,
        world: &World,
        stale: impl Fn(&mut Expander) -> &mut TreeSet,
        misses: &mut Vec<Miss>,
    ) {
        let mut from = 0;
        while let Some(tree) = stale(self).next(from) {
            from = tree + 1;
            if world.retired.contains(tree) {
                // A goal that was reached is not asked again, so what it said last must not be heard either.
                self.alarms.remove(tree);
                self.goals.remove(tree);
                stale(self).remove(tree);
            } else if self.refresh(world, tree, misses) {
                stale(self).remove(tree);
            }
        }
    }

    /// Walks one tree; false if a run is missing.
    #[inline]
    fn refresh(&mut self, world: &World, tree: u32, misses: &mut Vec<Miss>) -> bool {
        let root = world.rules.forest.trees[tree as usize].root;
        let mut seen = 0;
        let end = world.rules.forest.walk(root, |observation| {
            // Nearly all observations are of one slot; they get the short way.
            if let Observation::Slot(slot) = observation {
                let field = world.layout.fields[slot as usize];
                seen |= 1 << field.mark;
                return field.get(&self.words);
            }
            seen |= marks_of(world, observation);
            world.layout.answer(world.rules, &self.words, observation)
        });
        self.seen.set(tree, if matches!(end, Walk::Leaf(_)) { seen } else { u64::MAX });
        match end {
            Walk::Leaf(leaf) => self.settle(world, tree, leaf),
            Walk::Gap(gap) => {
                misses.push(Miss { gap, tree, picks: Vec::new(), values: world.layout.decode(&self.words) });
                return false;
            }
            Walk::Choice(node) => {
                let known = misses.len();
                let mut branches = std::mem::take(&mut self.branches[tree as usize]);
                branches.clear();
                self.collect(world, tree, node, &mut Vec::new(), &mut branches, misses);
                self.branches[tree as usize] = branches;
                if misses.len() > known {
                    return false;
                }
                self.settle_branches(tree);
            }
        }
        true
    }

    fn collect(
        &self,
        world: &World,
        tree: u32,
        node: NodeId,
        picks: &mut Vec<u32>,
        found: &mut Vec<Branch>,
        misses: &mut Vec<Miss>,
    ) {
        let crate::rules::Node::Choose { children } = world.rules.forest.node(node) else {
            unreachable!("a walk stops with Choice at choices only")
        };
        for (pick, &child) in world.rules.forest.choices(children).iter().enumerate() {
            picks.push(pick as u32);
            match walk(world, child, &self.words) {
                Walk::Leaf(Leaf::Disabled) => {}
                Walk::Leaf(leaf) => found.push(Branch { picks: picks.clone(), leaf }),
                Walk::Choice(inner) => self.collect(world, tree, inner, picks, found, misses),
                Walk::Gap(gap) => {
                    let values = world.layout.decode(&self.words);
                    misses.push(Miss { gap, tree, picks: picks.clone(), values });
                }
            }
            picks.pop();
        }
    }

    #[inline]
    fn settle(&mut self, world: &World, tree: u32, leaf: Leaf) {
        let kind = world.rules.forest.trees[tree as usize].kind;
        if kind == Kind::Always && leaf == Leaf::Outcome(1) && self.alarms.is_empty() {
            return; // the usual case: a promise is kept, as it was before
        }
        self.status[tree as usize] =
            if leaf == Leaf::Disabled { Status::Disabled } else { Status::Leaf(leaf) };
        let raised = matches!(leaf, Leaf::Fault(_));
        let (yes, no) = (leaf == Leaf::Outcome(1), leaf == Leaf::Outcome(0));
        match kind {
            Kind::Step => self.enabled.put(tree, matches!(leaf, Leaf::Outcome(_))),
            Kind::Sometimes => self.goals.put(tree, yes),
            Kind::Bound => self.closed.put(tree, no),
            Kind::Ends => self.improper.put(tree, no),
            Kind::Always | Kind::Map => {}
        }
        self.alarms.put(tree, raised || kind == Kind::Always && no);
    }

    /// Only steps choose: the rules layer refuses a choice in a property.
    fn settle_branches(&mut self, tree: u32) {
        self.status[tree as usize] = Status::Branches;
        let branches = &self.branches[tree as usize];
        let raised = branches.iter().any(|branch| matches!(branch.leaf, Leaf::Fault(_)));
        self.enabled.put(tree, branches.iter().any(|branch| matches!(branch.leaf, Leaf::Outcome(_))));
        self.alarms.put(tree, raised);
    }

    /// The picks that lead to the first fault of a tree, empty if it chooses nothing.
    pub fn picks_to_fault(&self, tree: u32) -> Vec<u32> {
        let faulty = self.branches[tree as usize].iter().find(|branch| matches!(branch.leaf, Leaf::Fault(_)));
        match self.status[tree as usize] {
            Status::Branches => faulty.map(|branch| branch.picks.clone()).unwrap_or_default(),
            Status::Disabled | Status::Leaf(_) => Vec::new(),
        }
    }
}

/// The marks of the slots that an observation depends on, as bits.
fn marks_of(world: &World, observation: Observation) -> u64 {
    let mark = |slot: u32| 1 << world.layout.fields[slot as usize].mark;
    match observation {
        Observation::Slot(slot) => mark(slot),
        Observation::View(view) => mark(world.rules.views[view as usize].slot),
        Observation::Size(_) | Observation::Next { .. } => u64::MAX,
    }
}

#[inline]
pub fn walk(world: &World, from: NodeId, words: &[u64]) -> Walk {
    world.rules.forest.walk(from, |observation| world.layout.answer(world.rules, words, observation))
}
