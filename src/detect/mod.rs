//! The detector: finds where rules hold in text. Pure: text in, hits out.
//!
//! [`Detector::scan`] is what the pipeline calls, for one column of a batch. [`Detector::text`] is for prose on its own.
//! A place is worth trying when the first bytes or a rare byte of a pattern stand there (`prefix`, `pattern`); then
//! the pattern must hold, touch no word on either side, and pass its validator. Names come from [`names`]. What is left
//! is weighed by the words around it (`context`) and cleared of overlaps (`overlap`).

mod border;
mod context;
mod examples;
mod hit;
pub mod names;
mod overlap;
mod pattern;
mod places;
mod prefix;
mod words;

use std::collections::{BTreeMap, HashSet};

use crate::cells::Cells;
use crate::finding::Category;
use crate::rule::words::{Vocabulary, Word, WordSource};
use crate::rule::{Matcher, Rule, RuleSet, fold};
use crate::{Error, Result};
use context::Context;
pub use hit::{Hit, Hits};
use names::Names;
use pattern::{Anchor, Pattern};
use prefix::PrefixTable;
use words::WordRule;

/// Which rules a column's cells are tried with: all but those whose keywords could only come from the column's name
/// and don't.
#[derive(Clone, Debug)]
pub struct Selection {
    /// By rule: the column's name is one the rule holds in, or it holds in all.
    named: Vec<bool>,
    /// By rule: it holds in columns of other names only and need not be tried.
    left_out: Vec<bool>,
}

impl Selection {
    fn leaves_out(&self, rule: u16) -> bool {
        self.left_out[usize::from(rule)]
    }
}

/// Hits in prose below this need a word of context.
const CERTAIN_ENOUGH: f32 = 0.5;

/// White space around a hit that is still the whole cell: fixed-width columns are padded.
const PADDING: usize = 4096;

/// The country whose forms rules without one follow.
const HOME: &str = "SE";

/// Rules, compiled. Shared by all workers.
pub struct Detector {
    rules: RuleSet,
    patterns: Vec<Pattern>,
    prefixes: PrefixTable,
    /// Patterns by the rare byte inside them.
    inside: BTreeMap<u8, Vec<usize>>,
    contexts: Vec<Context>,
    names: Names,
    /// Rules whose matcher is the name recogniser or a word list.
    words: Vec<WordRule>,
    vocabulary: Vocabulary,
    /// By rule: normal forms of values that are no findings.
    allowed: Vec<HashSet<String>>,
    today: jiff::civil::Date,
}

impl Detector {
    /// Compiles rules. `today` decides the century of a personal number of ten digits.
    pub fn new(rules: RuleSet, today: jiff::civil::Date) -> Result<Self> {
        let mut patterns = Vec::new();
        let mut words = Vec::new();
        for (index, rule) in rules.rules.iter().enumerate() {
            let index = u16::try_from(index).map_err(|_| Error::Usage("more than 65,535 rules".into()))?;
            match &rule.matcher {
                Matcher::Patterns(list) => {
                    for text in list {
                        let pattern = Pattern::new(index, text, &rule.not_before, &rule.not_after);
                        let refuse = |reason| Error::Problems(format!("rule {}: pattern: {reason}", rule.id));
                        patterns.push(pattern.map_err(refuse)?);
                    }
                }
                Matcher::Lexicon(lists) => words.push(WordRule::new(index, rule.category, lists)),
                Matcher::ColumnName => {}
            }
        }
        let starts = patterns.iter().enumerate().filter_map(|(number, pattern)| match &pattern.anchor {
            Anchor::Start(sets) => Some((number, &**sets)),
            Anchor::Inside { .. } => None,
        });
        let prefixes = PrefixTable::new(starts);
        let mut inside: BTreeMap<u8, Vec<usize>> = BTreeMap::new();
        for (number, pattern) in patterns.iter().enumerate() {
            if let Anchor::Inside { byte, .. } = pattern.anchor {
                inside.entry(byte).or_default().push(number);
            }
        }
        let contexts = rules.rules.iter().map(Context::new).collect();
        let names = Names::new(&rules.lexicons);
        let vocabulary = Vocabulary::new(&rules);
        let allowed = rules.rules.iter().map(|rule| allowed(&rules, rule, today)).collect();
        Ok(Self { rules, patterns, prefixes, inside, contexts, names, words, vocabulary, allowed, today })
    }

