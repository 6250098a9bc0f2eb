//! Batches: rows on their way from a reader to a worker, in buffers that are used again.

use crossbeam_channel::{Receiver, Sender};

use crate::cells::Cells;
use crate::value::RowKey;

/// Rows of one partition: per wanted column the cells' texts, and the row keys.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// Index of the table in the catalog.
    pub table: usize,
    /// One buffer per wanted column, in the request's order; in a piece only the one column's buffer is filled.
    pub columns: Vec<Cells>,
    /// Rows in the batch.
    pub rows: usize,
    /// Set when this is a piece of one long cell instead of rows.
    pub piece: Option<Piece>,
    keys: Vec<u8>,
    key_ends: Vec<usize>,
}

/// A piece of a cell that is too long for a batch. In the batch of its row such a cell is empty; all its text comes
/// in pieces. Pieces overlap, so that no hit is cut and each has text around it; a hit belongs to the piece that owns
/// its first byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Index in the request's columns.
    pub column: usize,
    /// Whether this is the cell's first piece.
    pub first: bool,
    /// First bytes of hits that this piece owns, as offsets in its text.
    pub owned: std::ops::Range<usize>,
}

impl Batch {
    /// Ends a row: the cells have been pushed, this is its key (encoded form; empty where the table has none).
    pub fn end_row(&mut self, write_key: impl FnOnce(&mut Vec<u8>)) {
        write_key(&mut self.keys);
        self.key_ends.push(self.keys.len());
        self.rows += 1;
    }

    /// The encoded key of a row, empty where the table has none.
    pub fn key(&self, row: usize) -> &[u8] {
        let start = if row == 0 { 0 } else { self.key_ends[row - 1] };
        &self.keys[start..self.key_ends[row]]
    }

    /// The decoded key of a row.
    pub fn row_key(&self, row: usize) -> Option<RowKey> {
        let bytes = self.key(row);
        if bytes.is_empty() { None } else { RowKey::decode(bytes) }
    }

    /// Bytes of text in it.
    pub fn size(&self) -> usize {
        self.columns.iter().map(Cells::size).sum::<usize>() + self.keys.len()
    }

    /// Memory held.
    pub fn capacity(&self) -> usize {
        self.columns.iter().map(Cells::capacity).sum::<usize>() + self.keys.capacity()
    }

    fn reset(&mut self, table: usize, columns: usize) {
        self.table = table;
        self.columns.resize_with(columns, Cells::default);
        self.columns.iter_mut().for_each(Cells::clear);
        self.rows = 0;
        self.piece = None;
        self.keys.clear();
        self.key_ends.clear();
    }
}

/// A fixed number of batches that go round: reader -> queue -> worker -> back. A reader that finds none free waits,
/// which is what bounds the memory.
pub struct BatchPool {
    free: Receiver<Batch>,
    back: Sender<Batch>,
    bytes: usize,
}

/// A batch that grew beyond so many times its size gives its memory back instead of keeping it.
const KEEP: usize = 2;

impl BatchPool {
    /// A pool of `batches`, each to be handed over when it holds `bytes` of text.
    pub fn new(batches: usize, bytes: usize) -> Self {
        let (back, free) = crossbeam_channel::bounded(batches);
        for _ in 0..batches {
            back.send(Batch::default()).expect("the receiver is here");
        }
        Self { free, back, bytes }
    }

    /// Whether a batch has reached its size.
    pub fn is_full(&self, batch: &Batch) -> bool {
        batch.size() >= self.bytes
    }

    /// An empty batch; waits until one is free.
    pub fn take(&self, table: usize, columns: usize) -> Batch {
        let mut batch = self.free.recv().expect("the pool holds the sender itself");
        batch.reset(table, columns);
        batch
    }

    /// Gives a batch back.
    pub fn give(&self, mut batch: Batch) {
        if batch.capacity() > KEEP * self.bytes {
            batch = Batch::default();
        }
        self.back.try_send(batch).ok();
    }
}
