//! Conflict-driven clause learning, without a theory: literals 2v (true) and 2v + 1 (false), two watched literals,
//! first unique implication points (Marques-Silva and Sakallah 1996; Moskewicz et al. 2001; MiniSat 2003).

use std::collections::BinaryHeap;

pub const FREE: u8 = 2;
const NONE: u32 = u32::MAX;

/// Clauses, and an assignment that respects them.
pub struct Clauses {
    clauses: Vec<Vec<u32>>,
    /// Per literal: the clauses that watch it.
    watches: Vec<Vec<u32>>,
    /// Per variable: 0 true, 1 false, FREE.
    value: Vec<u8>,
    level: Vec<u32>,
    reason: Vec<u32>,
    pub trail: Vec<u32>,
    /// Where each level begins in the trail.
    begins: Vec<usize>,
    done: usize,
    activity: Vec<f64>,
    step: f64,
    heap: BinaryHeap<(u64, u32)>,
    marked: Vec<bool>,
    /// How short the trail was meanwhile.
    low: usize,
    /// Variables that took part in any conflict.
    pub touched: Vec<bool>,
}

impl Clauses {
    pub fn new(variables: usize) -> Clauses {
        Clauses {
            clauses: Vec::new(),
            watches: vec![Vec::new(); 2 * variables],
            value: vec![FREE; variables],
            level: vec![0; variables],
            reason: vec![NONE; variables],
            trail: Vec::with_capacity(variables),
            begins: Vec::new(),
            done: 0,
            activity: vec![0.0; variables],
            step: 1.0,
            heap: (0..variables as u32).map(|variable| (0, u32::MAX - variable)).collect(),
            marked: vec![false; variables],
            low: 0,
            touched: vec![false; variables],
        }
    }

    pub fn is_true(&self, literal: u32) -> bool {
        self.value[literal as usize / 2] == (literal & 1) as u8
    }

    fn is_false(&self, literal: u32) -> bool {
        self.value[literal as usize / 2] == (literal & 1) as u8 ^ 1
    }

    /// The free variable that took most part in conflicts lately.
    pub fn pick(&mut self) -> Option<u32> {
        while let Some((_, place)) = self.heap.pop() {
            let variable = u32::MAX - place;
            if self.value[variable as usize] == FREE {
                return Some(variable);
            }
        }
        None
    }

    /// Assumes a literal, on a new level.
    pub fn decide(&mut self, literal: u32) {
        self.begins.push(self.trail.len());
        self.assign(literal, NONE);
    }

    fn assign(&mut self, literal: u32, reason: u32) {
        let variable = literal as usize / 2;
        self.value[variable] = (literal & 1) as u8;
        self.level[variable] = self.begins.len() as u32;
        self.reason[variable] = reason;
        self.trail.push(literal);
    }

    /// Follows what clauses force; a clause that is false comes back.
    pub fn propagate(&mut self) -> Option<Vec<u32>> {
        while self.done < self.trail.len() {
            let falsified = self.trail[self.done] ^ 1;
            self.done += 1;
            let mut watching = std::mem::take(&mut self.watches[falsified as usize]);
            let mut kept = 0;
            let mut at = 0;
            let mut conflict = None;
            while at < watching.len() {
                let number = watching[at];
                at += 1;
                if self.move_watch(number, falsified) {
                    continue;
                }
                watching[kept] = number;
                kept += 1;
                let first = self.clauses[number as usize][0];
                if self.is_false(first) {
                    conflict = Some(self.clauses[number as usize].clone());
                    break;
                }
                if !self.is_true(first) {
                    self.assign(first, number);
                }
            }
            while at < watching.len() {
                watching[kept] = watching[at];
                kept += 1;
                at += 1;
            }
            watching.truncate(kept);
            self.watches[falsified as usize] = watching;
            if conflict.is_some() {
                return conflict;
            }
        }
        None
    }

    /// Lets a clause watch another literal that is not false, if it has one.
    fn move_watch(&mut self, number: u32, falsified: u32) -> bool {
        let mut clause = std::mem::take(&mut self.clauses[number as usize]);
        if clause[0] == falsified {
            clause.swap(0, 1);
        }
        let found = if self.is_true(clause[0]) {
            None
        } else {
            (2..clause.len()).find(|&at| !self.is_false(clause[at]))
        };
        if let Some(at) = found {
            clause.swap(1, at);
            self.watches[clause[1] as usize].push(number);
        }
        self.clauses[number as usize] = clause;
        found.is_some()
    }

