//! What a reader makes of a file.

use std::cell::Cell;

use crate::histories::{Atom, NIL, Pool};

/// Outcomes, as `dscheck.histories.history` has them.
pub const OK: u8 = 0;
pub const FAIL: u8 = 1;
pub const INFO: u8 = 2;

/// The position of a return that was not recorded.
pub const NEVER: i64 = i64::MAX;

/// Why a file is not what it should be, and where.
#[derive(Debug)]
pub struct Malformed {
    pub what: String,
    /// From 1; 0 in binary formats.
    pub line: u64,
    /// From 0.
    pub byte: u64,
    /// Which of several files, from 0.
    pub file: usize,
}

/// Asks now and then whether to go on.
pub struct Watch<'a> {
    ticks: Cell<u32>,
    go_on: &'a dyn Fn() -> bool,
}

impl<'a> Watch<'a> {
    /// So many lines or records are read in some 10 ms.
    const PAUSE: u32 = 1 << 16;

    /// A watch that asks this.
    pub fn new(go_on: &'a dyn Fn() -> bool) -> Self {
        Watch { ticks: Cell::new(0), go_on }
    }

    /// One more line or record.
    pub fn tick(&self) -> Result<(), Malformed> {
        let ticks = self.ticks.get().wrapping_add(1);
        self.ticks.set(ticks);
        if ticks % Self::PAUSE == 0 && !(self.go_on)() {
            return Err(Malformed { what: "interrupted".into(), line: 0, byte: 0, file: 0 });
        }
        Ok(())
    }
}

/// The operations of a file in columns.  The rows of transactions have no argument, result or time.
#[derive(Default)]
pub struct Recording {
    pub process: Vec<i64>,
    pub function: Vec<u16>,
    pub outcome: Vec<u8>,
    pub argument: Vec<i64>,
    pub result: Vec<i64>,
    /// Positions among all invocations and returns.
    pub invoked: Vec<i64>,
    pub returned: Vec<i64>,
    /// Times as the file has them; empty where it has none.
    pub began: Vec<i64>,
    pub ended: Vec<i64>,
    pub line: Vec<i64>,
    /// The micro-operations of row i: `offsets[i]..offsets[i + 1]`.
    pub offsets: Vec<i64>,
    pub kind: Vec<u8>,
    pub key: Vec<i64>,
    pub value: Vec<i64>,
    pub pool: Pool,
    pub names: Vec<&'static str>,
    /// The data type that the file names; empty where it names none.
    pub datatype: String,
    /// What a user should know of the file: how often.
    pub notes: Vec<(&'static str, u64)>,
}

impl Recording {
    /// The number of a function.
    pub fn named(&mut self, name: &'static str) -> u16 {
        let at = self.names.iter().position(|known| *known == name);
        at.unwrap_or_else(|| {
            self.names.push(name);
            self.names.len() - 1
        }) as u16
    }

    /// A transaction that has no micro-operations yet; they follow it, or say its row.
    pub fn transaction(&mut self, process: i64, outcome: u8, line: u64) {
        self.process.push(process);
        self.outcome.push(outcome);
        self.line.push(line as i64);
    }

    /// Notes how often something happened, if ever.
    pub fn note(&mut self, name: &'static str, times: u64) {
        if times > 0 {
            self.notes.push((name, times));
        }
    }

    /// The code of an unsigned integer.
    pub fn unsigned(&mut self, value: u64) -> i64 {
        match i64::try_from(value) {
            Ok(small) => self.pool.integer(small),
            Err(_) => self.pool.atom(Atom::Integer(value.to_string().into())),
        }
    }

    /// Fills the columns that all transactions share, in the order of the rows.
    pub fn only_transactions(mut self) -> Self {
        let rows = self.process.len();
        self.function = vec![self.named("txn"); rows];
        self.argument = vec![NIL; rows];
        self.result = vec![NIL; rows];
        self.invoked = (0..rows as i64).map(|row| 2 * row).collect();
        self.returned =
            (0..rows).map(|row| if self.outcome[row] == INFO { NEVER } else { 2 * row as i64 + 1 }).collect();
        self
    }
}
