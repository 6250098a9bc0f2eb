//! How postings are coded in blocks. A record is hash, place and row key in a row, so that the order of records is the
//! order of their bytes. A place is its number, and where that is of nested data, the path after it; both big-endian. In
//! a block each record says how many bytes it shares with the one before.

use super::PlaceId;
use crate::secret::Hash;

/// Bytes of hash, number and path at most.
pub(super) const FIXED: usize = 24;

/// Bytes of the shortest record: a place outside nested data, and no row key.
const SHORTEST: usize = 20;

/// Appends the record of a posting.
pub(super) fn encode(hash: &Hash, place: PlaceId, key: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(hash);
    out.extend_from_slice(&place.number.to_be_bytes());
    if place.is_nested() {
        out.extend_from_slice(&place.path.to_be_bytes());
    }
    out.extend_from_slice(key);
}

/// Hash, place and row key of a record; `None` if it is too short to be one.
pub(super) fn decode(record: &[u8]) -> Option<(Hash, PlaceId, &[u8])> {
    let (hash, rest) = record.split_first_chunk()?;
    let (number, mut rest) = rest.split_first_chunk()?;
    let mut place = PlaceId { number: u32::from_be_bytes(*number), path: 0 };
    if place.is_nested() {
        let (path, key) = rest.split_first_chunk()?;
        place.path = u32::from_be_bytes(*path);
        rest = key;
    }
    Some((*hash, place, rest))
}

/// A block being filled with ascending records.
#[derive(Default)]
pub(super) struct Packer {
    pub(super) bytes: Vec<u8>,
    first: Hash,
    last: Vec<u8>,
}

impl Packer {
    /// Appends a record.
    pub(super) fn push(&mut self, record: &[u8]) {
        if self.bytes.is_empty() {
            self.last.clear();
            self.first.copy_from_slice(&record[..size_of::<Hash>()]);
        }
        let shared = self.last.iter().zip(record).take_while(|(a, b)| a == b).count();
        put_number(shared, &mut self.bytes);
        put_number(record.len() - shared, &mut self.bytes);
        self.bytes.extend_from_slice(&record[shared..]);
        self.last.truncate(shared);
        self.last.extend_from_slice(&record[shared..]);
    }

    /// The hash of the block's first record.
    pub(super) fn first(&self) -> Hash {
        self.first
    }
}

/// A place in a block from which the next record is read.
#[derive(Default)]
pub(super) struct Unpacker {
    at: usize,
    /// The record read last.
    pub(super) record: Vec<u8>,
}

impl Unpacker {
    /// Goes back to the start of a block.
    pub(super) fn rewind(&mut self) {
        self.at = 0;
        self.record.clear();
    }

    /// Reads the next record of `block`: `Some(false)` at its end, `None` if the block makes no sense.
    pub(super) fn advance(&mut self, block: &[u8]) -> Option<bool> {
        let Some(mut rest) = block.get(self.at..).filter(|rest| !rest.is_empty()) else { return Some(false) };
        let shared = take_number(&mut rest)?;
        let length = take_number(&mut rest)?;
        let own = rest.get(..length)?;
        if shared > self.record.len() || shared + length < SHORTEST {
            return None;
        }
        self.record.truncate(shared);
        self.record.extend_from_slice(own);
        self.at = block.len() - rest.len() + length;
        Some(true)
    }
}

/// LEB128: seven bits a byte, the lowest first.
fn put_number(mut number: usize, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    out.push(number.to_le_bytes()[0]);
}

fn take_number(bytes: &mut &[u8]) -> Option<usize> {
    let mut number = 0;
    for shift in (0..32).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn id((number, path): (u32, u32)) -> PlaceId {
        let place = PlaceId { number, path };
        if place.is_nested() { place } else { PlaceId { number, path: 0 } }
    }

    proptest! {
        #[test]
        fn records_survive_packing(
            mut postings in proptest::collection::vec((any::<[u8; 16]>(), any::<(u32, u32)>().prop_map(id), any::<Vec<u8>>()), 0..50)
        ) {
            postings.sort();
            let mut packer = Packer::default();
            let mut record = Vec::new();
            for (hash, place, key) in &postings {
                record.clear();
                encode(hash, *place, key, &mut record);
                packer.push(&record);
            }
            let mut unpacker = Unpacker::default();
            for (hash, place, key) in &postings {
                prop_assert_eq!(unpacker.advance(&packer.bytes), Some(true));
                prop_assert_eq!(decode(&unpacker.record), Some((*hash, *place, &key[..])));
            }
            prop_assert_eq!(unpacker.advance(&packer.bytes), Some(false));
        }

        #[test]
        fn any_bytes_unpack_without_a_panic(block in any::<Vec<u8>>()) {
            let mut unpacker = Unpacker::default();
            while unpacker.advance(&block) == Some(true) {}
        }
    }
}
