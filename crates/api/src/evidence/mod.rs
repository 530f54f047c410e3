//! Materials 材料: filed once for any number of requirements, each of which is reviewed for itself.

pub(crate) mod ask_units;
pub(crate) mod carry;
pub(crate) mod check;
pub(crate) mod comment;
pub(crate) mod file;
pub(crate) mod follow;
pub(crate) mod link;
pub(crate) mod list;
pub(crate) mod list_elsewhere;
pub(crate) mod list_remarks;
pub(crate) mod list_requirements;
pub(crate) mod list_reviews;
pub(crate) mod look_up;
pub(crate) mod pack_dossier;
pub(crate) mod renew;
pub(crate) mod review;
pub(crate) mod submit;
pub(crate) mod suggest;
pub(crate) mod unlink;

use std::collections::{BTreeMap, HashMap};

use chengjing_domain::{
    evidence::{
        Content, Evidence, EvidenceLink, Located, Version,
        limit::{self, Limit, characters},
        review::{Acceptance, DeedKind, Review, StateKind},
    },
    id::{AttachmentId, StandardId, UserId},
};
use chengjing_service::{
    duty::Names,
    evidence::{Demand, EvidenceRow, EvidenceSeen, LinkSeen, Of, OtherEnd, RemarkSeen},
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    attachments::AttachmentBody,
    http::{
        version::Tagged,
        words::{Named, Said, mirror},
    },
    standards::leaf::FilingKindWord,
    users::Person,
};

mirror! {
    /// By which datum a point is told.
    #[serde(rename_all = "snake_case")]
    #[schema(as = LocatedDatum)]
    DatumWord = chengjing_domain::evidence::Datum { Wgs84, Cgcs2000, Gcj02, Bd09 }
    /// How the review for one requirement stands.
    #[serde(rename_all = "snake_case")]
    ReviewStateWord = StateKind { Submitted, Accepted, Returned, Expired }
    /// What is done to a review.
    #[serde(rename_all = "snake_case")]
    ReviewDeedWord = DeedKind { Submit, Accept, Return, TakeBack, Expire }
}

/// A point on Earth, in degrees.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EvidencePlace)]
pub(crate) struct PlaceBody {
    #[schema(minimum = -90, maximum = 90, example = 36.65)]
    latitude: f64,
    #[schema(minimum = -180, maximum = 180, example = 117.01)]
    longitude: f64,
    datum: DatumWord,
}

/// A requirement of a standard of the campaign.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RequirementKey)]
pub(crate) struct OfBody {
    #[schema(value_type = Uuid)]
    standard_id: StandardId,
    /// Its id in the standard.
    #[schema(example = "health-education")]
    requirement: String,
}

/// What a version says and holds. A file, a text or a link there must be.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EvidenceContent)]
pub(crate) struct ContentBody {
    #[schema(example = "健康教育进社区活动", max_length = 200)]
    title: String,
    /// What its caption says, field by field.
    #[serde(default)]
    caption: BTreeMap<String, String>,
    /// The activity that it shows, by name; photographs of one are counted together.
    #[serde(default)]
    #[schema(max_length = 200)]
    activity: Option<String>,
    /// When it was made, issued or taken; left out: as a photograph says itself.
    #[serde(default)]
    made_on: Option<NaiveDate>,
    /// Where; left out: as a photograph says itself.
    #[serde(default)]
    place: Option<PlaceBody>,
    #[serde(default)]
    #[schema(max_length = 20000)]
    text: Option<String>,
    #[serde(default)]
    #[schema(max_length = 2000, example = "https://www.example.gov.cn/1.html")]
    link: Option<String>,
    /// Files that the caller uploaded, or that an earlier version has.
    #[serde(default)]
    #[schema(max_items = 50)]
    attachment_ids: Vec<Uuid>,
}

/// A version of a material.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VersionBody {
    number: u32,
    #[serde(flatten)]
    content: ContentBody,
    /// How many characters its text has, as assessors count: without blanks.
    characters: u64,
    /// The same of its documents.
    documents: Vec<DocumentCharacters>,
    by: Person,
    at: DateTime<Utc>,
}

