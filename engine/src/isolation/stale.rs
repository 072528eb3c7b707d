//! Reads that a transaction should not have got after what it knew: the levels that are about single reads.
//!
//! With versions in a known order, a level of this kind says: if t2 is visible to t3, then t3 reads t2's version of
//! a key or a later one (the axioms of Biswas and Enea, OOPSLA 2019, where the commit order of writers of a key is
//! their version order).  Versions that nobody read may be in no order among each other.

use super::cycles::Step;
use super::facts::{Facts, Read};
use super::graph::{Graph, NO_KEY, RW, SESSION, TIME, WR, WW};
use super::reach::{Bits, Reach, WORDS};
use super::watch::{Stopped, Watch};
use crate::hashing::FastMap;

/// What is visible to a transaction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sight {
    /// What it has read from before, in program order: monotonic atomic view.
    Before,
    /// What it reads from: read atomic; with sessions and time, what precedes it there as well.
    Direct,
    /// What leads to it by reads and sessions: causal.
    Chain,
}

/// The versions of every key in order.
pub struct Ranks {
    /// (key, writer) to the place of its version; equal for versions whose order is not known.
    of: FastMap<(u32, u32), u32>,
    /// Per writer: (key, place).
    writes: Vec<Vec<(u32, u32)>>,
    /// Per key: writers by place.
    versions: Vec<Vec<(u32, u32)>>,
}

impl Ranks {
    /// `facts.order` names the earlier ones of each key first.  Of a loose key, only its first version is known to
    /// come before all others.
    pub fn new(facts: &Facts, loose: &[bool]) -> Ranks {
        let mut ranks = Ranks {
            of: FastMap::default(),
            writes: vec![Vec::new(); facts.count],
            versions: vec![Vec::new(); facts.writers.len()],
        };
        for &(key, earlier, later) in &facts.order {
            let is_loose = loose.get(key as usize).is_some_and(|&loose| loose);
            let place = if is_loose { 1 } else { 1 + ranks.place(key, earlier) };
            ranks.of.insert((key, later), place);
        }
        for (key, writers) in (0u32..).zip(&facts.writers) {
            writers.iter().for_each(|&writer| {
                ranks.of.entry((key, writer)).or_insert(1);
            });
        }
        for (&(key, writer), &place) in &ranks.of {
            ranks.writes[writer as usize].push((key, place));
            ranks.versions[key as usize].push((place, writer));
        }
        ranks.versions.iter_mut().for_each(|versions| versions.sort_unstable());
        ranks.writes.iter_mut().for_each(|writes| writes.sort_unstable());
        ranks
    }

    fn place(&self, key: u32, writer: u32) -> u32 {
        self.of.get(&(key, writer)).copied().unwrap_or(0)
    }
}

/// Who has read what, by reader.
pub fn by_reader(facts: &Facts) -> impl Iterator<Item = &[Read]> {
    facts.reads.chunk_by(|a, b| a.reader == b.reader)
}

fn step(source: u32, target: u32, kind: u8, key: u32) -> Step {
    Step { source, target, kind, key }
}

/// A read of a version older than one of a transaction that the reader read from, too.
pub fn fractured(
    facts: &Facts,
    ranks: &Ranks,
    sight: Sight,
    watch: &mut Watch,
) -> Result<Option<[Step; 2]>, Stopped> {
    for reads in by_reader(facts) {
        for seen in reads.iter().filter(|seen| seen.writer != 0) {
            let writes = &ranks.writes[seen.writer as usize];
            watch.tick(1 + reads.len().min(writes.len()) as u64)?;
            let bad = |read: &&Read, place: u32| {
                let is_later = sight != Sight::Before || read.at > seen.at;
                is_later && read.writer != seen.writer && place > ranks.place(read.key, read.writer)
            };
            let found = if reads.len() <= writes.len() {
                reads.iter().find(|read| bad(read, ranks.place(read.key, seen.writer)))
            } else {
                // Reads of one transaction are few per key; those of a key are together only in program order.
                writes.iter().find_map(|&(key, place)| {
                    reads.iter().filter(|read| read.key == key).find(|read| bad(read, place))
                })
            };
            if let Some(read) = found {
                let (reader, newer) = (read.reader, seen.writer);
                return Ok(Some([step(reader, newer, RW, read.key), step(newer, reader, WR, seen.key)]));
            }
        }
    }
    Ok(None)
}

/// A read of a version older than one that the reader's own session had written.
pub fn behind_session(facts: &Facts, ranks: &Ranks, watch: &mut Watch) -> Result<Option<[Step; 2]>, Stopped> {
    let starts: FastMap<u32, &[Read]> = by_reader(facts).map(|reads| (reads[0].reader, reads)).collect();
    for session in &facts.sessions {
        let mut newest: FastMap<u32, (u32, u32)> = FastMap::default();
        for &at in session {
            for read in starts.get(&at).copied().unwrap_or_default() {
                watch.tick(1)?;
                if let Some(&(place, newer)) = newest.get(&read.key) {
                    if place > ranks.place(read.key, read.writer) {
                        return Ok(Some([step(at, newer, RW, read.key), step(newer, at, SESSION, NO_KEY)]));
                    }
                }
            }
            for &(key, place) in &ranks.writes[at as usize] {
                let newest = newest.entry(key).or_default();
                *newest = (*newest).max((place, at));
            }
        }
    }
    Ok(None)
}

