//! Causal: a transaction sees what those have seen that it saw, in O(n k) for k sessions.

use super::base::base_edges;
use super::graph::Graph;
use super::{Base, Budget, Facts, Sink, Stop, Why};
use crate::isolation::facts::Read;

/// For each read of a key from t1 and each other writer t2 of it that is causally before the reader but not
/// before t1: t2 before t1.  Nothing where causality itself is circular: its edges are there already.
pub fn saturate(facts: &Facts, base: Base, budget: &mut Budget, sink: &mut impl Sink) -> Result<(), Stop> {
    let Some(clocks) = Clocks::new(facts, base, budget)? else { return Ok(()) };
    let many = 2 * clocks.width.max(8);
    let mut lists: Vec<Option<BySession>> = vec![None; facts.writers.len()];
    let mut last = vec![(u32::MAX, 0u32); clocks.width];
    for (read, number) in facts.reads.iter().zip(0u32..) {
        budget.check()?;
        let writers = &facts.writers[read.key as usize];
        if writers.len() <= many {
            clocks.few(read, writers, number, &mut last, sink);
        } else {
            let by_session = lists[read.key as usize].get_or_insert_with(|| clocks.by_session(writers));
            clocks.many(read, by_session, sink);
        }
    }
    Ok(())
}

/// The writers of a key in each session that has any, in order.
type BySession = Vec<(u32, Vec<u32>)>;

/// The causality of a history: causal edges, without what follows from them.
pub fn causality(facts: &Facts, base: Base) -> Graph {
    let mut edges = Vec::with_capacity(facts.reads.len() + 2 * facts.count);
    let nodes = base_edges(facts, base, &mut |before, after, _: Why| edges.push((before, after)));
    edges.extend(facts.reads.iter().filter(|read| read.writer != 0).map(|read| (read.writer, read.reader)));
    Graph::new(nodes, &edges)
}

/// How much of each session is causally before each transaction, itself included.
struct Clocks {
    width: usize,
    rows: Vec<u32>,
    /// Session and place in it, from 0.
    place: Vec<(u32, u32)>,
}

impl Clocks {
    fn new(facts: &Facts, base: Base, budget: &mut Budget) -> Result<Option<Clocks>, Stop> {
        let graph = causality(facts, base);
        let order = graph.in_order();
        if order.len() < graph.nodes() {
            return Ok(None);
        }
        let width = facts.sessions.len();
        budget.affords((graph.nodes() * width * 4) as u64)?;
        let mut place = vec![(0, u32::MAX); facts.count];
        for (session, name) in facts.sessions.iter().zip(0u32..) {
            for (&number, at) in session.iter().zip(0u32..) {
                place[number as usize] = (name, at);
            }
        }
        let mut rows = vec![0u32; graph.nodes() * width];
        let mut own = vec![0u32; width];
        for node in order {
            budget.check()?;
            let row = &mut rows[node as usize * width..(node as usize + 1) * width];
            if let Some(&(session, at)) = place.get(node as usize).filter(|_| node != 0) {
                row[session as usize] = at + 1;
            }
            own.copy_from_slice(row);
            for &next in graph.after(node) {
                let row = &mut rows[next as usize * width..(next as usize + 1) * width];
                row.iter_mut().zip(&own).for_each(|(mine, &theirs)| *mine = (*mine).max(theirs));
            }
        }
        Ok(Some(Clocks { width, rows, place }))
    }

    fn row(&self, node: u32) -> &[u32] {
        &self.rows[node as usize * self.width..(node as usize + 1) * self.width]
    }

    /// Looks at every writer of the key, the latest first; of a session the latest is enough.
    fn few(&self, read: &Read, writers: &[u32], number: u32, last: &mut [(u32, u32)], sink: &mut impl Sink) {
        let (seen, older) = (self.row(read.reader), self.row(read.writer));
        for &other in writers.iter().rev() {
            let (session, at) = self.place[other as usize];
            let session = session as usize;
            if at < seen[session] && at >= older[session] && other != read.reader && last[session].0 != number
            {
                last[session] = (number, other);
                sink.edge(other, read.writer, Why::Overwritten { reader: read.reader, key: read.key });
            }
        }
    }

    fn by_session(&self, writers: &[u32]) -> BySession {
        let mut sorted: Vec<u32> = writers.to_vec();
        sorted.sort_unstable_by_key(|&writer| self.place[writer as usize]);
        sorted
            .chunk_by(|&a, &b| self.place[a as usize].0 == self.place[b as usize].0)
            .map(|of| (self.place[of[0] as usize].0, of.to_vec()))
            .collect()
    }

    fn many(&self, read: &Read, by_session: &[(u32, Vec<u32>)], sink: &mut impl Sink) {
        let (seen, older) = (self.row(read.reader), self.row(read.writer));
        for (session, writers) in by_session {
            let (until, from) = (seen[*session as usize], older[*session as usize]);
            if until <= from {
                continue;
            }
            let end = writers.partition_point(|&writer| self.place[writer as usize].1 < until);
            let latest = writers[..end].iter().rev().find(|&&writer| writer != read.reader);
            if let Some(&other) = latest.filter(|&&other| self.place[other as usize].1 >= from) {
                sink.edge(other, read.writer, Why::Overwritten { reader: read.reader, key: read.key });
            }
        }
    }
}
