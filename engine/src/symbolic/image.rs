//! What steps make of sets, and which states of a set fit a relation.

use super::cache::Op;
use super::diagram::{Arc, EMPTY, Id};
use super::order::END;
use super::relation::{Asked, DONE, NEVER, Relation, Row};
use super::space::Space;
use super::table::{Cell, Looks};

/// How the first node of a set and the first line of a relation lie to each other.
pub struct Joint {
    pub position: u32,
    /// The set's node asks for the slot; if not, all its states hold 0 there.
    asks: bool,
    /// The relation has a line about the slot.
    speaks: bool,
}

impl Space {
    pub fn joint(&self, set: Id, relation: Relation) -> Joint {
        let asks = self.diagram.position(set);
        let speaks = self.diagram.order.position(self.relations.slot(relation));
        let position = asks.min(speaks);
        Joint { position, asks: asks == position, speaks: speaks == position }
    }

    /// How many arcs there are where they meet.
    pub fn width(&self, set: Id, joint: &Joint) -> usize {
        if joint.asks { self.diagram.arc_count(set) } else { 1 }
    }

    /// The arc of that number.
    pub fn arc(&self, set: Id, joint: &Joint, at: usize) -> Arc {
        if joint.asks { self.diagram.arc(set, at) } else { (0, set) }
    }

    /// What a relation, which is no sum, says of the arc of that number, if it admits it; and what follows the arc.
    pub fn meeting(&self, set: Id, relation: Relation, joint: &Joint, at: usize) -> Option<(Row, Id)> {
        let (before, child) = self.arc(set, joint, at);
        if !joint.speaks {
            return Some((Row { before, after: before, next: relation, source: relation }, child));
        }
        Some((self.relations.row(relation, before)?, child))
    }

    /// The rows of any relation for an arc: one after the other, from number 0.
    pub fn row(&mut self, relation: Relation, joint: &Joint, before: u32, number: usize) -> Option<Row> {
        if !joint.speaks {
            let same = Row { before, after: before, next: relation, source: relation };
            return (number == 0).then_some(same);
        }
        match self.relations.ask(&self.diagram.order, relation, before) {
            Asked::One(row) => row.filter(|_| number == 0),
            Asked::Range(from, to) => {
                let at = from + number as u32;
                (at < to).then(|| self.relations.row_of_sum(at))
            }
        }
    }

    /// Every arc of a set that a relation admits.
    pub fn each_start(&self, set: Id, relation: Relation, mut visit: impl FnMut(Arc, Relation)) {
        let joint = self.joint(set, relation);
        for at in 0..self.width(set, &joint) {
            if let Some((row, child)) = self.meeting(set, relation, &joint, at) {
                visit((row.before, child), row.next);
            }
        }
    }

    /// The states that a relation makes of those of a set.
    pub fn image(&mut self, set: Id, relation: Relation) -> Id {
        if relation == NEVER {
            return EMPTY;
        }
        if set == EMPTY || relation == DONE || self.is_halted() {
            return set;
        }
        if let Some(known) = self.cache.get(Op::Image, set, relation) {
            return known;
        }
        let joint = self.joint(set, relation);
        let mut arcs = Vec::new();
        let mut complete = true;
        for at in 0..self.width(set, &joint) {
            let (value, child) = self.arc(set, &joint, at);
            for number in 0.. {
                let Some(row) = self.row(relation, &joint, value, number) else { break };
                if self.is_defined(row, child) {
                    let child = self.image(child, row.next);
                    self.join(&mut arcs, row.after, child);
                } else {
                    complete = false;
                }
            }
        }
        let made = self.node(joint.position, &arcs);
        self.check_room();
        if complete { self.remember(Op::Image, set, relation, made) } else { made }
    }

    /// Adds a set to what a value leads to.
    pub fn join(&mut self, arcs: &mut Vec<Arc>, value: u32, child: Id) {
        if child == EMPTY {
            return;
        }
        match arcs.binary_search_by_key(&value, |arc| arc.0) {
            Ok(at) => arcs[at].1 = self.union(arcs[at].1, child),
            Err(at) => arcs.insert(at, (value, child)),
        }
    }

    /// The node with these arcs, which are in ascending order of values and not empty.
    pub fn node(&mut self, position: u32, arcs: &[Arc]) -> Id {
        let base = self.diagram.stack.len();
        self.diagram.stack.extend_from_slice(arcs);
        let slot = self.diagram.order.slot(position);
        self.diagram.make(slot, base)
    }

    /// The states that all steps together make of a set whose nodes begin at `from` or later.
    pub fn next(&mut self, set: Id, from: u32) -> Id {
        if set == EMPTY || self.is_halted() {
            return EMPTY;
        }
        let end = self.diagram.position(set);
        let from = self.table.acts.effective(from, end);
        if from == END {
            return EMPTY;
        }
        if let Some(known) = self.cache.get(Op::Next, set, from) {
            return known;
        }
        let made = if from < end {
            let below = self.next(set, from + 1);
            self.all_steps(from, &[(0, set)], &[(0, below)])
        } else {
            let arcs = self.diagram.arcs(set).to_vec();
            let below: Vec<Arc> =
                arcs.iter().map(|&(value, child)| (value, self.next(child, from + 1))).collect();
            self.all_steps(from, &arcs, &below)
        };
        self.check_room();
        self.remember(Op::Next, set, from, made)
    }

