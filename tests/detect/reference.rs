//! The plain reference: every rule alone on every cell, every start and every end tried, by the `regex` crate. No
//! prefilter, no anchors, nothing shared with the detector but the rules, the validators and the name recogniser.

use regex::Regex;
use sanera::cells::Cells;
use sanera::detect::names::{NameSpan, Names, normalise};
use sanera::finding::Category;
use sanera::rule::{Matcher, Rule, RuleSet, fold};

use crate::TODAY;

/// A hit, with its normal form.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Found {
    pub(crate) rule: usize,
    pub(crate) cell: usize,
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) whole: bool,
    pub(crate) confidence: f32,
    pub(crate) kind: &'static str,
    pub(crate) normal: String,
}

pub(crate) struct Reference {
    rules: RuleSet,
    patterns: Vec<Vec<Shape>>,
    names: Names,
}

/// A pattern for a text from its first to its last byte, and for its beginning only, which tells quickly.
struct Shape {
    whole: Regex,
    beginning: Regex,
    /// Begins with `^`, ends with `$`: a cell's, whatever part of it is looked at.
    anchored: [bool; 2],
}

/// No hit is longer.
const LONGEST: usize = 1000;

impl Reference {
    pub(crate) fn new(rules: RuleSet) -> Self {
        let regex = |text: String| Regex::new(&text).unwrap();
        let shape = |pattern: &String| Shape {
            whole: regex(format!(r"\A(?:{pattern})\z")),
            beginning: regex(format!(r"\A(?:{})", pattern.trim_end_matches('$'))),
            anchored: [pattern.starts_with('^'), pattern.ends_with('$')],
        };
        let patterns = rules.rules.iter().map(|rule| match &rule.matcher {
            Matcher::Patterns(patterns) => patterns.iter().map(shape).collect(),
            Matcher::Lexicon(_) | Matcher::ColumnName => Vec::new(),
        });
        Self { patterns: patterns.collect(), names: Names::new(&rules.lexicons), rules }
    }

    /// All hits after overlaps are resolved, by cell, start, end and rule, for a column of no telling name; and how
    /// many cells each rule's validator refused as a whole.
    pub(crate) fn scan(&self, cells: &Cells) -> (Vec<Found>, Vec<u32>) {
        let mut all = Vec::new();
        let mut refused = vec![0; self.rules.rules.len()];
        for (cell, text) in cells.iter().enumerate() {
            let text = std::str::from_utf8(text).unwrap();
            let mut found = Vec::new();
            // There are no columns here, and so none of a name.
            let anywhere = |(rule, _): &(usize, &mut u32)| !self.rules.rules[*rule].only_named;
            for (rule, refused) in refused.iter_mut().enumerate().filter(anywhere) {
                *refused += u32::from(self.find(rule, cell, text, &mut found));
            }
            found.retain_mut(|found| weigh(&self.rules, text, found));
            let mut kept = self.strongest(found);
            kept.sort_by_key(|found| (found.start, found.end, found.rule));
            all.extend(kept);
        }
        (all, refused)
    }

    /// Finds what a rule says of a cell; tells whether its validator refused the cell as a whole.
    fn find(&self, index: usize, cell: usize, text: &str, out: &mut Vec<Found>) -> bool {
        let rule = &self.rules.rules[index];
        let mut refused = false;
        for shape in &self.patterns[index] {
            let mut start = 0;
            while let Some(character) = text[start..].chars().next() {
                let may_begin = may_begin(rule, text, start) && (start == 0 || !shape.anchored[0]);
                let accepted = if may_begin && shape.beginning.is_match(&text[start..]) {
                    ends(rule, shape, text, start).find_map(|end| {
                        let mut normal = String::new();
                        let part = part(shape, text, start..end);
                        let kind = normalised(rule, &text[part.clone()], &mut normal);
                        refused |= kind.is_none() && is_whole(text, part.start, part.end);
                        let found = |kind| (end, hit(rule, index, cell, text, part.start, part.end, kind, normal));
                        kind.map(found)
                    })
                } else {
                    None
                };
                start = accepted.as_ref().map_or(start + character.len_utf8(), |(end, _)| *end);
                out.extend(accepted.map(|(_, found)| found));
            }
        }
        if let Matcher::Lexicon(lists) = &rule.matcher {
            for NameSpan { start, end, confidence } in self.words(rule, lists, text) {
                let mut normal = String::new();
                let kind = normalised(rule, &text[start..end], &mut normal).unwrap();
                let found = hit(rule, index, cell, text, start, end, kind, normal);
                out.push(Found { confidence, ..found });
            }
        }
        refused
    }

