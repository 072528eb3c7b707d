//! The constraints of a level as edges between moments, and the choices that are left.
//!
//! A history keeps the level exactly where every choice (which of two writers of a key was first) can be made so
//! that the graph has no circle.  Moments: for serializability one per transaction; for snapshot isolation and
//! prefix consistency a start s and a commit c, with s -> c.  Then, after Cerone and Gotsman (J. ACM 2018) and
//! Viper's BC-polygraphs (Zhang et al., EuroSys 2023):
//!
//!     t1 wr t2, t1 before t2 in the base order      c1 -> s2
//!     t1 ww t2                                      c1 -> s2, for prefix c1 -> c2
//!     t1 rw t2                                      s1 -> c2
//!
//! For parallel snapshots there is one moment, and no edge for rw: no path may lead back along one.

use crate::isolation::facts::Facts;
use crate::isolation::weak::Base;
use crate::isolation::weak::base_edges;

/// A level that depends on the order of versions.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Level {
    Prefix,
    Parallel,
    Snapshot,
    Serializable,
}

/// An edge between moments.
#[derive(Clone, Copy, Debug)]
pub struct Link {
    pub from: u32,
    pub to: u32,
    /// The decision that it follows from; NONE where it is given.
    pub decision: u32,
}

pub const NONE: u32 = u32::MAX;

/// Of two writers of a key, the earlier one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Before {
    pub key: u32,
    pub earlier: u32,
    pub later: u32,
}

impl Before {
    pub fn reversed(self) -> Before {
        Before { key: self.key, earlier: self.later, later: self.earlier }
    }
}

/// Why two writers cannot be the other way round.
#[derive(Clone, Copy, Debug)]
pub enum Because {
    /// It is known from outside, or one of them is the initial transaction.
    Given,
    /// Their edge would close a circle.
    Written,
    /// The edge from this reader of the later one would.
    Read(u32),
}

/// A choice that was made by necessity.
#[derive(Clone, Copy, Debug)]
pub struct Decision {
    pub before: Before,
    pub because: Because,
    /// How many links there were when it was made.
    pub links: u32,
}

/// Facts, prepared for one level and base order.
pub struct Problem<'a> {
    pub facts: &'a Facts,
    pub level: Level,
    pub nodes: usize,
    pub links: Vec<Link>,
    pub decisions: Vec<Decision>,
    /// Per key: the writers by number, the initial transaction first.
    pub writers: Vec<Vec<u32>>,
    /// The first version of each key; versions are numbered in the order of `writers`.
    first: Vec<u32>,
    /// Readers by version.
    starts: Vec<u32>,
    readers: Vec<u32>,
}

