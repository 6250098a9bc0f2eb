//! Writing a map: postings gathered in memory, sorted, spilled in runs where memory ends, merged into the file.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::layout::{Footer, IndexEntry, MapKeys, START_SIZE, encode_index, start};
use super::record::{self, Packer};
use super::run::{Run, RunWriter, merge};
use super::seal::Section;
use super::{Head, PlaceId};
use crate::output::PrivateFile;
use crate::secret::{Hash, Key, random};
use crate::{Error, Result};

/// Plain bytes in a block: what a lookup must read and decrypt, against the index's size.
const BLOCK: usize = 64 * 1024;

/// Runs that are merged into one before more are kept open.
const MAX_RUNS: usize = 128;

/// Gathers postings in any order, within a memory budget, and writes a map.
pub struct PostingsBuilder {
    folder: PathBuf,
    memory: usize,
    records: Vec<u8>,
    order: Vec<Slot>,
    /// Runs by how often their records were merged, so that each is rewritten a few times only, however many come.
    levels: Vec<Vec<Run>>,
}

/// A record in memory. Its first bytes stand here, so that sorting seldom looks at the record itself.
struct Slot {
    first: u64,
    start: u32,
    length: u32,
}

impl Slot {
    fn of<'a>(&self, records: &'a [u8]) -> &'a [u8] {
        &records[self.start as usize..][..self.length as usize]
    }
}

/// What was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// Bytes of the map.
    pub bytes: u64,
    /// Different postings in it.
    pub postings: u64,
}

impl PostingsBuilder {
    /// Starts with about `memory` bytes to use; what does not fit goes to nameless, encrypted files in `folder`.
    pub fn new(folder: &Path, memory: usize) -> Result<Self> {
        if !folder.is_dir() && !folder.as_os_str().is_empty() {
            return Err(Error::output(format!("temporary files in {}", folder.display()), "no such folder"));
        }
        let folder = if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder.to_owned() };
        Ok(Self { folder, memory, records: Vec::new(), order: Vec::new(), levels: Vec::new() })
    }

    /// Adds a posting: an identifier's hash, its place in [`Head::places`], and the encoded row key,
    /// empty where the table has none.
    pub fn push(&mut self, hash: Hash, place: PlaceId, key: &[u8]) -> Result<()> {
        let too_long = |_| Error::output("a posting", "its row key is longer than 4 GiB");
        let used = self.records.len() + self.order.len() * size_of::<Slot>();
        let addressable = u32::try_from(self.records.len() + record::FIXED + key.len()).is_ok();
        if !self.order.is_empty() && (used >= self.memory || !addressable) {
            self.spill()?;
        }
        let start = u32::try_from(self.records.len()).map_err(too_long)?;
        let first = u64::from_be_bytes(std::array::from_fn(|i| hash[i]));
        record::encode(&hash, place, key, &mut self.records);
        let length = u32::try_from(self.records.len() - start as usize).map_err(too_long)?;
        self.order.push(Slot { first, start, length });
        Ok(())
    }

    /// Writes the map with this head, whose count of postings is filled in. Postings that were pushed more than once
    /// stand there once.
    pub fn finish(mut self, path: &Path, key: &Key, head: &Head) -> Result<Written> {
        let mut map = MapWriter::create(path, key)?;
        if self.levels.is_empty() {
            self.sort();
            self.order.iter().try_for_each(|slot| map.push(slot.of(&self.records)))?;
        } else {
            self.spill()?;
            let Self { records, order, levels, .. } = self;
            drop((records, order));
            merge(levels.into_iter().flatten().collect(), |record| map.push(record))?;
        }
        map.finish(key, head)
    }

    fn sort(&mut self) {
        let records = &self.records;
        let by_record = |slot: &Slot, other: &Slot| {
            slot.first.cmp(&other.first).then_with(|| slot.of(records).cmp(other.of(records)))
        };
        self.order.sort_unstable_by(by_record);
    }

    /// Moves the records in memory to a run.
    fn spill(&mut self) -> Result<()> {
        self.sort();
        let mut run = RunWriter::new(&self.folder)?;
        self.order.iter().try_for_each(|slot| run.push(slot.of(&self.records)))?;
        self.records.clear();
        self.order.clear();
        self.keep(run.finish()?)
    }

    /// Keeps a run; when a level is full its runs become one of the next.
    fn keep(&mut self, mut run: Run) -> Result<()> {
        for level in 0.. {
            if self.levels.len() == level {
                self.levels.push(Vec::new());
            }
            self.levels[level].push(run);
            if self.levels[level].len() < MAX_RUNS {
                break;
            }
            let mut merged = RunWriter::new(&self.folder)?;
            merge(std::mem::take(&mut self.levels[level]), |record| merged.push(record))?;
            run = merged.finish()?;
        }
        Ok(())
    }
}

impl std::fmt::Debug for PostingsBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<{} postings in memory>", self.order.len())
    }
}

/// A map being written from ascending records.
struct MapWriter {
    file: PrivateFile,
    map_id: [u8; 16],
    keys: MapKeys,
    packer: Packer,
    index: Vec<IndexEntry>,
    offset: u64,
    last: Vec<u8>,
    postings: u64,
}

impl MapWriter {
    fn create(path: &Path, key: &Key) -> Result<Self> {
        let map_id = random()?;
        let mut map = Self {
            file: PrivateFile::create(path)?,
            map_id,
            keys: MapKeys::new(key, map_id),
            packer: Packer::default(),
            index: Vec::new(),
            offset: START_SIZE,
            last: Vec::new(),
            postings: 0,
        };
        map.write(&start())?;
        Ok(map)
    }

    /// Appends a record, unless it is the one before once more.
    fn push(&mut self, record: &[u8]) -> Result<()> {
        if self.last == record {
            return Ok(());
        }
        self.last.clear();
        self.last.extend_from_slice(record);
        self.packer.push(record);
        self.postings += 1;
        if self.packer.bytes.len() >= BLOCK { self.close_block() } else { Ok(()) }
    }

    fn close_block(&mut self) -> Result<()> {
        let mut block = std::mem::take(&mut self.packer.bytes);
        self.keys.seal.close(Section::Block, self.index.len() as u64, &mut block);
        let length = u32::try_from(block.len()).map_err(|_| Error::output("a posting", "its row key is too long"))?;
        self.index.push(IndexEntry { first: self.packer.first(), offset: self.offset, length });
        self.offset += u64::from(length);
        self.write(&block)?;
        block.clear();
        self.packer.bytes = block;
        Ok(())
    }

    /// Writes index, head and footer and puts the file in place.
    fn finish(mut self, key: &Key, head: &Head) -> Result<Written> {
        if !self.packer.bytes.is_empty() {
            self.close_block()?;
        }
        let mut index = encode_index(&self.index);
        self.keys.seal.close(Section::Index, 0, &mut index);
        let mut head = head.clone();
        head.read.postings = self.postings;
        let head = serde_json::to_vec(&head).expect("a head is plain data");
        let blocks = self.offset - START_SIZE;
        let footer = Footer::new(blocks, index.len() as u64, &head, self.map_id, key, &self.keys);
        self.write(&index)?;
        self.write(&head)?;
        self.write(&footer.encode())?;
        self.file.commit()?;
        let bytes = self.offset + index.len() as u64 + head.len() as u64 + Footer::SIZE as u64;
        Ok(Written { bytes, postings: self.postings })
    }

    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.file.write_all(bytes).map_err(|error| self.file.failed(&error))
    }
}
