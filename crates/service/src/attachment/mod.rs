//! Attachments 附件: files that prove something, from their first byte to what they are attached to.

pub mod append;
pub mod attach;
pub mod begin;
pub mod content;
mod finish;
pub mod look;
pub mod look_up;
pub mod look_up_upload;
pub mod preview;
pub mod sweep;

use chengjing_domain::{
    attachment::{
        AttachedTo, Attachment, NotTaken,
        name::{LONGEST, NameFault},
        upload::{GivenUp, MOST_AT_A_TIME, Unwanted, Upload, UploadRefusal, UploadState},
    },
    id::{AttachmentId, CampaignId, UploadId},
    people::policy::{Action, Resource},
};
use chengjing_store::{
    Queries,
    attachment::{self as store, upload as uploads},
};

use crate::{
    Caller, Fault, Refusal, Words, duty, evidence, observation,
    people::display_name,
    task::{self, Reader},
};

/// An attachment with the name of who brought it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachmentView {
    pub attachment: Attachment,
    pub uploaded_by: String,
}

/// A file on its way, and what it became.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadView {
    pub upload: Upload,
    pub attachment: Option<AttachmentView>,
}

impl UploadView {
    /// Why nothing comes of it, in both languages.
    pub fn problem(&self) -> Option<Words> {
        match self.upload.state {
            UploadState::GivenUp { reason } => Some(given_up(reason)),
            UploadState::Open { .. } | UploadState::Complete { .. } => None,
        }
    }
}

/// What was uploaded belongs to its uploader until it is attached, and then to whoever may see what it is attached to.
/// To everybody else it is not there.
pub(crate) async fn must_read(
    q: &impl Queries,
    caller: &Caller,
    campaign: CampaignId,
    id: AttachmentId,
) -> Result<Attachment, Refusal> {
    let found = store::lookup(q, campaign, id).await?.ok_or(Refusal::NotFound)?;
    readable(q, caller, &found).await?;
    Ok(found)
}

/// Whether the caller may see an attachment; [`Refusal::NotFound`] where not.
pub async fn readable(q: &impl Queries, caller: &Caller, attachment: &Attachment) -> Result<(), Refusal> {
    let campaign = attachment.campaign;
    let may_see = match attachment.subject {
        None => {
            let own = attachment.uploaded_by == caller.actor.user;
            // Who was sent away since sees nothing of it, their own or not.
            let belongs = caller.may(Action::UploadFiles, Resource::Campaign(campaign)).is_ok();
            return if own && belongs { Ok(()) } else { Err(Refusal::NotFound) };
        }
        Some(AttachedTo::Duty(duty)) => {
            duty::must(q, caller, Action::SeeDuties, campaign, duty).await.map(drop)
        }
        // Another unit of the same duty sees the duty, and not this.
        Some(AttachedTo::Task(id)) => {
            let reader = Reader::load(q, caller, campaign).await?;
            task::must(q, caller, &reader, Action::SeeTasks, (campaign, id)).await.map(drop)
        }
        Some(AttachedTo::Evidence(id)) => {
            evidence::must(q, caller, Action::SeeEvidence, campaign, id).await.map(drop)
        }
        Some(AttachedTo::Observation(id)) => observation::must_see(q, caller, campaign, id).await.map(drop),
    };
    may_see.map_err(|refusal| if matches!(refusal, Refusal::Forbidden) { Refusal::NotFound } else { refusal })
}

/// What is attached to something, for those who may see that already.
pub async fn list_of(
    q: &impl Queries,
    campaign: CampaignId,
    subject: AttachedTo,
) -> Result<Vec<AttachmentView>, Refusal> {
    let mut views = Vec::new();
    for attachment in store::list_of(q, campaign, subject).await? {
        views.push(view(q, attachment).await?);
    }
    Ok(views)
}

pub(crate) async fn view(q: &impl Queries, attachment: Attachment) -> Result<AttachmentView, Refusal> {
    Ok(AttachmentView { uploaded_by: display_name(q, attachment.uploaded_by).await?, attachment })
}

/// The caller's own upload; anybody else's is not there.
async fn must_own(
    q: &impl Queries,
    caller: &Caller,
    campaign: CampaignId,
    id: UploadId,
) -> Result<Upload, Refusal> {
    caller.may(Action::UploadFiles, Resource::Campaign(campaign))?;
    let found = uploads::lookup(q, campaign, id).await?;
    found.filter(|upload| upload.by == caller.actor.user).ok_or(Refusal::NotFound)
}

async fn view_upload(q: &impl Queries, upload: Upload) -> Result<UploadView, Refusal> {
    let attachment = match upload.state {
        UploadState::Complete { attachment } => store::lookup(q, upload.campaign, attachment).await?,
        UploadState::Open { .. } | UploadState::GivenUp { .. } => None,
    };
    let attachment = match attachment {
        Some(attachment) => Some(view(q, attachment).await?),
        None => None,
    };
    Ok(UploadView { upload, attachment })
}

fn given_up(reason: GivenUp) -> Words {
    match reason {
        GivenUp::Expired => {
            Words::new("上传中断太久，请重新上传", "the upload was left for too long; begin anew")
        }
        GivenUp::OtherBytes => Words::new(
            "收到的内容与原文件不一致，请重新上传",
            "what arrived is not what was promised; send it anew",
        ),
        GivenUp::NotTaken(refusal) => Words::new(refusal.zh(), refusal.en()),
    }
}

impl From<Unwanted> for Fault {
    fn from(fault: Unwanted) -> Self {
        match fault {
            Unwanted::Name(NameFault::Empty) => Self::new("name", "请填写文件名", "the file needs a name"),
            Unwanted::Name(NameFault::TooLong) => {
                Self::new("name", format!("文件名最多{LONGEST}个字"), format!("at most {LONGEST} characters"))
            }
            Unwanted::NotTaken(refusal @ (NotTaken::Empty | NotTaken::TooLarge { .. })) => {
                Self::new("size", refusal.zh(), refusal.en())
            }
            Unwanted::NotTaken(refusal) => Self::new("name", refusal.zh(), refusal.en()),
        }
    }
}

impl From<UploadRefusal> for Refusal {
    fn from(refusal: UploadRefusal) -> Self {
        match refusal {
            UploadRefusal::Elsewhere { offset } | UploadRefusal::Unfinished { offset } => {
                Self::Elsewhere { offset }
            }
            UploadRefusal::TooMuch => {
                Self::invalid("", "收到的内容比文件本身还长", "more bytes than the file was said to have")
            }
            UploadRefusal::GivenUp(reason) => {
                let Words { zh, en } = given_up(reason);
                Self::invalid("", zh, en)
            }
        }
    }
}

fn too_many() -> Refusal {
    Refusal::conflict(
        format!("同时上传的文件最多{MOST_AT_A_TIME}个，请等前面的传完"),
        format!("at most {MOST_AT_A_TIME} files at a time; let the others arrive first"),
    )
}
