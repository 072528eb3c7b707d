//! The order that is given from outside: sessions, and real time.

use super::{Facts, Sink, Why};

/// Which order a variant of a level adds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Base {
    Nothing,
    Sessions,
    /// Sessions and real time.
    Time,
}

impl Base {
    /// At least sessions.
    pub fn with_sessions(self) -> Base {
        if self == Base::Nothing { Base::Sessions } else { self }
    }
}

/// The edges of a base order; the number of nodes comes back.
///
/// Real time is a chain of nodes of its own, so that its edges are linear in the history: a transaction leads to
/// the first moment at which something is invoked after its return, moments lead to the next, and to what is
/// invoked then.
pub fn base_edges(facts: &Facts, base: Base, sink: &mut impl Sink) -> usize {
    if base != Base::Nothing {
        for session in &facts.sessions {
            session.windows(2).for_each(|pair| sink.edge(pair[0], pair[1], Why::Session));
        }
        facts.branches.iter().for_each(|&(before, after)| sink.edge(before, after, Why::Session));
    }
    if base == Base::Time && facts.timed { time_edges(facts, sink) } else { facts.count }
}

fn time_edges(facts: &Facts, sink: &mut impl Sink) -> usize {
    let mut returned: Vec<(i64, u32)> = (1..facts.count as u32)
        .filter(|&number| facts.returned[number as usize] != i64::MAX)
        .map(|number| (facts.returned[number as usize], number))
        .collect();
    returned.sort_unstable();
    let mut invoked: Vec<(i64, u32)> =
        (1..facts.count as u32).map(|number| (facts.invoked[number as usize], number)).collect();
    invoked.sort_unstable();
    let mut moment: Option<u32> = None;
    let mut nodes = facts.count as u32;
    let mut done = 0;
    for (at, number) in invoked {
        let from = done;
        while done < returned.len() && returned[done].0 < at {
            done += 1;
        }
        if done > from {
            if let Some(last) = moment {
                sink.edge(last, nodes, Why::RealTime);
            }
            for &(_, finished) in &returned[from..done] {
                sink.edge(finished, nodes, Why::RealTime);
            }
            moment = Some(nodes);
            nodes += 1;
        }
        if let Some(now) = moment {
            sink.edge(now, number, Why::RealTime);
        }
    }
    nodes as usize
}
