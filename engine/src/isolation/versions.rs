//! Histories of registers: a transaction that read a version of a key and wrote the key installed a later one, so
//! chains of those order the versions (Adya 1999; "mini-transactions", MTC, ICDE 2025).

use super::facts::Facts;
use super::findings::{Coverage, Extract, Finding, What};
use super::lists::connect_ends;
use super::watch::{Stopped, Watch};
use crate::hashing::FastMap;

/// The dependencies that follow from who read from whom; where versions of a key are in one chain, all of them.
pub fn extract(facts: &Facts, watch: &mut Watch) -> Result<Extract, Stopped> {
    let keys = facts.writers.len();
    let mut known: Vec<Vec<(u32, u32)>> = vec![Vec::new(); keys];
    for &(key, earlier, later) in &facts.order {
        known[key as usize].push((earlier, later));
    }
    let mut wrote: Vec<(u32, u32)> = Vec::new();
    for (key, writers) in (0u32..).zip(&facts.writers) {
        wrote.extend(writers.iter().map(|&writer| (writer, key)));
    }
    wrote.sort_unstable();
    let mut readers: Vec<Vec<(u32, u32)>> = vec![Vec::new(); keys];
    for read in &facts.reads {
        readers[read.key as usize].push((read.writer, read.reader));
        if wrote.binary_search(&(read.reader, read.key)).is_ok() && read.writer != read.reader {
            known[read.key as usize].push((read.writer, read.reader));
        }
        watch.tick(1)?;
    }
    let mut found = Extract::new(Facts { order: Vec::new(), ..facts.clone() }, Vec::new());
    found.certain = facts.returned.iter().map(|&returned| returned != i64::MAX).collect();
    found.coverage = Coverage { reads: facts.reads.len() as u32, keys: keys as u32, ..Coverage::default() };
    for read in &facts.reads {
        found.depend(read.key, read.writer, read.reader);
    }
    found.loose = vec![false; keys];
    for key in 0..keys {
        let (pairs, readers) = (&mut known[key], &mut readers[key]);
        pairs.sort_unstable();
        pairs.dedup();
        readers.sort_unstable();
        readers.dedup();
        watch.tick((pairs.len() + readers.len()) as u64)?;
        order_key(key as u32, facts, pairs, readers, &mut found);
    }
    Ok(found)
}

/// The versions of one key: in a chain, or only partly in order.
fn order_key(key: u32, facts: &Facts, pairs: &[(u32, u32)], readers: &[(u32, u32)], found: &mut Extract) {
    let writers = &facts.writers[key as usize];
    match chain(writers, pairs) {
        Some(order) if order.len() == writers.len() => {
            let mut next: FastMap<u32, u32> = FastMap::default();
            for (&later, earlier) in order.iter().zip(std::iter::once(0).chain(order.iter().copied())) {
                found.wrote_unseen(key, earlier, later);
                found.facts.order.push((key, earlier, later));
                next.insert(earlier, later);
            }
            for (read, reader) in readers {
                if let Some(&writer) = next.get(read) {
                    found.overwrote(key, *reader, writer);
                }
            }
            return;
        }
        Some(_) => found.coverage.partial += u32::from(writers.len() > 1),
        None => {
            let rows = [facts.row[pairs[0].1 as usize], facts.row[pairs[pairs.len() - 1].1 as usize]];
            found.findings.push(Finding::of(What::CyclicVersions, key, 0, 0, rows));
        }
    }
    found.loose[key as usize] = true;
    found.facts.order.extend(pairs.iter().map(|&(earlier, later)| (key, earlier, later)));
    for &(earlier, later) in pairs {
        found.wrote_unseen(key, earlier, later);
    }
    let later = |version: u32| {
        let from = pairs.partition_point(|&(earlier, _)| earlier < version);
        pairs[from..].iter().take_while(move |&&(earlier, _)| earlier == version).map(|&(_, later)| later)
    };
    for versions in readers.chunk_by(|a, b| a.0 == b.0) {
        let read: Vec<u32> = versions.iter().map(|&(_, reader)| reader).collect();
        let mut after: Vec<u32> = later(versions[0].0).collect();
        if versions[0].0 == 0 {
            let mut second: Vec<u32> = pairs.iter().filter(|pair| pair.0 != 0).map(|pair| pair.1).collect();
            second.sort_unstable();
            after = writers.iter().copied().filter(|writer| second.binary_search(writer).is_err()).collect();
        }
        after.sort_unstable();
        after.dedup();
        connect_ends(key, &read, &after, found);
    }
}

/// The writers in order, if each is known to come after the one before it; else as far as that goes.  None where
/// they come before each other in a circle.
fn chain(writers: &[u32], pairs: &[(u32, u32)]) -> Option<Vec<u32>> {
    let mut before: FastMap<u32, usize> = writers.iter().map(|&writer| (writer, 0)).collect();
    for (_, later) in pairs.iter().filter(|pair| pair.0 != 0) {
        *before.entry(*later).or_default() += 1;
    }
    let mut ready: Vec<u32> =
        before.iter().filter(|&(_, &count)| count == 0).map(|(&writer, _)| writer).collect();
    let (mut order, mut done, mut is_chain) = (Vec::new(), 0, true);
    while let Some(writer) = ready.pop() {
        is_chain &= ready.is_empty();
        done += 1;
        if is_chain {
            order.push(writer);
        }
        let from = pairs.partition_point(|&(earlier, _)| earlier < writer);
        for (_, later) in pairs[from..].iter().take_while(|pair| pair.0 == writer) {
            let count = before.entry(*later).or_default();
            *count = count.saturating_sub(1);
            if *count == 0 {
                ready.push(*later);
            }
        }
    }
    (done == before.len()).then_some(order)
}
