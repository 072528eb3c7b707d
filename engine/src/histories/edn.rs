//! EDN, as Clojure prints it, with codes for its values.
//!
//! Keywords and symbols are texts without their colon; a ratio is the text of it; vectors and lists are one.

use super::Pool;
use super::json::{finite, map};
use super::pool::{Kind, NIL};
use super::text::{DEEPEST, Syntax, Text, integer};
use super::trouble::Trouble;

/// How many discarded values may be around each other.
const MOST_DISCARDS: u32 = 8;

/// EDN.
pub struct Edn;

impl Syntax for Edn {
    fn space(text: &mut Text) -> Result<(), Trouble> {
        while let Some(byte) = text.peek() {
            match byte {
                b' ' | b'\n' | b',' | b'\t' | b'\r' | 0x0c => text.at += 1,
                b';' => {
                    let rest = &text.bytes[text.at..];
                    match rest.iter().position(|&byte| byte == b'\n') {
                        Some(count) => text.at += count,
                        None if text.last => text.at = text.bytes.len(),
                        None => return Err(Trouble::short(text.at, "a comment")),
                    }
                }
                b'#' => match text.bytes.get(text.at + 1) {
                    Some(b'_') => discard(text)?,
                    None if !text.last => return Err(Trouble::short(text.at, "a tag")),
                    _ => break,
                },
                _ => break,
            }
        }
        Ok(())
    }

    fn value(text: &mut Text, pool: &mut Pool, depth: u32) -> Result<i64, Trouble> {
        let begin = text.at;
        let next = text.bytes.get(text.at + 1).copied();
        match text.peek() {
            Some(b'0'..=b'9') => number(text, pool),
            Some(b'-' | b'+') if next.is_some_and(|byte| byte.is_ascii_digit()) => number(text, pool),
            Some(b':') => Ok(pool.text(keyword(text)?)),
            Some(b'"') => string(text, pool),
            Some(b'[' | b'(') => {
                let base = items(text, pool, depth)?;
                let code = pool.compound(Kind::List, &text.stack[base..]);
                text.stack.truncate(base);
                Ok(code)
            }
            Some(b'{') => {
                let base = items(text, pool, depth)?;
                if (text.stack.len() - base) % 2 == 1 {
                    return Err(Trouble::at(begin, "a map has a key without a value"));
                }
                map(text, pool, base, begin)
            }
            Some(b'#') => tagged(text, pool, depth),
            Some(b'\\') => letter(text, pool),
            Some(byte) if is_symbol(byte) => match symbol(text)? {
                "nil" => Ok(NIL),
                "true" => Ok(pool.truth(true)),
                "false" => Ok(pool.truth(false)),
                name => Ok(pool.text(name)),
            },
            _ => Err(text.wrong(format!("{} is no value of EDN", text.ahead()))),
        }
    }

    fn open_list(text: &mut Text) -> bool {
        text.eat(b'[') || text.eat(b'(')
    }

    /// A record is a map with a tag, `#jepsen.history.Op{...}`.
    fn open_map(text: &mut Text) -> Result<bool, Trouble> {
        let begin = text.at;
        if text.eat(b'#') {
            symbol(text)?;
            Self::space(text)?;
        }
        let is_map = text.eat(b'{');
        if !is_map {
            if text.at == text.bytes.len() {
                return Err(text.wrong(""));
            }
            text.at = begin;
        }
        Ok(is_map)
    }

    fn more(text: &mut Text, _first: bool) -> Result<bool, Trouble> {
        Self::space(text)?;
        match text.peek() {
            Some(b']' | b')' | b'}') => {
                text.at += 1;
                Ok(false)
            }
            Some(_) => Ok(true),
            None => Err(text.wrong("")),
        }
    }

    fn colon(text: &mut Text) -> Result<(), Trouble> {
        Self::space(text)
    }

    fn word<'a>(text: &mut Text<'a>) -> Result<Option<&'a str>, Trouble> {
        match text.peek() {
            Some(b':') => keyword(text).map(Some),
            Some(b'"') => {
                let begin = text.at + 1;
                let end = quoted(text)?;
                let inside = text.part(begin, end);
                if inside.contains('\\') {
                    text.at = begin - 1;
                    return Ok(None);
                }
                Ok(Some(inside))
            }
            Some(byte) if is_symbol(byte) => symbol(text).map(Some),
            Some(_) => Ok(None),
            None => Err(text.wrong("")),
        }
    }
}

fn is_symbol(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b".*+!-_?$%&=<>/'|:#".contains(&byte) || byte >= 0x80
}

