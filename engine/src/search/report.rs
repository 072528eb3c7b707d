//! What a search did and found.

/// Why a search ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stop {
    Exhausted,
    Depth,
    Violation,
    States,
    Time,
    Memory,
    Interrupted,
    Walks,
}

impl Stop {
    pub fn name(self) -> &'static str {
        match self {
            Stop::Exhausted => "exhausted",
            Stop::Depth => "depth",
            Stop::Violation => "violation",
            Stop::States => "states",
            Stop::Time => "time",
            Stop::Memory => "memory",
            Stop::Interrupted => "interrupted",
            Stop::Walks => "walks",
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FindingKind {
    /// A promise is broken in the state.
    Always,
    /// A method raised in the state.
    Fault,
    /// A step is neither a step of the abstract model nor nothing there.
    Refines,
    /// The image of an initial state is not an initial state of the abstract model.
    Initial,
    /// Nothing can happen, and the state is not a proper end.
    Deadlock,
}

impl FindingKind {
    pub fn name(self) -> &'static str {
        match self {
            FindingKind::Always => "always",
            FindingKind::Fault => "fault",
            FindingKind::Refines => "refines",
            FindingKind::Initial => "initial",
            FindingKind::Deadlock => "deadlock",
        }
    }
}

/// Something that must not be, in a stored state.
#[derive(Clone, Debug)]
pub struct Finding {
    pub kind: FindingKind,
    pub tree: Option<u32>,
    pub picks: Vec<u32>,
    pub index: u32,
    /// Of a step that does not refine: the values after it.
    pub after: Option<Vec<u32>>,
}

impl Finding {
    /// It is about the state after a step, so other findings of the same level come before it.
    pub fn lies_deeper(&self) -> bool {
        self.kind == FindingKind::Refines
    }
}

/// One step of a trace and the state after it.
#[derive(Clone, Debug)]
pub struct Step {
    pub tree: Option<u32>,
    pub picks: Vec<u32>,
    pub values: Vec<u32>,
}

/// What is counted while states are judged and expanded.
#[derive(Clone, Default)]
pub struct Tally {
    pub transitions: u64,
    /// Not expanded because a bound is false.
    pub pruned: u64,
    /// Not expanded because they lie at the greatest depth asked for.
    pub left: u64,
    /// Expanded, and nothing can happen.
    pub ended: u64,
    /// How often an outcome of each tree was taken.
    pub taken: Vec<u64>,
    /// In how many states each tree had an outcome.
    pub enabled: Vec<u64>,
}

impl Tally {
    #[inline]
    pub fn take(&mut self, tree: u32) {
        self.transitions += 1;
        count(&mut self.taken, tree);
    }

    #[inline]
    pub fn enable(&mut self, tree: u32) {
        count(&mut self.enabled, tree);
    }

    pub fn add(&mut self, other: &Tally) {
        self.transitions += other.transitions;
        self.pruned += other.pruned;
        self.left += other.left;
        self.ended += other.ended;
        add(&mut self.taken, &other.taken);
        add(&mut self.enabled, &other.enabled);
    }
}

#[inline]
fn count(counts: &mut Vec<u64>, tree: u32) {
    if counts.len() <= tree as usize {
        counts.resize(tree as usize + 1, 0);
    }
    counts[tree as usize] += 1;
}

fn add(sums: &mut Vec<u64>, others: &[u64]) {
    if sums.len() < others.len() {
        sums.resize(others.len(), 0);
    }
    for (sum, more) in sums.iter_mut().zip(others) {
        *sum += more;
    }
}

pub struct Report {
    pub stop: Stop,
    pub finding: Option<Finding>,
    pub trace: Vec<Step>,
    pub states: u64,
    /// The deepest level of which every state was judged; -1 if there is none.
    pub depth: i64,
    pub frontier: u64,
    pub tally: Tally,
    pub reached: Vec<(u32, i64)>,
    pub bytes: u64,
    pub levels: Vec<u64>,
}
