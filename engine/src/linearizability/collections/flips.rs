//! Something that is there or not: an element of a set, or who holds a lock.
//!
//! A put that made it there and a take that made it gone alternate; looks, puts and takes that changed nothing need
//! a moment in which it is there, or is not.  The order is made from the first event to the last, and nothing is
//! done before it must be, that is, before an operation returns that has not been done: then whatever is needed
//! for it is done at once, by the operations that have to be done soonest; those that need not be done at all come
//! last.  To do something later, or with an operation that is due earlier, never spoils anything: what could be
//! done stays possible, and what must be done becomes less.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::linearizability::finding::{Finding, Obstacle, Rule};
use crate::linearizability::recording::{Numbers, OPEN, Operation, Role, Told};

/// What an operation has to do with the presence.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Need {
    /// Changes it to this.
    Change(bool),
    /// Changes it to this, or finds it so.
    Make(bool),
    /// Finds it so.
    Find(bool),
    /// Changes it to this, finds it so, or never happens.
    May(bool),
    Nothing,
}

fn need(operation: &Operation) -> Need {
    let makes = operation.role == Role::Put;
    match (operation.role, operation.told) {
        (Role::Look, Told::Yes) => Need::Find(true),
        (Role::Look, Told::No) => Need::Find(false),
        (Role::Look | Role::Swap | Role::Scan, _) => Need::Nothing,
        (_, Told::Pending) => Need::May(makes),
        (_, Told::Done) => Need::Make(makes),
        (_, Told::Yes) => Need::Change(makes),
        (_, Told::No) => Need::Find(makes),
    }
}

/// Judges a set by its elements; O(n log n).
pub fn judge_set(operations: &[Operation]) -> Finding {
    let mut numbers = Numbers::with_capacity(operations.len() / 2);
    let mut elements: Vec<Vec<Operation>> = Vec::new();
    for operation in operations {
        let at = numbers.number(operation.value);
        if at == elements.len() {
            elements.push(Vec::new());
        }
        elements[at].push(*operation);
    }
    let mut judged = Finding::Accepted;
    for element in &elements {
        let makes = element.iter().find(|operation| matches!(need(operation), Need::Make(_)));
        let both = [Role::Put, Role::Take].iter().all(|&role| element.iter().any(|other| other.role == role));
        match makes {
            Some(operation) if both => judged = Finding::NotApplicable(Obstacle::Untold, vec![operation.row]),
            _ => {
                if let Some(violation) = Flips::new(element).conflict() {
                    return violation;
                }
            }
        }
    }
    judged
}

/// Judges a lock; O(n log n).
pub fn judge_lock(operations: &[Operation]) -> Finding {
    let told = |operation: &Operation| {
        let told = if operation.told == Told::Done { Told::Yes } else { operation.told };
        Operation { told, ..*operation }
    };
    let changes: Vec<Operation> = operations.iter().map(told).collect();
    Flips::new(&changes).conflict().unwrap_or(Finding::Accepted)
}

struct Flips<'a> {
    operations: &'a [Operation],
    is_there: bool,
    done: Vec<bool>,
    /// Of operations that could make it so (index: whether there), the one that is due first.
    due: [BinaryHeap<Reverse<(u32, u32)>>; 2],
    /// Likewise, those that need not change it.
    spare: [Vec<u32>; 2],
    /// Operations that wait for it to be so.
    wait: [Vec<u32>; 2],
}

impl<'a> Flips<'a> {
    fn new(operations: &'a [Operation]) -> Flips<'a> {
        Flips {
            operations,
            is_there: false,
            done: vec![false; operations.len()],
            due: [BinaryHeap::new(), BinaryHeap::new()],
            spare: [Vec::new(), Vec::new()],
            wait: [Vec::new(), Vec::new()],
        }
    }

    fn conflict(mut self) -> Option<Finding> {
        let mut events: Vec<(u32, u32, bool)> = Vec::with_capacity(2 * self.operations.len());
        for (number, operation) in (0_u32..).zip(self.operations) {
            events.push((operation.invoked, number, false));
            if !operation.is_pending() {
                events.push((operation.returned, number, true));
            }
        }
        events.sort_unstable();
        for (_, number, is_return) in events {
            if is_return {
                if !self.finish(number) {
                    return Some(self.violation(number));
                }
            } else {
                self.begin(number);
            }
        }
        None
    }

    fn begin(&mut self, number: u32) {
        let operation = &self.operations[number as usize];
        match need(operation) {
            Need::Change(so) => self.due[usize::from(so)].push(Reverse((operation.returned, number))),
            Need::May(so) => self.spare[usize::from(so)].push(number),
            Need::Make(so) | Need::Find(so) if self.is_there == so => self.done[number as usize] = true,
            Need::Make(so) => {
                self.spare[usize::from(so)].push(number);
                self.wait[usize::from(so)].push(number);
            }
            Need::Find(so) => self.wait[usize::from(so)].push(number),
            Need::Nothing => self.done[number as usize] = true,
        }
    }

    /// Does what must be done before an operation returns; false if it cannot be.
    fn finish(&mut self, number: u32) -> bool {
        if self.done[number as usize] {
            return true;
        }
        match need(&self.operations[number as usize]) {
            Need::Change(so) => {
                if self.is_there == so && !self.change() {
                    return false;
                }
                self.done[number as usize] = true;
                self.set(so);
                true
            }
            Need::Make(_) | Need::Find(_) => self.change(),
            Need::May(_) | Need::Nothing => true,
        }
    }

    /// Changes the presence by whichever operation is best.
    fn change(&mut self) -> bool {
        let so = !self.is_there;
        let at = usize::from(so);
        while let Some(Reverse((_, number))) = self.due[at].pop() {
            if !std::mem::replace(&mut self.done[number as usize], true) {
                self.set(so);
                return true;
            }
        }
        while let Some(number) = self.spare[at].pop() {
            if !std::mem::replace(&mut self.done[number as usize], true) {
                self.set(so);
                return true;
            }
        }
        false
    }

    fn set(&mut self, so: bool) {
        self.is_there = so;
        for number in self.wait[usize::from(so)].drain(..) {
            self.done[number as usize] = true;
        }
    }

    /// The operation that cannot be, after the last ones of the same element.
    fn violation(&self, number: u32) -> Finding {
        const SHOWN: usize = 12;
        let operation = &self.operations[number as usize];
        let so = match need(operation) {
            Need::Change(so) => !so,
            Need::Make(so) | Need::May(so) | Need::Find(so) => so,
            Need::Nothing => false,
        };
        let before = self.operations.iter().filter(|other| other.invoked < operation.returned.min(OPEN - 1));
        let mut rows: Vec<u32> = before.map(|other| other.row).filter(|&row| row != operation.row).collect();
        rows.drain(..rows.len().saturating_sub(SHOWN));
        rows.insert(0, operation.row);
        Finding::Violated(if so { Rule::Absent } else { Rule::Present }, rows)
    }
}
