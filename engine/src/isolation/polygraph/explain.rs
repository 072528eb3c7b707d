//! What a circle rests on: its edges, and, for each edge that follows from a decision, the circle that the
//! opposite decision would close.  PolySI (VLDB 2023) calls this restoring the counterexample.

use super::problem::{Because, Before, NONE, Problem};
use crate::hashing::FastMap;
use crate::isolation::weak::{Base, Why, base_edges};

/// One transaction before another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Arc {
    pub source: u32,
    pub target: u32,
    pub kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Session,
    RealTime,
    Reads {
        key: u32,
    },
    Overwrites {
        key: u32,
    },
    /// The source read a version that the target's replaced.
    Misses {
        key: u32,
    },
}

/// An order of two writers, and the circle that the opposite order would close.
#[derive(Clone, Debug)]
pub struct Lemma {
    pub before: Before,
    pub circle: Vec<Arc>,
}

/// Looks up links of a problem by their ends.
pub struct Explainer<'a, 'b> {
    problem: &'a Problem<'b>,
    /// Per node: the links that leave it, in the order in which they came.
    after: Vec<Vec<u32>>,
    order: FastMap<(u32, u32), Kind>,
}

impl<'a, 'b> Explainer<'a, 'b> {
    pub fn new(problem: &'a Problem<'b>, base: Base) -> Explainer<'a, 'b> {
        let mut after = vec![Vec::new(); problem.nodes];
        for (link, number) in problem.links.iter().zip(0u32..) {
            after[link.from as usize].push(number);
        }
        let mut order = FastMap::default();
        base_edges(problem.facts, base, &mut |before: u32, after: u32, why| {
            order.insert((before, after), if why == Why::Session { Kind::Session } else { Kind::RealTime });
        });
        Explainer { problem, after, order }
    }

    /// The links between consecutive nodes of a circle or path.
    pub fn links(&self, nodes: &[u32], closed: bool) -> Vec<u32> {
        let pairs = nodes.windows(2).map(|pair| (pair[0], pair[1]));
        let last = nodes.last().zip(nodes.first()).filter(|_| closed).map(|(&from, &to)| (from, to));
        pairs.chain(last).filter_map(|(from, to)| self.link(from, to)).collect()
    }

    fn link(&self, from: u32, to: u32) -> Option<u32> {
        let links = self.after[from as usize].iter().copied();
        links.into_iter().find(|&link| self.problem.links[link as usize].to == to)
    }

    /// The decisions that these links rest on, directly or not; each with what it rests on itself.
    pub fn lemmas(&self, links: &[u32]) -> Vec<(u32, Vec<u32>, Option<Arc>)> {
        let mut seen = vec![false; self.problem.decisions.len()];
        let mut todo: Vec<u32> = self.decisions(links);
        let mut found = Vec::new();
        while let Some(decision) = todo.pop() {
            if std::mem::replace(&mut seen[decision as usize], true) {
                continue;
            }
            if let Some((path, closing)) = self.opposite(decision) {
                todo.extend(self.decisions(&path));
                found.push((decision, path, Some(closing)));
            } else {
                found.push((decision, Vec::new(), None));
            }
        }
        found.sort_unstable_by_key(|lemma| lemma.0);
        found
    }

    fn decisions(&self, links: &[u32]) -> Vec<u32> {
        let of = |&link: &u32| self.problem.links[link as usize].decision;
        links.iter().map(of).filter(|&decision| decision != NONE).collect()
    }

    /// The path that the opposite of a decision would close to a circle, and the edge that would close it.
    fn opposite(&self, decision: u32) -> Option<(Vec<u32>, Arc)> {
        let known = self.problem.decisions[decision as usize];
        let Before { key, earlier, later } = known.before;
        let (edge, closing) = match known.because {
            Because::Given => return None,
            Because::Written => (
                self.problem.written(known.before.reversed()),
                Arc { source: later, target: earlier, kind: Kind::Overwrites { key } },
            ),
            Because::Read(reader) => (
                self.problem.overwritten(reader, earlier),
                Arc { source: reader, target: earlier, kind: Kind::Misses { key } },
            ),
        };
        Some((self.path(edge.1, edge.0, known.links), closing))
    }

    /// A shortest path over the links that there were at a time.
    fn path(&self, from: u32, to: u32, links: u32) -> Vec<u32> {
        let mut by: FastMap<u32, u32> = FastMap::default();
        let mut queue = vec![from];
        let mut at = 0;
        while at < queue.len() && !(by.contains_key(&to) || from == to) {
            for &link in self.after[queue[at] as usize].iter().take_while(|&&link| link < links) {
                let next = self.problem.links[link as usize].to;
                if next != from && !by.contains_key(&next) {
                    by.insert(next, link);
                    queue.push(next);
                }
            }
            at += 1;
        }
        let mut path = Vec::new();
        let mut node = to;
        while let Some(&link) = by.get(&node).filter(|_| node != from) {
            path.push(link);
            node = self.problem.links[link as usize].from;
        }
        path.reverse();
        path
    }

    /// The transactions that links are about.
    pub fn transactions(&self, links: &[u32]) -> Vec<u32> {
        let ends = links.iter().flat_map(|&link| {
            let link = self.problem.links[link as usize];
            let decided = self.problem.decisions.get(link.decision as usize).map(|known| known.before);
            let writers = decided.map(|before| [before.earlier, before.later]);
            [link.from, link.to]
                .into_iter()
                .filter_map(|node| self.problem.transaction(node))
                .chain(writers.into_iter().flatten())
        });
        ends.filter(|&number| number != 0).collect()
    }

    /// Links as steps from transaction to transaction: moments of one transaction and of real time are skipped.
    pub fn arcs(&self, links: &[u32]) -> Vec<Arc> {
        let mut arcs = Vec::new();
        let mut waiting = None;
        let start = links
            .iter()
            .position(|&link| self.problem.transaction(self.problem.links[link as usize].from).is_some());
        for at in 0..links.len() {
            let link = self.problem.links[links[(at + start.unwrap_or(0)) % links.len()] as usize];
            let (from, to) = (self.problem.transaction(link.from), self.problem.transaction(link.to));
            match (from, to) {
                (Some(source), Some(target)) if source != target => {
                    arcs.push(Arc { source, target, kind: self.kind(link.decision, source, target) });
                }
                (Some(source), None) => waiting = Some(source),
                (None, Some(target)) => {
                    let source = waiting.take().unwrap_or(target);
                    arcs.push(Arc { source, target, kind: Kind::RealTime });
                }
                _ => {}
            }
        }
        arcs
    }

    fn kind(&self, decision: u32, source: u32, target: u32) -> Kind {
        if let Some(known) = self.problem.decisions.get(decision as usize) {
            let key = known.before.key;
            let is_write = known.before.earlier == source;
            return if is_write { Kind::Overwrites { key } } else { Kind::Misses { key } };
        }
        let facts = self.problem.facts;
        let start = facts.reads.partition_point(|read| read.reader < target);
        let mut reads = facts.reads[start..].iter().take_while(|read| read.reader == target);
        match reads.find(|read| read.writer == source) {
            Some(read) => Kind::Reads { key: read.key },
            None => self.order.get(&(source, target)).copied().unwrap_or(Kind::Session),
        }
    }
}
