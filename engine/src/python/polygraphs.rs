//! Weak levels, and levels without a known version order, as Python calls them.

use std::sync::Arc as Arc_;

use pyo3::buffer::{Element, PyBuffer};
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;

use super::isolation::Facts;
use crate::isolation::polygraph::{self, Answer, Arc, Before, Case, Kind, Proof};
use crate::isolation::registers::{self, Columns, Wrong};
use crate::isolation::weak::{self, Base, Level, Step, Why};
use crate::isolation::{Budget, Stop, stamps};

/// Adds them to the module.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<Registers>()?;
    module.add_class::<Judged>()?;
    module.add_function(wrap_pyfunction!(judge_weak, module)?)?;
    module.add_function(wrap_pyfunction!(execute_stamped, module)?)?;
    module.add_function(wrap_pyfunction!(judge_strong, module)?)
}

fn column<T: Element>(of: &Bound<'_, PyAny>) -> PyResult<Vec<T>> {
    PyBuffer::<T>::get(of)?.to_vec(of.py())
}

/// What transactions over registers read and wrote: see `isolation::registers`.
#[pyclass(frozen, module = "dscheck._engine")]
pub struct Registers {
    facts: Arc_<crate::isolation::Facts>,
    found: registers::Registers,
}

type FindingTuple = (&'static str, u32, u32, i64);

#[pymethods]
impl Registers {
    #[new]
    #[pyo3(signature = (process, outcome, invoked, returned, micro, *, initial, timed, partial))]
    #[allow(clippy::too_many_arguments)] // columns
    fn new(
        process: &Bound<'_, PyAny>,
        outcome: &Bound<'_, PyAny>,
        invoked: &Bound<'_, PyAny>,
        returned: &Bound<'_, PyAny>,
        micro: (Bound<'_, PyAny>, Bound<'_, PyAny>, Bound<'_, PyAny>, Bound<'_, PyAny>),
        initial: i64,
        timed: bool,
        partial: bool,
    ) -> PyResult<Registers> {
        let columns = Columns {
            process: column(process)?,
            outcome: column(outcome)?,
            invoked: column(invoked)?,
            returned: column(returned)?,
            offsets: column(&micro.0)?,
            kind: column(&micro.1)?,
            key: column(&micro.2)?,
            value: column(&micro.3)?,
            initial,
            timed,
            partial,
        };
        let extracted = process.py().detach(|| registers::extract(&columns));
        let mut found = extracted.map_err(PyValueError::new_err)?;
        Ok(Registers { facts: Arc_::new(std::mem::take(&mut found.facts)), found })
    }

    #[getter]
    fn facts(&self) -> Facts {
        Facts(Arc_::clone(&self.facts))
    }

    /// Codes of the keys by their numbers.
    #[getter]
    fn keys(&self) -> Vec<i64> {
        self.found.keys.clone()
    }

    /// (what is wrong, row of the reader, place of the read among all micro-operations, row of the writer or -1).
    #[getter]
    fn findings(&self) -> Vec<FindingTuple> {
        let tuple = |found: &registers::Finding| {
            (name_of(found.wrong), found.row, found.at, found.writer.map_or(-1, i64::from))
        };
        self.found.findings.iter().map(tuple).collect()
    }

    /// How many findings of each kind there are, also of those that are not listed.
    #[getter]
    fn counts(&self) -> Vec<(&'static str, u64)> {
        let kinds = [Wrong::Internal, Wrong::Future, Wrong::Aborted, Wrong::Intermediate, Wrong::Garbage];
        kinds.into_iter().map(|kind| (name_of(kind), self.found.counts[kind as usize])).collect()
    }

    /// Reads of values that several transactions wrote: (reader, key, transactions).
    #[getter]
    fn ambiguous(&self) -> Vec<(u32, u32, Vec<u32>)> {
        self.found.ambiguous.iter().map(|read| (read.reader, read.key, read.writers.clone())).collect()
    }

    /// Reads of values from outside of a partial recording.
    #[getter]
    fn unknown(&self) -> u64 {
        self.found.unknown
    }

    /// External reads of committed transactions.
    #[getter]
    fn looked_at(&self) -> u64 {
        self.found.looked_at
    }
}

fn name_of(wrong: Wrong) -> &'static str {
    match wrong {
        Wrong::Internal => "internal",
        Wrong::Future => "future",
        Wrong::Aborted => "aborted",
        Wrong::Intermediate => "intermediate",
        Wrong::Garbage => "garbage",
    }
}

fn base_of(name: &str) -> PyResult<Base> {
    match name {
        "nothing" => Ok(Base::Nothing),
        "sessions" => Ok(Base::Sessions),
        "time" => Ok(Base::Time),
        _ => Err(PyValueError::new_err(format!("no such base order: {name}"))),
    }
}

