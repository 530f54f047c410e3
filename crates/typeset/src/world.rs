use std::collections::HashMap;

use typst::{
    Library, LibraryExt, World,
    diag::{FileError, FileResult},
    foundations::{Bytes, Datetime, Duration},
    syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook},
    utils::LazyHash,
};

use crate::{
    Fault, Fonts, MAIN, Task, Trouble,
    fonts::{Families, bytes_of},
};

/// All that a source sees.
pub(crate) struct Desk<'a> {
    library: LazyHash<Library>,
    fonts: &'a Fonts,
    main: FileId,
    texts: HashMap<FileId, Source>,
}

impl<'a> Desk<'a> {
    pub(crate) fn lay(task: &Task, families: &Families, fonts: &'a Fonts) -> Result<Self, Trouble> {
        let named = families.as_source();
        let main = id_of(MAIN)?;
        let mut texts = HashMap::new();
        let files = task.files.iter().map(|(name, text)| (name.as_str(), text.as_str()));
        for (name, text) in files.chain([("fonts.typ", named.as_str()), (MAIN, task.source.as_str())]) {
            let id = id_of(name)?;
            texts.insert(id, Source::new(id, text.to_owned()));
        }
        Ok(Self { library: LazyHash::new(Library::builder().build()), fonts, main, texts })
    }

    fn text(&self, id: FileId) -> FileResult<&Source> {
        let not_there = || {
            let path = id.get().vpath().get_without_slash();
            FileError::NotFound(path.into())
        };
        match id.get().root() {
            VirtualRoot::Project => self.texts.get(&id).ok_or_else(not_there),
            // Packages would come from the network.
            VirtualRoot::Package(_) => Err(FileError::AccessDenied),
        }
    }
}

fn id_of(name: &str) -> Result<FileId, Trouble> {
    let path = VirtualPath::new(name).map_err(|error| {
        let message = error.to_string();
        Trouble::Faulty(vec![Fault { file: name.to_owned(), line: None, message, hints: Vec::new() }])
    })?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

impl World for Desk<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.fonts.book()
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.text(id).cloned()
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.text(id).map(bytes_of)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.font(index)
    }

    /// There is none: the day of a document stands in its data, so that it is the same when it is made again.
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
