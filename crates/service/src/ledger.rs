//! The ledger as people read it: who did what, when.

use std::collections::HashMap;

use chengjing_domain::{
    id::{CampaignId, DutyId, UserId},
    ledger::{Author, Entry, Subject, SubjectKind},
    people::policy::{self, Action, Resource},
};
use chengjing_store::{Page, Paging, campaign as campaigns, ledger as store};
use serde_json::Value;
use store::Recorded;
use uuid::Uuid;

use crate::{App, Caller, Refusal, duty, people::display_name, plan};

/// An entry with the names of who acted and on what.
#[derive(Debug, Clone)]
pub struct EntryView {
    pub entry: Entry,
    /// The block that it is sealed in.
    pub block: Option<u64>,
    /// What the thing is called today; None where it is gone or has no name.
    pub title: Option<String>,
    /// None where the program itself acted.
    pub author: Option<(UserId, String)>,
}

/// The entries of a campaign, newest first; of one thing where it is named.
///
/// The history of a duty is for everybody who may see the duty; the whole ledger for those who may see the ledger.
pub async fn of_campaign(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    subject: Option<(SubjectKind, Uuid)>,
    paging: Paging,
) -> Result<Page<EntryView>, Refusal> {
    let caller = caller.clone();
    app.store
        .read(|q| async move {
            let whole = policy::decide(Some(&caller.actor), Action::SeeLedger, Resource::Campaign(campaign));
            match subject {
                Some((SubjectKind::Duty, id)) if whole != policy::Decision::Allowed => {
                    duty::must(&q, &caller, Action::SeeDuties, campaign, DutyId(id)).await?;
                }
                _ => crate::refusal::obey(whole)?,
            }
            campaigns::lookup(&q, campaign).await?.ok_or(Refusal::NotFound)?;
            let filter =
                store::LedgerFilter { campaign: Some(campaign), subject, ..store::LedgerFilter::default() };
            let page = store::list(&q, &filter, &paging).await?;
            named(&q, page).await
        })
        .await
}

/// The entries of the whole installation, newest first.
pub async fn of_installation(app: &App, caller: &Caller, paging: Paging) -> Result<Page<EntryView>, Refusal> {
    caller.may(Action::SeeWholeLedger, Resource::System)?;
    app.store
        .read(|q| async move {
            let page = store::list(&q, &store::LedgerFilter::default(), &paging).await?;
            named(&q, page).await
        })
        .await
}

/// An entry's details for its readers: without what the program keeps there for itself.
pub fn told(entry: &Entry) -> Value {
    let mut details: Value = serde_json::from_str(&entry.details).unwrap_or_default();
    if let Some(details) = details.as_object_mut() {
        details.remove(plan::adopt::FORMER);
        details.remove(plan::adopt::PHASES);
    }
    details
}

async fn named(
    q: &impl chengjing_store::Queries,
    page: Page<store::Recorded>,
) -> Result<Page<EntryView>, Refusal> {
    let mut names: HashMap<UserId, String> = HashMap::new();
    for Recorded { entry, .. } in &page.items {
        if let Author::User(user) = entry.author
            && !names.contains_key(&user)
        {
            names.insert(user, display_name(q, user).await?);
        }
    }
    let subjects: Vec<Subject> = page.items.iter().map(|recorded| recorded.entry.subject).collect();
    let titles = store::titles(q, &subjects).await?;
    Ok(page.map(|Recorded { entry, block }| EntryView {
        author: match entry.author {
            Author::User(user) => Some((user, names.get(&user).cloned().unwrap_or_default())),
            Author::System => None,
        },
        title: titles.get(&entry.subject).cloned(),
        block,
        entry,
    }))
}
