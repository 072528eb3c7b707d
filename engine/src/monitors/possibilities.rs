//! Linearizability (Herlihy and Wing 1990), one event after the other.
//!
//! A configuration says what may have happened so far: the state of the object, which of the operations under way
//! have taken effect, with what is promised about their results, and which abandoned ones have not.  Answered
//! operations are in the state and nowhere else.  A configuration stands for all that it can become by operations
//! taking effect, so operations are placed only when an answer needs it (just-in-time linearization, Lowe 2017), and
//! configurations that follow from others are left out: what remains is one set for one set of futures, and small.
//! The promise is broken when no configuration is left.
//!
//! What an event makes of one configuration is worked out once, so an event costs a look at each configuration.

use std::collections::HashMap;
use std::sync::Arc;

use super::interned::Interned;

/// Clients, each with the operation that it waits for, or with the promise about its result; sorted.
pub type Numbers = Vec<(u32, u32)>;

/// What may have happened so far.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Configuration {
    pub state: u32,
    /// Clients whose operation has taken effect, each with the promise about its result.
    pub owed: Numbers,
    /// Abandoned operations that have not taken effect, sorted.
    left: Vec<u32>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum Event {
    Invoked { client: u32, operation: u32 },
    Responded { client: u32, result: u32 },
    Abandoned { client: u32 },
}

/// What is known after some events.
#[derive(PartialEq, Eq, Hash)]
pub enum Value {
    Possible {
        pending: u32,
        /// Configurations, sorted by number; none: the promise is broken.
        configurations: Vec<u32>,
    },
    /// The clients did what no client does, in this event.
    Misused { event: u32, still_waits: bool },
}

/// What a value says about the events so far.
pub enum Verdict {
    Kept,
    Broken,
    Misused { event: u32, still_waits: bool },
}

/// A sequential specification, in numbers.
pub trait Specification {
    type Error;
    /// What an operation may do before its result is known: promises about it, and states after it.
    fn effects(&self, state: u32, operation: u32) -> Result<Vec<(u32, u32)>, Self::Error>;
    /// The states after an operation that was told this result.
    fn answered(&self, state: u32, operation: u32, result: u32) -> Result<Vec<u32>, Self::Error>;
    /// Whether an operation that took effect under a promise may be told this result.
    fn fits(&self, promise: u32, operation: u32, result: u32) -> Result<bool, Self::Error>;
    /// Whether an operation changes no state, whatever its result.
    fn is_pure(&self, operation: u32) -> Result<bool, Self::Error>;
}

/// A client is told a result, while others wait.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Answer {
    client: u32,
    operation: u32,
    result: u32,
    others: u32,
}

/// What an operation may do before its result is known: promises about it, and states after it.
type Effects = Arc<[(u32, u32)]>;

/// Every value that some events lead to, as a number, and what one more event makes of it.
pub struct Possibilities<S> {
    spec: S,
    /// Whether a client may forget what it waits for.
    may_crash: bool,
    values: Interned<Value>,
    pendings: Interned<Numbers>,
    configurations: Interned<Configuration>,
    events: Interned<Event>,
    /// By state and operation.
    effects: HashMap<(u32, u32), Effects>,
    /// By state, operation and result.
    steps: HashMap<(u32, u32, u32), Arc<[u32]>>,
    /// By pending operations and configuration: all else that it can become.
    followers: HashMap<(u32, u32), Arc<[u32]>>,
    answers: Interned<Answer>,
    /// By answer and configuration: what is possible then.
    after_answer: HashMap<(u32, u32), Arc<[u32]>>,
    marks: Marks,
}

impl<S: Specification> Possibilities<S> {
    pub fn new(spec: S, start: u32, may_crash: bool) -> Possibilities<S> {
        let mut new = Possibilities {
            spec,
            may_crash,
            values: Interned::new(),
            pendings: Interned::new(),
            configurations: Interned::new(),
            events: Interned::new(),
            effects: HashMap::new(),
            steps: HashMap::new(),
            followers: HashMap::new(),
            answers: Interned::new(),
            after_answer: HashMap::new(),
            marks: Marks::default(),
        };
        let only = Configuration { state: start, owed: Vec::new(), left: Vec::new() };
        let configurations = vec![new.configurations.number(only)];
        let pending = new.pendings.number(Vec::new());
        new.values.number(Value::Possible { pending, configurations });
        new
    }

