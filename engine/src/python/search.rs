use std::cell::RefCell;
use std::error::Error;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use pyo3::exceptions::{PyKeyboardInterrupt, PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::rules::Rules;
use crate::expand::Miss;
use crate::search::{self, BreadthFirst, Halt, Host, Image, Limits, Progress, Session, Space, Stop, Which};

type StepTuple = (i64, Vec<u32>, Vec<u32>);
type SpecArguments<'py> = (Bound<'py, Rules>, Py<PyAny>, Vec<Vec<u32>>);

/// What a search did and found.
#[pyclass(frozen, get_all, module = "dscheck._engine")]
pub struct Report {
    stop: &'static str,
    finding: Option<(&'static str, i64, Vec<u32>)>,
    trace: Vec<StepTuple>,
    states: u64,
    transitions: u64,
    depth: i64,
    frontier: u64,
    pruned: u64,
    ended: u64,
    taken: Vec<u64>,
    enabled: Vec<u64>,
    reached: Vec<(u32, i64)>,
    bytes: u64,
    levels: Vec<u64>,
}

fn tuple_of(step: search::Step) -> StepTuple {
    (step.tree.map_or(-1, i64::from), step.picks, step.values)
}

impl Report {
    fn new(report: search::Report, trees: usize) -> Report {
        let (mut taken, mut enabled) = (report.tally.taken, report.tally.enabled);
        taken.resize(trees, 0);
        enabled.resize(trees, 0);
        Report {
            stop: report.stop.name(),
            finding: report
                .finding
                .map(|found| (found.kind.name(), found.tree.map_or(-1, i64::from), found.picks)),
            trace: report.trace.into_iter().map(tuple_of).collect(),
            states: report.states,
            transitions: report.tally.transitions,
            depth: report.depth,
            frontier: report.frontier,
            pruned: report.tally.pruned,
            ended: report.tally.ended,
            taken,
            enabled,
            reached: report.reached,
            bytes: report.bytes,
            levels: report.levels,
        }
    }
}

/// Python as the engine's host: teachers, signals, progress.
struct Python_<'a> {
    teacher: &'a Py<PyAny>,
    spec_teacher: Option<&'a Py<PyAny>>,
    progress: Option<Py<PyAny>>,
    pause: Duration,
    last_progress: RefCell<Instant>,
}

/// Ctrl-C while Python runs ends the search as it does while Rust runs; anything else is an error.
fn halt(py: Python<'_>, error: PyErr) -> Halt {
    if error.is_instance_of::<PyKeyboardInterrupt>(py) {
        Halt::Stop(Stop::Interrupted)
    } else {
        Halt::Failure(Box::new(error))
    }
}

impl Python_<'_> {
    fn teacher(&self, which: Which) -> &Py<PyAny> {
        match which {
            Which::Model => self.teacher,
            Which::Spec => self.spec_teacher.expect("questions about a spec come with its teacher"),
        }
    }
}

impl Host for Python_<'_> {
    fn learn(&self, which: Which, misses: Vec<Miss>) -> Result<(), Halt> {
        let misses: Vec<_> = misses.into_iter().map(|miss| (miss.tree, miss.values, miss.picks)).collect();
        Python::attach(|py| {
            let called = self.teacher(which).call_method1(py, "learn", (misses,));
            called.map(drop).map_err(|error| halt(py, error))
        })
    }

    fn operate(&self, which: Which, gaps: Vec<(u32, u32)>) -> Result<(), Halt> {
        Python::attach(|py| {
            let called = self.teacher(which).call_method1(py, "operate", (gaps,));
            called.map(drop).map_err(|error| halt(py, error))
        })
    }

    fn pulse(&self, progress: &Progress) -> Result<(), Halt> {
        Python::attach(|py| {
            py.check_signals().map_err(|error| halt(py, error))?;
            let Some(callback) = &self.progress else { return Ok(()) };
            if self.last_progress.borrow().elapsed() < self.pause {
                return Ok(());
            }
            *self.last_progress.borrow_mut() = Instant::now();
            let numbers = PyDict::new(py);
            let entries = [
                ("states", progress.states),
                ("transitions", progress.transitions),
                ("depth", progress.depth),
                ("frontier", progress.frontier),
                ("bytes", progress.bytes),
            ];
            let filled = entries.iter().try_for_each(|(name, number)| numbers.set_item(name, number));
            filled.and_then(|()| callback.call1(py, (numbers,))).map(drop).map_err(|error| halt(py, error))
        })
    }
}

struct State {
    space: Space,
    image: Option<Image>,
    search: Option<BreadthFirst>,
}

/// A store of states, and searches that fill it.
#[pyclass(frozen, module = "dscheck._engine")]
pub struct Search {
    teacher: Py<PyAny>,
    spec_teacher: Option<Py<PyAny>>,
    initial: Vec<Vec<u32>>,
    workers: usize,
    /// None while a search runs, and after one failed.
    state: Mutex<Option<State>>,
}

fn python_error(error: Box<dyn Error + Send + Sync>) -> PyErr {
    match error.downcast::<PyErr>() {
        Ok(error) => *error,
        Err(other) => PyRuntimeError::new_err(other.to_string()),
    }
}

fn deadline(seconds: Option<f64>) -> PyResult<Option<Instant>> {
    let Some(seconds) = seconds else { return Ok(None) };
    let span =
        Duration::try_from_secs_f64(seconds).map_err(|error| PyValueError::new_err(error.to_string()))?;
    Ok(Instant::now().checked_add(span))
}

