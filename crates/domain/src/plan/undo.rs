//! Taking back the adoption of a newer version: what it changed becomes again what it was.

use std::collections::{HashMap, HashSet};

use super::ImportRefusal;
use crate::{
    duty::Duty,
    id::{DutyId, PhaseId, UnitId},
};

/// What is to be done to the duties so that they stand as before.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Undo {
    /// Stored again as they were, under the version that they have now.
    pub restored: Vec<Duty>,
    /// Those that the adoption had added.
    pub removed: Vec<DutyId>,
}

/// Works out how an adoption is taken back.
///
/// `former`: the duties that it changed or withdrew, as they were before; none for a plan that replaced no other.
/// `now`: the duties that it brought and those that it changed, as they are.
///
/// # Errors
/// [`ImportRefusal::FormerUnitGone`] where a former duty names a unit or a phase that is no longer there.
pub fn undo(
    former: Vec<Duty>,
    now: &[Duty],
    units: &HashSet<UnitId>,
    phases: &HashSet<PhaseId>,
) -> Result<Undo, ImportRefusal> {
    let versions: HashMap<DutyId, i64> = now.iter().map(|duty| (duty.id, duty.version)).collect();
    let changed: HashSet<DutyId> = former.iter().map(|duty| duty.id).collect();
    let mut undo = Undo::default();
    for duty in former {
        let named = duty.units.iter().flat_map(|unit| std::iter::once(unit.unit).chain(unit.via));
        let units_there = named.into_iter().all(|unit| units.contains(&unit));
        if !units_there || duty.phase.is_some_and(|phase| !phases.contains(&phase)) {
            return Err(ImportRefusal::FormerUnitGone);
        }
        // A duty that somebody removed since has been worked on.
        let version = *versions.get(&duty.id).ok_or(ImportRefusal::WorkHasBegun)?;
        undo.restored.push(Duty { version, ..duty });
    }
    undo.removed = now.iter().map(|duty| duty.id).filter(|id| !changed.contains(id)).collect();
    Ok(undo)
}
