//! Values that certainly are at the head of a queue for a while.

use super::values::{NONE, Value, Values, Window};
use crate::linearizability::finding::{Finding, Rule};

/// Trims the windows of what finds a value to the times in which no other value certainly is at the head.
///
/// A value that was found by an operation that returned at r, and by another one that began at i > r, was at the
/// head from r to i, so no other value was found in between.  Once is enough: a window that is trimmed at one end
/// only, or by two different such periods, makes no new period; trimmed at both ends by one, it is impossible.
pub fn trim(values: &mut Values) -> Result<(), Finding> {
    let periods = periods(values)?;
    if periods.is_empty() {
        return Ok(());
    }
    let around = |position: u32, own: u32| {
        let after = periods.partition_point(|(_, period)| period.from < position);
        let (of, period) = periods[after.checked_sub(1)?];
        (position < period.to && of != own).then_some(period)
    };
    let trimmed = |window: Window, own: u32| Window {
        from: around(window.from, own).map_or(window.from, |period| period.to),
        to: around(window.to, own).map_or(window.to, |period| period.from),
    };
    let mut wrong = None;
    let mut check = |value: &Value, number: u32, window: Window| {
        if window.from > window.to || window.to < value.put_window.from {
            wrong.get_or_insert((value.put, number, window.to));
        }
    };
    for at in 0..values.looks.len() {
        let (number, operation, window) = values.looks[at];
        let value = &mut values.values[number as usize];
        let window = trimmed(window, number);
        check(value, operation, window);
        value.first_found = value.first_found.min((window.to, operation));
        value.last_found = value.last_found.max((window.from, operation));
        values.looks[at].2 = window;
    }
    for (number, value) in (0_u32..).zip(&mut values.values) {
        if value.take_window.from < values.end {
            let window = trimmed(value.take_window, number);
            check(value, value.take, window);
            value.take_window = window;
            if value.take != NONE {
                value.first_found = value.first_found.min((window.to, value.take));
            }
        }
        value.take_window.from = value.take_window.from.max(value.last_found.0);
        value.put_window.to = value.put_window.to.min(value.first_found.0);
    }
    let Some((put, number, from)) = wrong else { return self::periods(values).map(|_| ()) };
    let of =
        periods.iter().find(|(_, period)| period.from == from).map(|&(of, _)| &values.values[of as usize]);
    let (first, last) = of.map_or((put, put), |of| (of.first_found.1, of.last_found.1));
    Err(values.violation(Rule::Heads, &[first, last, put, number]))
}

/// The periods of all values, in order; they are disjoint, or two values had to be at the head at the same time.
fn periods(values: &Values) -> Result<Vec<(u32, Window)>, Finding> {
    if values.looks.is_empty() {
        return Ok(Vec::new());
    }
    let all = &values.values;
    let period = |value: &Value| Window { from: value.first_found.0, to: value.take_window.from };
    let mut found: Vec<(u32, Window)> =
        (0_u32..).zip(all).map(|(number, value)| (number, period(value))).collect();
    found.retain(|(_, period)| period.from < period.to);
    found.sort_unstable_by_key(|(_, period)| period.from);
    for pair in found.windows(2) {
        if pair[1].1.from < pair[0].1.to {
            let [one, other] = [0, 1].map(|at| &all[pair[at].0 as usize]);
            let rows = [one.first_found.1, one.last_found.1, other.first_found.1, other.last_found.1];
            return Err(values.violation(Rule::Heads, &rows));
        }
    }
    Ok(found)
}
