//! Hard limits, checked often enough to hold.

use std::time::Instant;

#[derive(Default, Clone)]
pub struct Limits {
    pub depth: Option<u64>,
    pub states: Option<u64>,
    pub deadline: Option<Instant>,
    /// Bytes of resident memory of the whole process.
    pub memory: Option<u64>,
    /// A state without successors is a finding, unless it is a proper end.
    pub deadlock: bool,
}

/// Resident memory of this process, where the system tells.
#[cfg(target_os = "linux")]
pub fn resident_bytes() -> Option<u64> {
    const PAGE_BYTES: u64 = 4096;
    let pages: u64 =
        std::fs::read_to_string("/proc/self/statm").ok()?.split_whitespace().nth(1)?.parse().ok()?;
    Some(pages * PAGE_BYTES)
}

#[cfg(not(target_os = "linux"))]
pub fn resident_bytes() -> Option<u64> {
    None
}
