//! From events, as a recording tells them, to operations; and what no recording can tell.

use super::columns::{Columns, FAIL, INFO, NEVER, Note, OK};
use super::lanes::{Lanes, NONE};
use super::micro::{READ, SCAN};
use super::pool::NIL;
use super::show::show;
use super::trouble::Trouble;
use std::collections::HashMap;

/// How many operations without a process may be under way, before nobody can say which returns.
const MOST_NAMELESS: usize = 1000;

/// What happens in an event.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Phase {
    Invoke,
    Return(u8),
}

/// What an event says about an argument or a result.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Given {
    Nothing,
    Code(i64),
    /// Micro-operations, which are in `Recorder::micros`.
    Micros,
}

/// One event, or one whole operation.
pub struct Told {
    pub line: u64,
    /// None if it does not say.
    pub process: Option<i64>,
    pub function: Option<u16>,
    pub key: Option<i64>,
    pub argument: Given,
    pub result: Given,
    pub time: Option<i64>,
    pub index: Option<i64>,
    pub stamps: (i64, i64),
}

/// What orders the events.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Order {
    /// Their lines; times that contradict them are trouble.
    Checked,
    /// Their lines, whatever times of different processes say.
    Lines,
    /// Their times.
    Times,
}

/// Collects a history.
pub struct Recorder {
    pub columns: Columns,
    pub order: Order,
    /// The micro-operations of the event that is told next: kind, key, value.
    pub micros: Vec<(u8, i64, i64)>,
    /// Whether micro-operations are called `read` and `write`, rather than `r` and `w`.
    pub long_names: bool,
    /// Of every row, where its micro-operations are: first and number; empty where there are none.
    pub(super) spans: Vec<(u64, u32)>,
    /// Whether lines tell whole operations; unknown at first.
    pub(super) whole: Option<bool>,
    /// Of whole operations, if they have indices.
    pub(super) indices: Vec<i64>,
    names: HashMap<Box<[u8]>, u16>,
    lanes: Lanes,
    nameless: HashMap<u16, Vec<u32>>,
    ticks: i64,
    timed: Option<bool>,
    last_time: i64,
    last_index: Option<i64>,
    has_header: bool,
}

impl Recorder {
    /// One that knows nothing yet.
    pub fn new(order: Order) -> Self {
        Self {
            columns: Columns::default(),
            order,
            micros: Vec::new(),
            long_names: false,
            spans: Vec::new(),
            whole: None,
            indices: Vec::new(),
            names: HashMap::new(),
            lanes: Lanes::default(),
            nameless: HashMap::new(),
            ticks: 0,
            timed: None,
            last_time: i64::MIN,
            last_index: None,
            has_header: false,
        }
    }

    /// The number of a function's name.
    pub fn function(&mut self, name: &str) -> Result<u16, Trouble> {
        // Most recordings know few functions: comparing them is faster than hashing.
        let mut first = self.columns.functions.iter().take(8);
        if let Some(number) = first.position(|known| known == name) {
            return Ok(number as u16);
        }
        if let Some(&number) = self.names.get(name.as_bytes()) {
            return Ok(number);
        }
        let number = u16::try_from(self.columns.functions.len())
            .map_err(|_| Trouble::at(0, "more than 65,536 different functions"))?;
        self.columns.functions.push(name.into());
        self.names.insert(Box::from(name.as_bytes()), number);
        Ok(number)
    }

    /// A header, which is the first that a file says.
    pub fn header(&mut self, line: u64) -> Result<(), Trouble> {
        let is_first = self.columns.process.is_empty() && self.columns.notes.is_empty();
        if !is_first || std::mem::replace(&mut self.has_header, true) {
            return Err(
                Trouble::line(line, "a header after the first line").fix("a file has one header, at its top")
            );
        }
        Ok(())
    }

    /// Whether the process waits for a transaction.
    pub fn is_transaction(&mut self, process: Option<i64>) -> bool {
        let pending = process.map_or(NONE, |process| self.lanes.of(process).pending);
        let function = self.columns.function.get(pending as usize);
        function.is_some_and(|&function| self.columns.functions[function as usize] == "txn")
    }

