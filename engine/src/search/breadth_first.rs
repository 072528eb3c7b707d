//! Breadth-first search, level by level.
//!
//! A level is a range of the store.  It is worked on in windows of blocks; what the blocks of a window found new is
//! stored in canonical order (parent, step) before the next window begins.  So numbers, counts and the first finding
//! are those of a sequential search, whatever the number of workers.

use std::ops::Range;

use super::block::{Block, Work};
use super::newcomers::Newcomers;
use super::report::{Finding, Report, Step, Stop, Tally};
use super::session::{Halt, Session};
use crate::store::Parents;

const BLOCK: u32 = 512;
const WINDOW: u32 = 64 * BLOCK;
/// Numbers are stored plus one in 32 bits.
const MOST_STATES: u64 = u32::MAX as u64 - 1;

/// What remains of a search beside its report.
pub struct BreadthFirst {
    pub parents: Parents,
    newcomers: Newcomers,
    tally: Tally,
    reached: Vec<(u32, i64)>,
    /// The number of states at the end of each level.
    level_ends: Vec<u32>,
    /// States that were expanded, or need not be; and states that were judged.
    done: u64,
    judged: u64,
    depth: i64,
    finding: Option<Finding>,
}

impl BreadthFirst {
    /// Runs the search to its end.  An error is the host's, not a result.
    pub fn run(
        session: &mut Session,
        initial: &[Vec<u32>],
    ) -> Result<(BreadthFirst, Report), Box<dyn std::error::Error + Send + Sync>> {
        let mut search = BreadthFirst {
            parents: Parents::default(),
            newcomers: Newcomers::default(),
            tally: Tally::default(),
            reached: Vec::new(),
            level_ends: Vec::new(),
            done: 0,
            judged: 0,
            depth: -1,
            finding: None,
        };
        for values in initial {
            let words = session.space.encode(values);
            if session.space.store.insert(&words).1 {
                search.parents.push(None);
            }
        }
        let stop = match search.levels(session) {
            // What was found before the search was stopped is true all the same.
            Err(Halt::Stop(_)) if search.finding.is_some() => Stop::Violation,
            Ok(stop) | Err(Halt::Stop(stop)) => stop,
            Err(Halt::Failure(error)) => return Err(error),
        };
        session.sync(); // a search that was stopped while Python taught has not taken everything in
        let report = search.report(session, stop);
        Ok((search, report))
    }

    fn levels(&mut self, session: &mut Session) -> Result<Stop, Halt> {
        let mut start = 0;
        for level in 0.. {
            let end = session.space.store.len() as u32;
            self.level_ends.push(end);
            let expands = session.limits.depth.is_none_or(|depth| level < depth);
            let work = if expands { Work::Expand } else { Work::Judge };
            session.progress.depth = level;
            for from in (start..end).step_by(WINDOW as usize) {
                let window = from..end.min(from + WINDOW);
                let work = if self.finding.is_some() { work.without_steps() } else { work };
                self.window(session, window, work, level == 0)?;
                if self.finding.as_ref().is_some_and(|finding| !finding.lies_deeper()) {
                    return Ok(Stop::Violation);
                }
            }
            if self.finding.is_some() {
                return Ok(Stop::Violation);
            }
            self.depth = level as i64;
            if session.space.store.len() as u32 == end {
                return Ok(if self.tally.left == 0 { Stop::Exhausted } else { Stop::Depth });
            }
            start = end;
        }
        unreachable!("levels are without end, the search is not")
    }

    fn window(
        &mut self,
        session: &mut Session,
        window: Range<u32>,
        work: Work,
        initial: bool,
    ) -> Result<(), Halt> {
        let starts = window.clone().step_by(BLOCK as usize);
        let mut blocks: Vec<Block> =
            starts.map(|from| Block::new(from..window.end.min(from + BLOCK), work, initial)).collect();
        let settled = session.settle(&mut blocks);
        if let Err(halt) = settled {
            self.finding = first_certain_finding(&mut blocks).or(self.finding.take());
            return Err(halt);
        }
        for block in &mut blocks {
            self.tally.add(&block.tally);
            for &(tree, index) in &block.reached {
                if !session.retired.contains(tree) {
                    session.retired.insert(tree);
                    self.reached.push((tree, i64::from(index)));
                }
            }
            if let Some(finding) = block.finding.take() {
                let rest = finding.index + 1..window.end;
                let lies_deeper = finding.lies_deeper();
                self.finding = Some(finding);
                let work = work.without_steps();
                return if lies_deeper { self.window(session, rest, work, initial) } else { Ok(()) };
            }
        }
        self.judged = u64::from(window.end);
        if work == Work::Expand {
            self.done = self.judged;
            self.store(session, &blocks)?;
        }
        session.progress.states = session.space.store.len() as u64;
        session.progress.transitions = self.tally.transitions;
        session.progress.frontier = session.progress.states - u64::from(window.end);
        session.progress.bytes = session.space.store.bytes() as u64;
        session.pulse()
    }

    /// Stores what the blocks found new, in order.
    fn store(&mut self, session: &mut Session, blocks: &[Block]) -> Result<(), Halt> {
        self.newcomers.gather(&mut session.space, blocks);
        session.afford(self.newcomers.roots.len())?;
        let most = session.limits.states.unwrap_or(MOST_STATES).min(MOST_STATES);
        let over = self.newcomers.truncate(most.saturating_sub(session.space.store.len() as u64));
        session.space.store.append(&self.newcomers.roots);
        self.newcomers.parents.iter().for_each(|&parent| self.parents.push(Some(parent)));
        if over { Err(Halt::Stop(Stop::States)) } else { Ok(()) }
    }

    fn report(&self, session: &Session, stop: Stop) -> Report {
        let states = session.space.store.len() as u64;
        let mut levels = Vec::new();
        let mut before = 0;
        for &end in self.level_ends.iter().chain([&(states as u32)]) {
            if end > before {
                levels.push(u64::from(end - before));
            }
            before = end;
        }
        Report {
            stop,
            finding: self.finding.clone(),
            trace: self.finding.as_ref().map(|finding| self.trace(session, finding)).unwrap_or_default(),
            states,
            depth: self.depth,
            frontier: if self.is_judged(states) { self.tally.left } else { states - self.done },
            tally: self.tally.clone(),
            reached: self.reached.clone(),
            bytes: (session.space.store.bytes() + self.parents.bytes()) as u64,
            levels,
        }
    }

    /// Whether no state was left without judgement.
    fn is_judged(&self, states: u64) -> bool {
        self.finding.is_none() && self.judged == states
    }

    fn trace(&self, session: &Session, finding: &Finding) -> Vec<Step> {
        let mut steps = session.space.path(&self.ancestry(finding.index));
        if let Some(values) = &finding.after {
            steps.push(Step { tree: finding.tree, picks: finding.picks.clone(), values: values.clone() });
        }
        steps
    }

    /// The numbers of the states from an initial one to `index`.
    pub fn ancestry(&self, index: u32) -> Vec<u32> {
        let mut found = vec![index];
        let mut at = index;
        while let Some(parent) = self.parents.parent(at) {
            found.push(parent);
            at = parent;
        }
        found.reverse();
        found
    }
}

/// A finding in a block of which, and of all before it, no state was left out.
fn first_certain_finding(blocks: &mut [Block]) -> Option<Finding> {
    use super::task::Task;
    for block in blocks {
        if block.finding.is_some() {
            return block.finding.take();
        }
        if block.is_pending() {
            return None;
        }
    }
    None
}
