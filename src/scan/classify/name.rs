//! What a name says, in log-odds.

use crate::finding::{Category, Reason};
use crate::rule::Rule;
use crate::rule::words::{NameEvidence, Word, WordSource};

/// Log-odds of a category before the cells are seen, by what the column's name says.
mod prior {
    pub(super) const EXACT_WORD: f64 = 0.8;
    pub(super) const COMPOUND_WORD: f64 = 0.2;
    pub(super) const NOTHING: f64 = -2.0;
    pub(super) const OTHER_WORD: f64 = -3.0;
    pub(super) const WORD_AGAINST: f64 = -4.0;
}

/// What the name says before the cells are seen; `fits` tells which categories the cells can be of.
pub(super) fn prior(
    category: Category,
    name: &NameEvidence,
    fits: impl Fn(Category) -> bool,
    reasons: &mut Vec<Reason>,
) -> f64 {
    // Letters under `tel_typ` are kinds of it.
    if let (Category::Gender, Some(word)) = (category, &name.changed_by) {
        reasons.push(Reason::AgainstName { word: word.clone() });
        return prior::WORD_AGAINST;
    }
    if let Some(word) = name.word(category) {
        reasons.push(reason(word));
        return if word.exact { prior::EXACT_WORD } else { prior::COMPOUND_WORD };
    }
    if let Some(word) = name.against(category) {
        reasons.push(Reason::AgainstName { word: word.to_owned() });
        return prior::WORD_AGAINST;
    }
    // An organisation's number may be its owner's.
    let rivals = |other: Category| !category.may_be_both(other) && fits(other);
    if let Some(word) = name.other(category, rivals) {
        reasons.push(Reason::AgainstName { word: word.text.clone() });
        return prior::OTHER_WORD;
    }
    prior::NOTHING
}

/// What the name adds to hits inside longer text: a little, where it speaks for them.
pub(super) fn in_free_text(category: Category, name: &NameEvidence) -> f64 {
    if name.word(category).is_some() { 1.0 } else { 0.0 }
}

/// Odds by the name alone. Where nothing but names tells a category, the rule says how sure they are.
pub(super) fn alone(rule: &Rule, word: &Word, by_name_only: bool) -> f64 {
    let odds = if by_name_only { (rule.confidence / (1.0 - rule.confidence).max(0.01)).ln() } else { 0.85 };
    match word.source {
        WordSource::Table => odds - 1.2,
        _ if word.exact => odds,
        _ => odds - 0.4,
    }
}

pub(super) fn reason(word: &Word) -> Reason {
    let text = word.text.clone();
    match word.source {
        WordSource::Name => Reason::ColumnWord { word: text },
        WordSource::Comment => Reason::CommentWord { word: text },
        WordSource::Type => Reason::TypeWord { word: text },
        WordSource::Table => Reason::TableWord { word: text },
    }
}