    /// Learns from a clause all of whose literals are false; false if there is no way out.
    ///
    /// Afterwards the assignment is the one before the conflict, with one literal more, not yet propagated.
    pub fn learn(&mut self, conflict: &[u32]) -> bool {
        let highest = conflict.iter().map(|&l| self.level[l as usize / 2]).max().unwrap_or(0);
        for &literal in conflict {
            self.touched[literal as usize / 2] = true;
        }
        if highest == 0 {
            return false;
        }
        self.back_to(highest as usize);
        let learned = self.resolve(conflict, highest);
        let second = learned[1..].iter().map(|&l| self.level[l as usize / 2]).max().unwrap_or(0);
        self.back_to(second as usize);
        let first = learned[0];
        if learned.len() == 1 {
            self.assign(first, NONE);
            return true;
        }
        self.assign(first, self.clauses.len() as u32);
        self.store(learned);
        true
    }

    /// Adds a clause at level 0, where everything was propagated before; false if it leaves no way.
    pub fn add(&mut self, clause: Vec<u32>) -> bool {
        clause.iter().for_each(|&literal| self.touched[literal as usize / 2] = true);
        if clause.iter().any(|&literal| self.is_true(literal)) {
            return true;
        }
        let open: Vec<u32> = clause.into_iter().filter(|&literal| !self.is_false(literal)).collect();
        match open[..] {
            [] => return false,
            [literal] => self.assign(literal, NONE),
            _ => self.store(open),
        }
        true
    }

    fn store(&mut self, mut clause: Vec<u32>) {
        let number = self.clauses.len() as u32;
        if let Some(at) = (1..clause.len()).max_by_key(|&at| self.level[clause[at] as usize / 2]) {
            clause.swap(1, at);
        }
        self.watches[clause[0] as usize].push(number);
        self.watches[clause[1] as usize].push(number);
        self.clauses.push(clause);
    }

    fn resolve(&mut self, conflict: &[u32], highest: u32) -> Vec<u32> {
        let mut learned = vec![0];
        let mut open = 0;
        let mut clause = conflict.to_vec();
        let mut at = self.trail.len();
        loop {
            for &literal in &clause {
                let variable = literal as usize / 2;
                self.touched[variable] = true;
                if self.marked[variable] || self.level[variable] == 0 {
                    continue;
                }
                self.marked[variable] = true;
                self.bump(variable);
                if self.level[variable] == highest {
                    open += 1;
                } else {
                    learned.push(literal);
                }
            }
            let literal = loop {
                at -= 1;
                if self.marked[self.trail[at] as usize / 2] {
                    break self.trail[at];
                }
            };
            open -= 1;
            if open == 0 {
                learned[0] = literal ^ 1;
                break;
            }
            let reason = self.reason[literal as usize / 2];
            clause.clear();
            clause.extend(self.clauses[reason as usize].iter().filter(|&&other| other != literal));
            self.marked[literal as usize / 2] = false;
        }
        for &literal in &learned {
            self.marked[literal as usize / 2] = false;
        }
        self.step *= 1.0 / 0.95;
        if self.step > 1e100 {
            self.rescale();
        }
        learned
    }

    fn bump(&mut self, variable: usize) {
        self.activity[variable] += self.step;
    }

    fn rescale(&mut self) {
        self.activity.iter_mut().for_each(|activity| *activity *= 1e-100);
        self.step *= 1e-100;
    }

    /// How much of the trail has stood since this was last asked.
    pub fn unchanged(&mut self) -> usize {
        std::mem::replace(&mut self.low, usize::MAX).min(self.trail.len())
    }

    /// Forgets all levels above this one.
    pub fn back_to(&mut self, level: usize) {
        if let Some(&begin) = self.begins.get(level) {
            for at in begin..self.trail.len() {
                let variable = self.trail[at] as usize / 2;
                self.value[variable] = FREE;
                self.reason[variable] = NONE;
                self.heap.push((self.activity[variable].to_bits(), u32::MAX - variable as u32));
            }
            self.trail.truncate(begin);
            self.begins.truncate(level);
            self.done = self.done.min(begin);
            self.low = self.low.min(begin);
        }
    }
}
