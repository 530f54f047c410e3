use chengjing_domain::{
    id::{CampaignId, CatalogueId},
    ledger::SubjectKind,
    standard::{
        CatalogueFile,
        edition::{KeptCatalogue, LARGEST_FILE, LONGEST_LABEL},
    },
};
use chengjing_reader::standard::{File, read};
use chengjing_store::{ledger, standard::catalogue};
use serde_json::json;

use super::{may_add, subject, told};
use crate::{App, Caller, Refusal, refusal::Faults};

/// Takes in the file of a catalogue, in place of the owner's of the same id and edition. Drafts take it from now on; what is
/// published stays as it is.
pub async fn take_in_catalogue(
    app: &App,
    caller: &Caller,
    owner: Option<CampaignId>,
    bytes: &[u8],
) -> Result<KeptCatalogue, Refusal> {
    may_add(app, caller, owner).await?;
    let (content, source) = of_file(bytes)?;
    let id: CatalogueId = caller.id("catalogue");
    let caller = caller.clone();
    app.store
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
                Ok(stored)
            }
        })
        .await
}

fn of_file(bytes: &[u8]) -> Result<(CatalogueFile, String), Refusal> {
    if bytes.len() as u64 > LARGEST_FILE {
        return Err(Refusal::TooLarge { limit: LARGEST_FILE });
    }
    let File::Catalogue(content) = read(bytes).map_err(told)? else {
        return Err(Refusal::invalid("tree", "这是测评体系，不是目录", "it is a standard, not a catalogue"));
    };
    let mut faults = Faults::default();
    faults.text("id", &content.id, 60);
    faults.text("edition", &content.edition, LONGEST_LABEL);
    faults.text("title", &content.title, 100);
    let held = serde_json::to_string(&content).is_ok_and(|text| text.contains("\\u0000"));
    if held {
        faults.add("", "含有无法保存的字符", "it holds a character that can't be stored");
    }
    faults.end()?;
    let text = String::from_utf8_lossy(bytes);
    Ok((content, text.trim_start_matches('\u{feff}').to_owned()))
}
