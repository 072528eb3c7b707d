//! Transactions with the database's own timestamps, executed in their order: O(n log n).
//!
//! After Chronos ("Online Timestamp-based Transactional Isolation Checking of Database Systems", Li et al., ICDE
//! 2025, arXiv 2504.01477).  Values are compared, not writers: they need not be unique.

use crate::hashing::{FastMap, FastSet};

const READ: u8 = 0;
const WRITE: u8 = 1;
const APPEND: u8 = 2;
const OK: u8 = 0;
const FAIL: u8 = 1;
const NIL: i64 = i64::MIN;
const COMPOUND: i64 = 1 << 61;
const ATOM: i64 = 1 << 62;
const NEVER: i64 = i64::MAX;
/// Findings of a kind that are kept; the rest is only counted.
const KEPT: u64 = 100;

/// The columns of a history, as `dscheck.histories.history` has them.
pub struct Stamped {
    pub process: Vec<i64>,
    pub outcome: Vec<u8>,
    pub invoked: Vec<i64>,
    pub returned: Vec<i64>,
    pub begin: Vec<i64>,
    pub commit: Vec<i64>,
    pub offsets: Vec<i64>,
    pub kind: Vec<u8>,
    pub key: Vec<i64>,
    pub value: Vec<i64>,
    /// Items of compound i: `items[bounds[i]..bounds[i + 1]]`.
    pub bounds: Vec<i64>,
    pub items: Vec<i64>,
    pub initial: i64,
}

/// What is judged.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// Reads at the start; no two transactions that overlap write the same key.
    Snapshot,
    /// Everything at the commit.
    Serializable,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wrong {
    /// Does not give what was committed last.
    External,
    /// Does not give the own last write.
    Internal,
    /// Writes a key that another one wrote meanwhile.
    Conflict,
    /// Comes before an earlier transaction of its session.
    Session,
    /// Comes before a transaction that had returned before it was invoked.
    Time,
    /// Commits before it starts.
    Stamps,
}

pub const KINDS: [Wrong; 6] =
    [Wrong::External, Wrong::Internal, Wrong::Conflict, Wrong::Session, Wrong::Time, Wrong::Stamps];

/// Something that is wrong.
#[derive(Clone, Copy, Debug)]
pub struct Finding {
    pub wrong: Wrong,
    pub row: u32,
    /// The micro-operation, where it is about one.
    pub at: Option<u32>,
    /// Row of another transaction that is part of it: the last writer, the earlier one of the session.
    pub other: Option<u32>,
}

#[derive(Default)]
pub struct Found {
    pub findings: Vec<Finding>,
    /// By the order of `KINDS`.
    pub counts: [u64; 6],
    /// Reads that may show writes of transactions without timestamps.
    pub unknown: u64,
    /// Committed transactions without timestamps.
    pub unstamped: u64,
    pub transactions: u64,
    pub reads: u64,
}

/// What is under a key, and who put it there last, and when.
struct Cell {
    value: i64,
    list: Vec<i64>,
    writer: Option<u32>,
    when: i64,
}

struct Execution<'a> {
    of: &'a Stamped,
    mode: Mode,
    keys: FastMap<i64, u32>,
    cells: Vec<Cell>,
    /// Per key, of the transaction that reads now: its last write and its appends.
    own: Vec<(u32, i64, Vec<i64>)>,
    /// Keys and values that transactions without timestamps may have written.
    floating: FastSet<(i64, i64)>,
    found: Found,
}

/// Executes the committed transactions; an error says what is wrong with the columns.
pub fn execute(of: &Stamped, mode: Mode, sessions: bool, time: bool) -> Result<Found, String> {
    check(of)?;
    let mut run = Execution {
        of,
        mode,
        keys: FastMap::default(),
        cells: Vec::new(),
        own: Vec::new(),
        floating: FastSet::default(),
        found: Found::default(),
    };
    let mut rows = Vec::with_capacity(of.process.len());
    for row in 0..of.process.len() as u32 {
        let at = row as usize;
        let stamped = of.commit[at] != NEVER && (of.begin[at] != NEVER || mode == Mode::Serializable);
        if of.outcome[at] != FAIL && stamped {
            rows.push(row);
        } else if of.outcome[at] != FAIL {
            run.found.unstamped += u64::from(of.outcome[at] == OK);
            run.float(row);
        }
    }
    run.found.transactions = rows.len() as u64;
    if mode == Mode::Snapshot {
        run.snapshots(&rows)
    } else {
        run.one_by_one(&rows)
    }
    if sessions {
        run.sessions(&rows);
    }
    if time {
        run.time(&rows);
    }
    Ok(run.found)
}

