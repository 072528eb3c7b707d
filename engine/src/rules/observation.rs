//! The ways in which a method can look at the state.

/// A table entry that Python has not filled yet.
const UNDEFINED: u32 = u32::MAX;

/// One question to the state; its answer is a number.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Observation {
    /// The value of a slot.
    Slot(u32),
    /// A function of the value of a slot.
    View(u32),
    /// How many slots of a group are not at their default.
    Size(u32),
    /// One more than the position of the first member at or after `after`; 0 if there is none.
    ///
    /// Unlike a list of all members, the answer stays right when the group grows later.
    Next { group: u32, after: u32 },
}

/// A growing, ordered set: a slot is a member where it is not at its default.
#[derive(Default)]
pub struct Group {
    pub slots: Vec<u32>,
    pub observers: Vec<u32>,
}

/// A function of one slot's value, as a table.
pub struct View {
    pub slot: u32,
    pub results: Vec<u32>,
}

/// A blind update of one slot, as a table filled on demand.
pub struct Operator {
    pub slot: u32,
    pub table: Vec<u32>,
}

impl Operator {
    pub fn define(&mut self, before: u32, after: u32) {
        if self.table.len() <= before as usize {
            self.table.resize(before as usize + 1, UNDEFINED);
        }
        self.table[before as usize] = after;
    }

    /// How many entries its table has.
    pub fn known(&self) -> usize {
        self.table.iter().filter(|&&after| after != UNDEFINED).count()
    }

    #[inline]
    pub fn apply(&self, before: u32) -> Option<u32> {
        self.table.get(before as usize).copied().filter(|&after| after != UNDEFINED)
    }
}
