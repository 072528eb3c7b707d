//! Read atomic: all or nothing of each transaction that was seen (Bailis et al., SIGMOD 2014).

use super::{Base, Budget, Facts, Sink, Stop, Why, Written, by_reader};
use crate::isolation::facts::Read;

const NONE: u32 = u32::MAX;

/// For each read of a key from t1 and each other writer t2 of the key that the reader read from, or that the base
/// order puts before the reader: t2 before t1.  The work for reads is bounded by n^1.5.
pub fn saturate(
    facts: &Facts,
    written: &Written,
    base: Base,
    budget: &mut Budget,
    sink: &mut impl Sink,
) -> Result<(), Stop> {
    let mut first = vec![(NONE, NONE); facts.writers.len()];
    let mut seen = vec![NONE; facts.count];
    for reads in by_reader(facts) {
        budget.check()?;
        let reader = reads[0].reader;
        for at in (0..reads.len() as u32).rev() {
            first[reads[at as usize].key as usize] = (reader, at);
        }
        for read in reads {
            if read.writer != 0 && seen[read.writer as usize] != reader {
                seen[read.writer as usize] = reader;
                overwritten(reads, read.writer, &first, written, sink);
            }
        }
    }
    if base != Base::Nothing {
        after_sessions(facts, written, budget, sink)?;
    }
    if base == Base::Time && facts.timed {
        after_time(facts, budget, sink)?;
    }
    Ok(())
}

/// The reader saw `other`: what it wrote must be older than, or the same as, what was read.
fn overwritten(reads: &[Read], other: u32, first: &[(u32, u32)], written: &Written, sink: &mut impl Sink) {
    let reader = reads[0].reader;
    let keys = written.keys(other);
    let mut common = |read: &Read| {
        if read.writer != other {
            sink.edge(other, read.writer, Why::Overwritten { reader, key: read.key });
        }
    };
    if keys.len() < reads.len() {
        for &key in keys.iter().filter(|&&key| first[key as usize].0 == reader) {
            // a second read of a key is rare, and then from another writer: both must be older
            let from = first[key as usize].1 as usize;
            reads[from..].iter().filter(|read| read.key == key).for_each(&mut common);
        }
    } else {
        reads.iter().filter(|read| written.has(other, read.key)).for_each(common);
    }
}

/// Within a session the last writer of a key is enough: the earlier ones come before it.
fn after_sessions(
    facts: &Facts,
    written: &Written,
    budget: &mut Budget,
    sink: &mut impl Sink,
) -> Result<(), Stop> {
    let mut start = vec![0usize; facts.count + 1];
    for read in &facts.reads {
        start[read.reader as usize + 1] += 1;
    }
    for at in 0..facts.count {
        start[at + 1] += start[at];
    }
    let mut last = vec![(NONE, 0u32); facts.writers.len()];
    for (session, name) in facts.sessions.iter().zip(0u32..) {
        for &number in session {
            budget.check()?;
            for read in &facts.reads[start[number as usize]..start[number as usize + 1]] {
                let (of, other) = last[read.key as usize];
                if of == name && other != read.writer {
                    sink.edge(other, read.writer, Why::Overwritten { reader: number, key: read.key });
                }
            }
            for &key in written.keys(number) {
                last[key as usize] = (name, number);
            }
        }
    }
    Ok(())
}

/// Writers that returned before the reader was invoked, and not before the writer it read from was.
fn after_time(facts: &Facts, budget: &mut Budget, sink: &mut impl Sink) -> Result<(), Stop> {
    let ended: Vec<Vec<(i64, u32)>> = facts
        .writers
        .iter()
        .map(|writers| {
            let mut of: Vec<(i64, u32)> =
                writers.iter().map(|&writer| (facts.returned[writer as usize], writer)).collect();
            of.sort_unstable();
            of
        })
        .collect();
    for read in &facts.reads {
        budget.check()?;
        let (writer, reader) = (read.writer as usize, read.reader as usize);
        let of = &ended[read.key as usize];
        let until = of.partition_point(|&(returned, _)| returned < facts.invoked[reader]);
        for &(returned, other) in of[..until].iter().rev() {
            if returned < facts.invoked[writer] {
                break;
            }
            if other != read.writer {
                let why = Why::Overwritten { reader: read.reader, key: read.key };
                sink.edge(other, read.writer, why);
                if facts.invoked[other as usize] > facts.returned[writer] {
                    break; // already a circle
                }
            }
        }
    }
    Ok(())
}
