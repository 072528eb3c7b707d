//! Dependency graphs of transactions, as Python calls them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use pyo3::buffer::{Element, PyBuffer};
use pyo3::exceptions::{PyKeyboardInterrupt, PyMemoryError, PyTimeoutError, PyValueError};
use pyo3::prelude::*;

use crate::isolation::{
    self, Class, Columns, Cycle, Extract, Extracted, Judge, Orders, Read, Shape, Sight, Stopped, Watch,
};

/// Adds them to the module.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<Transactions>()?;
    module.add_class::<Facts>()?;
    module.add_class::<Dependencies>()
}

fn column<T: Element>(of: &Bound<'_, PyAny>) -> PyResult<Vec<T>> {
    PyBuffer::<T>::get(of)?.to_vec(of.py())
}

/// Runs a long computation without the interpreter's lock, within limits.
///
/// TimeoutError, MemoryError and KeyboardInterrupt say which of them ended it.
pub fn watched<T: Send>(
    py: Python<'_>,
    (seconds, memory): (Option<f64>, Option<u64>),
    work: impl FnOnce(&mut Watch) -> Result<T, Stopped> + Send,
) -> PyResult<T> {
    let deadline = seconds
        .filter(|seconds| *seconds < 1e9)
        .map(|seconds| Instant::now() + Duration::from_secs_f64(seconds.max(0.0)));
    let interrupted = || Python::attach(|py| py.check_signals().is_err());
    py.detach(|| work(&mut Watch::new(deadline, memory, &interrupted))).map_err(|stopped| match stopped {
        Stopped::Time => PyTimeoutError::new_err("out of time"),
        Stopped::Memory => PyMemoryError::new_err("out of memory"),
        Stopped::Interrupted => PyKeyboardInterrupt::new_err(""),
    })
}

/// The transactions of a history, taken out of its columns.
#[pyclass(frozen, module = "dscheck._engine")]
pub struct Transactions(pub Arc<Extracted>);

type MicroColumns<'py> = (Bound<'py, PyAny>, Bound<'py, PyAny>, Bound<'py, PyAny>, Bound<'py, PyAny>);

#[pymethods]
impl Transactions {
    #[new]
    #[pyo3(signature = (process, outcome, invoked, returned, micro, values, *, timed))]
    fn new(
        process: &Bound<'_, PyAny>,
        outcome: &Bound<'_, PyAny>,
        invoked: &Bound<'_, PyAny>,
        returned: &Bound<'_, PyAny>,
        micro: MicroColumns<'_>,
        values: (Bound<'_, PyAny>, Bound<'_, PyAny>),
        timed: bool,
    ) -> PyResult<Transactions> {
        let columns = Columns {
            process: column(process)?,
            outcome: column(outcome)?,
            invoked: column(invoked)?,
            returned: column(returned)?,
            offsets: column(&micro.0)?,
            kind: column(&micro.1)?,
            key: column(&micro.2)?,
            value: column(&micro.3)?,
            bounds: column(&values.0)?,
            items: column(&values.1)?,
            timed,
        };
        let found = process.py().detach(|| isolation::extract(columns)).map_err(PyValueError::new_err)?;
        Ok(Transactions(Arc::new(found)))
    }

    /// The dependencies of transactions that append to lists and read them.
    #[pyo3(signature = (*, seconds = None, memory = None))]
    fn appends(&self, py: Python<'_>, seconds: Option<f64>, memory: Option<u64>) -> PyResult<Dependencies> {
        let from = Arc::clone(&self.0);
        let judge = watched(py, (seconds, memory), move |watch| {
            let extract: Extract = isolation::append::extract(&from, watch)?;
            Judge::new(extract, watch)
        })?;
        Ok(Dependencies { judge: Arc::new(judge), keys: self.0.keys.clone() })
    }
}

/// What is known of the transactions of a history: see `isolation::Facts`.
#[pyclass(frozen, module = "dscheck._engine")]
pub struct Facts(pub Arc<isolation::Facts>);

#[pymethods]
impl Facts {
    /// Rows of the history by transaction number; -1 for number 0.
    #[getter]
    fn rows(&self) -> Vec<i64> {
        self.0.row.iter().map(|&row| if row == u32::MAX { -1 } else { i64::from(row) }).collect()
    }

    /// (reader, key, writer), by reader and program order.
    #[getter]
    fn reads(&self) -> Vec<(u32, u32, u32)> {
        self.0.reads.iter().map(|&Read { reader, key, writer, .. }| (reader, key, writer)).collect()
    }

    /// Per key, who wrote it.
    #[getter]
    fn writers(&self) -> Vec<Vec<u32>> {
        self.0.writers.clone()
    }

    /// (key, earlier, later).
    #[getter]
    fn order(&self) -> Vec<(u32, u32, u32)> {
        self.0.order.clone()
    }

    /// Each session's transactions in order.
    #[getter]
    fn sessions(&self) -> Vec<Vec<u32>> {
        self.0.sessions.clone()
    }
}

