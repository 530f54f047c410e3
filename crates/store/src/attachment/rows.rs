use chengjing_domain::{
    attachment::{
        AttachedTo, Attachment, Facts, MediaKind, Picture, Place,
        upload::{Upload, UploadState},
    },
    id::{AttachmentId, CampaignId, UploadId, UserId},
    ledger::Hash,
};

use crate::{
    entity::{attachment, upload},
    error::StoreError,
    row::{from_json, from_word, inconsistent, json, word},
};

fn long(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

pub(super) fn to_attachment(stored: &Attachment) -> attachment::Model {
    let facts = stored.picture.facts();
    attachment::Model {
        campaign_id: stored.campaign.0,
        id: stored.id.0,
        name: stored.name.clone(),
        kind: stored.kind.code().to_owned(),
        size: long(stored.size),
        file_hash: stored.hash.0.to_vec(),
        uploaded_by: stored.uploaded_by.0,
        created_at: stored.created_at,
        picture: stored.picture.code().to_owned(),
        no_thumbnail: match &stored.picture {
            Picture::Unseen { why, .. } => Some(word(why)),
            Picture::None | Picture::Waiting | Picture::Seen { .. } => None,
        },
        width: facts.size.map(|(width, _)| width.into()),
        height: facts.size.map(|(_, height)| height.into()),
        taken_at: facts.taken_at,
        latitude: facts.place.map(Place::latitude),
        longitude: facts.place.map(Place::longitude),
        thumbnail_hash: stored.picture.thumbnail().map(|hash| hash.0.to_vec()),
        subject_kind: stored.subject.map(|subject| subject.code().to_owned()),
        subject_id: stored.subject.map(AttachedTo::id),
        version: stored.version,
    }
}

pub(crate) fn from_attachment(row: &attachment::Model) -> Result<Attachment, StoreError> {
    let fault = |column| inconsistent("attachment", column, row.id);
    let side = |side: i64, column| u32::try_from(side).map_err(|_| fault(column));
    let size = match (row.width, row.height) {
        (Some(width), Some(height)) => Some((side(width, "width")?, side(height, "height")?)),
        (None, None) => None,
        _ => return Err(fault("height")),
    };
    let place = match (row.latitude, row.longitude) {
        (Some(latitude), Some(longitude)) => {
            Some(Place::new(latitude, longitude).ok_or_else(|| fault("latitude"))?)
        }
        (None, None) => None,
        _ => return Err(fault("longitude")),
    };
    let facts = Facts { size, taken_at: row.taken_at, place };
    let picture = match row.picture.as_str() {
        "none" => Picture::None,
        "waiting" => Picture::Waiting,
        "seen" => {
            let thumbnail = row.thumbnail_hash.as_deref().and_then(Hash::from_slice);
            Picture::Seen { facts, thumbnail: thumbnail.ok_or_else(|| fault("thumbnail_hash"))? }
        }
        "unseen" => {
            let why = row.no_thumbnail.as_deref().and_then(from_word);
            Picture::Unseen { facts, why: why.ok_or_else(|| fault("no_thumbnail"))? }
        }
        _ => return Err(fault("picture")),
    };
    let subject = match (row.subject_kind.as_deref(), row.subject_id) {
        (Some(kind), Some(id)) => {
            Some(AttachedTo::from_parts(kind, id).ok_or_else(|| fault("subject_kind"))?)
        }
        (None, None) => None,
        _ => return Err(fault("subject_id")),
    };
    Ok(Attachment {
        campaign: CampaignId(row.campaign_id),
        id: AttachmentId(row.id),
        name: row.name.clone(),
        kind: MediaKind::from_code(&row.kind).ok_or_else(|| fault("kind"))?,
        size: u64::try_from(row.size).map_err(|_| fault("size"))?,
        hash: Hash::from_slice(&row.file_hash).ok_or_else(|| fault("file_hash"))?,
        uploaded_by: UserId(row.uploaded_by),
        created_at: row.created_at,
        picture,
        subject,
        version: row.version,
    })
}

pub(super) fn to_upload(stored: &Upload) -> upload::Model {
    upload::Model {
        campaign_id: stored.campaign.0,
        id: stored.id.0,
        user_id: stored.by.0,
        name: stored.name.clone(),
        size: long(stored.size),
        promised_hash: stored.hash.map(|hash| hash.0.to_vec()),
        state: stored.state.code().to_owned(),
        body: json(&stored.state),
        received: long(stored.offset()),
        created_at: stored.created_at,
        expires_at: stored.expires_at,
    }
}

pub(super) fn from_upload(row: &upload::Model) -> Result<Upload, StoreError> {
    let fault = |column| inconsistent("upload", column, row.id);
    let state: UploadState = from_json(&row.body, "upload", "body", row.id)?;
    if state.code() != row.state {
        return Err(fault("state"));
    }
    let promised = row.promised_hash.as_deref();
    Ok(Upload {
        campaign: CampaignId(row.campaign_id),
        id: UploadId(row.id),
        by: UserId(row.user_id),
        name: row.name.clone(),
        size: u64::try_from(row.size).map_err(|_| fault("size"))?,
        hash: promised
            .map(|bytes| Hash::from_slice(bytes).ok_or_else(|| fault("promised_hash")))
            .transpose()?,
        state,
        created_at: row.created_at,
        expires_at: row.expires_at,
    })
}
