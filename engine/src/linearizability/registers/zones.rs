//! Zones that cannot both be kept.

use crate::linearizability::finding::{Finding, Rule};
use crate::linearizability::recording::{OPEN, Operation};

/// No operation.
pub const NONE: u32 = u32::MAX;
/// No operation, but the register's first value.
pub const INITIAL: u32 = u32::MAX - 1;

/// When a block must or may hold the register.
#[derive(Clone, Copy, Debug)]
pub struct Zone {
    /// The first return in the block, and which operation's it is.
    pub first_return: (u32, u32),
    /// The last invocation in the block, and which operation's it is.
    pub last_invocation: (u32, u32),
}

impl Zone {
    /// Of a register before any operation.
    pub fn initial() -> Zone {
        Zone { first_return: (0, INITIAL), last_invocation: (0, INITIAL) }
    }

    /// Of no operations.
    pub fn empty() -> Zone {
        Zone { first_return: (OPEN, NONE), last_invocation: (0, NONE) }
    }

    /// With one operation more.
    pub fn add(&mut self, number: u32, operation: &Operation) {
        self.first_return = self.first_return.min((operation.returned, number));
        self.last_invocation = self.last_invocation.max((operation.invoked, number));
    }

    /// With the operations of another one, too.
    pub fn join(&mut self, other: &Zone) {
        self.first_return = self.first_return.min(other.first_return);
        self.last_invocation = self.last_invocation.max(other.last_invocation);
    }

    fn is_forward(&self) -> bool {
        self.first_return.0 < self.last_invocation.0
    }

    /// The rows that bound it; INITIAL for the first value.
    fn rows(&self, operations: &[Operation]) -> [u32; 2] {
        let ends = [self.first_return.1, self.last_invocation.1];
        ends.map(|number| operations.get(number as usize).map_or(INITIAL, |operation| operation.row))
    }
}

/// Two zones that contradict each other, if any: forward zones that overlap, or a backward one inside a forward one.
pub fn conflict(operations: &[Operation], zones: Vec<Zone>) -> Option<Finding> {
    let (mut forward, backward): (Vec<Zone>, Vec<Zone>) = zones.into_iter().partition(Zone::is_forward);
    forward.sort_unstable_by_key(|zone| zone.first_return);
    let violated = |rule, one: &Zone, other: &Zone| {
        let rows = [one.rows(operations), other.rows(operations)];
        Some(Finding::Violated(rule, rows.concat()))
    };
    for pair in forward.windows(2) {
        if pair[1].first_return.0 < pair[0].last_invocation.0 {
            return violated(Rule::Overlap, &pair[0], &pair[1]);
        }
    }
    for zone in &backward {
        let before = forward.partition_point(|other| other.first_return.0 < zone.last_invocation.0);
        if before > 0 && zone.first_return.0 < forward[before - 1].last_invocation.0 {
            return violated(Rule::Inside, &forward[before - 1], zone);
        }
    }
    None
}
