//! Results that are remembered as long as there is room.

/// What a result is of.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum Op {
    Union = 1,
    Minus,
    Meet,
    Image,
    /// Of a set and a relation: no state of the set fits.
    Nothing,
    // The others depend on what steps there are, and what is looked for, too.
    Next,
    Enabled,
    Saturate,
    /// Of a set and a position: all probes were made.
    Probed,
}

impl Op {
    fn depends_on_rules(self) -> bool {
        self as u32 >= Op::Next as u32
    }
}

#[derive(Clone, Copy, Default)]
struct Entry {
    op: u32,
    a: u32,
    b: u32,
    result: u32,
}

const FIRST: usize = 1 << 14;
/// One gigabyte of them.
const MOST: usize = 1 << 26;

/// One entry for each hash: a newer result takes the place of an older one.
pub struct Cache {
    entries: Vec<Entry>,
    inserted: usize,
    /// Counts the changes of the rules.
    generation: u32,
    /// The generation in which all reachable states were found; 0: none, or positions have moved since.
    settled: u32,
    /// Entries that there may be.
    most: usize,
}

fn zeros(count: usize) -> Vec<Entry> {
    let entries = vec![Entry::default(); count];
    in_large_pages(&entries);
    entries
}

/// Asks for large pages: lookups are random, and the tables of small ones are larger than the processor's caches.
#[cfg(target_os = "linux")]
fn in_large_pages<T>(items: &[T]) {
    use std::ffi::{c_int, c_void};
    unsafe extern "C" {
        fn madvise(address: *mut c_void, length: usize, advice: c_int) -> c_int;
    }
    const PAGE_BYTES: usize = 4096;
    const MADV_HUGEPAGE: c_int = 14;
    let start = (items.as_ptr() as usize).next_multiple_of(PAGE_BYTES);
    let end = (items.as_ptr() as usize + size_of_val(items)) & !(PAGE_BYTES - 1);
    if end > start {
        // SAFETY: the range lies within the slice, and the advice changes none of its contents; a refusal is no harm.
        unsafe { madvise(start as *mut c_void, end - start, MADV_HUGEPAGE) };
    }
}

#[cfg(not(target_os = "linux"))]
fn in_large_pages<T>(_: &[T]) {}

impl Cache {
    /// A cache that takes so many bytes at most.
    pub fn new(bytes: usize) -> Cache {
        let most = (bytes / size_of::<Entry>()).clamp(FIRST, MOST);
        Cache { entries: zeros(FIRST), inserted: 0, generation: 0, settled: 0, most }
    }

    #[inline]
    fn key(&self, op: Op) -> u32 {
        op as u32 | if op.depends_on_rules() { self.generation << 4 } else { 0 }
    }

    #[inline]
    fn find(&self, key: u32, a: u32, b: u32) -> Option<u32> {
        let entry = self.entries[self.place(key, a, b)];
        (entry.op == key && entry.a == a && entry.b == b).then_some(entry.result)
    }

    #[inline]
    fn place(&self, op: u32, a: u32, b: u32) -> usize {
        let mixed = (u64::from(a) << 32 | u64::from(b))
            .wrapping_add(u64::from(op).wrapping_mul(0xD6E8_FEB8_6659_FD93));
        let hash = (mixed ^ (mixed >> 31)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (hash >> 24) as usize & (self.entries.len() - 1)
    }

    #[inline]
    pub fn get(&self, op: Op, a: u32, b: u32) -> Option<u32> {
        self.find(self.key(op), a, b)
    }

    /// What it was under the rules that were known when all reachable states had been found.
    pub fn get_settled(&self, op: Op, a: u32, b: u32) -> Option<u32> {
        if self.settled == 0 {
            return None;
        }
        self.find(op as u32 | self.settled << 4, a, b)
    }

    #[inline]
    pub fn put(&mut self, op: Op, a: u32, b: u32, result: u32) {
        self.inserted += 1;
        if self.inserted > self.entries.len() && self.entries.len() * 4 <= self.most {
            self.grow();
        }
        let op = self.key(op);
        let place = self.place(op, a, b);
        self.entries[place] = Entry { op, a, b, result };
    }

    fn grow(&mut self) {
        let old = std::mem::take(&mut self.entries);
        self.entries = zeros(old.len() * 4);
        self.inserted = 0;
        for entry in old.into_iter().filter(|entry| entry.op != 0) {
            let place = self.place(entry.op, entry.a, entry.b);
            self.entries[place] = entry;
        }
    }

    /// Forgets what depends on the rules, which have changed.
    pub fn outdate(&mut self) {
        self.generation += 1;
    }

    /// The rules as they are now are the settled ones.
    pub fn settle(&mut self) {
        self.settled = self.generation;
    }

    /// Slots have moved to other positions: of what was remembered by position, nothing holds.
    pub fn unsettle(&mut self) {
        self.settled = 0;
        self.outdate();
    }

    pub fn clear(&mut self) {
        self.entries.fill(Entry::default());
        self.inserted = 0;
    }

    pub fn bytes(&self) -> usize {
        self.entries.len() * size_of::<Entry>()
    }
}
