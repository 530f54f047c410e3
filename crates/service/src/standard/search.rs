use std::sync::Arc;

use chengjing_domain::id::{EditionId, StandardId};

use super::{Found, Opened, look_up::look_up_edition};
use crate::{App, Caller, Refusal};

/// How many places are told.
pub const MOST: usize = 100;

/// Where in an edition all of these words stand.
pub async fn search(
    app: &App,
    caller: &Caller,
    standard: StandardId,
    edition: EditionId,
    words: &str,
) -> Result<(Arc<Opened>, Vec<Found>), Refusal> {
    let seen = look_up_edition(app, caller, standard, edition).await?;
    if words.chars().count() > 100 {
        return Err(Refusal::invalid("q", "最多100个字", "at most 100 characters"));
    }
    let found = seen.opened.find(words, MOST);
    Ok((seen.opened, found))
}
