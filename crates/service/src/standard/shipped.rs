//! The standards that come with the program, built into it: an office takes them over with one click, also where the program
//! is a single file on a machine without a network.

use std::sync::OnceLock;

use chengjing_domain::standard::{CatalogueFile, Standard, edition::Level};
use chengjing_reader::standard::{File, read};

/// What comes with the program, and what the files do not say themselves.
const STANDARDS: [(&str, &str, Level); 3] = [
    (include_str!("../../../../standards/civilised-county.yaml"), "文明城市", Level::County),
    (include_str!("../../../../standards/minors.yaml"), "未成年人思想道德建设", Level::County),
    (include_str!("../../../../standards/hygiene-city.yaml"), "卫生城市", Level::County),
];
const CATALOGUES: [&str; 1] = [include_str!("../../../../standards/shared.yaml")];

/// A standard that comes with the program.
#[derive(Debug)]
pub(super) struct Shipped {
    pub(super) source: &'static str,
    pub(super) standard: Standard,
    pub(super) kind: &'static str,
    pub(super) level: Level,
}

pub(super) fn standards() -> &'static [Shipped] {
    static READ: OnceLock<Vec<Shipped>> = OnceLock::new();
    READ.get_or_init(|| {
        let shipped =
            |(source, kind, level): &(&'static str, &'static str, Level)| match read(source.as_bytes()) {
                Ok(File::Standard(standard, _)) => {
                    Some(Shipped { source, standard: *standard, kind, level: *level })
                }
                Ok(File::Catalogue(_)) | Err(_) => None,
            };
        STANDARDS.iter().filter_map(shipped).collect()
    })
}

pub(super) fn catalogues() -> &'static [CatalogueFile] {
    static READ: OnceLock<Vec<CatalogueFile>> = OnceLock::new();
    READ.get_or_init(|| {
        let shipped = |source: &&str| match read(source.as_bytes()) {
            Ok(File::Catalogue(catalogue)) => Some(catalogue),
            Ok(File::Standard(..)) | Err(_) => None,
        };
        CATALOGUES.iter().filter_map(shipped).collect()
    })
}

#[cfg(test)]
mod tests {
    use chengjing_domain::standard::Whole;

    use super::*;

    #[test]
    fn every_file_in_the_folder_of_standards_comes_with_the_program_and_is_right() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../standards");
        let files = std::fs::read_dir(folder).expect("the folder").filter_map(|entry| {
            let path = entry.expect("an entry").path();
            path.extension().is_some_and(|ending| ending == "yaml").then(|| std::fs::read_to_string(path))
        });
        let sources: Vec<&str> = STANDARDS.iter().map(|(source, ..)| *source).chain(CATALOGUES).collect();
        let mut count = 0;
        for text in files {
            let text = text.expect("a text");
            assert!(
                sources.contains(&text.as_str()),
                "{} is not built in",
                text.lines().next().unwrap_or("")
            );
            count += 1;
        }
        assert_eq!((count, standards().len(), catalogues().len()), (sources.len(), STANDARDS.len(), 1));
        for shipped in standards() {
            Whole::of(shipped.standard.clone(), catalogues()).expect("it is right with what it uses");
        }
    }
}
