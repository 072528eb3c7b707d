//! Takes a recording piece by piece, and reads as much of it as is complete.

use super::edn::Edn;
use super::json::Json;
use super::log;
use super::operation::{Habits, operation};
use super::recorder::{Order, Recorder};
use super::text::{Syntax, Text};
use super::trouble::Trouble;

/// How operations lie in a file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One JSON object per line.
    JsonLines,
    /// JSON objects in one list, or one after another.
    Json,
    /// EDN maps in one list, or one after another.
    Edn,
    /// Lines of a log, by `jepsen.util`.
    Log,
}

/// Reads a file that comes in pieces.
pub struct Feeder {
    pub recorder: Recorder,
    /// Whether a value was tagged as a key with a value.
    pub tuples: bool,
    /// Whether the last line may be incomplete; it is then left out.
    pub truncated: bool,
    shape: Shape,
    habits: Habits,
    /// What is not complete yet.
    rest: Vec<u8>,
    /// How much there must be before it is worth another attempt.
    enough: usize,
    /// The line of the first byte that has not been read.
    line: u64,
    /// The closing bracket that is still to come, if operations are in a list.
    open: Option<u8>,
    place: Place,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Start,
    /// Before the first operation of a list, or one of its lines.
    Inside,
    /// After an operation.
    After,
    /// After a comma.
    Between,
    Done,
}

impl Feeder {
    /// A reader of a format.
    pub fn new(shape: Shape, habits: Habits, order: Order) -> Self {
        Self {
            recorder: Recorder::new(order),
            tuples: false,
            truncated: false,
            shape,
            habits,
            rest: Vec::new(),
            enough: 0,
            line: 1,
            open: None,
            place: Place::Start,
        }
    }

    /// The next bytes of the file.
    pub fn feed(&mut self, piece: &[u8]) -> Result<(), Trouble> {
        if self.rest.is_empty() {
            return self.take(piece, false).map(|read| self.rest = piece[read..].to_vec());
        }
        self.rest.extend_from_slice(piece);
        if self.rest.len() < self.enough {
            return Ok(());
        }
        self.take_rest(false)
    }

    /// There are no more bytes.
    pub fn end(&mut self) -> Result<(), Trouble> {
        self.take_rest(true)?;
        match self.open {
            Some(close) => {
                let what = format!("the file ends without the closing {}", char::from(close));
                Err(Trouble::line(self.line, what).fix("it may have been cut off while it was written"))
            }
            None => Ok(()),
        }
    }

    fn take_rest(&mut self, last: bool) -> Result<(), Trouble> {
        let mut rest = std::mem::take(&mut self.rest);
        let read = self.take(&rest, last)?;
        rest.drain(..read);
        self.enough = rest.len() * 2;
        self.rest = rest;
        Ok(())
    }

    /// Reads what is complete; how much that was.
    fn take(&mut self, bytes: &[u8], last: bool) -> Result<usize, Trouble> {
        let whole = self.complete(bytes, last)?;
        let skipped = if self.place == Place::Start && whole.starts_with('\u{feff}') { 3 } else { 0 };
        let is_lines = matches!(self.shape, Shape::JsonLines | Shape::Log);
        let mut text = Text::new(whole, last, !is_lines);
        text.at = skipped;
        let read = match self.shape {
            Shape::JsonLines => self.json_lines(&mut text),
            Shape::Log => log::lines(&mut text, &mut self.recorder, &mut self.line),
            Shape::Json => self.operations::<Json>(&mut text),
            Shape::Edn => self.operations::<Edn>(&mut text),
        };
        self.tuples |= text.tuples;
        read
    }

