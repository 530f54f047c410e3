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
    pub since: DateTime<Utc>,
    pub changed_by: UserId,
    pub version: i64,
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
