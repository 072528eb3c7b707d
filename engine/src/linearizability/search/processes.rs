//! A history as the operations of each process, in its own order: all that sequential consistency looks at.

use super::timeline::{NEVER, Operation};

/// One operation on one of the objects.
#[derive(Clone, Copy)]
pub struct Turn {
    pub operation: Operation,
    pub object: u32,
}

/// An operation that nobody saw return: it takes effect after what its process had done before, or never.
pub struct Loose {
    pub turn: Turn,
    /// The process, as an index into `chains`, and how far it must have come.
    pub process: usize,
    pub after: u32,
    /// Whether it can wait in place of another one with the same request: its result is unknown.
    pub can_wait: bool,
}

/// The operations of all processes.
#[derive(Default)]
pub struct Processes {
    /// Operations that returned, by process, in its order.
    pub chains: Vec<Vec<Turn>>,
    pub loose: Vec<Loose>,
    pub objects: usize,
}

impl Processes {
    /// Takes the operations of each object apart, and puts those of each process in the order of invocation.
    pub fn new(objects: Vec<Vec<Operation>>) -> Processes {
        let mut made = Processes { objects: objects.len(), ..Processes::default() };
        let mut turns: Vec<Turn> = Vec::new();
        for (object, operations) in objects.into_iter().enumerate() {
            turns.extend(operations.into_iter().map(|operation| Turn { operation, object: object as u32 }));
        }
        turns.sort_by_key(|turn| (turn.operation.process, turn.operation.invoked, turn.operation.row));
        let mut process = None;
        for turn in turns {
            if process != Some(turn.operation.process) {
                process = Some(turn.operation.process);
                made.chains.push(Vec::new());
            }
            let at = made.chains.len() - 1;
            if turn.operation.returned == NEVER {
                let after = made.chains[at].len() as u32;
                let can_wait = turn.operation.can_wait();
                made.loose.push(Loose { turn, process: at, after, can_wait });
            } else {
                made.chains[at].push(turn);
            }
        }
        // First come those that were invoked first, so that of equal ones the first may always go first.
        made.loose.sort_by_key(|loose| loose.turn.operation.invoked);
        made
    }
}
