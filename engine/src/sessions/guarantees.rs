//! The four guarantees of Terry et al. (PDIS 1994), each session on its own.
//!
//! A version order of a key is admissible if it contains the evidence, and where that is silent the order of
//! each session's own writes.  A session breaks read-your-writes or monotonic-reads if no admissible order of
//! some key puts every version that it read at or after those that it had written or read.  Writes are ordered
//! for everybody: monotonic-writes and writes-follow-reads are broken if no order of all writes contains both
//! what the guarantee asks for and the evidence.

use super::accesses::{Accesses, INITIAL, NONE};
use super::graph::Digraph;
use super::orders::{Known, Orders};
use super::watch::{Stop, Watch};
use crate::hashing::FastMap;

/// Which guarantee.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Guarantee {
    ReadYourWrites,
    MonotonicReads,
    MonotonicWrites,
    WritesFollowReads,
}

/// A session that breaks it.
pub struct Breach {
    pub session: u32,
    /// The operation that does not fit, and the earlier one of its session that it does not fit to.
    pub access: u32,
    pub prior: u32,
    /// Where more than two versions are involved: accesses of which each had to come before the next, in a circle.
    pub cycle: Vec<u32>,
    /// Of each step of the circle that the session asks for: what it did before, and the read that shows the later
    /// version.
    pub asked: Vec<Option<(u32, u32)>>,
    /// How many operations of the session do not fit; the first is told.
    pub count: u64,
}

/// A version had to come before another: what an operation read, after what came before it.
#[derive(Clone, Copy)]
struct Demand {
    earlier: u32,
    later: u32,
    access: u32,
    prior: u32,
}

/// All breaches, at most one per session.
pub fn breaches(
    accesses: &Accesses,
    orders: &Orders,
    guarantee: Guarantee,
    watch: &Watch,
) -> Result<Vec<Breach>, Stop> {
    match guarantee {
        Guarantee::ReadYourWrites | Guarantee::MonotonicReads => {
            let own_writes = guarantee == Guarantee::ReadYourWrites;
            Scan { accesses, orders, own_writes, found: Vec::new(), steps: 0 }.run(watch)
        }
        Guarantee::MonotonicWrites => writes_in_order(accesses, false),
        Guarantee::WritesFollowReads => writes_in_order(accesses, true),
    }
}

struct Scan<'a> {
    accesses: &'a Accesses,
    orders: &'a Orders,
    /// Whether what a session wrote counts, or what it read.
    own_writes: bool,
    found: Vec<Breach>,
    steps: u64,
}

/// What a session knows of a key: its newest version, and the operation from which it knows it.
#[derive(Clone, Copy)]
struct Newest {
    session: u32,
    version: u32,
    access: u32,
}

/// What the session that is looked at knows.
#[derive(Default)]
struct Memory {
    newest: Vec<Newest>,
    /// By key and writing session: the last version that was read, and by whom.
    chains: FastMap<(u32, u32), (u32, u32)>,
    /// By key of which some order is known.
    demands: FastMap<u32, Vec<Demand>>,
    /// The session's writes of keys where evidence contradicts their order.
    own: FastMap<u32, Vec<u32>>,
}