type StepTuple = (i64, i64, u8, i64);
type CycleTuple = (Vec<StepTuple>, bool, u32);
type FindingTuple = (&'static str, i64, i64, i64, u32, u32);

/// What depends on what in a history, and what is wrong with it.
#[pyclass(frozen, module = "dscheck._engine")]
pub struct Dependencies {
    judge: Arc<Judge>,
    /// Codes of the keys by number.
    keys: Vec<i64>,
}

impl Dependencies {
    fn given(&self, cycle: Cycle) -> CycleTuple {
        let rows = &self.judge.extract.facts.row;
        let steps = cycle.steps.iter().map(|step| {
            let (source, target) = (rows[step.source as usize], rows[step.target as usize]);
            (i64::from(source), i64::from(target), step.kind, self.key(step.key))
        });
        (steps.collect(), cycle.is_shortest, cycle.count)
    }

    fn key(&self, number: u32) -> i64 {
        self.keys.get(number as usize).copied().unwrap_or(crate::histories::NIL)
    }
}

#[pymethods]
impl Dependencies {
    /// The dependencies that follow from facts; `keys` are the codes of the keys by number.
    ///
    /// `predicates` are (row, code of a key) of reads that found a predicate not to match: what replaces those is
    /// a phantom.
    #[staticmethod]
    #[pyo3(signature = (facts, keys, predicates, *, seconds = None, memory = None))]
    fn of_facts(
        facts: &Bound<'_, Facts>,
        keys: Vec<i64>,
        predicates: Vec<(u32, i64)>,
        seconds: Option<f64>,
        memory: Option<u64>,
    ) -> PyResult<Dependencies> {
        let from = Arc::clone(&facts.get().0);
        let numbers: HashMap<i64, u32> = keys.iter().copied().zip(0..).collect();
        let absent: HashSet<(u32, u32)> =
            predicates.iter().filter_map(|&(row, key)| Some((row, *numbers.get(&key)?))).collect();
        let judge = watched(facts.py(), (seconds, memory), move |watch| {
            let mut extract: Extract = isolation::versions::extract(&from, watch)?;
            extract.by_predicate(&absent);
            Judge::new(extract, watch)
        })?;
        Ok(Dependencies { judge: Arc::new(judge), keys })
    }

    /// The same without values.
    #[getter]
    fn facts(&self) -> Facts {
        Facts(Arc::new(self.judge.extract.facts.clone()))
    }

    /// What is wrong without a cycle: (what, key, element, value, row of the reader, other row).
    #[getter]
    fn findings(&self) -> Vec<FindingTuple> {
        let findings = &self.judge.extract.findings;
        findings
            .iter()
            .map(|of| (of.what.name(), self.key(of.key), of.element, of.value, of.rows[0], of.rows[1]))
            .collect()
    }

    /// Reads, reads of unknown writers, keys, keys with a partial version order, ambiguous values.
    #[getter]
    fn coverage(&self) -> (u32, u32, u32, u32, u32) {
        let of = self.judge.extract.coverage;
        (of.reads, of.unknown, of.keys, of.partial, of.ambiguous)
    }

    /// The row whose read shows the order of a key's versions, by the code of the key; -1: none.
    fn evidence(&self, key: i64) -> i64 {
        let number = self.keys.iter().position(|&of| of == key);
        let shown = number.and_then(|at| self.judge.extract.evidence.get(at).copied().flatten());
        shown.map_or(-1, |reader| i64::from(self.judge.extract.facts.row[reader as usize]))
    }

    /// The codes of the keys, by number.
    #[getter]
    fn keys(&self) -> Vec<i64> {
        self.keys.clone()
    }

    /// Edges by kind.
    #[getter]
    fn edges(&self) -> Vec<(u8, usize)> {
        self.judge.counts.clone()
    }

    /// Whether nothing is in a circle, even with sessions and real time.
    #[getter]
    fn acyclic(&self) -> bool {
        self.judge.is_acyclic()
    }

    /// A shortest cycle of a class: (row, row, kind, key) of its edges, whether it is surely a shortest, and how
    /// many places it was found from; None where there is none.
    #[pyo3(signature = (shape, orders, *, seconds = None, memory = None))]
    fn cycle(
        &self,
        py: Python<'_>,
        shape: &str,
        orders: &str,
        seconds: Option<f64>,
        memory: Option<u64>,
    ) -> PyResult<Option<CycleTuple>> {
        let orders = orders_of(orders)?;
        let judge = Arc::clone(&self.judge);
        let sight = match shape {
            "monotonic" => Some(Sight::Before),
            "atomic" => Some(Sight::Direct),
            "causal" => Some(Sight::Chain),
            _ => None,
        };
        let found = match (shape, sight) {
            ("lost-update", _) => watched(py, (seconds, memory), move |watch| judge.lost_update(watch))?,
            (_, Some(sight)) => {
                watched(py, (seconds, memory), move |watch| judge.stale(sight, orders, watch))?
            }
            _ => {
                let class = Class { shape: shape_of(shape)?, orders };
                watched(py, (seconds, memory), move |watch| judge.cycle(class, watch))?
            }
        };
        Ok(found.map(|cycle| self.given(cycle)))
    }
}

fn shape_of(name: &str) -> PyResult<Shape> {
    Ok(match name {
        "G0" => Shape::G0,
        "G1c" => Shape::G1c,
        "G-single" => Shape::Single,
        "G-nonadjacent" => Shape::NonAdjacent,
        "prefix" => Shape::Prefix,
        "G2-item" => Shape::Item,
        "item" => Shape::AnyItem,
        "G2" => Shape::Predicate,
        _ => return Err(PyValueError::new_err(format!("no class of cycles: {name}"))),
    })
}

fn orders_of(name: &str) -> PyResult<Orders> {
    Ok(match name {
        "" => Orders::None,
        "session" => Orders::Sessions,
        "real-time" => Orders::Time,
        _ => return Err(PyValueError::new_err(format!("no order: {name}"))),
    })
}
