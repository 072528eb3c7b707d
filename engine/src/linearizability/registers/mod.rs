//! Registers whose observed values were each written once: zones after Gibbons and Korach, "Testing shared
//! memories", SIAM J. Comput. 26 (1997), section 4; O(n log n).
//!
//! A *block* is a write with the operations that depend on it: its reads, the compare-and-set that replaced its
//! value, that one's reads, and so on.  A block is contiguous in every linearization, so the register holds it
//! from the first return in it to the last invocation in it (a *forward* zone), or, if these come the other way
//! round, it fits into one point between them (a *backward* zone).

mod blocks;
mod zones;

use super::finding::{Finding, Obstacle};
use super::recording::{Operation, Role, Told};

/// Judges one register; `initial` is the code of its first value.
pub fn judge(operations: &[Operation], initial: i64) -> Finding {
    let zones = match blocks::zones(operations, initial) {
        Ok(zones) => zones,
        Err(finding) => return finding,
    };
    if let Some(violation) = zones::conflict(operations, zones) {
        return violation;
    }
    match operations.iter().find(|operation| is_unequal(operation)) {
        Some(operation) => Finding::NotApplicable(Obstacle::Unequal, vec![operation.row]),
        None => Finding::Accepted,
    }
}

fn is_unequal(operation: &Operation) -> bool {
    operation.role == Role::Swap && operation.told == Told::No
}
