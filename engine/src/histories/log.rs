//! The text logs of `jepsen.util`, as etcd's tests wrote them: process, type, function, value, with tabs between.

use super::Pool;
use super::columns::{FAIL, NEVER, OK};
use super::edn::Edn;
use super::operation::canonical;
use super::pool::{Kind, NIL};
use super::recorder::{Given, Phase, Recorder, Told, outcome};
use super::text::{Syntax, Text};
use super::trouble::Trouble;

const MARK: &[u8] = b"jepsen.util - ";
const LEVELS: [&[u8]; 5] = [b"INFO", b"WARN", b"ERROR", b"DEBUG", b"TRACE"];

/// Reads lines; those of other loggers are passed over.
pub fn lines(text: &mut Text, recorder: &mut Recorder, line: &mut u64) -> Result<usize, Trouble> {
    while text.at < text.bytes.len() {
        let rest = &text.bytes[text.at..];
        let length = rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len());
        let inside = rest[..length].trim_ascii_end();
        match inside.windows(MARK.len()).position(|part| part == MARK) {
            Some(at) => {
                let told = text.part(text.at + at + MARK.len(), text.at + inside.len());
                event(told, recorder, *line)?;
            }
            None if inside.is_empty() || is_other(inside) => {}
            None => {
                let shown: String = String::from_utf8_lossy(inside).chars().take(40).collect();
                let what = format!("this is no line of a log: {shown}");
                return Err(Trouble::line(*line, what).fix("lines are LEVEL  logger - text"));
            }
        }
        text.at = (text.at + length + 1).min(text.bytes.len());
        *line += 1;
    }
    Ok(text.at)
}

/// Whether another logger wrote the line: its level is among the first words.
fn is_other(line: &[u8]) -> bool {
    line.split(u8::is_ascii_whitespace).take(4).any(|word| LEVELS.contains(&word))
}

fn event(told: &str, recorder: &mut Recorder, line: u64) -> Result<(), Trouble> {
    let mut text = Text::new(told, true, true);
    read(&mut text, recorder, line).map_err(|trouble| {
        let short = "the line ends in the middle of an operation";
        let what = if trouble.short { short.into() } else { trouble.what };
        Trouble { line, what, ..trouble }
    })
}

fn read(text: &mut Text, recorder: &mut Recorder, line: u64) -> Result<(), Trouble> {
    let begin = text.at;
    let process = Edn::value(text, &mut recorder.columns.pool, 1)?;
    let is_nemesis = &text.bytes[begin..text.at] == b":nemesis";
    let kind = word(text)?;
    let name = word(text)?;
    Edn::space(text)?;
    let pool = &mut recorder.columns.pool;
    let value = if text.peek().is_none() { NIL } else { Edn::value(text, pool, 1)? };
    let is_unequal = kind == "fail" && canonical(name) == "cas" && is_pair(pool, value);
    if is_nemesis {
        recorder.note(line, kind, name.to_owned(), value, None);
        return Ok(());
    }
    let phase = match (kind, outcome(kind.as_bytes())) {
        ("invoke", _) => Phase::Invoke,
        // What etcd's test calls a failure is an answer: the register held another value.
        (_, Some(FAIL)) if is_unequal => Phase::Return(OK),
        (_, Some(outcome)) => Phase::Return(outcome),
        _ => return Err(Trouble::line(line, format!("{kind:.40} is no type of event"))),
    };
    let value = if is_unequal { recorder.columns.pool.truth(false) } else { value };
    let (argument, result) = match phase {
        Phase::Invoke => (Given::Code(value), Given::Nothing),
        Phase::Return(_) => (Given::Nothing, Given::Code(value)),
    };
    let function = Some(recorder.function(canonical(name))?);
    let (process, key, time, index) = (Some(process), None, None, None);
    let stamps = (NEVER, NEVER);
    recorder.tell(phase, &Told { line, process, function, key, argument, result, time, index, stamps })
}

fn word<'a>(text: &mut Text<'a>) -> Result<&'a str, Trouble> {
    Edn::space(text)?;
    if text.peek() != Some(b':') {
        return Err(text.wrong(format!("a keyword is missing before {}", text.ahead())));
    }
    Ok(Edn::word(text)?.unwrap_or_default())
}

fn is_pair(pool: &Pool, value: i64) -> bool {
    pool.items_of(value, Kind::List).is_some_and(|items| items.len() == 2)
}
