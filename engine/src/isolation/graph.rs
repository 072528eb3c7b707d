//! One dependency graph of transactions, for every data type and every level.
//!
//! Nodes are transactions, and behind them *lanes*: nodes that stand for many edges at once, so that orders which
//! relate everything to everything stay linear in size.  An edge into a lane has the kind of the edges that it
//! stands for; edges from a lane are of kind `LANE` and cost nothing.  Sessions and real time are such lanes (time
//! is an interval order: what returned before the k-th change from returns to invocations precedes all that was
//! invoked after it), and so are writes of which only is known that they came after everything that was read.

use super::facts::Facts;

/// Kinds of edges, as bits, so that classes of cycles are masks.
pub const WW: u8 = 1;
pub const WR: u8 = 2;
pub const RW: u8 = 4;
/// An anti-dependency from a predicate read: what was written later changes what matches.
pub const PREDICATE: u8 = 8;
pub const SESSION: u8 = 16;
pub const TIME: u8 = 32;
/// From a lane; free.
pub const LANE: u8 = 64;
/// A write dependency that is known because nobody read what the later one wrote: so it holds where reads show
/// everything that was committed, from read committed on.
pub const LATER: u8 = 128;
/// Edges of data: all but sessions and time.
pub const DATA: u8 = WW | LATER | WR | RW | PREDICATE;

/// The key of an edge that has none.
pub const NO_KEY: u32 = u32::MAX;

/// One transaction came before another, because of a key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Dependency {
    pub source: u32,
    pub target: u32,
    pub kind: u8,
    pub key: u32,
}

/// Edges by source, in compressed rows.
pub struct Graph {
    /// Transactions are below this, lanes from here on.
    pub transactions: usize,
    /// Lanes of sessions and time are from here on.
    orders: usize,
    starts: Vec<u32>,
    targets: Vec<u32>,
    kinds: Vec<u8>,
    keys: Vec<u32>,
    /// Of transactions.
    pub invoked: Vec<i64>,
    pub returned: Vec<i64>,
}

impl Graph {
    /// The graph of these dependencies, whose lanes are numbered from `facts.count`, with sessions and time.
    pub fn new(facts: &Facts, dependencies: &[Dependency], lanes: usize) -> Graph {
        let mut edges = dependencies.to_vec();
        edges.sort_unstable();
        edges.dedup();
        let mut nodes = facts.count + lanes;
        add_sessions(facts, &mut edges, &mut nodes);
        if facts.timed {
            add_time(facts, &mut edges, &mut nodes);
        }
        let orders = facts.count + lanes;
        Graph::of(&edges, nodes, (facts.count, orders), (facts.invoked.clone(), facts.returned.clone()))
    }

    fn of(
        edges: &[Dependency],
        nodes: usize,
        (transactions, orders): (usize, usize),
        (invoked, returned): (Vec<i64>, Vec<i64>),
    ) -> Graph {
        let mut starts = vec![0u32; nodes + 1];
        for edge in edges {
            starts[edge.source as usize + 1] += 1;
        }
        for at in 0..nodes {
            starts[at + 1] += starts[at];
        }
        let mut next = starts.clone();
        let (mut targets, mut kinds) = (vec![0; edges.len()], vec![0; edges.len()]);
        let mut keys = vec![0; edges.len()];
        for edge in edges {
            let at = next[edge.source as usize] as usize;
            next[edge.source as usize] += 1;
            (targets[at], kinds[at], keys[at]) = (edge.target, edge.kind, edge.key);
        }
        Graph { transactions, orders, starts, targets, kinds, keys, invoked, returned }
    }

