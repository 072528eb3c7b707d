//! What the extraction of dependencies from a history finds.

use std::collections::HashSet;

use super::facts::{Facts, Read};
use super::graph::{Dependency, LATER, PREDICATE, RW, WR, WW};

/// What is wrong without any cycle.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum What {
    /// A value of a transaction that certainly did not happen was read (Adya's G1a).
    AbortedRead,
    /// A transaction wrote on top of what an aborted one had written.
    DirtyUpdate,
    /// A value was read that its writer overwrote (G1b).
    IntermediateRead,
    /// A transaction did not see its own write.
    Internal,
    /// A transaction saw what it wrote only later.
    FutureRead,
    /// One write took effect twice.
    Duplicate,
    /// Two reads of a key, neither of which can have come before the other.
    Incompatible,
    /// A value was read that nobody wrote.
    Garbage,
    /// Two transactions read the same version and both replaced it.
    LostUpdate,
    /// Versions of a key that come before each other in a circle.
    CyclicVersions,
}

impl What {
    /// The name that Python knows it by.
    pub fn name(self) -> &'static str {
        match self {
            What::AbortedRead => "aborted-read",
            What::DirtyUpdate => "dirty-update",
            What::IntermediateRead => "intermediate-read",
            What::Internal => "internal",
            What::FutureRead => "future-read",
            What::Duplicate => "duplicate",
            What::Incompatible => "incompatible",
            What::Garbage => "garbage",
            What::LostUpdate => "lost-update",
            What::CyclicVersions => "cyclic-versions",
        }
    }
}

/// One thing that is wrong without any cycle.
#[derive(Clone, Copy, Debug)]
pub struct Finding {
    pub what: What,
    pub key: u32,
    /// The element that shows it.
    pub element: i64,
    /// The value that was read; or a second element.
    pub value: i64,
    /// The reader first, then the writer or the other reader.
    pub rows: [u32; 2],
}

impl Finding {
    pub fn of(what: What, key: u32, element: i64, value: i64, rows: [u32; 2]) -> Finding {
        Finding { what, key, element, value, rows }
    }
}

/// How much of a history could be judged.
#[derive(Default, Clone, Copy, Debug)]
pub struct Coverage {
    pub reads: u32,
    /// Reads whose writer is not known.
    pub unknown: u32,
    pub keys: u32,
    /// Keys of whose versions the order is not known completely.
    pub partial: u32,
    /// Elements that were written more than once, so that nobody knows who was read.
    pub ambiguous: u32,
}

/// Everything that is known of a history, independent of its data type.
pub struct Extract {
    pub facts: Facts,
    pub dependencies: Vec<Dependency>,
    /// Nodes of the graph that stand for several transactions.
    pub lanes: u32,
    pub findings: Vec<Finding>,
    /// Per transaction: whether it certainly happened, rather than because it was read from.
    pub certain: Vec<bool>,
    /// Per key: the transaction whose read shows the order of its versions.
    pub evidence: Vec<Option<u32>>,
    pub coverage: Coverage,
    /// Per key: whether its order in `facts` is only a part of it, so that places in it mean nothing; empty: none is.
    pub loose: Vec<bool>,
    /// (key, reader) of reads of the last version that anybody read.
    pub ends: Vec<(u32, u32)>,
}

impl Extract {
    pub fn new(facts: Facts, findings: Vec<Finding>) -> Extract {
        Extract {
            facts,
            findings,
            dependencies: Vec::new(),
            lanes: 0,
            certain: Vec::new(),
            evidence: Vec::new(),
            coverage: Coverage::default(),
            loose: Vec::new(),
            ends: Vec::new(),
        }
    }

    /// A transaction read what another one wrote; readers come in order, each with its reads in program order.
    pub fn read(&mut self, reader: u32, key: u32, writer: u32, at: u32) {
        let same = |last: &Read| (last.reader, last.key, last.writer) == (reader, key, writer);
        if self.facts.reads.last().is_some_and(same) {
            return;
        }
        self.facts.reads.push(Read { reader, key, writer, at });
        self.depend(key, writer, reader);
    }

    /// A transaction read what another one wrote, but it is not clear which version of the key that was.
    pub fn depend(&mut self, key: u32, writer: u32, reader: u32) {
        if writer != 0 {
            self.dependencies.push(Dependency { source: writer, target: reader, kind: WR, key });
        }
    }

    /// One transaction wrote the version right after another's, or later if nothing in between is known.
    pub fn wrote_after(&mut self, key: u32, earlier: u32, later: u32) {
        if earlier != 0 && earlier != later {
            self.dependencies.push(Dependency { source: earlier, target: later, kind: WW, key });
        }
    }

    /// One transaction wrote a version that nobody read, after another's that was.
    pub fn wrote_unseen(&mut self, key: u32, earlier: u32, later: u32) {
        if earlier != 0 && earlier != later {
            self.dependencies.push(Dependency { source: earlier, target: later, kind: LATER, key });
        }
    }

    /// What a transaction read was replaced by another.
    pub fn overwrote(&mut self, key: u32, reader: u32, writer: u32) {
        if reader != writer {
            self.dependencies.push(Dependency { source: reader, target: writer, kind: RW, key });
        }
    }

    /// Anti-dependencies of these reads, (row, key), are ones of predicates: what was read is that nothing matched.
    pub fn by_predicate(&mut self, reads: &HashSet<(u32, u32)>) {
        let rows = &self.facts.row;
        for edge in self.dependencies.iter_mut().filter(|edge| edge.kind == RW) {
            if reads.contains(&(rows[edge.source as usize], edge.key)) {
                edge.kind = PREDICATE;
            }
        }
    }

    /// A new lane.
    pub fn lane(&mut self) -> u32 {
        self.lanes += 1;
        self.facts.count as u32 + self.lanes - 1
    }
}
