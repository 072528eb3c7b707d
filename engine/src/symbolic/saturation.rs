//! All states that are reachable: saturation.
//!
//! After Ciardo, Lüttgen and Siminiceanu, "Saturation: an efficient iteration strategy for symbolic state-space
//! generation" (TACAS 2001).  A node is saturated when no step that is only about its slot and later ones leads out
//! of it; nodes are saturated from the last slot to the first.  So what a part of the system can do by itself is
//! found out once, and intermediate sets stay small.
//!
//! Three things are different here.  Nodes that skip a slot hold 0 there, so steps that are possible at 0 must be
//! taken on the way from a node to its parent.  What a step makes of a set is saturated as a whole, not on the way:
//! so images outlast the rules that are known, and measured on Raft it takes less time.  And steps are learned
//! between rounds: what was closed under the steps known before is closed under all, if the new ones change nothing.
//!
//! A round that is broken off gives a set between the one that it was given and what is reachable.

use super::cache::Op;
use super::diagram::{Arc, EMPTY, Id};
use super::order::END;
use super::relation::Relation;
use super::space::Space;

/// A value to work on.
#[derive(Clone, Copy)]
struct Todo {
    value: u32,
    /// Only steps and alarms that are new.
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
        let from = self.table.acts.effective(from, end);
        if from == END {
            return set;
        }
        if let Some(known) = self.cache.get(Op::Saturate, set, from) {
            return known;
        }
        // What the settled steps make of it, if that is still known, saves taking them again.
        let settled = if closed { Some(set) } else { self.cache.get_settled(Op::Saturate, set, from) };
        let start = settled.unwrap_or(set);
        let made = self.saturated_anew(start, from, settled.is_some());
        self.remember(Op::Saturate, made, from, made);
        self.remember(Op::Saturate, set, from, made)
    }

    fn saturated_anew(&mut self, set: Id, from: u32, closed: bool) -> Id {
        let end = self.diagram.position(set);
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
        while let Some(zero) = self.table.acts.before(from, below) {
            let todo = vec![Todo { value: 0, fresh_only: closed && made == set }];
            made = self.close(zero, vec![(0, made)], todo);
            below = zero;
        }
        made
    }

    /// What a relation makes of a set, saturated from `from` on.
    fn fire(&mut self, set: Id, relation: Relation, from: u32) -> Id {
        let made = self.image(set, relation);
        self.saturated(made, from, false)
    }

    /// Takes the steps that begin at a position until they lead to nothing new.  The children are saturated.
    fn close(&mut self, position: u32, mut arcs: Vec<Arc>, mut todo: Vec<Todo>) -> Id {
        let mut alarms = todo.clone();
        while let Some(Todo { value, mut fresh_only }) = todo.pop() {
            let mut at = 0;
            while let (Some(cell), false) = (self.table.cell(position, value), self.is_halted()) {
                let rows = if fresh_only { &cell.fresh_steps } else { &cell.steps };
                let Some(&row) = rows.get(at) else { break };
                let Ok(place) = arcs.binary_search_by_key(&value, |arc| arc.0) else { break };
                let child = arcs[place].1;
                at += 1;
                if !self.is_defined(row, child) {
                    continue;
                }
                let (after, fired) = (row.after, self.fire(child, row.next, position + 1));
                if !self.gain(&mut arcs, after, fired) {
                    continue;
                }
                alarms.retain(|alarm| alarm.value != after);
                alarms.push(Todo { value: after, fresh_only: false });
                if after == value {
                    (at, fresh_only) = (0, false); // first all that leaves the value as it is, then the rest once
                } else if !todo.iter().any(|todo| todo.value == after && !todo.fresh_only) {
                    todo.push(Todo { value: after, fresh_only: false });
                }
            }
        }
        for Todo { value, fresh_only } in alarms {
            if let Ok(place) = arcs.binary_search_by_key(&value, |arc| arc.0) {
                self.alarm(position, value, arcs[place].1, fresh_only);
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
}
