//! Every object of a history on its own: linearizability is local (Herlihy and Wing 1990, theorem 1).

use super::guide::{Guide, Stop};
use super::sweep::{Sweep, Trail, UNSEEN};
use super::timeline::{Operation, Timeline};

/// Effort that every object gets before any gets more, so that a hard one does not keep the others waiting.
const ROUNDS: [u64; 3] = [1 << 12, 1 << 18, u64::MAX];

/// What was found out about one object.
#[derive(Clone, Copy, Default)]
pub struct Judged {
    pub decided: bool,
    /// The row of the operation at whose return no order was left.
    pub stuck: Option<u32>,
    /// Events gone over; all if it was decided and not stuck.
    pub events: usize,
    pub of_events: usize,
    /// The position of the last event gone over.
    pub position: i64,
    pub peak: usize,
}

/// Judges all objects; where something stops it, what is known so far stands.
pub fn judge(timelines: &[Timeline], initial: &[u32], guide: &mut Guide) -> (Vec<Judged>, Option<Stop>) {
    let mut found = vec![Judged::default(); timelines.len()];
    let mut stopped = None;
    let rounds = if timelines.len() == 1 { &ROUNDS[2..] } else { &ROUNDS };
    'rounds: for &effort in rounds {
        for (timeline, found) in timelines.iter().zip(&mut found) {
            if found.decided {
                continue;
            }
            guide.effort_limit = guide.effort.saturating_add(effort);
            match by_width(timeline, initial, guide, found) {
                Ok(()) | Err(Stop::Effort) => {}
                Err(stop) => {
                    stopped = Some(stop);
                    break 'rounds;
                }
            }
        }
    }
    (found, stopped)
}

fn by_width(timeline: &Timeline, initial: &[u32], guide: &mut Guide, found: &mut Judged) -> Result<(), Stop> {
    match timeline.width.div_ceil(64) {
        0 | 1 => sweep::<1>(timeline, initial, guide, found),
        2 => sweep::<2>(timeline, initial, guide, found),
        3 | 4 => sweep::<4>(timeline, initial, guide, found),
        5..=8 => sweep::<8>(timeline, initial, guide, found),
        9..=16 => sweep::<16>(timeline, initial, guide, found),
        17..=64 => sweep::<64>(timeline, initial, guide, found),
        65..=256 => sweep::<256>(timeline, initial, guide, found),
        _ => {
            found.of_events = timeline.events.len();
            Err(Stop::Width)
        }
    }
}

fn sweep<const W: usize>(
    timeline: &Timeline,
    initial: &[u32],
    guide: &mut Guide,
    found: &mut Judged,
) -> Result<(), Stop> {
    let mut sweep = Sweep::<W>::new(timeline, initial);
    found.of_events = timeline.events.len();
    for at in 0..timeline.events.len() {
        let event = timeline.events[at];
        let alive = sweep.step(at, guide);
        found.peak = found.peak.max(sweep.peak);
        if !alive? {
            found.stuck = Some(timeline.operations[event.operation as usize].row);
            break;
        }
        if at >= found.events {
            (found.events, found.position) = (at + 1, event.position);
        }
    }
    found.decided = true;
    Ok(())
}

/// How far an object's operations can be put in order.
#[derive(Default)]
pub struct Explanation {
    /// Rows in an order that the specification allows; the last ones where there are many.
    pub order: Vec<u32>,
    /// How many operations come before those.
    pub skipped: usize,
    /// The states that are possible when `stuck` has to take effect.
    pub states: Vec<u32>,
    /// The row of the operation that cannot take effect before it returns, if there is one.
    pub stuck: Option<u32>,
    /// Rows of the operations that are open there.
    pub open: Vec<u32>,
}

/// An order of an object's operations, as far as there is one; `last` bounds how many events are recorded.
pub fn explain(
    timeline: &Timeline,
    initial: &[u32],
    last: usize,
    guide: &mut Guide,
) -> Result<Explanation, Stop> {
    let mut found = Judged::default();
    by_width(timeline, initial, guide, &mut found)?;
    let end = if found.stuck.is_some() { found.events } else { timeline.events.len() };
    match timeline.width.div_ceil(64) {
        0 | 1 => record::<1>(timeline, initial, end, last, guide),
        2..=4 => record::<4>(timeline, initial, end, last, guide),
        5..=16 => record::<16>(timeline, initial, end, last, guide),
        _ => record::<256>(timeline, initial, end, last, guide),
    }
}

fn record<const W: usize>(
    timeline: &Timeline,
    initial: &[u32],
    end: usize,
    last: usize,
    guide: &mut Guide,
) -> Result<Explanation, Stop> {
    let mut sweep = Sweep::<W>::new(timeline, initial);
    let mut found = Explanation::default();
    let from = end.saturating_sub(last);
    for at in 0..end {
        if at == from {
            sweep.record();
        }
        sweep.step(at, guide)?;
    }
    let row = |index: u32| timeline.operations[index as usize].row;
    let best = sweep.current.iter().max_by_key(|configuration| configuration.done.count());
    let mut states: Vec<u32> = sweep.current.iter().map(|configuration| configuration.state).collect();
    if let Some(best) = best {
        found.order = order(timeline, &sweep.trail, best.trail).into_iter().map(row).collect();
        let returned = timeline.events[..end].iter().filter(|event| event.returns).count();
        found.skipped = (returned + best.done.count() as usize).saturating_sub(found.order.len());
    }
    if let Some(event) = timeline.events.get(end) {
        sweep.step(end, guide)?;
        states.extend(sweep.waiting.iter().map(|configuration| configuration.state));
        found.stuck = Some(row(event.operation));
        let is_open = |operation: &&Operation| {
            operation.invoked < event.position && operation.returned >= event.position
        };
        found.open = timeline.operations.iter().filter(is_open).map(|operation| operation.row).collect();
    }
    states.sort_unstable();
    states.dedup();
    found.states = states;
    Ok(found)
}

/// The operations of a trail, in order; what took effect unseen comes just before what covered it.
fn order(timeline: &Timeline, trail: &Trail, last: u32) -> Vec<u32> {
    let mut entries = Vec::new();
    let mut at = last;
    while at != 0 {
        let (before, index, event) = trail.entries[at as usize - 1];
        entries.push((index, event));
        at = before;
    }
    let mut order: Vec<(u32, u32)> = Vec::new();
    for (index, event) in entries.into_iter().rev() {
        if index & UNSEEN == 0 {
            order.push((index, event));
            continue;
        }
        let invoked = timeline.operations[(index & !UNSEEN) as usize].invoked;
        let covers = |&(other, event): &(u32, u32)| {
            timeline.operations[other as usize].is_blind()
                && timeline.events[event as usize].position > invoked
        };
        if let Some(place) = order.iter().position(covers) {
            let event = order[place].1;
            order.insert(place, (index & !UNSEEN, event));
        }
    }
    order.into_iter().map(|(index, _)| index).collect()
}
