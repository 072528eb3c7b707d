//! Which operations belong to one write.

use super::zones::{INITIAL, Zone};
use crate::linearizability::finding::{Finding, Obstacle, Rule};
use crate::linearizability::recording::{Numbers, Operation, Role, Told};

const NONE: u32 = u32::MAX;

/// A value, and who had to do with it.
#[derive(Clone)]
struct Value {
    /// The write or compare-and-set that wrote it; INITIAL of the first value; one of them if `writers` is more.
    writer: u32,
    writers: u32,
    /// A read that found it, or the compare-and-set that took it; NONE if nobody observed it.
    observer: u32,
    /// The compare-and-set that took it, and certainly happened.
    taker: u32,
    reads: Zone,
}

impl Value {
    fn new() -> Value {
        Value { writer: NONE, writers: 0, observer: NONE, taker: NONE, reads: Zone::empty() }
    }

    fn written_by(&mut self, number: u32) {
        self.writer = number;
        self.writers += 1;
    }
}

/// Whether it writes, or may have: a write, or a compare-and-set that did not say "unequal".
fn writes(operation: &Operation) -> bool {
    match operation.role {
        Role::Put => true,
        Role::Swap => operation.told != Told::No && operation.value != operation.expected,
        Role::Look | Role::Take | Role::Scan => false,
    }
}

/// The value that it observed, so that whoever wrote that value certainly did.
fn observed(operation: &Operation) -> Option<i64> {
    match operation.role {
        _ if operation.is_pending() => None,
        Role::Look => Some(operation.value),
        Role::Swap if operation.told != Told::No => Some(operation.expected),
        _ => None,
    }
}

/// The zones of all blocks; or what is wrong already, or why zones do not apply.
///
/// Pending writes and compare-and-sets of values that nobody observed are left out: an order that has such an
/// operation is one without it, too, as nothing in it depends on the value.  Observed ones happened.  Pending
/// reads tell nothing.  A compare-and-set of a value by itself is a read.
pub fn zones(operations: &[Operation], initial: i64) -> Result<Vec<Zone>, Finding> {
    let mut recording = Recording::new(operations, initial);
    recording.trace_back()?;
    let mut zones = recording.blocks()?;
    for (number, operation) in (0_u32..).zip(operations) {
        let lonely = operation.role == Role::Put && !operation.is_pending();
        if lonely && recording.value_of(operation.value).observer == NONE {
            let mut zone = Zone::empty();
            zone.add(number, operation);
            zones.push(zone);
        }
    }
    Ok(zones)
}

struct Recording<'a> {
    operations: &'a [Operation],
    numbers: Numbers,
    values: Vec<Value>,
    /// A value that two compare-and-sets took, and the second one.
    retaken: Option<(usize, u32)>,
}

