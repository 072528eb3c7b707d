//! Directed graphs of edges in one array, and what is circular in them.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Successors by node.
pub struct Graph {
    offsets: Vec<u32>,
    targets: Vec<u32>,
}

impl Graph {
    pub fn new(nodes: usize, edges: &[(u32, u32)]) -> Graph {
        let mut offsets = vec![0u32; nodes + 1];
        for &(source, _) in edges {
            offsets[source as usize + 1] += 1;
        }
        for at in 0..nodes {
            offsets[at + 1] += offsets[at];
        }
        let mut next = offsets.clone();
        let mut targets = vec![0; edges.len()];
        for &(source, target) in edges {
            targets[next[source as usize] as usize] = target;
            next[source as usize] += 1;
        }
        Graph { offsets, targets }
    }

    pub fn nodes(&self) -> usize {
        self.offsets.len() - 1
    }

    pub fn after(&self, node: u32) -> &[u32] {
        &self.targets[self.offsets[node as usize] as usize..self.offsets[node as usize + 1] as usize]
    }

    pub fn is_acyclic(&self) -> bool {
        self.in_order().len() == self.nodes()
    }

    /// A topological order of what is not behind a circle.
    pub fn in_order(&self) -> Vec<u32> {
        let mut waiting = vec![0u32; self.nodes()];
        for &target in &self.targets {
            waiting[target as usize] += 1;
        }
        let mut order: Vec<u32> =
            (0..self.nodes() as u32).filter(|&node| waiting[node as usize] == 0).collect();
        let mut at = 0;
        while at < order.len() {
            for &target in self.after(order[at]) {
                waiting[target as usize] -= 1;
                if waiting[target as usize] == 0 {
                    order.push(target);
                }
            }
            at += 1;
        }
        order
    }

    /// A topological order that follows the numbers of the nodes where it can; there is no circle.
    pub fn in_order_of(&self, number: impl Fn(u32) -> u32) -> Vec<u32> {
        let mut waiting = vec![0u32; self.nodes()];
        for &target in &self.targets {
            waiting[target as usize] += 1;
        }
        let free = (0..self.nodes() as u32).filter(|&node| waiting[node as usize] == 0);
        let mut heap: BinaryHeap<Reverse<(u32, u32)>> =
            free.map(|node| Reverse((number(node), node))).collect();
        let mut order = Vec::with_capacity(self.nodes());
        while let Some(Reverse((_, node))) = heap.pop() {
            order.push(node);
            for &target in self.after(node) {
                waiting[target as usize] -= 1;
                if waiting[target as usize] == 0 {
                    heap.push(Reverse((number(target), target)));
                }
            }
        }
        order
    }

    /// A short circle, as its nodes in order; None where there is none.  The shortest one through any of the
    /// first nodes that lie on circles, as many of them as a bounded amount of work allows.
    pub fn short_circle(&self) -> Option<Vec<u32>> {
        const WORK: usize = 20_000_000;
        let mut on_circle = vec![true; self.nodes()];
        self.in_order().iter().for_each(|&node| on_circle[node as usize] = false);
        let mut best: Option<Vec<u32>> = None;
        let mut work = 0;
        let mut seen = vec![(u32::MAX, 0u32); self.nodes()];
        for start in (0..self.nodes() as u32).filter(|&node| on_circle[node as usize]) {
            if work > WORK && best.is_some() {
                break;
            }
            let most = best.as_ref().map_or(usize::MAX, Vec::len);
            if most <= 2 {
                break;
            }
            if let Some(found) = self.circle_through(start, most, &on_circle, &mut seen, &mut work) {
                best = Some(found);
            }
        }
        best
    }

    fn circle_through(
        &self,
        start: u32,
        most: usize,
        inside: &[bool],
        seen: &mut [(u32, u32)],
        work: &mut usize,
    ) -> Option<Vec<u32>> {
        let mut queue = vec![start];
        let mut level_end = 1;
        let mut length = 1;
        let mut at = 0;
        seen[start as usize] = (start, start);
        while at < queue.len() && length < most {
            let node = queue[at];
            for &next in self.after(node).iter().filter(|&&next| inside[next as usize]) {
                *work += 1;
                if next == start {
                    return Some(back(seen, start, node));
                }
                if seen[next as usize].0 != start {
                    seen[next as usize] = (start, node);
                    queue.push(next);
                }
            }
            at += 1;
            if at == level_end {
                level_end = queue.len();
                length += 1;
            }
        }
        None
    }

    /// A shortest path, both ends included; None where there is none.
    pub fn path(&self, from: u32, to: u32) -> Option<Vec<u32>> {
        let mut seen = vec![(u32::MAX, 0u32); self.nodes()];
        let mut queue = vec![from];
        seen[from as usize] = (from, from);
        let mut at = 0;
        while at < queue.len() {
            let node = queue[at];
            for &next in self.after(node) {
                if seen[next as usize].0 != from {
                    seen[next as usize] = (from, node);
                    if next == to {
                        return Some(back(&seen, from, to));
                    }
                    queue.push(next);
                }
            }
            at += 1;
        }
        None
    }
}

fn back(seen: &[(u32, u32)], start: u32, end: u32) -> Vec<u32> {
    let mut path = vec![end];
    let mut node = end;
    while node != start {
        node = seen[node as usize].1;
        path.push(node);
    }
    path.reverse();
    path
}
