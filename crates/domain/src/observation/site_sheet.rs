//! Sites as a sheet that an office fills in: a row a site, found by its name.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::{Datum, Position, Site};
use crate::{
    campaign::{Unit, naming::normal},
    id::{CampaignId, SiteId, UnitId},
};

/// A column that is read; others are for the reader's eye.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    Name,
    Type,
    Unit,
    Longitude,
    Latitude,
    Datum,
}

impl Column {
    pub const ALL: [Self; 6] =
        [Self::Name, Self::Type, Self::Unit, Self::Longitude, Self::Latitude, Self::Datum];

    pub fn heading(self) -> &'static str {
        match self {
            Self::Name => "点位名称",
            Self::Type => "点位类型",
            Self::Unit => "责任单位",
            Self::Longitude => "经度",
            Self::Latitude => "纬度",
            Self::Datum => "坐标系",
        }
    }
}

/// What a datum is called in a sheet.
pub fn datum_name(datum: Datum) -> &'static str {
    match datum {
        Datum::Wgs84 => "WGS-84",
        Datum::Cgcs2000 => "CGCS2000",
        Datum::Gcj02 => "GCJ-02",
        Datum::Bd09 => "BD-09",
    }
}

/// A row as it was filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// As the sheet's program counts it, from 1.
    pub row: u32,
    /// By the order of [`Column::ALL`]; None where the sheet has no such column.
    pub cells: [Option<String>; 6],
}

impl Line {
    fn cell(&self, column: Column) -> Option<&str> {
        let place = Column::ALL.iter().position(|one| *one == column)?;
        self.cells[place].as_deref()
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellFault {
    pub row: u32,
    pub column: Column,
    pub why: Why,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    TooLong,
    /// The same site stands in this row too.
    Twice {
        row: u32,
    },
    /// No standard of the campaign knows such a type.
    UnknownType,
    /// Of which type a site is never changes.
    OtherType {
        now: String,
    },
    UnknownUnit,
    Closed,
    /// No degrees: a decimal, both or none, on the globe.
    NoDegrees,
    UnknownDatum,
}

/// What a sheet adds and changes: rows with the sites as they are then.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes {
    pub added: Vec<(u32, Site)>,
    pub changed: Vec<(u32, Site)>,
    pub unchanged: usize,
}

/// What is there, for a sheet to be compared with.
#[derive(Debug, Clone, Copy)]
pub struct There<'a> {
    pub campaign: CampaignId,
    /// Those that are not closed.
    pub sites: &'a [Site],
    /// The types that standards know: id and title.
    pub types: &'a [(String, String)],
    pub units: &'a [Unit],
    pub now: DateTime<Utc>,
}

/// What the lines add and change. A column that the sheet has not leaves what is there; a blank cell takes it away.
///
/// `ids`: as many as there are lines.
///
/// # Errors
/// All that is wrong in its cells.
pub fn compare(there: There<'_>, lines: &[Line], ids: &[SiteId]) -> Result<Changes, Vec<CellFault>> {
    let sites: HashMap<&str, &Site> = there.sites.iter().map(|site| (site.name.as_str(), site)).collect();
    let mut units: HashMap<String, &Unit> = HashMap::new();
    for unit in there.units {
        for name in std::iter::once(&unit.name).chain(&unit.aliases) {
            units.entry(normal(name)).or_insert(unit);
        }
    }
    let (mut changes, mut faults) = (Changes::default(), Vec::new());
    let mut rows: HashMap<&str, u32> = HashMap::new();
    for (line, id) in lines.iter().zip(ids) {
        let Some(name) = line.cell(Column::Name).filter(|name| !name.is_empty()) else { continue };
        let before = faults.len();
        let mut fault = |column, why| faults.push(CellFault { row: line.row, column, why });
        if let Some(row) = rows.insert(name, line.row) {
            fault(Column::Name, Why::Twice { row });
            continue;
        }
        if name.chars().count() > Site::LONGEST {
            fault(Column::Name, Why::TooLong);
        }
        let old = sites.get(name).copied();
        let site_type = match (line.cell(Column::Type).unwrap_or_default(), old) {
            ("", Some(old)) => old.site_type.clone(),
            (said, old) => {
                let known = there.types.iter().find(|(id, title)| id == said || title == said);
                match (known, old) {
                    (None, _) => {
                        fault(Column::Type, Why::UnknownType);
                        String::new()
                    }
                    (Some((id, _)), Some(old)) if *id != old.site_type => {
                        let now = there.types.iter().find(|(id, _)| *id == old.site_type);
                        let now = now.map_or(old.site_type.as_str(), |(_, title)| title);
                        fault(Column::Type, Why::OtherType { now: now.to_owned() });
                        String::new()
                    }
                    (Some((id, _)), _) => id.clone(),
                }
            }
        };
        let unit: Option<UnitId> = match line.cell(Column::Unit) {
            None => old.and_then(|old| old.unit),
            Some("") => None,
            Some(said) => match units.get(&normal(said)) {
                None => {
                    fault(Column::Unit, Why::UnknownUnit);
                    None
                }
                Some(unit) if unit.closed_at.is_some() && old.is_none_or(|old| old.unit != Some(unit.id)) => {
                    fault(Column::Unit, Why::Closed);
                    None
                }
                Some(unit) => Some(unit.id),
            },
        };
        let position = position(line, old.and_then(|old| old.position), &mut fault);
        if faults.len() > before {
            continue;
        }
        let site = match old {
            Some(old) => {
                let mut site = Site { position, ..old.clone() };
                site.assign(unit, there.now);
                site
            }
            None => Site {
                campaign: there.campaign,
                id: *id,
                name: name.to_owned(),
                site_type,
                unit,
                earlier: Vec::new(),
                position,
                added_at: there.now,
                closed_at: None,
                version: 1,
            },
        };
        match old {
            None => changes.added.push((line.row, site)),
            Some(old) if *old == site => changes.unchanged += 1,
            Some(_) => changes.changed.push((line.row, site)),
        }
    }
    if faults.is_empty() { Ok(changes) } else { Err(faults) }
}

