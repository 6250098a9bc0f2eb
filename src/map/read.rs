//! Reading a map: the head by anybody who may read the file, the postings with the key.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use super::layout::{FORMAT, Footer, IndexEntry, MapKeys, START, START_SIZE, decode_index, start};
use super::record::{self, Unpacker};
use super::seal::{Seal, Section};
use super::{Head, PlaceId};
use crate::secret::{Hash, Key, hex};
use crate::{Error, Result};

/// A map whose head was read and found whole.
pub struct Map {
    source: Source,
    footer: Footer,
    head: Head,
}

impl Map {
    /// Opens a map and reads its head.
    pub fn open(path: &Path) -> Result<Self> {
        let file = File::open(path).map_err(|error| Error::unreadable(path, &error, "make one with: sanera scan"))?;
        let source = Source { path: path.to_owned(), file };
        let size = source.file.metadata().map_err(|error| source.error(error))?.len();
        source.check_start(size)?;
        let footer_at = size.checked_sub(Footer::SIZE as u64).ok_or_else(|| source.torn())?;
        let mut footer = [0; Footer::SIZE];
        source.read(footer_at, &mut footer)?;
        let footer = Footer::decode(&footer).ok_or_else(|| source.torn())?;
        if footer.file_size() != Some(size) {
            return Err(source.torn());
        }
        let json = source.piece(START_SIZE + footer.blocks + footer.index, footer.head)?;
        if !footer.fits(&json) {
            return Err(source.error("its head was damaged or edited; restore the file or scan again"));
        }
        let head = serde_json::from_slice(&json)
            .map_err(|error| source.error(format!("its head is not understood: {error}; scan again")))?;
        Ok(Self { source, footer, head })
    }

    /// What stands in the clear.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// The [`Key::id`] of the key it was written with.
    pub fn key_id(&self) -> String {
        hex(&self.footer.key_id)
    }

    /// The map's own random id.
    pub fn id(&self) -> String {
        hex(&self.footer.map_id)
    }

    /// Opens the postings and proves that head and index are as they were written.
    pub fn unlock(&self, key: &Key) -> Result<Postings> {
        if key.id_bytes() != self.footer.key_id {
            return Err(Error::Key(format!(
                "{}: the map was written with key {}, the key given is {}; give the right one with --key-file or \
                 SANERA_KEY_FILE, or scan again",
                self.source.path.display(),
                self.key_id(),
                key.id()
            )));
        }
        let keys = MapKeys::new(key, self.footer.map_id);
        if !self.footer.is_authentic(&keys) {
            return Err(self
                .source
                .error("it was changed by somebody without the key; restore the file or scan again"));
        }
        let mut index = self.source.piece(START_SIZE + self.footer.blocks, self.footer.index)?;
        let index =
            keys.seal.open(Section::Index, 0, &mut index).and_then(|()| decode_index(&index, self.footer.blocks));
        let index = index.ok_or_else(|| self.source.error("its index is damaged; restore the file or scan again"))?;
        let file = self.source.file.try_clone().map_err(|error| self.source.error(error))?;
        let source = Source { path: self.source.path.clone(), file };
        Ok(Postings { source, seal: keys.seal, index, block: Vec::new(), loaded: None })
    }
}

impl std::fmt::Debug for Map {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<map {}>", self.id())
    }
}

/// An open file and its name for errors.
struct Source {
    path: PathBuf,
    file: File,
}

impl Source {
    /// Checks magic and format. A file too short for them is torn if it begins as a map does.
    fn check_start(&self, size: u64) -> Result<()> {
        let mut found = start();
        let there = usize::try_from(size).unwrap_or(usize::MAX).min(found.len());
        self.read(0, &mut found[..there])?;
        let (magic, format) = found.split_at(START.len());
        if there == 0 || magic != START {
            return Err(self.error("not a sanera map; name a file that sanera scan wrote"));
        }
        if there < found.len() {
            return Err(self.torn());
        }
        match u32::from_le_bytes([format[0], format[1], format[2], format[3]]) {
            FORMAT => Ok(()),
            newer if newer > FORMAT => Err(self.error(format!(
                "written by a newer sanera (map format {newer}, this one reads {FORMAT}); use that version or scan again"
            ))),
            0 => Err(self.error("not a sanera map: there is no map format 0")),
            older => Err(self.error(format!("written by an older sanera (map format {older}); scan again"))),
        }
    }

