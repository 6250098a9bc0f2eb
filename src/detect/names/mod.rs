//! Person names in prose and in cells.
//!
//! A look-up finds half of them. The rest comes from context (a title before, a verb after), from surname endings, and
//! from knowing what is no name: places, companies, streets. `token` cuts, `words` looks up, `candidate` says
//! what a word can be, `prose` and `cell` judge.

mod candidate;
mod cell;
mod normal;
mod prose;
#[cfg(test)]
mod tests;
mod token;
mod words;

use crate::rule::Lexicons;

pub use normal::normalise;
use words::Dictionary;

/// A name in a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NameSpan {
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// Probability that it is a person's name.
    pub confidence: f32,
}

/// The name recogniser, made from the lexicons once and shared.
pub struct Names {
    dictionary: Dictionary,
}

impl Names {
    /// Compiles the lexicons `given_names`, `family_names`, `titles`, `followers`, `places`, `countries` and `not_names`; one
    /// that is missing counts as empty.
    pub fn new(lexicons: &Lexicons) -> Self {
        Self { dictionary: Dictionary::new(lexicons) }
    }

    /// Names in prose with a confidence of at least 0.5, in order, not overlapping. Appends to `out`. A genitive s is
    /// left out where the stem is a known name ("Annas" gives "Anna").
    pub fn find(&self, text: &str, out: &mut Vec<NameSpan>) {
        prose::find(&self.dictionary, text, out);
    }

    /// Probability that a whole cell is one or several given names ("Anna", "Anna-Karin", "ANNA MARIA").
    pub fn given(&self, cell: &str) -> f32 {
        cell::given(&self.dictionary, cell)
    }

    /// Probability that a whole cell is a family name ("Andersson", "af Klint", "Berg-Lund").
    pub fn family(&self, cell: &str) -> f32 {
        cell::family(&self.dictionary, cell)
    }

    /// Probability that a whole cell is a person's full name in either order.
    pub fn full(&self, cell: &str) -> f32 {
        cell::full(&self.dictionary, cell)
    }
}
