//! Files that prove something 附件: sent in pieces, fetched by those who may see what they belong to.

pub(crate) mod begin_upload;
pub(crate) mod continue_upload;
pub(crate) mod download;
pub(crate) mod download_thumbnail;
pub(crate) mod look_up;
pub(crate) mod look_up_upload;
pub(crate) mod preview;

use axum::{
    Json,
    http::{HeaderName, HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};
use chengjing_domain::attachment::{AttachedTo, Picture, Place, upload::UploadState};
use chengjing_service::attachment::{AttachmentView, UploadView};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    http::words::{MediaKindWord, NoThumbnailWord, Said},
    users::Person,
};

/// How many bytes are there; what follows begins here.
pub(crate) const OFFSET: &str = "upload-offset";

/// A file on its way.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct UploadBody {
    /// The attachment will have the same.
    id: Uuid,
    /// The name as it is kept: without a path, without what can't be seen.
    #[schema(example = "整治后.jpg")]
    name: String,
    size: u64,
    /// So many bytes are on the server's disk.
    offset: u64,
    state: UploadStateWord,
    /// Why it was given up.
    problem: Option<Said>,
    /// What it became, once all of it is there.
    attachment: Option<AttachmentBody>,
    /// When it is given up unless something more comes.
    expires_at: DateTime<Utc>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum UploadStateWord {
    Open,
    Complete,
    GivenUp,
}

/// A file that arrived whole.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct AttachmentBody {
    id: Uuid,
    #[schema(example = "整治后.jpg")]
    name: String,
    /// What it is by its bytes, whatever its name says.
    kind: MediaKindWord,
    #[schema(example = "image/jpeg")]
    media_type: String,
    size: u64,
    /// SHA-256 of the bytes that arrived, for the sender to compare.
    sha256: String,
    uploaded_by: Person,
    created_at: DateTime<Utc>,
    picture: PictureBody,
    /// What it is attached to; null: nothing yet.
    subject: Option<SubjectBody>,
    version: i64,
}

/// What is known of an image.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PictureBody {
    state: PictureStateWord,
    /// In pixels, the right way up.
    width: Option<u32>,
    height: Option<u32>,
    /// By the camera's own clock.
    taken_at: Option<DateTime<Utc>>,
    /// In degrees, WGS-84, as the camera says.
    latitude: Option<f64>,
    longitude: Option<f64>,
    /// Why there is no thumbnail.
    no_thumbnail: Option<NoThumbnailWord>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PictureStateWord {
    /// It is no image.
    None,
    /// A job is about to look at it.
    Waiting,
    /// There is a thumbnail.
    Seen,
    /// There is none; the file is as it was sent.
    Unseen,
}

/// What an attachment proves.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct SubjectBody {
    kind: SubjectWord,
    id: Uuid,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SubjectWord {
    Duty,
    Task,
    Evidence,
    Observation,
}

impl From<Picture> for PictureBody {
    fn from(picture: Picture) -> Self {
        let facts = picture.facts();
        let degrees = |millionths: i32| f64::from(millionths) / 1_000_000.0;
        let (state, no_thumbnail) = match picture {
            Picture::None => (PictureStateWord::None, None),
            Picture::Waiting => (PictureStateWord::Waiting, None),
            Picture::Seen { .. } => (PictureStateWord::Seen, None),
            Picture::Unseen { why, .. } => (PictureStateWord::Unseen, Some(why.into())),
        };
        Self {
            state,
            width: facts.size.map(|(width, _)| width),
            height: facts.size.map(|(_, height)| height),
            taken_at: facts.taken_at,
            latitude: facts.place.map(Place::latitude).map(degrees),
            longitude: facts.place.map(Place::longitude).map(degrees),
            no_thumbnail,
        }
    }
}

impl From<AttachedTo> for SubjectBody {
    fn from(subject: AttachedTo) -> Self {
        let kind = match subject {
            AttachedTo::Duty(_) => SubjectWord::Duty,
            AttachedTo::Task(_) => SubjectWord::Task,
            AttachedTo::Evidence(_) => SubjectWord::Evidence,
            AttachedTo::Observation(_) => SubjectWord::Observation,
        };
        Self { kind, id: subject.id() }
    }
}

impl From<AttachmentView> for AttachmentBody {
    fn from(AttachmentView { attachment, uploaded_by }: AttachmentView) -> Self {
        Self {
            id: attachment.id.0,
            name: attachment.name,
            kind: attachment.kind.into(),
            media_type: attachment.kind.media_type().to_owned(),
            size: attachment.size,
            sha256: attachment.hash.to_string(),
            uploaded_by: Person { id: attachment.uploaded_by.0, display_name: uploaded_by },
            created_at: attachment.created_at,
            picture: attachment.picture.into(),
            subject: attachment.subject.map(SubjectBody::from),
            version: attachment.version,
        }
    }
}

impl AttachmentBody {
    pub(crate) fn id(&self) -> Uuid {
        self.id
    }
}

impl From<UploadView> for UploadBody {
    fn from(view: UploadView) -> Self {
        let problem = view.problem().map(Said::from);
        let UploadView { upload, attachment } = view;
        Self {
            id: upload.id.0,
            offset: upload.offset(),
            state: match upload.state {
                UploadState::Open { .. } => UploadStateWord::Open,
                UploadState::Complete { .. } => UploadStateWord::Complete,
                UploadState::GivenUp { .. } => UploadStateWord::GivenUp,
            },
            name: upload.name,
            size: upload.size,
            problem,
            attachment: attachment.map(AttachmentBody::from),
            expires_at: upload.expires_at,
        }
    }
}

/// An upload, with where it is also in a header.
pub(crate) struct Progress(StatusCode, UploadBody);

impl Progress {
    pub(crate) fn of(status: StatusCode, view: UploadView) -> Self {
        Self(status, view.into())
    }
}

impl IntoResponse for Progress {
    fn into_response(self) -> Response {
        let offset = HeaderValue::from(self.1.offset);
        ([(HeaderName::from_static(OFFSET), offset)], (self.0, Json(self.1))).into_response()
    }
}
