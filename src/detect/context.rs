//! Words near a hit: what makes it certain and what makes it improbable.

use std::ops::Range;

use aho_corasick::AhoCorasick;

use super::border::in_word;
use crate::rule::Rule;

/// Bytes before a hit in which words count.
const BEFORE: usize = 64;

/// Bytes after a hit in which words count.
const AFTER: usize = 32;

/// A hit with a word that supports it is at least this certain.
const SUPPORTED: f32 = 0.97;

/// What a word that speaks against a hit leaves of its probability.
const OPPOSED: f32 = 0.25;

/// The words of one rule.
pub(super) struct Context {
    supporting: Option<AhoCorasick>,
    opposing: Option<AhoCorasick>,
}

impl Context {
    pub(super) fn new(rule: &Rule) -> Self {
        let compile = |words: &[String]| if words.is_empty() { None } else { AhoCorasick::new(words).ok() };
        Self { supporting: compile(&rule.context), opposing: compile(&rule.not_context) }
    }

    /// The probability of a hit at `span` of `cell`, given the words around it. Words against it count in its own
    /// clause only: in "640823-2392, telefon 070-174 06 05" the word speaks of the other number.
    pub(super) fn weigh(&self, cell: &[u8], span: Range<usize>, confidence: f32, folded: &mut String) -> f32 {
        if self.supporting.is_none() && self.opposing.is_none() {
            return confidence;
        }
        fold_into(&cell[span.start.saturating_sub(BEFORE)..span.start], folded);
        let clause = folded.rsplit(ends_clause).next().unwrap_or_default();
        let (mut supported, mut opposed) =
            (stands_in(self.supporting.as_ref(), folded), stands_in(self.opposing.as_ref(), clause));
        fold_into(&cell[span.end..cell.len().min(span.end + AFTER)], folded);
        let clause = folded.split(ends_clause).next().unwrap_or_default();
        supported |= stands_in(self.supporting.as_ref(), folded);
        opposed |= stands_in(self.opposing.as_ref(), clause);
        match (supported, opposed) {
            (true, false) => confidence.max(SUPPORTED),
            (false, true) => confidence * OPPOSED,
            _ => confidence,
        }
    }
}

/// Whether one of the words stands in a folded text. A word may go on ("personnumret"), but does not begin inside
/// another, unless it is long enough to be the second part of a compound ("hemtelefon").
fn stands_in(words: Option<&AhoCorasick>, folded: &str) -> bool {
    let is_word = |c: Option<char>| c.is_some_and(in_word);
    words.is_some_and(|words| {
        words.find_overlapping_iter(folded).any(|found| {
            let starts = !is_word(folded[..found.start()].chars().next_back()) || found.len() >= 6;
            let short = found.len() <= 4 && is_word(folded[found.end()..].chars().next());
            starts && !short
        })
    })
}

/// Another value, or the end of a field or line.
fn ends_clause(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, ',' | ';' | '|' | '\t' | '\r' | '\n')
}

/// Whether the cell holds one of the folded words.
pub(super) fn holds_any(cell: &[u8], words: &[String], folded: &mut String) -> bool {
    fold_into(cell, folded);
    words.iter().any(|word| holds(folded, word))
}

/// Whether a folded text holds a word: short ones between other characters than letters and digits, longer ones anywhere.
pub(super) fn holds(folded: &str, word: &str) -> bool {
    let is_word = |c: Option<char>| c.is_some_and(in_word);
    folded.match_indices(word).any(|(at, found)| {
        let (before, after) = (&folded[..at], &folded[at + found.len()..]);
        word.len() > 3 || !(is_word(before.chars().next_back()) || is_word(after.chars().next()))
    })
}

/// Folds a part of a text, which may begin or end inside a character, into `out`.
fn fold_into(part: &[u8], out: &mut String) {
    out.clear();
    for chunk in part.utf8_chunks() {
        out.extend(chunk.valid().chars().flat_map(char::to_lowercase));
    }
}
