//! Materials 材料: filed once by a unit, for any number of requirements, each of which is reviewed for itself.
//!
//! A unit's people see and file what is their units'; reviewers decide about all; who leads or audits looks at it. To anybody
//! else a material is not there, and neither are its files.

pub mod ask;
pub mod carry;
pub mod check;
pub mod comment;
mod content;
mod count;
pub mod demand;
pub mod dossier;
pub mod elsewhere;
pub mod expire;
pub mod file;
pub mod link;
pub mod list;
pub mod list_remarks;
pub mod look_up;
pub mod merge;
mod origin;
pub mod queue;
pub mod renew;
pub mod requirements;
pub mod review;
pub mod submit;
pub mod suggest;
pub mod unlink;

use std::collections::HashMap;

use chengjing_domain::{
    attachment::AttachedTo,
    clock::day_of,
    duty::task::with_those_above,
    evidence::{
        Content, Evidence, EvidenceLink, Remark,
        limit::{self, Limit},
        review::{DeedKind, Party, Refused, Review, Shown, is_over, may},
    },
    id::{AttachmentId, CampaignId, EvidenceId, EvidenceLinkId, RemarkId, UnitId, UserId},
    ledger::{Subject, SubjectKind},
    people::policy::{self, Action, Decision, Resource, Visible},
    standard::FilingKind,
};
pub use chengjing_store::evidence::link::Of;
use chengjing_store::{
    Queries, Tx, campaign as campaigns,
    evidence::{self as store, link as links, remark as remarks},
    people,
};

pub(crate) use self::count::Counts;
pub use self::{
    demand::{Demand, Demands},
    origin::OtherEnd,
};
use crate::{
    App, Caller, Refusal,
    attachment::{self, AttachmentView},
    duty::Names,
    photo, refusal,
};

/// A material with all that its readers need.
#[derive(Debug, Clone)]
pub struct EvidenceSeen {
    pub evidence: Evidence,
    pub links: Vec<LinkSeen>,
    /// The files of all its versions.
    pub files: HashMap<AttachmentId, AttachmentView>,
    /// What people are called who filed it or decided about it.
    pub people: HashMap<UserId, String>,
    /// Whether the caller may file another version, and for other requirements.
    pub files_more: bool,
    pub comments: bool,
    /// Where it was taken from, and where it was carried over to, as far as the caller sees that.
    pub source: Option<OtherEnd>,
    pub uses: Vec<OtherEnd>,
}

/// That it is filed for a requirement, as the caller sees it.
#[derive(Debug, Clone)]
pub struct LinkSeen {
    pub link: EvidenceLink,
    /// None: the standard was detached, or its edition does not know the requirement any more.
    pub demand: Option<Demand>,
    /// What stands between the version that stands and the requirement.
    pub limits: Vec<Limit>,
    /// What the caller could do to its review now.
    pub possible: Vec<DeedKind>,
}

/// A material in a list.
#[derive(Debug, Clone)]
pub struct EvidenceRow {
    pub evidence: Evidence,
    pub links: Vec<(EvidenceLink, Option<Demand>)>,
}

/// What somebody said of a material, or did to it, with what they are called.
#[derive(Debug, Clone)]
pub struct RemarkSeen {
    pub remark: Remark,
    pub by: String,
}

/// As what the caller could act towards the materials of a unit; and whose it is, with the units above.
#[derive(Debug, Clone)]
pub(crate) struct Standing {
    unit: Vec<UnitId>,
    campaign: CampaignId,
}

impl Standing {
    pub(crate) async fn towards(
        q: &impl Queries,
        caller: &Caller,
        campaign: CampaignId,
        unit: UnitId,
    ) -> Result<Self, Refusal> {
        Ok(Self::under(campaign, unit, &above(q, caller, campaign).await?))
    }

    /// The same, where what is above units was asked for already.
    pub(crate) fn under(campaign: CampaignId, unit: UnitId, parents: &HashMap<UnitId, UnitId>) -> Self {
        Self { unit: with_those_above([unit], parents), campaign }
    }

