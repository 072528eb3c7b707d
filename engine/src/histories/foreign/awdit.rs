//! AWDIT's test text: an event a line (`r key value`, `w key value`), transactions between lines of `-`,
//! sessions between lines of `=`.

use super::recording::{Malformed, OK, Recording, Watch};
use super::text::{Lines, integer, shown};

/// Reads a whole file.
pub fn read(file: &[u8], watch: &Watch) -> Result<Recording, Malformed> {
    let mut into = Recording::default();
    let mut session = 0;
    let mut inside = false;
    let mut lines = Lines::of(file);
    into.offsets.push(0);
    while let Some(line) = lines.next() {
        watch.tick()?;
        let separator =
            line.first().filter(|first| b"-=".contains(first) && line.iter().all(|b| b == *first));
        if let Some(separator) = separator {
            if inside {
                into.offsets.push(into.kind.len() as i64);
            }
            inside = false;
            session += i64::from(*separator == b'=');
            continue;
        }
        if line.is_empty() {
            continue;
        }
        let mut parts = line.split(u8::is_ascii_whitespace).filter(|part| !part.is_empty());
        let kind = match parts.next() {
            Some(b"r") => 0,
            Some(b"w") => 1,
            _ => return Err(lines.malformed(format!("no event such as `r 1 2`: {}", shown(line)))),
        };
        let key = parts.next().and_then(|part| integer(&mut into.pool, part));
        let value = parts.next().and_then(|part| integer(&mut into.pool, part));
        let (Some(key), Some(value), None) = (key, value, parts.next()) else {
            return Err(
                lines.malformed(format!("an event has a key and a value, two numbers: {}", shown(line)))
            );
        };
        if !inside {
            into.transaction(session, OK, lines.number);
            inside = true;
        }
        into.kind.push(kind);
        into.key.push(key);
        into.value.push(value);
    }
    if inside {
        into.offsets.push(into.kind.len() as i64);
    }
    Ok(into.only_transactions())
}
