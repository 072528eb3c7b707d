//! A short circle of transactions that proves that a level is broken, with the reason for every step.

use super::causal::causality;
use super::graph::Graph;
use super::{Base, Budget, Facts, Level, Stop, Why, emit};
use crate::hashing::FastMap;

/// One transaction commits before another.
#[derive(Clone, Debug)]
pub struct Step {
    pub source: u32,
    pub target: u32,
    pub why: Why,
    /// Where a reader had to see the source: how it came to see it, as steps from the source to the reader.
    pub seen: Vec<Step>,
}

impl Step {
    /// All that it speaks of.
    pub fn transactions(&self) -> Vec<u32> {
        let reader = match self.why {
            Why::Overwritten { reader, .. } => reader,
            _ => self.source,
        };
        let seen = self.seen.iter().flat_map(Step::transactions);
        [self.source, self.target, reader].into_iter().chain(seen).collect()
    }

    /// Gives the transactions other numbers.
    pub fn rename(&mut self, names: &[u32]) {
        (self.source, self.target) = (names[self.source as usize], names[self.target as usize]);
        if let Why::Overwritten { reader, .. } = &mut self.why {
            *reader = names[*reader as usize];
        }
        self.seen.iter_mut().for_each(|step| step.rename(names));
    }
}

/// The circle; there is one, as `edges` are not acyclic, or one of them ends in the initial transaction.
pub fn circle(
    facts: &Facts,
    level: Level,
    base: Base,
    budget: &mut Budget,
    nodes: usize,
    edges: &[(u32, u32)],
) -> Result<Vec<Step>, Stop> {
    let nodes_in_circle = match edges.iter().find(|edge| edge.1 == 0) {
        Some(&(before, _)) => vec![before, 0],
        None => Graph::new(nodes, edges).short_circle().unwrap_or_default(),
    };
    let steps = explained(facts, level, base, budget, &nodes_in_circle)?;
    let causal = causality(facts, if level == Level::Causal { base.with_sessions() } else { base });
    Ok(steps.into_iter().map(|step| with_sight(facts, level, base, &causal, step)).collect())
}

/// The steps of a circle of nodes, with time nodes left out, and the simplest reason for each.
fn explained(
    facts: &Facts,
    level: Level,
    base: Base,
    budget: &mut Budget,
    nodes: &[u32],
) -> Result<Vec<Step>, Stop> {
    let mut wanted: FastMap<(u32, u32), Option<Why>> = FastMap::default();
    for (at, &node) in nodes.iter().enumerate() {
        wanted.insert((node, nodes[(at + 1) % nodes.len()]), None);
    }
    let mut note = |before: u32, after: u32, why: Why| {
        if let Some(known) = wanted.get_mut(&(before, after)) {
            if known.is_none_or(|known| rank(why) < rank(known)) {
                *known = Some(why);
            }
        }
    };
    emit(facts, level, base, budget, &mut note)?;
    let real: Vec<usize> = (0..nodes.len()).filter(|&at| (nodes[at] as usize) < facts.count).collect();
    let steps = real.iter().enumerate().map(|(place, &at)| {
        let next = real[(place + 1) % real.len()];
        let (source, target) = (nodes[at], nodes[next]);
        let why = wanted.get(&(source, target)).copied().flatten().unwrap_or(Why::RealTime);
        Step { source, target, why, seen: Vec::new() }
    });
    Ok(steps.filter(|step| step.source != 0).collect())
}

fn rank(why: Why) -> u8 {
    match why {
        Why::Reads { .. } => 0,
        Why::Session => 1,
        Why::Order { .. } => 2,
        Why::RealTime => 3,
        Why::Overwritten { .. } => 4,
    }
}

/// Adds how the reader came to see the source of a step.
fn with_sight(facts: &Facts, level: Level, base: Base, causal: &Graph, step: Step) -> Step {
    let Why::Overwritten { reader, .. } = step.why else { return step };
    let direct = |from: u32, to: u32| direct_reason(facts, base, from, to);
    let seen = match (level, direct(step.source, reader)) {
        (Level::Causal, None) => {
            let path = causal.path(step.source, reader).unwrap_or_default();
            let real: Vec<u32> = path.into_iter().filter(|&node| (node as usize) < facts.count).collect();
            real.windows(2)
                .map(|pair| Step {
                    source: pair[0],
                    target: pair[1],
                    why: direct_reason(facts, base.with_sessions(), pair[0], pair[1]).unwrap_or(Why::Session),
                    seen: Vec::new(),
                })
                .collect()
        }
        (_, why) => vec![Step {
            source: step.source,
            target: reader,
            why: why.unwrap_or(Why::Session),
            seen: Vec::new(),
        }],
    };
    Step { seen, ..step }
}

/// Why a transaction is directly visible to another one; None where only sessions can be the reason, or nothing is.
fn direct_reason(facts: &Facts, base: Base, from: u32, to: u32) -> Option<Why> {
    let start = facts.reads.partition_point(|read| read.reader < to);
    let reads = facts.reads[start..].iter().take_while(|read| read.reader == to);
    if let Some(read) = reads.into_iter().find(|read| read.writer == from) {
        return Some(Why::Reads { key: read.key });
    }
    let same_session = facts.sessions.iter().any(|session| {
        let place = |number: u32| session.iter().position(|&other| other == number);
        place(from).zip(place(to)).is_some_and(|(a, b)| a < b)
    });
    if base != Base::Nothing && (same_session || facts.branches.contains(&(from, to))) {
        return Some(Why::Session);
    }
    let in_time = facts.timed && facts.returned[from as usize] < facts.invoked[to as usize];
    (base == Base::Time && in_time).then_some(Why::RealTime)
}
