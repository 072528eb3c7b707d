//! Why a level is broken, with as few transactions as possible.

use super::explain::{Arc, Explainer, Kind, Lemma};
use super::problem::{Because, Before, Level, Problem};
use super::prune::{Pruned, prune};
use super::{Answer, attempt};
use crate::isolation::budget::{Budget, Stop};
use crate::isolation::facts::Facts;
use crate::isolation::subset::{minimise, subset};
use crate::isolation::weak::Base;

/// One case of a proof: under these assumptions, and with these lemmas, there is a circle.
#[derive(Clone, Debug)]
pub struct Case {
    pub assumed: Vec<Before>,
    pub lemmas: Vec<Lemma>,
    pub circle: Vec<Arc>,
}

/// Why a level is broken.
#[derive(Clone, Debug, Default)]
pub struct Proof {
    /// The transactions that break it by themselves.
    pub core: Vec<u32>,
    /// They cover every way to order the writers that they speak of; none if there was no time to find them all.
    pub cases: Vec<Case>,
    /// Whether leaving out any of the transactions would leave no violation.
    pub minimal: bool,
}

/// What is asked of which facts.
#[derive(Clone, Copy)]
pub struct Question<'a> {
    pub facts: &'a Facts,
    pub level: Level,
    pub base: Base,
}

impl Question<'_> {
    fn is_broken_by(&self, kept: &[u32], budget: &mut Budget) -> Result<bool, Stop> {
        let facts = subset(self.facts, kept);
        match attempt(&facts, self.level, self.base, budget).0 {
            Answer::Broken(_) => Ok(true),
            Answer::Stopped { stop, .. } => Err(stop),
            Answer::Kept | Answer::Wrong => Ok(false),
        }
    }

    /// A proof from transactions that are known to break the level.
    pub fn proof(&self, mut core: Vec<u32>, budget: &mut Budget) -> Proof {
        core.sort_unstable();
        core.dedup();
        core.retain(|&number| number != 0);
        if !matches!(self.is_broken_by(&core, budget), Ok(true)) {
            return Proof { core, ..Proof::default() };
        }
        let minimal = self.smallest(&mut core, budget).is_ok();
        let facts = subset(self.facts, &core);
        let mut cases = Vec::new();
        let small = Question { facts: &facts, ..*self };
        if small.split(&mut Vec::new(), budget, &mut cases).is_err() {
            cases.clear();
        }
        let mut names = core.clone();
        names.insert(0, 0);
        cases.iter_mut().for_each(|case| case.rename(&names));
        Proof { core, cases, minimal }
    }

    /// Leaves out what can be left out, from either end; the smaller remainder counts.
    fn smallest(&self, core: &mut Vec<u32>, budget: &mut Budget) -> Result<(), Stop> {
        let mut other: Vec<u32> = core.iter().rev().copied().collect();
        minimise(core, |kept| self.is_broken_by(kept, budget))?;
        let tried = core.len() > 6 && minimise(&mut other, |kept| self.is_broken_by(kept, budget)).is_ok();
        if tried && other.len() < core.len() {
            *core = other;
        }
        core.sort_unstable();
        Ok(())
    }

    /// Tries both orders of a pair until there are circles everywhere.
    fn split(
        &self,
        assumed: &mut Vec<Before>,
        budget: &mut Budget,
        cases: &mut Vec<Case>,
    ) -> Result<(), Stop> {
        let mut problem = Problem::new(self.facts, self.level, self.base);
        for &before in assumed.iter() {
            problem.decide(before, Because::Given, |_, _| false);
        }
        match prune(&mut problem, self.base, budget)? {
            Pruned::Circle(nodes) => {
                cases.push(case(&problem, self.base, &nodes, assumed.clone()));
                Ok(())
            }
            Pruned::Open { pairs, .. } => {
                let Some(&pair) = pairs.first() else { return Ok(()) };
                for before in [pair, pair.reversed()] {
                    assumed.push(before);
                    self.split(assumed, budget, cases)?;
                    assumed.pop();
                }
                Ok(())
            }
        }
    }
}

fn case(problem: &Problem, base: Base, nodes: &[u32], assumed: Vec<Before>) -> Case {
    let explainer = Explainer::new(problem, base);
    let links = explainer.links(nodes, true);
    let lemmas = explainer.lemmas(&links);
    let circle_of = |path: &[u32], closing: Arc| {
        let mut circle = explainer.arcs(path);
        circle.push(closing);
        circle
    };
    let lemmas = lemmas.into_iter().filter_map(|(decision, path, closing)| {
        let before = problem.decisions[decision as usize].before;
        Some(Lemma { before, circle: circle_of(&path, closing?) })
    });
    let mut lemmas: Vec<Lemma> = lemmas.collect();
    // nothing is older than the initial versions: a lemma that says so is the end of the proof
    let circle = match lemmas.iter().position(|lemma| lemma.before.later == 0) {
        Some(at) => lemmas.drain(at..).next().map(|last| last.circle).unwrap_or_default(),
        None => explainer.arcs(&links),
    };
    Case { assumed, lemmas, circle }
}

impl Case {
    fn rename(&mut self, names: &[u32]) {
        let arcs = |circle: &mut Vec<Arc>| {
            for arc in circle {
                (arc.source, arc.target) = (names[arc.source as usize], names[arc.target as usize]);
            }
        };
        let pair = |before: &mut Before| {
            before.earlier = names[before.earlier as usize];
            before.later = names[before.later as usize];
        };
        self.assumed.iter_mut().for_each(pair);
        arcs(&mut self.circle);
        for lemma in &mut self.lemmas {
            pair(&mut lemma.before);
            arcs(&mut lemma.circle);
        }
    }

    /// Whether it speaks of the order of sessions, or of real time.
    pub fn needs_base(&self) -> bool {
        let is_base = |arc: &Arc| matches!(arc.kind, Kind::Session | Kind::RealTime);
        self.circle.iter().any(is_base) || self.lemmas.iter().any(|lemma| lemma.circle.iter().any(is_base))
    }
}

/// The transactions that a circle of moments, and what it rests on, speak of.
pub fn core_of(problem: &Problem, base: Base, nodes: &[u32]) -> Vec<u32> {
    let explainer = Explainer::new(problem, base);
    let links = explainer.links(nodes, true);
    core_of_links(&explainer, problem, &links)
}

/// The transactions that links, and what they rest on, speak of.
pub fn core_of_links(explainer: &Explainer, problem: &Problem, links: &[u32]) -> Vec<u32> {
    let mut core = explainer.transactions(links);
    for (decision, path, closing) in explainer.lemmas(links) {
        let before = problem.decisions[decision as usize].before;
        core.extend([before.earlier, before.later]);
        core.extend(explainer.transactions(&path));
        core.extend(closing.map(|arc| arc.source));
    }
    core
}
