//! Photographs 照片 that may not be what they claim: each is compared with all others of its campaign and with what its material says.
//! Whatever there is to be looked at is a doubt 疑点, shown to the reviewers beside its twin; nothing is refused for it.
//!
//! A doubt may tell of what others filed. So it is for those who look into proof, not for the units; and of a twin that they may
//! not see themselves they learn that there is one, and nothing else.

mod albums;
pub mod dismiss;
pub mod fill;
pub mod judge;
pub mod list;
pub mod raise;
pub mod uncompared;
mod used;

pub(crate) use albums::Albums;
use chengjing_domain::{
    attachment::{AttachedTo, Attachment},
    evidence::Evidence,
    id::{AttachmentId, CampaignId, DoubtId, EvidenceId, UnitId},
    people::policy::{Action, Decision},
    photo::{Doubt, DoubtState},
};
use chengjing_store::{Queries, attachment as files, evidence as materials, photo::doubt as store};

use crate::{
    App, Caller, Refusal,
    attachment::{self, AttachmentView, readable},
    evidence::{self, Demand, Demands, Of, Standing},
    people::display_name,
    task::{self, Reader},
};

/// A doubt as somebody sees it who looks at one of its two sides.
#[derive(Debug, Clone)]
pub struct DoubtSeen {
    pub doubt: Doubt,
    /// The photograph of the material that is looked at.
    pub photo: PhotoSeen,
    pub twin: TwinSeen,
    /// Who dismissed it.
    pub dismissed_by: Option<String>,
    /// Whether the caller could dismiss it, or raise it again.
    pub decides: bool,
}

/// The other photograph of a doubt.
#[derive(Debug, Clone)]
pub enum TwinSeen {
    /// The doubt is about one photograph alone.
    None,
    /// There is one in the campaign, which is not for the caller to see.
    Hidden,
    Shown(Box<PhotoSeen>),
}

/// A photograph with what it is used for.
#[derive(Debug, Clone)]
pub struct PhotoSeen {
    pub file: AttachmentView,
    pub unit: Option<UnitId>,
    pub use_of: UseSeen,
}

#[derive(Debug, Clone)]
pub enum UseSeen {
    Evidence {
        evidence: Box<Evidence>,
        /// What it is filed for.
        requirements: Vec<(Of, Option<Demand>)>,
    },
    Task {
        task: chengjing_domain::id::TaskId,
        /// Its duty's.
        title: String,
    },
}

/// One material about whose photographs the caller may be told.
async fn must_look_into(
    q: &impl Queries,
    caller: &Caller,
    (campaign, id): (CampaignId, EvidenceId),
) -> Result<(Evidence, Standing), Refusal> {
    evidence::must(q, caller, Action::SeeDoubts, campaign, id).await
}

/// A doubt about a photograph of a material, on either side, as the caller saw it, where they may decide about it.
async fn must_decide(
    q: &impl Queries,
    caller: &Caller,
    key: (CampaignId, EvidenceId),
    id: DoubtId,
    seen: i64,
) -> Result<(Evidence, Standing, Doubt), Refusal> {
    let (evidence, standing) = must_look_into(q, caller, key).await?;
    let found = store::lookup(q, key.0, id).await?;
    let of_it = |doubt: &Doubt| doubt.evidence == Some(key.1) || doubt.twin_evidence == Some(key.1);
    let doubt = found.filter(of_it).ok_or(Refusal::NotFound)?;
    crate::refusal::obey(standing.decide(caller, Action::ReviewEvidence))?;
    if doubt.version != seen {
        return Err(Refusal::Stale);
    }
    for photo in std::iter::once(doubt.photo).chain(doubt.twin) {
        let attachment = files::lookup(q, key.0, photo).await?.ok_or(Refusal::NotFound)?;
        match readable(q, caller, &attachment).await {
            Ok(()) => {}
            Err(Refusal::NotFound) => {
                return Err(Refusal::conflict(
                    "另一张照片不在您的审核范围内，请由能看到两张照片的审核人处理",
                    "the other photograph is not yours to see; who sees both decides about it",
                ));
            }
            Err(other) => return Err(other),
        }
        if is_own(q, caller, &attachment).await? {
            return Err(Refusal::conflict(
                "不能处理自己报送的材料的疑点，请由他人处理",
                "nobody dismisses doubts about what they filed themselves",
            ));
        }
    }
    Ok((evidence, standing, doubt))
}

