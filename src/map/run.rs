//! Sorted runs of records in temporary files, and their merge. A run's file has no name and is encrypted under a key
//! that only this process has: row keys may be personal data.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::fs::File;
use std::io::{BufWriter, Read, Seek, Write};
use std::path::Path;

use super::record::{Packer, Unpacker};
use super::seal::{Seal, Section};
use crate::output::system;
use crate::secret::SubKey;
use crate::{Error, Result};

/// Plain bytes in a run's block: small, since a merge holds one of each run.
const BLOCK: usize = 16 * 1024;

/// A run being written.
pub(super) struct RunWriter {
    file: BufWriter<File>,
    seal: Seal,
    packer: Packer,
    blocks: u64,
}

impl RunWriter {
    /// Starts a run in a file without a name in `folder`.
    pub(super) fn new(folder: &Path) -> Result<Self> {
        // Mode 0600, and either never linked (O_TMPFILE) or unlinked at once.
        let file = tempfile::tempfile_in(folder)
            .map_err(|error| Error::output(format!("a temporary file in {}", folder.display()), system(&error)))?;
        let seal = Seal::new(&SubKey::ephemeral()?, [0; 16]);
        Ok(Self { file: BufWriter::with_capacity(4 * BLOCK, file), seal, packer: Packer::default(), blocks: 0 })
    }

    /// Appends a record, not smaller than the one before.
    pub(super) fn push(&mut self, record: &[u8]) -> Result<()> {
        self.packer.push(record);
        if self.packer.bytes.len() >= BLOCK { self.close_block() } else { Ok(()) }
    }

    /// Ends the run, ready to be read from its start.
    pub(super) fn finish(mut self) -> Result<Run> {
        if !self.packer.bytes.is_empty() {
            self.close_block()?;
        }
        let mut file = self.file.into_inner().map_err(|error| failed(&error.into_error()))?;
        file.rewind().map_err(|error| failed(&error))?;
        let (seal, blocks) = (self.seal, self.blocks);
        Ok(Run { file, seal, block: Vec::new(), number: 0, blocks, unpacker: Unpacker::default() })
    }

    fn close_block(&mut self) -> Result<()> {
        let block = &mut self.packer.bytes;
        self.seal.close(Section::Run, self.blocks, block);
        let length =
            u32::try_from(block.len()).map_err(|_| Error::output("a temporary file", "a row key over 4 GiB"))?;
        let write = self.file.write_all(&length.to_le_bytes()).and_then(|()| self.file.write_all(block));
        write.map_err(|error| failed(&error))?;
        block.clear();
        self.blocks += 1;
        Ok(())
    }
}

/// A run being read.
pub(super) struct Run {
    file: File,
    seal: Seal,
    block: Vec<u8>,
    number: u64,
    blocks: u64,
    unpacker: Unpacker,
}

impl Run {
    /// Reads the next record, which then stands in [`Run::record`]; false at the end.
    fn advance(&mut self) -> Result<bool> {
        loop {
            if self.unpacker.advance(&self.block).ok_or_else(damaged)? {
                return Ok(true);
            }
            if self.number == self.blocks {
                return Ok(false);
            }
            self.read_block()?;
        }
    }

    fn read_block(&mut self) -> Result<()> {
        let mut length = [0; 4];
        self.file.read_exact(&mut length).map_err(|error| failed(&error))?;
        let length = usize::try_from(u32::from_le_bytes(length)).map_err(|_| damaged())?;
        self.block.resize(length, 0);
        self.file.read_exact(&mut self.block).map_err(|error| failed(&error))?;
        self.seal.open(Section::Run, self.number, &mut self.block).ok_or_else(damaged)?;
        self.number += 1;
        self.unpacker.rewind();
        Ok(())
    }

    fn record(&self) -> &[u8] {
        &self.unpacker.record
    }
}

// A heap's largest run is the one with the smallest record.
impl Ord for Run {
    fn cmp(&self, other: &Self) -> Ordering {
        other.record().cmp(self.record())
    }
}

impl PartialOrd for Run {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Run {
    fn eq(&self, other: &Self) -> bool {
        self.record() == other.record()
    }
}

impl Eq for Run {}

/// Hands the records of all runs to `sink` in one ascending order.
pub(super) fn merge(runs: Vec<Run>, mut sink: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
    // Boxed, since a heap moves its elements about.
    let mut heap = BinaryHeap::with_capacity(runs.len());
    for mut run in runs {
        if run.advance()? {
            heap.push(Box::new(run));
        }
    }
    while let Some(mut smallest) = heap.peek_mut() {
        sink(smallest.record())?;
        if !smallest.advance()? {
            PeekMut::pop(smallest);
        }
    }
    Ok(())
}

fn failed(error: &std::io::Error) -> Error {
    Error::output("a temporary file", system(error))
}

fn damaged() -> Error {
    Error::output("a temporary file", "what was written does not read back the same; is the disk faulty?")
}
