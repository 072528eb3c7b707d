//! What the lists and sets of a history contain.

use crate::histories::{COMPOUND_BASE, NIL};

/// The table of compound values: of number i, `items[offsets[i]..offsets[i + 1]]`.
#[derive(Clone, Copy)]
pub struct Compounds<'a> {
    pub items: &'a [i64],
    pub offsets: &'a [i64],
}

impl<'a> Compounds<'a> {
    /// The codes of what a list or set contains; nil contains nothing.
    pub fn items(&self, code: i64) -> Option<&'a [i64]> {
        if code == NIL {
            return Some(&[]);
        }
        let at = usize::try_from(code.checked_sub(COMPOUND_BASE)?).ok()?;
        let (from, to) = (*self.offsets.get(at)?, *self.offsets.get(at + 1)?);
        self.items.get(usize::try_from(from).ok()?..usize::try_from(to).ok()?)
    }
}
