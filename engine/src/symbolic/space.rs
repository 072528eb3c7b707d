//! A space of sets over the slots of one model, and what its rules make of them.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, RwLock};

use super::cache::Cache;
use super::compile::{Compiled, Gap, Judgement, Knowledge, Path, Place, Probe, compile};
use super::diagram::{Diagram, EMPTY, Id};
use super::order::Order;
use super::refinement::Spec;
use super::relation::{DONE, Relations, Row, UNDEFINED};
use super::table::{Look, Table};
use crate::rules::{Kind, Leaf, RuleSet};

/// Why work was broken off.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Halt {
    /// There is no room for more nodes until those not in use are dropped.
    Full = 1,
    /// There are more nodes than were asked for.
    Explosion,
    /// A promise is broken.
    Found,
    Time,
    Memory,
    Interrupted,
}

/// What others see of work under way, and how they break it off.
#[derive(Default)]
pub struct Watch {
    halt: AtomicU8,
    /// Nodes of all sets.
    pub nodes: AtomicU64,
}

impl Watch {
    pub fn halt(&self, why: Halt) {
        // The first reason counts; but after these work can go on, so they give way.
        if self.halted().is_none_or(|now| matches!(now, Halt::Full | Halt::Explosion)) {
            self.halt.store(why as u8, Ordering::Relaxed);
        }
    }

    pub fn halted(&self) -> Option<Halt> {
        let reasons = [Halt::Full, Halt::Explosion, Halt::Found, Halt::Time, Halt::Memory, Halt::Interrupted];
        reasons.into_iter().find(|&reason| reason as u8 == self.halt.load(Ordering::Relaxed))
    }

    pub fn resume(&self) {
        self.halt.store(0, Ordering::Relaxed);
    }
}

pub struct Space {
    pub rules: Arc<RwLock<RuleSet>>,
    pub diagram: Diagram,
    pub cache: Cache,
    pub relations: Relations,
    pub table: Table,
    pub trees: Vec<Compiled>,
    /// How far slots had grown when they were last looked at.
    growth: Option<u64>,
    pub probes: Vec<Probe>,
    /// The probes of `probes` for which a state was seen.
    pub hit: Vec<bool>,
    /// Updates that are not defined: the operator, and the value that it is given.
    pub missing: BTreeSet<(u32, u32)>,
    /// Goals that need not be looked for any more, by tree.
    pub retired: Vec<bool>,
    pub watch: Arc<Watch>,
    /// Bytes that nodes may take before those not in use are dropped.
    pub room: usize,
    /// With so many nodes, in use or not, saturation is broken off.
    pub explosion: usize,
    /// Nodes in use after slots were last put in a better order.
    pub sifted: usize,
    /// Whether a state that breaks a promise ends the work.
    pub stops_at_findings: bool,
    /// The abstract model.
    pub spec: Option<Spec>,
}

impl Space {
    pub fn new(rules: Arc<RwLock<RuleSet>>, order: Vec<u32>, room: usize) -> Space {
        Space {
            rules,
            diagram: Diagram::new(Order::new(order)),
            cache: Cache::new(room / 2),
            relations: Relations::default(),
            table: Table::default(),
            trees: Vec::new(),
            growth: None,
            probes: Vec::new(),
            hit: Vec::new(),
            missing: BTreeSet::new(),
            retired: Vec::new(),
            watch: Arc::default(),
            room,
            explosion: usize::MAX,
            sifted: 0,
            stops_at_findings: true,
            spec: None,
        }
    }

    #[inline]
    pub fn is_halted(&self) -> bool {
        self.watch.halt.load(Ordering::Relaxed) != 0
    }

    /// Halts where nodes take too much room; called now and then.
    pub fn check_room(&mut self) {
        self.watch.nodes.store(self.diagram.len() as u64, Ordering::Relaxed);
        if self.diagram.bytes() > self.room {
            self.watch.halt(Halt::Full);
        } else if self.diagram.len() > self.explosion {
            self.watch.halt(Halt::Explosion);
        }
    }

