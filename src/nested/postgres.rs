//! PostgreSQL's own nested texts: arrays (`{070-1740605,"a b",NULL}`, also of several dimensions) and hstore
//! (`"tel"=>"070-1740605", "fax"=>NULL`). Only the declared type tells them from prose.

use super::Leaves;

/// Adds the leaves of a cell of an array or hstore; false for other types and texts.
pub(super) fn cut(cell: &str, declared: &str, leaves: &mut Leaves) -> bool {
    if declared.ends_with("[]") {
        let mut reader = Reader(cell.trim());
        leaves.at_items(|leaves| reader.array(leaves, 0)).is_some() && reader.0.is_empty()
    } else if declared == "hstore" {
        Reader(cell.trim()).hstore(leaves).is_some()
    } else {
        false
    }
}

/// PostgreSQL has no more dimensions.
const DIMENSIONS: usize = 6;

/// An element of an array or hstore.
enum Item {
    Null,
    Text(String),
}

/// What is still to be read.
struct Reader<'a>(&'a str);

impl Reader<'_> {
    fn take(&mut self, token: &str) -> Option<()> {
        self.0 = self.0.strip_prefix(token)?;
        Some(())
    }

    fn array(&mut self, leaves: &mut Leaves, depth: usize) -> Option<()> {
        self.take("{")?;
        if self.take("}").is_some() {
            return Some(());
        }
        loop {
            if self.0.starts_with('{') && depth < DIMENSIONS {
                self.array(leaves, depth + 1)?;
            } else if let Item::Text(text) = self.value(&[',', '}'])? {
                leaves.leaf(&text, 0);
            }
            match self.take(",") {
                Some(()) => {}
                None => return self.take("}"),
            }
        }
    }

    fn hstore(&mut self, leaves: &mut Leaves) -> Option<()> {
        while !self.0.is_empty() {
            let Item::Text(key) = self.value(&['='])? else { return None };
            self.take("=>")?;
            if let Item::Text(text) = self.value(&[','])? {
                leaves.at_key(&key, |leaves| leaves.leaf(&text, 0));
            }
            if self.take(",").is_some() {
                self.0 = self.0.trim_start();
            }
        }
        Some(())
    }

    /// A quoted or bare value; NULL is none.
    fn value(&mut self, ends: &[char]) -> Option<Item> {
        if self.take("\"").is_none() {
            let end = self.0.find(ends).unwrap_or(self.0.len());
            let (bare, rest) = self.0.split_at(end);
            self.0 = rest;
            return Some(if bare == "NULL" { Item::Null } else { Item::Text(bare.to_owned()) });
        }
        let mut text = String::new();
        let mut chars = self.0.chars();
        loop {
            match chars.next()? {
                '"' => break,
                '\\' => text.push(chars.next()?),
                c => text.push(c),
            }
        }
        self.0 = chars.as_str();
        Some(Item::Text(text))
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::declared;

    fn texts(cell: &str, kind: &str) -> Vec<(String, String)> {
        declared(cell, kind)
    }

    #[test]
    fn arrays_and_hstore_are_read_where_the_type_says_so() {
        let pair = |path: &str, text: &str| (path.to_owned(), text.to_owned());
        let array = "{070-1740605,\"Anna \\\"A\\\" Ek\",NULL,{x}}";
        assert_eq!(
            texts(array, "text[]"),
            [pair("$[*]", "070-1740605"), pair("$[*]", "Anna \"A\" Ek"), pair("$[*]", "x")]
        );
        assert_eq!(texts(array, "text"), []);
        assert_eq!(texts("{a", "text[]"), []);
        let store = "\"tel\"=>\"070-1740605\", \"fax\"=>NULL, \"0701\"=>\"a, b\"";
        assert_eq!(texts(store, "hstore"), [pair("$.tel", "070-1740605"), pair("$.*", "0701"), pair("$.*", "a, b")]);
        assert_eq!(texts("tel", "hstore"), []);
    }
}
