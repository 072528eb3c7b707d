//! From decision trees to relations.

use std::collections::{BTreeMap, HashMap};

use super::order::Order;
use super::relation::{DONE, Effect, Guard, Line, NEVER, Next, Relation, Relations};
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
#[derive(Clone, Debug)]
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
    members: usize,
    updates: usize,
    uses_groups: bool,
    uses_updates: bool,
    pub paths: Vec<Path>,
    /// Where it does not say what happens: what is picked by then, and what is asked for.
    pub gaps: Vec<(Vec<u32>, Relation)>,
}

/// How much the rules know beside their trees.
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
        self.lessons == Some(rules.forest.trees[tree as usize].lessons)
            && !(self.uses_groups && self.members != now.members)
            && !(self.uses_updates && self.updates != now.updates)
    }
}

/// Compiles a tree.  `images`: of a mapping, into which slots its outcomes write: from this number on, every other.
pub fn compile(
    rules: &RuleSet,
    order: &Order,
    relations: &mut Relations,
    tree: u32,
    now: &Knowledge,
    images: Option<u32>,
) -> Compiled {
    let mut compiled = Compiled {
        lessons: Some(rules.forest.trees[tree as usize].lessons),
        members: now.members,
        updates: now.updates,
        ..Compiled::default()
    };
    let mut compiler = Compiler { rules, order, relations, tree, images, compiled: &mut compiled };
    compiler.visit(rules.forest.trees[tree as usize].root, &Product::default(), &mut Vec::new());
    compiled
}

#[derive(Clone)]
enum Answer {
    Is(u32),
    NotAmong(Vec<u32>),
}

impl Answer {
    fn fits(&self, answer: u32) -> bool {
        match self {
            Answer::Is(one) => answer == *one,
            Answer::NotAmong(known) => !known.contains(&answer),
        }
    }
}

/// Conditions on several slots, all of which must hold.
#[derive(Clone, Default)]
struct Product {
    lines: BTreeMap<u32, (Vec<Guard>, Vec<Effect>)>,
    sizes: Vec<(u32, Answer)>,
    /// Values for slots of the abstract model, which hold 0.
    images: BTreeMap<u32, u32>,
}

impl Product {
    fn guard(&mut self, order: &Order, slot: u32, guard: Guard) {
        self.lines.entry(order.position(slot)).or_default().0.push(guard);
    }

    fn effect(&mut self, order: &Order, slot: u32, effect: Effect) {
        self.lines.entry(order.position(slot)).or_default().1.push(effect);
    }

    /// The products in which an observation has some answer.
    fn observing(&self, rules: &RuleSet, order: &Order, what: Observation, answer: Answer) -> Vec<Product> {
        let mut product = self.clone();
        match what {
            Observation::Slot(slot) => product.guard(
                order,
                slot,
                match answer {
                    Answer::Is(value) => Guard::Is(value),
                    Answer::NotAmong(known) => Guard::NotAmong(known),
                },
            ),
            Observation::View(view) => product.guard(
                order,
                rules.views[view as usize].slot,
                match answer {
                    Answer::Is(answer) => Guard::View { view, answer },
                    Answer::NotAmong(answers) => Guard::ViewNotAmong { view, answers },
                },
            ),
            Observation::Size(group) => product.sizes.push((group, answer)),
            Observation::Next { group, after } => return self.next(rules, order, group, after, &answer),
        }
        vec![product]
    }

    /// The products in which the first member of a group from a position on is the one that the answer names.
    fn next(&self, rules: &RuleSet, order: &Order, group: u32, after: u32, answer: &Answer) -> Vec<Product> {
        let slots = &rules.groups[group as usize].slots;
        let mut found = Vec::new();
        let mut none_before = self.clone();
        for (position, &slot) in slots.iter().enumerate().skip(after as usize) {
            if answer.fits(position as u32 + 1) {
                let mut product = none_before.clone();
                product.guard(order, slot, Guard::NonZero);
                found.push(product);
            }
            none_before.guard(order, slot, Guard::Is(0));
        }
        if answer.fits(0) {
            found.push(none_before);
        }
        found
    }

    fn relation(&self, rules: &RuleSet, order: &Order, relations: &mut Relations, effects: bool) -> Relation {
        let mut positions: Vec<u32> = self.lines.keys().chain(self.images.keys()).copied().collect();
        for (group, _) in &self.sizes {
            positions.extend(rules.groups[*group as usize].slots.iter().map(|&slot| order.position(slot)));
        }
        positions.sort_unstable();
        positions.dedup();
        Chain { product: self, rules, order, relations, positions, effects, made: HashMap::new() }
            .from(0, vec![0; self.sizes.len()])
    }

    fn slots(&self, rules: &RuleSet, order: &Order) -> Vec<u32> {
        let counted = self.sizes.iter().flat_map(|(group, _)| rules.groups[*group as usize].slots.iter());
        let mut slots: Vec<u32> = counted.copied().collect();
        slots.extend(self.lines.keys().map(|&position| order.slot(position)));
        slots.sort_unstable();
        slots.dedup();
        slots
    }
}

/// The lines of a product, from the last to the first; members of groups are counted on the way.
struct Chain<'c> {
    product: &'c Product,
    rules: &'c RuleSet,
    order: &'c Order,
    relations: &'c mut Relations,
    positions: Vec<u32>,
    effects: bool,
    made: HashMap<(usize, Vec<u32>), Relation>,
}

