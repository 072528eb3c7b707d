//! Recordings in columns: the pool of values, and the readers that must be fast.
//!
//! * `table`, `pool`: values and their codes;
//! * `columns`: a history;
//! * `lanes`, `recorder`, `arrange`: from events to operations, and what no recording can tell;
//! * `text`, `json`, `edn`, `operation`, `log`, `feed`: from bytes to events;
//! * `settle`: what a recording means by its values;
//! * `foreign`: formats of other checkers.

mod arrange;
mod columns;
mod edn;
mod feed;
pub mod foreign;
mod json;
mod lanes;
mod log;
mod micro;
mod operation;
mod pool;
mod recorder;
mod settle;
mod show;
mod table;
mod text;
mod trouble;

pub use columns::Columns;
pub use feed::{Feeder, Shape};
pub use operation::Habits;
pub use pool::{ATOM_BASE, Atom, COMPOUND_BASE, NIL, Pool};
pub use recorder::Order;
pub use settle::{echoes, keys, micro_sets, sets};
pub use trouble::Trouble;
