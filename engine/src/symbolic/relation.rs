//! What a footprint asks of a state and does to it, slot by slot in the order of the diagram.
//!
//! A *line* is about one slot: which values it may have, what becomes of them, and which line comes next.  Slots
//! without a line may hold anything and stay as they are: so no diagram of pairs of states is needed.  Equal lines
//! have one number, so relations that end alike share their ends, and so do the results of working with them.

use super::order::Order;
use crate::hashing::FastMap;
use crate::rules::RuleSet;

/// The number of a line, and so of the relation that begins with it.
pub type Relation = u32;

/// Nothing is left to ask or do.
pub const DONE: Relation = 0;
/// No state fits.
pub const NEVER: Relation = u32::MAX;
/// Stands for the value after an update that Python has not told.
pub const UNDEFINED: u32 = u32::MAX;

/// What is asked of the value of a slot.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Guard {
    Is(u32),
    NonZero,
    NotAmong(Vec<u32>),
    View { view: u32, answer: u32 },
    ViewNotAmong { view: u32, answers: Vec<u32> },
}

impl Guard {
    pub fn admits(&self, rules: &RuleSet, value: u32) -> bool {
        let seen = |view: u32| rules.views[view as usize].results[value as usize];
        match self {
            Guard::Is(one) => value == *one,
            Guard::NonZero => value != 0,
            Guard::NotAmong(known) => !known.contains(&value),
            Guard::View { view, answer } => seen(*view) == *answer,
            Guard::ViewNotAmong { view, answers } => !answers.contains(&seen(*view)),
        }
    }
}

/// What becomes of the value of a slot.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Effect {
    Write(u32),
    /// A blind update; `known`: how many entries its table has, so that a line whose table grew is another one.
    Update {
        operator: u32,
        known: u32,
    },
}

/// Which line comes next.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Next {
    Always(Relation),
    /// For a slot whose group is counted.
    Depends {
        zero: Relation,
        other: Relation,
    },
    /// Value by value: before, after, and what comes next; all others do not fit.
    Listed(Vec<(u32, u32, Relation)>),
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Line {
    pub slot: u32,
    pub guards: Vec<Guard>,
    pub effects: Vec<Effect>,
    pub next: Next,
}

/// What a relation says of one value.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    pub before: u32,
    pub after: u32,
    pub next: Relation,
    /// The line that says so.
    pub source: Relation,
}

struct Known {
    line: Line,
    /// Rows of the values `0..covered`, ascending.
    rows: Vec<Row>,
    covered: u32,
    /// Of values whose update is undefined: the operator, and the value that it is to be applied to.
    missing: Vec<(u32, (u32, u32))>,
}

enum Kind {
    Line(Known),
    Sum {
        members: Vec<Relation>,
        slot: u32,
        /// By value: where its rows are among those of all sums; `NOT_ASKED` where nobody has asked.
        asked: Vec<(u32, u32)>,
    },
}

const NOT_ASKED: (u32, u32) = (u32::MAX, 0);

#[derive(Default)]
pub struct Relations {
    kinds: Vec<Kind>,
    lines: FastMap<Line, Relation>,
    sums: FastMap<Vec<Relation>, Relation>,
    rows_of_sums: Vec<Row>,
}

impl Relations {
    /// The number of a line.  Number 0 is `DONE`, so lines are numbered from 1.
    pub fn add(&mut self, rules: &RuleSet, line: Line) -> Relation {
        let is_void = match &line.next {
            Next::Always(next) => *next == NEVER,
            Next::Depends { zero, other } => *zero == NEVER && *other == NEVER,
            Next::Listed(rows) => rows.iter().all(|row| row.2 == NEVER),
        };
        if is_void {
            return NEVER;
        }
        if let Some(&known) = self.lines.get(&line) {
            return known;
        }
        let known = Known { line: line.clone(), rows: Vec::new(), covered: 0, missing: Vec::new() };
        self.kinds.push(Kind::Line(known));
        let number = self.kinds.len() as Relation;
        self.lines.insert(line, number);
        self.extend(rules, number);
        number
    }

    /// The relation that does what any of some does.
    pub fn sum(&mut self, order: &Order, mut members: Vec<Relation>) -> Relation {
        members.sort_unstable();
        members.dedup();
        match members[..] {
            [] => return NEVER,
            [one] => return one,
            _ => {}
        }
        if let Some(&known) = self.sums.get(&members) {
            return known;
        }
        let slots = members.iter().filter(|&&member| member != DONE).map(|&member| self.slot(member));
        let slot = slots.min_by_key(|&slot| order.position(slot)).expect("at most one of them is DONE");
        self.kinds.push(Kind::Sum { members: members.clone(), slot, asked: Vec::new() });
        let number = self.kinds.len() as Relation;
        self.sums.insert(members, number);
        number
    }

    /// Takes in the values that slots have gained.
    pub fn catch_up(&mut self, rules: &RuleSet) {
        for number in 1..=self.kinds.len() as Relation {
            self.extend(rules, number);
        }
    }

