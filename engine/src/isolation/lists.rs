//! The lists that were read of each key, and the order of versions that they show.

use super::findings::{Extract, Finding, What};
use super::graph::{Dependency, LANE, RW};
use super::transactions::Extracted;
use super::watch::{Stopped, Watch};
use crate::hashing::{FastMap, FastSet};

/// Which append an element is.
#[derive(Clone, Copy, Debug)]
pub struct Owner {
    /// Position among the transactions of its fate.
    pub transaction: u32,
    /// How many elements the transaction appended to the key before.
    pub nth: u32,
    pub is_last: bool,
    pub aborted: bool,
    /// Another transaction appended the same, so nobody knows whose it is.
    pub twice: bool,
}

/// The beginning of a list: what others wrote, without the elements that the reader itself had appended.
///
/// Where those ended up is not known from such a read: until it commits, a transaction may see them behind a
/// version that is no longer the last.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default)]
pub struct List {
    pub code: i64,
    pub length: u32,
}

impl List {
    pub fn items(self, from: &Extracted) -> &[i64] {
        &from.items(self.code)[..self.length as usize]
    }
}

/// The longest list of a key.
#[derive(Clone, Copy, Default)]
pub struct Longest {
    pub list: List,
    /// Position of a committed transaction that read it; None where nobody read the key.
    pub reader: Option<u32>,
}

impl Longest {
    fn length(&self) -> usize {
        self.list.length as usize
    }
}

/// What was read of every key.
pub struct Lists {
    pub longest: Vec<Longest>,
    readers: Vec<(u32, List, u32)>,
    known: FastSet<(u32, List)>,
    /// How far lists agree with the longest one of their key, where they are no prefix of it.
    odd: FastMap<(u32, List), usize>,
    /// Per key: how many elements all lists agree on that have so many.
    trunk: Vec<usize>,
    /// Elements of the longest lists.
    placed: FastSet<(u32, i64)>,
    /// Per key: the writers of the trunk's elements; 0 for none that is known.
    versions: Vec<Vec<u32>>,
    /// Per key and position: the first known writer there or later; 0: none.
    next: Vec<Vec<u32>>,
    /// Per key: who appended last what no list shows.
    rest: Vec<Vec<u32>>,
}

impl Lists {
    pub fn new(keys: usize) -> Lists {
        Lists {
            longest: vec![Longest::default(); keys],
            readers: Vec::new(),
            known: FastSet::default(),
            odd: FastMap::default(),
            trunk: vec![0; keys],
            placed: FastSet::default(),
            versions: vec![Vec::new(); keys],
            next: vec![Vec::new(); keys],
            rest: vec![Vec::new(); keys],
        }
    }

    /// A committed transaction read this list.
    pub fn offer(&mut self, key: u32, list: List, reader: u32) {
        if !self.known.insert((key, list)) {
            return;
        }
        self.readers.push((key, list, reader));
        let longest = &mut self.longest[key as usize];
        if longest.reader.is_none() || list.length > longest.list.length {
            *longest = Longest { list, reader: Some(reader) };
        }
    }