    /// A note about the system, after all that was told so far.
    pub fn note(&mut self, line: u64, phase: &str, name: String, detail: i64, time: Option<i64>) {
        let (phase, position) = (phase.to_owned(), self.ticks);
        self.columns.notes.push(Note { line, phase, name, detail, position, time: time.unwrap_or(NEVER) });
    }

    /// One event.
    pub fn tell(&mut self, phase: Phase, told: &Told) -> Result<(), Trouble> {
        self.be_whole(false, told.line)?;
        self.check_index(told)?;
        self.check_time(told)?;
        match (phase, told.process) {
            (Phase::Invoke, Some(process)) => self.invoke(process, told),
            (Phase::Return(outcome), Some(process)) => self.respond(process, outcome, told),
            (Phase::Invoke, None) => {
                let name = format!("unknown {}", self.columns.process.len() + 1);
                let process = self.columns.pool.text(&name);
                let row = self.columns.process.len() as u32;
                self.invoke(process, told)?;
                self.nameless.entry(self.columns.function[row as usize]).or_default().push(row);
                Ok(())
            }
            (Phase::Return(outcome), None) => {
                let process = self.nameless_process(told)?;
                self.respond(process, outcome, told)
            }
        }
    }

    /// One whole operation: invoked at `told.time`, returned at `end`, which is NEVER where nobody knows.
    pub fn tell_whole(&mut self, told: &Told, end: i64, outcome: u8) -> Result<(), Trouble> {
        self.be_whole(true, told.line)?;
        if let Some(index) = told.index {
            self.indices.push(index);
        }
        let begin = told.time.ok_or_else(|| Trouble::line(told.line, "the time of the call is missing"))?;
        if end < begin {
            let what = format!("time runs backwards: it returned at {end} and was called at {begin}");
            return Err(Trouble::line(told.line, what));
        }
        let process = told.process.ok_or_else(|| no_process(told.line))?;
        let row = self.push(process, told)?;
        let result = if outcome == OK { code(told.result) } else { NIL };
        self.columns.outcome[row] = outcome;
        self.columns.result[row] = result;
        self.columns.return_time[row] = if outcome == INFO { NEVER } else { end };
        Ok(())
    }

    /// A further operation, of which nothing is known but its invocation.
    fn push(&mut self, process: i64, told: &Told) -> Result<usize, Trouble> {
        let row = self.columns.process.len();
        if row >= NONE as usize {
            return Err(Trouble::line(told.line, "more than 4,294,967,294 operations"));
        }
        let function = match (told.function, told.argument, told.result) {
            (Some(function), _, _) => function,
            (None, Given::Micros, _) | (None, _, Given::Micros) => self.function("txn")?,
            _ => return Err(Trouble::line(told.line, "what was invoked is missing: it has no f")),
        };
        let columns = &mut self.columns;
        columns.process.push(process);
        columns.function.push(function);
        columns.outcome.push(INFO);
        columns.key.push(told.key.unwrap_or(NIL));
        columns.argument.push(code(told.argument));
        columns.result.push(NIL);
        columns.line.push(told.line as i64);
        if let Some(time) = told.time {
            columns.invoke_time.push(time);
            columns.return_time.push(NEVER);
        }
        self.stamp(row, told.stamps);
        if told.argument == Given::Micros || told.result == Given::Micros {
            self.keep_micros(row);
        } else if !self.spans.is_empty() {
            self.spans.push((0, 0));
        }
        Ok(row)
    }

    fn invoke(&mut self, process: i64, told: &Told) -> Result<(), Trouble> {
        let row = self.columns.process.len();
        let lane = self.lanes.of(process);
        if lane.pending != NONE {
            let (pending, line) = (lane.pending as usize, lane.line);
            let function = &self.columns.functions[self.columns.function[pending] as usize];
            let who = show(&self.columns.pool, process);
            let what = format!(
                "two operations at once in process {who}: its {function} of line {line} has not returned yet"
            );
            let fix = "end it with ok, fail or info, or give each thread a process of its own";
            return Err(Trouble::line(told.line, what).fix(fix));
        }
        let time = told.time.unwrap_or(i64::MIN);
        if time < lane.time {
            return Err(backwards(told.line, time, lane.line, lane.time, &show(&self.columns.pool, process)));
        }
        (lane.pending, lane.line, lane.time) = (row as u32, told.line, time);
        self.push(process, told)?;
        self.columns.invoked.push(self.ticks);
        self.columns.returned.push(NEVER);
        self.ticks += 1;
        Ok(())
    }

