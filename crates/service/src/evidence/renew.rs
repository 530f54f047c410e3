use chengjing_domain::{
    evidence::{
        Content, Evidence, MOST_VERSIONS, TooManyVersions,
        review::{Deed, DeedKind, Party},
    },
    id::{CampaignId, EvidenceId},
    people::policy::Action,
};
use chengjing_store::{
    Tx,
    evidence::{self as store, link as links},
    ledger,
};
use serde_json::json;

use super::{
    Demands, EvidenceSeen, Of, content, count, limits, look_into, must, must_as_seen, refuse, say, seen,
    shown, subject,
};
use crate::{App, Caller, Refusal, duty::Names, refusal::Faults};

/// Files another version of a material. It opens a review of each requirement that the material is filed for; what was
/// accepted stands until then.
pub async fn renew(
    app: &App,
    caller: &Caller,
    (campaign, id): (CampaignId, EvidenceId),
    seen_version: i64,
    changed: Content,
    word: Option<String>,
) -> Result<(EvidenceSeen, Names), Refusal> {
    let asker = caller.clone();
    let (before, _) =
        app.store.read(|q| async move { must(&q, &asker, Action::FileEvidence, campaign, id).await }).await?;
    let characters = count::characters(app, caller, campaign, (before.kind, &changed.files)).await?;
    let (here, caller) = (app.clone(), caller.clone());
    app.store
        .write(move |tx| {
            let (app, caller, changed, word) = (here.clone(), caller.clone(), changed.clone(), word.clone());
            let characters = characters.clone();
            async move {
                let key = (campaign, id);
                let (before, standing) =
                    must_as_seen(&tx, &caller, Action::FileEvidence, key, seen_version).await?;
                let mut faults = Faults::default();
                let cleaned = Content { characters, ..content::clean(&changed, &mut faults) };
                let word = super::comment::words(word.as_deref(), "word", &mut faults);
                faults.end()?;
                let whole =
                    content::with_files(&tx, &caller, key, before.kind, Some(&before), cleaned).await?;
                let after = before.clone().renew(whole, caller.actor.user, caller.now)?;
                let stored = store::save(&tx, &after).await?;
                submit_anew(&app, &tx, &caller, &stored, word.as_deref()).await?;
                let told = json!({
                    "title": stored.latest().content.title,
                    "number": stored.latest().number,
                    "word": word,
                });
                ledger::record(&tx, caller.act_named("evidence.renew", subject(&stored), told)).await?;
                seen(&app, &tx, &caller, (stored, standing)).await
            }
        })
        .await
}

/// Puts a version that is new before the reviewers of each requirement that the material is filed for.
pub(super) async fn submit_anew(
    app: &App,
    tx: &Tx,
    caller: &Caller,
    stored: &Evidence,
    word: Option<&str>,
) -> Result<(), Refusal> {
    look_into(tx, caller, stored).await?;
    let demands = Demands::load(app, tx, stored.campaign).await?;
    let mut faults = Faults::default();
    for link in links::list_of(tx, stored.campaign, &[stored.id]).await? {
        let of = Of { standard: link.standard, requirement: link.requirement.clone() };
        // What nobody asks for any more is not reviewed anew.
        let Some(demand) = demands.find(&of) else { continue };
        refuse(limits(tx, stored, &demand, caller).await?, &demand, &mut faults);
        let deed = Deed::Submit { shown: shown(stored) };
        let link = link.perform(deed, Party::Unit, caller.actor.user, caller.now)?;
        let link = links::save(tx, &link).await?;
        let said = word.map(str::to_owned);
        say(tx, caller, stored, Some(link.id), Some(DeedKind::Submit), said).await?;
    }
    faults.end()
}

impl From<TooManyVersions> for Refusal {
    fn from(TooManyVersions: TooManyVersions) -> Self {
        Self::conflict(
            format!("一份材料最多{MOST_VERSIONS}版，请另报一份"),
            format!("at most {MOST_VERSIONS} versions; file another material"),
        )
    }
}
