//! Where each slot lives in the bits of a state.
//!
//! A state is a few 64-bit words.  A slot takes as many bits as its values need, none if it has one value.  Small
//! states are *flat*: one word, stored as it is.  Larger ones are split into *leaves* of two words each, which the
//! store shares between states.  Bits that no slot uses are zero, which is every slot's default: so new slots take
//! free bits without touching the states already stored.

use crate::rules::{Observation, RuleSet, Slot};

/// Flat states leave one bit free, so that no state looks like the empty mark of the recent-states cache.
const FLAT_BITS: u32 = 63;
const WORD_BITS: u32 = 64;
pub const LEAF_WORDS: usize = 2;
const LEAF_BITS: u32 = WORD_BITS * LEAF_WORDS as u32;
/// Marks a bit that belongs to no slot.
pub const NO_SLOT: u32 = u32::MAX;

/// The bits of one slot: `(words[word] >> shift) & mask`.
#[derive(Clone, Copy, Default, Debug)]
pub struct Field {
    pub mask: u64,
    pub word: u32,
    pub shift: u8,
    /// One of 64 marks that stand for the slots on a path.  Slots that were there from the start, which many trees
    /// observe, share theirs with few; the others, mostly observed by one tree each, get by with a quarter.
    pub mark: u8,
}

fn mark(slot: usize, founding: usize) -> u8 {
    (if slot < founding { slot % 48 } else { 48 + slot % 16 }) as u8
}

impl Field {
    #[inline]
    pub fn get(self, words: &[u64]) -> u32 {
        ((words[self.word as usize] >> self.shift) & self.mask) as u32
    }

    #[inline]
    pub fn set(self, words: &mut [u64], value: u32) {
        let word = &mut words[self.word as usize];
        *word = *word & !(self.mask << self.shift) | u64::from(value) << self.shift;
    }
}

/// An assignment of bits to slots.
pub struct Layout {
    pub fields: Vec<Field>,
    pub words: usize,
    /// For each word and bit the slot that owns it.
    pub owners: Vec<[u32; 64]>,
    /// For each group the bits whose population is its size, and the slots that are wider than a bit.
    groups: Vec<GroupBits>,
    /// Bits in use per word; slots are placed from the low end.
    used: Vec<u32>,
    spare: Spare,
    /// The number of slots before the search began.
    founding: usize,
    /// The word from which on slots are placed that appeared on the way, mostly messages.  They vary independently
    /// of the variables, so both kinds share more leaves when they are kept apart.
    later: usize,
}

/// How a layout takes the growth of the rules.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// Every field is where it was.
    Same,
    /// Slots without bits have got some: states are as they were, but what writes those slots must be compiled anew.
    Moved,
    /// Some slot has no room; a new layout is due.
    Outgrown,
}

/// Room in a field for values that are still to come, so that a new one seldom means a new layout.
#[derive(Clone, Copy)]
enum Spare {
    Nothing,
    OneValue,
    OneBit,
}

#[derive(Default)]
struct GroupBits {
    bits: Vec<(u32, u64)>,
    wide: Vec<u32>,
}

/// The bits of a slot's field; a slot with one value needs none.
fn width(slot: &Slot, spare: Spare) -> u32 {
    let bits_for = |size: u32| u32::BITS - (size - 1).leading_zeros();
    match spare {
        _ if slot.size == 1 => 0,
        _ if slot.boolean => 1,
        Spare::Nothing => bits_for(slot.size),
        Spare::OneValue => bits_for(slot.size.saturating_add(1)),
        Spare::OneBit => bits_for(slot.size.saturating_mul(2)),
    }
}

impl Layout {
    /// A fresh layout with room to grow.  The first `founding` slots were there before the search began.
    pub fn new(rules: &RuleSet, founding: usize) -> Layout {
        for spare in [Spare::OneValue, Spare::Nothing] {
            if let Some(layout) = Layout::filled(1, spare, rules, founding) {
                return layout;
            }
        }
        let bits = |slots: &[Slot]| slots.iter().map(|slot| width(slot, Spare::OneBit)).sum::<u32>();
        let (founders, others) = rules.slots.split_at(founding);
        // Half as many bits again as are needed now: spare zero bits cost next to nothing.
        let later = bits(others) * 3 / 2 + WORD_BITS;
        let mut leaves = (bits(founders).div_ceil(LEAF_BITS) + later.div_ceil(LEAF_BITS)).max(2) as usize;
        leaves = leaves.next_power_of_two();
        loop {
            // Fields do not straddle words, so wide ones may need more room than their bits.
            if let Some(layout) = Layout::filled(leaves * LEAF_WORDS, Spare::OneBit, rules, founding) {
                return layout;
            }
            leaves += 1;
        }
    }

    fn filled(words: usize, spare: Spare, rules: &RuleSet, founding: usize) -> Option<Layout> {
        let mut layout = Layout {
            fields: Vec::new(),
            words,
            owners: Vec::new(),
            groups: Vec::new(),
            used: vec![0; words],
            spare,
            founding,
            later: 0,
        };
        for (at, slot) in rules.slots.iter().enumerate() {
            if at == founding && words > 1 {
                layout.later =
                    layout.used.iter().filter(|&&used| used > 0).count().next_multiple_of(LEAF_WORDS);
            }
            layout.place_next(width(slot, spare))?;
        }
        layout.index(rules);
        Some(layout)
    }

