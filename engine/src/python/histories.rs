//! Readers of histories, as Python calls them.

use crate::histories::{Columns, Feeder, Habits, Order, Shape, Trouble, echoes, keys, micro_sets, sets};
use pyo3::exceptions::{PyException, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};

pyo3::create_exception!(_engine, Unreadable, PyException, "A recording that cannot be read.");

/// Adds them to the module.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<Reader>()?;
    module.add("Unreadable", module.py().get_type::<Unreadable>())
}

/// Reads one recording, which comes in pieces.
#[pyclass(module = "dscheck._engine")]
pub struct Reader {
    feeder: Option<Feeder>,
    habits: Habits,
}

#[pymethods]
impl Reader {
    /// `shape`: json-lines, json, edn or log; `order`: checked, line or time.
    #[new]
    #[pyo3(signature = (shape, *, order = "line", strict = false, jepsen = false, exact = false, truncated = false))]
    fn new(
        shape: &str,
        order: &str,
        strict: bool,
        jepsen: bool,
        exact: bool,
        truncated: bool,
    ) -> PyResult<Self> {
        let shape = match shape {
            "json-lines" => Shape::JsonLines,
            "json" => Shape::Json,
            "edn" => Shape::Edn,
            "log" => Shape::Log,
            _ => return Err(PyValueError::new_err("shape: json-lines, json, edn or log")),
        };
        let order = match order {
            "checked" => Order::Checked,
            "line" => Order::Lines,
            "time" => Order::Times,
            _ => return Err(PyValueError::new_err("order: checked, line or time")),
        };
        let habits = Habits { strict, jepsen, exact };
        let mut feeder = Feeder::new(shape, habits, order);
        feeder.truncated = truncated;
        Ok(Self { feeder: Some(feeder), habits })
    }

    /// The next bytes.
    fn feed(&mut self, py: Python<'_>, piece: &[u8]) -> PyResult<()> {
        let feeder = self.feeder.as_mut().ok_or_else(finished)?;
        py.detach(|| feeder.feed(piece)).map_err(unreadable)
    }

    /// The history, of which there are no more bytes.
    fn finish<'py>(&mut self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let mut feeder = self.feeder.take().ok_or_else(finished)?;
        let habits = self.habits;
        let work = move || {
            feeder.end()?;
            let certain = feeder.tuples;
            let long_names = feeder.recorder.long_names;
            let mut columns = feeder.recorder.finish()?;
            if habits.jepsen {
                keys(&mut columns, certain)?;
            }
            let mut is_set = false;
            if !habits.exact {
                echoes(&mut columns, habits.jepsen);
                is_set = sets(&mut columns);
                micro_sets(&mut columns);
            }
            Ok((columns, long_names, is_set))
        };
        let (columns, long_names, is_set) = py.detach(work).map_err(unreadable)?;
        let found = give(py, columns)?;
        found.set_item("long_names", long_names)?;
        found.set_item("is_set", is_set)?;
        Ok(found)
    }
}

fn finished() -> PyErr {
    PyValueError::new_err("the reader has finished")
}

/// Trouble as an exception: its arguments are the line, what is wrong, and what to do.
pub fn unreadable(trouble: Trouble) -> PyErr {
    Unreadable::new_err((trouble.line, trouble.what, trouble.fix))
}

/// A history as a dictionary: per column its bytes, `functions` and `notes` as lists.  Columns are freed as they
/// are given.
pub fn give(py: Python<'_>, columns: Columns) -> PyResult<Bound<'_, PyDict>> {
    let found = PyDict::new(py);
    let wide = [
        ("process", columns.process),
        ("key", columns.key),
        ("argument", columns.argument),
        ("result", columns.result),
        ("invoked", columns.invoked),
        ("returned", columns.returned),
        ("line", columns.line),
        ("invoke_time", columns.invoke_time),
        ("return_time", columns.return_time),
        ("begin_stamp", columns.begin_stamp),
        ("commit_stamp", columns.commit_stamp),
        ("micro_ends", columns.micro_ends),
        ("micro_key", columns.micro_key),
        ("micro_value", columns.micro_value),
        ("atom_ends", columns.pool.atom_ends),
        ("compound_ends", columns.pool.ends),
        ("items", columns.pool.items),
    ];
    for (name, column) in wide {
        found.set_item(name, words(py, &column)?)?;
    }
    let narrow = [
        ("outcome", columns.outcome),
        ("micro_kind", columns.micro_kind),
        ("atom_kinds", columns.pool.atom_kinds),
        ("atom_bytes", columns.pool.atom_bytes),
        ("compound_kinds", columns.pool.kinds),
    ];
    for (name, column) in narrow {
        found.set_item(name, PyBytes::new(py, &column))?;
    }
    let fill = |out: &mut [u8]| {
        for (into, word) in out.chunks_exact_mut(2).zip(&columns.function) {
            into.copy_from_slice(&word.to_ne_bytes());
        }
        Ok(())
    };
    found.set_item("function", PyBytes::new_with(py, columns.function.len() * 2, fill)?)?;
    found.set_item("functions", &columns.functions)?;
    let notes: Vec<_> =
        columns.notes.iter().map(|n| (n.line, &n.phase, &n.name, n.detail, n.position, n.time)).collect();
    found.set_item("notes", notes)?;
    Ok(found)
}

fn words<'py>(py: Python<'py>, column: &[i64]) -> PyResult<Bound<'py, PyBytes>> {
    PyBytes::new_with(py, column.len() * 8, |out| {
        for (into, word) in out.chunks_exact_mut(8).zip(column) {
            into.copy_from_slice(&word.to_ne_bytes());
        }
        Ok(())
    })
}
