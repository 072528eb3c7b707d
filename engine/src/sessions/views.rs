//! PRAM and causal memory: every session has an order of its own of all writes and its reads.
//!
//! PRAM (Lipton and Sandberg 1988): the order contains every session's order.  Causal memory (Ahamad et al. 1995)
//! also what was read.  A session's order exists exactly if saturation finds no circle (Bouajjani et al. 2017,
//! CyclicHB and WriteHBInitRead): a write that comes before a read which returned another write of its key, comes
//! before that other write.  As the session's reads are in order, it is enough to know of each access the first
//! of them that it comes before.  That number only falls: n accesses take O(n) for a session if few fall twice,
//! and O(n r) for r reads at worst; times the number of sessions.

use std::collections::BTreeSet;

use super::accesses::{Accesses, INITIAL, NONE};
use super::causal::{Pattern, causal_edges};
use super::graph::Digraph;
use super::watch::{Stop, Watch};
use crate::hashing::FastMap;

const NEVER: u32 = u32::MAX;

/// How many derived steps are explained in full.
const MOST_SHOWN: usize = 40;

/// A bad pattern in a session's view.
pub struct Sight {
    pub pattern: Pattern,
    /// Accesses that show how what is derived follows.
    pub knew: Vec<u32>,
}

/// Whose reads a view explains: those of a session, and of an operation that stayed pending also those that its
/// process had made before.
#[derive(Clone, Copy)]
struct Whose {
    session: u32,
    home: u32,
    until: u32,
}

impl Whose {
    const NOBODY: Whose = Whose { session: NONE, home: NONE, until: 0 };

    /// Of the session that begins with an access.
    fn of(accesses: &Accesses, start: usize) -> Whose {
        let (session, before) = (accesses.session[start], accesses.before[start]);
        if before == NONE {
            return Whose { session, home: NONE, until: 0 };
        }
        Whose { session, home: accesses.session[before as usize], until: before }
    }

    fn contains(self, accesses: &Accesses, node: u32) -> bool {
        let session = accesses.session[node as usize];
        session == self.session || (session == self.home && node <= self.until)
    }
}

/// A session's reads, and what comes before them.
struct View<'a> {
    accesses: &'a Accesses,
    causal: bool,
    whose: Whose,
    /// Per access: the first of the session's reads that it comes before, or is.
    reach: Vec<u32>,
    reads: Vec<u32>,
    /// Per key: (number of the read, source), ascending.
    by_key: FastMap<u32, Vec<(u32, u32)>>,
    /// Writes that come before others: (write, later write, read).
    derived: Vec<(u32, u32, u32)>,
    /// By later write: where in `derived`.
    waiting: FastMap<u32, Vec<u32>>,
    todo: Vec<u32>,
    steps: u64,
}

/// What comes directly before each access, beyond session order and sources.
struct Before {
    evidence: FastMap<u32, Vec<u32>>,
    seen: FastMap<u32, Vec<u32>>,
}