    pub(crate) fn decide(&self, caller: &Caller, action: Action) -> Decision {
        let decide =
            |action| policy::decide(Some(&caller.actor), action, Resource::Units(self.campaign, &self.unit));
        // Who does not see the material learns nothing of it, whatever else of its unit they see.
        match decide(Action::SeeEvidence) {
            Decision::Allowed => match decide(action) {
                Decision::Hidden => Decision::Forbidden,
                decision => decision,
            },
            Decision::LogInFirst => Decision::LogInFirst,
            Decision::Forbidden | Decision::Hidden => Decision::Hidden,
        }
    }

    fn may(&self, caller: &Caller, action: Action) -> bool {
        self.decide(caller, action) == Decision::Allowed
    }

    /// What the caller could do to a review.
    fn possible(
        &self,
        caller: &Caller,
        (evidence, link): (&Evidence, &EvidenceLink),
        demand: Option<&Demand>,
    ) -> Vec<DeedKind> {
        let review = &link.review;
        let own = matches!(review, Review::Submitted { by, .. } if *by == caller.actor.user);
        let parties = [(Party::Unit, Action::FileEvidence), (Party::Reviewer, Action::ReviewEvidence)];
        let parties: Vec<Party> = parties
            .into_iter()
            .filter(|(_, action)| self.may(caller, *action))
            .map(|(party, _)| party)
            .collect();
        let could = |deed: &DeedKind| parties.iter().any(|party| may(review.kind(), *deed, *party));
        // Nobody decides about what they submitted themselves; and what waits or is accepted is submitted anew by a version.
        let decides = |deed: &DeedKind| !own || !matches!(deed, DeedKind::Accept | DeedKind::Return);
        let again = |deed: &DeedKind| *deed != DeedKind::Submit || matches!(review, Review::Returned { .. });
        let today = day_of(caller.now);
        let counts =
            demand.is_some_and(|demand| !is_over(review::counts_until(evidence, link, demand), today));
        let takes = |deed: &DeedKind| *deed != DeedKind::Accept || counts;
        let possible = |deed: &DeedKind| could(deed) && decides(deed) && again(deed) && takes(deed);
        DeedKind::ALL.into_iter().filter(possible).collect()
    }
}

/// What is above each unit, as far as it matters for the caller: only a scope of units needs the tree.
pub(crate) async fn above(
    q: &impl Queries,
    caller: &Caller,
    campaign: CampaignId,
) -> Result<HashMap<UnitId, UnitId>, Refusal> {
    Ok(match policy::visible(&caller.actor, Action::SeeEvidence, campaign) {
        Visible::OfUnits(_) => campaigns::unit_parents(q, campaign).await?,
        Visible::All | Visible::Nothing => HashMap::new(),
    })
}

/// One material that the caller may do `action` to.
pub(crate) async fn must(
    q: &impl Queries,
    caller: &Caller,
    action: Action,
    campaign: CampaignId,
    id: EvidenceId,
) -> Result<(Evidence, Standing), Refusal> {
    let Some(found) = store::lookup(q, campaign, id).await? else {
        return Err(Refusal::NotFound);
    };
    let standing = Standing::towards(q, caller, campaign, found.unit).await?;
    refusal::obey(standing.decide(caller, action))?;
    Ok((found, standing))
}

/// As [`must`], in the version that the caller saw.
async fn must_as_seen(
    q: &impl Queries,
    caller: &Caller,
    action: Action,
    (campaign, id): (CampaignId, EvidenceId),
    seen: i64,
) -> Result<(Evidence, Standing), Refusal> {
    let (found, standing) = must(q, caller, action, campaign, id).await?;
    if found.version == seen { Ok((found, standing)) } else { Err(Refusal::Stale) }
}

/// The link of a material with that id, as the caller saw it.
async fn link_as_seen(
    q: &impl Queries,
    of: &Evidence,
    id: EvidenceLinkId,
    seen: i64,
) -> Result<EvidenceLink, Refusal> {
    let found = links::lookup(q, of.campaign, id).await?;
    let found = found.filter(|link| link.evidence == of.id).ok_or(Refusal::NotFound)?;
    if found.version == seen { Ok(found) } else { Err(Refusal::Stale) }
}

/// The units whose materials the caller sees; None: all. Who sees none is told that they may not, or that nothing is there.
pub(crate) async fn scope(
    q: &impl Queries,
    caller: &Caller,
    campaign: CampaignId,
) -> Result<Option<Vec<UnitId>>, Refusal> {
    scope_of(q, caller, Action::SeeEvidence, campaign).await
}

