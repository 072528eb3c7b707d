//! The same sets in another order of slots.

use super::diagram::{Diagram, EMPTY, Id, UNIT};
use super::order::Order;
use super::relation::{DONE, Effect, Line, Next, Relation};
use super::space::Space;
use crate::rules::RuleSet;

impl Space {
    /// Puts the slots in another order, and tells the sets `roots` their new numbers; the rules must be prepared anew.
    ///
    /// Where the space is halted, sets and order stay as they are.
    pub fn reorder(&mut self, order: Vec<u32>, roots: &mut [Id]) {
        self.diagram.collect(roots);
        let old = std::mem::replace(&mut self.diagram, Diagram::new(Order::new(order)));
        self.cache.clear();
        self.forget_rules();
        let shared = std::sync::Arc::clone(&self.rules);
        let rules = shared.read().expect("rules are not poisoned");
        let mut numbers: Vec<Id> = vec![EMPTY, UNIT];
        for node in 2..old.len() as Id {
            let mut made = EMPTY;
            for &(value, child) in old.arcs(node) {
                let write = self.write(&rules, old.slot(node), value);
                let some = self.image(numbers[child as usize], write);
                made = self.union(made, some);
            }
            numbers.push(made);
        }
        if self.is_halted() {
            self.diagram = old;
            self.cache.clear();
            self.relations.clear();
            return;
        }
        for root in roots {
            *root = numbers[*root as usize];
        }
    }

    fn write(&mut self, rules: &RuleSet, slot: u32, value: u32) -> Relation {
        if value == 0 {
            return DONE; // it holds 0 already, as long as nothing is written
        }
        let (guards, effects) = (Vec::new(), vec![Effect::Write(value)]);
        self.relations.add(rules, Line { slot, guards, effects, next: Next::Always(DONE) })
    }
}
