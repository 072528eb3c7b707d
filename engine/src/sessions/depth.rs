//! The least number of versions by which reads lag: k-atomicity (Aiyer, Alvisi, Bazzi: On the availability of
//! non-strict quorum systems, DISC 2005).
//!
//! A history is k-atomic if its operations have an order that contains real time, in which each read returns one
//! of the k versions written last before it.  With the order of versions given the least k is found in O(n log n).
//! Else orders by time give an upper bound, and what is certain a lower one; between them decides a search over
//! orders, exponential only in how many writes overlap (Golab, Hurwitz, Li, ICDCS 2013, have a near-linear
//! algorithm for k = 2; for k > 2 none is known).

use std::collections::HashSet;

use super::lag::Counter;
use super::objects::{Object, Version};
use super::orders::Known;
use super::watch::{Stop, Watch};
use super::zones::{self, Proof, Range, identity, topological};

/// The least k of a key lies between these; `i64::MAX`: none is enough, or none is known to be.
pub fn depth(object: &Object, budget: u64, watch: &Watch) -> Result<Range, Stop> {
    let versions = &object.versions;
    let infinite = Range { lower: i64::MAX, upper: i64::MAX, proof: Proof::None };
    if object.future.is_some() {
        return Ok(infinite);
    }
    if object.known == Known::Total {
        let found = in_order(versions, &identity(object));
        let Some((k, pair)) = found else { return Ok(zones::delta(object)) };
        let proof = pair.map_or(Proof::None, |(late, newer)| Proof::Known(late, newer));
        return Ok(Range { lower: k, upper: k, proof });
    }
    let zones = zones::delta(object);
    let (mut lower, mut proof) = (if zones.lower > 0 { 2 } else { 1 }, zones.proof);
    let (certain, behind) = certain(versions);
    if certain + 1 > lower {
        (lower, proof) = (certain + 1, behind.map_or(Proof::None, Proof::Many));
    }
    let mut upper = i64::MAX;
    let keys: [fn(&Version) -> i64; 3] =
        [Version::low, |version: &Version| version.finish, |version: &Version| version.start];
    let orders: Vec<Vec<u32>> = if object.edges.is_empty() {
        keys.iter().map(|key| sorted(versions, key)).collect()
    } else {
        topological(object).into_iter().collect()
    };
    for order in orders {
        if let Some((k, _)) = in_order(versions, &order) {
            upper = upper.min(k);
        }
    }
    let mut steps = budget;
    let last = if upper == i64::MAX { versions.len() as i64 } else { upper - 1 };
    while lower <= last && lower < upper {
        // where not even the first order fits, see whether any does before counting
        let k = if upper == i64::MAX { last } else { lower };
        match search(object, k as usize, &mut steps, watch)? {
            Some(true) => upper = k,
            Some(false) if k == last && upper == i64::MAX => return Ok(infinite),
            Some(false) => (lower, proof) = (k + 1, Proof::None),
            None => break,
        }
    }
    Ok(Range { lower, upper, proof })
}

/// The least delta of a key; where versions are ordered in part, a search says whether it is 0.
pub fn delay(object: &Object, budget: u64, watch: &Watch) -> Result<Range, Stop> {
    let found = zones::delta(object);
    let mut steps = budget;
    if found.upper == i64::MAX
        && found.lower < i64::MAX
        && search(object, object.versions.len(), &mut steps, watch)? == Some(false)
    {
        return Ok(Range { lower: i64::MAX, upper: i64::MAX, proof: Proof::None });
    }
    if found.lower > 0 || found.upper == 0 {
        return Ok(found);
    }
    Ok(match search(object, 1, &mut steps, watch)? {
        Some(true) => Range { upper: 0, ..found },
        Some(false) => Range { lower: 1, proof: Proof::None, ..found },
        None => found,
    })
}

fn sorted(versions: &[Version], key: &dyn Fn(&Version) -> i64) -> Vec<u32> {
    let mut order: Vec<u32> = (0..versions.len() as u32).collect();
    order.sort_by_key(|&number| (key(&versions[number as usize]), number));
    order
}

/// The least k with the order of versions given, and the versions that ask for it; none if it contradicts time.
fn in_order(versions: &[Version], order: &[u32]) -> Option<(i64, Option<(u32, u32)>)> {
    let mut finish: Vec<i64> = order.iter().map(|&number| versions[number as usize].finish).collect();
    for at in (1..finish.len()).rev() {
        finish[at - 1] = finish[at - 1].min(finish[at]);
    }
    let mut most = (1, None);
    for (at, &number) in order.iter().enumerate() {
        let version = &versions[number as usize];
        if version.start > finish[at] {
            return None;
        }
        let newer = finish.partition_point(|&other| other < version.read);
        if newer > at + 1 && (newer - at) as i64 > most.0 {
            most = ((newer - at) as i64, Some((number, order[newer - 1])));
        }
    }
    Some(most)
}

