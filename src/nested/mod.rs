//! Values inside structured cells: JSON, XML, PostgreSQL's arrays and hstore. A cell is cut into leaves, each with the
//! path that leads to it: `$.kontakt[*].pnr`. Pure: text in, leaves out.
//!
//! Paths name the structure and not the data: places in lists are `[*]`, keys that are data (a number, an e-mail
//! address, an id) are `*`, and such a key is a leaf itself, since a person may stand in it. What looks like structure in
//! one cell and turns out to be data over many is [`collapse`]'s matter.

mod collapse;
mod json;
mod postgres;
mod xml;

pub use collapse::collapse;

/// Text inside text inside text is followed this far: a JSON string that holds JSON.
const DEEPEST: usize = 4;

/// Longer keys are data.
const LONGEST_KEY: usize = 40;

/// The leaves of one cell, texts and paths in one buffer each. Reused; prints no value.
#[derive(Default)]
pub struct Leaves {
    paths: String,
    texts: String,
    list: Vec<Leaf>,
    /// The path to where the walk is.
    path: String,
}

#[derive(Clone, Copy)]
struct Leaf {
    path_end: usize,
    text_end: usize,
}

impl Leaves {
    /// Cuts a cell into leaves. `declared` is its column's declared type, which alone tells an array or hstore from
    /// text. False, and no leaves, if the cell is plain text.
    pub fn read(&mut self, cell: &str, declared: &str) -> bool {
        self.clear();
        self.path.push('$');
        let structured = self.cut(cell, 0) || postgres::cut(cell, declared, self);
        if !structured {
            self.clear();
        }
        structured
    }

    /// Path and text of each leaf, in the cell's order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let (mut path_start, mut text_start) = (0, 0);
        self.list.iter().map(move |leaf| {
            let path = &self.paths[path_start..leaf.path_end];
            let text = &self.texts[text_start..leaf.text_end];
            (path_start, text_start) = (leaf.path_end, leaf.text_end);
            (path, text)
        })
    }

    fn clear(&mut self) {
        self.paths.clear();
        self.texts.clear();
        self.list.clear();
        self.path.clear();
    }

    /// Adds the leaves of a text that is JSON or XML; false, with nothing added, if it is neither.
    fn cut(&mut self, text: &str, depth: usize) -> bool {
        let (leaves, paths, texts, path) = (self.list.len(), self.paths.len(), self.texts.len(), self.path.len());
        let structured = match text.trim_start().as_bytes().first() {
            Some(b'{' | b'[') => json::cut(text, depth, self),
            Some(b'<') => xml::cut(text, depth, self),
            _ => return false,
        };
        if !structured {
            self.list.truncate(leaves);
            self.paths.truncate(paths);
            self.texts.truncate(texts);
            self.path.truncate(path);
        }
        structured
    }

    /// A leaf at the current path, or the leaves inside it.
    fn leaf(&mut self, text: &str, depth: usize) {
        if depth < DEEPEST && self.cut(text, depth + 1) {
            return;
        }
        if !text.trim().is_empty() {
            self.paths.push_str(&self.path);
            self.texts.push_str(text);
            self.list.push(Leaf { path_end: self.paths.len(), text_end: self.texts.len() });
        }
    }

    /// Goes down to a key's value for as long as `inside` runs. A key that is data is a leaf, too.
    fn at_key<T>(&mut self, key: &str, inside: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.path.len();
        if is_data(key) {
            self.path.push_str(".*");
            self.leaf(key, DEEPEST);
        } else {
            push_key(key, &mut self.path);
        }
        let result = inside(self);
        self.path.truncate(before);
        result
    }

    /// Goes down into a list.
    fn at_items<T>(&mut self, inside: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.path.len();
        self.path.push_str("[*]");
        let result = inside(self);
        self.path.truncate(before);
        result
    }
}

impl std::fmt::Debug for Leaves {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<{} leaves>", self.list.len())
    }
}

/// The name at a path's end, as a column would have it: `pnr` of `$.kontakt[*].pnr`; empty where no key leads there.
pub fn name(path: &str) -> &str {
    keys(path).last().unwrap_or_default()
}

/// The names on the way, outermost first; keys that are data are left out.
pub fn keys(path: &str) -> impl Iterator<Item = &str> {
    steps(path).map(|step| step.trim_end_matches("[*]")).filter_map(|step| match step {
        "$" | ".*" | "" => None,
        _ => step.strip_prefix('.').or_else(|| step.strip_prefix("['")?.strip_suffix("']")),
    })
}

