//! The engine of dscheck: it stores, searches and judges at compiled speed, and asks Python when it meets
//! something new.  It knows no protocol, formats nothing and prints nothing.
//!
//! Models:
//! * `rules`: what is known of a model, as decision trees over slots;
//! * `layout`, `patches`: the bits of a state, and outcomes as changes of bits;
//! * `store`: the states found so far;
//! * `expand`: one state, what holds there and what can happen;
//! * `search`: the loop, and what drives it;
//! * `symbolic`: sets of states as decision diagrams;
//! * `monitors`: what clients of a model may expect of the operations that they record.
//!
//! Recordings:
//! * `histories`: values and operations in columns, and the readers that fill them;
//! * `linearizability`: one object that takes one operation at a time, by data type or by search;
//! * `isolation`: transactions, their dependencies and levels;
//! * `sessions`: what clients may expect of reads that lag behind.
//!
//! `hashing` serves them all, and `python` is the only part that knows Python.
#![deny(unsafe_op_in_unsafe_fn)]

mod expand;
mod hashing;
mod histories;
mod isolation;
mod layout;
mod linearizability;
mod monitors;
mod patches;
mod python;
mod rules;
mod search;
mod sessions;
mod store;
mod symbolic;

use pyo3::prelude::*;

#[pymodule]
fn _engine(module: &Bound<'_, PyModule>) -> PyResult<()> {
    python::register(module)
}
