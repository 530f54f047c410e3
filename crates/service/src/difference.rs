use serde_json::{Map, Value, json};

/// What an edit changed, field by field: what the ledger tells of it.
#[derive(Debug, Default)]
pub(crate) struct Difference {
    fields: Vec<&'static str>,
    before: Map<String, Value>,
    after: Map<String, Value>,
}

impl Difference {
    /// Notes a field that differs, in words that a reader of the ledger understands without the rows of that day.
    pub(crate) fn of<T: PartialEq>(
        &mut self,
        field: &'static str,
        before: &T,
        after: &T,
        told: impl Fn(&T) -> Value,
    ) {
        if before != after {
            self.fields.push(field);
            self.before.insert(field.to_owned(), told(before));
            self.after.insert(field.to_owned(), told(after));
        }
    }

    /// A long text: only where it differs, with a few characters around.
    pub(crate) fn of_text(&mut self, field: &'static str, before: &str, after: &str) {
        if before != after {
            let (before, after) = stretches(before, after);
            self.fields.push(field);
            self.before.insert(field.to_owned(), before.into());
            self.after.insert(field.to_owned(), after.into());
        }
    }

    /// Something of which only that it changed is told: a password.
    pub(crate) fn secretly(&mut self, field: &'static str) {
        self.fields.push(field);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    pub(crate) fn details(self) -> Value {
        json!({ "fields": self.fields, "before": self.before, "after": self.after })
    }
}

/// The parts of two texts that differ. The ledger keeps what it is told for ever, so it is told no more than helps.
fn stretches(before: &str, after: &str) -> (String, String) {
    const AROUND: usize = 15;
    const MOST: usize = 400;
    let (one, other): (Vec<char>, Vec<char>) = (before.chars().collect(), after.chars().collect());
    let shorter = one.len().min(other.len());
    let same = |(a, b): &(&char, &char)| a == b;
    let head = one.iter().zip(&other).take_while(same).count();
    let tail = one.iter().rev().zip(other.iter().rev()).take(shorter - head).take_while(same).count();
    let cut = |text: &[char]| {
        let from = head.saturating_sub(AROUND);
        let to = (text.len() - tail + AROUND).min(text.len());
        let (last, long) = (to.min(from + MOST), to > from + MOST);
        let stretch: String = text.get(from..last).unwrap_or_default().iter().collect();
        let (start, end) = (if from > 0 { "…" } else { "" }, if long || to < text.len() { "…" } else { "" });
        format!("{start}{stretch}{end}")
    };
    (cut(&one), cut(&other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_long_texts_only_the_stretch_that_differs_is_told() {
        let (head, tail) = ("前".repeat(100), "后".repeat(100));
        let (before, after) = stretches(&format!("{head}甲{tail}"), &format!("{head}乙丙{tail}"));
        assert_eq!(before, format!("…{}甲{}…", "前".repeat(15), "后".repeat(15)));
        assert_eq!(after, format!("…{}乙丙{}…", "前".repeat(15), "后".repeat(15)));
    }

    #[test]
    fn a_text_that_grew_or_came_new_is_told_whole_while_it_is_short() {
        assert_eq!(stretches("", "清理"), (String::new(), "清理".into()));
        assert_eq!(stretches("清清", "清清清"), ("清清".into(), "清清清".into()));
        assert_eq!(stretches("", &"长".repeat(500)).1.chars().count(), 401);
    }

    #[test]
    fn what_did_not_change_is_not_told() {
        let mut difference = Difference::default();
        difference.of("year", &2026, &2026, |year| json!(year));
        assert!(difference.is_empty());
        difference.of("year", &2026, &2027, |year| json!(year));
        let told = json!({ "fields": ["year"], "before": { "year": 2026 }, "after": { "year": 2027 } });
        assert_eq!(difference.details(), told);
    }
}
