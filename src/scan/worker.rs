//! What one worker does with one batch: detect, count, and turn identifiers into postings.

use std::collections::{BTreeMap, HashMap};

use crate::cells::Cells;
use crate::db::Batch;
use crate::detect::{Detector, Hit, Hits, Selection, names};
use crate::finding::Category;
use crate::map::PlaceId;
use crate::nested::{Leaves, OTHER_PATHS};
use crate::secret::{BlindIndex, Domain, Hash};
use crate::validate::MASKED;

use super::codes::{self, Code};
use super::evidence::{ColumnEvidence, LongCell, add_shape, fingerprint, shape};
use super::selection;

/// What a batch came to.
pub(super) struct Outcome {
    /// Index of the table's work.
    pub(super) work: usize,
    /// By position of the column in the work.
    pub(super) columns: Vec<ColumnEvidence>,
    pub(super) postings: Postings,
    pub(super) rows: u64,
    pub(super) bytes: u64,
}

/// Postings of one batch, row keys in one buffer.
#[derive(Default)]
pub(super) struct Postings {
    list: Vec<(Hash, PlaceId, u32, u32)>,
    keys: Vec<u8>,
}

impl Postings {
    fn push(&mut self, hash: Hash, place: PlaceId, key: &[u8]) {
        let start = u32::try_from(self.keys.len()).expect("a batch's keys are far below 4 GiB");
        self.keys.extend_from_slice(key);
        let end = u32::try_from(self.keys.len()).expect("a batch's keys are far below 4 GiB");
        self.list.push((hash, place, start, end));
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (Hash, PlaceId, &[u8])> {
        self.list.iter().map(|(hash, place, start, end)| (*hash, *place, &self.keys[*start as usize..*end as usize]))
    }
}

/// How one column is looked at.
pub(super) struct ColumnPlan {
    pub(super) selection: Selection,
    /// The declared type: it tells arrays from text.
    pub(super) declared: String,
    /// The names of table and column, which stand around the keys of structured cells.
    pub(super) around: [String; 2],
    /// The category of names that the column's own name promises: then every cell is a name for the search, whether
    /// a list knows it or not.
    pub(super) named: Option<Category>,
    /// Number of its first place.
    pub(super) first_place: u32,
}

/// A worker's own things; nothing here is shared.
pub(super) struct Worker<'a> {
    pub(super) detector: &'a Detector,
    pub(super) index: &'a BlindIndex,
    pub(super) samples: bool,
    hits: Hits,
    name: String,
    leaves: Leaves,
    /// How the values of a path are looked at, by the column's first place and the path.
    selections: HashMap<(u32, String), Selection>,
}

/// Names longer than this are prose in a name column.
const LONGEST_NAME: usize = 80;

/// Paths that are told apart in one batch, and names of paths that are remembered.
const PATHS: usize = 1000;

/// Cells of one column, or the values at one path inside them, and where they stand.
struct Part<'a> {
    batch: &'a Batch,
    cells: &'a Cells,
    /// The row of each cell; `None` where cell i is row i.
    rows: Option<&'a [u32]>,
    /// The hash of the path, 0 outside nested data.
    path: u32,
}

impl<'a> Part<'a> {
    /// Row key of a cell.
    fn key(&self, cell: usize) -> &'a [u8] {
        self.batch.key(self.rows.map_or(cell, |rows| rows[cell] as usize))
    }
}

/// The values at one path, from all cells of a batch.
#[derive(Default)]
struct Values {
    cells: Cells,
    rows: Vec<u32>,
}

impl<'a> Worker<'a> {
    pub(super) fn new(detector: &'a Detector, index: &'a BlindIndex, samples: bool) -> Self {
        let (hits, name, leaves, selections) = (Hits::default(), String::new(), Leaves::default(), HashMap::new());
        Self { detector, index, samples, hits, name, leaves, selections }
    }

    /// Looks at a batch of a table.
    pub(super) fn look(&mut self, work: usize, batch: &Batch, plans: &[ColumnPlan]) -> Outcome {
        let mut outcome = Outcome {
            work,
            columns: Vec::with_capacity(plans.len()),
            postings: Postings::default(),
            rows: if batch.piece.is_some() { 0 } else { batch.rows as u64 },
            bytes: batch.size() as u64,
        };
        for (position, plan) in plans.iter().enumerate() {
            let is_piece_of_other = batch.piece.as_ref().is_some_and(|piece| piece.column != position);
            let evidence = if is_piece_of_other {
                ColumnEvidence::default()
            } else {
                self.column(batch, position, plan, &mut outcome.postings)
            };
            outcome.columns.push(evidence);
        }
        outcome
    }

