//! Precision and recall on texts as people write them (`fixtures/texts.jsonl`): case notes, mails, lines of CSV and
//! logs, and look-alikes that hold nothing. A span counts if place and category are exactly right.
//!
//! `cargo test --test detect texts -- --nocapture` prints the figures and every miss. The fixture is invented.

use std::collections::BTreeMap;

use sanera::detect::Hit;
use serde::Deserialize;

use crate::DETECTOR;

/// What each category must reach: precision, recall.
const FLOORS: &[(&str, f64, f64)] = &[
    ("card_number", 1.0, 1.0),
    ("date_of_birth", 0.8, 1.0),
    ("email", 1.0, 1.0),
    ("iban", 1.0, 1.0),
    ("ip_address", 0.9, 1.0),
    ("organisation_number", 1.0, 0.66),
    ("person_name", 0.9, 0.95),
    ("personal_number", 1.0, 1.0),
    ("phone", 0.9, 0.9),
    ("postal_address", 0.85, 0.9),
    ("postal_code", 1.0, 1.0),
];

#[derive(Deserialize)]
struct Text {
    text: String,
    /// First character, character after the last, category.
    spans: Vec<(usize, usize, String)>,
}

/// Right, wrong and missed.
#[derive(Default)]
struct Score {
    right: u32,
    wrong: u32,
    missed: u32,
}

impl Score {
    fn precision(&self) -> f64 {
        share(self.right, self.wrong)
    }

    fn recall(&self) -> f64 {
        share(self.right, self.missed)
    }
}

fn share(right: u32, other: u32) -> f64 {
    if right + other == 0 { 1.0 } else { f64::from(right) / f64::from(right + other) }
}

#[test]
fn texts_are_read_as_people_read_them() {
    let texts = include_str!("../../fixtures/texts.jsonl").lines();
    let texts: Vec<Text> = texts.map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(texts.len() >= 120);
    let mut scores: BTreeMap<String, Score> = BTreeMap::new();
    for (number, text) in texts.iter().enumerate() {
        compare(number + 1, text, &mut scores);
    }
    for (category, score) in &scores {
        let (precision, recall) = (score.precision(), score.recall());
        println!(
            "{category:22} {precision:.3} {recall:.3}   {} right, {} wrong, {} missed",
            score.right, score.wrong, score.missed
        );
    }
    for (category, precision, recall) in FLOORS {
        let score = &scores[*category];
        assert!(score.precision() >= *precision, "{category}: precision {:.3}", score.precision());
        assert!(score.recall() >= *recall, "{category}: recall {:.3}", score.recall());
    }
}

fn compare(line: usize, text: &Text, scores: &mut BTreeMap<String, Score>) {
    let hits = DETECTOR.text(&text.text);
    let characters = |at: u32| text.text[..at as usize].chars().count();
    let span = |hit: Hit| (characters(hit.start), characters(hit.end), DETECTOR.category(&hit).name().to_owned());
    let found: Vec<_> = hits.list.iter().copied().map(span).collect();
    for span in &text.spans {
        let score = scores.entry(span.2.clone()).or_default();
        if found.contains(span) {
            score.right += 1;
        } else {
            score.missed += 1;
            println!("line {line}: missed {span:?} in {:?}", text.text);
        }
    }
    for span in found.iter().filter(|span| !text.spans.contains(span)) {
        scores.entry(span.2.clone()).or_default().wrong += 1;
        println!("line {line}: wrong {span:?} in {:?}", text.text);
    }
}
