use axum::extract::State as Extract;
use chengjing_domain::{
    duty::task::Deed,
    id::{AttachmentId, CampaignId, TaskId, UnitId},
};
use chengjing_service::task::{self, act::Brought};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{TaskBody, figures::NewFigureBody};

use crate::{
    State,
    http::{
        auth::Login,
        extract::{Body, Ids},
        problem::{Problem, Refused, RefusedChange},
        version::{Seen, Tagged},
    },
};

/// What somebody does to a task, with what belongs to it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "deed", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum DeedBody {
    /// 接收; also takes back one's own return.
    Accept {},
    /// 回退: it is not ours; whose it may be, if the unit knows.
    ReturnAsNotOurs {
        #[schema(min_length = 1, max_length = 2000)]
        reason: String,
        #[schema(value_type = Option<uuid::Uuid>)]
        unit_id: Option<UnitId>,
    },
    /// 维持原派: it is yours.
    Uphold {
        #[schema(min_length = 1, max_length = 2000)]
        reason: String,
    },
    /// 改派.
    Reassign {
        #[schema(value_type = uuid::Uuid)]
        unit_id: UnitId,
        #[schema(min_length = 1, max_length = 2000)]
        reason: String,
    },
    /// 填报进度.
    Progress {
        #[schema(maximum = 100)]
        percent: u8,
        #[schema(max_length = 2000)]
        note: Option<String>,
        /// What was uploaded as proof and is attached to nothing yet.
        #[serde(default)]
        #[schema(value_type = Vec<uuid::Uuid>, max_items = 50)]
        attachment_ids: Vec<AttachmentId>,
        /// What was measured against the duty's targets.
        #[serde(default)]
        #[schema(max_items = 50)]
        figures: Vec<NewFigureBody>,
    },
    /// 上报: done.
    Report {
        #[schema(max_length = 2000)]
        note: Option<String>,
        /// What was uploaded as proof and is attached to nothing yet.
        #[serde(default)]
        #[schema(value_type = Vec<uuid::Uuid>, max_items = 50)]
        attachment_ids: Vec<AttachmentId>,
        /// What was measured against the duty's targets.
        #[serde(default)]
        #[schema(max_items = 50)]
        figures: Vec<NewFigureBody>,
    },
    /// 撤回上报.
    TakeBackReport {
        #[schema(max_length = 2000)]
        reason: Option<String>,
    },
    /// 确认.
    Confirm {
        #[schema(max_length = 2000)]
        note: Option<String>,
    },
    /// 退回: the report is not enough.
    SendBack {
        #[schema(min_length = 1, max_length = 2000)]
        reason: String,
    },
    /// 重新办理: a confirmed task turned out not to be done.
    Reopen {
        #[schema(min_length = 1, max_length = 2000)]
        reason: String,
    },
    /// 申请延期.
    AskExtension {
        until: NaiveDate,
        #[schema(min_length = 1, max_length = 2000)]
        reason: String,
    },
    /// 同意延期; `until`: another day than the one asked for.
    GrantExtension {
        until: Option<NaiveDate>,
        #[schema(max_length = 2000)]
        note: Option<String>,
    },
    /// 不同意延期.
    RefuseExtension {
        #[schema(min_length = 1, max_length = 2000)]
        reason: String,
    },
    /// 求助.
    AskHelp {
        #[schema(value_type = uuid::Uuid)]
        unit_id: UnitId,
        #[schema(min_length = 1, max_length = 2000)]
        text: String,
    },
    /// 答复求助.
    AnswerHelp {
        #[schema(min_length = 1, max_length = 2000)]
        text: String,
    },
}

impl DeedBody {
    /// What comes with it.
    fn take_brought(&mut self) -> Brought {
        match self {
            Self::Progress { attachment_ids, figures, .. } | Self::Report { attachment_ids, figures, .. } => {
                Brought {
                    files: std::mem::take(attachment_ids),
                    figures: std::mem::take(figures).into_iter().map(Into::into).collect(),
                }
            }
            _ => Brought::default(),
        }
    }
}

impl From<DeedBody> for Deed {
    fn from(body: DeedBody) -> Self {
        match body {
            DeedBody::Accept {} => Self::Accept,
            DeedBody::ReturnAsNotOurs { reason, unit_id } => {
                Self::ReturnAsNotOurs { reason, proposed: unit_id }
            }
            DeedBody::Uphold { reason } => Self::Uphold { reason },
            DeedBody::Reassign { unit_id, reason } => Self::Reassign { to: unit_id, reason },
            DeedBody::Progress { percent, note, .. } => Self::Progress { percent, note },
            DeedBody::Report { note, .. } => Self::Report { note },
            DeedBody::TakeBackReport { reason } => Self::TakeBackReport { reason },
            DeedBody::Confirm { note } => Self::Confirm { note },
            DeedBody::SendBack { reason } => Self::SendBack { reason },
            DeedBody::Reopen { reason } => Self::Reopen { reason },
            DeedBody::AskExtension { until, reason } => Self::AskExtension { until, reason },
            DeedBody::GrantExtension { until, note } => Self::GrantExtension { until, note },
            DeedBody::RefuseExtension { reason } => Self::RefuseExtension { reason },
            DeedBody::AskHelp { unit_id, text } => Self::AskHelp { of: unit_id, text },
            DeedBody::AnswerHelp { text } => Self::AnswerHelp { text },
        }
    }
}

/// Does something to a task: what is possible, and for whom, stands in docs/DUTY-LIFE.md and in the task's `possible`.
///
/// A task is withdrawn and restored with its duty, not by itself.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{campaign}/tasks/{task}/deeds",
    operation_id = "act_on_task",
    tag = "tasks",
    params(("campaign" = uuid::Uuid, Path), ("task" = uuid::Uuid, Path), ("If-Match" = String, Header, description = "The ETag that was seen.", example = "\"v1\"")),
    request_body = DeedBody,
    responses((status = 200, description = "Done.", body = TaskBody), Refused, RefusedChange),
    extensions(("x-permission" = json!("task.act"))),
)]
pub(crate) async fn act(
    Extract(state): Extract<State>,
    Login(caller): Login,
    Ids((campaign, id)): Ids<(CampaignId, TaskId)>,
    Seen(seen): Seen,
    Body(mut deed): Body<DeedBody>,
) -> Result<Tagged<TaskBody>, Problem> {
    let brought = deed.take_brought();
    let story = task::act::act(&state.app, &caller, campaign, id, seen, (deed.into(), brought)).await?;
    Ok(Tagged::ok(story.view.task.version, story.into()))
}
