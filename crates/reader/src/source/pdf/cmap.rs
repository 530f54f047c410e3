//! The tables of a font that say which characters its codes stand for, and how many bytes a code has.

/// A range of codes and what it stands for.
#[derive(Debug, Clone)]
struct Range {
    first: u32,
    last: u32,
    /// UTF-16; the last unit counts up within the range.
    target: Vec<u16>,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Cmap {
    /// In order of their first codes.
    ranges: Vec<Range>,
    /// (bytes, first, last) of the codes.
    codespace: Vec<(usize, u32, u32)>,
}

/// More entries than characters exist.
const MOST: usize = 200_000;

enum Token<'a> {
    Hex(Vec<u8>),
    Word(&'a [u8]),
    Open,
    Close,
}

impl Cmap {
    pub(super) fn parse(bytes: &[u8]) -> Self {
        let mut cmap = Self::default();
        let mut rest = bytes;
        // The operands since the last word, and those of the array that is open.
        let mut operands: Vec<Vec<u8>> = Vec::new();
        let mut array: Option<u32> = None;
        let mut section: &[u8] = b"";
        while let Some(token) = token(&mut rest) {
            if cmap.ranges.len() > MOST {
                break;
            }
            match token {
                Token::Word(word) => {
                    if word.starts_with(b"begin") || word.starts_with(b"end") {
                        section = word;
                    }
                    operands.clear();
                    array = None;
                }
                Token::Open => array = operands.first().map(|first| number(first)),
                Token::Close => {
                    operands.clear();
                    array = None;
                }
                Token::Hex(hex) => match (section, &mut array) {
                    // <first> <last> [<a> <b> …]: one after the other.
                    (b"beginbfrange", Some(code)) => {
                        cmap.add(*code, *code, &hex);
                        *code = code.saturating_add(1);
                    }
                    (b"beginbfchar", _) if operands.len() == 1 => {
                        cmap.add(number(&operands[0]), number(&operands[0]), &hex);
                        operands.clear();
                    }
                    (b"beginbfrange", None) if operands.len() == 2 => {
                        cmap.add(number(&operands[0]), number(&operands[1]), &hex);
                        operands.clear();
                    }
                    (b"begincodespacerange", _) if operands.len() == 1 => {
                        if cmap.codespace.len() < 64 {
                            cmap.codespace.push((hex.len().clamp(1, 4), number(&operands[0]), number(&hex)));
                        }
                        operands.clear();
                    }
                    _ => {
                        if operands.len() < 3 {
                            operands.push(hex);
                        }
                    }
                },
            }
        }
        cmap.ranges.sort_by_key(|range| range.first);
        cmap
    }

    fn add(&mut self, first: u32, last: u32, target: &[u8]) {
        let target = match target {
            [one] => vec![u16::from(*one)],
            more => {
                more.chunks_exact(2).take(16).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect()
            }
        };
        if first <= last {
            self.ranges.push(Range { first, last, target });
        }
    }

    /// Writes what a code stands for; false where the table does not know it.
    pub(super) fn write(&self, code: u32, out: &mut String) -> bool {
        let at = self.ranges.partition_point(|range| range.first <= code);
        // The nearest ranges before it: tables that overlap do so by a few entries.
        let Some(range) = self.ranges[..at].iter().rev().take(4).find(|range| code <= range.last) else {
            return false;
        };
        let mut units = range.target.clone();
        if let Some(last) = units.last_mut() {
            *last = last.wrapping_add((code - range.first) as u16);
        }
        out.extend(char::decode_utf16(units).flatten());
        true
    }

    pub(super) fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// How many bytes the code at the start of `bytes` has; None where the table does not say.
    pub(super) fn width(&self, bytes: &[u8]) -> Option<usize> {
        (1..=bytes.len().min(4)).find(|width| {
            let code = number(&bytes[..*width]);
            self.codespace
                .iter()
                .any(|(bytes, first, last)| bytes == width && (*first..=*last).contains(&code))
        })
    }
}

/// The number that up to four bytes are.
pub(super) fn number(bytes: &[u8]) -> u32 {
    bytes.iter().take(4).fold(0, |number, byte| number << 8 | u32::from(*byte))
}

fn token<'a>(rest: &mut &'a [u8]) -> Option<Token<'a>> {
    loop {
        let whole: &'a [u8] = rest;
        let (first, after) = whole.split_first()?;
        *rest = after;
        match first {
            b'%' => {
                let end = after.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(after.len());
                *rest = &after[end..];
            }
            b'[' => return Some(Token::Open),
            b']' => return Some(Token::Close),
            b'<' if after.first() != Some(&b'<') => {
                let end = after.iter().position(|byte| *byte == b'>').unwrap_or(after.len());
                *rest = after.get(end + 1..).unwrap_or_default();
                let digits: Vec<u8> = after[..end]
                    .iter()
                    .take(128)
                    .filter_map(|byte| char::from(*byte).to_digit(16).map(|digit| digit as u8))
                    .collect();
                return Some(Token::Hex(
                    digits.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or(0)).collect(),
                ));
            }
            byte if byte.is_ascii_alphabetic() => {
                let len = after.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
                *rest = &after[len..];
                return Some(Token::Word(&whole[..=len]));
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_come_out_as_the_table_says() {
        let cmap = Cmap::parse(
            b"/CIDInit 1 begincodespacerange <0000> <FFFF> endcodespacerange % <00>
            2 beginbfchar <0003> <4E91> <0004> <D840DC0B> endbfchar
            1 beginbfrange <0010> <0012> <4E00> <0020> <0021> [<6EAA> <53BF>] <0030> <ffffffff> <0041> endbfrange",
        );
        let mut out = String::new();
        for code in [3, 4, 0x10, 0x12, 0x20, 0x21, 0x31] {
            assert!(cmap.write(code, &mut out), "{code}");
        }
        assert!(!cmap.write(5, &mut out));
        assert_eq!(out, "云𠀋一丂溪县B");
        assert_eq!(cmap.width(&[0, 3, 0, 4]), Some(2));
        assert_eq!(cmap.width(&[0]), None);
    }
}