    fn extend(&mut self, rules: &RuleSet, number: Relation) {
        let Kind::Line(known) = &mut self.kinds[number as usize - 1] else { return };
        if let Next::Listed(rows) = &known.line.next {
            let row = |&(before, after, next)| Row { before, after, next, source: number };
            known.rows = rows.iter().filter(|row| row.2 != NEVER).map(row).collect();
            return;
        }
        let size = rules.slots[known.line.slot as usize].size;
        for before in known.covered..size {
            let Some(next) = next(rules, &known.line, before) else { continue };
            let after = match after(rules, &known.line.effects, before) {
                Ok(after) => after,
                Err(missing) => {
                    known.missing.push((before, missing));
                    UNDEFINED
                }
            };
            known.rows.push(Row { before, after, next, source: number });
        }
        known.covered = size;
    }

    #[inline]
    pub fn slot(&self, relation: Relation) -> u32 {
        match &self.kinds[relation as usize - 1] {
            Kind::Line(known) => known.line.slot,
            Kind::Sum { slot, .. } => *slot,
        }
    }

    fn known(&self, relation: Relation) -> &Known {
        match &self.kinds[relation as usize - 1] {
            Kind::Line(known) => known,
            Kind::Sum { .. } => unreachable!("only steps are added up, and their sums are only taken"),
        }
    }

    pub fn rows(&self, relation: Relation) -> &[Row] {
        &self.known(relation).rows
    }

    /// The operator that does not know what it makes of a value that the first line admits, and what it is given.
    pub fn missing(&self, relation: Relation, value: u32) -> (u32, u32) {
        let missing = &self.known(relation).missing;
        missing.iter().find(|(before, _)| *before == value).expect("the row says that it is undefined").1
    }

    /// What the first line of a relation, which is no sum, says of a value.
    #[inline]
    pub fn row(&self, relation: Relation, value: u32) -> Option<Row> {
        let known = self.known(relation);
        match known.rows[..] {
            [one] => (one.before == value).then_some(one),
            _ if known.rows.len() == known.covered as usize => known.rows.get(value as usize).copied(),
            _ => known.rows.binary_search_by_key(&value, |row| row.before).ok().map(|at| known.rows[at]),
        }
    }

    /// What a relation does with a value: the rows of these numbers, for `row_of`.
    pub fn ask(&mut self, order: &Order, relation: Relation, value: u32) -> Asked {
        let Kind::Sum { members, slot, asked } = &self.kinds[relation as usize - 1] else {
            return Asked::One(self.row(relation, value));
        };
        if let Some(&(from, to)) = asked.get(value as usize).filter(|&&range| range != NOT_ASKED) {
            return Asked::Range(from, to);
        }
        let (members, slot) = (members.clone(), *slot);
        let rows: Vec<Row> = members.iter().filter_map(|&member| self.said(member, slot, value)).collect();
        let from = self.rows_of_sums.len() as u32;
        let mut merged = self.merged(order, rows);
        self.rows_of_sums.append(&mut merged);
        let to = self.rows_of_sums.len() as u32;
        if let Kind::Sum { asked, .. } = &mut self.kinds[relation as usize - 1] {
            asked.resize(asked.len().max(value as usize + 1), NOT_ASKED);
            asked[value as usize] = (from, to);
        }
        Asked::Range(from, to)
    }

    /// What a member of a sum says of a slot.
    fn said(&self, member: Relation, slot: u32, value: u32) -> Option<Row> {
        if member == DONE || self.slot(member) != slot {
            return Some(Row { before: value, after: value, next: member, source: member });
        }
        self.row(member, value)
    }

    /// Rows about one value, with one for each value after it.
    pub fn merged(&mut self, order: &Order, mut rows: Vec<Row>) -> Vec<Row> {
        rows.sort_by_key(|row| row.after);
        let mut made = Vec::new();
        for alike in rows.chunk_by(|one, other| one.after == other.after) {
            if alike[0].after == UNDEFINED {
                made.extend_from_slice(alike);
                continue;
            }
            let next = self.sum(order, alike.iter().map(|row| row.next).collect());
            made.push(Row { next, ..alike[0] });
        }
        made
    }

    #[inline]
    pub fn row_of_sum(&self, number: u32) -> Row {
        self.rows_of_sums[number as usize]
    }

    pub fn clear(&mut self) {
        *self = Relations::default();
    }
}

/// The rows that a relation has for a value.
#[derive(Clone, Copy)]
pub enum Asked {
    One(Option<Row>),
    Range(u32, u32),
}

/// What comes after a line, for a value that it admits.
fn next(rules: &RuleSet, line: &Line, value: u32) -> Option<Relation> {
    let next = match line.next {
        Next::Always(next) => next,
        Next::Depends { zero, .. } if value == 0 => zero,
        Next::Depends { other, .. } => other,
        Next::Listed(_) => unreachable!("what is listed is not computed"),
    };
    let is_admitted = line.guards.iter().all(|guard| guard.admits(rules, value));
    (is_admitted && next != NEVER).then_some(next)
}

/// What becomes of a value, or the operator that does not know, with the value that it was given.
pub fn after(rules: &RuleSet, effects: &[Effect], before: u32) -> Result<u32, (u32, u32)> {
    effects.iter().try_fold(before, |value, effect| match *effect {
        Effect::Write(written) => Ok(written),
        Effect::Update { operator, .. } => {
            rules.operators[operator as usize].apply(value).ok_or((operator, value))
        }
    })
}
