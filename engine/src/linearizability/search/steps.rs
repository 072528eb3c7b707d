//! What a sequential specification answers, remembered: Python runs once per distinct (state, class).
//!
//! A class is what operations have in common that a specification cannot tell apart: function, argument, result.

use crate::store::hash;

/// A step that cannot happen.
pub const REFUSED: u32 = u32::MAX;
/// A step that nobody has asked for yet.
const UNKNOWN: u32 = u32::MAX - 1;
/// An entry of more than one state: the rest of the number is its place in `several`.
const SEVERAL: u32 = 1 << 31;
const EMPTY: u64 = u64::MAX;

/// One entry of the table.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Entry(u32);

impl Entry {
    pub fn is_refused(self) -> bool {
        self.0 == REFUSED
    }

    pub fn is_known(self) -> bool {
        self.0 != UNKNOWN
    }
}

/// The table: open addressing over (state, class).
pub struct Steps {
    keys: Vec<u64>,
    entries: Vec<u32>,
    count: usize,
    several: Vec<Box<[u32]>>,
}

impl Default for Steps {
    fn default() -> Self {
        Steps { keys: vec![EMPTY; 64], entries: vec![UNKNOWN; 64], count: 0, several: Vec::new() }
    }
}

#[inline]
fn key_of(state: u32, class: u32) -> u64 {
    u64::from(state) << 32 | u64::from(class)
}

impl Steps {
    /// How many steps are known.
    pub fn len(&self) -> usize {
        self.count
    }

    #[inline]
    fn find(&self, key: u64) -> usize {
        let last = self.keys.len() - 1;
        let mut at = hash(key) as usize & last;
        while self.keys[at] != key && self.keys[at] != EMPTY {
            at = (at + 1) & last;
        }
        at
    }

    /// What is known of a step.
    #[inline]
    pub fn entry(&self, state: u32, class: u32) -> Entry {
        Entry(self.entries[self.find(key_of(state, class))])
    }

    /// The states that an entry leads to.
    #[inline]
    pub fn states<'a>(&'a self, entry: &'a Entry) -> &'a [u32] {
        match entry.0 {
            REFUSED | UNKNOWN => &[],
            one if one < SEVERAL => std::slice::from_ref(&entry.0),
            many => &self.several[(many - SEVERAL) as usize],
        }
    }

    /// Remembers what a step leads to.
    pub fn learn(&mut self, state: u32, class: u32, states: &[u32]) {
        let entry = match states {
            [] => REFUSED,
            [one] => *one,
            many => {
                self.several.push(many.into());
                SEVERAL + (self.several.len() - 1) as u32
            }
        };
        if 3 * self.count >= 2 * self.keys.len() {
            self.grow();
        }
        let key = key_of(state, class);
        let at = self.find(key);
        self.count += usize::from(self.keys[at] == EMPTY);
        self.keys[at] = key;
        self.entries[at] = entry;
    }

    fn grow(&mut self) {
        let size = self.keys.len() * 2;
        let keys = std::mem::replace(&mut self.keys, vec![EMPTY; size]);
        let entries = std::mem::replace(&mut self.entries, vec![UNKNOWN; size]);
        for (key, entry) in keys.into_iter().zip(entries).filter(|(key, _)| *key != EMPTY) {
            let at = self.find(key);
            self.keys[at] = key;
            self.entries[at] = entry;
        }
    }
}
