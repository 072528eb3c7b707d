//! Histories of lists: transactions append unique elements, and reads show the whole list (Kingsbury and
//! Alvaro, Elle, VLDB 2020).
//!
//! The longest list that was read of a key is the order of its versions; every other list must be a prefix.
//! A committed element in none of them came after everything that was read of the key.

use super::facts::{Facts, Member};
use super::findings::{Extract, Finding, What};
use super::lists::{List, Lists, Owner};
use super::transactions::{APPEND, Extracted, READ, Transactions};
use super::watch::{Stopped, Watch};
use crate::hashing::{FastMap, FastSet};
use crate::histories::NIL;

/// A read of a list.
struct Seen {
    reader: u32,
    key: u32,
    list: List,
    at: u32,
    /// Whether the transaction saw its own elements where they should be.
    is_right: bool,
}

/// Finds what depends on what, and what is wrong without any cycle.
pub fn extract(from: &Extracted, watch: &mut Watch) -> Result<Extract, Stopped> {
    let owners = owners(from);
    let mut findings: Vec<Finding> = Vec::new();
    let mut lists = Lists::new(from.keys.len());
    let mut seen: Vec<Seen> = Vec::new();
    for at in (0..from.kept.len()).filter(|&at| from.kept.committed[at]) {
        reads_of(from, at, &mut seen, &mut findings);
        watch.tick(from.kept.micro(at).len() as u64)?;
    }
    seen.iter().for_each(|read| lists.offer(read.key, read.list, read.reader));
    lists.compare(from, &owners, &mut findings, watch)?;
    let (members, numbers) = members(from, &lists, &owners);
    let facts = Facts::of(&members, from.sessions.len(), from.timed);
    let mut found = Extract::new(facts, findings);
    found.certain = std::iter::once(true).chain(members.iter().map(|member| member.certain)).collect();
    found.evidence = lists.longest.iter().map(|list| list.reader.map(|at| numbers[at as usize])).collect();
    lists.connect(from, &owners, &numbers, &mut found, watch)?;
    for read in seen.iter().filter(|read| read.is_right) {
        depend(from, read, &owners, &numbers, &lists, &mut found);
        watch.tick(1)?;
    }
    lists.connect_rest(&mut found);
    Ok(found)
}

/// Who appended what: (key, element) to its owner.
fn owners(from: &Extracted) -> FastMap<(u32, i64), Owner> {
    let mut owners: FastMap<(u32, i64), Owner> = FastMap::default();
    let mut counts: FastMap<u32, u32> = FastMap::default();
    for (of, aborted) in [(&from.kept, false), (&from.aborted, true)] {
        for at in 0..of.len() {
            counts.clear();
            for micro in of.micro(at).filter(|&micro| of.kind[micro] == APPEND) {
                let nth = counts.entry(of.key[micro]).or_default();
                let owner =
                    Owner { transaction: at as u32, nth: *nth, is_last: false, aborted, twice: false };
                *nth += 1;
                owners
                    .entry((of.key[micro], of.value[micro]))
                    .and_modify(|known| known.twice |= !aborted || known.aborted)
                    .or_insert(owner);
            }
            for micro in of.micro(at).filter(|&micro| of.kind[micro] == APPEND) {
                if let Some(owner) = owners.get_mut(&(of.key[micro], of.value[micro])) {
                    let own = owner.transaction == at as u32 && owner.aborted == aborted;
                    owner.is_last = if own { owner.nth + 1 == counts[&of.key[micro]] } else { owner.is_last };
                }
            }
        }
    }
    owners
}

/// Those that took part, in the order of invocation, and their numbers by position in `kept`; 0: left out.
///
/// A transaction of unknown outcome took part where one of its elements was read.
fn members(from: &Extracted, lists: &Lists, owners: &FastMap<(u32, i64), Owner>) -> (Vec<Member>, Vec<u32>) {
    let mut part: Vec<bool> = from.kept.committed.clone();
    let mut done: FastSet<(u32, i64)> = FastSet::default();
    for (key, list) in lists.distinct() {
        for &element in list.items(from) {
            if done.insert((key, element)) {
                if let Some(owner) =
                    owners.get(&(key, element)).filter(|owner| !owner.aborted && !owner.twice)
                {
                    part[owner.transaction as usize] = true;
                }
            }
        }
    }
    let mut numbers = vec![0; from.kept.len()];
    let mut members = Vec::new();
    for at in (0..from.kept.len()).filter(|&at| part[at]) {
        let kept = &from.kept;
        members.push(Member {
            row: kept.row[at],
            session: kept.session[at],
            certain: kept.committed[at],
            invoked: kept.invoked[at],
            returned: kept.returned[at],
        });
        numbers[at] = members.len() as u32;
    }
    (members, numbers)
}

/// The reads of one transaction, without its own elements; and whether it saw those.
fn reads_of(from: &Extracted, at: usize, seen: &mut Vec<Seen>, findings: &mut Vec<Finding>) {
    let kept: &Transactions = &from.kept;
    let inside = kept.micro(at);
    for micro in inside.clone().filter(|&micro| kept.kind[micro] == READ) {
        let (key, list) = (kept.key[micro], kept.value[micro]);
        let items = from.items(list);
        let own = || {
            (inside.start..micro)
                .filter(move |&before| kept.kind[before] == APPEND && kept.key[before] == key)
                .map(|before| kept.value[before])
        };
        let mine = own().count();
        let others = items.len().saturating_sub(mine);
        let is_right = mine == 0 || (items.len() >= mine && own().eq(items[others..].iter().copied()));
        if !is_right {
            let detail = own().next_back().unwrap_or(NIL);
            findings.push(Finding::of(What::Internal, key, detail, list, [kept.row[at], kept.row[at]]));
        }
        let list = List { code: list, length: others as u32 };
        seen.push(Seen { reader: at as u32, key, list, at: micro as u32, is_right });
    }
}

/// The dependencies of one read.
fn depend(
    from: &Extracted,
    read: &Seen,
    owners: &FastMap<(u32, i64), Owner>,
    numbers: &[u32],
    lists: &Lists,
    found: &mut Extract,
) {
    let items = read.list.items(from);
    let reader = numbers[read.reader as usize];
    let row = from.kept.row[read.reader as usize];
    found.coverage.reads += 1;
    let mut is_past = true;
    let owner = |element: i64| owners.get(&(read.key, element)).filter(|owner| !owner.twice);
    if let Some(&element) = items.last() {
        match owner(element) {
            Some(last) if last.aborted => {} // found when the list was inspected
            Some(last) if last.transaction == read.reader => {
                is_past = false;
                found.findings.push(Finding::of(
                    What::FutureRead,
                    read.key,
                    element,
                    read.list.code,
                    [row, row],
                ));
            }
            Some(last) => {
                let writer = numbers[last.transaction as usize];
                if !last.is_last {
                    let rows = [row, from.kept.row[last.transaction as usize]];
                    found.findings.push(Finding::of(
                        What::IntermediateRead,
                        read.key,
                        element,
                        read.list.code,
                        rows,
                    ));
                }
                if lists.fits(read.key, read.list) {
                    found.read(reader, read.key, writer, read.at);
                } else {
                    found.depend(read.key, writer, reader);
                }
            }
            None => found.coverage.unknown += 1,
        }
    } else {
        found.read(reader, read.key, 0, read.at);
    }
    if is_past && lists.fits(read.key, read.list) {
        lists.overwritten(read.key, read.list, reader, found);
    }
}
