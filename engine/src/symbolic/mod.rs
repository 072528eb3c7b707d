//! Sets of states as decision diagrams, and what steps make of whole sets.
//!
//! * `order`: which slot comes where in a diagram;
//! * `diagram`: the nodes; `sets`, `counting`, `values`: what can be done with them;
//! * `relation`: what footprints ask of a state and do to it, slot by slot, in the order of the diagram;
//! * `product`, `compile`: from one footprint, and from the rules, to relations; `table`: the relations of all rules, by slot and value;
//! * `image`: the states that some relation leads to, or starts from; `saturation`: all that are reachable;
//! * `refinement`: the states of an abstract model beside those that they stand for;
//! * `reorder`: the same sets in another order of slots; `sifting`: in a better one;
//! * `witness`: single states of a set: one that is asked for, one from which a step leads to another.
//!
//! Sets know nothing of Python.  What the rules do not cover comes back as a question.

mod cache;
mod compile;
mod counting;
mod diagram;
mod image;
mod natural;
mod order;
mod product;
mod refinement;
mod relation;
mod reorder;
mod saturation;
mod sets;
mod sifting;
mod space;
mod table;
mod values;
mod witness;

pub use compile::{Judgement, Place, Probe};
pub use diagram::{EMPTY, Id};
pub use natural::Natural;
pub use refinement::Spec;
pub use relation::DONE;
pub use space::{Halt, Space, Watch};
pub use witness::State;
