//! What a check by data type found out.

/// Why a recording of one object is not linearizable; Python has a sentence for each.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Rule {
    /// A value was found that nothing put there.
    Unwritten = 0,
    /// A value was found before it was put there.  Rows: the put, what found it.
    Early = 1,
    /// Two values hold a register at the same time.  Rows: of each its first return and last invocation.
    Overlap = 2,
    /// A value would have to hold a register while another one certainly does.  Rows: of the latter its first
    /// return and last invocation, then of the former.
    Inside = 3,
    /// Two operations took what was put there once.
    Twice = 4,
    /// The steps of a chain of compare-and-sets happened out of order.
    Chain = 5,
    /// Compare-and-sets that lead in a circle: no value comes first.
    Circle = 6,
    /// A value was seen after it was taken.  Rows: the take, what saw it.
    Gone = 7,
    /// A value had to be at the head of a queue while another one certainly was.  Rows: of the latter its first
    /// return there and last invocation there, then two operations of the former.
    Heads = 8,
    /// One value was put into a queue before another one and was still there, not at the head, when that one
    /// had got to the head.  Rows: the earlier put, the later put, what found the later, what found the earlier.
    Overtaken = 9,
    /// It was found empty while it certainly was not.  Rows: what found it empty, then puts of values of which
    /// one was always there.
    Empty = 10,
    /// No order fits the values of a stack.
    Nesting = 11,
    /// A value was found at the top of a priority queue while one of higher priority certainly was in it.
    /// Rows: the put of that value, what found it, then puts of higher values of which one was always there.
    Priority = 12,
    /// The presence of a set's element, or the state of a lock, had to be what it cannot have been.
    /// Rows: the operation that does not fit.
    Absent = 13,
    Present = 14,
    /// Of two reads of a whole set that only grows, neither contains the other.
    Incomparable = 15,
    /// A read of a whole set returned before what it needs, or what came before it, can have happened.
    /// Rows: the read, the operation that comes too late.
    Late = 16,
    /// An element was there before a read that lacks it.  Rows: the add that had returned, the read, and the
    /// operation before which that read cannot be.
    Lacking = 17,
}

/// Why a check by data type cannot say.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Obstacle {
    /// A function that the algorithm does not know.
    Function = 0,
    /// A value that was found was put there more than once.
    Duplicate = 1,
    /// A compare-and-set that compared unequal constrains the order in a way that zones do not express.
    Unequal = 2,
    /// Nil was put there, which looks like nothing.
    Nil = 3,
    /// What unreturned takes took decides.
    Takes = 4,
    /// A value without a rank among the others, such as a string in a priority queue.
    Unranked = 5,
    /// It was not told whether an element was there.
    Untold = 6,
    /// Reads of the whole set, together with operations other than adds.
    Whole = 8,
    /// Time was over before its turn.
    Time = 7,
}

/// What was found out about one object; rows are rows of the history.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Finding {
    Accepted,
    Violated(Rule, Vec<u32>),
    NotApplicable(Obstacle, Vec<u32>),
}

impl Finding {
    pub fn is_violated(&self) -> bool {
        matches!(self, Finding::Violated(..))
    }
}
