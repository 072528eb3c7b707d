//! Reads and writes of a recording, in columns; each read with the write whose value it returned.

use std::collections::HashSet;

use crate::hashing::FastMap;

/// No access.
pub const NONE: u32 = u32::MAX;
/// The source of a read that returned the value before the first write.
pub const INITIAL: u32 = u32::MAX - 1;

/// Bits of a flag.
const PENDING: u8 = 1;
const SHADOWED: u8 = 2;
const CHAINED: u8 = 4;
const RIDER: u8 = 8;
const DIFFERS: u8 = 16;

/// Pairs of accesses.
type Pairs = Vec<(u32, u32)>;

/// What Python gives: one entry per access, sessions one after the other, each in its order.
#[derive(Default)]
pub struct Columns {
    pub session: Vec<u32>,
    /// The access before it in session order, or NONE.
    pub before: Vec<u32>,
    pub write: Vec<u8>,
    /// PENDING: may not have happened; SHADOWED: its own transaction overwrites it; CHAINED: the write of a
    /// compare-and-set whose read is `before`; RIDER: the read of a compare-and-set that may not have happened,
    /// the next access is its write; DIFFERS: a read that says only which value it did not return.
    pub flags: Vec<u8>,
    pub key: Vec<i64>,
    pub value: Vec<i64>,
    /// Of a read of a list: which list, or -1.
    pub list: Vec<i64>,
    pub row: Vec<u32>,
    pub begin: Vec<i64>,
    pub end: Vec<i64>,
    pub started: Vec<i64>,
    pub ended: Vec<i64>,
    /// Certain order of writes, beyond what reads say.
    pub evidence: Vec<(u32, u32)>,
    /// How many units of `started` and `ended` are a nanosecond; what is smaller puts one instant in order.
    pub tick: i64,
    /// The value of every key before its first write.
    pub initial: i64,
    /// Whether a key's only value without a writer may be its initial one.
    pub infer: bool,
    /// Whether reads that may stem from several writes are given one of them, rather than left out.
    pub guess: bool,
}

impl Columns {
    /// Whether all columns have one length, and all numbers name something; what is wrong otherwise.
    pub fn check(&self, lists: &Lists) -> Result<(), &'static str> {
        let count = self.session.len();
        let lengths = [
            self.before.len(),
            self.write.len(),
            self.flags.len(),
            self.key.len(),
            self.value.len(),
            self.list.len(),
            self.row.len(),
            self.begin.len(),
            self.end.len(),
            self.started.len(),
            self.ended.len(),
        ];
        if lengths.iter().any(|&length| length != count) || count >= INITIAL as usize {
            return Err("columns differ in length, or are too long");
        }
        let named = |at: u32| (at as usize) < count;
        let ridden = |at: usize| self.flags[at] & RIDER == 0 || (at + 1 < count && self.write[at + 1] != 0);
        if self.tick < 1 {
            return Err("a nanosecond is no less than one unit");
        }
        let known = self.list.iter().all(|&list| list < 0 || (list as usize + 1) < lists.offsets.len());
        let ends = lists.offsets.windows(2).all(|pair| pair[0] <= pair[1])
            && lists.offsets.first().is_none_or(|&first| first >= 0)
            && lists.offsets.last().is_none_or(|&last| last as usize <= lists.items.len());
        let earlier = (0..count).all(|at| self.before[at] == NONE || named(self.before[at]));
        let chained = |at: usize| self.flags[at] & CHAINED == 0 || named(self.before[at]);
        let writes = |at: u32| named(at) && self.write[at as usize] != 0;
        let evident = self.evidence.iter().all(|&(a, b)| writes(a) && writes(b));
        let grouped = self.session.windows(2).all(|pair| pair[0] <= pair[1]);
        if known && ends && earlier && evident && grouped && (0..count).all(|at| chained(at) && ridden(at)) {
            Ok(())
        } else {
            Err("a number of the columns names nothing")
        }
    }
}

