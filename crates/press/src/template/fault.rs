//! What is wrong with a template, with its place, in both languages.

/// A fault of a docx template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateFault {
    /// The file within the docx; empty where it concerns the whole.
    pub part: String,
    /// The paragraph of that file, from 1, counting those in tables; 0: the file as a whole.
    pub paragraph: usize,
    pub why: Why,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// It is no docx, or a damaged one.
    Damaged,
    TooLarge,
    /// Something that would run or be fetched when the document is opened.
    Unsafe(String),
    /// There is no data of that name here.
    NoSuchData(String),
    /// `each` over something that is no list.
    NoList(String),
    /// A list where one value is wanted.
    NoValue(String),
    /// Braces around what is no word of the templates.
    NotUnderstood(String),
    /// A block is opened and not closed in the same place.
    NotClosed(String),
    /// A block is closed that was not opened.
    NotOpened(String),
    /// Filled in, the document would be too long.
    TooLong,
}

impl TemplateFault {
    pub(super) fn whole(why: Why) -> Self {
        Self { part: String::new(), paragraph: 0, why }
    }

    /// Where it is, and what.
    pub fn zh(&self) -> String {
        let part = match self.part.as_str() {
            "" => return self.why_zh(),
            part if part.contains("header") => "页眉",
            part if part.contains("footer") => "页脚",
            part if part.contains("notes") => "脚注",
            _ => "正文",
        };
        match self.paragraph {
            0 => format!("{part}:{}", self.why_zh()),
            paragraph => format!("{part}第{paragraph}段：{}", self.why_zh()),
        }
    }

    pub fn en(&self) -> String {
        let part = match self.part.as_str() {
            "" => return self.why_en(),
            part if part.contains("header") => "page header",
            part if part.contains("footer") => "page footer",
            part if part.contains("notes") => "notes",
            _ => "text",
        };
        match self.paragraph {
            0 => format!("{part}: {}", self.why_en()),
            paragraph => format!("{part}, paragraph {paragraph}: {}", self.why_en()),
        }
    }

    fn why_zh(&self) -> String {
        match &self.why {
            Why::Damaged => "不是可用的 docx 文件，请用 Word 或 WPS 另存为 docx".to_owned(),
            Why::TooLarge => "文件太大".to_owned(),
            Why::Unsafe(what) => format!("含有{what}，请删除后再上传"),
            Why::NoSuchData(name) => format!("没有“{name}”这项数据"),
            Why::NoList(name) => format!("“{name}”不是列表，不能用 each"),
            Why::NoValue(name) => format!("“{name}”是列表，请用 {{{{#each {name}}}}} 逐项填写"),
            Why::NotUnderstood(tag) => format!("看不懂“{tag}”"),
            Why::NotClosed(tag) => format!("“{tag}”没有结束"),
            Why::NotOpened(tag) => format!("“{tag}”没有开始"),
            Why::TooLong => "填写后的文件太长".to_owned(),
        }
    }

    fn why_en(&self) -> String {
        match &self.why {
            Why::Damaged => "not a docx that can be used; save it as docx in Word or WPS".to_owned(),
            Why::TooLarge => "the file is too large".to_owned(),
            Why::Unsafe(what) => format!("it holds {what}; remove it first"),
            Why::NoSuchData(name) => format!("there is no data “{name}”"),
            Why::NoList(name) => format!("“{name}” is no list, so each does not go over it"),
            Why::NoValue(name) => format!("“{name}” is a list; go over it with {{{{#each {name}}}}}"),
            Why::NotUnderstood(tag) => format!("“{tag}” is not understood"),
            Why::NotClosed(tag) => format!("“{tag}” is not closed"),
            Why::NotOpened(tag) => format!("“{tag}” was not opened"),
            Why::TooLong => "the filled in document is too long".to_owned(),
        }
    }
}
