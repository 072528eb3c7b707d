//! Strongly connected components (Tarjan, SIAM J. Comput. 1972), without recursion, of a graph seen through a mask.

use super::graph::{Graph, LANE, PREDICATE, RW};
use super::watch::{Stopped, Watch};

/// Which closed walks count: edges of the kinds of `mask`; anti-dependencies only after an edge of a kind of `gate`.
///
/// With a gate, nodes come in pairs: 2n after an edge of another kind, 2n + 1 after one of a kind of the gate.
#[derive(Clone, Copy)]
pub struct View<'a> {
    pub graph: &'a Graph,
    pub mask: u8,
    pub gate: Option<u8>,
}

impl View<'_> {
    pub fn len(&self) -> usize {
        self.graph.len() << u32::from(self.gate.is_some())
    }

    /// Where an edge leads from a state, if it may be taken.
    pub fn step(&self, state: u32, edge: u32) -> Option<u32> {
        let open = self.gate.is_none() || state & 1 == 1;
        let (kind, target) = (self.graph.kind(edge), self.graph.target(edge));
        if kind & (LANE | self.mask) == 0 {
            return None;
        }
        match self.gate {
            None => Some(target),
            Some(_) if kind & LANE != 0 => Some(target << 1 | state & 1),
            Some(_) if kind & (RW | PREDICATE) != 0 && !open => None,
            Some(gate) => Some(target << 1 | u32::from(kind & gate != 0)),
        }
    }

    /// The node that a state stands for.
    pub fn node(&self, state: u32) -> u32 {
        if self.gate.is_some() { state >> 1 } else { state }
    }
}

/// The components of a view.
pub struct Components {
    /// Per state: the number of its component, in reverse topological order, from 1; 0 if it is alone.
    pub of: Vec<u32>,
    /// All states, those of a component together, each component after those that it leads to.
    pub closed: Vec<u32>,
}

impl Components {
    /// Finds those of more than one state.
    pub fn find(view: &View, watch: &mut Watch) -> Result<Components, Stopped> {
        const NEW: u32 = 0;
        let states = view.len();
        let mut of = vec![0u32; states];
        let mut low = vec![NEW; states];
        let mut count = 0;
        let mut closed = Vec::with_capacity(states);
        let mut clock = 0u32;
        let mut open: Vec<u32> = Vec::new();
        let mut path: Vec<(u32, u32, u32)> = Vec::new(); // state, next edge, when it was found
        for root in 0..states as u32 {
            if low[root as usize] != NEW {
                continue;
            }
            let mut entering = Some(root);
            loop {
                if let Some(state) = entering.take() {
                    clock += 1;
                    low[state as usize] = clock;
                    open.push(state);
                    path.push((state, view.graph.edges(view.node(state)).start, clock));
                    watch.tick(1)?;
                }
                let Some((state, edge, found)) = path.last_mut() else { break };
                let (state, found) = (*state, *found);
                let end = view.graph.edges(view.node(state)).end;
                while *edge < end {
                    let next = view.step(state, *edge);
                    *edge += 1;
                    let Some(next) = next else { continue };
                    if low[next as usize] == NEW {
                        entering = Some(next);
                        break;
                    }
                    low[state as usize] = low[state as usize].min(low[next as usize]);
                }
                if entering.is_some() {
                    continue;
                }
                path.pop();
                if low[state as usize] == found {
                    let first = close(state, &mut open, &mut low, &mut of, &mut count);
                    closed.extend(open.drain(first..));
                }
                if let Some(&(parent, _, _)) = path.last() {
                    low[parent as usize] = low[parent as usize].min(low[state as usize]);
                }
            }
        }
        Ok(Components { of, closed })
    }
}

/// Numbers a complete component, which is the end of the stack from the place that comes back; its states no longer
/// lower anyone's link.
fn close(state: u32, open: &mut [u32], low: &mut [u32], of: &mut [u32], count: &mut u32) -> usize {
    let first = open.iter().rposition(|&member| member == state).unwrap_or(0);
    let alone = first + 1 == open.len();
    *count += u32::from(!alone);
    for &member in &open[first..] {
        low[member as usize] = u32::MAX;
        of[member as usize] = if alone { 0 } else { *count };
    }
    first
}
