//! What was seen in a column, as counters and sketches. Adding up is commutative: batches, partitions and runs can be
//! merged in any order and give the same.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::BuildHasher;

use foldhash::quality::FixedState;

use crate::detect::Hit;
use crate::nested::OTHER_PATHS;
use crate::sensitive::Sensitive;

/// Everything seen in one column.
#[derive(Clone, Debug, Default)]
pub struct ColumnEvidence {
    /// Cells with text.
    pub cells: u64,
    /// Cells that hold no text (images, documents).
    pub binary: u64,
    /// Cells that were not valid UTF-8.
    pub recoded: u64,
    /// Bytes of text.
    pub bytes: u64,
    /// Different cells, without the blanks that fill them up.
    pub distinct: Sketch,
    /// Different words inside longer cells that could be signs of persons: capitals, or letters and digits.
    pub signs: Sketch,
    /// Different numbers inside longer cells that could be persons'.
    pub numbers: Sketch,
    /// Cells by their shape, see [`shape`]: what stands among numbers of the same form is compared with them.
    pub shapes: BTreeMap<u32, u64>,
    /// By rule.
    pub rules: BTreeMap<u16, RuleEvidence>,
    /// What was seen inside cells that are JSON, XML, arrays or hstore. The counts above are of the other cells.
    pub nested: Paths,
}

/// Evidence by path inside structured cells, ordered by the path's fingerprint. Of too many paths, those with
/// the smallest fingerprints are told apart and the rest is one: so the same stay, whatever the order of merging.
#[derive(Clone, Debug, Default)]
pub struct Paths(BTreeMap<(u64, String), ColumnEvidence>);

/// Paths of one column that are told apart at most.
pub const PATHS: usize = 500;

impl Paths {
    /// The paths.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(|(_, path)| &**path)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether no cell was structured.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds what was seen at a path.
    pub fn add(&mut self, path: &str, evidence: ColumnEvidence) {
        // The rest has the smallest fingerprint of all, so that it never goes itself.
        let order = if path == OTHER_PATHS { 0 } else { fingerprint(path.as_bytes()).max(1) };
        self.0.entry((order, path.to_owned())).or_default().merge(evidence);
        self.keep(PATHS);
    }

    /// Tells only so many paths apart from now on.
    pub fn keep(&mut self, most: usize) {
        while self.0.len() > most.max(2)
            && let Some((_, last)) = self.0.pop_last()
        {
            self.0.entry((0, OTHER_PATHS.to_owned())).or_default().merge(last);
        }
    }

    /// The same with other names for the paths; what gets one name is one.
    pub fn renamed(self, name: impl Fn(&str) -> String) -> BTreeMap<String, ColumnEvidence> {
        let mut renamed: BTreeMap<String, ColumnEvidence> = BTreeMap::new();
        for ((_, path), evidence) in self.0 {
            renamed.entry(name(&path)).or_default().merge(evidence);
        }
        renamed
    }
}

/// What one rule found in a column.
#[derive(Clone, Debug, Default)]
pub struct RuleEvidence {
    /// Cells with at least one hit, long cells apart.
    cells: u64,
    /// Long cells (read in pieces) with at least one hit, by the hash of their row.
    long_cells: BTreeSet<u64>,
    /// Cells that are a hit as a whole.
    pub whole: u64,
    /// Of them, cells that are also a value of another category by a rule with a check.
    pub shared: u64,
    /// Hits.
    pub hits: u64,
    /// Sum of the hits' confidences, in millionths: integers add up the same in any order.
    pub confidence: u64,
    /// Cells of the rule's shape that its validator refused.
    pub refused: u64,
    /// Hits by what the validator says they are ("samordningsnummer").
    pub kinds: BTreeMap<&'static str, u64>,
    /// Places of the rule's shape, whole cells or not, that its validator refused.
    pub refused_places: u64,
    /// Hits with a word beside them that speaks for them.
    pub supported: u64,
    /// Whole hits by their shape, see [`ColumnEvidence::shapes`].
    pub shapes: BTreeMap<u32, u64>,
    /// Different normalised values.
    pub distinct: Sketch,
    /// Different beginnings of them, of three characters: codes share theirs.
    pub beginnings: Sketch,
    /// Values with the smallest hashes, when samples are asked for.
    pub samples: BTreeMap<u64, Sensitive>,
}

/// From this confidence on a hit has a word beside it that speaks for it.
const SUPPORTED: f32 = 0.95;

/// Characters of a value's beginning.
const BEGINNING: usize = 3;

/// Samples kept per rule and column.
const SAMPLES: usize = 3;