    /// The number of values so far; the first one is there before any event.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    pub fn event(&mut self, event: Event) -> u32 {
        self.events.number(event)
    }

    pub fn has_event(&self, event: u32) -> bool {
        (event as usize) < self.events.len()
    }

    pub fn verdict(&self, value: u32) -> Verdict {
        match &*self.values.get(value) {
            Value::Possible { configurations, .. } if configurations.is_empty() => Verdict::Broken,
            Value::Possible { .. } => Verdict::Kept,
            &Value::Misused { event, still_waits } => Verdict::Misused { event, still_waits },
        }
    }

    /// Who waits for what, and the configurations.
    pub fn content(&self, value: u32) -> (Numbers, Vec<Arc<Configuration>>) {
        match &*self.values.get(value) {
            Value::Possible { pending, configurations } => (
                self.pendings.get(*pending).to_vec(),
                configurations.iter().map(|&one| self.configurations.get(one)).collect(),
            ),
            Value::Misused { .. } => (Vec::new(), Vec::new()),
        }
    }

    /// The value after one more event.
    pub fn after(&mut self, before: u32, event: u32) -> Result<u32, S::Error> {
        let value = self.values.get(before);
        let Value::Possible { pending, configurations } = &*value else { return Ok(before) };
        if configurations.is_empty() {
            return Ok(before);
        }
        let mut waiting = self.pendings.get(*pending).to_vec();
        match *self.events.get(event) {
            Event::Invoked { client, operation } => {
                let mut possible = configurations.clone();
                if let Some(old) = remove(&mut waiting, client) {
                    if !self.may_crash {
                        return Ok(self.values.number(Value::Misused { event, still_waits: true }));
                    }
                    possible = self.abandoned(&possible, client, old)?;
                }
                insert(&mut waiting, client, operation);
                self.value(waiting, &possible)
            }
            Event::Responded { client, result } => match remove(&mut waiting, client) {
                None => Ok(self.values.number(Value::Misused { event, still_waits: false })),
                Some(operation) => {
                    let others = self.pendings.number(waiting.clone());
                    let answer = self.answers.number(Answer { client, operation, result, others });
                    let possible = self.answered(configurations, answer)?;
                    self.value(waiting, &possible)
                }
            },
            Event::Abandoned { client } => match remove(&mut waiting, client) {
                None => Ok(self.values.number(Value::Misused { event, still_waits: false })),
                Some(operation) => {
                    let possible = self.abandoned(configurations, client, operation)?;
                    self.value(waiting, &possible)
                }
            },
        }
    }

    /// The configurations that an answer leaves possible.
    fn answered(&mut self, possible: &[u32], answer: u32) -> Result<Vec<u32>, S::Error> {
        let mut found = Vec::new();
        for &one in possible {
            let known = match self.after_answer.get(&(answer, one)) {
                Some(known) => Arc::clone(known),
                None => {
                    let known: Arc<[u32]> = self.explain(one, answer)?.into();
                    self.after_answer.insert((answer, one), Arc::clone(&known));
                    known
                }
            };
            found.extend_from_slice(&known);
        }
        Ok(found)
    }

    /// The operation had taken effect already, or does so now, maybe after some of the others.
    fn explain(&mut self, one: u32, answer: u32) -> Result<Vec<u32>, S::Error> {
        let answer = *self.answers.get(answer);
        let mut start = (*self.configurations.get(one)).clone();
        if let Some(promise) = remove(&mut start.owed, answer.client) {
            let fits = self.spec.fits(promise, answer.operation, answer.result)?;
            return Ok(if fits { vec![self.configurations.number(start)] } else { Vec::new() });
        }
        let mut found = Vec::new();
        let following = self.following(one, answer.others)?;
        for &before in std::iter::once(&one).chain(following.iter()) {
            let before = self.configurations.get(before);
            for &state in self.states_after(before.state, answer.operation, answer.result)?.iter() {
                found.push(self.configurations.number(Configuration { state, ..(*before).clone() }));
            }
        }
        Ok(found)
    }

    /// Where the operation has taken effect, its result no longer matters; elsewhere it may, some time.
    fn abandoned(&mut self, possible: &[u32], client: u32, operation: u32) -> Result<Vec<u32>, S::Error> {
        let is_pure = self.spec.is_pure(operation)?;
        let mut found = Vec::new();
        for &one in possible {
            let mut one = (*self.configurations.get(one)).clone();
            if remove(&mut one.owed, client).is_none() && !is_pure {
                let at = one.left.partition_point(|&other| other < operation);
                one.left.insert(at, operation);
            }
            found.push(self.configurations.number(one));
        }
        Ok(found)
    }

    /// All else that a configuration can become by operations that take effect.
    fn following(&mut self, start: u32, pending: u32) -> Result<Arc<[u32]>, S::Error> {
        if let Some(known) = self.followers.get(&(pending, start)) {
            return Ok(Arc::clone(known));
        }
        let waiting = self.pendings.get(pending);
        let mut found: Vec<u32> = Vec::new();
        let mut todo = vec![start];
        while let Some(one) = todo.pop() {
            for new in self.moves(one, &waiting)? {
                if !found.contains(&new) {
                    found.push(new);
                    todo.push(new);
                }
            }
        }
        let found: Arc<[u32]> = found.into();
        self.followers.insert((pending, start), Arc::clone(&found));
        Ok(found)
    }

    /// What a configuration becomes when one more operation takes effect.
    fn moves(&mut self, start: u32, waiting: &Numbers) -> Result<Vec<u32>, S::Error> {
        let start = self.configurations.get(start);
        let mut found = Vec::new();
        for &(client, operation) in waiting {
            if start.owed.iter().all(|&(other, _)| other != client) {
                for &(promise, state) in self.effects(start.state, operation)?.iter() {
                    let mut after = Configuration { state, ..(*start).clone() };
                    insert(&mut after.owed, client, promise);
                    found.push(self.configurations.number(after));
                }
            }
        }
        for (at, &operation) in start.left.iter().enumerate() {
            if at > 0 && start.left[at - 1] == operation {
                continue;
            }
            for &(_, state) in self.effects(start.state, operation)?.iter() {
                let mut after = Configuration { state, ..(*start).clone() };
                after.left.remove(at);
                found.push(self.configurations.number(after));
            }
        }
        Ok(found)
    }

    fn effects(&mut self, state: u32, operation: u32) -> Result<Effects, S::Error> {
        if let Some(known) = self.effects.get(&(state, operation)) {
            return Ok(Arc::clone(known));
        }
        let known: Effects = self.spec.effects(state, operation)?.into();
        self.effects.insert((state, operation), Arc::clone(&known));
        Ok(known)
    }

    fn states_after(&mut self, state: u32, operation: u32, result: u32) -> Result<Arc<[u32]>, S::Error> {
        if let Some(known) = self.steps.get(&(state, operation, result)) {
            return Ok(Arc::clone(known));
        }
        let known: Arc<[u32]> = self.spec.answered(state, operation, result)?.into();
        self.steps.insert((state, operation, result), Arc::clone(&known));
        Ok(known)
    }

    /// The value for these configurations: each once, and without those that follow from others.
    fn value(&mut self, waiting: Numbers, possible: &[u32]) -> Result<u32, S::Error> {
        let pending = self.pendings.number(waiting);
        let mut reachable = Vec::new();
        self.marks.clear();
        for &one in possible {
            let following = self.following(one, pending)?;
            following.iter().for_each(|&other| self.marks.set(other));
            reachable.push(following);
        }
        let mut needed: Vec<u32> = possible.iter().copied().filter(|&one| !self.marks.has(one)).collect();
        needed.sort_unstable();
        needed.dedup();
        if needed.iter().any(|&one| !self.configurations.get(one).left.is_empty()) {
            let reachable = reachable.iter().flat_map(|known| known.iter()).chain(possible);
            let others: Vec<Arc<Configuration>> =
                reachable.map(|&one| self.configurations.get(one)).collect();
            needed.retain(|&one| {
                let less = self.configurations.get(one);
                !others.iter().any(|more| has_more_left(more, &less))
            });
        }
        let broken = needed.is_empty();
        let pending = if broken { self.pendings.number(Vec::new()) } else { pending };
        Ok(self.values.number(Value::Possible { pending, configurations: needed }))
    }
}

