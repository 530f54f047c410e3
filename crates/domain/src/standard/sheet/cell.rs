//! What one cell says.

use rust_decimal::Decimal;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value as Json;

use super::phrase;

/// What is written into a cell.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Cell {
    #[default]
    Empty,
    Text(String),
    Number(Decimal),
}

/// What was found in a cell that is not empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    Text(String),
    Number(Decimal),
}

/// What was found instead of what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    pub zh: String,
    pub en: String,
}

/// What a column's cells hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    Number,
    /// A number that may be written as a percentage.
    Share,
    /// A whole number, not less than 0.
    Whole,
    /// One of few words: as files name it, and as the cell says it.
    Word(&'static [(&'static str, &'static str)]),
    /// Texts between 、.
    List,
    /// A text a line.
    Lines,
    /// 12个月, 本轮.
    Window,
    /// 总分, 指标：Ⅲ-1, 标准：minors.
    Of,
    /// 满意=1；不满意=0.
    Options,
    /// 分段：≥90 A=1；其余=0.
    Grading,
    /// 三档：基本符合=0.5.
    Scale,
}

impl Found {
    fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.normalize().to_string(),
        }
    }

    /// As a fault quotes it.
    fn shown(&self) -> String {
        let text = self.text();
        let short: String = text.chars().take(40).collect();
        if short.len() < text.len() { format!("“{short}…”") } else { format!("“{short}”") }
    }

    fn expected(&self, zh: &str, en: &str) -> Expected {
        let given = self.shown();
        Expected { zh: format!("{given}应是{zh}"), en: format!("{given}: {en} is expected") }
    }
}

impl Kind {
    /// A field's value as its cell says it.
    pub fn print(self, value: &Json) -> Cell {
        let text = match self {
            Self::Text => value.as_str().map(phrase::quoted_text),
            Self::Number | Self::Share => {
                let number = value.as_str().and_then(|text| text.parse().ok());
                return number.map_or(Cell::Empty, Cell::Number);
            }
            Self::Whole => {
                return value.as_u64().map_or(Cell::Empty, |number| Cell::Number(number.into()));
            }
            Self::Word(words) => {
                let word = words.iter().find(|(name, _)| value == name);
                word.map(|(_, word)| (*word).to_owned())
            }
            Self::List => typed(value).map(|texts: Vec<String>| phrase::list(&texts)),
            Self::Lines => typed(value).map(|texts: Vec<String>| phrase::lines(&texts)),
            Self::Window => typed(value).map(|window| phrase::window(&window)),
            Self::Of => typed(value).map(|of| phrase::of(&of)),
            Self::Options => typed(value).map(|options: Vec<_>| phrase::options(&options)),
            Self::Grading => typed(value).map(|grading| phrase::grading(&grading)),
            Self::Scale => typed(value).map(|scale| phrase::scale(&scale)),
        };
        text.filter(|text| !text.is_empty()).map_or(Cell::Empty, Cell::Text)
    }

    /// A field's value from what its cell says.
    ///
    /// # Errors
    /// What is there instead of what.
    pub fn parse(self, found: &Found) -> Result<Json, Expected> {
        let text = found.text();
        let phrase = |parsed: Result<Json, Expected>| {
            parsed.map_err(|inside| {
                let given = found.shown();
                Expected {
                    zh: format!("{given}读不懂：{}", inside.zh),
                    en: format!("{given} is not understood: {}", inside.en),
                }
            })
        };
        match self {
            Self::Text => Ok(Json::String(phrase::unquoted_text(&text))),
            Self::Number => match phrase::number(&text) {
                Some(number) => Ok(Json::String(number.to_string())),
                None => Err(found.expected("一个数", "a number")),
            },
            Self::Share => match phrase::share(&text) {
                Some(number) => Ok(Json::String(number.to_string())),
                None => Err(found.expected("一个数或百分数", "a number or a percentage")),
            },
            Self::Whole => {
                let whole = phrase::number(&text).map(|number| number.normalize());
                match whole.and_then(|number| number.to_string().parse::<u32>().ok()) {
                    Some(number) => Ok(number.into()),
                    None => Err(found.expected("不小于 0 的整数", "a whole number that is not less than 0")),
                }
            }
            Self::Word(words) => {
                let given = text.trim();
                match words.iter().find(|(name, word)| given == *word || given == *name) {
                    Some((name, _)) => Ok(Json::from(*name)),
                    None => {
                        let known: Vec<&str> = words.iter().map(|(_, word)| *word).collect();
                        Err(found.expected(
                            &format!("其中之一：{}", known.join("、")),
                            &format!("one of {}", known.join(", ")),
                        ))
                    }
                }
            }
            Self::List => Ok(phrase::read_list(&text).into()),
            Self::Lines => Ok(phrase::read_lines(&text).into()),
            Self::Window => phrase(phrase::read_window(&text).map(json)),
            Self::Of => phrase(phrase::read_of(&text).map(json)),
            Self::Options => phrase(phrase::read_options(&text).map(json)),
            Self::Grading => phrase(phrase::read_grading(&text).map(json)),
            Self::Scale => phrase(phrase::read_scale(&text).map(json)),
        }
    }
}

fn typed<T: DeserializeOwned>(value: &Json) -> Option<T> {
    serde_json::from_value(value.clone()).ok()
}

// Values of standards are always JSON.
fn json<T: Serialize>(value: T) -> Json {
    serde_json::to_value(&value).unwrap_or_default()
}