impl<'a> Recording<'a> {
    fn new(operations: &'a [Operation], initial: i64) -> Recording<'a> {
        let numbers = Numbers::with_capacity(operations.len() / 2 + 1);
        let mut new = Recording { operations, numbers, values: Vec::new(), retaken: None };
        new.value(initial).written_by(INITIAL);
        for (number, operation) in (0_u32..).zip(operations) {
            if writes(operation) {
                new.value(operation.value).written_by(number);
            }
            if let Some(code) = observed(operation) {
                new.observe(code, number);
            }
        }
        new
    }

    fn value(&mut self, code: i64) -> &mut Value {
        let number = self.numbers.number(code);
        if number == self.values.len() {
            self.values.push(Value::new());
        }
        &mut self.values[number]
    }

    fn value_of(&self, code: i64) -> &Value {
        &self.values[self.numbers.known(code).expect("every code of an operation that writes has a number")]
    }

    fn observe(&mut self, code: i64, number: u32) {
        let operations = self.operations;
        let operation = &operations[number as usize];
        let value = self.value(code);
        value.observer = value.observer.min(number);
        if !writes(operation) {
            value.reads.add(number, operation);
        } else if value.taker == NONE {
            value.taker = number;
        } else {
            let again = self.numbers.number(code);
            self.retaken.get_or_insert((again, number));
        }
    }

    fn row(&self, number: u32) -> u32 {
        self.operations[number as usize].row
    }

    /// What pending compare-and-sets observed whose value was observed; and whether all is unambiguous.
    fn trace_back(&mut self) -> Result<(), Finding> {
        let mut ambiguous = None;
        let mut open: Vec<usize> =
            (0..self.values.len()).filter(|&at| self.values[at].observer != NONE).collect();
        while let Some(at) = open.pop() {
            let Value { writer, writers, observer, .. } = self.values[at];
            if writers == 0 {
                return Err(Finding::Violated(Rule::Unwritten, vec![self.row(observer)]));
            }
            if writers > 1 {
                ambiguous.get_or_insert(observer);
                continue;
            }
            if writer < INITIAL && self.operations[writer as usize].is_pending() {
                let swap = self.operations[writer as usize];
                if swap.role == Role::Swap {
                    let is_news = self.value(swap.expected).observer == NONE;
                    self.observe(swap.expected, writer);
                    if is_news {
                        open.push(self.numbers.number(swap.expected));
                    }
                }
            }
        }
        if let Some(observer) = ambiguous {
            return Err(Finding::NotApplicable(Obstacle::Duplicate, vec![self.row(observer)]));
        }
        match self.retaken {
            Some((at, number)) => {
                let rows = vec![self.row(self.values[at].taker), self.row(number)];
                Err(Finding::Violated(Rule::Twice, rows))
            }
            None => Ok(()),
        }
    }

    /// The zones of the blocks of observed values.
    fn blocks(&self) -> Result<Vec<Zone>, Finding> {
        let mut zones = Vec::with_capacity(self.values.len());
        let mut visited = vec![false; self.values.len()];
        for (at, value) in self.values.iter().enumerate() {
            let root = value.writer >= INITIAL || self.operations[value.writer as usize].role == Role::Put;
            if value.observer != NONE && root {
                zones.push(self.block(at, &mut visited)?);
            }
        }
        match (0..self.values.len()).find(|&at| self.values[at].observer != NONE && !visited[at]) {
            Some(at) => Err(self.circle(at)),
            None => Ok(zones),
        }
    }

    /// Follows a chain from its root: every operation returns after all before it in the chain were invoked.
    fn block(&self, root: usize, visited: &mut [bool]) -> Result<Zone, Finding> {
        let mut zone = Zone::empty();
        let (mut at, mut opener) = (Some(root), self.values[root].writer);
        let mut rule = Rule::Early;
        while opener != NONE {
            let operation = self.operations.get(opener as usize);
            if let Some(operation) = operation {
                self.check_returned(rule, (operation.returned, opener), &zone)?;
                zone.add(opener, operation);
            } else {
                zone.join(&Zone::initial());
            }
            let Some(value) = at.map(|at| &self.values[at]) else { break };
            visited[at.unwrap_or(root)] = true;
            self.check_returned(rule, value.reads.first_return, &zone)?;
            zone.join(&value.reads);
            (opener, rule) = (value.taker, Rule::Chain);
            at = self.operations.get(opener as usize).and_then(|taker| self.numbers.known(taker.value));
            at = at.filter(|&at| self.values[at].observer != NONE);
        }
        Ok(zone)
    }

    fn check_returned(
        &self,
        rule: Rule,
        (returned, number): (u32, u32),
        before: &Zone,
    ) -> Result<(), Finding> {
        let (invoked, earlier) = before.last_invocation;
        if returned >= invoked {
            return Ok(());
        }
        Err(Finding::Violated(rule, vec![self.row(earlier), self.row(number)]))
    }

    /// The compare-and-sets that wrote a value, the value that they took, and so on round to it.
    fn circle(&self, start: usize) -> Finding {
        let mut rows = Vec::new();
        let mut at = start;
        loop {
            let writer = self.values[at].writer;
            rows.push(self.row(writer));
            at = match self.numbers.known(self.operations[writer as usize].expected) {
                Some(before) if before != start && rows.len() < self.values.len() => before,
                _ => return Finding::Violated(Rule::Circle, rows),
            };
        }
    }
}
