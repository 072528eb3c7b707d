//! Transactions in columns, as `dscheck.histories.history` has them.

use std::collections::HashMap;

/// What the micro-operations do that are judged here; the numbers are those of `dscheck.histories.history`.
pub const READ: u8 = 0;
pub const WRITE: u8 = 1;
pub const APPEND: u8 = 2;

/// How an operation ended, as `dscheck.histories.history` has it.
pub const OK: u8 = 0;
pub const FAIL: u8 = 1;

/// The columns of a history, as Python hands them over; rows in the order of invocation.
#[derive(Default)]
pub struct Columns {
    pub process: Vec<i64>,
    pub outcome: Vec<u8>,
    pub invoked: Vec<i64>,
    pub returned: Vec<i64>,
    /// Micro-operations of row i: `offsets[i]..offsets[i + 1]`.
    pub offsets: Vec<i64>,
    pub kind: Vec<u8>,
    pub key: Vec<i64>,
    pub value: Vec<i64>,
    /// Items of compound i of the pool of values: `items[bounds[i]..bounds[i + 1]]`.
    pub bounds: Vec<i64>,
    pub items: Vec<i64>,
    /// Whether positions say what happened before what.
    pub timed: bool,
}

/// Transactions of one fate; rows are in the order of invocation.
///
/// Sessions and keys are numbered densely from 0.
#[derive(Default)]
pub struct Transactions {
    /// Row in the history.
    pub row: Vec<u32>,
    pub session: Vec<u32>,
    /// Whether it certainly happened.
    pub committed: Vec<bool>,
    /// Positions of invocation and return; `i64::MAX` for no return.
    pub invoked: Vec<i64>,
    pub returned: Vec<i64>,
    /// Micro-operations of transaction i: `offsets[i]..offsets[i + 1]`.
    pub offsets: Vec<u32>,
    pub kind: Vec<u8>,
    pub key: Vec<u32>,
    /// Codes, see `crate::histories`.
    pub value: Vec<i64>,
}

impl Transactions {
    /// The number of transactions.
    pub fn len(&self) -> usize {
        self.row.len()
    }

    /// The positions of a transaction's micro-operations.
    pub fn micro(&self, transaction: usize) -> std::ops::Range<usize> {
        self.offsets[transaction] as usize..self.offsets[transaction + 1] as usize
    }
}

/// A history's transactions, those that certainly did not happen apart; both number keys and sessions alike.
#[derive(Default)]
pub struct Extracted {
    /// Outcome ok or info.  The reads of those of unknown outcome have no meaning.
    pub kept: Transactions,
    /// Outcome fail.
    pub aborted: Transactions,
    /// The codes of the keys, by number.
    pub keys: Vec<i64>,
    /// The codes of the processes, by number.
    pub sessions: Vec<i64>,
    /// Compounds of the pool of values.
    pub bounds: Vec<i64>,
    pub items: Vec<i64>,
    pub timed: bool,
}

impl Extracted {
    /// The items of a list, set or map; none for any other code.
    pub fn items(&self, code: i64) -> &[i64] {
        let Some(row) = code.checked_sub(crate::histories::COMPOUND_BASE) else { return &[] };
        let (Ok(row), true) = (usize::try_from(row), code < crate::histories::ATOM_BASE) else { return &[] };
        match (self.bounds.get(row), self.bounds.get(row + 1)) {
            (Some(&from), Some(&to)) => self.items.get(from as usize..to as usize).unwrap_or(&[]),
            _ => &[],
        }
    }
}

/// Takes the columns apart; an error says which of them do not fit together.
pub fn extract(columns: Columns) -> Result<Extracted, &'static str> {
    let rows = columns.process.len();
    let lengths = [columns.outcome.len(), columns.invoked.len(), columns.returned.len()];
    let micros = columns.kind.len();
    if lengths != [rows; 3] || columns.offsets.len() != rows + 1 || rows >= u32::MAX as usize {
        return Err("the columns of a history have different lengths");
    }
    let bounded = columns.offsets.windows(2).all(|pair| 0 <= pair[0] && pair[0] <= pair[1]);
    if columns.key.len() != micros || columns.value.len() != micros || !bounded {
        return Err("the columns of micro-operations have different lengths");
    }
    if columns.offsets.last().is_some_and(|&last| last as usize > micros) || micros >= u32::MAX as usize {
        return Err("there are fewer micro-operations than transactions say");
    }
    let mut found = Extracted { timed: columns.timed, ..Extracted::default() };
    let mut keys = Numbers::default();
    let mut sessions = Numbers::default();
    for row in 0..rows {
        let of = if columns.outcome[row] == FAIL { &mut found.aborted } else { &mut found.kept };
        of.row.push(row as u32);
        of.session.push(sessions.number(columns.process[row]));
        of.committed.push(columns.outcome[row] == OK);
        of.invoked.push(columns.invoked[row]);
        of.returned.push(columns.returned[row]);
        of.offsets.push(of.kind.len() as u32);
        let inside = columns.offsets[row] as usize..columns.offsets[row + 1] as usize;
        of.kind.extend_from_slice(&columns.kind[inside.clone()]);
        of.key.extend(columns.key[inside.clone()].iter().map(|&code| keys.number(code)));
        of.value.extend_from_slice(&columns.value[inside]);
    }
    for of in [&mut found.kept, &mut found.aborted] {
        of.offsets.push(of.kind.len() as u32);
    }
    found.keys = keys.codes;
    found.sessions = sessions.codes;
    found.bounds = columns.bounds;
    found.items = columns.items;
    Ok(found)
}

/// Dense numbers for codes.
#[derive(Default)]
struct Numbers {
    codes: Vec<i64>,
    known: HashMap<i64, u32>,
}

impl Numbers {
    fn number(&mut self, code: i64) -> u32 {
        *self.known.entry(code).or_insert_with(|| {
            self.codes.push(code);
            self.codes.len() as u32 - 1
        })
    }
}
