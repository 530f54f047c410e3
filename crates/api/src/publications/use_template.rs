use axum::extract::State as Extract;
use chengjing_domain::id::{CampaignId, TemplateId};
use chengjing_service::publication::template;

use super::TemplateBody;
use crate::{
    State,
    http::{
        auth::Login,
        extract::Ids,
        problem::{Problem, Refused, RefusedChange},
        version::{Seen, Tagged},
    },
};

/// Uses a version of a template again, in place of the one that is used.
#[utoipa::path(
    put,
    path = "/api/v1/campaigns/{campaign}/template-versions/{template}/use",
    operation_id = "use_template",
    tag = "publications",
    params(("campaign" = uuid::Uuid, Path), ("template" = uuid::Uuid, Path), ("If-Match" = String, Header)),
    responses((status = 200, description = "It is used.", body = TemplateBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("template.edit"))),
)]
pub(crate) async fn use_template(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, TemplateId)>,
    Seen(version): Seen,
) -> Result<Tagged<TemplateBody>, Problem> {
    let used = template::use_version::use_version(&state.app, &caller, campaign, id, version).await?;
    Ok(Tagged::ok(used.version, used.into()))
}
