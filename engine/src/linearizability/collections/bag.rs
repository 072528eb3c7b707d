//! Bags (unordered queues): any value may be found; so only emptiness relates values to each other.

use super::gaps::Gaps;
use super::values::{Value, Values};
use crate::linearizability::finding::{Finding, Rule};

/// Whether every operation that found nothing has a moment in which no value stays; O(n).
///
/// That suffices for every collection's emptiness: at a moment in which no value stays, each value can have gone
/// already, or not have come yet, or come and go in that moment.
pub fn judge(values: &Values) -> Finding {
    let mut gaps = Gaps::new(values.end);
    if !values.empties.is_empty() {
        for value in values.values.iter().filter(|value| value.stays()) {
            gaps.cover(value.put_window.to, value.take_window.from);
        }
    }
    for &number in &values.empties {
        let operation = &values.operations[number as usize];
        if gaps.free_from(operation.invoked) >= operation.returned.min(values.end) {
            let mut rows = vec![number];
            let stays = values.values.iter().filter(|value| value.stays());
            rows.extend(covering(stays, operation.invoked, operation.returned.min(values.end)));
            return values.violation(Rule::Empty, &rows);
        }
    }
    Finding::Accepted
}

/// The puts of few values whose stays together cover the gaps from..to.
pub fn covering<'a>(stays: impl Iterator<Item = &'a Value>, from: u32, to: u32) -> Vec<u32> {
    let mut stays: Vec<&Value> = stays.collect();
    stays.sort_unstable_by_key(|value| value.put_window.to);
    let mut stays = stays.into_iter().peekable();
    let (mut puts, mut at) = (Vec::new(), from);
    while at < to {
        let mut longest: Option<&Value> = None;
        while let Some(value) = stays.next_if(|value| value.put_window.to <= at) {
            if longest.is_none_or(|longest| longest.take_window.from < value.take_window.from) {
                longest = Some(value);
            }
        }
        match longest {
            Some(value) if value.take_window.from > at => {
                puts.push(value.put);
                at = value.take_window.from;
            }
            _ => break,
        }
    }
    puts
}
