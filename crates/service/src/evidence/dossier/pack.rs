use std::collections::BTreeMap;

use chengjing_domain::{
    evidence::dossier::{MOST, safe},
    id::CampaignId,
};
use chengjing_press::{
    dossier::{COVER, DossierText, TEXTS, audit_to_xlsx, cover_data, index_to_xlsx, texts_data},
    paper::OFFICIAL,
};
use chengjing_store::{
    StoreError, evidence as store,
    job::{JobFailure, JobRun},
};
use serde_json::{Value, json};

use super::{
    Payload,
    gather::{Shelf, TextThere, Unmade, gather},
    parcel::{Broken, Fared, Parcel},
};
use crate::{
    App, Words,
    evidence::count::text_of,
    job::Step,
    publication::render::{Unmade as Unset, unmade},
    typesetter::Manuscript,
};

/// Bytes after which it is said how far the job is, and files.
const TOLD_AFTER: u64 = 8 << 20;
const TOLD_AFTER_FILES: usize = 50;

/// What such a job failed with; stored codes.
const NOTHING: &str = "nothing_accepted";
const TOO_MANY: &str = "too_many_materials";
const DISK_FULL: &str = "disk_full";

/// Packs what was ordered and lays it out for its owner. Of files, texts and the zip it holds a piece at a time.
pub async fn pack(app: App, run: JobRun) -> Result<Value, JobFailure> {
    let payload: Payload = serde_json::from_value(run.job.payload.clone())
        .map_err(|error| JobFailure::Final(format!("the job's payload is not understood: {error}")))?;
    run.report(Step::Gather.at(0, 1)).await?;
    let (campaign, shelves) = gather(&app, &payload).await.map_err(|unmade| match unmade {
        Unmade::Nothing => JobFailure::Final(NOTHING.to_owned()),
        Unmade::TooMany => JobFailure::Final(TOO_MANY.to_owned()),
        Unmade::Refused(refusal) => JobFailure::Passing(refusal.to_string()),
    })?;
    let mut parcel = Parcel::begin(app.store.files(), run.job.id, payload.as_of).await.map_err(broken)?;
    let packed = match fill(&app, &run, &payload, shelves, &mut parcel).await {
        Ok(packed) => packed,
        Err(failure) => {
            parcel.abort().await;
            return Err(failure);
        }
    };
    run.report(Step::LayOut.at(1, 1)).await?;
    let size = parcel.end().await.map_err(broken)?;
    let of = packed.of.map(|of| format!("_{of}")).unwrap_or_default();
    Ok(json!({
        "name": format!("{}.zip", safe(&format!("{campaign}卷宗{of}"), 80)),
        "materials": packed.materials,
        "files": packed.files,
        "missing": packed.missing,
        "size": size,
    }))
}

/// What was packed.
#[derive(Default)]
struct Filled {
    materials: usize,
    files: usize,
    /// Files that were not there, or not what they had been.
    missing: usize,
    /// What it is of, where that is not all.
    of: Option<String>,
}

async fn fill(
    app: &App,
    run: &JobRun,
    payload: &Payload,
    shelves: Vec<Shelf>,
    parcel: &mut Parcel,
) -> Result<Filled, JobFailure> {
    let total: u64 = shelves.iter().flat_map(|shelf| &shelf.files).map(|file| file.size).sum();
    let mut filled = Filled::default();
    let (mut done, mut told, mut since) = (0_u64, 0_u64, 0_usize);
    if !run.report(Step::Pack.at(0, total)).await? {
        return Err(JobFailure::Final("cancelled".to_owned()));
    }
    for mut shelf in shelves {
        for file in &shelf.files {
            let fared = parcel.put_file(app.store.files(), file.hash, &file.path).await.map_err(broken)?;
            let note = match fared {
                Fared::Well => None,
                Fared::Missing => Some(format!("{:04}号文件已不在", file.number)),
                Fared::Changed => Some(format!("{:04}号文件与报送时不一致", file.number)),
            };
            if let Some(note) = note {
                filled.missing += 1;
                for line in &file.lines {
                    let own = &mut shelf.lines[*line].note;
                    let between = if own.is_empty() { "" } else { "；" };
                    own.push_str(&format!("{between}{note}"));
                }
            }
            done += file.size;
            since += 1;
            if done - told >= TOLD_AFTER || since >= TOLD_AFTER_FILES {
                (told, since) = (done, 0);
                if !run.report(Step::Pack.at(done, total)).await? {
                    return Err(JobFailure::Final("cancelled".to_owned()));
                }
            }
        }
        filled.files += shelf.files.len();
        filled.materials += shelf.lines.len();
        let whole = payload.wanted.standard.map(|_| shelf.head.standard.clone());
        filled.of = shelf.head.part.clone().or(whole);
        texts(app, payload.campaign, &mut shelf, parcel).await?;
        tables(app, shelf, parcel).await?;
    }
    Ok(filled)
}

