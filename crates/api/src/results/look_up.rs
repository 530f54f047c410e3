use axum::extract::State as Extract;
use chengjing_domain::id::{CampaignId, ResultId};
use chengjing_service::result::look_up::{self, LeafSeen, ResultSeen, VerdictSeen};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::ResultBody;
use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused},
        version::Tagged,
        words::{DecimalText, ExactText},
    },
    score::RangeBody,
};

/// A result, indicator by indicator beside the campaign's own score at the end of its day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ComparedResult {
    result: ResultBody,
    /// The campaign's own score then; null where it is not assessed by this standard any more.
    own: Option<OwnScoreBody>,
    /// Those of which marks were told, in the order of the tree.
    leaves: Vec<ComparedLeaf>,
    verdicts: Vec<ComparedVerdict>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OwnScoreBody {
    /// By which edition it is worked out: the one that the campaign is assessed by today.
    edition_id: Uuid,
    total: RangeBody,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ComparedLeaf {
    leaf: String,
    title: String,
    /// The full marks.
    of: ExactText,
    /// What the assessment gave.
    marks: DecimalText,
    /// The campaign's own; null where its edition has no such indicator.
    own: Option<RangeBody>,
    /// Own less given: what the campaign thinks better of itself than it was found.
    difference: Option<ExactText>,
}

/// What was found at a site by a criterion, with their names.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ComparedVerdict {
    site: Uuid,
    site_name: Option<String>,
    criterion: String,
    /// The criterion's text.
    text: Option<String>,
    verdict: Option<String>,
    /// What was counted.
    number: Option<DecimalText>,
    /// Along how many metres it was counted.
    metres: Option<DecimalText>,
    /// The thing is not there.
    absent: bool,
}

impl From<ResultSeen> for ComparedResult {
    fn from(seen: ResultSeen) -> Self {
        let leaf = |leaf: LeafSeen| ComparedLeaf {
            difference: leaf.own.map(|own| ExactText(own.value - leaf.marks)),
            leaf: leaf.code,
            title: leaf.title,
            of: ExactText(leaf.of),
            marks: DecimalText(leaf.marks),
            own: leaf.own.map(Into::into),
        };
        let verdict = |VerdictSeen { site, criterion, verdict }: VerdictSeen| ComparedVerdict {
            site: verdict.site.0,
            site_name: site.map(|site| site.name),
            criterion: verdict.criterion,
            text: criterion,
            verdict: verdict.verdict,
            number: verdict.number.map(DecimalText),
            metres: verdict.metres.map(DecimalText),
            absent: verdict.absent,
        };
        Self {
            result: seen.view.into(),
            own: seen.own.map(|own| OwnScoreBody { edition_id: own.edition.0, total: own.total.into() }),
            leaves: seen.leaves.into_iter().map(leaf).collect(),
            verdicts: seen.verdicts.into_iter().map(verdict).collect(),
        }
    }
}

/// One result, compared with the campaign's own score at the end of its day.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/results/{result}",
    operation_id = "look_up_result",
    tag = "results",
    params(("campaign" = uuid::Uuid, Path), ("result" = uuid::Uuid, Path)),
    responses((status = 200, description = "The result.", body = ComparedResult, headers(("ETag" = String, description = "The version, as `If-Match` takes it: `\"v1\"`."))), Refused),
    extensions(("x-permission" = json!("result.see"))),
)]
pub(crate) async fn look_up(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, ResultId)>,
) -> Result<Tagged<ComparedResult>, Problem> {
    let seen = look_up::look_up(&state.app, &caller, campaign, id).await?;
    Ok(Tagged::ok(seen.view.result.version(), seen.into()))
}
