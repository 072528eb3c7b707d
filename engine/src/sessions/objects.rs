//! One key's versions in real time: when each may have taken effect, and who read it.

use super::accesses::{Accesses, INITIAL, NONE};
use super::orders::{Known, Orders};

/// A version: the value that a write left.
#[derive(Clone, Copy)]
pub struct Version {
    /// The write, or INITIAL.
    pub write: u32,
    /// When the write was invoked; it took effect no earlier.
    pub start: i64,
    /// The first return of the write or of one of its reads; it took effect no later.
    pub finish: i64,
    /// The access that returned then; INITIAL of the initial version.
    pub finisher: u32,
    /// The last invocation of a read of it; i64::MIN for none.
    pub read: i64,
    /// That read, or NONE.
    pub reader: u32,
}

impl Version {
    /// One that nobody read.
    fn of(write: u32, start: i64, finish: i64) -> Version {
        Version { write, start, finish, finisher: write, read: i64::MIN, reader: NONE }
    }

    /// The least time of its zone (Gibbons and Korach 1997).
    pub fn low(&self) -> i64 {
        self.finish.min(self.start.max(self.read))
    }
}

/// Which clock counts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// Positions among all invocations and returns.
    Position,
    /// The recorder's time.
    Time,
}

/// The versions of a key and the reads of them; what a transaction does with its own versions is left out.
pub struct Object {
    /// The initial version first, then by invocation; if the order is known, in that order.
    pub versions: Vec<Version>,
    pub known: Known,
    /// How many versions at the end, if the order is known, come after the others in an order that is not; nobody
    /// read them, and they are in the order of their returns.
    pub loose: usize,
    /// Reads: (access, number of its version).
    pub reads: Vec<(u32, u32)>,
    /// Certain order, by number of version, where it is known in part.
    pub edges: Vec<(u32, u32)>,
    /// A read that returned before its write was invoked.
    pub future: Option<u32>,
    /// Invocations of writes that nobody saw and that may not have happened; ascending.
    pub maybe: Vec<i64>,
    /// How many units of the clock make a nanosecond.
    pub tick: i64,
}

impl Object {
    /// By how much an invocation is later than a return: 0 if it is not, at least 1 if it is.
    pub fn lag(&self, invoked: i64, returned: i64) -> i64 {
        if invoked <= returned {
            return 0;
        }
        invoked.div_euclid(self.tick).saturating_sub(returned.div_euclid(self.tick)).max(1)
    }

    /// An invocation so much earlier: before all returns of its instant.
    pub fn earlier(&self, invoked: i64, by: i64) -> i64 {
        if by == 0 || invoked == i64::MIN {
            return invoked;
        }
        invoked.div_euclid(self.tick).saturating_sub(by).saturating_mul(self.tick)
    }
}

/// Whether it is a read of what another operation wrote, or nobody.
fn is_external(accesses: &Accesses, at: usize) -> bool {
    let source = accesses.source[at];
    !accesses.write[at] && (source == INITIAL || accesses.row[source as usize] != accesses.row[at])
}

/// Per access whether it is a write that another operation read.
fn seen_outside(accesses: &Accesses) -> Vec<bool> {
    let mut outside = vec![false; accesses.len()];
    for at in (0..accesses.len()).filter(|&at| is_external(accesses, at)) {
        if accesses.source[at] < INITIAL {
            outside[accesses.source[at] as usize] = true;
        }
    }
    outside
}

/// All keys that were read or written.
pub fn objects(accesses: &Accesses, orders: &Orders, clock: Clock) -> Vec<Object> {
    let (begin, end) = match clock {
        Clock::Position => (&accesses.begin, &accesses.end),
        Clock::Time => (&accesses.started, &accesses.ended),
    };
    let mut number = vec![NONE; accesses.len()];
    let outside = seen_outside(accesses);
    let mut all: Vec<Object> = (0..accesses.keys)
        .map(|key| {
            let known = orders.known[key];
            let written = orders.of_key(key).iter().copied();
            let counts = |&at: &u32| !accesses.shadowed[at as usize] || outside[at as usize];
            let mut writes: Vec<u32> = written.filter(counts).collect();
            let mut loose = 0;
            match known {
                Known::Total => {
                    writes.sort_by_key(|&at| orders.rank[at as usize]);
                    loose = writes.iter().filter(|&&at| accesses.loose[at as usize]).count();
                    let settled = writes.len() - loose;
                    writes[settled..].sort_by_key(|&at| end[at as usize]);
                }
                _ => writes.sort_by_key(|&at| begin[at as usize]),
            }
            let mut versions = vec![Version::of(INITIAL, i64::MIN, i64::MIN)];
            for &write in &writes {
                number[write as usize] = versions.len() as u32;
                versions.push(Version::of(write, begin[write as usize], end[write as usize]));
            }
            let numbered = |&(a, b): &(u32, u32)| {
                let pair = (number[a as usize], number[b as usize]);
                (pair.0 != NONE && pair.1 != NONE).then_some(pair)
            };
            let edges = if known == Known::Partial { &orders.partial[key][..] } else { &[] };
            let edges = edges.iter().filter_map(numbered).collect();
            let tick = if clock == Clock::Time { accesses.tick } else { 1 };
            let (reads, maybe) = (Vec::new(), Vec::new());
            Object { versions, known, loose, reads, edges, future: None, maybe, tick }
        })
        .collect();
    for at in (0..accesses.len()).filter(|&at| is_external(accesses, at)) {
        let object = &mut all[accesses.key[at] as usize];
        let source = accesses.source[at];
        let of = if source == INITIAL { 0 } else { number[source as usize] };
        object.reads.push((at as u32, of));
        let version = &mut object.versions[of as usize];
        if end[at] < version.start && object.future.is_none() {
            object.future = Some(at as u32);
        }
        let taken = end[at].max(version.start);
        if taken < version.finish {
            (version.finish, version.finisher) = (taken, at as u32);
        }
        if begin[at] > version.read {
            (version.read, version.reader) = (begin[at], at as u32);
        }
    }
    for maybe in &accesses.maybe {
        let start = if clock == Clock::Time { maybe.started } else { maybe.begin };
        all[maybe.key as usize].maybe.push(start);
    }
    all.iter_mut().for_each(|object| object.maybe.sort_unstable());
    all
}
