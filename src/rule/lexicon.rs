//! Word lists: names, streets, titles. One text file each under `rules/lexicon/`, built into the program.

use std::collections::{BTreeMap, HashMap};

/// Word lists by name (the file's name without `.txt`).
#[derive(Clone, Debug, Default)]
pub struct Lexicons(pub BTreeMap<String, Lexicon>);

/// Folded words with weights between 0 and 1.
#[derive(Clone, Debug, Default)]
pub struct Lexicon {
    /// Folded word -> how much it says on its own.
    pub words: HashMap<String, f32, foldhash::fast::FixedState>,
}