/// Whether a photograph is of a material that the caller filed, in any of its versions, or was brought by them.
async fn is_own(q: &impl Queries, caller: &Caller, attachment: &Attachment) -> Result<bool, Refusal> {
    let own = caller.actor.user;
    let filed = match attachment.subject {
        Some(AttachedTo::Evidence(id)) => materials::lookup(q, attachment.campaign, id).await?,
        Some(AttachedTo::Duty(_) | AttachedTo::Task(_) | AttachedTo::Observation(_)) | None => None,
    };
    let filed = filed.is_some_and(|filed| filed.versions().iter().any(|version| version.by == own));
    Ok(filed || attachment.uploaded_by == own)
}

/// What the caller sees of doubts of a campaign, put together for many of them.
struct Eyes<'a> {
    caller: &'a Caller,
    demands: Demands,
    reader: Reader,
}

impl<'a> Eyes<'a> {
    async fn new(
        app: &App,
        q: &impl Queries,
        caller: &'a Caller,
        campaign: CampaignId,
    ) -> Result<Self, Refusal> {
        let demands = Demands::load(app, q, campaign).await?;
        Ok(Self { caller, demands, reader: Reader::load(q, caller, campaign).await? })
    }

    /// A doubt, looked at from the side of that material. None: none of its photographs is there any more.
    async fn doubt(
        &self,
        q: &impl Queries,
        doubt: Doubt,
        (of, standing): (EvidenceId, &Standing),
    ) -> Result<Option<DoubtSeen>, Refusal> {
        let here = doubt.evidence == Some(of);
        let (own, other) = match (here, doubt.twin) {
            (true, twin) => (doubt.photo, twin),
            (false, Some(twin)) => (twin, Some(doubt.photo)),
            (false, None) => return Ok(None),
        };
        let Some(photo) = self.photo(q, doubt.campaign, own).await? else { return Ok(None) };
        let twin = match other {
            None => TwinSeen::None,
            Some(other) => match self.photo(q, doubt.campaign, other).await? {
                Some(seen) => TwinSeen::Shown(Box::new(seen)),
                None => TwinSeen::Hidden,
            },
        };
        let dismissed_by = match &doubt.state {
            DoubtState::Dismissed { by, .. } => Some(display_name(q, *by).await?),
            DoubtState::Open => None,
        };
        let mut decides = standing.decide(self.caller, Action::ReviewEvidence) == Decision::Allowed
            && !matches!(twin, TwinSeen::Hidden);
        let shown = match &twin {
            TwinSeen::Shown(twin) => Some(&twin.file.attachment),
            TwinSeen::None | TwinSeen::Hidden => None,
        };
        for attachment in std::iter::once(&photo.file.attachment).chain(shown) {
            decides = decides && !is_own(q, self.caller, attachment).await?;
        }
        Ok(Some(DoubtSeen { doubt, photo, twin, dismissed_by, decides }))
    }

    /// A photograph with what it is used for, where the caller may see it.
    async fn photo(
        &self,
        q: &impl Queries,
        campaign: CampaignId,
        id: AttachmentId,
    ) -> Result<Option<PhotoSeen>, Refusal> {
        let Some(found) = files::lookup(q, campaign, id).await? else { return Ok(None) };
        let (unit, use_of) = match found.subject {
            Some(AttachedTo::Evidence(id)) => {
                let Some((evidence, _)) =
                    hidden(evidence::must(q, self.caller, Action::SeeEvidence, campaign, id).await)?
                else {
                    return Ok(None);
                };
                let links = chengjing_store::evidence::link::list_of(q, campaign, &[id]).await?;
                let requirements = links.into_iter().map(|link| {
                    let of = Of { standard: link.standard, requirement: link.requirement };
                    let demand = self.demands.find(&of);
                    (of, demand)
                });
                let requirements = requirements.collect();
                (Some(evidence.unit), UseSeen::Evidence { evidence: Box::new(evidence), requirements })
            }
            Some(AttachedTo::Task(id)) => {
                let key = (campaign, id);
                let Some((stored, duty)) =
                    hidden(task::must(q, self.caller, &self.reader, Action::SeeTasks, key).await)?
                else {
                    return Ok(None);
                };
                (Some(stored.task.owed.unit), UseSeen::Task { task: id, title: duty.title })
            }
            Some(AttachedTo::Duty(_) | AttachedTo::Observation(_)) | None => return Ok(None),
        };
        Ok(Some(PhotoSeen { file: attachment::view(q, found).await?, unit, use_of }))
    }
}

/// What is not for the caller to see is not there.
fn hidden<T>(found: Result<T, Refusal>) -> Result<Option<T>, Refusal> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(Refusal::NotFound | Refusal::Forbidden) => Ok(None),
        Err(other) => Err(other),
    }
}