    /// The rules it was made of.
    pub fn rules(&self) -> &RuleSet {
        &self.rules
    }

    /// The rules' column words.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// Patterns that begin with nearly any byte and so slow every scan, by rule id: `rules check` tells of them.
    pub fn slow_rules(&self) -> Vec<&str> {
        let weak = self.patterns.iter().filter(|pattern| pattern.is_weak());
        weak.map(|pattern| self.rules.rules[usize::from(pattern.rule)].id.as_str()).collect()
    }

    /// The rules to try on a column of that name.
    pub fn select(&self, column: &str) -> Selection {
        self.select_in(column, &[])
    }

    /// The rules to try on a column, or under a key, of that name in a table, or under keys, of those names.
    pub fn select_in(&self, column: &str, around: &[&str]) -> Selection {
        let evidence = self.vocabulary.read_in(column, around);
        let column = fold(column);
        let named = |rule: &Rule| {
            if rule.only_named {
                // What a table's name says is no rule's own word.
                let of_table = |word: &Word| word.source == WordSource::Table;
                let own = |word: &Word| {
                    rule.column_words.is_empty() || of_table(word) || rule.column_words.contains(&word.text)
                };
                evidence.word(rule.category).is_some_and(own)
            } else {
                rule.keywords.is_empty() || rule.keywords.iter().any(|word| context::holds(&column, word))
            }
        };
        let named: Vec<bool> = self.rules.rules.iter().map(named).collect();
        let left_out = self.rules.rules.iter().zip(&named).map(|(rule, named)| rule.only_named && !named).collect();
        Selection { named, left_out }
    }

    /// All hits in one column's cells, in order of cell and start. Of hits that cross or say the same place twice, the
    /// stronger stays.
    pub fn scan(&self, cells: &Cells, selection: &Selection, hits: &mut Hits) {
        hits.clear();
        hits.refused.resize(self.rules.rules.len(), 0);
        hits.refused_places.resize(self.rules.rules.len(), 0);
        hits.refused_before.resize(self.rules.rules.len(), 0);
        self.scan_starts(cells, selection, hits);
        self.scan_inside(cells, selection, hits);
        self.scan_words(cells, selection, hits);
        hits.list.sort_unstable_by_key(|hit| (hit.cell, hit.start, hit.end, hit.rule));
        self.weigh(cells, selection, hits);
        overlap::resolve(&self.rules, &mut hits.list);
    }

    /// Hits in one text of prose: no given names, family names or towns, which only whole cells tell.
    pub fn text(&self, text: &str) -> Hits {
        let mut cells = Cells::default();
        cells.push_text(text.as_bytes());
        let mut hits = Hits::default();
        self.scan(&cells, &self.select(""), &mut hits);
        let prose = |hit: &Hit| !self.category(hit).whole_cell_only() && hit.confidence >= CERTAIN_ENOUGH;
        hits.list.retain(prose);
        hits
    }

    fn rule(&self, hit: &Hit) -> &Rule {
        &self.rules.rules[usize::from(hit.rule)]
    }

    /// The category that a hit stands for.
    pub fn category(&self, hit: &Hit) -> Category {
        self.rule(hit).category
    }

    /// Whether a validator agreed to the hit.
    pub fn is_checked(&self, hit: &Hit) -> bool {
        self.rule(hit).validator.is_some()
    }