    /// The longest lists, and those that are no prefixes of them.
    pub fn distinct(&self) -> impl Iterator<Item = (u32, List)> + '_ {
        let longest = self.longest.iter().enumerate().filter(|(_, longest)| longest.reader.is_some());
        longest.map(|(key, longest)| (key as u32, longest.list)).chain(self.odd.keys().copied())
    }

    /// Compares every list with the longest one of its key.
    pub fn compare(
        &mut self,
        from: &Extracted,
        owners: &FastMap<(u32, i64), Owner>,
        findings: &mut Vec<Finding>,
        watch: &mut Watch,
    ) -> Result<(), Stopped> {
        for (key, longest) in self.longest.iter().enumerate() {
            let mut seen = FastSet::default();
            let items = longest.list.items(from);
            self.trunk[key] = items.iter().take_while(|&&element| seen.insert(element)).count();
            self.placed.extend(longest.list.items(from).iter().map(|&element| (key as u32, element)));
        }
        for &(key, list, reader) in &self.readers {
            let longest = &self.longest[key as usize];
            let (items, all) = (list.items(from), longest.list.items(from));
            let common = items.iter().zip(all).take_while(|(a, b)| a == b).count();
            watch.tick(1 + common as u64)?;
            if common < items.len() {
                self.odd.insert((key, list), common);
                self.trunk[key as usize] = self.trunk[key as usize].min(common);
                let other = longest.reader.unwrap_or(reader);
                let rows = [from.kept.row[reader as usize], from.kept.row[other as usize]];
                findings.push(Finding::of(What::Incompatible, key, items[common], list.code, rows));
            }
            if common < items.len() || list == longest.list {
                inspect(from, owners, (key, list, reader), findings);
            }
        }
        Ok(())
    }

    /// Write-write dependencies, and who wrote which version.
    pub fn connect(
        &mut self,
        from: &Extracted,
        owners: &FastMap<(u32, i64), Owner>,
        numbers: &[u32],
        found: &mut Extract,
        watch: &mut Watch,
    ) -> Result<(), Stopped> {
        let writer = |key: u32, element: i64| match owners.get(&(key, element)) {
            Some(owner) if !owner.aborted && !owner.twice => numbers[owner.transaction as usize],
            _ => 0,
        };
        let mut odd: Vec<_> = self.odd.keys().copied().collect();
        odd.sort_unstable();
        for (key, list) in odd {
            follow(key, list.items(from).iter().map(|&element| writer(key, element)), found, 0);
        }
        for key in 0..self.longest.len() {
            let items = self.longest[key].list.items(from);
            watch.tick(items.len() as u64)?;
            let all: Vec<u32> = items.iter().map(|&element| writer(key as u32, element)).collect();
            follow(key as u32, all.iter().copied(), found, self.trunk[key]);
            self.versions[key] = all[..self.trunk[key]].to_vec();
            let mut next: Vec<u32> = self.versions[key].clone();
            for at in (1..next.len()).rev() {
                next[at - 1] = if next[at - 1] == 0 { next[at] } else { next[at - 1] };
            }
            self.next[key] = next;
        }
        self.collect_writers(owners, numbers, found);
        Ok(())
    }

    fn collect_writers(&mut self, owners: &FastMap<(u32, i64), Owner>, numbers: &[u32], found: &mut Extract) {
        found.facts.writers = vec![Vec::new(); self.longest.len()];
        found.coverage.keys = self.longest.len() as u32;
        found.coverage.ambiguous = owners.values().filter(|owner| owner.twice).count() as u32;
        let mut last: Vec<(u32, i64, u32, bool)> = owners
            .iter()
            .filter(|(_, owner)| !owner.aborted && owner.is_last && numbers[owner.transaction as usize] != 0)
            .map(|(&(key, element), owner)| (key, element, numbers[owner.transaction as usize], owner.twice))
            .collect();
        last.sort_unstable();
        for (key, element, number, twice) in last {
            found.facts.writers[key as usize].push(number);
            if !twice && !self.placed.contains(&(key, element)) {
                self.rest[key as usize].push(number);
            }
        }
    }

    /// Whether all of a list is in the order that all agree on.
    pub fn fits(&self, key: u32, list: List) -> bool {
        let common = self.odd.get(&(key, list));
        common.is_none() && list.length as usize <= self.trunk[key as usize]
    }

    /// Who replaced a version that was read.
    pub fn overwritten(&self, key: u32, list: List, reader: u32, found: &mut Extract) {
        let length = list.length as usize;
        match self.next[key as usize].get(length) {
            Some(&writer) if writer != 0 => found.overwrote(key, reader, writer),
            _ if self.trunk[key as usize] == self.longest[key as usize].length() => {
                found.ends.push((key, reader));
            }
            _ => {}
        }
    }

    /// Appends that nobody saw came after everything that was read of their key.
    pub fn connect_rest(&self, found: &mut Extract) {
        let mut readers: Vec<Vec<u32>> = vec![Vec::new(); self.rest.len()];
        let mut ends = std::mem::take(&mut found.ends);
        ends.sort_unstable();
        ends.dedup();
        for (key, reader) in ends {
            readers[key as usize].push(reader);
        }
        for (key, rest) in self.rest.iter().enumerate() {
            if self.trunk[key] < self.longest[key].length() || rest.is_empty() {
                found.coverage.partial += u32::from(self.trunk[key] < self.longest[key].length());
                continue;
            }
            found.coverage.partial += u32::from(rest.len() > 1);
            let mut rest = rest.clone();
            rest.sort_unstable();
            rest.dedup();
            let last = self.versions[key].iter().rev().copied().find(|&writer| writer != 0).unwrap_or(0);
            for &writer in &rest {
                found.wrote_unseen(key as u32, last, writer);
                found.facts.order.extend((last != writer).then_some((key as u32, last, writer)));
            }
            connect_ends(key as u32, &readers[key], &rest, found);
        }
    }
}