    /// Takes in what Python has taught.  `questions_only`: whether to look only at properties, not at steps.
    ///
    /// Where the space is halted, only some of it; the rest the next time.
    pub fn prepare(&mut self, questions_only: bool) {
        let shared = Arc::clone(&self.rules);
        let rules = shared.read().expect("rules are not poisoned");
        self.catch_up(&rules);
        let now = Knowledge::of(&rules);
        self.trees.resize(rules.forest.trees.len(), Compiled::default());
        self.retired.resize(rules.forest.trees.len(), false);
        for tree in 0..self.trees.len() as u32 {
            if !self.trees[tree as usize].is_current(&rules, tree, &now) {
                self.compile(&rules, tree);
            }
            if self.is_halted() {
                return;
            }
        }
        self.fill_table(&rules, questions_only);
        self.missing.clear();
        self.cache.outdate();
    }

    /// Takes in what Python has taught of some trees.
    pub fn recompile(&mut self, trees: &[u32]) {
        let shared = Arc::clone(&self.rules);
        let rules = shared.read().expect("rules are not poisoned");
        self.catch_up(&rules);
        for &tree in trees {
            self.compile(&rules, tree);
        }
    }

    fn compile(&mut self, rules: &RuleSet, tree: u32) {
        let compiled = &mut self.trees[tree as usize];
        compile(compiled, rules, &self.diagram.order, &mut self.relations, &self.watch, tree, None);
    }

    /// Takes in new slots and values.
    fn catch_up(&mut self, rules: &RuleSet) {
        if self.growth != Some(rules.growth) {
            self.place_new_slots(rules);
            self.relations.catch_up(rules);
            self.growth = Some(rules.growth);
        }
    }

    /// New slots go right behind the last known slot of the footprints that they appear in.
    pub fn place_new_slots(&mut self, rules: &RuleSet) {
        let new: Vec<u32> =
            (0..rules.slots.len() as u32).filter(|&slot| !self.diagram.order.knows(slot)).collect();
        if !new.is_empty() {
            self.cache.unsettle();
        }
        for slot in new {
            let position = self.neighbour(rules, slot).map_or(self.diagram.order.len(), |at| at + 1);
            self.diagram.order.insert(slot, position);
        }
    }

    /// The last position among the slots that some outcome writes together with a new one.
    fn neighbour(&self, rules: &RuleSet, slot: u32) -> Option<u32> {
        let order = &self.diagram.order;
        let changes = (0..rules.outcomes.len() as u32).map(|outcome| rules.changed(outcome));
        let slots = changes.filter(|changed| changed.contains(&slot)).flatten();
        slots.filter(|&other| order.knows(other)).map(|other| order.position(other)).max()
    }

    fn fill_table(&mut self, rules: &RuleSet, questions_only: bool) {
        let order = self.diagram.order.clone();
        self.table.reset(order.len());
        self.probes.clear();
        let trees = std::mem::take(&mut self.trees);
        let mut steps: Vec<&Arc<Path>> = Vec::new();
        for (tree, compiled) in trees.iter().enumerate() {
            let kind = rules.forest.trees[tree].kind;
            if self.retired[tree] || (questions_only && kind == Kind::Step) {
                continue;
            }
            self.probes.extend(probes(tree as u32, kind, compiled));
            let does_something =
                |path: &&Arc<Path>| matches!(path.leaf, Leaf::Outcome(_)) && path.whole != DONE;
            steps.extend(compiled.paths.iter().filter(|_| kind == Kind::Step).filter(does_something));
        }
        self.hit = vec![false; self.probes.len()];
        for path in steps {
            self.add_step(&order, path);
        }
        for probe in 0..self.probes.len() as u32 {
            self.add_probe(&order, probe);
        }
        self.table.finish(&order, &mut self.relations);
        self.trees = trees;
    }

    fn add_step(&mut self, order: &Order, path: &Path) {
        let is_fresh = !self.table.settled.contains(&path.mark);
        let position = order.position(self.relations.slot(path.whole));
        for &row in self.relations.rows(path.whole) {
            let cell = self.table.cell_mut(position, row.before);
            cell.steps.push(row);
            if is_fresh {
                cell.fresh_steps.push(row);
            }
        }
        if path.guard == DONE {
            return; // possible everywhere: `enabled` knows
        }
        let position = order.position(self.relations.slot(path.guard));
        for row in self.relations.rows(path.guard) {
            let cell = self.table.cell_mut(position, row.before);
            if !cell.guards.contains(&row.next) {
                cell.guards.push(row.next);
            }
        }
    }