impl Scan<'_> {
    fn run(mut self, watch: &Watch) -> Result<Vec<Breach>, Stop> {
        let accesses = self.accesses;
        let nothing = Newest { session: NONE, version: NONE, access: NONE };
        let mut known = Memory { newest: vec![nothing; accesses.keys], ..Memory::default() };
        let mut start = 0;
        while start < accesses.len() {
            let session = accesses.session[start];
            let end = start + accesses.session[start..].partition_point(|&other| other <= session);
            for before in self.remembered(start, end).into_iter().rev() {
                self.learn(session, before, &mut known);
            }
            for at in start as u32..end as u32 {
                watch.step(&mut self.steps)?;
                self.compare(session, at, &mut known);
                self.learn(session, at, &mut known);
            }
            self.partial(&mut known.demands, watch)?;
            known.chains.clear();
            known.own.clear();
            start = end;
        }
        Ok(self.found)
    }

    /// What the session did before a compare-and-set that stayed pending, latest first.
    fn remembered(&self, start: usize, end: usize) -> Vec<u32> {
        let accesses = self.accesses;
        let mut found = Vec::new();
        if accesses.write[start..end].iter().any(|&write| !write) {
            let mut before = accesses.before[start];
            while before != NONE {
                found.push(before);
                before = accesses.before[before as usize];
            }
        }
        found
    }

    /// A read against what its session knows.
    fn compare(&mut self, session: u32, at: u32, memory: &mut Memory) {
        let key = self.accesses.key[at as usize];
        let known = memory.newest[key as usize];
        let later = self.accesses.source[at as usize];
        if self.accesses.write[at as usize] || known.session != session {
            return;
        }
        let demand = Demand { earlier: known.version, later, access: at, prior: known.access };
        let own = memory.own.get(&key).into_iter().flatten().filter(|&&earlier| earlier != later);
        for &earlier in own.filter(|_| later != INITIAL) {
            memory.demands.entry(key).or_default().push(Demand { earlier, prior: earlier, ..demand });
        }
        if later != known.version {
            self.judge(session, key, demand, memory);
        }
    }

    /// What a session knows from now on.
    fn learn(&mut self, session: u32, at: u32, memory: &mut Memory) {
        let (accesses, write) = (self.accesses, self.accesses.write[at as usize]);
        let version = if write { at } else { accesses.source[at as usize] };
        if write != self.own_writes || version == INITIAL {
            return;
        }
        let key = accesses.key[at as usize];
        let known = memory.newest[key as usize];
        if known.session != session || self.is_newer(key, known.version, version) {
            memory.newest[key as usize] = Newest { session, version, access: at };
        }
        if self.own_writes {
            if self.orders.overruled[key as usize] {
                memory.own.entry(key).or_default().push(at);
            }
        } else {
            let by = accesses.session[version as usize];
            let last = memory.chains.entry((key, by)).or_insert((version, at));
            if last.0 < version {
                *last = (version, at);
            }
        }
    }

    /// Whether a session that knows one version should from now on remember another instead.
    fn is_newer(&self, key: u32, known: u32, version: u32) -> bool {
        match self.orders.known[key as usize] {
            Known::Total => self.orders.rank[version as usize] >= self.orders.rank[known as usize],
            _ => true,
        }
    }

    fn judge(&mut self, session: u32, key: u32, demand: Demand, memory: &mut Memory) {
        let accesses = self.accesses;
        if self.orders.known[key as usize] == Known::Contradictory {
            return;
        }
        if demand.later == INITIAL {
            return self.add(session, demand, Vec::new(), Vec::new());
        }
        match self.orders.known[key as usize] {
            Known::Contradictory => {}
            Known::Total => {
                if self.orders.rank[demand.later as usize] < self.orders.rank[demand.earlier as usize] {
                    self.add(session, demand, Vec::new(), Vec::new());
                }
            }
            Known::Partial => memory.demands.entry(key).or_default().push(demand),
            Known::Sessions => {
                let by = accesses.session[demand.later as usize];
                if self.own_writes {
                    if by == accesses.session[demand.earlier as usize] && demand.later < demand.earlier {
                        self.add(session, demand, Vec::new(), Vec::new());
                    }
                } else if let Some(&(last, prior)) = memory.chains.get(&(key, by))
                    && demand.later <= last
                {
                    let between = Demand { earlier: last, prior, ..demand };
                    let circle = if last == demand.later { vec![demand.prior] } else { Vec::new() };
                    self.add(session, between, circle, Vec::new());
                }
            }
        }
    }

    /// Keys of which some order is known: a circle of that and of what the session asks for?
    fn partial(&mut self, demands: &mut FastMap<u32, Vec<Demand>>, watch: &Watch) -> Result<(), Stop> {
        let mut todo: Vec<(u32, Vec<Demand>)> = demands.drain().collect();
        todo.sort_by_key(|&(key, _)| key);
        for (key, asked) in todo {
            watch.look()?;
            let writes = self.orders.of_key(key as usize);
            let place = |write: u32| writes.binary_search(&write).unwrap_or(0) as u32;
            let known = self.orders.partial[key as usize].iter().map(|&(a, b)| (place(a), place(b)));
            let mut edges: Vec<(u32, u32)> = known.collect();
            edges.extend(asked.iter().map(|demand| (place(demand.earlier), place(demand.later))));
            if let Err(cycle) = Digraph::new(writes.len(), &edges).order() {
                let cycle: Vec<u32> = cycle.into_iter().map(|at| writes[at as usize]).collect();
                let steps = (0..cycle.len()).map(|at| (cycle[at], cycle[(at + 1) % cycle.len()]));
                let is_known = |step: &(u32, u32)| self.orders.partial[key as usize].contains(step);
                let of = |step: (u32, u32)| {
                    asked.iter().filter(|_| !is_known(&step)).find(|one| (one.earlier, one.later) == step)
                };
                let found: Vec<Option<&Demand>> = steps.map(of).collect();
                if let Some(&last) = found.iter().copied().flatten().max_by_key(|one| one.access) {
                    let session = self.accesses.session[last.access as usize];
                    let shown = found.iter().map(|one| one.map(|one| (one.prior, one.access))).collect();
                    self.add(session, last, cycle, shown);
                }
            }
        }
        Ok(())
    }

    fn add(&mut self, session: u32, demand: Demand, cycle: Vec<u32>, asked: Vec<Option<(u32, u32)>>) {
        if let Some(last) = self.found.last_mut().filter(|last| last.session == session) {
            last.count += 1;
        } else {
            let Demand { access, prior, .. } = demand;
            self.found.push(Breach { session, access, prior, cycle, asked, count: 1 });
        }
    }
}

/// Monotonic writes, or writes after what their session had read: is there an order of all writes?
fn writes_in_order(accesses: &Accesses, follow_reads: bool) -> Result<Vec<Breach>, Stop> {
    let mut edges = accesses.evidence.clone();
    let mut last = vec![NONE; accesses.len()];
    for at in 0..accesses.len() {
        let before = accesses.before[at];
        if before != NONE {
            let tells = accesses.write[before as usize] != follow_reads;
            last[at] = if tells { before } else { last[before as usize] };
            if last[at] != NONE && (follow_reads || accesses.write[at]) {
                edges.push((last[at], at as u32));
            }
        }
        if follow_reads && !accesses.write[at] && accesses.source[at] < INITIAL {
            edges.push((accesses.source[at], at as u32));
        }
    }
    if accesses.evidence.is_empty() && !follow_reads {
        return Ok(Vec::new());
    }
    let Err(cycle) = Digraph::new(accesses.len(), &edges).order() else {
        return Ok(Vec::new());
    };
    let here = (0..cycle.len()).find(|&at| {
        let next = cycle[(at + 1) % cycle.len()] as usize;
        accesses.write[next] && last[next] == cycle[at]
    });
    let (prior, access) = here.map_or((cycle[0], cycle[0]), |at| (cycle[at], cycle[(at + 1) % cycle.len()]));
    let (session, asked) = (accesses.session[access as usize], vec![None; cycle.len()]);
    Ok(vec![Breach { session, access, prior, cycle, asked, count: 1 }])
}
