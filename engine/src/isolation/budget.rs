//! When a check has to give up.

use std::time::{Duration, Instant};

use crate::search::resident_bytes;

/// Why a check gave up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stop {
    Deadline,
    Memory,
    Interrupted,
}

/// Limits of a check, and when they were looked at.
pub struct Budget<'a> {
    deadline: Option<Instant>,
    /// Bytes of resident memory of the whole process.
    memory: Option<u64>,
    /// Whether the user wants it to end.
    interrupted: &'a mut dyn FnMut() -> bool,
    next: Instant,
    calls: u32,
}

const PAUSE: Duration = Duration::from_millis(30);
/// Calls between two looks at the clock.
const CALLS: u32 = 64;

impl<'a> Budget<'a> {
    pub fn new(
        seconds: Option<f64>,
        memory: Option<u64>,
        interrupted: &'a mut dyn FnMut() -> bool,
    ) -> Budget<'a> {
        let now = Instant::now();
        let deadline = seconds
            .and_then(|seconds| Duration::try_from_secs_f64(seconds.max(0.0)).ok())
            .and_then(|duration| now.checked_add(duration));
        Budget { deadline, memory, interrupted, next: now, calls: 0 }
    }

    /// Cheap enough to be called for every transaction.
    pub fn check(&mut self) -> Result<(), Stop> {
        self.calls += 1;
        if self.calls < CALLS {
            return Ok(());
        }
        self.calls = 0;
        let now = Instant::now();
        if now < self.next {
            return Ok(());
        }
        self.next = now + PAUSE;
        if (self.interrupted)() {
            return Err(Stop::Interrupted);
        }
        if self.deadline.is_some_and(|deadline| now >= deadline) {
            return Err(Stop::Deadline);
        }
        if self.memory.is_some_and(|most| resident_bytes().is_some_and(|used| used > most)) {
            return Err(Stop::Memory);
        }
        Ok(())
    }

    /// Whether so many more bytes would be too many.
    pub fn affords(&self, bytes: u64) -> Result<(), Stop> {
        let used = resident_bytes().unwrap_or(0);
        if self.memory.is_some_and(|most| used.saturating_add(bytes) > most) {
            Err(Stop::Memory)
        } else {
            Ok(())
        }
    }
}
