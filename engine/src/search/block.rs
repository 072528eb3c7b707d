//! A run of stored states to judge and expand, as one task.

use std::ops::Range;
use std::sync::atomic::Ordering;

use super::image::Standpoint;
use super::judgement;
use super::report::{Finding, FindingKind, Tally};
use super::task::{Bench, Questions, Task};
use crate::expand::{Expander, Target};
use crate::store::hash;

/// A state that was reached and not found in the store.
#[derive(Clone, Copy)]
pub struct Candidate {
    pub parent: u32,
    pub target: Candidacy,
}

#[derive(Clone, Copy)]
pub enum Candidacy {
    Root(u64),
    /// Its words begin here in the block's `words`.
    Words(u32),
}

/// So many lookups are under way at once, to hide the latency of memory.
const BATCH: usize = 32;

/// Whether the states of a block are only judged, or expanded too.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Work {
    Judge,
    Expand,
    /// Look for what can go wrong in a state, deadlock and raising steps included, but take no step.
    Inspect,
}

impl Work {
    /// What remains to do when a step out of this level is known to be wrong: findings of the level come before it.
    pub fn without_steps(self) -> Work {
        match self {
            Work::Judge => Work::Judge,
            Work::Expand | Work::Inspect => Work::Inspect,
        }
    }
}

pub struct Block {
    range: Range<u32>,
    /// The first state that is not done.
    next: u32,
    work: Work,
    /// The range holds initial states, whose images must be initial too.
    initial: bool,
    pub candidates: Vec<Candidate>,
    pub words: Vec<u64>,
    /// Reached, not looked up yet.
    waiting: Vec<Candidate>,
    pub tally: Tally,
    pub finding: Option<Finding>,
    /// Goals that became true, with the first state.
    pub reached: Vec<(u32, u32)>,
    questions: Questions,
    taken: Vec<u32>,
}

impl Block {
    pub fn new(range: Range<u32>, work: Work, initial: bool) -> Block {
        Block {
            next: range.start,
            range,
            work,
            initial,
            candidates: Vec::new(),
            words: Vec::new(),
            waiting: Vec::new(),
            tally: Tally::default(),
            finding: None,
            reached: Vec::new(),
            questions: Questions::default(),
            taken: Vec::new(),
        }
    }

    pub fn state_words(&self, at: u32, words: usize) -> &[u64] {
        &self.words[at as usize..at as usize + words]
    }

    /// Brings the properties of the state under the expander up to date.  False: questions came up.
    fn look(&mut self, bench: &Bench, expander: &mut Expander) -> bool {
        let mut misses = Vec::new();
        expander.refresh_properties(bench.world, &mut misses);
        let is_complete = misses.is_empty();
        self.questions.add(&mut misses);
        is_complete
    }

    /// Judges the state under the expander, whose properties are up to date.
    fn judge(&mut self, bench: &Bench, expander: &Expander, index: u32) {
        if !self.alarm(bench, expander, index) {
            self.note_goals(bench, expander, index);
            if self.initial {
                self.finding = judgement::odd_start(bench, expander, index);
            }
        }
    }

    /// True if the state under the expander rings.
    fn alarm(&mut self, bench: &Bench, expander: &Expander, index: u32) -> bool {
        self.finding = judgement::alarm(bench, expander, index);
        self.finding.is_some()
    }

    fn note_goals(&mut self, bench: &Bench, expander: &Expander, index: u32) {
        if expander.goals.is_empty() {
            return;
        }
        let mut from = 0;
        while let Some(tree) = expander.goals.next(from) {
            from = tree + 1;
            if !bench.world.retired.contains(tree) && self.reached.iter().all(|&(known, _)| known != tree) {
                self.reached.push((tree, index));
            }
        }
    }

    /// Expands the state under the expander.  False: questions came up, and nothing of this state is kept.
    fn expand(&mut self, bench: &Bench, expander: &mut Expander, index: u32) -> bool {
        let mut misses = Vec::new();
        expander.refresh_steps(bench.world, &mut misses);
        if !misses.is_empty() {
            self.questions.add(&mut misses);
            return false;
        }
        // Promises were judged before, so what rings now is a step that raised.
        if self.alarm(bench, expander, index) {
            return true;
        }
        if expander.enabled.is_empty() {
            self.tally.ended += 1;
            self.finding = judgement::deadlock(bench, expander, index);
            return true;
        }
        self.work == Work::Inspect || self.take_steps(bench, expander, index)
    }

    /// Collects the questions of a state that will be expanded later.
    fn only_ask(&mut self, bench: &Bench, expander: &mut Expander) {
        let mut misses = Vec::new();
        expander.refresh_steps(bench.world, &mut misses);
        if let (true, false, Some(image)) = (misses.is_empty(), expander.enabled.is_empty(), bench.image) {
            self.questions.origins.extend(image.standpoint(bench.world, expander).unknown());
        }
        if misses.is_empty() {
            expander.unknown_updates(bench.world, |unknown| self.questions.add_operator(unknown));
        }
        self.questions.add(&mut misses);
    }

