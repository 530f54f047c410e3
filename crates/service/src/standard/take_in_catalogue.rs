use chengjing_domain::{
    id::{CampaignId, CatalogueId},
    ledger::SubjectKind,
    standard::{
        CatalogueFile,
        edition::{KeptCatalogue, LONGEST_LABEL},
    },
};
use chengjing_store::{ledger, standard::catalogue};
use serde_json::json;

use super::{CellFault, brought::Brought, may_add, subject};
use crate::{App, Caller, Refusal, refusal::Faults};

/// Takes in the file of a catalogue, in place of the owner's of the same id and edition. Drafts take it from now on; what is
/// published stays as it is.
pub async fn take_in_catalogue(
    app: &App,
    caller: &Caller,
    owner: Option<CampaignId>,
    bytes: &[u8],
) -> Result<(KeptCatalogue, Vec<CellFault>), Refusal> {
    may_add(app, caller, owner).await?;
    let (content, source, passed_over) = of_file(bytes).await?;
    let id: CatalogueId = caller.id("catalogue");
    let caller = caller.clone();
    let kept = app
        .store
        .write(move |tx| {
            let (caller, content, source) = (caller.clone(), content.clone(), source.clone());
            async move {
                let there = catalogue::lookup_coded(&tx, owner, &content.id, &content.edition).await?;
                let told = json!({ "title": content.title, "edition": content.edition });
                let stored = match there {
                    Some(there) if there.source == source => return Ok(there),
                    Some(there) => {
                        let changed = KeptCatalogue {
                            content,
                            source,
                            changed_at: caller.now,
                            changed_by: caller.actor.user,
                            ..there
                        };
                        catalogue::save(&tx, &changed).await?
                    }
                    None => {
                        let new = KeptCatalogue {
                            id,
                            owner,
                            content,
                            source,
                            changed_at: caller.now,
                            changed_by: caller.actor.user,
                            version: 1,
                        };
                        catalogue::add(&tx, &new).await?
                    }
                };
                let about = subject(SubjectKind::Catalogue, owner, stored.id.0);
                ledger::record(&tx, caller.act_named("catalogue.take_in", about, told)).await?;
                Ok::<_, Refusal>(stored)
            }
        })
        .await?;
    Ok((kept, passed_over))
}

async fn of_file(bytes: &[u8]) -> Result<(CatalogueFile, String, Vec<CellFault>), Refusal> {
    let (content, source, passed_over) = Brought::read(bytes).await?.into_catalogue()?;
    let mut faults = Faults::default();
    faults.text("id", &content.id, 60);
    faults.text("edition", &content.edition, LONGEST_LABEL);
    faults.text("title", &content.title, 100);
    let held = serde_json::to_string(&content).is_ok_and(|text| text.contains("\\u0000"));
    if held {
        faults.add("", "含有无法保存的字符", "it holds a character that can't be stored");
    }
    faults.end()?;
    Ok((content, source, passed_over))
}
