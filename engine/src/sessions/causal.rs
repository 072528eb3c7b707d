//! Causal consistency and causal convergence by the bad patterns of Bouajjani, Enea, Guerraoui and Hamza (POPL
//! 2017, section 5): n accesses in k sessions take O(n k log n) time and O(n k) memory (vector clocks of writes).

use super::accesses::{Accesses, INITIAL, NONE};
use super::graph::Digraph;
use super::watch::{Stop, Watch};
use crate::hashing::FastMap;

/// Operations that no causal order explains.
pub struct Pattern {
    /// As the paper has it: CyclicCO, WriteCOInitRead, WriteCORead, CyclicCF, WriteHBInitRead, CyclicHB.
    pub name: &'static str,
    /// Each had to come before the next; of a cycle the last before the first.
    pub accesses: Vec<u32>,
    /// Of each step the read that shows it where it is a conflict, or NONE.
    pub because: Vec<u32>,
    /// The session in whose view, or NONE.
    pub session: u32,
}

/// The memory for clocks if there is no limit.
const MOST_BYTES: u64 = 6 << 30;

/// Session order and reads-from.
pub fn causal_edges(accesses: &Accesses) -> Vec<(u32, u32)> {
    let mut edges = Vec::with_capacity(2 * accesses.len());
    for at in 0..accesses.len() {
        if accesses.before[at] != NONE {
            edges.push((accesses.before[at], at as u32));
        }
        if accesses.source[at] < INITIAL {
            edges.push((accesses.source[at], at as u32));
        }
    }
    edges.extend(&accesses.seen);
    edges
}

/// A bad pattern of CC, or of CCv if versions have to converge; none if the promise is kept.
pub fn causal(accesses: &Accesses, convergent: bool, watch: &Watch) -> Result<Option<Pattern>, Stop> {
    let edges = causal_edges(accesses);
    let graph = Digraph::new(accesses.len(), &edges);
    let order = match graph.order() {
        Ok(order) => order,
        Err(cycle) => return Ok(Some(pattern("CyclicCO", cycle))),
    };
    watch.look()?;
    let mut pass = Pass::new(accesses, &graph, convergent, watch)?;
    for &at in &order {
        watch.step(&mut pass.steps)?;
        if let Some(found) = pass.visit(at) {
            return Ok(Some(found));
        }
    }
    if !convergent {
        return Ok(None);
    }
    let reasons: FastMap<(u32, u32), u32> =
        pass.conflicts.iter().map(|&(a, b, read)| ((a, b), read)).collect();
    let mut all = edges;
    all.extend(reasons.keys());
    all.extend(&accesses.evidence);
    watch.look()?;
    Ok(Digraph::new(accesses.len(), &all).order().err().map(|cycle| {
        let next = |at: usize| cycle[(at + 1) % cycle.len()];
        let because = (0..cycle.len()).map(|at| {
            let causal = graph.successors(cycle[at]).contains(&next(at));
            if causal { NONE } else { reasons.get(&(cycle[at], next(at))).copied().unwrap_or(NONE) }
        });
        let because = because.collect();
        Pattern { name: "CyclicCF", accesses: cycle, because, session: NONE }
    }))
}

fn pattern(name: &'static str, accesses: Vec<u32>) -> Pattern {
    Pattern { name, because: vec![NONE; accesses.len()], accesses, session: NONE }
}

struct Pass<'a> {
    accesses: &'a Accesses,
    graph: &'a Digraph,
    convergent: bool,
    width: usize,
    /// Per session: what its last access has in its past, itself included: one more than the last access of
    /// each session.
    now: Vec<u32>,
    /// The same of each write, by `place`.
    clocks: Vec<u32>,
    place: Vec<u32>,
    offsets: Vec<u32>,
    writes: Vec<u32>,
    /// What a list showed beyond its last element, by read.
    seen: FastMap<u32, Vec<u32>>,
    /// (write, later write, the read that returned the later one and has the first in its past).
    conflicts: Vec<(u32, u32, u32)>,
    steps: u64,
}

