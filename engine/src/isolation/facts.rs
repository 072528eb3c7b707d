//! What is known of the transactions of a history, whatever the data type was: who read from whom, in which
//! order versions of a key were installed, and when.
//!
//! Transactions are numbered from 1 in the order of invocation; number 0 wrote every key before all others.
//! Aborted transactions are not here, nor those of unknown outcome that nobody read from.

/// A read of a version that another transaction installed.
///
/// Reads of a transaction's own writes are not here (whether they are right is judged apart), nor reads whose
/// writer is unknown or aborted.  A second read of a key is kept, unless it gave the same version and nothing else
/// was read in between: levels below repeatable reads are about such reads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Read {
    pub reader: u32,
    pub key: u32,
    pub writer: u32,
    /// Position among the micro-operations of the reader: program order.
    pub at: u32,
}

/// Transactions without their values.
#[derive(Default, Clone, Debug)]
pub struct Facts {
    /// How many there are, with number 0, which is the initial one.
    pub count: usize,
    /// Rows in the history; `u32::MAX` for number 0.
    pub row: Vec<u32>,
    /// Each session's transactions in order; each but number 0 is in exactly one.
    pub sessions: Vec<Vec<u32>>,
    /// (before, after): session order that `sessions` cannot say.  A transaction of unknown outcome stays pending
    /// while its process goes on, so it comes after the earlier ones but not before the later ones: unless it is
    /// the last of its session, it has a session of its own, and the one before it is named here.
    pub branches: Vec<(u32, u32)>,
    /// By reader, then in program order.
    pub reads: Vec<Read>,
    /// Per key, who installed a version of it (by its last write of the key); in no particular order, without 0.
    pub writers: Vec<Vec<u32>>,
    /// (key, earlier, later): certain version order, by direct neighbours where they are known; earlier may be 0.
    pub order: Vec<(u32, u32, u32)>,
    /// Positions in time; `i64::MIN` for number 0.
    pub invoked: Vec<i64>,
    /// `i64::MAX` where the outcome is unknown; `i64::MIN` for number 0.
    pub returned: Vec<i64>,
    /// Whether positions say what happened before what; if not, only sessions are ordered.
    pub timed: bool,
}

impl Facts {
    /// Facts without reads, writers and order: who took part, when, and in which sessions.
    ///
    /// `members` are (row, session, whether it certainly happened, invoked, returned) in the order of invocation.
    pub fn of(members: &[Member], sessions: usize, timed: bool) -> Facts {
        let count = members.len() + 1;
        let mut facts = Facts {
            count,
            row: Vec::with_capacity(count),
            sessions: vec![Vec::new(); sessions],
            invoked: Vec::with_capacity(count),
            returned: Vec::with_capacity(count),
            timed,
            ..Facts::default()
        };
        facts.row.push(u32::MAX);
        facts.invoked.push(i64::MIN);
        facts.returned.push(i64::MIN);
        let mut pending: Vec<Option<u32>> = vec![None; sessions];
        for (member, number) in members.iter().zip(1u32..) {
            facts.row.push(member.row);
            facts.invoked.push(member.invoked);
            facts.returned.push(if member.certain { member.returned } else { i64::MAX });
            let session = member.session as usize;
            if let Some(left) = pending[session].take() {
                facts.leave(session, left);
            }
            if member.certain {
                facts.sessions[session].push(number);
            } else {
                pending[session] = Some(number);
            }
        }
        for (session, left) in pending.into_iter().enumerate() {
            if let Some(last) = left {
                facts.sessions[session].push(last);
            }
        }
        facts.sessions.retain(|session| !session.is_empty());
        facts
    }

    fn leave(&mut self, session: usize, number: u32) {
        if let Some(&before) = self.sessions[session].last() {
            self.branches.push((before, number));
        }
        self.sessions.push(vec![number]);
    }
}

/// One transaction that took part.
#[derive(Clone, Copy, Debug)]
pub struct Member {
    pub row: u32,
    pub session: u32,
    pub certain: bool,
    pub invoked: i64,
    pub returned: i64,
}
