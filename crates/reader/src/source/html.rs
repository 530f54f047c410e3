//! Pages saved from the web. No script is run, nothing is fetched; only the words and the tables count.

use std::cell::RefCell;

use encoding_rs::Encoding;
use html5ever::{
    buffer_queue::BufferQueue,
    tendril::StrTendril,
    tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts, states::RawKind},
};

use super::{Source, TEXT, Unreadable, encoding, grid::Grid};

/// Elements that begin and end a line.
const BLOCKS: &[&str] = &[
    "p",
    "div",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "ul",
    "ol",
    "dl",
    "dt",
    "dd",
    "section",
    "article",
    "header",
    "footer",
    "main",
    "aside",
    "nav",
    "table",
    "thead",
    "tbody",
    "blockquote",
    "pre",
    "form",
    "figure",
    "hr",
    "body",
    "caption",
    "center",
    "address",
];

/// Elements whose content nobody reads.
const UNREAD: &[&str] =
    &["script", "style", "noscript", "template", "svg", "select", "button", "textarea", "iframe", "rt", "rp"];

pub(super) fn looks_like(bytes: &[u8]) -> bool {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]).to_lowercase();
    let start = start.trim_start_matches(['\u{feff}', '\u{fffd}']).trim_start();
    ["<!doctype html", "<html", "<head", "<body", "<?xml", "<meta", "<div", "<table", "<p>", "<p "]
        .iter()
        .any(|tag| start.starts_with(tag))
        && (start.contains("<html") || start.contains("<!doctype html") || start.contains("</"))
}

pub(super) fn extract(name: &str, bytes: &[u8]) -> Result<Source, Unreadable> {
    let text = match declared(bytes) {
        Some(encoding) => encoding.decode(bytes).0.into_owned(),
        None => encoding::decode(bytes),
    };
    let tokenizer = Tokenizer::new(Page::default(), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(text.as_str()));
    drop(tokenizer.feed(&input));
    tokenizer.end();
    let state = tokenizer.sink.0.into_inner();
    if state.too_large { Err(Unreadable::TooLarge) } else { Ok(Source::plain(name, &state.out)) }
}

/// `<meta charset=gb2312>`, wherever in the first kilobytes it stands.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]).to_lowercase();
    let label = start.split("charset=").nth(1)?;
    let label: String = label
        .trim_start_matches(['"', '\''])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        .collect();
    Encoding::for_label(label.as_bytes())
}

#[derive(Default)]
struct Page(RefCell<State>);

#[derive(Default)]
struct State {
    out: String,
    /// Merged cells made more text than any plan holds; nothing is added any more.
    too_large: bool,
    /// Bytes of all rows so far.
    in_tables: usize,
    unread: usize,
    in_title: bool,
    tables: Vec<Table>,
}

#[derive(Default)]
struct Table {
    grid: Grid,
    cell: Option<(String, usize, usize)>,
    in_row: bool,
}

