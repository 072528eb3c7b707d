//! What a footprint asks for and does, as a chain of lines in the order of the diagram.

use std::collections::{BTreeMap, BTreeSet};

use super::order::Order;
use super::relation::{DONE, Effect, Guard, Line, NEVER, Next, Relation, Relations, after};
use crate::rules::{Observation, RuleSet};

/// How an observation is answered.
#[derive(Clone)]
pub enum Answer {
    Is(u32),
    NotAmong(Vec<u32>),
}

/// What must hold of one slot, and what becomes of it.
#[derive(Default)]
struct Part {
    slot: u32,
    guards: Vec<Guard>,
    effects: Vec<Effect>,
    /// For a slot of the abstract model, which holds 0: what is written there.
    image: Option<u32>,
    /// The tallies that the slot counts for, and its place in their groups.
    counts_for: Vec<(usize, u32)>,
}

impl Part {
    fn may_be_zero(&self, rules: &RuleSet) -> bool {
        self.guards.iter().all(|guard| guard.admits(rules, 0))
    }

    /// Whether it may hold something else than 0, as far as one sees at once.
    fn may_be_member(&self) -> bool {
        !self.guards.contains(&Guard::Is(0))
    }
}

/// A question about a whole group, answered by a number that is kept from slot to slot.
struct Tally {
    what: Wanted,
    answer: Answer,
}

enum Wanted {
    /// How many members there are: of a wanted size what is left of it, of unwanted ones how many were met.
    Size,
    /// The place of the first member: of those that were met, for slots come in another order; 0 for none.
    First,
}

impl Tally {
    fn start(&self) -> u32 {
        match (&self.what, &self.answer) {
            (Wanted::Size, Answer::Is(size)) => *size,
            _ => 0,
        }
    }

    fn fits(&self, number: u32) -> bool {
        match (&self.what, &self.answer) {
            (Wanted::Size, Answer::Is(_)) => number == 0,
            (_, Answer::Is(one)) => number == *one,
            (_, Answer::NotAmong(known)) => !known.contains(&number),
        }
    }

    /// Whether it may fit when so many slots are to come.
    fn can_fit(&self, number: u32, to_come: u32) -> bool {
        !matches!((&self.what, &self.answer), (Wanted::Size, Answer::Is(_))) || number <= to_come
    }

    /// What becomes of the number when a member is met; None: no answer will fit.
    fn with(&self, number: u32, place: u32) -> Option<u32> {
        match (&self.what, &self.answer) {
            (Wanted::Size, Answer::Is(_)) => number.checked_sub(1),
            // All numbers beyond the known ones are alike.
            (Wanted::Size, Answer::NotAmong(known)) => {
                Some((number + 1).min(known.iter().max().map_or(0, |most| most + 1)))
            }
            (Wanted::First, _) => Some(if number == 0 { place } else { number.min(place) }),
        }
    }
}

/// The numbers of all tallies of a product.
type Numbers = Vec<u32>;
/// The lines after one, where its slot holds 0 and where it does not.
type Successors = (Relation, Relation);

/// Conditions on several slots, all of which must hold, and what becomes of the slots then.
pub struct Product<'r> {
    rules: &'r RuleSet,
    order: &'r Order,
    /// Where slots lie in the diagrams.
    place: fn(u32) -> u32,
    /// By position.
    parts: BTreeMap<u32, Part>,
    /// Of slots that have no position, because they are always 0.
    zeros: BTreeMap<u32, Part>,
    tallies: Vec<Tally>,
    /// An observation never has the answer that is asked for.
    is_impossible: bool,
}

