use std::sync::Arc;

use chengjing_domain::id::{EditionId, StandardId};

use super::{Opened, look_up::look_up_edition};
use crate::{App, Caller, Refusal};

/// A leaf of an edition: the edition and the leaf's number in it.
pub async fn look_up_leaf(
    app: &App,
    caller: &Caller,
    standard: StandardId,
    edition: EditionId,
    code: &str,
) -> Result<(Arc<Opened>, usize, i64), Refusal> {
    let seen = look_up_edition(app, caller, standard, edition).await?;
    let leaf = seen.opened.whole.leaf(code).ok_or(Refusal::NotFound)?;
    Ok((seen.opened, leaf, seen.edition.version))
}
