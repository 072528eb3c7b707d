//! One event or operation as a map of fields, in any syntax.

use super::Pool;
use super::columns::{INFO, NEVER, OK};
use super::micro;
use super::pool::{Kind, NIL, TEXT};
use super::recorder::{Given, Phase, Recorder, Told, outcome};
use super::text::{Syntax, Text};
use super::trouble::Trouble;
use std::borrow::Cow;

/// How a format differs from others.
#[derive(Clone, Copy)]
pub struct Habits {
    /// Whether every field must be one that we know.
    pub strict: bool,
    /// Whether functions have the names that Jepsen's workloads give them.
    pub jepsen: bool,
    /// Whether results are what they say, and only the field `txn` has micro-operations.
    pub exact: bool,
}

/// What a field says that may be micro-operations.
#[derive(Clone, Copy, Default)]
enum Slot {
    #[default]
    Nothing,
    Code(i64),
    /// A list of lists, which begins here: what it is depends on the function.
    Later(usize),
}

/// What was found so far.
#[derive(Default)]
struct Draft<'a> {
    kind: Option<&'a str>,
    process: Option<i64>,
    function: Option<Cow<'a, str>>,
    key: Option<i64>,
    value: Slot,
    argument: Slot,
    result: Slot,
    /// Where the micro-operations begin that have a field of their own.
    txn: Option<usize>,
    time: Option<i64>,
    index: Option<i64>,
    call: Option<i64>,
    end: Option<i64>,
    stamps: (Option<i64>, Option<i64>),
    event: Option<Cow<'a, str>>,
    detail: i64,
    header: bool,
    nemesis: bool,
}

impl Draft<'_> {
    /// Whether it is a whole operation.
    fn is_whole(&self) -> bool {
        self.call.is_some() || self.end.is_some()
    }

    /// Whether it is the return of an earlier invocation.
    fn is_return(&self) -> bool {
        self.kind.is_some_and(|kind| kind != "invoke") && !self.is_whole()
    }
}

/// Reads a map and tells the recorder; false if something else is next.
pub fn operation<S: Syntax>(
    text: &mut Text,
    recorder: &mut Recorder,
    habits: Habits,
    line: u64,
) -> Result<bool, Trouble> {
    if !S::open_map(text)? {
        return Ok(false);
    }
    let mut draft = Draft { detail: NIL, ..Draft::default() };
    let mut first = true;
    while S::more(text, first)? {
        let begin = text.at;
        let Some(name) = S::word(text)? else {
            return Err(text.wrong(format!("the name of a field is missing before {}", text.ahead())));
        };
        S::colon(text)?;
        field::<S>(text, recorder, habits, &mut draft, name, begin)?;
        first = false;
    }
    if text.bytes[text.at - 1] != b'}' {
        return Err(Trouble::at(text.at - 1, "an operation ends with a bracket of the wrong kind"));
    }
    let end = text.at;
    deliver::<S>(text, recorder, habits, &draft, line)?;
    text.at = end;
    Ok(true)
}

