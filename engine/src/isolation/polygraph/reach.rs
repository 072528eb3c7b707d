//! Which moments come before which: by the clocks of chains where sessions are chains, else by rows of bits.

use super::problem::Problem;
use crate::isolation::budget::{Budget, Stop};
use crate::isolation::weak::{Base, Graph};

/// What is reachable; every node reaches itself.
pub enum Reach {
    /// Per node: how many nodes of each chain reach it.
    Chains { width: usize, rows: Vec<u32>, place: Vec<(u32, u32)> },
    /// Per node: which nodes reach it.
    Bits { words: usize, rows: Vec<u64> },
}

impl Reach {
    /// From a graph without circles, whose nodes come in a topological order.
    pub fn new(
        problem: &Problem,
        base: Base,
        graph: &Graph,
        order: &[u32],
        budget: &mut Budget,
    ) -> Result<Reach, Stop> {
        let chains = problem.facts.sessions.len() + 1;
        let words = graph.nodes().div_ceil(64);
        if base == Base::Nothing || words * 2 <= chains {
            Reach::bits(words, graph, order, budget)
        } else {
            Reach::chains(problem, chains, graph, order, budget)
        }
    }

    fn bits(words: usize, graph: &Graph, order: &[u32], budget: &mut Budget) -> Result<Reach, Stop> {
        budget.affords((graph.nodes() * words * 8) as u64)?;
        let mut rows = vec![0u64; graph.nodes() * words];
        let mut own = vec![0u64; words];
        for &node in order {
            budget.check()?;
            let row = &mut rows[node as usize * words..][..words];
            row[node as usize / 64] |= 1 << (node % 64);
            own.copy_from_slice(row);
            for &next in graph.after(node) {
                let row = &mut rows[next as usize * words..][..words];
                row.iter_mut().zip(&own).for_each(|(mine, &theirs)| *mine |= theirs);
            }
        }
        Ok(Reach::Bits { words, rows })
    }

    fn chains(
        problem: &Problem,
        width: usize,
        graph: &Graph,
        order: &[u32],
        budget: &mut Budget,
    ) -> Result<Reach, Stop> {
        budget.affords((graph.nodes() * width * 4) as u64)?;
        let mut place = vec![(u32::MAX, u32::MAX); graph.nodes()];
        let initial = [vec![0]];
        for (chain, session) in problem.facts.sessions.iter().chain(&initial).enumerate() {
            let mut at = 0;
            for &number in session {
                for node in problem.start(number)..=problem.commit(number) {
                    place[node as usize] = (chain as u32, at);
                    at += 1;
                }
            }
        }
        let mut rows = vec![0u32; graph.nodes() * width];
        let mut own = vec![0u32; width];
        for &node in order {
            budget.check()?;
            let row = &mut rows[node as usize * width..][..width];
            let (chain, at) = place[node as usize];
            if chain != u32::MAX {
                row[chain as usize] = at + 1;
            }
            own.copy_from_slice(row);
            for &next in graph.after(node) {
                let row = &mut rows[next as usize * width..][..width];
                row.iter_mut().zip(&own).for_each(|(mine, &theirs)| *mine = (*mine).max(theirs));
            }
        }
        Ok(Reach::Chains { width, rows, place })
    }

    /// Whether there is a path; `from` is a moment of a transaction.
    pub fn has(&self, from: u32, to: u32) -> bool {
        match self {
            Reach::Chains { width, rows, place } => {
                let (chain, at) = place[from as usize];
                at < rows[to as usize * width + chain as usize]
            }
            Reach::Bits { words, rows } => {
                rows[to as usize * words + from as usize / 64] >> (from % 64) & 1 == 1
            }
        }
    }
}
