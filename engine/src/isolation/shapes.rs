//! Classes of cycles, each recognised by a small automaton that runs along the edges.

use super::graph::{DATA, LANE, LATER, PREDICATE, RW, SESSION, TIME, WR, WW};

/// What a cycle is made of, beside the orders that it may use.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// Write dependencies only: Adya's G0.
    G0,
    /// Write and read dependencies, at least one of them known by a read: the rest of G1c.
    G1c,
    /// Exactly one anti-dependency.
    Single,
    /// At least two anti-dependencies, no two in a row (what snapshot isolation forbids beside `Single`).
    NonAdjacent,
    /// Anti-dependencies, each after a read or an order (what prefix consistency forbids; Cerone et al.).
    Prefix,
    /// Two anti-dependencies in a row: with those above, the rest of G2-item.
    Item,
    /// At least one anti-dependency, none of a predicate: G2-item as Adya has it.
    AnyItem,
    /// An anti-dependency of a predicate: the rest of G2.
    Predicate,
}

/// Which orders a cycle has to use, beside dependencies.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Orders {
    None,
    Sessions,
    /// Exactly one edge of real time: where more are needed, one of them is enough for a cycle of the same shape or
    /// a worse one, since of two intervals each of which precedes another one precedes the other's successor.
    Time,
}

/// How far along a cycle is.  Bits: 0 and 1 the number of anti-dependencies (up to 2), 2 the last edge was one,
/// 3 what the shape needs was seen, 4 an order was used, 5 the last edge was a read or an order.
pub type Mark = u8;
pub const MARKS: usize = 64;
const LAST: Mark = 4;
const SEEN: Mark = 8;
const ORDER: Mark = 16;
const READ: Mark = 32;

/// A shape with its orders.
#[derive(Clone, Copy, Debug)]
pub struct Class {
    pub shape: Shape,
    pub orders: Orders,
}

impl Class {
    /// The kinds of edges that may occur.
    pub fn mask(self) -> u8 {
        let data = match self.shape {
            Shape::G0 => WW,
            Shape::G1c => WW | LATER | WR,
            Shape::Item | Shape::AnyItem => WW | LATER | WR | RW,
            _ => DATA,
        };
        data | self.order()
    }

    /// The kind of the order that it uses on the way; real time is used once, at the end.
    fn order(self) -> u8 {
        if self.orders == Orders::Sessions { SESSION } else { 0 }
    }

    /// The kinds after which an anti-dependency may follow, where that is restricted.
    pub fn gate(self) -> Option<u8> {
        match self.shape {
            Shape::NonAdjacent => Some(WW | LATER | WR | self.order()),
            Shape::Prefix => Some(WR | self.order()),
            _ => None,
        }
    }

    /// The kinds of edges that a cycle can be begun with: each cycle of the class has one of them.
    pub fn first(self) -> u8 {
        match self.shape {
            Shape::G0 if self.orders == Orders::Sessions => SESSION,
            Shape::G0 => WW,
            Shape::G1c => WR | LATER,
            Shape::Item | Shape::AnyItem => RW,
            Shape::Predicate => PREDICATE,
            Shape::Single | Shape::NonAdjacent | Shape::Prefix => RW | PREDICATE,
        }
    }

    /// The mark before the first edge.
    pub fn start(self) -> Mark {
        // After real time, or (checked by `closes`) after what the last edge will be.
        if self.shape == Shape::Prefix { READ } else { 0 }
    }

    /// The mark after one more edge, if the edge fits.
    pub fn step(self, mark: Mark, kind: u8) -> Option<Mark> {
        if kind & LANE != 0 {
            return Some(mark);
        }
        if kind & self.mask() == 0 {
            return None;
        }
        let is_anti = kind & (RW | PREDICATE) != 0;
        let last_anti = mark & LAST != 0;
        let mut next = mark & (3 | SEEN | ORDER);
        if kind & (SESSION | TIME) != 0 {
            next |= ORDER;
        }
        match self.shape {
            Shape::G0 => {}
            Shape::G1c => next |= if kind & (WR | LATER) != 0 { SEEN } else { 0 },
            Shape::Single if is_anti => next = (mark & 3 == 0).then_some(next | 1)?,
            Shape::Single => {}
            Shape::NonAdjacent if is_anti && last_anti => return None,
            Shape::Prefix if is_anti && mark & READ == 0 => return None,
            Shape::NonAdjacent | Shape::Prefix if is_anti => next = (next & !3) | ((mark & 3) + 1).min(2),
            Shape::Item if is_anti && last_anti => next |= SEEN,
            Shape::AnyItem if is_anti => next |= SEEN,
            Shape::Predicate if kind & PREDICATE != 0 => next |= SEEN,
            _ => {}
        }
        let keeps_last = matches!(self.shape, Shape::NonAdjacent | Shape::Item);
        next |= if keeps_last && is_anti { LAST } else { 0 };
        let keeps_read = self.shape == Shape::Prefix;
        Some(next | if keeps_read && kind & (WR | SESSION | TIME) != 0 { READ } else { 0 })
    }

    /// Whether the walk that was begun with an edge of kind `first` (0: by real time) is complete.
    pub fn closes(self, mark: Mark, first: u8) -> bool {
        let from_anti = first & (RW | PREDICATE) != 0;
        let shape = match self.shape {
            Shape::G0 => true,
            Shape::G1c | Shape::AnyItem | Shape::Predicate => mark & SEEN != 0,
            Shape::Single => mark & 3 == 1,
            Shape::NonAdjacent => mark & 3 == 2 && !(from_anti && mark & LAST != 0),
            Shape::Prefix => mark & 3 >= 1 && (!from_anti || mark & READ != 0),
            Shape::Item => mark & SEEN != 0 || (from_anti && mark & LAST != 0),
        };
        shape && (self.orders != Orders::Sessions || mark & ORDER != 0)
    }
}

/// All marks that a class can reach, in a fixed order.
pub fn marks(class: Class) -> Vec<Mark> {
    let mut found = vec![class.start()];
    let mut at = 0;
    while at < found.len() {
        for kind in [WW, LATER, WR, RW, PREDICATE, SESSION, TIME] {
            if let Some(next) = class.step(found[at], kind).filter(|next| !found.contains(next)) {
                found.push(next);
            }
        }
        at += 1;
    }
    found
}
