use axum::{Json, extract::State as Extract};
use chengjing_domain::id::{EditionId, StandardId};
use chengjing_service::standard::{
    Found, Part,
    search::{MOST, search as find},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

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
    /// Where in a leaf something was found.
    #[serde(rename_all = "snake_case")]
    LeafPartWord = Part { Leaf, Criterion, Requirement, Question, Statistic }
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WantedWords {
    /// All of these words stand in what is found.
    #[param(max_length = 100, example = "占道经营")]
    q: String,
}

/// What was found in an edition.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FoundInEdition {
    items: Vec<FoundBody>,
    /// Whether there may be more than these.
    more: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FoundBody {
    /// The code of the leaf.
    code: String,
    title: String,
    part: LeafPartWord,
    text: String,
}

/// Finds words in an edition's leaves, criteria, materials, questions and statistics.
#[utoipa::path(
    get,
    path = "/api/v1/standards/{standard}/editions/{edition}/search",
    operation_id = "search_edition",
    tag = "standards",
    params(("standard" = uuid::Uuid, Path), ("edition" = uuid::Uuid, Path), WantedWords),
    responses((status = 200, description = "At most a hundred, in the order of the tree.", body = FoundInEdition), Refused),
    extensions(("x-permission" = json!("standard.see"))),
)]
pub(crate) async fn search(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((standard, id)): Ids<(StandardId, EditionId)>,
    Asked(wanted): Asked<WantedWords>,
) -> Result<Json<FoundInEdition>, Problem> {
    let (opened, found) = find(&state.app, &caller, standard, id, &wanted.q).await?;
    let more = found.len() == MOST;
    let told = |Found { leaf, part, text }: Found| {
        let place = &opened.whole.places[opened.whole.leaves[leaf].place];
        FoundBody { code: place.code.clone(), title: place.title.clone(), part: part.into(), text }
    };
    Ok(Json(FoundInEdition { items: found.into_iter().map(told).collect(), more }))
}
