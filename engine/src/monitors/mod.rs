//! Promises about recorded operations, watched event by event while a model is explored.
//!
//! * `interned`: things as small numbers;
//! * `possibilities`: what may have happened so far if every operation took effect at one moment.

mod interned;
mod possibilities;

pub use possibilities::{Event, Possibilities, Specification, Verdict};
