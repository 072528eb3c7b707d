//! A better order of slots for sets that there are already.
//!
//! After Rudell, "Dynamic variable ordering for ordered binary decision diagrams" (ICCAD 1993): two neighbours
//! change places at the cost of the nodes that ask for them; each slot in turn goes through all places, and back
//! to the best one.

use std::sync::Arc;

use super::diagram::{self, Diagram, EMPTY, Id, UNIT};
use super::order::Order;
use super::space::{Space, Watch};
use crate::hashing::FastMap;

/// What may be looked at for each node that there is, and in all.
const EFFORT: usize = 500;
const MOST_EFFORT: usize = 100_000_000;
/// A slot turns round where the sets have become so much larger than at their best place.
const WORSE: f64 = 1.1;

struct Node {
    slot: u32,
    arcs: Vec<diagram::Arc>,
    /// Arcs, and sets that are held, that lead here.
    parents: u32,
}

impl Node {
    fn new(slot: u32, arcs: Vec<diagram::Arc>) -> Node {
        Node { slot, arcs, parents: 0 }
    }
}

/// Sets whose order can change.
struct Sifter<'w> {
    nodes: Vec<Node>,
    free: Vec<Id>,
    order: Vec<u32>,
    /// By position: the nodes that ask for the slot there.
    levels: Vec<FastMap<Vec<diagram::Arc>, Id>>,
    spans: Spans,
    /// What the order is judged by: at each position, nodes times the footprints that go across it.
    cost: usize,
    /// What it has cost: nodes and arcs that were looked at.
    effort: usize,
    watch: &'w Watch,
}

impl Space {
    /// Puts the slots in a better order, if there are `few` nodes and many more than the last time; whether it did.
    ///
    /// The sets `roots` get new numbers, and the rules must be prepared anew.  Where the space is halted, the order
    /// is as good as it is by then.
    pub fn sift(&mut self, roots: &mut [Id], few: usize) -> bool {
        let live = self.diagram.reachable(roots).into_iter().filter(|&live| live).count();
        if live < few.max(2 * self.sifted) {
            return false;
        }
        self.collect(roots);
        let (watch, shared) = (Arc::clone(&self.watch), Arc::clone(&self.rules));
        let rules = shared.read().expect("rules are not poisoned");
        self.place_new_slots(&rules);
        let spans = Spans::new(self.diagram.order.slots(), rules.dependencies());
        let mut sifter = Sifter::new(&self.diagram, roots, spans, &watch);
        sifter.run((self.diagram.len() * EFFORT).min(MOST_EFFORT));
        let numbers = sifter.export(&mut self.diagram);
        for root in roots {
            *root = numbers[*root as usize];
        }
        self.sifted = self.diagram.len();
        self.forget_rules();
        true
    }
}

