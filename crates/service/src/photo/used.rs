//! For what photographs are used, as far as doubts are about it.

use std::collections::HashMap;

use chengjing_domain::{
    attachment::{AttachedTo, Attachment, Family},
    clock::day_of,
    evidence::{
        Evidence, Version,
        limit::{asked, not_before},
    },
    id::{AttachmentId, CampaignId, EvidenceId, TaskId, UnitId},
    photo::{
        Ground,
        doubt::{Claimed, Used, Window},
    },
    standard::FilingKind,
};
use chengjing_store::{
    Queries, attachment as files, evidence as materials, evidence::link as links, site, task,
};

use crate::{
    App, Refusal,
    evidence::{Demands, Of},
};

/// Fields of a caption that say where something was, the surest first.
const PLACES: [&str; 3] = ["点位", "地点", "位置"];

/// Whether it is looked into: an image of a photographs' material, or of what a task reports. A scanned document shows what is
/// asked for wherever else it is filed, and was edited by whatever scanned it.
pub(super) async fn is_looked_into(q: &impl Queries, attachment: &Attachment) -> Result<bool, Refusal> {
    if attachment.kind.family() != Family::Image {
        return Ok(false);
    }
    Ok(match attachment.subject {
        Some(AttachedTo::Task(_)) => true,
        Some(AttachedTo::Evidence(id)) => materials::lookup(q, attachment.campaign, id)
            .await?
            .is_some_and(|evidence| evidence.kind == FilingKind::Photo),
        Some(AttachedTo::Duty(_) | AttachedTo::Observation(_)) | None => false,
    })
}

/// The uses of photographs that are looked into; of the others nothing.
pub(super) async fn uses(
    q: &impl Queries,
    campaign: CampaignId,
    photos: &[AttachmentId],
) -> Result<Vec<(Used, Option<Evidence>)>, Refusal> {
    let attached = files::list_these(q, campaign, photos).await?;
    let mut of_evidence: Vec<EvidenceId> = Vec::new();
    let mut of_tasks: Vec<TaskId> = Vec::new();
    for one in &attached {
        match one.subject {
            Some(AttachedTo::Evidence(id)) => of_evidence.push(id),
            Some(AttachedTo::Task(id)) => of_tasks.push(id),
            Some(AttachedTo::Duty(_) | AttachedTo::Observation(_)) | None => {}
        }
    }
    let filed = materials::list_of(q, campaign, &of_evidence).await?;
    let owed: HashMap<TaskId, UnitId> = task::lookup_many(q, campaign, &of_tasks)
        .await?
        .into_iter()
        .map(|task| (task.id, task.owed.unit))
        .collect();
    let mut uses = Vec::with_capacity(attached.len());
    for one in attached {
        let (by, unit, evidence) = match one.subject {
            Some(by @ AttachedTo::Evidence(id)) => match filed.get(&id) {
                Some(evidence) if evidence.kind == FilingKind::Photo => (by, evidence.unit, Some(evidence)),
                Some(_) | None => continue,
            },
            Some(by @ AttachedTo::Task(id)) => match owed.get(&id) {
                Some(unit) => (by, *unit, None),
                None => continue,
            },
            Some(AttachedTo::Duty(_) | AttachedTo::Observation(_)) | None => continue,
        };
        let facts = one.picture.facts();
        let (mut place, mut named) = (facts.place.map(Ground::from), None);
        if let Some(version) = evidence.map(|evidence| shown_in(evidence, one.id)) {
            named = name_of(version);
            place = match site_of(q, campaign, version).await? {
                Some(claimed) => Some(claimed.ground),
                None => version.content.place.map(Ground::from).or(place),
            };
        }
        let used = Used { photo: one.id, by, unit, hash: one.hash, taken_at: facts.taken_at, place, named };
        uses.push((used, evidence.cloned()));
    }
    Ok(uses)
}

/// The last version of a material that holds a photograph.
pub(super) fn shown_in(evidence: &Evidence, photo: AttachmentId) -> &Version {
    let holds = |version: &&Version| version.content.files.contains(&photo);
    evidence.versions().iter().rev().find(holds).unwrap_or_else(|| evidence.latest())
}

/// What the caption calls the place.
fn name_of(version: &Version) -> Option<String> {
    let named = PLACES.iter().find_map(|field| version.content.caption.get(*field));
    named.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty())
}

/// The site that the caption names, where the campaign has one that is called so and knows where it is.
async fn site_of(
    q: &impl Queries,
    campaign: CampaignId,
    version: &Version,
) -> Result<Option<Claimed>, Refusal> {
    let Some(name) = name_of(version) else { return Ok(None) };
    let site = site::lookup_named(q, campaign, &name).await?;
    let position = site.and_then(|site| site.position);
    Ok(position.map(|position| Claimed { ground: position.into(), site: Some(name) }))
}

/// Where a version says that it was made: the site that it names, and the place that it gives.
pub(super) async fn claims(
    q: &impl Queries,
    campaign: CampaignId,
    version: &Version,
) -> Result<Vec<Claimed>, Refusal> {
    let given = version.content.place.map(|place| Claimed { ground: place.into(), site: None });
    Ok(site_of(q, campaign, version).await?.into_iter().chain(given).collect())
}

/// The windows of the requirements that a material is filed for, as of the day on which that version was filed.
pub(super) async fn windows(
    app: &App,
    q: &impl Queries,
    evidence: &Evidence,
    version: &Version,
) -> Result<Vec<Window>, Refusal> {
    let demands = Demands::load(app, q, evidence.campaign).await?;
    let mut windows = Vec::new();
    for link in links::list_of(q, evidence.campaign, &[evidence.id]).await? {
        let of = Of { standard: link.standard, requirement: link.requirement };
        let Some(demand) = demands.find(&of) else { continue };
        let requirement = demand.requirement();
        let first =
            asked(requirement, evidence.kind).and_then(|filing| not_before(filing, day_of(version.at)));
        let window = |not_before| Window { not_before, requirement: requirement.title.clone() };
        windows.extend(first.map(window));
    }
    Ok(windows)
}
