use chengjing_domain::{
    attachment::{AttachedTo, Picture},
    evidence::{Evidence, carrying::NotCarried},
    id::{AttachmentId, CampaignId, EvidenceId, UnitId},
    people::policy::Action,
};
use chengjing_store::{Tx, attachment as files, evidence as store, job, ledger};
use serde_json::json;

use super::{
    Demands, EvidenceSeen, Of, Standing,
    file::{filer, submit, told, wanted},
    must, origin, seen, subject,
};
use crate::{
    App, Caller, Refusal,
    attachment::look,
    duty::Names,
    refusal::{self, Faults},
};

/// What is carried over.
#[derive(Debug, Clone)]
pub struct Carrying {
    /// The material of another campaign, as it stands.
    pub from: (CampaignId, EvidenceId),
    /// Whose it is to be here.
    pub unit: UnitId,
    /// For which requirements of this campaign; each once.
    pub of: Vec<Of>,
}

/// Makes a material of another campaign one of this campaign too, for a unit for which the caller may file, and puts it before
/// the reviewers of each requirement that it is for. Its files are neither sent nor stored again.
pub async fn carry(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    carrying: Carrying,
) -> Result<(EvidenceSeen, Names), Refusal> {
    let id: EvidenceId = caller.id("evidence");
    let (here, caller) = (app.clone(), caller.clone());
    app.store
        .write(move |tx| {
            let (app, caller, carrying) = (here.clone(), caller.clone(), carrying.clone());
            async move {
                let standing = Standing::towards(&tx, &caller, campaign, carrying.unit).await?;
                refusal::obey(standing.decide(&caller, Action::FileEvidence))?;
                if let Some(there) = store::lookup(&tx, campaign, id).await? {
                    return seen(&app, &tx, &caller, (there, standing)).await;
                }
                let (source, _) = origin::must_see(&tx, &caller, carrying.from).await?;
                source.may_go_to(campaign)?;
                if is_there(&tx, &source, campaign, carrying.unit).await? {
                    return Err(Refusal::conflict(
                        "这份材料已经用在这个项目里了，请到那份材料上补充要求或取用新版本",
                        "this unit uses the material in that campaign already; link it there, or take over its newer version",
                    ));
                }
                let mut faults = Faults::default();
                let unit = filer(&tx, campaign, carrying.unit, &mut faults).await?;
                let demands = Demands::load(&app, &tx, campaign).await?;
                let wanted = wanted(&demands, &carrying.of, &mut faults);
                faults.end()?;
                let files = copies(&tx, &caller, &source, (campaign, id)).await?;
                let by = (caller.actor.user, caller.now);
                let new = source.carry((campaign, id), carrying.unit, files, by)?;
                let stored = store::add(&tx, &new).await?;
                submit(&tx, &caller, &stored, &wanted).await?;
                let mut told = told(&stored, unit, &wanted);
                told["from"] = json!(stored.origin());
                ledger::record(&tx, caller.act_named("evidence.carry", subject(&stored), told)).await?;
                note_at(&tx, &caller, &source, &stored).await?;
                seen(&app, &tx, &caller, (stored, standing)).await
            }
        })
        .await
}