/// A long cell, for counting it once though it comes in pieces.
#[derive(Clone, Copy, Debug)]
pub struct LongCell {
    /// Hash of its row.
    pub row: u64,
}

/// A stable hash for counting different values; it never leaves the process.
pub fn fingerprint(bytes: &[u8]) -> u64 {
    FixedState::with_seed(0x5a4e_4552_4100_0001).hash_one(bytes)
}

impl RuleEvidence {
    /// Cells with at least one hit.
    pub fn cells(&self) -> u64 {
        self.cells + self.long_cells.len() as u64
    }

    /// Counts a cell with a hit.
    pub fn add_cell(&mut self, long: Option<LongCell>) {
        match long {
            Some(cell) => drop(self.long_cells.insert(cell.row)),
            None => self.cells += 1,
        }
    }

    /// Counts a hit with its normalised value; `sample` is the text to keep if samples are asked for.
    pub fn add_hit(&mut self, hit: &Hit, whole: bool, normal: &str, sample: Option<&str>) {
        self.hits += 1;
        self.supported += u64::from(hit.confidence >= SUPPORTED);
        self.whole += u64::from(whole);
        if !hit.kind.is_empty() {
            *self.kinds.entry(hit.kind).or_default() += 1;
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a probability in millionths")]
        let millionths = (f64::from(hit.confidence) * 1e6) as u64;
        self.confidence += millionths;
        let hash = fingerprint(normal.as_bytes());
        self.distinct.add(hash);
        let beginning = normal.char_indices().nth(BEGINNING).map_or(normal, |(end, _)| &normal[..end]);
        self.beginnings.add(fingerprint(beginning.as_bytes()));
        if let Some(text) = sample {
            self.samples.entry(hash).or_insert_with(|| Sensitive::new(text));
            self.keep_samples();
        }
    }

    fn keep_samples(&mut self) {
        while self.samples.len() > SAMPLES {
            self.samples.pop_last();
        }
    }

    /// Mean confidence of the hits.
    pub fn mean_confidence(&self) -> f64 {
        if self.hits == 0 { 0.0 } else { self.confidence as f64 / 1e6 / self.hits as f64 }
    }

    fn merge(&mut self, other: Self) {
        self.cells += other.cells;
        self.long_cells.extend(other.long_cells);
        self.whole += other.whole;
        self.shared += other.shared;
        self.hits += other.hits;
        self.confidence += other.confidence;
        self.refused += other.refused;
        self.refused_places += other.refused_places;
        self.supported += other.supported;
        for (shape, hits) in other.shapes {
            add_shape(&mut self.shapes, shape, hits);
        }
        for (kind, hits) in other.kinds {
            *self.kinds.entry(kind).or_default() += hits;
        }
        self.distinct.merge(other.distinct);
        self.beginnings.merge(other.beginnings);
        self.samples.extend(other.samples);
        self.keep_samples();
    }
}

/// Shapes that are counted in one column; those with the smallest hashes, whatever the order of merging.
const SHAPES: usize = 64;

/// Longer cells are texts.
const LONGEST_SHAPE: usize = 32;

/// The form of a short cell: how long its groups of digits are, how many words it has, and what stands between them.
/// `640823-2392` and `830317-9264` have one, ten digits in a row another, `Anna Berg` and `Storgatan Väst` a third.
pub fn shape(cell: &[u8]) -> Option<u32> {
    let cell = cell.trim_ascii();
    if cell.is_empty() || cell.len() > LONGEST_SHAPE {
        return None;
    }
    let (mut form, mut length) = ([0; LONGEST_SHAPE], 0);
    for byte in cell {
        let kind = match byte {
            b'0'..=b'9' => b'9',
            b'a'..=b'z' | b'A'..=b'Z' | 0x80.. => b'A',
            other => *other,
        };
        if kind == b'A' && length > 0 && form[length - 1] == b'A' {
            continue;
        }
        form[length] = kind;
        length += 1;
    }
    u32::try_from(fingerprint(&form[..length]) >> 32).ok()
}

/// Counts cells of a shape.
pub fn add_shape(shapes: &mut BTreeMap<u32, u64>, shape: u32, cells: u64) {
    *shapes.entry(shape).or_default() += cells;
    if shapes.len() > SHAPES {
        shapes.pop_last();
    }
}

impl ColumnEvidence {
    /// Adds what was seen elsewhere in the same column.
    pub fn merge(&mut self, other: Self) {
        self.cells += other.cells;
        self.binary += other.binary;
        self.recoded += other.recoded;
        self.bytes += other.bytes;
        self.distinct.merge(other.distinct);
        self.signs.merge(other.signs);
        self.numbers.merge(other.numbers);
        for (shape, cells) in other.shapes {
            add_shape(&mut self.shapes, shape, cells);
        }
        for (rule, evidence) in other.rules {
            self.rules.entry(rule).or_default().merge(evidence);
        }
        for ((_, path), evidence) in other.nested.0 {
            self.nested.add(&path, evidence);
        }
    }
}

/// How many different values: the K smallest hashes (a KMV sketch; Bar-Yossef et al., Counting Distinct Elements in a
/// Data Stream, 2002). Exact below K, about 6 % off beyond.
/// Small, since a database may have 100,000 columns.
#[derive(Clone, Debug, Default)]
pub struct Sketch {
    /// At most 2 K hashes; sorted and cut when full.
    hashes: Vec<u64>,
    /// Hashes above this are not among the K smallest.
    limit: Option<u64>,
}

const K: usize = 256;

impl Sketch {
    /// Adds a value's hash.
    pub fn add(&mut self, hash: u64) {
        if self.limit.is_some_and(|limit| hash > limit) || self.hashes.last() == Some(&hash) {
            return;
        }
        self.hashes.push(hash);
        if self.hashes.len() >= 2 * K {
            self.compact();
        }
    }

