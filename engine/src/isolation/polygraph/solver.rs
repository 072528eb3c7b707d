//! The choices that are left after pruning, by conflict-driven search over acyclic graphs.
//!
//! Every choice is a variable; each of its values brings edges.  A circle is a conflict: the clause that forbids
//! its literals is learned, the shortest in literals that a breadth-first search finds.  A free choice follows the
//! topological order of the moment, which is why a history that keeps its level is mostly decided without any
//! conflict (VeriStrong's order-guided polarity, VLDB 2026, with the order as it stands rather than a fixed one).

use super::clauses::Clauses;
use super::order::Order;
use super::problem::{Before, Level, Problem};
use super::reach::Reach;
use crate::isolation::budget::{Budget, Stop};
use crate::isolation::weak::{Base, Graph};

/// How a search ended.
pub enum Solved {
    /// A topological order of the moments that respects one way to choose.
    Kept { order: Vec<u32> },
    /// No way; these pairs, and certain edges, take part in the proof.
    Broken { pairs: Vec<Before>, certain: Vec<(u32, u32)> },
    /// Given up; so many pairs of writers were open.
    Stopped { stop: Stop, conflicts: u64, open: usize },
}

struct Search<'a, 'b> {
    problem: &'a Problem<'b>,
    base: Base,
    pairs: &'a [Before],
    clauses: Clauses,
    order: Order,
    /// How much of the trail is in the order.
    applied: usize,
    /// How many edges there were before each literal of the trail.
    edges: Vec<usize>,
    conflicts: u64,
}

/// Decides the pairs that pruning left open.
///
/// `order` is a topological order of what is certain.
pub fn solve(problem: &Problem, base: Base, pairs: &[Before], order: &[u32], budget: &mut Budget) -> Solved {
    let edges: Vec<(u32, u32)> = problem.links.iter().map(|link| (link.from, link.to)).collect();
    let order = Order::new(problem.nodes, &edges, order);
    let mut pairs = pairs.to_vec();
    pairs.sort_by_cached_key(|pair| {
        order.position(problem.commit(pair.earlier)).max(order.position(problem.commit(pair.later)))
    });
    let mut search = Search {
        problem,
        base,
        pairs: &pairs,
        clauses: Clauses::new(pairs.len()),
        order,
        applied: 0,
        edges: Vec::with_capacity(pairs.len()),
        conflicts: 0,
    };
    match search.run(budget) {
        Ok(true) => Solved::Kept { order: search.order.nodes() },
        Ok(false) => {
            let touched = &search.clauses.touched;
            let pairs = search.pairs.iter().zip(touched).filter(|(_, touched)| **touched);
            let pairs = pairs.map(|(pair, _)| *pair).collect();
            Solved::Broken { pairs, certain: search.order.certain.iter().copied().collect() }
        }
        Err(stop) => Solved::Stopped { stop, conflicts: search.conflicts, open: pairs.len() },
    }
}

impl Search<'_, '_> {
    fn run(&mut self, budget: &mut Budget) -> Result<bool, Stop> {
        let mut restart = Luby::default();
        let mut until = restart.next();
        loop {
            budget.check()?;
            let Some(conflict) = self.propagate() else {
                if let Some(variable) = self.clauses.pick() {
                    self.clauses.decide(self.preferred(variable));
                    continue;
                }
                let skews =
                    if self.problem.level == Level::Parallel { self.skews(budget)? } else { Vec::new() };
                if skews.is_empty() {
                    return Ok(true);
                }
                self.conflicts += skews.len() as u64;
                self.clauses.back_to(0);
                self.retreat();
                if !skews.into_iter().all(|clause| self.clauses.add(clause)) {
                    return Ok(false);
                }
                continue;
            };
            self.conflicts += 1;
            if !self.clauses.learn(&conflict) {
                return Ok(false);
            }
            self.retreat();
            if self.conflicts >= until {
                until = self.conflicts + restart.next();
                self.clauses.back_to(0);
                self.retreat();
            }
        }
    }

    /// The value that agrees with the order as it is.
    fn preferred(&self, variable: u32) -> u32 {
        let pair = self.pairs[variable as usize];
        let at = |number: u32| self.order.position(self.problem.commit(number));
        2 * variable + u32::from(at(pair.earlier) > at(pair.later))
    }

    fn before(&self, literal: u32) -> Before {
        let pair = self.pairs[literal as usize / 2];
        if literal & 1 == 0 { pair } else { pair.reversed() }
    }

    /// Takes back the edges of literals that are no longer on the trail.
    fn retreat(&mut self) {
        let kept = self.clauses.unchanged();
        if self.applied > kept {
            self.order.take_back(self.edges[kept]);
            self.edges.truncate(kept);
            self.applied = kept;
        }
    }

    /// Clauses first, then the graph, until nothing moves; a clause that is false comes back.
    fn propagate(&mut self) -> Option<Vec<u32>> {
        loop {
            if let Some(conflict) = self.clauses.propagate() {
                return Some(conflict);
            }
            let literal = *self.clauses.trail.get(self.applied)?;
            self.edges.push(self.order.added());
            self.applied += 1;
            if let Err(mut circle) = self.apply(literal) {
                circle.push(literal);
                return Some(forbidding(circle));
            }
        }
    }

    fn apply(&mut self, literal: u32) -> Result<(), Vec<u32>> {
        let before = self.before(literal);
        let (from, to) = self.problem.written(before);
        self.order.add(from, to, literal)?;
        if self.problem.has_antidependencies() {
            for &reader in self.problem.readers(before.key, before.earlier) {
                if reader != before.later {
                    let (from, to) = self.problem.overwritten(reader, before.later);
                    self.order.add(from, to, literal)?;
                }
            }
        }
        Ok(())
    }

    /// Parallel snapshots: readers that have to see a later version than they read, as clauses that forbid it.
    fn skews(&mut self, budget: &mut Budget) -> Result<Vec<Vec<u32>>, Stop> {
        const MANY: usize = 2000;
        let graph = Graph::new(self.problem.nodes, &self.order.edges());
        let reach = Reach::new(self.problem, self.base, &graph, &self.order.nodes(), budget)?;
        let mut found = Vec::new();
        for read in &self.problem.facts.reads {
            budget.check()?;
            let (older, reader) = (read.writer, read.reader);
            for &newer in &self.problem.writers[read.key as usize] {
                let is_skew = newer != older && newer != reader && newer != 0;
                if !(is_skew && reach.has(newer, reader) && (older == 0 || reach.has(older, newer))) {
                    continue;
                }
                let mut path = self.order.path(newer, reader).unwrap_or_default();
                if older != 0 {
                    path.extend(self.order.path(older, newer).unwrap_or_default());
                }
                found.push(forbidding(path));
            }
            if found.len() > MANY {
                break;
            }
        }
        Ok(found)
    }
}

/// The clause that not all of these literals are true.
fn forbidding(mut literals: Vec<u32>) -> Vec<u32> {
    literals.iter_mut().for_each(|literal| *literal ^= 1);
    literals.sort_unstable();
    literals.dedup();
    literals
}

/// Lengths of runs between restarts (Luby, Sinclair and Zuckerman 1993).
#[derive(Default)]
struct Luby {
    u: u64,
    v: u64,
}

impl Luby {
    fn next(&mut self) -> u64 {
        const UNIT: u64 = 100;
        if self.u == 0 {
            (self.u, self.v) = (1, 1);
        } else if self.u & self.u.wrapping_neg() == self.v {
            (self.u, self.v) = (self.u + 1, 1);
        } else {
            self.v *= 2;
        }
        UNIT * self.v
    }
}
