//! Each message that one server can send another has a number, so that a set of them is a set of bits.

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Message {
    /// The candidate's last entry is of the term `last`; 0: it has none.
    Request {
        term: u8,
        last: u8,
    },
    Vote {
        term: u8,
    },
    Append {
        term: u8,
        entry: u8,
        committed: bool,
    },
    Ack {
        term: u8,
    },
}

pub type Set = u16;

/// In every term, the entry is from one of the terms so far.
const TERMS: u8 = 2;
const PAIRS: u8 = TERMS * (TERMS + 1) / 2;

const VOTES: u8 = PAIRS;
const APPENDS: u8 = VOTES + TERMS;
const ACKS: u8 = APPENDS + 2 * PAIRS;
const COUNT: u8 = ACKS + TERMS;

/// The number of a term and an earlier one.
const fn pair(term: u8, earlier: u8) -> u8 {
    term * (term - 1) / 2 + earlier
}

/// The first is an earlier term plus 1: (1, 0), (2, 0), (2, 1).
const BY_PAIR: [(u8, u8); PAIRS as usize] = [(1, 0), (2, 0), (2, 1)];

impl Message {
    pub fn bit(self) -> Set {
        let number = match self {
            Message::Request { term, last } => pair(term, last),
            Message::Vote { term } => VOTES + term - 1,
            Message::Append {
                term,
                entry,
                committed,
            } => APPENDS + 2 * pair(term, entry - 1) + u8::from(committed),
            Message::Ack { term } => ACKS + term - 1,
        };
        1 << number
    }

    fn of(number: u8) -> Message {
        if number < VOTES {
            let (term, last) = BY_PAIR[number as usize];
            Message::Request { term, last }
        } else if number < APPENDS {
            Message::Vote {
                term: number - VOTES + 1,
            }
        } else if number < ACKS {
            let (term, earlier) = BY_PAIR[((number - APPENDS) / 2) as usize];
            let committed = (number - APPENDS) % 2 == 1;
            Message::Append {
                term,
                entry: earlier + 1,
                committed,
            }
        } else {
            Message::Ack {
                term: number - ACKS + 1,
            }
        }
    }

    pub fn all(set: Set) -> impl Iterator<Item = Message> {
        (0..COUNT)
            .filter(move |number| set & (1 << number) != 0)
            .map(Message::of)
    }
}