fn stop_name(stop: Stop) -> &'static str {
    match stop {
        Stop::Deadline => "deadline",
        Stop::Memory => "memory",
        Stop::Interrupted => "interrupted",
    }
}

/// Whether a signal has come; the error, such as KeyboardInterrupt, is kept for the end.
fn interrupted(error: &mut Option<PyErr>) -> bool {
    Python::attach(|py| match py.check_signals() {
        Ok(()) => false,
        Err(signal) => {
            *error = Some(signal);
            true
        }
    })
}

/// Source, target, kind, key or -1, reader or -1.
type Link = (u32, u32, &'static str, i64, i64);
type Circle = Vec<(Link, Vec<Link>)>;

fn link_of(step: &Step) -> Link {
    let (kind, key, reader) = match step.why {
        Why::Session => ("session", -1, -1),
        Why::RealTime => ("real-time", -1, -1),
        Why::Reads { key } => ("wr", i64::from(key), -1),
        Why::Order { key } => ("ww", i64::from(key), -1),
        Why::Overwritten { reader, key } => ("version", i64::from(key), i64::from(reader)),
    };
    (step.source, step.target, kind, key, reader)
}

/// Judges a level up to causal: kept, violated or why it stopped; a circle of transactions; whether all are needed.
#[pyfunction]
#[pyo3(signature = (facts, level, base, *, seconds = None, memory = None))]
fn judge_weak(
    facts: &Bound<'_, Facts>,
    level: &str,
    base: &str,
    seconds: Option<f64>,
    memory: Option<u64>,
) -> PyResult<(&'static str, Circle, bool)> {
    let base = base_of(base)?;
    let level = match level {
        "read-committed" => Level::Committed,
        "monotonic-atomic-view" => Level::Monotonic,
        "read-atomic" => Level::Atomic,
        "causal" => Level::Causal,
        _ => return Err(PyValueError::new_err(format!("no such weak level: {level}"))),
    };
    let known = Arc_::clone(&facts.get().0);
    let mut signal = None;
    let outcome = facts.py().detach(|| {
        let mut poll = || interrupted(&mut signal);
        weak::judge(&known, level, base, &mut Budget::new(seconds, memory, &mut poll))
    });
    if let Some(error) = signal {
        return Err(error);
    }
    Ok(match outcome {
        Ok(None) => ("kept", Vec::new(), false),
        Ok(Some((steps, minimal))) => {
            let circle = steps.iter().map(|step| (link_of(step), step.seen.iter().map(link_of).collect()));
            ("violated", circle.collect(), minimal)
        }
        Err(stop) => (stop_name(stop), Vec::new(), false),
    })
}

/// Earlier and later writer, and the key.
type Order = (u32, u32, u32);
/// What is assumed, lemmas with the circle that the opposite would close, and the circle.
type CaseTuple = (Vec<Order>, Vec<(Order, Vec<Link>)>, Vec<Link>);

fn order_of(before: &Before) -> Order {
    (before.earlier, before.later, before.key)
}

fn links_of(circle: &[Arc]) -> Vec<Link> {
    let link = |arc: &Arc| {
        let (kind, key) = match arc.kind {
            Kind::Session => ("session", -1),
            Kind::RealTime => ("real-time", -1),
            Kind::Reads { key } => ("wr", i64::from(key)),
            Kind::Overwrites { key } => ("ww", i64::from(key)),
            Kind::Misses { key } => ("rw", i64::from(key)),
        };
        (arc.source, arc.target, kind, key, -1)
    };
    circle.iter().map(link).collect()
}

fn case_of(case: &Case) -> CaseTuple {
    let lemmas = case.lemmas.iter().map(|lemma| (order_of(&lemma.before), links_of(&lemma.circle)));
    (case.assumed.iter().map(order_of).collect(), lemmas.collect(), links_of(&case.circle))
}

/// What a check of a level without a known version order found out.
#[pyclass(frozen, get_all, module = "dscheck._engine")]
pub struct Judged {
    /// kept, violated, or why it stopped.
    answer: &'static str,
    /// Orders of two writers that were found by pruning.
    decided: usize,
    /// Pairs of writers that were left to the search.
    open: usize,
    conflicts: u64,
    /// Where violated: transactions that break the level by themselves.
    core: Vec<u32>,
    /// The cases of the proof.
    cases: Vec<CaseTuple>,
    /// Whether every transaction of the proof is needed.
    minimal: bool,
}

/// Judges a level from prefix consistency on.
#[pyfunction]
#[pyo3(signature = (facts, level, base, *, seconds = None, memory = None, explain = 5.0))]
fn judge_strong(
    facts: &Bound<'_, Facts>,
    level: &str,
    base: &str,
    seconds: Option<f64>,
    memory: Option<u64>,
    explain: f64,
) -> PyResult<Judged> {
    let base = base_of(base)?;
    let level = match level {
        "prefix" => polygraph::Level::Prefix,
        "parallel-snapshot" => polygraph::Level::Parallel,
        "snapshot-isolation" => polygraph::Level::Snapshot,
        "serializable" => polygraph::Level::Serializable,
        _ => return Err(PyValueError::new_err(format!("no such strong level: {level}"))),
    };
    let known = Arc_::clone(&facts.get().0);
    let mut signal = None;
    let (answer, effort, proof) = facts.py().detach(|| {
        let mut poll = || interrupted(&mut signal);
        let mut budget = Budget::new(seconds, memory, &mut poll);
        let (answer, effort) = polygraph::judge(&known, level, base, &mut budget);
        let proof = match &answer {
            Answer::Broken(core) => {
                let mut more = Budget::new(Some(explain), memory, &mut poll);
                polygraph::prove(&known, level, base, core.clone(), &mut more)
            }
            _ => Proof::default(),
        };
        (answer, effort, proof)
    });
    if let Some(error) = signal {
        return Err(error);
    }
    let (answer, conflicts, open) = match answer {
        Answer::Kept => ("kept", 0, 0),
        Answer::Broken(_) => ("violated", 0, 0),
        Answer::Stopped { stop, conflicts, open } => (stop_name(stop), conflicts, open),
        Answer::Wrong => return Err(PyRuntimeError::new_err("the order that was found cannot be executed")),
    };
    Ok(Judged {
        answer,
        decided: effort.decisions,
        open: open.max(effort.open),
        conflicts,
        cases: proof.cases.iter().map(case_of).collect(),
        core: proof.core,
        minimal: proof.minimal,
    })
}

type StampTuple = (&'static str, u32, i64, i64);

fn stamp_name(wrong: stamps::Wrong) -> &'static str {
    match wrong {
        stamps::Wrong::External => "external",
        stamps::Wrong::Internal => "internal",
        stamps::Wrong::Conflict => "conflict",
        stamps::Wrong::Session => "session",
        stamps::Wrong::Time => "time",
        stamps::Wrong::Stamps => "stamps",
    }
}

/// Executes transactions in the order of their stamps: what is wrong, how often, and how much was looked at.
#[pyfunction]
#[pyo3(signature = (rows, micro, values, *, initial, serializable, sessions, time))]
#[allow(clippy::type_complexity)]
fn execute_stamped(
    rows: (
        Bound<'_, PyAny>,
        Bound<'_, PyAny>,
        Bound<'_, PyAny>,
        Bound<'_, PyAny>,
        Bound<'_, PyAny>,
        Bound<'_, PyAny>,
    ),
    micro: (Bound<'_, PyAny>, Bound<'_, PyAny>, Bound<'_, PyAny>, Bound<'_, PyAny>),
    values: (Bound<'_, PyAny>, Bound<'_, PyAny>),
    initial: i64,
    serializable: bool,
    sessions: bool,
    time: bool,
) -> PyResult<(Vec<StampTuple>, Vec<(&'static str, u64)>, (u64, u64, u64, u64))> {
    let stamped = stamps::Stamped {
        process: column(&rows.0)?,
        outcome: column(&rows.1)?,
        invoked: column(&rows.2)?,
        returned: column(&rows.3)?,
        begin: column(&rows.4)?,
        commit: column(&rows.5)?,
        offsets: column(&micro.0)?,
        kind: column(&micro.1)?,
        key: column(&micro.2)?,
        value: column(&micro.3)?,
        bounds: column(&values.0)?,
        items: column(&values.1)?,
        initial,
    };
    let mode = if serializable { stamps::Mode::Serializable } else { stamps::Mode::Snapshot };
    let py = rows.0.py();
    let found =
        py.detach(|| stamps::execute(&stamped, mode, sessions, time)).map_err(PyValueError::new_err)?;
    let tuple = |finding: &stamps::Finding| {
        let at = finding.at.map_or(-1, i64::from);
        (stamp_name(finding.wrong), finding.row, at, finding.other.map_or(-1, i64::from))
    };
    let counts = stamps::KINDS.iter().zip(found.counts).map(|(&kind, count)| (stamp_name(kind), count));
    Ok((
        found.findings.iter().map(tuple).collect(),
        counts.collect(),
        (found.transactions, found.reads, found.unknown, found.unstamped),
    ))
}