    fn add_probe(&mut self, order: &Order, probe: u32) {
        let is_alarm = self.probes[probe as usize].judgement.is_alarm();
        for &Place { relation, mark, .. } in &self.probes[probe as usize].places {
            if relation == DONE {
                continue; // every state fits: `probe_all_fit` knows
            }
            let is_fresh = mark.is_none_or(|mark| !self.table.settled.contains(&mark));
            let position = order.position(self.relations.slot(relation));
            for &Row { before, next, .. } in self.relations.rows(relation) {
                let cell = self.table.cell_mut(position, before);
                let look = Look { probe, next, is_fresh };
                cell.probes.all.push(look);
                if is_alarm {
                    cell.alarms.all.push(look);
                }
            }
        }
    }

    /// Every footprint of a step that does something, with its tree.
    pub fn steps(&self) -> impl Iterator<Item = (u32, &Path)> {
        let numbered = self.trees.iter().enumerate();
        let is_step = |path: &&Arc<Path>| matches!(path.leaf, Leaf::Outcome(_));
        let rules = self.rules.read().expect("rules are not poisoned");
        let kinds: Vec<Kind> = rules.forest.trees.iter().map(|tree| tree.kind).collect();
        numbered.filter(move |(tree, _)| kinds[*tree] == Kind::Step).flat_map(move |(tree, compiled)| {
            compiled.paths.iter().filter(is_step).map(move |path| (tree as u32, &**path))
        })
    }

    /// Everything compiled is void, for slots are in another order.
    pub fn forget_rules(&mut self) {
        self.relations.clear();
        self.trees.clear();
        self.growth = None;
    }

    /// Remembers that a set is closed under all steps, and raised no alarm.
    pub fn settle(&mut self) {
        let paths = self.trees.iter().flat_map(|tree| tree.paths.iter());
        self.table.settled = paths.map(|path| path.mark).collect();
        self.cache.settle();
    }

    /// A state that fits a probe was seen.
    pub fn note(&mut self, probe: u32) {
        self.hit[probe as usize] = true;
        if self.stops_at_findings && self.probes[probe as usize].judgement.is_alarm() {
            self.watch.halt(Halt::Found);
        }
    }

    /// Whether a row says what becomes of a value; if not, and some of the states need it, that is a question.
    pub fn is_defined(&mut self, row: Row, child: Id) -> bool {
        if row.after == UNDEFINED && self.holds(child, row.next) {
            self.missing.insert(self.relations.missing(row.source, row.before));
        }
        row.after != UNDEFINED
    }

    /// Drops all nodes that are not part of the sets `roots`, which get new numbers.
    pub fn collect(&mut self, roots: &mut [Id]) {
        self.diagram.collect(roots);
        self.cache.clear();
        self.watch.nodes.store(self.diagram.len() as u64, Ordering::Relaxed);
        debug_assert!(roots.iter().all(|&root| root == EMPTY || (root as usize) < self.diagram.len()));
    }
}

/// What to look for in a tree.
fn probes(tree: u32, kind: Kind, compiled: &Compiled) -> Vec<Probe> {
    let place = |gap: &Gap| Place { picks: gap.picks.clone(), relation: gap.relation, mark: None };
    let gaps = compiled.gaps.iter().map(place).collect();
    let mut found = vec![Probe { judgement: Judgement::Gap, tree, places: gaps }];
    for judgement in [Judgement::Broken, Judgement::Raised, Judgement::Reached] {
        let paths = compiled.paths.iter().filter(|path| self::judgement(kind, path.leaf) == Some(judgement));
        let place = |path: &Arc<Path>| Place {
            picks: path.picks.clone(),
            relation: path.guard,
            mark: Some(path.mark),
        };
        let places = paths.map(place).collect();
        found.push(Probe { judgement, tree, places });
    }
    found.retain(|probe| !probe.places.is_empty());
    found
}

/// What it means that a state fits a footprint of a tree.
fn judgement(kind: Kind, leaf: Leaf) -> Option<Judgement> {
    match (kind, leaf) {
        (_, Leaf::Fault(_)) => Some(Judgement::Raised),
        (Kind::Always, Leaf::Outcome(0)) => Some(Judgement::Broken),
        (Kind::Sometimes, Leaf::Outcome(1)) => Some(Judgement::Reached),
        _ => None,
    }
}
