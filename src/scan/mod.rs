//! The scan: database -> batches -> hits -> evidence and postings -> verdicts -> map.
//!
//! This is where the text half and the database half meet.

mod choose;
pub mod classify;
mod codes;
pub mod evidence;
mod memory;
mod pipeline;
mod places;
pub mod selection;
mod worker;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use crate::Result;
use crate::catalog::{Catalog, TableName};
use crate::db::{Cancel, Consistency, Database, Purpose, Source};
use crate::detect::Detector;
use crate::finding::Unreadable;
use crate::map::{Head, NotText, PlaceId, PostingsBuilder, ReadInfo, SourceInfo, Written};
use crate::secret::{BlindIndex, Key};
use choose::{Work, choose, leave_out};
use evidence::ColumnEvidence;
use memory::Budget;

/// What to scan and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// Reader and worker threads, each, at most.
    pub jobs: usize,
    /// Memory to stay under, in bytes: of the whole process.
    pub memory: usize,
    /// Globs of tables to read; empty means all.
    pub tables: Vec<String>,
    /// Globs of tables to leave out.
    pub exclude: Vec<String>,
    /// Read only about so many rows of each table.
    pub sample: Option<u64>,
    /// Keep a few values per finding. They are personal data.
    pub samples: bool,
    /// Read views too.
    pub views: bool,
    /// One reader only where several would see states of different moments.
    pub strict_snapshot: bool,
    /// Megabytes of text per second to stay under.
    pub max_rate: Option<u64>,
}

/// How far a scan has come; read by whoever shows it.
#[derive(Debug, Default)]
pub struct Progress {
    /// Rows expected in all.
    pub expected: AtomicU64,
    /// Rows done.
    pub rows: AtomicU64,
    /// Bytes of text done.
    pub bytes: AtomicU64,
    table: Mutex<String>,
}

impl Progress {
    /// The table that is being read.
    pub fn table(&self) -> String {
        self.table.lock().map(|name| name.clone()).unwrap_or_default()
    }

    fn set_table(&self, name: &TableName) {
        if let Ok(mut table) = self.table.lock() {
            *table = name.to_string();
        }
    }

    fn add(&self, rows: u64, bytes: u64) {
        self.rows.fetch_add(rows, Ordering::Relaxed);
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }
}

/// A finished scan: the map's clear part, and what was written.
#[derive(Debug)]
pub struct Scan {
    /// Findings and all else that the map says in the clear.
    pub head: Head,
    /// The map file.
    pub written: Written,
}

/// Everything the pipeline brought back.
#[derive(Default)]
struct Seen {
    /// By table and column.
    columns: BTreeMap<(usize, usize), ColumnEvidence>,
    unreadable: Vec<Unreadable>,
    /// Places that have postings.
    places: BTreeSet<PlaceId>,
    rows: u64,
    skew_s: f64,
    /// Paths told apart in one column; `None` until there were too many.
    most_paths: Option<usize>,
}

impl Seen {
    /// Keeps the paths of all columns together below `most`. How many each column may have depends only on how many
    /// all have, so that the same stay in whatever order they came.
    fn keep_paths(&mut self, most: usize) {
        let nested = || self.columns.values().map(|column| column.nested.len());
        let mut each = self.most_paths.unwrap_or(evidence::PATHS);
        while each > 2 && nested().map(|paths| paths.min(each)).sum::<usize>() > most {
            each /= 2;
        }
        if each < evidence::PATHS {
            self.most_paths = Some(each);
            self.columns.values_mut().for_each(|column| column.nested.keep(each));
        }
    }
}

/// Scans a database and writes the map to `path`.
///
/// # Errors
/// The source can't be read at all, the map can't be written, or the scan was interrupted. Tables that can't be read
/// are no error: they are listed in the head.
pub fn scan(
    source: &Source,
    detector: &Detector,
    key: &Key,
    options: &Options,
    path: &Path,
    progress: &Progress,
    cancel: &Cancel,
) -> Result<Scan> {
    let created = jiff::Timestamp::now();
    let mut database = Database::open(source, Purpose::Read, cancel)?;
    let consistency = database.consistency();
    let snapshot = match consistency {
        Consistency::OneSnapshot => database.begin_read(None)?,
        Consistency::Watched | Consistency::PerReader => None,
    };
    let begun = pipeline::Begun { at: Instant::now(), version: database.data_version()? };
    let catalog = database.inspect()?;
    let mut work = choose(&catalog, options)?;
    let refused = leave_out(&catalog, &mut work, database.unreadable(&catalog)?);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let budget = Budget::new(options.memory, options.jobs);
    let mut postings = PostingsBuilder::new(folder, budget.postings)?;

    tracing::info!(tables = catalog.tables.len(), read = work.len(), "catalog read");
    if budget.jobs < options.jobs {
        tracing::warn!(jobs = budget.jobs, "fewer jobs than asked for: --memory is too small for them");
    }
    let snapshot = snapshot.as_ref();
    let one_reader = options.strict_snapshot && consistency == Consistency::PerReader;
    let readers = if one_reader { 1 } else { budget.jobs };
    let run = pipeline::Run {
        source,
        catalog: &catalog,
        detector,
        key,
        options,
        budget,
        readers,
        snapshot,
        begun,
        progress,
        cancel,
    };
    let mut seen = run.run(&mut database, &work, &mut postings)?;

    seen.unreadable.extend(refused);
    seen.unreadable.sort_by(|a, b| (&a.table, &a.column).cmp(&(&b.table, &b.column)));

    let mut head = Head {
        sanera: env!("CARGO_PKG_VERSION").to_owned(),
        created: created.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        source: SourceInfo {
            engine: source.engine().to_owned(),
            name: source.display(),
            fingerprint: catalog.fingerprint(),
        },
        rules: detector.rules().digest.clone(),
        read: read_info(source, options, work.len(), &seen),
        not_text: not_text(&catalog, &seen.columns),
        places: places::places(&work, &seen, &BlindIndex::new(key)),
        findings: classify::classify(detector, &catalog, seen.columns),
        unreadable: seen.unreadable,
        catalog,
    };
    tracing::info!(rows = head.read.rows, findings = head.findings.len(), "columns judged");
    let written = postings.finish(path, key, &head)?;
    tracing::info!(postings = written.postings, bytes = written.bytes, "map written");
    head.read.postings = written.postings;
    Ok(Scan { head, written })
}

fn read_info(source: &Source, options: &Options, tables: usize, seen: &Seen) -> ReadInfo {
    ReadInfo {
        tables: tables as u64,
        rows: seen.rows,
        bytes: seen.columns.values().map(|column| column.bytes).sum(),
        recoded: seen.columns.values().map(|column| column.recoded).sum(),
        postings: 0,
        skew_s: seen.skew_s,
        sample: options.sample,
        tables_only: options.tables.clone(),
        excluded: options.exclude.clone(),
        weaker_tls: source.weaker_tls().map(str::to_owned),
    }
}

fn not_text(catalog: &Catalog, columns: &BTreeMap<(usize, usize), ColumnEvidence>) -> Vec<NotText> {
    let binary = columns.iter().filter(|(_, evidence)| evidence.binary > 0);
    binary
        .map(|((table, column), evidence)| {
            let table = &catalog.tables[*table];
            NotText { table: table.name.clone(), column: table.columns[*column].name.clone(), cells: evidence.binary }
        })
        .collect()
}
