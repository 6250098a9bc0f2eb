//! Rules that look words up: names of persons anywhere; given names, family names and listed words as whole cells.

use crate::cells::Cells;
use crate::finding::Category;
use crate::rule::fold;

use super::{CERTAIN_ENOUGH, Detector, Hits, Selection};

/// Cells longer than this are no single name or town.
const LONGEST_NAME: usize = 80;

/// A rule that looks words up instead of matching patterns.
pub(super) struct WordRule {
    pub(super) rule: u16,
    kind: WordKind,
}

enum WordKind {
    /// Person names, anywhere.
    Person,
    /// A given name as the whole cell.
    Given,
    /// A family name as the whole cell.
    Family,
    /// One of these lists' words as the whole cell.
    Listed(Vec<String>),
}

impl WordRule {
    /// The rule of that index, which looks words up in these lists.
    pub(super) fn new(rule: u16, category: Category, lists: &[String]) -> Self {
        let kind = match category {
            Category::PersonName => WordKind::Person,
            Category::GivenName => WordKind::Given,
            Category::FamilyName => WordKind::Family,
            _ => WordKind::Listed(lists.to_vec()),
        };
        Self { rule, kind }
    }
}

impl Detector {
    /// Names of persons anywhere; given names, family names and listed words as whole cells.
    pub(super) fn scan_words(&self, cells: &Cells, selection: &Selection, hits: &mut Hits) {
        for (index, cell) in cells.iter().enumerate() {
            if !cell.iter().any(|byte| byte.is_ascii_alphabetic() || *byte >= 0x80) {
                continue;
            }
            let Ok(text) = std::str::from_utf8(cell) else { continue };
            // Folded once, for all word lists.
            if text.trim().len() <= LONGEST_NAME {
                fold_into(text.trim(), &mut hits.folded);
            }
            for rule in self.words.iter().filter(|rule| !selection.leaves_out(rule.rule)) {
                self.scan_word_rule(rule, index, text, hits);
            }
        }
    }

    fn scan_word_rule(&self, rule: &WordRule, cell: usize, text: &str, hits: &mut Hits) {
        let trimmed = text.trim();
        let start = text.len() - text.trim_start().len();
        let whole = start..start + trimmed.len();
        let short = trimmed.len() <= LONGEST_NAME && !trimmed.is_empty();
        let confidence = match &rule.kind {
            WordKind::Person => return self.scan_persons(rule.rule, cell, text, whole, hits),
            WordKind::Given if short => self.names.given(trimmed),
            WordKind::Family if short => self.names.family(trimmed),
            WordKind::Listed(lists) if short => {
                let weight = |list: &String| self.rules.lexicons.get(list).map(|list| list.weight(&hits.folded));
                lists.iter().filter_map(weight).fold(0.0, f32::max)
            }
            _ => 0.0,
        };
        if confidence >= CERTAIN_ENOUGH {
            self.add(rule.rule, cell, text.as_bytes(), whole, Some(confidence), hits);
        }
    }

    fn scan_persons(&self, rule: u16, cell: usize, text: &str, whole: std::ops::Range<usize>, hits: &mut Hits) {
        if whole.len() <= LONGEST_NAME {
            let confidence = self.names.full(&text[whole.clone()]);
            if confidence >= CERTAIN_ENOUGH {
                self.add(rule, cell, text.as_bytes(), whole, Some(confidence), hits);
                return;
            }
        }
        let mut spans = std::mem::take(&mut hits.spans);
        spans.clear();
        self.names.find(text, &mut spans);
        for span in &spans {
            self.add(rule, cell, text.as_bytes(), span.start..span.end, Some(span.confidence), hits);
        }
        hits.spans = spans;
    }
}

/// [`fold`] into a buffer that is used again; most cells are ASCII and need no tables.
fn fold_into(text: &str, out: &mut String) {
    out.clear();
    if text.is_ascii() {
        out.push_str(text);
        out.make_ascii_lowercase();
    } else {
        out.push_str(&fold(text));
    }
}
