//! Sequential consistency: one order of all operations on all objects that agrees with each process's own.
//!
//! Whether there is one is NP-complete (Gibbons and Korach 1997), and it is no property of each object alone.
//! The search goes into the depth and remembers where it has been: how far each process has come, the state of
//! each object, and which operations that never returned have taken effect.  A pure operation whose turn it is goes
//! at once where the state allows it: nothing that is possible after it was impossible before it, nor the reverse.

use std::collections::HashSet;

use super::guide::{Guide, Stop};
use super::processes::{Processes, Turn};

/// How a search ended.
#[derive(Default)]
pub struct Placed {
    pub possible: bool,
    /// Rows, in the longest order that was found.
    pub order: Vec<u32>,
    /// Rows of the operations that come next after it, of which none fits.
    pub stuck: Vec<u32>,
    /// (object, state) after it.
    pub states: Vec<(u32, u32)>,
}

/// One thing that can happen next.
#[derive(Clone, Copy)]
struct Move {
    /// Where the process will be after it, or none for a loose operation.
    process: Option<(u32, u32)>,
    /// Index into the chain or into the loose ones.
    index: u32,
    state: u32,
}

/// Whose turn it may be: a rank, where the process will be (see `Move`), its index, the operation.
type Ready = (i64, Option<(u32, u32)>, u32, Turn);

/// What a move changed, and what else could be done instead.
struct Frame {
    moves: Vec<Move>,
    next: usize,
    positions: Box<[u32]>,
    object: u32,
    state: u32,
    loose: Option<u32>,
    placed: usize,
}

/// Where a search is.
pub struct Search<'a> {
    processes: &'a Processes,
    positions: Vec<u32>,
    states: Vec<u32>,
    used: Vec<bool>,
    order: Vec<u32>,
    seen: HashSet<Box<[u32]>>,
    pub best: Placed,
}

impl<'a> Search<'a> {
    pub fn new(processes: &'a Processes, initial: u32) -> Self {
        Search {
            processes,
            positions: vec![0; processes.chains.len()],
            states: vec![initial; processes.objects],
            used: vec![false; processes.loose.len()],
            order: Vec::new(),
            seen: HashSet::new(),
            best: Placed::default(),
        }
    }

    /// Looks for an order; `best` says how far it got, also when it is stopped.
    pub fn run(&mut self, guide: &mut Guide) -> Result<(), Stop> {
        self.settle(guide)?;
        let mut frames = vec![self.frame(guide, None)?];
        while let Some(frame) = frames.last_mut() {
            if self.is_complete() {
                self.note(true);
                return Ok(());
            }
            let Some(&step) = frame.moves.get(frame.next) else {
                self.note(false);
                let frame = frames.pop();
                self.undo(&frame);
                continue;
            };
            frame.next += 1;
            guide.tick()?;
            let undone = self.apply(step);
            self.settle(guide)?;
            if self.seen.insert(self.key()) {
                let frame = self.frame(guide, Some(undone))?;
                frames.push(frame);
            } else {
                self.undo(&Some(undone));
            }
        }
        Ok(())
    }

    fn key(&self) -> Box<[u32]> {
        let mut key = Vec::with_capacity(self.positions.len() + self.states.len() + self.used.len() / 32 + 1);
        key.extend_from_slice(&self.positions);
        key.extend_from_slice(&self.states);
        let word = |chunk: &[bool]| chunk.iter().fold(0, |word, &used| word << 1 | u32::from(used));
        key.extend(self.used.chunks(32).map(word));
        key.into()
    }

    fn is_complete(&self) -> bool {
        let left = |(chain, &at): (&Vec<Turn>, &u32)| {
            chain[at as usize..].iter().all(|turn| turn.operation.optional)
        };
        self.processes.chains.iter().zip(&self.positions).all(left)
    }

    fn note(&mut self, possible: bool) {
        let longer = self.order.len() > self.best.order.len() || self.best.stuck.is_empty();
        if !possible && !longer {
            return;
        }
        let chains = self.processes.chains.iter().zip(&self.positions);
        let next =
            chains.filter_map(|(chain, &at)| chain[at as usize..].iter().find(|t| !t.operation.optional));
        self.best = Placed {
            possible,
            order: self.order.clone(),
            stuck: next.map(|turn| turn.operation.row).collect(),
            states: (0..).zip(self.states.iter().copied()).collect(),
        };
    }

