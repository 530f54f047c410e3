//! Parts of a file (RFC 9110, 14): one range is understood, of several the whole is sent, as the standard allows.

use std::ops::Range;

use axum::http::{HeaderMap, HeaderName, header};

/// What of a file is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Asked {
    Whole,
    Part(Range<u64>),
    /// A part that the file does not have.
    Nothing,
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

/// Whether the client has what this tag stands for.
pub(crate) fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let Some(known) = text(headers, header::IF_NONE_MATCH) else { return false };
    !tag.is_empty()
        && known
            .split(',')
            .map(|known| known.trim().trim_start_matches("W/"))
            .any(|known| known == tag || known == "*")
}

/// What is asked for of a file of `size` bytes under that tag.
pub(crate) fn asked(headers: &HeaderMap, size: u64, tag: &str) -> Asked {
    let Some(ranges) = text(headers, header::RANGE) else { return Asked::Whole };
    // A part of another version would not fit to what the client has.
    if text(headers, header::IF_RANGE).is_some_and(|known| known.trim() != tag) {
        return Asked::Whole;
    }
    let Some(range) = ranges.trim().strip_prefix("bytes=") else { return Asked::Whole };
    let Some((first, last)) = range.trim().split_once('-') else { return Asked::Whole };
    let number = |text: &str| text.trim().parse::<u64>();
    let part = match (first.trim(), last.trim()) {
        ("", last) => match number(last) {
            Ok(length) => size.saturating_sub(length)..size,
            Err(_) => return Asked::Whole,
        },
        (first, "") => match number(first) {
            Ok(first) => first..size,
            Err(_) => return Asked::Whole,
        },
        (first, last) => match (number(first), number(last)) {
            (Ok(first), Ok(last)) if first <= last => first..size.min(last.saturating_add(1)),
            _ => return Asked::Whole,
        },
    };
    if part.start < part.end { Asked::Part(part) } else { Asked::Nothing }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(HeaderName, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.clone(), value.parse().expect("a value"))).collect()
    }

    #[test]
    fn a_range_is_the_part_that_the_file_has() {
        for (range, expected) in [
            ("bytes=0-0", Asked::Part(0..1)),
            ("bytes=0-", Asked::Part(0..100)),
            ("bytes=90-1000", Asked::Part(90..100)),
            ("bytes=-10", Asked::Part(90..100)),
            ("bytes=-1000", Asked::Part(0..100)),
            (" bytes= 5 - 9 ", Asked::Part(5..10)),
            ("bytes=100-", Asked::Nothing),
            ("bytes=-0", Asked::Nothing),
            ("bytes=9-5", Asked::Whole),
            ("bytes=0-1,5-6", Asked::Whole),
            ("bytes=x-", Asked::Whole),
            ("bytes=0-99999999999999999999999", Asked::Whole),
            ("pages=1-2", Asked::Whole),
        ] {
            assert_eq!(asked(&headers(&[(header::RANGE, range)]), 100, "\"a\""), expected, "{range}");
        }
        assert_eq!(asked(&HeaderMap::new(), 100, "\"a\""), Asked::Whole);
        assert_eq!(asked(&headers(&[(header::RANGE, "bytes=0-")]), 0, "\"a\""), Asked::Nothing);
        let old = [(header::RANGE, "bytes=5-"), (header::IF_RANGE, "\"b\"")];
        assert_eq!(asked(&headers(&old), 100, "\"a\""), Asked::Whole);
        let same = [(header::RANGE, "bytes=5-"), (header::IF_RANGE, "\"a\"")];
        assert_eq!(asked(&headers(&same), 100, "\"a\""), Asked::Part(5..100));
    }

    #[test]
    fn what_a_client_has_is_known_by_its_tag() {
        for (known, expected) in
            [("\"a\"", true), ("\"x\", W/\"a\"", true), ("*", true), ("\"x\"", false), ("a", false)]
        {
            assert_eq!(is_known(&headers(&[(header::IF_NONE_MATCH, known)]), "\"a\""), expected, "{known}");
        }
        assert!(!is_known(&headers(&[(header::IF_NONE_MATCH, "*")]), ""), "what is not there is not known");
    }
}
