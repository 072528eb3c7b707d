//! The relations of all rules, by the first slot that each is about and the values that it admits there.

use super::compile::Mark;
use super::order::{END, Order};
use super::relation::{NEVER, Relation, Relations, Row};
use crate::hashing::FastSet;

/// A place where a probe looks.
#[derive(Clone, Copy)]
pub struct Look {
    pub probe: u32,
    pub next: Relation,
    pub is_fresh: bool,
}

/// Places where probes look, and what any of them asks for.
#[derive(Clone)]
pub struct Looks {
    pub all: Vec<Look>,
    pub any: Relation,
    /// What any of the new ones asks for.
    pub any_fresh: Relation,
}

impl Default for Looks {
    fn default() -> Self {
        Looks { all: Vec::new(), any: NEVER, any_fresh: NEVER }
    }
}

impl Looks {
    fn finish(&mut self, order: &Order, relations: &mut Relations) {
        self.any = relations.sum(order, self.all.iter().map(|look| look.next).collect());
        let fresh = self.all.iter().filter(|look| look.is_fresh);
        self.any_fresh = relations.sum(order, fresh.map(|look| look.next).collect());
    }
}

/// What there is to do where a slot has a certain value.
#[derive(Default, Clone)]
pub struct Cell {
    /// What steps make of the value, and what they ask for and do below; one for each value after it, first the same.
    pub steps: Vec<Row>,
    /// The same of the steps that are new.
    pub fresh_steps: Vec<Row>,
    /// What steps ask for below.
    pub guards: Vec<Relation>,
    /// All probes.
    pub probes: Looks,
    /// Those for what ends a search, and so must be seen as early as possible.
    pub alarms: Looks,
}

/// The positions at which something is to be done where the slot holds 0.
#[derive(Default)]
pub struct Zeros {
    /// Descending.
    positions: Vec<u32>,
    /// For each position: the first one from there on.
    next: Vec<u32>,
}

impl Zeros {
    fn new(cells: &[Vec<Cell>], acts: impl Fn(&Cell) -> bool) -> Zeros {
        let end = cells.len() as u32;
        let acts = |position: &u32| cells[*position as usize].first().is_some_and(&acts);
        let mut zeros = Zeros { positions: (0..end).rev().filter(acts).collect(), next: vec![END] };
        zeros.next.resize(cells.len() + 1, END);
        for position in (0..end).rev() {
            let later = zeros.next[position as usize + 1];
            zeros.next[position as usize] = if acts(&position) { position } else { later };
        }
        zeros
    }

    /// The first position from `position` on at which something is to be done although it is skipped; at most `end`.
    #[inline]
    pub fn effective(&self, position: u32, end: u32) -> u32 {
        self.next.get(position as usize).map_or(end, |&zero| zero.min(end))
    }

    /// The last position before `before`, and not before `from`, at which something is to be done for 0.
    #[inline]
    pub fn before(&self, from: u32, before: u32) -> Option<u32> {
        let at = self.positions.partition_point(|&zero| zero >= before);
        self.positions.get(at).copied().filter(|&zero| zero >= from)
    }
}

#[derive(Default)]
pub struct Table {
    /// By position and value.
    cells: Vec<Vec<Cell>>,
    /// Where there are steps, or alarms.
    pub acts: Zeros,
    /// Where there are probes.
    pub looks: Zeros,
    /// Footprints of steps that closed sets are closed under, and of alarms that none of their states raises.
    pub settled: FastSet<Mark>,
}

impl Table {
    pub fn reset(&mut self, positions: u32) {
        self.cells = vec![Vec::new(); positions as usize];
    }

    pub fn cell_mut(&mut self, position: u32, value: u32) -> &mut Cell {
        let cells = &mut self.cells[position as usize];
        if cells.len() <= value as usize {
            cells.resize(value as usize + 1, Cell::default());
        }
        &mut cells[value as usize]
    }

    #[inline]
    pub fn cell(&self, position: u32, value: u32) -> Option<&Cell> {
        self.cells[position as usize].get(value as usize)
    }

    pub fn finish(&mut self, order: &Order, relations: &mut Relations) {
        for (value, cell) in self.cells.iter_mut().flat_map(|cells| cells.iter_mut().enumerate()) {
            for steps in [&mut cell.steps, &mut cell.fresh_steps] {
                *steps = relations.merged(order, std::mem::take(steps));
                steps.sort_by_key(|row| row.after as usize != value);
            }
            cell.probes.finish(order, relations);
            cell.alarms.finish(order, relations);
        }
        let acts =
            |cell: &Cell| !(cell.steps.is_empty() && cell.guards.is_empty() && cell.alarms.all.is_empty());
        self.acts = Zeros::new(&self.cells, acts);
        self.looks = Zeros::new(&self.cells, |cell| !cell.probes.all.is_empty());
    }
}
