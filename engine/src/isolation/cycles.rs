//! Shortest cycles of a class, by breadth-first search of the graph times the class's automaton.
//!
//! Whether there is a cycle is decided first, by components or by reachability, and always completely.  Then the
//! searches run only from edges that are on such a cycle, to a growing depth, and never beyond the best found.

use super::components::{Components, View};
use super::graph::{Graph, LANE, LATER, SESSION, TIME, WR, WW};
use super::reach::Reach;
use super::shapes::{Class, MARKS, Mark, Orders, Shape};
use super::time::Earliest;
use super::watch::{Stopped, Watch};

/// One edge of a cycle between transactions; what leads through a lane is one edge.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Step {
    pub source: u32,
    pub target: u32,
    pub kind: u8,
    pub key: u32,
}

/// A cycle; each step starts where the one before it ends.
#[derive(Clone, Debug)]
pub struct Cycle {
    pub steps: Vec<Step>,
    /// Whether there is no shorter one of the class.
    pub is_shortest: bool,
    /// How many edges, of those that cycles of the class are looked for by, are on one.
    pub count: u32,
}

/// How many steps a search for shorter cycles may take once one is found.
const EFFORT: u64 = 40_000_000;
/// How many of these depths are searched for walks that visit no transaction twice.
const SIMPLE: usize = 4;
const DEPTHS: [u32; 10] = [2, 3, 4, 6, 9, 14, 24, 48, 128, u32::MAX];

/// A shortest cycle of the class, if there is one.
pub fn shortest(graph: &Graph, class: Class, watch: &mut Watch) -> Result<Option<Cycle>, Stopped> {
    let mut search = Search::new(graph, class);
    if class.orders == Orders::Time {
        let earliest = Earliest::find(graph, class, watch)?;
        let starts: Vec<u32> =
            (1..graph.transactions as u32).filter(|&at| earliest.is_late(graph, at)).collect();
        return search.back_in_time(&starts, &earliest, watch);
    }
    let view = View { graph, mask: class.mask(), gate: class.gate() };
    let parts = Components::find(&view, watch)?;
    let mut starts: Vec<(u32, u32)> = Vec::new();
    for state in 0..view.len() as u32 {
        let (node, part) = (view.node(state), parts.of[state as usize]);
        if graph.is_lane(node) || part == 0 {
            continue;
        }
        for edge in graph.edges(node).filter(|&edge| graph.kind(edge) & class.first() != 0) {
            let inside = view.step(state, edge).is_some_and(|next| parts.of[next as usize] == part);
            starts.extend(inside.then_some((node, edge)));
        }
        watch.tick(1)?;
    }
    starts.sort_unstable();
    starts.dedup();
    if class.shape == Shape::Single {
        starts = Reach::new(graph, WW | LATER | WR | class.mask() & SESSION).closing(&starts, watch)?;
    }
    if class.shape == Shape::NonAdjacent {
        // A walk that crosses itself counts, but one that does not is better to read: look for a short one first.
        search.simple = true;
        let found = search.through_edges(&starts, &DEPTHS[..SIMPLE], watch)?;
        search.simple = false;
        if found.is_some() {
            return Ok(found);
        }
    }
    search.through_edges(&starts, &DEPTHS, watch)
}

struct Search<'a> {
    graph: &'a Graph,
    class: Class,
    /// When a node was found with a mark; by mark, then node.
    epoch: Vec<Vec<u32>>,
    now: u32,
    /// The place in `found` that a state was reached from, and the edge.
    found: Vec<(u32, Mark, u32, u32)>,
    effort: u64,
    /// Whether only walks are complete that visit no transaction twice.
    simple: bool,
}

/// The end of a walk: the place in `found` of its last state.
type End = Option<(u32, u32)>;

impl<'a> Search<'a> {
    fn new(graph: &'a Graph, class: Class) -> Search<'a> {
        Search {
            graph,
            class,
            epoch: vec![Vec::new(); MARKS],
            now: 0,
            found: Vec::new(),
            effort: 0,
            simple: false,
        }
    }

    fn through_edges(
        &mut self,
        starts: &[(u32, u32)],
        depths: &[u32],
        watch: &mut Watch,
    ) -> Result<Option<Cycle>, Stopped> {
        let mut best: Option<Vec<Step>> = None;
        let mut is_shortest = true;
        'deeper: for &depth in depths {
            for &(node, first) in starts {
                let most = best.as_ref().map_or(depth, |best| depth.min(best.len() as u32 - 1));
                if most < 2 {
                    break;
                }
                if best.is_some() && self.effort > EFFORT {
                    is_shortest = false;
                    break 'deeper;
                }
                let kind = self.graph.kind(first);
                let end = self.walk(node, Some(first), most, watch, |class, mark, at| {
                    at == node && class.closes(mark, kind)
                })?;
                best = end.map(|end| self.steps(end)).or(best);
            }
            if best.as_ref().is_some_and(|best| best.len() as u32 <= depth) {
                break;
            }
        }
        let count = starts.len() as u32;
        Ok(best.map(|steps| Cycle { steps, is_shortest, count }))
    }