    /// As much of these bytes as is complete lines, or else complete characters; they must be UTF-8.
    fn complete<'a>(&self, bytes: &'a [u8], last: bool) -> Result<&'a str, Trouble> {
        let is_lines = matches!(self.shape, Shape::JsonLines | Shape::Log);
        let whole = match bytes.iter().rposition(|&byte| byte == b'\n') {
            _ if last || !is_lines => bytes.len(),
            Some(at) => at + 1,
            None => 0,
        };
        match std::str::from_utf8(&bytes[..whole]) {
            Ok(text) => Ok(text),
            Err(error) if error.error_len().is_none() && !last && !is_lines => {
                Ok(std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default())
            }
            Err(error) => {
                let line = self.line + newlines(&bytes[..error.valid_up_to()]);
                Err(Trouble::line(line, "bytes that are not UTF-8").fix("recordings are UTF-8 texts"))
            }
        }
    }

    fn json_lines(&mut self, text: &mut Text) -> Result<usize, Trouble> {
        loop {
            let mut begin = text.at;
            let read = loop {
                Json::space(text)?;
                match text.peek() {
                    Some(b'\n') => {
                        text.at += 1;
                        self.line += 1;
                        begin = text.at;
                    }
                    None => return Ok(text.at),
                    Some(_) => break operation::<Json>(text, &mut self.recorder, self.habits, self.line),
                }
            };
            self.place = Place::Inside;
            if self.truncated && matches!(&read, Err(trouble) if trouble.short) {
                return Ok(text.bytes.len());
            }
            let is_operation = read.map_err(|trouble| {
                let trouble = self.placed(trouble, text, begin);
                let fix = "remove that line, or read the file with truncated=True";
                if trouble.short { trouble.fix(fix) } else { trouble }
            })?;
            Json::space(text)?;
            if !is_operation || !matches!(text.peek(), None | Some(b'\n')) {
                let what =
                    if is_operation { "something follows the object" } else { "this is no JSON object" };
                let trouble = Trouble::line(self.line, format!("{what}: {}", text.ahead()));
                return Err(trouble.fix("write one JSON object per line"));
            }
        }
    }

    /// Operations in a list, or one after another, as far as they are complete.
    fn operations<S: Syntax>(&mut self, text: &mut Text) -> Result<usize, Trouble> {
        let mut counted = 0;
        loop {
            let begin = text.at;
            if let Err(trouble) = S::space(text) {
                return self.short_or(trouble, text, begin);
            }
            self.line += newlines(&text.bytes[counted..text.at]);
            counted = text.at;
            if text.at == text.bytes.len() {
                return Ok(text.at);
            }
            let line = self.line;
            match self.step::<S>(text, line) {
                Ok(()) => {}
                Err(trouble) => return self.short_or(trouble, text, counted),
            }
            self.line += newlines(&text.bytes[counted..text.at]);
            counted = text.at;
        }
    }

    /// A bracket, a comma or an operation.
    fn step<S: Syntax>(&mut self, text: &mut Text, line: u64) -> Result<(), Trouble> {
        let next = text.peek().unwrap_or(0);
        match (self.place, next) {
            (Place::Done, _) => {
                return Err(text.wrong(format!("something follows the end: {}", text.ahead())));
            }
            (Place::Start, b'[' | b'(') if S::open_list(text) => {
                self.open = Some(if next == b'[' { b']' } else { b')' });
                self.place = Place::Inside;
                return Ok(());
            }
            (Place::Inside | Place::After, _) if self.open == Some(next) => {
                text.at += 1;
                (self.open, self.place) = (None, Place::Done);
                return Ok(());
            }
            (Place::After, b',') if self.shape == Shape::Json => {
                text.at += 1;
                self.place = Place::Between;
                return Ok(());
            }
            (Place::After, _) if self.shape == Shape::Json && self.open.is_some() => {
                return Err(text.wrong("a comma is missing between two operations"));
            }
            _ => {}
        }
        if !operation::<S>(text, &mut self.recorder, self.habits, line)? {
            return Err(text.wrong(format!("this is no operation: {}", text.ahead())));
        }
        self.place = Place::After;
        Ok(())
    }

    /// Whether trouble only says that more of the text is needed.
    fn short_or(&self, trouble: Trouble, text: &Text, begin: usize) -> Result<usize, Trouble> {
        if trouble.short && !text.last { Ok(begin) } else { Err(self.placed(trouble, text, begin)) }
    }

    fn placed(&self, trouble: Trouble, text: &Text, begin: usize) -> Trouble {
        if trouble.line > 0 {
            return trouble;
        }
        let end = trouble.at.clamp(begin, text.bytes.len());
        Trouble { line: self.line + newlines(&text.bytes[begin..end]), ..trouble }
    }
}

fn newlines(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|&&byte| byte == b'\n').count() as u64
}