    fn column(&mut self, batch: &Batch, position: usize, plan: &ColumnPlan, postings: &mut Postings) -> ColumnEvidence {
        let cells = &batch.columns[position];
        // A piece of a long cell is no whole document.
        if batch.piece.is_none() && may_be_structured(cells) {
            return self.structured_column(batch, cells, plan, postings);
        }
        let mut evidence = self.part(&Part { batch, cells, rows: None, path: 0 }, &plan.selection, plan, postings);
        if let Some(category) = plan.named {
            self.name_postings(batch, cells, category, plan, postings);
        }
        (evidence.binary, evidence.recoded) = (u64::from(cells.binary), u64::from(cells.recoded));
        evidence
    }

    /// A column with cells that are JSON, XML, arrays or hstore: those are cut up, the others are looked at as they are.
    fn structured_column(
        &mut self,
        batch: &Batch,
        cells: &Cells,
        plan: &ColumnPlan,
        postings: &mut Postings,
    ) -> ColumnEvidence {
        let mut paths: BTreeMap<String, Values> = BTreeMap::new();
        let mut plain = Cells::default();
        for (row, cell) in (0..).zip(cells.iter()) {
            let text = std::str::from_utf8(cell).unwrap_or_default();
            if !self.leaves.read(text, &plan.declared) {
                plain.push_text(cell);
                continue;
            }
            plain.push_null();
            for (path, text) in self.leaves.iter() {
                let path = if paths.len() < PATHS || paths.contains_key(path) { path } else { OTHER_PATHS };
                if !paths.contains_key(path) {
                    paths.insert(path.to_owned(), Values::default());
                }
                let values = paths.get_mut(path).expect("it was put there");
                values.cells.push_text(text.as_bytes());
                values.rows.push(row);
            }
        }
        let part = Part { batch, cells: &plain, rows: None, path: 0 };
        let mut evidence = self.part(&part, &plan.selection, plan, postings);
        if let Some(category) = plan.named {
            self.name_postings(batch, &plain, category, plan, postings);
        }
        (evidence.binary, evidence.recoded) = (u64::from(cells.binary), u64::from(cells.recoded));
        for (path, Values { cells, rows }) in &paths {
            let part = Part { batch, cells, rows: Some(rows), path: self.index.path(path) };
            let selection = self.selection(plan, path);
            evidence.nested.add(path, self.part(&part, &selection, plan, postings));
        }
        evidence
    }

    /// The rules for the values at a path, by the keys on the way.
    fn selection(&mut self, plan: &ColumnPlan, path: &str) -> Selection {
        let place = (plan.first_place, path.to_owned());
        if let Some(known) = self.selections.get(&place) {
            return known.clone();
        }
        let [table, column] = &plan.around;
        let selection = selection::of_path(self.detector, table, column, path);
        if self.selections.len() < PATHS {
            self.selections.insert(place, selection.clone());
        }
        selection
    }

    /// Detects, counts, and posts identifiers.
    fn part(
        &mut self,
        part: &Part<'_>,
        selection: &Selection,
        plan: &ColumnPlan,
        postings: &mut Postings,
    ) -> ColumnEvidence {
        self.detector.scan(part.cells, selection, &mut self.hits);
        if let Some(piece) = &part.batch.piece {
            self.hits.list.retain(|hit| piece.owned.contains(&(hit.start as usize)));
        }
        let mut evidence = self.count_cells(part);
        self.count_hits(part, &mut evidence);
        for hit in &self.hits.list {
            let category = self.detector.category(hit);
            // What is masked points at nobody.
            if category.is_identifier() && hit.kind != MASKED {
                let place = place(plan, category, hit.whole, part.path);
                self.post(category, self.hits.normal(hit), place, part.key(hit.cell as usize), postings);
            }
        }
        evidence
    }

    /// Counts of the cells themselves. The text of a long cell comes in pieces; the first one counts the cell.
    fn count_cells(&self, part: &Part<'_>) -> ColumnEvidence {
        let size = part.cells.size().saturating_sub(part.cells.len()) as u64;
        let mut evidence = ColumnEvidence { bytes: size, ..ColumnEvidence::default() };
        for cell in part.cells.iter().filter(|cell| !cell.is_empty()) {
            if part.batch.piece.as_ref().is_none_or(|piece| piece.first) {
                evidence.cells += 1;
            }
            evidence.distinct.add(fingerprint(cell.trim_ascii()));
            for code in codes::of(cell) {
                match code {
                    Code::Sign(word) => evidence.signs.add(fingerprint(word)),
                    Code::Number(word) => evidence.numbers.add(fingerprint(word)),
                }
            }
            if let Some(shape) = shape(cell) {
                add_shape(&mut evidence.shapes, shape, 1);
            }
        }
        for (rule, places) in self.hits.refused_places.iter().enumerate().filter(|(_, places)| **places > 0) {
            let rule = u16::try_from(rule).expect("rules are counted in 16 bits");
            evidence.rules.entry(rule).or_default().refused_places += u64::from(*places);
        }
        for (rule, refused) in self.hits.refused.iter().enumerate().filter(|(_, refused)| **refused > 0) {
            let rule = u16::try_from(rule).expect("rules are counted in 16 bits");
            evidence.rules.entry(rule).or_default().refused += u64::from(*refused);
        }
        evidence
    }