fn check(of: &Stamped) -> Result<(), String> {
    let rows = of.process.len();
    let inside = of.kind.len();
    let equal = [of.outcome.len(), of.invoked.len(), of.returned.len(), of.begin.len(), of.commit.len()]
        .iter()
        .all(|&length| length == rows)
        && of.key.len() == inside
        && of.value.len() == inside
        && of.offsets.len() == rows + 1
        && of.offsets.first() == Some(&0)
        && of.offsets.last() == Some(&(inside as i64))
        && of.offsets.windows(2).all(|pair| pair[0] <= pair[1]);
    if !equal || inside >= u32::MAX as usize || rows >= u32::MAX as usize {
        return Err("columns of transactions do not fit together".into());
    }
    let compounds = of.bounds.len() as i64 - 1;
    let good = of.bounds.windows(2).all(|pair| 0 <= pair[0] && pair[0] <= pair[1])
        && of.bounds.last().is_none_or(|&last| last <= of.items.len() as i64)
        && of.value.iter().all(|&value| !(COMPOUND..ATOM).contains(&value) || value - COMPOUND < compounds);
    if !good {
        return Err("lists of a history do not fit its table of values".into());
    }
    if of.kind.iter().any(|&kind| kind > APPEND) {
        return Err("timestamped transactions read, write and append, no more".into());
    }
    Ok(())
}

