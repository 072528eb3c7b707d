//! Readers of the formats of other tools, as Python calls them.

use std::sync::{Mutex, PoisonError};

use pyo3::create_exception;
use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyBytes, PyDict};

use crate::histories::foreign::{self, Malformed, Recording, Watch};

create_exception!(
    _engine,
    MalformedFile,
    PyException,
    "A file is not what it should be: what, line, byte, file."
);

/// Adds them to the module.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("MalformedFile", module.py().get_type::<MalformedFile>())?;
    module.add_function(wrap_pyfunction!(read_foreign, module)?)
}

/// Reads the files of one history in the format of another tool: columns by name, see `Recording`.
#[pyfunction]
fn read_foreign<'py>(
    py: Python<'py>,
    format: &str,
    files: Vec<Bound<'py, PyBytes>>,
) -> PyResult<Bound<'py, PyDict>> {
    let parts: Vec<&[u8]> = files.iter().map(|file| file.as_bytes()).collect();
    let first = parts.first().copied().unwrap_or_default();
    let signal: Mutex<Option<PyErr>> = Mutex::new(None);
    let read = py.detach(|| {
        let go_on = || {
            let raised = Python::attach(|py| py.check_signals()).err();
            let none = raised.is_none();
            *signal.lock().unwrap_or_else(PoisonError::into_inner) = raised;
            none
        };
        let watch = Watch::new(&go_on);
        match format {
            "dbcop" => Some(foreign::dbcop(first, &watch)),
            "plume" => Some(foreign::plume(first, &watch)),
            "awdit" => Some(foreign::awdit(first, &watch)),
            "polylin" => Some(foreign::rows(first, &watch)),
            "limo" => Some(foreign::calls(first, &watch)),
            "cobra" => Some(foreign::cobra(&parts, &watch)),
            _ => None,
        }
    });
    if let Some(raised) = signal.into_inner().unwrap_or_else(PoisonError::into_inner) {
        return Err(raised);
    }
    match read {
        Some(Ok(recording)) => columns(py, recording),
        Some(Err(Malformed { what, line, byte, file })) => {
            Err(MalformedFile::new_err((what, line, byte, file)))
        }
        None => Err(MalformedFile::new_err((format!("no reader of {format}"), 0, 0, 0))),
    }
}

fn columns<'py>(py: Python<'py>, recording: Recording) -> PyResult<Bound<'py, PyDict>> {
    let of = PyDict::new(py);
    let Recording { process, function, outcome, argument, result, invoked, returned, began, ended, .. } =
        &recording;
    let Recording { line, offsets, kind, key, value, names, datatype, notes, pool, .. } = &recording;
    let words = [
        ("process", process),
        ("argument", argument),
        ("result", result),
        ("invoked", invoked),
        ("returned", returned),
        ("began", began),
        ("ended", ended),
        ("line", line),
        ("offsets", offsets),
        ("key", key),
        ("value", value),
    ];
    for (name, column) in words {
        of.set_item(name, bytes_of(py, column)?)?;
    }
    let function: Vec<u8> = function.iter().flat_map(|number| number.to_ne_bytes()).collect();
    of.set_item("function", PyByteArray::new(py, &function))?;
    of.set_item("outcome", PyByteArray::new(py, outcome))?;
    of.set_item("kind", PyByteArray::new(py, kind))?;
    of.set_item("names", names)?;
    of.set_item("datatype", datatype)?;
    of.set_item("notes", notes)?;
    of.set_item("atom_kinds", PyBytes::new(py, &pool.atom_kinds))?;
    of.set_item("atom_ends", bytes_of(py, &pool.atom_ends)?)?;
    of.set_item("atom_bytes", PyBytes::new(py, &pool.atom_bytes))?;
    Ok(of)
}

/// A column as bytes that numpy can take as they are.
fn bytes_of<'py>(py: Python<'py>, column: &[i64]) -> PyResult<Bound<'py, PyByteArray>> {
    PyByteArray::new_with(py, 8 * column.len(), |bytes| {
        for (place, word) in bytes.chunks_exact_mut(8).zip(column) {
            place.copy_from_slice(&word.to_ne_bytes());
        }
        Ok(())
    })
}
