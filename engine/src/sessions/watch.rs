//! Limits of long runs: looked at often enough to hold.

use std::time::Instant;

use crate::search::resident_bytes;

/// Why a run was cut short.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stop {
    Time,
    Memory,
    Interrupted,
}

impl Stop {
    /// How Python sees it.
    pub fn name(self) -> &'static str {
        match self {
            Stop::Time => "time",
            Stop::Memory => "memory",
            Stop::Interrupted => "interrupted",
        }
    }
}

/// When to give up, and who to ask.
pub struct Watch<'a> {
    pub deadline: Option<Instant>,
    /// Bytes of resident memory of the whole process.
    pub memory: Option<u64>,
    /// Whether the user wants an end of it.
    pub interrupted: &'a dyn Fn() -> bool,
}

/// How many small steps are taken between two looks at the clock.
const PACE: u64 = 1 << 14;

impl Watch<'_> {
    /// To be called at every small step with a counter of the caller's.
    #[inline]
    pub fn step(&self, steps: &mut u64) -> Result<(), Stop> {
        *steps += 1;
        if *steps % PACE == 0 { self.look() } else { Ok(()) }
    }

    /// A look at everything.
    pub fn look(&self) -> Result<(), Stop> {
        if self.deadline.is_some_and(|end| Instant::now() >= end) {
            return Err(Stop::Time);
        }
        if self.memory.is_some_and(|most| resident_bytes().is_some_and(|now| now > most)) {
            return Err(Stop::Memory);
        }
        if (self.interrupted)() { Err(Stop::Interrupted) } else { Ok(()) }
    }
}