fn field<'a, S: Syntax>(
    text: &mut Text<'a>,
    recorder: &mut Recorder,
    habits: Habits,
    draft: &mut Draft<'a>,
    name: &str,
    begin: usize,
) -> Result<(), Trouble> {
    let pool = &mut recorder.columns.pool;
    let twice = match name {
        "type" => draft.kind.replace(word::<S>(text, name)?).is_some(),
        "f" | "function" => match name_or_nil::<S>(text, pool, name)? {
            Some(function) => draft.function.replace(function).is_some(),
            None => false,
        },
        "process" => {
            let at = text.at;
            let process = S::value(text, pool, 1)?;
            draft.nemesis = text.bytes[at..text.at].ends_with(b"nemesis")
                || text.bytes[at..text.at].ends_with(b"nemesis\"");
            draft.process.replace(process).is_some()
        }
        "value" => slot::<S>(text, pool, &mut draft.value)?,
        "argument" => slot::<S>(text, pool, &mut draft.argument)?,
        "result" => slot::<S>(text, pool, &mut draft.result)?,
        "txn" => {
            let at = text.at;
            skip::<S>(text, pool)?;
            draft.txn.replace(at).is_some()
        }
        "key" => draft.key.replace(S::value(text, pool, 1)?).is_some(),
        "time" => number::<S>(text, pool, name, &mut draft.time)?,
        "index" => number::<S>(text, pool, name, &mut draft.index)?,
        "call" => number::<S>(text, pool, name, &mut draft.call)?,
        "return" => number::<S>(text, pool, name, &mut draft.end)?,
        "begin_stamp" => number::<S>(text, pool, name, &mut draft.stamps.0)?,
        "commit_stamp" => number::<S>(text, pool, name, &mut draft.stamps.1)?,
        "event" => {
            let event = name_or_nil::<S>(text, pool, name)?;
            std::mem::replace(&mut draft.event, event).is_some()
        }
        "detail" => {
            draft.detail = S::value(text, pool, 1)?;
            false
        }
        "dscheck" | "error" | "node" | "comment" | "datatype" | "initial" | "order" | "hints" | "exact"
        | "ordered_in_time" => {
            draft.header |= name == "dscheck" && habits.strict;
            skip::<S>(text, pool)?
        }
        _ if habits.strict && !draft.header && !name.starts_with("x-") => {
            let fix = "the names are in docs/reference/history-format.md; fields of your own begin with x-";
            return Err(Trouble::at(begin, format!("an unknown field: {name:.40}")).fix(fix));
        }
        _ => skip::<S>(text, pool)?,
    };
    if twice {
        return Err(Trouble::at(begin, format!("the field {name} comes twice")));
    }
    Ok(())
}

/// Reads a value, and forgets it.
fn skip<S: Syntax>(text: &mut Text, pool: &mut Pool) -> Result<bool, Trouble> {
    pool.muted = true;
    let read = S::value(text, pool, 1);
    pool.muted = false;
    read.map(|_| false)
}

fn word<'a, S: Syntax>(text: &mut Text<'a>, name: &str) -> Result<&'a str, Trouble> {
    match S::word(text)? {
        Some(word) => Ok(word),
        None => Err(text.wrong(format!("{name} must be a word, not {}", text.ahead()))),
    }
}

/// Reads a name, which may have escapes.
fn name_or_nil<'a, S: Syntax>(
    text: &mut Text<'a>,
    pool: &mut Pool,
    name: &str,
) -> Result<Option<Cow<'a, str>>, Trouble> {
    let begin = text.at;
    if text.peek() != Some(b'n')
        && let Some(word) = S::word(text)?
    {
        return Ok(Some(Cow::Borrowed(word)));
    }
    let code = S::value(text, pool, 1)?;
    match pool.atom_of(code) {
        Some((TEXT, bytes)) => Ok(Some(Cow::Owned(String::from_utf8_lossy(bytes).into_owned()))),
        _ if code == NIL => Ok(None),
        _ => {
            text.at = begin;
            Err(text.wrong(format!("{name} must be a word, not {}", text.ahead())))
        }
    }
}

/// Reads a value, unless it is a list of lists; whether there was one already.
fn slot<S: Syntax>(text: &mut Text, pool: &mut Pool, slot: &mut Slot) -> Result<bool, Trouble> {
    let twice = !matches!(slot, Slot::Nothing);
    let begin = text.at;
    if S::open_list(text) {
        S::space(text)?;
        if S::open_list(text) {
            text.at = begin;
            skip::<S>(text, pool)?;
            *slot = Slot::Later(begin);
            return Ok(twice);
        }
        text.at = begin;
    }
    *slot = Slot::Code(S::value(text, pool, 1)?);
    Ok(twice)
}

/// Reads a whole number of 64 bits or nil; whether there was one already.
fn number<S: Syntax>(
    text: &mut Text,
    pool: &mut Pool,
    name: &str,
    into: &mut Option<i64>,
) -> Result<bool, Trouble> {
    let begin = text.at;
    let twice = into.is_some();
    let sign = text.eat(b'-');
    let digits = text.digits();
    let end = text.at;
    if (1..=18).contains(&digits.len())
        && digits[0] != b'0'
        && matches!(text.peek(), Some(b',' | b'}' | b' '))
    {
        let value = digits.iter().fold(0, |value, digit| value * 10 + i64::from(digit - b'0'));
        *into = Some(if sign { -value } else { value });
        return Ok(twice);
    }
    text.at = begin;
    if end == begin {
        if S::value(text, pool, 1)? == NIL {
            return Ok(twice);
        }
    } else {
        skip::<S>(text, pool)?;
    }
    *into = text.part(begin, text.at).parse().ok().filter(|&number| number != NEVER);
    if into.is_none() {
        text.at = begin;
        return Err(text.wrong(format!("{name} must be a whole number of 64 bits, not {}", text.ahead())));
    }
    Ok(twice)
}

