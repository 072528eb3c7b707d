//! Single states of a set.

use std::collections::HashSet;

use super::compile::Gap;
use super::diagram::{EMPTY, Id};
use super::refinement::ABSTRACT;
use super::relation::{DONE, Relation};
use super::space::Space;

/// The values of one state, and of the pair of abstract states that it stands for, if it was mapped.
pub struct State {
    pub values: Vec<u32>,
    pub pair: Vec<u32>,
}

impl State {
    fn get(&self, slot: u32) -> u32 {
        let value = match slot.checked_sub(ABSTRACT) {
            None => self.values.get(slot as usize),
            Some(slot) => self.pair.get(slot as usize),
        };
        value.copied().unwrap_or(0)
    }

    fn set(&mut self, slot: u32, value: u32) {
        let (values, slot) = match slot.checked_sub(ABSTRACT) {
            None => (&mut self.values, slot as usize),
            Some(slot) => (&mut self.pair, slot as usize),
        };
        values.resize(values.len().max(slot + 1), 0);
        values[slot] = value;
    }
}

/// A step, and the state before it.
pub struct Before {
    pub tree: u32,
    pub picks: Vec<u32>,
    pub values: Vec<u32>,
}

impl Space {
    /// A state of a set that a relation admits: of the first values, or of the last ones.
    ///
    /// Who asks for the last ones learns long footprints first, which show all that is left to learn beside them.
    pub fn witness(&mut self, set: Id, relation: Relation, last: bool) -> Option<State> {
        let mut way = Vec::new();
        let mut set =
            self.descend(set, relation, last, &mut |position, value| way.push((position, value)))?;
        let mut state = self.zeros();
        for (position, value) in way {
            state.set(self.diagram.order.slot(position), value);
        }
        while self.diagram.arc_count(set) > 0 {
            let at = if last { self.diagram.arc_count(set) - 1 } else { 0 };
            let (value, child) = self.diagram.arc(set, at);
            state.set(self.diagram.slot(set), value);
            set = child;
        }
        Some(state)
    }

    /// The state with 0 everywhere.
    fn zeros(&self) -> State {
        State { values: vec![0; self.diagram.order.count_below(ABSTRACT)], pair: Vec::new() }
    }

    /// States about which a tree does not say what happens, and what is picked there: one for each lesson.
    pub fn unknown(&mut self, set: Id, tree: u32) -> Vec<(Vec<u32>, Vec<u32>)> {
        let mut found = Vec::new();
        for Gap { picks, relation, parts } in self.trees[tree as usize].gaps.clone() {
            if parts.len() == 1 || self.holds(set, relation) {
                let states = parts.into_iter().filter_map(|part| self.witness(set, part, true));
                found.extend(states.map(|state| (picks.clone(), state.values)));
            }
        }
        found
    }

    /// A step from a state of a set to `target`, the first one in the order of trees and footprints.
    pub fn before(&self, set: Id, target: &State) -> Option<Before> {
        let mut search = Backwards { space: self, target, state: self.zeros(), failed: HashSet::new() };
        let (tree, path) = self.steps().find(|(_, path)| search.go(set, path.whole, 0))?;
        Some(Before { tree, picks: path.picks.clone(), values: search.state.values })
    }
}

struct Backwards<'s> {
    space: &'s Space,
    target: &'s State,
    state: State,
    failed: HashSet<(Id, Relation, u32)>,
}

impl Backwards<'_> {
    fn go(&mut self, set: Id, relation: Relation, position: u32) -> bool {
        let (diagram, relations) = (&self.space.diagram, &self.space.relations);
        if set == EMPTY || position == diagram.order.len() {
            return set != EMPTY && relation == DONE;
        }
        if self.failed.contains(&(set, relation, position)) {
            return false;
        }
        let slot = diagram.order.slot(position);
        let wanted = self.target.get(slot);
        let asks = diagram.position(set) == position;
        let speaks = relation != DONE && relations.slot(relation) == slot;
        for at in 0..if asks { diagram.arc_count(set) } else { 1 } {
            let (value, child) = if asks { diagram.arc(set, at) } else { (0, set) };
            let (after, next) = if speaks {
                match relations.row(relation, value) {
                    Some(row) => (row.after, row.next),
                    None => continue,
                }
            } else {
                (value, relation)
            };
            self.state.set(slot, value);
            if after == wanted && self.go(child, next, position + 1) {
                return true;
            }
        }
        self.failed.insert((set, relation, position));
        false
    }
}
