//! Webhooks: programs of the office are told what happens.

pub(crate) mod add;
pub(crate) mod edit;
pub(crate) mod list;
pub(crate) mod list_messages;
pub(crate) mod look_up;
pub(crate) mod redeliver;
pub(crate) mod remove;
pub(crate) mod rotate;
pub(crate) mod test;

use chengjing_domain::webhook::{EventKind, Failure, Webhook, WebhookState};
use chengjing_service::webhook::{Message, MessageState};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::words::mirror;

mirror! {
    /// What is told: the `type` of a message.
    EventKindWord = EventKind {
        #[serde(rename = "plan.adopted")]
        PlanAdopted,
        #[serde(rename = "duty.added")]
        DutyAdded,
        #[serde(rename = "duty.changed")]
        DutyChanged,
        #[serde(rename = "duty.withdrawn")]
        DutyWithdrawn,
        #[serde(rename = "task.accepted")]
        TaskAccepted,
        #[serde(rename = "task.returned")]
        TaskReturned,
        #[serde(rename = "task.reassigned")]
        TaskReassigned,
        #[serde(rename = "task.progressed")]
        TaskProgressed,
        #[serde(rename = "task.reported")]
        TaskReported,
        #[serde(rename = "task.confirmed")]
        TaskConfirmed,
        #[serde(rename = "task.sent_back")]
        TaskSentBack,
        #[serde(rename = "task.reopened")]
        TaskReopened,
        #[serde(rename = "task.missed")]
        TaskMissed,
        #[serde(rename = "task.extension_asked")]
        TaskExtensionAsked,
        #[serde(rename = "task.extension_decided")]
        TaskExtensionDecided,
        #[serde(rename = "task.help_asked")]
        TaskHelpAsked,
        #[serde(rename = "task.help_answered")]
        TaskHelpAnswered,
        #[serde(rename = "figure.filed")]
        FigureFiled,
        #[serde(rename = "reminder.sent")]
        ReminderSent,
        #[serde(rename = "bulletin.made")]
        BulletinMade,
        #[serde(rename = "webhook.test")]
        Test,
    }
    /// Where a message is.
    #[serde(rename_all = "snake_case")]
    MessageStateWord = MessageState { Waiting, Sending, Delivered, Failed }
    /// Why the last attempt did not arrive. `not_allowed`: the address is none that a webhook may reach; `redirected`: it
    /// points elsewhere, which is not followed; `status`: the answer was no success.
    #[serde(rename_all = "snake_case")]
    FailureWord = Failure {
        NotAllowed, Unresolved, Unreachable, TimedOut, Redirected, Status, NoKey, Disabled,
    }
}

/// Whether a webhook is told anything. `given_up`: its receiver failed for three days, or said that it is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WebhookStateWord {
    Enabled,
    Disabled,
    GivenUp,
}

/// Where a program is told what.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct WebhookBody {
    id: Uuid,
    #[schema(example = "县大屏")]
    name: String,
    #[schema(example = "https://board.example.cn/hook")]
    url: String,
    kinds: Vec<EventKindWord>,
    state: WebhookStateWord,
    given_up_at: Option<DateTime<Utc>>,
    /// Until then the secret before signs too; null where none does.
    old_secret_until: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    version: i64,
}

impl WebhookBody {
    fn of(webhook: Webhook, now: DateTime<Utc>) -> Self {
        let old_secret_until = webhook.old_secret_until(now);
        let (state, given_up_at) = match webhook.state {
            WebhookState::Enabled => (WebhookStateWord::Enabled, None),
            WebhookState::Disabled => (WebhookStateWord::Disabled, None),
            WebhookState::GivenUp { at } => (WebhookStateWord::GivenUp, Some(at)),
        };
        Self {
            id: webhook.id.0,
            name: webhook.name,
            url: webhook.url,
            kinds: webhook.kinds.into_iter().map(Into::into).collect(),
            state,
            given_up_at,
            old_secret_until,
            created_at: webhook.created_at,
            version: webhook.version,
        }
    }
}

/// A webhook with its secret, which is not shown again.
#[derive(Serialize, ToSchema)]
pub(crate) struct WebhookWithSecret {
    webhook: WebhookBody,
    /// What its receiver checks `webhook-signature` with, after the Standard Webhooks specification.
    #[schema(example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    secret: String,
}

/// A message to a webhook.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct WebhookMessageBody {
    id: Uuid,
    /// The header `webhook-id` of all its attempts.
    #[schema(example = "msg_0190a2b4c6d87e8f9a0b1c2d3e4f5a6b")]
    webhook_id: String,
    kind: EventKindWord,
    /// What is sent, byte for byte.
    body: String,
    state: MessageStateWord,
    /// How often it was tried.
    attempts: u32,
    made_at: DateTime<Utc>,
    /// The last attempt.
    tried_at: Option<DateTime<Utc>>,
    /// When it is tried again; null where nothing more happens.
    next_at: Option<DateTime<Utc>>,
    /// The HTTP status that the last attempt was answered with.
    status: Option<u16>,
    failure: Option<FailureWord>,
}

impl From<Message> for WebhookMessageBody {
    fn from(message: Message) -> Self {
        let open = matches!(message.state, MessageState::Waiting | MessageState::Sending);
        Self {
            id: message.id.0,
            webhook_id: message.header_id(),
            kind: message.kind.into(),
            state: message.state.into(),
            attempts: message.attempts,
            made_at: message.made_at,
            tried_at: message.tried_at,
            next_at: open.then_some(message.next_at),
            status: message.status,
            failure: message.failure.map(Into::into),
            body: message.body,
        }
    }
}
