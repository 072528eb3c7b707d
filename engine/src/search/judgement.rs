//! What is wrong with a state, said alike by every kind of search.

use super::report::{Finding, FindingKind};
use super::task::Bench;
use crate::expand::{Expander, Status};
use crate::rules::{Kind, Leaf};

fn found(kind: FindingKind, index: u32) -> Finding {
    Finding { kind, tree: None, picks: Vec::new(), index, after: None }
}

/// A broken promise or a method that raised; the first tree in canonical order.
pub fn alarm(bench: &Bench, expander: &Expander, index: u32) -> Option<Finding> {
    let tree = expander.alarms.next(0)?;
    let raised = matches!(expander.status(tree), Status::Leaf(Leaf::Fault(_)));
    let promise = bench.world.rules.forest.trees[tree as usize].kind == Kind::Always;
    let kind = if promise && !raised { FindingKind::Always } else { FindingKind::Fault };
    Some(Finding { tree: Some(tree), picks: expander.picks_to_fault(tree), ..found(kind, index) })
}

/// The image of an initial state that is no initial state of the abstract model.
pub fn odd_start(bench: &Bench, expander: &Expander, index: u32) -> Option<Finding> {
    let image = bench.image?;
    let fine = image.is_initial(&image.of(bench.world, expander));
    (!fine).then(|| found(FindingKind::Initial, index))
}

/// A state in which nothing can happen, if that is asked for and the state is not a proper end.
pub fn deadlock(bench: &Bench, expander: &Expander, index: u32) -> Option<Finding> {
    let declared = bench.world.rules.forest.trees.iter().any(|tree| tree.kind == Kind::Ends);
    let proper = declared && expander.improper.is_empty();
    (bench.deadlock && !proper).then(|| found(FindingKind::Deadlock, index))
}
