//! Leader election on a ring, after Chang and Roberts (1979).
//!
//! Messages go from each station to the one below it, from the lowest to the highest.

use stateright::{Model, Property};

use crate::Search;

const MOST: usize = 12;

/// What is on its way to a station, the oldest message in the lowest bits: a message is a number from 1 to 31.
///
/// A bid for station i is i + 1, the news that it is elected is i + 1 + nodes.
type Link = u64;

const WIDTH: u32 = 5;

#[derive(Clone, Copy, Debug, Hash, PartialEq)]
pub struct State {
    takes_part: u16,
    /// The leader that each station knows, plus 1; 0: none.
    leader: [u8; MOST],
    links: [Link; MOST],
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Action {
    CallElection(usize),
    Deliver(usize),
}

struct RingElection {
    nodes: usize,
}

impl RingElection {
    fn pass_on(&self, state: &mut State, from: usize, message: u64) {
        let link = &mut state.links[(from + self.nodes - 1) % self.nodes];
        let length = (Link::BITS - link.leading_zeros()).div_ceil(WIDTH);
        *link |= message << (length * WIDTH);
    }

    fn on_bid(&self, state: &mut State, s: usize, who: usize) {
        let takes_part = state.takes_part & (1 << s) != 0;
        let bid = |who: usize| who as u64 + 1;
        if who == s {
            state.leader[s] = s as u8 + 1;
            self.pass_on(state, s, bid(s) + self.nodes as u64);
        } else if who > s || !takes_part {
            state.takes_part |= 1 << s;
            self.pass_on(state, s, bid(who.max(s)));
        }
    }

    fn on_elected(&self, state: &mut State, s: usize, who: usize) {
        if who != s {
            state.leader[s] = who as u8 + 1;
            self.pass_on(state, s, (who + 1 + self.nodes) as u64);
        }
    }
}

impl Model for RingElection {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        vec![State {
            takes_part: 0,
            leader: [0; MOST],
            links: [0; MOST],
        }]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        for s in 0..self.nodes {
            if state.takes_part & (1 << s) == 0 {
                actions.push(Action::CallElection(s));
            }
            if state.links[s] != 0 {
                actions.push(Action::Deliver(s));
            }
        }
    }

    fn next_state(&self, last: &State, action: Action) -> Option<State> {
        let mut next = *last;
        match action {
            Action::CallElection(s) => {
                next.takes_part |= 1 << s;
                self.pass_on(&mut next, s, s as u64 + 1);
            }
            Action::Deliver(s) => {
                let message = (next.links[s] & ((1 << WIDTH) - 1)) as usize;
                next.links[s] >>= WIDTH;
                if message <= self.nodes {
                    self.on_bid(&mut next, s, message - 1);
                } else {
                    self.on_elected(&mut next, s, message - 1 - self.nodes);
                }
            }
        }
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![Property::always(
            "one_leader",
            |model: &Self, state: &State| {
                let mut known = state.leader[..model.nodes]
                    .iter()
                    .filter(|leader| **leader != 0);
                let first = known.next();
                known.all(|leader| Some(leader) == first)
            },
        )]
    }
}

pub fn run(nodes: usize, search: Search) {
    assert!(
        (2..MOST).contains(&nodes),
        "a link of 64 bits holds 12 messages"
    );
    crate::visit(RingElection { nodes }, search);
}
