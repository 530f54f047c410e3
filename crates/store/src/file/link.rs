use std::{
    fs::{File, create_dir_all, hard_link, remove_file, rename},
    io::{Error, ErrorKind},
    path::Path,
};

/// Gives a file another name for good, in place of what has that name, and leaves it the one that it has; `passing` is a name
/// on the way that nothing else has. False where one file can't have both: on two disks, or on one that knows no links.
pub(super) fn link(there: &Path, passing: &Path, name: &Path) -> Result<bool, Error> {
    use ErrorKind as E;
    match in_folder(passing, || hard_link(there, passing)) {
        Ok(_) => {}
        Err(error) => match error.kind() {
            E::CrossesDevices | E::PermissionDenied | E::TooManyLinks | E::Unsupported => return Ok(false),
            _ => return Err(error),
        },
    }
    let moved = in_folder(name, || {
        File::open(passing)?.sync_all()?;
        rename(passing, name)
    });
    // Where both are names of one file already, a rename takes none away.
    let gone = remove_file(passing).or_else(|error| match error.kind() {
        E::NotFound => Ok(()),
        _ => Err(error),
    });
    let news = moved?;
    gone?;
    for folder in name.ancestors().skip(1).take(news) {
        File::open(folder)?.sync_all()?;
    }
    Ok(true)
}

/// Does it, and makes the folder first where it is missing; for how many folders above `name` that is news.
fn in_folder(name: &Path, act: impl Fn() -> Result<(), Error>) -> Result<usize, Error> {
    match act() {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let Some(folder) = name.parent() else { return Err(error) };
            create_dir_all(folder)?;
            // The folder itself, the one of all stored files, and that of all files.
            act().map(|()| 3)
        }
        done => done.map(|()| 1),
    }
}