    fn respond(&mut self, process: i64, outcome: u8, told: &Told) -> Result<(), Trouble> {
        let lane = self.lanes.of(process);
        if lane.pending == NONE {
            let who = show(&self.columns.pool, process);
            let what = format!("a return without invoke: process {who} was not waiting for anything");
            return Err(Trouble::line(told.line, what));
        }
        let row = lane.pending as usize;
        let time = told.time.unwrap_or(i64::MIN);
        if time < lane.time {
            return Err(backwards(told.line, time, lane.line, lane.time, &show(&self.columns.pool, process)));
        }
        (lane.pending, lane.line, lane.time) = (NONE, told.line, time);
        self.compare(row, told)?;
        self.columns.outcome[row] = outcome;
        if outcome != INFO {
            self.columns.returned[row] = self.ticks;
            self.ticks += 1;
            if let Some(time) = told.time {
                self.columns.return_time[row] = time;
            }
        }
        self.stamp(row, told.stamps);
        self.result(row, outcome, told)
    }

    /// What it was told, unless it failed or nobody knows.
    fn result(&mut self, row: usize, outcome: u8, told: &Told) -> Result<(), Trouble> {
        let (first, count) = self.spans.get(row).copied().unwrap_or((0, 0));
        match told.result {
            Given::Micros if outcome == OK || count == 0 => {
                if self.columns.argument[row] != NIL {
                    let what = "a transaction returns, and what was invoked is none";
                    return Err(Trouble::line(told.line, what));
                }
                self.keep_micros(row);
            }
            Given::Code(value) if outcome == OK && count == 0 => self.columns.result[row] = value,
            Given::Code(_) | Given::Nothing if outcome == OK => {
                let kinds = &self.columns.micro_kind[first as usize..][..count as usize];
                if kinds.iter().any(|&kind| kind == READ || kind == SCAN) {
                    let what = "a transaction is ok, and what it read is missing";
                    let fix = "give its micro-operations with their values";
                    return Err(Trouble::line(told.line, what).fix(fix));
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Whether a return can be that of this row.
    fn compare(&mut self, row: usize, told: &Told) -> Result<(), Trouble> {
        let columns = &mut self.columns;
        let line = columns.line[row];
        if let Some(function) = told.function.filter(|&function| function != columns.function[row]) {
            let name = |number: u16| &columns.functions[number as usize];
            let (here, there) = (name(function), name(columns.function[row]));
            let what = format!("a return of {here}, and what was invoked in line {line} is {there}");
            return Err(Trouble::line(told.line, what));
        }
        if let Some(key) = told.key.filter(|&key| key != columns.key[row]) {
            if columns.key[row] != NIL {
                let (here, there) = (show(&columns.pool, key), show(&columns.pool, columns.key[row]));
                let what =
                    format!("a return under key {here}, and it was invoked in line {line} under {there}");
                return Err(Trouble::line(told.line, what));
            }
            columns.key[row] = key;
        }
        if let Given::Code(argument) = told.argument
            && argument != columns.argument[row]
        {
            let (here, there) = (show(&columns.pool, argument), show(&columns.pool, columns.argument[row]));
            let what =
                format!("a return with argument {here}, and it was invoked in line {line} with {there}");
            return Err(Trouble::line(told.line, what));
        }
        Ok(())
    }

    /// Which process returns, where a recording does not say: the one that waits for this function.
    fn nameless_process(&mut self, told: &Told) -> Result<i64, Trouble> {
        let function = told.function.ok_or_else(|| no_process(told.line))?;
        let waiting = self.nameless.entry(function).or_default();
        let at = match (waiting.len(), told.result) {
            (MOST_NAMELESS.., _) => return Err(no_process(told.line)),
            (0, _) => return Err(Trouble::line(told.line, "a return without invoke")),
            (1, _) => 0,
            (_, Given::Code(value)) => {
                let same = |&row: &u32| self.columns.argument[row as usize] == value;
                match waiting.iter().filter(|row| same(row)).count() {
                    1 => waiting.iter().position(same).unwrap_or(0),
                    _ => return Err(no_process(told.line)),
                }
            }
            _ => return Err(no_process(told.line)),
        };
        let row = waiting.remove(at);
        Ok(self.columns.process[row as usize])
    }

    fn keep_micros(&mut self, row: usize) {
        self.spans.resize(self.columns.process.len(), (0, 0));
        let columns = &mut self.columns;
        let (first, count) = self.spans[row];
        let first = if count as usize == self.micros.len() && count > 0 {
            first as usize
        } else {
            let end = columns.micro_kind.len();
            columns.micro_kind.resize(end + self.micros.len(), 0);
            columns.micro_key.resize(end + self.micros.len(), NIL);
            columns.micro_value.resize(end + self.micros.len(), NIL);
            end
        };
        for (at, &(kind, key, value)) in self.micros.iter().enumerate() {
            columns.micro_kind[first + at] = kind;
            columns.micro_key[first + at] = key;
            columns.micro_value[first + at] = value;
        }
        self.spans[row] = (first as u64, self.micros.len() as u32);
    }

    fn stamp(&mut self, row: usize, (begin, commit): (i64, i64)) {
        let columns = &mut self.columns;
        let rows = columns.process.len();
        if (begin, commit) != (NEVER, NEVER) {
            columns.begin_stamp.resize(rows, NEVER);
            columns.commit_stamp.resize(rows, NEVER);
            (columns.begin_stamp[row], columns.commit_stamp[row]) = (begin, commit);
        } else if !columns.begin_stamp.is_empty() {
            columns.begin_stamp.resize(rows, NEVER);
            columns.commit_stamp.resize(rows, NEVER);
        }
    }

    fn be_whole(&mut self, whole: bool, line: u64) -> Result<(), Trouble> {
        if *self.whole.get_or_insert(whole) != whole {
            let what = "events (invoke, ok, ...) and whole operations (call, return) in one recording";
            return Err(Trouble::line(line, what).fix("record all operations in one of the two ways"));
        }
        Ok(())
    }

    fn check_index(&mut self, told: &Told) -> Result<(), Trouble> {
        if let (Some(last), Some(index)) = (self.last_index, told.index)
            && index <= last
        {
            let what = if index == last { "duplicate index" } else { "indices run backwards: index" };
            let what = format!("{what} {index}, and the one before is {last}");
            return Err(Trouble::line(told.line, what).fix("put the lines in the order of their indices"));
        }
        self.last_index = told.index.or(self.last_index);
        Ok(())
    }

    fn check_time(&mut self, told: &Told) -> Result<(), Trouble> {
        let timed = told.time.is_some();
        if *self.timed.get_or_insert(timed) != timed {
            let what = if timed { "it has a time" } else { "it has no time" };
            let what = format!("{what}, unlike what was recorded before");
            return Err(Trouble::line(told.line, what).fix("give all events a time, or none"));
        }
        let Some(time) = told.time else { return Ok(()) };
        if time < self.last_time && self.order == Order::Checked {
            let what = format!("time runs backwards: {time} comes after {}", self.last_time);
            let fix = "if the times are right, read with order=time; if the lines are in the right order, order=line";
            return Err(Trouble::line(told.line, what).fix(fix));
        }
        self.last_time = self.last_time.max(time);
        Ok(())
    }
}

fn code(given: Given) -> i64 {
    if let Given::Code(code) = given { code } else { NIL }
}

fn no_process(line: u64) -> Trouble {
    Trouble::line(line, "the process is missing").fix("say which client it was")
}

fn backwards(line: u64, time: i64, before: u64, earlier: i64, who: &str) -> Trouble {
    let what = format!("time runs backwards in process {who}: {time}, and its line {before} has {earlier}");
    Trouble::line(line, what)
}

/// The outcome of a return by its name.
pub fn outcome(name: &[u8]) -> Option<u8> {
    match name {
        b"ok" => Some(OK),
        b"fail" => Some(FAIL),
        b"info" => Some(INFO),
        _ => None,
    }
}
