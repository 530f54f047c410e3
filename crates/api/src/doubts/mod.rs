//! Doubts 疑点 about the photographs of materials: what there is to be looked at, each photograph beside its twin.

pub(crate) mod dismiss;
pub(crate) mod list;
pub(crate) mod list_uncompared;
pub(crate) mod raise;

use std::collections::BTreeMap;

use chengjing_domain::photo::{DoubtKind, DoubtState, Found, Sign, doubt::Alike};
use chengjing_service::{
    duty::Names,
    photo::{DoubtSeen, PhotoSeen, TwinSeen, UseSeen},
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    attachments::AttachmentBody,
    evidence::{PlaceBody, RequirementLine},
    http::{
        version::Tagged,
        words::{Named, mirror},
    },
    users::Person,
};

mirror! {
    /// What was found about a photograph. `same_bytes`: its twin is the same file. `same_shot`: its twin shows the same shot,
    /// altered or taken again from the same spot. `burst`: its twin is of one burst with it, and is used for another site or by
    /// another unit. `too_old`: taken before the window of a requirement. `edited`: its metadata are not as its device wrote
    /// them. `far_off`: taken far from where its material says.
    #[serde(rename_all = "snake_case")]
    DoubtKindWord = DoubtKind { SameBytes, SameShot, Burst, TooOld, Edited, FarOff }
}

/// How a photograph lies in its twin.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AlikeBody {
    /// Spots that both have at the same place.
    spots: u32,
    /// Of the spots that both could show, the part that both do, in hundredths.
    share: u32,
    /// How much larger things are in the twin, in hundredths.
    scale: u32,
    /// How it is turned in the twin, in tenths of a degree, clockwise.
    turn: i32,
    mirrored: bool,
}

/// A sign that metadata are not as the device wrote them.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "is", rename_all = "snake_case")]
pub(crate) enum SignBody {
    /// A program wrote the file in which pictures are edited.
    Program { name: String },
    /// It was changed after it was taken.
    Changed { taken_at: DateTime<Utc>, changed_at: DateTime<Utc> },
    /// It names its device, and not when it was taken.
    NoTime { device: String },
    /// It says that it was taken after it had arrived here.
    NotYet { taken_at: DateTime<Utc>, arrived_at: DateTime<Utc> },
}

/// The material that a photograph is of.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DoubtedEvidence {
    id: Uuid,
    title: String,
    made_on: Option<NaiveDate>,
    place: Option<PlaceBody>,
    caption: BTreeMap<String, String>,
    /// For what it is filed.
    requirements: Vec<RequirementLine>,
    filed_at: DateTime<Utc>,
}

/// The task that a photograph reports.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DoubtedTask {
    id: Uuid,
    title: String,
}

/// A photograph with what it is used for: a material or a task.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DoubtedPhoto {
    file: AttachmentBody,
    unit: Option<Named>,
    evidence: Option<DoubtedEvidence>,
    task: Option<DoubtedTask>,
}

/// That a reviewer looked at it, and why it is none.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DismissalBody {
    by: Person,
    at: DateTime<Utc>,
    /// Null where it may tell of a twin that the caller may not see.
    reason: Option<String>,
}

/// A doubt about a photograph of a material.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DoubtBody {
    id: Uuid,
    kind: DoubtKindWord,
    /// The photograph of this material.
    photo: DoubtedPhoto,
    /// The other one; null: it is about one photograph alone, or `hidden`.
    twin: Option<DoubtedPhoto>,
    /// There is a twin in the campaign, which is not for the caller to see; nothing else is told of it.
    hidden: bool,
    alike: Option<AlikeBody>,
    /// Between the two, of a burst.
    seconds: Option<u32>,
    /// Between the two sites of a burst, or how far off it was taken.
    metres: Option<u32>,
    /// The site that its material names, of one that is far off; null: the place that it gives.
    site: Option<String>,
    /// The day by its camera, of one that is too old.
    taken_on: Option<NaiveDate>,
    /// The first day of the window.
    not_before: Option<NaiveDate>,
    /// The requirement whose window it is.
    requirement: Option<String>,
    signs: Vec<SignBody>,
    found_at: DateTime<Utc>,
    /// Null: it is open.
    dismissal: Option<DismissalBody>,
    /// Whether the caller could dismiss it, or raise it again.
    decides: bool,
    version: i64,
}