    /// What the name recogniser or the word lists say: of the whole cell if it is short, else of names within it.
    fn words(&self, rule: &Rule, lists: &[String], text: &str) -> Vec<NameSpan> {
        let trimmed = text.trim();
        let confidence = match rule.category {
            _ if trimmed.is_empty() || trimmed.len() > 80 => 0.0,
            Category::PersonName => self.names.full(trimmed),
            Category::GivenName => self.names.given(trimmed),
            Category::FamilyName => self.names.family(trimmed),
            _ => {
                let weights = lists.iter().map(|list| self.rules.lexicons.0[list].weight(&fold(trimmed)));
                weights.fold(0.0, f32::max)
            }
        };
        if confidence >= 0.5 {
            let start = text.find(trimmed).unwrap();
            return vec![NameSpan { start, end: start + trimmed.len(), confidence }];
        }
        let mut spans = Vec::new();
        if rule.category == Category::PersonName {
            self.names.find(text, &mut spans);
        }
        spans
    }

    /// The strongest, then the strongest of those that do not conflict with it, and so on.
    fn strongest(&self, mut found: Vec<Found>) -> Vec<Found> {
        let mut kept = Vec::new();
        while let Some(best) = found.iter().cloned().reduce(|a, b| if self.is_stronger(&b, &a) { b } else { a }) {
            found.retain(|other| *other != best && !self.conflict(&best, other));
            kept.push(best);
        }
        kept
    }

    /// A whole cell that passed a check, then what is more certain, longer, of an earlier rule, at an earlier place.
    fn is_stronger(&self, a: &Found, b: &Found) -> bool {
        let checked = |found: &Found| found.whole && self.rules.rules[found.rule].validator.is_some();
        let key = |found: &Found| (found.end - found.start, usize::MAX - found.rule, usize::MAX - found.start);
        let surer = a.confidence > b.confidence || a.confidence >= b.confidence && key(a) > key(b);
        checked(a) && !checked(b) || checked(a) == checked(b) && surer
    }

    fn conflict(&self, a: &Found, b: &Found) -> bool {
        let (first, second) = (&self.rules.rules[a.rule], &self.rules.rules[b.rule]);
        let apart = a.end <= b.start || b.end <= a.start;
        let a_in_b = b.start <= a.start && a.end <= b.end;
        let b_in_a = a.start <= b.start && b.end <= a.end;
        match (a_in_b, b_in_a) {
            _ if apart => false,
            _ if first.category == second.category => true,
            (false, false) => true,
            // A sole trader's number is his own, also inside a VAT number, and so is an account's.
            _ if of_one_person(first, second)
                && (a_in_b && b_in_a || first.names_a_part() || second.names_a_part()) =>
            {
                false
            }
            (true, true) => !(a.whole && b.whole),
            _ => first.validator.is_some() && second.validator.is_some(),
        }
    }
}

/// Whether one rule is of personal numbers and the other of numbers that may hold one.
fn of_one_person(first: &Rule, second: &Rule) -> bool {
    let may_hold = |rule: &Rule| matches!(rule.category, Category::OrganisationNumber | Category::BankAccount);
    let person = |rule: &Rule| rule.category == Category::PersonalNumber;
    person(first) && may_hold(second) || may_hold(first) && person(second)
}

#[expect(clippy::too_many_arguments, reason = "the parts of a hit, each once")]
fn hit(
    rule: &Rule,
    index: usize,
    cell: usize,
    text: &str,
    start: usize,
    end: usize,
    kind: &'static str,
    normal: String,
) -> Found {
    #[expect(clippy::cast_possible_truncation, reason = "a probability")]
    let confidence = rule.confidence as f32;
    Found { rule: index, cell, start, end, whole: is_whole(text, start, end), confidence, kind, normal }
}

