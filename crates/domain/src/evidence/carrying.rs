//! A material is used in another campaign: there it is one of its own, with what it says and holds, under that campaign's
//! review, and it knows where it was taken from.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Content, Evidence, TooManyVersions, Version};
use crate::id::{AttachmentId, CampaignId, EvidenceId, UnitId, UserId};

/// Where a version was taken from: another campaign's material, as it was in one of its versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    pub campaign: CampaignId,
    pub evidence: EvidenceId,
    /// The number of that version.
    pub number: u32,
}

/// Why a material is not carried over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotCarried {
    /// It is that campaign's already.
    SameCampaign,
    /// It was taken from there itself.
    CameFromThere,
    /// The other one is not what this one was taken from.
    NotItsOrigin,
    /// What stands there was taken before.
    NothingNewer,
    TooManyVersions,
}

impl From<TooManyVersions> for NotCarried {
    fn from(TooManyVersions: TooManyVersions) -> Self {
        Self::TooManyVersions
    }
}

impl Evidence {
    /// Where it was taken from, in the version that was taken last; None: it was filed here.
    pub fn origin(&self) -> Option<Origin> {
        self.versions().iter().rev().find_map(|version| version.from)
    }

    /// Whether it is here because it was taken from another campaign: nobody had to put it together again.
    pub fn was_carried(&self) -> bool {
        self.versions().first().is_some_and(|first| first.from.is_some())
    }

    /// Whether it could be carried over to a campaign.
    ///
    /// # Errors
    /// See [`NotCarried`].
    pub fn may_go_to(&self, campaign: CampaignId) -> Result<(), NotCarried> {
        match self.origin() {
            _ if self.campaign == campaign => Err(NotCarried::SameCampaign),
            Some(origin) if origin.campaign == campaign => Err(NotCarried::CameFromThere),
            Some(_) | None => Ok(()),
        }
    }

    /// What stands of it, as a material of another campaign's unit. `files` are its files there, in their order.
    ///
    /// # Errors
    /// As [`Evidence::may_go_to`].
    pub fn carry(
        &self,
        (campaign, id): (CampaignId, EvidenceId),
        unit: UnitId,
        files: Vec<AttachmentId>,
        (by, at): (UserId, DateTime<Utc>),
    ) -> Result<Self, NotCarried> {
        self.may_go_to(campaign)?;
        let from = Some(self.as_origin());
        let first = Version { number: 1, content: self.with_files(files), by, at, from };
        Ok(Self { campaign, id, unit, kind: self.kind, versions: vec![first], version: 1 })
    }

    /// Whether `source` is what this one was taken from, and has a version that it has not.
    ///
    /// # Errors
    /// See [`NotCarried`].
    pub fn may_follow(&self, source: &Self) -> Result<(), NotCarried> {
        let taken = self.origin().ok_or(NotCarried::NotItsOrigin)?;
        let there = source.as_origin();
        if (taken.campaign, taken.evidence) != (there.campaign, there.evidence) {
            return Err(NotCarried::NotItsOrigin);
        }
        if there.number > taken.number { Ok(()) } else { Err(NotCarried::NothingNewer) }
    }

    /// The same with what stands of its source as another version.
    ///
    /// # Errors
    /// See [`NotCarried`].
    pub fn follow(
        self,
        source: &Self,
        files: Vec<AttachmentId>,
        by: (UserId, DateTime<Utc>),
    ) -> Result<Self, NotCarried> {
        self.may_follow(source)?;
        Ok(self.renew_from(Some(source.as_origin()), source.with_files(files), by)?)
    }

    fn as_origin(&self) -> Origin {
        Origin { campaign: self.campaign, evidence: self.id, number: self.latest().number }
    }

