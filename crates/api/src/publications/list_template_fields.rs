use axum::Json;
use chengjing_domain::id::CampaignId;
use chengjing_service::publication;
use serde::Serialize;
use utoipa::ToSchema;

use super::PaperWord;
use crate::http::{
    auth::Login,
    extract::Ids,
    problem::{Problem, Refused},
    words::Said,
};

/// A name that templates may use.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FieldBody {
    /// Of what stands in a list, behind the list's name.
    #[schema(example = "duties.title")]
    name: String,
    meaning: Said,
    /// Whether it is a list, to go over with `each`.
    list: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Fields {
    fields: Vec<FieldBody>,
}

/// The names that the templates of a paper may use, and what they mean.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{campaign}/template-fields/{paper}",
    operation_id = "list_template_fields",
    tag = "publications",
    params(("campaign" = uuid::Uuid, Path), ("paper" = PaperWord, Path)),
    responses((status = 200, description = "All of them.", body = Fields), Refused),
    extensions(("x-permission" = json!("template.see"))),
)]
pub(crate) async fn list_template_fields(
    Login(caller): Login,
    Ids((campaign, paper)): Ids<(CampaignId, PaperWord)>,
) -> Result<Json<Fields>, Problem> {
    let field = |field: publication::Field| FieldBody {
        name: field.name.to_owned(),
        meaning: Said { zh: field.zh.to_owned(), en: field.en.to_owned() },
        list: field.list,
    };
    let fields = publication::template::fields::list(&caller, campaign, paper.into())?;
    Ok(Json(Fields { fields: fields.into_iter().map(field).collect() }))
}