fn position(line: &Line, now: Option<Position>, fault: &mut impl FnMut(Column, Why)) -> Option<Position> {
    let (Some(longitude), Some(latitude)) = (line.cell(Column::Longitude), line.cell(Column::Latitude))
    else {
        return now;
    };
    if longitude.is_empty() && latitude.is_empty() {
        return None;
    }
    let read = |text: &str| text.parse().ok();
    let datum = match line.cell(Column::Datum).unwrap_or_default() {
        "" => now.map_or(Datum::Wgs84, |now| now.datum),
        said => {
            let plain = |text: &str| text.replace(['-', ' '], "").to_lowercase();
            let known = Datum::ALL.into_iter().find(|datum| plain(datum_name(*datum)) == plain(said));
            known.unwrap_or_else(|| {
                fault(Column::Datum, Why::UnknownDatum);
                Datum::Wgs84
            })
        }
    };
    let (longitude, latitude) = (read(longitude), read(latitude));
    for (degrees, column) in [(longitude, Column::Longitude), (latitude, Column::Latitude)] {
        if degrees.is_none() {
            fault(column, Why::NoDegrees);
        }
    }
    let position = Position { longitude: longitude?, latitude: latitude?, datum };
    if !position.is_sound() {
        fault(Column::Longitude, Why::NoDegrees);
    }
    Some(position)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::campaign::UnitKind;

    const HERE: CampaignId = CampaignId(Uuid::from_u128(1));

    fn moment() -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000, 0).expect("a moment")
    }

    fn site(n: u128, name: &str) -> Site {
        Site {
            campaign: HERE,
            id: SiteId(Uuid::from_u128(n)),
            name: name.to_owned(),
            site_type: "market".to_owned(),
            unit: Some(UnitId(Uuid::from_u128(7))),
            earlier: Vec::new(),
            position: None,
            added_at: moment(),
            closed_at: None,
            version: 3,
        }
    }

    fn line(row: u32, cells: [Option<&str>; 6]) -> Line {
        Line { row, cells: cells.map(|cell| cell.map(str::to_owned)) }
    }

    fn look(sites: &[Site], lines: &[Line]) -> Result<Changes, Vec<CellFault>> {
        let units = [Unit::new(HERE, UnitId(Uuid::from_u128(7)), "城关镇".to_owned(), UnitKind::Street)];
        let types = [("market".to_owned(), "农贸市场".to_owned()), ("park".to_owned(), "公园".to_owned())];
        let ids: Vec<SiteId> = (0..lines.len()).map(|n| SiteId(Uuid::from_u128(100 + n as u128))).collect();
        let there = There { campaign: HERE, sites, types: &types, units: &units, now: moment() };
        compare(there, lines, &ids)
    }

    #[test]
    fn a_row_adds_a_site_or_changes_the_one_of_its_name() {
        let sites = [site(1, "城东市场"), site(2, "南门市场"), site(3, "西关市场")];
        let lines = [
            line(3, [Some("城东市场"), Some("农贸市场"), Some("城关镇"), None, None, None]),
            line(4, [Some("南门市场"), Some(""), Some(""), None, None, None]),
            line(5, [Some("人民公园"), Some("park"), None, Some("117.01"), Some("36.5"), Some("gcj 02")]),
            line(6, [Some(""), Some("小计"), None, None, None, None]),
        ];
        let changes = look(&sites, &lines).expect("no faults");
        assert_eq!(changes.unchanged, 1);
        assert_eq!(changes.changed, [(4, Site { unit: None, ..site(2, "南门市场") })]);
        let [(5, added)] = changes.added.as_slice() else { panic!("one is added: {:?}", changes.added) };
        assert_eq!((added.name.as_str(), added.site_type.as_str(), added.version), ("人民公园", "park", 1));
        assert_eq!(added.position.map(|position| position.datum), Some(Datum::Gcj02));
    }

    #[test]
    fn all_faults_are_told_with_their_cells_at_once() {
        let sites = [site(1, "城东市场")];
        let lines = [
            line(3, [Some("城东市场"), Some("公园"), Some("没有的镇"), None, None, None]),
            line(4, [Some("城东市场"), None, None, None, None, None]),
            line(5, [Some("新的"), Some("机场"), None, Some("117"), Some(""), Some("月球")]),
            line(6, [Some("远的"), Some("park"), None, Some("217"), Some("36"), None]),
        ];
        let faults = look(&sites, &lines).expect_err("faults");
        let told: Vec<_> = faults.into_iter().map(|fault| (fault.row, fault.column, fault.why)).collect();
        assert_eq!(
            told,
            [
                (3, Column::Type, Why::OtherType { now: "农贸市场".to_owned() }),
                (3, Column::Unit, Why::UnknownUnit),
                (4, Column::Name, Why::Twice { row: 3 }),
                (5, Column::Type, Why::UnknownType),
                (5, Column::Datum, Why::UnknownDatum),
                (5, Column::Latitude, Why::NoDegrees),
                (6, Column::Longitude, Why::NoDegrees),
            ]
        );
    }
}
