//! How stale each read was: by versions and by time, each between what is certain and what is possible.
//!
//! A version is certainly newer than another if its write was invoked after the other had taken effect, which is
//! when the first operation that wrote or read it returned; it is possibly newer if it need not have taken effect
//! before the other was invoked.  It certainly was there if it had taken effect when the read was invoked, and
//! possibly if its write was invoked before the read returned.

use super::objects::{Object, Version};
use super::orders::Known;

/// Of one read: least and most versions, least and most time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lag {
    pub access: u32,
    pub lower: i64,
    pub upper: i64,
}

/// Counts versions by when they were invoked and when they had taken effect.
pub struct Counter<'a> {
    versions: &'a [Version],
    /// (invocation, number), ascending.
    starts: Vec<(i64, u32)>,
    finishes: Vec<i64>,
    /// Per place in `starts`: of that version and those after it the first to take effect.
    soonest: Vec<(i64, u32)>,
    /// Per place in `starts`: when the last of that version and those before it took effect; and the second last.
    latest: Vec<[(i64, u32); 2]>,
}

impl<'a> Counter<'a> {
    pub fn of(versions: &'a [Version]) -> Counter<'a> {
        let mut starts: Vec<(i64, u32)> =
            (0..).zip(versions).map(|(at, version)| (version.start, at)).collect();
        starts.sort_unstable();
        let mut finishes: Vec<i64> = versions.iter().map(|version| version.finish).collect();
        finishes.sort_unstable();
        let finish = |number: u32| (versions[number as usize].finish, number);
        let mut soonest: Vec<(i64, u32)> = starts.iter().map(|&(_, number)| finish(number)).collect();
        for at in (1..soonest.len()).rev() {
            soonest[at - 1] = soonest[at - 1].min(soonest[at]);
        }
        let mut top = [(i64::MIN, u32::MAX); 2];
        let mut latest = Vec::with_capacity(starts.len());
        for &(_, number) in &starts {
            let entry = finish(number);
            if entry > top[0] {
                top = [entry, top[0]];
            } else if entry > top[1] {
                top[1] = entry;
            }
            latest.push(top);
        }
        Counter { versions, starts, finishes, soonest, latest }
    }

    /// Of the versions that were invoked after a time the first to take effect: when, and its number.
    pub fn next(&self, time: i64) -> Option<(i64, u32)> {
        self.soonest.get(self.starts.partition_point(|&(start, _)| start <= time)).copied()
    }

    /// For pairs of times: how many versions were invoked after the first and had taken effect before the second.
    pub fn between(&self, queries: &[(i64, i64)]) -> Vec<i64> {
        let mut order: Vec<u32> = (0..queries.len() as u32).collect();
        order.sort_unstable_by_key(|&query| std::cmp::Reverse(queries[query as usize].0));
        let mut tree = vec![0i64; self.finishes.len() + 1];
        let mut left = self.starts.len();
        let mut counts = vec![0; queries.len()];
        for query in order {
            let (after, before) = queries[query as usize];
            while left > 0 && self.starts[left - 1].0 > after {
                left -= 1;
                let finish = self.versions[self.starts[left].1 as usize].finish;
                let mut at = self.finishes.partition_point(|&other| other < finish) + 1;
                while at < tree.len() {
                    tree[at] += 1;
                    at += at & at.wrapping_neg();
                }
            }
            let mut at = self.finishes.partition_point(|&other| other < before);
            while at > 0 {
                counts[query as usize] += tree[at];
                at -= at & at.wrapping_neg();
            }
        }
        counts
    }

    /// The earliest time at which a version may have been overwritten; i64::MAX if it never was.
    fn overwritten(&self, number: u32) -> i64 {
        let version = &self.versions[number as usize];
        let begun = self.starts.partition_point(|&(start, _)| start <= version.start);
        let top = begun.checked_sub(1).map(|last| self.latest[last]);
        let open = top.is_some_and(|top| {
            let other = if top[0].1 == number { top[1] } else { top[0] };
            other.1 != u32::MAX && other.0 >= version.start && version.start > i64::MIN
        });
        if open { version.start } else { self.starts.get(begun).map_or(i64::MAX, |&(start, _)| start) }
    }
}

/// Versions behind, per read.  `span` gives a read's invocation and return.
pub fn versions_behind(object: &Object, span: &dyn Fn(u32) -> (i64, i64)) -> Vec<Lag> {
    let versions = &object.versions;
    let maybe = |end: i64| object.maybe.partition_point(|&start| start <= end) as i64;
    if object.known == Known::Total {
        let (earliest, latest) = bounds(object);
        let lag = |&(access, number): &(u32, u32)| {
            let (begin, end) = span(access);
            let least = latest.partition_point(|&time| time < begin) as i64 - 1 - i64::from(number);
            let most = earliest.partition_point(|&time| time <= end) as i64 - 1 - i64::from(number);
            Lag { access, lower: least.max(0), upper: most.max(least).max(0) + maybe(end) }
        };
        return object.reads.iter().map(lag).collect();
    }
    let counter = Counter::of(versions);
    let mut all: Vec<Lag> = Vec::with_capacity(object.reads.len());
    let (mut late, mut queries) = (Vec::new(), Vec::new());
    for &(access, number) in &object.reads {
        let version = &versions[number as usize];
        let (begin, end) = span(access);
        if counter.next(version.finish).is_some_and(|(finish, _)| finish < begin) {
            late.push(all.len());
            queries.push((version.finish, begin));
        }
        let begun = counter.starts.partition_point(|&(start, _)| start <= end);
        let older = counter.finishes.partition_point(|&finish| finish < version.start);
        let upper = begun as i64 - older as i64 - 1;
        all.push(Lag { access, lower: 0, upper: upper.max(0) + maybe(end) });
    }
    for (at, count) in late.into_iter().zip(counter.between(&queries)) {
        all[at].lower = count;
        all[at].upper = all[at].upper.max(count);
    }
    all
}

/// Time behind, per read: since what it returned was overwritten.
pub fn time_behind(object: &Object, span: &dyn Fn(u32) -> (i64, i64)) -> Vec<Lag> {
    let versions = &object.versions;
    let total = object.known == Known::Total;
    let (earliest, latest) = if total { bounds(object) } else { (Vec::new(), Vec::new()) };
    let counter = Counter::of(versions);
    let lag = |&(access, number): &(u32, u32)| {
        let (begin, end) = span(access);
        let version = &versions[number as usize];
        let next = number as usize + 1;
        let (mut first, last) = if total {
            (earliest.get(next).copied().unwrap_or(i64::MAX), latest.get(next).copied().unwrap_or(i64::MAX))
        } else {
            let last = counter.next(version.finish).map_or(i64::MAX, |(finish, _)| finish);
            (counter.overwritten(number), last)
        };
        if let Some(&maybe) = object.maybe.first() {
            first = first.min(maybe.max(version.start));
        }
        let lower = object.lag(begin, last);
        Lag { access, lower, upper: object.lag(end, first).max(lower) }
    };
    object.reads.iter().map(lag).collect()
}

/// Where the order is known: when each version took effect at the earliest, and at the latest.
fn bounds(object: &Object) -> (Vec<i64>, Vec<i64>) {
    let versions = &object.versions;
    let mut earliest: Vec<i64> = versions.iter().map(|version| version.start).collect();
    // of those in no known order any may be the first
    earliest[versions.len() - object.loose..].sort_unstable();
    let mut latest: Vec<i64> = versions.iter().map(|version| version.finish).collect();
    for at in 1..versions.len() {
        earliest[at] = earliest[at].max(earliest[at - 1]);
    }
    for at in (1..versions.len()).rev() {
        latest[at - 1] = latest[at - 1].min(latest[at]);
    }
    (earliest, latest)
}
