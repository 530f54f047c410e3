//! Standards that are kept here, and the life of their editions: a draft is edited and published, and a published edition
//! stays what it is for ever, with all that it uses.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{CatalogueFile, Fault, Node, Standard, Whole, used};
use crate::{
    id::{CampaignId, CatalogueId, EditionId, StandardId, UserId},
    ledger::{Hash, hash_of},
};

/// The largest file of a standard or a catalogue, in bytes; those of whole cities are a tenth of it.
pub const LARGEST_FILE: u64 = 1 << 20;
/// How many editions of one standard are kept.
pub const MOST_EDITIONS: usize = 50;
/// How long what the kind of a standard is called may be, in characters.
pub const LONGEST_KIND: usize = 40;
/// How long the name of an edition may be, in characters.
pub const LONGEST_LABEL: usize = 40;

/// Whose assessment it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// 全国.
    National,
    /// 省级.
    Provincial,
    /// 市级.
    City,
    /// 县级, and a place's own.
    County,
}

impl Level {
    pub const ALL: [Self; 4] = [Self::National, Self::Provincial, Self::City, Self::County];

    pub fn code(self) -> &'static str {
        match self {
            Self::National => "national",
            Self::Provincial => "provincial",
            Self::City => "city",
            Self::County => "county",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.code() == code)
    }
}

/// A standard in all its editions: what they have in common.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    pub id: StandardId,
    /// Whose it is: a campaign's, or the installation's, which all offices may take.
    pub owner: Option<CampaignId>,
    /// The `id` in the files of its editions; once with an owner.
    pub code: String,
    /// The title of the edition that came last.
    pub name: String,
    /// 文明城市, 卫生城市; may be empty.
    pub kind: String,
    pub level: Level,
    pub created_at: DateTime<Utc>,
    pub version: i64,
}

/// Where an edition is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum EditionState {
    Draft,
    Published { at: DateTime<Utc>, by: UserId },
}

impl EditionState {
    pub fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published { .. } => "published",
        }
    }

    pub fn is_draft(self) -> bool {
        self == Self::Draft
    }
}

/// One edition of a standard, whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Edition {
    pub id: EditionId,
    pub standard: StandardId,
    pub owner: Option<CampaignId>,
    pub content: Standard,
    /// The catalogues that it uses as they were when it was published; none while it is a draft, which takes them as they
    /// stand.
    pub catalogues: Vec<CatalogueFile>,
    /// The file that says it, as somebody wrote it.
    pub source: String,
    pub state: EditionState,
    /// The edition that it was copied from.
    pub copy_of: Option<EditionId>,
    pub created_at: DateTime<Utc>,
    pub created_by: UserId,
    pub changed_at: DateTime<Utc>,
    pub version: i64,
}

/// What of an edition lists show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditionSummary {
    pub id: EditionId,
    pub standard: StandardId,
    pub owner: Option<CampaignId>,
    /// Which edition, such as `2026`.
    pub label: String,
    pub title: String,
    pub state: EditionState,
    pub copy_of: Option<EditionId>,
    /// Of the content and the catalogues with it.
    pub hash: Hash,
    pub created_at: DateTime<Utc>,
    pub changed_at: DateTime<Utc>,
    pub version: i64,
}

/// Why something can't be done to an edition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EditionRefusal {
    /// What is published is never changed: what changes is another edition.
    Published,
    /// The draft is not finished; all that is wrong with it.
    Unfinished(Vec<Fault>),
}

impl Edition {
    /// The hash of what it says, and of what it uses once that is frozen.
    pub fn content_hash(&self) -> Hash {
        hash_of(&json!({ "standard": self.content, "catalogues": self.catalogues }))
    }

    pub fn summary(&self) -> EditionSummary {
        EditionSummary {
            id: self.id,
            standard: self.standard,
            owner: self.owner,
            label: self.content.edition.clone(),
            title: self.content.title.clone(),
            state: self.state,
            copy_of: self.copy_of,
            hash: self.content_hash(),
            created_at: self.created_at,
            changed_at: self.changed_at,
            version: self.version,
        }
    }

    /// Puts another content into a draft, which may be unfinished.
    ///
    /// # Errors
    /// It is published.
    pub fn edit(self, content: Standard, source: String, at: DateTime<Utc>) -> Result<Self, EditionRefusal> {
        self.takes_changes()?;
        Ok(Self { content, source, changed_at: at, ..self })
    }

    /// Publishes a draft that is finished, with those of the catalogues that it uses. Nothing of it changes afterwards.
    ///
    /// # Errors
    /// It is published already, or something is wrong with it.
    pub fn publish(
        self,
        catalogues: &[CatalogueFile],
        at: DateTime<Utc>,
        by: UserId,
    ) -> Result<Self, EditionRefusal> {
        self.takes_changes()?;
        Whole::of(self.content.clone(), catalogues).map_err(EditionRefusal::Unfinished)?;
        let catalogues = used(&self.content, catalogues).into_iter().cloned().collect();
        Ok(Self { catalogues, state: EditionState::Published { at, by }, changed_at: at, ..self })
    }

    /// Whether it may be edited, published or removed.
    ///
    /// # Errors
    /// It is published.
    pub fn takes_changes(&self) -> Result<(), EditionRefusal> {
        if self.state.is_draft() { Ok(()) } else { Err(EditionRefusal::Published) }
    }
}