/// How many characters a document has.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DocumentCharacters {
    attachment_id: Uuid,
    /// Null: it can't be told; it is scanned, locked, or no text.
    characters: Option<u32>,
}

/// What a requirement does not allow of a material, or does not like.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LimitBody {
    /// The field that it is about.
    #[schema(example = "text")]
    field: String,
    /// Whether it is not filed so; otherwise it is said, and the reviewers see it.
    refuses: bool,
    said: Said,
}

/// A requirement as materials name it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct RequirementLine {
    standard_id: Uuid,
    requirement: String,
    title: String,
    /// The standard's title.
    standard: String,
    /// The leaves that count it.
    leaves: Vec<String>,
    /// The words of its scale, the best first.
    grades: Vec<String>,
    /// False: no standard of the campaign asks for it any more.
    asked: bool,
}

/// That a version was accepted.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AcceptanceBody {
    /// The number of the version.
    number: u32,
    by: Person,
    at: DateTime<Utc>,
    grade: String,
    /// The last day that it counts; null: as long as there is the campaign.
    until: Option<NaiveDate>,
}

/// That a material is filed for a requirement, and how its review stands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LinkBody {
    id: Uuid,
    requirement: RequirementLine,
    state: ReviewStateWord,
    /// The number of the version that was put before the reviewers last.
    number: u32,
    /// Who submitted or returned it; null: it is accepted or expired.
    by: Option<Person>,
    /// Why it was returned.
    reason: Option<String>,
    /// What is accepted and counts, also while a later version is reviewed; of an expired one what did count.
    acceptance: Option<AcceptanceBody>,
    /// What stands between the version that stands and the requirement.
    limits: Vec<LimitBody>,
    /// What the caller could do to it now.
    possible: Vec<ReviewDeedWord>,
    changed_at: DateTime<Utc>,
    version: i64,
}

/// The same material in another campaign.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OtherEndBody {
    campaign: Named,
    evidence_id: Uuid,
    unit: Named,
    title: String,
    /// The number of the original's version that was carried over last.
    taken: u32,
    /// The number of the original's version that stands; more than `taken`: there is a newer one.
    stands: u32,
}

/// A material with its versions, files and reviews.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EvidenceBody {
    id: Uuid,
    unit: Named,
    kind: FilingKindWord,
    /// The last one is what stands.
    versions: Vec<VersionBody>,
    links: Vec<LinkBody>,
    /// The files of all versions.
    files: Vec<AttachmentBody>,
    /// Whether the caller may file another version, and for other requirements.
    files_more: bool,
    /// Whether the caller may say something of it.
    comments: bool,
    /// The material of another campaign that it was carried over from; null: none, or none that the caller sees.
    carried_from: Option<OtherEndBody>,
    /// Where it was carried over to, as far as the caller sees that.
    carried_to: Vec<OtherEndBody>,
    version: i64,
}

/// For what a material in a list is filed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RowLink {
    id: Uuid,
    requirement: RequirementLine,
    state: ReviewStateWord,
    /// What there is to be said of how long it is.
    limits: Vec<LimitBody>,
}

/// A material in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EvidenceLine {
    id: Uuid,
    unit: Named,
    kind: FilingKindWord,
    title: String,
    activity: Option<String>,
    made_on: Option<NaiveDate>,
    /// How many of its kind it counts as.
    pieces: u32,
    /// The files of the version that stands.
    attachment_ids: Vec<Uuid>,
    /// How many versions there are.
    versions: u32,
    links: Vec<RowLink>,
    filed_at: DateTime<Utc>,
    changed_at: DateTime<Utc>,
    version: i64,
}

/// What somebody said of a material, or did to it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RemarkBody {
    id: Uuid,
    /// About this requirement alone; null: about the material.
    link_id: Option<Uuid>,
    /// What was done; null: it was only said.
    deed: Option<ReviewDeedWord>,
    text: Option<String>,
    by: Person,
    at: DateTime<Utc>,
}

