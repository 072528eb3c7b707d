//! Random walks: no proof, but deep bugs come early.
//!
//! A few hundred walkers go in step, so that their questions to Python come in batches.  What a walker does depends
//! on the seed and its own number alone.

use std::sync::atomic::Ordering;

use super::judgement;
use super::report::{Finding, FindingKind, Report, Step, Stop, Tally};
use super::session::{Halt, Session};
use super::task::{Bench, Questions, Task};
use crate::expand::Expander;
use crate::store::hash;

/// Walkers that go side by side.
const COMPANY: u64 = 256;

/// One walk, one step per task.
struct Walker {
    random: u64,
    /// Stored states along the way, and the steps between them.
    indices: Vec<u32>,
    steps: Vec<(u32, Vec<u32>)>,
    /// The step just computed; it counts when all walkers are done with theirs.
    arrived: Option<Arrival>,
    is_over: bool,
    last: bool,
    looked: bool,
    tally: Tally,
    reached: Vec<u32>,
    finding: Option<Finding>,
    questions: Questions,
}

struct Arrival {
    words: Vec<u64>,
    tree: u32,
    picks: Vec<u32>,
    random: u64,
}

impl Walker {
    /// Makes the step just computed part of the walk.
    fn go_on(&mut self, session: &mut Session) {
        let step = self.arrived.take().expect("a walker that goes on has taken a step");
        self.indices.push(session.space.store.insert(&step.words).0);
        self.random = step.random;
        self.tally.take(step.tree);
        self.steps.push((step.tree, step.picks));
        self.looked = false;
    }

    fn new(seed: u64, number: u64, initial: &[u32]) -> Walker {
        let random = hash(hash(seed) ^ number);
        Walker {
            random,
            indices: vec![initial[(random % initial.len() as u64) as usize]],
            steps: Vec::new(),
            arrived: None,
            is_over: false,
            last: false,
            looked: false,
            tally: Tally::default(),
            reached: Vec::new(),
            finding: None,
            questions: Questions::default(),
        }
    }

    fn here(&self) -> u32 {
        *self.indices.last().expect("a walk begins somewhere")
    }

    /// False: questions came up.
    fn judge(&mut self, bench: &Bench, expander: &mut Expander) -> bool {
        let mut misses = Vec::new();
        expander.refresh_properties(bench.world, &mut misses);
        if misses.is_empty() && expander.alarms.is_empty() && expander.closed.is_empty() && !self.last {
            expander.refresh_steps(bench.world, &mut misses);
        }
        if !misses.is_empty() {
            self.questions.add(&mut misses);
            return false;
        }
        self.finding = judgement::alarm(bench, expander, self.here());
        if self.finding.is_none() && self.indices.len() == 1 {
            self.finding = judgement::odd_start(bench, expander, self.here());
        }
        let mut from = 0;
        while let Some(tree) = expander.goals.next(from) {
            from = tree + 1;
            self.reached.push(tree);
        }
        true
    }

    fn step(&mut self, bench: &Bench, expander: &mut Expander) {
        let mut ways = expander.outcomes();
        if ways.is_empty() {
            self.tally.ended += 1;
            self.is_over = true;
            self.finding = judgement::deadlock(bench, expander, self.here());
            return;
        }
        let random = hash(self.random);
        let (tree, picks, outcome) = ways.swap_remove((random % ways.len() as u64) as usize);
        if let Err(unknown) = expander.step(bench.world, outcome) {
            self.questions.add_operator(unknown);
            return;
        }
        if self.is_refined(bench, expander, tree, &picks, outcome) {
            self.arrived = Some(Arrival { words: expander.next().words.clone(), tree, picks, random });
        }
    }

    /// False also where a question came up or the step is a finding.
    fn is_refined(
        &mut self,
        bench: &Bench,
        expander: &Expander,
        tree: u32,
        picks: &[u32],
        outcome: u32,
    ) -> bool {
        let Some(image) = bench.image else { return true };
        let from = image.standpoint(bench.world, expander);
        let touched = bench.world.touched.by(outcome);
        match image.judge(bench.world, expander, &from, touched, &mut self.questions) {
            None => {}
            Some(true) => return true,
            Some(false) => {
                let after = Some(bench.world.layout.decode(&expander.next().words));
                let (kind, picks) = (FindingKind::Refines, picks.to_vec());
                self.finding = Some(Finding { kind, tree: Some(tree), picks, index: self.here(), after });
            }
        }
        false
    }
}