    fn place_next(&mut self, width: u32) -> Option<()> {
        let field = self.place(width, self.later)?;
        self.fields.push(Field { mark: mark(self.fields.len(), self.founding), ..field });
        Some(())
    }

    pub fn is_flat(&self) -> bool {
        self.words == 1
    }

    pub fn leaves(&self) -> usize {
        self.words.div_ceil(LEAF_WORDS)
    }

    /// The node of a word's leaf in the tree of a state: node 1 is the root, n has the children 2n and 2n+1.
    #[inline]
    pub fn leaf_node(&self, word: usize) -> usize {
        self.leaves() + word / LEAF_WORDS
    }

    /// Whether a word lies below the left child of the root.
    pub fn is_left(&self, word: usize) -> bool {
        let mut node = self.leaf_node(word);
        while node > 3 {
            node /= 2;
        }
        node == 2
    }

    /// Free bits for one more slot: the first word with room, at `from` or later.
    fn place(&mut self, width: u32, from: usize) -> Option<Field> {
        if width == 0 {
            return Some(Field::default());
        }
        let room = if self.is_flat() { FLAT_BITS } else { WORD_BITS };
        let word = if from > 0 {
            let w = (0..self.words).min_by_key(|&w| self.used[w])?;
            if self.used[w] + width > room {
                return None;
            }
            w
        } else {
            (0..self.words).find(|&word| self.used[word] + width <= room)?
        };
        let shift = self.used[word];
        self.used[word] += width;
        Some(Field { mask: u64::MAX >> (WORD_BITS - width), word: word as u32, shift: shift as u8, mark: 0 })
    }

    /// Takes in what the rules have grown by, as far as there is room.
    pub fn extend(&mut self, rules: &RuleSet) -> Fit {
        let mut fit = Fit::Same;
        for (at, slot) in rules.slots.iter().enumerate() {
            match self.fields.get(at).copied() {
                Some(field) if u64::from(slot.size - 1) <= field.mask => {}
                // A slot that had one value had no bits: it can still be placed anywhere.
                Some(field) if field.mask == 0 => match self.place(width(slot, self.spare), 0) {
                    Some(found) => {
                        self.fields[at] = Field { mark: field.mark, ..found };
                        fit = Fit::Moved;
                    }
                    None => return Fit::Outgrown,
                },
                Some(_) => return Fit::Outgrown,
                None if self.place_next(width(slot, self.spare)).is_none() => return Fit::Outgrown,
                None => {}
            }
        }
        self.index(rules);
        fit
    }

    fn index(&mut self, rules: &RuleSet) {
        self.owners = vec![[NO_SLOT; 64]; self.words];
        for (slot, field) in self.fields.iter().enumerate() {
            for bit in 0..field.mask.count_ones() {
                self.owners[field.word as usize][usize::from(field.shift) + bit as usize] = slot as u32;
            }
        }
        self.groups = rules.groups.iter().map(|group| self.group_bits(&group.slots)).collect();
    }

    fn group_bits(&self, slots: &[u32]) -> GroupBits {
        let mut found = GroupBits::default();
        for &slot in slots {
            let field = self.fields[slot as usize];
            match field.mask {
                0 => {}
                1 => match found.bits.iter_mut().find(|(word, _)| *word == field.word) {
                    Some((_, mask)) => *mask |= 1 << field.shift,
                    None => found.bits.push((field.word, 1 << field.shift)),
                },
                _ => found.wide.push(slot),
            }
        }
        found
    }

    /// The answer of the state in `words` to one observation.
    pub fn answer(&self, rules: &RuleSet, words: &[u64], observation: Observation) -> u32 {
        match observation {
            Observation::Slot(slot) => self.fields[slot as usize].get(words),
            Observation::View(view) => {
                let view = &rules.views[view as usize];
                view.results[self.fields[view.slot as usize].get(words) as usize]
            }
            Observation::Size(group) => self.size(group, words),
            Observation::Next { group, after } => {
                self.next(&rules.groups[group as usize].slots, after, words)
            }
        }
    }

    fn size(&self, group: u32, words: &[u64]) -> u32 {
        let group = &self.groups[group as usize];
        let narrow: u32 =
            group.bits.iter().map(|&(word, mask)| (words[word as usize] & mask).count_ones()).sum();
        let wide = group.wide.iter().filter(|&&slot| self.fields[slot as usize].get(words) != 0).count();
        narrow + wide as u32
    }

    fn next(&self, slots: &[u32], after: u32, words: &[u64]) -> u32 {
        let members = slots.iter().enumerate().skip(after as usize);
        let mut found = members.filter(|&(_, &slot)| self.fields[slot as usize].get(words) != 0);
        found.next().map_or(0, |(position, _)| position as u32 + 1)
    }

    pub fn encode(&self, values: &[u32], words: &mut [u64]) {
        words.fill(0);
        for (field, &value) in self.fields.iter().zip(values) {
            field.set(words, value);
        }
    }

    pub fn decode(&self, words: &[u64]) -> Vec<u32> {
        self.fields.iter().map(|field| field.get(words)).collect()
    }
}
