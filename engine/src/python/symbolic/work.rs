//! Work on diagrams, in a thread of its own, while another one hears limits, signals and progress.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use pyo3::exceptions::{PyKeyboardInterrupt, PyRuntimeError, PyValueError};
use pyo3::prelude::*;

use super::Diagrams;
use super::held::StateSet;
use crate::search::resident_bytes;
use crate::symbolic::{Halt, Id, Space};

/// Diagrams are as deep as there are slots, and the work on them as deep as they are.
const STACK_BYTES: usize = 1 << 28;
/// How often limits, signals and progress are heard.
const PULSE: Duration = Duration::from_millis(20);
/// Nodes not in use are dropped when all take more bytes, or a quarter of their room, and there are so many, or
/// twice as many as were in use the last time: what is remembered of them is lost.
const LARGE: usize = 1 << 30;
const FEW_NODES: usize = 1 << 18;

#[derive(Default)]
pub struct Limits {
    deadline: Option<Instant>,
    memory: Option<u64>,
    progress: Option<Py<PyAny>>,
    pause: Duration,
    last: Option<Instant>,
}

impl Limits {
    /// Limits from now on; spans in seconds.
    pub fn new(
        seconds: Option<f64>,
        memory: Option<u64>,
        progress: Option<Py<PyAny>>,
        pause: f64,
    ) -> PyResult<Limits> {
        let span = |seconds| {
            Duration::try_from_secs_f64(seconds).map_err(|error| PyValueError::new_err(error.to_string()))
        };
        let deadline = seconds.map(span).transpose()?.and_then(|span| Instant::now().checked_add(span));
        Ok(Limits { deadline, memory, progress, pause: span(pause)?, last: None })
    }
}

impl Diagrams {
    /// Works on a stack that is deep enough, while this thread hears limits, signals and progress.
    pub(super) fn work<T: Send, const N: usize>(
        &self,
        py: Python<'_>,
        sets: [&StateSet; N],
        job: impl FnOnce(&mut Space, [Id; N]) -> T + Send,
    ) -> PyResult<T> {
        if sets.iter().any(|set| !Arc::ptr_eq(&self.roots, &set.roots)) {
            return Err(PyValueError::new_err("a set belongs to other diagrams"));
        }
        py.detach(|| {
            let mut space = self.lock();
            let in_use = *self.in_use.lock().expect("it is not poisoned");
            let is_large = space.diagram.bytes() > LARGE.min(space.room / 4);
            if is_large && space.diagram.len() > FEW_NODES.max(in_use * 2) {
                self.collect(&mut space);
            }
            let nodes = sets.map(StateSet::node);
            let (done, wait) = channel();
            let space = &mut *space;
            std::thread::scope(|scope| {
                let builder = std::thread::Builder::new().stack_size(STACK_BYTES);
                let worker = builder.spawn_scoped(scope, move || {
                    let result = job(space, nodes);
                    let _ = done.send(()); // the other side may have gone, which is as good
                    result
                })?;
                let mut failure = Ok(());
                while let Err(RecvTimeoutError::Timeout) = wait.recv_timeout(PULSE) {
                    if failure.is_ok() {
                        failure = self.pulse();
                    }
                }
                let result =
                    worker.join().map_err(|_| PyRuntimeError::new_err("the diagrams' work panicked"))?;
                match failure {
                    Err(error) if !Python::attach(|py| error.is_instance_of::<PyKeyboardInterrupt>(py)) => {
                        Err(error)
                    }
                    _ => Ok(result), // Ctrl-C: the work was halted, and says so
                }
            })
        })
    }

    fn pulse(&self) -> PyResult<()> {
        let mut limits = self.limits.lock().expect("limits are not poisoned");
        if limits.deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            self.watch.halt(Halt::Time);
        }
        if let (Some(limit), Some(used)) = (limits.memory, resident_bytes()) {
            if used > limit {
                self.watch.halt(Halt::Memory);
            }
        }
        let is_due = limits.last.is_none_or(|last| last.elapsed() >= limits.pause);
        Python::attach(|py| {
            let mut heard = py.check_signals();
            if let (Some(told), true, Ok(())) = (&limits.progress, is_due, &heard) {
                let nodes = self.watch.nodes.load(Ordering::Relaxed);
                heard = told.call1(py, (nodes,)).map(drop);
            }
            if is_due {
                limits.last = Some(Instant::now());
            }
            heard.inspect_err(|_| self.watch.halt(Halt::Interrupted))
        })
    }
}
