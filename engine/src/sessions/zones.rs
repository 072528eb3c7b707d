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
    /// What asks for the lower bound.
    pub proof: Proof,
}

/// Numbers of versions that ask for some staleness: the one that was read too late, and a newer one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Proof {
    /// No two versions do: all orders were tried, or nothing asks for any.
    None,
    /// In real time.
    Later(u32, u32),
    /// Whichever of the two is newer, the other was read too late; the first by less.
    Either(u32, u32),
    /// The version is followed by several, each invoked after it had taken effect, and all before it was read.
    Many(u32),
    /// In the order of versions that is known.
    Known(u32, u32),
}

/// The least delta of a key.
pub fn delta(object: &Object) -> Range {
    if object.future.is_some() {
        return Range { lower: i64::MAX, upper: i64::MAX, proof: Proof::None };
    }
    match object.known {
        Known::Total => in_order(object, &identity(object)),
        Known::Partial => {
            let any = of_zones(object);
            let given = topological(object).map_or(any, |order| in_order(object, &order));
            Range { upper: given.upper.max(any.lower), ..any }
        }
        Known::Sessions | Known::Contradictory => of_zones(object),
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
fn in_order(object: &Object, order: &[u32]) -> Range {
    let versions = &object.versions;
    let mut most = Range { lower: 0, upper: 0, proof: Proof::None };
    let mut next = None::<(i64, u32)>;
    for &number in order.iter().rev() {
        let version = &versions[number as usize];
        if let Some((finish, newer)) = next {
            if version.start > finish {
                return Range { lower: i64::MAX, upper: i64::MAX, proof: Proof::Known(number, newer) };
            }
            let lag = object.lag(version.read, finish);
            if lag > most.lower {
                most = Range { lower: lag, upper: lag, proof: Proof::Known(number, newer) };
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
fn of_zones(object: &Object) -> Range {
    let versions = &object.versions;
    let mut by_finish: Vec<u32> = (0..versions.len() as u32).collect();
    by_finish.sort_unstable_by_key(|&number| versions[number as usize].finish);
    let finishes: Vec<i64> = by_finish.iter().map(|&number| versions[number as usize].finish).collect();
    let mut most = Range { lower: 0, upper: 0, proof: Proof::None };
    let mut latest = prefix(object, &by_finish, 0);
    for number in shuffled(versions.len() as u32) {
        let version = &versions[number as usize];
        let before = finishes.partition_point(|&finish| finish < start(object, version, most.lower));
        let Some(&top) = before.checked_sub(1).and_then(|last| latest.get(last)) else { continue };
        let other = if top[0].1 == number { top[1] } else { top[0] };
        if other.0 <= version.finish {
            continue;
        }
        for (at, other) in versions.iter().enumerate().filter(|&(at, _)| at != number as usize) {
            let (asked, proof) = asks(object, (version, number), (other, at as u32));
            if asked > most.lower {
                most = Range { lower: asked, upper: asked, proof };
            }
        }
        latest = prefix(object, &by_finish, most.lower);
    }
    most
}

/// The last invocation of a version's operations if its reads are invoked so much earlier.
fn start(object: &Object, version: &Version, delta: i64) -> i64 {
    version.start.max(object.earlier(version.read, delta))
}

/// Of the versions that finish first the two latest starts, with their numbers; per count.
fn prefix(object: &Object, by_finish: &[u32], delta: i64) -> Vec<[(i64, u32); 2]> {
    let mut top = [(i64::MIN, u32::MAX); 2];
    let mut all = Vec::with_capacity(by_finish.len());
    for &number in by_finish {
        let entry = (start(object, &object.versions[number as usize], delta), number);
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
fn asks(object: &Object, (a, at): (&Version, u32), (b, bt): (&Version, u32)) -> (i64, Proof) {
    if a.finish >= start(object, b, 0) || b.finish >= start(object, a, 0) {
        return (0, Proof::None);
    }
    // b need not come after a once b's reads are invoked before a finishes; so the other way round
    let earlier = if b.start <= a.finish { object.lag(b.read, a.finish) } else { i64::MAX };
    let later = if a.start <= b.finish { object.lag(a.read, b.finish) } else { i64::MAX };
    let (late, newer) = if earlier <= later { (bt, at) } else { (at, bt) };
    let is_open = earlier.max(later) < i64::MAX;
    (earlier.min(later), if is_open { Proof::Either(late, newer) } else { Proof::Later(late, newer) })
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
