//! PolyLin's rows: `# queue`, then an operation a line as method, value, start and end; all have returned.
//!
//! The value -1 means that the object was empty.  A set's rows have the boolean result after the value.  There are
//! no processes: each operation has its own.  Where one ends at the time that another starts, PolyLin takes the
//! first to be over (only for sets it does not), and so do we.

use super::recording::{Malformed, OK, Recording, Watch};
use super::text::{Lines, integer, number, shown};
use crate::histories::{Atom, NIL};

/// Data types: PolyLin's name, ours, and its methods with ours and whether they bring the value.
type Methods = &'static [(&'static str, &'static str, bool)];
const OBJECTS: [(&str, &str, Methods); 5] = [
    ("queue", "queue", &[("enq", "enqueue", true), ("deq", "dequeue", false), ("peek", "peek", false)]),
    ("stack", "stack", &[("push", "push", true), ("pop", "pop", false), ("peek", "peek", false)]),
    (
        "pqueue",
        "priority-queue",
        &[("insert", "insert", true), ("poll", "poll", false), ("peek", "peek", false)],
    ),
    ("set", "set", &[("insert", "add", true), ("remove", "remove", true), ("contains", "contains", true)]),
    (
        "deque",
        "deque",
        &[
            ("push_front", "push_front", true),
            ("push_back", "push_back", true),
            ("pop_front", "pop_front", false),
            ("pop_back", "pop_back", false),
            ("peek_front", "peek_front", false),
            ("peek_back", "peek_back", false),
        ],
    ),
];

/// Reads a whole file.
pub fn read(file: &[u8], watch: &Watch) -> Result<Recording, Malformed> {
    let mut into = Recording::default();
    let mut methods: Methods = &[];
    let mut lines = Lines::of(file);
    while let Some(line) = lines.next() {
        watch.tick()?;
        if let Some(header) = line.strip_prefix(b"#") {
            if methods.is_empty() {
                let name = header.trim_ascii();
                let known = OBJECTS.iter().find(|(theirs, _, _)| theirs.as_bytes() == name);
                let Some(&(_, ours, of)) = known else {
                    return Err(lines.malformed(format!("a data type that is not known: {}", shown(name))));
                };
                into.datatype = ours.to_owned();
                methods = of;
            }
        } else if !line.is_empty() {
            if methods.is_empty() {
                return Err(lines.malformed("an operation before the data type, such as `# queue`"));
            }
            row(&mut into, methods, line).map_err(|what| lines.malformed(what))?;
            into.line.push(lines.number as i64);
        }
    }
    if methods.is_empty() {
        return Err(lines.malformed("no data type, such as `# queue`"));
    }
    let order = place(&mut into);
    sort(&mut into, &order);
    into.offsets = vec![0; into.process.len() + 1];
    Ok(into)
}

fn row(into: &mut Recording, methods: Methods, line: &[u8]) -> Result<(), String> {
    let mut parts = line.split(u8::is_ascii_whitespace).filter(|part| !part.is_empty());
    let name = parts.next().unwrap_or_default();
    let found = methods.iter().find(|(theirs, _, _)| theirs.as_bytes() == name);
    let &(_, ours, takes) =
        found.ok_or_else(|| format!("no method of a {}: {}", into.datatype, shown(line)))?;
    let value = parts.next().and_then(|part| integer(&mut into.pool, part));
    let told = if into.datatype == "set" { Some(parts.next().and_then(truth)) } else { None };
    let began = parts.next().and_then(number);
    let ended = parts.next().and_then(number);
    let (Some(value), Some(began), Some(ended), None) = (value, began, ended, parts.next()) else {
        return Err(format!("not method, value, start and end: {}", shown(line)));
    };
    if began < 0 || ended < began || ended == i64::MAX {
        return Err(format!("it ends before it starts, or before time does: {}", shown(line)));
    }
    let result = match told {
        None if takes || value == -1 => NIL,
        None => value,
        Some(Some(truth)) => into.pool.atom(Atom::Bool(truth)),
        Some(None) => {
            return Err(format!("not method, value, result (0 or 1), start and end: {}", shown(line)));
        }
    };
    let function = into.named(ours);
    into.process.push(into.process.len() as i64);
    into.function.push(function);
    into.outcome.push(OK);
    into.argument.push(if takes { value } else { NIL });
    into.result.push(result);
    into.began.push(began);
    into.ended.push(ended);
    Ok(())
}

fn truth(token: &[u8]) -> Option<bool> {
    match token {
        b"0" | b"false" => Some(false),
        b"1" | b"true" => Some(true),
        _ => None,
    }
}

/// Gives all invocations and returns their positions; the rows in the order of invocation.
fn place(into: &mut Recording) -> Vec<u32> {
    let count = into.began.len();
    let closed = into.datatype == "set";
    let mut moments = Vec::with_capacity(2 * count);
    for row in 0..count {
        // at one time: returns, then what lasts no time, then invocations; or, for sets, returns at the end
        let brief = into.began[row] == into.ended[row];
        let (invoked, returned) = if closed {
            (0, 1)
        } else if brief {
            (1, 2)
        } else {
            (3, 0)
        };
        moments.push((into.began[row], invoked << 40 | (row as u64) << 1));
        moments.push((into.ended[row], returned << 40 | (row as u64) << 1 | 1));
    }
    moments.sort_unstable();
    into.invoked = vec![0; count];
    into.returned = vec![0; count];
    let mut order = Vec::with_capacity(count);
    for (position, (_, moment)) in moments.into_iter().enumerate() {
        let row = (moment >> 1 & 0xff_ffff_ffff_u64 >> 1) as usize;
        if moment & 1 == 0 {
            into.invoked[row] = position as i64;
            order.push(row as u32);
        } else {
            into.returned[row] = position as i64;
        }
    }
    order
}

fn sort(into: &mut Recording, order: &[u32]) {
    if order.is_sorted() {
        return;
    }
    let columns = [
        &mut into.argument,
        &mut into.result,
        &mut into.invoked,
        &mut into.returned,
        &mut into.began,
        &mut into.ended,
        &mut into.line,
    ];
    for column in columns {
        *column = order.iter().map(|&row| column[row as usize]).collect();
    }
    into.function = order.iter().map(|&row| into.function[row as usize]).collect();
}