/// A symbol or the name of a keyword or tag.
fn symbol<'a>(text: &mut Text<'a>) -> Result<&'a str, Trouble> {
    let rest = &text.bytes[text.at..];
    let count = rest.iter().take_while(|&&byte| is_symbol(byte)).count();
    if count == rest.len() && !text.last {
        text.at = text.bytes.len();
        return Err(text.wrong(""));
    }
    if count == 0 {
        return Err(text.wrong(format!("a name is missing before {}", text.ahead())));
    }
    let begin = text.at;
    text.at += count;
    Ok(text.part(begin, text.at))
}

fn keyword<'a>(text: &mut Text<'a>) -> Result<&'a str, Trouble> {
    text.at += 1;
    symbol(text)
}

/// Goes past `#_` and the value after it.
fn discard(text: &mut Text) -> Result<(), Trouble> {
    let begin = text.at;
    if text.discards >= MOST_DISCARDS {
        return Err(Trouble::at(begin, "discarded values are nested too deeply"));
    }
    text.discards += 1;
    let mut count = 0;
    // Stacked discards, `#_ #_ a b`, discard as many values as there are of them.
    while text.bytes[text.at..].starts_with(b"#_") {
        text.at += 2;
        count += 1;
        plain_space(text);
    }
    let mut nowhere = Pool::default();
    nowhere.muted = true;
    for _ in 0..count {
        plain_space(text);
        Edn::value(text, &mut nowhere, 1)
            .map_err(|trouble| if trouble.short { Trouble { at: begin, ..trouble } } else { trouble })?;
    }
    text.discards -= 1;
    Ok(())
}

fn plain_space(text: &mut Text) {
    while text.peek().is_some_and(|byte| b" \n\t\r,".contains(&byte)) {
        text.at += 1;
    }
}

/// Puts the items of a list, set or map on the stack; where they begin there.
fn items(text: &mut Text, pool: &mut Pool, depth: u32) -> Result<usize, Trouble> {
    if depth >= DEEPEST {
        return Err(Trouble::at(text.at, format!("values are nested more than {DEEPEST} deep")));
    }
    let base = text.stack.len();
    let close = match text.peek() {
        Some(b'[') => b']',
        Some(b'(') => b')',
        _ => b'}',
    };
    text.at += 1;
    while Edn::more(text, false)? {
        let item = Edn::value(text, pool, depth + 1)?;
        text.stack.push(item);
    }
    if text.bytes[text.at - 1] != close {
        text.at -= 1;
        return Err(text.wrong(format!("a closing bracket of the wrong kind: {}", text.ahead())));
    }
    Ok(base)
}

/// What begins with `#`: a set, a special float, or a tagged value, whose tag says nothing that we need; but for
/// keys with values, as `jepsen.independent` has them.
fn tagged(text: &mut Text, pool: &mut Pool, depth: u32) -> Result<i64, Trouble> {
    let begin = text.at;
    text.at += 1;
    if text.peek() == Some(b'{') {
        let base = items(text, pool, depth)?;
        let mut inside = text.stack.split_off(base);
        let count = inside.len();
        let code = pool.set(&mut inside);
        if inside.len() != count && !pool.muted {
            return Err(Trouble::at(begin, "an element comes twice in a set"));
        }
        return Ok(code);
    }
    let name = symbol(text)?;
    match name {
        "#NaN" => return Ok(pool.float(f64::NAN)),
        "#Inf" => return Ok(pool.float(f64::INFINITY)),
        "#-Inf" => return Ok(pool.float(f64::NEG_INFINITY)),
        _ => {}
    }
    if name.starts_with([':', '#', '\'']) {
        return Err(Trouble::at(begin, format!("#{name:.40} is not understood")));
    }
    Edn::space(text)?;
    if depth >= DEEPEST {
        return Err(Trouble::at(begin, format!("values are nested more than {DEEPEST} deep")));
    }
    text.tuples |= name.contains("independent") && name.to_ascii_lowercase().contains("tuple");
    Edn::value(text, pool, depth + 1)
}

