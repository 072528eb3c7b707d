//! What is known of the order of a key's versions: evidence first, then the order of each session's own writes.

use super::accesses::{Accesses, NONE};
use super::graph::Digraph;
use crate::hashing::FastMap;

/// How much is known of one key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Known {
    /// Nothing but the order of each session's own writes.
    Sessions,
    /// All versions that were read, and where the others stand to them: `rank` compares.
    Total,
    /// Some.
    Partial,
    /// The evidence contradicts itself: there is no order.
    Contradictory,
}

/// The orders of all keys.
pub struct Orders {
    pub known: Vec<Known>,
    /// Per access that is a write of a key with evidence: its place in some admissible order.
    pub rank: Vec<u32>,
    /// Of keys that are `Partial`: certain order, (earlier, later) by key.
    pub partial: Vec<Vec<(u32, u32)>>,
    /// Keys where evidence contradicts the order of a session's own writes: evidence alone counts there.
    pub overruled: Vec<bool>,
    /// Writes by key.
    pub offsets: Vec<u32>,
    pub writes: Vec<u32>,
}

impl Orders {
    pub fn of(accesses: &Accesses) -> Orders {
        let keys = accesses.keys;
        let mut evidence: Vec<Vec<(u32, u32)>> = vec![Vec::new(); keys];
        for &(earlier, later) in &accesses.evidence {
            evidence[accesses.key[earlier as usize] as usize].push((earlier, later));
        }
        let (offsets, writes) = accesses.writes_by_key();
        let mut all = Orders {
            known: vec![Known::Sessions; keys],
            rank: if accesses.evidence.is_empty() { vec![] } else { vec![0; accesses.len()] },
            partial: vec![Vec::new(); keys],
            overruled: vec![false; keys],
            offsets,
            writes,
        };
        let mut branching: FastMap<usize, Vec<(u32, u32)>> = FastMap::default();
        for edge in branches(accesses) {
            branching.entry(accesses.key[edge.1 as usize] as usize).or_default().push(edge);
        }
        for (key, own) in evidence.into_iter().enumerate() {
            let branches = branching.remove(&key).unwrap_or_default();
            if !own.is_empty() || !branches.is_empty() || accesses.torn[key] {
                all.settle(accesses, key, own, branches);
            }
        }
        all
    }

    /// Writes that the evidence puts each before the next, in a circle; empty where a key's evidence contradicts
    /// itself in another way.  One per key without an order.
    pub fn circles(&self, accesses: &Accesses) -> Vec<Vec<u32>> {
        let torn = |key: &usize| self.known[*key] == Known::Contradictory;
        let keys: Vec<usize> = (0..accesses.keys).filter(torn).collect();
        let circle = |&key: &usize| {
            let writes = self.of_key(key);
            let of_key = |edge: &&(u32, u32)| accesses.key[edge.0 as usize] as usize == key;
            let place = |write: u32| writes.binary_search(&write).unwrap_or(0) as u32;
            let own = accesses.evidence.iter().filter(of_key).map(|&(a, b)| (place(a), place(b)));
            let local: Vec<(u32, u32)> = own.collect();
            let found = Digraph::new(writes.len(), &local).order().err().unwrap_or_default();
            found.into_iter().map(|at| writes[at as usize]).collect()
        };
        keys.iter().take(100).map(circle).collect()
    }

    pub fn of_key(&self, key: usize) -> &[u32] {
        &self.writes[self.offsets[key] as usize..self.offsets[key + 1] as usize]
    }

    /// A write of the same key that is later for sure, if there is one.
    pub fn later(&self, accesses: &Accesses, write: u32) -> Option<u32> {
        let key = accesses.key[write as usize] as usize;
        let writes = self.of_key(key);
        let own = accesses.session[write as usize];
        match self.known[key] {
            Known::Contradictory => None,
            Known::Total => {
                let last = writes.iter().copied().max_by_key(|&at| self.rank[at as usize]);
                last.filter(|&last| last != write)
            }
            Known::Partial => {
                self.partial[key].iter().find(|&&(earlier, _)| earlier == write).map(|edge| edge.1)
            }
            Known::Sessions => {
                let next = writes.get(writes.binary_search(&write).ok()? + 1).copied();
                next.filter(|&next| accesses.session[next as usize] == own)
            }
        }
    }

    fn settle(&mut self, accesses: &Accesses, key: usize, own: Vec<(u32, u32)>, branches: Vec<(u32, u32)>) {
        if accesses.torn[key] {
            self.known[key] = Known::Contradictory;
            return;
        }
        let mut edges = own.clone();
        edges.extend(self.own_order(accesses, key));
        edges.extend(branches);
        let order = self.sorted(key, &edges).or_else(|| {
            self.overruled[key] = true;
            edges.clone_from(&own);
            self.sorted(key, &edges)
        });
        let Some(order) = order else {
            self.known[key] = Known::Contradictory;
            return;
        };
        if self.rank.is_empty() {
            self.rank = vec![0; accesses.len()];
        }
        for (rank, &write) in order.iter().enumerate() {
            self.rank[write as usize] = rank as u32;
        }
        let steps = edges.iter().filter(|&&(a, b)| self.rank[b as usize] == self.rank[a as usize] + 1);
        let mut chained = vec![false; order.len()];
        steps.for_each(|&(a, _)| chained[self.rank[a as usize] as usize] = true);
        let total = chained.iter().rev().skip(1).all(|&step| step);
        if accesses.listed[key] || total {
            self.known[key] = Known::Total;
        } else {
            self.known[key] = Known::Partial;
            self.partial[key] = edges;
        }
    }

    /// Each session's consecutive writes of the key.
    fn own_order(&self, accesses: &Accesses, key: usize) -> Vec<(u32, u32)> {
        let pairs = self.of_key(key).windows(2).map(|pair| (pair[0], pair[1]));
        pairs.filter(|&(a, b)| accesses.session[a as usize] == accesses.session[b as usize]).collect()
    }

    /// The key's writes in an order that respects the edges, if there is one.
    fn sorted(&self, key: usize, edges: &[(u32, u32)]) -> Option<Vec<u32>> {
        let writes = self.of_key(key);
        let place = |write: u32| writes.binary_search(&write).unwrap_or(0) as u32;
        let local: Vec<(u32, u32)> = edges.iter().map(|&(a, b)| (place(a), place(b))).collect();
        let order = Digraph::new(writes.len(), &local).order().ok()?;
        Some(order.into_iter().map(|at| writes[at as usize]).collect())
    }
}

/// A session's last write of the same key before an operation that stayed pending while the session went on:
/// such an operation has predecessors in its session, but no successors.
fn branches(accesses: &Accesses) -> Vec<(u32, u32)> {
    let mut found = Vec::new();
    for at in (0..accesses.len()).filter(|&at| accesses.write[at]) {
        let mut before = accesses.before[at];
        if before == NONE || accesses.session[before as usize] == accesses.session[at] {
            continue;
        }
        while before != NONE {
            if accesses.write[before as usize] && accesses.key[before as usize] == accesses.key[at] {
                found.push((before, at as u32));
                break;
            }
            before = accesses.before[before as usize];
        }
    }
    found
}
