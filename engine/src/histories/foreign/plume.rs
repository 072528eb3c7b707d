//! `r(key,value,session,transaction)` and `w(...)`, an event a line; the transaction -1 is aborted.
//!
//! A transaction may go on after lines of others; it belongs to the session of its first event.

use std::collections::HashMap;

use super::recording::{FAIL, Malformed, OK, Recording, Watch};
use super::text::{Lines, integer, number, shown};

/// The transaction of everything that was aborted.
const ABORTED: i64 = -1;

/// Reads a whole file.
pub fn read(file: &[u8], watch: &Watch) -> Result<Recording, Malformed> {
    let mut into = Recording::default();
    let mut rows: HashMap<i64, u32> = HashMap::new();
    let mut owner: Vec<u32> = Vec::new();
    let mut last: Option<(i64, i64, u32)> = None;
    let mut lines = Lines::of(file);
    while let Some(line) = lines.next() {
        watch.tick()?;
        if line.is_empty() {
            continue;
        }
        let Some((write, parts)) = event(line) else {
            return Err(lines.malformed(format!("no event such as r(1,2,3,4): {}", shown(line))));
        };
        let key = integer(&mut into.pool, parts[0]);
        let value = integer(&mut into.pool, parts[1]);
        let (Some(key), Some(value), Some(session), Some(id)) =
            (key, value, number(parts[2]), number(parts[3]))
        else {
            return Err(lines.malformed(format!("not four whole numbers: {}", shown(line))));
        };
        if !(ABORTED..1 << 60).contains(&id) || !(-1..1 << 60).contains(&session) {
            return Err(lines.malformed(format!("no number of a session or transaction: {}", shown(line))));
        }
        if id == ABORTED && !write {
            continue; // what an aborted transaction read proves nothing
        }
        let row = match last {
            Some((of, same, row)) if (of, same) == (session, id) => row,
            _ => {
                let next = into.process.len() as u32;
                let row = if id == ABORTED { next } else { *rows.entry(id).or_insert(next) };
                if row == next {
                    let outcome = if id == ABORTED { FAIL } else { OK };
                    into.transaction(session, outcome, lines.number);
                }
                row
            }
        };
        let of = into.process[row as usize];
        if of != session {
            return Err(lines.malformed(format!("transaction {id} is of session {of}, not {session}")));
        }
        last = Some((session, id, row));
        owner.push(row);
        into.kind.push(u8::from(write));
        into.key.push(key);
        into.value.push(value);
    }
    gather(&mut into, &owner);
    Ok(into.only_transactions())
}

/// The parts of one line.
fn event(line: &[u8]) -> Option<(bool, [&[u8]; 4])> {
    let write = match line.first()? {
        b'r' => false,
        b'w' => true,
        _ => return None,
    };
    let inside = line[1..].strip_prefix(b"(")?.strip_suffix(b")")?;
    let mut parts = inside.split(|&b| b == b',');
    let four = [parts.next()?, parts.next()?, parts.next()?, parts.next()?];
    parts.next().is_none().then_some((write, four.map(<[u8]>::trim_ascii)))
}

/// Puts the micro-operations of each transaction together, in the order of the file.
fn gather(into: &mut Recording, owner: &[u32]) {
    let mut ends = vec![0; into.process.len() + 1];
    for &row in owner {
        ends[row as usize + 1] += 1;
    }
    for row in 1..ends.len() {
        ends[row] += ends[row - 1];
    }
    into.offsets = ends.clone();
    if !owner.is_sorted() {
        let mut order = vec![0; owner.len()];
        for (at, &row) in owner.iter().enumerate() {
            order[ends[row as usize] as usize] = at;
            ends[row as usize] += 1;
        }
        into.kind = order.iter().map(|&at| into.kind[at]).collect();
        into.key = order.iter().map(|&at| into.key[at]).collect();
        into.value = order.iter().map(|&at| into.value[at]).collect();
    }
}