    fn with_files(&self, files: Vec<AttachmentId>) -> Content {
        let content = self.latest().content.clone();
        // The bytes are the same, and so is what was counted in them.
        let counted = content.files.iter().zip(&files);
        let characters =
            counted.filter_map(|(source, own)| Some((*own, *content.characters.get(source)?))).collect();
        Content { files, characters, ..content }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::standard::FilingKind;

    const HERE: CampaignId = CampaignId(Uuid::from_u128(1));
    const THERE: CampaignId = CampaignId(Uuid::from_u128(2));
    const ELSEWHERE: CampaignId = CampaignId(Uuid::from_u128(3));
    const BY: (UserId, DateTime<Utc>) = (UserId(Uuid::from_u128(9)), DateTime::UNIX_EPOCH);

    fn key(campaign: CampaignId, n: u128) -> (CampaignId, EvidenceId) {
        (campaign, EvidenceId(Uuid::from_u128(n)))
    }

    fn files(n: u128) -> Vec<AttachmentId> {
        vec![AttachmentId(Uuid::from_u128(n))]
    }

    fn filed() -> Evidence {
        let content = Content {
            title: "健康日活动".into(),
            files: files(100),
            characters: [(files(100)[0], Some(800))].into(),
            text: Some("一".into()),
            ..Content::default()
        };
        Evidence::file(key(HERE, 10), UnitId(Uuid::from_u128(20)), FilingKind::Photo, content, BY)
    }

    fn carried(source: &Evidence, to: CampaignId) -> Result<Evidence, NotCarried> {
        source.carry(key(to, 11), UnitId(Uuid::from_u128(21)), files(101), BY)
    }

    #[test]
    fn what_is_carried_over_says_the_same_with_files_of_its_own_and_knows_from_where() {
        let one = carried(&filed(), THERE).expect("carried");
        let content = &one.latest().content;
        assert_eq!((content.title.as_str(), content.text.as_deref()), ("健康日活动", Some("一")));
        assert_eq!((&content.files, one.kind, one.campaign), (&files(101), FilingKind::Photo, THERE));
        assert_eq!(content.characters, [(files(101)[0], Some(800))].into(), "counted in the same bytes");
        let origin = Origin { campaign: HERE, evidence: key(HERE, 10).1, number: 1 };
        assert_eq!((one.origin(), one.was_carried()), (Some(origin), true));
        assert_eq!((filed().origin(), filed().was_carried()), (None, false));
    }

    #[test]
    fn nothing_is_carried_to_its_own_campaign_or_back_to_where_it_came_from() {
        assert_eq!(carried(&filed(), HERE), Err(NotCarried::SameCampaign));
        let there = carried(&filed(), THERE).expect("carried");
        assert_eq!(carried(&there, HERE), Err(NotCarried::CameFromThere));
        assert!(carried(&there, ELSEWHERE).is_ok(), "on to a third");
    }

    #[test]
    fn a_newer_version_follows_once_and_only_from_where_it_was_taken() {
        let one = carried(&filed(), THERE).expect("carried");
        let follow = |one: &Evidence, source: &Evidence| one.clone().follow(source, files(102), BY);
        assert_eq!(follow(&one, &filed()), Err(NotCarried::NothingNewer));
        let newer = Content { title: "补了一张".into(), ..Content::default() };
        let source = filed().renew(newer, BY.0, BY.1).expect("there is room");
        let stranger = Evidence { id: EvidenceId(Uuid::from_u128(77)), ..source.clone() };
        assert_eq!(follow(&one, &stranger), Err(NotCarried::NotItsOrigin));
        assert_eq!(follow(&source, &one), Err(NotCarried::NotItsOrigin), "not the other way round");
        // What was mended here meanwhile stays among the versions.
        let mended = one.renew(Content::default(), BY.0, BY.1).expect("there is room");
        assert_eq!(mended.origin().map(|origin| origin.number), Some(1));
        let after = follow(&mended, &source).expect("newer");
        assert_eq!((after.latest().number, after.latest().content.title.as_str()), (3, "补了一张"));
        assert_eq!(after.origin().map(|origin| origin.number), Some(2));
        assert_eq!(follow(&after, &source), Err(NotCarried::NothingNewer));
    }

    #[test]
    fn what_was_stored_before_anything_was_carried_over_reads_as_filed_here() {
        let version = &filed().versions()[0].clone();
        let text = serde_json::to_value(version).expect("told");
        assert!(text.get("from").is_none(), "{text}");
        assert_eq!(&serde_json::from_value::<Version>(text).expect("read"), version);
    }
}
