//! Small helpers over quick-xml: names without their prefix, attributes, text with its references resolved.

use quick_xml::events::{BytesRef, BytesStart};

/// `w:p` → `p`: producers differ in prefixes, not in names.
pub(super) fn local(name: &str) -> &str {
    name.split_once(':').map_or(name, |(_, local)| local)
}

/// An attribute by its name without prefix.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    element
        .attributes()
        .with_checks(false)
        .flatten()
        .find(|attribute| local(attribute.key.as_ref()) == name)
        .map(|attribute| attribute.value.into_owned())
}

/// `&amp;`, `&#20013;`: the five of XML and characters by number. Anything else would be an entity of the document's own,
/// which is never resolved.
pub(super) fn reference(reference: &BytesRef<'_>) -> Option<char> {
    if let Ok(Some(c)) = reference.resolve_char_ref() {
        return Some(c);
    }
    match reference.as_ref() {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}
