//! First in, first out.
//!
//! Complete recordings of puts and takes are those of a queue unless one value was put before another one and
//! taken after it (Henzinger, Sezgin, Vafeiadis 2013): the two real-time orders, of puts and of takes, are
//! interval orders, so if they contradict each other they do so on two values.  Looks make some values stay at
//! the head (`heads`): windows of what other values do at the head do not end or begin there, and with these
//! windows trimmed the orders are interval orders again.  Emptiness as in every collection (`bag`); it is
//! compatible with everything else, as no window of a value crosses a moment in which no value stays unless
//! all of the value's windows do.

use super::values::{NONE, Values};
use super::{bag, heads};
use crate::linearizability::finding::{Finding, Rule};

/// Judges a queue; O(n log n).
pub fn judge(mut values: Values) -> Finding {
    if let Err(violation) = heads::trim(&mut values) {
        return violation;
    }
    if let Some(violation) = overtaken(&values) {
        return violation;
    }
    bag::judge(&values)
}

/// A value that another one overtook: put certainly before it, at the head certainly after it.
fn overtaken(values: &Values) -> Option<Finding> {
    let all = &values.values;
    let mut by_end: Vec<u32> = (0..all.len() as u32).collect();
    let mut by_begin = by_end.clone();
    by_end.sort_unstable_by_key(|&at| all[at as usize].put_window.to);
    by_begin.sort_unstable_by_key(|&at| all[at as usize].put_window.from);
    let mut earlier = by_end.iter().map(|&at| &all[at as usize]).peekable();
    let mut latest: Option<&super::values::Value> = None;
    for &at in &by_begin {
        let value = &all[at as usize];
        while let Some(before) = earlier.next_if(|before| before.put_window.to < value.put_window.from) {
            if latest.is_none_or(|latest| latest.take_window.from < before.take_window.from) {
                latest = Some(before);
            }
        }
        if let Some(latest) = latest
            && value.first_found.0 < latest.take_window.from
        {
            let found = if latest.take == NONE { NONE } else { latest.last_found.1 };
            return Some(
                values.violation(Rule::Overtaken, &[latest.put, value.put, value.first_found.1, found]),
            );
        }
    }
    None
}