    fn all_steps(&mut self, position: u32, arcs: &[Arc], below: &[Arc]) -> Id {
        let mut made: Vec<Arc> = below.iter().copied().filter(|arc| arc.1 != EMPTY).collect();
        for &(value, child) in arcs {
            let count = self.table.cell(position, value).map_or(0, |cell| cell.steps.len());
            for at in 0..count {
                let row = self.table.cell(position, value).expect("it was there").steps[at];
                if self.is_defined(row, child) {
                    let child = self.image(child, row.next);
                    self.join(&mut made, row.after, child);
                }
            }
        }
        self.node(position, &made)
    }

    /// The states of a set in which some step is possible.
    pub fn enabled(&mut self, set: Id, from: u32) -> Id {
        if set == EMPTY || self.is_halted() {
            return EMPTY;
        }
        let end = self.diagram.position(set);
        let from = self.table.acts.effective(from, end);
        if from == END {
            return EMPTY;
        }
        if let Some(known) = self.cache.get(Op::Enabled, set, from) {
            return known;
        }
        let arcs = if from < end { vec![(0, set)] } else { self.diagram.arcs(set).to_vec() };
        let mut made = Vec::new();
        for &(value, child) in &arcs {
            let mut some = self.enabled(child, from + 1);
            let count = self.table.cell(from, value).map_or(0, |cell| cell.guards.len());
            for at in 0..count {
                if some == child {
                    break;
                }
                let guard = self.table.cell(from, value).expect("it was there").guards[at];
                let fits = self.select(child, guard);
                some = self.union(some, fits);
            }
            self.join(&mut made, value, some);
        }
        let made = self.node(from, &made);
        self.remember(Op::Enabled, set, from, made)
    }

    /// The states of a set that a relation, of guards alone, admits.
    pub fn select(&mut self, set: Id, guard: Relation) -> Id {
        self.image(set, guard)
    }

    /// Whether a relation admits some state of a set.
    pub fn holds(&mut self, set: Id, relation: Relation) -> bool {
        self.descend(set, relation, false, &mut |_, _| {}).is_some()
    }

    /// Goes down to where a relation has no more to ask: the set of what follows there.  Tells, from the end to
    /// the start, the positions on the way and their values: the first ones, or the last ones, that are admitted.
    pub fn descend(
        &mut self,
        set: Id,
        relation: Relation,
        last: bool,
        told: &mut impl FnMut(u32, u32),
    ) -> Option<Id> {
        if set == EMPTY || relation == DONE || relation == NEVER {
            return (set != EMPTY && relation == DONE).then_some(set);
        }
        if self.cache.get(Op::Nothing, set, relation).is_some() {
            return None;
        }
        let joint = self.joint(set, relation);
        let width = self.width(set, &joint);
        for at in 0..width {
            let (value, child) = self.arc(set, &joint, if last { width - 1 - at } else { at });
            for number in 0.. {
                let Some(row) = self.row(relation, &joint, value, number) else { break };
                if let Some(end) = self.descend(child, row.next, last, told) {
                    told(joint.position, value);
                    return Some(end);
                }
            }
        }
        self.cache.put(Op::Nothing, set, relation, 1); // true even where the space is halted
        None
    }

    /// Makes all probes on a set whose nodes begin at `from` or later.
    pub fn probe(&mut self, set: Id, from: u32) {
        if set == EMPTY || self.is_halted() {
            return;
        }
        let end = self.diagram.position(set);
        let from = self.table.looks.effective(from, end);
        if from == END || self.cache.get(Op::Probed, set, from).is_some() {
            return;
        }
        let arcs = if from < end { vec![(0, set)] } else { self.diagram.arcs(set).to_vec() };
        for &(value, child) in &arcs {
            self.probe(child, from + 1);
            self.look(child, (from, value), |cell| &cell.probes, false);
        }
        self.remember(Op::Probed, set, from, 1);
    }

    /// Makes the probes of one cell for what ends a search, perhaps only those that are new.
    pub fn alarm(&mut self, position: u32, value: u32, child: Id, fresh_only: bool) {
        self.look(child, (position, value), |cell| &cell.alarms, fresh_only);
    }

    fn look(&mut self, child: Id, (position, value): (u32, u32), of: fn(&Cell) -> &Looks, fresh_only: bool) {
        let Some(cell) = self.table.cell(position, value) else { return };
        let (looks, count) = (of(cell), of(cell).all.len());
        let any = if fresh_only { looks.any_fresh } else { looks.any };
        if any == NEVER || !self.holds(child, any) {
            return;
        }
        for at in 0..count {
            let look = of(self.table.cell(position, value).expect("it was there")).all[at];
            let is_due = !self.hit[look.probe as usize] && (look.is_fresh || !fresh_only);
            if is_due && self.holds(child, look.next) {
                self.note(look.probe);
            }
        }
    }

    /// Probes that every state fits.
    pub fn probe_all_fit(&mut self, set: Id) {
        for probe in 0..self.probes.len() as u32 {
            let fits = self.probes[probe as usize].places.iter().any(|place| place.relation == DONE);
            if set != EMPTY && fits {
                self.note(probe);
            }
        }
    }

    /// Whether some step is possible in every state.
    pub fn is_always_enabled(&self) -> bool {
        let mut paths = self.steps();
        paths.any(|(_, path)| path.guard == DONE)
    }
}
