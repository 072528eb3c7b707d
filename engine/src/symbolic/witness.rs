//! Single states of a set.

use std::collections::HashSet;

use super::compile::Gap;
use super::diagram::{EMPTY, Id};
use super::relation::{DONE, Relation};
use super::space::Space;

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
    pub fn witness(&mut self, set: Id, relation: Relation, last: bool) -> Option<Vec<u32>> {
        let mut way = Vec::new();
        let mut set =
            self.descend(set, relation, last, &mut |position, value| way.push((position, value)))?;
        let mut values = vec![0; self.diagram.order.extent()];
        for (position, value) in way {
            values[self.diagram.order.slot(position) as usize] = value;
        }
        while self.diagram.arc_count(set) > 0 {
            let at = if last { self.diagram.arc_count(set) - 1 } else { 0 };
            let (value, child) = self.diagram.arc(set, at);
            values[self.diagram.slot(set) as usize] = value;
            set = child;
        }
        Some(values)
    }

    /// States about which a tree does not say what happens, and what is picked there: one for each lesson.
    pub fn unknown(&mut self, set: Id, tree: u32) -> Vec<(Vec<u32>, Vec<u32>)> {
        let mut found = Vec::new();
        for Gap { picks, relation, parts } in self.trees[tree as usize].gaps.clone() {
            if parts.len() == 1 || self.holds(set, relation) {
                let states = parts.into_iter().filter_map(|part| self.witness(set, part, true));
                found.extend(states.map(|state| (picks.clone(), state)));
            }
        }
        found
    }

    /// A step from a state of a set to `target`, the first one in the order of trees and footprints.
    pub fn before(&self, set: Id, target: &[u32]) -> Option<Before> {
        let values = vec![0; self.diagram.order.extent()];
        let mut search = Backwards { space: self, target, values, failed: HashSet::new() };
        let (tree, path) = self.steps().find(|(_, path)| search.go(set, path.whole, 0))?;
        Some(Before { tree, picks: path.picks.clone(), values: search.values })
    }
}

struct Backwards<'s> {
    space: &'s Space,
    target: &'s [u32],
    values: Vec<u32>,
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
        let wanted = self.target.get(slot as usize).copied().unwrap_or(0);
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
            self.values[slot as usize] = value;
            if after == wanted && self.go(child, next, position + 1) {
                return true;
            }
        }
        self.failed.insert((set, relation, position));
        false
    }
}
