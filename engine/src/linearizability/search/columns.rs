//! A history's operations, numbered by object and class.

use super::timeline::{Effect, NEVER, Operation, Timeline};
use crate::histories::NIL;
use crate::store::Interner;

/// Outcomes, as `dscheck.histories.history` has them.
const FAIL: u8 = 1;
const INFO: u8 = 2;
/// What no result has as its code: the result is unknown.
const UNKNOWN: u64 = 0x8000_0000_0000_0001;

/// Columns of a history; see `dscheck.histories.history`.
pub struct Columns {
    pub process: Vec<i64>,
    pub function: Vec<u16>,
    pub outcome: Vec<u8>,
    pub key: Vec<i64>,
    pub argument: Vec<i64>,
    pub result: Vec<i64>,
    pub invoked: Vec<i64>,
    pub returned: Vec<i64>,
}

/// The operations that happened or may have happened.
pub struct Operations {
    /// Of each class: function, argument, result, and whether that is known.
    pub classes: Vec<(u16, i64, i64, bool)>,
    /// The code of each object's key.
    pub keys: Vec<i64>,
    /// Rows by object, in the order of rows.
    rows: Vec<Vec<u32>>,
    /// Per row.
    class: Vec<u32>,
    request: Vec<u32>,
    process: Vec<u32>,
    unknown: Vec<bool>,
    invoked: Vec<i64>,
    returned: Vec<i64>,
}

/// What a search is to take the operations for.
pub struct View<'a> {
    /// By class of this history: the number that the table of steps knows.
    pub classes: &'a [u32],
    /// By class of this history: what it does to states, as numbers of `Effect`.
    pub effects: &'a [u8],
    /// By row: 0 as recorded, 1 it may also not have happened, 2 it is left out; empty: all as recorded.
    pub weak: &'a [u8],
    /// What happened after this position is left out.
    pub until: i64,
}

impl Operations {
    /// Numbers everything; with `keyed`, every key is an object of its own.
    pub fn new(columns: Columns, keyed: bool) -> Operations {
        let count = columns.process.len();
        let (mut requests, mut classes) = (Interner::<[u64; 2]>::default(), Interner::<[u64; 2]>::default());
        let (mut objects, mut processes) = (Interner::<u64>::default(), Interner::<u64>::default());
        let mut made = Operations {
            classes: Vec::new(),
            keys: Vec::new(),
            rows: Vec::new(),
            class: vec![0; count],
            request: vec![0; count],
            process: vec![0; count],
            unknown: columns.outcome.iter().map(|&outcome| outcome == INFO).collect(),
            invoked: columns.invoked,
            returned: columns.returned,
        };
        for row in 0..count {
            if columns.outcome[row] == FAIL {
                continue;
            }
            let function = u64::from(columns.function[row]);
            let (request, _) = requests.intern([function, columns.argument[row] as u64]);
            let result = if made.unknown[row] { UNKNOWN } else { columns.result[row] as u64 };
            let (class, new) = classes.intern([u64::from(request), result]);
            if new {
                let known = !made.unknown[row];
                let result = if known { columns.result[row] } else { NIL };
                made.classes.push((columns.function[row], columns.argument[row], result, known));
            }
            let key = if keyed { columns.key[row] } else { NIL };
            let (object, new) = objects.intern(key as u64);
            if new {
                made.keys.push(key);
                made.rows.push(Vec::new());
            }
            made.rows[object as usize].push(row as u32);
            made.class[row] = class;
            made.request[row] = request;
            made.process[row] = processes.intern(columns.process[row] as u64).0;
        }
        made
    }

    /// How many objects there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// How many rows the history has.
    pub fn count(&self) -> usize {
        self.class.len()
    }

    /// One object's operations as a search sees them; pure ones that need not have happened are left out.
    pub fn of_object(&self, object: usize, view: &View) -> Vec<Operation> {
        let weak = |row: usize| view.weak.get(row).copied().unwrap_or(0);
        let rows = self.rows[object].iter().map(|&row| row as usize);
        rows.filter(|&row| weak(row) < 2 && self.invoked[row] <= view.until)
            .map(|row| self.operation(row, weak(row) == 1, view))
            .filter(|operation| !(operation.optional && operation.is_pure()))
            .collect()
    }

    fn operation(&self, row: usize, weak: bool, view: &View) -> Operation {
        let class = self.class[row] as usize;
        let recorded = self.returned[row];
        let returned = if recorded > view.until { NEVER } else { recorded };
        Operation {
            row: row as u32,
            class: view.classes[class],
            request: self.request[row],
            effect: Effect::from_number(view.effects[class]),
            optional: weak || returned == NEVER,
            unknown: self.unknown[row],
            process: self.process[row],
            invoked: self.invoked[row],
            returned,
            slot: 0,
        }
    }

    /// One object's timeline.
    pub fn timeline(&self, object: usize, view: &View) -> Timeline {
        Timeline::new(self.of_object(object, view))
    }
}
