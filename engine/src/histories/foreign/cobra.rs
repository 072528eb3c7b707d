//! Cobra's logs: one file per session, records of big-endian 64-bit words behind a letter.
//!
//!     S transaction                            begins
//!     W write key value                        keys and values are hashes
//!     R writing-transaction write key value
//!     C transaction                            commits;  A transaction  aborts
//!
//! Cobra numbers its writes, so that the number serves as the value.  Where a client gave all writes one number,
//! the hash of the value does.  Reads of the initial transaction, or of nothing, have numbers of their own.

use std::collections::HashSet;

use super::recording::{FAIL, INFO, Malformed, OK, Recording, Watch};
use crate::histories::NIL;

const INITIAL: i64 = 0xbebe_ebee;
const NOTHING: i64 = 0xdead_beef;
/// The number of every write, where writes have none of their own.
const UNNUMBERED: i64 = 0xabdd_efee;
/// What Cobra's garbage collection reads and writes.
const FENCES: [i64; 2] = [0x2333_2333, 0x6666_6666];

/// A read whose writer is to be looked up when all files are known.
struct Source {
    transaction: i64,
    key: i64,
    value: i64,
}

#[derive(Default)]
struct Log {
    into: Recording,
    known: HashSet<i64>,
    sources: Vec<Source>,
    fences: u64,
}

/// Reads the files of all sessions.
pub fn read(files: &[&[u8]], watch: &Watch) -> Result<Recording, Malformed> {
    let mut log = Log::default();
    log.into.offsets.push(0);
    for (number, file) in files.iter().enumerate() {
        session(&mut log, file, number, watch).map_err(|wrong| Malformed { file: number, ..wrong })?;
    }
    let mut written = HashSet::new();
    for at in (0..log.into.kind.len()).filter(|&at| log.into.kind[at] == 1) {
        written.insert((log.into.key[at], log.into.value[at]));
    }
    let known = |id| id != UNNUMBERED && log.known.contains(&id);
    let elsewhere = log
        .sources
        .iter()
        .filter(|read| !known(read.transaction) && !written.contains(&(read.key, read.value)));
    let elsewhere = elsewhere.count() as u64;
    log.into.note("reads of other files", elsewhere);
    log.into.note("fence reads", log.fences);
    Ok(log.into.only_transactions())
}

fn session(log: &mut Log, file: &[u8], session: usize, watch: &Watch) -> Result<(), Malformed> {
    let mut at = 0;
    let mut open: Option<i64> = None;
    while at < file.len() {
        watch.tick()?;
        let malformed = |what: String| Malformed { what, line: 0, byte: at as u64, file: 0 };
        let letter = file[at];
        let words = match letter {
            b'S' | b'C' | b'A' => 1,
            b'W' => 3,
            b'R' => 4,
            other => return Err(malformed(format!("no record begins with the byte {other}"))),
        };
        let Some(record) = file.get(at + 1..at + 1 + 8 * words) else {
            return Err(malformed("the file ends in the middle of a record".into()));
        };
        let word = |number: usize| {
            let mut bytes = [0; 8];
            bytes.copy_from_slice(&record[8 * number..8 * number + 8]);
            i64::from_be_bytes(bytes)
        };
        match (letter, open) {
            (b'S', None) => {
                log.into.transaction(session as i64, INFO, at as u64);
                if !log.known.insert(word(0)) {
                    return Err(malformed(format!("transaction {} begins twice", word(0))));
                }
                open = Some(word(0));
            }
            (b'S', Some(id)) => return Err(malformed(format!("transaction {id} has not ended"))),
            (_, None) => return Err(malformed("outside of a transaction".into())),
            (b'W', _) => write(log, word(0), word(1), word(2)),
            (b'R', _) => observe(log, [word(0), word(1), word(2), word(3)]),
            (_, Some(id)) if word(0) != id => {
                return Err(malformed(format!("transaction {} ends inside of {id}", word(0))));
            }
            (end, _) => {
                let row = log.into.outcome.len() - 1;
                log.into.outcome[row] = if end == b'C' { OK } else { FAIL };
                log.into.offsets.push(log.into.kind.len() as i64);
                open = None;
            }
        }
        at += 1 + 8 * words;
    }
    if open.is_some() {
        log.into.offsets.push(log.into.kind.len() as i64);
        log.into.note("transactions without an end", 1);
    }
    Ok(())
}

fn write(log: &mut Log, number: i64, key: i64, value: i64) {
    let (key, value) = (log.into.pool.integer(key), log.into.pool.integer(distinct(number, value)));
    log.into.kind.push(1);
    log.into.key.push(key);
    log.into.value.push(value);
}

fn observe(log: &mut Log, [transaction, number, key, value]: [i64; 4]) {
    let initial = |id| id == INITIAL || id == NOTHING;
    if transaction == INITIAL && FENCES.contains(&number) {
        log.fences += 1;
        return;
    }
    let key = log.into.pool.integer(key);
    let nothing = initial(transaction) && initial(number);
    let value = if nothing { NIL } else { log.into.pool.integer(distinct(number, value)) };
    if !nothing {
        log.sources.push(Source { transaction, key, value });
    }
    log.into.kind.push(0);
    log.into.key.push(key);
    log.into.value.push(value);
}

/// What tells one write of a key from another.
fn distinct(number: i64, value: i64) -> i64 {
    if number == UNNUMBERED { value } else { number }
}