/// Takes over what stands of the material that this one was carried over from: another version, which opens a review of each
/// requirement.
pub async fn follow(
    app: &App,
    caller: &Caller,
    (campaign, id): (CampaignId, EvidenceId),
    seen_version: i64,
    word: Option<String>,
) -> Result<(EvidenceSeen, Names), Refusal> {
    let (here, caller) = (app.clone(), caller.clone());
    app.store
        .write(move |tx| {
            let (app, caller, word) = (here.clone(), caller.clone(), word.clone());
            async move {
                let (before, standing) = must(&tx, &caller, Action::FileEvidence, campaign, id).await?;
                if before.version != seen_version {
                    return Err(Refusal::Stale);
                }
                let mut faults = Faults::default();
                let word = super::comment::words(word.as_deref(), "word", &mut faults);
                faults.end()?;
                let origin = before.origin().ok_or(NotCarried::NotItsOrigin)?;
                let (source, _) =
                    match origin::must_see(&tx, &caller, (origin.campaign, origin.evidence)).await {
                        // The material here is known to the caller, and that it came from somewhere is not.
                        Err(Refusal::NotFound) => return Err(NotCarried::NotItsOrigin.into()),
                        other => other?,
                    };
                before.may_follow(&source)?;
                let files = copies(&tx, &caller, &source, (campaign, id)).await?;
                let after = before.follow(&source, files, (caller.actor.user, caller.now))?;
                let stored = store::save(&tx, &after).await?;
                super::renew::submit_anew(&app, &tx, &caller, &stored, word.as_deref()).await?;
                let told = json!({
                    "title": stored.latest().content.title,
                    "number": stored.latest().number,
                    "word": word,
                    "from": stored.origin(),
                });
                ledger::record(&tx, caller.act_named("evidence.follow", subject(&stored), told)).await?;
                note_at(&tx, &caller, &source, &stored).await?;
                seen(&app, &tx, &caller, (stored, standing)).await
            }
        })
        .await
}

/// Whether a unit has that material already.
async fn is_there(tx: &Tx, source: &Evidence, campaign: CampaignId, unit: UnitId) -> Result<bool, Refusal> {
    let key = (source.campaign, source.id);
    for (_, id) in store::list_carried(tx, key, Some(campaign), origin::MOST).await? {
        if store::lookup(tx, campaign, id).await?.is_some_and(|one| one.unit == unit) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The files of what stands of a material, as files of another campaign's: those that are there, and the others as new rows to
/// the same bytes.
async fn copies(
    tx: &Tx,
    caller: &Caller,
    source: &Evidence,
    (campaign, id): (CampaignId, EvidenceId),
) -> Result<Vec<AttachmentId>, Refusal> {
    let to = AttachedTo::Evidence(id);
    let there = files::list_of(tx, campaign, to).await?;
    let mut own: Vec<AttachmentId> = Vec::new();
    for file in &source.latest().content.files {
        let file = files::lookup(tx, source.campaign, *file).await?;
        let file = file.ok_or(Refusal::Internal("a file of a material is missing"))?;
        let had =
            there.iter().find(|one| one.hash == file.hash && one.name == file.name && !own.contains(&one.id));
        if let Some(had) = had {
            own.push(had.id);
            continue;
        }
        let key = (campaign, AttachmentId(caller.ids.uuid(caller.now)));
        let copy = files::add(tx, &file.carry(key, to, (caller.actor.user, caller.now))).await?;
        if copy.picture == Picture::Waiting {
            job::add(tx, &look::job(caller, campaign, copy.id)).await?;
        }
        own.push(copy.id);
    }
    Ok(own)
}

/// The other campaign's ledger hears of it too, by ids alone: its readers need not know this campaign.
async fn note_at(tx: &Tx, caller: &Caller, source: &Evidence, carried: &Evidence) -> Result<(), Refusal> {
    let told = json!({
        "title": source.latest().content.title,
        "number": source.latest().number,
        "to": { "campaign": carried.campaign, "evidence": carried.id },
    });
    ledger::record(tx, caller.act_named("evidence.carried", subject(source), told)).await?;
    Ok(())
}

impl From<NotCarried> for Refusal {
    fn from(refused: NotCarried) -> Self {
        match refused {
            NotCarried::SameCampaign => Self::invalid(
                "from.campaign_id",
                "材料就在这个项目里，直接补充要求即可",
                "the material is in this campaign; file it for other requirements there",
            ),
            NotCarried::CameFromThere => Self::conflict(
                "这份材料就是从那个项目取用来的",
                "the material was taken from that campaign itself",
            ),
            NotCarried::NotItsOrigin => Self::conflict(
                "这份材料没有可以取用的原材料",
                "there is no material from which this one could be renewed",
            ),
            NotCarried::NothingNewer => {
                Self::conflict("原材料没有更新的版本", "the original has no newer version")
            }
            NotCarried::TooManyVersions => chengjing_domain::evidence::TooManyVersions.into(),
        }
    }
}
