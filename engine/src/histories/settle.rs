//! What a recording means by its values: keys in values, echoes of arguments, sets that are written as lists.

use super::Pool;
use super::columns::{Columns, OK};
use super::micro::ADD;
use super::pool::{BOOL, Kind, NIL};
use super::trouble::Trouble;
use std::collections::{HashMap, HashSet};

/// Functions of which a call has no argument, whatever a recording writes there.
const ASKING: [&str; 5] = ["read", "dequeue", "pop", "peek", "get"];

/// Functions that change something and say no more than that it is done: a result that is the argument says that.
/// Of others, such as a rank, a score or a new sum, it may be by chance.
const TELLING: [&str; 16] = [
    "write",
    "cas",
    "put",
    "append",
    "delete",
    "enqueue",
    "push",
    "push_front",
    "push_back",
    "insert",
    "add",
    "remove",
    "inc",
    "dec",
    "transfer",
    "release",
];

/// Every operation on `[key value]`, as `jepsen.independent` records them, becomes one on the key.
///
/// That is so if every read is invoked with `[key nil]` and returns `[key value]`; `certain` if values were
/// tagged as such.
pub fn keys(columns: &mut Columns, certain: bool) -> Result<(), Trouble> {
    let rows = columns.process.len();
    let read = columns.functions.iter().position(|name| name == "read");
    let is_read = |row: usize| Some(columns.function[row] as usize) == read;
    let is_plain = columns.key.iter().all(|&key| key == NIL);
    let pool = &columns.pool;
    let asks = |row: usize| matches!(pair(pool, columns.argument[row]), Some((_, NIL)));
    if !is_plain || rows == 0 || !(certain || (0..rows).any(is_read)) {
        return Ok(());
    }
    if !certain && !(0..rows).filter(|&row| is_read(row)).all(asks) {
        return Ok(());
    }
    let told = |row: usize| columns.outcome[row] == OK && columns.result[row] != NIL;
    let fits = |row: usize| {
        let argument = pair(pool, columns.argument[row]);
        argument.is_some_and(|(key, _)| {
            !told(row) || pair(pool, columns.result[row]).is_some_and(|of| of.0 == key)
        })
    };
    if let Some(row) = (0..rows).find(|&row| !fits(row)) {
        if !certain {
            return Ok(());
        }
        let what = "a value that is no [key value], and others are";
        return Err(Trouble::line(columns.line[row] as u64, what));
    }
    for row in 0..rows {
        let result = pair(&columns.pool, columns.result[row]);
        if let Some((key, argument)) = pair(&columns.pool, columns.argument[row]) {
            (columns.key[row], columns.argument[row]) = (key, argument);
            columns.result[row] = result.map_or(NIL, |(_, result)| result);
        }
    }
    Ok(())
}

/// What is read without an argument has none; results of changes that only repeat the argument are none.
///
/// A truth value is never taken for an echo.
pub fn echoes(columns: &mut Columns, jepsen: bool) {
    let among = |names: &[&str]| -> Vec<bool> {
        columns.functions.iter().map(|name| names.contains(&name.as_str())).collect()
    };
    let (asking, telling) = (among(&ASKING), among(&TELLING));
    for row in 0..columns.process.len() {
        let (function, result) = (columns.function[row] as usize, columns.result[row]);
        if asking[function] {
            columns.argument[row] = if jepsen { NIL } else { columns.argument[row] };
        } else if telling[function] && result == columns.argument[row] {
            let is_truth = matches!(columns.pool.atom_of(result), Some((BOOL, _)));
            columns.result[row] = if is_truth { result } else { NIL };
        }
    }
}

/// Reads of a set that are written as lists become sets, where nothing is in them twice; whether the operations
/// are those of a set.
pub fn sets(columns: &mut Columns) -> bool {
    let Columns { functions, function, outcome, result, pool, .. } = columns;
    let known = ["add", "remove", "read", "contains"];
    let number = |name: &str| functions.iter().position(|known| known == name).map(|at| at as u16);
    let (Some(read), Some(_)) = (number("read"), number("add")) else { return false };
    if functions.iter().any(|name| !known.contains(&name.as_str())) {
        return false;
    }
    let reads = || (0..function.len()).filter(|&row| function[row] == read && outcome[row] == OK);
    let is_collection = |code: i64| is(pool, code, Kind::List) || is(pool, code, Kind::Set);
    if !reads().any(|row| is_collection(result[row]))
        || !reads().all(|row| result[row] == NIL || is_collection(result[row]))
    {
        return false;
    }
    let rows: Vec<usize> = reads().collect();
    let mut known = HashMap::new();
    for row in rows {
        result[row] = as_set(pool, &mut known, result[row]);
    }
    true
}

/// The same for reads of transactions, of keys under which something is added.
pub fn micro_sets(columns: &mut Columns) {
    let added = columns.micro_kind.iter().zip(&columns.micro_key).filter(|&(&kind, _)| kind == ADD);
    let keys: HashSet<i64> = added.map(|(_, &key)| key).collect();
    if keys.is_empty() {
        return;
    }
    let mut known = HashMap::new();
    for at in 0..columns.micro_kind.len() {
        if columns.micro_kind[at] == super::micro::READ && keys.contains(&columns.micro_key[at]) {
            columns.micro_value[at] = as_set(&mut columns.pool, &mut known, columns.micro_value[at]);
        }
    }
}

fn as_set(pool: &mut Pool, known: &mut HashMap<i64, i64>, code: i64) -> i64 {
    if let Some(&set) = known.get(&code) {
        return set;
    }
    let Some(items) = pool.items_of(code, Kind::List) else { return code };
    let mut items = items.to_vec();
    let count = items.len();
    items.sort_unstable();
    items.dedup();
    let set = if items.len() == count { pool.compound(Kind::Set, &items) } else { code };
    known.insert(code, set);
    set
}

fn is(pool: &Pool, code: i64, kind: Kind) -> bool {
    pool.items_of(code, kind).is_some()
}

fn pair(pool: &Pool, code: i64) -> Option<(i64, i64)> {
    match pool.items_of(code, Kind::List) {
        Some(&[first, second]) => Some((first, second)),
        _ => None,
    }
}
