//! The operations of one object, with dense positions: what every check by data type works on.

use crate::hashing::FastMap;

/// The position of a return that was not recorded: after everything else.
pub const OPEN: u32 = u32::MAX;

/// What an operation does to its object.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// Reads, peeks, contains: changes nothing.
    Look,
    /// Writes, enqueues, pushes, inserts, adds.
    Put,
    /// Dequeues, pops, polls, removes.
    Take,
    /// Compare-and-set.
    Swap,
    /// Reads a whole set: what was found is a list or set.
    Scan,
}

/// What the client was told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Told {
    /// Nothing: the operation may have happened or not.
    Pending,
    /// That it is done, without a word on how.
    Done,
    Yes,
    No,
}

/// One operation that happened or may have happened; 40 bytes.
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    /// Row in the history.
    pub row: u32,
    /// Positions among the invocations and returns of the object, from 1; no two are equal but for OPEN.
    pub invoked: u32,
    pub returned: u32,
    pub role: Role,
    pub told: Told,
    /// The code of what was put, or of what was found (NIL: nothing there).
    pub value: i64,
    /// Of a compare-and-set: what it expects; `value` is then what it writes.
    pub expected: i64,
}

impl Operation {
    pub fn is_pending(&self) -> bool {
        self.told == Told::Pending
    }
}

/// Numbers for codes, from 0 in the order in which they are asked for.
#[derive(Default)]
pub struct Numbers {
    of: FastMap<i64, u32>,
    codes: Vec<i64>,
}

impl Numbers {
    pub fn with_capacity(count: usize) -> Numbers {
        let of = FastMap::with_capacity_and_hasher(count, Default::default());
        Numbers { of, codes: Vec::with_capacity(count) }
    }

    /// The number of a code; a new one where it is new.
    pub fn number(&mut self, code: i64) -> usize {
        let next = self.codes.len() as u32;
        let number = *self.of.entry(code).or_insert(next);
        if number == next {
            self.codes.push(code);
        }
        number as usize
    }

    /// The number that a code has got.
    pub fn known(&self, code: i64) -> Option<usize> {
        self.of.get(&code).map(|&number| number as usize)
    }

    /// The code of a number.
    pub fn code(&self, number: usize) -> i64 {
        self.codes[number]
    }
}

/// Gives the operations positions 1, 2, ...: `times` has their invocations and returns (`i64::MAX`: none).
/// Sorts them by invocation.
pub fn number_positions(operations: &mut Vec<Operation>, times: &[(i64, i64)]) {
    let mut sorted = Vec::with_capacity(operations.len());
    let mut place = vec![0_u32; operations.len()];
    for (position, event) in (1_u32..).zip(in_order(times)) {
        let at = event as usize / 2;
        if event % 2 == 0 {
            place[at] = sorted.len() as u32;
            sorted.push(Operation { invoked: position, returned: OPEN, ..operations[at] });
        } else {
            sorted[place[at] as usize].returned = position;
        }
    }
    *operations = sorted;
}

/// Numbers of events in the order of time: 2 i for invocation i, 2 i + 1 for its return.
fn in_order(times: &[(i64, i64)]) -> Vec<u32> {
    let both = times.iter().zip(0_u32..).flat_map(|(&(invoked, returned), at)| {
        [(invoked, 2 * at), (returned, 2 * at + 1)].into_iter().filter(|&(time, _)| time != i64::MAX)
    });
    let last = both.clone().map(|(time, _)| time).max().unwrap_or(0);
    let first = both.clone().map(|(time, _)| time).min().unwrap_or(0);
    let span = last.saturating_sub(first) as usize;
    if span > 8 * times.len() {
        let mut events: Vec<(i64, u32)> = both.collect();
        events.sort_unstable();
        return events.into_iter().map(|(_, event)| event).collect();
    }
    let mut table = vec![OPEN; span + 1];
    for (time, event) in both {
        table[(time - first) as usize] = event;
    }
    table.retain(|&event| event != OPEN);
    table
}
