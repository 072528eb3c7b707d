//! What Python sees of the engine.

mod rules;
mod search;

pub use rules::{Contradiction, Rules};
pub use search::{Report, Search};
