//! Promises about recorded operations.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::monitors::{self, Event, Specification, Verdict};

/// A specification whose steps Python works out.
struct Steps(Py<PyAny>);

impl Specification for Steps {
    type Error = PyErr;

    fn effects(&self, state: u32, operation: u32) -> PyResult<Vec<(u32, u32)>> {
        Python::attach(|py| self.0.call_method1(py, "effects", (state, operation))?.extract(py))
    }

    fn answered(&self, state: u32, operation: u32, result: u32) -> PyResult<Vec<u32>> {
        Python::attach(|py| self.0.call_method1(py, "answered", (state, operation, result))?.extract(py))
    }

    fn fits(&self, promise: u32, operation: u32, result: u32) -> PyResult<bool> {
        Python::attach(|py| self.0.call_method1(py, "fits", (promise, operation, result))?.extract(py))
    }

    fn is_pure(&self, operation: u32) -> PyResult<bool> {
        Python::attach(|py| self.0.call_method1(py, "is_pure", (operation,))?.extract(py))
    }
}

/// What may have happened so far, event by event, if every operation took effect at one moment.
#[pyclass(module = "dscheck._engine")]
pub struct Possibilities {
    inner: monitors::Possibilities<Steps>,
}

type Told = (Vec<(u32, u32)>, Vec<(u32, Vec<u32>)>);

#[pymethods]
impl Possibilities {
    #[new]
    fn new(steps: Py<PyAny>, start: u32, may_crash: bool) -> Possibilities {
        Possibilities { inner: monitors::Possibilities::new(Steps(steps), start, may_crash) }
    }

    fn __len__(&self) -> usize {
        self.inner.len()
    }

    fn invoked(&mut self, client: u32, operation: u32) -> u32 {
        self.inner.event(Event::Invoked { client, operation })
    }

    fn responded(&mut self, client: u32, result: u32) -> u32 {
        self.inner.event(Event::Responded { client, result })
    }

    fn abandoned(&mut self, client: u32) -> u32 {
        self.inner.event(Event::Abandoned { client })
    }

    fn after(&mut self, event: u32, values: Vec<u32>) -> PyResult<Vec<u32>> {
        if !self.inner.has_event(event) {
            return Err(PyValueError::new_err(format!("there is no event {event}")));
        }
        values.iter().try_for_each(|&value| self.check(value))?;
        values.into_iter().map(|value| self.inner.after(value, event)).collect()
    }

    fn verdict(&self, value: u32) -> PyResult<(&'static str, u32)> {
        self.check(value)?;
        Ok(match self.inner.verdict(value) {
            Verdict::Kept => ("kept", 0),
            Verdict::Broken => ("broken", 0),
            Verdict::Misused { event, still_waits: true } => ("still waits", event),
            Verdict::Misused { event, still_waits: false } => ("waits for nothing", event),
        })
    }

    fn content(&self, value: u32) -> PyResult<Told> {
        self.check(value)?;
        let (pending, configurations) = self.inner.content(value);
        let done = |owed: &[(u32, u32)]| owed.iter().map(|&(client, _)| client).collect();
        Ok((pending, configurations.iter().map(|one| (one.state, done(&one.owed))).collect()))
    }
}

impl Possibilities {
    fn check(&self, value: u32) -> PyResult<()> {
        let known = (value as usize) < self.inner.len();
        if known { Ok(()) } else { Err(PyValueError::new_err(format!("there is no value {value}"))) }
    }
}

pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<Possibilities>()
}
