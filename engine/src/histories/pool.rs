//! Codes of values, as `dscheck.histories.values` has them.
//!
//! Equal values have equal codes, and different values different ones; the type counts.

use super::table::{Table, of_bytes, of_codes};

/// The code of no value.
pub const NIL: i64 = i64::MIN;
/// The first code of a list, set or map.
pub const COMPOUND_BASE: i64 = 1 << 61;
/// The first code of anything else that is not a small integer.
pub const ATOM_BASE: i64 = 1 << 62;
const SMALL: i64 = 1 << 60;

/// What a compound is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(u8)]
pub enum Kind {
    List = 0,
    Set = 1,
    Map = 2,
}

/// A value that is no small integer and has no items.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Atom {
    Text(Box<str>),
    Bool(bool),
    /// A huge integer, in decimal digits with an optional minus.
    Integer(Box<str>),
}

/// Kinds of atoms, as `dscheck.histories.values` has them.
pub const TEXT: u8 = 0;
pub const BYTES: u8 = 1;
pub const BOOL: u8 = 2;
pub const FLOAT: u8 = 3;
pub const INTEGER: u8 = 4;

/// The values of one history.
#[derive(Default)]
pub struct Pool {
    /// Of every atom, what it is.
    pub atom_kinds: Vec<u8>,
    /// Of every atom, where its bytes end; they begin where those of the one before end.
    pub atom_ends: Vec<i64>,
    /// Texts in UTF-8, bytes, one byte of a truth value, the eight of a float (little end first), digits.
    pub atom_bytes: Vec<u8>,
    /// Of every compound, what it is.
    pub kinds: Vec<u8>,
    /// Of every compound, where its items end.
    pub ends: Vec<i64>,
    pub items: Vec<i64>,
    /// Whether nothing is kept, and every value is NIL: for what is read only to see that it is well formed.
    pub muted: bool,
    known_atoms: Table,
    known_compounds: Table,
}

impl Pool {
    /// The code of an integer.
    pub fn integer(&mut self, value: i64) -> i64 {
        if value > -SMALL && value < SMALL {
            value
        } else {
            self.intern(INTEGER, value.to_string().as_bytes())
        }
    }

    /// The code of an integer in decimal digits with an optional minus, without leading zeros.
    pub fn digits(&mut self, digits: &str) -> i64 {
        match digits.parse() {
            Ok(value) => self.integer(value),
            Err(_) => self.intern(INTEGER, digits.as_bytes()),
        }
    }

    /// The code of a text.
    pub fn text(&mut self, text: &str) -> i64 {
        self.intern(TEXT, text.as_bytes())
    }

    /// The code of a truth value.
    pub fn truth(&mut self, value: bool) -> i64 {
        self.intern(BOOL, &[value.into()])
    }

    /// The code of a float: there is one zero and one that is no number, as in Python's dictionaries.
    pub fn float(&mut self, value: f64) -> i64 {
        let value = if value == 0.0 { 0.0 } else { value };
        let value = if value.is_nan() { f64::NAN } else { value };
        self.intern(FLOAT, &value.to_le_bytes())
    }

    /// The code of bytes.
    pub fn bytes(&mut self, bytes: &[u8]) -> i64 {
        self.intern(BYTES, bytes)
    }

    /// The code of an atom.
    pub fn atom(&mut self, atom: Atom) -> i64 {
        match atom {
            Atom::Text(text) => self.text(&text),
            Atom::Bool(value) => self.truth(value),
            Atom::Integer(digits) => self.digits(&digits),
        }
    }

    /// The code of a compound; items of sets and pairs of maps come sorted by code and without duplicates.
    pub fn compound(&mut self, kind: Kind, items: &[i64]) -> i64 {
        if self.muted {
            return NIL;
        }
        let hash = of_codes(kind as u8, items);
        let same = |at| self.kinds[at] == kind as u8 && self.inside(at) == items;
        if let Some(number) = self.known_compounds.find(hash, same) {
            return COMPOUND_BASE + number as i64;
        }
        self.kinds.push(kind as u8);
        self.items.extend_from_slice(items);
        self.ends.push(self.items.len() as i64);
        COMPOUND_BASE + self.known_compounds.add(hash) as i64
    }

    /// The code of the set of these items, which are put in order.
    pub fn set(&mut self, items: &mut Vec<i64>) -> i64 {
        items.sort_unstable();
        items.dedup();
        self.compound(Kind::Set, items)
    }

    /// The code of the map of these pairs; none if a key comes twice.
    pub fn map(&mut self, pairs: &mut [(i64, i64)]) -> Option<i64> {
        pairs.sort_unstable();
        if !self.muted && pairs.windows(2).any(|two| two[0].0 == two[1].0) {
            return None;
        }
        let items: Vec<i64> = pairs.iter().flat_map(|&(key, value)| [key, value]).collect();
        Some(self.compound(Kind::Map, &items))
    }

    /// The items of a compound, if the code is that of one of this kind.
    pub fn items_of(&self, code: i64, kind: Kind) -> Option<&[i64]> {
        let at = usize::try_from(code.checked_sub(COMPOUND_BASE)?).ok()?;
        (self.kinds.get(at) == Some(&(kind as u8))).then(|| self.inside(at))
    }

    /// What an atom is (TEXT, BYTES, ...) and its bytes, if the code is that of one.
    pub fn atom_of(&self, code: i64) -> Option<(u8, &[u8])> {
        let at = usize::try_from(code.checked_sub(ATOM_BASE)?).ok()?;
        self.atom_kinds.get(at).map(|&kind| (kind, self.atom_inside(at)))
    }

    fn inside(&self, at: usize) -> &[i64] {
        let begin = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.items[begin as usize..self.ends[at] as usize]
    }

    fn atom_inside(&self, at: usize) -> &[u8] {
        let begin = if at == 0 { 0 } else { self.atom_ends[at - 1] };
        &self.atom_bytes[begin as usize..self.atom_ends[at] as usize]
    }

    fn intern(&mut self, kind: u8, bytes: &[u8]) -> i64 {
        if self.muted {
            return NIL;
        }
        let hash = of_bytes(kind, bytes);
        let same = |at| self.atom_kinds[at] == kind && self.atom_inside(at) == bytes;
        if let Some(number) = self.known_atoms.find(hash, same) {
            return ATOM_BASE + number as i64;
        }
        self.atom_kinds.push(kind);
        self.atom_bytes.extend_from_slice(bytes);
        self.atom_ends.push(self.atom_bytes.len() as i64);
        ATOM_BASE + self.known_atoms.add(hash) as i64
    }
}
