//! The general search for an order of operations, as Python calls it.

use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

use pyo3::buffer::{Element, PyBuffer};
use pyo3::exceptions::{PyKeyboardInterrupt, PyMemoryError, PyRuntimeError, PyValueError};
use pyo3::prelude::*;

use crate::linearizability::search as orders;
use crate::linearizability::search::{Budget, Guide, Host, Stop, View};

/// Adds them to the module.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<Operations>()?;
    module.add_class::<Steps>()?;
    module.add_class::<Orders>()?;
    module.add_class::<ProgramOrder>()?;
    module.add_class::<Prefix>()
}

/// A column, copied.
fn column<T: Element>(py: Python<'_>, buffer: &PyBuffer<T>, count: usize) -> PyResult<Vec<T>> {
    if buffer.item_count() != count {
        return Err(PyValueError::new_err("columns differ in length"));
    }
    buffer.to_vec(py)
}

/// The operations of a history, numbered by object and class.
#[pyclass(frozen, module = "dscheck._engine")]
pub struct Operations {
    inner: orders::Operations,
}

impl Operations {
    /// The numbers of the objects that were asked for; without, of all.
    fn chosen(&self, objects: Option<Vec<u32>>) -> PyResult<Vec<u32>> {
        let count = self.inner.len();
        let objects = objects.unwrap_or_else(|| (0..count as u32).collect());
        if objects.iter().all(|&object| (object as usize) < count) {
            return Ok(objects);
        }
        Err(PyValueError::new_err("there is no such object"))
    }
}

#[pymethods]
impl Operations {
    #[new]
    #[pyo3(signature = (process, function, outcome, key, argument, result, invoked, returned, *, keyed))]
    #[allow(clippy::too_many_arguments)] // the columns of a history
    fn new(
        py: Python<'_>,
        process: PyBuffer<i64>,
        function: PyBuffer<u16>,
        outcome: PyBuffer<u8>,
        key: PyBuffer<i64>,
        argument: PyBuffer<i64>,
        result: PyBuffer<i64>,
        invoked: PyBuffer<i64>,
        returned: PyBuffer<i64>,
        keyed: bool,
    ) -> PyResult<Operations> {
        let count = process.item_count();
        let columns = orders::Columns {
            process: column(py, &process, count)?,
            function: column(py, &function, count)?,
            outcome: column(py, &outcome, count)?,
            key: column(py, &key, count)?,
            argument: column(py, &argument, count)?,
            result: column(py, &result, count)?,
            invoked: column(py, &invoked, count)?,
            returned: column(py, &returned, count)?,
        };
        if u32::try_from(count).is_err() {
            return Err(PyValueError::new_err("a history has at most 2**32 - 1 operations"));
        }
        Ok(Operations { inner: orders::Operations::new(columns, keyed) })
    }

    /// Of each class: function, argument, result, and whether that is known.
    #[getter]
    fn classes(&self) -> Vec<(u16, i64, i64, bool)> {
        self.inner.classes.clone()
    }

    /// The code of each object's key.
    #[getter]
    fn keys(&self) -> Vec<i64> {
        self.inner.keys.clone()
    }
}

/// What a search found out.
#[pyclass(frozen, get_all, module = "dscheck._engine")]
pub struct Orders {
    stop: &'static str,
    broken: Vec<(u32, u32)>,
    undecided: Vec<(u32, u64, u64, i64)>,
    events: u64,
    effort: u64,
    peak: u64,
}

/// How far operations can be put in order.
#[pyclass(frozen, get_all, module = "dscheck._engine")]
pub struct Prefix {
    order: Vec<u32>,
    skipped: u64,
    states: Vec<u32>,
    stuck: Option<u32>,
    open: Vec<u32>,
}

/// What a search in the order of each process found out.
#[pyclass(frozen, get_all, module = "dscheck._engine")]
pub struct ProgramOrder {
    stop: &'static str,
    possible: bool,
    order: Vec<u32>,
    stuck: Vec<u32>,
    states: Vec<(u32, u32)>,
    effort: u64,
}

/// Python as the host of a search.
struct Teacher<'a>(&'a Py<PyAny>);

