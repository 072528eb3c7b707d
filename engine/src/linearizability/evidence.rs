//! Why a recording of one object is not linearizable, in as few operations as possible.

use super::finding::{Finding, Rule};
use super::recording::{OPEN, Operation, Role, Told, number_positions};
use crate::histories::NIL;

/// The exact position at which a recording is first in violation is looked for up to this length.
const SEARCHED: usize = 20_000;
/// A search for a smaller violation looks at no more operations than this many times the recording's.
const EFFORT: usize = 8;
/// A part of this length is looked at operation by operation.
const FEW: usize = 64;

/// A judge of one object's operations.
pub type Judge<'a> = &'a dyn Fn(&[Operation]) -> Finding;
/// Whether there is time to go on.
pub type Clock<'a> = &'a dyn Fn() -> bool;

/// Numbers what can be left out of some operations, from 0 in the order of time: if the rest is in violation, so
/// is the whole.  OPEN for what stays.
pub type Elements = fn(&[Operation]) -> Vec<u32>;

/// A violation and what shows it.
pub struct Evidence {
    pub rule: Rule,
    /// The rows that the rule is about.
    pub rows: Vec<u32>,
    /// The rows of a part of the recording that by itself is in violation.
    pub members: Vec<u32>,
    /// Whether without the operations of any value it would not be.
    pub is_minimal: bool,
    /// The row of the operation with whose return that part is first in violation; OPEN if none.
    pub decisive: u32,
}

impl Evidence {
    /// No more than what the check says.
    pub fn of(rule: Rule, rows: Vec<u32>) -> Evidence {
        Evidence { rule, members: rows.clone(), rows, is_minimal: false, decisive: OPEN }
    }
}

/// Gathers the evidence, from the first violation where that is cheap.
pub fn gather(
    operations: &[Operation],
    judge: Judge,
    elements: Option<Elements>,
    clock: Clock,
) -> Option<Evidence> {
    let is_short = operations.len() <= SEARCHED && clock();
    let first = if is_short { first_violation(operations, judge) } else { None };
    let mut part = first.map_or_else(|| operations.to_vec(), |position| prefix(operations, position));
    let mut is_minimal = false;
    if let Some(elements) = elements {
        (part, is_minimal) = reduce(part, judge, elements, clock);
    }
    let mut part = numbered(completed(part, operations, judge));
    let Finding::Violated(mut rule, mut rows) = judge(&part) else { return None };
    if first.is_some() && part.len() <= FEW {
        let later = with_later(&part, operations);
        if let Finding::Violated(its_rule, its_rows) = judge(&later) {
            (part, rule, rows) = (later, its_rule, its_rows);
        }
    }
    let decisive = match first {
        Some(position) => operations.iter().find(|operation| operation.returned == position),
        None if part.len() > SEARCHED => None,
        None => first_violation(&part, judge)
            .and_then(|at| part.iter().find(|operation| operation.returned == at)),
    };
    let decisive = decisive.map_or(OPEN, |operation| operation.row);
    let members =
        if is_minimal { part.iter().map(|operation| operation.row).collect() } else { rows.clone() };
    Some(Evidence { rule, rows, members, is_minimal, decisive })
}

/// The part with what became of its operations afterwards; takes that found something else are left out, if that
/// is a violation, too.
fn completed(part: Vec<Operation>, operations: &[Operation], judge: Judge) -> Vec<Operation> {
    let mut whole = Vec::with_capacity(part.len());
    let mut rest = operations.iter();
    for seen in &part {
        let Some(operation) = rest.find(|operation| operation.row == seen.row) else { return part };
        if !seen.is_pending() || operation.is_pending() || operation.role == Role::Put {
            whole.push(*operation);
        }
    }
    if judge(&numbered(whole.clone())).is_violated() { whole } else { part }
}

/// A part with what put and took its values later, if anything.
fn with_later(part: &[Operation], operations: &[Operation]) -> Vec<Operation> {
    let codes: Vec<i64> = part
        .iter()
        .flat_map(|operation| match operation.role {
            Role::Swap => [operation.value, operation.expected],
            _ => [operation.value; 2],
        })
        .filter(|&code| code != NIL)
        .collect();
    let is_in = |operation: &Operation| part.iter().any(|other| other.row == operation.row);
    let changes = |operation: &Operation| operation.role != Role::Look && codes.contains(&operation.value);
    let chosen = operations.iter().filter(|operation| is_in(operation) || changes(operation));
    numbered(chosen.copied().collect())
}

/// The first position at which what happened so far is in violation.
fn first_violation(operations: &[Operation], judge: Judge) -> Option<u32> {
    let mut returns: Vec<u32> = operations.iter().map(|o| o.returned).filter(|&at| at != OPEN).collect();
    returns.sort_unstable();
    let at = returns.partition_point(|&position| !judge(&prefix(operations, position)).is_violated());
    returns.get(at).copied()
}

