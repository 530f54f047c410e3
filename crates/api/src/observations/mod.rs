//! Observations 观察: facts as somebody recorded them, which are accepted, released and superseded, and never edited.

pub(crate) mod accept;
pub(crate) mod list;
pub(crate) mod look_up;
pub(crate) mod observable;
pub(crate) mod record;
pub(crate) mod release;
pub(crate) mod supersede;
pub(crate) mod withdraw;

use std::collections::BTreeMap;

use chengjing_domain::{
    id::{AttachmentId, StandardId, UnitId},
    score::{Fact, FactKind},
};
use chengjing_service::observation::{NewObservation, ObservationView, Thing};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    attachments::AttachmentBody,
    http::{
        version::Tagged,
        words::{DecimalText, Named, mirror},
    },
    standards::MethodWord,
};

mirror! {
    /// What sort of thing was observed: 实地考察, 材料评定, 问卷, 统计, 直接评定, 没有此类点位, 负面清单, 加分.
    #[serde(rename_all = "snake_case")]
    FactKindWord = FactKind { Visit, Review, Answers, Figure, Judgement, NoSites, Event, Honour }
}

/// What was found. Verdicts are words of the scale that the standard asks for: `met`, `partly`, `failed`, or the name of a
/// grade; of verdict, number and absent there is one.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum FactBody {
    /// A criterion at a site.
    Visit {
        site: Uuid,
        #[schema(example = "market/licence")]
        criterion: String,
        #[serde(default)]
        verdict: Option<String>,
        /// What was counted.
        #[serde(default)]
        number: Option<DecimalText>,
        /// Along how many metres it was counted.
        #[serde(default)]
        metres: Option<DecimalText>,
        /// The thing is not there.
        #[serde(default)]
        absent: bool,
    },
    /// A material.
    Review {
        requirement: String,
        verdict: String,
        /// Some of what is asked for is not there: it counts no more than the verdict, and at the least nothing.
        #[serde(default)]
        #[schema(required = false)]
        incomplete: bool,
    },
    /// Answers to a question, of one person or counted.
    Answers {
        question: String,
        /// The population group that was asked.
        #[serde(default)]
        group: Option<String>,
        /// How many chose each option.
        options: BTreeMap<String, u32>,
    },
    /// A figure.
    Figure { statistic: String, value: DecimalText },
    /// A verdict, or a number, on a leaf itself: an opinion, a report, an overall view.
    Judgement {
        leaf: String,
        method: MethodWord,
        #[serde(default)]
        verdict: Option<String>,
        #[serde(default)]
        number: Option<DecimalText>,
        #[serde(default)]
        metres: Option<DecimalText>,
        #[serde(default)]
        absent: bool,
    },
    /// The place has no site of a type: no river, no airport.
    NoSites { site_type: String },
    /// An event of the negative list.
    Event { entry: String },
    /// An honour of the bonus.
    Honour { honour: String },
}

impl From<FactBody> for Fact {
    fn from(body: FactBody) -> Self {
        let plain = |number: Option<DecimalText>| number.map(|number| number.0);
        match body {
            FactBody::Visit { site, criterion, verdict, number, metres, absent } => Self::Visit {
                site: site.to_string(),
                criterion,
                verdict,
                number: plain(number),
                metres: plain(metres),
                absent,
            },
            FactBody::Review { requirement, verdict, incomplete } => {
                Self::Review { requirement, verdict, incomplete }
            }
            FactBody::Answers { question, group, options } => Self::Answers { question, group, options },
            FactBody::Figure { statistic, value } => Self::Figure { statistic, value: value.0 },
            FactBody::Judgement { leaf, method, verdict, number, metres, absent } => Self::Judgement {
                leaf,
                method: method.into(),
                verdict,
                number: plain(number),
                metres: plain(metres),
                absent,
            },
            FactBody::NoSites { site_type } => Self::NoSites { site_type },
            FactBody::Event { entry } => Self::Event { entry },
            FactBody::Honour { honour } => Self::Honour { honour },
        }
    }
}

impl From<Fact> for FactBody {
    fn from(fact: Fact) -> Self {
        let text = |number: Option<rust_decimal::Decimal>| number.map(DecimalText);
        match fact {
            Fact::Visit { site, criterion, verdict, number, metres, absent } => Self::Visit {
                site: site.parse().unwrap_or_default(),
                criterion,
                verdict,
                number: text(number),
                metres: text(metres),
                absent,
            },
            Fact::Review { requirement, verdict, incomplete } => {
                Self::Review { requirement, verdict, incomplete }
            }
            Fact::Answers { question, group, options } => Self::Answers { question, group, options },
            Fact::Figure { statistic, value } => Self::Figure { statistic, value: DecimalText(value) },
            Fact::Judgement { leaf, method, verdict, number, metres, absent } => Self::Judgement {
                leaf,
                method: method.into(),
                verdict,
                number: text(number),
                metres: text(metres),
                absent,
            },
            Fact::NoSites { site_type } => Self::NoSites { site_type },
            Fact::Event { entry } => Self::Event { entry },
            Fact::Honour { honour } => Self::Honour { honour },
        }
    }
}

