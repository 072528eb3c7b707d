//! PRAM and causal memory: every session has an order of its own of all writes and its reads.
//!
//! PRAM (Lipton and Sandberg 1988): the order contains every session's order.  Causal memory (Ahamad et al. 1995)
//! also what was read.  A session's order exists exactly if saturation finds no circle (Bouajjani et al. 2017,
//! CyclicHB and WriteHBInitRead): a write that comes before a read which returned another write of its key, comes
//! before that other write.  As the session's reads are in order, it is enough to know of each access the first
//! of them that it comes before.  That number only falls: n accesses take O(n) for a session if few fall twice,
//! and O(n r) for r reads at worst; times the number of sessions.

use super::accesses::{Accesses, Fast, INITIAL, NONE};
use super::causal::{Pattern, causal_edges};
use super::graph::Digraph;
use super::watch::{Stop, Watch};

const NEVER: u32 = u32::MAX;

/// A session's reads, and what comes before them.
struct View<'a> {
    accesses: &'a Accesses,
    causal: bool,
    session: u32,
    /// Per access: the first of the session's reads that it comes before, or is.
    reach: Vec<u32>,
    reads: Vec<u32>,
    /// Per key: (number of the read, source), ascending.
    by_key: Fast<u32, Vec<(u32, u32)>>,
    /// Writes that come before others: (write, later write, read).
    derived: Vec<(u32, u32, u32)>,
    /// By later write: where in `derived`.
    waiting: Fast<u32, Vec<u32>>,
    todo: Vec<u32>,
    steps: u64,
}

/// What comes directly before each access, beyond session order and sources.
struct Before {
    evidence: Fast<u32, Vec<u32>>,
    seen: Fast<u32, Vec<u32>>,
}

/// A bad pattern in some session's view, and which sessions were judged before something stopped it.
pub fn views(accesses: &Accesses, causal: bool, watch: &Watch) -> Result<Option<Pattern>, Stop> {
    let mut before = Before { evidence: Fast::default(), seen: Fast::default() };
    for &(earlier, later) in &accesses.evidence {
        before.evidence.entry(later).or_default().push(earlier);
    }
    for &(write, read) in &accesses.seen {
        before.seen.entry(read).or_default().push(write);
    }
    let place = match Digraph::new(accesses.len(), &base(accesses, causal, NONE)).order_by(&accesses.begin) {
        Ok(order) => {
            let mut place = vec![0u32; order.len()];
            order.iter().enumerate().for_each(|(at, &node)| place[node as usize] = at as u32);
            place
        }
        Err(cycle) => {
            let name = if causal { "CyclicCO" } else { "CyclicHB" };
            let because = vec![NONE; cycle.len()];
            return Ok(Some(Pattern { name, accesses: cycle, because, session: NONE }));
        }
    };
    let mut start = 0;
    while start < accesses.len() {
        let session = accesses.session[start];
        let length = accesses.session[start..].partition_point(|&other| other <= session);
        let inside = start as u32..(start + length) as u32;
        start += length;
        let reads: Vec<u32> = inside.filter(|&at| !accesses.write[at as usize]).collect();
        if reads.is_empty() {
            continue;
        }
        watch.look()?;
        let mut view = View::new(accesses, causal, session, reads);
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
fn base(accesses: &Accesses, causal: bool, session: u32) -> Vec<(u32, u32)> {
    let mut edges = causal_edges(accesses);
    if !causal {
        edges.retain(|&(earlier, later)| {
            earlier == accesses.before[later as usize] || accesses.session[later as usize] == session
        });
    }
    edges.extend(&accesses.evidence);
    edges
}

impl<'a> View<'a> {
    fn new(accesses: &'a Accesses, causal: bool, session: u32, reads: Vec<u32>) -> View<'a> {
        let mut by_key: Fast<u32, Vec<(u32, u32)>> = Fast::default();
        for (number, &read) in reads.iter().enumerate() {
            let source = accesses.source[read as usize];
            by_key.entry(accesses.key[read as usize]).or_default().push((number as u32, source));
        }
        View {
            accesses,
            causal,
            session,
            reach: vec![NEVER; accesses.len()],
            reads,
            by_key,
            derived: Vec::new(),
            waiting: Fast::default(),
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

    fn saturate(&mut self, before: &Before, watch: &Watch) -> Result<Option<Pattern>, Stop> {
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
        if self.causal || accesses.session[node as usize] == self.session {
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
    fn conflict(&mut self, write: u32) -> Option<Pattern> {
        let reach = self.reach[write as usize];
        let reads = self.by_key.get(&self.accesses.key[write as usize])?;
        let from = reads.partition_point(|&(number, _)| number < reach);
        let &(number, later) = reads[from..].iter().find(|&&(_, source)| source != write)?;
        let read = self.reads[number as usize];
        if later == INITIAL {
            let accesses = vec![write, read];
            let because = vec![NONE; 2];
            return Some(Pattern { name: "WriteHBInitRead", accesses, because, session: self.session });
        }
        let at = self.derived.len() as u32;
        self.derived.push((write, later, read));
        self.waiting.entry(later).or_default().push(at);
        self.lower(write, self.reach[later as usize]);
        None
    }

    /// A circle; there is none if all that was derived agrees with one order of the rest.
    fn circle(&self, place: &[u32]) -> Option<Pattern> {
        let (accesses, agrees) = (self.accesses, |a: u32, b: u32| place[a as usize] < place[b as usize]);
        let own = self.reads.iter().map(|&read| (accesses.source[read as usize], read));
        let mut sources = own.filter(|&(source, _)| source < INITIAL);
        if self.derived.iter().all(|&(a, b, _)| agrees(a, b))
            && sources.all(|(source, read)| agrees(source, read))
        {
            return None;
        }
        let mut edges = base(accesses, self.causal, self.session);
        edges.extend(self.derived.iter().map(|&(a, b, _)| (a, b)));
        let cycle = Digraph::new(accesses.len(), &edges).order().err()?;
        let reasons: Fast<(u32, u32), u32> =
            self.derived.iter().map(|&(a, b, read)| ((a, b), read)).collect();
        let step = |at: usize| (cycle[at], cycle[(at + 1) % cycle.len()]);
        let because = (0..cycle.len()).map(|at| reasons.get(&step(at)).copied().unwrap_or(NONE)).collect();
        Some(Pattern { name: "CyclicHB", accesses: cycle, because, session: self.session })
    }
}
