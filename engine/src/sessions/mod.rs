//! Session guarantees, causal variants and staleness on recordings of registers.
//!
//! * `accesses`: reads and writes in columns, each read with the write that it returned;
//! * `graph`: small directed graphs, cycles;
//! * `orders`: what is known of the order of a key's versions;
//! * `guarantees`: read your writes, monotonic reads, monotonic writes, writes follow reads;
//! * `causal`: causal consistency and convergence; `views`: PRAM and causal memory;
//! * `objects`: versions in real time; `zones`: the least time by which reads lag, `depth`: the least number of
//!   versions; `lag`: how stale each read was;
//! * `prefix`: consistent prefix.

mod accesses;
mod causal;
mod depth;
mod graph;
mod guarantees;
mod lag;
mod objects;
mod orders;
mod prefix;
mod views;
mod watch;
mod zones;

pub use accesses::{Accesses, Columns, INITIAL, Lists, NONE};
pub use causal::causal;
pub use depth::{delay, depth};
pub use guarantees::{Guarantee, breaches};
pub use lag::{Lag, time_behind, versions_behind};
pub use objects::{Clock, Object, objects};
pub use orders::{Known, Orders};
pub use prefix::{Prefix, consistent_prefix};
pub use views::{Sight, views};
pub use watch::{Stop, Watch};
pub use zones::{Proof, Range};
