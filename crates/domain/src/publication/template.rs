//! Templates of an office, in place of the built-in ones.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Form, Paper};
use crate::{
    id::{CampaignId, TemplateId, UserId},
    ledger::Hash,
};

/// One version of a campaign's template for one paper in one form. Versions are kept; at most one of a paper and form is
/// in use, and where none is, the built-in template is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    pub campaign: CampaignId,
    pub id: TemplateId,
    pub paper: Paper,
    pub form: Form,
    /// From 1 within its paper and form.
    pub number: i32,
    /// The name of the file that was uploaded.
    pub name: String,
    pub hash: Hash,
    /// In bytes.
    pub size: u64,
    pub uploaded_by: UserId,
    pub created_at: DateTime<Utc>,
    pub in_use: bool,
    pub version: i64,
}

/// The largest template, in bytes; a docx with a coat of arms in it is far smaller.
pub const fn largest(form: Form) -> u64 {
    match form {
        Form::Docx => 5 << 20,
        Form::Pdf => 256 << 10,
    }
}

/// So many versions of a paper and form are kept; beyond it an office has to think what it does.
pub const MOST_VERSIONS: i32 = 200;
