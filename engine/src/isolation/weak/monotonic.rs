//! Monotonic atomic view: once a transaction was seen, it stays seen (Bailis et al., VLDB 2014).

use super::{Budget, Facts, Sink, Stop, Why, Written, by_reader};
use crate::isolation::facts::Read;

const NONE: u32 = u32::MAX;

/// For each read from t2 and the reader's next read of a key that t2 wrote, from t1: t2 before t1.
///
/// Reads of the same key later on need no edges of their own: they follow from those between one read of the key
/// and the next.  The keys in common are found from the smaller side, which bounds the work by n^1.5.
pub fn saturate(
    facts: &Facts,
    written: &Written,
    budget: &mut Budget,
    sink: &mut impl Sink,
) -> Result<(), Stop> {
    let mut next = Next { at: vec![NONE; facts.writers.len()], keys: Vec::new() };
    let mut first = vec![(NONE, 0u32); facts.count];
    for reads in by_reader(facts) {
        budget.check()?;
        let reader = reads[0].reader;
        for at in (0..reads.len() as u32).rev() {
            first[reads[at as usize].writer as usize] = (reader, at);
        }
        for at in (0..reads.len() as u32).rev() {
            let read = &reads[at as usize];
            if read.writer != 0 && first[read.writer as usize] == (reader, at) {
                next.overwritten(reads, *read, written, sink);
            } else if read.writer != 0 {
                next.overwritten_key(reads, *read, read.key, sink);
            }
            next.put(read.key, at);
        }
        next.clear();
    }
    Ok(())
}

/// Per key, the next read of it.
struct Next {
    at: Vec<u32>,
    keys: Vec<u32>,
}

impl Next {
    fn put(&mut self, key: u32, at: u32) {
        if self.at[key as usize] == NONE {
            self.keys.push(key);
        }
        self.at[key as usize] = at;
    }

    fn clear(&mut self) {
        for key in self.keys.drain(..) {
            self.at[key as usize] = NONE;
        }
    }

    /// The next read of the key must not be older than what was seen.
    fn overwritten_key(&self, reads: &[Read], seen: Read, key: u32, sink: &mut impl Sink) {
        let at = self.at[key as usize];
        if at != NONE && reads[at as usize].writer != seen.writer {
            let why = Why::Overwritten { reader: seen.reader, key };
            sink.edge(seen.writer, reads[at as usize].writer, why);
        }
    }

    fn overwritten(&self, reads: &[Read], seen: Read, written: &Written, sink: &mut impl Sink) {
        let keys = written.keys(seen.writer);
        let mut common = |key: u32| self.overwritten_key(reads, seen, key, sink);
        if keys.len() <= self.keys.len() {
            keys.iter().for_each(|&key| common(key));
        } else {
            self.keys.iter().filter(|&&key| written.has(seen.writer, key)).for_each(|&key| common(key));
        }
    }
}
