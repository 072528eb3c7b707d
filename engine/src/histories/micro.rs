//! Micro-operations of transactions: their kinds and their names.

pub const READ: u8 = 0;
pub const WRITE: u8 = 1;
pub const APPEND: u8 = 2;
pub const INCREMENT: u8 = 3;
pub const ADD: u8 = 4;
pub const DELETE: u8 = 5;
pub const SCAN: u8 = 6;

/// The kind of a name: ours, and those that Jepsen's workloads use.
pub fn kind(name: &[u8]) -> Option<u8> {
    match name {
        b"r" | b"read" => Some(READ),
        b"w" | b"write" => Some(WRITE),
        b"append" => Some(APPEND),
        b"inc" | b"increment" => Some(INCREMENT),
        b"add" => Some(ADD),
        b"delete" => Some(DELETE),
        b"scan" => Some(SCAN),
        _ => None,
    }
}
