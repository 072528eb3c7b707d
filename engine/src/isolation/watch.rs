//! Limits of a long computation, looked at often enough to hold.

use std::time::{Duration, Instant};

use crate::search::resident_bytes;

/// Why a computation was given up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stopped {
    Time,
    Memory,
    Interrupted,
}

/// Counts work, and looks at the clock after about a millisecond of it, at the rest every ten.
pub struct Watch<'a> {
    deadline: Option<Instant>,
    memory: Option<u64>,
    interrupted: &'a (dyn Fn() -> bool + Sync),
    left: u64,
    looked: Instant,
}

const BATCH: u64 = 100_000;
const PAUSE: Duration = Duration::from_millis(10);

impl<'a> Watch<'a> {
    /// Stops at the deadline, above so many bytes of the whole process, or when `interrupted` says so.
    pub fn new(
        deadline: Option<Instant>,
        memory: Option<u64>,
        interrupted: &'a (dyn Fn() -> bool + Sync),
    ) -> Watch<'a> {
        Watch { deadline, memory, interrupted, left: BATCH, looked: Instant::now() }
    }

    /// So many small steps were done.
    pub fn tick(&mut self, steps: u64) -> Result<(), Stopped> {
        if let Some(left) = self.left.checked_sub(steps) {
            self.left = left;
            return Ok(());
        }
        self.left = BATCH;
        let now = Instant::now();
        if self.deadline.is_some_and(|deadline| now >= deadline) {
            return Err(Stopped::Time);
        }
        if now.duration_since(self.looked) < PAUSE {
            return Ok(());
        }
        self.looked = now;
        if self.memory.is_some_and(|most| resident_bytes().is_some_and(|now| now > most)) {
            return Err(Stopped::Memory);
        }
        if (self.interrupted)() { Err(Stopped::Interrupted) } else { Ok(()) }
    }
}
