//! Which edges close a cycle: their target reaches their source.  Many questions at once, by bits.

use std::collections::VecDeque;

use super::components::{Components, View};
use super::cycles::{Step, join};
use super::graph::Graph;
use super::watch::{Stopped, Watch};

/// Words per node: 512 questions at once.
pub const WORDS: usize = 8;
pub type Bits = [u64; WORDS];

/// Reachability by edges of some kinds.
pub struct Reach<'a> {
    graph: &'a Graph,
    mask: u8,
}

impl<'a> Reach<'a> {
    pub fn new(graph: &'a Graph, mask: u8) -> Reach<'a> {
        Reach { graph, mask }
    }

    /// Those of the edges (source, edge) whose target reaches the source.
    pub fn closing(&self, edges: &[(u32, u32)], watch: &mut Watch) -> Result<Vec<(u32, u32)>, Stopped> {
        let pairs: Vec<(u32, u32)> =
            edges.iter().map(|&(source, edge)| (self.graph.target(edge), source)).collect();
        let reached = self.reached(&pairs, watch)?;
        Ok(edges.iter().zip(reached).filter(|&(_, yes)| yes).map(|(&edge, _)| edge).collect())
    }

    /// For each (from, to), sorted by `to`: whether the first reaches the second by at least no edge.
    pub fn reached(&self, pairs: &[(u32, u32)], watch: &mut Watch) -> Result<Vec<bool>, Stopped> {
        let mut answers = vec![false; pairs.len()];
        if pairs.is_empty() {
            return Ok(answers);
        }
        let view = View { graph: self.graph, mask: self.mask, gate: None };
        let parts = Components::find(&view, watch)?;
        let mut done = 0;
        while done < pairs.len() {
            let mut goals: Vec<u32> = Vec::new();
            let mut end = done;
            while end < pairs.len() {
                let to = pairs[end].1;
                if goals.last() != Some(&to) {
                    if goals.len() == WORDS * 64 {
                        break;
                    }
                    goals.push(to);
                }
                end += 1;
            }
            let bits = self.through(&view, &parts, &goals, watch)?;
            let mut bit = 0;
            for at in done..end {
                let (from, to) = pairs[at];
                while goals[bit] != to {
                    bit += 1;
                }
                answers[at] = bits[from as usize][bit / 64] >> (bit % 64) & 1 == 1;
            }
            done = end;
        }
        Ok(answers)
    }

    /// Per node: which of at most 512 goals it reaches, by bit; each reaches itself.
    pub fn to(&self, goals: &[u32], watch: &mut Watch) -> Result<Vec<Bits>, Stopped> {
        let view = View { graph: self.graph, mask: self.mask, gate: None };
        let parts = Components::find(&view, watch)?;
        self.through(&view, &parts, goals, watch)
    }

    fn through(
        &self,
        view: &View,
        parts: &Components,
        goals: &[u32],
        watch: &mut Watch,
    ) -> Result<Vec<Bits>, Stopped> {
        let mut bits: Vec<Bits> = vec![[0; WORDS]; self.graph.len()];
        for (bit, &goal) in goals.iter().enumerate() {
            bits[goal as usize][bit / 64] |= 1 << (bit % 64);
        }
        self.spread(view, parts, &mut bits, watch)?;
        Ok(bits)
    }

    /// A shortest path between two nodes, without limits: it is asked for once.
    pub fn path(&self, from: u32, to: u32) -> Vec<Step> {
        let view = View { graph: self.graph, mask: self.mask, gate: None };
        let mut into: Vec<(u32, u32)> = vec![(u32::MAX, u32::MAX); self.graph.len()];
        let mut todo = VecDeque::from([from]);
        into[from as usize].0 = from;
        while let Some(node) = todo.pop_front().filter(|&node| node != to) {
            for edge in self.graph.edges(node) {
                let Some(next) = view.step(node, edge) else { continue };
                if into[next as usize].0 == u32::MAX {
                    into[next as usize] = (node, edge);
                    if self.graph.is_lane(next) { todo.push_front(next) } else { todo.push_back(next) }
                }
            }
        }
        let mut edges = Vec::new();
        let mut at = to;
        while at != from && into[at as usize].0 != u32::MAX {
            let (before, edge) = into[at as usize];
            edges.push((before, at, edge));
            at = before;
        }
        edges.reverse();
        join(self.graph, &edges)
    }

    /// Gives every node the bits of all nodes that it reaches.
    fn spread(
        &self,
        view: &View,
        parts: &Components,
        bits: &mut [Bits],
        watch: &mut Watch,
    ) -> Result<(), Stopped> {
        let mut from = 0;
        while from < parts.closed.len() {
            let part = parts.of[parts.closed[from] as usize];
            let mut to = from + 1;
            while part != 0 && to < parts.closed.len() && parts.of[parts.closed[to] as usize] == part {
                to += 1;
            }
            let mut all: Bits = [0; WORDS];
            for &member in &parts.closed[from..to] {
                merge(&mut all, &bits[member as usize]);
                for edge in self.graph.edges(member) {
                    if let Some(next) = view.step(member, edge) {
                        merge(&mut all, &bits[next as usize]);
                    }
                }
                watch.tick(self.graph.edges(member).len() as u64 + 1)?;
            }
            for &member in &parts.closed[from..to] {
                bits[member as usize] = all;
            }
            from = to;
        }
        Ok(())
    }
}

fn merge(into: &mut Bits, from: &Bits) {
    into.iter_mut().zip(from).for_each(|(into, from)| *into |= from);
}