/// What is to be recorded.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewObservationBody {
    fact: FactBody,
    /// The standard whose leaf, entry or honour it is about; left out where it is about what standards share.
    #[schema(value_type = Option<Uuid>)]
    standard_id: Option<StandardId>,
    /// When it was made; left out: at the end of its period, or now.
    at: Option<DateTime<Utc>>,
    /// Seen covertly: it does not count, and nobody but who releases it sees it, before it is released.
    #[serde(default)]
    covert: bool,
    #[schema(max_length = 50)]
    round: Option<String>,
    /// The unit that it comes from or concerns.
    #[schema(value_type = Option<Uuid>)]
    unit_id: Option<UnitId>,
    /// What it rests on: a document, a team, who was asked.
    #[schema(example = "县统计局《2026年6月统计月报》", max_length = 500)]
    source: String,
    /// The span of time that a figure is of.
    #[schema(example = "2026-06", pattern = "^[0-9]{4}(-Q[1-4]|-[0-9]{2})?$")]
    period: Option<String>,
    /// Files that show it: the caller's own uploads, or files of other observations.
    #[serde(default)]
    #[schema(value_type = Vec<Uuid>, max_items = 50)]
    files: Vec<AttachmentId>,
    /// Whether it is accepted with it, and counts from now on.
    #[serde(default)]
    accepted: bool,
}

impl From<NewObservationBody> for NewObservation {
    fn from(body: NewObservationBody) -> Self {
        Self {
            fact: body.fact.into(),
            standard: body.standard_id,
            at: body.at,
            covert: body.covert,
            round: body.round,
            unit: body.unit_id,
            source: body.source,
            period: body.period,
            files: body.files,
            accepted: body.accepted,
        }
    }
}

/// A fact that somebody recorded.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ObservationBody {
    id: Uuid,
    fact: FactBody,
    /// What it is about, in the words of a standard; null: no standard of the campaign knows it any more.
    #[schema(example = "城镇登记失业率")]
    title: Option<String>,
    /// In what a figure is measured.
    measured_in: Option<String>,
    standard_id: Option<Uuid>,
    at: DateTime<Utc>,
    /// When it was accepted; null: it does not count yet.
    accepted_at: Option<DateTime<Utc>>,
    covert: bool,
    released_at: Option<DateTime<Utc>>,
    round: Option<String>,
    site: Option<Named>,
    unit: Option<Named>,
    source: String,
    period: Option<String>,
    files: Vec<AttachmentBody>,
    /// The observation that stands in its place, once that one counts.
    superseded_by: Option<Uuid>,
    /// It says only that what it supersedes was recorded in error; `source` tells why, and all else is that of the other one.
    withdraws: bool,
    /// Null: the program itself.
    by: Option<Named>,
    recorded_at: DateTime<Utc>,
    version: i64,
}

impl From<ObservationView> for ObservationBody {
    fn from(view: ObservationView) -> Self {
        let ObservationView { kept, thing, site, unit, files, by } = view;
        let version = kept.version();
        let (title, measured_in) =
            thing.map_or((None, None), |Thing { title, measured_in }| (Some(title), measured_in));
        Self {
            id: kept.id.0,
            fact: kept.fact.into(),
            title,
            measured_in,
            standard_id: kept.standard.map(|standard| standard.0),
            at: kept.at,
            accepted_at: kept.accepted_at,
            covert: kept.covert,
            released_at: kept.released_at,
            round: kept.round,
            site: site.map(|one| Named { id: one.id.0, name: one.name }),
            unit: unit.map(|one| Named { id: one.id.0, name: one.name }),
            source: kept.source,
            period: kept.period,
            files: files.into_iter().map(Into::into).collect(),
            superseded_by: kept.superseded_by.map(|by| by.0),
            withdraws: kept.withdraws,
            by: by.map(|one| Named { id: one.id.0, name: one.name }),
            recorded_at: kept.recorded_at,
            version,
        }
    }
}

fn tagged(view: ObservationView) -> Tagged<ObservationBody> {
    Tagged::ok(view.kept.version(), view.into())
}
