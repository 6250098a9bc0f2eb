//! Encryption and authentication of a map's blocks: AES-256-GCM-SIV under a key of that one map.

use aes_gcm_siv::aead::AeadInOut;
use aes_gcm_siv::{Aes256GcmSiv, KeyInit, Nonce};

use super::layout::FORMAT;
use crate::secret::SubKey;

/// What a sealed piece is, so that none passes for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    /// Postings.
    Block = 1,
    /// The sparse index over the blocks.
    Index = 2,
    /// A block of a temporary run.
    Run = 3,
}

/// Seals and opens the pieces of one map.
pub(super) struct Seal {
    cipher: Aes256GcmSiv,
    map_id: [u8; 16],
}

impl Seal {
    /// The seal of the map with this id, under a key that belongs to that map alone: since a piece's section and
    /// number are its nonce, no nonce is used twice under a key.
    pub(super) fn new(key: &SubKey, map_id: [u8; 16]) -> Self {
        Self { cipher: Aes256GcmSiv::new(key.bytes().into()), map_id }
    }

    /// Encrypts a piece in place; it grows by a tag of 16 bytes.
    pub(super) fn close(&self, section: Section, number: u64, piece: &mut Vec<u8>) {
        let (nonce, associated) = self.binding(section, number);
        self.cipher.encrypt_in_place(&nonce, &associated, piece).expect("a piece is far below the limit of 64 GiB");
    }

    /// Decrypts a piece in place; `None` if it is not the one that was sealed with this section and number.
    pub(super) fn open(&self, section: Section, number: u64, piece: &mut Vec<u8>) -> Option<()> {
        let (nonce, associated) = self.binding(section, number);
        self.cipher.decrypt_in_place(&nonce, &associated, piece).ok()
    }

    /// Nonce and associated data.
    fn binding(&self, section: Section, number: u64) -> (Nonce, [u8; 29]) {
        let mut nonce = [0; 12];
        nonce[0] = section as u8;
        nonce[4..].copy_from_slice(&number.to_le_bytes());
        let mut associated = [0; 29];
        associated[..16].copy_from_slice(&self.map_id);
        associated[16..20].copy_from_slice(&FORMAT.to_le_bytes());
        associated[20] = section as u8;
        associated[21..].copy_from_slice(&number.to_le_bytes());
        (nonce.into(), associated)
    }
}
