//! Lines of a text, and numbers in them.

use super::recording::Malformed;
use crate::histories::{Atom, Pool};

/// More digits than any recording needs, and fewer than Python refuses.
const DIGITS: usize = 1000;

/// The lines of a text with their numbers and offsets.
pub struct Lines<'a> {
    rest: &'a [u8],
    pub number: u64,
    /// Offset of the line that was given last, and of the next one.
    pub byte: u64,
    next: u64,
}

impl<'a> Lines<'a> {
    /// All lines of a text.
    pub fn of(text: &'a [u8]) -> Self {
        let rest = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        let next = (text.len() - rest.len()) as u64;
        Lines { rest, number: 0, byte: 0, next }
    }

    /// That something is wrong with the line that was given last.
    pub fn malformed(&self, what: impl Into<String>) -> Malformed {
        Malformed { what: what.into(), line: self.number, byte: self.byte, file: 0 }
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = &'a [u8];

    /// The next line without what surrounds it.
    fn next(&mut self) -> Option<&'a [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        let end = self.rest.iter().position(|&b| b == b'\n');
        let (line, rest) = match end {
            Some(end) => (&self.rest[..end], &self.rest[end + 1..]),
            None => (self.rest, &self.rest[self.rest.len()..]),
        };
        self.byte = self.next;
        self.next += (self.rest.len() - rest.len()) as u64;
        self.rest = rest;
        self.number += 1;
        Some(line.trim_ascii())
    }
}

/// A decimal integer that fits.
pub fn number(token: &[u8]) -> Option<i64> {
    let (negative, digits) = match token.strip_prefix(b"-") {
        Some(digits) => (true, digits),
        None => (false, token),
    };
    if digits.is_empty() {
        return None;
    }
    let mut value: i64 = 0;
    for &digit in digits {
        let digit = digit.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value.checked_mul(10)?.checked_add(i64::from(digit))?;
    }
    Some(if negative { -value } else { value })
}

/// The code of a decimal integer of any size; None if it is none.
pub fn integer(pool: &mut Pool, token: &[u8]) -> Option<i64> {
    if let Some(value) = number(token) {
        return Some(pool.integer(value));
    }
    let (sign, digits) = match token.strip_prefix(b"-") {
        Some(digits) => ("-", digits),
        None => ("", token),
    };
    if digits.is_empty() || digits.len() > DIGITS || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let digits = std::str::from_utf8(digits).ok()?.trim_start_matches('0');
    let digits = format!("{sign}{digits}");
    match digits.parse::<i64>() {
        Ok(value) => Some(pool.integer(value)),
        Err(_) => Some(pool.atom(Atom::Integer(digits.into()))),
    }
}

/// What is shown of a line in an error.
pub fn shown(line: &[u8]) -> String {
    let text = String::from_utf8_lossy(&line[..line.len().min(60)]).into_owned();
    if line.len() > 60 { format!("{text}...") } else { text }
}
