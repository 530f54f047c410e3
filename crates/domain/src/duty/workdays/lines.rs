//! On which line of a JSON text each of its values begins: whoever mends a file by hand looks for a line, not for a path.

use std::collections::HashMap;

/// The lines, from 1, by path (`holidays[2].working[0]`). The text must have been read before: what is no JSON gives what
/// stands before the fault.
pub(super) fn lines(json: &str) -> HashMap<String, usize> {
    let mut walk = Walk { rest: json.as_bytes(), line: 1, found: HashMap::new() };
    walk.value("");
    walk.found
}

struct Walk<'a> {
    rest: &'a [u8],
    line: usize,
    found: HashMap<String, usize>,
}

impl Walk<'_> {
    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        self.line += usize::from(*first == b'\n');
        Some(*first)
    }

    /// The next character that is no space, left where it is.
    fn peek(&mut self) -> Option<u8> {
        while self.rest.first().is_some_and(u8::is_ascii_whitespace) {
            self.next();
        }
        self.rest.first().copied()
    }

    fn value(&mut self, place: &str) {
        let Some(first) = self.peek() else { return };
        self.found.insert(place.to_owned(), self.line);
        match first {
            b'{' => {
                self.next();
                while self.peek() == Some(b'"') {
                    let name = self.text();
                    // The colon.
                    self.peek();
                    self.next();
                    self.value(&if place.is_empty() { name } else { format!("{place}.{name}") });
                    self.comma();
                }
                self.next();
            }
            b'[' => {
                self.next();
                let mut index = 0;
                // A `}` is no value and would stay where it is.
                while self.peek().is_some_and(|byte| !b"]}".contains(&byte)) {
                    self.value(&format!("{place}[{index}]"));
                    index += 1;
                    self.comma();
                }
                self.next();
            }
            b'"' => drop(self.text()),
            _ => {
                while self.rest.first().is_some_and(|byte| !b",]}".contains(byte)) {
                    self.next();
                }
            }
        }
    }

    fn comma(&mut self) {
        if self.peek() == Some(b',') {
            self.next();
        }
    }

    /// A text without its quotation marks, its escapes as they stand.
    fn text(&mut self) -> String {
        self.next();
        let mut bytes = Vec::new();
        while let Some(byte) = self.next().filter(|byte| *byte != b'"') {
            bytes.push(byte);
            if byte == b'\\' {
                bytes.extend(self.next());
            }
        }
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_has_its_line() {
        let json = "{\n \"year\": 2027,\n \"holidays\": [\n  { \"name\": \"元\\\"旦{\",\n    \"working\": [ \"a\",\n \"b\" ] },\n  {}\n ] }";
        let found = lines(json);
        let expected = [
            ("", 1),
            ("year", 2),
            ("holidays", 3),
            ("holidays[0]", 4),
            ("holidays[0].name", 4),
            ("holidays[0].working", 5),
            ("holidays[0].working[0]", 5),
            ("holidays[0].working[1]", 6),
            ("holidays[1]", 7),
        ];
        assert_eq!(found, expected.map(|(place, line)| (place.to_owned(), line)).into());
    }

    #[test]
    fn what_is_no_json_ends_the_walk() {
        for broken in ["", "{", "{\"a", "[[[", "{\"a\" 1", "[1 2", "\"\\", "{]}", "[}"] {
            lines(broken);
        }
    }
}
