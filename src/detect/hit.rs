//! What the detector finds: hits, and the buffers that are used again from one column to the next.

use super::names::NameSpan;
use super::pattern::Automaton;

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
    /// What the validator says it is ("samordningsnummer"), or nothing.
    pub kind: &'static str,
    /// Where the normalised value stands in [`Hits::normal`]'s buffer.
    pub(super) normal: (u32, u32),
}

/// Hits of one column, with their normalised values in one buffer. Reused; prints no value.
#[derive(Clone, Default)]
pub struct Hits {
    /// The hits by cell and start.
    pub list: Vec<Hit>,
    /// By rule: cells as a whole of its shape that its validator refused. What a checksum refuses tells how much its
    /// yes is worth.
    pub refused: Vec<u32>,
    /// By rule: places of its shape, whole cells or not, that its validator refused.
    pub refused_places: Vec<u32>,
    /// By rule: the cell after the one that was refused last, so that none is counted for two patterns.
    pub(super) refused_before: Vec<u32>,
    pub(super) normals: String,
    pub(super) spans: Vec<NameSpan>,
    pub(super) folded: String,
    /// By pattern: where its last hit ended.
    pub(super) pattern_ends: Vec<usize>,
    /// By pattern: its automaton, as far as the texts asked for it.
    pub(super) automata: Vec<Option<Box<Automaton>>>,
}

impl Hits {
    /// Empties both and keeps the memory.
    pub fn clear(&mut self) {
        self.list.clear();
        self.refused.clear();
        self.refused_places.clear();
        self.refused_before.clear();
        self.normals.clear();
    }

    pub(super) fn refuse(&mut self, rule: u16, cell: u32) {
        let rule = usize::from(rule);
        self.refused[rule] += u32::from(self.refused_before[rule] <= cell);
        self.refused_before[rule] = self.refused_before[rule].max(cell + 1);
    }

    /// The normalised value of a hit. Personal data.
    pub fn normal(&self, hit: &Hit) -> &str {
        &self.normals[hit.normal.0 as usize..hit.normal.1 as usize]
    }
}
