//! What one worker does with one batch: detect, count, and turn identifiers into postings.

use crate::db::Batch;
use crate::detect::{Detector, Hit, Hits, Selection, names};
use crate::finding::Category;
use crate::secret::{BlindIndex, Domain, Hash};

use super::evidence::{ColumnEvidence, LongCell, fingerprint};

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
    list: Vec<(Hash, u32, u32, u32)>,
    keys: Vec<u8>,
}

impl Postings {
    fn push(&mut self, hash: Hash, place: u32, key: &[u8]) {
        let start = u32::try_from(self.keys.len()).expect("a batch's keys are far below 4 GiB");
        self.keys.extend_from_slice(key);
        let end = u32::try_from(self.keys.len()).expect("a batch's keys are far below 4 GiB");
        self.list.push((hash, place, start, end));
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (Hash, u32, &[u8])> {
        self.list.iter().map(|(hash, place, start, end)| (*hash, *place, &self.keys[*start as usize..*end as usize]))
    }
}

/// How one column is looked at.
pub(super) struct ColumnPlan {
    pub(super) selection: Selection,
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
    pub(super) hits: Hits,
    pub(super) name: String,
}

/// Names longer than this are prose in a name column.
const LONGEST_NAME: usize = 80;

impl Worker<'_> {
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
        self.detector.scan(cells, &plan.selection, &mut self.hits);
        if let Some(piece) = &batch.piece {
            self.hits.list.retain(|hit| piece.owned.contains(&(hit.start as usize)));
        }
        let mut evidence = self.count_cells(batch, position);
        self.count_hits(batch, position, &mut evidence);
        for hit in &self.hits.list {
            let category = self.detector.category(hit);
            if category.is_identifier() {
                let place = place(plan, category, hit.whole);
                self.post(category, self.hits.normal(hit), place, batch.key(hit.cell as usize), postings);
            }
        }
        if let Some(category) = plan.named {
            self.name_postings(batch, position, category, plan, postings);
        }
        evidence
    }

    /// Counts of the cells themselves. The text of a long cell comes in pieces; the first one counts the cell.
    fn count_cells(&self, batch: &Batch, position: usize) -> ColumnEvidence {
        let cells = &batch.columns[position];
        let mut evidence = ColumnEvidence {
            binary: u64::from(cells.binary),
            recoded: u64::from(cells.recoded),
            bytes: cells.size().saturating_sub(cells.len()) as u64,
            ..ColumnEvidence::default()
        };
        for cell in cells.iter().filter(|cell| !cell.is_empty()) {
            if batch.piece.as_ref().is_none_or(|piece| piece.first) {
                evidence.cells += 1;
            }
            evidence.distinct.add(fingerprint(cell));
        }
        for (rule, refused) in self.hits.refused.iter().enumerate().filter(|(_, refused)| **refused > 0) {
            let rule = u16::try_from(rule).expect("rules are counted in 16 bits");
            evidence.rules.entry(rule).or_default().refused += u64::from(*refused);
        }
        evidence
    }

    fn count_hits(&self, batch: &Batch, position: usize, evidence: &mut ColumnEvidence) {
        let long = |row| LongCell { row: fingerprint(batch.key(row)) };
        let mut counted: Vec<(u16, u32)> = Vec::new();
        for hit in &self.hits.list {
            let rule = evidence.rules.entry(hit.rule).or_default();
            let sample = self.samples.then(|| hit_text(batch, position, hit)).flatten();
            rule.add_hit(hit.confidence, hit.whole && batch.piece.is_none(), self.hits.normal(hit), sample);
            // Hits are in order of cells: a rule's earlier hit in the same cell is near the end.
            let known =
                counted.iter().rev().take_while(|(_, cell)| *cell == hit.cell).any(|(rule, _)| *rule == hit.rule);
            if !known {
                counted.push((hit.rule, hit.cell));
                rule.add_cell(batch.piece.as_ref().map(|_| long(hit.cell as usize)));
            }
        }
    }

    /// Postings for the cells of a name column in which no rule knew a name.
    fn name_postings(
        &mut self,
        batch: &Batch,
        position: usize,
        category: Category,
        plan: &ColumnPlan,
        postings: &mut Postings,
    ) {
        let mut hits =
            self.hits.list.iter().filter(|hit| hit.whole && self.detector.category(hit) == category).peekable();
        for (row, cell) in batch.columns[position].iter().enumerate() {
            while hits.next_if(|hit| (hit.cell as usize) < row).is_some() {}
            let known = hits.peek().is_some_and(|hit| hit.cell as usize == row);
            let Ok(text) = std::str::from_utf8(cell) else { continue };
            if known || cell.len() > LONGEST_NAME || !text.chars().any(char::is_alphabetic) {
                continue;
            }
            self.name.clear();
            names::normalise(text, &mut self.name);
            self.post(category, &self.name, place(plan, category, true), batch.key(row), postings);
        }
    }

    /// A posting of one value; given and family names are posted word by word, since people are searched by any of
    /// them.
    fn post(&self, category: Category, normal: &str, place: u32, key: &[u8], postings: &mut Postings) {
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

fn hit_text<'a>(batch: &'a Batch, position: usize, hit: &Hit) -> Option<&'a str> {
    let cell = batch.columns[position].get(hit.cell as usize);
    std::str::from_utf8(&cell[hit.start as usize..hit.end as usize]).ok()
}

/// The number of a place: places of a column stand together, two for each identifying category.
fn place(plan: &ColumnPlan, category: Category, whole: bool) -> u32 {
    let position = super::identifying().position(|known| known == category).unwrap_or(0);
    plan.first_place + u32::try_from(position * 2).expect("few categories") + u32::from(whole)
}
