use chengjing_domain::{
    id::StandardId,
    ledger::SubjectKind,
    standard::edition::{Kept, LONGEST_KIND, Level},
};
use chengjing_store::{
    ledger,
    standard::{self as store, edition},
};
use serde_json::json;

use super::{StandardSeen, may_edit, on_shelf, subject};
use crate::{App, Caller, Refusal, difference::Difference, refusal::Faults};

/// Says of what kind a standard is and whose assessment; None stays.
pub async fn edit(
    app: &App,
    caller: &Caller,
    id: StandardId,
    seen: i64,
    kind: Option<String>,
    level: Option<Level>,
) -> Result<StandardSeen, Refusal> {
    let caller = caller.clone();
    app.store
        .write(move |tx| {
            let (caller, kind) = (caller.clone(), kind.clone());
            async move {
                let before = on_shelf(&tx, &caller, id).await?;
                may_edit(&caller, before.owner)?;
                let mut faults = Faults::default();
                let kind = kind.map(|kind| faults.text("kind", &kind, LONGEST_KIND));
                faults.end()?;
                if before.version != seen {
                    return Err(Refusal::Stale);
                }
                let after = Kept {
                    kind: kind.unwrap_or_else(|| before.kind.clone()),
                    level: level.unwrap_or(before.level),
                    ..before.clone()
                };
                let mut difference = Difference::default();
                difference.of("kind", &before.kind, &after.kind, |kind| json!(kind));
                difference.of("level", &before.level, &after.level, |level| json!(level));
                let editions = edition::list(&tx, &[id]).await?.remove(&id).unwrap_or_default();
                if difference.is_empty() {
                    return Ok(StandardSeen { kept: before, editions, editable: true });
                }
                let kept = store::save(&tx, &after).await?;
                let about = subject(SubjectKind::Standard, kept.owner, id.0);
                ledger::record(&tx, caller.act_named("standard.edit", about, difference.details())).await?;
                Ok(StandardSeen { kept, editions, editable: true })
            }
        })
        .await
}
