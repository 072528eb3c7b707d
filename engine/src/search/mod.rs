//! Searches: one loop that works, learns and works again, and two ways to choose what to look at next.

mod block;
mod breadth_first;
mod image;
mod judgement;
mod limits;
mod newcomers;
mod report;
mod session;
mod space;
mod task;
mod walks;

pub use breadth_first::BreadthFirst;
pub use image::Image;
pub use limits::{Limits, resident_bytes};
pub use report::{Report, Step, Stop};
pub use session::{Halt, Host, Progress, Session, Which};
pub use space::Space;
pub use walks::run as walks;
