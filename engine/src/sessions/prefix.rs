//! Consistent prefix: one order of all writes that contains each session's, such that what an operation reads
//! is what some prefix of it left (Terry: Replicated data consistency explained through baseball, CACM 2013).
//!
//! A transaction's writes take effect at once, and its reads see one prefix.  Nodes: where a unit's writes take
//! effect, and where its prefix ends.  Where all that is read together has known version orders, acyclicity
//! decides.  Else saturation finds circles that every order contains, and one order near real time may show that
//! there is one that fits; between them it stays open (deciding it is NP-complete, Biswas and Enea 2019).

use super::accesses::{Accesses, INITIAL, NONE};
use super::graph::Digraph;
use super::orders::{Known, Orders};
use super::watch::{Stop, Watch};
use crate::hashing::FastMap;

/// What is found out.
pub enum Prefix {
    /// Such an order exists.
    Kept,
    /// Accesses of units that have to come each before the next, in a circle.
    Broken(Vec<u32>),
    /// Neither was shown.
    Open,
}

/// What one unit, an operation or a transaction, read: (key, version).
struct Units {
    of: Vec<u32>,
    count: usize,
    reads: Vec<Vec<(u32, u32)>>,
    /// An access of each unit that writes, one that reads, for telling.
    writer: Vec<u32>,
    reader: Vec<u32>,
}

impl Units {
    /// The node before all writes of a key.
    fn first(&self, key: u32) -> u32 {
        2 * self.count as u32 + key
    }

    /// Nodes of a graph: where writes take effect, where prefixes end, and where keys begin.
    fn nodes(&self, accesses: &Accesses) -> usize {
        2 * self.count + accesses.keys
    }
}

/// How many steps saturation may take.
const BUDGET: u64 = 60_000_000;

pub fn consistent_prefix(accesses: &Accesses, orders: &Orders, watch: &Watch) -> Result<Prefix, Stop> {
    let units = units(accesses);
    let mut edges = forced(accesses, orders, &units);
    let told = |cycle: Vec<u32>| {
        let tell = |node: u32| {
            let unit = (node / 2) as usize;
            if node % 2 == 0 { units.writer[unit] } else { units.reader[unit] }
        };
        let whole = cycle.into_iter().filter(|&node| node < 2 * units.count as u32);
        Prefix::Broken(whole.map(tell).collect())
    };
    let mut loose = vec![0; accesses.keys];
    (0..accesses.len()).filter(|&at| accesses.loose[at]).for_each(|at| loose[accesses.key[at] as usize] += 1);
    let free = |key: u32| orders.known[key as usize] != Known::Total || loose[key as usize] > 1;
    let open: Vec<usize> = (0..units.count)
        .filter(|&unit| units.reads[unit].len() > 1 && units.reads[unit].iter().any(|&(key, _)| free(key)))
        .collect();
    let order = match Digraph::new(units.nodes(accesses), &edges).order_by(&begins(accesses, &units)) {
        Err(cycle) => return Ok(told(cycle)),
        Ok(_) if open.is_empty() => return Ok(Prefix::Kept),
        Ok(order) => order,
    };
    watch.look()?;
    if fits(accesses, orders, &units, &edges, &order) {
        return Ok(Prefix::Kept);
    }
    let mut steps = 0;
    let mut left = BUDGET;
    loop {
        watch.look()?;
        let more =
            saturate(orders, &units, &open, (units.nodes(accesses), &edges), (&mut steps, &mut left), watch)?;
        if more.is_empty() {
            return Ok(Prefix::Open);
        }
        edges.extend(more);
        match Digraph::new(units.nodes(accesses), &edges).order_by(&begins(accesses, &units)) {
            Err(cycle) => return Ok(told(cycle)),
            Ok(order) if fits(accesses, orders, &units, &edges, &order) => return Ok(Prefix::Kept),
            Ok(_) if left == 0 => return Ok(Prefix::Open),
            Ok(_) => {}
        }
    }
}

fn units(accesses: &Accesses) -> Units {
    let mut number: FastMap<u32, u32> = FastMap::default();
    let mut all = Units { of: Vec::new(), count: 0, reads: vec![], writer: vec![], reader: vec![] };
    for at in 0..accesses.len() {
        let next = number.len() as u32;
        let unit = *number.entry(accesses.row[at]).or_insert(next);
        if unit == next {
            all.reads.push(Vec::new());
            all.writer.push(NONE);
            all.reader.push(NONE);
        }
        all.of.push(unit);
        let source = accesses.source[at];
        if accesses.write[at] {
            all.writer[unit as usize] = at as u32;
        } else if source == INITIAL || accesses.row[source as usize] != accesses.row[at] {
            all.reader[unit as usize] = at as u32;
            let read = (accesses.key[at], source);
            if !all.reads[unit as usize].contains(&read) {
                all.reads[unit as usize].push(read);
            }
        }
    }
    all.count = number.len();
    all
}

/// Per node the invocation of its unit.
fn begins(accesses: &Accesses, units: &Units) -> Vec<i64> {
    let mut begins = vec![i64::MIN; units.nodes(accesses)];
    for at in 0..accesses.len() {
        let unit = 2 * units.of[at] as usize;
        (begins[unit], begins[unit + 1]) = (accesses.begin[at], accesses.begin[at]);
    }
    begins
}

