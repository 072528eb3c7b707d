//! The protocols of the contests, for Stateright: `contest PROTOCOL dfs|bfs THREADS SIZE...`.
//!
//! Each is written from the protocol, as a plain `Model` on sets of bits: a search then costs less than with
//! actors.  Only the register uses actors, for Stateright records operations from their messages.

mod philosophers;
mod ring_election;
mod single_copy_register;
mod small_raft;
mod small_raft_messages;
mod two_phase_commit;

use stateright::{Checker, Model};
use std::fmt::Debug;
use std::hash::Hash;

/// How to search.
#[derive(Clone, Copy)]
pub struct Search {
    threads: usize,
    depth_first: bool,
}

/// Visits every state, and prints as JSON how many there are.
pub fn visit<M>(model: M, search: Search)
where
    M: Model + Send + Sync + 'static,
    M::State: Clone + Debug + Hash + PartialEq + Send + Sync + 'static,
    M::Action: Clone + Debug + PartialEq + Send + Sync + 'static,
{
    let starts = model.init_states().len();
    let before = memory("VmRSS:");
    let checker = model.checker().threads(search.threads);
    if search.depth_first {
        report(checker.spawn_dfs().join(), starts, before);
    } else {
        report(checker.spawn_bfs().join(), starts, before);
    }
}

fn report<M: Model>(checker: impl Checker<M>, starts: usize, before: String)
where
    M::State: Clone + Debug + Hash + PartialEq,
    M::Action: Clone + Debug + PartialEq,
{
    if let Some((broken, _)) = checker.discoveries().into_iter().next() {
        eprintln!("{broken} does not hold");
        std::process::exit(1);
    }
    let (states, generated) = (checker.unique_state_count(), checker.state_count());
    let transitions = generated - starts;
    let bytes = format!("\"before\": {before}, \"peak\": {}", memory("VmHWM:"));
    println!("{{\"states\": {states}, \"transitions\": {transitions}, {bytes}}}");
}

/// What Linux says of this process's memory, in bytes; elsewhere the number is missing, as `null`.
fn memory(what: &str) -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let told = status.lines().find_map(|line| line.strip_prefix(what));
    let kib = told.and_then(|rest| rest.split_whitespace().next()?.parse::<usize>().ok());
    kib.map_or("null".into(), |kib| (kib * 1024).to_string())
}

fn main() {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize| -> usize {
        let text = given
            .get(at)
            .expect("contest PROTOCOL dfs|bfs THREADS SIZE...");
        text.parse().expect("a number")
    };
    let search = Search {
        threads: number(2),
        depth_first: given[1] == "dfs",
    };
    match given[0].as_str() {
        "two_phase_commit" => two_phase_commit::run(number(3), search),
        "ring_election" => ring_election::run(number(3), search),
        "philosophers" => philosophers::run(number(3), search),
        "small_raft" => small_raft::run(number(3), number(4), search),
        "single_copy_register" => single_copy_register::plain(number(3), search),
        "single_copy_register-kept" => single_copy_register::kept(number(3), search),
        "single_copy_register-checked" => single_copy_register::checked(number(3), search),
        other => panic!("there is no {other}"),
    }
}