/// Sets the volumes of texts of one standard, each when it is its turn.
async fn texts(
    app: &App,
    campaign: CampaignId,
    shelf: &mut Shelf,
    parcel: &mut Parcel,
) -> Result<(), JobFailure> {
    let volumes = shelf.texts.last().map_or(0, |last| last.volume);
    for volume in 1..=volumes {
        let own: Vec<&TextThere> = shelf.texts.iter().filter(|text| text.volume == volume).collect();
        let mut texts = Vec::with_capacity(own.len());
        for text in own {
            let id = text.evidence;
            let found = app.store.read(|q| async move { store::lookup(&q, campaign, id).await }).await?;
            let mut documents = Vec::with_capacity(text.documents.len());
            for file in &text.documents {
                let read = text_of(app, file).await;
                let read = read.map_err(|refusal| JobFailure::Passing(refusal.to_string()))?;
                documents.push((file.name.clone(), read.unwrap_or_default()));
            }
            let line = &shelf.lines[text.line];
            let version = found.as_ref().and_then(|one| {
                one.versions().iter().find(|version| version.number == text.version).cloned()
            });
            texts.push(DossierText {
                item: text.item,
                title: line.title.clone(),
                code: line.code.clone(),
                requirement: line.requirement.clone(),
                unit: line.unit.clone(),
                made_on: line.made_on,
                link: line.link.clone(),
                text: version.and_then(|version| version.content.text).unwrap_or_default(),
                documents,
            });
        }
        let pdf = set(app, TEXTS, texts_data(&shelf.head, (volume, volumes), &texts)).await?;
        let name = if volumes > 1 {
            format!("03_文字材料_第{volume}册.pdf")
        } else {
            "03_文字材料.pdf".to_owned()
        };
        let path = shelf.shelves.named(&shelf.root, &name);
        parcel.put(&path, &pdf).await.map_err(broken)?;
    }
    Ok(())
}

/// Cover, table of the materials and sheet of their reviews.
async fn tables(app: &App, mut shelf: Shelf, parcel: &mut Parcel) -> Result<(), JobFailure> {
    let data = cover_data(&shelf.head, &shelf.lines, shelf.shelves.files());
    let cover = set(app, COVER, data).await?;
    let (head, lines) = (shelf.head.clone(), std::mem::take(&mut shelf.lines));
    let printed = tokio::task::spawn_blocking(move || {
        Ok::<_, chengjing_press::PressError>((index_to_xlsx(&head, &lines)?, audit_to_xlsx(&head, &lines)?))
    });
    let (index, audit) = printed
        .await
        .map_err(|_| JobFailure::Final("printing panicked".to_owned()))?
        .map_err(|error| JobFailure::Final(error.to_string()))?;
    for (name, bytes) in
        [("00_封面.pdf", cover), ("01_待审材料索引表.xlsx", index), ("02_材料审核记录表.xlsx", audit)]
    {
        let path = shelf.shelves.named(&shelf.root, name);
        parcel.put(&path, &bytes).await.map_err(broken)?;
    }
    Ok(())
}

async fn set(app: &App, source: &str, data: Value) -> Result<Vec<u8>, JobFailure> {
    let files = BTreeMap::from([
        ("data.json".to_owned(), data.to_string()),
        ("official.typ".to_owned(), OFFICIAL.to_owned()),
    ]);
    let pdf = app.typesetter.set(Manuscript { source: source.to_owned(), files }).await;
    pdf.map(|pdf| pdf.to_vec()).map_err(|unset| match unmade(unset) {
        Unset::Machine(Words { zh, en }) => JobFailure::Final(json!({ "zh": zh, "en": en }).to_string()),
        // The program's own templates have no faults; what they were given was too much.
        Unset::Faulty(faults) => {
            let first = faults.into_iter().next().map(|fault| fault.words);
            let Words { zh, en } = first.unwrap_or_else(|| Words::new("", ""));
            let (zh, en) = (format!("文字材料排版失败：{zh}"), format!("The texts could not be set: {en}"));
            JobFailure::Final(json!({ "zh": zh, "en": en }).to_string())
        }
    })
}

fn broken(broken: Broken) -> JobFailure {
    match broken {
        Broken::Store(StoreError::DiskFull) => JobFailure::Final(DISK_FULL.to_owned()),
        Broken::Store(error) => JobFailure::from(error),
        Broken::Press(error) => JobFailure::Final(error.to_string()),
    }
}

/// Why such a job failed, in words, where it is known.
pub(crate) fn problem(error: &str) -> Option<Words> {
    match error {
        NOTHING => Some(Words::new("没有审核通过的材料", "Nothing was accepted")),
        TOO_MANY => Some(Words::new(
            format!("材料或文件超过{MOST}个，请按指标分别生成"),
            format!("More than {MOST} materials or files; pack one part after another"),
        )),
        DISK_FULL => Some(Words::new(
            "服务器磁盘空间不足，请联系管理员",
            "The server's disk is full; tell its administrator",
        )),
        other => {
            let told: Value = serde_json::from_str(other).ok()?;
            Some(Words::new(told["zh"].as_str()?, told["en"].as_str()?))
        }
    }
}
