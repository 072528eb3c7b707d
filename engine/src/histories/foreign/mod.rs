//! Formats of other tools whose files can be large; `dscheck.histories.formats` documents each.

mod awdit;
mod calls;
mod cobra;
mod dbcop;
mod plume;
mod recording;
mod rows;
mod text;

pub use awdit::read as awdit;
pub use calls::read as calls;
pub use cobra::read as cobra;
pub use dbcop::read as dbcop;
pub use plume::read as plume;
pub use recording::{Malformed, Recording, Watch};
pub use rows::read as rows;
