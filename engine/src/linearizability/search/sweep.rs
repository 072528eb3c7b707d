//! Linearizability: all configurations at once, from event to event.
//!
//! Just-in-time linearization (Lowe, "Testing for linearizability", Concurrency and Computation 2017, after Wing
//! and Gong 1993) in breadth: when an operation returns that has not taken effect, open operations take effect
//! in every order that ends with it.  The configurations at an event are all that a continuation depends on, so
//! memory depends on how many operations overlap, not on how many there are.
//!
//! What keeps them few, and why nothing is lost:
//! * a pure operation takes effect as soon as the state allows it: later it can do no more than that;
//! * of open operations of the same class, the one that returns first takes effect first: in any order the two
//!   can change places;
//! * a blind operation takes effect before it returns only where an operation that is open sees its state: if a
//!   blind one comes next in an order, it goes unseen, and otherwise it can wait for the next one to be invoked;
//! * a blind operation that may have taken effect unseen before another one need not take effect any more, and
//!   can until it returns (`configurations`);
//! * an operation that may never take effect does not go before one that does the same and must;
//! * of two configurations one of which is at least as good as the other, one is kept (`configurations`).

use super::bits::Bits;
use super::configurations::{Configuration, Configurations, Kinds};
use super::guide::{Guide, Stop};
use super::timeline::{Operation, Timeline};

/// How orders came about, where that is recorded.
#[derive(Default)]
pub struct Trail {
    /// Who took effect: the number of the entry before plus one, the operation, and at which event.
    pub entries: Vec<(u32, u32, u32)>,
    on: bool,
    now: u32,
}

impl Trail {
    #[inline]
    fn record(&mut self, before: u32, operation: u32) -> u32 {
        if !self.on {
            return 0;
        }
        self.entries.push((before, operation, self.now));
        self.entries.len() as u32
    }
}

/// Marks an operation in a trail that took effect before the first blind one after its invocation.
pub const UNSEEN: u32 = 1 << 31;

/// A sweep over one object's timeline.
pub struct Sweep<'t, const W: usize> {
    timeline: &'t Timeline,
    kinds: Kinds<W>,
    /// Open operations that change the state, first return first.
    changing: Vec<u32>,
    /// Open operations that change nothing.
    pure: Vec<u32>,
    /// By slot: the open operations that must go first, being of the same class.
    before: Vec<Bits<W>>,
    pub current: Configurations<W>,
    next: Configurations<W>,
    /// Configurations from which the operation that returns has not taken effect.
    pub waiting: Configurations<W>,
    successors: Vec<(u32, u32)>,
    pub trail: Trail,
    /// The most configurations at once.
    pub peak: usize,
}

impl<'t, const W: usize> Sweep<'t, W> {
    /// Before the first event, in one of these states.
    pub fn new(timeline: &'t Timeline, initial: &[u32]) -> Self {
        let kinds = Kinds { must: Bits::NONE, pure: Bits::NONE, may: Bits::NONE, blind: Bits::NONE };
        let mut current = Configurations::default();
        for &state in initial {
            current.insert(Configuration { done: Bits::NONE, hidden: Bits::NONE, state, trail: 0 }, &kinds);
        }
        Sweep {
            timeline,
            kinds,
            changing: Vec::new(),
            pure: Vec::new(),
            before: vec![Bits::NONE; timeline.width as usize],
            current,
            next: Configurations::default(),
            waiting: Configurations::default(),
            successors: Vec::new(),
            trail: Trail::default(),
            peak: 1,
        }
    }

    /// Goes over one event; false if no configuration is left.  Then `current` is as it was before the event.
    pub fn step(&mut self, event: usize, guide: &mut Guide) -> Result<bool, Stop> {
        self.trail.now = event as u32;
        let event = self.timeline.events[event];
        let operation = self.timeline.operations[event.operation as usize];
        if !event.returns {
            return self.invoke(event.operation, operation, guide).map(|()| true);
        }
        let alive = self.respond(event.operation, operation, guide)?;
        if alive {
            self.close(event.operation, operation);
        }
        Ok(alive)
    }

    /// From now on, records how orders come about.
    pub fn record(&mut self) {
        self.trail.on = true;
    }