impl From<PlaceBody> for Located {
    fn from(place: PlaceBody) -> Self {
        // What is no degree at all ends beyond Earth, and is told so.
        #[expect(clippy::cast_possible_truncation, reason = "a cast of floats ends at the bounds")]
        let millionths = |degrees: f64| (degrees * 1_000_000.0).round() as i32;
        Self {
            latitude: millionths(place.latitude),
            longitude: millionths(place.longitude),
            datum: place.datum.into(),
        }
    }
}

impl From<Located> for PlaceBody {
    fn from(place: Located) -> Self {
        let degrees = |millionths: i32| f64::from(millionths) / 1_000_000.0;
        Self {
            latitude: degrees(place.latitude),
            longitude: degrees(place.longitude),
            datum: place.datum.into(),
        }
    }
}

impl From<OfBody> for Of {
    fn from(of: OfBody) -> Self {
        Self { standard: of.standard_id, requirement: of.requirement }
    }
}

impl From<ContentBody> for Content {
    fn from(body: ContentBody) -> Self {
        Self {
            title: body.title,
            caption: body.caption,
            activity: body.activity,
            made_on: body.made_on,
            place: body.place.map(Into::into),
            text: body.text,
            link: body.link,
            files: body.attachment_ids.into_iter().map(AttachmentId).collect(),
            characters: BTreeMap::new(),
        }
    }
}

impl From<Content> for ContentBody {
    fn from(content: Content) -> Self {
        Self {
            title: content.title,
            caption: content.caption,
            activity: content.activity,
            made_on: content.made_on,
            place: content.place.map(Into::into),
            text: content.text,
            link: content.link,
            attachment_ids: content.files.into_iter().map(|file| file.0).collect(),
        }
    }
}

impl From<Limit> for LimitBody {
    fn from(limit: Limit) -> Self {
        Self { field: limit.field(), refuses: limit.refuses(), said: Said { zh: limit.zh(), en: limit.en() } }
    }
}

/// What there is to be said of how long a material is.
fn length_of(of: &Evidence, demand: Option<&Demand>) -> Vec<LimitBody> {
    let length = |demand: &Demand| limit::length(demand.requirement(), of.kind, &of.latest().content);
    demand.map(length).unwrap_or_default().into_iter().map(Into::into).collect()
}

impl RequirementLine {
    pub(crate) fn new(of: Of, demand: Option<&Demand>) -> Self {
        let Of { standard, requirement } = of;
        let Some(demand) = demand else {
            return Self {
                standard_id: standard.0,
                title: requirement.clone(),
                requirement,
                standard: String::new(),
                leaves: Vec::new(),
                grades: Vec::new(),
                asked: false,
            };
        };
        let asked = demand.requirement();
        Self {
            standard_id: standard.0,
            requirement,
            title: asked.title.clone(),
            standard: demand.opened.whole.standard.title.clone(),
            leaves: demand.leaves().map(|leaf| leaf.code.clone()).collect(),
            grades: asked.scale.words().into_iter().map(str::to_owned).collect(),
            asked: true,
        }
    }

    fn of_link(link: &EvidenceLink, demand: Option<&Demand>) -> Self {
        Self::new(Of { standard: link.standard, requirement: link.requirement.clone() }, demand)
    }
}

type People = HashMap<UserId, String>;

fn person(id: UserId, people: &People) -> Person {
    Person { id: id.0, display_name: people.get(&id).cloned().unwrap_or_default() }
}

impl VersionBody {
    fn new(version: Version, people: &People) -> Self {
        Self {
            number: version.number,
            characters: version.content.text.as_deref().map_or(0, characters) as u64,
            documents: version
                .content
                .characters
                .iter()
                .map(|(file, characters)| DocumentCharacters {
                    attachment_id: file.0,
                    characters: *characters,
                })
                .collect(),
            by: person(version.by, people),
            at: version.at,
            content: version.content.into(),
        }
    }
}