impl Execution<'_> {
    fn range(&self, row: u32) -> std::ops::Range<usize> {
        self.of.offsets[row as usize] as usize..self.of.offsets[row as usize + 1] as usize
    }

    fn cell(&mut self, key: i64) -> usize {
        let cells = &mut self.cells;
        let own = &mut self.own;
        let initial = self.of.initial;
        *self.keys.entry(key).or_insert_with(|| {
            cells.push(Cell { value: initial, list: Vec::new(), writer: None, when: i64::MIN });
            own.push((u32::MAX, NIL, Vec::new()));
            cells.len() as u32 - 1
        }) as usize
    }

    fn float(&mut self, row: u32) {
        for at in self.range(row).filter(|&at| self.of.kind[at] != READ) {
            self.floating.insert((self.of.key[at], self.of.value[at]));
        }
    }

    fn report(&mut self, wrong: Wrong, row: u32, at: Option<usize>, other: Option<u32>) {
        let count = &mut self.found.counts[wrong as usize];
        *count += 1;
        if *count <= KEPT {
            self.found.findings.push(Finding { wrong, row, at: at.map(|at| at as u32), other });
        }
    }

    /// Starts and commits in the order of their stamps; what commits at a stamp is seen by what starts there.
    fn snapshots(&mut self, rows: &[u32]) {
        let mut events: Vec<(i64, u8, u32)> = Vec::with_capacity(2 * rows.len());
        for &row in rows {
            let (begin, commit) = (self.of.begin[row as usize], self.of.commit[row as usize]);
            if begin > commit {
                self.report(Wrong::Stamps, row, None, None);
            }
            // one that starts where it commits does not see itself
            let (first, last) = if begin == commit && self.writes(row) { (0, 1) } else { (2, 1) };
            events.push((begin, first, row));
            events.push((commit, last, row));
        }
        events.sort_unstable();
        for (_, event, row) in events {
            if event == 1 { self.commit(row) } else { self.read(row) }
        }
    }

    fn writes(&self, row: u32) -> bool {
        self.range(row).any(|at| self.of.kind[at] != READ)
    }

    fn one_by_one(&mut self, rows: &[u32]) {
        let mut order: Vec<(i64, bool, u32)> =
            rows.iter().map(|&row| (self.of.commit[row as usize], !self.writes(row), row)).collect();
        order.sort_unstable();
        for (_, _, row) in order {
            self.read(row);
            self.commit(row);
        }
    }

    /// Compares what a transaction read with what is there.
    fn read(&mut self, row: u32) {
        for at in self.range(row) {
            let (key, value) = (self.of.key[at], self.of.value[at]);
            let cell = self.cell(key);
            if self.own[cell].0 != row && self.of.kind[at] != READ {
                self.own[cell] = (row, NIL, Vec::new());
            }
            match self.of.kind[at] {
                WRITE => self.own[cell].1 = value,
                APPEND => self.own[cell].2.push(value),
                _ if self.of.outcome[row as usize] == OK => {
                    self.found.reads += 1;
                    self.compare(row, at, cell);
                }
                _ => {}
            }
        }
    }

    fn items(&self, value: i64) -> Option<&[i64]> {
        let row = usize::try_from(value.checked_sub(COMPOUND)?).ok().filter(|_| value < ATOM)?;
        Some(&self.of.items[self.of.bounds[row] as usize..self.of.bounds[row + 1] as usize])
    }

    fn compare(&mut self, row: u32, at: usize, cell: usize) {
        let value = self.of.value[at];
        let mine = self.own[cell].0 == row;
        let there = &self.cells[cell];
        let list = self.items(value);
        let is_list = !there.list.is_empty() || list.is_some() || (mine && !self.own[cell].2.is_empty());
        let (right, is_own) = if is_list {
            let read = list.unwrap_or_default();
            let own: &[i64] = if mine { &self.own[cell].2 } else { &[] };
            let right = read.len() == there.list.len() + own.len()
                && read.starts_with(&there.list)
                && read.ends_with(own);
            (right, !read.ends_with(own))
        } else if mine {
            (value == self.own[cell].1, true)
        } else {
            (value == there.value, false)
        };
        if right {
            return;
        }
        let key = self.of.key[at];
        let may_float = match list {
            Some(items) => items.iter().any(|&item| self.floating.contains(&(key, item))),
            None => self.floating.contains(&(key, value)),
        };
        if may_float && !is_own {
            self.found.unknown += 1;
        } else {
            let writer = there.writer;
            self.report(if is_own { Wrong::Internal } else { Wrong::External }, row, Some(at), writer);
        }
    }

    /// Puts a transaction's writes there.
    fn commit(&mut self, row: u32) {
        let (begin, commit) = (self.of.begin[row as usize], self.of.commit[row as usize]);
        let mut accused = None;
        for at in self.range(row).filter(|&at| self.of.kind[at] != READ) {
            let cell = self.cell(self.of.key[at]);
            let there = &mut self.cells[cell];
            let other = there.writer.filter(|&other| other != row && Some(other) != accused);
            let late = self.mode == Mode::Snapshot && there.when > begin;
            if self.of.kind[at] == APPEND {
                there.list.push(self.of.value[at]);
            } else {
                there.value = self.of.value[at];
            }
            (there.writer, there.when) = (Some(row), commit);
            if let Some(other) = other.filter(|_| late) {
                accused = Some(other);
                self.report(Wrong::Conflict, row, Some(at), Some(other));
            }
        }
    }

    /// The stamp at which a transaction sees others.
    fn sees(&self, row: u32) -> i64 {
        if self.mode == Mode::Snapshot { self.of.begin[row as usize] } else { self.of.commit[row as usize] }
    }

    /// Each session's transactions come one after another.
    fn sessions(&mut self, rows: &[u32]) {
        let mut last: FastMap<i64, u32> = FastMap::default();
        for &row in rows {
            let process = self.of.process[row as usize];
            if let Some(&before) = last.get(&process) {
                if self.of.commit[before as usize] > self.sees(row) {
                    self.report(Wrong::Session, row, None, Some(before));
                }
            }
            // one of unknown outcome stays pending while its session goes on
            if self.of.outcome[row as usize] == OK {
                let later = last
                    .get(&process)
                    .is_none_or(|&before| self.of.commit[before as usize] <= self.of.commit[row as usize]);
                if later {
                    last.insert(process, row);
                }
            }
        }
    }

    /// What had returned before an invocation is seen.
    fn time(&mut self, rows: &[u32]) {
        let mut returned: Vec<u32> =
            rows.iter().copied().filter(|&row| self.of.returned[row as usize] != NEVER).collect();
        returned.sort_unstable_by_key(|&row| self.of.returned[row as usize]);
        let mut invoked = rows.to_vec();
        invoked.sort_unstable_by_key(|&row| self.of.invoked[row as usize]);
        let mut latest: Option<u32> = None;
        let mut at = 0;
        for row in invoked {
            while at < returned.len()
                && self.of.returned[returned[at] as usize] < self.of.invoked[row as usize]
            {
                let commit = self.of.commit[returned[at] as usize];
                if latest.is_none_or(|before| self.of.commit[before as usize] < commit) {
                    latest = Some(returned[at]);
                }
                at += 1;
            }
            if let Some(before) = latest.filter(|&before| self.of.commit[before as usize] > self.sees(row)) {
                self.report(Wrong::Time, row, None, Some(before));
            }
        }
    }
}
