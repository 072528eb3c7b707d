//! Union, difference and intersection.

use super::cache::Op;
use super::diagram::{Arc, EMPTY, Id, UNIT};
use super::order::END;
use super::space::Space;

impl Space {
    /// The states of either set.  Where the space is halted, perhaps only those of the first one.
    pub fn union(&mut self, a: Id, b: Id) -> Id {
        if a == b || b == EMPTY || self.is_halted() {
            return a;
        }
        if a == EMPTY {
            return b;
        }
        let (a, b) = (a.min(b), a.max(b));
        if let Some(known) = self.cache.get(Op::Union, a, b) {
            return known;
        }
        let (slot, base) = self.merge(a, b, |space, one, other| match (one, other) {
            (Some(one), Some(other)) => space.union(one, other),
            (one, other) => one.or(other).unwrap_or(EMPTY),
        });
        let made = self.diagram.make(slot, base);
        self.remember(Op::Union, a, b, made)
    }

    /// The states of the first set that are not in the second.
    pub fn minus(&mut self, a: Id, b: Id) -> Id {
        if a == b || a == EMPTY {
            return EMPTY;
        }
        if b == EMPTY || self.is_halted() {
            return a;
        }
        if let Some(known) = self.cache.get(Op::Minus, a, b) {
            return known;
        }
        let (slot, base) = self.merge(a, b, |space, one, other| match (one, other) {
            (Some(one), Some(other)) => space.minus(one, other),
            (one, _) => one.unwrap_or(EMPTY),
        });
        let made = self.diagram.make(slot, base);
        self.remember(Op::Minus, a, b, made)
    }

    /// The states of both sets.
    pub fn meet(&mut self, a: Id, b: Id) -> Id {
        if a == b {
            return a;
        }
        if a == EMPTY || b == EMPTY || self.is_halted() {
            return EMPTY;
        }
        let (a, b) = (a.min(b), a.max(b));
        if let Some(known) = self.cache.get(Op::Meet, a, b) {
            return known;
        }
        let (slot, base) = self.merge(a, b, |space, one, other| match (one, other) {
            (Some(one), Some(other)) => space.meet(one, other),
            _ => EMPTY,
        });
        let made = self.diagram.make(slot, base);
        self.remember(Op::Meet, a, b, made)
    }

    /// Goes along the arcs of two different nodes by value; the results are on the stack from the base on.
    fn merge(
        &mut self,
        a: Id,
        b: Id,
        mut combine: impl FnMut(&mut Space, Option<Id>, Option<Id>) -> Id,
    ) -> (u32, usize) {
        let (mut at_a, mut at_b) = (Cursor::new(self, a), Cursor::new(self, b));
        let position = at_a.position.min(at_b.position);
        at_a.look_from(position);
        at_b.look_from(position);
        let base = self.diagram.stack.len();
        loop {
            let (one, other) = (at_a.arc(self), at_b.arc(self));
            let value = match (one, other) {
                (Some(one), Some(other)) => one.0.min(other.0),
                (Some(one), None) => one.0,
                (None, Some(other)) => other.0,
                (None, None) => break,
            };
            let one = one.filter(|arc| arc.0 == value);
            let other = other.filter(|arc| arc.0 == value);
            at_a.at += usize::from(one.is_some());
            at_b.at += usize::from(other.is_some());
            let child = combine(self, one.map(|arc| arc.1), other.map(|arc| arc.1));
            if child != EMPTY {
                self.diagram.stack.push((value, child));
            }
        }
        (self.diagram.order.slot(position), base)
    }

    pub fn remember(&mut self, op: Op, a: u32, b: u32, result: Id) -> Id {
        if !self.is_halted() {
            self.cache.put(op, a, b, result);
        }
        result
    }
}

/// A walk along the arcs that a node has at some position: one of value 0 where it asks for a later slot.
struct Cursor {
    node: Id,
    position: u32,
    skips: bool,
    at: usize,
}

impl Cursor {
    fn new(space: &Space, node: Id) -> Cursor {
        let position = if node == UNIT { END } else { space.diagram.position(node) };
        Cursor { node, position, skips: false, at: 0 }
    }

    fn look_from(&mut self, position: u32) {
        self.skips = self.position != position;
    }

    fn arc(&self, space: &Space) -> Option<Arc> {
        if self.skips {
            (self.at == 0).then_some((0, self.node))
        } else {
            (self.at < space.diagram.arc_count(self.node)).then(|| space.diagram.arc(self.node, self.at))
        }
    }
}
