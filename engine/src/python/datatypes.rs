//! Near-linear checks by data type, as Python calls them.

use std::cell::{Cell, OnceCell};
use std::time::{Duration, Instant};

use pyo3::buffer::PyBuffer;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::linearizability::by_type::{Compounds, DataType, Judgement, Order, Plan, Row, objects};
use crate::linearizability::recording::{OPEN, Role};

const FAIL: u8 = 1;
const INFO: u8 = 2;
/// Between two looks at signals.
const PAUSE: Duration = Duration::from_millis(50);

/// Key, number of operations, verdict (0 accepted, 1 violated, 2 not applicable), rule or obstacle, its rows; of a
/// violation also the rows of a part that shows it, whether that is minimal, and the row that decides.
type Judged = (i64, usize, u8, u8, Vec<u32>, Vec<u32>, bool, u32);

/// The columns of a history, in the order of `near_linear`'s argument.
type ColumnBuffers =
    (PyBuffer<u16>, PyBuffer<u8>, PyBuffer<i64>, PyBuffer<i64>, PyBuffer<i64>, PyBuffer<i64>, PyBuffer<i64>);

/// Adds them to the module.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(near_linear, module)?)
}

/// Judges every object of a history by its data type: see `_engine.pyi`.
#[pyfunction]
#[pyo3(signature = (data_type, columns, roles, *, rows=None, initial, yes, no, items, offsets, evidence=true, seconds=None))]
#[expect(clippy::too_many_arguments)]
fn near_linear(
    py: Python<'_>,
    data_type: &str,
    columns: ColumnBuffers,
    roles: Vec<i8>,
    rows: Option<PyBuffer<i64>>,
    initial: i64,
    yes: i64,
    no: i64,
    items: PyBuffer<i64>,
    offsets: PyBuffer<i64>,
    evidence: bool,
    seconds: Option<f64>,
) -> PyResult<Vec<Judged>> {
    let (items, offsets) = (items.to_vec(py)?, offsets.to_vec(py)?);
    let roles = roles.into_iter().map(role).collect();
    let data_type = data_type_of(data_type)?;
    let plan = Plan {
        data_type,
        roles,
        initial,
        yes,
        no,
        compounds: Compounds { items: &items, offsets: &offsets },
        with_evidence: evidence,
    };
    let columns = Columns::new(py, &columns)?;
    let rows = rows.map(|rows| rows.to_vec(py)).transpose()?;
    if rows.iter().flatten().any(|&at| usize::try_from(at).map_or(true, |at| at >= columns.len())) {
        return Err(PyValueError::new_err("a row that the history does not have"));
    }
    let deadline = deadline(seconds)?;
    py.detach(|| {
        let interrupted = OnceCell::new();
        let last = Cell::new(Instant::now());
        let clock = || {
            let now = Instant::now();
            if now.duration_since(last.get()) >= PAUSE {
                last.set(now);
                if let Err(error) = Python::attach(|py| py.check_signals()) {
                    let _ = interrupted.set(error);
                }
            }
            interrupted.get().is_none() && deadline.is_none_or(|deadline| now < deadline)
        };
        let found = match rows {
            None => objects((0..columns.len()).filter_map(|at| columns.row(at)), &plan),
            Some(rows) => objects(rows.iter().filter_map(|&at| columns.row(at as usize)), &plan),
        };
        let found =
            found.into_iter().map(|mut object| judged(object.key, object.len(), object.judge(&plan, &clock)));
        let found = found.collect();
        interrupted.into_inner().map_or(Ok(found), Err)
    })
}

fn deadline(seconds: Option<f64>) -> PyResult<Option<Instant>> {
    let Some(seconds) = seconds else { return Ok(None) };
    let wrong = |_| PyValueError::new_err("seconds: not a span of time");
    Ok(Instant::now().checked_add(Duration::try_from_secs_f64(seconds).map_err(wrong)?))
}

fn data_type_of(name: &str) -> PyResult<DataType> {
    match name {
        "register" => Ok(DataType::Register),
        "set" => Ok(DataType::Set),
        "lock" => Ok(DataType::Lock),
        "queue" => Ok(DataType::Collection(Order::Queue)),
        "bag" => Ok(DataType::Collection(Order::Bag)),
        "stack" => Ok(DataType::Collection(Order::Stack)),
        "greatest" => Ok(DataType::Collection(Order::Greatest)),
        "least" => Ok(DataType::Collection(Order::Least)),
        _ => Err(PyValueError::new_err(format!("no near-linear check of a {name}"))),
    }
}

fn role(number: i8) -> Option<Role> {
    let roles = [Role::Look, Role::Put, Role::Take, Role::Swap, Role::Scan];
    roles.get(usize::try_from(number).ok()?).copied()
}

fn judged(key: i64, count: usize, judgement: Judgement) -> Judged {
    let (verdict, why, rows) = match judgement {
        Judgement::Accepted => (0, 0, Vec::new()),
        Judgement::NotApplicable(obstacle, rows) => (2, obstacle as u8, rows),
        Judgement::Violated(found) => {
            let rule = found.rule as u8;
            return (key, count, 1, rule, found.rows, found.members, found.is_minimal, found.decisive);
        }
    };
    (key, count, verdict, why, rows, Vec::new(), false, OPEN)
}

/// The columns, all of one length.
struct Columns {
    function: Vec<u16>,
    outcome: Vec<u8>,
    key: Vec<i64>,
    argument: Vec<i64>,
    result: Vec<i64>,
    invoked: Vec<i64>,
    returned: Vec<i64>,
}

impl Columns {
    fn new(py: Python<'_>, buffers: &ColumnBuffers) -> PyResult<Columns> {
        let columns = Columns {
            function: buffers.0.to_vec(py)?,
            outcome: buffers.1.to_vec(py)?,
            key: buffers.2.to_vec(py)?,
            argument: buffers.3.to_vec(py)?,
            result: buffers.4.to_vec(py)?,
            invoked: buffers.5.to_vec(py)?,
            returned: buffers.6.to_vec(py)?,
        };
        let lengths = [columns.outcome.len(), columns.key.len(), columns.argument.len()];
        let others = [columns.result.len(), columns.invoked.len(), columns.returned.len()];
        if lengths.iter().chain(&others).any(|&length| length != columns.len()) {
            return Err(PyValueError::new_err("columns of different lengths"));
        }
        Ok(columns)
    }

    fn len(&self) -> usize {
        self.function.len()
    }

    /// A row, if it may have happened.
    fn row(&self, at: usize) -> Option<Row> {
        let outcome = self.outcome[at];
        (outcome != FAIL).then(|| Row {
            number: at as u32,
            function: self.function[at],
            is_pending: outcome == INFO,
            key: self.key[at],
            argument: self.argument[at],
            result: self.result[at],
            invoked: self.invoked[at],
            returned: if outcome == INFO { i64::MAX } else { self.returned[at] },
        })
    }
}
