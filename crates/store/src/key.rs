//! The installation's key: thirty-two bytes in a file beside the database, never in it nor in a backup of it.

use std::{
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

use chengjing_domain::ledger::Hash;

use crate::{door::Store, error::StoreError};

const FILE: &str = "key";

impl Store {
    /// The installation's key; None where none was ever needed, or where it was not brought along to a new machine.
    ///
    /// # Errors
    /// [`StoreError::File`] where it can't be read or is no key.
    pub async fn key(&self) -> Result<Option<[u8; 32]>, StoreError> {
        match tokio::fs::read(self.config().data.join(FILE)).await {
            Ok(bytes) => <[u8; 32]>::try_from(bytes).map(Some).map_err(|_| {
                StoreError::file(std::io::Error::new(ErrorKind::InvalidData, "the key has not 32 bytes"))
            }),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(StoreError::file(error)),
        }
    }

    /// The installation's key, which is these bytes from now on where there is none yet.
    ///
    /// # Errors
    /// As [`Store::key`].
    pub async fn key_or(&self, fresh: [u8; 32]) -> Result<[u8; 32], StoreError> {
        if let Some(key) = self.key().await? {
            return Ok(key);
        }
        let data = self.config().data.clone();
        let made = tokio::task::spawn_blocking(move || {
            // Written whole before it has its name: nobody meets half a key, and whoever comes second finds the first's.
            let whole = write_aside(&data, fresh)?;
            let linked = std::fs::hard_link(&whole, data.join(FILE));
            std::fs::remove_file(&whole)?;
            match linked {
                Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
                Ok(()) | Err(_) => std::fs::File::open(&data)?.sync_all(),
            }
        });
        made.await.map_err(|_| StoreError::Ended)?.map_err(StoreError::file)?;
        self.key().await?.ok_or(StoreError::Ended)
    }
}

/// A file with these bytes under a name that nobody else uses.
fn write_aside(data: &Path, key: [u8; 32]) -> std::io::Result<PathBuf> {
    let path = data.join(format!("{FILE}.{}", Hash::of(&key)));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&path)?;
    file.write_all(&key)?;
    file.sync_all()?;
    Ok(path)
}