/// What happened up to a position; operations that have not returned by then are pending.
fn prefix(operations: &[Operation], position: u32) -> Vec<Operation> {
    let begun = operations.iter().take_while(|operation| operation.invoked <= position);
    let seen = |operation: &Operation| match operation.returned <= position {
        true => *operation,
        false => Operation { returned: OPEN, told: Told::Pending, ..*operation },
    };
    begun.map(seen).collect()
}

/// Leaves out elements until none can be left out, or the effort is spent.
fn reduce(
    operations: Vec<Operation>,
    judge: Judge,
    elements: Elements,
    clock: Clock,
) -> (Vec<Operation>, bool) {
    let of = elements(&operations);
    let budget = EFFORT * operations.len() + 100_000;
    let mut search = Reduction { of, operations, judge, clock, budget };
    let last = search.of.iter().filter(|&&element| element != OPEN).max();
    let mut wanted = vec![true; last.map_or(0, |&last| last as usize + 1)];
    if let Finding::Violated(_, mut rows) = judge(&search.operations) {
        let mut core = vec![false; wanted.len()];
        rows.sort_unstable();
        for (operation, &element) in search.operations.iter().zip(&search.of) {
            if element != OPEN && rows.binary_search(&operation.row).is_ok() {
                core[element as usize] = true;
            }
        }
        if search.is_violated(&core) == Some(true) {
            search.keep(&core);
            wanted = core;
        }
    }
    let is_minimal = search.shrink(wanted);
    search.drop_looks();
    (search.operations, is_minimal)
}

/// A search for a smaller violation, that keeps what it has got.
struct Reduction<'a> {
    operations: Vec<Operation>,
    /// The element of each operation.
    of: Vec<u32>,
    judge: Judge<'a>,
    clock: Clock<'a>,
    budget: usize,
}

impl Reduction<'_> {
    fn is_kept(wanted: &[bool], element: u32) -> bool {
        element == OPEN || wanted[element as usize]
    }

    /// None when the effort is spent.
    fn is_violated(&mut self, wanted: &[bool]) -> Option<bool> {
        let kept = |&(_, &element): &(&Operation, &u32)| Self::is_kept(wanted, element);
        let part: Vec<Operation> =
            self.operations.iter().zip(&self.of).filter(kept).map(|(o, _)| *o).collect();
        self.budget = self.budget.checked_sub(part.len() + self.of.len() / 16).filter(|_| (self.clock)())?;
        Some((self.judge)(&numbered(part)).is_violated())
    }

    fn keep(&mut self, wanted: &[bool]) {
        let mut elements = self.of.iter();
        self.operations.retain(|_| elements.next().is_some_and(|&element| Self::is_kept(wanted, element)));
        self.of.retain(|&element| Self::is_kept(wanted, element));
    }

    /// Finds the shortest sequence of elements that is in violation; its last one is needed.  Then the same with
    /// that one and what comes before it, until what is needed is in violation by itself.
    fn shrink(&mut self, wanted: Vec<bool>) -> bool {
        let mut rest: Vec<usize> = (0..wanted.len()).filter(|&at| wanted[at]).collect();
        let mut needed = vec![false; wanted.len()];
        loop {
            let Some(length) = self.shortest(&rest, &needed) else { return false };
            self.keep(&with(&needed, &rest[..length]));
            if length == 0 {
                return true;
            }
            needed[rest[length - 1]] = true;
            rest.truncate(length - 1);
        }
    }

    /// How many elements from the first on are in violation, together with those needed.
    fn shortest(&mut self, rest: &[usize], needed: &[bool]) -> Option<usize> {
        if self.is_violated(needed)? {
            return Some(0);
        }
        let (mut fits, mut long) = (0, rest.len().min(16));
        while long < rest.len() && !self.is_violated(&with(needed, &rest[..long]))? {
            (fits, long) = (long, rest.len().min(4 * long));
        }
        while fits + 1 < long {
            let middle = usize::midpoint(fits, long);
            if self.is_violated(&with(needed, &rest[..middle]))? {
                long = middle;
            } else {
                fits = middle;
            }
        }
        Some(long)
    }

    /// Leaves out looks that are not needed, where there are few operations.
    fn drop_looks(&mut self) {
        let mut at = self.operations.len();
        while at > 0 && self.operations.len() <= FEW {
            at -= 1;
            if self.operations[at].role == Role::Look {
                let mut rest = self.operations.clone();
                rest.remove(at);
                if (self.judge)(&numbered(rest)).is_violated() {
                    self.operations.remove(at);
                }
            }
        }
    }
}

fn with(needed: &[bool], more: &[usize]) -> Vec<bool> {
    let mut wanted = needed.to_vec();
    for &at in more {
        wanted[at] = true;
    }
    wanted
}

/// A part of a recording, with positions of its own.
fn numbered(mut part: Vec<Operation>) -> Vec<Operation> {
    let never = |position: u32| if position == OPEN { i64::MAX } else { i64::from(position) };
    let times: Vec<(i64, i64)> = part.iter().map(|o| (i64::from(o.invoked), never(o.returned))).collect();
    number_positions(&mut part, &times);
    part
}