impl Search {
    fn with_state<T>(&self, view: impl FnOnce(&State) -> PyResult<T>) -> PyResult<T> {
        let mut state = self.state.lock().expect("the state is not poisoned");
        let state = state.as_mut();
        let state = state.ok_or_else(|| PyRuntimeError::new_err("a search is under way, or has failed"))?;
        state.space.sync(); // Python may have taught more since the search
        view(state)
    }

    fn search(
        &self,
        py: Python<'_>,
        limits: Limits,
        progress: Option<Py<PyAny>>,
        pause: f64,
        run: impl FnOnce(
            &mut Session,
            &[Vec<u32>],
        ) -> Result<(Option<BreadthFirst>, search::Report), Box<dyn Error + Send + Sync>>
        + Send,
    ) -> PyResult<Report> {
        let taken = self.state.lock().expect("the state is not poisoned").take();
        let state = taken.ok_or_else(|| PyRuntimeError::new_err("a search is under way, or has failed"))?;
        if state.space.store.len() > 0 {
            *self.state.lock().expect("the state is not poisoned") = Some(state);
            return Err(PyRuntimeError::new_err("this search has run already; make another one"));
        }
        let pause =
            Duration::try_from_secs_f64(pause).map_err(|error| PyValueError::new_err(error.to_string()))?;
        py.detach(|| {
            let host = Python_ {
                teacher: &self.teacher,
                spec_teacher: self.spec_teacher.as_ref(),
                progress,
                pause,
                last_progress: RefCell::new(Instant::now()),
            };
            let mut session = Session::new(&host, state.space, state.image, limits, self.workers);
            let (search, report) = run(&mut session, &self.initial).map_err(python_error)?;
            let (space, image) = session.into_parts();
            let trees = space.read().forest.trees.len();
            *self.state.lock().expect("the state is not poisoned") = Some(State { space, image, search });
            Ok(Report::new(report, trees))
        })
    }
}

#[pymethods]
impl Search {
    #[new]
    #[pyo3(signature = (rules, teacher, initial, *, workers = 1, spec = None))]
    fn new(
        rules: &Rules,
        teacher: Py<PyAny>,
        initial: Vec<Vec<u32>>,
        workers: usize,
        spec: Option<SpecArguments>,
    ) -> Search {
        let space = Space::new(rules.shared.clone());
        let (mut image, mut spec_teacher) = (None, None);
        if let Some((spec_rules, its_teacher, spec_initial)) = spec {
            image = Some(Image::new(Space::new(spec_rules.get().shared.clone()), &spec_initial));
            spec_teacher = Some(its_teacher);
        }
        let state = Mutex::new(Some(State { space, image, search: None }));
        Search { teacher, spec_teacher, initial, workers, state }
    }

    #[pyo3(signature = (*, depth = None, states = None, seconds = None, memory = None, deadlock = false,
                        progress = None, pause = 0.2))]
    #[allow(clippy::too_many_arguments)] // keyword arguments of Python
    fn breadth_first(
        &self,
        py: Python<'_>,
        depth: Option<u64>,
        states: Option<u64>,
        seconds: Option<f64>,
        memory: Option<u64>,
        deadlock: bool,
        progress: Option<Py<PyAny>>,
        pause: f64,
    ) -> PyResult<Report> {
        let limits = Limits { depth, states, deadline: deadline(seconds)?, memory, deadlock };
        self.search(py, limits, progress, pause, |session, initial| {
            let (search, report) = BreadthFirst::run(session, initial)?;
            Ok((Some(search), report))
        })
    }

    #[pyo3(signature = (*, walks, length, seed, seconds = None, memory = None, deadlock = false,
                        progress = None, pause = 0.2))]
    #[allow(clippy::too_many_arguments)] // keyword arguments of Python
    fn walks(
        &self,
        py: Python<'_>,
        walks: u64,
        length: u64,
        seed: u64,
        seconds: Option<f64>,
        memory: Option<u64>,
        deadlock: bool,
        progress: Option<Py<PyAny>>,
        pause: f64,
    ) -> PyResult<Report> {
        let limits = Limits { depth: None, states: None, deadline: deadline(seconds)?, memory, deadlock };
        self.search(py, limits, progress, pause, |session, initial| {
            Ok((None, search::walks(session, initial, walks, length, seed)?))
        })
    }

    fn state(&self, index: u32) -> PyResult<Vec<u32>> {
        self.with_state(|state| {
            check_stored(state, index)?;
            Ok(state.space.values(index))
        })
    }

    fn values(&self, py: Python<'_>) -> PyResult<Vec<Vec<u32>>> {
        py.detach(|| self.with_state(|state| Ok(state.space.values_seen())))
    }

    fn path(&self, index: u32) -> PyResult<Vec<StepTuple>> {
        self.with_state(|state| {
            check_stored(state, index)?;
            let search = state.search.as_ref();
            let search = search.ok_or_else(|| PyRuntimeError::new_err("only breadth_first keeps paths"))?;
            Ok(state.space.path(&search.ancestry(index)).into_iter().map(tuple_of).collect())
        })
    }

    fn successors(&self, index: u32) -> PyResult<Vec<(u32, Vec<u32>, u32)>> {
        self.with_state(|state| {
            check_stored(state, index)?;
            Ok(state.space.successors(index))
        })
    }
}

fn check_stored(state: &State, index: u32) -> PyResult<()> {
    let known = state.space.store.len();
    if (index as usize) < known {
        return Ok(());
    }
    Err(PyValueError::new_err(format!("there is no state {index}: {known} are stored")))
}