impl<'a> Problem<'a> {
    pub fn new(facts: &'a Facts, level: Level, base: Base) -> Problem<'a> {
        let mut first = Vec::with_capacity(facts.writers.len());
        let mut versions = 0;
        let writers: Vec<Vec<u32>> = facts
            .writers
            .iter()
            .map(|writers| {
                let mut all = Vec::with_capacity(writers.len() + 1);
                all.push(0);
                all.extend_from_slice(writers);
                all.sort_unstable();
                first.push(versions);
                versions += all.len() as u32;
                all
            })
            .collect();
        let mut problem = Problem {
            facts,
            level,
            nodes: 0,
            links: Vec::with_capacity(4 * facts.reads.len()),
            decisions: Vec::new(),
            writers,
            first,
            starts: vec![0; versions as usize + 1],
            readers: vec![0; facts.reads.len()],
        };
        problem.index_readers();
        problem.add_given(base);
        problem
    }

    fn index_readers(&mut self) {
        let of: Vec<u32> =
            self.facts.reads.iter().map(|read| self.version(read.key, read.writer).unwrap_or(0)).collect();
        for &version in &of {
            self.starts[version as usize + 1] += 1;
        }
        for at in 1..self.starts.len() {
            self.starts[at] += self.starts[at - 1];
        }
        let mut next = self.starts.clone();
        for (read, &version) in self.facts.reads.iter().zip(&of) {
            self.readers[next[version as usize] as usize] = read.reader;
            next[version as usize] += 1;
        }
    }

    fn version(&self, key: u32, writer: u32) -> Option<u32> {
        let place = self.writers[key as usize].binary_search(&writer).ok()?;
        Some(self.first[key as usize] + place as u32)
    }

    /// Who read what a transaction wrote to a key.
    pub fn readers(&self, key: u32, writer: u32) -> &[u32] {
        self.version(key, writer).map_or(&[], |version| {
            &self.readers[self.starts[version as usize] as usize..self.starts[version as usize + 1] as usize]
        })
    }

    fn moments(&self) -> u32 {
        if matches!(self.level, Level::Serializable | Level::Parallel) { 1 } else { 2 }
    }

    pub fn start(&self, number: u32) -> u32 {
        number * self.moments()
    }

    pub fn commit(&self, number: u32) -> u32 {
        number * self.moments() + self.moments() - 1
    }

    /// The transaction of a moment; none for those of real time.
    pub fn transaction(&self, node: u32) -> Option<u32> {
        let number = node / self.moments();
        ((number as usize) < self.facts.count).then_some(number)
    }

    /// The edge of two writers.
    pub fn written(&self, before: Before) -> (u32, u32) {
        let to =
            if self.level == Level::Prefix { self.commit(before.later) } else { self.start(before.later) };
        (self.commit(before.earlier), to)
    }

    /// The edge from a reader of the earlier version to the later writer.
    pub fn overwritten(&self, reader: u32, later: u32) -> (u32, u32) {
        (self.start(reader), self.commit(later))
    }

    pub fn has_antidependencies(&self) -> bool {
        self.level != Level::Parallel
    }

    fn give(&mut self, from: u32, to: u32) {
        self.links.push(Link { from, to, decision: NONE });
    }

    fn add_given(&mut self, base: Base) {
        let count = self.facts.count as u32;
        let two = self.moments() == 2;
        let mut edges = Vec::new();
        let total =
            base_edges(self.facts, base, &mut |before: u32, after: u32, _| edges.push((before, after)));
        let shift = count * (self.moments() - 1);
        self.nodes = total + shift as usize;
        for (before, after) in edges {
            let from = if before < count { self.commit(before) } else { before + shift };
            let to = if after < count { self.start(after) } else { after + shift };
            self.give(from, to);
        }
        for number in 0..count {
            if two {
                self.give(self.start(number), self.commit(number));
            }
        }
        for session in self.facts.sessions.iter() {
            let heads = if base == Base::Nothing { &session[..] } else { &session[..1] };
            heads.iter().for_each(|&head| self.give(self.commit(0), self.start(head)));
        }
        for read in self.facts.reads.iter().filter(|read| read.writer != 0) {
            self.give(self.commit(read.writer), self.start(read.reader));
        }
        for &(key, earlier, later) in self.facts.order.iter().filter(|edge| edge.1 != 0) {
            self.decide(Before { key, earlier, later }, Because::Given, |_, _| false);
        }
    }

    /// Adds what follows from an order of two writers, but for edges that `is_known`.
    pub fn decide(&mut self, before: Before, because: Because, is_known: impl Fn(u32, u32) -> bool) {
        let decision = self.decisions.len() as u32;
        let links = self.links.len() as u32;
        let (from, to) = self.written(before);
        let mut added = Vec::new();
        if before.earlier != 0 && !is_known(from, to) {
            added.push((from, to));
        }
        if self.has_antidependencies() {
            for &reader in self.readers(before.key, before.earlier) {
                let (from, to) = self.overwritten(reader, before.later);
                if reader != before.later && !is_known(from, to) {
                    added.push((from, to));
                }
            }
        }
        if !added.is_empty() {
            self.decisions.push(Decision { before, because, links });
            self.links.extend(added.into_iter().map(|(from, to)| Link { from, to, decision }));
        }
    }
}