    fn merge(&mut self, other: Self) {
        if self.hashes.is_empty() {
            *self = other;
            return;
        }
        other.hashes.into_iter().for_each(|hash| self.add(hash));
    }

    fn compact(&mut self) {
        self.hashes.sort_unstable();
        self.hashes.dedup();
        if self.hashes.len() >= K {
            self.hashes.truncate(K);
            self.limit = self.hashes.last().copied();
        }
    }

    /// Of how many different values it could be told whether `other` has them, too, and the share that it has.
    pub fn contained_in(&self, other: &Self) -> (usize, f64) {
        let (mut own, mut all) = (self.clone(), other.clone());
        own.compact();
        all.compact();
        let known = all.limit.unwrap_or(u64::MAX);
        let compared: Vec<&u64> = own.hashes.iter().filter(|hash| **hash <= known).collect();
        let there = compared.iter().filter(|hash| all.hashes.binary_search(hash).is_ok()).count();
        (compared.len(), there as f64 / compared.len().max(1) as f64)
    }

    /// Number of different values.
    pub fn count(&self) -> u64 {
        let mut sketch = self.clone();
        sketch.compact();
        match sketch.hashes.last() {
            Some(last) if sketch.hashes.len() == K => {
                let share = *last as f64 / u64::MAX as f64;
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an estimate of a count")]
                let estimate = ((K - 1) as f64 / share).round() as u64;
                estimate.max(K as u64)
            }
            _ => sketch.hashes.len() as u64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sketch(values: std::ops::Range<u32>) -> Sketch {
        let mut sketch = Sketch::default();
        for value in values {
            sketch.add(fingerprint(&value.to_be_bytes()));
        }
        sketch
    }

    #[test]
    fn counts_are_exact_when_few_and_close_when_many() {
        assert_eq!(Sketch::default().count(), 0);
        assert_eq!(sketch(0..200).count(), 200);
        let many = sketch(0..1_000_000).count();
        assert!((800_000..1_200_000).contains(&many), "{many}");
    }

    #[test]
    fn merging_gives_the_same_in_any_order() {
        let mut forward = sketch(0..5000);
        forward.merge(sketch(4000..9000));
        let mut backward = sketch(4000..9000);
        backward.merge(sketch(0..5000));
        assert_eq!(forward.count(), backward.count());
        assert_eq!(forward.count(), sketch(0..9000).count());
    }

    #[test]
    fn containment_is_seen_in_few_and_in_many() {
        assert_eq!(sketch(5..20).contained_in(&sketch(0..100)), (15, 1.0));
        assert_eq!(sketch(90..110).contained_in(&sketch(0..100)), (20, 0.5));
        let (compared, share) = sketch(0..50_000).contained_in(&sketch(0..100_000));
        assert!(compared > 50 && share > 0.999, "{compared} {share}");
        let (compared, share) = sketch(50_000..150_000).contained_in(&sketch(0..100_000));
        assert!(compared > 100 && (0.3..0.7).contains(&share), "{compared} {share}");
    }

    #[test]
    fn a_long_cell_counts_once() {
        let mut rule = RuleEvidence::default();
        rule.add_cell(Some(LongCell { row: 7 }));
        rule.add_cell(Some(LongCell { row: 7 }));
        rule.add_cell(None);
        assert_eq!(rule.cells(), 2);
    }
}
