//! A duty changed: the tasks of its units follow.

use chengjing_domain::{
    duty::{
        Duty,
        task::{Deed, Owed, Party, StateKind, Task, owe_dates, owed_by, settle},
    },
    id::{CampaignId, UnitId},
};
use chengjing_store::{
    Tx, duty,
    task::{self as store, StoredTask},
};

use super::{act::done, dates};
use crate::{Caller, Refusal};

/// Stores a duty over what it was. Units that no longer owe lose their tasks: those that nobody touched go, those that
/// were begun are withdrawn by the office for that reason; who owes again goes on where it was.
pub(crate) async fn save_duty(
    tx: &Tx,
    caller: &Caller,
    old: &Duty,
    new: &Duty,
    reason: &str,
) -> Result<Duty, Refusal> {
    let who = |owed: Vec<Owed>| -> Vec<UnitId> { owed.into_iter().map(|owed| owed.unit).collect() };
    let (before, now) = (owed_by(old), owed_by(new));
    if who(before.clone()) != who(now.clone()) || owe_dates(old) != owe_dates(new) {
        let stored = store::list_of_duty(tx, new.campaign, new.id).await?;
        let tasks: Vec<Task> = stored.iter().map(|stored| stored.task.clone()).collect();
        let settlement = settle(&tasks, &before, &now, &owe_dates(new));
        let find = |id| stored.iter().find(move |stored| stored.task.id == id);
        for one in settlement.withdraw.iter().filter_map(|id| find(*id)) {
            turn(tx, caller, one, Deed::Withdraw { reason: reason.to_owned() }).await?;
        }
        for one in settlement.restore.iter().filter_map(|id| find(*id)) {
            turn(tx, caller, one, Deed::Restore { reason: reason.to_owned() }).await?;
        }
    }
    let saved = duty::save_over(tx, old, new, caller.now).await?;
    if owe_dates(&saved) != owe_dates(old) {
        dates::order(tx, caller, &saved).await?;
    }
    Ok(saved)
}

async fn turn(tx: &Tx, caller: &Caller, stored: &StoredTask, deed: Deed) -> Result<(), Refusal> {
    let done = done(caller, &stored.task, deed, Party::Office)?;
    store::save(tx, stored, &done).await?;
    Ok(())
}

/// Two entries were one unit: what `from` owes, `into` owes. Where both have the same task, the one of `into` goes on,
/// unless nobody has touched it.
pub(crate) async fn merge_units(
    tx: &Tx,
    caller: &Caller,
    campaign: CampaignId,
    from: UnitId,
    into: UnitId,
) -> Result<(), Refusal> {
    let own = store::list_of_unit(tx, campaign, into).await?;
    let live = |stored: &&StoredTask| stored.task.state.kind() != StateKind::Withdrawn;
    for stored in store::list_of_unit(tx, campaign, from).await? {
        let owed = stored.task.owed;
        if stored.task.is_untouched() && owed.occurrence.is_none() {
            // It goes and comes with the units of its duty.
            continue;
        }
        let same = own
            .iter()
            .filter(live)
            .find(|own| own.task.owed.duty == owed.duty && own.task.owed.occurrence == owed.occurrence);
        let mut moved = stored;
        if let Some(same) = same.filter(|_| live(&&moved)) {
            if same.task.is_untouched() {
                store::remove_untouched(tx, &same.task).await?;
            } else if moved.task.is_untouched() {
                store::remove_untouched(tx, &moved.task).await?;
                continue;
            } else if moved.task.state.kind().is_ended() {
                // Two histories of one task, and what has ended can't be withdrawn.
                return Err(Refusal::conflict(
                    "两个单位都办理过同一任务，其一已办结，不能合并",
                    "both units have worked on the same task and one has finished it; they can't be merged",
                ));
            } else {
                let deed = Deed::Withdraw { reason: "单位合并".to_owned() };
                let done = done(caller, &moved.task, deed, Party::Office)?;
                moved = store::save(tx, &moved, &done).await?;
            }
        }
        store::rename_unit(tx, &moved, into).await?;
    }
    Ok(())
}
