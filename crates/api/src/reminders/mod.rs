//! How a campaign reminds.

pub(crate) mod edit;
pub(crate) mod look_up;

use std::collections::BTreeSet;

use chengjing_domain::duty::remind::{self, Minimum, QuietHours, ReminderSettings};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    http::words::{TimeText, mirror},
    notices::{ChannelWord, NoticeKindWord},
};

mirror! {
    /// To whom it goes up: the unit's head, the liaisons of the unit above it, the office, the leaders.
    #[serde(rename_all = "snake_case")]
    EscalateToWord = remind::EscalateTo { Head, UnitAbove, Office, Leader }
}

/// How a campaign reminds.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RemindersBody {
    /// Days before the due date; 0 is the day itself.
    #[schema(max_items = 10, example = json!([7, 3, 1, 0]))]
    before: Vec<u16>,
    /// Days after it, from 1.
    #[schema(max_items = 10, example = json!([1, 3, 7]))]
    after: Vec<u16>,
    #[schema(max_items = 10)]
    escalation: Vec<EscalationBody>,
    /// Null: mail goes at any hour.
    quiet: Option<QuietBody>,
    minimum: MinimumBody,
}

/// After so many days it is told to those above.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EscalationBody {
    after_days: u16,
    to: EscalateToWord,
}

/// From the one time to the other, over midnight where the first is the later one.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct QuietBody {
    #[schema(value_type = String, example = "21:00")]
    from: TimeText,
    #[schema(value_type = String, example = "07:30")]
    to: TimeText,
}

/// What nobody can switch off.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MinimumBody {
    /// These reach everybody, on these channels at least.
    kinds: BTreeSet<NoticeKindWord>,
    channels: BTreeSet<ChannelWord>,
    /// These go at once, also to who wants a digest.
    at_once: BTreeSet<NoticeKindWord>,
}

impl From<ReminderSettings> for RemindersBody {
    fn from(settings: ReminderSettings) -> Self {
        let ReminderSettings { before, after, escalation, quiet, minimum } = settings;
        let step =
            |step: remind::Escalation| EscalationBody { after_days: step.after_days, to: step.to.into() };
        Self {
            before,
            after,
            escalation: escalation.into_iter().map(step).collect(),
            quiet: quiet.map(|quiet| QuietBody { from: TimeText(quiet.from), to: TimeText(quiet.to) }),
            minimum: MinimumBody {
                kinds: minimum.kinds.into_iter().map(Into::into).collect(),
                channels: minimum.channels.into_iter().map(Into::into).collect(),
                at_once: minimum.at_once.into_iter().map(Into::into).collect(),
            },
        }
    }
}

impl From<RemindersBody> for ReminderSettings {
    fn from(body: RemindersBody) -> Self {
        let RemindersBody { before, after, escalation, quiet, minimum } = body;
        let step =
            |step: EscalationBody| remind::Escalation { after_days: step.after_days, to: step.to.into() };
        Self {
            before,
            after,
            escalation: escalation.into_iter().map(step).collect(),
            quiet: quiet.map(|quiet| QuietHours { from: quiet.from.0, to: quiet.to.0 }),
            minimum: Minimum {
                kinds: minimum.kinds.into_iter().map(Into::into).collect(),
                channels: minimum.channels.into_iter().map(Into::into).collect(),
                at_once: minimum.at_once.into_iter().map(Into::into).collect(),
            },
        }
    }
}