impl From<Alike> for AlikeBody {
    fn from(alike: Alike) -> Self {
        let Alike { spots, share, scale, turn, mirrored } = alike;
        Self { spots, share, scale, turn, mirrored }
    }
}

impl From<Sign> for SignBody {
    fn from(sign: Sign) -> Self {
        match sign {
            Sign::Program { name } => Self::Program { name },
            Sign::Changed { taken_at, changed_at } => Self::Changed { taken_at, changed_at },
            Sign::NoTime { device } => Self::NoTime { device },
            Sign::NotYet { taken_at, arrived_at } => Self::NotYet { taken_at, arrived_at },
        }
    }
}

impl DoubtedPhoto {
    fn new(seen: PhotoSeen, names: &Names) -> Self {
        let PhotoSeen { file, unit, use_of } = seen;
        let (evidence, task) = match use_of {
            UseSeen::Evidence { evidence, requirements } => {
                let latest = evidence.latest();
                let told = DoubtedEvidence {
                    id: evidence.id.0,
                    title: latest.content.title.clone(),
                    made_on: latest.content.made_on,
                    place: latest.content.place.map(Into::into),
                    caption: latest.content.caption.clone(),
                    requirements: requirements
                        .into_iter()
                        .map(|(of, demand)| RequirementLine::new(of, demand.as_ref()))
                        .collect(),
                    filed_at: latest.at,
                };
                (Some(told), None)
            }
            UseSeen::Task { task, title } => (None, Some(DoubtedTask { id: task.0, title })),
        };
        Self { file: file.into(), unit: unit.map(|unit| names.unit(unit).into()), evidence, task }
    }
}

impl DoubtBody {
    fn new(seen: DoubtSeen, names: &Names) -> Self {
        let DoubtSeen { doubt, photo, twin, dismissed_by, decides } = seen;
        let hidden = matches!(twin, TwinSeen::Hidden);
        let dismissal = match doubt.state {
            DoubtState::Open => None,
            DoubtState::Dismissed { by, at, reason } => Some(DismissalBody {
                by: Person { id: by.0, display_name: dismissed_by.unwrap_or_default() },
                at,
                reason: (!hidden).then_some(reason),
            }),
        };
        let mut body = Self {
            id: doubt.id.0,
            kind: doubt.found.kind().into(),
            photo: DoubtedPhoto::new(photo, names),
            twin: match twin {
                TwinSeen::Shown(twin) => Some(DoubtedPhoto::new(*twin, names)),
                TwinSeen::None | TwinSeen::Hidden => None,
            },
            hidden,
            alike: None,
            seconds: None,
            metres: None,
            site: None,
            taken_on: None,
            not_before: None,
            requirement: None,
            signs: Vec::new(),
            found_at: doubt.found_at,
            dismissal,
            decides,
            version: doubt.version,
        };
        match doubt.found {
            // How the two differ tells what the other one is like.
            Found::SameShot(_) | Found::Burst { .. } if hidden => {}
            Found::SameBytes => {}
            Found::SameShot(alike) => body.alike = Some(alike.into()),
            Found::Burst { seconds, metres, alike } => {
                (body.seconds, body.metres, body.alike) = (Some(seconds), metres, Some(alike.into()));
            }
            Found::TooOld { taken_on, not_before, requirement } => {
                (body.taken_on, body.not_before) = (Some(taken_on), Some(not_before));
                body.requirement = Some(requirement);
            }
            Found::Edited { signs } => body.signs = signs.into_iter().map(Into::into).collect(),
            Found::FarOff { metres, site } => (body.metres, body.site) = (Some(metres), site),
        }
        body
    }
}

fn tagged((seen, names): (DoubtSeen, Names)) -> Tagged<DoubtBody> {
    Tagged::ok(seen.doubt.version, DoubtBody::new(seen, &names))
}
