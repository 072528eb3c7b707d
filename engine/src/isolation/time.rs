//! Cycles through real time: what a transaction leads to, but ended before it was asked for.

use super::graph::{DATA, Graph, LANE, LATER, PREDICATE, RW, WR, WW};
use super::shapes::{Class, MARKS, Mark, marks};
use super::watch::{Stopped, Watch};

/// For each transaction: the earliest return among those that a walk of a class leads to from it.
pub struct Earliest {
    class: Class,
    /// By mark, then node; `i64::MAX` where there is none.
    returns: Vec<Vec<i64>>,
}

impl Earliest {
    /// Goes backwards from the returns, the earliest first, so that each state is set once.
    pub fn find(graph: &Graph, class: Class, watch: &mut Watch) -> Result<Earliest, Stopped> {
        let marks = marks(class);
        let into = Reverse::new(graph);
        let mut returns: Vec<Vec<i64>> = vec![Vec::new(); MARKS];
        for &mark in &marks {
            returns[mark as usize] = vec![i64::MAX; graph.len()];
        }
        let before = predecessors(class, &marks);
        let mut ends: Vec<u32> = (1..graph.transactions as u32).collect();
        ends.retain(|&at| graph.returned[at as usize] != i64::MAX);
        ends.sort_unstable_by_key(|&at| graph.returned[at as usize]);
        let mut todo: Vec<(u32, Mark)> = Vec::new();
        for end in ends {
            let when = graph.returned[end as usize];
            todo.extend(marks.iter().filter(|&&mark| class.closes(mark, 0)).map(|&mark| (end, mark)));
            // A walk that is complete may go on, so states that lead here are set even if they are complete.
            todo.retain(|&(node, mark)| {
                let earliest = &mut returns[mark as usize][node as usize];
                let new = *earliest == i64::MAX;
                *earliest = (*earliest).min(when);
                new
            });
            while let Some((node, mark)) = todo.pop() {
                for (source, kind) in into.edges(node) {
                    watch.tick(1)?;
                    for &mark in &before[mark as usize][slot(kind)] {
                        let earliest = &mut returns[mark as usize][source as usize];
                        if *earliest == i64::MAX {
                            *earliest = when;
                            todo.push((source, mark));
                        }
                    }
                }
            }
        }
        Ok(Earliest { class, returns })
    }

    /// The earliest return that a state leads to.
    pub fn of(&self, node: u32, mark: Mark) -> i64 {
        self.returns[mark as usize].get(node as usize).copied().unwrap_or(i64::MAX)
    }

    /// Whether a transaction leads to one that returned before it was invoked.
    pub fn is_late(&self, graph: &Graph, node: u32) -> bool {
        self.of(node, self.class.start()) < graph.invoked[node as usize]
    }
}

const SLOTS: [u8; 6] = [WW, LATER, WR, RW, PREDICATE, LANE];

fn slot(kind: u8) -> usize {
    SLOTS.iter().position(|&of| of == kind).unwrap_or(SLOTS.len())
}

/// Per mark and kind: the marks that an edge of the kind leads to it from.
fn predecessors(class: Class, marks: &[Mark]) -> Vec<Vec<Vec<Mark>>> {
    let mut before = vec![vec![Vec::new(); SLOTS.len() + 1]; MARKS];
    for &mark in marks {
        for kind in SLOTS {
            if let Some(next) = class.step(mark, kind) {
                before[next as usize][slot(kind)].push(mark);
            }
        }
    }
    before
}

/// Edges by target, without those of sessions and time.
struct Reverse {
    starts: Vec<u32>,
    sources: Vec<u32>,
    kinds: Vec<u8>,
}

impl Reverse {
    fn new(graph: &Graph) -> Reverse {
        let mut starts = vec![0u32; graph.len() + 1];
        let nodes = 0..graph.len() as u32;
        let all = || {
            nodes.clone().flat_map(|node| graph.edges(node).map(move |edge| (node, edge))).filter(
                |&(node, edge)| {
                    let kind = graph.kind(edge);
                    kind & DATA != 0 || (kind & LANE != 0 && !graph.is_order(node))
                },
            )
        };
        for (_, edge) in all() {
            starts[graph.target(edge) as usize + 1] += 1;
        }
        for at in 0..graph.len() {
            starts[at + 1] += starts[at];
        }
        let mut next = starts.clone();
        let total = starts[graph.len()] as usize;
        let (mut sources, mut kinds) = (vec![0; total], vec![0; total]);
        for (node, edge) in all() {
            let place = &mut next[graph.target(edge) as usize];
            (sources[*place as usize], kinds[*place as usize]) = (node, graph.kind(edge));
            *place += 1;
        }
        Reverse { starts, sources, kinds }
    }

    fn edges(&self, node: u32) -> impl Iterator<Item = (u32, u8)> + '_ {
        let range = self.starts[node as usize] as usize..self.starts[node as usize + 1] as usize;
        range.map(|at| (self.sources[at], self.kinds[at]))
    }
}