/// A catalogue that is kept here for standards that share it. Drafts take it as it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeptCatalogue {
    pub id: CatalogueId,
    pub owner: Option<CampaignId>,
    pub content: CatalogueFile,
    pub source: String,
    pub changed_at: DateTime<Utc>,
    pub changed_by: UserId,
    pub version: i64,
}

/// The place with this code in a tree.
pub fn node<'a>(tree: &'a [Node], code: &str) -> Option<&'a Node> {
    tree.iter().find_map(|one| if one.code == code { Some(one) } else { node(&one.children, code) })
}

/// The same, to be changed.
pub fn node_mut<'a>(tree: &'a mut [Node], code: &str) -> Option<&'a mut Node> {
    tree.iter_mut()
        .find_map(|one| if one.code == code { Some(one) } else { node_mut(&mut one.children, code) })
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;
    use crate::ledger::canonical;

    fn standard(leaf_marks: u32) -> Standard {
        serde_json::from_value(json!({
            "id": "small", "edition": "2026", "title": "小体系", "marks": "10",
            "uses": [{ "catalogue": "shared", "edition": "2026" }],
            "tree": [{ "code": "1", "title": "市场", "marks": leaf_marks.to_string(), "measures": [
                { "method": "visit", "criteria": ["market/*"], "grading": { "form": "ratio" } },
            ] }],
        }))
        .expect("a standard")
    }

    fn catalogue(id: &str, edition: &str) -> CatalogueFile {
        serde_json::from_value(json!({
            "id": id, "edition": edition, "title": "共用目录",
            "catalogue": { "site_types": [
                { "id": "market", "title": "农贸市场", "criteria": [{ "id": "licence", "text": "亮证经营" }] },
            ] },
        }))
        .expect("a catalogue")
    }

    fn draft(leaf_marks: u32) -> Edition {
        let at = DateTime::UNIX_EPOCH;
        Edition {
            id: EditionId(Uuid::nil()),
            standard: StandardId(Uuid::nil()),
            owner: None,
            content: standard(leaf_marks),
            catalogues: Vec::new(),
            source: "id: small".to_owned(),
            state: EditionState::Draft,
            copy_of: None,
            created_at: at,
            created_by: UserId(Uuid::nil()),
            changed_at: at,
            version: 1,
        }
    }

    const BY: UserId = UserId(Uuid::nil());

    #[test]
    fn what_is_published_holds_what_it_uses_and_takes_no_change() {
        let shelf = [catalogue("other", "2026"), catalogue("shared", "2025"), catalogue("shared", "2026")];
        let published = draft(10).publish(&shelf, DateTime::UNIX_EPOCH, BY).expect("it is finished");
        assert_eq!(published.catalogues, [catalogue("shared", "2026")]);
        assert_ne!(
            published.content_hash(),
            draft(10).content_hash(),
            "what it uses is part of what it says"
        );
        let again = published.clone().publish(&shelf, DateTime::UNIX_EPOCH, BY);
        assert_eq!(again, Err(EditionRefusal::Published));
        let edited = published.clone().edit(standard(9), String::new(), DateTime::UNIX_EPOCH);
        assert_eq!(edited, Err(EditionRefusal::Published));
        assert_eq!(published.takes_changes(), Err(EditionRefusal::Published));
        assert!(Whole::of(published.content, &published.catalogues).is_ok(), "it needs nothing else");
    }

    #[test]
    fn a_draft_may_be_unfinished_and_is_not_published_so() {
        let unfinished = draft(10)
            .edit(standard(9), "9".to_owned(), DateTime::UNIX_EPOCH)
            .expect("a draft is edited, whatever is wrong with it");
        let refused = unfinished.publish(&[catalogue("shared", "2026")], DateTime::UNIX_EPOCH, BY);
        let Err(EditionRefusal::Unfinished(faults)) = refused else { panic!("{refused:?}") };
        assert_eq!(faults.iter().map(|fault| fault.path.as_str()).collect::<Vec<_>>(), ["marks"]);
        let missing = draft(10).publish(&[], DateTime::UNIX_EPOCH, BY);
        let Err(EditionRefusal::Unfinished(faults)) = missing else { panic!("{missing:?}") };
        assert!(faults.iter().any(|fault| fault.path == "uses[0].catalogue"), "{faults:?}");
    }

    #[test]
    fn an_unfinished_one_is_shown_as_far_as_it_goes() {
        let (whole, faults) = Whole::unfinished(standard(9), &[]);
        assert!(!faults.is_empty());
        assert_eq!((whole.leaves.len(), whole.items.len()), (1, 0));
        let (whole, _) = Whole::unfinished(standard(9), &[catalogue("shared", "2026")]);
        assert_eq!(whole.items.len(), 1);
    }

    #[test]
    fn the_canonical_text_is_read_back_as_the_same_standard() {
        let text = canonical(&serde_json::to_value(standard(10)).expect("JSON"));
        assert_eq!(serde_json::from_str::<Standard>(&text).expect("a standard"), standard(10));
    }

    #[test]
    fn a_place_is_found_by_its_code_at_any_depth() {
        let mut tree = standard(10).tree;
        let child = Node { code: "1.1".to_owned(), ..tree[0].clone() };
        tree[0].children.push(child);
        assert_eq!(node(&tree, "1.1").map(|node| node.code.as_str()), Some("1.1"));
        assert_eq!(node(&tree, "2"), None);
        node_mut(&mut tree, "1.1").expect("it is there").title = "改".to_owned();
        assert_eq!(tree[0].children[0].title, "改");
    }
}
