//! Cells that are too long for a batch: cut into overlapping pieces, the same for every engine.

use std::borrow::Cow;
use std::ops::ControlFlow;

use super::batch::{BatchPool, Piece};
use super::{Batch, Request};
use crate::cells::{blob_text, utf16};

/// Cells longer than this are read in pieces of this size.
pub(super) const LONG_CELL: usize = 1024 * 1024;

/// Bytes of a long cell that stand both at the end of one piece and at the start of the next: the longest hit and what
/// stands before it.
const OVERLAP: usize = 2048;

/// Bytes at the start of a piece that are only there as the text before its hits.
const MARGIN: usize = 256;

/// Byte order of text that is stored as UTF-16.
#[derive(Clone, Copy)]
pub(super) enum Utf16 {
    Little,
    Big,
}

/// A cell over [`LONG_CELL`].
#[derive(Clone, Copy)]
pub(super) struct LongCell<'a> {
    /// Its position in the request's columns.
    pub(super) column: usize,
    /// Bytes as stored.
    pub(super) length: usize,
    /// Its row's key, encoded.
    pub(super) key: &'a [u8],
    /// How it is stored, where the database says UTF-16.
    pub(super) utf16: Option<Utf16>,
}

impl LongCell<'_> {
    /// Cuts the cell and hands the pieces over. `read` gets the bytes from one offset to another.
    pub(super) fn cut<E>(
        &self,
        request: &Request<'_>,
        pool: &BatchPool,
        read: &mut dyn FnMut(usize, usize) -> Result<Vec<u8>, E>,
        sink: &mut dyn FnMut(Batch) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, E> {
        let (mut start, mut cell) = (0, *self);
        loop {
            let last = start + LONG_CELL >= self.length;
            let mut bytes = read(start, (start + LONG_CELL).min(self.length))?;
            let first = start == 0;
            // Bytes may be text in UTF-16 too: the beginning tells for all pieces.
            if first && cell.utf16.is_none() && self.length.is_multiple_of(2) {
                cell.utf16 = utf16(&bytes).map(|(_, little)| if little { Utf16::Little } else { Utf16::Big });
            }
            // A picture or archive is told by its beginning, and its rest is not read.
            let binary = first && cell.utf16.is_none() && blob_text(&bytes).is_none();
            // The cell may have become shorter since its length was read.
            let last = last || bytes.len() <= OVERLAP;
            if !last {
                bytes.truncate(cell.character_start(&bytes, bytes.len() - 1));
            }
            let overlap = if last { 0 } else { bytes.len() - cell.character_start(&bytes, bytes.len() - OVERLAP) };
            let mut batch = pool.take(request.partition.table, request.columns.len());
            let text = &mut batch.columns[self.column];
            if binary {
                text.push_blob(&bytes);
            } else {
                text.push_text(cell.utf8(&bytes).as_ref());
            }
            // Hits in the last bytes belong to the next piece, which sees what follows them.
            let kept_back = if last { 0 } else { cell.utf8(&bytes[bytes.len() - overlap..]).len() - MARGIN };
            let end = text.get(0).len().saturating_sub(kept_back);
            let owned = if first { 0 } else { MARGIN }..if last { usize::MAX } else { end };
            batch.piece = Some(Piece { column: self.column, first, owned });
            batch.end_row(|key| key.extend_from_slice(self.key));
            if sink(batch).is_break() {
                return Ok(ControlFlow::Break(()));
            }
            if last || binary {
                return Ok(ControlFlow::Continue(()));
            }
            start += bytes.len() - overlap;
        }
    }

    /// The greatest position up to `at` where a character begins.
    fn character_start(&self, bytes: &[u8], at: usize) -> usize {
        if self.utf16.is_some() {
            return at & !1;
        }
        // A UTF-8 character has at most three continuation bytes; other encodings have none to skip.
        (at.saturating_sub(3)..=at).rev().find(|at| bytes.get(*at).is_none_or(|byte| byte & 0xc0 != 0x80)).unwrap_or(at)
    }

    /// The bytes of a stored text as UTF-8, where it is stored as UTF-16.
    fn utf8<'b>(&self, bytes: &'b [u8]) -> Cow<'b, [u8]> {
        let Some(order) = self.utf16 else { return Cow::Borrowed(bytes) };
        let units = bytes.chunks_exact(2).map(|pair| match order {
            Utf16::Little => u16::from_le_bytes([pair[0], pair[1]]),
            Utf16::Big => u16::from_be_bytes([pair[0], pair[1]]),
        });
        let text: String = char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
        Cow::Owned(text.into_bytes())
    }
}
