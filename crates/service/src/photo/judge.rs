//! Looks into photographs: compares each once with all that were there before it, and with what its material says of it as often
//! as that changes.

use std::collections::HashMap;

use chengjing_domain::{
    attachment::Attachment,
    id::{AttachmentId, CampaignId, DoubtId, EntryId, EvidenceId, Ids, JobId},
    ledger::{Act, Author, Subject, SubjectKind},
    photo::{
        Doubt, DoubtState, Fingerprint, Found, Likeness, Traces,
        doubt::{between, edited, far_off, too_old},
    },
};
use chengjing_store::{
    Queries, StoreError, Tx, attachment as files,
    job::{self, JobFailure, JobRun, NewJob},
    ledger,
    photo::{self as store, Photo, doubt as doubts},
};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::used::{claims, is_looked_into, shown_in, uses, windows};
use crate::{App, Caller, Refusal, daily};

/// The kind of job that looks into the photographs of a campaign, one after the other: so no two overlook each other.
pub const KIND: &str = "photo.judge";

/// Twins of one photograph that are told, the likest ones.
const MOST_TWINS: usize = 20;

/// Has photographs looked into, in the write that changed what is said of them. Those that were not looked at yet come when
/// they are.
pub(crate) async fn order(
    tx: &Tx,
    caller: &Caller,
    campaign: CampaignId,
    photos: &[AttachmentId],
) -> Result<(), StoreError> {
    if store::ask(tx, campaign, photos).await? == 0 {
        return Ok(());
    }
    job::order(tx, &new_job(&*caller.ids, campaign, caller.now)).await.map(drop)
}

/// Keeps what a look at an image gave, in the write that notes the look, and has it looked into where it is used already.
pub(crate) async fn keep(
    app: &App,
    tx: &Tx,
    attachment: &Attachment,
    (look, traces): (Option<Fingerprint>, Traces),
) -> Result<(), Refusal> {
    let due = is_looked_into(tx, attachment).await?;
    let (campaign, id) = (attachment.campaign, attachment.id);
    store::add(tx, &Photo { campaign, id, look, traces, number: None, due: i64::from(due) }).await?;
    if due {
        job::order(tx, &new_job(&*app.ids, campaign, app.now())).await?;
    }
    Ok(())
}

/// Belongs to no campaign's list of jobs: every photograph orders it.
pub(super) fn new_job(ids: &dyn Ids, campaign: CampaignId, now: DateTime<Utc>) -> NewJob {
    NewJob { campaign: None, ..daily::new_job(KIND, JobId(ids.uuid(now)), campaign, now) }
}

/// Does such a job.
pub(crate) async fn work(app: App, run: JobRun) -> Result<Value, JobFailure> {
    let campaign = daily::campaign_of(&run)?;
    let passing = |refusal: Refusal| JobFailure::Passing(refusal.to_string());
    let judged = judge_all(&app, campaign).await.map_err(passing)?;
    Ok(json!({ "judged": judged }))
}

/// Looks into all photographs of a campaign for which that is asked; says how many there were.
pub async fn judge_all(app: &App, campaign: CampaignId) -> Result<usize, Refusal> {
    let mut judged = 0;
    while let Some(photo) = app.store.read(|q| async move { store::next_due(&q, campaign).await }).await? {
        judge(app, photo).await?;
        judged += 1;
    }
    Ok(judged)
}

/// What looking into a photograph gave.
struct Judged {
    /// New doubts.
    add: Vec<Doubt>,
    /// Those that say something else now.
    change: Vec<Doubt>,
    /// Those that hold no more.
    remove: Vec<Doubt>,
    name: String,
}

async fn judge(app: &App, photo: Photo) -> Result<(), Refusal> {
    let twins = match (&photo.look, photo.number) {
        (Some(look), None) => app.albums.twins(&app.store, photo.campaign, look).await?,
        // Compared before, or nothing to be seen.
        (None, _) | (Some(_), Some(_)) => Vec::new(),
    };
    let twins: Vec<(AttachmentId, Likeness)> =
        twins.into_iter().take(MOST_TWINS).map(|twin| (twin.key, twin.likeness)).collect();
    let (here, own) = (app.clone(), photo.clone());
    let judged = app.store.read(|q| async move { look_into(&here, &q, &own, twins).await }).await?;
    let now = app.now();
    let Judged { add, change, remove, name } = judged;
    if add.is_empty() && change.is_empty() && remove.is_empty() {
        return app
            .store
            .write_unrecorded("a photograph was looked into", move |tx| {
                let photo = photo.clone();
                async move { store::note_judged(&tx, &photo).await.map(drop).map_err(Refusal::from) }
            })
            .await;
    }
    let act = Act {
        id: EntryId(app.ids.uuid(now)),
        at: now,
        author: Author::System,
        action: KIND.to_owned(),
        subject: Subject::of(photo.campaign, SubjectKind::Attachment, photo.id.0),
        details: json!({
            "name": name,
            "doubts": add.iter().chain(&change).map(|doubt| doubt.found.kind()).collect::<Vec<_>>(),
        }),
    };
    app.store
        .write(move |tx| {
            let (photo, act) = (photo.clone(), act.clone());
            let (add, change, remove) = (add.clone(), change.clone(), remove.clone());
            async move {
                store::note_judged(&tx, &photo).await?;
                for doubt in &add {
                    doubts::add(&tx, doubt).await?;
                }
                for doubt in &change {
                    doubts::save(&tx, doubt).await?;
                }
                for doubt in &remove {
                    doubts::remove(&tx, doubt).await?;
                }
                ledger::record(&tx, act).await?;
                Ok::<_, Refusal>(())
            }
        })
        .await
}

