//! Values inside structured cells: JSON, XML, PostgreSQL's arrays and hstore. A cell is cut into leaves, each with the
//! path that leads to it: `$.kontakt[*].pnr`. Pure: text in, leaves out.
//!
//! Paths name the structure and not the data: places in lists are `[*]`, keys that are data (a number, an e-mail
//! address, an id) are `*`, and such a key is a leaf itself, since a person may stand in it. What looks like structure in
//! one cell and turns out to be data over many is [`collapse`]'s matter.

use std::collections::HashMap;

mod collapse;
mod json;
mod postgres;
mod xml;

pub use collapse::collapse;

/// Text inside text inside text is followed this far: a JSON string that holds JSON.
const DEEPEST: usize = 4;

/// Longer keys are data.
const LONGEST_KEY: usize = 40;

/// Different paths of one cell that are told apart; more are made up to exhaust somebody.
const MOST_PATHS: usize = 1000;

/// The path of what is not told apart.
pub const OTHER_PATHS: &str = "$.*";

/// The leaves of one cell: the texts in one buffer, each path once. Reused; prints no value.
#[derive(Default)]
pub struct Leaves {
    paths: Vec<String>,
    known: HashMap<String, usize>,
    texts: String,
    list: Vec<Leaf>,
    /// The path to where the walk is.
    path: String,
}

#[derive(Clone, Copy)]
struct Leaf {
    path: usize,
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
        let mut start = 0;
        self.list.iter().map(move |leaf| {
            let text = &self.texts[start..leaf.text_end];
            start = leaf.text_end;
            (&*self.paths[leaf.path], text)
        })
    }

    fn clear(&mut self) {
        self.paths.clear();
        self.known.clear();
        self.texts.clear();
        self.list.clear();
        self.path.clear();
    }

    /// Adds the leaves of a text that is JSON or XML; false, with nothing added, if it is neither.
    fn cut(&mut self, text: &str, depth: usize) -> bool {
        let (leaves, texts, path) = (self.list.len(), self.texts.len(), self.path.len());
        let structured = match text.trim_start().as_bytes().first() {
            Some(b'{' | b'[') => json::cut(text, depth, self),
            Some(b'<') => xml::cut(text, depth, self),
            _ => return false,
        };
        if !structured {
            self.list.truncate(leaves);
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
            let path = self.path_number();
            self.texts.push_str(text);
            self.list.push(Leaf { path, text_end: self.texts.len() });
        }
    }

    /// The current path's number.
    fn path_number(&mut self) -> usize {
        if let Some(number) = self.known.get(&self.path) {
            return *number;
        }
        let path = if self.paths.len() < MOST_PATHS { &*self.path } else { OTHER_PATHS };
        if let Some(number) = self.known.get(path) {
            return *number;
        }
        let number = self.paths.len();
        self.known.insert(path.to_owned(), number);
        self.paths.push(path.to_owned());
        number
    }

    /// Goes down to a key's value for as long as `inside` runs. A key that is data is a leaf, too.
    fn at_key<T>(&mut self, key: &str, inside: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.path.len();
        if self.push_key(key) {
            self.leaf(key, DEEPEST);
        }
        let result = inside(self);
        self.path.truncate(before);
        result
    }

    /// Adds a key to the path, masked if it is data; true if so.
    fn push_key(&mut self, key: &str) -> bool {
        let masked = is_data(key);
        if masked {
            self.path.push_str(".*");
        } else {
            push_key(key, &mut self.path);
        }
        masked
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
    // cf_1042, field12: fields that somebody made in an application have numbers for names.
    let numbered = key.split_once('_').is_some_and(|(name, number)| {
        name.len() >= 2
            && name.bytes().all(|byte| byte.is_ascii_lowercase())
            && number.len() <= FIELD_NUMBER
            && number.bytes().all(|byte| byte.is_ascii_digit())
    });
    key.len() > LONGEST_KEY || address || letters == 0 || hex || (digits >= 4 && digits >= letters && !numbered)
}

/// Digits that a field's number has at most; persons' numbers have more.
const FIELD_NUMBER: usize = 5;

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
    fn a_cell_made_to_exhaust_memory_does_not() {
        let name = "a".repeat(300_000);
        let cell = format!("<{name}>{}</{name}>", "<b>1</b>".repeat(30_000));
        let mut leaves = Leaves::default();
        assert!(leaves.read(&cell, ""));
        assert_eq!((leaves.iter().count(), leaves.paths.len(), &*leaves.paths[0]), (30_000, 1, "$.*.b"));
        // Long paths, and very many of them.
        let mut deep = format!("{{\"{}\":", "k".repeat(40)).repeat(60);
        for n in 0..20_000_u32 {
            let letters: String = n.to_string().bytes().map(|digit| char::from(digit + b'a' - b'0')).collect();
            deep.push_str(if n == 0 { "{" } else { "," });
            deep.extend(["\"", &letters, "\":1"]);
        }
        deep.push_str(&"}".repeat(61));
        assert!(leaves.read(&deep, ""));
        assert_eq!(leaves.iter().count(), 20_000);
        assert!(leaves.paths.len() <= MOST_PATHS + 1);
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
