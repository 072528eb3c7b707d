//! All states that are reachable: saturation.
//!
//! After Ciardo, Lüttgen and Siminiceanu, "Saturation: an efficient iteration strategy for symbolic state-space
//! generation" (TACAS 2001).  A node is saturated when no step that is only about its slot and later ones leads out
//! of it; nodes are saturated from the last slot to the first.  So what a part of the system can do by itself is
//! found out once, and intermediate sets stay small.
//!
//! Two things are different here.  Nodes that skip a slot hold 0 there, so steps that are possible at 0 must be
//! taken on the way from a node to its parent (`lift`).  And steps are learned between rounds: what was closed under
//! the steps known before is closed under all, if the new ones change nothing.
//!
//! A round that is broken off gives a set between the one that it was given and what is reachable.

use super::cache::Op;
use super::diagram::{Arc, EMPTY, Id};
use super::order::END;
use super::relation::{DONE, NEVER, Relation};
use super::space::Space;

/// A value to work on.
#[derive(Clone, Copy)]
struct Todo {
    value: u32,
    /// Only steps and probes that are new.
    fresh_only: bool,
}

impl Space {
    /// The states that can be reached from a set.  `closed`: it is closed under all steps that are settled.
    pub fn saturate(&mut self, set: Id, closed: bool) -> Id {
        self.probe_all_fit(set);
        self.saturated(set, 0, closed)
    }

    fn saturated(&mut self, set: Id, from: u32, closed: bool) -> Id {
        if set == EMPTY || self.is_halted() {
            return set;
        }
        let end = self.diagram.position(set);
        let from = self.table.effective(from, end);
        if from == END {
            return set;
        }
        if let Some(known) = self.cache.get(Op::Saturate, set, from) {
            return known;
        }
        let mut made = set;
        if end != END {
            let mut arcs = self.diagram.arcs(set).to_vec();
            let mut todo = Vec::with_capacity(arcs.len());
            for arc in &mut arcs {
                let child = self.saturated(arc.1, end + 1, closed);
                todo.push(Todo { value: arc.0, fresh_only: closed && child == arc.1 });
                arc.1 = child;
            }
            made = self.close(end, arcs, todo);
        }
        let mut below = end;
        while let Some(zero) = self.table.zero_before(from, below) {
            let todo = vec![Todo { value: 0, fresh_only: closed && made == set }];
            made = self.close(zero, vec![(0, made)], todo);
            below = zero;
        }
        self.remember(Op::Saturate, made, from, made);
        self.remember(Op::Saturate, set, from, made)
    }

    /// Takes the steps that begin at a position until they lead to nothing new.  The children are saturated.
    fn close(&mut self, position: u32, mut arcs: Vec<Arc>, mut todo: Vec<Todo>) -> Id {
        let mut probes = todo.clone();
        while let Some(Todo { value, fresh_only }) = todo.pop() {
            let Some(cell) = self.table.cell(position, value) else { continue };
            let count = if fresh_only { cell.fresh_steps.len() } else { cell.steps.len() };
            for at in 0..count {
                if self.is_halted() {
                    break;
                }
                let Ok(place) = arcs.binary_search_by_key(&value, |arc| arc.0) else { break };
                let child = arcs[place].1;
                let cell = self.table.cell(position, value).expect("it was there");
                let row = if fresh_only { cell.fresh_steps[at] } else { cell.steps[at] };
                if !self.is_defined(row, child) {
                    continue;
                }
                let (after, fired) = (row.after, self.fire(child, row.next, position + 1));
                if self.gain(&mut arcs, after, fired) {
                    let again = Todo { value: after, fresh_only: false };
                    let is_planned = todo.iter().any(|todo| todo.value == after && !todo.fresh_only);
                    if !is_planned {
                        todo.push(again);
                    }
                    probes.retain(|probe| probe.value != after);
                    probes.push(again);
                }
            }
        }
        for Todo { value, fresh_only } in probes {
            if let Ok(place) = arcs.binary_search_by_key(&value, |arc| arc.0) {
                self.probe_cell(position, value, arcs[place].1, fresh_only);
            }
        }
        self.check_room();
        self.node(position, &arcs)
    }

    /// Adds a set to what a value leads to; whether that changed anything.
    fn gain(&mut self, arcs: &mut Vec<Arc>, value: u32, child: Id) -> bool {
        let before = arcs.binary_search_by_key(&value, |arc| arc.0).map_or(EMPTY, |at| arcs[at].1);
        self.join(arcs, value, child);
        let now = arcs.binary_search_by_key(&value, |arc| arc.0).map_or(EMPTY, |at| arcs[at].1);
        before != now
    }

    /// What a relation makes of a saturated set, saturated: nodes begin at `from` or later.
    fn fire(&mut self, set: Id, relation: Relation, from: u32) -> Id {
        if set == EMPTY || relation == DONE {
            return set;
        }
        if self.is_halted() || relation == NEVER {
            return EMPTY;
        }
        let joint = self.joint(set, relation);
        let made = match self.cache.get(Op::Fire, set, relation) {
            Some(known) => known,
            None => {
                let mut arcs = Vec::new();
                for at in 0..self.width(set, &joint) {
                    let (value, child) = self.arc(set, &joint, at);
                    for number in 0.. {
                        let Some(row) = self.row(relation, &joint, value, number) else { break };
                        if self.is_defined(row, child) {
                            let child = self.fire(child, row.next, joint.position + 1);
                            self.join(&mut arcs, row.after, child);
                        }
                    }
                }
                let todo = arcs.iter().map(|&(value, _)| Todo { value, fresh_only: false }).collect();
                let made = self.close(joint.position, arcs, todo);
                self.remember(Op::Fire, set, relation, made)
            }
        };
        self.lift(made, joint.position, from)
    }

    /// Saturates a set, which is saturated from `below` on, from `from` on.
    fn lift(&mut self, set: Id, below: u32, from: u32) -> Id {
        if set == EMPTY {
            return EMPTY;
        }
        let from = self.table.effective(from, below);
        if from == below {
            return set;
        }
        if let Some(known) = self.cache.get(Op::Saturate, set, from) {
            return known;
        }
        let (mut made, mut below) = (set, below);
        while let Some(zero) = self.table.zero_before(from, below) {
            made = self.close(zero, vec![(0, made)], vec![Todo { value: 0, fresh_only: false }]);
            below = zero;
        }
        self.remember(Op::Saturate, set, from, made)
    }
}
