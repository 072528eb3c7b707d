//! Choices that are no choices: one of the two orders would close a circle at once.
//!
//! What Cobra (Tan et al., OSDI 2020) and PolySI (Huang et al., VLDB 2023) call pruning, but over the clocks of
//! sessions: of each session, only the writers between the last one that is known to be earlier and the first one
//! that is known to be later are looked at, so that the number of pairs does not grow with the square of the
//! writers of a key.

use super::problem::{Because, Before, Level, Problem};
use super::reach::Reach;
use crate::isolation::budget::{Budget, Stop};
use crate::isolation::weak::{Base, Graph};

/// What is left.
pub enum Pruned {
    /// A circle of moments that no choice avoids.
    Circle(Vec<u32>),
    /// The choices that are open, and a topological order of what is certain, near the order of invocation where
    /// that is known: choices that follow it are mostly right.
    Open { pairs: Vec<Before>, order: Vec<u32> },
}

/// Decides what is certain, until nothing new follows.
pub fn prune(problem: &mut Problem, base: Base, budget: &mut Budget) -> Result<Pruned, Stop> {
    let groups = groups(problem, base);
    let mut pairs: Option<Vec<Before>> = None;
    loop {
        let edges: Vec<(u32, u32)> = problem.links.iter().map(|link| (link.from, link.to)).collect();
        let graph = Graph::new(problem.nodes, &edges);
        let order = graph.in_order();
        if order.len() < graph.nodes() {
            return Ok(Pruned::Circle(graph.short_circle().unwrap_or_default()));
        }
        let reach = Reach::new(problem, base, &graph, &order, budget)?;
        let before = problem.links.len();
        let open = match pairs.take() {
            Some(open) => open,
            None => {
                let mut position = vec![0; problem.nodes];
                order.iter().zip(0u32..).for_each(|(&node, at)| position[node as usize] = at);
                first_look(problem, &groups, &reach, &position, budget)?
            }
        };
        let mut left = Vec::with_capacity(open.len());
        for pair in open {
            budget.check()?;
            if let Some(because) = is_forced(problem, &reach, pair) {
                problem.decide(pair, because, |from, to| reach.has(from, to));
            } else if let Some(because) = is_forced(problem, &reach, pair.reversed()) {
                problem.decide(pair.reversed(), because, |from, to| reach.has(from, to));
            } else {
                left.push(pair);
            }
        }
        if problem.level == Level::Parallel {
            saturate(problem, &groups, &reach, budget)?;
        }
        if problem.links.len() == before {
            let number = |node| problem.transaction(node).unwrap_or(0);
            let order = if problem.facts.timed { graph.in_order_of(number) } else { order };
            return Ok(Pruned::Open { pairs: left, order });
        }
        pairs = Some(left);
    }
}

/// Per key, its writers in chains along which reachability is monotone.
type Groups = Vec<Vec<Vec<u32>>>;

fn groups(problem: &Problem, base: Base) -> Groups {
    let mut place = vec![(0, 0); problem.facts.count];
    for (session, name) in problem.facts.sessions.iter().zip(1u32..) {
        for (&number, at) in session.iter().zip(0u32..) {
            place[number as usize] = if base == Base::Nothing { (number, 0) } else { (name, at) };
        }
    }
    let of_key = |writers: &Vec<u32>| {
        let mut sorted = writers[1..].to_vec();
        sorted.sort_unstable_by_key(|&number| place[number as usize]);
        sorted.chunk_by(|&a, &b| place[a as usize].0 == place[b as usize].0).map(<[u32]>::to_vec).collect()
    };
    problem.writers.iter().map(of_key).collect()
}

fn is_implied(problem: &Problem, reach: &Reach, before: Before) -> bool {
    let (from, to) = problem.written(before);
    before.earlier != before.later && reach.has(from, to)
}

/// Why the later one cannot be the earlier one, if so.
fn is_forced(problem: &Problem, reach: &Reach, before: Before) -> Option<Because> {
    let other = before.reversed();
    let (from, to) = problem.written(other);
    if reach.has(to, from) {
        return Some(Because::Written);
    }
    // the other order has an edge from each reader of the later one to the earlier one
    let closes = |&&reader: &&u32| {
        let (from, to) = problem.overwritten(reader, before.earlier);
        reader != before.earlier && reach.has(to, from)
    };
    problem.readers(before.key, before.later).iter().find(closes).map(|&reader| Because::Read(reader))
}

/// The pairs that are open at first; edges from readers to the next writers that are known to be later.
fn first_look(
    problem: &mut Problem,
    groups: &Groups,
    reach: &Reach,
    position: &[u32],
    budget: &mut Budget,
) -> Result<Vec<Before>, Stop> {
    let mut open = Vec::new();
    for (key, of_key) in groups.iter().enumerate() {
        let writers = problem.writers[key].clone();
        let key = key as u32;
        for &earlier in &writers {
            budget.check()?;
            let mut next = Vec::new();
            for group in of_key {
                let at = |later: u32| Before { key, earlier, later };
                let known = |later: u32| earlier == 0 || is_implied(problem, reach, at(later));
                let end = group.partition_point(|&later| !known(later));
                next.extend(group.get(end).copied());
                let begin = group.partition_point(|&other| is_implied(problem, reach, at(other).reversed()));
                let rest = group.get(begin..end).unwrap_or_default();
                open.extend(rest.iter().filter(|&&later| later > earlier).map(|&later| at(later)));
            }
            if problem.has_antidependencies() && !problem.readers(key, earlier).is_empty() {
                next.sort_unstable_by_key(|&later| position[problem.commit(later) as usize]);
                for later in nearest(problem, reach, key, &next) {
                    let because = if earlier == 0 { Because::Given } else { Because::Written };
                    problem.decide(Before { key, earlier, later }, because, |from, to| reach.has(from, to));
                }
            }
        }
    }
    Ok(open)
}

/// Those that come after none of the others; they come in a topological order.
fn nearest(problem: &Problem, reach: &Reach, key: u32, next: &[u32]) -> Vec<u32> {
    let mut kept: Vec<u32> = Vec::new();
    for &later in next {
        if !kept.iter().any(|&earlier| is_implied(problem, reach, Before { key, earlier, later })) {
            kept.push(later);
        }
    }
    kept
}

/// Parallel snapshots: a writer of a key that a reader sees is older than the version that it read.
fn saturate(problem: &mut Problem, groups: &Groups, reach: &Reach, budget: &mut Budget) -> Result<(), Stop> {
    for read in &problem.facts.reads {
        budget.check()?;
        let mut found = Vec::new();
        for group in &groups[read.key as usize] {
            let end = group.partition_point(|&other| reach.has(other, read.reader));
            let last = group[..end].iter().rev().find(|&&other| other != read.reader);
            found.extend(last.filter(|&&other| other != read.writer));
        }
        for earlier in found {
            let before = Before { key: read.key, earlier, later: read.writer };
            if !is_implied(problem, reach, before) {
                problem.decide(before, Because::Read(read.reader), |_, _| false);
            }
        }
    }
    Ok(())
}
