//! The installation's key, and what is derived from it. See the README for what its loss means.
//!
//! Where the key comes from stands in `load`, how identifiers are hashed under it in `blind`.

mod blind;
mod load;

use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop};

pub use blind::{BlindIndex, Domain, Hash};
pub use load::LoadedKey;

/// The installation's key: 32 random bytes. Nothing is encrypted or hashed under it directly; every use has a sub-key.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Key([u8; 32]);

impl Key {
    /// A new key from the system's random source.
    pub fn random() -> crate::Result<Self> {
        random().map(Self)
    }

    /// Reads 64 hexadecimal digits; `None` if the text is anything else.
    fn from_hex(digits: &str) -> Option<Self> {
        let mut key = Self([0; 32]);
        let digits = digits.as_bytes();
        if digits.len() != 64 {
            return None;
        }
        for (byte, pair) in key.0.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = (nibble(pair[0])? << 4) | nibble(pair[1])?;
        }
        Some(key)
    }

    /// Names the key without telling anything of it: 16 hexadecimal digits.
    pub fn id(&self) -> String {
        hex(&self.id_bytes())
    }

    /// [`Key::id`] as bytes.
    pub(crate) fn id_bytes(&self) -> [u8; 8] {
        let sub = self.derive("key id");
        std::array::from_fn(|i| sub.0[i])
    }

    /// The sub-key for one purpose, by HKDF-SHA256 (RFC 5869). A purpose's text never changes: files depend on it.
    pub fn derive(&self, purpose: &'static str) -> SubKey {
        let mut sub = SubKey([0; 32]);
        let hkdf = Hkdf::<Sha256>::new(Some(b"sanera"), &self.0);
        hkdf.expand(purpose.as_bytes(), &mut sub.0).expect("32 bytes are a valid length for HKDF-SHA256");
        sub
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<key {}>", self.id())
    }
}

/// A key for one purpose.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct SubKey([u8; 32]);

impl SubKey {
    /// The key for one thing of the purpose, such as one file.
    #[must_use]
    pub fn expand(&self, context: &[u8]) -> Self {
        let mut sub = Self([0; 32]);
        let hkdf = Hkdf::<Sha256>::from_prk(&self.0).expect("32 bytes are a valid pseudorandom key");
        hkdf.expand(context, &mut sub.0).expect("32 bytes are a valid length for HKDF-SHA256");
        sub
    }

    /// A key that nobody else has and that is gone with the process.
    pub(crate) fn ephemeral() -> crate::Result<Self> {
        random().map(Self)
    }

    /// The key's bytes, for a cipher or MAC.
    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl std::fmt::Debug for SubKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("<sub-key>")
    }
}

/// Bytes from the system's random source.
pub(crate) fn random<const N: usize>() -> crate::Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| crate::Error::Key(format!("no random numbers: {error}")))?;
    Ok(bytes)
}

/// Bytes as lower-case hexadecimal text.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a string cannot fail");
        text
    })
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_64_hexadecimal_digits() {
        let digits = "00112233445566778899aAbBcCdDeEfF00112233445566778899aabbccddeeff";
        let key = Key::from_hex(digits).expect("64 digits");
        assert_eq!(hex(&key.0), digits.to_lowercase());
        for wrong in ["", &digits[1..], &digits.replace('3', "g"), &digits.replace("33", "é")] {
            assert!(Key::from_hex(wrong).is_none());
        }
    }

    #[test]
    fn sub_keys_and_ids_differ_by_key_purpose_and_context() {
        let (a, b) = (Key([1; 32]), Key([2; 32]));
        assert_eq!(a.id(), Key([1; 32]).id());
        assert_eq!(a.id().len(), 16);
        assert_ne!(a.id(), b.id());
        assert_eq!(a.derive("x").0, a.derive("x").0);
        assert_ne!(a.derive("x").0, a.derive("y").0);
        assert_ne!(a.derive("x").0, b.derive("x").0);
        assert_ne!(a.derive("x").expand(b"1").0, a.derive("x").expand(b"2").0);
    }

    /// RFC 5869, test case 1, proves the construction; ours differs in salt and info only.
    #[test]
    fn hkdf_is_that_of_the_rfc() {
        let salt: Vec<u8> = (0x00..=0x0c).collect();
        let info: Vec<u8> = (0xf0..=0xf9).collect();
        let mut okm = [0; 42];
        Hkdf::<Sha256>::new(Some(&salt), &[0x0b; 22]).expand(&info, &mut okm).expect("short");
        assert_eq!(hex(&okm), "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
    }

    #[test]
    fn keys_do_not_print_themselves() {
        let key = Key([7; 32]);
        let printed = format!("{key:?} {:?}", key.derive("x"));
        assert!(!printed.contains("0707") && !printed.contains("7, 7"), "{printed}");
    }
}
