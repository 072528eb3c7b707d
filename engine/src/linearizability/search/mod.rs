//! The general search for an order of operations that a sequential specification allows.
//!
//! * `steps`: what the specification answers, remembered;
//! * `guide`: who is asked for what is unknown, and the limits;
//! * `timeline`: one object's operations as invocations and returns;
//! * `bits`, `configurations`, `sweep`: linearizability, all configurations at once from event to event;
//! * `columns`: a history's operations, numbered by object and class;
//! * `objects`: every key of a history on its own;
//! * `processes`, `program_order`: sequential consistency, in depth.

mod bits;
mod columns;
mod configurations;
mod guide;
mod objects;
mod processes;
mod program_order;
mod steps;
mod sweep;
mod timeline;

pub use columns::{Columns, Operations, View};
pub use guide::{Budget, Guide, Host, Stop};
pub use objects::{explain, judge};
pub use processes::Processes;
pub use program_order::Search as ProgramOrder;
pub use steps::Steps;
