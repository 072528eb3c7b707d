//! The questions that levels ask of a history's dependencies.

use super::components::{Components, View};
use super::cycles::{self, Cycle, Step};
use super::findings::Extract;
use super::graph::{DATA, Graph, SESSION, TIME, WR};
use super::shapes::{Class, Orders, Shape};
use super::stale::{self, Ranks, Sight};
use super::watch::{Stopped, Watch};

/// Dependencies, and what of them is in circles.
pub struct Judge {
    pub extract: Extract,
    /// What is on some cycle, with all orders.
    knot: Graph,
    /// The transactions of the knot.
    origin: Vec<u32>,
    /// The same of transactions that certainly happened.
    certain: Option<(Graph, Vec<u32>)>,
    /// Edges of each kind, see `graph`.
    pub counts: Vec<(u8, usize)>,
}

impl Judge {
    pub fn new(extract: Extract, watch: &mut Watch) -> Result<Judge, Stopped> {
        let graph = Graph::new(&extract.facts, &extract.dependencies, extract.lanes as usize);
        let counts = (0..8).map(|bit| (1 << bit, graph.count(1 << bit))).collect();
        let view = View { graph: &graph, mask: DATA | SESSION | TIME, gate: None };
        let mut parts = Components::find(&view, watch)?.of;
        let (knot, origin) = graph.within(&parts);
        let doubtful = (1..extract.facts.count).any(|at| parts[at] != 0 && !extract.certain[at]);
        for (part, _) in parts.iter_mut().zip(&extract.certain).filter(|&(_, &certain)| !certain) {
            *part = 0;
        }
        let certain = doubtful.then(|| graph.within(&parts));
        Ok(Judge { extract, knot, origin, certain, counts })
    }

    /// Whether there is no cycle at all, even with sessions and time.
    pub fn is_acyclic(&self) -> bool {
        self.knot.len() <= 1
    }

    /// A shortest cycle of a class, in numbers of transactions.
    ///
    /// A transaction of unknown outcome may have been undone, even if it was read from; then that was an aborted
    /// read.  So G0, which permits those, has to do without it.
    pub fn cycle(&self, class: Class, watch: &mut Watch) -> Result<Option<Cycle>, Stopped> {
        let wanted = class.shape;
        let (graph, origin) = match &self.certain {
            Some((graph, origin)) if class.shape == Shape::G0 => (graph, origin),
            _ => (&self.knot, &self.origin),
        };
        let mut found = cycles::shortest(graph, class, watch)?;
        let class = Class { shape: Shape::G0, ..class };
        if found.is_none() && wanted == Shape::G1c && self.certain.is_some() {
            found = cycles::shortest(graph, class, watch)?;
        }
        Ok(found.map(|cycle| Cycle { steps: self.global(origin, cycle.steps), ..cycle }))
    }

    /// A read that is too old for a level, as a cycle; its class of orders and what is visible name the level.
    pub fn stale(&self, sight: Sight, orders: Orders, watch: &mut Watch) -> Result<Option<Cycle>, Stopped> {
        let facts = &self.extract.facts;
        let ranks = Ranks::new(facts, &self.extract.loose);
        let found = match (orders, sight) {
            (Orders::None, Sight::Before | Sight::Direct) => stale::fractured(facts, &ranks, sight, watch)?,
            (Orders::Sessions, Sight::Direct) => stale::behind_session(facts, &ranks, watch)?,
            (Orders::Time, Sight::Direct) => stale::behind_time(facts, &ranks, watch)?,
            (Orders::Sessions | Orders::Time, Sight::Before) => None,
            (_, Sight::Chain) => {
                let mask = WR | SESSION | if orders == Orders::Time { TIME } else { 0 };
                let knot = (&self.knot, &self.origin[..]);
                let steps = stale::acausal(facts, &ranks, knot, mask, watch)?;
                let steps = steps.map(|steps| self.global(&self.origin, steps));
                return Ok(steps.map(|steps| Cycle { steps, is_shortest: false, count: 1 }));
            }
        };
        Ok(found.map(|steps| Cycle { steps: steps.to_vec(), is_shortest: true, count: 1 }))
    }

    /// Two transactions that replaced a key's version, one without having seen what the other wrote.
    pub fn lost_update(&self, watch: &mut Watch) -> Result<Option<Cycle>, Stopped> {
        let found = stale::lost_update(
            &self.extract.facts,
            &Ranks::new(&self.extract.facts, &self.extract.loose),
            watch,
        )?;
        Ok(found.map(|steps| Cycle { steps: steps.to_vec(), is_shortest: true, count: 1 }))
    }

    fn global(&self, origin: &[u32], steps: Vec<Step>) -> Vec<Step> {
        let of = |at: u32| origin[at as usize];
        steps
            .into_iter()
            .map(|step| Step { source: of(step.source), target: of(step.target), ..step })
            .collect()
    }
}