/// The same of those to whose materials the caller may do that.
pub(crate) async fn scope_of(
    q: &impl Queries,
    caller: &Caller,
    action: Action,
    campaign: CampaignId,
) -> Result<Option<Vec<UnitId>>, Refusal> {
    match policy::visible(&caller.actor, action, campaign) {
        Visible::All => {
            campaigns::lookup(q, campaign).await?.ok_or(Refusal::NotFound)?;
            Ok(None)
        }
        Visible::OfUnits(units) => Ok(Some(campaigns::list_units_below(q, campaign, &units).await?)),
        Visible::Nothing => {
            caller.may(action, Resource::Campaign(campaign))?;
            Err(Refusal::Forbidden)
        }
    }
}

/// A material as the caller sees it.
pub(crate) async fn seen(
    app: &App,
    q: &impl Queries,
    caller: &Caller,
    (evidence, standing): (Evidence, Standing),
) -> Result<(EvidenceSeen, Names), Refusal> {
    let campaign = evidence.campaign;
    let demands = Demands::load(app, q, campaign).await?;
    let mut seen_links = Vec::new();
    for link in links::list_of(q, campaign, &[evidence.id]).await? {
        let of = Of { standard: link.standard, requirement: link.requirement.clone() };
        let demand = demands.find(&of);
        let limits = match &demand {
            Some(demand) => limits(q, &evidence, demand, caller).await?,
            None => Vec::new(),
        };
        let possible = standing.possible(caller, (&evidence, &link), demand.as_ref());
        seen_links.push(LinkSeen { link, demand, limits, possible });
    }
    let attached = attachment::list_of(q, campaign, AttachedTo::Evidence(evidence.id)).await?;
    let mut who: Vec<UserId> = evidence.versions().iter().map(|version| version.by).collect();
    for one in &seen_links {
        who.extend(deciders(&one.link.review));
    }
    who.sort_unstable();
    who.dedup();
    let seen = EvidenceSeen {
        files: attached.into_iter().map(|file| (file.attachment.id, file)).collect(),
        people: people::display_names(q, &who).await?,
        files_more: standing.may(caller, Action::FileEvidence),
        comments: standing.may(caller, Action::CommentEvidence),
        source: origin::source_of(q, caller, &evidence).await?,
        uses: origin::uses_of(q, caller, &evidence).await?,
        links: seen_links,
        evidence,
    };
    Ok((seen, Names::load(q, campaign).await?))
}

/// Whose names a review needs.
fn deciders(review: &Review) -> Vec<UserId> {
    let own = match review {
        Review::Submitted { by, .. } | Review::Returned { by, .. } => Some(*by),
        Review::Accepted { .. } | Review::Expired { .. } => None,
    };
    let stands = match review {
        Review::Accepted { acceptance } | Review::Expired { acceptance, .. } => Some(acceptance.by),
        Review::Submitted { stands, .. } | Review::Returned { stands, .. } => {
            stands.as_ref().map(|one| one.by)
        }
    };
    own.into_iter().chain(stands).collect()
}

/// Materials as a list shows them.
pub(crate) async fn rows(
    app: &App,
    q: &impl Queries,
    campaign: CampaignId,
    materials: Vec<Evidence>,
) -> Result<Vec<EvidenceRow>, Refusal> {
    if materials.is_empty() {
        return Ok(Vec::new());
    }
    let demands = Demands::load(app, q, campaign).await?;
    let ids: Vec<EvidenceId> = materials.iter().map(|one| one.id).collect();
    let mut of: HashMap<EvidenceId, Vec<(EvidenceLink, Option<Demand>)>> = HashMap::new();
    for link in links::list_of(q, campaign, &ids).await? {
        let demand = demands.find(&Of { standard: link.standard, requirement: link.requirement.clone() });
        of.entry(link.evidence).or_default().push((link, demand));
    }
    let row =
        |evidence: Evidence| EvidenceRow { links: of.remove(&evidence.id).unwrap_or_default(), evidence };
    Ok(materials.into_iter().map(row).collect())
}

/// What stands between the version that stands and a requirement, today.
async fn limits(
    q: &impl Queries,
    of: &Evidence,
    demand: &Demand,
    caller: &Caller,
) -> Result<Vec<Limit>, Refusal> {
    let content = &of.latest().content;
    limits_of(q, (of.campaign, Some(of.id)), (of.kind, content, of.pieces()), demand, caller).await
}