/// The most versions that are certainly newer than one that was read, and certainly older than the read.
fn certain(versions: &[Version]) -> (i64, Option<u32>) {
    let counter = Counter::of(versions);
    let mut asked = Vec::new();
    for (number, version) in (0..).zip(versions) {
        if counter.next(version.finish).is_some_and(|(finish, _)| finish < version.read) {
            asked.push((version.finish, version.read, number));
        }
    }
    let queries: Vec<(i64, i64)> = asked.iter().map(|&(finish, read, _)| (finish, read)).collect();
    let counts = counter.between(&queries).into_iter().zip(&asked);
    counts
        .map(|(count, &(_, _, number))| (count, Some(number)))
        .max_by_key(|found| found.0)
        .unwrap_or((0, None))
}

/// Versions that are looked at together when they are put in order.
const WINDOW: usize = 64;

struct State {
    /// Versions before this one, in order of invocation, are placed; of those after it the marked ones.
    base: usize,
    mask: u64,
    /// The last versions placed, newest last: when each was read last, as far as that may still matter.
    reads: Vec<i64>,
}

/// Whether some order makes the history k-atomic; none if the budget is used up.
fn search(object: &Object, k: usize, steps: &mut u64, watch: &Watch) -> Result<Option<bool>, Stop> {
    let order = sorted(&object.versions, &|version| version.start);
    let versions: Vec<Version> = order.iter().map(|&number| object.versions[number as usize]).collect();
    let mut place = vec![0u32; order.len()];
    order.iter().enumerate().for_each(|(at, &number)| place[number as usize] = at as u32);
    let mut before: Vec<Vec<u32>> = vec![Vec::new(); if object.edges.is_empty() { 0 } else { order.len() }];
    for &(a, b) in &object.edges {
        before[place[b as usize] as usize].push(place[a as usize]);
    }
    let mut seen: HashSet<(usize, u64, Vec<i64>)> = HashSet::new();
    let mut stack = vec![State { base: 0, mask: 0, reads: vec![i64::MIN; k] }];
    let mut looks = 0;
    while let Some(state) = stack.pop() {
        watch.step(&mut looks)?;
        if *steps == 0 {
            return Ok(None);
        }
        *steps -= 1;
        if state.base == versions.len() {
            return Ok(Some(true));
        }
        let Some((free, soonest)) = candidates(&versions, &before, &state) else { return Ok(None) };
        if state.mask == 0 && state.reads.iter().all(|&read| read <= soonest) {
            // nothing that was placed matters any more: what follows stands for itself
            stack.clear();
            seen.clear();
        }
        for &at in free.iter().rev() {
            // the version that is no longer among the last k was not read after one that comes now
            if state.reads[0] > soonest {
                break;
            }
            let mut next = State {
                base: state.base,
                mask: state.mask | 1 << (at - state.base),
                reads: state.reads.clone(),
            };
            next.reads.rotate_left(1);
            next.reads[k - 1] = versions[at].read;
            while next.mask & 1 == 1 {
                next.mask >>= 1;
                next.base += 1;
            }
            let rest = next_finish(&versions, &next);
            next.reads.iter_mut().filter(|read| **read <= rest).for_each(|read| *read = i64::MIN);
            if seen.insert((next.base, next.mask, next.reads.clone())) {
                stack.push(next);
            }
        }
    }
    Ok(Some(false))
}

/// When the first of those not placed finishes.
fn next_finish(versions: &[Version], state: &State) -> i64 {
    let mut soonest = i64::MAX;
    for (at, version) in versions.iter().enumerate().skip(state.base) {
        if version.start > soonest {
            break;
        }
        let offset = at - state.base;
        if offset >= WINDOW || state.mask >> offset & 1 == 0 {
            soonest = soonest.min(version.finish);
        }
    }
    soonest
}

/// Versions that may come next, those that finish soonest first, and when the first of all finishes; none if
/// too many overlap.
fn candidates(versions: &[Version], before: &[Vec<u32>], state: &State) -> Option<(Vec<usize>, i64)> {
    let soonest = next_finish(versions, state);
    let placed =
        |at: usize| at < state.base || (at - state.base < WINDOW && state.mask >> (at - state.base) & 1 == 1);
    let mut free = Vec::new();
    for (at, version) in versions.iter().enumerate().skip(state.base) {
        if version.start > soonest {
            break;
        }
        if at - state.base >= WINDOW - 1 {
            return None;
        }
        let ready = before.get(at).is_none_or(|earlier| earlier.iter().all(|&other| placed(other as usize)));
        if !placed(at) && ready {
            free.push(at);
        }
    }
    free.sort_by_key(|&at| (versions[at].low(), at));
    Some((free, soonest))
}
