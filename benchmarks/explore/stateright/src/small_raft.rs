//! Raft for one entry, after Ongaro and Ousterhout (2014): elections, and the entry's way to a majority.
//!
//! The network is a set: any order, late or never; what is in flight already is there once.

use std::hash::{Hash, Hasher};

use stateright::{Model, Property};

use crate::small_raft_messages::{Message, Set};
use crate::Search;

const SERVERS: usize = 3;
const MAJORITY: u32 = 2;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Role {
    Follower,
    Candidate,
    Leader,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Server {
    term: u8,
    role: Role,
    /// Plus 1; 0: for nobody.
    voted_for: u8,
    /// As a set of bits: who voted for a candidate, who holds a leader's entry.
    backers: u8,
    /// The term of the leader that wrote it; 0: there is none.
    entry: u8,
    committed: bool,
}

impl Hash for Server {
    /// One word instead of six: a search takes a tenth less.
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        let rest = [
            self.role as u8,
            self.voted_for,
            self.backers,
            self.entry,
            self.committed as u8,
        ];
        hasher.write_u64(
            rest.iter()
                .fold(self.term.into(), |word, byte| word << 8 | u64::from(*byte)),
        );
    }
}

#[derive(Clone, Copy, Debug, Hash, PartialEq)]
pub struct State {
    servers: [Server; SERVERS],
    /// From source `at / SERVERS` to destination `at % SERVERS`.
    network: [Set; SERVERS * SERVERS],
}

impl State {
    fn send(&mut self, from: usize, to: usize, message: Message) {
        self.network[from * SERVERS + to] |= message.bit();
    }

    fn broadcast(&mut self, from: usize, message: Message) {
        for to in (0..SERVERS).filter(|to| *to != from) {
            self.send(from, to, message);
        }
    }

    /// Step down on hearing of a later term.
    fn observe(&mut self, s: usize, term: u8) {
        let server = &mut self.servers[s];
        if term > server.term {
            *server = Server {
                term,
                role: Role::Follower,
                voted_for: 0,
                backers: 0,
                ..*server
            };
        }
    }

    fn deliver(&mut self, from: usize, s: usize, message: Message) {
        self.network[from * SERVERS + s] &= !message.bit();
        match message {
            Message::Request { term, last } => self.on_request(from, s, term, last),
            Message::Vote { term } => self.on_support(from, s, term, Role::Candidate),
            Message::Append {
                term,
                entry,
                committed,
            } => {
                self.on_append(from, s, term, entry, committed);
            }
            Message::Ack { term } => self.on_support(from, s, term, Role::Leader),
        }
    }

    fn on_request(&mut self, from: usize, s: usize, term: u8, last: u8) {
        self.observe(s, term);
        let server = &mut self.servers[s];
        let candidate = from as u8 + 1;
        let free = server.voted_for == 0 || server.voted_for == candidate;
        if term == server.term && free && last >= server.entry {
            server.voted_for = candidate;
            self.send(s, from, Message::Vote { term });
        }
    }

    /// A vote counts for a candidate, an acknowledgement for a leader.
    fn on_support(&mut self, from: usize, s: usize, term: u8, role: Role) {
        self.observe(s, term);
        let server = &mut self.servers[s];
        if term == server.term && server.role == role {
            server.backers |= 1 << from;
        }
    }

    fn on_append(&mut self, from: usize, s: usize, term: u8, entry: u8, committed: bool) {
        self.observe(s, term);
        let server = &mut self.servers[s];
        if term == server.term {
            if server.role == Role::Candidate {
                server.role = Role::Follower;
                server.backers = 0;
            }
            server.entry = entry;
            server.committed |= committed;
            self.send(s, from, Message::Ack { term });
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Action {
    Timeout(usize),
    Lead(usize),
    Write(usize),
    Append(usize, usize),
    Commit(usize),
    Deliver(usize, usize, Message),
}

struct SmallRaft {
    terms: u8,
    /// So many of the servers stand for election.
    candidates: usize,
}

impl SmallRaft {
    fn own_actions(&self, s: usize, server: &Server, actions: &mut Vec<Action>) {
        let majority = server.backers.count_ones() >= MAJORITY;
        if s < self.candidates && server.role != Role::Leader && server.term < self.terms {
            actions.push(Action::Timeout(s));
        }
        if server.role == Role::Candidate && majority {
            actions.push(Action::Lead(s));
        }
        if server.role != Role::Leader {
            return;
        }
        if server.entry == 0 {
            actions.push(Action::Write(s));
        } else {
            let others = (0..SERVERS).filter(|to| *to != s);
            actions.extend(others.map(|to| Action::Append(s, to)));
        }
        if !server.committed && server.entry == server.term && majority {
            actions.push(Action::Commit(s));
        }
    }
}

impl Model for SmallRaft {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        let new = Server {
            term: 0,
            role: Role::Follower,
            voted_for: 0,
            backers: 0,
            entry: 0,
            committed: false,
        };
        vec![State {
            servers: [new; SERVERS],
            network: [0; SERVERS * SERVERS],
        }]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        for (s, server) in state.servers.iter().enumerate() {
            self.own_actions(s, server, actions);
        }
        for (at, set) in state
            .network
            .iter()
            .enumerate()
            .filter(|(_, set)| **set != 0)
        {
            let (from, to) = (at / SERVERS, at % SERVERS);
            actions.extend(Message::all(*set).map(|message| Action::Deliver(from, to, message)));
        }
    }

    fn next_state(&self, last: &State, action: Action) -> Option<State> {
        let mut next = *last;
        match action {
            Action::Timeout(s) => {
                let server = &mut next.servers[s];
                server.term += 1;
                server.role = Role::Candidate;
                server.voted_for = s as u8 + 1;
                server.backers = 1 << s;
                let (term, last) = (server.term, server.entry);
                next.broadcast(s, Message::Request { term, last });
            }
            Action::Lead(s) => {
                next.servers[s].role = Role::Leader;
                next.servers[s].backers = 1 << s;
            }
            Action::Write(s) => next.servers[s].entry = next.servers[s].term,
            Action::Append(s, to) => {
                let Server {
                    term,
                    entry,
                    committed,
                    ..
                } = next.servers[s];
                next.send(
                    s,
                    to,
                    Message::Append {
                        term,
                        entry,
                        committed,
                    },
                );
            }
            Action::Commit(s) => next.servers[s].committed = true,
            Action::Deliver(from, to, message) => next.deliver(from, to, message),
        }
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("election_safety", |_, state: &State| {
                pairs(state, |a, b| {
                    a.role != Role::Leader || b.role != Role::Leader || a.term != b.term
                })
            }),
            Property::always("state_machine_safety", |_, state: &State| {
                pairs(state, |a, b| {
                    !(a.committed && b.committed) || a.entry == b.entry
                })
            }),
        ]
    }
}

/// Whether something holds for every two servers.
fn pairs(state: &State, holds: impl Fn(&Server, &Server) -> bool) -> bool {
    let servers = &state.servers;
    (0..SERVERS).all(|a| (a + 1..SERVERS).all(|b| holds(&servers[a], &servers[b])))
}

pub fn run(terms: usize, candidates: usize, search: Search) {
    assert!(terms <= 2, "messages of two terms have numbers");
    crate::visit(
        SmallRaft {
            terms: terms as u8,
            candidates,
        },
        search,
    );
}
