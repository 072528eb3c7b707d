//! Values as messages show them.

use super::Pool;
use super::pool::{BOOL, FLOAT, INTEGER, Kind, NIL, TEXT};

const LONGEST: usize = 60;

/// A value, shortened if it is long.
pub fn show(pool: &Pool, code: i64) -> String {
    let mut text = String::new();
    write(pool, code, &mut text);
    if let Some((at, _)) = text.char_indices().nth(LONGEST) {
        text.truncate(at);
        text += "...";
    }
    text
}

fn write(pool: &Pool, code: i64, text: &mut String) {
    if text.len() > LONGEST * 4 {
        return;
    }
    let brackets = [(Kind::List, "[", "]"), (Kind::Set, "{", "}"), (Kind::Map, "{", "}")];
    for (kind, open, close) in brackets {
        if let Some(items) = pool.items_of(code, kind) {
            text.push_str(open);
            for (at, &item) in items.iter().enumerate() {
                let separator = if kind == Kind::Map && at % 2 == 1 { ": " } else { ", " };
                text.push_str(if at == 0 { "" } else { separator });
                write(pool, item, text);
            }
            text.push_str(close);
            return;
        }
    }
    match pool.atom_of(code) {
        _ if code == NIL => text.push_str("nil"),
        None => *text += &code.to_string(),
        Some((TEXT | INTEGER, bytes)) => text.push_str(&String::from_utf8_lossy(bytes)),
        Some((BOOL, bytes)) => text.push_str(if bytes == [1] { "true" } else { "false" }),
        Some((FLOAT, bytes)) => {
            *text += &f64::from_le_bytes(bytes.try_into().unwrap_or_default()).to_string()
        }
        Some((_, bytes)) => *text += &format!("{bytes:?}"),
    }
}
