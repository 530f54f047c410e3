use axum::{Json, extract::State as Extract};
use chengjing_domain::{
    id::{EditionId, StandardId},
    standard::comparison::{Change, Difference, FieldChange, Kind},
};
use chengjing_service::standard;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::EditionLine;
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Asked, Ids},
        problem::{Problem, Refused},
        words::mirror,
    },
};

mirror! {
    /// What kind of thing differs.
    #[serde(rename_all = "snake_case")]
    ThingWord = Kind { Rule, Place, Leaf, SiteType, Criterion, Requirement, Question, Statistic }
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WantedComparison {
    /// The edition to compare with: what it has and the one of the path has not is added.
    #[param(value_type = uuid::Uuid)]
    with: EditionId,
}

/// What becomes of an edition in another one.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EditionComparison {
    before: EditionLine,
    after: EditionLine,
    counts: Vec<ThingCount>,
    /// In the order of the other edition; what it has no more at the end.
    differences: Vec<ThingDifference>,
}

/// How many things of a kind there were and are, and what became of them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ThingCount {
    kind: ThingWord,
    before: u64,
    after: u64,
    added: u64,
    removed: u64,
    changed: u64,
}

#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum BecameWord {
    Added,
    Removed,
    Changed,
}

/// Something that differs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ThingDifference {
    kind: ThingWord,
    /// Its code or id; the field's name of a rule of the whole.
    key: String,
    title: String,
    became: BecameWord,
    /// Where it stood and stands, if it moved.
    moved: Option<MovedPlace>,
    /// What it says otherwise than before.
    fields: Vec<ThingField>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MovedPlace {
    /// The code of the place above; empty: the top.
    before: String,
    after: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ThingField {
    /// As files name it.
    field: String,
    /// In words; empty: it was not there.
    before: String,
    after: String,
}

impl From<Difference> for ThingDifference {
    fn from(difference: Difference) -> Self {
        let Difference { kind, key, title, change } = difference;
        let (became, moved, fields) = match change {
            Change::Added => (BecameWord::Added, None, Vec::new()),
            Change::Removed => (BecameWord::Removed, None, Vec::new()),
            Change::Changed { moved, fields } => (BecameWord::Changed, moved, fields),
        };
        let field = |change: FieldChange| ThingField {
            field: change.field.to_owned(),
            before: change.before,
            after: change.after,
        };
        Self {
            kind: kind.into(),
            key,
            title,
            became,
            moved: moved.map(|(before, after)| MovedPlace { before, after }),
            fields: fields.into_iter().map(field).collect(),
        }
    }
}

/// What becomes of an edition in another one of the same standard: added, removed, moved and changed things, field by field.
#[utoipa::path(
    get,
    path = "/api/v1/standards/{standard}/editions/{edition}/comparison",
    operation_id = "compare_editions",
    tag = "standards",
    params(("standard" = uuid::Uuid, Path), ("edition" = uuid::Uuid, Path), WantedComparison),
    responses((status = 200, description = "All that differs.", body = EditionComparison), Refused),
    extensions(("x-permission" = json!("standard.see"))),
)]
pub(crate) async fn compare(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((standard, id)): Ids<(StandardId, EditionId)>,
    Asked(wanted): Asked<WantedComparison>,
) -> Result<Json<EditionComparison>, Problem> {
    let (before, after, comparison) =
        standard::compare::compare(&state.app, &caller, standard, id, wanted.with).await?;
    let count = |kind: Kind| {
        let count = comparison.count(kind);
        ThingCount {
            kind: kind.into(),
            before: count.before as u64,
            after: count.after as u64,
            added: count.added as u64,
            removed: count.removed as u64,
            changed: count.changed as u64,
        }
    };
    let counts = Kind::ALL.into_iter().map(count).collect();
    let differences = comparison.differences.into_iter().map(Into::into).collect();
    Ok(Json(EditionComparison { before: before.into(), after: after.into(), counts, differences }))
}
