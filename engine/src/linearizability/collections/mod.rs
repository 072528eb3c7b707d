//! Collections whose values were each put there once.
//!
//! Lee and Mathur, "Efficient decrease-and-conquer linearizability monitoring", OOPSLA 2025 (arXiv 2410.04581);
//! Abdulla, Grahn, Jonsson, Krishna, Mishra, "Efficient linearizability monitoring", PLDI 2025 (arXiv
//! 2509.17795); Henzinger, Sezgin, Vafeiadis, "Aspect-oriented linearizability proofs", CONCUR 2013.
//!
//! All of them rest on *stays*: a value certainly is in the collection from the end of its put's window to the
//! begin of its take's window.

mod bag;
mod compounds;
mod coverage;
mod flips;
mod gaps;
mod growing;
mod heads;
mod priorities;
mod queue;
mod stabbing;
mod stack;
mod values;

use super::finding::{Finding, Obstacle};
use super::recording::{Operation, Role};
pub use compounds::Compounds;
pub use flips::judge_lock;
use values::{Values, World};

/// Which values a look or a take may find.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Order {
    /// The oldest.
    Queue,
    /// Any.
    Bag,
    /// The youngest.
    Stack,
    /// The greatest.
    Greatest,
    /// The least.
    Least,
}

/// Judges one collection.
///
/// Unreturned takes are optional, and what they took is not known.  If all fits without them, it fits.  If not even
/// this fits: each value left may have been taken any time after the first of them began, then nothing does.  In
/// between, an order is tried in which they may have taken the values left; where it does not fit either, the
/// answer depends on which took what, and is not given.
pub fn judge(operations: &[Operation], order: Order) -> Finding {
    let (without, takes, left) = in_world(operations, order, World::Nothing);
    if !without.is_violated() || takes == 0 || left == 0 {
        return without;
    }
    let (relaxed, ..) = in_world(operations, order, World::Anything);
    if relaxed != Finding::Accepted || left == 1 {
        return relaxed;
    }
    for world in [World::InTurn, World::InReverse] {
        if in_world(operations, order, world).0 == Finding::Accepted {
            return Finding::Accepted;
        }
    }
    let first = operations.iter().find(|o| o.is_pending() && o.role == Role::Take);
    Finding::NotApplicable(Obstacle::Takes, first.iter().map(|operation| operation.row).collect())
}

/// Judges a set: by its elements, or, if it is read as a whole, as one that only grows.
pub fn judge_set(operations: &[Operation], compounds: Compounds) -> Finding {
    if operations.iter().any(|operation| operation.role == Role::Scan && !operation.is_pending()) {
        return growing::judge(operations, compounds);
    }
    flips::judge_set(operations)
}

/// The finding, the number of unreturned takes and of values left.
fn in_world(operations: &[Operation], order: Order, world: World) -> (Finding, usize, usize) {
    let values = match Values::new(operations, world) {
        Ok(values) => values,
        Err(finding) => return (finding, 0, 0),
    };
    let (takes, left) = (values.pending.len(), values.left());
    let finding = match order {
        Order::Queue => queue::judge(values),
        Order::Bag => bag::judge(&values),
        Order::Stack => stack::judge(&values),
        Order::Greatest => priorities::judge(&values, false),
        Order::Least => priorities::judge(&values, true),
    };
    (finding, takes, left)
}