fn stopped(py: Python<'_>, error: PyErr) -> Stop {
    if error.is_instance_of::<PyKeyboardInterrupt>(py) {
        Stop::Interrupted
    } else if error.is_instance_of::<PyMemoryError>(py) {
        Stop::Memory
    } else {
        Stop::Failed(Box::new(error))
    }
}

impl Host for Teacher<'_> {
    fn teach(&self, pairs: &[(u32, u32)]) -> Result<Vec<Vec<u32>>, Stop> {
        Python::attach(|py| {
            let answers = self.0.call1(py, (pairs.to_vec(),)).and_then(|found| found.extract(py));
            let answers: Vec<Vec<u32>> = answers.map_err(|error| stopped(py, error))?;
            if answers.len() == pairs.len() {
                return Ok(answers);
            }
            let error = PyValueError::new_err("a teacher must answer every question");
            Err(Stop::Failed(Box::new(error)))
        })
    }

    fn pulse(&self) -> Result<(), Stop> {
        Python::attach(|py| py.check_signals().map_err(|error| stopped(py, error)))
    }
}

/// What a specification answers, remembered.
#[pyclass(frozen, module = "dscheck._engine")]
pub struct Steps {
    teacher: Py<PyAny>,
    known: Mutex<orders::Steps>,
}

/// The name of a stop, or the error that caused it.
fn name_of(stop: Option<Stop>) -> PyResult<&'static str> {
    match stop {
        None => Ok("done"),
        Some(Stop::Time | Stop::Effort) => Ok("time"),
        Some(Stop::Memory) => Ok("memory"),
        Some(Stop::Width) => Ok("width"),
        Some(Stop::Interrupted) => Ok("interrupted"),
        Some(Stop::Failed(error)) => Err(match error.downcast::<PyErr>() {
            Ok(error) => *error,
            Err(other) => PyRuntimeError::new_err(other.to_string()),
        }),
    }
}

fn budget(seconds: Option<f64>, memory: Option<u64>) -> PyResult<Budget> {
    let span = seconds.map(|seconds| Duration::try_from_secs_f64(seconds.max(0.0))).transpose();
    let span = span.map_err(|error| PyValueError::new_err(error.to_string()))?;
    Ok(Budget { deadline: span.and_then(|span| Instant::now().checked_add(span)), memory })
}

impl Steps {
    /// The table; a specification that checks a history from within a step would wait for itself.
    fn lock(&self) -> PyResult<MutexGuard<'_, orders::Steps>> {
        self.known.try_lock().map_err(|_| PyRuntimeError::new_err("a search is under way with these steps"))
    }
}

fn check_view(operations: &Operations, classes: &[u32], effects: &[u8], weak: &[u8]) -> PyResult<()> {
    let wanted = operations.inner.classes.len();
    let fits = classes.len() == wanted && effects.len() == wanted;
    if fits && (weak.is_empty() || weak.len() == operations.inner.count()) {
        return Ok(());
    }
    Err(PyValueError::new_err("classes, effects and weak must fit the operations"))
}

#[pymethods]
impl Steps {
    #[new]
    fn new(teacher: Py<PyAny>) -> Steps {
        Steps { teacher, known: Mutex::default() }
    }

    /// How many steps are known.
    fn __len__(&self) -> PyResult<usize> {
        Ok(self.lock()?.len())
    }

