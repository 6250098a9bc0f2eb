//! The detector: finds where rules hold in text. Pure: text in, hits out.
//!
//! [`Detector::scan`] is what the pipeline calls, for one column of a batch. [`Detector::text`] is for prose on its own.

pub mod names;

use crate::cells::Cells;
use crate::rule::RuleSet;

/// One place in one cell where a rule holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// Index of the rule in the rule set.
    pub rule: u16,
    /// Row of the batch.
    pub cell: u32,
    /// First byte in the cell.
    pub start: u32,
    /// Byte after the last.
    pub end: u32,
    /// Whether the hit is the whole cell but for white space.
    pub whole: bool,
    /// Probability from rule and context, before anything is known of the column.
    pub confidence: f32,
    /// Where the normalised value stands in [`Hits::normals`].
    pub normal: (u32, u32),
}

/// Hits of one column, with their normalised values in one buffer. Reused; prints no value.
#[derive(Clone, Default)]
pub struct Hits {
    /// The hits by cell and start.
    pub list: Vec<Hit>,
    normals: String,
}

impl Hits {
    /// Empties both and keeps the memory.
    pub fn clear(&mut self) {
        self.list.clear();
        self.normals.clear();
    }

    /// The normalised value of a hit. Personal data.
    pub fn normal(&self, hit: &Hit) -> &str {
        &self.normals[hit.normal.0 as usize..hit.normal.1 as usize]
    }
}

/// Rules, compiled. Shared by all workers.
pub struct Detector {
    rules: RuleSet,
}

impl Detector {
    /// Compiles checked rules.
    pub fn new(rules: RuleSet) -> Self {
        Self { rules }
    }

    /// The rules it was made of.
    pub fn rules(&self) -> &RuleSet {
        &self.rules
    }

    /// All hits in one column's cells, in order of cell and start; overlaps of different rules are kept.
    pub fn scan(&self, cells: &Cells, hits: &mut Hits) {
        let _ = (cells, hits);
    }
}