fn number(text: &mut Text, pool: &mut Pool) -> Result<i64, Trouble> {
    let begin = text.at;
    let sign = text.peek() == Some(b'-');
    text.at += usize::from(matches!(text.peek(), Some(b'-' | b'+')));
    let digits = text.digits();
    let mut end = text.at;
    let rest = text.bytes[end..].iter().take_while(|&&byte| is_symbol(byte)).count();
    end += rest;
    if end == text.bytes.len() && !text.last {
        text.at = end;
        return Err(text.wrong(""));
    }
    if rest == 0 && digits.len() > 1 && digits[0] == b'0' {
        text.at = begin;
        return Err(text.wrong(format!("{} is no number: it begins with 0", text.ahead())));
    }
    let tail = &text.bytes[text.at..end];
    text.at = end;
    let is_ratio = tail.len() > 1 && tail[0] == b'/' && tail[1..].iter().all(u8::is_ascii_digit);
    match tail {
        b"" | b"N" => integer(pool, begin, sign, digits),
        _ if is_ratio => Ok(pool.text(text.part(begin, end))),
        [b'.' | b'e' | b'E', ..] => {
            let end = if tail.ends_with(b"M") { end - 1 } else { end };
            finite(text.part(begin, end), begin).map(|value| pool.float(value))
        }
        b"M" => finite(text.part(begin, end - 1), begin).map(|value| pool.float(value)),
        _ => {
            text.at = begin;
            Err(text.wrong(format!("{} is no number of EDN", text.ahead())))
        }
    }
}

fn letter(text: &mut Text, pool: &mut Pool) -> Result<i64, Trouble> {
    let begin = text.at + 1;
    let rest = &text.bytes[begin..];
    let first = rest.first().map_or(0, |&byte| match byte {
        0xf0.. => 4,
        0xe0.. => 3,
        0xc0.. => 2,
        _ => 1,
    });
    let more = rest.iter().skip(first).take_while(|&&byte| byte.is_ascii_alphanumeric()).count();
    let end = begin + first + more;
    if first == 0 || (end >= text.bytes.len() && !text.last) || end > text.bytes.len() {
        text.at = text.bytes.len();
        return Err(text.wrong(""));
    }
    let name = text.part(begin, end);
    let code = || u32::from_str_radix(name.strip_prefix('u')?, 16).ok().and_then(char::from_u32);
    let found = match name {
        "newline" => '\n',
        "space" => ' ',
        "tab" => '\t',
        "return" => '\r',
        "backspace" => '\u{8}',
        "formfeed" => '\u{c}',
        _ if more == 0 => name.chars().next().unwrap_or('?'),
        _ => code().ok_or_else(|| Trouble::at(begin, format!("\\{name:.40} is no character")))?,
    };
    text.at = end;
    Ok(pool.text(found.encode_utf8(&mut [0; 4])))
}

/// Goes past a string; where its inside ends.
fn quoted(text: &mut Text) -> Result<usize, Trouble> {
    let mut at = text.at + 1;
    loop {
        match text.bytes.get(at) {
            Some(b'"') => break,
            Some(b'\\') => at += 2,
            Some(_) => at += 1,
            None => {
                text.at = text.bytes.len();
                return Err(text.wrong(""));
            }
        }
    }
    text.at = at + 1;
    Ok(at)
}

fn string(text: &mut Text, pool: &mut Pool) -> Result<i64, Trouble> {
    let begin = text.at + 1;
    let end = quoted(text)?;
    let inside = text.part(begin, end);
    if !inside.contains('\\') {
        return Ok(pool.text(inside));
    }
    let mut found = String::with_capacity(inside.len());
    let mut letters = inside.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            found.push(letter);
            continue;
        }
        found.push(match letters.next() {
            Some('n') => '\n',
            Some('t') => '\t',
            Some('r') => '\r',
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some(same @ ('\\' | '"')) => same,
            Some('u') => unicode(&mut letters)
                .ok_or_else(|| Trouble::at(begin, "an escape \\u in a string that is no character"))?,
            other => return Err(Trouble::at(begin, format!("an unknown escape in a string: \\{other:?}"))),
        });
    }
    Ok(pool.text(&found))
}

/// The character after `\u`; two of them, if it is the first of a surrogate pair.
fn unicode(letters: &mut std::str::Chars) -> Option<char> {
    let first = hex(letters)?;
    if !(0xd800..0xdc00).contains(&first) {
        return char::from_u32(first);
    }
    let second = (letters.next()? == '\\' && letters.next()? == 'u').then(|| hex(letters))??;
    let low = second.checked_sub(0xdc00).filter(|&low| low < 0x400)?;
    char::from_u32(0x10000 + ((first - 0xd800) << 10) + low)
}

fn hex(letters: &mut std::str::Chars) -> Option<u32> {
    (0..4).try_fold(0, |code, _| Some(code * 16 + letters.next()?.to_digit(16)?))
}
