//! The values of a collection: who put, found and took each, and when they must have.

use crate::histories::NIL;
use crate::linearizability::finding::{Finding, Obstacle, Rule};
use crate::linearizability::recording::{Numbers, OPEN, Operation, Role};

/// No operation.
pub const NONE: u32 = u32::MAX;

/// What unreturned takes may have taken: the values that nothing else took.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum World {
    /// They took nothing.
    Nothing,
    /// Each of the values may have been taken since the first such take was invoked: more than is possible.
    Anything,
    /// The values were taken in the order of their puts, by the takes in the order of their invocation.
    InTurn,
    /// Likewise, but the last ones that there is a take for each.
    InReverse,
}

/// The bounds of a point in time at which something happened, with the operations that set them.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    pub from: u32,
    pub to: u32,
}

impl Window {
    /// The gaps in which it can have happened; gap g lies between positions g and g + 1, and what goes on
    /// for ever reaches the gap after the end.
    pub fn gaps(&self, end: u32) -> std::ops::Range<u32> {
        self.from..if self.to >= end { end + 1 } else { self.to }
    }
}

/// A value that certainly was put into the collection.
#[derive(Clone, Debug)]
pub struct Value {
    pub code: i64,
    /// The operation that put it there.
    pub put: u32,
    /// The operation that took it; NONE if it was not taken, or nobody knows by which.
    pub take: u32,
    /// When it was put and taken; not taken: at the end.
    pub put_window: Window,
    pub take_window: Window,
    /// The first return of an operation that found it (looked at it or took it), and which.
    pub first_found: (u32, u32),
    /// The last invocation of one, and which.
    pub last_found: (u32, u32),
}

impl Value {
    /// Whether it certainly was in the collection for a while: from the end of one window to the begin of the other.
    pub fn stays(&self) -> bool {
        self.put_window.to < self.take_window.from
    }
}

/// All values of one recording.  Positions are those of `operations`; `end` is after all of them.
pub struct Values<'a> {
    pub operations: &'a [Operation],
    pub values: Vec<Value>,
    /// Looks, by value: the value that was seen, the operation, and when it must have happened.
    pub looks: Vec<(u32, u32, Window)>,
    /// Operations that found nothing there.
    pub empties: Vec<u32>,
    /// Takes that may have happened.
    pub pending: Vec<u32>,
    pub end: u32,
}

