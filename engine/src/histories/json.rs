//! JSON, strictly, with codes for its values.

use super::Pool;
use super::pool::{Kind, NIL};
use super::text::{DEEPEST, Syntax, Text, integer};
use super::trouble::Trouble;

/// JSON; objects with one name that begins with a dollar are the values that JSON lacks.
pub struct Json;

impl Syntax for Json {
    #[inline]
    fn space(text: &mut Text) -> Result<(), Trouble> {
        while let Some(byte) = text.peek() {
            if byte == b' ' || byte == b'\t' || byte == b'\r' || (byte == b'\n' && text.lines) {
                text.at += 1;
            } else {
                break;
            }
        }
        Ok(())
    }

    #[inline]
    fn value(text: &mut Text, pool: &mut Pool, depth: u32) -> Result<i64, Trouble> {
        match text.peek() {
            Some(b'0'..=b'9' | b'-') => number(text, pool),
            Some(b'"') => string(text, pool),
            Some(b'[') => list(text, pool, depth),
            Some(b'{') => object(text, pool, depth),
            _ => literal(text, pool),
        }
    }

    fn open_list(text: &mut Text) -> bool {
        text.eat(b'[')
    }

    fn open_map(text: &mut Text) -> Result<bool, Trouble> {
        Ok(text.eat(b'{'))
    }

    #[inline]
    fn more(text: &mut Text, first: bool) -> Result<bool, Trouble> {
        Self::space(text)?;
        match text.peek() {
            Some(b']' | b'}') => {
                text.at += 1;
                Ok(false)
            }
            Some(b',') if !first => {
                text.at += 1;
                Self::space(text)?;
                if matches!(text.peek(), Some(b']' | b'}')) {
                    return Err(text.wrong("a comma, and nothing after it"));
                }
                Ok(true)
            }
            Some(_) if first => Ok(true),
            _ => Err(text.wrong(format!("expected a comma or a closing bracket, found {}", text.ahead()))),
        }
    }

    #[inline]
    fn colon(text: &mut Text) -> Result<(), Trouble> {
        Self::space(text)?;
        if !text.eat(b':') {
            return Err(text.wrong(format!("expected a colon, found {}", text.ahead())));
        }
        Self::space(text)
    }

    #[inline]
    fn word<'a>(text: &mut Text<'a>) -> Result<Option<&'a str>, Trouble> {
        if text.peek() != Some(b'"') {
            return if text.at == text.bytes.len() { Err(text.wrong("")) } else { Ok(None) };
        }
        let begin = text.at + 1;
        match plain(text)? {
            Some(end) => Ok(Some(text.part(begin, end))),
            None => Ok(None),
        }
    }
}

/// The end of a string without escapes, and past it; none, and not past it, if it has escapes.
#[inline]
fn plain(text: &mut Text) -> Result<Option<usize>, Trouble> {
    let begin = text.at + 1;
    let rest = &text.bytes[begin..];
    match rest.iter().position(|&byte| byte == b'"' || byte == b'\\' || byte < 0x20) {
        Some(count) if rest[count] == b'"' => {
            text.at = begin + count + 1;
            Ok(Some(begin + count))
        }
        Some(count) if rest[count] == b'\\' => Ok(None),
        Some(count) => {
            text.at = begin + count;
            Err(text
                .wrong("a control character in a string")
                .fix("write it as an escape, \\n for a new line"))
        }
        None => {
            text.at = text.bytes.len();
            Err(text.wrong(""))
        }
    }
}

#[inline]
fn string(text: &mut Text, pool: &mut Pool) -> Result<i64, Trouble> {
    let begin = text.at + 1;
    Ok(match plain(text)? {
        Some(end) => pool.text(text.part(begin, end)),
        None => pool.text(&escaped(text)?),
    })
}

/// A string with escapes.
fn escaped(text: &mut Text) -> Result<String, Trouble> {
    let mut found = Vec::new();
    text.at += 1;
    loop {
        match text.peek() {
            Some(b'"') => break text.at += 1,
            Some(b'\\') => {
                text.at += 1;
                let letter = escape(text)?;
                found.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
            }
            Some(byte) if byte >= 0x20 => {
                found.push(byte);
                text.at += 1;
            }
            _ => return Err(text.wrong("a control character in a string")),
        }
    }
    String::from_utf8(found).map_err(|_| Trouble::at(text.at, "text that is not UTF-8"))
}

fn escape(text: &mut Text) -> Result<char, Trouble> {
    let letter = match text.peek() {
        Some(b'n') => '\n',
        Some(b't') => '\t',
        Some(b'r') => '\r',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(byte @ (b'"' | b'\\' | b'/')) => byte.into(),
        Some(b'u') => return unicode(text),
        _ => return Err(text.wrong(format!("an unknown escape: \\{}", text.ahead()))),
    };
    text.at += 1;
    Ok(letter)
}

