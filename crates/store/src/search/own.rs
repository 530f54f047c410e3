//! The duties that somebody sees who doesn't see all.
//!
//! The index tells which texts of all hold a word, and then the asker's scope is taken from them: that takes the longer,
//! the more hold it of those that the asker must not know of. So who sees few is searched among these alone, and how long
//! it takes depends on nothing else.

use chengjing_domain::id::{CampaignId, InitiativeId, UnitId};
use sea_orm::{Statement, Value};

use crate::{door::Access, error::StoreError};

/// So many are looked at one by one in a tenth of a second or two. A county's whole campaign has some hundreds.
const FEW: u64 = 20_000;

/// The ids of the duties of these units and initiatives, as the column `duty_id` of a statement. `bind` puts a value among
/// the statement's and tells its place.
pub(super) fn select(
    campaign: &str,
    units: &[UnitId],
    led: &[InitiativeId],
    bind: &mut dyn FnMut(Value) -> String,
) -> String {
    let of = |table: &str, id: &str, column: &str, ids: Vec<String>| {
        let ids = if ids.is_empty() { "NULL".to_owned() } else { ids.join(", ") };
        format!("SELECT {id} AS duty_id FROM {table} WHERE campaign_id = {campaign} AND {column} IN ({ids})")
    };
    let units = units.iter().map(|unit| bind(unit.0.into())).collect();
    let of_units = of("duty_unit", "duty_id", "unit_id", units);
    if led.is_empty() {
        return of_units;
    }
    let led = led.iter().map(|led| bind(led.0.into())).collect();
    format!("{of_units} UNION ALL {}", of("duty", "id", "initiative_id", led))
}

/// Whether there are few. Where there are none, there are.
pub(super) async fn are_few(
    db: &Access,
    campaign: CampaignId,
    units: &[UnitId],
    led: &[InitiativeId],
) -> Result<bool, StoreError> {
    let mut values: Vec<Value> = vec![campaign.0.into()];
    let own = select("$1", units, led, &mut |value| {
        values.push(value);
        format!("${}", values.len())
    });
    let sql = format!("SELECT count(*) FROM (SELECT 1 FROM ({own}) AS own LIMIT {}) AS counted", FEW + 1);
    let statement = Statement::from_sql_and_values(db.backend(), sql, values);
    Ok(db.tuple::<Option<i64>>(statement).await?.flatten().unwrap_or(0).unsigned_abs() <= FEW)
}
