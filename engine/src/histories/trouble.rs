//! What is wrong with a recording, where, and what to do about it.

/// Why a recording cannot be read.
#[derive(Debug)]
pub struct Trouble {
    /// From 1; 0 where no line is at fault.
    pub line: u64,
    /// Where in the text that was being parsed; the line follows from it.
    pub at: usize,
    pub what: String,
    /// What the user can do; empty where nothing can be said.
    pub fix: String,
    /// Whether the text ended too early: more of it may help.
    pub short: bool,
}

impl Trouble {
    /// Something wrong at a place in a text.
    pub fn at(at: usize, what: impl Into<String>) -> Self {
        Self { line: 0, at, what: what.into(), fix: String::new(), short: false }
    }

    /// A recording that cannot be, at a line.
    pub fn line(line: u64, what: impl Into<String>) -> Self {
        Self { line, ..Self::at(0, what) }
    }

    /// A text that ended in the middle of something.
    pub fn short(at: usize, what: impl Into<String>) -> Self {
        Self { short: true, ..Self::at(at, what) }
    }

    /// The same, with what to do about it.
    pub fn fix(self, fix: impl Into<String>) -> Self {
        Self { fix: fix.into(), ..self }
    }
}
