//! The detector: finds where rules hold in text. Pure: text in, hits out.
//!
//! [`Detector::scan`] is what the pipeline calls, for one column of a batch. [`Detector::text`] is for prose on its own.
//! A place is worth trying when the first bytes or a rare byte of a pattern stand there (`prefix`, `pattern`); then
//! the pattern must hold, touch no word on either side, and pass its validator. Names come from [`names`]. What is left
//! is weighed by the words around it (`context`) and cleared of overlaps (`overlap`).

mod border;
mod context;
mod examples;
pub mod names;
mod overlap;
mod pattern;
mod prefix;

use std::collections::{BTreeMap, HashSet};

use crate::cells::{Cells, SEPARATOR};
use crate::finding::Category;
use crate::rule::words::{Vocabulary, Word};
use crate::rule::{Matcher, Rule, RuleSet, fold};
use crate::{Error, Result};
use context::Context;
use names::{NameSpan, Names};
use pattern::{Anchor, Pattern};
use prefix::{BUCKETS, PrefixTable};

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
    normal: (u32, u32),
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
    refused_before: Vec<u32>,
    normals: String,
    spans: Vec<NameSpan>,
    folded: String,
    pattern_ends: Vec<usize>,
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

    fn refuse(&mut self, rule: u16, cell: u32) {
        let rule = usize::from(rule);
        self.refused[rule] += u32::from(self.refused_before[rule] <= cell);
        self.refused_before[rule] = self.refused_before[rule].max(cell + 1);
    }

    /// The normalised value of a hit. Personal data.
    pub fn normal(&self, hit: &Hit) -> &str {
        &self.normals[hit.normal.0 as usize..hit.normal.1 as usize]
    }
}

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

/// Cells longer than this are no single name or town.
const LONGEST_NAME: usize = 80;

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

/// A rule that looks words up instead of matching patterns.
struct WordRule {
    rule: u16,
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
                Matcher::Lexicon(lists) => words.push(WordRule { rule: index, kind: word_kind(rule, lists) }),
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
        let evidence = self.vocabulary.read(column);
        let column = fold(column);
        let named = |rule: &Rule| {
            if rule.only_named {
                let own = |word: &Word| rule.column_words.is_empty() || rule.column_words.contains(&word.text);
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

    /// Tries, at every beginning of a word or number, the patterns whose first bytes stand there.
    fn scan_starts(&self, cells: &Cells, selection: &Selection, hits: &mut Hits) {
        let buffer = cells.buffer();
        hits.pattern_ends.clear();
        hits.pattern_ends.resize(self.patterns.len(), 0);
        let (mut cell, mut after_word, mut digit) = (0, false, 0);
        for (at, byte) in buffer.iter().enumerate() {
            if *byte == SEPARATOR {
                (cell, after_word) = (cell + 1, false);
                continue;
            }
            // A byte beyond ASCII before this one is looked at only if something could begin here.
            if !after_word {
                let buckets = self.prefixes.at(&buffer[at..]);
                if buckets != 0 {
                    if digit < at || digit == 0 {
                        digit = next_digit(buffer, at);
                    }
                    self.try_buckets(cells, cell, at, &Near { buckets, digit: digit - at, selection }, hits);
                }
            }
            after_word = byte.is_ascii_alphanumeric();
        }
    }

    fn try_buckets(&self, cells: &Cells, cell: usize, at: usize, near: &Near<'_>, hits: &mut Hits) {
        let mut buckets = near.buckets;
        while buckets != 0 {
            let bucket = buckets.trailing_zeros() as usize;
            buckets &= buckets - 1;
            for number in (bucket..self.patterns.len()).step_by(BUCKETS) {
                let pattern = &self.patterns[number];
                let begins_here = matches!(pattern.anchor, Anchor::Start(_)) && near.digit < pattern.digit_within;
                if begins_here && !near.selection.leaves_out(pattern.rule) {
                    self.try_pattern(number, cells, cell, at, hits);
                }
            }
        }
    }

    /// Tries a pattern at a place of the buffer: the longest match that touches no word and that the validator accepts
    /// is a hit. A pattern's own hits do not overlap.
    fn try_pattern(&self, number: usize, cells: &Cells, cell: usize, at: usize, hits: &mut Hits) -> bool {
        if at < hits.pattern_ends[number] {
            return false;
        }
        let range = cells.range(cell);
        let (text, start) = (&cells.buffer()[range.clone()], at - range.start);
        let pattern = &self.patterns[number];
        let mut tried = false;
        let accepted = pattern.ends(text, start).find(|end| {
            tried = true;
            self.add(pattern.rule, cell, text, pattern.hit(text, start..*end), None, hits)
        });
        match accepted {
            Some(end) => hits.pattern_ends[number] = range.start + end,
            None if tried => hits.refused_places[usize::from(pattern.rule)] += 1,
            None => {}
        }
        accepted.is_some()
    }

    /// Finds rare bytes and goes left from each over what the pattern allows before it.
    fn scan_inside(&self, cells: &Cells, selection: &Selection, hits: &mut Hits) {
        for (byte, patterns) in &self.inside {
            let mut cell = 0;
            for at in memchr::memchr_iter(*byte, cells.buffer()) {
                while cells.range(cell).end < at {
                    cell += 1;
                }
                let tried = patterns.iter().filter(|number| !selection.leaves_out(self.patterns[**number].rule));
                for number in tried {
                    self.try_inside(*number, cells, cell, at, hits);
                }
            }
        }
    }

    fn try_inside(&self, number: usize, cells: &Cells, cell: usize, at: usize, hits: &mut Hits) {
        let Anchor::Inside { lead, longest, .. } = &self.patterns[number].anchor else { return };
        let buffer = cells.buffer();
        let floor = cells.range(cell).start.max(hits.pattern_ends[number]).max(at.saturating_sub(*longest));
        // Inside a hit of the pattern there is no other.
        let Some(before) = buffer.get(floor..at) else { return };
        let lead_length = before.iter().rev().take_while(|byte| lead[usize::from(**byte)]).count();
        let is_start = |start: &usize| buffer[*start] & 0xc0 != 0x80;
        for start in (at - lead_length..at).filter(is_start) {
            if self.try_pattern(number, cells, cell, start, hits) {
                return;
            }
        }
    }

    /// Names of persons anywhere; given names, family names and listed words as whole cells.
    fn scan_words(&self, cells: &Cells, selection: &Selection, hits: &mut Hits) {
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

/// What can be told of a place at a glance.
struct Near<'a> {
    /// Buckets of patterns that can begin there.
    buckets: u128,
    /// Bytes before the next digit.
    digit: usize,
    /// The rules to try there.
    selection: &'a Selection,
}

/// Where the next digit stands, or the buffer ends.
fn next_digit(buffer: &[u8], at: usize) -> usize {
    buffer[at..].iter().position(u8::is_ascii_digit).map_or(buffer.len(), |bytes| at + bytes)
}

fn position(at: usize) -> u32 {
    u32::try_from(at).expect("batches are far below 4 GiB")
}

fn word_kind(rule: &Rule, lists: &[String]) -> WordKind {
    match rule.category {
        Category::PersonName => WordKind::Person,
        Category::GivenName => WordKind::Given,
        Category::FamilyName => WordKind::Family,
        _ => WordKind::Listed(lists.to_vec()),
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

/// The normal form of a text without a validator: folded, runs of white space as one space.
fn plain_normal(text: &str, out: &mut String) {
    for (index, word) in text.split_whitespace().enumerate() {
        if index > 0 {
            out.push(' ');
        }
        out.push_str(&fold(word));
    }
}
