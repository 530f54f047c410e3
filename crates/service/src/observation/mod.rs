//! Observations 观察: facts as somebody recorded them. What was recorded stays; it is accepted, released and superseded.

pub mod accept;
pub(crate) mod check;
pub mod list;
pub mod look_up;
mod named;
pub mod observable;
pub mod record;
pub mod release;
pub mod supersede;
pub mod withdraw;

use chengjing_domain::{
    id::{AttachmentId, CampaignId, ObservationId, StandardId, UnitId},
    ledger::{Subject, SubjectKind},
    observation::{KeptObservation, ObservationRefusal},
    people::policy::{Action, Resource},
    score::Fact,
};
use chengjing_store::{Queries, observation as store};
use chrono::{DateTime, Utc};
pub(crate) use named::views;
pub use named::{Named, ObservationView, Thing};
use serde_json::{Value, json};

use crate::{Caller, Refusal};

/// What somebody wants to have recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct NewObservation {
    pub fact: Fact,
    /// The standard whose leaf, entry or honour it is about; none where it is about what standards share.
    pub standard: Option<StandardId>,
    /// When it was made; None: at the end of its period, or now.
    pub at: Option<DateTime<Utc>>,
    pub covert: bool,
    pub round: Option<String>,
    pub unit: Option<UnitId>,
    pub source: String,
    pub period: Option<String>,
    pub files: Vec<AttachmentId>,
    /// Whether it is accepted with it.
    pub accepted: bool,
}

/// Whether the caller sees what was seen covertly before it is released.
pub(crate) fn sees_hidden(caller: &Caller, campaign: CampaignId) -> bool {
    caller.may(Action::ReleaseObservations, Resource::Campaign(campaign)).is_ok()
}

/// An observation that the caller may see.
pub(crate) async fn must_see(
    q: &impl Queries,
    caller: &Caller,
    campaign: CampaignId,
    id: ObservationId,
) -> Result<KeptObservation, Refusal> {
    caller.may(Action::SeeObservations, Resource::Campaign(campaign))?;
    let found = store::lookup(q, campaign, id).await?;
    found.filter(|one| !one.is_hidden() || sees_hidden(caller, campaign)).ok_or(Refusal::NotFound)
}

/// The same, as the caller saw it.
async fn must(
    q: &impl Queries,
    caller: &Caller,
    (campaign, id): (CampaignId, ObservationId),
    seen: i64,
) -> Result<KeptObservation, Refusal> {
    let found = must_see(q, caller, campaign, id).await?;
    if found.version() == seen { Ok(found) } else { Err(Refusal::Stale) }
}

fn subject(one: &KeptObservation) -> Subject {
    Subject::of(one.campaign, SubjectKind::Observation, one.id.0)
}

/// What the ledger is told of it: who reads the ledger learns nothing of what was seen covertly, not even later.
fn told(one: &KeptObservation) -> Value {
    if one.covert {
        return json!({ "kind": one.fact.kind(), "covert": true });
    }
    json!({ "fact": one.fact, "at": one.at, "source": one.source, "period": one.period })
}

impl From<ObservationRefusal> for Refusal {
    fn from(refusal: ObservationRefusal) -> Self {
        let (zh, en) = match refusal {
            ObservationRefusal::Accepted => ("已经认可", "it is accepted already"),
            ObservationRefusal::Open => ("不是暗访所见，无需公开", "it was not seen covertly"),
            ObservationRefusal::Released => ("已经公开", "it is released already"),
            ObservationRefusal::Superseded => {
                ("已被更正，请更正最新的一条", "it is superseded already; supersede the newest one")
            }
            ObservationRefusal::Withdraws => {
                ("这一条只说明原记录有误", "it only says that another one was recorded in error")
            }
            ObservationRefusal::Other => {
                ("更正的内容须与原记录是同一事项", "what supersedes it must be about the same thing")
            }
        };
        Self::conflict(zh, en)
    }
}