    /// Lets every pure operation go whose turn it is.
    fn settle(&mut self, guide: &mut Guide) -> Result<(), Stop> {
        for (process, chain) in self.processes.chains.iter().enumerate() {
            while let Some(turn) = chain.get(self.positions[process] as usize) {
                if !turn.operation.is_pure() || turn.operation.optional {
                    break;
                }
                let state = self.states[turn.object as usize];
                guide.want(state, turn.operation.class);
                guide.ask()?;
                if guide.entry(state, turn.operation.class).is_refused() {
                    break;
                }
                self.order.push(turn.operation.row);
                self.positions[process] += 1;
            }
        }
        Ok(())
    }

    fn frame(&mut self, guide: &mut Guide, undone: Option<Frame>) -> Result<Frame, Stop> {
        let moves = self.moves(guide)?;
        let frame = undone.unwrap_or_else(|| Frame {
            moves: Vec::new(),
            next: 0,
            positions: self.positions.clone().into(),
            object: 0,
            state: self.states.first().copied().unwrap_or(0),
            loose: None,
            placed: self.order.len(),
        });
        Ok(Frame { moves, ..frame })
    }

    fn apply(&mut self, step: Move) -> Frame {
        let turn = match step.process {
            Some((process, _)) => self.processes.chains[process as usize][step.index as usize],
            None => self.processes.loose[step.index as usize].turn,
        };
        let undone = Frame {
            moves: Vec::new(),
            next: 0,
            positions: self.positions.clone().into(),
            object: turn.object,
            state: self.states[turn.object as usize],
            loose: step.process.is_none().then_some(step.index),
            placed: self.order.len(),
        };
        match step.process {
            Some((process, at)) => self.positions[process as usize] = at,
            None => {
                let loose = &self.processes.loose[step.index as usize];
                let position = &mut self.positions[loose.process];
                *position = loose.after.max(*position);
                self.used[step.index as usize] = true;
            }
        }
        self.states[turn.object as usize] = step.state;
        self.order.push(turn.operation.row);
        undone
    }

    fn undo(&mut self, frame: &Option<Frame>) {
        let Some(frame) = frame else { return };
        self.positions.copy_from_slice(&frame.positions);
        if let Some(state) = self.states.get_mut(frame.object as usize) {
            *state = frame.state;
        }
        if let Some(loose) = frame.loose {
            self.used[loose as usize] = false;
        }
        self.order.truncate(frame.placed);
    }

    /// What can happen next, by position of return: real time is a good guess at the order.
    fn moves(&mut self, guide: &mut Guide) -> Result<Vec<Move>, Stop> {
        let mut ready: Vec<Ready> = Vec::new();
        for (process, chain) in self.processes.chains.iter().enumerate() {
            let first = self.positions[process];
            for (index, turn) in (first..).zip(&chain[first as usize..]) {
                if !(turn.operation.is_pure() && index == first && !turn.operation.optional) {
                    let place = Some((process as u32, index + 1));
                    ready.push((turn.operation.returned, place, index, *turn));
                }
                if !turn.operation.optional {
                    break;
                }
            }
        }
        ready.sort_by_key(|&(returned, ..)| returned);
        for (index, loose) in self.processes.loose.iter().enumerate() {
            let position = self.positions[loose.process];
            let chain = &self.processes.chains[loose.process];
            let passed = &chain[position.min(loose.after) as usize..loose.after as usize];
            let class = loose.turn.operation.class;
            let equal = |other: &Ready| {
                other.0 == i64::MAX && other.3.object == loose.turn.object && other.3.operation.class == class
            };
            let free = !self.used[index] && passed.iter().all(|turn| turn.operation.optional);
            if free && !ready.iter().any(equal) {
                // One that passes over operations that may not have happened does not stand for its equals.
                let last = if passed.is_empty() { i64::MAX } else { i64::MAX - 1 };
                ready.push((last, None, index as u32, loose.turn));
            }
        }
        for (.., turn) in &ready {
            guide.want(self.states[turn.object as usize], turn.operation.class);
        }
        guide.ask()?;
        let mut moves: Vec<Move> = Vec::new();
        let mut by_duty: Vec<(u32, u32, u32)> = Vec::new();
        for &(_, process, index, turn) in &ready {
            let entry = guide.entry(self.states[turn.object as usize], turn.operation.class);
            for &state in guide.steps.states(&entry) {
                let key = (turn.object, turn.operation.request, state);
                let at_once = process.is_some_and(|(process, _)| self.positions[process as usize] == index);
                if at_once && !turn.operation.optional {
                    by_duty.push(key);
                } else if process.is_none()
                    && self.processes.loose[index as usize].can_wait
                    && by_duty.contains(&key)
                {
                    continue;
                }
                moves.push(Move { process, index, state });
            }
        }
        Ok(moves)
    }
}