impl Chain<'_> {
    fn from(&mut self, at: usize, counts: Vec<u32>) -> Relation {
        let sizes = &self.product.sizes;
        if sizes
            .iter()
            .zip(&counts)
            .any(|((_, answer), &count)| matches!(answer, Answer::Is(most) if count > *most))
        {
            return NEVER;
        }
        let Some(&position) = self.positions.get(at) else {
            let fits = sizes.iter().zip(&counts).all(|((_, answer), &count)| answer.fits(count));
            return if fits { DONE } else { NEVER };
        };
        if let Some(&made) = self.made.get(&(at, counts.clone())) {
            return made;
        }
        let slot = self.order.slot(position);
        let mut more = counts.clone();
        for ((group, _), count) in sizes.iter().zip(&mut more) {
            *count += u32::from(self.rules.groups[*group as usize].slots.contains(&slot));
        }
        if let Some(&value) = self.product.images.get(&position) {
            let next = Next::Listed(vec![(0, value, self.from(at + 1, counts))]);
            return self
                .relations
                .add(self.rules, Line { slot, guards: Vec::new(), effects: Vec::new(), next });
        }
        let zero = self.from(at + 1, counts.clone());
        let next = if more == counts {
            Next::Always(zero)
        } else {
            Next::Depends { zero, other: self.from(at + 1, more) }
        };
        let (guards, effects) = self.product.lines.get(&position).cloned().unwrap_or_default();
        let effects = if self.effects { effects } else { Vec::new() };
        let line = Line { slot, guards, effects, next };
        let is_void = line.guards.is_empty() && line.effects.is_empty();
        let made = match line.next {
            Next::Always(next) if is_void => next,
            _ => self.relations.add(self.rules, line),
        };
        self.made.insert((at, counts), made);
        made
    }
}

struct Compiler<'c> {
    rules: &'c RuleSet,
    order: &'c Order,
    relations: &'c mut Relations,
    tree: u32,
    images: Option<u32>,
    compiled: &'c mut Compiled,
}

impl Compiler<'_> {
    fn visit(&mut self, node: NodeId, product: &Product, picks: &mut Vec<u32>) {
        match self.rules.forest.node(node) {
            Node::Unknown => self.gap(product, picks),
            Node::Leaf(leaf) => self.leaf(leaf, product, picks),
            Node::Choose { children } => {
                for (pick, &child) in self.rules.forest.choices(children).iter().enumerate() {
                    picks.push(pick as u32);
                    self.visit(child, product, picks);
                    picks.pop();
                }
            }
            Node::Observe { what, children, .. } => {
                self.compiled.uses_groups |= matches!(what, Observation::Size(_) | Observation::Next { .. });
                let mut known = Vec::new();
                for (answer, &child) in self.rules.forest.choices(children).iter().enumerate() {
                    if child == 0 {
                        continue;
                    }
                    known.push(answer as u32);
                    let answer = Answer::Is(answer as u32);
                    for product in product.observing(self.rules, self.order, what, answer) {
                        self.visit(child, &product, picks);
                    }
                }
                if matches!(what, Observation::Slot(slot) if self.rules.slots[slot as usize].boolean)
                    && known.len() == 2
                {
                    return;
                }
                for product in product.observing(self.rules, self.order, what, Answer::NotAmong(known)) {
                    self.gap(&product, picks);
                }
            }
        }
    }

    fn gap(&mut self, product: &Product, picks: &[u32]) {
        let relation = product.relation(self.rules, self.order, self.relations, false);
        if relation != NEVER {
            self.compiled.gaps.push((picks.to_vec(), relation));
        }
    }

    fn leaf(&mut self, leaf: Leaf, product: &Product, picks: &[u32]) {
        if leaf == Leaf::Disabled {
            return;
        }
        let guard = product.relation(self.rules, self.order, self.relations, false);
        let mut product = product.clone();
        let kind = self.rules.forest.trees[self.tree as usize].kind;
        match (leaf, kind, self.images) {
            (Leaf::Outcome(outcome), Kind::Step, _) => self.add_effects(&mut product, outcome),
            (Leaf::Outcome(outcome), Kind::Map, Some(first)) => {
                for &(slot, value) in &self.rules.outcomes[outcome as usize].writes {
                    product.images.insert(self.order.position(first + 2 * slot), value);
                }
            }
            _ => {}
        }
        let whole = product.relation(self.rules, self.order, self.relations, true);
        if guard != NEVER {
            let slots = product.slots(self.rules, self.order);
            self.compiled.paths.push(Path { leaf, picks: picks.to_vec(), guard, whole, slots });
        }
    }

    fn add_effects(&mut self, product: &mut Product, outcome: u32) {
        let outcome = &self.rules.outcomes[outcome as usize];
        for &(slot, value) in &outcome.writes {
            product.effect(self.order, slot, Effect::Write(value));
        }
        for &operator in &outcome.operators {
            let update = &self.rules.operators[operator as usize];
            self.compiled.uses_updates = true;
            product.effect(
                self.order,
                update.slot,
                Effect::Update { operator, known: update.known() as u32 },
            );
        }
    }
}