/// The lists that reads returned.
#[derive(Default)]
pub struct Lists {
    pub offsets: Vec<i64>,
    pub items: Vec<i64>,
}

impl Lists {
    fn items(&self, list: i64) -> &[i64] {
        &self.items[self.offsets[list as usize] as usize..self.offsets[list as usize + 1] as usize]
    }
}

/// A write that nobody saw and that may not have happened.
pub struct Maybe {
    pub key: u32,
    pub begin: i64,
    pub started: i64,
}

/// The accesses that count: writes that happened, reads whose source is known.
#[derive(Default)]
pub struct Accesses {
    /// Number among the columns that were given; ascending, so that equal sessions are adjacent and in order.
    pub origin: Vec<u32>,
    pub row: Vec<u32>,
    pub session: Vec<u32>,
    pub before: Vec<u32>,
    pub write: Vec<bool>,
    pub key: Vec<u32>,
    /// Of a read: the write, or INITIAL; of a write NONE.
    pub source: Vec<u32>,
    pub begin: Vec<i64>,
    pub end: Vec<i64>,
    pub started: Vec<i64>,
    pub ended: Vec<i64>,
    pub shadowed: Vec<bool>,
    pub sessions: usize,
    pub keys: usize,
    /// (earlier, later) writes of one key.
    pub evidence: Vec<(u32, u32)>,
    /// Writes of lists: what a read saw beyond its source: (write, read).
    pub seen: Vec<(u32, u32)>,
    /// Per key: whether its lists give a total order of all that was read.
    pub listed: Vec<bool>,
    /// Appends that no list contains though their key is `listed`: they come after those, in an order not known.
    pub loose: Vec<bool>,
    /// Per key: whether its lists contradict each other.
    pub torn: Vec<bool>,
    pub maybe: Vec<Maybe>,
    /// As in `Columns`.
    pub tick: i64,
    /// Reads (numbers as in `origin`) of values that nobody wrote, and of values that several wrote.
    pub thin: Vec<u32>,
    pub ambiguous: Vec<u32>,
    /// Keys whose initial value was inferred.
    pub inferred: usize,
}

type Writers = FastMap<(u32, i64), u32>;

struct Sources {
    key: Vec<u32>,
    keys: usize,
    writers: Writers,
    several: FastMap<(u32, i64), Vec<u32>>,
    source: Vec<u32>,
    thin: Vec<u32>,
    ambiguous: Vec<u32>,
    inferred: usize,
}

impl Sources {
    fn of(columns: &Columns) -> Sources {
        let mut dense = FastMap::<i64, u32>::default();
        let mut key = Vec::with_capacity(columns.key.len());
        for &code in &columns.key {
            let next = dense.len() as u32;
            key.push(*dense.entry(code).or_insert(next));
        }
        let mut writers = Writers::with_capacity_and_hasher(columns.key.len() / 2, Default::default());
        let mut several = FastMap::<(u32, i64), Vec<u32>>::default();
        for at in (0..key.len()).filter(|&at| columns.write[at] != 0) {
            let version = (key[at], columns.value[at]);
            let first = *writers.entry(version).or_insert(at as u32);
            if columns.value[at] == columns.initial {
                several.entry(version).or_insert_with(|| vec![INITIAL]).push(at as u32);
            } else if first != at as u32 {
                several.entry(version).or_insert_with(|| vec![first]).push(at as u32);
            }
        }
        let count = key.len();
        let keys = dense.len();
        let source = vec![NONE; count];
        let mut all =
            Sources { key, keys, writers, several, source, thin: vec![], ambiguous: vec![], inferred: 0 };
        all.resolve(columns);
        all
    }