impl LinkBody {
    fn new(seen: LinkSeen, people: &People) -> Self {
        let LinkSeen { link, demand, limits, possible } = seen;
        let requirement = RequirementLine::of_link(&link, demand.as_ref());
        let accepted = |one: &Acceptance| AcceptanceBody {
            number: one.shown.version,
            by: person(one.by, people),
            at: one.at,
            grade: one.grade.clone(),
            until: one.until,
        };
        let (by, reason, acceptance) = match &link.review {
            Review::Submitted { by, stands, .. } => (Some(*by), None, stands.as_ref()),
            Review::Returned { by, reason, stands, .. } => (Some(*by), Some(reason.clone()), stands.as_ref()),
            Review::Accepted { acceptance } | Review::Expired { acceptance, .. } => {
                (None, None, Some(acceptance))
            }
        };
        Self {
            id: link.id.0,
            requirement,
            state: link.review.kind().into(),
            number: link.review.shown().version,
            by: by.map(|by| person(by, people)),
            reason,
            acceptance: acceptance.map(accepted),
            limits: limits.into_iter().map(Into::into).collect(),
            possible: possible.into_iter().map(Into::into).collect(),
            changed_at: link.changed_at,
            version: link.version,
        }
    }
}

impl From<OtherEnd> for OtherEndBody {
    fn from(OtherEnd { campaign, evidence, unit, title, taken, stands }: OtherEnd) -> Self {
        let campaign = Named { id: campaign.id.0, name: campaign.name };
        Self { campaign, evidence_id: evidence.0, unit: unit.into(), title, taken, stands }
    }
}

impl EvidenceBody {
    fn new(seen: EvidenceSeen, names: &Names) -> Self {
        let EvidenceSeen { evidence, links, files, people, files_more, comments, source, uses } = seen;
        let mut files: Vec<AttachmentBody> = files.into_values().map(Into::into).collect();
        files.sort_unstable_by_key(AttachmentBody::id);
        Self {
            id: evidence.id.0,
            unit: names.unit(evidence.unit).into(),
            kind: evidence.kind.into(),
            versions: evidence
                .versions()
                .iter()
                .map(|version| VersionBody::new(version.clone(), &people))
                .collect(),
            links: links.into_iter().map(|link| LinkBody::new(link, &people)).collect(),
            files,
            files_more,
            comments,
            carried_from: source.map(Into::into),
            carried_to: uses.into_iter().map(Into::into).collect(),
            version: evidence.version,
        }
    }
}

fn tagged((seen, names): (EvidenceSeen, Names)) -> Tagged<EvidenceBody> {
    Tagged::ok(seen.evidence.version, EvidenceBody::new(seen, &names))
}

impl EvidenceLine {
    fn new(row: EvidenceRow, names: &Names) -> Self {
        let EvidenceRow { evidence, links } = row;
        let latest = evidence.latest();
        Self {
            id: evidence.id.0,
            unit: names.unit(evidence.unit).into(),
            kind: evidence.kind.into(),
            title: latest.content.title.clone(),
            activity: latest.content.activity.clone(),
            made_on: latest.content.made_on,
            pieces: evidence.pieces(),
            attachment_ids: latest.content.files.iter().map(|file| file.0).collect(),
            versions: latest.number,
            links: links
                .into_iter()
                .map(|(link, demand)| RowLink {
                    id: link.id.0,
                    requirement: RequirementLine::of_link(&link, demand.as_ref()),
                    state: link.review.kind().into(),
                    limits: length_of(&evidence, demand.as_ref()),
                })
                .collect(),
            filed_at: evidence.versions().first().map_or(latest.at, |first| first.at),
            changed_at: latest.at,
            version: evidence.version,
        }
    }
}

impl From<RemarkSeen> for RemarkBody {
    fn from(RemarkSeen { remark, by }: RemarkSeen) -> Self {
        Self {
            id: remark.id.0,
            link_id: remark.link.map(|link| link.0),
            deed: remark.deed.map(Into::into),
            text: remark.text,
            by: Person { id: remark.by.0, display_name: by },
            at: remark.at,
        }
    }
}
