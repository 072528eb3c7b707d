//! Sets of configurations, of which only the best are kept.
//!
//! A configuration is where a search may be at one moment of a history: the state, and which of the open
//! operations have taken effect.  Of two with the same state and the same effects of operations that must still
//! return, one is at least as good as the other if it has used no operation that the other has not used among
//! those that may also never happen, and if it has seen every pure operation that the other has seen.
//!
//! A blind operation, a plain write, is always possible and leads to the same state from everywhere.  So it may take
//! effect just before another blind one, and nobody will ever know: once a blind operation has taken effect, the
//! open ones that have not are not owed any more, and can still be used.

use super::bits::Bits;
use crate::store::hash;

/// Where a search may be.
#[derive(Clone, Copy)]
pub struct Configuration<const W: usize> {
    /// The open operations that have taken effect, by slot.
    pub done: Bits<W>,
    /// Of the others, blind ones that may have taken effect unseen: a blind one did after they were invoked.
    pub hidden: Bits<W>,
    pub state: u32,
    /// The last operation of its order, in a recorded search.
    pub trail: u32,
}

/// Which slots are open, by kind.
#[derive(Clone, Copy)]
pub struct Kinds<const W: usize> {
    /// Operations that must take effect and change the state.
    pub must: Bits<W>,
    /// Operations that must take effect and change nothing.
    pub pure: Bits<W>,
    /// Operations that may never take effect.
    pub may: Bits<W>,
    /// Operations that must take effect, and may do so unseen just before another one of these.
    pub blind: Bits<W>,
}

impl<const W: usize> Kinds<W> {
    /// What counts against a configuration, the fewer the better: what it has used up, and what it still owes.
    #[inline]
    fn burden(&self, of: &Configuration<W>) -> Burden<W> {
        let used = |at: usize| of.done.0[at] & (self.may.0[at] | self.blind.0[at]);
        let owed = |at: usize| !of.done.0[at] & (self.pure.0[at] | self.blind.0[at] & !of.hidden.0[at]);
        // One bit says both, but for blind operations, which can be neither.
        let first = |at: usize| used(at) | owed(at) & self.pure.0[at];
        let second = |at: usize| owed(at) & self.blind.0[at];
        Burden(Bits(std::array::from_fn(first)), Bits(std::array::from_fn(second)))
    }
}

struct Burden<const W: usize>(Bits<W>, Bits<W>);

impl<const W: usize> Burden<W> {
    #[inline]
    fn is_part_of(&self, other: &Self) -> bool {
        self.0.is_subset(&other.0) && self.1.is_subset(&other.1)
    }
}

const NONE: u32 = u32::MAX;
/// Up to here, all are compared with each other; beyond, an index is built.
const FEW: usize = 12;

/// A set of configurations, none of which is at least as good as another.
pub struct Configurations<const W: usize> {
    items: Vec<Configuration<W>>,
    /// Whether a better one has come; then the item counts for nothing.
    dead: Vec<bool>,
    /// The next item with the same state and the same effects that must be.
    next: Vec<u32>,
    /// Heads of those chains by hash, plus one; empty while there are few items.
    index: Vec<u32>,
    alive: usize,
}

impl<const W: usize> Default for Configurations<W> {
    fn default() -> Self {
        Configurations { items: Vec::new(), dead: Vec::new(), next: Vec::new(), index: Vec::new(), alive: 0 }
    }
}

impl<const W: usize> Configurations<W> {
    pub fn clear(&mut self) {
        self.items.clear();
        self.dead.clear();
        self.next.clear();
        self.index.clear();
        self.alive = 0;
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.alive
    }

    pub fn is_empty(&self) -> bool {
        self.alive == 0
    }

    /// One after the other, in the order of their arrival.
    pub fn iter(&self) -> impl Iterator<Item = &Configuration<W>> {
        self.items.iter().zip(&self.dead).filter(|(_, dead)| !**dead).map(|(item, _)| item)
    }

    /// To change them in ways that keep them distinct.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Configuration<W>> {
        self.items.iter_mut().zip(&self.dead).filter(|(_, dead)| !**dead).map(|(item, _)| item)
    }

    /// The first at `cursor` or later, which moves behind it.
    pub fn take(&self, cursor: &mut usize) -> Option<Configuration<W>> {
        while *cursor < self.items.len() {
            *cursor += 1;
            if !self.dead[*cursor - 1] {
                return Some(self.items[*cursor - 1]);
            }
        }
        None
    }

    /// Adds one, unless there is one at least as good; those that are no better leave.
    pub fn insert(&mut self, new: Configuration<W>, kinds: &Kinds<W>) {
        let duties = new.done.and(&kinds.must);
        let burden = kinds.burden(&new);
        let (place, mut at) = self.chain(&new, &duties, kinds);
        let head = at;
        while at != NONE {
            let number = at as usize;
            if !self.dead[number] && (place.is_some() || self.is_kin(number, new.state, &duties, kinds)) {
                let old = kinds.burden(&self.items[number]);
                if old.is_part_of(&burden) {
                    return;
                }
                if burden.is_part_of(&old) {
                    self.dead[number] = true;
                    self.alive -= 1;
                }
            }
            at = self.next[number];
        }
        let number = self.items.len() as u32;
        self.items.push(new);
        self.dead.push(false);
        self.alive += 1;
        match place {
            Some(place) => {
                self.next.push(head);
                self.index[place] = number + 1;
                if 2 * self.items.len() > self.index.len() {
                    self.reindex(kinds);
                }
            }
            None => {
                self.next.push(number.checked_sub(1).unwrap_or(NONE));
                if self.items.len() > FEW {
                    self.reindex(kinds);
                }
            }
        }
    }

    #[inline]
    fn is_kin(&self, number: usize, state: u32, duties: &Bits<W>, kinds: &Kinds<W>) -> bool {
        let item = &self.items[number];
        item.state == state && item.done.and(&kinds.must) == *duties
    }

    /// The place in the index, and the first of the chain; without an index, all items are one chain.
    #[inline]
    fn chain(&self, new: &Configuration<W>, duties: &Bits<W>, kinds: &Kinds<W>) -> (Option<usize>, u32) {
        if self.index.is_empty() {
            return (None, (self.items.len() as u32).checked_sub(1).unwrap_or(NONE));
        }
        let place = self.place(new.state, duties, kinds);
        (Some(place), self.index[place].checked_sub(1).unwrap_or(NONE))
    }

    #[inline]
    fn place(&self, state: u32, duties: &Bits<W>, kinds: &Kinds<W>) -> usize {
        let last = self.index.len() - 1;
        let seed = hash(u64::from(state));
        let mut at = duties.0.iter().fold(seed, |sum, &word| hash(sum ^ word)) as usize & last;
        while self.index[at] != 0 && !self.is_kin(self.index[at] as usize - 1, state, duties, kinds) {
            at = (at + 1) & last;
        }
        at
    }

    fn reindex(&mut self, kinds: &Kinds<W>) {
        let size = (4 * self.items.len()).next_power_of_two();
        self.index.clear();
        self.index.resize(size, 0);
        for number in 0..self.items.len() {
            let item = self.items[number];
            let place = self.place(item.state, &item.done.and(&kinds.must), kinds);
            self.next[number] = self.index[place].checked_sub(1).unwrap_or(NONE);
            self.index[place] = number as u32 + 1;
        }
    }
}
