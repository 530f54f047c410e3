//! A font, as far as it says which characters its bytes stand for and how wide they are.

use std::collections::HashMap;

use encoding_rs::{BIG5, GB18030, UTF_16BE};
use lopdf::{Dictionary, Document, Encoding, Object, Stream};

use super::cmap::{Cmap, number};

/// A table of characters or widths that unpacks to more is no font's.
const TABLE: usize = 8 << 20;
const WIDTHS: usize = 200_000;

pub(super) struct Font<'a> {
    codes: Codes<'a>,
    characters: Cmap,
    widths: HashMap<u32, f32>,
    default_width: f32,
}

/// How bytes make codes, and what a code is without a table.
enum Codes<'a> {
    /// One byte each, of the font's own encoding.
    Single(Option<Encoding<'a>>),
    /// Two bytes each that only the table of characters knows.
    Pairs,
    /// As the font's own table says.
    Table(Cmap),
    /// Characters of an encoding that the font names.
    Named(&'static encoding_rs::Encoding),
}

/// One code of a text: what it stands for, its width in thousandths of the size, and whether it is the single byte 32.
pub(super) struct Glyph {
    pub(super) width: f32,
    pub(super) blank: bool,
}

impl<'a> Font<'a> {
    pub(super) fn read(document: &'a Document, font: &'a Dictionary) -> Self {
        let characters =
            stream(document, font, b"ToUnicode").map(|bytes| Cmap::parse(&bytes)).unwrap_or_default();
        let composite = font.get(b"Subtype").and_then(Object::as_name).is_ok_and(|name| name == b"Type0");
        if !composite {
            let encoding = font.get_font_encoding_with_limit(document, TABLE).ok();
            let widths = simple_widths(document, font);
            // A width that is missing is half a letter, as Latin letters are.
            return Self { codes: Codes::Single(encoding), characters, widths, default_width: 500.0 };
        }
        let codes = match font.get_deref(b"Encoding", document) {
            Ok(Object::Name(name)) => named(name),
            Ok(Object::Stream(stream)) => Codes::Table(Cmap::parse(&unpacked(stream).unwrap_or_default())),
            _ => Codes::Pairs,
        };
        let descendant = font
            .get_deref(b"DescendantFonts", document)
            .and_then(Object::as_array)
            .ok()
            .and_then(|fonts| document.dereference(fonts.first()?).ok())
            .and_then(|(_, font)| font.as_dict().ok());
        let default_width = descendant.and_then(|font| font.get_deref(b"DW", document).ok()?.as_float().ok());
        let widths = match (&codes, descendant) {
            (Codes::Pairs, Some(font)) => composite_widths(document, font),
            // All collections of characters begin with those of ASCII; which are behind them no code says.
            (Codes::Named(encoding), Some(font)) if *encoding == UTF_16BE => composite_widths(document, font)
                .into_iter()
                .filter_map(|(character, width)| {
                    Some(((1..=95).contains(&character).then_some(character + 31)?, width))
                })
                .collect(),
            _ => HashMap::new(),
        };
        Self { codes, characters, widths, default_width: default_width.unwrap_or(1000.0) }
    }

    /// The codes of a text in turn: `each` gets the glyph and the characters that it stands for.
    pub(super) fn read_text(&self, mut bytes: &[u8], mut each: impl FnMut(&Glyph, &str)) {
        let mut characters = String::new();
        while !bytes.is_empty() {
            let length = self.length(bytes).min(bytes.len());
            let (code, rest) = bytes.split_at(length);
            bytes = rest;
            characters.clear();
            let number = number(code);
            if self.characters.is_empty() || !self.characters.write(number, &mut characters) {
                match &self.codes {
                    Codes::Single(Some(encoding)) => {
                        characters.push_str(&encoding.bytes_to_string(code).unwrap_or_default());
                    }
                    Codes::Named(encoding) => {
                        characters.push_str(&encoding.decode_without_bom_handling(code).0);
                    }
                    Codes::Single(None) | Codes::Pairs | Codes::Table(_) => {}
                }
            }
            let narrow = matches!(self.codes, Codes::Named(_)) && (code.len() == 1 || number < 0x80);
            let default_width = if narrow { 500.0 } else { self.default_width };
            let width = self.widths.get(&number).copied().unwrap_or(default_width);
            each(&Glyph { width, blank: code == b" " }, &characters);
        }
    }

    fn length(&self, bytes: &[u8]) -> usize {
        match &self.codes {
            Codes::Single(_) => 1,
            Codes::Pairs => 2,
            Codes::Table(table) => table.width(bytes).unwrap_or(2),
            Codes::Named(encoding) if *encoding == UTF_16BE => match bytes {
                [0xd8..=0xdb, ..] => 4,
                _ => 2,
            },
            Codes::Named(encoding) => match bytes {
                [0x00..=0x80, ..] => 1,
                [_, b'0'..=b'9', ..] if *encoding == GB18030 => 4,
                _ => 2,
            },
        }
    }
}

/// The encodings that fonts of Chinese, Japanese and Korean texts name. With any other, only the table of characters
/// helps.
fn named(name: &[u8]) -> Codes<'static> {
    let name = String::from_utf8_lossy(name);
    let starts = |starts: &[&str]| starts.iter().any(|start| name.starts_with(start));
    if name.contains("UCS2") || name.contains("UTF16") {
        Codes::Named(UTF_16BE)
    } else if starts(&["GBK", "GB-EUC", "GBpc-EUC"]) {
        Codes::Named(GB18030)
    } else if starts(&["B5pc", "ETen", "HKscs", "ETenms"]) {
        Codes::Named(BIG5)
    } else {
        Codes::Pairs
    }
}

fn stream(document: &Document, dictionary: &Dictionary, key: &[u8]) -> Option<Vec<u8>> {
    unpacked(dictionary.get_deref(key, document).ok()?.as_stream().ok()?)
}

fn unpacked(stream: &Stream) -> Option<Vec<u8>> {
    stream.decompressed_content_with_limit(TABLE).ok()
}

fn simple_widths(document: &Document, font: &Dictionary) -> HashMap<u32, f32> {
    let first = font.get_deref(b"FirstChar", document).and_then(Object::as_i64).unwrap_or(0);
    let widths = font.get_deref(b"Widths", document).and_then(Object::as_array);
    let widths = widths.into_iter().flatten().take(256);
    let first = u32::try_from(first).unwrap_or(0);
    (first..)
        .zip(widths)
        .filter_map(|(code, width)| Some((code, document.dereference(width).ok()?.1.as_float().ok()?)))
        .collect()
}

/// `first [a b …]` or `first last a`, again and again.
fn composite_widths(document: &Document, font: &Dictionary) -> HashMap<u32, f32> {
    let mut widths = HashMap::new();
    let Ok(list) = font.get_deref(b"W", document).and_then(Object::as_array) else { return widths };
    let mut rest = list.as_slice();
    let code = |object: &Object| object.as_i64().ok().and_then(|code| u32::try_from(code).ok());
    while let [first, second, after @ ..] = rest
        && widths.len() < WIDTHS
    {
        let Some(first) = code(first) else { break };
        let second = document.dereference(second).map_or(second, |(_, object)| object);
        if let Ok(each) = second.as_array() {
            widths.extend((first..).zip(each.iter().filter_map(|width| width.as_float().ok())));
            rest = after;
        } else if let (Some(last), [width, after @ ..]) = (code(second), after) {
            if let Ok(width) = width.as_float() {
                let last = last.min(0xffff);
                widths.extend((first..=last).map(|code| (code, width)));
            }
            rest = after;
        } else {
            break;
        }
    }
    widths
}