    /// Only the edges within parts, and only the nodes that are in one: number 0 means none.  Also the number that
    /// each of the nodes had; the initial transaction stays.
    pub fn within(&self, parts: &[u32]) -> (Graph, Vec<u32>) {
        let kept: Vec<u32> =
            (0..self.len() as u32).filter(|&node| node == 0 || parts[node as usize] != 0).collect();
        let below = |end: usize| kept.partition_point(|&node| (node as usize) < end);
        let mut numbers = vec![u32::MAX; self.len()];
        for (number, &node) in (0u32..).zip(&kept) {
            numbers[node as usize] = number;
        }
        let mut edges = Vec::new();
        for &node in kept.iter().filter(|&&node| parts[node as usize] != 0) {
            for edge in self.edges(node) {
                let target = self.target(edge);
                if parts[node as usize] == parts[target as usize] {
                    edges.push(Dependency {
                        source: numbers[node as usize],
                        target: numbers[target as usize],
                        kind: self.kind(edge),
                        key: self.key(edge),
                    });
                }
            }
        }
        let transactions = below(self.transactions);
        let of = |times: &[i64]| kept[..transactions].iter().map(|&node| times[node as usize]).collect();
        let times = (of(&self.invoked), of(&self.returned));
        (Graph::of(&edges, kept.len(), (transactions, below(self.orders)), times), kept)
    }

    /// The number of nodes, with lanes.
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// The positions of a node's edges.
    pub fn edges(&self, node: u32) -> std::ops::Range<u32> {
        self.starts[node as usize]..self.starts[node as usize + 1]
    }

    pub fn target(&self, edge: u32) -> u32 {
        self.targets[edge as usize]
    }

    pub fn kind(&self, edge: u32) -> u8 {
        self.kinds[edge as usize]
    }

    pub fn key(&self, edge: u32) -> u32 {
        self.keys[edge as usize]
    }

    pub fn is_lane(&self, node: u32) -> bool {
        node as usize >= self.transactions
    }

    /// Whether a lane is of a session or of time.
    pub fn is_order(&self, node: u32) -> bool {
        node as usize >= self.orders
    }

    /// How many edges there are of a kind; of sessions and time, the edges into their lanes.
    pub fn count(&self, kind: u8) -> usize {
        self.kinds.iter().filter(|&&of| of == kind).count()
    }
}

fn edge(source: u32, target: u32, kind: u8) -> Dependency {
    Dependency { source, target, kind, key: NO_KEY }
}

/// A lane node per transaction that has a later one in its session: all later ones are behind it.
fn add_sessions(facts: &Facts, edges: &mut Vec<Dependency>, nodes: &mut usize) {
    for session in &facts.sessions {
        let mut lane: Option<u32> = None;
        for pair in session.windows(2) {
            let node = *nodes as u32;
            *nodes += 1;
            edges.extend(lane.map(|before| edge(before, node, LANE)));
            edges.push(edge(pair[0], node, SESSION));
            edges.push(edge(node, pair[1], LANE));
            lane = Some(node);
        }
    }
    // What stays pending comes after everything that its process did before.
    let mut pending: std::collections::HashMap<u32, Vec<u32>> = Default::default();
    for &(before, after) in &facts.branches {
        pending.entry(before).or_default().push(after);
    }
    for session in facts.sessions.iter().filter(|_| !pending.is_empty()) {
        let mut following: Option<u32> = None;
        for &at in session.iter().rev() {
            if let Some(after) = pending.get(&at) {
                let node = *nodes as u32;
                *nodes += 1;
                edges.extend(after.iter().map(|&after| edge(node, after, LANE)));
                edges.extend(following.map(|next| edge(node, next, LANE)));
                following = Some(node);
            }
            edges.extend(following.map(|node| edge(at, node, SESSION)));
        }
    }
}

/// A lane node per change from returns to invocations.
fn add_time(facts: &Facts, edges: &mut Vec<Dependency>, nodes: &mut usize) {
    let mut moments: Vec<(i64, bool, u32)> = Vec::with_capacity(2 * facts.count);
    for at in 1..facts.count {
        moments.push((facts.invoked[at], false, at as u32));
        if facts.returned[at] != i64::MAX {
            moments.push((facts.returned[at], true, at as u32));
        }
    }
    moments.sort_unstable();
    let mut returned: Vec<u32> = Vec::new();
    let mut lane: Option<u32> = None;
    for (_, is_return, at) in moments {
        if is_return {
            returned.push(at);
            continue;
        }
        if !returned.is_empty() {
            let node = *nodes as u32;
            *nodes += 1;
            edges.extend(lane.map(|before| edge(before, node, LANE)));
            edges.extend(returned.drain(..).map(|before| edge(before, node, TIME)));
            lane = Some(node);
        }
        edges.extend(lane.map(|node| edge(node, at, LANE)));
    }
}