impl<'r> Product<'r> {
    /// The product in which observations have certain answers.
    pub fn of(rules: &'r RuleSet, order: &'r Order, asked: &[(Observation, Answer)]) -> Product<'r> {
        Product::placed(rules, order, |slot| slot, asked)
    }

    /// The same where slots lie elsewhere in the diagrams.
    pub fn placed(
        rules: &'r RuleSet,
        order: &'r Order,
        place: fn(u32) -> u32,
        asked: &[(Observation, Answer)],
    ) -> Product<'r> {
        let (parts, zeros, tallies) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
        let mut product = Product { rules, order, place, parts, zeros, tallies, is_impossible: false };
        for (what, answer) in asked {
            product.observe(*what, answer);
        }
        product
    }

    fn observe(&mut self, what: Observation, answer: &Answer) {
        match (what, answer.clone()) {
            (Observation::Slot(slot), Answer::Is(value)) => self.guard(slot, Guard::Is(value)),
            (Observation::Slot(slot), Answer::NotAmong(known)) => self.guard(slot, Guard::NotAmong(known)),
            (Observation::View(view), Answer::Is(answer)) => {
                self.guard(self.rules.views[view as usize].slot, Guard::View { view, answer });
            }
            (Observation::View(view), Answer::NotAmong(answers)) => {
                self.guard(self.rules.views[view as usize].slot, Guard::ViewNotAmong { view, answers });
            }
            (Observation::Size(group), answer) => self.tally(group, 0, Tally { what: Wanted::Size, answer }),
            (Observation::Next { group, after }, Answer::Is(first)) => self.next(group, after, first),
            (Observation::Next { group, after }, answer) => {
                self.tally(group, after, Tally { what: Wanted::First, answer });
            }
        }
    }

    fn part(&mut self, slot: u32) -> &mut Part {
        let place = (self.place)(slot);
        let part = match self.order.knows(place) {
            true => self.parts.entry(self.order.position(place)),
            false => self.zeros.entry(slot),
        };
        part.or_insert_with(|| Part { slot, ..Part::default() })
    }

    fn guard(&mut self, slot: u32, guard: Guard) {
        self.part(slot).guards.push(guard);
    }

    /// The first member of a group from a place on is at place `first` - 1; 0: there is none.
    fn next(&mut self, group: u32, after: u32, first: u32) {
        let Some((passed, first)) = self.rules.first_member(group, after, first) else {
            self.is_impossible = true;
            return;
        };
        for &slot in passed {
            self.guard(slot, Guard::Is(0));
        }
        if let Some(first) = first {
            self.guard(first, Guard::NonZero);
        }
    }

    fn tally(&mut self, group: u32, after: u32, tally: Tally) {
        let number = self.tallies.len();
        for (place, &slot) in self.rules.groups[group as usize].slots.iter().enumerate().skip(after as usize)
        {
            self.part(slot).counts_for.push((number, place as u32 + 1));
        }
        self.tallies.push(tally);
    }

    /// Takes in what an outcome does.
    pub fn effects(&mut self, outcome: u32) {
        let outcome = &self.rules.outcomes[outcome as usize];
        for &(slot, value) in &outcome.writes {
            self.part(slot).effects.push(Effect::Write(value));
        }
        for &operator in &outcome.operators {
            let update = &self.rules.operators[operator as usize];
            let effect = Effect::Update { operator, known: update.known() as u32 };
            self.part(update.slot).effects.push(effect);
        }
    }

    /// Has a line for every slot that has a position, also where it says nothing.
    pub fn complete(&mut self) {
        for slot in 0..self.rules.slots.len() as u32 {
            self.part(slot);
        }
    }

    /// A slot of the abstract model, which holds 0, gets a value.
    pub fn image(&mut self, slot: u32, value: u32) {
        self.part(slot).image = Some(value);
    }

    /// The chain of all its lines; `effects`: with what becomes of the slots.
    pub fn relation(&self, relations: &mut Relations, effects: bool) -> Relation {
        self.chains(&[self.start()], |part, next| self.line(relations, part, effects, next))[0]
    }

    /// The same without effects for several answers to the last question, which was about the size of a group.
    pub fn by_size(&self, relations: &mut Relations, sizes: &[u32]) -> Vec<Relation> {
        let mut starts = vec![self.start(); sizes.len()];
        for (start, &size) in starts.iter_mut().zip(sizes) {
            *start.last_mut().expect("a question about a size is tallied") = size;
        }
        self.chains(&starts, |part, next| self.line(relations, part, false, next))
    }

    /// What fits pairs of states, each slot followed by its twin: the second one is what becomes of the first.
    ///
    /// `missing`: gets updates that are not defined, each with the value that it is given.
    pub fn pairs(&self, relations: &mut Relations, missing: &mut BTreeSet<(u32, u32)>) -> Relation {
        if !self.leaves_zeros(missing) {
            return NEVER;
        }
        self.chains(&[self.start()], |part, next| self.twins(relations, part, next, missing))[0]
    }

    /// Whether it admits 0 in slots that are always 0, and leaves it there.
    fn leaves_zeros(&self, missing: &mut BTreeSet<(u32, u32)>) -> bool {
        self.zeros.values().all(|part| {
            part.may_be_zero(self.rules)
                && after(self.rules, &part.effects, 0)
                    .map_err(|undefined| missing.insert(undefined))
                    .is_ok_and(|after| after == 0)
        })
    }

    fn start(&self) -> Numbers {
        self.tallies.iter().map(Tally::start).collect()
    }

    /// One chain for each start.
    fn chains(
        &self,
        starts: &[Numbers],
        mut line: impl FnMut(&Part, Successors) -> Relation,
    ) -> Vec<Relation> {
        if self.is_impossible {
            return vec![NEVER; starts.len()];
        }
        // Forwards: which numbers there may be before each line.  Backwards: the lines.
        let mut numbers: Vec<Vec<Numbers>> = vec![starts.to_vec()];
        let mut to_come: Vec<u32> = (0..self.tallies.len()).map(|tally| self.counted_for(tally)).collect();
        for part in self.parts.values() {
            part.counts_for.iter().for_each(|&(tally, _)| to_come[tally] -= 1);
            let before = numbers.last().expect("there is a start");
            let mut after = Vec::new();
            if part.may_be_zero(self.rules) {
                after.extend_from_slice(before);
            }
            if part.may_be_member() {
                after.extend(before.iter().filter_map(|one| self.counted(part, one)));
            }
            after.retain(|numbers| self.can_fit(numbers, &to_come));
            after.sort_unstable();
            after.dedup();
            numbers.push(after);
        }
        let mut below: BTreeMap<Numbers, Relation> = BTreeMap::new();
        for numbers in numbers.pop().expect("there is a start") {
            let fits = self.tallies.iter().zip(&numbers).all(|(tally, &number)| tally.fits(number));
            below.insert(numbers, if fits { DONE } else { NEVER });
        }
        for part in self.parts.values().rev() {
            let mut here = BTreeMap::new();
            for numbers in numbers.pop().expect("there are numbers before each line") {
                let next = |numbers: &Numbers| below.get(numbers).copied().unwrap_or(NEVER);
                let zero = next(&numbers);
                let other = self.counted(part, &numbers).map_or(NEVER, |more| next(&more));
                let both = match (part.may_be_zero(self.rules), part.may_be_member()) {
                    (true, true) => (zero, other),
                    (true, false) => (zero, zero),
                    (false, _) => (other, other),
                };
                here.insert(numbers, line(part, both));
            }
            below = here;
        }
        starts.iter().map(|start| below[start]).collect()
    }

    /// How many slots count for a tally.
    fn counted_for(&self, tally: usize) -> u32 {
        let counts = self.parts.values().flat_map(|part| &part.counts_for);
        counts.filter(|count| count.0 == tally).count() as u32
    }

    /// Whether numbers may still become what is wanted, when so many slots are to come that count.
    fn can_fit(&self, numbers: &Numbers, to_come: &[u32]) -> bool {
        let mut tallies = self.tallies.iter().zip(numbers).zip(to_come);
        tallies.all(|((tally, &number), &to_come)| tally.can_fit(number, to_come))
    }

    /// The numbers after a slot that holds a member.
    fn counted(&self, part: &Part, numbers: &Numbers) -> Option<Numbers> {
        let mut more = numbers.clone();
        for &(tally, place) in &part.counts_for {
            more[tally] = self.tallies[tally].with(more[tally], place)?;
        }
        Some(more)
    }

    /// One line.
    fn line(
        &self,
        relations: &mut Relations,
        part: &Part,
        effects: bool,
        (zero, other): Successors,
    ) -> Relation {
        let effects = if effects { part.effects.clone() } else { Vec::new() };
        let next = match part.image {
            Some(value) => Next::Listed(vec![(0, value, zero)]),
            None if zero == other => Next::Always(zero),
            None => Next::Depends { zero, other },
        };
        match next {
            Next::Always(next) if next == NEVER || (part.guards.is_empty() && effects.is_empty()) => next,
            _ => {
                let slot = (self.place)(part.slot);
                relations.add(self.rules, Line { slot, guards: part.guards.clone(), effects, next })
            }
        }
    }

    /// A line for a slot, and behind it, value by value, one for its twin.
    fn twins(
        &self,
        relations: &mut Relations,
        part: &Part,
        (zero, other): Successors,
        missing: &mut BTreeSet<(u32, u32)>,
    ) -> Relation {
        let slot = (self.place)(part.slot);
        let mut listed = |slot, rows| {
            let line = Line { slot, guards: Vec::new(), effects: Vec::new(), next: Next::Listed(rows) };
            relations.add(self.rules, line)
        };
        let mut rows = Vec::new();
        for before in 0..self.rules.slots[part.slot as usize].size {
            let next = if before == 0 { zero } else { other };
            if next == NEVER || !part.guards.iter().all(|guard| guard.admits(self.rules, before)) {
                continue;
            }
            match after(self.rules, &part.effects, before) {
                Ok(after) => rows.push((before, before, listed(slot + 1, vec![(after, after, next)]))),
                Err(undefined) => {
                    missing.insert(undefined);
                }
            }
        }
        listed(slot, rows)
    }
}
