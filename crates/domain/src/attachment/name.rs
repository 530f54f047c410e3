//! Names of files: kept as people wrote them, with nothing in them that could lead anybody astray.

use std::fmt::Write;

/// Characters of a name: as many as the file systems of Windows and macOS take, Chinese or not.
pub const LONGEST: usize = 255;

/// What is wrong with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NameFault {
    Empty,
    TooLong,
}

/// The name without the path in front of it, without control characters, and without those that turn the direction of
/// writing (they make `gpj.exe` look like `exe.jpg`).
///
/// # Errors
/// [`NameFault`] where nothing is left, or more than [`LONGEST`] characters.
pub fn clean(name: &str) -> Result<String, NameFault> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last.chars().filter(|character| !misleads(*character)).collect();
    // Windows drops dots and blanks at the end, and a name that begins with a dot is hidden elsewhere.
    let kept = kept.trim_matches(|character: char| character == '.' || character.is_whitespace());
    if kept.is_empty() {
        Err(NameFault::Empty)
    } else if kept.chars().count() > LONGEST {
        Err(NameFault::TooLong)
    } else {
        Ok(kept.to_owned())
    }
}

fn misleads(character: char) -> bool {
    let invisible = matches!(
        character,
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
    );
    character.is_control() || invisible
}

/// What stands behind the last dot, in small letters; None where there is no dot or what follows it is no ending.
pub fn ending(name: &str) -> Option<String> {
    let (stem, ending) = name.rsplit_once('.')?;
    let plain = (1..=10).contains(&ending.len()) && ending.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (plain && !stem.is_empty()).then(|| ending.to_ascii_lowercase())
}

/// The value of a `Content-Disposition` that keeps the name in any language (RFC 6266, RFC 5987).
pub fn disposition(in_place: bool, name: &str) -> String {
    let mut value = String::from(if in_place { "inline" } else { "attachment" });
    value.push_str("; filename*=UTF-8''");
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            value.push(char::from(byte));
        } else {
            // Writing to a string can't fail.
            write!(value, "%{byte:02X}").ok();
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_keeps_what_people_wrote_and_loses_what_misleads() {
        let longest = "清".repeat(LONGEST);
        let check = |raw: &str, expected: Result<&str, NameFault>| {
            assert_eq!(clean(raw), expected.map(str::to_owned), "{raw:?}");
        };
        check("整治后照片（3）.jpg", Ok("整治后照片（3）.jpg"));
        check("../../etc/passwd", Ok("passwd"));
        check("C:\\用户\\王芳\\照片.png", Ok("照片.png"));
        check("..", Err(NameFault::Empty));
        check("a/..", Err(NameFault::Empty));
        check("", Err(NameFault::Empty));
        check(" \u{0}\u{7}\n", Err(NameFault::Empty));
        check("报\u{0}告\r\n.pdf", Ok("报告.pdf"));
        check("photo\u{202e}gpj.exe", Ok("photogpj.exe"));
        check("\u{feff}台账.xlsx", Ok("台账.xlsx"));
        check(".htaccess", Ok("htaccess"));
        check("报告.pdf. . ", Ok("报告.pdf"));
        check(&longest, Ok(&longest));
        check(&format!("{longest}长"), Err(NameFault::TooLong));
    }

    #[test]
    fn an_ending_is_short_plain_and_small() {
        for (name, expected) in [
            ("a.JPG", Some("jpg")),
            ("报告.v2.docx", Some("docx")),
            ("报告", None),
            ("报告.最终版", None),
            ("a.", None),
            ("a.tar-gz", None),
            (".jpg", None),
        ] {
            assert_eq!(ending(name).as_deref(), expected, "{name}");
        }
    }

    #[test]
    fn a_chinese_name_survives_the_header() {
        assert_eq!(disposition(false, "通 报.pdf"), "attachment; filename*=UTF-8''%E9%80%9A%20%E6%8A%A5.pdf");
        assert_eq!(disposition(true, "a\"b.jpg"), "inline; filename*=UTF-8''a%22b.jpg");
    }

    proptest! {
        #[test]
        fn whatever_comes_a_name_is_a_name(raw in any::<String>()) {
            if let Ok(name) = clean(&raw) {
                prop_assert!(!name.contains(['/', '\\', '\0', '\n', '\r']));
                prop_assert!(name != "." && name != ".." && !name.is_empty());
                prop_assert!(name.chars().count() <= LONGEST);
                prop_assert_eq!(clean(&name), Ok(name.clone()), "cleaning twice changes nothing");
                prop_assert!(disposition(true, &name).is_ascii());
            }
        }
    }
}
