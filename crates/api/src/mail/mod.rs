//! Mail: where people get it, and what left.

pub(crate) mod list_letters;
pub(crate) mod look_up_address;
pub(crate) mod prove_address;
pub(crate) mod remove_address;
pub(crate) mod send_test;
pub(crate) mod set_address;
pub(crate) mod set_address_of;

use chengjing_domain::people::{Language, Mailbox};
use chengjing_service::mail::letters::{LetterState, LetterView};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::words::{Named, mirror};

mirror! {
    /// In which language somebody is written to.
    LanguageWord = Language {
        #[serde(rename = "zh-CN")]
        Chinese,
        #[serde(rename = "en")]
        English,
    }
    /// Where a letter is. `unknown`: the mail server was given it and did not answer, so that it is not sent again;
    /// `empty`: its reader had read everything in the app, or may see it no longer.
    #[serde(rename_all = "snake_case")]
    LetterStateWord = LetterState { Waiting, Sending, HandingOver, Sent, Failed, Unknown, Empty }
}

/// Where somebody gets mail.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct AddressBody {
    /// Null: nowhere.
    #[schema(example = "wangfang@example.gov.cn")]
    address: Option<String>,
    language: LanguageWord,
    /// Whether the link that was sent there was opened; until then nothing else is sent there.
    proven: bool,
}

impl From<Option<Mailbox>> for AddressBody {
    fn from(mailbox: Option<Mailbox>) -> Self {
        match mailbox {
            Some(mailbox) => Self {
                address: Some(mailbox.address),
                language: mailbox.language.into(),
                proven: mailbox.verified_at.is_some(),
            },
            None => Self { address: None, language: LanguageWord::Chinese, proven: false },
        }
    }
}

/// An address to be proven.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewAddress {
    #[schema(max_length = 254, example = "wangfang@example.gov.cn")]
    address: String,
    language: LanguageWord,
}

/// A letter.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct LetterBody {
    id: Uuid,
    to: Named,
    state: LetterStateWord,
    /// How often it was tried.
    attempts: u32,
    made_at: DateTime<Utc>,
    /// When it is tried again; null where nothing more happens.
    next_at: Option<DateTime<Utc>>,
    ended_at: Option<DateTime<Utc>>,
    /// Why it did not leave the last time, in the mail server's words.
    reason: Option<String>,
}

impl From<LetterView> for LetterBody {
    fn from(LetterView { letter, name }: LetterView) -> Self {
        Self {
            id: letter.id.0,
            to: Named { id: letter.user.0, name },
            state: letter.state.into(),
            attempts: letter.attempts,
            made_at: letter.made_at,
            next_at: Some(letter.next_at).filter(|_| letter.state == LetterState::Waiting),
            ended_at: letter.ended_at,
            reason: letter.reason,
        }
    }
}
