//! From decision trees to relations.

use std::sync::Arc;

use super::order::Order;
use super::product::{Answer, Product};
use super::relation::{NEVER, Relation, Relations};
use super::space::Watch;
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

impl Judgement {
    /// Whether it ends a search.
    pub fn is_alarm(self) -> bool {
        matches!(self, Judgement::Broken | Judgement::Raised)
    }
}

/// Something to look for in every set of states: that a tree says this.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Probe {
    pub judgement: Judgement,
    pub tree: u32,
    /// Where it says so.
    pub places: Vec<Place>,
}

/// Where a tree says something.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// What is picked by then.
    pub picks: Vec<u32>,
    /// What is asked for.
    pub relation: Relation,
    /// None for gaps.
    pub mark: Option<Mark>,
}

/// A footprint, whatever the order of slots: its tree, its leaf, and how much is known of the updates that it makes.
pub type Mark = (u32, NodeId, usize);

/// One footprint.
#[derive(Debug)]
pub struct Path {
    pub leaf: Leaf,
    pub picks: Vec<u32>,
    /// What it asks for.
    pub guard: Relation,
    /// The same with what it does; of properties nothing.
    pub whole: Relation,
    pub mark: Mark,
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
    pub gaps: Vec<Gap>,
    made: Made,
}

/// Where a tree does not say what happens.
#[derive(Clone)]
pub struct Gap {
    /// What is picked by then.
    pub picks: Vec<u32>,
    /// What is asked for.
    pub relation: Relation,
    /// The same in parts, as far as one can tell beforehand what different answers there may be: each is a lesson.
    pub parts: Vec<Relation>,
}

/// What was made of the nodes of a tree: most of it is the same the next time.
#[derive(Default, Clone)]
struct Made {
    paths: FastMap<NodeId, Arc<Path>>,
    /// With the number of answers that were known.
    gaps: FastMap<NodeId, (usize, Gap)>,
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
        let groups_grew = self.uses_groups && self.now.members != now.members;
        let updates_grew = self.uses_updates && self.now.updates != now.updates;
        !(groups_grew || updates_grew)
    }
}

/// Compiles a tree anew, as far as it has changed.  Where the work is halted it stays as it was, and not current.
///
/// `images`: of a mapping, into which slots its outcomes write: from this number on, every other.
pub fn compile(
    compiled: &mut Compiled,
    rules: &RuleSet,
    order: &Order,
    relations: &mut Relations,
    watch: &Watch,
    tree: u32,
    images: Option<u32>,
) {
    let now = Knowledge::of(rules);
    if !compiled.is_valid(&now) {
        (compiled.made, compiled.lessons) = (Made::default(), None);
    }
    let made = std::mem::take(&mut compiled.made);
    let lessons = Some(rules.forest.trees[tree as usize].lessons);
    let fresh = Compiled { lessons, now, made, ..Compiled::default() };
    let (asked, picks) = (Vec::new(), Vec::new());
    let mut compiler = Compiler { rules, order, relations, watch, tree, images, asked, picks, fresh };
    compiler.visit(rules.forest.trees[tree as usize].root);
    let fresh = compiler.fresh;
    if watch.halted().is_none() {
        *compiled = fresh;
    } else {
        (compiled.made, compiled.now) = (fresh.made, now);
        compiled.uses_groups |= fresh.uses_groups;
        compiled.uses_updates |= fresh.uses_updates;
        compiled.lessons = None;
    }
}

struct Compiler<'c> {
    rules: &'c RuleSet,
    order: &'c Order,
    relations: &'c mut Relations,
    watch: &'c Watch,
    tree: u32,
    images: Option<u32>,
    /// The way to the node that is visited.
    asked: Vec<(Observation, Answer)>,
    picks: Vec<u32>,
    fresh: Compiled,
}

impl Compiler<'_> {
    fn visit(&mut self, node: NodeId) {
        if self.watch.halted().is_some() {
            return;
        }
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
                self.fresh.uses_groups |= matches!(what, Observation::Size(_) | Observation::Next { .. });
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
        let known = self.fresh.made.gaps.get(&node).filter(|known| known.0 == answers);
        let gap = known.map(|known| known.1.clone()).unwrap_or_else(|| self.new_gap());
        self.fresh.made.gaps.insert(node, (answers, gap.clone()));
        if gap.relation != NEVER {
            self.fresh.gaps.push(gap);
        }
    }

    fn new_gap(&mut self) -> Gap {
        let product = Product::of(self.rules, self.order, &self.asked);
        let relation = product.relation(self.relations, false);
        let mut parts = vec![relation];
        if let Some((Observation::Size(group), Answer::NotAmong(known))) = self.asked.last() {
            let (group, known, last) = (*group, known, self.asked.len() - 1);
            let most = self.rules.groups[group as usize].slots.len() as u32;
            let sizes: Vec<u32> = (0..=most).filter(|size| !known.contains(size)).collect();
            let mut asked = self.asked[..last].to_vec();
            asked.push((Observation::Size(group), Answer::Is(0)));
            parts = Product::of(self.rules, self.order, &asked).by_size(self.relations, &sizes);
        }
        Gap { picks: self.picks.clone(), relation, parts }
    }

    fn leaf(&mut self, node: NodeId, leaf: Leaf) {
        let path = match self.fresh.made.paths.get(&node) {
            Some(known) => Arc::clone(known),
            None => Arc::new(self.path(node, leaf)),
        };
        self.fresh.uses_updates |= !self.updates(leaf).is_empty();
        self.fresh.made.paths.insert(node, Arc::clone(&path));
        if path.guard != NEVER {
            self.fresh.paths.push(path);
        }
    }

    fn path(&mut self, node: NodeId, leaf: Leaf) -> Path {
        let mut product = Product::of(self.rules, self.order, &self.asked);
        let guard = product.relation(self.relations, false);
        let kind = self.rules.forest.trees[self.tree as usize].kind;
        match (leaf, kind, self.images) {
            (Leaf::Outcome(outcome), Kind::Step, _) => product.effects(outcome),
            (Leaf::Outcome(outcome), Kind::Map, Some(first)) => {
                let writes = self.rules.outcomes[outcome as usize].writes.iter();
                for &(slot, value) in writes.filter(|write| self.order.knows(first + 2 * write.0)) {
                    product.image(first + 2 * slot, value);
                }
            }
            _ => {}
        }
        let whole = product.relation(self.relations, true);
        let mark = (self.tree, node, self.known_updates(leaf));
        Path { leaf, picks: self.picks.clone(), guard, whole, mark }
    }

    /// The blind updates of an outcome.
    fn updates(&self, leaf: Leaf) -> &[u32] {
        let is_step = self.rules.forest.trees[self.tree as usize].kind == Kind::Step;
        match leaf {
            Leaf::Outcome(outcome) if is_step => &self.rules.outcomes[outcome as usize].operators,
            _ => &[],
        }
    }

    fn known_updates(&self, leaf: Leaf) -> usize {
        self.updates(leaf).iter().map(|&operator| self.rules.operators[operator as usize].known()).sum()
    }
}
