//! From decision trees to relations.

use std::sync::Arc;

use super::order::Order;
use super::product::{Answer, Product};
use super::relation::{Effect, NEVER, Relation, Relations};
use crate::hashing::FastMap;
use crate::rules::{Kind, Leaf, Node, NodeId, Observation, RuleSet};

/// What it means that a state fits a relation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Judgement {
    /// The rules do not say what happens.
    Gap,
    /// A promise is broken.
    Broken,
    /// A method raises.
    Raised,
    /// A goal is reached.
    Reached,
}

/// Something to look for in every set of states: that a tree says this.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Probe {
    pub judgement: Judgement,
    pub tree: u32,
    /// Where it says so, and what it has picked there.
    pub places: Vec<(Vec<u32>, Relation)>,
}

/// One footprint.
#[derive(Debug)]
pub struct Path {
    pub leaf: Leaf,
    pub picks: Vec<u32>,
    /// What it asks for.
    pub guard: Relation,
    /// The same with what it does; of properties nothing.
    pub whole: Relation,
    /// The slots that it depends on or changes.
    pub slots: Vec<u32>,
}

/// One decision tree.
#[derive(Default, Clone)]
pub struct Compiled {
    /// How much was known when it was compiled; None: it never was, which is not the same as knowing nothing.
    lessons: Option<u32>,
    now: Knowledge,
    uses_groups: bool,
    uses_updates: bool,
    pub paths: Vec<Arc<Path>>,
    /// Where it does not say what happens: what is picked by then, and what is asked for.
    pub gaps: Vec<(Vec<u32>, Relation)>,
    made: Made,
}

/// What was made of the nodes of a tree: most of it is the same the next time.
#[derive(Default, Clone)]
struct Made {
    paths: FastMap<NodeId, Arc<Path>>,
    /// By node and number of known answers.
    gaps: FastMap<(NodeId, usize), Relation>,
}

/// How much the rules know beside their trees.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
pub struct Knowledge {
    /// Places in groups.
    members: usize,
    /// Entries of the tables of updates.
    updates: usize,
}

impl Knowledge {
    pub fn of(rules: &RuleSet) -> Knowledge {
        Knowledge {
            members: rules.groups.iter().map(|group| group.slots.len()).sum(),
            updates: rules.operators.iter().map(|operator| operator.known()).sum(),
        }
    }
}

impl Compiled {
    pub fn is_current(&self, rules: &RuleSet, tree: u32, now: &Knowledge) -> bool {
        self.lessons == Some(rules.forest.trees[tree as usize].lessons) && self.is_valid(now)
    }

    /// Whether what was made of its nodes still says the same.
    fn is_valid(&self, now: &Knowledge) -> bool {
        !(self.uses_groups && self.now.members != now.members)
            && !(self.uses_updates && self.now.updates != now.updates)
    }
}

/// Compiles a tree, of which an older state of knowledge was compiled already.
///
/// `images`: of a mapping, into which slots its outcomes write: from this number on, every other.
pub fn compile(
    rules: &RuleSet,
    order: &Order,
    relations: &mut Relations,
    tree: u32,
    old: Compiled,
    images: Option<u32>,
) -> Compiled {
    let now = Knowledge::of(rules);
    let known = if old.is_valid(&now) { old.made } else { Made::default() };
    let lessons = Some(rules.forest.trees[tree as usize].lessons);
    let mut compiled = Compiled { lessons, now, ..Compiled::default() };
    let (asked, picks) = (Vec::new(), Vec::new());
    let root = rules.forest.trees[tree as usize].root;
    Compiler { rules, order, relations, tree, images, known, asked, picks, compiled: &mut compiled }
        .visit(root);
    compiled
}

struct Compiler<'c> {
    rules: &'c RuleSet,
    order: &'c Order,
    relations: &'c mut Relations,
    tree: u32,
    images: Option<u32>,
    known: Made,
    /// The way to the node that is visited.
    asked: Vec<(Observation, Answer)>,
    picks: Vec<u32>,
    compiled: &'c mut Compiled,
}

