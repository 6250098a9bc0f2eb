//! XML documents: elements are keys, attributes keys with `@`. Markup of prose (HTML, text with elements in between) is
//! no document and stays plain text. Entities of the document's own are never resolved.

use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::Leaves;

/// Deeper nesting is nobody's data.
const DEEPEST: usize = 128;

/// Roots of prose with markup.
const HTML: [&str; 19] = [
    "a", "b", "br", "body", "center", "div", "em", "font", "h1", "h2", "head", "html", "i", "p", "pre", "span",
    "strong", "table", "ul",
];

/// Adds the leaves of a text that is an XML document; false if it is not.
pub(super) fn cut(text: &str, depth: usize, leaves: &mut Leaves) -> bool {
    document(text, depth, leaves).is_some()
}

/// An open element.
struct Open {
    /// Length of the path to its parent.
    path: usize,
    has_children: bool,
}

fn document(text: &str, depth: usize, leaves: &mut Leaves) -> Option<()> {
    let mut reader = Reader::from_str(text);
    // Programs that print XML by hand forget to write `&amp;`.
    reader.config_mut().allow_dangling_amp = true;
    let mut open: Vec<Open> = Vec::new();
    let mut content = String::new();
    let mut closed = false;
    loop {
        match reader.read_event().ok()? {
            Event::Start(element) => {
                // Text before an element: markup in prose.
                if !content.trim().is_empty() || open.len() >= DEEPEST || closed {
                    return None;
                }
                content.clear();
                enter(&element, &mut open, depth, leaves)?;
            }
            Event::Empty(element) => {
                if closed {
                    return None;
                }
                enter(&element, &mut open, depth, leaves)?;
                leaves.path.truncate(open.pop()?.path);
                closed = open.is_empty();
            }
            Event::End(_) => {
                let element = open.pop()?;
                if element.has_children && !content.trim().is_empty() {
                    return None;
                }
                leaves.leaf(content.trim(), depth);
                content.clear();
                leaves.path.truncate(element.path);
                closed = open.is_empty();
            }
            Event::Text(part) => content.push_str(&part),
            Event::CData(part) => content.push_str(&part),
            Event::GeneralRef(name) => content.push_str(&resolve(&name)),
            Event::Eof => return (closed && open.is_empty()).then_some(()),
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) | Event::DocType(_) => {}
        }
    }
}

/// Goes down into an element and reads its attributes.
fn enter(element: &BytesStart<'_>, open: &mut Vec<Open>, depth: usize, leaves: &mut Leaves) -> Option<()> {
    let name = element.name();
    let name = name.local_name().into_inner().to_owned();
    match open.last_mut() {
        None if HTML.iter().any(|html| name.eq_ignore_ascii_case(html)) => return None,
        None => {}
        Some(parent) => parent.has_children = true,
    }
    let path = leaves.path.len();
    leaves.push_key(&name);
    for attribute in element.attributes() {
        let attribute = attribute.ok()?;
        let key = attribute.key.into_inner();
        if key.starts_with("xmlns") || key.starts_with("xsi:") {
            continue;
        }
        let value = unescape(&attribute.value).unwrap_or_else(|_| attribute.value.clone()).into_owned();
        leaves.at_key(&format!("@{key}"), |leaves| leaves.leaf(&value, depth));
    }
    open.push(Open { path, has_children: false });
    Some(())
}

/// A character reference or one of XML's five entities; others stay as they are written.
fn resolve(name: &str) -> String {
    let reference = format!("&{name};");
    unescape(&reference).map_or_else(|_| reference.clone(), std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::super::tests::declared;

    #[test]
    fn elements_and_attributes_are_keys() {
        let cell = "<?xml version=\"1.0\"?>\n<order xmlns=\"urn:x\" kund=\"K1\"><ns:namn>Åsa &amp; Bo</ns:namn>\n <tom/><rad><![CDATA[a<b]]></rad></order>";
        let found = declared(cell, "");
        let wanted = [("$.order.@kund", "K1"), ("$.order.namn", "Åsa & Bo"), ("$.order.rad", "a<b")];
        assert_eq!(found, wanted.map(|(path, text)| (path.to_owned(), text.to_owned())));
    }

    #[test]
    fn prose_with_markup_is_plain_text() {
        for text in [
            "<p>Hej <b>Anna</b></p>",
            "<div>x</div>",
            "<note>Ring <i>Bo</i> i dag</note>",
            "<3",
            "<a",
            "<x></y>",
            "<x/><y/>",
        ] {
            assert_eq!(declared(text, ""), [], "{text}");
        }
    }

    #[test]
    fn own_entities_are_not_resolved() {
        let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><x>&b;</x>";
        assert_eq!(declared(bomb, ""), [("$.x".to_owned(), "&b;".to_owned())]);
        let by_hand = "<kund><namn>Berg & Son</namn></kund>";
        assert_eq!(declared(by_hand, ""), [("$.kund.namn".to_owned(), "Berg & Son".to_owned())]);
    }
}
