//! Ctrl-C that Python would lose.

use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::prelude::*;

/// In the place of `sys.unraisablehook`, which hears of errors in callbacks, where nobody can catch them.
///
/// Not written in Python: there the new interrupt would be raised within the hook, and be lost again.
#[pyclass(frozen, module = "dscheck._engine")]
pub struct KeepInterrupts {
    /// The hook for all other errors.
    other: Py<PyAny>,
}

#[pymethods]
impl KeepInterrupts {
    #[new]
    fn new(other: Py<PyAny>) -> KeepInterrupts {
        KeepInterrupts { other }
    }

    fn __call__(&self, lost: &Bound<'_, PyAny>) -> PyResult<()> {
        let py = lost.py();
        let kind = lost.getattr("exc_type")?;
        if kind.is(py.get_type::<PyKeyboardInterrupt>()) {
            // SAFETY: it only notes the signal, and may be called from any thread
            unsafe { pyo3::ffi::PyErr_SetInterrupt() };
            return Ok(());
        }
        self.other.call1(py, (lost,)).map(drop)
    }
}
