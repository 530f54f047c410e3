//! What people read of a standard: none of it is blank, and none longer than a cell of its workbook holds.

use serde::Serialize;
use serde_json::Value;

use super::Check;

/// The longest text, in characters. A cell of a workbook holds 32,767, and some take several texts.
const LONGEST: usize = 4_000;

impl Check<'_> {
    /// Every text of a file.
    pub(super) fn texts(&mut self, file: &impl Serialize) {
        // What a standard is made of can always be written down.
        let Ok(file) = serde_json::to_value(file) else { return };
        self.text_in(&file, "", "");
    }

    /// `name`: of the field that it stands in.
    fn text_in(&mut self, value: &Value, path: &str, name: &str) {
        match value {
            Value::Object(fields) => {
                let joint = if path.is_empty() { "" } else { "." };
                for (name, value) in fields {
                    self.text_in(value, &format!("{path}{joint}{name}"), name);
                }
            }
            Value::Array(all) => {
                for (n, value) in all.iter().enumerate() {
                    self.text_in(value, &format!("{path}[{n}]"), name);
                }
            }
            Value::String(text) => self.text(text, path, name),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn text(&mut self, text: &str, path: &str, name: &str) {
        let length = text.chars().count();
        if length > LONGEST {
            self.fault(
                path,
                format!("有 {length} 个字符，最多 {LONGEST} 个"),
                format!("it has {length} characters; {LONGEST} at most"),
            );
        }
        let (zh, en) = match name {
            "title" => ("标题", "title"),
            "text" => ("文字", "text"),
            "option" => ("选项", "option"),
            "exceptions" => ("例外的内容", "exception"),
            "edition" if path == "edition" => ("版本", "edition"),
            // Those of the tree are looked at with it.
            "code" if !path.starts_with("tree") => ("编号", "code"),
            _ => return,
        };
        if text.trim().is_empty() {
            self.fault(path, format!("缺少{zh}"), format!("the {en} is missing"));
        }
    }
}
