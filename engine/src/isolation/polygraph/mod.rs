//! Levels that depend on the order of versions, where it is not known: prefix consistency, parallel snapshots,
//! snapshot isolation and serializability, as polygraphs (Papadimitriou 1979).

mod certificate;
mod clauses;
mod explain;
mod order;
mod problem;
mod proof;
mod prune;
mod reach;
mod solver;

pub use explain::{Arc, Kind};
pub use problem::{Before, Level};
pub use proof::{Case, Proof};

use super::budget::{Budget, Stop};
use super::facts::Facts;
use super::weak::{self, Base};
use explain::Explainer;
use problem::Problem;
use proof::{Question, core_of, core_of_links};
use prune::{Pruned, prune};
use solver::{Solved, solve};

/// What was found out.
pub enum Answer {
    Kept,
    /// Transactions that break the level by themselves.
    Broken(Vec<u32>),
    /// Given up; so many pairs of writers were open, after so many conflicts.
    Stopped {
        stop: Stop,
        open: usize,
        conflicts: u64,
    },
    /// The solver's answer could not be executed: a bug of ours.
    Wrong,
}

/// Numbers about a check.
#[derive(Default, Clone, Copy, Debug)]
pub struct Effort {
    /// Orders of two writers that were found by pruning.
    pub decisions: usize,
    /// Pairs of writers that were left to the search.
    pub open: usize,
}

/// Judges a level.
///
/// A stronger level or base order is tried first where that is the easier question: with sessions there are
/// chains, and snapshot isolation has no paths to forbid.  If it is kept, so is what was asked; if it is broken
/// without need of what makes it stronger, so is what was asked, too.
pub fn judge(facts: &Facts, level: Level, base: Base, budget: &mut Budget) -> (Answer, Effort) {
    if base == Base::Nothing {
        match judge(facts, level, Base::Sessions, budget) {
            (Answer::Kept, effort) => return (Answer::Kept, effort),
            (Answer::Broken(core), effort) => {
                let proof = Question { facts, level, base: Base::Sessions }.proof(core, budget);
                if !proof.cases.is_empty() && !proof.cases.iter().any(Case::needs_base) {
                    return (Answer::Broken(proof.core), effort);
                }
            }
            _ => {}
        }
    } else if level == Level::Parallel {
        if let (Answer::Kept, effort) = attempt(facts, Level::Snapshot, base, budget) {
            return (Answer::Kept, effort);
        }
    }
    attempt(facts, level, base, budget)
}

/// Why a level is broken, from transactions that break it.
///
/// Where a weaker level is broken as well, its few transactions may do with fewer.
pub fn prove(facts: &Facts, level: Level, base: Base, core: Vec<u32>, budget: &mut Budget) -> Proof {
    let question = Question { facts, level, base };
    let proof = question.proof(core, budget);
    let weaker = if base == Base::Nothing { weak::Level::Atomic } else { weak::Level::Causal };
    if let Ok(Some((circle, _))) = weak::judge(facts, weaker, base, budget) {
        let other = question.proof(weak::transactions(&circle), budget);
        let is_better = other.core.len() < proof.core.len();
        if !other.cases.is_empty() && (proof.cases.is_empty() || is_better) {
            return other;
        }
    }
    proof
}

fn attempt(facts: &Facts, level: Level, base: Base, budget: &mut Budget) -> (Answer, Effort) {
    let mut problem = Problem::new(facts, level, base);
    let pruned = prune(&mut problem, base, budget);
    let mut effort = Effort { decisions: problem.decisions.len(), open: 0 };
    let answer = match pruned {
        Err(stop) => Answer::Stopped { stop, open: 0, conflicts: 0 },
        Ok(Pruned::Circle(nodes)) => Answer::Broken(core_of(&problem, base, &nodes)),
        Ok(Pruned::Open { pairs, order }) => {
            effort.open = pairs.len();
            search(&problem, base, &pairs, &order, budget)
        }
    };
    (answer, effort)
}

fn search(problem: &Problem, base: Base, pairs: &[Before], order: &[u32], budget: &mut Budget) -> Answer {
    match solve(problem, base, pairs, order, budget) {
        Solved::Kept { order } if certificate::is_executable(problem, &order) => Answer::Kept,
        Solved::Kept { .. } => Answer::Wrong,
        Solved::Stopped { stop, conflicts, open } => Answer::Stopped { stop, open, conflicts },
        Solved::Broken { pairs, certain } => {
            let explainer = Explainer::new(problem, base);
            let links: Vec<u32> =
                certain.iter().flat_map(|&(from, to)| explainer.links(&[from, to], false)).collect();
            let mut core = core_of_links(&explainer, problem, &links);
            for pair in pairs {
                core.extend([pair.earlier, pair.later]);
                core.extend(problem.readers(pair.key, pair.earlier));
                core.extend(problem.readers(pair.key, pair.later));
            }
            Answer::Broken(core)
        }
    }
}