    /// Adds a hit if its rule's validator agrees.
    fn add(
        &self,
        rule: u16,
        cell: usize,
        text: &[u8],
        span: std::ops::Range<usize>,
        confidence: Option<f32>,
        hits: &mut Hits,
    ) -> bool {
        let Ok(found) = std::str::from_utf8(&text[span.clone()]) else { return false };
        let definition = &self.rules.rules[usize::from(rule)];
        let before = hits.normals.len();
        let kind = normalise(definition, found, self.today, &mut hits.normals);
        let blank = |part: &[u8]| std::str::from_utf8(part).is_ok_and(|part| part.trim().is_empty());
        let padded = text.len() - span.len() <= PADDING;
        let whole = padded && blank(&text[..span.start]) && blank(&text[span.end..]);
        let Some(kind) = kind else {
            hits.normals.truncate(before);
            if whole {
                hits.refuse(rule, position(cell));
            }
            return false;
        };
        let own = &self.allowed[usize::from(rule)];
        if !own.is_empty() && own.contains(&hits.normals[before..]) {
            hits.normals.truncate(before);
            // Looked at and settled: a shorter match of it is no hit either.
            return true;
        }
        #[expect(clippy::cast_possible_truncation, reason = "a probability loses nothing that matters")]
        let base = definition.confidence as f32;
        hits.list.push(Hit {
            rule,
            cell: position(cell),
            start: position(span.start),
            end: position(span.end),
            whole,
            confidence: confidence.unwrap_or(base),
            kind,
            normal: (position(before), position(hits.normals.len())),
        });
        true
    }

    /// Raises and lowers hits by the words around them, and drops what is left without support.
    fn weigh(&self, cells: &Cells, selection: &Selection, hits: &mut Hits) {
        let mut list = std::mem::take(&mut hits.list);
        // A cell is searched for a rule's keywords once, however many hits it has.
        let mut searched = vec![(None, false); self.rules.rules.len()];
        list.retain_mut(|hit| {
            let rule = self.rule(hit);
            let cell = cells.get(hit.cell as usize);
            let named = selection.named[usize::from(hit.rule)];
            if rule.only_named && !(named && hit.whole) {
                return false;
            }
            if !named {
                let (last, holds) = &mut searched[usize::from(hit.rule)];
                if last.replace(hit.cell) != Some(hit.cell) {
                    *holds = context::holds_any(cell, &rule.keywords, &mut hits.folded);
                }
                if !*holds {
                    return false;
                }
            }
            if hit.whole {
                return true;
            }
            if rule.category.whole_cell_only() {
                return false;
            }
            let span = hit.start as usize..hit.end as usize;
            hit.confidence = self.contexts[usize::from(hit.rule)].weigh(cell, span, hit.confidence, &mut hits.folded);
            hit.confidence >= CERTAIN_ENOUGH
        });
        hits.list = list;
    }
}

/// Appends the normal form of what a rule found and returns its kind; `None` if the rule's validator refuses it.
fn normalise(rule: &Rule, found: &str, today: jiff::civil::Date, normals: &mut String) -> Option<&'static str> {
    match (rule.validator, rule.category) {
        (Some(validator), _) => {
            return validator.check_in(rule.country.as_deref().unwrap_or(HOME), found, today, normals);
        }
        (None, Category::PersonName | Category::GivenName | Category::FamilyName) => names::normalise(found, normals),
        (None, _) => plain_normal(found, normals),
    }
    Some("")
}

/// The normal forms of the values that a pack allows, as a rule would find them.
fn allowed(rules: &RuleSet, rule: &Rule, today: jiff::civil::Date) -> HashSet<String> {
    let lists = rules.allowed.iter().filter(|list| list.category.is_none_or(|category| category == rule.category));
    let normal = |value: &String| {
        let mut normal = String::new();
        normalise(rule, value, today, &mut normal).map(|_| normal)
    };
    lists.flat_map(|list| &list.values).filter_map(normal).collect()
}

fn position(at: usize) -> u32 {
    u32::try_from(at).expect("batches are far below 4 GiB")
}

/// The normal form of a text without a validator: folded, runs of white space as one space.
fn plain_normal(text: &str, out: &mut String) {
    for (index, word) in text.split_whitespace().enumerate() {
        if index > 0 {
            out.push(' ');
        }
        out.push_str(&fold(word));
    }
}
