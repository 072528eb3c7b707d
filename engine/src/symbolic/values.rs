//! Which values each slot has in a set.

use super::diagram::{EMPTY, Id};
use super::order::END;
use super::refinement::ABSTRACT;
use super::space::Space;

impl Space {
    /// Per slot of the model: the values that it has in some state of the set, in ascending order.
    pub fn values(&self, set: Id) -> Vec<Vec<u32>> {
        let order = &self.diagram.order;
        let mut found: Vec<Vec<u32>> = vec![Vec::new(); order.extent()];
        if set == EMPTY {
            return found;
        }
        // A slot that an arc skips holds 0.  Skipped positions are ranges: +1 where one begins, -1 where it ends.
        let mut skips = vec![0_i64; order.len() as usize + 1];
        let mut skip = |from: u32, to: u32| {
            skips[from as usize] += 1;
            skips[if to == END { order.len() } else { to } as usize] -= 1;
        };
        skip(0, self.diagram.position(set));
        let live = self.diagram.reachable(&[set]);
        for node in (2..=set).filter(|&node| live[node as usize]) {
            let slot = self.diagram.slot(node);
            for &(value, child) in self.diagram.arcs(node) {
                skip(order.position(slot) + 1, self.diagram.position(child));
                if !found[slot as usize].contains(&value) {
                    found[slot as usize].push(value);
                }
            }
        }
        let mut skipping = 0;
        for position in 0..order.len() {
            skipping += skips[position as usize];
            let values = &mut found[order.slot(position) as usize];
            if skipping > 0 && !values.contains(&0) {
                values.push(0);
            }
            values.sort_unstable();
        }
        found.truncate(order.count_below(ABSTRACT));
        found
    }
}
