use chengjing_domain::{
    campaign::{Unit, UnitKind},
    id::{CampaignId, UnitId},
    ledger::{Subject, SubjectKind},
    people::policy::{Action, Resource},
};
use chengjing_store::{campaign as store, ledger};
use serde_json::json;

use super::{Directory, UnitChange, UnitView, contacts, put};
use crate::{App, Caller, Refusal};

/// Adds a unit by hand.
pub async fn add(
    app: &App,
    caller: &Caller,
    campaign: CampaignId,
    text: UnitChange,
) -> Result<UnitView, Refusal> {
    caller.may(Action::EditUnits, Resource::Campaign(campaign))?;
    let id: UnitId = caller.id("unit");
    let act = caller.act_named(
        "unit.add",
        Subject::of(campaign, SubjectKind::Unit, id.0),
        json!({ "name": text.name }),
    );
    app.store
        .write(move |tx| {
            let (text, act) = (text.clone(), act.clone());
            async move {
                store::lookup(&tx, campaign).await?.ok_or(Refusal::NotFound)?;
                let directory = Directory::load(&tx, campaign).await?;
                if let Some(there) = directory.units().iter().find(|unit| unit.id == id) {
                    return Ok(directory.view(there.clone()));
                }
                let mut unit = Unit::new(campaign, id, "", UnitKind::Department);
                let belonging = contacts::belonging(&tx, campaign, &text).await?;
                put(&mut unit, &text, directory.units(), &belonging)?;
                store::add_units(&tx, std::slice::from_ref(&unit)).await?;
                ledger::record(&tx, act).await?;
                Ok(Directory::load(&tx, campaign).await?.view(unit))
            }
        })
        .await
}