impl Sifter<'_> {
    fn new<'w>(diagram: &Diagram, roots: &[Id], spans: Spans, watch: &'w Watch) -> Sifter<'w> {
        let order = diagram.order.slots().to_vec();
        let mut levels: Vec<FastMap<Vec<diagram::Arc>, Id>> = vec![FastMap::default(); order.len()];
        let mut nodes: Vec<Node> = (0..diagram.len() as Id)
            .map(|id| Node::new(diagram.slot(id), diagram.arcs(id).to_vec()))
            .collect();
        for id in 2..nodes.len() {
            for at in 0..nodes[id].arcs.len() {
                let child = nodes[id].arcs[at].1;
                nodes[child as usize].parents += 1;
            }
            levels[diagram.position(id as Id) as usize].insert(nodes[id].arcs.clone(), id as Id);
        }
        for &root in roots {
            nodes[root as usize].parents += 1;
        }
        let mut sifter = Sifter { nodes, free: Vec::new(), order, levels, spans, cost: 0, effort: 0, watch };
        sifter.cost = (0..sifter.order.len()).map(|position| sifter.cost_at(position)).sum();
        sifter
    }

    fn cost_at(&self, position: usize) -> usize {
        self.levels[position].len() * (1 + self.spans.across[position])
    }

    fn run(&mut self, effort: usize) {
        loop {
            let before = self.cost;
            let mut slots = self.order.clone();
            let sizes: FastMap<u32, usize> =
                self.order.iter().zip(&self.levels).map(|(&slot, level)| (slot, level.len())).collect();
            slots.sort_by_key(|slot| std::cmp::Reverse(sizes[slot]));
            for slot in slots {
                if self.effort > effort || self.watch.halted().is_some() {
                    return;
                }
                self.place(slot);
            }
            if self.cost * 20 >= before * 19 {
                return;
            }
        }
    }

    /// Moves a slot through all places, and back to the best one.
    fn place(&mut self, slot: u32) {
        let start = self.order.iter().position(|&other| other == slot).expect("every slot has a place");
        let (mut best, mut least, last) = (start, self.cost, self.order.len() - 1);
        let mut at = start;
        let ends = if start * 2 > last { [last, 0] } else { [0, last] };
        for end in ends {
            while at != end && self.cost as f64 <= least as f64 * WORSE {
                at = self.step(at, end);
                if self.cost < least {
                    (best, least) = (at, self.cost);
                }
            }
        }
        while at != best {
            at = self.step(at, best);
        }
    }

    /// Moves the slot at a position by one towards another.
    fn step(&mut self, at: usize, towards: usize) -> usize {
        let next = if towards > at { at + 1 } else { at - 1 };
        self.swap(at.min(next));
        next
    }

    /// The slots at a position and the one after it change places.
    fn swap(&mut self, position: usize) {
        self.cost -= self.cost_at(position) + self.cost_at(position + 1);
        self.spans.swap(position, self.order[position], self.order[position + 1]);
        let upper = std::mem::take(&mut self.levels[position]);
        self.levels.swap(position, position + 1);
        self.order.swap(position, position + 1);
        self.effort += upper.len() + 1;
        let lower = self.order[position];
        let asks = |sifter: &Self, arc: &diagram::Arc| sifter.nodes[arc.1 as usize].slot == lower;
        let (turning, staying): (Vec<_>, Vec<_>) =
            upper.into_iter().partition(|(arcs, _)| arcs.iter().any(|arc| asks(self, arc)));
        self.levels[position + 1].extend(staying); // they say nothing of the other slot
        for (arcs, id) in turning {
            self.turn(position, &arcs, id);
        }
        self.cost += self.cost_at(position) + self.cost_at(position + 1);
    }

    /// A node that asks for the slot that is now at the position after this one, and then for the slot that is now
    /// here, asks for them the other way round.
    fn turn(&mut self, position: usize, arcs: &[diagram::Arc], id: Id) {
        let lower = self.order[position];
        let mut ways: Vec<(u32, diagram::Arc)> = Vec::new();
        for &(value, child) in arcs {
            if self.nodes[child as usize].slot == lower {
                ways.extend(
                    self.nodes[child as usize].arcs.iter().map(|&(first, below)| (first, (value, below))),
                );
            } else {
                ways.push((0, (value, child)));
            }
        }
        ways.sort_unstable();
        self.effort += ways.len();
        let turned: Vec<diagram::Arc> = ways
            .chunk_by(|one, other| one.0 == other.0)
            .map(|alike| (alike[0].0, self.unique(position + 1, alike.iter().map(|way| way.1).collect())))
            .collect();
        for &(_, child) in &turned {
            self.nodes[child as usize].parents += 1;
        }
        for &(_, child) in arcs {
            self.release(position, child);
        }
        self.nodes[id as usize].arcs.clone_from(&turned);
        self.nodes[id as usize].slot = lower;
        self.levels[position].insert(turned, id);
    }

    fn unique(&mut self, position: usize, arcs: Vec<diagram::Arc>) -> Id {
        if let [(0, child)] = arcs[..] {
            return child;
        }
        if let Some(&known) = self.levels[position].get(&arcs) {
            return known;
        }
        for &(_, child) in &arcs {
            self.nodes[child as usize].parents += 1;
        }
        let node = Node::new(self.order[position], arcs.clone());
        let id = match self.free.pop() {
            Some(id) => {
                self.nodes[id as usize] = node;
                id
            }
            None => {
                self.nodes.push(node);
                self.nodes.len() as Id - 1
            }
        };
        self.levels[position].insert(arcs, id);
        id
    }

    /// One arc less leads to a node, which may ask for the slot at a position; if it was the last, it is dropped.
    fn release(&mut self, position: usize, id: Id) {
        let node = &mut self.nodes[id as usize];
        node.parents -= 1;
        if node.parents > 0 || id == EMPTY || id == UNIT {
            return;
        }
        let arcs = std::mem::take(&mut node.arcs);
        self.levels[position].remove(&arcs);
        for (_, child) in arcs {
            self.nodes[child as usize].parents -= 1; // not to 0: the same arcs lead there from nodes made before
        }
        self.free.push(id);
    }

    /// The same sets as a new diagram; the new numbers of its nodes.
    fn export(&self, diagram: &mut Diagram) -> Vec<Id> {
        *diagram = Diagram::new(Order::new(self.order.clone()));
        let mut numbers = vec![EMPTY; self.nodes.len()];
        numbers[UNIT as usize] = UNIT;
        for (&slot, level) in self.order.iter().zip(&self.levels).rev() {
            let mut ids: Vec<Id> = level.values().copied().collect();
            ids.sort_unstable(); // numbers must not depend on the order of a table
            for id in ids {
                let base = diagram.stack.len();
                let arcs = self.nodes[id as usize].arcs.iter();
                diagram.stack.extend(arcs.map(|&(value, child)| (value, numbers[child as usize])));
                numbers[id as usize] = diagram.make(slot, base);
            }
        }
        numbers
    }
}

