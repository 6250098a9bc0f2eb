//! JSON: read as a stream, so that a cell costs no tree.

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::Leaves;
use crate::value::real_text;

/// Adds the leaves of a text that is one JSON object or array; false if it is not.
pub(super) fn cut(text: &str, depth: usize, leaves: &mut Leaves) -> bool {
    let mut reader = serde_json::Deserializer::from_str(text);
    (Node { depth, leaves }).deserialize(&mut reader).is_ok() && reader.end().is_ok()
}

/// One value of the document.
struct Node<'a> {
    depth: usize,
    leaves: &'a mut Leaves,
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { depth, leaves } = self;
        while let Some(key) = map.next_key::<std::borrow::Cow<'de, str>>()? {
            leaves.at_key(&key, |leaves| map.next_value_seed(Node { depth, leaves }))?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let Self { depth, leaves } = self;
        leaves.at_items(|leaves| {
            while items.next_element_seed(Node { depth, leaves })?.is_some() {}
            Ok(())
        })
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.leaves.leaf(text, self.depth);
        Ok(())
    }

    fn visit_u64<E>(self, number: u64) -> Result<(), E> {
        self.leaves.leaf(&number.to_string(), super::DEEPEST);
        Ok(())
    }

    fn visit_i64<E>(self, number: i64) -> Result<(), E> {
        self.leaves.leaf(&number.to_string(), super::DEEPEST);
        Ok(())
    }

    fn visit_f64<E>(self, number: f64) -> Result<(), E> {
        self.leaves.leaf(&real_text(number), super::DEEPEST);
        Ok(())
    }

    fn visit_bool<E>(self, yes: bool) -> Result<(), E> {
        self.leaves.leaf(if yes { "true" } else { "false" }, super::DEEPEST);
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}
