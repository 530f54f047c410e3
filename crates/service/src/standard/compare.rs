use chengjing_domain::{
    id::{EditionId, StandardId},
    standard::{
        comparison::{Comparison, compare as compare_wholes},
        edition::EditionSummary,
    },
};

use super::visible;
use crate::{App, Caller, Refusal};

/// What becomes of an edition in another one of the same standard; the caller must see both.
pub async fn compare(
    app: &App,
    caller: &Caller,
    standard: StandardId,
    before: EditionId,
    after: EditionId,
) -> Result<(EditionSummary, EditionSummary, Comparison), Refusal> {
    let (here, caller) = (app.clone(), caller.clone());
    app.store
        .read(|q| async move {
            let (_, before) = visible(&q, &caller, standard, before).await?;
            let (_, after) = visible(&q, &caller, standard, after).await?;
            let old = here.standards.open(&q, &before).await?;
            let new = here.standards.open(&q, &after).await?;
            let comparison = compare_wholes(&old.whole, &new.whole);
            Ok((before, after, comparison))
        })
        .await
}
