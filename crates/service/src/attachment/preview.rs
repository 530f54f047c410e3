use std::sync::Arc;

use chengjing_domain::attachment::Attachment;
pub use chengjing_reader::source::preview::{Block, Cell, Document, Preview, Row, Sheet, Text, Workbook};
use chengjing_reader::source::{Unreadable, preview::preview as read};

use crate::{App, Refusal, Words};

/// Larger files are fetched instead: all of it is in memory while it is read.
const LARGEST: u64 = 64 << 20;

/// What a document holds that the caller may see.
///
/// # Errors
/// [`Refusal::Unreadable`] where it can't be looked at like that.
pub async fn preview(app: &App, attachment: &Attachment) -> Result<Preview, Refusal> {
    if attachment.size > LARGEST {
        let most = LARGEST >> 20;
        return Err(Refusal::Unreadable(Words::new(
            format!("文件超过 {most} MB，不能在这里查看；请下载后打开"),
            format!("The file has more than {most} MB and is not shown here; download it to open it"),
        )));
    }
    let few = Arc::clone(&app.previews).acquire_owned().await.map_err(|_| Refusal::Busy)?;
    let bytes = app.store.files().read(attachment.hash).await?;
    let bytes = bytes.ok_or(Refusal::Internal("a stored file is missing"))?;
    let kind = attachment.kind;
    let reading = tokio::task::spawn_blocking(move || {
        let _few = few;
        read(kind, &bytes)
    });
    // The reader promises never to panic; should it, the file is told to be unreadable and nothing else breaks.
    let outcome = reading.await.unwrap_or(Err(Unreadable::Damaged { what: kind.code() }));
    outcome.map_err(|why| Refusal::Unreadable(unread(&why)))
}

/// Why a document is not shown and what to do, in the words of somebody who looks at it: the reader's own speak to who
/// uploads a plan.
fn unread(why: &Unreadable) -> Words {
    let (zh, en) = match why {
        Unreadable::Encrypted => (
            "文件有密码保护，不能在这里查看；请下载后用密码打开",
            "The file is protected by a password and is not shown here; download it and open it with the password",
        ),
        Unreadable::Damaged { .. } => (
            "文件不完整或已损坏，读不出来；请下载试试，仍打不开就请报送人重新上传",
            "The file is cut off or damaged and can't be read; download it to try, or ask whoever sent it for another",
        ),
        Unreadable::TooLarge => (
            "文件展开后太大，不能在这里查看；请下载后打开",
            "The file unpacks to too much to be shown here; download it to open it",
        ),
        Unreadable::Empty => (
            "文件里没有内容；请下载核对，或请报送人重新上传",
            "There is nothing in the file; download it to make sure, or ask whoever sent it for another",
        ),
        Unreadable::OldWord | Unreadable::OldExcel => (
            "这是旧版 Office 或 WPS 格式，不能在这里查看；请下载后打开",
            "This is an old Office or WPS format that is not shown here; download it to open it",
        ),
        Unreadable::NoTextLayer | Unreadable::Picture | Unreadable::UnknownKind => (
            "这种文件没有文字预览；请下载后打开",
            "This kind of file has no preview of text; download it to open it",
        ),
    };
    Words::new(zh, en)
}
