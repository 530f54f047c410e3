use std::{fmt, path::PathBuf, str::FromStr, sync::Arc};

use object_store::{
    ObjectStore,
    aws::{AmazonS3Builder, AmazonS3ConfigKey},
    local::LocalFileSystem,
    path::Path as Key,
    prefix::PrefixStore,
};

use crate::error::StoreError;

/// Where stored files lie, chosen once, by the binary.
#[derive(Clone, PartialEq, Eq)]
pub enum FilesUrl {
    Folder(PathBuf),
    /// `s3://bucket/prefix`. Keys, region and endpoint are read from the environment, under the names that Amazon's
    /// own tools use (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, `AWS_ENDPOINT`).
    S3 {
        bucket: String,
        prefix: String,
    },
}

/// Neither `s3://bucket/prefix` nor a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("files lie in a folder or in s3://bucket/prefix")]
pub struct UnknownFiles;

impl FromStr for FilesUrl {
    type Err = UnknownFiles;

    fn from_str(text: &str) -> Result<Self, UnknownFiles> {
        if let Some(place) = text.strip_prefix("s3://") {
            let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
            if bucket.is_empty() {
                return Err(UnknownFiles);
            }
            return Ok(Self::S3 { bucket: bucket.to_owned(), prefix: prefix.trim_matches('/').to_owned() });
        }
        if text.is_empty() || text.contains("://") {
            return Err(UnknownFiles);
        }
        Ok(Self::Folder(text.into()))
    }
}

impl fmt::Debug for FilesUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(path) => write!(f, "{}", path.display()),
            Self::S3 { bucket, prefix } => write!(f, "s3://{bucket}/{prefix}"),
        }
    }
}

/// The place, the bytes that are handed over to it at a time, and whether a file of fewer goes there at once.
pub(super) fn open(at: &FilesUrl) -> Result<(Arc<dyn ObjectStore>, usize, bool), StoreError> {
    match at {
        FilesUrl::Folder(folder) => {
            std::fs::create_dir_all(folder).map_err(StoreError::file)?;
            // Durable before it is answered, as every write is.
            let objects =
                LocalFileSystem::new_with_prefix(folder).map_err(StoreError::file)?.with_fsync(true);
            Ok((Arc::new(objects), 1 << 20, false))
        }
        FilesUrl::S3 { bucket, prefix } => {
            // The one cryptography of this program. Somebody may have said so before.
            rustls::crypto::ring::default_provider().install_default().ok();
            let mut builder = AmazonS3Builder::from_env().with_bucket_name(bucket);
            // Whoever writes http:// means it: a store in the same machine room.
            let endpoint = builder.get_config_value(&AmazonS3ConfigKey::Endpoint).unwrap_or_default();
            if endpoint.starts_with("http://") {
                builder = builder.with_allow_http(true);
            }
            let s3 = builder.build().map_err(StoreError::file)?;
            let objects: Arc<dyn ObjectStore> = if prefix.is_empty() {
                Arc::new(s3)
            } else {
                Arc::new(PrefixStore::new(s3, Key::from(prefix.as_str())))
            };
            // S3 takes no part under five MiB but the last.
            Ok((objects, 8 << 20, true))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_lie_in_a_folder_or_in_a_bucket() {
        let s3 = |bucket: &str, prefix: &str| FilesUrl::S3 { bucket: bucket.into(), prefix: prefix.into() };
        assert_eq!("data/files".parse(), Ok(FilesUrl::Folder("data/files".into())));
        assert_eq!("s3://city".parse(), Ok(s3("city", "")));
        assert_eq!("s3://city/a/b/".parse(), Ok(s3("city", "a/b")));
        for wrong in ["", "s3://", "s3:///prefix", "gs://bucket", "https://x"] {
            assert_eq!(wrong.parse::<FilesUrl>(), Err(UnknownFiles), "{wrong}");
        }
    }
}