    fn count_hits(&self, part: &Part<'_>, evidence: &mut ColumnEvidence) {
        let piece = part.batch.piece.is_some();
        let mut counted: Vec<(u16, u32)> = Vec::new();
        for (at, hit) in self.hits.list.iter().enumerate() {
            let shared = hit.whole && self.is_shared(at);
            let rule = evidence.rules.entry(hit.rule).or_default();
            rule.shared += u64::from(shared);
            if let Some(shape) = shape(part.cells.get(hit.cell as usize)).filter(|_| hit.whole) {
                add_shape(&mut rule.shapes, shape, 1);
            }
            let sample = self.samples.then(|| hit_text(part.cells, hit)).flatten();
            // A single word is a given or a family name; a whole name has two.
            let normal = self.hits.normal(hit);
            let single = self.detector.category(hit) == Category::PersonName && !normal.contains(' ');
            rule.add_hit(hit, hit.whole && !piece && !single, normal, sample);
            // Hits are in order of cells: a rule's earlier hit in the same cell is near the end.
            let known =
                counted.iter().rev().take_while(|(_, cell)| *cell == hit.cell).any(|(rule, _)| *rule == hit.rule);
            if !known {
                counted.push((hit.rule, hit.cell));
                rule.add_cell(piece.then(|| LongCell { row: fingerprint(part.key(hit.cell as usize)) }));
            }
        }
    }

    /// Whether the cell of a whole hit is a whole hit of another category, too, by a rule with a check. A number that is
    /// a person's in an organisation's or account's place is both.
    fn is_shared(&self, at: usize) -> bool {
        let hits = &self.hits.list;
        let own = self.detector.category(&hits[at]);
        let same_cell = |other: &&Hit| other.cell == hits[at].cell;
        let before = hits[..at].iter().rev().take_while(same_cell);
        before.chain(hits[at + 1..].iter().take_while(same_cell)).filter(|other| other.whole).any(|other| {
            let category = self.detector.category(other);
            self.detector.is_checked(other) && category != own && !category.may_be_both(own)
        })
    }

    /// Postings for the cells of a name column in which no rule knew a name.
    fn name_postings(
        &mut self,
        batch: &Batch,
        cells: &Cells,
        category: Category,
        plan: &ColumnPlan,
        postings: &mut Postings,
    ) {
        let mut hits =
            self.hits.list.iter().filter(|hit| hit.whole && self.detector.category(hit) == category).peekable();
        for (row, cell) in cells.iter().enumerate() {
            while hits.next_if(|hit| (hit.cell as usize) < row).is_some() {}
            let known = hits.peek().is_some_and(|hit| hit.cell as usize == row);
            let Ok(text) = std::str::from_utf8(cell) else { continue };
            if known || cell.len() > LONGEST_NAME || !text.chars().any(char::is_alphabetic) {
                continue;
            }
            self.name.clear();
            names::normalise(text, &mut self.name);
            self.post(category, &self.name, place(plan, category, true, 0), batch.key(row), postings);
        }
    }

    /// A posting of one value; given and family names are posted word by word, since people are searched by any of
    /// them.
    fn post(&self, category: Category, normal: &str, place: PlaceId, key: &[u8], postings: &mut Postings) {
        let domain = Domain::of(category);
        if matches!(category, Category::GivenName | Category::FamilyName) {
            for word in normal.split(' ') {
                postings.push(self.index.hash(domain, word), place, key);
            }
        } else {
            postings.push(self.index.hash(domain, normal), place, key);
        }
    }
}

/// Whether a cell begins as structured texts do.
fn may_be_structured(cells: &Cells) -> bool {
    cells.iter().any(|cell| {
        let first = cell.iter().find(|byte| !byte.is_ascii_whitespace());
        matches!(first, Some(b'{' | b'[' | b'<' | b'"'))
    })
}

fn hit_text<'a>(cells: &'a Cells, hit: &Hit) -> Option<&'a str> {
    std::str::from_utf8(&cells.get(hit.cell as usize)[hit.start as usize..hit.end as usize]).ok()
}

/// Numbers of places that a column has: four for each identifying category.
pub(super) fn places_per_column() -> u32 {
    u32::try_from(super::places::identifying().count()).expect("few categories") * 4
}

/// The id of a place: those of a column stand together. An identifier inside nested data is never the whole cell.
fn place(plan: &ColumnPlan, category: Category, whole: bool, path: u32) -> PlaceId {
    let position = super::places::identifying().position(|known| known == category).unwrap_or(0);
    let number = plan.first_place + u32::try_from(position * 4).expect("few categories");
    if path == 0 {
        PlaceId { number: number + u32::from(whole), path }
    } else {
        PlaceId { number: number + PlaceId::NESTED, path }
    }
}
