//! A graph that stays free of circles while edges come and go.
//!
//! A topological order is kept up by moving nodes locally when an edge runs against it (Pearce and Kelly, "A
//! Dynamic Topological Sort Algorithm for Directed Acyclic Graphs", JEA 2007).  Edges that were added are taken
//! back in reverse; the order stays good without them.

use std::collections::VecDeque;

use crate::hashing::FastSet;
use crate::isolation::weak::Graph;

/// Nobody's literal: an edge that is certain.
pub const CERTAIN: u32 = u32::MAX;

pub struct Order {
    after: Graph,
    before: Graph,
    more_after: Vec<Vec<(u32, u32)>>,
    more_before: Vec<Vec<(u32, u32)>>,
    added: Vec<(u32, u32)>,
    position: Vec<u32>,
    /// Scratch: the search in which a node was seen, and from where.
    seen: Vec<(u32, u32, u32)>,
    search: u32,
    /// Certain edges of circles that were found.
    pub certain: FastSet<(u32, u32)>,
}

impl Order {
    /// Certain edges, and a topological order of them.
    pub fn new(nodes: usize, edges: &[(u32, u32)], order: &[u32]) -> Order {
        let reversed: Vec<(u32, u32)> = edges.iter().map(|&(from, to)| (to, from)).collect();
        let mut position = vec![0; nodes];
        order.iter().zip(0u32..).for_each(|(&node, at)| position[node as usize] = at);
        Order {
            after: Graph::new(nodes, edges),
            before: Graph::new(nodes, &reversed),
            more_after: vec![Vec::new(); nodes],
            more_before: vec![Vec::new(); nodes],
            added: Vec::new(),
            position,
            seen: vec![(0, 0, 0); nodes],
            search: 0,
            certain: FastSet::default(),
        }
    }

    pub fn position(&self, node: u32) -> u32 {
        self.position[node as usize]
    }

    /// How many edges there are that can be taken back.
    pub fn added(&self) -> usize {
        self.added.len()
    }

    /// Takes edges back until so many are left.
    pub fn take_back(&mut self, left: usize) {
        while self.added.len() > left {
            if let Some((from, to)) = self.added.pop() {
                self.more_after[from as usize].pop();
                self.more_before[to as usize].pop();
            }
        }
    }

    /// Adds an edge of a literal; where it would close a circle, the literals of the rest of the circle come
    /// back instead, as few as possible, without CERTAIN ones.
    pub fn add(&mut self, from: u32, to: u32, literal: u32) -> Result<(), Vec<u32>> {
        if self.position(from) >= self.position(to) {
            let found = self.forward(to, from)?;
            self.rearrange(from, to, found);
        }
        self.more_after[from as usize].push((to, literal));
        self.more_before[to as usize].push((from, literal));
        self.added.push((from, to));
        Ok(())
    }

    /// The nodes behind `start` that are not behind `end` in the order; an error, if `end` is among them, is the
    /// literals of a path with the fewest of them.
    fn forward(&mut self, start: u32, end: u32) -> Result<Vec<u32>, Vec<u32>> {
        let most = self.position(end);
        self.search += 1;
        let mut found = Vec::new();
        let mut queue = VecDeque::from([(start, CERTAIN, start)]);
        while let Some((node, literal, from)) = queue.pop_front() {
            if self.seen[node as usize].0 == self.search {
                continue;
            }
            self.seen[node as usize] = (self.search, from, literal);
            if node == end {
                return Err(self.literals(start, end));
            }
            found.push(node);
            for &next in self.after.after(node) {
                if self.position[next as usize] <= most && self.seen[next as usize].0 != self.search {
                    queue.push_front((next, CERTAIN, node));
                }
            }
            for &(next, literal) in &self.more_after[node as usize] {
                if self.position[next as usize] <= most && self.seen[next as usize].0 != self.search {
                    queue.push_back((next, literal, node));
                }
            }
        }
        Ok(found)
    }

    fn literals(&mut self, start: u32, end: u32) -> Vec<u32> {
        let mut literals = Vec::new();
        let mut node = end;
        while node != start {
            let (_, from, literal) = self.seen[node as usize];
            if literal == CERTAIN {
                self.certain.insert((from, node));
            } else {
                literals.push(literal);
            }
            node = from;
        }
        literals
    }

    /// The nodes before `from`, up to the place of `to`, go before `to` and what is behind it.
    fn rearrange(&mut self, from: u32, to: u32, mut behind: Vec<u32>) {
        let least = self.position(to);
        self.search += 1;
        let mut ahead = Vec::new();
        let mut stack = vec![from];
        self.seen[from as usize].0 = self.search;
        while let Some(node) = stack.pop() {
            ahead.push(node);
            let more = self.more_before[node as usize].iter().map(|&(before, _)| before);
            for before in self.before.after(node).iter().copied().chain(more) {
                if self.position[before as usize] >= least && self.seen[before as usize].0 != self.search {
                    self.seen[before as usize].0 = self.search;
                    stack.push(before);
                }
            }
        }
        ahead.sort_unstable_by_key(|&node| self.position[node as usize]);
        behind.sort_unstable_by_key(|&node| self.position[node as usize]);
        ahead.append(&mut behind);
        let mut places: Vec<u32> = ahead.iter().map(|&node| self.position[node as usize]).collect();
        places.sort_unstable();
        ahead.iter().zip(places).for_each(|(&node, place)| self.position[node as usize] = place);
    }

    /// The literals of a path with few of them; none if there is no path.
    pub fn path(&mut self, start: u32, end: u32) -> Option<Vec<u32>> {
        if start == end {
            return Some(Vec::new());
        }
        if self.position(start) > self.position(end) {
            return None;
        }
        self.forward(start, end).err()
    }

    /// All nodes in the present order.
    pub fn nodes(&self) -> Vec<u32> {
        let mut nodes = vec![0; self.position.len()];
        self.position.iter().zip(0u32..).for_each(|(&place, node)| nodes[place as usize] = node);
        nodes
    }

    /// All edges, the certain ones and those that were added.
    pub fn edges(&self) -> Vec<(u32, u32)> {
        let certain = (0..self.position.len() as u32)
            .flat_map(|node| self.after.after(node).iter().map(move |&next| (node, next)));
        certain.chain(self.added.iter().copied()).collect()
    }
}