impl Task for Walker {
    const NEEDS_WORDS: bool = true;

    fn advance(&mut self, bench: &Bench, expander: &mut Expander) {
        if bench.stop.load(Ordering::Relaxed) {
            return;
        }
        expander.move_to(bench.world, self.here());
        if !self.judge(bench, expander) || self.finding.is_some() {
            return;
        }
        if !expander.closed.is_empty() {
            self.tally.pruned += 1;
            self.is_over = true;
        } else if self.last {
            self.is_over = true;
        } else {
            self.step(bench, expander);
        }
        self.looked = self.is_over || self.arrived.is_some();
    }

    fn is_pending(&self) -> bool {
        self.finding.is_none() && !self.looked
    }

    fn has_finding(&self) -> bool {
        self.finding.is_some()
    }

    fn take_questions(&mut self) -> Questions {
        std::mem::take(&mut self.questions)
    }

    fn restart(&mut self) {
        self.arrived = None;
        self.looked = self.is_over;
    }
}

/// Runs `walks` walks of at most `length` steps each.
pub fn run(
    session: &mut Session,
    initial: &[Vec<u32>],
    walks: u64,
    length: u64,
    seed: u64,
) -> Result<Report, Box<dyn std::error::Error + Send + Sync>> {
    let mut report = Report {
        stop: Stop::Walks,
        finding: None,
        trace: Vec::new(),
        states: 0,
        depth: -1,
        frontier: 0,
        tally: Tally::default(),
        reached: Vec::new(),
        bytes: 0,
        levels: Vec::new(),
    };
    let mut starts = Vec::new();
    for values in initial {
        let words = session.space.encode(values);
        starts.push(session.space.store.insert(&words).0);
    }
    for first in (0..walks).step_by(COMPANY as usize) {
        let numbers = first..walks.min(first + COMPANY);
        let company = numbers.map(|number| Walker::new(seed, number, &starts)).collect();
        match accompany(session, company, length, &mut report) {
            Ok(()) if report.finding.is_none() => {}
            Ok(()) => {
                report.stop = Stop::Violation;
                break;
            }
            Err(Halt::Stop(stop)) => {
                report.stop = stop;
                break;
            }
            Err(Halt::Failure(error)) => return Err(error),
        }
    }
    session.sync();
    report.states = session.space.store.len() as u64;
    report.bytes = session.space.store.bytes() as u64;
    Ok(report)
}

/// Lets one company of walkers go until all have stopped or one has found something.
fn accompany(
    session: &mut Session,
    mut company: Vec<Walker>,
    length: u64,
    report: &mut Report,
) -> Result<(), Halt> {
    for taken in 0..=length {
        company.iter_mut().for_each(|walker| walker.last = taken == length);
        session.settle(&mut company)?;
        for walker in &mut company {
            report.tally.add(&std::mem::take(&mut walker.tally));
            for tree in walker.reached.drain(..) {
                if !session.retired.contains(tree) {
                    session.retired.insert(tree);
                    report.reached.push((tree, -1));
                }
            }
            if let Some(finding) = walker.finding.take() {
                report.trace = trace(session, walker, &finding);
                report.finding = Some(finding);
                return Ok(());
            }
        }
        company.retain(|walker| !walker.is_over);
        session.afford(company.len())?;
        for walker in &mut company {
            walker.go_on(session);
            report.tally.add(&std::mem::take(&mut walker.tally));
        }
        report.depth = report.depth.max(taken as i64);
        session.progress.states = session.space.store.len() as u64;
        session.progress.transitions = report.tally.transitions;
        session.progress.depth = taken;
        session.progress.bytes = session.space.store.bytes() as u64;
        session.pulse()?;
        if company.is_empty() {
            break;
        }
    }
    Ok(())
}

fn trace(session: &Session, walker: &Walker, finding: &Finding) -> Vec<Step> {
    let mut steps =
        vec![Step { tree: None, picks: Vec::new(), values: session.space.values(walker.indices[0]) }];
    for ((tree, picks), &index) in walker.steps.iter().zip(&walker.indices[1..]) {
        steps.push(Step { tree: Some(*tree), picks: picks.clone(), values: session.space.values(index) });
    }
    if let Some(values) = &finding.after {
        steps.push(Step { tree: finding.tree, picks: finding.picks.clone(), values: values.clone() });
    }
    steps
}
