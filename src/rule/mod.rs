//! Rules: how each category is recognised. A rule is data (TOML, in `rules/` or the user's folder) and carries
//! examples of what it must find and must not find.
//!
//! Here is the model. [`load`] reads files into it and reports every problem at once; matching is `detect`'s.

mod built_in;
mod change;
pub mod lexicon;
pub mod load;
mod pattern;
mod problem;
mod read;
pub mod words;

use crate::catalog::TypeClass;
use crate::finding::Category;
use crate::validate::Validator;

pub use change::Allowed;
pub use lexicon::{Lexicon, Lexicons};

/// All rules of a run, in a stable order, and the word lists that they name.
#[derive(Clone, Debug)]
pub struct RuleSet {
    /// The rules; a hit names its rule by the index here.
    pub rules: Vec<Rule>,
    /// The word lists.
    pub lexicons: Lexicons,
    /// Values that are no findings, whatever rule finds them.
    pub allowed: Vec<Allowed>,
    /// SHA-256 of all rule files and lists, in hex: two maps with the same digest were made by the same rules.
    pub digest: String,
}

/// How one category is recognised.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Unique, lower case with hyphens: `se-personnummer`.
    pub id: String,
    /// What it finds.
    pub category: Category,
    /// ISO 3166 code of the country whose rules it follows.
    pub country: Option<String>,
    /// One line for people.
    pub description: String,
    /// How a place is found.
    pub matcher: Matcher,
    /// What a found text must also pass.
    pub validator: Option<Validator>,
    /// Share of unrelated values of the right shape that pass pattern and validator, 0 to 1. A column's hit rate is
    /// compared with it.
    pub chance_rate: f64,
    /// Share of the numbers of other systems that pass: order numbers with a check digit, dates in a row. Where a rule
    /// does not say it, 15 times the chance rate and at most 0.2 more than that.
    pub look_alike_rate: Option<f64>,
    /// If not empty: the cell, or its column's name, must hold one of these (folded) or there is no hit.
    pub keywords: Vec<String>,
    /// Folded words that near a hit (64 bytes before, 32 after) make it certain.
    pub context: Vec<String>,
    /// Folded words that near a hit make it improbable.
    pub not_context: Vec<String>,
    /// Characters that may not stand directly before a hit, beside letters and digits of any script, which never may.
    pub not_before: String,
    /// Characters that may not stand directly after a hit, beside letters and digits. A full stop, comma or colon only
    /// counts where a letter or digit follows it: it may end the sentence.
    pub not_after: String,
    /// Folded words of column names that speak for the category: whole words or short forms (`pnr`, `fnamn`).
    pub column_words: Vec<String>,
    /// Type families in which the rule can hold; empty means all.
    pub types: Vec<TypeClass>,
    /// Holds in whole cells only, and only where the column's name has one of the category's words: shapes that many other
    /// things have, such as a salary's or a log-in's.
    pub only_named: bool,
    /// Probability that a hit in prose without any context is right, 0 to 1. Below 0.5 a hit in prose counts only with
    /// a context word.
    pub confidence: f64,
    /// How much harm a leak does.
    pub sensitivity: Sensitivity,
    /// The statute, standard or agency page that the rule follows.
    pub reference: Option<String>,
    /// Texts in which the rule must hold: prose, a whole cell where the category is found in whole cells only, a
    /// column's name where only the name speaks ([`Matcher::ColumnName`]).
    pub matches: Vec<String>,
    /// Texts of the same kind in which it must not.
    pub rejects: Vec<String>,
}

impl Rule {
    /// Whether the hit is a part of what each of its patterns describes: the personal number inside a VAT number.
    pub fn names_a_part(&self) -> bool {
        let group = |pattern: &String| {
            let bytes = pattern.as_bytes();
            let opens = |at: usize| {
                bytes[at] == b'(' && bytes.get(at + 1) != Some(&b'?') && (at == 0 || bytes[at - 1] != b'\\')
            };
            (0..bytes.len()).any(opens)
        };
        matches!(&self.matcher, Matcher::Patterns(patterns) if patterns.iter().all(group))
    }

    /// Whether the rule can hold in columns of that type.
    pub fn fits(&self, class: TypeClass) -> bool {
        self.types.is_empty() || self.types.contains(&class)
    }

    /// Whether a word found in a name is one of the rule's own, not of another rule of its category: `parti` says less of
    /// an opinion than `partimedlem`, and each stands in a rule that says how much.
    pub fn has_column_word(&self, word: &str) -> bool {
        self.column_words.iter().any(|own| own == word || words::plain(own) == words::plain(word))
    }
}

/// What a rule looks for.
#[derive(Clone, Debug)]
pub enum Matcher {
    /// Regular expressions of the `regex` crate, without look-around and without Unicode classes: `[0-9]`, not `\d`.
    /// With a group `(…)` in it, only the group is the hit and the rest is what must stand beside it.
    /// A match may not touch a letter or digit on either side; the engine checks that, not the pattern.
    Patterns(Vec<String>),
    /// Words of these lists, through the name recogniser.
    Lexicon(Vec<String>),
    /// Nothing in the cells: only the column's name speaks.
    ColumnName,
}

/// How much harm a leak does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sensitivity {
    /// Public or nearly so.
    Low,
    /// Ordinary personal data.
    Medium,
    /// Extra worthy of protection: personal numbers, accounts, salary.
    High,
    /// Art. 9 and 10.
    Special,
}

/// Folds a word or text for comparison: lower case, å ä ö kept, composed (NFC).
pub fn fold(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    text.nfc().flat_map(char::to_lowercase).collect()
}