    fn resolve(&mut self, columns: &Columns) {
        let mut by_key = Vec::new();
        for at in (0..self.key.len()).filter(|&at| columns.write[at] == 0) {
            if columns.flags[at] & DIFFERS != 0 {
                match self.other(columns, at, &mut by_key) {
                    None => self.thin.push(at as u32),
                    Some(source) => {
                        self.ambiguous.push(at as u32);
                        self.source[at] = if columns.guess { source } else { NONE };
                    }
                }
                continue;
            }
            let version = (self.key[at], columns.value[at]);
            // a compare-and-set did not find what it wrote itself
            let own = columns.flags.get(at + 1).is_some_and(|flags| flags & CHAINED != 0);
            let other = |write: u32| !own || write as usize != at + 1;
            if !self.several.is_empty()
                && let Some(candidates) = self.several.get(&version)
            {
                let candidates: Vec<u32> = candidates.iter().copied().filter(|&write| other(write)).collect();
                if candidates.len() > 1 {
                    self.ambiguous.push(at as u32);
                }
                if candidates.len() == 1 || columns.guess {
                    self.source[at] = likely(columns, &candidates, columns.end[at]);
                }
            } else if columns.value[at] == columns.initial {
                self.source[at] = INITIAL;
            } else if let Some(&writer) = self.writers.get(&version).filter(|&&writer| other(writer)) {
                self.source[at] = writer;
            } else {
                self.thin.push(at as u32);
            }
        }
    }

    /// For a read that did not return its value: the last write of another one that was invoked before it
    /// returned; if there is none, the initial value, or the first write that differs.
    fn other(&self, columns: &Columns, at: usize, by_key: &mut Vec<Vec<u32>>) -> Option<u32> {
        if by_key.is_empty() {
            by_key.resize(self.keys, Vec::new());
            for write in (0..self.key.len()).filter(|&at| columns.write[at] != 0) {
                by_key[self.key[write] as usize].push(write as u32);
            }
            by_key.iter_mut().for_each(|writes| writes.sort_by_key(|&write| columns.begin[write as usize]));
        }
        let writes = &by_key[self.key[at] as usize];
        let invoked = writes.partition_point(|&write| columns.begin[write as usize] < columns.end[at]);
        let differs = |write: &&u32| columns.value[**write as usize] != columns.value[at];
        let initial = Some(INITIAL).filter(|_| columns.value[at] != columns.initial);
        let before = writes[..invoked].iter().rev().find(differs).copied();
        before.or(initial).or_else(|| writes[invoked..].iter().find(differs).copied())
    }

    /// Writes that somebody read; a compare-and-set that nobody saw may not have happened, so it saw nothing.
    fn observed(&self, columns: &Columns) -> Vec<bool> {
        let mut observed = vec![false; self.key.len()];
        let rides = |at: usize| columns.flags[at] & RIDER != 0;
        let told = (0..self.key.len()).filter(|&at| !rides(at)).map(|at| self.source[at]);
        let mut todo: Vec<u32> = told.filter(|&source| source < INITIAL).collect();
        while let Some(write) = todo.pop() {
            if !std::mem::replace(&mut observed[write as usize], true)
                && write > 0
                && rides(write as usize - 1)
            {
                todo.extend(Some(self.source[write as usize - 1]).filter(|&source| source < INITIAL));
            }
        }
        observed
    }

    /// A transaction of which one write was seen happened, with all of its writes.
    fn complete(columns: &Columns, observed: &mut [bool]) {
        let mut start = 0;
        while start < observed.len() {
            let row = columns.row[start];
            let length = columns.row[start..].iter().take_while(|&&other| other == row).count();
            let inside = start..start + length;
            if observed[inside.clone()].contains(&true) {
                inside.filter(|&at| columns.write[at] != 0).for_each(|at| observed[at] = true);
            }
            start += length;
        }
    }

    /// Where nothing says otherwise, a key's only value without a writer is what it held before.
    fn infer(&mut self, columns: &Columns) {
        let mut only = FastMap::<u32, Option<i64>>::default();
        for &at in self.thin.iter().filter(|&&at| columns.flags[at as usize] & DIFFERS == 0) {
            let value = columns.value[at as usize];
            let known = only.entry(self.key[at as usize]).or_insert(Some(value));
            if *known != Some(value) {
                *known = None;
            }
        }
        if only.is_empty() {
            return;
        }
        for at in (0..self.key.len()).filter(|&at| self.source[at] == INITIAL) {
            only.insert(self.key[at], None);
        }
        let (key, source) = (&self.key, &mut self.source);
        self.thin.retain(|&at| {
            let inferred = only.get(&key[at as usize]).is_some_and(Option::is_some);
            if inferred {
                source[at as usize] = INITIAL;
            }
            !inferred
        });
        self.inferred = only.values().filter(|value| value.is_some()).count();
    }
}