/// What came after the last version that was read was written after each of its reads.
pub fn connect_ends(key: u32, readers: &[u32], rest: &[u32], found: &mut Extract) {
    // Both are sorted.
    let (both, blind): (Vec<u32>, Vec<u32>) =
        rest.iter().partition(|&writer| readers.binary_search(writer).is_ok());
    let only: Vec<u32> =
        readers.iter().copied().filter(|reader| both.binary_search(reader).is_err()).collect();
    cross(key, readers, &blind, found);
    cross(key, &only, &both, found);
    for pair in both.windows(2) {
        found.overwrote(key, pair[0], pair[1]);
        found.overwrote(key, pair[1], pair[0]);
    }
    if let [first, second, ..] = both[..] {
        let rows = [found.facts.row[first as usize], found.facts.row[second as usize]];
        found.findings.push(Finding::of(What::LostUpdate, key, 0, 0, rows));
    }
}

/// Anti-dependencies from each to each, by a lane where that is shorter.
fn cross(key: u32, readers: &[u32], writers: &[u32], found: &mut Extract) {
    if readers.len().saturating_mul(writers.len()) <= 2 * (readers.len() + writers.len()) {
        for &reader in readers {
            writers.iter().for_each(|&writer| found.overwrote(key, reader, writer));
        }
        return;
    }
    let lane = found.lane();
    let into = readers.iter().map(|&source| Dependency { source, target: lane, kind: RW, key });
    found.dependencies.extend(into);
    let out = writers.iter().map(|&target| Dependency { source: lane, target, kind: LANE, key });
    found.dependencies.extend(out);
}

/// Each writer comes after the one before it; where one may not have happened, also after the one before that.
///
/// So many of them are the order that all reads agree on.
fn follow(key: u32, writers: impl Iterator<Item = u32>, found: &mut Extract, agreed: usize) {
    let (mut before, mut certain) = (0, 0);
    for (at, writer) in writers.enumerate().filter(|&(_, writer)| writer != 0) {
        if writer != before {
            found.wrote_after(key, before, writer);
            found.facts.order.extend((at < agreed).then_some((key, before, writer)));
            if found.certain[writer as usize] && certain != before {
                found.wrote_after(key, certain, writer);
            }
        }
        before = writer;
        certain = if found.certain[writer as usize] { writer } else { certain };
    }
}

/// What is wrong with one list in itself.
fn inspect(
    from: &Extracted,
    owners: &FastMap<(u32, i64), Owner>,
    (key, list, reader): (u32, List, u32),
    findings: &mut Vec<Finding>,
) {
    let row = from.kept.row[reader as usize];
    let mut push =
        |what, element, other| findings.push(Finding::of(what, key, element, list.code, [row, other]));
    let mut next: FastMap<u32, u32> = FastMap::default();
    let mut seen: FastSet<i64> = FastSet::default();
    let mut aborted: Option<(i64, u32)> = None;
    let items = list.items(from);
    let is_clear = !items.iter().any(|&element| owners.get(&(key, element)).is_some_and(|owner| owner.twice));
    for &element in items {
        let Some(owner) = owners.get(&(key, element)) else {
            push(What::Garbage, element, row);
            continue;
        };
        if owner.twice {
            continue;
        }
        if !seen.insert(element) {
            push(What::Duplicate, element, row);
            continue;
        }
        if owner.aborted {
            let by = from.aborted.row[owner.transaction as usize];
            push(What::AbortedRead, element, by);
            aborted = aborted.or(Some((element, by)));
            continue;
        }
        let by = from.kept.row[owner.transaction as usize];
        let expected = next.entry(owner.transaction).or_default();
        if is_clear && *expected != owner.nth {
            push(What::Incompatible, element, by);
        }
        *expected = owner.nth + 1;
        if let Some((_, other)) = aborted.take() {
            push(What::DirtyUpdate, element, other);
        }
    }
}
