use chengjing_domain::id::CampaignId;

use super::{EditionSeen, shipped, take_in};
use crate::{App, Caller, Refusal};

/// Takes over a standard that comes with the program, as a draft.
pub async fn take_over(
    app: &App,
    caller: &Caller,
    owner: Option<CampaignId>,
    code: &str,
) -> Result<EditionSeen, Refusal> {
    let shipped = shipped::standards().iter().find(|shipped| shipped.standard.id == code);
    let shipped = shipped.ok_or(Refusal::NotFound)?;
    let beside = take_in::Beside { kind: Some(shipped.kind.to_owned()), level: Some(shipped.level) };
    Ok(take_in::take_in(app, caller, owner, beside, shipped.source.as_bytes()).await?.seen)
}