/// Of several possible writers the one that was invoked last before the read returned.
fn likely(columns: &Columns, candidates: &[u32], end: i64) -> u32 {
    let begin = |&write: &u32| if write == INITIAL { i64::MIN } else { columns.begin[write as usize] };
    let before = candidates.iter().filter(|write| begin(write) < end).max_by_key(|write| begin(write));
    *before.unwrap_or(&candidates[0])
}

impl Accesses {
    /// What counts of the columns.
    pub fn of(columns: &Columns, lists: &Lists) -> Accesses {
        let mut sources = Sources::of(columns);
        let count = columns.key.len();
        let mut observed = sources.observed(columns);
        let rides = |at: usize| columns.flags[at] & RIDER != 0;
        let counts = |&at: &u32| !rides(at as usize) || observed[at as usize + 1];
        sources.thin.retain(counts);
        sources.ambiguous.retain(counts);
        if columns.infer {
            sources.infer(columns);
        }
        let mut all = Accesses { keys: sources.keys, tick: columns.tick, ..Accesses::default() };
        let (evidence, seen) = all.read_lists(columns, lists, &sources, &mut observed);
        Sources::complete(columns, &mut observed);
        let mut place = vec![NONE; count];
        for at in 0..count {
            let write = columns.write[at] != 0;
            let pending = columns.flags[at] & PENDING != 0;
            if write && pending && !observed[at] {
                let (key, begin, started) = (sources.key[at], columns.begin[at], columns.started[at]);
                all.maybe.push(Maybe { key, begin, started });
            } else if write || (sources.source[at] != NONE && (!rides(at) || observed[at + 1])) {
                place[at] = all.origin.len() as u32;
                all.origin.push(at as u32);
            }
        }
        all.fill(columns, &sources, &place);
        all.loose = all.origin.iter().map(|&at| all.loose[at as usize]).collect();
        let known = |&(first, second): &(u32, u32)| {
            let pair = (place[first as usize], place[second as usize]);
            (pair.0 != NONE && pair.1 != NONE).then_some(pair)
        };
        all.evidence.extend(columns.evidence.iter().filter_map(known));
        all.evidence.extend(evidence.iter().filter_map(known));
        all.seen.extend(seen.iter().filter_map(known));
        all.thin = std::mem::take(&mut sources.thin);
        all.ambiguous = std::mem::take(&mut sources.ambiguous);
        all.inferred = sources.inferred;
        all
    }

    fn fill(&mut self, columns: &Columns, sources: &Sources, place: &[u32]) {
        let placed = |at: u32| if at >= INITIAL { at } else { place[at as usize] };
        for &origin in &self.origin {
            let at = origin as usize;
            let mut before = columns.before[at];
            while before != NONE && place[before as usize] == NONE {
                before = columns.before[before as usize];
            }
            self.before.push(placed(before));
            self.source.push(placed(sources.source[at]));
            self.row.push(columns.row[at]);
            self.session.push(columns.session[at]);
            self.write.push(columns.write[at] != 0);
            self.key.push(sources.key[at]);
            self.begin.push(columns.begin[at]);
            self.end.push(columns.end[at]);
            self.started.push(columns.started[at]);
            self.ended.push(columns.ended[at]);
            self.shadowed.push(columns.flags[at] & SHADOWED != 0);
        }
        self.sessions = columns.session.iter().max().map_or(0, |&last| last as usize + 1);
        for at in (0..self.origin.len()).filter(|&at| self.write[at]) {
            if columns.flags[self.origin[at] as usize] & CHAINED != 0 {
                let read = place[columns.before[self.origin[at] as usize] as usize];
                if read != NONE && !self.write[read as usize] && self.source[read as usize] < INITIAL {
                    self.evidence.push((self.source[read as usize], at as u32));
                }
            }
        }
    }

