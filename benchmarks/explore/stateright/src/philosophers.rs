//! Dining philosophers, after Dijkstra (1971): everyone takes the left fork, then the right one.

use stateright::{Model, Property};

use crate::Search;

/// Sets of philosophers, and of forks, are sets of bits.  Fork i lies to the left of philosopher i.
#[derive(Clone, Copy, Debug, Hash, PartialEq)]
pub struct State {
    waiting: u32,
    eating: u32,
    taken: u32,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Action {
    TakeLeft(u32),
    TakeRight(u32),
    PutDown(u32),
}

struct Philosophers {
    nodes: u32,
}

impl Philosophers {
    fn left(&self, p: u32) -> u32 {
        1 << p
    }

    fn right(&self, p: u32) -> u32 {
        1 << ((p + self.nodes - 1) % self.nodes)
    }
}

impl Model for Philosophers {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        vec![State {
            waiting: 0,
            eating: 0,
            taken: 0,
        }]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        for p in 0..self.nodes {
            let him = 1 << p;
            if state.eating & him != 0 {
                actions.push(Action::PutDown(p));
            } else if state.waiting & him != 0 {
                if state.taken & self.right(p) == 0 {
                    actions.push(Action::TakeRight(p));
                }
            } else if state.taken & self.left(p) == 0 {
                actions.push(Action::TakeLeft(p));
            }
        }
    }

    fn next_state(&self, last: &State, action: Action) -> Option<State> {
        let mut next = *last;
        match action {
            Action::TakeLeft(p) => {
                next.waiting |= 1 << p;
                next.taken |= self.left(p);
            }
            Action::TakeRight(p) => {
                next.waiting &= !(1 << p);
                next.eating |= 1 << p;
                next.taken |= self.right(p);
            }
            Action::PutDown(p) => {
                next.eating &= !(1 << p);
                next.taken &= !(self.left(p) | self.right(p));
            }
        }
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![Property::always(
            "nobody_shares",
            |model: &Self, state: &State| {
                let first_again = state.eating << model.nodes;
                (state.eating | first_again) >> 1 & state.eating == 0
            },
        )]
    }
}

pub fn run(nodes: usize, search: Search) {
    assert!((2..=16).contains(&nodes), "32 bits hold two rounds of 16");
    crate::visit(
        Philosophers {
            nodes: nodes as u32,
        },
        search,
    );
}