/// A read of a version older than one that was there, in real time, before the reader began.
pub fn behind_time(facts: &Facts, ranks: &Ranks, watch: &mut Watch) -> Result<Option<[Step; 2]>, Stopped> {
    let mut first: Vec<Vec<(i64, u32)>> = Vec::with_capacity(ranks.versions.len());
    for versions in &ranks.versions {
        let mut suffix: Vec<(i64, u32)> = vec![(i64::MAX, 0); versions.len() + 1];
        for (at, &(_, writer)) in versions.iter().enumerate().rev() {
            suffix[at] = suffix[at + 1].min((facts.returned[writer as usize], writer));
        }
        first.push(suffix);
    }
    for read in &facts.reads {
        watch.tick(1)?;
        let place = ranks.place(read.key, read.writer);
        let versions = &ranks.versions[read.key as usize];
        let later = versions.partition_point(|&(of, _)| of <= place);
        let (returned, newer) = first[read.key as usize][later];
        if returned < facts.invoked[read.reader as usize] {
            let reader = read.reader;
            return Ok(Some([step(reader, newer, RW, read.key), step(newer, reader, TIME, NO_KEY)]));
        }
    }
    Ok(None)
}

/// Two transactions that read the same version of a key, or one that missed the other's, and both replaced it.
pub fn lost_update(facts: &Facts, ranks: &Ranks, watch: &mut Watch) -> Result<Option<[Step; 2]>, Stopped> {
    let before: FastMap<(u32, u32), u32> =
        facts.order.iter().map(|&(key, earlier, later)| ((key, later), earlier)).collect();
    for read in &facts.reads {
        watch.tick(1)?;
        if let Some(&other) = before.get(&(read.key, read.reader)) {
            if ranks.place(read.key, other) > ranks.place(read.key, read.writer) {
                let steps = [step(read.reader, other, RW, read.key), step(other, read.reader, WW, read.key)];
                return Ok(Some(steps));
            }
        }
    }
    Ok(None)
}

/// A read of a version older than one that came before the reader by a chain of reads, sessions and, if the mask
/// says so, real time: causality.  `graph` holds everything that is on a cycle; `origin` its transactions' numbers.
pub fn acausal(
    facts: &Facts,
    ranks: &Ranks,
    (graph, origin): (&Graph, &[u32]),
    mask: u8,
    watch: &mut Watch,
) -> Result<Option<Vec<Step>>, Stopped> {
    let local: FastMap<u32, u32> =
        (0u32..).zip(&origin[..graph.transactions]).map(|(local, &global)| (global, local)).collect();
    let reads: Vec<&[Read]> = by_reader(facts).filter(|reads| local.contains_key(&reads[0].reader)).collect();
    let reach = Reach::new(graph, mask);
    for block in reads.chunks(WORDS * 64) {
        let goals: Vec<u32> = block.iter().map(|reads| local[&reads[0].reader]).collect();
        let mut bits = reach.to(&goals, watch)?;
        // What a transaction writes itself is no reason to have seen it.
        goals.iter().enumerate().for_each(|(bit, &goal)| bits[goal as usize][bit / 64] &= !(1 << (bit % 64)));
        let mut by_key: FastMap<u32, Vec<(u32, usize, u32)>> = FastMap::default();
        for (bit, reads) in block.iter().enumerate() {
            for read in *reads {
                let place = ranks.place(read.key, read.writer);
                by_key.entry(read.key).or_default().push((place, bit, read.reader));
            }
        }
        for (key, mut reads) in by_key {
            reads.sort_unstable_by(|a, b| b.cmp(a));
            let mut newer = ranks.versions[key as usize].iter().rev().peekable();
            let mut all: Bits = [0; WORDS];
            for (place, bit, reader) in reads {
                while let Some(&(_, writer)) = newer.next_if(|&&(of, _)| of > place) {
                    let of = local.get(&writer).map_or([0; WORDS], |&at| bits[at as usize]);
                    all.iter_mut().zip(of).for_each(|(all, of)| *all |= of);
                    watch.tick(WORDS as u64)?;
                }
                if all[bit / 64] >> (bit % 64) & 1 == 1 {
                    return Ok(witness(ranks, (key, place, reader), &local, &bits, bit, &reach));
                }
            }
        }
    }
    Ok(None)
}

fn witness(
    ranks: &Ranks,
    (key, place, reader): (u32, u32, u32),
    local: &FastMap<u32, u32>,
    bits: &[Bits],
    bit: usize,
    reach: &Reach,
) -> Option<Vec<Step>> {
    let reached = |at: u32| bits[at as usize][bit / 64] >> (bit % 64) & 1 == 1;
    let newer = ranks.versions[key as usize].iter().filter(|&&(of, writer)| of > place && writer != reader);
    let paths = newer.filter_map(|(_, writer)| local.get(writer).copied().filter(|&at| reached(at)));
    let shortest = paths.map(|at| (at, reach.path(at, local[&reader]))).min_by_key(|(_, path)| path.len());
    shortest.map(|(at, path)| std::iter::once(step(local[&reader], at, RW, key)).chain(path).collect())
}
