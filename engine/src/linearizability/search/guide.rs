//! Who a search asks, and what it may use.

use std::error::Error;
use std::time::{Duration, Instant};

use super::steps::{Entry, Steps};
use crate::search::resident_bytes;

/// Why a search ended before it had an answer.
pub enum Stop {
    Time,
    Memory,
    /// More operations are open at once than a configuration has room for.
    Width,
    /// Ctrl-C.
    Interrupted,
    /// It has done what it was allowed to do in this round.
    Effort,
    Failed(Box<dyn Error + Send + Sync>),
}

/// The outer world: whoever runs the specification, and signals.
pub trait Host {
    /// The states that each (state, class) leads to.
    fn teach(&self, pairs: &[(u32, u32)]) -> Result<Vec<Vec<u32>>, Stop>;
    /// Called every now and then.
    fn pulse(&self) -> Result<(), Stop>;
}

/// The hard limits of one call.
#[derive(Clone, Copy, Default)]
pub struct Budget {
    pub deadline: Option<Instant>,
    /// Bytes of resident memory of the whole process.
    pub memory: Option<u64>,
}

const PULSE: Duration = Duration::from_millis(30);
/// Where several steps are asked for at once, all of them should not take much longer than this.
const QUICK: Duration = Duration::from_millis(2);
/// Ticks between two looks at the clock; a power of two.
const TICKS: u64 = 512;

/// The table of steps with its teacher, and the limits.
pub struct Guide<'a> {
    pub steps: &'a mut Steps,
    host: &'a dyn Host,
    budget: Budget,
    /// Steps taken so far, and how many there may be.
    pub effort: u64,
    pub effort_limit: u64,
    last_pulse: Instant,
    missing: Vec<(u32, u32)>,
    /// How many steps to ask for in one call.
    at_once: usize,
}

impl<'a> Guide<'a> {
    pub fn new(steps: &'a mut Steps, host: &'a dyn Host, budget: Budget) -> Self {
        let last_pulse = Instant::now();
        Guide {
            steps,
            host,
            budget,
            effort: 0,
            effort_limit: u64::MAX,
            last_pulse,
            missing: Vec::new(),
            at_once: 1,
        }
    }

    /// Called for every step that a search takes.
    #[inline]
    pub fn tick(&mut self) -> Result<(), Stop> {
        self.effort += 1;
        if self.effort & (TICKS - 1) == 0 { self.look() } else { Ok(()) }
    }

    #[cold]
    fn look(&mut self) -> Result<(), Stop> {
        if self.effort >= self.effort_limit {
            return Err(Stop::Effort);
        }
        let now = Instant::now();
        if self.budget.deadline.is_some_and(|deadline| now >= deadline) {
            return Err(Stop::Time);
        }
        if now.duration_since(self.last_pulse) < PULSE {
            return Ok(());
        }
        self.last_pulse = now;
        if let (Some(limit), Some(bytes)) = (self.budget.memory, resident_bytes()) {
            if bytes > limit {
                return Err(Stop::Memory);
            }
        }
        self.host.pulse()
    }

    /// Notes that a step will be needed; `ask` then asks for all that are unknown at once.
    #[inline]
    pub fn want(&mut self, state: u32, class: u32) {
        if !self.steps.entry(state, class).is_known() {
            self.missing.push((state, class));
        }
    }

    /// Learns all steps that were wanted and are unknown.
    #[inline]
    pub fn ask(&mut self) -> Result<(), Stop> {
        if self.missing.is_empty() { Ok(()) } else { self.learn() }
    }

    #[cold]
    fn learn(&mut self) -> Result<(), Stop> {
        let mut missing = std::mem::take(&mut self.missing);
        missing.sort_unstable();
        missing.dedup();
        let mut rest = missing.as_slice();
        while !rest.is_empty() {
            let (some, others) = rest.split_at(self.at_once.min(rest.len()));
            let began = Instant::now();
            let answers = self.host.teach(some)?;
            for (&(state, class), states) in some.iter().zip(&answers) {
                self.steps.learn(state, class, states);
            }
            // A step of a specification may take long: look at the clock whenever Python ran.
            self.look()?;
            self.at_once = if began.elapsed() < QUICK { (16 * self.at_once).min(1 << 12) } else { 1 };
            rest = others;
        }
        Ok(())
    }

    /// What a step leads to; it was wanted and asked for before.
    #[inline]
    pub fn entry(&self, state: u32, class: u32) -> Entry {
        self.steps.entry(state, class)
    }
}