impl Compiler<'_> {
    fn visit(&mut self, node: NodeId) {
        match self.rules.forest.node(node) {
            Node::Unknown => self.gap(node, 0),
            Node::Leaf(Leaf::Disabled) => {}
            Node::Leaf(leaf) => self.leaf(node, leaf),
            Node::Choose { children } => {
                for (pick, &child) in self.rules.forest.choices(children).iter().enumerate() {
                    self.picks.push(pick as u32);
                    self.visit(child);
                    self.picks.pop();
                }
            }
            Node::Observe { what, children, .. } => {
                self.compiled.uses_groups |= matches!(what, Observation::Size(_) | Observation::Next { .. });
                let mut known = Vec::new();
                for (answer, &child) in self.rules.forest.choices(children).iter().enumerate() {
                    if child != 0 {
                        known.push(answer as u32);
                        self.asked.push((what, Answer::Is(answer as u32)));
                        self.visit(child);
                        self.asked.pop();
                    }
                }
                let is_boolean =
                    matches!(what, Observation::Slot(slot) if self.rules.slots[slot as usize].boolean);
                if !(is_boolean && known.len() == 2) {
                    let count = known.len();
                    self.asked.push((what, Answer::NotAmong(known)));
                    self.gap(node, count);
                    self.asked.pop();
                }
            }
        }
    }

    fn gap(&mut self, node: NodeId, answers: usize) {
        let relation = match self.known.gaps.get(&(node, answers)) {
            Some(&known) => known,
            None => Product::of(self.rules, self.order, &self.asked).relation(self.relations, false),
        };
        self.compiled.made.gaps.insert((node, answers), relation);
        if relation != NEVER {
            self.compiled.gaps.push((self.picks.clone(), relation));
        }
    }

    fn leaf(&mut self, node: NodeId, leaf: Leaf) {
        let path = match self.known.paths.get(&node) {
            Some(known) => Arc::clone(known),
            None => Arc::new(self.path(leaf)),
        };
        self.compiled.uses_updates |= self.updates(leaf);
        self.compiled.made.paths.insert(node, Arc::clone(&path));
        if path.guard != NEVER {
            self.compiled.paths.push(path);
        }
    }

    fn path(&mut self, leaf: Leaf) -> Path {
        let mut product = Product::of(self.rules, self.order, &self.asked);
        let guard = product.relation(self.relations, false);
        let kind = self.rules.forest.trees[self.tree as usize].kind;
        match (leaf, kind, self.images) {
            (Leaf::Outcome(outcome), Kind::Step, _) => self.add_effects(&mut product, outcome),
            (Leaf::Outcome(outcome), Kind::Map, Some(first)) => {
                for &(slot, value) in &self.rules.outcomes[outcome as usize].writes {
                    product.image(first + 2 * slot, value);
                }
            }
            _ => {}
        }
        let whole = product.relation(self.relations, true);
        Path { leaf, picks: self.picks.clone(), guard, whole, slots: product.slots() }
    }

    fn add_effects(&self, product: &mut Product, outcome: u32) {
        let outcome = &self.rules.outcomes[outcome as usize];
        for &(slot, value) in &outcome.writes {
            product.effect(slot, Effect::Write(value));
        }
        for &operator in &outcome.operators {
            let update = &self.rules.operators[operator as usize];
            let effect = Effect::Update { operator, known: update.known() as u32 };
            product.effect(update.slot, effect);
        }
    }

    /// Whether an outcome changes slots by blind updates.
    fn updates(&self, leaf: Leaf) -> bool {
        let Leaf::Outcome(outcome) = leaf else { return false };
        let is_step = self.rules.forest.trees[self.tree as usize].kind == Kind::Step;
        is_step && !self.rules.outcomes[outcome as usize].operators.is_empty()
    }
}
