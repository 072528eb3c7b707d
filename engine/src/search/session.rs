//! The one search loop: work on a few tasks in parallel, ask Python what was missing, and work on.
//!
//! While workers run, nobody changes what they look at, so they need no locks.  Which questions come up in a round
//! depends on the tasks and the rules alone, never on the number of workers or on who was faster; Python answers
//! them in canonical order.  So every number that Python hands out is the same on every run.

use std::error::Error;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::image::Image;
use super::limits::{Limits, resident_bytes};
use super::report::Stop;
use super::space::Space;
use super::task::{Bench, Questions, Task};
use crate::expand::{Expander, Miss, TreeSet};
use crate::layout::Fit;

/// Why the loop cannot go on.
pub enum Halt {
    Stop(Stop),
    /// Python raised, or the model is at fault.
    Failure(Box<dyn Error + Send + Sync>),
}

/// Which model a question is about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Which {
    Model,
    Spec,
}

#[derive(Default, Clone, Copy)]
pub struct Progress {
    pub states: u64,
    pub transitions: u64,
    pub depth: u64,
    pub frontier: u64,
    pub bytes: u64,
}

/// The outside world: Python.
pub trait Host {
    fn learn(&self, which: Which, misses: Vec<Miss>) -> Result<(), Halt>;
    fn operate(&self, which: Which, gaps: Vec<(u32, u32)>) -> Result<(), Halt>;
    /// Called now and then on the calling thread: signals and progress.
    fn pulse(&self, progress: &Progress) -> Result<(), Halt>;
}

/// How often the outside world is heard.
const PULSE: Duration = Duration::from_millis(30);

/// So many questions are answered before signals and limits are heard again.
const LESSON: usize = 64;
/// The same for entries of tables, most of which need no Python.
const LONG_LESSON: usize = 1024;

pub struct Session<'h> {
    pub host: &'h dyn Host,
    pub space: Space,
    pub image: Option<Image>,
    pub limits: Limits,
    pub retired: TreeSet,
    pub progress: Progress,
    expanders: Vec<Expander>,
    last_pulse: Instant,
}

impl<'h> Session<'h> {
    pub fn new(
        host: &'h dyn Host,
        space: Space,
        image: Option<Image>,
        limits: Limits,
        workers: usize,
    ) -> Self {
        let mut session = Session {
            host,
            space,
            image,
            limits,
            retired: TreeSet::default(),
            progress: Progress::default(),
            expanders: (0..workers.max(1)).map(|_| Expander::default()).collect(),
            last_pulse: Instant::now(),
        };
        session.sync();
        session
    }

    /// Takes in what Python taught; true if a layout changed, so that words made before are void.
    pub fn sync(&mut self) -> bool {
        let relaid = self.space.sync() == Fit::Outgrown;
        let image = self.image.as_mut();
        relaid
            | image.is_some_and(|image| image.sync(&self.space.rules.read().expect("rules are not poisoned")))
    }

    pub fn into_parts(self) -> (Space, Option<Image>) {
        (self.space, self.image)
    }

    /// Works on the tasks until all are done, or all before the first one with a finding.
    pub fn settle<T: Task>(&mut self, tasks: &mut [T]) -> Result<(), Halt> {
        loop {
            self.work(tasks)?;
            let mut questions = Questions::default();
            for task in tasks.iter_mut() {
                questions.absorb(task.take_questions());
                if task.has_finding() {
                    break;
                }
            }
            if questions.is_empty() {
                return Ok(());
            }
            if self.ask(questions)? {
                tasks.iter_mut().for_each(Task::restart);
                self.expanders.iter_mut().for_each(Expander::reset);
            }
            self.pulse()?;
        }
    }

    /// One round: every pending task advances as far as it can.
    fn work<T: Task>(&mut self, tasks: &mut [T]) -> Result<(), Halt> {
        let rules = Arc::clone(&self.space.rules);
        let rules = rules.read().expect("rules are not poisoned");
        self.retired.resize(rules.forest.trees.len());
        let mut expanders = std::mem::take(&mut self.expanders);
        let world = self.space.world(&rules, &self.retired, T::NEEDS_WORDS || self.image.is_some());
        for expander in &mut expanders {
            expander.catch_up(&world);
            expander.recent.clear();
        }
        let stop = AtomicBool::new(false);
        let bench =
            Bench { world: &world, image: self.image.as_ref(), stop: &stop, deadlock: self.limits.deadlock };
        let mut pulse = Pulse { host: self.host, limits: &self.limits, last: self.last_pulse };
        let mut pending: Vec<&mut T> = tasks.iter_mut().filter(|task| task.is_pending()).collect();
        let outcome = run(&bench, &mut expanders, &mut pending, || pulse.check(&self.progress));
        let last = pulse.last;
        self.last_pulse = last;
        self.expanders = expanders;
        outcome
    }

