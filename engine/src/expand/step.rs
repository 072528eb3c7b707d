//! Taking a step: from the current state and an outcome to the next state.

use super::half_steps::Half;
use super::{Expander, World};
use crate::rules::Leaf;
use crate::store::{pair, unpair};

/// One way through the choices of a tree.
pub struct Branch {
    pub picks: Vec<u32>,
    pub leaf: Leaf,
}

/// The state after a step, and room to compute it in.
#[derive(Default)]
pub struct Next {
    pub words: Vec<u64>,
    ids: Vec<u32>,
    /// Tree nodes whose id must be computed anew, largest first, each once.
    due: Vec<u32>,
    pub(super) before: Vec<u64>,
}

/// Where a step leads.  The words of the next state are at hand only with `New`, and where the world asks for them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// Nothing changed.
    Same,
    /// All parts of the state are known: it has this root, and may or may not be stored.
    Root(u64),
    /// Some part was never seen, so the state is new; its words are in `next().words`.
    New,
}

/// A blind update met a value for which Python has not said yet what becomes of it.
pub struct Unknown {
    pub operator: u32,
    pub before: u32,
}

impl Expander {
    pub fn next(&self) -> &Next {
        &self.next
    }

    /// Applies an outcome to the current state.
    #[inline]
    pub fn step(&mut self, world: &World, outcome: u32) -> Result<Target, Unknown> {
        if let Some(target) = self.remembered(world, outcome) {
            return Ok(target);
        }
        let operators = &world.rules.outcomes[outcome as usize].operators;
        if world.layout.is_flat() && operators.is_empty() {
            let mut word = self.words[0];
            for edit in world.patches.of(outcome) {
                word = word & edit.keep | edit.bits;
            }
            self.next.words.clear();
            self.next.words.push(word);
            return Ok(if word == self.words[0] { Target::Same } else { Target::Root(word) });
        }
        self.next.words.clone_from(&self.words);
        for edit in world.patches.of(outcome) {
            let word = &mut self.next.words[edit.word as usize];
            *word = *word & edit.keep | edit.bits;
        }
        self.update(world, operators)?;
        let target = self.target(world);
        if let (Target::Root(root), false) = (target, world.layout.is_flat()) {
            let (left, right) = unpair(root);
            self.half_steps.put(Half::Left, self.ids[2], outcome, left);
            self.half_steps.put(Half::Right, self.ids[3], outcome, right);
        }
        Ok(target)
    }

    /// Applies blind updates to the words of the next state.
    #[inline]
    fn update(&mut self, world: &World, operators: &[u32]) -> Result<(), Unknown> {
        for &operator in operators {
            let table = &world.rules.operators[operator as usize];
            let field = world.layout.fields[table.slot as usize];
            let before = field.get(&self.next.words);
            let after = table.apply(before).ok_or(Unknown { operator, before })?;
            field.set(&mut self.next.words, after);
        }
        Ok(())
    }

    /// Says which blind updates of all that can happen here meet a value for the first time.
    pub fn unknown_updates(&mut self, world: &World, mut say: impl FnMut(Unknown)) {
        let mut outcomes = Vec::new();
        let mut from = 0;
        while let Some(tree) = self.enabled.next(from) {
            from = tree + 1;
            self.each_outcome(tree, |_, outcome| outcomes.push(outcome));
        }
        for outcome in outcomes {
            let operators = &world.rules.outcomes[outcome as usize].operators;
            if !operators.is_empty() {
                self.next.words.clone_from(&self.words);
                self.update(world, operators).err().into_iter().for_each(&mut say);
            }
        }
    }

    /// The next state by what is remembered of its halves.  The mapping of a refinement needs the words all the same.
    #[inline]
    fn remembered(&self, world: &World, outcome: u32) -> Option<Target> {
        if world.layout.is_flat() || world.needs_words {
            return None;
        }
        let (left, right) = (self.ids[2], self.ids[3]);
        let sides = world.patches.sides(outcome);
        let next_left = if sides.left { self.half_steps.get(Half::Left, left, outcome)? } else { left };
        let next_right = if sides.right { self.half_steps.get(Half::Right, right, outcome)? } else { right };
        let same = (next_left, next_right) == (left, right);
        Some(if same { Target::Same } else { Target::Root(pair(next_left, next_right)) })
    }

    /// Finds the root of the next state: only the nodes above changed words are looked up.
    fn target(&mut self, world: &World) -> Target {
        let Next { words, ids, due, .. } = &mut self.next;
        if world.layout.is_flat() {
            return if words[0] == self.words[0] { Target::Same } else { Target::Root(words[0]) };
        }
        due.clear();
        for at in (0..words.len()).rev() {
            let node = world.layout.leaf_node(at) as u32;
            if words[at] != self.words[at] && due.last() != Some(&node) {
                due.push(node);
            }
        }
        if due.is_empty() {
            return Target::Same;
        }
        ids.clone_from(&self.ids);
        let mut at = 0;
        while at < due.len() {
            let node = due[at] as usize;
            at += 1;
            let Some(id) = world.store.find_node(node, words, |child| ids[child]) else { return Target::New };
            ids[node] = id;
            let parent = node as u32 / 2;
            if parent > 1 && id != self.ids[node] {
                insert_descending(due, at, parent);
            }
        }
        Target::Root(pair(ids[2], ids[3]))
    }
}

/// Keeps `due[from..]` sorted from large to small without repetition: children come before their parents.
#[inline]
fn insert_descending(due: &mut Vec<u32>, from: usize, node: u32) {
    let mut at = due.len();
    while at > from && due[at - 1] < node {
        at -= 1;
    }
    if at == from || due[at - 1] != node {
        due.insert(at, node);
    }
}