impl<'a> Values<'a> {
    /// Sorts operations by value, and shrinks their windows to what operations of the same value imply.
    ///
    /// Unreturned puts of values that nobody found are left out: an order with such a put is one without it and
    /// without the take of that value, if any, since the other values keep their places.  Found ones happened.
    pub fn new(operations: &'a [Operation], world: World) -> Result<Values<'a>, Finding> {
        let last =
            operations.iter().map(|o| if o.returned == OPEN { o.invoked } else { o.returned.max(o.invoked) });
        let end = last.max().unwrap_or(0) + 1;
        let mut new = Values {
            operations,
            values: Vec::new(),
            looks: Vec::new(),
            empties: Vec::new(),
            pending: Vec::new(),
            end,
        };
        new.sort()?;
        new.shrink()?;
        new.imagine(world);
        Ok(new)
    }

    /// The number of values that nothing is known to have taken.
    pub fn left(&self) -> usize {
        self.values.iter().filter(|value| value.take == NONE).count()
    }

    /// Of value i: `looks[offsets[i]..offsets[i + 1]]`.
    pub fn looks_of_values(&self) -> Vec<u32> {
        let mut offsets = vec![0; self.values.len() + 1];
        for &(value, ..) in &self.looks {
            offsets[value as usize + 1] += 1;
        }
        for at in 1..offsets.len() {
            offsets[at] += offsets[at - 1];
        }
        offsets
    }

    pub fn row(&self, number: u32) -> u32 {
        self.operations[number as usize].row
    }

    /// A violation, with the rows of some operations.
    pub fn violation(&self, rule: Rule, operations: &[u32]) -> Finding {
        let known = operations.iter().filter(|&&number| number != NONE);
        Finding::Violated(rule, known.map(|&number| self.row(number)).collect())
    }

    fn window(&self, number: u32) -> Window {
        let operation = &self.operations[number as usize];
        Window { from: operation.invoked, to: operation.returned.min(self.end) }
    }

    fn sort(&mut self) -> Result<(), Finding> {
        let mut numbers = Numbers::with_capacity(self.operations.len() / 2);
        let mut puts: Vec<Puts> = Vec::new();
        for (number, operation) in (0_u32..).zip(self.operations) {
            let finds = operation.role != Role::Put;
            if finds && operation.is_pending() {
                if operation.role == Role::Take {
                    self.pending.push(number);
                }
                continue;
            }
            if operation.value == NIL {
                if !finds {
                    return Err(Finding::NotApplicable(Obstacle::Nil, vec![operation.row]));
                }
                self.empties.push(number);
                continue;
            }
            let at = numbers.number(operation.value);
            if at == puts.len() {
                puts.push(Puts::default());
            }
            puts[at].add(number, operation);
            if operation.role == Role::Look {
                self.looks.push((at as u32, number, self.window(number)));
            }
        }
        self.keep(&numbers, &mut puts)?;
        for look in &mut self.looks {
            look.0 = puts[look.0 as usize].value;
        }
        self.looks.sort_unstable_by_key(|&(value, number, _)| (value, number));
        Ok(())
    }

    /// Numbers the values that certainly were there.
    fn keep(&mut self, numbers: &Numbers, puts: &mut [Puts]) -> Result<(), Finding> {
        let mut ambiguous = None;
        for (at, found) in puts.iter_mut().enumerate() {
            let observer = found.observer;
            if found.certain + found.pending == 0 {
                return Err(self.violation(Rule::Unwritten, &[observer]));
            }
            let observed = observer != NONE;
            if found.certain > 1 || (observed && found.certain + found.pending > 1) {
                ambiguous.get_or_insert(if observed { observer } else { found.put });
            } else if found.again != NONE {
                return Err(self.violation(Rule::Twice, &[found.take, found.again]));
            }
            if found.certain == 0 && !observed {
                continue;
            }
            found.value = self.values.len() as u32;
            let never = Window { from: self.end, to: self.end };
            self.values.push(Value {
                code: numbers.code(at),
                put: found.put,
                take: found.take,
                put_window: self.window(found.put),
                take_window: if found.take == NONE { never } else { self.window(found.take) },
                first_found: (self.end, NONE),
                last_found: (0, NONE),
            });
        }
        match ambiguous {
            Some(number) => Err(Finding::NotApplicable(Obstacle::Duplicate, vec![self.row(number)])),
            None => Ok(()),
        }
    }

    /// A value is put before it is found and taken, and not seen after it was taken.
    fn shrink(&mut self) -> Result<(), Finding> {
        for value in &mut self.values {
            if value.take != NONE {
                value.first_found = (value.take_window.to, value.take);
                value.last_found = (value.take_window.from, value.take);
            }
        }
        let early = |this: &Values, put: u32, found: u32| Err(this.violation(Rule::Early, &[put, found]));
        for at in 0..self.looks.len() {
            let (value, number, mut window) = self.looks[at];
            let value = &self.values[value as usize];
            if window.from > value.take_window.to {
                return Err(self.violation(Rule::Gone, &[value.take, number]));
            }
            if window.to < value.put_window.from {
                return early(self, value.put, number);
            }
            window.from = window.from.max(value.put_window.from);
            window.to = window.to.min(value.take_window.to);
            let value = &mut self.values[self.looks[at].0 as usize];
            value.first_found = value.first_found.min((window.to, number));
            value.last_found = value.last_found.max((window.from, number));
            self.looks[at].2 = window;
        }
        for at in 0..self.values.len() {
            let value = &self.values[at];
            if value.take != NONE && value.take_window.to < value.put_window.from {
                return early(self, value.put, value.take);
            }
            let value = &mut self.values[at];
            value.put_window.to = value.put_window.to.min(value.first_found.0);
            value.take_window.from =
                value.take_window.from.max(value.last_found.0).max(value.put_window.from);
            if value.take != NONE && value.take_window.from > value.last_found.0 {
                value.last_found.0 = value.take_window.from;
            }
        }
        Ok(())
    }

    /// Lets unreturned takes take what is left.
    fn imagine(&mut self, world: World) {
        if self.pending.is_empty() || world == World::Nothing {
            return;
        }
        let mut left: Vec<usize> =
            (0..self.values.len()).filter(|&at| self.values[at].take == NONE).collect();
        if world != World::Anything {
            left.sort_unstable_by_key(|&at| self.values[at].put_window.to);
        }
        if world == World::InReverse {
            left.drain(..left.len().saturating_sub(self.pending.len()));
        }
        for (turn, at) in left.into_iter().enumerate() {
            let taker = if world == World::Anything { 0 } else { turn };
            let Some(&taker) = self.pending.get(taker) else { break };
            let from = self.operations[taker as usize].invoked;
            let value = &mut self.values[at];
            value.take_window.from = from.max(value.last_found.0).max(value.put_window.from);
            value.last_found = value.last_found.max((value.take_window.from, taker));
        }
    }
}

/// The operations of a code.
struct Puts {
    put: u32,
    certain: u32,
    pending: u32,
    observer: u32,
    take: u32,
    again: u32,
    /// Its number among the values.
    value: u32,
}

impl Default for Puts {
    fn default() -> Puts {
        Puts { put: NONE, certain: 0, pending: 0, observer: NONE, take: NONE, again: NONE, value: NONE }
    }
}

impl Puts {
    fn add(&mut self, number: u32, operation: &Operation) {
        if operation.role == Role::Put {
            *(if operation.is_pending() { &mut self.pending } else { &mut self.certain }) += 1;
            if !operation.is_pending() || self.put == NONE {
                self.put = number;
            }
            return;
        }
        self.observer = self.observer.min(number);
        if operation.role == Role::Take {
            if self.take == NONE {
                self.take = number;
            } else {
                self.again = number;
            }
        }
    }
}