fn unicode(text: &mut Text) -> Result<char, Trouble> {
    let half = || "half of a surrogate pair in a string";
    let first = hex(text)?;
    let code = match first {
        0xd800..0xdc00 => {
            if !(text.eat(b'\\') && text.peek() == Some(b'u')) {
                return Err(text.wrong(half()));
            }
            let second = hex(text)?;
            if !(0xdc00..0xe000).contains(&second) {
                return Err(text.wrong(half()));
            }
            0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00)
        }
        _ => first,
    };
    char::from_u32(code).ok_or_else(|| text.wrong(half()))
}

/// The number after `u`, which is next.
fn hex(text: &mut Text) -> Result<u32, Trouble> {
    text.at += 1;
    let mut code = 0;
    for _ in 0..4 {
        let digit = text.peek().and_then(|byte| char::from(byte).to_digit(16));
        code = code * 16 + digit.ok_or_else(|| text.wrong("an escape \\u needs four hexadecimal digits"))?;
        text.at += 1;
    }
    Ok(code)
}

#[inline]
fn number(text: &mut Text, pool: &mut Pool) -> Result<i64, Trouble> {
    let begin = text.at;
    let sign = text.eat(b'-');
    let digits = text.digits();
    if digits.is_empty() || (digits.len() > 1 && digits[0] == b'0') {
        text.at = if digits.is_empty() { text.at } else { begin };
        return Err(text.wrong(format!("{} is no number of JSON", Text::ahead(text))));
    }
    match text.peek() {
        Some(b'.' | b'e' | b'E') => float(text, pool, begin),
        Some(b' ' | b',' | b']' | b'}' | b'\n' | b'\t' | b'\r') => integer(pool, begin, sign, digits),
        None if text.last => integer(pool, begin, sign, digits),
        _ => {
            let end = std::mem::replace(&mut text.at, begin);
            let shown = text.ahead();
            text.at = end;
            Err(text.wrong(format!("{shown} is no number of JSON")))
        }
    }
}

fn float(text: &mut Text, pool: &mut Pool, begin: usize) -> Result<i64, Trouble> {
    if text.eat(b'.') && text.digits().is_empty() {
        return Err(text.wrong("a number ends with its point"));
    }
    if text.eat(b'e') || text.eat(b'E') {
        let _ = text.eat(b'+') || text.eat(b'-');
        if text.digits().is_empty() {
            return Err(text.wrong("a number ends with its exponent's letter"));
        }
    }
    if !text.last && text.at == text.bytes.len() {
        return Err(text.wrong(""));
    }
    finite(text.part(begin, text.at), begin).map(|value| pool.float(value))
}

/// A float as it is written, if it is not too big for one.
pub fn finite(digits: &str, begin: usize) -> Result<f64, Trouble> {
    match digits.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(value),
        _ => Err(Trouble::at(begin, format!("{digits:.40} does not fit into a 64-bit float"))),
    }
}

fn literal(text: &mut Text, pool: &mut Pool) -> Result<i64, Trouble> {
    let rest = &text.bytes[text.at..];
    for (word, code) in [("null", None), ("true", Some(true)), ("false", Some(false))] {
        if rest.starts_with(word.as_bytes()) && !rest.get(word.len()).is_some_and(u8::is_ascii_alphanumeric) {
            text.at += word.len();
            return Ok(code.map_or(NIL, |value| pool.truth(value)));
        }
        if word.as_bytes().starts_with(rest) {
            text.at = text.bytes.len();
            return Err(text.wrong(""));
        }
    }
    let fix = match rest {
        [b'N' | b'I', ..] => {
            "JSON has no NaN and no infinity: write {\"$float\": \"nan\"}, \"inf\" or \"-inf\""
        }
        _ => "values are JSON: null, true, false, numbers, \"texts\", [lists] and {objects}",
    };
    Err(text.wrong(format!("{} is no value of JSON", text.ahead())).fix(fix))
}

fn list(text: &mut Text, pool: &mut Pool, depth: u32) -> Result<i64, Trouble> {
    let base = items(text, pool, depth)?;
    let code = pool.compound(Kind::List, &text.stack[base..]);
    text.stack.truncate(base);
    Ok(code)
}

