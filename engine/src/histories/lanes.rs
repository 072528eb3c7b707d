//! Processes, each with what it is doing.

use std::collections::HashMap;

/// No row.
pub const NONE: u32 = u32::MAX;

/// What a process was last seen doing.
#[derive(Clone)]
pub struct Lane {
    /// The row that it waits for; NONE if it waits for nothing.
    pub pending: u32,
    /// When it was last heard of; i64::MIN at first.
    pub time: i64,
    /// The line of its last event.
    pub line: u64,
}

/// All processes of a recording.
#[derive(Default)]
pub struct Lanes {
    /// Of the process whose code is i: one more than its place; 0 for none yet.
    small: Vec<u32>,
    others: HashMap<i64, u32>,
    all: Vec<Lane>,
}

const SMALL: usize = 1 << 16;

impl Lanes {
    /// The lane of a process.
    pub fn of(&mut self, process: i64) -> &mut Lane {
        let new = Lane { pending: NONE, time: i64::MIN, line: 0 };
        let next = self.all.len() as u32 + 1;
        let number = match usize::try_from(process) {
            Ok(at) if at < SMALL => {
                if self.small.len() <= at {
                    self.small.resize(at + 1, 0);
                }
                &mut self.small[at]
            }
            _ => self.others.entry(process).or_insert(0),
        };
        if *number == 0 {
            *number = next;
            self.all.push(new);
        }
        &mut self.all[*number as usize - 1]
    }
}
