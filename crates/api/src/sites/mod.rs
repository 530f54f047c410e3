//! Sites 点位: the places that are visited.

pub(crate) mod add;
pub(crate) mod close;
pub(crate) mod edit;
pub(crate) mod export_sheet;
pub(crate) mod import_sheet;
pub(crate) mod list;
pub(crate) mod look_up;

use chengjing_domain::observation::{Datum, Position};
use chengjing_service::site::SiteView;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::{
    version::Tagged,
    words::{DecimalText, Named, mirror},
};

mirror! {
    /// What degrees are measured against. `wgs84`: GPS; `gcj02`: AMap, Tencent; `bd09`: Baidu.
    #[serde(rename_all = "snake_case")]
    DatumWord = Datum { Wgs84, Cgcs2000, Gcj02, Bd09 }
}

/// Where something is, in degrees.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PositionBody {
    #[schema(example = "117.0123")]
    longitude: DecimalText,
    #[schema(example = "36.6543")]
    latitude: DecimalText,
    datum: DatumWord,
}

impl From<PositionBody> for Position {
    fn from(body: PositionBody) -> Self {
        Self { longitude: body.longitude.0, latitude: body.latitude.0, datum: body.datum.into() }
    }
}

/// A place that is visited.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SiteBody {
    id: Uuid,
    #[schema(example = "城东农贸市场")]
    name: String,
    #[schema(example = "market")]
    site_type: String,
    /// What its type is called; null: no standard of the campaign knows it any more.
    type_title: Option<String>,
    /// The unit that answers for it.
    unit: Option<Named>,
    position: Option<PositionBody>,
    /// From here on it is among those that are judged.
    added_at: DateTime<Utc>,
    /// From here on it is not, and what was seen there does not count.
    closed_at: Option<DateTime<Utc>>,
    version: i64,
}

impl From<SiteView> for SiteBody {
    fn from(view: SiteView) -> Self {
        let SiteView { site, type_title, unit } = view;
        let position = |position: Position| PositionBody {
            longitude: DecimalText(position.longitude),
            latitude: DecimalText(position.latitude),
            datum: position.datum.into(),
        };
        Self {
            id: site.id.0,
            name: site.name,
            site_type: site.site_type,
            type_title,
            unit: unit.map(|unit| Named { id: unit.id.0, name: unit.name }),
            position: site.position.map(position),
            added_at: site.added_at,
            closed_at: site.closed_at,
            version: site.version,
        }
    }
}

fn tagged(view: SiteView) -> Tagged<SiteBody> {
    Tagged::ok(view.site.version, view.into())
}
