//! Last in, first out.
//!
//! Where no value stays, the stack can be empty.  Between two such moments, one value is at the bottom all the
//! time: it was put before, is taken after, and every look at it has a moment in which no other value stays.  Any
//! such value will do, since without it the rest is still a recording of a stack if the whole is one, and the
//! other way round.  Without it there are new moments in which no value stays, and so on, from the bottom up
//! (Lee and Mathur 2025, section 5).  Values that need not stay come and go in one moment.

use super::bag;
use super::coverage::Coverage;
use super::stabbing::Stabbing;
use super::values::{Value, Values, Window};
use crate::linearizability::finding::{Finding, Rule};

/// Judges a stack; O(n log n).
pub fn judge(values: &Values) -> Finding {
    match bag::judge(values) {
        Finding::Accepted => Peeling::new(values).judge(),
        violation => violation,
    }
}

const NONE: u32 = u32::MAX;

/// Values of a stack, taken away from the bottom up.  Segments are runs of gaps between begins and ends of stays;
/// operations are numbered: put 2 v and take 2 v + 1 of value v, then looks.
struct Peeling<'a> {
    values: &'a Values<'a>,
    /// The values that stay somewhere.
    staying: Vec<u32>,
    /// Of each: the segments in which it stays.
    stays: Vec<(u32, u32)>,
    /// Of each: operations that have not found a moment yet.
    waiting: Vec<u32>,
    /// Values without such operations, that are still to be taken away.
    ready: Vec<u32>,
    coverage: Coverage,
    all: Stabbing,
    looks: Stabbing,
    /// Of each look: the value among those that stay.
    look_of: Vec<u32>,
    /// Whether a look has found a moment.
    placed: Vec<bool>,
    /// The last segment found that only this value covers, and the one found before each segment.
    last_alone: Vec<u32>,
    before: Vec<u32>,
}

impl<'a> Peeling<'a> {
    fn new(values: &'a Values<'a>) -> Peeling<'a> {
        let all = &values.values;
        let staying: Vec<u32> =
            (0_u32..).zip(all).filter(|(_, value)| value.stays()).map(|(at, _)| at).collect();
        let segments = Segments::new(values.end, staying.iter().map(|&at| &all[at as usize]));
        let value = |at: u32| &all[at as usize];
        let stays: Vec<(u32, u32)> = staying.iter().map(|&at| segments.of_stay(value(at))).collect();
        let mut windows: Vec<(u32, u32)> = Vec::with_capacity(2 * staying.len() + values.looks.len());
        for &at in &staying {
            windows.push(segments.of_window(value(at).put_window));
            windows.push(segments.of_window(value(at).take_window));
        }
        let mut waiting = vec![2; staying.len()];
        let offsets = values.looks_of_values();
        let mut look_of = Vec::new();
        for (number, &at) in (0_u32..).zip(&staying) {
            for look in &values.looks[offsets[at as usize] as usize..offsets[at as usize + 1] as usize] {
                windows.push(segments.of_window(look.2));
                waiting[number as usize] += 1;
                look_of.push(number);
            }
        }
        let look_windows = windows[2 * staying.len()..].iter().zip(&look_of);
        let looks = Stabbing::new(look_windows.map(|(&window, &of)| (of, window)));
        Peeling {
            values,
            coverage: Coverage::new(segments.count, &stays),
            all: Stabbing::new(windows.into_iter().map(|window| (0, window))),
            looks,
            placed: vec![false; look_of.len()],
            look_of,
            last_alone: vec![NONE; staying.len()],
            before: vec![NONE; segments.count as usize],
            staying,
            stays,
            waiting,
            ready: Vec::new(),
        }
    }

    fn judge(mut self) -> Finding {
        let mut found = Vec::new();
        self.coverage.take_low(&mut found);
        self.note(&found);
        let mut left = self.staying.len();
        while let Some(value) = self.ready.pop() {
            left -= 1;
            let mut segment = self.last_alone[value as usize];
            while segment != NONE {
                self.empty(segment);
                segment = self.before[segment as usize];
            }
            found.clear();
            self.coverage.remove(value, self.stays[value as usize], &mut found);
            self.note(&found);
        }
        if left == 0 { Finding::Accepted } else { self.stuck() }
    }

    /// Segments that no value covers any more, or only one (the second number; NONE for no value).
    fn note(&mut self, found: &[(u32, u32)]) {
        for &(segment, value) in found {
            if value == NONE {
                self.empty(segment);
            } else {
                self.before[segment as usize] = self.last_alone[value as usize];
                self.last_alone[value as usize] = segment;
                while let Some(look) = self.looks.take(value, segment) {
                    self.place_look(look);
                }
            }
        }
    }

    /// Everything that can happen in a segment can, once no value needs to stay there.
    fn empty(&mut self, segment: u32) {
        let puts_and_takes = 2 * self.staying.len() as u32;
        while let Some(operation) = self.all.take(0, segment) {
            match operation.checked_sub(puts_and_takes) {
                Some(look) => self.place_look(look),
                None => self.place(operation / 2),
            }
        }
    }

    fn place_look(&mut self, look: u32) {
        if !std::mem::replace(&mut self.placed[look as usize], true) {
            self.place(self.look_of[look as usize]);
        }
    }

    fn place(&mut self, value: u32) {
        let waiting = &mut self.waiting[value as usize];
        *waiting -= 1;
        if *waiting == 0 {
            self.ready.push(value);
        }
    }

    /// Values that keep each other from the bottom.
    fn stuck(&self) -> Finding {
        let waits = |&at: &usize| self.waiting[at] > 0;
        let left =
            (0..self.staying.len()).filter(waits).map(|at| &self.values.values[self.staying[at] as usize]);
        let operations: Vec<u32> = left.flat_map(|value| [value.put, value.take]).collect();
        self.values.violation(Rule::Nesting, &operations)
    }
}

/// Gaps, in runs between begins and ends of stays.
struct Segments {
    /// Of each gap, up to the one after the end.
    of_gap: Vec<u32>,
    count: u32,
    end: u32,
}

impl Segments {
    fn new<'a>(end: u32, stays: impl Iterator<Item = &'a Value>) -> Segments {
        let mut of_gap = vec![0_u32; end as usize + 1];
        for value in stays {
            of_gap[value.put_window.to as usize] = 1;
            of_gap[value.take_window.from as usize] = 1;
        }
        let mut number = 0;
        for segment in &mut of_gap {
            number += *segment;
            *segment = number;
        }
        Segments { of_gap, count: number + 1, end }
    }

    /// From the first to the one after the last.
    fn of_stay(&self, value: &Value) -> (u32, u32) {
        (self.of_gap[value.put_window.to as usize], self.of_gap[value.take_window.from as usize])
    }

    /// The first and the last.
    fn of_window(&self, window: Window) -> (u32, u32) {
        let gaps = window.gaps(self.end);
        (self.of_gap[gaps.start as usize], self.of_gap[gaps.end as usize - 1])
    }
}
