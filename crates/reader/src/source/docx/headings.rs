//! Which paragraph styles are headings, and of which level.

use std::collections::HashMap;

use quick_xml::{Reader, events::Event};

use crate::source::xml::{attribute, local};

/// Styles that rest on each other in a ring would be followed for ever.
const DEEPEST: usize = 10;

#[derive(Debug, Default)]
struct Style {
    /// From 0; 9 is no heading.
    outline: Option<usize>,
    base: Option<String>,
}

/// By the styles' ids.
#[derive(Debug, Default)]
pub(in crate::source) struct Headings(HashMap<String, Style>);

impl Headings {
    pub(super) fn read(xml: &[u8]) -> Self {
        let mut reader = Reader::from_reader(xml);
        let mut headings = Self::default();
        let mut open: Option<(String, Style)> = None;
        while let Ok(event) = reader.read_event() {
            match &event {
                Event::Eof => break,
                Event::Start(element) | Event::Empty(element) => {
                    let value = || attribute(element, "val").unwrap_or_default();
                    match (local(element.name().as_ref()), &mut open) {
                        ("style", open) => {
                            *open = attribute(element, "styleId").map(|id| (id, Style::default()));
                        }
                        ("name", Some((_, style))) => style.outline = style.outline.or(named(&value())),
                        ("basedOn", Some((_, style))) => style.base = Some(value()),
                        ("outlineLvl", Some((_, style))) => style.outline = value().parse().ok(),
                        _ => {}
                    }
                }
                Event::End(end) if local(end.name().as_ref()) == "style" => headings.0.extend(open.take()),
                _ => {}
            }
        }
        headings
    }

    /// The level of a heading, from 1 to 9; None for any other paragraph. `own`: the paragraph's own in the outline.
    pub(in crate::source) fn level(&self, own: Option<usize>, style: Option<&str>) -> Option<u8> {
        let mut style = style.and_then(|id| self.0.get(id));
        let mut outline = own;
        for _ in 0..DEEPEST {
            let Some(here) = style.filter(|_| outline.is_none()) else { break };
            outline = here.outline;
            style = here.base.as_ref().and_then(|base| self.0.get(base));
        }
        outline.filter(|level| *level < 9).and_then(|level| u8::try_from(level + 1).ok())
    }
}

/// What a style's name says: `heading 2`, `标题 2`, `Title`.
fn named(name: &str) -> Option<usize> {
    let name = name.trim().to_lowercase();
    if name == "title" || name == "标题" {
        return Some(0);
    }
    let level = name.strip_prefix("heading").or_else(|| name.strip_prefix("标题"))?;
    level.trim().parse::<usize>().ok()?.checked_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_is_known_by_its_style_by_what_that_rests_on_and_by_itself() {
        let headings = Headings::read(
            r#"<w:styles>
            <w:style w:styleId="1"><w:name w:val="heading 1"/></w:style>
            <w:style w:styleId="a"><w:name w:val="小节"/><w:basedOn w:val="b"/></w:style>
            <w:style w:styleId="b"><w:name w:val="章"/><w:pPr><w:outlineLvl w:val="2"/></w:pPr></w:style>
            <w:style w:styleId="x"><w:name w:val="环"/><w:basedOn w:val="x"/></w:style>
            <w:style w:styleId="n"><w:name w:val="heading 2"/><w:pPr><w:outlineLvl w:val="9"/></w:pPr></w:style>
            <w:style w:styleId="t"><w:name w:val="Title"/></w:style></w:styles>"#
                .as_bytes(),
        );
        for (own, style, expected) in [
            (None, Some("1"), Some(1)),
            (None, Some("a"), Some(3)),
            (None, Some("x"), None),
            (None, Some("n"), None),
            (None, Some("t"), Some(1)),
            (None, Some("missing"), None),
            (Some(1), None, Some(2)),
            (Some(9), Some("1"), None),
            (Some(usize::MAX), None, None),
        ] {
            assert_eq!(headings.level(own, style), expected, "{own:?} {style:?}");
        }
    }
}
