//! dbcop's histories, as the crate `bincode` 1 writes them: little-endian, lengths in 64 bits, no padding.
//!
//!     history     = id nodes variables transactions events : u64, info start end : string, sessions
//!     session     = transactions, transaction = events, success : bool
//!     event       = write : bool, variable : u64, value : u64, success : bool
//!
//! A transaction without success is aborted.  In a successful one, an event without success did not happen;
//! its writes become an aborted transaction of their own, so that a read of one is seen for what it is.

use super::recording::{FAIL, Malformed, OK, Recording, Watch};

/// Bytes of an event, and the least of a transaction and of a session.
const EVENT: u64 = 18;
const TRANSACTION: u64 = 9;
const SESSION: u64 = 8;

struct Bytes<'a> {
    all: &'a [u8],
    at: usize,
}

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], Malformed> {
        let from = self.at;
        let end = from.checked_add(count).filter(|&end| end <= self.all.len());
        let end = end.ok_or_else(|| self.malformed("the file ends in the middle of a value"))?;
        self.at = end;
        Ok(&self.all[from..end])
    }

    fn u64(&mut self) -> Result<u64, Malformed> {
        let mut word = [0; 8];
        word.copy_from_slice(self.take(8)?);
        Ok(u64::from_le_bytes(word))
    }

    fn bool(&mut self) -> Result<bool, Malformed> {
        match self.take(1)?[0] {
            0 => Ok(false),
            1 => Ok(true),
            other => {
                self.at -= 1;
                Err(self.malformed(&format!("a truth value is 0 or 1, and this byte is {other}")))
            }
        }
    }

    /// A number of things of at least so many bytes each: never more than the rest of the file can hold.
    fn length(&mut self, least: u64, of: &str) -> Result<u64, Malformed> {
        let length = self.u64()?;
        let rest = (self.all.len() - self.at) as u64;
        if length > rest / least {
            self.at -= 8;
            return Err(
                self.malformed(&format!("{length} {of} do not fit into the {rest} bytes that follow"))
            );
        }
        Ok(length)
    }

    fn text(&mut self) -> Result<(), Malformed> {
        let length = self.length(1, "bytes of a text")?;
        let from = self.at;
        let text = self.take(length as usize)?;
        if std::str::from_utf8(text).is_err() {
            self.at = from;
            return Err(self.malformed("a text is not UTF-8"));
        }
        Ok(())
    }

    fn malformed(&self, what: &str) -> Malformed {
        Malformed { what: what.into(), line: 0, byte: self.at as u64, file: 0 }
    }
}

/// Reads a whole file.
pub fn read(file: &[u8], watch: &Watch) -> Result<Recording, Malformed> {
    let mut bytes = Bytes { all: file, at: 0 };
    let mut into = Recording::default();
    for _ in 0..5 {
        bytes.u64()?;
    }
    for _ in ["info", "start", "end"] {
        bytes.text()?;
    }
    let mut failed = Vec::new();
    into.offsets.push(0);
    let mut number = 0;
    for session in 0..bytes.length(SESSION, "sessions")? {
        for _ in 0..bytes.length(TRANSACTION, "transactions")? {
            watch.tick()?;
            number += 1;
            transaction(&mut bytes, &mut into, session as i64, number, &mut failed)?;
        }
    }
    if bytes.at < file.len() {
        let rest = file.len() - bytes.at;
        return Err(bytes.malformed(&format!("{rest} bytes follow the last session")));
    }
    Ok(into.only_transactions())
}

fn transaction(
    bytes: &mut Bytes,
    into: &mut Recording,
    session: i64,
    number: u64,
    failed: &mut Vec<(i64, i64)>,
) -> Result<(), Malformed> {
    failed.clear();
    let first = into.kind.len();
    for _ in 0..bytes.length(EVENT, "events")? {
        let write = bytes.bool()?;
        let (variable, value) = (bytes.u64()?, bytes.u64()?);
        let success = bytes.bool()?;
        let (key, value) = (into.unsigned(variable), into.unsigned(value));
        if success {
            into.kind.push(u8::from(write));
            into.key.push(key);
            into.value.push(value);
        } else if write {
            failed.push((key, value));
        }
    }
    let success = bytes.bool()?;
    if success && (into.kind.len() > first || failed.is_empty()) {
        into.transaction(session, OK, number);
        into.offsets.push(into.kind.len() as i64);
    }
    if !success || !failed.is_empty() {
        for &(key, value) in failed.iter() {
            into.kind.push(1);
            into.key.push(key);
            into.value.push(value);
        }
        into.transaction(session, FAIL, number);
        into.offsets.push(into.kind.len() as i64);
    }
    Ok(())
}
