//! Some of the transactions of a history: what is true of them is true of all.

use super::budget::Stop;
use super::facts::{Facts, Read};

const GONE: u32 = u32::MAX;

/// The facts of some transactions, which are renumbered in their order; number 0 is kept in any case.
///
/// Reads from transactions that are left out are left out, so that what breaks a level here breaks it in the
/// whole: leaving out a transaction that nobody reads from only takes away constraints.
pub fn subset(facts: &Facts, kept: &[u32]) -> Facts {
    let mut number = vec![GONE; facts.count];
    number[0] = 0;
    let mut all = vec![0u32];
    let mut sorted = kept.to_vec();
    sorted.sort_unstable();
    for old in sorted.into_iter().filter(|&old| old != 0) {
        number[old as usize] = all.len() as u32;
        all.push(old);
    }
    let new = |old: u32| Some(number[old as usize]).filter(|&new| new != GONE);
    let pick = |of: &[i64]| all.iter().map(|&old| of[old as usize]).collect();
    let mut reads: Vec<Read> = Vec::new();
    for &old in &all {
        let start = facts.reads.partition_point(|read| read.reader < old);
        let own = facts.reads[start..].iter().take_while(|read| read.reader == old);
        reads.extend(own.filter_map(|read| {
            Some(Read { reader: new(read.reader)?, key: read.key, writer: new(read.writer)?, at: read.at })
        }));
    }
    let sessions: Vec<Vec<u32>> = facts
        .sessions
        .iter()
        .map(|session| session.iter().filter_map(|&old| new(old)).collect::<Vec<u32>>())
        .filter(|session| !session.is_empty())
        .collect();
    Facts {
        count: all.len(),
        row: all.iter().map(|&old| facts.row[old as usize]).collect(),
        sessions,
        branches: branches(facts, &number),
        reads,
        writers: facts
            .writers
            .iter()
            .map(|writers| writers.iter().filter_map(|&old| new(old)).collect())
            .collect(),
        order: order(facts, &number),
        invoked: pick(&facts.invoked),
        returned: pick(&facts.returned),
        timed: facts.timed,
    }
}

/// Leaves out transactions while the rest stays broken: first big pieces of them, at last one by one.
///
/// What stays broken with fewer transactions is broken with more, so that at the end every one is needed.
pub fn minimise(
    core: &mut Vec<u32>,
    mut is_broken: impl FnMut(&[u32]) -> Result<bool, Stop>,
) -> Result<(), Stop> {
    let mut piece = core.len().div_ceil(2);
    loop {
        let mut at = 0;
        while at < core.len() {
            let end = (at + piece).min(core.len());
            let rest: Vec<u32> = core[..at].iter().chain(&core[end..]).copied().collect();
            if is_broken(&rest)? {
                *core = rest;
            } else {
                at = end;
            }
        }
        if piece <= 1 {
            return Ok(());
        }
        piece = piece.div_ceil(2);
    }
}

/// Of the transactions before a pending one, the last that is kept.
fn branches(facts: &Facts, number: &[u32]) -> Vec<(u32, u32)> {
    let kept = facts.branches.iter().filter(|branch| number[branch.1 as usize] != GONE);
    kept.filter_map(|&(before, after)| {
        let session = facts.sessions.iter().find(|session| session.contains(&before))?;
        let until = session.iter().position(|&other| other == before)?;
        let last = session[..=until].iter().rev().find(|&&other| number[other as usize] != GONE)?;
        Some((number[*last as usize], number[after as usize]))
    })
    .collect()
}

/// Certain version order between those that are kept, also where it led over others.
fn order(facts: &Facts, number: &[u32]) -> Vec<(u32, u32, u32)> {
    if facts.order.is_empty() {
        return Vec::new();
    }
    let mut sorted = facts.order.clone();
    sorted.sort_unstable();
    let after = |key: u32, earlier: u32| {
        let start = sorted.partition_point(|edge| (edge.0, edge.1) < (key, earlier));
        sorted[start..].iter().take_while(move |edge| (edge.0, edge.1) == (key, earlier)).map(|edge| edge.2)
    };
    let mut found = Vec::new();
    for &(key, earlier, _) in sorted.iter().filter(|edge| number[edge.1 as usize] != GONE) {
        let mut todo: Vec<u32> = after(key, earlier).collect();
        let mut seen = todo.clone();
        while let Some(later) = todo.pop() {
            if number[later as usize] != GONE {
                found.push((key, number[earlier as usize], number[later as usize]));
                continue;
            }
            for next in after(key, later) {
                if !seen.contains(&next) {
                    seen.push(next);
                    todo.push(next);
                }
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}
