//! The map file's layout, in order:
//!
//! | part | holds |
//! |---|---|
//! | start | [`START`] and the format's number, 4 bytes |
//! | blocks | postings, each block sealed on its own |
//! | index | sealed: per block its first hash and its length in the file |
//! | head | JSON in the clear |
//! | footer | [`Footer::SIZE`] bytes: lengths of the three parts, map id, key id, digest, MAC, [`END`] |
//!
//! Numbers are little-endian. The digest (SHA-256 over start, head, lengths and ids) shows without a key that a
//! clear part was damaged or edited; the MAC of the digest shows with the key that it was not edited by somebody
//! who made the digest fit.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::seal::Seal;
use crate::secret::{Hash, Key};

/// The format that this version writes and reads. It is part of every seal.
pub(super) const FORMAT: u32 = 2;

/// Begins every map. The line end shows at once what a transfer as text did to a file.
pub(super) const START: &[u8; 12] = b"sanera map\r\n";

/// Ends every complete map.
const END: &[u8; 8] = b"mapend\r\n";

/// Bytes before the first block.
pub(super) const START_SIZE: u64 = 16;

/// Start and format as they stand in the file.
pub(super) fn start() -> [u8; 16] {
    let mut start = [0; 16];
    start[..12].copy_from_slice(START);
    start[12..].copy_from_slice(&FORMAT.to_le_bytes());
    start
}

/// The keys of one map.
pub(super) struct MapKeys {
    /// For blocks and index.
    pub(super) seal: Seal,
    mac: Hmac<Sha256>,
}

impl MapKeys {
    /// The keys of the map with this id in this installation.
    pub(super) fn new(key: &Key, map_id: [u8; 16]) -> Self {
        let mac = key.derive("map mac").expand(&map_id);
        Self {
            seal: Seal::new(&key.derive("map blocks").expand(&map_id), map_id),
            mac: Hmac::new_from_slice(mac.bytes()).expect("HMAC takes keys of any length"),
        }
    }
}

/// A block as the index knows it.
pub(super) struct IndexEntry {
    /// The hash of its first record.
    pub(super) first: Hash,
    /// Where it starts in the file.
    pub(super) offset: u64,
    /// Its length in the file.
    pub(super) length: u32,
}

/// The index before it is sealed.
pub(super) fn encode_index(index: &[IndexEntry]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(index.len() * 20 + 16);
    for entry in index {
        bytes.extend_from_slice(&entry.first);
        bytes.extend_from_slice(&entry.length.to_le_bytes());
    }
    bytes
}

/// Reads an index; `None` if it does not describe blocks of that length in all.
pub(super) fn decode_index(bytes: &[u8], blocks: u64) -> Option<Vec<IndexEntry>> {
    let (entries, rest) = bytes.as_chunks::<20>();
    let mut offset = START_SIZE;
    let mut index = Vec::with_capacity(entries.len());
    for entry in entries {
        let (first, length) = entry.split_first_chunk()?;
        let length = u32::from_le_bytes(length.try_into().ok()?);
        index.push(IndexEntry { first: *first, offset, length });
        offset = offset.checked_add(length.into())?;
    }
    (rest.is_empty() && offset - START_SIZE == blocks).then_some(index)
}

/// The end of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Footer {
    /// Bytes of all blocks.
    pub(super) blocks: u64,
    /// Bytes of the index.
    pub(super) index: u64,
    /// Bytes of the head.
    pub(super) head: u64,
    /// Random; two maps never have the same.
    pub(super) map_id: [u8; 16],
    /// [`Key::id`].
    pub(super) key_id: [u8; 8],
    digest: [u8; 32],
    mac: [u8; 32],
}

impl Footer {
    /// Bytes of a footer.
    pub(super) const SIZE: usize = 3 * 8 + 16 + 8 + 32 + 32 + END.len();

    /// The footer of a map with these parts.
    pub(super) fn new(blocks: u64, index: u64, head: &[u8], map_id: [u8; 16], key: &Key, keys: &MapKeys) -> Self {
        let mut footer = Self {
            blocks,
            index,
            head: head.len() as u64,
            map_id,
            key_id: key.id_bytes(),
            digest: [0; 32],
            mac: [0; 32],
        };
        footer.digest = footer.digest_with(head);
        footer.mac = keys.mac.clone().chain_update(footer.digest).finalize().into_bytes().into();
        footer
    }

    /// As it stands in the file.
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut bytes = self.described();
        bytes.extend_from_slice(&self.digest);
        bytes.extend_from_slice(&self.mac);
        bytes.extend_from_slice(END);
        bytes
    }

    /// Reads a footer; `None` if the bytes don't end as a map does.
    pub(super) fn decode(bytes: &[u8; Self::SIZE]) -> Option<Self> {
        let mut rest = bytes.strip_suffix(END)?;
        let mut number = || take(&mut rest).map(u64::from_le_bytes);
        let (blocks, index, head) = (number()?, number()?, number()?);
        Some(Self {
            blocks,
            index,
            head,
            map_id: take(&mut rest)?,
            key_id: take(&mut rest)?,
            digest: take(&mut rest)?,
            mac: take(&mut rest)?,
        })
    }

    /// Bytes of the whole file, or `None` if no file is that long.
    pub(super) fn file_size(&self) -> Option<u64> {
        let parts = self.blocks.checked_add(self.index)?.checked_add(self.head)?;
        parts.checked_add(START_SIZE + Self::SIZE as u64)
    }

    /// Whether the digest fits the head and this footer.
    pub(super) fn fits(&self, head: &[u8]) -> bool {
        self.digest == self.digest_with(head)
    }

    /// Whether the holder of the key wrote this footer and the head that it fits.
    pub(super) fn is_authentic(&self, keys: &MapKeys) -> bool {
        keys.mac.clone().chain_update(self.digest).verify_slice(&self.mac).is_ok()
    }

    fn digest_with(&self, head: &[u8]) -> [u8; 32] {
        let described = self.described();
        Sha256::new().chain_update(start()).chain_update(&described).chain_update(head).finalize().into()
    }

    /// Lengths and ids: of fixed size, so that what follows in a digest can't be taken for them.
    fn described(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(Self::SIZE);
        for number in [self.blocks, self.index, self.head] {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        bytes.extend_from_slice(&self.map_id);
        bytes.extend_from_slice(&self.key_id);
        bytes
    }
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(*taken)
}
