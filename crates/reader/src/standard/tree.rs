//! The text of a YAML or JSON file as a tree of values, each with its line.

use saphyr_parser::{Event, Parser, ScalarStyle};

/// How deep values may be nested.
const DEEPEST: usize = 64;

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Tree {
    pub(super) line: usize,
    pub(super) value: Value,
}

#[derive(Debug, Clone)]
pub(super) enum Value {
    /// As it was written, and whether in quotes.
    Scalar {
        text: String,
        quoted: bool,
    },
    List(Vec<Tree>),
    /// In the order of the file; each key with its own line.
    Map(Vec<(String, usize, Tree)>),
    /// It stands there and could not be read, and that was told: nothing that only follows from it is.
    Unread,
}

/// What keeps a text from being a tree.
#[derive(Debug)]
pub(super) struct Broken {
    pub(super) line: usize,
    pub(super) zh: String,
    pub(super) en: String,
}

fn broken(line: usize, zh: &str, en: &str) -> Broken {
    Broken { line, zh: zh.to_owned(), en: en.to_owned() }
}

/// What is being filled.
enum Open {
    List(usize, Vec<Tree>),
    Map(usize, Vec<(String, usize, Tree)>, Option<(String, usize)>),
}

pub(super) fn parse(text: &str) -> Result<Tree, Broken> {
    let mut open: Vec<Open> = Vec::new();
    let mut root: Option<Tree> = None;
    let mut last = 1;
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| Broken {
            line: error.marker().line(),
            zh: format!("格式有误，请检查缩进、冒号和引号({})", error.info()),
            en: format!("the syntax is wrong: {}", error.info()),
        })?;
        let line = span.start.line();
        last = line;
        let done = match event {
            Event::Scalar(text, style, ..) => {
                let quoted = style != ScalarStyle::Plain;
                Some(Tree { line, value: Value::Scalar { text: text.into_owned(), quoted } })
            }
            Event::SequenceStart(..) => {
                open.push(Open::List(line, Vec::new()));
                None
            }
            Event::MappingStart(..) => {
                open.push(Open::Map(line, Vec::new(), None));
                None
            }
            Event::SequenceEnd | Event::MappingEnd => match open.pop() {
                Some(Open::List(line, list)) => Some(Tree { line, value: Value::List(list) }),
                Some(Open::Map(line, map, _)) => Some(Tree { line, value: Value::Map(map) }),
                None => None,
            },
            // A value that contains itself, or a few lines that unfold to millions, can't be written without them.
            Event::Alias(_) => {
                return Err(broken(
                    line,
                    "不支持引用(*)，请把内容写全",
                    "aliases (*) are not known here: write it out",
                ));
            }
            Event::DocumentStart(..) if root.is_some() => {
                return Err(broken(line, "一个文件只能有一份内容", "a file holds one document"));
            }
            _ => None,
        };
        if open.len() > DEEPEST {
            return Err(broken(line, "嵌套过深", "it is nested too deeply"));
        }
        if let Some(done) = done {
            place(&mut open, &mut root, done)?;
        }
    }
    root.ok_or_else(|| broken(last, "文件中没有内容", "the file is empty"))
}

fn place(open: &mut [Open], root: &mut Option<Tree>, done: Tree) -> Result<(), Broken> {
    match open.last_mut() {
        None => *root = Some(done),
        Some(Open::List(_, list)) => list.push(done),
        Some(Open::Map(_, map, key)) => match (key.take(), done.value) {
            // One that is there twice is told with all other faults.
            (Some((name, line)), value) => map.push((name, line, Tree { line: done.line, value })),
            (None, Value::Scalar { text, .. }) => *key = Some((text, done.line)),
            (None, _) => return Err(broken(done.line, "字段名应是文字", "a field's name is a text")),
        },
    }
    Ok(())
}

impl Tree {
    /// The line of the value at a place such as `tree[0].children[2].marks`; of what is above it where it is not there.
    pub(super) fn line_of(&self, path: &str) -> usize {
        let mut here = self;
        let mut line = self.line;
        for part in path.split(['.', '[']).filter(|part| !part.is_empty()) {
            let next = match (&here.value, part.strip_suffix(']')) {
                (Value::List(list), Some(number)) => number
                    .parse()
                    .ok()
                    .and_then(|number: usize| list.get(number))
                    .map(|tree| (tree, tree.line)),
                (Value::Map(map), None) => {
                    map.iter().find(|(name, ..)| name == part).map(|(_, line, tree)| (tree, *line))
                }
                _ => None,
            };
            let Some((next, found)) = next else { break };
            (here, line) = (next, found);
        }
        line
    }
}
