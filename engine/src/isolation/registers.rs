//! Facts from transactions that read and write registers: who wrote the value that was read.
//!
//! A value names its writer where only one transaction wrote it to the key.  Where several did, the read is
//! ambiguous and listed apart.  What cannot be explained by any committed writer is a finding.

use super::facts::{Facts, Member, Read};
use super::transactions::{READ, WRITE};
use crate::hashing::FastMap;

const FAIL: u8 = 1;
const INFO: u8 = 2;
const NOBODY: u32 = u32::MAX;
/// Findings of a kind that are kept; the rest is only counted.
const KEPT: usize = 100;

/// The columns of a history, as `dscheck.histories.history` has them.
pub struct Columns {
    pub process: Vec<i64>,
    pub outcome: Vec<u8>,
    pub invoked: Vec<i64>,
    pub returned: Vec<i64>,
    pub offsets: Vec<i64>,
    pub kind: Vec<u8>,
    pub key: Vec<i64>,
    pub value: Vec<i64>,
    /// The value of every key before it is written.
    pub initial: i64,
    /// Whether positions say what happened before what.
    pub timed: bool,
    /// Whether only a part was recorded, so that values may come from outside of it.
    pub partial: bool,
}

/// What is wrong with a single read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wrong {
    /// Not the transaction's own last write.
    Internal,
    /// What the transaction wrote only later.
    Future,
    /// Written by a transaction that failed.
    Aborted,
    /// Overwritten by its own writer.
    Intermediate,
    /// Written by nobody.
    Garbage,
}

/// A read that no committed transaction's last write explains.
#[derive(Clone, Copy, Debug)]
pub struct Finding {
    pub wrong: Wrong,
    /// Row of the reader.
    pub row: u32,
    /// Place among all micro-operations.
    pub at: u32,
    /// Row of the writer, where there is one.
    pub writer: Option<u32>,
}

/// A read whose value several transactions wrote.
pub struct Ambiguous {
    pub reader: u32,
    pub key: u32,
    /// Numbers of transactions; 0 is the initial one.
    pub writers: Vec<u32>,
}

/// What was found in the columns.
#[derive(Default)]
pub struct Registers {
    pub facts: Facts,
    /// The keys' codes by their numbers.
    pub keys: Vec<i64>,
    pub findings: Vec<Finding>,
    /// How many findings there are of each kind, in the order of `Wrong`.
    pub counts: [u64; 5],
    pub ambiguous: Vec<Ambiguous>,
    /// Reads of values from outside of a partial recording; all reads, if values repeat in one.
    pub unknown: u64,
    /// Whether different transactions wrote equal values to a key.
    pub repeats: bool,
    /// All external reads of committed transactions.
    pub looked_at: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Final,
    Intermediate,
    Aborted,
}

/// A write of a value to a key; those of equal values are linked.
struct Version {
    row: u32,
    state: State,
    next: u32,
}

/// A read before its writer has a number.
struct Resolved {
    row: u32,
    key: u32,
    /// Row, or NOBODY for the initial transaction.
    writer: u32,
    at: u32,
}

struct Extraction<'a> {
    columns: &'a Columns,
    keys: Vec<i64>,
    /// The number of each micro-operation's key.
    key: Vec<u32>,
    versions: Vec<Version>,
    first: FastMap<(u32, i64), u32>,
    /// Per key: the row that wrote it last, and what.
    own: Vec<(u32, i64)>,
    reads: Vec<Resolved>,
    doubtful: Vec<(u32, u32, Vec<u32>)>,
    observed: Vec<bool>,
    found: Registers,
}

/// Takes the facts out of columns; an error says what is wrong with them.
pub fn extract(columns: &Columns) -> Result<Registers, String> {
    check(columns)?;
    let mut key = Vec::with_capacity(columns.key.len());
    let mut keys = Vec::new();
    let mut numbers: FastMap<i64, u32> = FastMap::default();
    for &code in &columns.key {
        key.push(*numbers.entry(code).or_insert_with(|| {
            keys.push(code);
            keys.len() as u32 - 1
        }));
    }
    let mut extraction = Extraction {
        columns,
        own: vec![(NOBODY, 0); keys.len()],
        keys,
        key,
        versions: Vec::new(),
        first: FastMap::default(),
        reads: Vec::new(),
        doubtful: Vec::new(),
        observed: vec![false; columns.process.len()],
        found: Registers::default(),
    };
    extraction.collect_writes();
    for row in 0..columns.process.len() as u32 {
        if columns.outcome[row as usize] != FAIL && columns.outcome[row as usize] != INFO {
            extraction.read(row);
        }
    }
    if columns.partial && extraction.found.repeats {
        extraction.forget(); // any value may come from outside
    }
    Ok(extraction.finish())
}

