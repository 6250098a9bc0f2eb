//! Person names in prose and in cells.

use crate::rule::Lexicons;

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
pub struct Names {}

impl Names {
    /// Compiles the lexicons.
    pub fn new(lexicons: &Lexicons) -> Self {
        let _ = lexicons;
        Self {}
    }

    /// Names in prose, in order, not overlapping. Appends to `out`.
    pub fn find(&self, text: &str, out: &mut Vec<NameSpan>) {
        let _ = (text, out);
    }

    /// Probability that a whole cell is one or several given names ("Anna", "Anna-Karin", "ANNA MARIA").
    pub fn given(&self, cell: &str) -> f32 {
        let _ = cell;
        0.0
    }

    /// Probability that a whole cell is a family name ("Andersson", "af Klint", "Berg-Lund").
    pub fn family(&self, cell: &str) -> f32 {
        let _ = cell;
        0.0
    }

    /// Probability that a whole cell is a person's full name in either order.
    pub fn full(&self, cell: &str) -> f32 {
        let _ = cell;
        0.0
    }
}

/// The one form in which names are compared, appended to `out`: folded, without titles, order-free (words sorted),
/// "Andersson, Anna" and "Anna ANDERSSON" alike: `anna andersson`.
pub fn normalise(name: &str, out: &mut String) {
    let _ = (name, out);
}
