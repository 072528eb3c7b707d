//! Whether a recording could come from one object that takes one operation at a time.
//!
//! * `recording`: the operations of one object;
//! * `finding`: what a check by data type found out;
//! * `registers`: registers whose values were each written once, by zones;
//! * `collections`: queues, stacks, priority queues and bags whose values were each put there once;
//! * `evidence`, `elements`: why not, in as few operations as possible;
//! * `by_type`: all objects of a history at once;
//! * `search`: the general search for an order.

pub mod by_type;
mod collections;
mod elements;
pub mod evidence;
pub mod finding;
pub mod recording;
mod registers;
pub mod search;
