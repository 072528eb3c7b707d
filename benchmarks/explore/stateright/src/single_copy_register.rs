//! A register on one server: every client writes its own letter, and then reads.
//!
//! The clients and the recorder of operations are Stateright's own.

use std::borrow::Cow;
use std::fmt::Debug;
use std::hash::Hash;

use stateright::actor::register::{RegisterActor, RegisterMsg};
use stateright::actor::{Actor, ActorModel, Id, Network, Out};
use stateright::semantics::register::Register;
use stateright::semantics::{ConsistencyTester, LinearizabilityTester};
use stateright::Expectation;

use crate::Search;

const NOTHING: char = '-';

/// Does at once what it is asked for.
#[derive(Clone, Debug)]
pub struct Server;

type Message = RegisterMsg<u64, char, ()>;

impl Actor for Server {
    type Msg = Message;
    type State = char;
    type Timer = ();
    type Random = ();
    type Storage = ();

    fn on_start(&self, _: Id, _: &Option<()>, _: &mut Out<Self>) -> char {
        NOTHING
    }

    fn on_msg(
        &self,
        _: Id,
        value: &mut Cow<char>,
        from: Id,
        message: Message,
        out: &mut Out<Self>,
    ) {
        match message {
            RegisterMsg::Put(request, letter) => {
                *value.to_mut() = letter;
                out.send(from, RegisterMsg::PutOk(request));
            }
            RegisterMsg::Get(request) => out.send(from, RegisterMsg::GetOk(request, **value)),
            _ => {}
        }
    }
}

type History = LinearizabilityTester<Id, Register<char>>;

fn system<H>(clients: usize, history: H) -> ActorModel<RegisterActor<Server>, (), H>
where
    H: Clone + Debug + Hash,
{
    let client = RegisterActor::Client {
        put_count: 1,
        server_count: 1,
    };
    ActorModel::new((), history)
        .actor(RegisterActor::Server(Server))
        .actors(vec![client; clients])
        .init_network(Network::new_unordered_nonduplicating([]))
}

fn recording(clients: usize) -> ActorModel<RegisterActor<Server>, (), History> {
    system(clients, LinearizabilityTester::new(Register(NOTHING)))
        .record_msg_in(RegisterMsg::record_returns)
        .record_msg_out(RegisterMsg::record_invocations)
}

/// Without any history: what clients and server do.
pub fn plain(clients: usize, search: Search) {
    let model = system(clients, ()).property(Expectation::Always, "nothing", |_, _| true);
    crate::visit(model, search);
}

/// The history is part of the state, but nobody looks at it.
pub fn kept(clients: usize, search: Search) {
    let model = recording(clients).property(Expectation::Always, "nothing", |_, _| true);
    crate::visit(model, search);
}

/// In every state the history is linearizable.
pub fn checked(clients: usize, search: Search) {
    let model = recording(clients).property(Expectation::Always, "linearizable", |_, state| {
        state.history.is_consistent()
    });
    crate::visit(model, search);
}
