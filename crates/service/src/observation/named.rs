//! Observations with the names of what they are about.

use std::collections::{BTreeMap, HashMap};

use chengjing_domain::{
    id::{AttachmentId, CampaignId, SiteId, UnitId, UserId},
    ledger::Author,
    observation::KeptObservation,
    score::Fact,
    standard::{Whole, edition::node},
};
use chengjing_store::{Queries, attachment as attachments, campaign as campaigns, people, site};

use crate::{
    App, Refusal,
    attachment::{self, AttachmentView},
    standard::assess::{Assessing, assessing},
};

/// What an observation is about, in the words of a standard.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Thing {
    /// The criterion's, requirement's or question's text, the title of all else.
    pub title: String,
    /// In what a statistic is measured.
    pub measured_in: Option<String>,
}

/// Something with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named<Id> {
    pub id: Id,
    pub name: String,
}

/// An observation as its reader sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct ObservationView {
    pub kept: KeptObservation,
    /// None where no standard of the campaign knows it any more.
    pub thing: Option<Thing>,
    pub site: Option<Named<SiteId>>,
    pub unit: Option<Named<UnitId>>,
    pub files: Vec<AttachmentView>,
    /// None where the program itself recorded it.
    pub by: Option<Named<UserId>>,
}

/// What a fact is about, as a standard calls it.
fn thing(whole: &Whole, fact: &Fact) -> Option<Thing> {
    let plain = |title: &str| Thing { title: title.to_owned(), measured_in: None };
    let standard = &whole.standard;
    match fact {
        Fact::Visit { criterion: item, .. }
        | Fact::Review { requirement: item, .. }
        | Fact::Answers { question: item, .. } => {
            whole.item(item).map(|number| plain(&whole.items[number].text))
        }
        Fact::Figure { statistic, .. } => {
            let statistic = whole.statistic(statistic)?;
            Some(Thing { title: statistic.title.clone(), measured_in: statistic.unit.clone() })
        }
        Fact::Judgement { leaf, .. } => node(&standard.tree, leaf).map(|node| plain(&node.title)),
        Fact::NoSites { site_type } => {
            let site_type = whole.catalogue.site_types.iter().find(|one| one.id == *site_type)?;
            Some(plain(&site_type.title))
        }
        Fact::Event { entry } => {
            standard.negative_list.iter().find(|one| one.code == *entry).map(|one| plain(&one.title))
        }
        Fact::Honour { honour } => {
            let mut honours = standard.bonus.iter().flat_map(|bonus| &bonus.honours);
            honours.find(|one| one.code == *honour).map(|one| plain(&one.title))
        }
    }
}

fn thing_of(standards: &[Assessing], one: &KeptObservation) -> Option<Thing> {
    let own = standards.iter().filter(|standard| one.standard.is_none_or(|id| id == standard.standard));
    own.filter_map(|standard| thing(&standard.opened.whole, &one.fact)).next()
}

/// Observations with their names. Whether the caller may see them was asked before.
pub(crate) async fn views(
    app: &App,
    q: &impl Queries,
    campaign: CampaignId,
    all: Vec<KeptObservation>,
) -> Result<Vec<ObservationView>, Refusal> {
    let standards = assessing(app, q, campaign).await?;
    let site_of = |one: &KeptObservation| match &one.fact {
        Fact::Visit { site, .. } => site.parse().ok().map(SiteId),
        _ => None,
    };
    let ids: Vec<SiteId> = all.iter().filter_map(site_of).collect();
    let sites: HashMap<SiteId, String> =
        site::list_of(q, campaign, &ids).await?.into_iter().map(|site| (site.id, site.name)).collect();
    let names = campaigns::names(q, campaign).await?;
    let users: Vec<UserId> = all.iter().filter_map(|one| author(one.by)).collect();
    let users = people::display_names(q, &users).await?;
    let mut files: BTreeMap<AttachmentId, Option<AttachmentView>> = BTreeMap::new();
    for id in all.iter().flat_map(|one| &one.files) {
        if !files.contains_key(id) {
            let view = match attachments::lookup(q, campaign, *id).await? {
                Some(file) => Some(attachment::view(q, file).await?),
                None => None,
            };
            files.insert(*id, view);
        }
    }
    let view = |kept: KeptObservation| ObservationView {
        thing: thing_of(&standards, &kept),
        site: site_of(&kept).and_then(|id| Some(Named { id, name: sites.get(&id)?.clone() })),
        unit: kept.unit.and_then(|id| Some(Named { id, name: names.units.get(&id)?.clone() })),
        files: kept.files.iter().filter_map(|id| files.get(id)?.clone()).collect(),
        by: author(kept.by).and_then(|id| Some(Named { id, name: users.get(&id)?.clone() })),
        kept,
    };
    Ok(all.into_iter().map(view).collect())
}

fn author(by: Author) -> Option<UserId> {
    match by {
        Author::User(user) => Some(user),
        Author::System => None,
    }
}
