//! A piece of work that one worker does alone, and the questions to Python that it leaves.

use std::collections::HashSet;
use std::sync::atomic::AtomicBool;

use super::image::Image;
use crate::expand::{Expander, Miss, Unknown, World};
use crate::rules::Gap;

/// More open questions than this, and a task waits for the answers before it looks for further ones.
const ENOUGH: usize = 256;
/// The same for blind updates, which are answered many at a time.
const MORE_THAN_ENOUGH: usize = 8192;

/// What the engine cannot do before Python has said more.
#[derive(Default)]
pub struct Questions {
    pub misses: Vec<Miss>,
    pub operators: Vec<(u32, u32)>,
    /// Abstract states whose steps nobody has computed yet.
    pub origins: Vec<Vec<u64>>,
    asked: HashSet<Gap>,
    asked_operators: HashSet<(u32, u32)>,
}

impl Questions {
    pub fn is_empty(&self) -> bool {
        self.misses.is_empty() && self.operators.is_empty() && self.origins.is_empty()
    }

    pub fn are_enough(&self) -> bool {
        self.misses.len() + self.origins.len() >= ENOUGH || self.operators.len() >= MORE_THAN_ENOUGH
    }

    /// Takes over `misses`, each question once.
    pub fn add(&mut self, misses: &mut Vec<Miss>) {
        for miss in misses.drain(..) {
            if self.asked.insert(miss.gap) {
                self.misses.push(miss);
            }
        }
    }

    /// Takes over a gap in the table of a blind update, each once.
    pub fn add_operator(&mut self, unknown: Unknown) {
        let gap = (unknown.operator, unknown.before);
        if self.asked_operators.insert(gap) {
            self.operators.push(gap);
        }
    }

    /// Joins the questions of a later task.
    pub fn absorb(&mut self, mut later: Questions) {
        self.add(&mut later.misses);
        self.operators.append(&mut later.operators);
        self.origins.append(&mut later.origins);
    }
}

/// What a worker needs to do its part.
pub struct Bench<'a> {
    pub world: &'a World<'a>,
    pub image: Option<&'a Image>,
    pub stop: &'a AtomicBool,
    pub deadlock: bool,
}

/// A resumable piece of work.
pub trait Task: Send {
    /// Whether the words of next states are looked at even where their roots are known.
    const NEEDS_WORDS: bool;
    /// Works until done, stuck on questions, or told to stop.
    fn advance(&mut self, bench: &Bench, expander: &mut Expander);
    /// Whether `advance` has more to do.
    fn is_pending(&self) -> bool;
    /// A finding makes all later tasks pointless.
    fn has_finding(&self) -> bool;
    fn take_questions(&mut self) -> Questions;
    /// Starts over: the states have a new layout.
    fn restart(&mut self);
}