/// A path in pieces: `$`, `.kontakt[*]`, `.pnr`, `['Skriven av']`.
fn steps(path: &str) -> impl Iterator<Item = &str> {
    let mut rest = path;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?.len_utf8();
        let quoted = rest.starts_with("['");
        let end = if quoted {
            rest.find("']").map_or(rest.len(), |at| at + 2)
        } else {
            rest[first..].find(['.']).map_or(rest.len(), |at| at + first)
        };
        // A quoted key begins a step of its own.
        let end = rest[first..end].find("['").filter(|_| !quoted).map_or(end, |at| at + first);
        let end = if quoted && rest[end..].starts_with("[*]") { end + "[*]".len() } else { end };
        let (step, after) = rest.split_at(end);
        rest = after;
        Some(step)
    })
}

fn push_key(key: &str, path: &mut String) {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '@' | ':' | '$');
    if !key.is_empty() && key.chars().all(plain) {
        path.push('.');
        path.push_str(key);
    } else {
        path.push_str("['");
        path.extend(key.chars().filter(|c| !c.is_control() && *c != '\''));
        path.push_str("']");
    }
}

/// Whether a key is a value and not a name: numbers, dates, ids, addresses.
fn is_data(key: &str) -> bool {
    let digits = key.bytes().filter(u8::is_ascii_digit).count();
    let letters = key.chars().filter(|c| c.is_alphabetic()).count();
    let hex = key.len() >= 16 && digits > 0 && key.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    let address = key.trim_start_matches('@').contains('@');
    key.len() > LONGEST_KEY || address || letters == 0 || hex || (digits >= 4 && digits >= letters)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn leaves(cell: &str) -> Vec<(String, String)> {
        declared(cell, "")
    }

    pub(super) fn declared(cell: &str, declared: &str) -> Vec<(String, String)> {
        let mut leaves = Leaves::default();
        let structured = leaves.read(cell, declared);
        let list: Vec<_> = leaves.iter().map(|(path, text)| (path.to_owned(), text.to_owned())).collect();
        assert!(structured || list.is_empty());
        list
    }

    fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn json_is_cut_into_paths_and_texts() {
        let cell = r#" {"kontakt": [{"pnr": 196408232392, "ok": true, "tom": null}, {"Skriven av": "Åsa \"Å\" Ek"}], "v": 1.5}"#;
        let wanted = [
            ("$.kontakt[*].pnr", "196408232392"),
            ("$.kontakt[*].ok", "true"),
            ("$.kontakt[*]['Skriven av']", "Åsa \"Å\" Ek"),
            ("$.v", "1.5"),
        ];
        assert_eq!(leaves(cell), pairs(&wanted));
    }

    #[test]
    fn keys_that_are_data_are_masked_and_read() {
        let cell =
            r#"{"by_user": {"anna@example.com": {"n": 1}, "4711": "x"}, "6f9619ff-8b86-d011-b42d-00cf4fc964ff": "y"}"#;
        let wanted = [
            ("$.by_user.*", "anna@example.com"),
            ("$.by_user.*.n", "1"),
            ("$.by_user.*", "4711"),
            ("$.by_user.*", "x"),
            ("$.*", "6f9619ff-8b86-d011-b42d-00cf4fc964ff"),
            ("$.*", "y"),
        ];
        assert_eq!(leaves(cell), pairs(&wanted));
    }

    #[test]
    fn a_text_that_holds_json_is_read_on() {
        let cell =
            r#"{"payload": "{\"epost\": \"anna@example.com\"}", "note": "{not json}", "xml": "<kund><b>1</b></kund>"}"#;
        let wanted = [("$.payload.epost", "anna@example.com"), ("$.note", "{not json}"), ("$.xml.kund.b", "1")];
        assert_eq!(leaves(cell), pairs(&wanted));
    }

    #[test]
    fn what_only_begins_like_json_is_plain_text() {
        for text in
            ["[2026-01-01] start", "{name} ringde", "{\"a\": 1", "{\"a\": 1} och mer", "[", "12", "\"text\"", ""]
        {
            assert_eq!(leaves(text), [], "{text}");
        }
    }

    #[test]
    fn paths_are_taken_apart_again() {
        let all = |path| keys(path).collect::<Vec<_>>();
        assert_eq!(all("$.kontakt[*].pnr"), ["kontakt", "pnr"]);
        assert_eq!(all("$['E post'][*].a.*"), ["E post", "a"]);
        assert_eq!(all("$.a['b.c'].d"), ["a", "b.c", "d"]);
        assert_eq!((name("$[*]"), name("$"), name("$.x[*]")), ("", "", "x"));
    }

    proptest! {
        #[test]
        fn any_text_is_cut_or_left(cell in "[\\[{<][ -~åäö\\n]{0,60}", declared in "(text\\[\\]|hstore|)") {
            let mut leaves = Leaves::default();
            let structured = leaves.read(&cell, &declared);
            prop_assert!(structured || leaves.iter().count() == 0);
            for (path, _) in leaves.iter() {
                prop_assert!(path.starts_with('$'));
                prop_assert_eq!(steps(path).collect::<String>(), path);
            }
        }
    }
}
