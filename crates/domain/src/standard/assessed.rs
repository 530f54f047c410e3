//! By which standards a campaign is assessed: one edition of each, and what they are to each other.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{Of, Standard};
use crate::id::{CampaignId, EditionId, StandardId, UserId};

/// A campaign is assessed by an edition of a standard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessed {
    pub campaign: CampaignId,
    /// The standard; a campaign is assessed by it in one edition.
    pub id: StandardId,
    pub edition: EditionId,
    /// Since when by this edition.
    pub since: DateTime<Utc>,
    /// Since when by the standard, where it has moved to another edition: its place among the others stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<DateTime<Utc>>,
    /// By which editions it was before, from the first on: what another standard takes of a moment of the past is by that of then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<EarlierEdition>,
    pub changed_by: UserId,
    pub version: i64,
}

/// The edition by which a campaign was assessed until it moved to another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlierEdition {
    pub edition: EditionId,
    pub until: DateTime<Utc>,
}

impl Assessed {
    /// Since when by the standard, in whatever edition.
    pub fn first_since(&self) -> DateTime<Utc> {
        self.first.unwrap_or(self.since)
    }

    /// The same by another edition of the standard.
    #[must_use]
    pub fn moved_to(self, edition: EditionId, at: DateTime<Utc>, by: UserId) -> Self {
        let mut earlier = self.earlier.clone();
        // Of what it moved on from in the same moment nothing is left.
        if earlier.last().is_none_or(|last| last.until < at) {
            earlier.push(EarlierEdition { edition: self.edition, until: at });
        }
        Self { edition, first: Some(self.first_since()), since: at, earlier, changed_by: by, ..self }
    }
}

/// What a standard is to another one of the same campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Below so many marks of this one the city may not apply by the other.
    Gate { of: String, at_least: Decimal },
    /// So much of the other's total is this one's.
    Contribution { to: String, share: Decimal },
}

/// What the standard with that code is to the others; a main standard is nothing to any.
pub fn parts_of(code: &str, others: &[&Standard]) -> Vec<Part> {
    let mut parts = Vec::new();
    for other in others.iter().filter(|other| other.id != code) {
        for gate in &other.gates {
            if gate.of == Of::Standard(code.to_owned()) {
                parts.push(Part::Gate { of: other.id.clone(), at_least: gate.at_least });
            }
        }
        for contribution in other.contributions.iter().filter(|one| one.standard == code) {
            parts.push(Part::Contribution { to: other.id.clone(), share: contribution.share });
        }
    }
    parts
}

/// The codes of the standards whose totals this one needs, once each.
pub fn needs(standard: &Standard) -> Vec<&str> {
    let gates = standard.gates.iter().filter_map(|gate| match &gate.of {
        Of::Standard(code) => Some(code.as_str()),
        Of::Total | Of::Node(_) => None,
    });
    let mut codes: Vec<&str> =
        gates.chain(standard.contributions.iter().map(|one| one.standard.as_str())).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_standard_keeps_since_when_it_assesses_however_often_it_moves() {
        let at = |day: u32| format!("2026-03-{day:02}T08:00:00Z").parse::<DateTime<Utc>>().expect("a moment");
        let id = uuid::Uuid::from_u128;
        let attached = Assessed {
            campaign: CampaignId(id(1)),
            id: StandardId(id(2)),
            edition: EditionId(id(3)),
            since: at(1),
            first: None,
            earlier: Vec::new(),
            changed_by: UserId(id(4)),
            version: 1,
        };
        assert_eq!(attached.first_since(), at(1));
        let moved = attached.clone().moved_to(EditionId(id(5)), at(7), UserId(id(6)));
        let again = moved.clone().moved_to(EditionId(id(7)), at(9), UserId(id(4)));
        assert_eq!((moved.since, moved.first_since(), moved.edition), (at(7), at(1), EditionId(id(5))));
        assert_eq!((again.since, again.first_since(), again.changed_by), (at(9), at(1), UserId(id(4))));
        let then: Vec<_> = again.earlier.iter().map(|one| (one.edition, one.until)).collect();
        assert_eq!(then, [(EditionId(id(3)), at(7)), (EditionId(id(5)), at(9))]);
        let at_once = moved.clone().moved_to(EditionId(id(8)), at(7), UserId(id(4)));
        assert_eq!(at_once.earlier, moved.earlier, "the one in between was never in use");
    }

    #[test]
    fn a_standard_is_a_gate_and_a_contribution_where_another_says_so() {
        let county: Standard = serde_json::from_value(json!({
            "id": "county", "edition": "1", "title": "县", "marks": "100", "tree": [],
            "gates": [
                { "title": "未成年人", "of": { "standard": "minors" }, "at_least": "85" },
                { "title": "总分", "of": "total", "at_least": "80" },
            ],
            "contributions": [{ "standard": "minors", "share": "0.2" }],
        }))
        .expect("a standard");
        let minors = Standard {
            id: "minors".to_owned(),
            gates: Vec::new(),
            contributions: Vec::new(),
            ..county.clone()
        };
        let all = [&county, &minors];
        assert_eq!(
            parts_of("minors", &all),
            [
                Part::Gate { of: "county".to_owned(), at_least: 85.into() },
                Part::Contribution { to: "county".to_owned(), share: Decimal::new(2, 1) },
            ]
        );
        assert_eq!(parts_of("county", &all), []);
        assert_eq!((needs(&county), needs(&minors)), (vec!["minors"], vec![]));
    }
}