/// Puts a list's items on the stack; where they begin there.
fn items(text: &mut Text, pool: &mut Pool, depth: u32) -> Result<usize, Trouble> {
    if depth >= DEEPEST {
        return Err(Trouble::at(text.at, format!("values are nested more than {DEEPEST} deep")));
    }
    let base = text.stack.len();
    let close = if text.peek() == Some(b'[') { b']' } else { b'}' };
    text.at += 1;
    let mut first = true;
    while Json::more(text, first)? {
        if close == b'}' {
            if text.peek() != Some(b'"') {
                return Err(text.wrong(format!("a name in an object must be a text, not {}", text.ahead())));
            }
            let name = string(text, pool)?;
            text.stack.push(name);
            Json::colon(text)?;
        }
        let item = Json::value(text, pool, depth + 1)?;
        text.stack.push(item);
        first = false;
    }
    if text.bytes[text.at - 1] != close {
        text.at -= 1;
        return Err(text.wrong(format!("a closing bracket of the wrong kind: {}", text.ahead())));
    }
    Ok(base)
}

fn object(text: &mut Text, pool: &mut Pool, depth: u32) -> Result<i64, Trouble> {
    let begin = text.at;
    let rest = &text.bytes[begin + 1..];
    let name = rest.iter().position(|byte| !matches!(byte, b' ' | b'\t')).unwrap_or(0);
    if rest[name..].starts_with(b"\"$") {
        return special(text, pool, depth);
    }
    let base = items(text, pool, depth)?;
    map(text, pool, base, begin)
}

/// A map of what is on the stack.
pub fn map(text: &mut Text, pool: &mut Pool, base: usize, begin: usize) -> Result<i64, Trouble> {
    let mut pairs: Vec<(i64, i64)> = text.stack[base..].chunks_exact(2).map(|two| (two[0], two[1])).collect();
    text.stack.truncate(base);
    pool.map(&mut pairs).ok_or_else(|| Trouble::at(begin, "a key comes twice in a map"))
}

/// The values that JSON lacks: `{"$set": [...]}`, `{"$map": [[key, value], ...]}`, `{"$bytes": "00ff"}`,
/// `{"$float": "nan"}`.
fn special(text: &mut Text, pool: &mut Pool, depth: u32) -> Result<i64, Trouble> {
    let begin = text.at;
    let depth = depth + 1;
    text.at += 1;
    Json::space(text)?;
    let name = Json::word(text)?.unwrap_or_default();
    Json::colon(text)?;
    let is_list = text.peek() == Some(b'[');
    let code = match name {
        "$set" if is_list => {
            let base = items(text, pool, depth)?;
            let mut inside = text.stack.split_off(base);
            let count = inside.len();
            let code = pool.set(&mut inside);
            if inside.len() != count && !pool.muted {
                return Err(Trouble::at(begin, "an element comes twice in a set"));
            }
            code
        }
        "$map" if is_list => pairs(text, pool, depth, begin)?,
        "$bytes" => bytes(text, pool)?,
        "$float" => match Json::word(text)? {
            Some("nan") => pool.float(f64::NAN),
            Some("inf") => pool.float(f64::INFINITY),
            Some("-inf") => pool.float(f64::NEG_INFINITY),
            _ => return Err(text.wrong("a $float is \"nan\", \"inf\" or \"-inf\"")),
        },
        _ => {
            let fix = "names with a dollar are kept for $set, $map, $bytes and $float";
            return Err(text.wrong(format!("{name} is no such value")).fix(fix));
        }
    };
    if Json::more(text, false)? || text.bytes[text.at - 1] != b'}' {
        return Err(text.wrong(format!("{name} must be alone in its object")));
    }
    Ok(code)
}

fn pairs(text: &mut Text, pool: &mut Pool, depth: u32, begin: usize) -> Result<i64, Trouble> {
    let base = text.stack.len();
    let mut first = true;
    text.at += 1;
    while Json::more(text, first)? {
        if text.peek() != Some(b'[') {
            return Err(text.wrong("a $map is a list of pairs"));
        }
        if items(text, pool, depth + 1)? + 2 != text.stack.len() {
            return Err(text.wrong("a $map is a list of pairs"));
        }
        first = false;
    }
    if text.bytes[text.at - 1] != b']' {
        return Err(text.wrong("a $map is a list of pairs"));
    }
    map(text, pool, base, begin)
}

fn bytes(text: &mut Text, pool: &mut Pool) -> Result<i64, Trouble> {
    let digits = Json::word(text)?.unwrap_or("?").as_bytes();
    let digit = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u8);
    let found: Option<Vec<u8>> =
        digits.chunks_exact(2).map(|two| Some(digit(two[0])? << 4 | digit(two[1])?)).collect();
    match found {
        Some(found) if digits.len() % 2 == 0 => Ok(pool.bytes(&found)),
        _ => Err(text.wrong("$bytes are pairs of hexadecimal digits")),
    }
}
