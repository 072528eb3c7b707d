//! Sets that only grow, and are read as a whole.
//!
//! The reads form a chain: of two different ones, the smaller comes first.  Each element comes after the last read
//! that lacks it and before the first one that has it.  Taking the reads from the smallest on, and everything as
//! early as it can be, leaves the most room for what follows; so this finds an order if there is one.

use super::compounds::Compounds;
use crate::linearizability::finding::{Finding, Obstacle, Rule};
use crate::linearizability::recording::{Numbers, OPEN, Operation, Role, Told};

const NONE: u32 = u32::MAX;

/// When an element can have come.
#[derive(Clone, Copy)]
struct Element {
    /// The first invocation of an add that can have brought it, and which.
    from: (u32, u32),
    /// The first return of an add, and which.
    to: (u32, u32),
    /// The add that said that it brought it.
    bringer: u32,
    /// How many reads had been looked at when it was first found; NONE if none.
    found_by: u32,
}

/// Judges a set from its adds and reads of everything; O(n log n) in the operations and the lengths of the reads.
pub fn judge(operations: &[Operation], compounds: Compounds) -> Finding {
    let other = |operation: &&Operation| !matches!(operation.role, Role::Put | Role::Scan);
    if let Some(other) = operations.iter().filter(|o| o.role == Role::Take || !o.is_pending()).find(other) {
        return Finding::NotApplicable(Obstacle::Whole, vec![other.row]);
    }
    match Growing::new(operations, compounds).and_then(|mut growing| growing.order()) {
        Ok(()) => Finding::Accepted,
        Err(finding) => finding,
    }
}

struct Growing<'a> {
    operations: &'a [Operation],
    numbers: Numbers,
    elements: Vec<Element>,
    /// Reads with their elements, the smallest first.
    reads: Vec<(u32, Vec<u32>)>,
    /// The gap up to which everything has been put in order, and the operation that could not come earlier.
    now: (u32, u32),
}

impl<'a> Growing<'a> {
    fn new(operations: &'a [Operation], compounds: Compounds) -> Result<Growing<'a>, Finding> {
        let mut new = Growing {
            operations,
            numbers: Numbers::default(),
            elements: Vec::new(),
            reads: Vec::new(),
            now: (0, NONE),
        };
        for (number, operation) in
            (0_u32..).zip(operations).filter(|(_, operation)| operation.role == Role::Put)
        {
            new.add(number, operation)?;
        }
        for (number, operation) in (0_u32..).zip(operations) {
            if operation.role == Role::Scan && !operation.is_pending() {
                let found = new.found(number, operation, compounds)?;
                new.reads.push((number, found));
            }
        }
        new.reads.sort_by_key(|(_, found)| found.len());
        Ok(new)
    }

    fn violation(&self, rule: Rule, operations: &[u32]) -> Finding {
        let known = operations.iter().filter(|&&number| number != NONE);
        Finding::Violated(rule, known.map(|&number| self.operations[number as usize].row).collect())
    }

    fn add(&mut self, number: u32, operation: &Operation) -> Result<(), Finding> {
        let at = self.numbers.number(operation.value);
        if at == self.elements.len() {
            self.elements.push(Element {
                from: (OPEN, NONE),
                to: (OPEN, NONE),
                bringer: NONE,
                found_by: NONE,
            });
        }
        let element = &mut self.elements[at];
        if !operation.is_pending() {
            element.to = element.to.min((operation.returned, number));
        }
        if operation.told == Told::Yes {
            let other = std::mem::replace(&mut element.bringer, number);
            if other != NONE {
                return Err(self.violation(Rule::Present, &[number, other]));
            }
            element.from = (operation.invoked, number);
        } else if operation.told != Told::No && element.bringer == NONE {
            element.from = element.from.min((operation.invoked, number));
        }
        Ok(())
    }

    /// The elements of a read, each once.
    fn found(&self, number: u32, operation: &Operation, compounds: Compounds) -> Result<Vec<u32>, Finding> {
        let Some(codes) = compounds.items(operation.value) else {
            return Err(Finding::NotApplicable(Obstacle::Function, vec![operation.row]));
        };
        let mut found = Vec::with_capacity(codes.len());
        for &code in codes {
            match self.numbers.known(code) {
                Some(at) => found.push(at as u32),
                None => return Err(self.violation(Rule::Unwritten, &[number])),
            }
        }
        found.sort_unstable();
        if found.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(Finding::NotApplicable(Obstacle::Function, vec![operation.row]));
        }
        Ok(found)
    }

    fn order(&mut self) -> Result<(), Finding> {
        let reads = std::mem::take(&mut self.reads);
        let mut before: Option<&(u32, Vec<u32>)> = None;
        let mut group = (self.now, self.now);
        for (turn, read) in (0_u32..).zip(&reads) {
            let (number, found) = read;
            if before.is_none_or(|(_, smaller)| smaller.len() < found.len()) {
                self.now = group.1;
                group.0 = self.now;
                let known = found.iter().filter(|&&at| self.elements[at as usize].found_by != NONE).count();
                self.compare(before, read, known)?;
                for &at in found {
                    if self.elements[at as usize].found_by == NONE {
                        group.0 = group.0.max(self.bring(at, before.map_or(NONE, |(read, _)| *read))?);
                        self.elements[at as usize].found_by = turn;
                    }
                }
                group.1 = group.0;
            } else {
                let known = if before.is_some_and(|(_, same)| same == found) { found.len() } else { 0 };
                self.compare(before, read, known)?;
            }
            let operation = &self.operations[*number as usize];
            let moment = group.0.max((operation.invoked, *number));
            if moment.0 >= operation.returned {
                return Err(self.violation(Rule::Late, &[*number, moment.1]));
            }
            group.1 = group.1.max(moment);
            before = Some(read);
        }
        self.now = group.1;
        let last = before.map_or(NONE, |(number, _)| *number);
        for at in 0..self.elements.len() as u32 {
            let element = &self.elements[at as usize];
            if element.found_by == NONE && element.to.1 != NONE {
                self.bring(at, last)?;
            }
        }
        Ok(())
    }

    /// Everything found so far is found again.
    fn compare(
        &self,
        before: Option<&(u32, Vec<u32>)>,
        read: &(u32, Vec<u32>),
        known: usize,
    ) -> Result<(), Finding> {
        match before {
            Some((number, smaller)) if known < smaller.len() => {
                Err(self.violation(Rule::Incomparable, &[*number, read.0]))
            }
            _ => Ok(()),
        }
    }

    /// The moment at which an element comes: after the last read that lacks it.
    fn bring(&self, at: u32, lacking: u32) -> Result<(u32, u32), Finding> {
        let Element { from, to, .. } = self.elements[at as usize];
        let moment = self.now.max(from);
        if moment.0 < to.0 && from.1 != NONE {
            return Ok(moment);
        }
        Err(self.violation(Rule::Lacking, &[to.1, lacking, self.now.1]))
    }
}