/// From where to where footprints go: a step is fired through all nodes between.
struct Spans {
    /// First and last position of each.
    ends: Vec<(usize, usize)>,
    /// By slot: those that depend on it or change it.
    with: FastMap<u32, Vec<usize>>,
    /// By position: how many go across it.
    across: Vec<usize>,
}

impl Spans {
    fn new(order: &[u32], footprints: Vec<(u32, Vec<u32>)>) -> Spans {
        let positions: FastMap<u32, usize> = order.iter().enumerate().map(|(at, &slot)| (slot, at)).collect();
        let mut sets: Vec<Vec<u32>> = footprints.into_iter().map(|footprint| footprint.1).collect();
        sets.sort_unstable();
        sets.dedup();
        sets.retain(|slots| !slots.is_empty());
        let mut spans = Spans { ends: Vec::new(), with: FastMap::default(), across: vec![0; order.len()] };
        for (number, slots) in sets.iter().enumerate() {
            let first = slots.iter().map(|slot| positions[slot]).min().expect("it has slots");
            let last = slots.iter().map(|slot| positions[slot]).max().expect("it has slots");
            spans.ends.push((first, last));
            slots.iter().for_each(|&slot| spans.with.entry(slot).or_default().push(number));
            spans.across[first..=last].iter_mut().for_each(|count| *count += 1);
        }
        spans
    }

    /// The slots at a position and the one after it change places.
    fn swap(&mut self, position: usize, down: u32, up: u32) {
        let none = Vec::new();
        let (of_down, of_up) = (self.with.get(&down).unwrap_or(&none), self.with.get(&up).unwrap_or(&none));
        for number in of_down.iter().filter(|number| of_up.binary_search(number).is_err()) {
            let (first, last) = &mut self.ends[*number];
            if *first == position {
                *first += 1;
                self.across[position] -= 1;
            }
            if *last == position {
                *last += 1;
                self.across[position + 1] += 1;
            }
        }
        for number in of_up.iter().filter(|number| of_down.binary_search(number).is_err()) {
            let (first, last) = &mut self.ends[*number];
            if *first == position + 1 {
                *first -= 1;
                self.across[position] += 1;
            }
            if *last == position + 1 {
                *last -= 1;
                self.across[position + 1] -= 1;
            }
        }
    }
}
