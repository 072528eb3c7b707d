//! The relations of all rules, by the first slot that each is about and the values that it admits there.

use std::collections::HashSet;

use super::order::END;
use super::order::Order;
use super::relation::{NEVER, Relation, Relations, Row};

/// A place where a probe looks.
#[derive(Clone, Copy)]
pub struct Look {
    pub probe: u32,
    pub next: Relation,
    pub is_fresh: bool,
}

/// What there is to do where a slot has a certain value.
#[derive(Clone)]
pub struct Cell {
    /// What steps make of the value, and what they ask for and do below; one for each value after it.
    pub steps: Vec<Row>,
    /// The same of the steps that are new.
    pub fresh_steps: Vec<Row>,
    /// Numbers of probes, and what they ask for below; of each probe the old places come first, then the new.
    pub probes: Vec<Look>,
    /// What any of the probes asks for, and what any of the new ones does.
    pub any: Relation,
    pub any_fresh: Relation,
    /// What steps ask for below.
    pub guards: Vec<Relation>,
}

impl Default for Cell {
    fn default() -> Self {
        Cell {
            steps: Vec::new(),
            fresh_steps: Vec::new(),
            probes: Vec::new(),
            any: NEVER,
            any_fresh: NEVER,
            guards: Vec::new(),
        }
    }
}

impl Cell {
    fn is_empty(&self) -> bool {
        self.steps.is_empty() && self.probes.is_empty() && self.guards.is_empty()
    }
}

#[derive(Default)]
pub struct Table {
    /// By position and value.
    cells: Vec<Vec<Cell>>,
    /// Positions at which something is to be done where the slot holds 0, descending.
    pub zeros: Vec<u32>,
    /// For each position: the first of `zeros` from there on.
    next_zero: Vec<u32>,
    /// Steps and probes that closed sets are closed under, and were probed for.
    pub settled: HashSet<Relation>,
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
        for cell in self.cells.iter_mut().flatten() {
            cell.steps = relations.merged(order, std::mem::take(&mut cell.steps));
            cell.fresh_steps = relations.merged(order, std::mem::take(&mut cell.fresh_steps));
            cell.any = relations.sum(order, cell.probes.iter().map(|look| look.next).collect());
            let fresh = cell.probes.iter().filter(|look| look.is_fresh);
            cell.any_fresh = relations.sum(order, fresh.map(|look| look.next).collect());
        }
        let acts = |cells: &Vec<Cell>| cells.first().is_some_and(|cell| !cell.is_empty());
        let end = self.cells.len() as u32;
        self.zeros = (0..end).rev().filter(|&position| acts(&self.cells[position as usize])).collect();
        self.next_zero = vec![END; self.cells.len() + 1];
        for position in (0..end).rev() {
            let acts = acts(&self.cells[position as usize]);
            self.next_zero[position as usize] =
                if acts { position } else { self.next_zero[position as usize + 1] };
        }
    }

    /// The first position from `position` on at which something is to be done although it is skipped; at most `end`.
    #[inline]
    pub fn effective(&self, position: u32, end: u32) -> u32 {
        self.next_zero.get(position as usize).map_or(end, |&zero| zero.min(end))
    }

    /// The last position before `before`, and not before `from`, at which something is to be done for 0.
    #[inline]
    pub fn zero_before(&self, from: u32, before: u32) -> Option<u32> {
        let at = self.zeros.partition_point(|&zero| zero >= before);
        self.zeros.get(at).copied().filter(|&zero| zero >= from)
    }
}
