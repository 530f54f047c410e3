//! What one was told, and what one wants to hear.

pub(crate) mod choose;
pub(crate) mod count;
pub(crate) mod list;
pub(crate) mod listen;
pub(crate) mod look_up_choices;
pub(crate) mod read;

use std::collections::BTreeSet;

use chengjing_domain::duty::remind::{Choices, Pace};
use chengjing_service::remind::list::{MaterialBack, NoticeOf, NoticeView, days_left};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    http::words::{Named, TimeText, mirror},
    tasks::{DeedWord, TaskRow},
};

mirror! {
    /// What a notice is about, the most urgent first.
    #[derive(PartialOrd, Ord)]
    #[serde(rename_all = "snake_case")]
    NoticeKindWord = chengjing_domain::duty::remind::NoticeKind { Escalated, Urged, Overdue, HandedOver, DueSoon }
    /// By which way somebody is told.
    #[derive(PartialOrd, Ord)]
    #[serde(rename_all = "snake_case")]
    ChannelWord = chengjing_domain::duty::remind::Channel { InApp, Mail }
}

/// What somebody was told.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct NoticeBody {
    id: Uuid,
    kind: NoticeKindWord,
    /// What was done to the task, where somebody did something; null with `handed_over`: it was given to the unit, or a
    /// material came back.
    deed: Option<DeedWord>,
    campaign: Named,
    /// Whose task it was when this was told.
    unit: Named,
    /// The last day that was told of.
    due_on: Option<NaiveDate>,
    /// Days until then, as of today; negative after it.
    days_left: Option<i64>,
    made_at: DateTime<Utc>,
    read_at: Option<DateTime<Utc>>,
    /// The task that it tells of, as it stands now; null: it tells of a material.
    task: Option<TaskRow>,
    /// The material that came back; null: it tells of a task.
    material: Option<NoticeMaterial>,
}

/// A material that was returned, or taken back after it had been accepted.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct NoticeMaterial {
    id: Uuid,
    title: String,
    /// For which requirement; null: no standard of the campaign asks for it any more.
    requirement: Option<String>,
    reason: Option<String>,
}

impl From<MaterialBack> for NoticeMaterial {
    fn from(back: MaterialBack) -> Self {
        let MaterialBack { id, title, requirement, reason } = back;
        Self { id: id.0, title, requirement, reason }
    }
}

impl NoticeBody {
    fn new(view: NoticeView, now: DateTime<Utc>) -> Self {
        let days_left = days_left(&view, now);
        let NoticeView { told, campaign, of, unit, names } = view;
        let (task, material) = match of {
            NoticeOf::Task(task) => (Some(TaskRow::new(*task, &names)), None),
            NoticeOf::Material(back) => (None, Some(back.into())),
        };
        Self {
            id: told.id.0,
            kind: told.kind.into(),
            deed: told.deed.map(Into::into),
            campaign: Named { id: told.campaign.0, name: campaign },
            unit: unit.into(),
            due_on: told.due_on,
            days_left,
            made_at: told.made_at,
            read_at: told.read_at,
            task,
            material,
        }
    }
}

/// How many notices are unread.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub(crate) struct UnreadBody {
    pub(crate) unread: u64,
}

/// What somebody wants to hear, and how. What the office demands reaches them all the same.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChoicesBody {
    kinds: BTreeSet<NoticeKindWord>,
    channels: BTreeSet<ChannelWord>,
    /// Everything of a day together, by mail at this time; null: each at once.
    #[schema(value_type = Option<String>, example = "17:00")]
    digest_at: Option<TimeText>,
}

impl From<Choices> for ChoicesBody {
    fn from(choices: Choices) -> Self {
        Self {
            kinds: choices.kinds.into_iter().map(Into::into).collect(),
            channels: choices.channels.into_iter().map(Into::into).collect(),
            digest_at: match choices.pace {
                Pace::AtOnce => None,
                Pace::Digest { at } => Some(TimeText(at)),
            },
        }
    }
}

impl From<ChoicesBody> for Choices {
    fn from(body: ChoicesBody) -> Self {
        Self {
            kinds: body.kinds.into_iter().map(Into::into).collect(),
            channels: body.channels.into_iter().map(Into::into).collect(),
            pace: body.digest_at.map_or(Pace::AtOnce, |at| Pace::Digest { at: at.0 }),
        }
    }
}