    fn back_in_time(
        &mut self,
        starts: &[u32],
        earliest: &Earliest,
        watch: &mut Watch,
    ) -> Result<Option<Cycle>, Stopped> {
        let mut best: Option<Vec<Step>> = None;
        let mut is_shortest = true;
        'deeper: for depth in DEPTHS {
            for &node in starts {
                let most = best.as_ref().map_or(depth - 1, |best| (depth - 1).min(best.len() as u32 - 2));
                if most < 1 {
                    break;
                }
                if best.is_some() && self.effort > EFFORT {
                    is_shortest = false;
                    break 'deeper;
                }
                let (graph, invoked) = (self.graph, self.graph.invoked[node as usize]);
                let late = |at: u32| !graph.is_lane(at) && graph.returned[at as usize] < invoked;
                let end = self.pruned(
                    node,
                    most,
                    watch,
                    |class, mark, at| late(at) && class.closes(mark, 0),
                    |mark, at| earliest.of(at, mark) < invoked,
                )?;
                if let Some(end) = end {
                    let mut steps = self.steps(end);
                    let source = steps.last().map_or(node, |last| last.target);
                    steps.push(Step { source, target: node, kind: TIME, key: super::graph::NO_KEY });
                    best = Some(steps);
                }
            }
            if best.as_ref().is_some_and(|best| best.len() as u32 <= depth) {
                break;
            }
        }
        let count = starts.len() as u32;
        Ok(best.map(|steps| Cycle { steps, is_shortest, count }))
    }

    fn pruned(
        &mut self,
        start: u32,
        most: u32,
        watch: &mut Watch,
        goal: impl Fn(Class, Mark, u32) -> bool,
        leads: impl Fn(Mark, u32) -> bool,
    ) -> Result<End, Stopped> {
        self.breadth_first(start, None, most, watch, goal, leads)
    }

    fn walk(
        &mut self,
        start: u32,
        first: Option<u32>,
        most: u32,
        watch: &mut Watch,
        goal: impl Fn(Class, Mark, u32) -> bool,
    ) -> Result<End, Stopped> {
        self.breadth_first(start, first, most, watch, goal, |_, _| true)
    }

    /// The first walk of at most so many edges that is complete.
    fn breadth_first(
        &mut self,
        start: u32,
        first: Option<u32>,
        most: u32,
        watch: &mut Watch,
        goal: impl Fn(Class, Mark, u32) -> bool,
        leads: impl Fn(Mark, u32) -> bool,
    ) -> Result<End, Stopped> {
        self.now += 1;
        self.found.clear();
        self.found.push((start, self.class.start(), u32::MAX, u32::MAX));
        let mut level = 0..1;
        for depth in 0..most {
            let mut lanes: Vec<u32> = Vec::new();
            for place in level.clone() {
                let only = first.filter(|_| depth == 0);
                let edges = only.map_or(self.graph.edges(self.found[place].0), |edge| edge..edge + 1);
                let mut todo = Some((place as u32, edges));
                while let Some((from, edges)) = todo.take() {
                    let (_, mark, _, _) = self.found[from as usize];
                    self.effort += edges.len() as u64;
                    watch.tick(edges.len() as u64)?;
                    for edge in edges {
                        let (kind, target) = (self.graph.kind(edge), self.graph.target(edge));
                        let Some(next) = self.class.step(mark, kind) else { continue };
                        if !self.is_new(target, next) || !leads(next, target) {
                            continue;
                        }
                        self.found.push((target, next, from, edge));
                        let at = self.found.len() as u32 - 1;
                        if self.graph.is_lane(target) {
                            lanes.push(at);
                        } else if goal(self.class, next, target) && !(self.simple && self.crosses(at)) {
                            return Ok(Some((at, depth + 1)));
                        }
                    }
                    todo = lanes.pop().map(|at| (at, self.graph.edges(self.found[at as usize].0)));
                }
            }
            level = level.end..self.found.len();
            if level.is_empty() {
                break;
            }
        }
        Ok(None)
    }

    /// Whether the walk to a state visits a transaction twice before its end.
    fn crosses(&self, end: u32) -> bool {
        let mut seen: Vec<u32> = Vec::new();
        let mut place = self.found[end as usize].2;
        while place != u32::MAX {
            let (node, _, from, _) = self.found[place as usize];
            if !self.graph.is_lane(node) {
                seen.push(node);
            }
            place = from;
        }
        let all = seen.len();
        seen.sort_unstable();
        seen.dedup();
        seen.len() < all
    }

    fn is_new(&mut self, node: u32, mark: Mark) -> bool {
        let epochs = &mut self.epoch[mark as usize];
        if epochs.is_empty() {
            epochs.resize(self.graph.len(), 0);
        }
        let known = &mut epochs[node as usize];
        let new = *known != self.now;
        *known = self.now;
        new
    }

    /// The walk to a state, with what leads through lanes as one step.
    fn steps(&self, (end, _): (u32, u32)) -> Vec<Step> {
        let mut edges = Vec::new();
        let mut place = end;
        while self.found[place as usize].2 != u32::MAX {
            let (target, _, from, edge) = self.found[place as usize];
            edges.push((self.found[from as usize].0, target, edge));
            place = from;
        }
        edges.reverse();
        join(self.graph, &edges)
    }
}

/// The steps of a walk of (source, target, edge): what leads through lanes is one step.
pub fn join(graph: &Graph, edges: &[(u32, u32, u32)]) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for &(source, target, edge) in edges {
        let kind = graph.kind(edge);
        match steps.last_mut() {
            Some(last) if kind & LANE != 0 => last.target = target,
            _ => steps.push(Step { source, target, kind, key: graph.key(edge) }),
        }
    }
    steps
}