    /// Reads a piece of a length that was checked against the file's.
    fn piece(&self, offset: u64, length: u64) -> Result<Vec<u8>> {
        let length = usize::try_from(length).map_err(|_| self.torn())?;
        let mut piece = vec![0; length];
        self.read(offset, &mut piece)?;
        Ok(piece)
    }

    fn read(&self, offset: u64, into: &mut [u8]) -> Result<()> {
        self.file.read_exact_at(into, offset).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => self.torn(),
            _ => self.error(error),
        })
    }

    fn torn(&self) -> Error {
        self.error("the map is torn: its end is missing (a copy that was interrupted?); copy it anew or scan again")
    }

    fn error(&self, reason: impl std::fmt::Display) -> Error {
        Error::file(&self.path, reason)
    }
}

/// An unlocked map's postings.
pub struct Postings {
    source: Source,
    seal: Seal,
    index: Vec<IndexEntry>,
    block: Vec<u8>,
    /// Which block stands in `block`.
    loaded: Option<usize>,
}

impl Postings {
    /// Places and encoded row keys of an identifier, ascending.
    pub fn lookup(&mut self, hash: Hash) -> Result<Vec<(PlaceId, Vec<u8>)>> {
        let mut found = Vec::new();
        // The first block that begins with the hash or beyond; the one before may hold it too.
        let beyond = self.index.partition_point(|entry| entry.first < hash);
        for number in beyond.saturating_sub(1)..self.index.len() {
            if self.index[number].first > hash {
                break;
            }
            self.load(number)?;
            let mut unpacker = Unpacker::default();
            while unpacker.advance(&self.block).ok_or_else(|| self.damaged(number))? {
                let (at, place, key) = record::decode(&unpacker.record).ok_or_else(|| self.damaged(number))?;
                if at == hash {
                    found.push((place, key.to_vec()));
                } else if at > hash {
                    return Ok(found);
                }
            }
        }
        Ok(found)
    }

    /// All postings in the order of their hashes: hash, place, encoded row key.
    pub fn iter(&mut self) -> Iter<'_> {
        Iter { postings: self, number: 0, unpacker: Unpacker::default(), failed: false }
    }

    fn load(&mut self, number: usize) -> Result<()> {
        if self.loaded == Some(number) {
            return Ok(());
        }
        self.loaded = None;
        let entry = &self.index[number];
        self.block.resize(entry.length as usize, 0);
        self.source.read(entry.offset, &mut self.block)?;
        self.seal.open(Section::Block, number as u64, &mut self.block).ok_or_else(|| self.damaged(number))?;
        self.loaded = Some(number);
        Ok(())
    }

    fn damaged(&self, number: usize) -> Error {
        self.source.error(format!(
            "block {} of {} is damaged or of another map; restore the file or scan again",
            number + 1,
            self.index.len()
        ))
    }
}

impl std::fmt::Debug for Postings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<postings in {} blocks>", self.index.len())
    }
}

/// Goes through all postings; ends after an error.
pub struct Iter<'a> {
    postings: &'a mut Postings,
    /// The block being read.
    number: usize,
    unpacker: Unpacker,
    failed: bool,
}

impl Iter<'_> {
    fn advance(&mut self) -> Result<Option<(Hash, PlaceId, Vec<u8>)>> {
        while self.number < self.postings.index.len() {
            self.postings.load(self.number)?;
            let damaged = || self.postings.damaged(self.number);
            if self.unpacker.advance(&self.postings.block).ok_or_else(damaged)? {
                let (hash, place, key) = record::decode(&self.unpacker.record).ok_or_else(damaged)?;
                return Ok(Some((hash, place, key.to_vec())));
            }
            self.number += 1;
            self.unpacker.rewind();
        }
        Ok(None)
    }
}

impl Iterator for Iter<'_> {
    type Item = Result<(Hash, PlaceId, Vec<u8>)>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let next = self.advance().transpose();
        self.failed = matches!(next, Some(Err(_)));
        next
    }
}

impl std::fmt::Debug for Iter<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<postings from block {}>", self.number + 1)
    }
}
