//! The search engine of dscheck.
//!
//! It stores footprints and states, searches, and asks Python when it meets something new.  It knows no protocol,
//! formats nothing and prints nothing.
//!
//! * `rules`: what is known of a model, as decision trees over slots;
//! * `layout`, `patches`: the bits of a state, and outcomes as changes of bits;
//! * `store`: the states found so far;
//! * `expand`: one state, what holds there and what can happen;
//! * `search`: the loop, and what drives it;
//! * `python`: the only part that knows Python.
#![deny(unsafe_op_in_unsafe_fn)]

mod expand;
mod layout;
mod patches;
mod python;
mod rules;
mod search;
mod store;

use pyo3::prelude::*;

#[pymodule]
fn _engine(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<python::Rules>()?;
    module.add_class::<python::Search>()?;
    module.add_class::<python::Report>()?;
    module.add("Contradiction", module.py().get_type::<python::Contradiction>())
}