impl<'a> Pass<'a> {
    fn new(
        accesses: &'a Accesses,
        graph: &'a Digraph,
        convergent: bool,
        watch: &Watch,
    ) -> Result<Pass<'a>, Stop> {
        let width = accesses.sessions;
        let (offsets, writes) = accesses.writes_by_key();
        let mut place = vec![NONE; accesses.len()];
        let written = (0..accesses.len()).filter(|&at| accesses.write[at]);
        written.enumerate().for_each(|(number, at)| place[at] = number as u32);
        let bytes = 4 * (writes.len() as u64 + width as u64) * width as u64;
        if bytes > watch.memory.unwrap_or(MOST_BYTES) {
            return Err(Stop::Memory);
        }
        let mut seen: FastMap<u32, Vec<u32>> = FastMap::default();
        for &(write, read) in &accesses.seen {
            seen.entry(read).or_default().push(write);
        }
        Ok(Pass {
            accesses,
            graph,
            convergent,
            width,
            now: vec![0; width * width],
            clocks: vec![0; width * writes.len()],
            place,
            offsets,
            writes,
            seen,
            conflicts: Vec::new(),
            steps: 0,
        })
    }

    fn clock(&self, write: u32) -> &[u32] {
        let at = self.place[write as usize] as usize * self.width;
        &self.clocks[at..at + self.width]
    }

    /// The writes that a read saw.
    fn returned(&self, read: u32) -> Vec<u32> {
        let source = Some(self.accesses.source[read as usize]).filter(|&source| source < INITIAL);
        self.seen.get(&read).into_iter().flatten().copied().chain(source).collect()
    }

    fn visit(&mut self, at: u32) -> Option<Pattern> {
        let (accesses, width) = (self.accesses, self.width);
        let session = accesses.session[at as usize] as usize;
        let before = accesses.before[at as usize];
        if before != NONE && accesses.session[before as usize] as usize != session {
            // an operation that stayed pending: its past is what its session knew then
            self.rebuild(before, session);
        }
        let source = accesses.source[at as usize];
        let mut found = None;
        if accesses.write[at as usize] {
            self.now[session * width + session] = at + 1;
            let to = self.place[at as usize] as usize * width;
            self.clocks[to..to + width].copy_from_slice(&self.now[session * width..(session + 1) * width]);
        } else {
            for write in self.returned(at) {
                let from = self.place[write as usize] as usize * width;
                let clock = &self.clocks[from..from + width];
                let now = &mut self.now[session * width..(session + 1) * width];
                now.iter_mut().zip(clock).for_each(|(now, &other)| *now = (*now).max(other));
            }
            found = self.judge(at, session, source);
            self.now[session * width + session] = at + 1;
        }
        found
    }

    /// Why one access comes before another: with few steps from session to session.
    fn path(&self, from: u32, to: u32) -> Vec<u32> {
        self.graph.path(from, to, |earlier, later| self.accesses.before[later as usize] == earlier)
    }

    /// The clock of the access after which a pending operation was called: what its session read until then.
    fn rebuild(&mut self, before: u32, session: usize) {
        let width = self.width;
        let mut clock = vec![0u32; width];
        let home = self.accesses.session[before as usize] as usize;
        let mut at = before;
        while at != NONE {
            let own_write = self.accesses.write[at as usize];
            for write in if own_write { vec![at] } else { self.returned(at) } {
                let from = self.place[write as usize] as usize * width;
                let other = &self.clocks[from..from + width];
                clock.iter_mut().zip(other).for_each(|(now, &other)| *now = (*now).max(other));
            }
            at = if own_write { NONE } else { self.accesses.before[at as usize] };
        }
        clock[home] = before + 1;
        self.now[session * width..(session + 1) * width].copy_from_slice(&clock);
    }

    /// Whether a read returned what its past says; the last writes of its key in its past come before it.
    fn judge(&mut self, read: u32, session: usize, source: u32) -> Option<Pattern> {
        let (accesses, width) = (self.accesses, self.width);
        let key = accesses.key[read as usize] as usize;
        let writes = &self.writes[self.offsets[key] as usize..self.offsets[key + 1] as usize];
        let mut at = 0;
        while at < writes.len() {
            let by = accesses.session[writes[at] as usize];
            let known = self.now[session * width + by as usize];
            let segment = &writes[at..];
            let length = segment.partition_point(|&write| accesses.session[write as usize] <= by);
            at += length;
            let past = segment[..length].partition_point(|&write| write < known);
            let Some(&last) = past.checked_sub(1).and_then(|last| segment.get(last)) else { continue };
            if last == source {
                continue;
            }
            if source == INITIAL {
                let path = self.path(last, read);
                return Some(pattern("WriteCOInitRead", path));
            }
            if self.clock(source)[by as usize] > last {
                continue;
            }
            if self.clock(last)[accesses.session[source as usize] as usize] > source {
                let mut path = self.path(source, last);
                path.extend(self.path(last, read).into_iter().skip(1));
                return Some(pattern("WriteCORead", path));
            }
            if self.convergent {
                self.conflicts.push((last, source, read));
            }
        }
        None
    }
}
