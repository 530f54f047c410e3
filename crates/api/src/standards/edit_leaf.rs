//! A leaf of a draft, edited as a form.

use axum::{Json, extract::State as Extract};
use chengjing_domain::id::{EditionId, StandardId};
use chengjing_service::{Fault, standard::edit_leaf};
use serde_json::Value;

use super::{EditionBody, leaf::WantedLeaf, tagged};
use crate::{
    State,
    http::{
        auth::Login,
        extract::{Asked, Body, Ids},
        list::List,
        problem::{FaultBody, Problem, Refused, RefusedChange},
        version::{Seen, Tagged},
    },
};

/// Puts other words, marks and measures into a leaf of a draft. The body is the leaf as files write it
/// (`docs/schema/standard.json`); all other lines of the file stay. It may leave the draft unfinished.
#[utoipa::path(
    put,
    path = "/api/v1/standards/{standard}/editions/{edition}/leaf",
    operation_id = "edit_leaf",
    tag = "standards",
    params(("standard" = uuid::Uuid, Path), ("edition" = uuid::Uuid, Path), WantedLeaf, ("If-Match" = String, Header, description = "The ETag that was seen.", example = "\"v1\"")),
    request_body(content = Object, description = "The leaf.", example = json!({ "code": "Ⅲ-1", "title": "理论宣讲进基层", "marks": 0.9, "measures": [{ "method": "material", "requirements": ["theory-study"], "grading": { "form": "ratio" } }] })),
    responses((status = 200, description = "Kept.", body = EditionBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("standard.edit"))),
)]
pub(crate) async fn edit_leaf(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((standard, id)): Ids<(StandardId, EditionId)>,
    Asked(wanted): Asked<WantedLeaf>,
    Seen(seen): Seen,
    Body(leaf): Body<Value>,
) -> Result<Tagged<EditionBody>, Problem> {
    let edited = edit_leaf::edit_leaf(&state.app, &caller, standard, id, seen, &wanted.code, leaf).await?;
    Ok(tagged(edited))
}

/// Says what is wrong with what is to become a leaf of a draft, while it is typed. Nothing is kept. Paths of faults in the
/// leaf begin in it, others at the top of the file.
#[utoipa::path(
    post,
    path = "/api/v1/standards/{standard}/editions/{edition}/leaf/check",
    operation_id = "check_leaf",
    tag = "standards",
    params(("standard" = uuid::Uuid, Path), ("edition" = uuid::Uuid, Path), WantedLeaf),
    request_body(content = Object, description = "The leaf.", example = json!({ "code": "Ⅲ-1", "title": "理论宣讲进基层", "marks": 0.9, "measures": [{ "method": "material", "requirements": ["theory-study"], "grading": { "form": "ratio" } }] })),
    responses((status = 200, description = "All faults.", body = List<FaultBody>), Refused, RefusedChange),
    extensions(("x-permission" = json!("standard.edit"))),
)]
pub(crate) async fn check_leaf(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((standard, id)): Ids<(StandardId, EditionId)>,
    Asked(wanted): Asked<WantedLeaf>,
    Body(leaf): Body<Value>,
) -> Result<Json<List<FaultBody>>, Problem> {
    let faults = edit_leaf::check_leaf(&state.app, &caller, standard, id, &wanted.code, leaf).await?;
    let told = |Fault { path, words }: Fault| FaultBody { path, zh: words.zh, en: words.en };
    Ok(Json(List::whole(faults.into_iter().map(told))))
}