    #[pyo3(signature = (operations, classes, effects, initial, *, objects = None, weak = None, until = i64::MAX,
                        seconds = None, memory = None))]
    #[allow(clippy::too_many_arguments)] // keyword arguments of Python
    fn linearize(
        &self,
        py: Python<'_>,
        operations: &Operations,
        classes: Vec<u32>,
        effects: &[u8],
        initial: Vec<u32>,
        objects: Option<Vec<u32>>,
        weak: Option<&[u8]>,
        until: i64,
        seconds: Option<f64>,
        memory: Option<u64>,
    ) -> PyResult<Orders> {
        let weak = weak.unwrap_or_default();
        check_view(operations, &classes, effects, weak)?;
        let view = View { classes: &classes, effects, weak, until };
        let inner = &operations.inner;
        let objects = operations.chosen(objects)?;
        let budget = budget(seconds, memory)?;
        let (found, stop, effort) = py.detach(|| -> PyResult<_> {
            let mut known = self.lock()?;
            let timelines: Vec<_> =
                objects.iter().map(|&object| inner.timeline(object as usize, &view)).collect();
            let host = Teacher(&self.teacher);
            let mut guide = Guide::new(&mut known, &host, budget);
            let (found, stop) = orders::judge(&timelines, &initial, &mut guide);
            Ok((found, stop, guide.effort))
        })?;
        let stop = name_of(stop)?;
        let (mut broken, mut undecided) = (Vec::new(), Vec::new());
        for (&object, judged) in objects.iter().zip(&found) {
            if let Some(row) = judged.stuck {
                broken.push((object, row));
            } else if !judged.decided {
                undecided.push((object, judged.events as u64, judged.of_events as u64, judged.position));
            }
        }
        let events = found.iter().map(|judged| judged.events as u64).sum();
        let peak = found.iter().map(|judged| judged.peak as u64).max().unwrap_or(0);
        Ok(Orders { stop, broken, undecided, events, effort, peak })
    }

    #[pyo3(signature = (operations, classes, effects, initial, *, object, weak = None, until = i64::MAX,
                        last = 1000, seconds = None, memory = None))]
    #[allow(clippy::too_many_arguments)] // keyword arguments of Python
    fn longest_prefix(
        &self,
        py: Python<'_>,
        operations: &Operations,
        classes: Vec<u32>,
        effects: &[u8],
        initial: Vec<u32>,
        object: u32,
        weak: Option<&[u8]>,
        until: i64,
        last: usize,
        seconds: Option<f64>,
        memory: Option<u64>,
    ) -> PyResult<Option<Prefix>> {
        let weak = weak.unwrap_or_default();
        check_view(operations, &classes, effects, weak)?;
        operations.chosen(Some(vec![object]))?;
        let view = View { classes: &classes, effects, weak, until };
        let budget = budget(seconds, memory)?;
        let found = py.detach(|| -> PyResult<_> {
            let mut known = self.lock()?;
            let timeline = operations.inner.timeline(object as usize, &view);
            let host = Teacher(&self.teacher);
            let mut guide = Guide::new(&mut known, &host, budget);
            Ok(orders::explain(&timeline, &initial, last, &mut guide))
        })?;
        match found {
            Err(stop) => name_of(Some(stop)).map(|_| None),
            Ok(found) => Ok(Some(Prefix {
                order: found.order,
                skipped: found.skipped as u64,
                states: found.states,
                stuck: found.stuck,
                open: found.open,
            })),
        }
    }

    #[pyo3(signature = (operations, classes, effects, initial, *, objects = None, weak = None, seconds = None,
                        memory = None))]
    #[allow(clippy::too_many_arguments)] // keyword arguments of Python
    fn in_program_order(
        &self,
        py: Python<'_>,
        operations: &Operations,
        classes: Vec<u32>,
        effects: &[u8],
        initial: u32,
        objects: Option<Vec<u32>>,
        weak: Option<&[u8]>,
        seconds: Option<f64>,
        memory: Option<u64>,
    ) -> PyResult<ProgramOrder> {
        let weak = weak.unwrap_or_default();
        check_view(operations, &classes, effects, weak)?;
        let objects = operations.chosen(objects)?;
        let view = View { classes: &classes, effects, weak, until: i64::MAX };
        let budget = budget(seconds, memory)?;
        py.detach(|| -> PyResult<_> {
            let mut known = self.lock()?;
            let rows = objects.iter().map(|&object| operations.inner.of_object(object as usize, &view));
            let processes = orders::Processes::new(rows.collect());
            let host = Teacher(&self.teacher);
            let mut guide = Guide::new(&mut known, &host, budget);
            let mut search = orders::ProgramOrder::new(&processes, initial);
            let stop = name_of(search.run(&mut guide).err())?;
            let states = search.best.states.into_iter();
            Ok(ProgramOrder {
                stop,
                possible: search.best.possible,
                order: search.best.order,
                stuck: search.best.stuck,
                states: states.map(|(at, state)| (objects[at as usize], state)).collect(),
                effort: guide.effort,
            })
        })
    }
}