    /// Has Python answer; true if the layout changed, so that all work of this round must be done again.
    fn ask(&mut self, questions: Questions) -> Result<bool, Halt> {
        let mut misses = questions.misses.into_iter().peekable();
        while misses.peek().is_some() {
            self.host.learn(Which::Model, misses.by_ref().take(LESSON).collect())?;
            self.pulse()?;
        }
        if !questions.operators.is_empty() {
            let mut gaps = questions.operators;
            gaps.sort_unstable();
            gaps.dedup();
            for some in gaps.chunks(LONG_LESSON) {
                self.host.operate(Which::Model, some.to_vec())?;
                self.pulse()?;
            }
        }
        let mut relaid = self.sync();
        for from in questions.origins {
            let Some(image) = &mut self.image else { break };
            if relaid {
                break; // the words of the questions are void; they will be asked again
            }
            relaid = image.learn(self.host, &from)?;
            self.pulse()?;
        }
        Ok(relaid | self.sync())
    }

    /// Signals, progress and limits, now and then.
    pub fn pulse(&mut self) -> Result<(), Halt> {
        let mut pulse = Pulse { host: self.host, limits: &self.limits, last: self.last_pulse };
        let outcome = pulse.check(&self.progress);
        self.last_pulse = pulse.last;
        outcome
    }

    /// Refuses to store `more` states if that might break the memory limit.
    pub fn afford(&self, more: usize) -> Result<(), Halt> {
        let growth = self.space.store.growth(more) as u64;
        match (self.limits.memory, resident_bytes()) {
            (Some(limit), Some(used)) if used + growth > limit => Err(Halt::Stop(Stop::Memory)),
            _ => Ok(()),
        }
    }
}

struct Pulse<'a> {
    host: &'a dyn Host,
    limits: &'a Limits,
    last: Instant,
}

impl Pulse<'_> {
    fn check(&mut self, progress: &Progress) -> Result<(), Halt> {
        let now = Instant::now();
        if self.limits.deadline.is_some_and(|deadline| now >= deadline) {
            return Err(Halt::Stop(Stop::Time));
        }
        if now.duration_since(self.last) < PULSE {
            return Ok(());
        }
        self.last = now;
        if let (Some(limit), Some(used)) = (self.limits.memory, resident_bytes()) {
            if used > limit {
                return Err(Halt::Stop(Stop::Memory));
            }
        }
        self.host.pulse(progress)
    }
}

/// Shares the tasks among the expanders, one thread each.  The calling thread works too, and pulses between tasks.
fn run<T: Task>(
    bench: &Bench,
    expanders: &mut [Expander],
    tasks: &mut [&mut T],
    mut pulse: impl FnMut() -> Result<(), Halt>,
) -> Result<(), Halt> {
    let (first, others) = expanders.split_first_mut().expect("there is at least one worker");
    let helpers = others.len().min(tasks.len().saturating_sub(1));
    // Claimed in order, so that each worker meets the tasks in canonical order.
    let queue: Vec<Mutex<&mut T>> = tasks.iter_mut().map(|task| Mutex::new(&mut **task)).collect();
    let claimed = AtomicUsize::new(0);
    let claim = || queue.get(claimed.fetch_add(1, Ordering::Relaxed));
    let do_task = |task: &Mutex<&mut T>, expander: &mut Expander| {
        task.lock().expect("a task is claimed once").advance(bench, expander);
    };
    std::thread::scope(|scope| {
        for expander in &mut others[..helpers] {
            scope.spawn(|| {
                while let Some(task) = claim() {
                    do_task(task, expander);
                }
            });
        }
        let mut outcome = Ok(());
        while let Some(task) = claim() {
            if outcome.is_ok() {
                outcome = pulse();
                bench.stop.fetch_or(outcome.is_err(), Ordering::Relaxed);
            }
            do_task(task, first);
        }
        outcome
    })
}