    /// What lists say of the order of appends; everything inside them was observed.
    fn read_lists(
        &mut self,
        columns: &Columns,
        lists: &Lists,
        sources: &Sources,
        observed: &mut [bool],
    ) -> (Pairs, Pairs) {
        self.listed = vec![false; self.keys];
        self.torn = vec![false; self.keys];
        self.loose = vec![false; columns.key.len()];
        let mut longest = vec![-1i64; self.keys];
        let mut seen = Vec::new();
        let mut length_seen = FastMap::<(u32, u32), usize>::default();
        for at in (0..columns.list.len()).filter(|&at| columns.list[at] >= 0 && sources.source[at] != NONE) {
            let key = sources.key[at] as usize;
            let items = lists.items(columns.list[at]);
            if longest[key] < 0 || items.len() > lists.items(longest[key]).len() {
                longest[key] = columns.list[at];
            }
            let known = length_seen.entry((columns.session[at], key as u32)).or_insert(0);
            for &item in items.iter().skip(*known) {
                if let Some(&write) = sources.writers.get(&(key as u32, item)) {
                    seen.push((write, at as u32));
                    observed[write as usize] = true;
                }
            }
            *known = items.len().max(*known);
        }
        let mut compared = HashSet::new();
        let mut chains: Vec<(usize, i64)> =
            (0..self.keys).filter(|&key| longest[key] >= 0).map(|key| (key, longest[key])).collect();
        for at in (0..columns.list.len()).filter(|&at| columns.list[at] >= 0 && sources.source[at] != NONE) {
            let key = sources.key[at] as usize;
            if columns.list[at] != longest[key] && compared.insert((key, columns.list[at])) {
                let items = lists.items(columns.list[at]);
                if !lists.items(longest[key]).starts_with(items) {
                    self.torn[key] = true;
                    chains.push((key, columns.list[at]));
                }
            }
        }
        let mut evidence = Vec::new();
        let mut last = vec![NONE; self.keys];
        let mut inside = vec![false; columns.key.len()];
        for &(key, list) in &chains {
            let writers = &sources.writers;
            let found =
                lists.items(list).iter().filter_map(|&item| writers.get(&(key as u32, item)).copied());
            let chain: Vec<u32> = found.collect();
            evidence
                .extend(chain.windows(2).filter(|pair| pair[0] != pair[1]).map(|pair| (pair[0], pair[1])));
            chain.iter().for_each(|&write| inside[write as usize] = true);
            last[key] = chain.last().copied().unwrap_or(NONE);
            self.listed[key] = !self.torn[key];
        }
        for at in (0..inside.len()).filter(|&at| columns.write[at] != 0 && !inside[at]) {
            let key = sources.key[at] as usize;
            self.loose[at] = self.listed[key];
            if self.listed[key] && last[key] != NONE {
                evidence.push((last[key], at as u32));
            }
        }
        (evidence, seen)
    }

    pub fn len(&self) -> usize {
        self.origin.len()
    }

    /// Writes of each key: offsets per key, and the accesses in their order.
    pub fn writes_by_key(&self) -> (Vec<u32>, Vec<u32>) {
        let mut offsets = vec![0u32; self.keys + 1];
        let writes = || (0..self.len()).filter(|&at| self.write[at]);
        for at in writes() {
            offsets[self.key[at] as usize + 1] += 1;
        }
        for key in 0..self.keys {
            offsets[key + 1] += offsets[key];
        }
        let mut place = offsets.clone();
        let mut order = vec![0u32; offsets[self.keys] as usize];
        for at in writes() {
            let next = &mut place[self.key[at] as usize];
            order[*next as usize] = at as u32;
            *next += 1;
        }
        (offsets, order)
    }
}