    fn take_steps(&mut self, bench: &Bench, expander: &mut Expander, index: u32) -> bool {
        let kept = (self.waiting.len(), self.words.len());
        let from = bench.image.map(|image| image.standpoint(bench.world, expander));
        self.taken.clear();
        let mut outcomes = Vec::new();
        let mut at = 0;
        let mut complete = true;
        while let Some(tree) = expander.enabled.next(at) {
            at = tree + 1;
            outcomes.clear();
            expander.each_outcome(tree, |_, outcome| outcomes.push(outcome));
            for (branch, &outcome) in outcomes.iter().enumerate() {
                self.taken.push(tree);
                match expander.step(bench.world, outcome) {
                    Ok(Target::Same) => {}
                    Ok(target) => {
                        let allowed = self.refines(bench, expander, from.as_ref(), outcome);
                        complete &= allowed.is_some();
                        if allowed == Some(false) && complete {
                            self.offend(bench, expander, index, tree, branch);
                            return true;
                        }
                        self.enqueue(bench, expander, index, target);
                    }
                    Err(unknown) => {
                        self.questions.add_operator(unknown);
                        complete = false;
                    }
                }
            }
        }
        if complete {
            for trees in self.taken.chunk_by(|one, next| one == next) {
                self.tally.enable(trees[0]);
                trees.iter().for_each(|&tree| self.tally.take(tree));
            }
        } else {
            self.waiting.truncate(kept.0);
            self.words.truncate(kept.1);
            expander.recent.clear();
        }
        complete
    }

    /// Whether the abstract model allows the step just computed; None: a question came up.
    fn refines(
        &mut self,
        bench: &Bench,
        expander: &Expander,
        from: Option<&Standpoint>,
        outcome: u32,
    ) -> Option<bool> {
        let (Some(image), Some(from)) = (bench.image, from) else { return Some(true) };
        let touched = bench.world.touched.by(outcome);
        image.judge(bench.world, expander, from, touched, &mut self.questions)
    }

    fn offend(&mut self, bench: &Bench, expander: &Expander, index: u32, tree: u32, branch: usize) {
        let mut picks = Vec::new();
        let mut at = 0;
        expander.each_outcome(tree, |way, _| {
            if at == branch {
                picks = way.to_vec();
            }
            at += 1;
        });
        let after = Some(bench.world.layout.decode(&expander.next().words));
        self.finding = Some(Finding { kind: FindingKind::Refines, tree: Some(tree), picks, index, after });
    }

    #[inline]
    fn enqueue(&mut self, bench: &Bench, expander: &mut Expander, parent: u32, target: Target) {
        let target = match target {
            Target::Root(root) => {
                let hash = hash(root);
                if expander.recent.check(root, hash) {
                    return;
                }
                bench.world.store.roots().prefetch_index(hash);
                Candidacy::Root(root)
            }
            Target::New => {
                let at = self.words.len() as u32;
                self.words.extend_from_slice(&expander.next().words);
                Candidacy::Words(at)
            }
            Target::Same => return,
        };
        self.waiting.push(Candidate { parent, target });
    }

    /// Looks up what waits; what is not stored becomes a candidate.
    fn look_up(&mut self, bench: &Bench) {
        let roots = bench.world.store.roots();
        for candidate in &self.waiting {
            if let Candidacy::Root(root) = candidate.target {
                roots.prefetch_key(hash(root));
            }
        }
        for candidate in self.waiting.drain(..) {
            match candidate.target {
                Candidacy::Root(root) if roots.search(root, hash(root)).is_ok() => {}
                _ => self.candidates.push(candidate),
            }
        }
    }
}

impl Task for Block {
    const NEEDS_WORDS: bool = false;

    fn advance(&mut self, bench: &Bench, expander: &mut Expander) {
        // From the first state with a question on, states are only looked at for further questions.
        let mut stuck = false;
        for index in self.next..self.range.end {
            if bench.stop.load(Ordering::Relaxed) {
                self.look_up(bench);
                return;
            }
            expander.move_to(bench.world, index);
            let mut done = self.look(bench, expander);
            if done && !stuck {
                self.judge(bench, expander, index);
            }
            if done && self.finding.is_none() {
                let closed = !expander.closed.is_empty();
                match self.work {
                    _ if stuck && (closed || self.work == Work::Judge) => {}
                    _ if closed => self.tally.pruned += 1,
                    Work::Judge => self.tally.left += 1,
                    Work::Expand | Work::Inspect if stuck => self.only_ask(bench, expander),
                    Work::Expand | Work::Inspect => done = self.expand(bench, expander, index),
                }
            }
            stuck |= !done;
            if stuck && self.questions.are_enough() {
                break;
            }
            if !stuck {
                self.next = index + 1;
                if self.finding.is_some() {
                    break;
                }
            }
            if self.waiting.len() >= BATCH {
                self.look_up(bench);
            }
        }
        self.look_up(bench);
    }

    fn is_pending(&self) -> bool {
        self.finding.is_none() && self.next < self.range.end
    }

    fn has_finding(&self) -> bool {
        self.finding.is_some()
    }

    fn take_questions(&mut self) -> Questions {
        std::mem::take(&mut self.questions)
    }

    fn restart(&mut self) {
        *self = Block::new(self.range.clone(), self.work, self.initial);
    }
}