/// Whether one can do all that the other can, because it only has more abandoned operations to place.
fn has_more_left(more: &Configuration, less: &Configuration) -> bool {
    let count = |left: &[u32], operation| left.iter().filter(|&&other| other == operation).count();
    (more.state, &more.owed) == (less.state, &less.owed)
        && more.left.len() > less.left.len()
        && less.left.iter().all(|&one| count(&more.left, one) >= count(&less.left, one))
}

fn remove(numbers: &mut Numbers, client: u32) -> Option<u32> {
    let at = numbers.iter().position(|&(other, _)| other == client)?;
    Some(numbers.remove(at).1)
}

fn insert(numbers: &mut Numbers, client: u32, number: u32) {
    let at = numbers.partition_point(|&(other, _)| other < client);
    numbers.insert(at, (client, number));
}

/// A set of numbers that is emptied at once.
#[derive(Default)]
struct Marks {
    stamps: Vec<u64>,
    now: u64,
}

impl Marks {
    fn clear(&mut self) {
        self.now += 1;
    }

    fn set(&mut self, number: u32) {
        let at = number as usize;
        if at >= self.stamps.len() {
            self.stamps.resize(at + 1, 0);
        }
        self.stamps[at] = self.now;
    }

    fn has(&self, number: u32) -> bool {
        self.stamps.get(number as usize) == Some(&self.now)
    }
}
