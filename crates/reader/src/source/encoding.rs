//! Bytes to text: UTF-8, GB18030 (which holds GBK and GB 2312), UTF-16 with or without its mark.

use std::cmp::Ordering;

use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

/// The text of bytes in whichever of the encodings that Chinese offices use. What fits none is taken as GB18030 with
/// its unreadable places marked, so that the reader can name them.
pub(super) fn decode(bytes: &[u8]) -> String {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[mark..]).0.into_owned();
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    if let Some(encoding) = utf16(bytes) {
        return encoding.decode_without_bom_handling(bytes).0.into_owned();
    }
    // A UTF-8 file that is cut in mid-character, or has a few bad bytes, is still UTF-8.
    let (as_utf8, _) = UTF_8.decode_without_bom_handling(bytes);
    let (as_gb, _) = GB18030.decode_without_bom_handling(bytes);
    if damage(&as_utf8) <= damage(&as_gb) { as_utf8.into_owned() } else { as_gb.into_owned() }
}

fn damage(text: &str) -> usize {
    text.chars()
        .filter(|c| *c == char::REPLACEMENT_CHARACTER || ('\u{e000}'..='\u{f8ff}').contains(c))
        .count()
}

/// UTF-16 without its mark: line ends, blanks and digits are pairs of one such byte and a zero, which no other encoding
/// of text has. (Zeros alone prove nothing: 一 has one on the other side.)
fn utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    if bytes.len() < 4 || bytes.len() % 2 == 1 {
        return None;
    }
    let plain = |byte: u8| matches!(byte, b'\r' | b'\n' | b' ' | b'\t' | b'.' | b'0'..=b'9');
    let pairs = || bytes[..bytes.len().min(4096)].chunks_exact(2);
    let little = pairs().filter(|pair| plain(pair[0]) && pair[1] == 0).count();
    let big = pairs().filter(|pair| pair[0] == 0 && plain(pair[1])).count();
    match little.cmp(&big) {
        Ordering::Greater => Some(UTF_16LE),
        Ordering::Less => Some(UTF_16BE),
        Ordering::Equal => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "云溪县文明城市创建方案\r\n一、总体要求\r\n1.清扫街巷。";

    fn utf16_bytes(text: &str, little: bool) -> Vec<u8> {
        text.encode_utf16()
            .flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() })
            .collect()
    }

    #[test]
    fn the_same_text_comes_out_of_every_encoding() {
        let (gb, _, _) = GB18030.encode(TEXT);
        let with_mark = |mark: &[u8], bytes: Vec<u8>| [mark, &bytes].concat();
        let cases: Vec<(&str, Vec<u8>)> = vec![
            ("utf-8", TEXT.into()),
            ("utf-8 with mark", with_mark(b"\xef\xbb\xbf", TEXT.into())),
            ("gb18030", gb.into_owned()),
            ("utf-16le with mark", with_mark(b"\xff\xfe", utf16_bytes(TEXT, true))),
            ("utf-16be with mark", with_mark(b"\xfe\xff", utf16_bytes(TEXT, false))),
            ("utf-16le", utf16_bytes(TEXT, true)),
            ("utf-16be", utf16_bytes(TEXT, false)),
        ];
        for (name, bytes) in cases {
            assert_eq!(decode(&bytes), TEXT, "{name}");
        }
    }

    #[test]
    fn a_text_cut_in_mid_character_loses_only_that_character() {
        let bytes = &TEXT.as_bytes()[..TEXT.len() - 1];
        assert!(decode(bytes).starts_with("云溪县文明城市创建方案"));
    }
}
