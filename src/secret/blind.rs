//! The blind index: identifiers as keyed hashes. Without the key nobody can try candidates against a map; with it,
//! equal identifiers have equal hashes, in every map of the installation.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::Key;
use crate::finding::Category;

/// A keyed hash of an identifier. 128 bits: a billion identifiers collide with a probability of 10^-21.
pub type Hash = [u8; 16];

/// What is compared with what: values of one domain are, values of two never.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Domain(&'static str);

impl Domain {
    /// A word of a name, whether it stands in a column of given or of family names.
    pub const NAME_PART: Self = Self("name_part");

    /// The domain of a category's values.
    pub const fn of(category: Category) -> Self {
        match category {
            Category::GivenName | Category::FamilyName => Self::NAME_PART,
            category => Self(category.name()),
        }
    }
}

/// Hashes identifiers under the installation's key.
#[derive(Clone)]
pub struct BlindIndex {
    /// Holds the state after the key's pads, so that a hash costs two compressions, not four.
    mac: Hmac<Sha256>,
}

impl BlindIndex {
    /// The blind index of an installation.
    pub fn new(key: &Key) -> Self {
        let sub = key.derive("blind index");
        Self { mac: Hmac::new_from_slice(sub.bytes()).expect("HMAC takes keys of any length") }
    }

    /// The hash of a value in its normal form: HMAC-SHA256 over domain, NUL and value, cut to 16 bytes.
    pub fn hash(&self, domain: Domain, normal: &str) -> Hash {
        let mut mac = self.mac.clone();
        mac.update(domain.0.as_bytes());
        mac.update(&[0]);
        mac.update(normal.as_bytes());
        let full = mac.finalize().into_bytes();
        std::array::from_fn(|i| full[i])
    }

    /// A short hash of a path inside nested data, never 0: its keys may be data.
    pub fn path(&self, path: &str) -> u32 {
        let hash = self.hash(Domain("path"), path);
        u32::from_be_bytes(std::array::from_fn(|i| hash[i])).max(1)
    }
}

impl std::fmt::Debug for BlindIndex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("<blind index>")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_of_one_domain_have_equal_hashes() {
        let key = Key::random().expect("random");
        let (index, again) = (BlindIndex::new(&key), BlindIndex::new(&key));
        let hash = index.hash(Domain::of(Category::Email), "anna@example.se");
        assert_eq!(hash, again.hash(Domain::of(Category::Email), "anna@example.se"));
        assert_ne!(hash, index.hash(Domain::of(Category::Email), "anna@example.com"));
        assert_ne!(hash, index.hash(Domain::of(Category::Username), "anna@example.se"));
        let other = BlindIndex::new(&Key::random().expect("random"));
        assert_ne!(hash, other.hash(Domain::of(Category::Email), "anna@example.se"));
    }

    #[test]
    fn only_given_and_family_names_share_a_domain() {
        use std::collections::HashMap;
        let mut domains: HashMap<Domain, Vec<Category>> = HashMap::new();
        for &category in Category::ALL {
            domains.entry(Domain::of(category)).or_default().push(category);
        }
        let shared = domains.remove(&Domain::NAME_PART).expect("a domain of name parts");
        assert_eq!(shared, [Category::GivenName, Category::FamilyName]);
        assert_eq!(domains.len(), Category::ALL.len() - 2);
    }

    #[test]
    fn the_hash_is_hmac_sha256_over_domain_and_value() {
        let key = Key::random().expect("random");
        let mut mac = Hmac::<Sha256>::new_from_slice(key.derive("blind index").bytes()).expect("any length");
        mac.update(b"personal_number\x00198001012384");
        let hash = BlindIndex::new(&key).hash(Domain::of(Category::PersonalNumber), "198001012384");
        assert_eq!(hash[..], mac.finalize().into_bytes()[..16]);
    }
}
