//! Levels up to causal consistency: which transactions must commit before which, and whether that is a circle.
//!
//! After "AWDIT: An Optimal Weak Database Isolation Tester" (Møldrup and Pavlogiannis, PLDI 2025), with the axioms
//! of Biswas and Enea (OOPSLA 2019).  Each level demands, for every read of a key by t3 from t1 and every other
//! writer t2 of the key that t3 has to see, that t2 commits before t1.  It is kept exactly where these edges,
//! with reads-from, the base order and the certain version order, are acyclic: the rules are Horn clauses over
//! one order, so the least order decides.

mod atomic;
mod base;
mod causal;
mod graph;
mod monotonic;
mod witness;
mod written;

pub use base::Base;
pub use witness::Step;

use super::budget::{Budget, Stop};
use super::facts::Facts;
use super::subset::{minimise, subset};
pub use base::base_edges;
pub use graph::Graph;
use written::Written;

/// What a transaction has to see.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Level {
    /// Nothing: read committed (Adya's PL-2).
    Committed,
    /// The transactions that it read from earlier on: monotonic atomic view (read committed in AWDIT).
    Monotonic,
    /// All that it read from, and what the base order puts before it: read atomic.
    Atomic,
    /// Everything that these have seen in their turn: causal.
    Causal,
}

/// Why one transaction commits before another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Why {
    Session,
    RealTime,
    /// The target read what the source wrote to the key.
    Reads {
        key: u32,
    },
    /// The version of the source is older, for certain.
    Order {
        key: u32,
    },
    /// The reader has to see what the source wrote to the key, but read it from the target.
    Overwritten {
        reader: u32,
        key: u32,
    },
}

/// Takes edges; time nodes have numbers from `Facts::count`.
pub trait Sink {
    fn edge(&mut self, before: u32, after: u32, why: Why);
}

impl<F: FnMut(u32, u32, Why)> Sink for F {
    fn edge(&mut self, before: u32, after: u32, why: Why) {
        self(before, after, why);
    }
}

/// A circle of steps, and whether all of its transactions are needed.
pub type Circle = (Vec<Step>, bool);

/// Judges a level; a circle of steps if it is broken.
pub fn judge(facts: &Facts, level: Level, base: Base, budget: &mut Budget) -> Result<Option<Circle>, Stop> {
    let Some(circle) = raw(facts, level, base, budget)? else { return Ok(None) };
    let mut core = transactions(&circle);
    let mut is_broken = |kept: &[u32]| Ok(raw(&subset(facts, kept), level, base, budget)?.is_some());
    if !is_broken(&core)? || minimise(&mut core, is_broken).is_err() {
        return Ok(Some((circle, false)));
    }
    let mut smaller = raw(&subset(facts, &core), level, base, budget)?.unwrap_or(circle);
    core.sort_unstable();
    core.insert(0, 0);
    smaller.iter_mut().for_each(|step| step.rename(&core));
    Ok(Some((smaller, true)))
}

fn raw(facts: &Facts, level: Level, base: Base, budget: &mut Budget) -> Result<Option<Vec<Step>>, Stop> {
    let mut edges: Vec<(u32, u32)> = Vec::with_capacity(facts.reads.len() * 2 + facts.count);
    let mut before_initial = false;
    let mut collect = |before: u32, after: u32, _: Why| {
        before_initial |= after == 0;
        edges.push((before, after));
    };
    let nodes = emit(facts, level, base, budget, &mut collect)?;
    if !before_initial && Graph::new(nodes, &edges).is_acyclic() {
        return Ok(None);
    }
    witness::circle(facts, level, base, budget, nodes, &edges).map(Some)
}

/// The transactions that a circle speaks of, without the initial one.
pub fn transactions(circle: &[Step]) -> Vec<u32> {
    let mut found: Vec<u32> =
        circle.iter().flat_map(Step::transactions).filter(|&number| number != 0).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// All edges of a level; the number of nodes comes back.
fn emit(
    facts: &Facts,
    level: Level,
    base: Base,
    budget: &mut Budget,
    sink: &mut impl Sink,
) -> Result<usize, Stop> {
    let nodes = base_edges(facts, if level == Level::Causal { base.with_sessions() } else { base }, sink);
    for read in facts.reads.iter().filter(|read| read.writer != 0) {
        sink.edge(read.writer, read.reader, Why::Reads { key: read.key });
    }
    for &(key, earlier, later) in facts.order.iter().filter(|edge| edge.1 != 0) {
        sink.edge(earlier, later, Why::Order { key });
    }
    match level {
        Level::Committed => {}
        Level::Monotonic => monotonic::saturate(facts, &Written::new(facts), budget, sink)?,
        Level::Atomic => atomic::saturate(facts, &Written::new(facts), base, budget, sink)?,
        Level::Causal => causal::saturate(facts, base.with_sessions(), budget, sink)?,
    }
    Ok(nodes)
}

/// The reads of each transaction: ranges of `facts.reads`.
fn by_reader(facts: &Facts) -> impl Iterator<Item = &[super::facts::Read]> {
    facts.reads.chunk_by(|a, b| a.reader == b.reader)
}
