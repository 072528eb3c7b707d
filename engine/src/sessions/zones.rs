//! The least time by which reads lag: delta-atomicity (Golab, Li, Shah: Analyzing consistency properties for fun
//! and profit, PODC 2011), exactly.
//!
//! A history is delta-atomic if it is atomic once every read is invoked delta earlier.  Atomic means (Gibbons and
//! Korach 1997): no two versions a, b where an operation of each returned before one of the other was invoked.
//! Each such pair asks for some least delta, and the answer is the most that a pair asks for.

use super::objects::{Object, Version};
use super::orders::Known;

/// The least delta of one key lies between these; equal where it is known.  `i64::MAX`: none is enough.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Range {
    pub lower: i64,
    pub upper: i64,
    /// Numbers of the two versions that ask for most: the one that was read too late, and a newer one.
    pub pair: Option<(u32, u32)>,
}

/// The least delta of a key.
pub fn delta(object: &Object) -> Range {
    if object.future.is_some() {
        return Range { lower: i64::MAX, upper: i64::MAX, pair: None };
    }
    match object.known {
        Known::Total => in_order(&object.versions, &identity(object)),
        Known::Partial => {
            let any = of_zones(&object.versions);
            let given = topological(object).map_or(any, |order| in_order(&object.versions, &order));
            Range { lower: any.lower, upper: given.upper.max(any.lower), pair: any.pair }
        }
        Known::Sessions | Known::Contradictory => of_zones(&object.versions),
    }
}

pub fn identity(object: &Object) -> Vec<u32> {
    (0..object.versions.len() as u32).collect()
}

/// An order that contains what is known, near that of real time.
pub fn topological(object: &Object) -> Option<Vec<u32>> {
    let mut edges = object.edges.clone();
    edges.extend((1..object.versions.len() as u32).map(|number| (0, number)));
    let lows: Vec<i64> = object.versions.iter().map(Version::low).collect();
    super::graph::Digraph::new(object.versions.len(), &edges).order_by(&lows).ok()
}

/// With the order of versions given: a version's last read may not be later than delta after the next one.
fn in_order(versions: &[Version], order: &[u32]) -> Range {
    let mut most = Range { lower: 0, upper: 0, pair: None };
    let mut next = None::<(i64, u32)>;
    for &number in order.iter().rev() {
        let version = &versions[number as usize];
        if let Some((finish, newer)) = next {
            if version.start > finish {
                return Range { lower: i64::MAX, upper: i64::MAX, pair: Some((number, newer)) };
            }
            let lag = if version.read > finish { version.read.saturating_sub(finish) } else { 0 };
            if lag > most.lower {
                most = Range { lower: lag, upper: lag, pair: Some((number, newer)) };
            }
        }
        if next.is_none_or(|(finish, _)| version.finish < finish) {
            next = Some((version.finish, number));
        }
    }
    most
}

/// Over all orders, in expected O(n log n): versions in a random order, and a pass over all of them whenever
/// one asks for more than those before, which happens O(log n) times.
fn of_zones(versions: &[Version]) -> Range {
    let mut by_finish: Vec<u32> = (0..versions.len() as u32).collect();
    by_finish.sort_unstable_by_key(|&number| versions[number as usize].finish);
    let finishes: Vec<i64> = by_finish.iter().map(|&number| versions[number as usize].finish).collect();
    let mut most = Range { lower: 0, upper: 0, pair: None };
    let mut latest = prefix(versions, &by_finish, 0);
    for number in shuffled(versions.len() as u32) {
        let version = &versions[number as usize];
        let before = finishes.partition_point(|&finish| finish < start(version, most.lower));
        let Some(&top) = before.checked_sub(1).and_then(|last| latest.get(last)) else { continue };
        let other = if top[0].1 == number { top[1] } else { top[0] };
        if other.0 <= version.finish {
            continue;
        }
        for (at, other) in versions.iter().enumerate().filter(|&(at, _)| at != number as usize) {
            let (asked, pair) = asks(version, number, other, at as u32);
            if asked > most.lower {
                most = Range { lower: asked, upper: asked, pair: Some(pair) };
            }
        }
        latest = prefix(versions, &by_finish, most.lower);
    }
    most
}

/// The last invocation of a version's operations if its reads are invoked so much earlier.
fn start(version: &Version, delta: i64) -> i64 {
    version.start.max(version.read.saturating_sub(delta))
}

/// Of the versions that finish first the two latest starts, with their numbers; per count.
fn prefix(versions: &[Version], by_finish: &[u32], delta: i64) -> Vec<[(i64, u32); 2]> {
    let mut top = [(i64::MIN, u32::MAX); 2];
    let mut all = Vec::with_capacity(versions.len());
    for &number in by_finish {
        let entry = (start(&versions[number as usize], delta), number);
        if entry.0 > top[0].0 {
            top = [entry, top[0]];
        } else if entry.0 > top[1].0 {
            top[1] = entry;
        }
        all.push(top);
    }
    all
}

/// The least delta at which two versions do not conflict, and which of them was read late.
fn asks(a: &Version, at: u32, b: &Version, bt: u32) -> (i64, (u32, u32)) {
    if a.finish >= start(b, 0) || b.finish >= start(a, 0) {
        return (0, (at, bt));
    }
    // b need not come after a once b's reads are invoked before a finishes; so the other way round
    let earlier = if b.start <= a.finish { b.read.saturating_sub(a.finish) } else { i64::MAX };
    let later = if a.start <= b.finish { a.read.saturating_sub(b.finish) } else { i64::MAX };
    if earlier <= later { (earlier, (bt, at)) } else { (later, (at, bt)) }
}

/// The numbers below a count in an order that is always the same, and that no recording is made to defeat.
fn shuffled(count: u32) -> Vec<u32> {
    let mut order: Vec<u32> = (0..count).collect();
    let mut state = 0x9E37_79B9_7F4A_7C15u64;
    for at in (1..count as usize).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        order.swap(at, ((state >> 33) % (at as u64 + 1)) as usize);
    }
    order
}