fn deliver<S: Syntax>(
    text: &mut Text,
    recorder: &mut Recorder,
    habits: Habits,
    draft: &Draft,
    line: u64,
) -> Result<(), Trouble> {
    if draft.header {
        return recorder.header(line);
    }
    let kind = draft.kind.unwrap_or("");
    if draft.nemesis || matches!(kind, "begin" | "end" | "note") {
        return note::<S>(text, recorder, draft, line);
    }
    let name = draft.function.as_deref().map(|name| if habits.jepsen { canonical(name) } else { name });
    let function = name.map(|name| recorder.function(name)).transpose()?;
    let (argument, result) = said::<S>(text, recorder, habits, draft, name, line)?;
    let stamps = (draft.stamps.0.unwrap_or(NEVER), draft.stamps.1.unwrap_or(NEVER));
    let (process, key, index, time) = (draft.process, draft.key, draft.index, draft.time.or(draft.call));
    let told = Told { line, process, function, key, argument, result, time, index, stamps };
    if habits.strict && told.process.is_none() {
        return Err(Trouble::line(line, "the process is missing").fix("say which client it was"));
    }
    let returned = outcome(kind.as_bytes());
    let unknown = || {
        let what = match kind {
            "" => "it has no type: invoke, ok, fail or info".into(),
            _ => format!("the type is {kind:.40}, not invoke, ok, fail or info"),
        };
        Trouble::line(line, what)
    };
    if !draft.is_whole() {
        let phase =
            if kind == "invoke" { Phase::Invoke } else { Phase::Return(returned.ok_or_else(unknown)?) };
        return recorder.tell(phase, &told);
    }
    let outcome = match (kind, draft.end) {
        ("", Some(_)) => OK,
        ("", None) => INFO,
        ("ok" | "fail", None) => return Err(Trouble::line(line, "it has no time of return")),
        _ => returned.ok_or_else(unknown)?,
    };
    recorder.tell_whole(&told, draft.end.unwrap_or(NEVER), outcome)
}

/// The argument and the result.
fn said<S: Syntax>(
    text: &mut Text,
    recorder: &mut Recorder,
    habits: Habits,
    draft: &Draft,
    name: Option<&str>,
    line: u64,
) -> Result<(Given, Given), Trouble> {
    let (argument, result) = split(draft, line)?;
    let Some(begin) = draft.txn else {
        let is_named = name.is_some() || draft.is_return();
        let must = !habits.exact
            && (name == Some("txn") || (name.is_none() && recorder.is_transaction(draft.process)));
        let may = !habits.exact && (habits.jepsen || !is_named);
        let argument = given::<S>(text, recorder, argument, must, may)?;
        return Ok((argument, given::<S>(text, recorder, result, must, may)?));
    };
    if !matches!((argument, result), (Slot::Nothing, Slot::Nothing)) {
        let fix = "leave out value, argument and result";
        return Err(Trouble::line(line, "a txn besides another value").fix(fix));
    }
    text.at = begin;
    if !S::open_list(text) {
        return Err(text.wrong("txn is a list of micro-operations"));
    }
    text.at = begin;
    micros::<S>(text, recorder, true)?;
    Ok(if draft.is_return() { (Given::Nothing, Given::Micros) } else { (Given::Micros, Given::Nothing) })
}

