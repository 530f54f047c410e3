//! A template and its data become a document.

use std::collections::BTreeMap;

use chengjing_domain::publication::{Form, Paper};
use chengjing_press::{
    paper::{OFFICIAL, built_in, sample},
    template::{TemplateFault, fill_docx},
};
use serde_json::Value;

use crate::{
    App, Fault, Words,
    typesetter::{Manuscript, SourceFault, Unset},
};

/// A template as it is used: an office's, or the built-in one.
#[derive(Debug, Clone)]
pub(crate) struct Mould {
    pub(crate) paper: Paper,
    pub(crate) form: Form,
    pub(crate) bytes: bytes::Bytes,
}

/// Why a template gave no document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unmade {
    /// All that is wrong with the template, each with its place.
    Faulty(Vec<Fault>),
    /// Nothing is wrong with it, as far as is known.
    Machine(Words),
}

impl Mould {
    pub(crate) fn built_in(paper: Paper, form: Form) -> Self {
        Self { paper, form, bytes: bytes::Bytes::from_static(built_in(paper, form)) }
    }

    /// The document with everything in it that there can be.
    pub(crate) async fn try_out(&self, app: &App) -> Result<Vec<u8>, Unmade> {
        self.make(app, sample(self.paper)).await
    }

    pub(crate) async fn make(&self, app: &App, data: Value) -> Result<Vec<u8>, Unmade> {
        match self.form {
            Form::Docx => {
                let template = self.bytes.clone();
                tokio::task::spawn_blocking(move || fill_docx(&template, &data))
                    .await
                    .map_err(|_| Unmade::Machine(failed()))?
                    .map_err(|faults| Unmade::Faulty(faults.iter().map(of_docx).collect()))
            }
            Form::Pdf => {
                let Ok(source) = String::from_utf8(self.bytes.to_vec()) else {
                    let fault = Fault::new("main.typ", "不是 UTF-8 文本", "not a text in UTF-8");
                    return Err(Unmade::Faulty(vec![fault]));
                };
                let files = BTreeMap::from([
                    ("data.json".to_owned(), data.to_string()),
                    ("official.typ".to_owned(), OFFICIAL.to_owned()),
                ]);
                let set = app.typesetter.set(Manuscript { source, files }).await;
                set.map(|pdf| pdf.to_vec()).map_err(unmade)
            }
        }
    }
}

fn of_docx(fault: &TemplateFault) -> Fault {
    let path = match (fault.part.as_str(), fault.paragraph) {
        ("", _) => "template".to_owned(),
        (part, 0) => part.to_owned(),
        (part, paragraph) => format!("{part}:{paragraph}"),
    };
    Fault::new(path, fault.zh(), fault.en())
}

fn of_source(fault: &SourceFault) -> Fault {
    let SourceFault { file, line, message } = fault;
    match line {
        Some(line) => Fault::new(
            format!("{file}:{line}"),
            format!("第{line}行：{message}"),
            format!("line {line}: {message}"),
        ),
        None => Fault::new(file.clone(), message.clone(), message.clone()),
    }
}

pub(crate) fn unmade(unset: Unset) -> Unmade {
    match unset {
        Unset::Faulty(faults) => Unmade::Faulty(faults.iter().map(of_source).collect()),
        Unset::OverLimits => Unmade::Faulty(vec![Fault::new(
            "main.typ",
            "排版用时太长或占用内存太多，请检查模板中的循环",
            "it takes too long or too much memory; look at its loops",
        )]),
        Unset::NoChineseFont { looked_for, package } => Unmade::Machine(Words::new(
            format!("服务器上没有中文字体，请管理员安装 {package}(找过：{})", looked_for.join("、")),
            format!(
                "the server has no Chinese font; its administrator installs {package} (looked for: {})",
                looked_for.join(", ")
            ),
        )),
        Unset::Failed(error) => {
            tracing::error!(error, "documents can't be set");
            Unmade::Machine(failed())
        }
    }
}

fn failed() -> Words {
    Words::new("文件没有做成，请重试", "the document could not be made; try again")
}
