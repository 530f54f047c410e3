//! What a version says, as it is kept: cleaned, within its bounds, with its files attached.

use chengjing_domain::{
    attachment::{AttachedTo, Attachment, Family},
    clock::day_of,
    evidence::{
        Content, Datum, Evidence, LONGEST_LINE, LONGEST_LINK, LONGEST_TEXT, Located, MOST_FIELDS, MOST_FILES,
        takes,
    },
    id::{AttachmentId, CampaignId, EvidenceId},
    standard::FilingKind,
};
use chengjing_store::{Tx, attachment as files};
use chrono::NaiveDate;

use crate::{Caller, Refusal, attachment::attach::attach, refusal::Faults};

/// Cleans what was typed; adds what is wrong with it.
pub(super) fn clean(content: &Content, faults: &mut Faults) -> Content {
    let line = |faults: &mut Faults, path: &str, value: &Option<String>| {
        let value = value.as_deref().map(str::trim).filter(|value| !value.is_empty())?;
        Some(faults.text(path, value, LONGEST_LINE))
    };
    let title = faults.text("title", &content.title, LONGEST_LINE);
    let activity = line(faults, "activity", &content.activity);
    if content.caption.len() > MOST_FIELDS {
        let (zh, en) = (format!("最多{MOST_FIELDS}项"), format!("at most {MOST_FIELDS} fields"));
        faults.add("caption", zh, en);
    }
    let mut caption = std::collections::BTreeMap::new();
    for (field, value) in &content.caption {
        let path = format!("caption.{field}");
        let name = faults.text(&path, field, LONGEST_LINE);
        if let Some(value) = line(faults, &path, &Some(value.clone())) {
            caption.insert(name, value);
        }
    }
    let text = content.text.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let text = text.map(|text| faults.text("text", text, LONGEST_TEXT));
    let link = content.link.as_deref().map(str::trim).filter(|link| !link.is_empty());
    let link = link.map(|link| {
        let link = faults.text("link", link, LONGEST_LINK);
        // What a page could not open, or would run, is no link.
        if !link.starts_with("http://") && !link.starts_with("https://") {
            faults.add(
                "link",
                "请填写 http:// 或 https:// 开头的网址",
                "an address that begins with http:// or https://",
            );
        }
        link
    });
    let mut own: Vec<AttachmentId> = Vec::with_capacity(content.files.len());
    for file in &content.files {
        if !own.contains(file) {
            own.push(*file);
        }
    }
    if own.len() > MOST_FILES {
        let (zh, en) = (format!("一份材料最多{MOST_FILES}个文件"), format!("at most {MOST_FILES} files"));
        faults.add("attachments", zh, en);
        own.truncate(MOST_FILES);
    }
    if let Some(place) = content.place {
        let there = chengjing_domain::attachment::Place::new(place.latitude, place.longitude);
        if there.is_none() {
            faults.add("place", "没有这个位置", "there is no such place on Earth");
        }
    }
    if own.is_empty() && text.is_none() && link.is_none() {
        faults.add("attachments", "请附上文件、填写正文或网址", "a file, a text or a link is needed");
    }
    Content {
        title,
        caption,
        activity,
        made_on: content.made_on,
        place: content.place,
        text,
        link,
        files: own,
        characters: std::collections::BTreeMap::new(),
    }
}

/// The day that the first photograph tells that has one.
pub(super) fn taken_on<'a>(files: impl IntoIterator<Item = &'a Attachment>) -> Option<NaiveDate> {
    days(files).next()
}

/// The days that photographs tell.
pub(super) fn days<'a>(files: impl IntoIterator<Item = &'a Attachment>) -> impl Iterator<Item = NaiveDate> {
    let images = files.into_iter().filter(|file| file.kind.family() == Family::Image);
    images.filter_map(|file| file.picture.facts().taken_at.map(day_of))
}

/// Attaches the files of a content that no earlier version has; tells what a picture says of itself where nobody typed it.
pub(super) async fn with_files(
    tx: &Tx,
    caller: &Caller,
    (campaign, id): (CampaignId, EvidenceId),
    kind: FilingKind,
    before: Option<&Evidence>,
    content: Content,
) -> Result<Content, Refusal> {
    let had: Vec<AttachmentId> = before
        .iter()
        .flat_map(|before| before.versions())
        .flat_map(|version| version.content.files.iter().copied())
        .collect();
    let new: Vec<AttachmentId> = content.files.iter().copied().filter(|file| !had.contains(file)).collect();
    attach(tx, caller, campaign, &new, AttachedTo::Evidence(id)).await?;
    let mut faults = Faults::default();
    let (mut made_on, mut place) = (content.made_on, content.place);
    for (number, file) in content.files.iter().enumerate() {
        let Some(file) = files::lookup(tx, campaign, *file).await? else { continue };
        if !takes(kind, file.kind) {
            faults.add(
                format!("attachments[{number}]"),
                format!("“{}”不能作为{}", file.name, kind.zh()),
                format!("“{}” can't be a {}", file.name, kind.en()),
            );
        }
        if file.kind.family() == Family::Image {
            let facts = file.picture.facts();
            made_on = made_on.or_else(|| taken_on([&file]));
            let camera = |place: chengjing_domain::attachment::Place| Located {
                latitude: place.latitude(),
                longitude: place.longitude(),
                datum: Datum::Wgs84,
            };
            place = place.or_else(|| facts.place.map(camera));
        }
    }
    faults.end()?;
    // Of a scanned document the day that it was scanned says nothing.
    if kind.counts_files() { Ok(Content { made_on, place, ..content }) } else { Ok(content) }
}
