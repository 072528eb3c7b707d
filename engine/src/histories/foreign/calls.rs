//! Calls and returns as Violin and LiMo log them, an event a line; a call without a return is pending,
//! even where its thread goes on.
//!
//!     # @object atomic-queue
//!     [1] call enq(a)
//!     [1] return
//!     [2] call deq
//!     [2] return empty
//!
//! `crash` ends all threads: what is pending then stays so.

use std::collections::HashMap;

use super::recording::{INFO, Malformed, NEVER, OK, Recording, Watch};
use super::text::{Lines, integer, number, shown};
use crate::histories::{Atom, NIL};

/// Data types as the logs and as we call them.
const OBJECTS: [(&str, &str); 6] = [
    ("queue", "queue"),
    ("stack", "stack"),
    ("set", "set"),
    ("deque", "deque"),
    ("priority-queue", "priority-queue"),
    ("pqueue", "priority-queue"),
];

/// What a call is named in the logs and here, and whether it brings a value.
const CALLS: [(&str, &str, bool); 17] = [
    ("enq", "enqueue", true),
    ("enqueue", "enqueue", true),
    ("deq", "dequeue", false),
    ("dequeue", "dequeue", false),
    ("push", "push", true),
    ("pop", "pop", false),
    ("peek", "peek", false),
    ("top", "peek", false),
    ("contains", "contains", true),
    ("push_front", "push_front", true),
    ("push_back", "push_back", true),
    ("pop_front", "pop_front", false),
    ("pop_back", "pop_back", false),
    ("peek_front", "peek_front", false),
    ("peek_back", "peek_back", false),
    ("insert", "insert", true),
    ("poll", "poll", false),
];

/// A queue's and a stack's, in some logs.
const QUEUE_CALLS: [(&str, &str, bool); 2] = [("add", "enqueue", true), ("remove", "dequeue", false)];
const STACK_CALLS: [(&str, &str, bool); 2] = [("add", "push", true), ("remove", "pop", false)];
/// A set's.
const SET_CALLS: [(&str, &str, bool); 3] =
    [("add", "add", true), ("insert", "add", true), ("remove", "remove", true)];

struct Pending {
    row: usize,
    takes: bool,
    /// Some logs say at the call what it will return.
    told: Option<i64>,
}

/// Reads a whole file.
pub fn read(file: &[u8], watch: &Watch) -> Result<Recording, Malformed> {
    let mut into = Recording::default();
    let mut pending: HashMap<i64, Pending> = HashMap::new();
    let mut moment = 0;
    let mut given_up = 0;
    let mut lines = Lines::of(file);
    while let Some(line) = lines.next() {
        watch.tick()?;
        if line.is_empty() {
            continue;
        }
        if let Some(comment) = line.strip_prefix(b"#") {
            if let Some(name) = comment.trim_ascii_start().strip_prefix(b"@object") {
                into.datatype = object(name).ok_or_else(|| {
                    lines.malformed(format!("an object that is not known: {}", shown(name.trim_ascii())))
                })?;
            }
            continue;
        }
        if line == b"crash" {
            pending.clear();
            continue;
        }
        let wrong = || lines.malformed(format!("no event such as `[1] call push(2)`: {}", shown(line)));
        let (thread, event, rest) = parts(line).ok_or_else(wrong)?;
        if event == b"call" {
            let asked = call(&mut into, thread, rest).map_err(|what| lines.malformed(what))?;
            into.line.push(lines.number as i64);
            into.invoked.push(moment);
            given_up += u64::from(pending.insert(thread, asked).is_some());
        } else if event == b"return" {
            let Some(asked) = pending.remove(&thread) else {
                return Err(lines.malformed(format!("thread {thread} returns, and has not called")));
            };
            let told = value(&mut into, rest).map_err(|what| lines.malformed(what))?;
            into.outcome[asked.row] = OK;
            into.returned[asked.row] = moment;
            if !asked.takes
                || matches!(into.names[into.function[asked.row] as usize], "contains" | "add" | "remove")
            {
                into.result[asked.row] = told.or(asked.told).unwrap_or(NIL);
            }
        } else {
            return Err(wrong());
        }
        moment += 1;
    }
    into.note("calls given up", given_up);
    into.offsets = vec![0; into.process.len() + 1];
    Ok(into)
}

/// Our name of a data type.
fn object(name: &[u8]) -> Option<String> {
    let name = std::str::from_utf8(name.trim_ascii()).ok()?;
    let name = name.strip_prefix("atomic-").unwrap_or(name);
    let found = OBJECTS.iter().find(|(known, _)| *known == name);
    found.map(|(_, ours)| (*ours).to_owned())
}

/// The thread, `call` or `return`, and the rest of a line.
fn parts(line: &[u8]) -> Option<(i64, &[u8], &[u8])> {
    let line = line.strip_prefix(b"[")?;
    let close = line.iter().position(|&b| b == b']')?;
    let thread = number(&line[..close]).filter(|&thread| (0..1 << 60).contains(&thread))?;
    let rest = line[close + 1..].trim_ascii_start();
    let end = rest.iter().position(u8::is_ascii_whitespace).unwrap_or(rest.len());
    Some((thread, &rest[..end], rest[end..].trim_ascii()))
}

fn call(into: &mut Recording, thread: i64, text: &[u8]) -> Result<Pending, String> {
    let end = text.iter().position(|b| !b.is_ascii_alphabetic() && *b != b'_').unwrap_or(text.len());
    let name = String::from_utf8_lossy(&text[..end]).to_ascii_lowercase();
    let special: &[_] = match into.datatype.as_str() {
        "queue" => &QUEUE_CALLS,
        "stack" => &STACK_CALLS,
        "set" => &SET_CALLS,
        _ => &[],
    };
    let found = special.iter().chain(&CALLS).find(|(known, _, _)| *known == name);
    let &(_, ours, takes) = found.ok_or_else(|| format!("a call that is not known: {}", shown(text)))?;
    let argument = value(into, &text[end..])?;
    if takes && argument.is_none() {
        return Err(format!("{name} needs a value"));
    }
    let function = into.named(ours);
    into.process.push(thread);
    into.function.push(function);
    into.outcome.push(INFO);
    into.argument.push(if takes { argument.unwrap_or(NIL) } else { NIL });
    into.result.push(NIL);
    into.returned.push(NEVER);
    Ok(Pending { row: into.process.len() - 1, takes, told: if takes { None } else { argument } })
}

/// The code of a value in any number of parentheses; None for none, `empty` among them.
fn value(into: &mut Recording, text: &[u8]) -> Result<Option<i64>, String> {
    let mut token = text.trim_ascii();
    while let Some(inside) = token.strip_prefix(b"(") {
        let Some(inside) = inside.strip_suffix(b")") else {
            return Err(format!("a parenthesis that does not close: {}", shown(text)));
        };
        token = inside.trim_ascii();
    }
    match token {
        b"" | b"empty" | b"Empty" => return Ok(None),
        b"true" => return Ok(Some(into.pool.atom(Atom::Bool(true)))),
        b"false" => return Ok(Some(into.pool.atom(Atom::Bool(false)))),
        _ => {}
    }
    if let Some(code) = integer(&mut into.pool, token) {
        return Ok(Some(code));
    }
    if token.iter().any(|b| b"() \t".contains(b)) {
        return Err(format!("not one value: {}", shown(text)));
    }
    let text = std::str::from_utf8(token).map_err(|_| "a value that is not UTF-8".to_owned())?;
    Ok(Some(into.pool.atom(Atom::Text(text.into()))))
}