impl TokenSink for Page {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut state = self.0.borrow_mut();
        match token {
            Token::CharacterTokens(text) => state.text(&text),
            Token::TagToken(tag) => return state.tag(&tag),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl State {
    fn text(&mut self, text: &str) {
        if self.unread > 0 || self.in_title {
            return;
        }
        // Line ends of the source are only blanks; those of the page come from its tags.
        let target = match self.tables.last_mut() {
            Some(Table { cell: Some((cell, ..)), .. }) => cell,
            Some(_) => return,
            None => &mut self.out,
        };
        for c in text.chars() {
            let c = if c.is_whitespace() { ' ' } else { c };
            if c != ' ' || !target.ends_with([' ', '\n']) {
                target.push(c);
            }
        }
    }

    fn line_end(&mut self) {
        match self.tables.last_mut() {
            Some(Table { cell: Some((cell, ..)), .. }) => cell.push('\n'),
            Some(_) => {}
            None => {
                while self.out.ends_with(' ') {
                    self.out.pop();
                }
                if !self.out.is_empty() && !self.out.ends_with('\n') {
                    self.out.push('\n');
                }
            }
        }
    }

    fn tag(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let name: &str = &tag.name;
        let opens = tag.kind == TagKind::StartTag;
        if UNREAD.contains(&name) {
            if opens && !tag.self_closing {
                self.unread += 1;
            } else if !opens {
                self.unread = self.unread.saturating_sub(1);
            }
            return match name {
                "script" if opens => TokenSinkResult::RawData(RawKind::ScriptData),
                "style" | "iframe" | "noscript" if opens => TokenSinkResult::RawData(RawKind::Rawtext),
                "textarea" if opens => TokenSinkResult::RawData(RawKind::Rcdata),
                _ => TokenSinkResult::Continue,
            };
        }
        match name {
            "title" => {
                self.in_title = opens;
                if opens {
                    return TokenSinkResult::RawData(RawKind::Rcdata);
                }
            }
            "br" => self.line_end(),
            "table" => {
                self.line_end();
                if opens {
                    self.tables.push(Table::default());
                } else {
                    self.end_row();
                    self.tables.pop();
                }
            }
            "tr" => {
                self.end_row();
                if opens && let Some(table) = self.tables.last_mut() {
                    table.grid.begin_row();
                    table.in_row = true;
                }
            }
            "td" | "th" => {
                self.end_cell();
                if opens && let Some(table) = self.tables.last_mut() {
                    let span = |name: &str| {
                        let value = tag.attrs.iter().find(|attribute| &*attribute.name.local == name);
                        value.and_then(|attribute| attribute.value.trim().parse().ok()).unwrap_or(1)
                    };
                    if !table.in_row {
                        table.grid.begin_row();
                        table.in_row = true;
                    }
                    table.cell = Some((String::new(), span("colspan"), span("rowspan")));
                }
            }
            block if BLOCKS.contains(&block) => self.line_end(),
            _ => {}
        }
        TokenSinkResult::Continue
    }

    fn end_cell(&mut self) {
        if let Some(table) = self.tables.last_mut()
            && let Some((text, columns, rows)) = table.cell.take()
        {
            table.grid.cell(&text, columns, rows);
        }
    }

    fn end_row(&mut self) {
        self.end_cell();
        let Some(table) = self.tables.last_mut().filter(|table| table.in_row) else { return };
        table.in_row = false;
        let Some(line) = table.grid.end_row() else { return };
        self.in_tables += line.len();
        self.too_large |= self.in_tables > TEXT;
        if self.too_large {
            return;
        }
        let depth = self.tables.len();
        match self.tables.get_mut(depth.wrapping_sub(2)) {
            // A table inside a cell of another: its rows are lines of that cell.
            Some(Table { cell: Some((cell, ..)), .. }) => {
                cell.push_str(&line);
                cell.push('\n');
            }
            _ => {
                self.out.push_str(&line);
                self.out.push('\n');
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_tables_of_a_page_come_out_and_scripts_do_not() {
        let page = "<!DOCTYPE html><html><head><title>站点</title><meta charset='utf-8'><script>var a='<p>x</p>'</script>\
            <style>p{}</style></head><body><p>云溪县&nbsp;方案</p><div>一、总体<b>要求</b></div>\
            <table><tr><td rowspan=2>1</td><td>清扫\n街巷</td></tr><tr><td>修补<br>路面</td></tr></table>尾声</body></html>";
        assert!(looks_like(page.as_bytes()));
        let source = extract("a.html", page.as_bytes()).unwrap();
        assert_eq!(source.text, "云溪县 方案\n一、总体要求\n1\t清扫 街巷\n〃\t修补 路面\n尾声\n");
    }

    #[test]
    fn a_page_says_its_own_encoding() {
        let (bytes, _, _) = encoding_rs::GBK.encode("<html><meta charset=\"gb2312\"><p>河岸整治</p></html>");
        assert_eq!(extract("a.html", &bytes).unwrap().text.trim(), "河岸整治");
    }
}
