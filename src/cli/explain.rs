//! `rules explain`: which rules find a value, which refuse it, and what its column's name adds. The value itself is
//! never repeated.

use std::fmt::Write;
use std::path::PathBuf;

use sanera::Result;
use sanera::cells::Cells;
use sanera::detect::{Detector, Hits};
use sanera::exit::Exit;
use sanera::finding::Category;
use sanera::rule::Matcher;
use serde::Serialize;

use super::detect::{CharacterOffsets, rounded};
use super::output::Output;
use super::{Context, search};

/// The document of `--json`.
#[derive(Serialize)]
struct Explanation<'a> {
    version: u8,
    hits: Vec<Found<'a>>,
    refused: Vec<Refused<'a>>,
    column: Option<Named>,
}

/// A place in which a rule holds; offsets count characters, as in `detect`.
#[derive(Serialize)]
struct Found<'a> {
    category: Category,
    rule: &'a str,
    start: usize,
    end: usize,
    whole: bool,
    /// Whether a check beyond the shape was passed.
    checked: bool,
    kind: &'static str,
    confidence: f64,
}

/// A rule whose shape fits the whole value and whose check fails.
#[derive(Serialize)]
struct Refused<'a> {
    category: Category,
    rule: &'a str,
}

/// What the column's name says.
#[derive(Serialize)]
struct Named {
    words: Vec<Telling>,
    against: Vec<Against>,
}

#[derive(Serialize)]
struct Telling {
    category: Category,
    word: String,
    /// A whole word of the name; else a part of a compound, which counts less.
    exact: bool,
    /// Nothing but names is known of this category.
    decides: bool,
}

#[derive(Serialize)]
struct Against {
    category: Category,
    word: String,
}

pub(super) fn run(context: &Context, value: &str, column: Option<&str>, folders: &[PathBuf]) -> Result<Exit> {
    let value = search::given(value)?;
    let detector = Context::detector(folders)?;
    let explanation = explain(&detector, value.expose(), column);
    if context.common.json {
        Output::write_json(None, &explanation)?;
    } else {
        Output::write_to(None, explanation.text().as_bytes())?;
    }
    Ok(Exit::Done)
}

fn explain<'a>(detector: &'a Detector, value: &str, column: Option<&str>) -> Explanation<'a> {
    let mut cells = Cells::default();
    cells.push_text(value.as_bytes());
    let mut hits = Hits::default();
    detector.scan(&cells, &detector.select(column.unwrap_or_default()), &mut hits);
    let rules = &detector.rules().rules;
    let offsets = CharacterOffsets::new(value, &hits.list);
    let found = hits.list.iter().map(|hit| {
        let rule = &rules[usize::from(hit.rule)];
        Found {
            category: rule.category,
            rule: &rule.id,
            start: offsets.at(hit.start),
            end: offsets.at(hit.end),
            whole: hit.whole,
            checked: rule.validator.is_some(),
            kind: hit.kind,
            confidence: rounded(hit.confidence),
        }
    });
    let refused = rules.iter().zip(&hits.refused).filter(|(_, refused)| **refused > 0);
    Explanation {
        version: 1,
        hits: found.collect(),
        refused: refused.map(|(rule, _)| Refused { category: rule.category, rule: &rule.id }).collect(),
        column: column.map(|column| name_says(detector, column)),
    }
}

fn name_says(detector: &Detector, column: &str) -> Named {
    let evidence = detector.vocabulary().read(column);
    let only_name = |category| {
        let mut rules = detector.rules().rules.iter().filter(|rule| rule.category == category);
        rules.all(|rule| matches!(rule.matcher, Matcher::ColumnName))
    };
    let words = evidence.words.into_iter().map(|(category, word)| Telling {
        category,
        word: word.text,
        exact: word.exact,
        decides: only_name(category),
    });
    let against = evidence.against.into_iter().map(|(category, word)| Against { category, word });
    Named { words: words.collect(), against: against.collect() }
}

impl Explanation<'_> {
    /// For people.
    fn text(&self) -> String {
        let mut text = String::new();
        for hit in &self.hits {
            let what = if hit.checked { "shape and check hold" } else { "found" };
            let kind = if hit.kind.is_empty() { String::new() } else { format!(", {}", hit.kind) };
            let extent =
                if hit.whole { "the whole value".into() } else { format!("characters {} to {}", hit.start, hit.end) };
            let _ = writeln!(
                text,
                "{}: {} ({what}{kind}; {extent}; {:.2} by itself)",
                hit.category, hit.rule, hit.confidence
            );
        }
        for refused in &self.refused {
            let _ = writeln!(text, "not {}: {} (the shape fits, its check fails)", refused.category, refused.rule);
        }
        if text.is_empty() {
            text.push_str("no rule holds\n");
        }
        if let Some(column) = &self.column {
            column.tell(&mut text);
        }
        text
    }
}

impl Named {
    fn tell(&self, text: &mut String) {
        if self.words.is_empty() {
            text.push_str("the column's name says nothing\n");
        }
        for word in &self.words {
            let how = match (word.exact, word.decides) {
                (_, true) => "; nothing but the name tells this category",
                (true, false) => "",
                (false, false) => "; as part of a compound, which counts less",
            };
            let _ = writeln!(text, "the column's name says {} (\"{}\"{how})", word.category, word.word);
        }
        for against in &self.against {
            let _ = writeln!(text, "the column's name speaks against {} (\"{}\")", against.category, against.word);
        }
    }
}
