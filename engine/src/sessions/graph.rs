//! Directed graphs over dense numbers: orders of their nodes, and short cycles where there is none.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, VecDeque};

/// A graph in rows of targets.
pub struct Digraph {
    offsets: Vec<u32>,
    targets: Vec<u32>,
}

/// How many nodes of a cycle are tried for a shorter one.
const TRIALS: usize = 24;

impl Digraph {
    /// A graph of this many nodes; edges may repeat.
    pub fn new(nodes: usize, edges: &[(u32, u32)]) -> Digraph {
        let mut offsets = vec![0u32; nodes + 1];
        for &(source, _) in edges {
            offsets[source as usize + 1] += 1;
        }
        for node in 0..nodes {
            offsets[node + 1] += offsets[node];
        }
        let mut place = offsets.clone();
        let mut targets = vec![0u32; edges.len()];
        for &(source, target) in edges {
            let at = &mut place[source as usize];
            targets[*at as usize] = target;
            *at += 1;
        }
        Digraph { offsets, targets }
    }

    pub fn len(&self) -> usize {
        self.offsets.len() - 1
    }

    pub fn successors(&self, node: u32) -> &[u32] {
        let node = node as usize;
        &self.targets[self.offsets[node] as usize..self.offsets[node + 1] as usize]
    }

    /// The nodes, each after all of its predecessors; of a cyclic graph a short cycle instead.
    pub fn order(&self) -> Result<Vec<u32>, Vec<u32>> {
        let mut degree = vec![0u32; self.len()];
        for &target in &self.targets {
            degree[target as usize] += 1;
        }
        let mut order: Vec<u32> = (0..self.len() as u32).filter(|&node| degree[node as usize] == 0).collect();
        let mut next = 0;
        while next < order.len() {
            let node = order[next];
            next += 1;
            for &target in self.successors(node) {
                degree[target as usize] -= 1;
                if degree[target as usize] == 0 {
                    order.push(target);
                }
            }
        }
        if order.len() == self.len() { Ok(order) } else { Err(self.short_cycle(&degree)) }
    }

    /// As `order`, and among the nodes that are free the one with the least number first.
    pub fn order_by(&self, numbers: &[i64]) -> Result<Vec<u32>, Vec<u32>> {
        let mut degree = vec![0u32; self.len()];
        for &target in &self.targets {
            degree[target as usize] += 1;
        }
        let entry = |node: u32| Reverse((numbers[node as usize], node));
        let mut free: BinaryHeap<_> =
            (0..self.len() as u32).filter(|&node| degree[node as usize] == 0).map(entry).collect();
        let mut order = Vec::with_capacity(self.len());
        while let Some(Reverse((_, node))) = free.pop() {
            order.push(node);
            for &target in self.successors(node) {
                degree[target as usize] -= 1;
                if degree[target as usize] == 0 {
                    free.push(entry(target));
                }
            }
        }
        if order.len() == self.len() { Ok(order) } else { Err(self.short_cycle(&degree)) }
    }

    /// A path with as few steps as can be of those that are not free, both ends included; the ends alone if there
    /// is none.
    pub fn path(&self, from: u32, to: u32, is_free: impl Fn(u32, u32) -> bool) -> Vec<u32> {
        const UNSEEN: u32 = u32::MAX;
        let mut before = vec![UNSEEN; self.len()];
        let mut is_done = vec![false; self.len()];
        let mut todo = VecDeque::from([(from, from)]);
        while let Some((node, last)) = todo.pop_front() {
            if std::mem::replace(&mut is_done[node as usize], true) {
                continue;
            }
            before[node as usize] = last;
            if node == to {
                break;
            }
            for &target in self.successors(node).iter().filter(|&&target| !is_done[target as usize]) {
                if is_free(node, target) {
                    todo.push_front((target, node));
                } else {
                    todo.push_back((target, node));
                }
            }
        }
        if from == to || before[to as usize] == UNSEEN {
            return vec![from, to];
        }
        let mut path = vec![to];
        while path[path.len() - 1] != from {
            path.push(before[path[path.len() - 1] as usize]);
        }
        path.reverse();
        path
    }

    /// A short cycle among the nodes that Kahn's algorithm left over: those with a degree.
    fn short_cycle(&self, left: &[u32]) -> Vec<u32> {
        let mut best = self.any_cycle(left);
        for &start in best.clone().iter().take(TRIALS) {
            if let Some(found) = self.cycle_through(start, left, best.len()) {
                best = found;
            }
        }
        best
    }

    /// Backwards from any node that is left: each has a predecessor that is left.
    fn any_cycle(&self, left: &[u32]) -> Vec<u32> {
        let mut before = vec![u32::MAX; self.len()];
        for node in (0..self.len() as u32).filter(|&node| left[node as usize] > 0) {
            for &target in self.successors(node) {
                before[target as usize] = node;
            }
        }
        let mut at = (0..self.len()).find(|&node| left[node] > 0).unwrap_or(0) as u32;
        let mut seen = vec![false; self.len()];
        while !seen[at as usize] {
            seen[at as usize] = true;
            at = before[at as usize];
        }
        let mut cycle = vec![at];
        let mut node = before[at as usize];
        while node != at {
            cycle.push(node);
            node = before[node as usize];
        }
        cycle.reverse();
        cycle
    }

    /// The shortest cycle through a node, if it is shorter than a bound.
    fn cycle_through(&self, start: u32, left: &[u32], bound: usize) -> Option<Vec<u32>> {
        let mut from = HashMap::from([(start, (start, 0usize))]);
        let mut todo = VecDeque::from([start]);
        while let Some(node) = todo.pop_front() {
            let depth = from[&node].1;
            if depth + 1 >= bound {
                return None;
            }
            for &target in self.successors(node) {
                if target == start {
                    let mut cycle = vec![node];
                    while *cycle.last()? != start {
                        cycle.push(from[cycle.last()?].0);
                    }
                    cycle.reverse();
                    return Some(cycle);
                }
                if left[target as usize] > 0 && !from.contains_key(&target) {
                    from.insert(target, (node, depth + 1));
                    todo.push_back(target);
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::Digraph;

    #[test]
    fn orders_and_cycles() {
        let edges = [(0, 1), (1, 2), (2, 3), (3, 0), (2, 1), (4, 0)];
        assert_eq!(Digraph::new(5, &edges).order(), Err(vec![1, 2]));
        assert_eq!(Digraph::new(3, &[(2, 0), (0, 1)]).order(), Ok(vec![2, 0, 1]));
        assert_eq!(Digraph::new(1, &[(0, 0)]).order(), Err(vec![0]));
    }
}