async fn limits_of(
    q: &impl Queries,
    (campaign, own): (CampaignId, Option<EvidenceId>),
    (kind, content, pieces): (FilingKind, &Content, u32),
    demand: &Demand,
    caller: &Caller,
) -> Result<Vec<Limit>, Refusal> {
    let already = links::already(q, campaign, &demand.of, (kind, content.activity.as_deref()), own).await?;
    Ok(limit::check(demand.requirement(), (kind, content, pieces), already, day_of(caller.now)))
}

/// Puts the version that stands before the reviewers of a requirement that it was not filed for; what its limits refuse is
/// added to the faults.
async fn put_link(
    tx: &Tx,
    caller: &Caller,
    of: &Evidence,
    demand: &Demand,
    faults: &mut refusal::Faults,
) -> Result<Option<EvidenceLink>, Refusal> {
    let before = faults.len();
    refuse(limits(tx, of, demand, caller).await?, demand, faults);
    if faults.len() > before {
        return Ok(None);
    }
    let review = Review::Submitted {
        shown: shown(of),
        by: caller.actor.user,
        at: caller.now,
        stands: None,
        lapsed: false,
    };
    let new = EvidenceLink {
        campaign: of.campaign,
        id: EvidenceLinkId(caller.ids.uuid(caller.now)),
        evidence: of.id,
        unit: of.unit,
        kind: of.kind,
        standard: demand.of.standard,
        requirement: demand.of.requirement.clone(),
        review,
        changed_at: caller.now,
        version: 1,
    };
    let stored = links::add(tx, &new).await?;
    say(tx, caller, of, Some(stored.id), Some(DeedKind::Submit), None).await?;
    Ok(Some(stored))
}

/// Has the photographs of a material looked into: what it says of them, or what it is filed for, changed.
async fn look_into(tx: &Tx, caller: &Caller, of: &Evidence) -> Result<(), Refusal> {
    if of.kind != FilingKind::Photo {
        return Ok(());
    }
    Ok(photo::judge::order(tx, caller, of.campaign, &of.latest().content.files).await?)
}

fn refuse(limits: Vec<Limit>, demand: &Demand, faults: &mut refusal::Faults) {
    let title = &demand.requirement().title;
    for limit in limits.into_iter().filter(Limit::refuses) {
        faults.add(limit.field(), format!("{title}：{}", limit.zh()), format!("{title}: {}", limit.en()));
    }
}

fn shown(of: &Evidence) -> Shown {
    Shown { version: of.latest().number, pieces: of.pieces() }
}

/// Adds to what was said of a material.
async fn say(
    tx: &Tx,
    caller: &Caller,
    of: &Evidence,
    link: Option<EvidenceLinkId>,
    deed: Option<DeedKind>,
    text: Option<String>,
) -> Result<Remark, Refusal> {
    let new = Remark {
        campaign: of.campaign,
        id: RemarkId(caller.ids.uuid(caller.now)),
        evidence: of.id,
        link,
        deed,
        text,
        by: caller.actor.user,
        at: caller.now,
    };
    Ok(remarks::add(tx, &new).await?)
}

fn subject(of: &Evidence) -> Subject {
    Subject::of(of.campaign, SubjectKind::Evidence, of.id.0)
}

const TOO_OLD: (&str, &str) = (
    "材料形成的日期已超出要求的时限，不能通过，请退回",
    "it was made earlier than the requirement allows; return it",
);

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::NotYours => Self::Forbidden,
            Refused::NotNow(_) => {
                Self::conflict("现在的状态不能这样处理", "that can't be done as the review stands")
            }
            Refused::OwnWork => Self::conflict(
                "不能审核自己提交的材料，请由他人审核",
                "nobody reviews what they submitted themselves",
            ),
            Refused::SameVersion => Self::conflict(
                "这一版已经审核过，请补充后重新提交",
                "this version was reviewed; file another one",
            ),
            Refused::Locked => Self::conflict(
                "材料通过过审核，不能再取消关联",
                "it was accepted for this requirement once, and stays with it",
            ),
            Refused::NotOver => Self::conflict("还没有过期", "its time is not over"),
            Refused::TooOld => Self::conflict(TOO_OLD.0, TOO_OLD.1),
        }
    }
}
