//! An order of moments, executed: whether every read gives what it gave.
//!
//! This repeats a history that keeps its level from the solver's answer alone, by the operational definition of
//! the level, so that "holds" never rests on the solver being right.

use super::problem::{Level, Problem};

/// Whether the transactions, started and committed in this order of moments, read what they read.
///
/// Snapshot isolation: reads see the last commit before the start, and no other writer of a written key
/// commits between start and commit.  Prefix: the same without the second.  Serializable: start is commit.
/// Parallel snapshots have no such execution; there the order alone is no proof, and nothing is checked.
pub fn is_executable(problem: &Problem, order: &[u32]) -> bool {
    if problem.level == Level::Parallel {
        return true;
    }
    let facts = problem.facts;
    let mut reads = vec![0usize; facts.count + 1];
    for read in &facts.reads {
        reads[read.reader as usize + 1] += 1;
    }
    for at in 0..facts.count {
        reads[at + 1] += reads[at];
    }
    let mut written: Vec<Vec<u32>> = vec![Vec::new(); facts.count];
    for (writers, key) in facts.writers.iter().zip(0u32..) {
        writers.iter().for_each(|&writer| written[writer as usize].push(key));
    }
    let mut last = vec![(0u32, 0usize); facts.writers.len()];
    let mut started = vec![0usize; facts.count];
    for (moment, &node) in order.iter().enumerate() {
        let Some(number) = problem.transaction(node).filter(|&number| number != 0) else { continue };
        if node == problem.start(number) {
            started[number as usize] = moment;
            let own = &facts.reads[reads[number as usize]..reads[number as usize + 1]];
            if own.iter().any(|read| last[read.key as usize].0 != read.writer) {
                return false;
            }
        }
        if node == problem.commit(number) {
            for &key in &written[number as usize] {
                let (other, when) = last[key as usize];
                let is_late = other != 0 && when > started[number as usize];
                if is_late && problem.level == Level::Snapshot {
                    return false;
                }
                last[key as usize] = (number, moment);
            }
        }
    }
    true
}
