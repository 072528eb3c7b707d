//! A history in columns, as `dscheck.histories.history` has it.

use super::Pool;

/// The position of a return that was not recorded, and the stamp that was not given.
pub const NEVER: i64 = i64::MAX;

/// Outcomes, as `dscheck.histories.history` has them.
pub const OK: u8 = 0;
pub const FAIL: u8 = 1;
pub const INFO: u8 = 2;

/// One row per operation, in the order of invocation.  Columns that a recording lacks are empty.
#[derive(Default)]
pub struct Columns {
    pub process: Vec<i64>,
    /// Index into `functions`.
    pub function: Vec<u16>,
    pub outcome: Vec<u8>,
    pub key: Vec<i64>,
    pub argument: Vec<i64>,
    pub result: Vec<i64>,
    /// Positions among all invocations and returns.
    pub invoked: Vec<i64>,
    pub returned: Vec<i64>,
    pub line: Vec<i64>,
    pub invoke_time: Vec<i64>,
    pub return_time: Vec<i64>,
    pub begin_stamp: Vec<i64>,
    pub commit_stamp: Vec<i64>,
    /// Of row i: micro-operations `micro_ends[i - 1]..micro_ends[i]`; empty where there are no transactions.
    pub micro_ends: Vec<i64>,
    pub micro_kind: Vec<u8>,
    pub micro_key: Vec<i64>,
    pub micro_value: Vec<i64>,
    pub functions: Vec<String>,
    pub notes: Vec<Note>,
    pub pool: Pool,
}

/// Something that a recording says of the system rather than of an operation.
pub struct Note {
    pub line: u64,
    /// What kind of note, as the format spells it: begin, end, info, ...
    pub phase: String,
    pub name: String,
    /// The code of what it says further.
    pub detail: i64,
    /// The position of the next invocation or return.
    pub position: i64,
    /// Nanoseconds; NEVER if it gives none.
    pub time: i64,
}