/// The argument and the result, of which `value` may be either.
fn split(draft: &Draft, line: u64) -> Result<(Slot, Slot), Trouble> {
    let is_invocation = draft.kind == Some("invoke");
    match (draft.value, draft.argument, draft.result) {
        (_, _, Slot::Code(_) | Slot::Later(_)) if is_invocation => {
            Err(Trouble::line(line, "an invocation has no result yet"))
        }
        (Slot::Nothing, argument, result) => Ok((argument, result)),
        (value, Slot::Nothing, Slot::Nothing) if draft.is_whole() => {
            if let Slot::Later(_) = value {
                return Ok((value, Slot::Nothing));
            }
            let fix = "say which it is: argument or result";
            Err(Trouble::line(line, "a value in an operation with its call and return").fix(fix))
        }
        (value, Slot::Nothing, result) if is_invocation => Ok((value, result)),
        (value, argument, Slot::Nothing) if !is_invocation => Ok((argument, value)),
        _ => Err(Trouble::line(line, "a value besides an argument or a result").fix("leave out the value")),
    }
}

/// What an event says of the system.
fn note<S: Syntax>(
    text: &mut Text,
    recorder: &mut Recorder,
    draft: &Draft,
    line: u64,
) -> Result<(), Trouble> {
    let detail = match draft.value {
        Slot::Code(code) => code,
        Slot::Later(begin) => {
            text.at = begin;
            S::value(text, &mut recorder.columns.pool, 1)?
        }
        _ => draft.detail,
    };
    let name = draft.event.as_deref().or(draft.function.as_deref()).unwrap_or("nemesis").to_owned();
    recorder.note(line, draft.kind.unwrap_or("info"), name, detail, draft.time);
    Ok(())
}

/// What a field gives; `must` if the function is that of transactions, `may` if the field's value tells.
fn given<S: Syntax>(
    text: &mut Text,
    recorder: &mut Recorder,
    slot: Slot,
    must: bool,
    may: bool,
) -> Result<Given, Trouble> {
    match slot {
        Slot::Nothing => Ok(Given::Nothing),
        Slot::Code(code) if must && code != NIL => {
            if recorder.columns.pool.items_of(code, Kind::List) == Some(&[]) {
                recorder.micros.clear();
                return Ok(Given::Micros);
            }
            let what = "a transaction is a list of micro-operations, such as [[\"r\", \"x\", 1]]";
            Err(Trouble::at(text.at, what))
        }
        Slot::Code(code) => Ok(Given::Code(code)),
        Slot::Later(begin) => {
            text.at = begin;
            if (must || may) && micros::<S>(text, recorder, must)? {
                return Ok(Given::Micros);
            }
            text.at = begin;
            Ok(Given::Code(S::value(text, &mut recorder.columns.pool, 1)?))
        }
    }
}

/// Reads a list of micro-operations; false if it is something else, and need not be them.
fn micros<S: Syntax>(text: &mut Text, recorder: &mut Recorder, must: bool) -> Result<bool, Trouble> {
    recorder.micros.clear();
    S::open_list(text);
    let mut first = true;
    while S::more(text, first)? {
        let begin = text.at;
        first = false;
        let is_list = S::open_list(text) && S::more(text, true)?;
        let name = if is_list { S::word(text)? } else { None };
        recorder.long_names |= matches!(name, Some("read" | "write"));
        let Some(kind) = name.and_then(|name| micro::kind(name.as_bytes())) else {
            if must {
                let what = "this is no micro-operation";
                let fix = "they are [kind, key, value]; kinds are r, w, append, inc, add, delete and scan";
                return Err(Trouble::at(begin, what).fix(fix));
            }
            return Ok(false);
        };
        let mut parts = [NIL; 2];
        let mut count = 0;
        while S::more(text, false)? {
            let value = S::value(text, &mut recorder.columns.pool, 3)?;
            if count == 2 {
                return Err(Trouble::at(
                    begin,
                    "a micro-operation has a kind, a key and a value, and this has more",
                ));
            }
            parts[count] = value;
            count += 1;
        }
        if count == 0 {
            return Err(Trouble::at(begin, "a micro-operation has no key"));
        }
        recorder.micros.push((kind, parts[0], parts[1]));
    }
    Ok(true)
}

/// The name of a function as specifications have it.
pub fn canonical(name: &str) -> &str {
    match name {
        "r" => "read",
        "w" => "write",
        "compare-and-set" => "cas",
        "lock" => "acquire",
        "unlock" => "release",
        "increment" => "inc",
        "decrement" => "dec",
        "transaction" => "txn",
        _ => name,
    }
}
