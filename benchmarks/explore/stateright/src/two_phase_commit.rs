//! Two-phase commit, after Gray and Lamport (2006): messages are never forgotten.

use stateright::{Model, Property};

use crate::Search;

/// Sets of resource managers are sets of bits; who is in none of the first three is working.
#[derive(Clone, Copy, Debug, Hash, PartialEq)]
pub struct State {
    prepared: u16,
    committed: u16,
    aborted: u16,
    counted: u16,
    sent_prepared: u16,
    decision: Decision,
}

/// What the transaction manager has decided is what it has told everyone.
#[derive(Clone, Copy, Debug, Hash, PartialEq)]
enum Decision {
    None,
    Commit,
    Abort,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Action {
    Commit,
    Abort,
    Count(u16),
    Prepare(u16),
    GiveUp(u16),
    HearCommit(u16),
    HearAbort(u16),
}

struct TwoPhaseCommit {
    nodes: u32,
}

impl Model for TwoPhaseCommit {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        let nobody = 0;
        vec![State {
            prepared: nobody,
            committed: nobody,
            aborted: nobody,
            counted: nobody,
            sent_prepared: nobody,
            decision: Decision::None,
        }]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        let everyone = (1 << self.nodes) - 1;
        let undecided = state.decision == Decision::None;
        if undecided && state.counted == everyone {
            actions.push(Action::Commit);
        }
        if undecided {
            actions.push(Action::Abort);
        }
        let working = everyone & !(state.prepared | state.committed | state.aborted);
        for rm in (0..self.nodes).map(|at| 1 << at) {
            if undecided && state.sent_prepared & rm != 0 {
                actions.push(Action::Count(rm));
            }
            if working & rm != 0 {
                actions.push(Action::Prepare(rm));
                actions.push(Action::GiveUp(rm));
            }
            match state.decision {
                Decision::None => {}
                Decision::Commit => actions.push(Action::HearCommit(rm)),
                Decision::Abort => actions.push(Action::HearAbort(rm)),
            }
        }
    }

    fn next_state(&self, last: &State, action: Action) -> Option<State> {
        let mut next = *last;
        match action {
            Action::Commit => next.decision = Decision::Commit,
            Action::Abort => next.decision = Decision::Abort,
            Action::Count(rm) => next.counted |= rm,
            Action::Prepare(rm) => {
                next.prepared |= rm;
                next.sent_prepared |= rm;
            }
            Action::GiveUp(rm) => next.aborted |= rm,
            Action::HearCommit(rm) => {
                next.prepared &= !rm;
                next.aborted &= !rm;
                next.committed |= rm;
            }
            Action::HearAbort(rm) => {
                next.prepared &= !rm;
                next.committed &= !rm;
                next.aborted |= rm;
            }
        }
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![Property::always("consistent", |_, state: &State| {
            state.committed == 0 || state.aborted == 0
        })]
    }
}

pub fn run(nodes: usize, search: Search) {
    assert!(nodes <= 15, "a set of 16 bits holds 15");
    crate::visit(
        TwoPhaseCommit {
            nodes: nodes as u32,
        },
        search,
    );
}
