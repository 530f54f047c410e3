use std::{
    fmt, fs,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use fontdb::Database;
use typst::{
    foundations::Bytes,
    syntax::Source,
    text::{Font, FontBook, FontInfo},
    utils::LazyHash,
};

/// What a font is for in an official document (GB/T 9704-2012).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// 标题: 小标宋.
    Title,
    /// 正文: 仿宋.
    Body,
    /// 一级标题 and table heads: 黑体.
    Hei,
    /// 二级标题: 楷体.
    Kai,
    /// 页码: 宋体.
    Song,
}

/// The families for each role, the standard's own first, then what systems bring in their place, then the free ones.
/// Windows and macOS name the same font in Chinese or in English.
pub const OFFICIAL: &[(Role, &str, &[&str])] = &[
    (
        Role::Title,
        "title",
        &[
            "方正小标宋简体",
            "FZXiaoBiaoSong-B05S",
            "方正小标宋_GBK",
            "FZXiaoBiaoSong-B05",
            "华文中宋",
            "STZhongsong",
            "宋体",
            "SimSun",
            "Source Han Serif SC",
            "Noto Serif CJK SC",
        ],
    ),
    (
        Role::Body,
        "body",
        &[
            "仿宋_GB2312",
            "FangSong_GB2312",
            "仿宋",
            "FangSong",
            "华文仿宋",
            "STFangsong",
            "Source Han Serif SC",
            "Noto Serif CJK SC",
        ],
    ),
    (
        Role::Hei,
        "hei",
        &[
            "黑体",
            "SimHei",
            "华文黑体",
            "STHeiti",
            "Source Han Sans SC",
            "Noto Sans CJK SC",
            "WenQuanYi Zen Hei",
        ],
    ),
    (
        Role::Kai,
        "kai",
        &[
            "楷体_GB2312",
            "KaiTi_GB2312",
            "楷体",
            "KaiTi",
            "华文楷体",
            "STKaiti",
            "AR PL UKai CN",
            "Source Han Serif SC",
            "Noto Serif CJK SC",
        ],
    ),
    (
        Role::Song,
        "song",
        &["宋体", "SimSun", "华文宋体", "STSong", "Songti SC", "Source Han Serif SC", "Noto Serif CJK SC"],
    ),
];

/// All families that are looked for, each once.
pub(crate) fn looked_for() -> impl Iterator<Item = &'static str> {
    let all: Vec<&str> = OFFICIAL.iter().flat_map(|(_, _, families)| families.iter().copied()).collect();
    let first = |index: usize, name: &&str| all[..index].iter().all(|before| before != name);
    let once: Vec<&str> =
        all.iter().enumerate().filter(|(index, name)| first(*index, name)).map(|(_, name)| *name).collect();
    once.into_iter()
}

/// The fonts of a machine. Looked for once, loaded when a document needs them.
pub struct Fonts {
    book: LazyHash<FontBook>,
    faces: Vec<Face>,
}

/// A face that was found: in which file, which of its faces, and once it was needed, itself.
struct Face {
    path: PathBuf,
    index: u32,
    font: OnceLock<Option<Font>>,
}

impl fmt::Debug for Fonts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.book.families().map(|(family, _)| family)).finish()
    }
}

impl Fonts {
    /// Those that the system knows.
    pub fn of_the_system() -> Self {
        Self::found(Database::load_system_fonts)
    }

    /// Those in a folder and in the folders in it.
    pub fn in_folder(folder: &Path) -> Self {
        Self::found(|database| database.load_fonts_dir(folder))
    }

    fn found(look: impl FnOnce(&mut Database)) -> Self {
        let mut database = Database::new();
        look(&mut database);
        let (mut book, mut faces) = (FontBook::new(), Vec::new());
        for face in database.faces() {
            let path = match &face.source {
                fontdb::Source::File(path) | fontdb::Source::SharedFile(path, _) => path.clone(),
                fontdb::Source::Binary(_) => continue,
            };
            // A file that is no font after all is no font here either.
            let Some(info) = database.with_face_data(face.id, FontInfo::new).flatten() else { continue };
            book.push(info);
            faces.push(Face { path, index: face.index, font: OnceLock::new() });
        }
        Self { book: LazyHash::new(book), faces }
    }

    pub(crate) fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    pub(crate) fn font(&self, index: usize) -> Option<Font> {
        let face = self.faces.get(index)?;
        let load = || Font::new(Bytes::new(fs::read(&face.path).ok()?), face.index);
        face.font.get_or_init(load).clone()
    }

    /// The families that are there for each role, the best first; None where no font has Chinese characters.
    pub(crate) fn families(&self) -> Option<Families> {
        let book = self.book();
        let chinese = |family: &str| {
            let mut faces = book.select_family(&family.to_lowercase());
            faces.any(|face| book.info(face).is_some_and(|info| info.coverage.contains('镜' as u32)))
        };
        // A machine with some Chinese font that no role knows uses that for all of them.
        let any = book.families().map(|(family, _)| family).find(|family| chinese(family))?;
        let found = OFFICIAL.iter().map(|(_, word, families)| {
            let mut there: Vec<String> =
                families.iter().filter(|family| chinese(family)).map(|family| (*family).to_owned()).collect();
            if there.is_empty() {
                there.push(any.to_owned());
            }
            (*word, there)
        });
        Some(Families(found.collect()))
    }
}

/// Which families stand for which role on this machine.
pub(crate) struct Families(Vec<(&'static str, Vec<String>)>);

impl Families {
    /// What a source imports as `fonts.typ`: `fonts.title`, `fonts.body` …
    pub(crate) fn as_source(&self) -> String {
        let roles = self.0.iter().map(|(word, families)| {
            let names = families.iter().map(|family| format!("{family:?},")).collect::<String>();
            format!("  {word}: ({names}),\n")
        });
        format!("#let fonts = (\n{})\n", roles.collect::<String>())
    }
}

/// A text as typst reads files.
pub(crate) fn bytes_of(source: &Source) -> Bytes {
    Bytes::new(source.text().as_bytes().to_vec())
}