/// Order that every explanation contains.
fn forced(accesses: &Accesses, orders: &Orders, units: &Units) -> Vec<(u32, u32)> {
    let mut edges = Vec::new();
    let mut last = vec![NONE; accesses.len()];
    for at in 0..accesses.len() {
        let before = accesses.before[at];
        if before != NONE {
            last[at] = if accesses.write[before as usize] { before } else { last[before as usize] };
        }
        if accesses.write[at] && last[at] != NONE {
            edges.push((2 * units.of[last[at] as usize], 2 * units.of[at]));
        }
    }
    let pair = |&(a, b): &(u32, u32)| (2 * units.of[a as usize], 2 * units.of[b as usize]);
    edges.extend(accesses.evidence.iter().map(pair));
    edges.retain(|(a, b)| a != b);
    for key in 0..accesses.keys as u32 {
        let writes = orders.of_key(key as usize).iter();
        edges.extend(writes.map(|&write| (units.first(key), 2 * units.of[write as usize])));
    }
    let ranked = by_rank(accesses, orders);
    for (unit, reads) in (0..).zip(&units.reads) {
        if !reads.is_empty() && units.writer[unit as usize] != NONE {
            edges.push((2 * unit + 1, 2 * unit));
        }
        for &(key, source) in reads {
            if source != INITIAL {
                edges.push((2 * units.of[source as usize], 2 * unit + 1));
            }
            if source == INITIAL {
                edges.push((2 * unit + 1, units.first(key)));
            } else if orders.known[key as usize] == Known::Total {
                let newer = ranked[key as usize][orders.rank[source as usize] as usize + 1..].iter();
                let by = units.of[source as usize];
                if let Some(next) = newer.map(|&write| units.of[write as usize]).find(|&other| other != by) {
                    edges.push((2 * unit + 1, 2 * next));
                }
            }
        }
    }
    edges
}

/// Of keys with a known order the versions in that order.
fn by_rank(accesses: &Accesses, orders: &Orders) -> Vec<Vec<u32>> {
    let known = |key: &usize| orders.known[*key] == Known::Total;
    let mut all = vec![Vec::new(); accesses.keys];
    for key in (0..accesses.keys).filter(known) {
        all[key] = orders.of_key(key).to_vec();
        all[key].sort_unstable_by_key(|&write| orders.rank[write as usize]);
    }
    all
}

/// Whether the writes in this order of nodes explain all reads.
fn fits(accesses: &Accesses, orders: &Orders, units: &Units, edges: &[(u32, u32)], order: &[u32]) -> bool {
    let mut place = vec![0u32; order.len()];
    order.iter().enumerate().for_each(|(at, &node)| place[node as usize] = at as u32);
    let mut all = edges.to_vec();
    let mut next: FastMap<(u32, u32), u32> = FastMap::default();
    for key in 0..accesses.keys {
        let mut writers: Vec<u32> = orders.of_key(key).iter().map(|&at| units.of[at as usize]).collect();
        writers.sort_unstable_by_key(|&unit| place[2 * unit as usize]);
        writers.dedup();
        if let Some(&first) = writers.first() {
            next.insert((key as u32, NONE), first);
        }
        for pair in writers.windows(2) {
            next.insert((key as u32, pair[0]), pair[1]);
            all.push((2 * pair[0], 2 * pair[1]));
        }
    }
    for (unit, reads) in (0..).zip(&units.reads) {
        for &(key, source) in reads {
            let by = if source == INITIAL { NONE } else { units.of[source as usize] };
            if let Some(&next) = next.get(&(key, by)) {
                all.push((2 * unit + 1, 2 * next));
            }
        }
    }
    Digraph::new(order.len(), &all).order().is_ok()
}

/// Edges that follow: what is in a prefix that shows another version is older than that one; what is newer than
/// a version that a prefix shows is not in it.
fn saturate(
    orders: &Orders,
    units: &Units,
    open: &[usize],
    (nodes, edges): (usize, &[(u32, u32)]),
    (steps, left): (&mut u64, &mut u64),
    watch: &Watch,
) -> Result<Vec<(u32, u32)>, Stop> {
    let forward = Digraph::new(nodes, edges);
    let reversed: Vec<(u32, u32)> = edges.iter().map(|&(a, b)| (b, a)).collect();
    let backward = Digraph::new(nodes, &reversed);
    let mut found = Vec::new();
    let mut mark = vec![u32::MAX; nodes];
    let mut turn = 0;
    for &unit in open {
        let prefix = 2 * unit as u32 + 1;
        for (graph, start, key, source) in units.reads[unit].iter().flat_map(|&(key, source)| {
            let of = if source == INITIAL { prefix } else { 2 * units.of[source as usize] };
            [(&backward, prefix, key, source), (&forward, of, key, source)]
        }) {
            turn += 1;
            let mut todo = vec![start];
            while let Some(node) = todo.pop() {
                watch.step(steps)?;
                *left = left.saturating_sub(1);
                for &other in graph.successors(node) {
                    if std::mem::replace(&mut mark[other as usize], turn) != turn {
                        todo.push(other);
                    }
                }
            }
            if *left == 0 {
                return Ok(found);
            }
            for &write in orders.of_key(key as usize) {
                let commit = 2 * units.of[write as usize];
                let same = source != INITIAL && units.of[source as usize] == units.of[write as usize];
                if same || source == INITIAL || mark[commit as usize] != turn {
                    continue;
                }
                let backwards = start == prefix;
                let edge = if backwards { (commit, 2 * units.of[source as usize]) } else { (prefix, commit) };
                let graph =
                    if edge.0 == prefix { forward.successors(prefix) } else { forward.successors(commit) };
                if !graph.contains(&edge.1) {
                    found.push(edge);
                }
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}