/// A bad pattern in some session's view, and which sessions were judged before something stopped it.
pub fn views(accesses: &Accesses, causal: bool, watch: &Watch) -> Result<Option<Sight>, Stop> {
    let mut before = Before { evidence: FastMap::default(), seen: FastMap::default() };
    for &(earlier, later) in &accesses.evidence {
        before.evidence.entry(later).or_default().push(earlier);
    }
    for &(write, read) in &accesses.seen {
        before.seen.entry(read).or_default().push(write);
    }
    let place = match Digraph::new(accesses.len(), &base(accesses, causal, Whose::NOBODY))
        .order_by(&accesses.begin)
    {
        Ok(order) => {
            let mut place = vec![0u32; order.len()];
            order.iter().enumerate().for_each(|(at, &node)| place[node as usize] = at as u32);
            place
        }
        Err(cycle) => {
            let name = if causal { "CyclicCO" } else { "CyclicHB" };
            let because = vec![NONE; cycle.len()];
            let pattern = Pattern { name, accesses: cycle, because, session: NONE };
            return Ok(Some(Sight { pattern, knew: Vec::new() }));
        }
    };
    let mut start = 0;
    while start < accesses.len() {
        let session = accesses.session[start];
        let length = accesses.session[start..].partition_point(|&other| other <= session);
        let inside = start as u32..(start + length) as u32;
        let whose = Whose::of(accesses, start);
        start += length;
        let is_read = |at: &u32| !accesses.write[*at as usize];
        let own: Vec<u32> = inside.filter(is_read).collect();
        if own.is_empty() {
            continue;
        }
        watch.look()?;
        let home = accesses.session.partition_point(|&other| other < whose.home) as u32;
        let earlier = if whose.home == NONE { 0..0 } else { home..whose.until + 1 };
        let reads = earlier.filter(is_read).chain(own).collect();
        let mut view = View::new(accesses, causal, whose, reads);
        if let Some(found) = view.saturate(&before, watch)? {
            return Ok(Some(found));
        }
        if let Some(found) = view.circle(&place) {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// What every order of a session contains: for PRAM only its own reads say something.
fn base(accesses: &Accesses, causal: bool, whose: Whose) -> Vec<(u32, u32)> {
    let mut edges = causal_edges(accesses);
    if !causal {
        edges.retain(|&(earlier, later)| {
            earlier == accesses.before[later as usize] || whose.contains(accesses, later)
        });
    }
    edges.extend(&accesses.evidence);
    edges
}

impl<'a> View<'a> {
    fn new(accesses: &'a Accesses, causal: bool, whose: Whose, reads: Vec<u32>) -> View<'a> {
        let mut by_key: FastMap<u32, Vec<(u32, u32)>> = FastMap::default();
        for (number, &read) in reads.iter().enumerate() {
            let source = accesses.source[read as usize];
            by_key.entry(accesses.key[read as usize]).or_default().push((number as u32, source));
        }
        View {
            accesses,
            causal,
            whose,
            reach: vec![NEVER; accesses.len()],
            reads,
            by_key,
            derived: Vec::new(),
            waiting: FastMap::default(),
            todo: Vec::new(),
            steps: 0,
        }
    }

    fn lower(&mut self, node: u32, reach: u32) {
        if reach < self.reach[node as usize] {
            self.reach[node as usize] = reach;
            self.todo.push(node);
        }
    }

    fn saturate(&mut self, before: &Before, watch: &Watch) -> Result<Option<Sight>, Stop> {
        for number in 0..self.reads.len() as u32 {
            self.lower(self.reads[number as usize], number);
            while let Some(node) = self.todo.pop() {
                watch.step(&mut self.steps)?;
                self.spread(node, before);
                if self.accesses.write[node as usize]
                    && let Some(found) = self.conflict(node)
                {
                    return Ok(Some(found));
                }
            }
        }
        Ok(None)
    }

    /// What comes before an access comes before what that comes before.
    fn spread(&mut self, node: u32, before: &Before) {
        let reach = self.reach[node as usize];
        let accesses = self.accesses;
        if accesses.before[node as usize] != NONE {
            self.lower(accesses.before[node as usize], reach);
        }
        if self.causal || self.whose.contains(accesses, node) {
            if accesses.source[node as usize] < INITIAL {
                self.lower(accesses.source[node as usize], reach);
            }
            before.seen.get(&node).into_iter().flatten().for_each(|&write| self.lower(write, reach));
        }
        before.evidence.get(&node).into_iter().flatten().for_each(|&write| self.lower(write, reach));
        if let Some(waiting) = self.waiting.remove(&node) {
            waiting.iter().for_each(|&at| self.lower(self.derived[at as usize].0, reach));
            self.waiting.insert(node, waiting);
        }
    }

    /// The first read after a write that returned another one of the key: that one comes later.
    fn conflict(&mut self, write: u32) -> Option<Sight> {
        let reach = self.reach[write as usize];
        let reads = self.by_key.get(&self.accesses.key[write as usize])?;
        let from = reads.partition_point(|&(number, _)| number < reach);
        let &(number, later) = reads[from..].iter().find(|&&(_, source)| source != write)?;
        let read = self.reads[number as usize];
        if later == INITIAL {
            let path = self.path(self.derived.len(), write, read);
            return Some(self.sight("WriteHBInitRead", path));
        }
        let at = self.derived.len() as u32;
        self.derived.push((write, later, read));
        self.waiting.entry(later).or_default().push(at);
        self.lower(write, self.reach[later as usize]);
        None
    }

    /// A circle; there is none if all that was derived agrees with one order of the rest.
    fn circle(&self, place: &[u32]) -> Option<Sight> {
        let (accesses, agrees) = (self.accesses, |a: u32, b: u32| place[a as usize] < place[b as usize]);
        let own = self.reads.iter().map(|&read| (accesses.source[read as usize], read));
        let mut sources = own.filter(|&(source, _)| source < INITIAL);
        if self.derived.iter().all(|&(a, b, _)| agrees(a, b))
            && sources.all(|(source, read)| agrees(source, read))
        {
            return None;
        }
        let cycle = self.graph(self.derived.len()).order().err()?;
        Some(self.sight("CyclicHB", cycle))
    }

    /// What the session's order contains, with so many of the derived steps.
    fn graph(&self, derived: usize) -> Digraph {
        let mut edges = base(self.accesses, self.causal, self.whose);
        edges.extend(self.derived[..derived].iter().map(|&(a, b, _)| (a, b)));
        Digraph::new(self.accesses.len(), &edges)
    }

    fn path(&self, derived: usize, from: u32, to: u32) -> Vec<u32> {
        self.graph(derived).path(from, to, |a, b| self.accesses.before[b as usize] == a)
    }

    /// The pattern, and why what is derived of its steps holds: how the reads have the writes in their past.
    fn sight(&self, name: &'static str, accesses: Vec<u32>) -> Sight {
        let mut first: FastMap<(u32, u32), usize> = FastMap::default();
        for (at, &(a, b, _)) in self.derived.iter().enumerate() {
            first.entry((a, b)).or_insert(at);
        }
        let derived = |a: u32, b: u32| {
            let before = self.accesses.before[b as usize] == a;
            let read = self.accesses.source[b as usize] == a;
            if before || read { None } else { first.get(&(a, b)).copied() }
        };
        let step = |at: usize| derived(accesses[at], accesses[(at + 1) % accesses.len()]);
        let used: Vec<Option<usize>> = (0..accesses.len()).map(step).collect();
        let because = used.iter().map(|at| at.map_or(NONE, |at| self.derived[at].2)).collect();
        let mut todo: Vec<usize> = used.into_iter().flatten().collect();
        let mut done = BTreeSet::new();
        let mut knew = BTreeSet::new();
        while let Some(at) = todo.pop() {
            if done.len() >= MOST_SHOWN || !done.insert(at) {
                continue;
            }
            let (write, _, read) = self.derived[at];
            let path = self.path(at, write, read);
            let own = |a: u32, b: u32| self.accesses.before[b as usize] == a;
            for (number, &node) in path.iter().enumerate() {
                let enters = number > 0 && own(path[number - 1], node);
                if !(enters && path.get(number + 1).is_some_and(|&next| own(node, next))) {
                    knew.insert(node);
                }
            }
            todo.extend(path.windows(2).filter_map(|pair| derived(pair[0], pair[1])).filter(|&of| of < at));
        }
        let pattern = Pattern { name, accesses, because, session: self.whose.session };
        Sight { pattern, knew: knew.into_iter().collect() }
    }
}