async fn look_into(
    app: &App,
    q: &impl Queries,
    photo: &Photo,
    twins: Vec<(AttachmentId, Likeness)>,
) -> Result<Judged, Refusal> {
    let campaign = photo.campaign;
    let mut judged = Judged { add: Vec::new(), change: Vec::new(), remove: Vec::new(), name: String::new() };
    let Some(attachment) = files::lookup(q, campaign, photo.id).await? else { return Ok(judged) };
    judged.name = attachment.name.clone();
    let Some((used, evidence)) = uses(q, campaign, &[photo.id]).await?.pop() else { return Ok(judged) };
    let now = app.now();
    let new = |found: Found, twin: Option<(AttachmentId, Option<EvidenceId>)>| Doubt {
        campaign,
        id: DoubtId(app.ids.uuid(now)),
        photo: photo.id,
        twin: twin.map(|(twin, _)| twin),
        evidence: evidence.as_ref().map(|evidence| evidence.id),
        twin_evidence: twin.and_then(|(_, evidence)| evidence),
        found,
        found_at: now,
        state: DoubtState::Open,
        version: 1,
    };
    if photo.number.is_none() {
        let mut others: HashMap<AttachmentId, Option<Likeness>> =
            twins.into_iter().map(|(twin, likeness)| (twin, Some(likeness))).collect();
        let most = u64::try_from(MOST_TWINS).unwrap_or(u64::MAX);
        for same in files::list_of_file(q, campaign, attachment.hash, most + 1).await? {
            others.entry(same.id).or_insert(None);
        }
        let mut ids: Vec<AttachmentId> = others.keys().copied().filter(|other| *other != photo.id).collect();
        ids.sort_unstable();
        // What was not compared yet finds this one when it is.
        let compared = store::compared(q, campaign, &ids).await?;
        ids.retain(|id| compared.contains(id));
        let mut found: Vec<Doubt> = Vec::new();
        for (other, filed) in uses(q, campaign, &ids).await? {
            let likeness = others.get(&other.photo).copied().flatten();
            if let Some(what) = between(&used, &other, likeness.as_ref()) {
                found.push(new(what, Some((other.photo, filed.map(|filed| filed.id)))));
            }
        }
        // Between two tasks' reports there is nobody who would look at it.
        found.retain(|doubt| doubt.evidence.is_some() || doubt.twin_evidence.is_some());
        judged.add.extend(found.into_iter().take(MOST_TWINS));
    }
    let mut alone = Vec::new();
    if let Some(evidence) = &evidence {
        let version = shown_in(evidence, photo.id);
        let facts = attachment.picture.facts();
        alone.extend(too_old(facts.taken_at, &windows(app, q, evidence, version).await?));
        alone.extend(edited(&photo.traces, facts.taken_at, attachment.created_at));
        alone.extend(far_off(facts.place, &claims(q, campaign, version).await?));
    }
    let before = doubts::list_of_photo(q, campaign, photo.id).await?;
    let (standing, gone): (Vec<Doubt>, Vec<Doubt>) = before
        .into_iter()
        .filter(|doubt| doubt.twin.is_none())
        .partition(|doubt| alone.iter().any(|found| found.kind() == doubt.found.kind()));
    // What was dismissed stays, with its reason.
    judged.remove = gone.into_iter().filter(Doubt::is_open).collect();
    for found in alone {
        match standing.iter().find(|doubt| doubt.found.kind() == found.kind()) {
            Some(same) if same.found == found => {}
            // What was dismissed was something else.
            Some(other) => judged.change.push(Doubt { found, state: DoubtState::Open, ..other.clone() }),
            None => judged.add.push(new(found, None)),
        }
    }
    Ok(judged)
}
