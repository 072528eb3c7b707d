//! Outcomes compiled for a layout: which bits of which words change.

use crate::layout::Layout;
use crate::rules::{Kind, Outcome, RuleSet};

/// `word = word & keep | bits`
#[derive(Clone, Copy)]
pub struct Edit {
    pub word: u32,
    pub keep: u64,
    pub bits: u64,
}

/// Per outcome its edits, flat in one table.
#[derive(Default)]
pub struct Patches {
    edits: Vec<Edit>,
    patches: Vec<Patch>,
    /// How many of the used outcomes are compiled.
    compiled: usize,
}

#[derive(Clone, Copy, Default)]
struct Patch {
    start: u32,
    end: u32,
    sides: Sides,
}

/// Which halves of a state an outcome can change.
#[derive(Clone, Copy, Default)]
pub struct Sides {
    pub left: bool,
    pub right: bool,
}

impl Patches {
    /// Compiles what came since the last time.  `used` are the outcomes that speak of this layout's slots, in the
    /// order of their first use.
    pub fn extend(&mut self, rules: &RuleSet, used: &[u32], layout: &Layout) {
        self.patches.resize(rules.outcomes.len(), Patch::default());
        for &at in &used[self.compiled..] {
            let outcome = &rules.outcomes[at as usize];
            let start = self.edits.len();
            self.compile(outcome, layout);
            let slots = outcome.operators.iter().map(|&operator| rules.operators[operator as usize].slot);
            let operated = slots.map(|slot| layout.fields[slot as usize].word);
            let mut sides = Sides::default();
            for word in self.edits[start..].iter().map(|edit| edit.word).chain(operated) {
                let left = layout.is_left(word as usize);
                sides.left |= left;
                sides.right |= !left;
            }
            self.patches[at as usize] = Patch { start: start as u32, end: self.edits.len() as u32, sides };
        }
        self.compiled = used.len();
    }

    fn compile(&mut self, outcome: &Outcome, layout: &Layout) {
        let start = self.edits.len();
        for &(slot, value) in &outcome.writes {
            let field = layout.fields[slot as usize];
            if field.mask == 0 {
                continue; // a slot with one value has no bits, and nothing else can be written to it
            }
            let (keep, bits) = (!(field.mask << field.shift), u64::from(value) << field.shift);
            match self.edits[start..].iter_mut().find(|edit| edit.word == field.word) {
                Some(edit) => {
                    edit.bits = edit.bits & keep | bits;
                    edit.keep &= keep;
                }
                None => self.edits.push(Edit { word: field.word, keep, bits }),
            }
        }
    }

    #[inline]
    pub fn sides(&self, outcome: u32) -> Sides {
        self.patches[outcome as usize].sides
    }

    #[inline]
    pub fn of(&self, outcome: u32) -> &[Edit] {
        let patch = self.patches[outcome as usize];
        &self.edits[patch.start as usize..patch.end as usize]
    }
}

/// Which mapping trees may see another state after each outcome.
#[derive(Default)]
pub struct Touched {
    trees: Vec<Vec<u32>>,
    /// Per slot the mapping trees that observe it, as of the last update.
    observers: Vec<Vec<u32>>,
    /// All mapping trees.
    pub maps: Vec<u32>,
}

impl Touched {
    pub fn update(&mut self, rules: &RuleSet) {
        let is_map = |tree: &u32| rules.forest.trees[*tree as usize].kind == Kind::Map;
        self.maps = (0..rules.forest.trees.len() as u32).filter(is_map).collect();
        let observers: Vec<Vec<u32>> =
            rules.slots.iter().map(|slot| slot.observers.iter().copied().filter(is_map).collect()).collect();
        if observers != self.observers {
            self.observers = observers;
            self.trees.clear();
        }
        for outcome in &rules.outcomes[self.trees.len()..] {
            let written = outcome.writes.iter().map(|&(slot, _)| slot);
            let operated = outcome.operators.iter().map(|&at| rules.operators[at as usize].slot);
            let seen = written.chain(operated).filter_map(|slot| self.observers.get(slot as usize)).flatten();
            let mut trees: Vec<u32> = seen.copied().collect();
            trees.sort_unstable();
            trees.dedup();
            self.trees.push(trees);
        }
    }

    #[inline]
    pub fn by(&self, outcome: u32) -> &[u32] {
        &self.trees[outcome as usize]
    }
}
