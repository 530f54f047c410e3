use chengjing_domain::{
    campaign::Campaign,
    clock::day_of,
    id::{CampaignId, EditionId, StandardId},
    people::policy::{Action, Resource},
    score::{Comparison, compare as beside},
};
use chengjing_store::{Queries, campaign as campaigns, standard::edition};
use chrono::{DateTime, Utc};

use super::{
    Moment,
    card::{CardSeen, seen_by},
    chosen, standards_of,
};
use crate::{
    App, Caller, Refusal,
    standard::{assess::Assessing, visible},
};

/// What a score is compared with. What is left out is the same as the score's own.
#[derive(Debug, Clone, Copy, Default)]
pub struct With {
    pub campaign: Option<CampaignId>,
    /// A standard that the campaign is assessed by.
    pub standard: Option<StandardId>,
    /// An edition that the caller sees, whether the campaign is assessed by it or not; it says the standard, too.
    pub edition: Option<EditionId>,
    pub as_of: Option<DateTime<Utc>>,
}

/// One of the two, with its campaign.
#[derive(Debug, Clone)]
pub struct SideSeen {
    pub campaign: Campaign,
    pub seen: CardSeen,
}

#[derive(Debug, Clone)]
pub struct ComparisonSeen {
    pub own: SideSeen,
    pub with: SideSeen,
    pub comparison: Comparison,
}

/// A campaign's score beside that of another moment, by another edition, or of another campaign. Where the edition is none that
/// the campaign is assessed by, what was observed is counted under it as if it were; nothing is stored.
pub async fn compare(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    (standard, as_of): (Option<StandardId>, Option<DateTime<Utc>>),
    with: With,
) -> Result<ComparisonSeen, Refusal> {
    let other = with.campaign.unwrap_or(campaign);
    for one in [campaign, other] {
        caller.may(Action::SeeScore, Resource::Campaign(one))?;
    }
    let now = app.now();
    let moment = Moment::of("as_of", as_of, now)?;
    let then = match with.as_of {
        None => moment,
        at => Moment::of("with_as_of", at, now)?,
    };
    let (here, caller, today) = (app.clone(), caller.clone(), day_of(now));
    app.store
        .read(|q| async move {
            let own_campaign = campaigns::lookup(&q, campaign).await?.ok_or(Refusal::NotFound)?;
            let standards = standards_of(&here, &q, campaign).await?;
            let own_chosen = chosen(&standards, standard)?;
            let own = seen_by(&q, &own_campaign, (&standards, own_chosen), moment, today).await?;

            let with_campaign = campaigns::lookup(&q, other).await?.ok_or(Refusal::NotFound)?;
            let mut there = standards_of(&here, &q, other).await?;
            let meant = match (with.edition, with.standard) {
                (Some(edition), _) => {
                    let one = opened(&here, &q, &caller, edition).await?;
                    let meant = one.standard;
                    attach(&mut there, one);
                    meant
                }
                (None, Some(standard)) => standard,
                (None, None) => same(&there, own_chosen).ok_or_else(|| {
                    Refusal::conflict(
                        "那个创建项目没有关联这个测评体系",
                        "the other campaign is not assessed by this standard",
                    )
                })?,
            };
            let with_chosen = chosen(&there, Some(meant))?;
            let seen = seen_by(&q, &with_campaign, (&there, with_chosen), then, today).await?;
            Ok(ComparisonSeen {
                comparison: beside(&own.card, &seen.card),
                own: SideSeen { campaign: own_campaign, seen: own },
                with: SideSeen { campaign: with_campaign, seen },
            })
        })
        .await
}

/// A published edition that the caller sees, as if a campaign were assessed by it.
async fn opened(app: &App, q: &impl Queries, caller: &Caller, id: EditionId) -> Result<Assessing, Refusal> {
    let known = edition::lookup_summary(q, id).await?.ok_or(Refusal::NotFound)?;
    let (_, edition) = visible(q, caller, known.standard, id).await?;
    if edition.state.is_draft() {
        return Err(Refusal::invalid(
            "with_edition",
            "草稿不能用于测评，请先发布",
            "nothing is scored by a draft; publish it first",
        ));
    }
    let opened = app.standards.open(q, &edition).await?;
    Ok(Assessing { standard: edition.standard, edition, opened, earlier: Vec::new() })
}

/// Puts an edition among the standards of a campaign, in place of the edition of its standard or of one with its code.
fn attach(standards: &mut Vec<Assessing>, one: Assessing) {
    let code = |one: &Assessing| one.opened.whole.standard.id.clone();
    standards.retain(|other| other.standard != one.standard && code(other) != code(&one));
    standards.push(one);
}

/// Which of another campaign's standards is meant: the very same, or one with its code.
fn same(standards: &[Assessing], own: &Assessing) -> Option<StandardId> {
    let code = &own.opened.whole.standard.id;
    let very = standards.iter().find(|one| one.standard == own.standard);
    let coded = standards.iter().find(|one| one.opened.whole.standard.id == *code);
    very.or(coded).map(|one| one.standard)
}