fn check(columns: &Columns) -> Result<(), String> {
    let rows = columns.process.len();
    let inside = columns.kind.len();
    let equal =
        [columns.outcome.len(), columns.invoked.len(), columns.returned.len()].iter().all(|&n| n == rows)
            && columns.key.len() == inside
            && columns.value.len() == inside
            && columns.offsets.len() == rows + 1;
    let rising = columns.offsets.first() == Some(&0)
        && columns.offsets.last() == Some(&(inside as i64))
        && columns.offsets.windows(2).all(|pair| pair[0] <= pair[1]);
    if !equal || !rising {
        return Err("columns of transactions do not fit together".into());
    }
    if inside >= NOBODY as usize || rows >= NOBODY as usize - 1 {
        return Err("more than four billion micro-operations".into());
    }
    if columns.kind.iter().any(|&kind| kind != READ && kind != WRITE) {
        return Err("transactions of registers only read and write".into());
    }
    Ok(())
}

impl Extraction<'_> {
    fn range(&self, row: u32) -> std::ops::Range<usize> {
        self.columns.offsets[row as usize] as usize..self.columns.offsets[row as usize + 1] as usize
    }

    /// Who wrote which value to which key.
    fn collect_writes(&mut self) {
        let writes = self.columns.kind.iter().filter(|&&kind| kind == WRITE).count();
        self.versions.reserve(writes);
        self.first.reserve(writes);
        let mut last = vec![NOBODY; self.keys.len()];
        for row in 0..self.columns.process.len() as u32 {
            let failed = self.columns.outcome[row as usize] == FAIL;
            for at in self.range(row).rev().filter(|&at| self.columns.kind[at] == WRITE) {
                let key = self.key[at];
                let is_last = last[key as usize] != row;
                last[key as usize] = row;
                let state = match (failed, is_last) {
                    (true, _) => State::Aborted,
                    (false, true) => State::Final,
                    (false, false) => State::Intermediate,
                };
                self.add_version(key, self.columns.value[at], row, state);
            }
        }
    }

    fn add_version(&mut self, key: u32, value: i64, row: u32, state: State) {
        let number = self.versions.len() as u32;
        let slot = self.first.entry((key, value)).or_insert(NOBODY);
        if *slot != NOBODY && self.versions[*slot as usize].row == row {
            return; // the same value again, earlier in the same transaction
        }
        self.found.repeats |= *slot != NOBODY;
        self.versions.push(Version { row, state, next: *slot });
        *slot = number;
    }

    /// Explains the reads of a committed transaction.
    fn read(&mut self, row: u32) {
        for at in self.range(row) {
            let (key, value) = (self.key[at], self.columns.value[at]);
            if self.columns.kind[at] == WRITE {
                self.own[key as usize] = (row, value);
                continue;
            }
            if self.own[key as usize].0 == row {
                if self.own[key as usize].1 != value {
                    self.report(Wrong::Internal, row, at, None);
                }
                continue;
            }
            self.found.looked_at += 1;
            let is_initial = value == self.columns.initial;
            match self.first.get(&(key, value)).copied() {
                Some(first) => self.explain(row, at, key, first, is_initial),
                None if is_initial => self.resolve(row, at, key, NOBODY),
                None if self.columns.partial => self.found.unknown += 1,
                None => self.report(Wrong::Garbage, row, at, None),
            }
        }
    }

    fn explain(&mut self, row: u32, at: usize, key: u32, first: u32, is_initial: bool) {
        let mut writer = None;
        let mut many = Vec::new();
        let mut bad = None;
        let mut next = first;
        while next != NOBODY {
            let version = &self.versions[next as usize];
            if version.row == row {
                bad = bad.or(Some((Wrong::Future, None)));
            } else if version.state != State::Final {
                let wrong =
                    if version.state == State::Aborted { Wrong::Aborted } else { Wrong::Intermediate };
                bad = Some((wrong, Some(version.row)));
            } else if writer.is_none() && !is_initial {
                writer = Some(version.row);
            } else {
                many.push(version.row);
            }
            next = version.next;
        }
        match (writer, bad) {
            _ if !many.is_empty() => {
                many.push(writer.unwrap_or(NOBODY));
                self.doubtful.push((row, key, many));
            }
            (Some(writer), _) => self.resolve(row, at, key, writer),
            (None, _) if is_initial => self.resolve(row, at, key, NOBODY),
            (None, Some((wrong, writer))) => self.report(wrong, row, at, writer),
            (None, None) => self.report(Wrong::Garbage, row, at, None),
        }
    }

    fn resolve(&mut self, row: u32, at: usize, key: u32, writer: u32) {
        let again = |last: &Resolved| (last.row, last.key, last.writer) == (row, key, writer);
        if self.reads.last().is_some_and(again) {
            return; // later repeats count: what was read in between may forbid them
        }
        if writer != NOBODY {
            self.observed[writer as usize] = true;
        }
        self.reads.push(Resolved { row, key, writer, at: at as u32 });
    }

    fn report(&mut self, wrong: Wrong, row: u32, at: usize, writer: Option<u32>) {
        self.found.counts[wrong as usize] += 1;
        if self.found.counts[wrong as usize] <= KEPT as u64 {
            self.found.findings.push(Finding { wrong, row, at: at as u32, writer });
        }
    }

    /// Takes no read for known.
    fn forget(&mut self) {
        self.found.unknown = self.found.looked_at;
        self.found.findings.retain(|finding| finding.wrong == Wrong::Internal);
        let internal = self.found.counts[Wrong::Internal as usize];
        self.found.counts = [internal, 0, 0, 0, 0];
        self.reads.clear();
        self.doubtful.clear();
        self.observed.fill(false);
    }

    /// Gives numbers to the transactions that took part.
    fn finish(mut self) -> Registers {
        let mut sessions: FastMap<i64, u32> = FastMap::default();
        let mut members = Vec::with_capacity(self.columns.process.len());
        let mut number = vec![NOBODY; self.columns.process.len()];
        for (row, &outcome) in self.columns.outcome.iter().enumerate() {
            if outcome == FAIL || (outcome == INFO && !self.observed[row]) {
                continue;
            }
            let next = sessions.len() as u32;
            number[row] = members.len() as u32 + 1;
            members.push(Member {
                row: row as u32,
                session: *sessions.entry(self.columns.process[row]).or_insert(next),
                certain: outcome != INFO,
                invoked: self.columns.invoked[row],
                returned: self.columns.returned[row],
            });
        }
        let of = |row: u32| if row == NOBODY { 0 } else { number[row as usize] };
        let mut facts = Facts::of(&members, sessions.len(), self.columns.timed);
        facts.reads = self
            .reads
            .iter()
            .map(|read| {
                let first = self.columns.offsets[read.row as usize] as u32;
                Read { reader: of(read.row), key: read.key, writer: of(read.writer), at: read.at - first }
            })
            .collect();
        facts.writers = vec![Vec::new(); self.keys.len()];
        for (member, number) in members.iter().zip(1u32..) {
            for at in self.range(member.row).filter(|&at| self.columns.kind[at] == WRITE) {
                let writers = &mut facts.writers[self.key[at] as usize];
                if writers.last() != Some(&number) {
                    writers.push(number);
                }
            }
        }
        self.found.ambiguous = self
            .doubtful
            .iter()
            .map(|(row, key, writers)| Ambiguous {
                reader: of(*row),
                key: *key,
                writers: writers
                    .iter()
                    .filter(|&&writer| writer == NOBODY || number[writer as usize] != NOBODY)
                    .map(|&writer| of(writer))
                    .collect(),
            })
            .collect();
        self.found.facts = facts;
        self.found.keys = self.keys;
        self.found
    }
}