fn normalised(rule: &Rule, text: &str, normal: &mut String) -> Option<&'static str> {
    match (rule.validator, rule.category) {
        (Some(validator), _) => {
            return validator.check_in(rule.country.as_deref().unwrap_or("SE"), text, TODAY, normal);
        }
        (None, Category::PersonName | Category::GivenName | Category::FamilyName) => normalise(text, normal),
        (None, _) => normal.push_str(&text.split_whitespace().map(fold).collect::<Vec<_>>().join(" ")),
    }
    Some("")
}

fn is_whole(text: &str, start: usize, end: usize) -> bool {
    format!("{}{}", &text[..start], &text[end..]).chars().all(char::is_whitespace)
}

/// Letters, digits and what combines with them, of any script.
fn in_word(c: char) -> bool {
    c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c)
}

fn may_begin(rule: &Rule, text: &str, start: usize) -> bool {
    text[..start].chars().next_back().is_none_or(|c| !in_word(c) && !rule.not_before.contains(c))
}

/// A pattern's group, or all of its match.
fn part(shape: &Shape, text: &str, found: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let captures = shape.whole.captures(&text[found.clone()]).unwrap();
    captures.get(1).map_or(found.clone(), |group| found.start + group.start()..found.start + group.end())
}

/// The ends of matches from `start` that touch no word, the longest first.
fn ends<'a>(rule: &'a Rule, shape: &'a Shape, text: &'a str, start: usize) -> impl Iterator<Item = usize> + 'a {
    let ends = (start + 1..=text.len().min(start + LONGEST)).rev().filter(|end| text.is_char_boundary(*end));
    let free = |end: &usize| {
        let mut rest = text[*end..].chars();
        let (after, then) = (rest.next(), rest.next());
        // A full stop or comma is the sentence's, unless a word follows at once.
        let goes_on = |c: char| rule.not_after.contains(c) && (!".,:".contains(c) || then.is_some_and(in_word));
        after.is_none_or(|c| !in_word(c) && !goes_on(c) && !shape.anchored[1])
    };
    ends.filter(free).filter(move |end| shape.whole.is_match(&text[start..*end]))
}

/// Weighs a hit by the words around it; tells whether it stays.
fn weigh(rules: &RuleSet, text: &str, found: &mut Found) -> bool {
    let rule = &rules.rules[found.rule];
    let holds = |word: &String| text.to_lowercase().contains(word.as_str());
    if !rule.keywords.is_empty() && !rule.keywords.iter().any(holds) {
        return false;
    }
    if found.whole {
        return true;
    }
    if rule.category.whole_cell_only() {
        return false;
    }
    let before = &text.as_bytes()[found.start.saturating_sub(64)..found.start];
    let after = &text.as_bytes()[found.end..text.len().min(found.end + 32)];
    let around = [before, after].map(|part| {
        // Characters that are cut fall away.
        let whole = part.utf8_chunks().map(|chunk| chunk.valid()).collect::<String>();
        whole.chars().flat_map(char::to_lowercase).collect::<String>()
    });
    let ends_clause = |c: char| "0123456789,;|\t\r\n".contains(c);
    let clauses = [around[0].rsplit(ends_clause).next().unwrap(), around[1].split(ends_clause).next().unwrap()];
    let has =
        |words: &[String], parts: [&str; 2]| words.iter().any(|word| parts.iter().any(|part| stands_in(word, part)));
    match (has(&rule.context, around.each_ref().map(String::as_str)), has(&rule.not_context, clauses)) {
        (true, false) => found.confidence = found.confidence.max(0.97),
        (false, true) => found.confidence *= 0.25,
        _ => {}
    }
    found.confidence >= 0.5
}

/// Whether a word stands in a text: its beginning is a word's beginning unless it is long; if it is short, its end is a
/// word's end.
fn stands_in(word: &str, text: &str) -> bool {
    text.char_indices().filter(|(at, _)| text[*at..].starts_with(word)).any(|(at, _)| {
        let begins = !text[..at].chars().next_back().is_some_and(in_word);
        let ends = !text[at + word.len()..].chars().next().is_some_and(in_word);
        (begins || word.len() >= 6) && (ends || word.len() > 4)
    })
}
