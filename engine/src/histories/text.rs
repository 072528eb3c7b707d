//! A text that is being parsed, and what a syntax has to offer.

use super::Pool;
use super::trouble::Trouble;

/// How deep values may be nested: deeper ones are no data, and would need a deep stack.
pub const DEEPEST: u32 = 100;

/// How many digits an integer may have: as many as Python converts.
pub const LONGEST: usize = 4000;

/// A text, and how far it has been read.
pub struct Text<'a> {
    whole: &'a str,
    pub bytes: &'a [u8],
    pub at: usize,
    /// Whether nothing comes after it.
    pub last: bool,
    /// Whether things may go on in the next line.
    pub lines: bool,
    /// Items of the compounds that are being read.
    pub stack: Vec<i64>,
    /// Whether one of its values was tagged as a key with a value.
    pub tuples: bool,
    /// How many discarded values are being read around this place.
    pub discards: u32,
}

impl<'a> Text<'a> {
    pub fn new(whole: &'a str, last: bool, lines: bool) -> Self {
        Self {
            whole,
            bytes: whole.as_bytes(),
            at: 0,
            last,
            lines,
            stack: Vec::new(),
            tuples: false,
            discards: 0,
        }
    }

    /// The next byte; none at the end.
    #[inline]
    pub fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Goes past a byte, if it is the next.
    #[inline]
    pub fn eat(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    /// Something is wrong here; at the end of the text, it is that the text ends.
    pub fn wrong(&self, what: impl Into<String>) -> Trouble {
        match self.peek() {
            None => Trouble::short(self.at, "the file ends in the middle of an operation")
                .fix("it may have been cut off while it was written: remove what is incomplete"),
            Some(b'\n') if !self.lines => Trouble::at(self.at, "the line ends in the middle of an operation")
                .fix("write one complete JSON object per line"),
            Some(_) => Trouble::at(self.at, what),
        }
    }

    /// What begins here, for messages: up to where a text or a word ends.
    pub fn ahead(&self) -> String {
        let rest = &self.bytes[self.at.min(self.bytes.len())..];
        let line = rest.iter().take(24).take_while(|&&byte| byte != b'\n').count();
        let after = |ends: &[u8]| rest[..line].iter().skip(1).position(|byte| ends.contains(byte));
        let count = match rest[..line].first() {
            Some(b'"') => after(b"\"").map_or(line, |at| at + 2),
            Some(b'[' | b'{' | b'(' | b'#') | None => line,
            Some(_) => after(b",]}) \t\r").map_or(line, |at| at + 1),
        };
        String::from_utf8_lossy(&rest[..count]).trim_end_matches('\u{fffd}').to_owned()
    }

    /// Digits from here on; none if there are none.
    pub fn digits(&mut self) -> &'a [u8] {
        let rest = &self.bytes[self.at..];
        let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += count;
        &rest[..count]
    }

    /// A part of the text.
    pub fn part(&self, begin: usize, end: usize) -> &'a str {
        self.whole.get(begin..end).unwrap_or_default()
    }
}

/// The code of an integer that is written in digits.
pub fn integer(pool: &mut Pool, begin: usize, sign: bool, digits: &[u8]) -> Result<i64, Trouble> {
    if digits.len() <= 17 {
        let value = digits.iter().fold(0, |value, digit| value * 10 + i64::from(digit - b'0'));
        return Ok(if sign { -value } else { value });
    }
    if digits.len() > LONGEST {
        let what = format!("an integer of {} digits; {LONGEST} are the most", digits.len());
        return Err(Trouble::at(begin, what));
    }
    let digits = String::from_utf8_lossy(digits);
    let digits = digits.trim_start_matches('0');
    let digits = if digits.is_empty() { "0" } else { digits };
    let is_negative = sign && digits != "0";
    Ok(pool.digits(&format!("{}{digits}", if is_negative { "-" } else { "" })))
}

/// How operations and their values are written.
pub trait Syntax {
    /// Goes past what separates.
    fn space(text: &mut Text) -> Result<(), Trouble>;
    /// Reads a value; `depth` compounds are open around it.
    fn value(text: &mut Text, pool: &mut Pool, depth: u32) -> Result<i64, Trouble>;
    /// Goes past the opening of a list, if there is one.
    fn open_list(text: &mut Text) -> bool;
    /// Goes past the opening of a map, if there is one.
    fn open_map(text: &mut Text) -> Result<bool, Trouble>;
    /// Goes past what is before the next item of a list or map, or past its end; whether there is an item.
    fn more(text: &mut Text, first: bool) -> Result<bool, Trouble>;
    /// Goes past what is between a key and its value.
    fn colon(text: &mut Text) -> Result<(), Trouble>;
    /// Reads the name of a field, a function, a type: one word without escapes; none if something else is next.
    fn word<'a>(text: &mut Text<'a>) -> Result<Option<&'a str>, Trouble>;
}
