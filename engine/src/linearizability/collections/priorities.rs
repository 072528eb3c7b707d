//! The greatest (or least) first.
//!
//! What finds a value needs a moment in which no value of higher priority stays.  That suffices: put each value
//! at the end of its put's window, and take it at the begin of its take's window; where that has to move, out of
//! the stays of higher values, it moves only across moments in which higher values stay, so for values of lower
//! priority nothing changes.

use super::gaps::Gaps;
use super::values::{Value, Values, Window};
use crate::histories::COMPOUND_BASE;
use crate::linearizability::finding::{Finding, Obstacle, Rule};

/// Judges a priority queue whose values are their priorities; O(n log n).
pub fn judge(values: &Values, least_first: bool) -> Finding {
    let all = &values.values;
    if let Some(value) = all.iter().find(|value| value.code >= COMPOUND_BASE) {
        return Finding::NotApplicable(Obstacle::Unranked, vec![values.row(value.put)]);
    }
    let mut order: Vec<(i64, u32)> = all.iter().map(|value| value.code).zip(0_u32..).collect();
    order.sort_unstable_by_key(|&(code, _)| if least_first { code } else { -code });
    let looks = values.looks_of_values();
    let mut gaps = Gaps::new(values.end + 1);
    let fits = |window: Window, gaps: &mut Gaps| {
        let within = window.gaps(values.end);
        gaps.free_from(within.start) < within.end
    };
    for &(_, at) in &order {
        let value = &all[at as usize];
        let seen = &values.looks[looks[at as usize] as usize..looks[at as usize + 1] as usize];
        let wrong = seen.iter().find(|look| !fits(look.2, &mut gaps)).map(|look| (look.1, look.2));
        let taken = (value.take, value.take_window);
        let wrong = wrong.or_else(|| (!fits(value.take_window, &mut gaps)).then_some(taken));
        if let Some((number, window)) = wrong {
            let higher = |other: &&Value| other.stays() && (other.code < value.code) == least_first;
            let within = window.gaps(values.end);
            let others = all.iter().filter(higher).filter(|other| other.code != value.code);
            let mut rows = vec![value.put, number];
            rows.extend(super::bag::covering(others, within.start, within.end));
            return values.violation(Rule::Priority, &rows);
        }
        if value.stays() {
            gaps.cover(value.put_window.to, value.take_window.from);
        }
    }
    super::bag::judge(values)
}
