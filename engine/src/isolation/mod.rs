//! Transactions: what they read and wrote, what depends on what, and which levels that leaves.
//!
//! * `transactions`: columns taken apart;
//! * `append`, `lists`, `registers`, `versions`: what the recordings of one data type say;
//! * `facts`: the same without values, which levels are judged by;
//! * `graph`: dependencies, sessions and time as one graph with lanes;
//! * `shapes`, `cycles`, `components`, `reach`, `time`: classes of cycles, and shortest ones;
//! * `stale`: the levels that are about single reads, with versions in a known order; `weak`: without.

pub mod append;
mod budget;
mod components;
pub mod cycles;
mod facts;
mod findings;
pub mod graph;
mod judge;
mod lists;
pub mod polygraph;
mod reach;
pub mod registers;
mod shapes;
mod stale;
pub mod stamps;
mod subset;
mod time;
mod transactions;
pub mod versions;
mod watch;
pub mod weak;

pub use budget::{Budget, Stop};
pub use cycles::Cycle;
pub use facts::{Facts, Read};
pub use findings::Extract;
pub use judge::Judge;
pub use shapes::{Class, Orders, Shape};
pub use stale::Sight;
pub use transactions::{Columns, Extracted, extract};
pub use watch::{Stopped, Watch};
