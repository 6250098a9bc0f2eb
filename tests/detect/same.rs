//! The detector and the plain reference find the same, and what must hold for any text holds.
//!
//! `PROPTEST_CASES=20000 cargo test --release --test detect same` is the long run.

use std::sync::LazyLock;

use proptest::prelude::*;
use sanera::detect::Hits;
use sanera::rule::RuleSet;

use crate::generate::{cell, column};
use crate::reference::{Found, Reference};
use crate::{DETECTOR, cells};

static REFERENCE: LazyLock<Reference> = LazyLock::new(|| Reference::new(RuleSet::built_in()));

fn config() -> ProptestConfig {
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { ProptestConfig::default().cases } else { 200 };
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

fn scan<T: AsRef<[u8]>>(texts: &[T], hits: &mut Hits) -> Vec<Found> {
    DETECTOR.scan(&cells(texts), &DETECTOR.select(""), hits);
    let found = hits.list.iter().map(|hit| Found {
        rule: usize::from(hit.rule),
        cell: hit.cell as usize,
        start: hit.start as usize,
        end: hit.end as usize,
        whole: hit.whole,
        confidence: hit.confidence,
        kind: hit.kind,
        normal: hits.normal(hit).to_owned(),
    });
    found.collect()
}

/// Compares, naming rules in place of their numbers.
fn assert_same(texts: &[String]) {
    let mut hits = Hits::default();
    let found = scan(texts, &mut hits);
    let (expected, refused) = REFERENCE.scan(&cells(texts));
    let ids = |found: &[Found]| {
        let id = |found: &Found| (DETECTOR.rules().rules[found.rule].id.clone(), found.clone());
        found.iter().map(id).collect::<Vec<_>>()
    };
    assert_eq!(ids(&found), ids(&expected), "left: the detector, right: the reference, in {texts:?}");
    for (rule, (own, expected)) in DETECTOR.rules().rules.iter().zip(hits.refused.iter().zip(&refused)) {
        assert_eq!(own, expected, "refused by {} in {texts:?}", rule.id);
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn as_the_reference(texts in column()) {
        assert_same(&texts);
    }

    /// Cells never influence each other, and a buffer that is used again is as good as a new one.
    #[test]
    fn a_column_is_its_cells(texts in column()) {
        let mut hits = Hits::default();
        let together = scan(&texts, &mut hits);
        let mut alone = Vec::new();
        for (index, text) in texts.iter().enumerate() {
            alone.extend(scan(&[text], &mut hits).into_iter().map(|found| Found { cell: index, ..found }));
        }
        prop_assert_eq!(&together, &alone);
        let sorted = together.is_sorted_by_key(|found| (found.cell, found.start, found.end, found.rule));
        prop_assert!(sorted);
    }

    /// Any bytes become cells of valid text; spans stand on borders of characters.
    #[test]
    fn any_bytes_are_borne(texts in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..200), 0..5)) {
        spans_are_sound(&texts);
    }

    #[test]
    fn any_text_is_borne(texts in prop::collection::vec("(?s).{0,100}", 1..5), one in cell()) {
        spans_are_sound(&[texts, vec![one]].concat());
    }
}

fn spans_are_sound<T: AsRef<[u8]>>(texts: &[T]) {
    let cells = cells(texts);
    for found in scan(texts, &mut Hits::default()) {
        let text = std::str::from_utf8(cells.get(found.cell)).unwrap();
        assert!(text.get(found.start..found.end).is_some_and(|span| !span.trim().is_empty()));
    }
}

#[test]
fn places_that_were_once_missed() {
    for text in [
        // An optional part that ends inside a word, before a shorter match.
        "Storgatan 12 Bengt",
        "Storgatan 12 B",
        "bor på Storgatan 12 lgh 1102b",
        // A longer match that the validator refuses.
        "ring +46 70 174 06 05 2024",
        "ring +46701740605 1000 kr",
        // A rare byte inside a hit that was found from another one.
        "anna@example.com@example.se",
        "59.3293 N, 18.0686 E, 59.3293 N",
        // Compact after a dashed one.
        "640823-2392640823-2392,6408232392.orgnr",
        // A chain of hits that overlap pairwise.
        "114 55 070-174 06 05 640823-2392",
    ] {
        assert_same(&[text.to_owned()]);
    }
}