    fn operation(&self, index: u32) -> &'t Operation {
        &self.timeline.operations[index as usize]
    }

    fn invoke(&mut self, index: u32, operation: Operation, guide: &mut Guide) -> Result<(), Stop> {
        let slot = operation.slot;
        if operation.is_pure() {
            self.kinds.pure.insert(slot);
            self.pure.push(index);
            self.current.iter().for_each(|configuration| guide.want(configuration.state, operation.class));
            guide.ask()?;
            let trail = &mut self.trail;
            for configuration in self.current.iter_mut() {
                if !guide.entry(configuration.state, operation.class).is_refused() {
                    configuration.done.insert(slot);
                    configuration.trail = trail.record(configuration.trail, index);
                }
            }
            return Ok(());
        }
        let kind = match (operation.optional, operation.is_blind()) {
            (true, _) => &mut self.kinds.may,
            (false, true) => &mut self.kinds.blind,
            (false, false) => &mut self.kinds.must,
        };
        kind.insert(slot);
        let mut mine = Bits::NONE;
        for &other_index in &self.changing {
            let other = &self.timeline.operations[other_index as usize];
            if other.class == operation.class {
                if goes_before(other, &operation) {
                    mine.insert(other.slot);
                } else if goes_before(&operation, other) {
                    self.before[other.slot as usize].insert(slot);
                }
            }
        }
        self.before[slot as usize] = mine;
        let returned = |&other: &u32| self.timeline.operations[other as usize].returned <= operation.returned;
        let place = self.changing.partition_point(returned);
        self.changing.insert(place, index);
        Ok(())
    }

    fn close(&mut self, index: u32, operation: Operation) {
        let slot = operation.slot;
        if operation.is_pure() {
            self.kinds.pure.remove(slot);
            self.pure.retain(|&other| other != index);
            return;
        }
        self.kinds.must.remove(slot);
        self.kinds.may.remove(slot);
        self.kinds.blind.remove(slot);
        self.changing.retain(|&other| other != index);
        for &other in &self.changing {
            self.before[self.timeline.operations[other as usize].slot as usize].remove(slot);
        }
    }

    fn respond(&mut self, index: u32, operation: Operation, guide: &mut Guide) -> Result<bool, Stop> {
        let slot = operation.slot;
        if self.current.iter().all(|configuration| configuration.done.has(slot)) {
            let trail = &mut self.trail;
            for configuration in self.current.iter_mut() {
                *configuration = configuration.without(slot, index, trail);
            }
            return Ok(true);
        }
        self.next.clear();
        self.waiting.clear();
        for configuration in self.current.iter() {
            if operation.optional || configuration.has_done(slot) {
                self.next.insert(configuration.without(slot, index, &mut self.trail), &self.kinds);
            }
            if !configuration.done.has(slot) {
                self.waiting.insert(*configuration, &self.kinds);
            }
        }
        let mut cursor = 0;
        while let Some(configuration) = self.waiting.take(&mut cursor) {
            self.expand(configuration, index, slot, guide)?;
        }
        if self.next.is_empty() {
            return Ok(false);
        }
        std::mem::swap(&mut self.current, &mut self.next);
        self.peak = self.peak.max(self.current.len() + self.waiting.len());
        Ok(true)
    }

    /// Lets each open operation take effect next.
    fn expand(
        &mut self,
        from: Configuration<W>,
        target: u32,
        slot: u32,
        guide: &mut Guide,
    ) -> Result<(), Stop> {
        self.find_successors(&from, guide)?;
        self.drop_unseen(&from, target, guide)?;
        for at in 0..self.successors.len() {
            guide.tick()?;
            let (index, state) = self.successors[at];
            let operation = self.operation(index);
            let done = from.done.with(operation.slot);
            let trail = self.trail.record(from.trail, index);
            let mut to = Configuration { done, hidden: from.hidden, state, trail };
            if operation.is_blind() {
                to.hidden = self.kinds.blind;
            }
            self.settle(&mut to, guide);
            if to.has_done(slot) {
                self.next.insert(to.without(slot, target, &mut self.trail), &self.kinds);
            }
            if !to.done.has(slot) {
                self.waiting.insert(to, &self.kinds);
            }
        }
        Ok(())
    }

    /// Fills `successors` with (operation, next state).
    fn find_successors(&mut self, from: &Configuration<W>, guide: &mut Guide) -> Result<(), Stop> {
        self.successors.clear();
        let timeline = self.timeline;
        let ready = |index: u32, before: &[Bits<W>]| {
            let slot = timeline.operations[index as usize].slot;
            !from.done.has(slot) && before[slot as usize].is_subset(&from.done)
        };
        for &index in &self.changing {
            if ready(index, &self.before) {
                guide.want(from.state, self.operation(index).class);
            }
        }
        guide.ask()?;
        for &index in &self.changing {
            if !ready(index, &self.before) {
                continue;
            }
            let operation = self.operation(index);
            let entry = guide.entry(from.state, operation.class);
            for &state in guide.steps.states(&entry) {
                if !operation.can_wait() || !self.is_done_by_duty(operation.request, state) {
                    self.successors.push((index, state));
                }
            }
        }
        Ok(())
    }

    /// Drops blind operations after which nothing that is open can happen but another blind one: they may
    /// as well take effect unseen, or later.  Learns what open operations do in the states that are left.
    fn drop_unseen(&mut self, from: &Configuration<W>, target: u32, guide: &mut Guide) -> Result<(), Stop> {
        let timeline = self.timeline;
        let at = |index: u32| &timeline.operations[index as usize];
        let is_open = |index: &&u32| !from.done.has(at(**index).slot);
        let may_be_unseen = |index: u32| index != target && at(index).is_blind();
        let seeing = || self.changing.iter().filter(is_open).filter(|&&index| !at(index).is_blind());
        for &(index, state) in &self.successors {
            self.pure.iter().filter(is_open).for_each(|&other| guide.want(state, at(other).class));
            if may_be_unseen(index) {
                seeing().for_each(|&other| guide.want(state, at(other).class));
            }
        }
        guide.ask()?;
        let sees = |state: u32, other: u32| !guide.entry(state, at(other).class).is_refused();
        let pure = &self.pure;
        let seen = |state: u32| {
            pure.iter().filter(is_open).any(|&other| sees(state, other))
                || seeing().any(|&other| sees(state, other))
        };
        let kept: Vec<bool> =
            self.successors.iter().map(|&(index, state)| !may_be_unseen(index) || seen(state)).collect();
        let mut keep = kept.into_iter();
        self.successors.retain(|_| keep.next().unwrap_or(true));
        Ok(())
    }

    /// Whether an operation that must take effect, and returns earlier, does the same.
    fn is_done_by_duty(&self, request: u32, state: u32) -> bool {
        self.successors.iter().any(|&(other, to)| {
            let other = self.operation(other);
            to == state && other.request == request && !other.optional
        })
    }

    /// Lets every pure operation take effect that can.
    fn settle(&mut self, configuration: &mut Configuration<W>, guide: &Guide) {
        for &index in &self.pure {
            let operation = &self.timeline.operations[index as usize];
            if !configuration.done.has(operation.slot)
                && !guide.entry(configuration.state, operation.class).is_refused()
            {
                configuration.done.insert(operation.slot);
                configuration.trail = self.trail.record(configuration.trail, index);
            }
        }
    }
}

/// Whether an operation may always take effect before another one of the same class that is open, too.
fn goes_before(first: &Operation, second: &Operation) -> bool {
    first.returned <= second.returned && (!first.optional || second.optional)
}

impl<const W: usize> Configuration<W> {
    /// Whether an operation has taken effect, seen or unseen.
    #[inline]
    fn has_done(&self, slot: u32) -> bool {
        self.done.has(slot) || self.hidden.has(slot)
    }

    /// The same when an operation that has taken effect has returned, and its slot is free.
    #[inline]
    fn without(mut self, slot: u32, index: u32, trail: &mut Trail) -> Self {
        if self.hidden.has(slot) && !self.done.has(slot) {
            self.trail = trail.record(self.trail, index | UNSEEN);
        }
        self.done.remove(slot);
        self.hidden.remove(slot);
        self
    }
}
