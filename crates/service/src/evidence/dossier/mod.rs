//! `dossier` 卷宗: what was accepted for a leaf, a part or all of what a campaign is assessed by, packed into one zip of
//! folders after the standards' trees: cover, table of the materials, sheet of their reviews, numbered files, texts as PDF.

mod gather;
pub mod order;
pub mod pack;
mod parcel;

use chengjing_domain::id::{CampaignId, StandardId, UnitId, UserId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Demand, Demands};

/// The kind of job that packs a dossier.
pub const KIND: &str = "dossier.pack";

/// Of what a dossier is wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// None: of all standards that the campaign is assessed by.
    pub standard: Option<StandardId>,
    /// The code of a leaf, or of a part above leaves; None: of all of the standard.
    pub place: Option<String>,
}

/// What such a job is told; a stored format.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Payload {
    campaign: CampaignId,
    /// Whose it is: nobody else sees the job or gets the file.
    owner: UserId,
    wanted: Wanted,
    /// The units that the owner's scope covered when it was ordered; None: all.
    within: Option<Vec<UnitId>>,
    /// The day that is printed on it.
    as_of: NaiveDate,
}

/// A requirement with the leaf that it is packed under, by its number among the places.
struct Packed<'a> {
    demand: &'a Demand,
    leaf: usize,
}

impl Wanted {
    /// The requirements that it is of, standard by standard, in the order of their trees; and the number of its place.
    fn demands<'a>(&self, demands: &'a Demands, standard: StandardId) -> (Vec<Packed<'a>>, Option<usize>) {
        let opened = demands.standards.iter().find(|(id, _)| *id == standard).map(|(_, opened)| opened);
        let place = self.place.as_ref().and_then(|code| {
            opened.and_then(|opened| opened.whole.places.iter().position(|place| place.code == *code))
        });
        let own = demands.all().iter().filter(|demand| demand.of.standard == standard);
        let packed = own.filter_map(|demand| demand.leaf_under(place).map(|leaf| Packed { demand, leaf }));
        (packed.collect(), place)
    }

    /// The standards that it is of.
    fn standards(&self, demands: &Demands) -> Vec<StandardId> {
        let all = demands.standards.iter().map(|(id, _)| *id);
        all.filter(|id| self.standard.is_none_or(|wanted| wanted == *id)).collect()
    }
}
