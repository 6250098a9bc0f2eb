//! Invented sentences as a case worker, a hall-booking clerk and a support agent write them, with the names that stand in
//! them, and floors under precision and recall.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::rule::Lexicon;

fn lexicons() -> Lexicons {
    let lists = [
        ("given_names", include_str!("../../../rules/lexicon/given_names.txt")),
        ("family_names", include_str!("../../../rules/lexicon/family_names.txt")),
        ("titles", include_str!("../../../rules/lexicon/titles.txt")),
        ("followers", include_str!("../../../rules/lexicon/followers.txt")),
        ("places", include_str!("../../../rules/lexicon/places.txt")),
        ("countries", include_str!("../../../rules/lexicon/countries.txt")),
        ("not_names", include_str!("../../../rules/lexicon/not_names.txt")),
    ];
    let parse = |(name, text): (&str, &str)| {
        let mut lexicon = Lexicon::default();
        assert_eq!(lexicon.add(text), [], "{name}");
        (name.to_owned(), lexicon)
    };
    Lexicons(lists.into_iter().map(parse).collect::<BTreeMap<_, _>>())
}

fn names() -> &'static Names {
    static NAMES: std::sync::OnceLock<Names> = std::sync::OnceLock::new();
    NAMES.get_or_init(|| Names::new(&lexicons()))
}

fn found(text: &str) -> Vec<&str> {
    let mut spans = Vec::new();
    names().find(text, &mut spans);
    spans.iter().map(|span| &text[span.start..span.end]).collect()
}

/// Sentences with their names in brackets.
const PROSE: &str = include_str!("prose.txt");
/// Sentences without a name.
const NO_NAMES: &str = include_str!("no_names.txt");

/// Names that stand in the sentences, names found, and names both found and there.
#[derive(Default)]
struct Count {
    there: usize,
    found: usize,
    right: usize,
    /// Sentences that were not read as they should.
    misread: Vec<String>,
}

impl Count {
    fn line(&mut self, line: &str) {
        let text = line.replace(['[', ']'], "");
        let expected: Vec<&str> = line.split('[').skip(1).filter_map(|rest| rest.split(']').next()).collect();
        let got = found(&text);
        self.there += expected.len();
        self.found += got.len();
        self.right += got.iter().filter(|name| expected.contains(name)).count();
        if got != expected {
            self.misread.push(format!("{line} -> {got:?}"));
        }
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "the measure is to be read with --nocapture")]
fn prose_is_read_with_the_measured_precision_and_recall() {
    assert!(PROSE.lines().count() >= 80 && NO_NAMES.lines().count() >= 80);
    assert!(!NO_NAMES.contains('['));
    let mut count = Count::default();
    for line in PROSE.lines().chain(NO_NAMES.lines()) {
        count.line(&line.replace("\\n", "\n"));
    }
    let precision = count.right as f64 / count.found as f64;
    let recall = count.right as f64 / count.there as f64;
    println!("precision {precision:.3}, recall {recall:.3}; misread:\n{}", count.misread.join("\n"));
    assert!(precision >= 0.95, "precision {precision}: {:?}", count.misread);
    assert!(recall >= 0.95, "recall {recall}: {:?}", count.misread);
}

#[test]
fn a_span_leaves_out_the_genitive_of_a_known_name() {
    for (text, names) in [
        ("Annas bil", vec!["Anna"]),
        ("Anna's car", vec!["Anna"]),
        ("Anna Anderssons Volvo", vec!["Anna Andersson"]),
        ("Lars Svensson ringde", vec!["Lars Svensson"]),
        ("Talade med Andreas i dag", vec!["Andreas"]),
    ] {
        assert_eq!(found(text), names, "{text}");
    }
}

#[test]
fn decomposed_letters_and_plain_spellings_are_names_too() {
    assert_eq!(found("Handläggare: Go\u{308}ran A\u{30a}kesson"), ["Go\u{308}ran A\u{30a}kesson"]);
    assert_eq!(found("Bokad av Goran Soderstrom"), ["Goran Soderstrom"]);
}

#[test]
fn addresses_and_words_with_digits_are_no_names() {
    assert!(found("Anna.Andersson@example.com https://example.com/Anna-Berg Anna2 B17 anna_andersson").is_empty());
    assert_eq!(found("Anna Andersson <anna.andersson@example.com>"), ["Anna Andersson"]);
    assert_eq!(found("Andersson;Anna Berg;anna@example.com"), ["Andersson", "Anna Berg"]);
}

#[test]
fn confidence_grows_with_the_witnesses() {
    let confidence = |text: &str| {
        let mut spans = Vec::new();
        names().find(text, &mut spans);
        spans.first().map_or(0.0, |span| span.confidence)
    };
    assert!(confidence("Anna") < confidence("Mvh Anna"));
    assert!(confidence("Anna") < confidence("Anna Xyzqvar"));
    assert!(confidence("Anna Xyzqvar") < confidence("Anna Andersson"));
    assert!(confidence("anna andersson") < confidence("Anna Andersson"));
    assert!(confidence("Bo") < 0.5 && confidence("Bo Ek") >= 0.5 && confidence("Pratat med Bo") >= 0.5);
}

#[test]
fn cells_of_given_names_are_told_from_other_words() {
    for cell in ["Anna", "ANNA", "anna", " Anna-Karin ", "Anna Maria", "Bo", "Åsa", "Asa", "Mohamed", "Fatima"] {
        assert!(names().given(cell) >= 0.5, "{cell}");
    }
    for cell in [
        "",
        " ",
        "-",
        "Xyzzy",
        "Stockholm",
        "Norge",
        "Tisdag",
        "4711",
        "Anna 2",
        "a@example.com",
        "Faktura",
        "Anna Xyzzy",
    ] {
        assert!(names().given(cell) < 0.2, "{cell}");
    }
}

#[test]
fn cells_of_family_names_are_told_from_other_words() {
    for cell in ["Andersson", "ANDERSSON", "af Klint", "Berg-Lund", "Lund", "Söderström", "Soderstrom", "Qvarnsjöström"]
    {
        assert!(names().family(cell) >= 0.5, "{cell}");
    }
    for cell in ["", "Xyzzy", "Betald", "Storgatan 5", "Göteborg", "1", "AB"] {
        assert!(names().family(cell) < 0.2, "{cell}");
    }
}

#[test]
fn cells_of_full_names_are_told_in_either_order() {
    for cell in
        ["Anna Andersson", "Andersson, Anna", "ANNA ANDERSSON", "Andersson Anna", "Dr Anna Berg", "Anna Xyzzy", "Bo Ek"]
    {
        assert!(names().full(cell) >= 0.6, "{cell}");
    }
    for cell in ["Anna", "Xyzzy Plugh", "Svenska Spel", "Betald faktura", "Anna, 5 år", "Upplands Väsby", "", ","] {
        assert!(names().full(cell) < 0.5, "{cell}");
    }
}

fn normal(name: &str) -> String {
    let mut out = String::new();
    normalise(name, &mut out);
    out
}

#[test]
fn one_person_has_one_normal_form() {
    for name in ["Anna Andersson", "Andersson, Anna", "ANNA ANDERSSON", "fru Anna  Andersson", "Dr. Andersson; Anna"] {
        assert_eq!(normal(name), "andersson anna");
    }
    assert_eq!(normal("Berg-Lund, A\u{30a}sa"), "berg-lund åsa");
    assert_eq!(normal("Seán O’Brien"), normal("O'Brien Seán"));
    assert_eq!(normal("Herr"), "herr");
    assert_eq!(normal(" - . "), "");
}

#[test]
fn an_empty_dictionary_finds_nothing_by_look_up() {
    let names = Names::new(&Lexicons::default());
    let mut spans = Vec::new();
    names.find("Anna bor här", &mut spans);
    assert!(spans.is_empty());
}

#[test]
fn a_huge_text_without_blanks_is_read_once() {
    for text in ["Anna-".repeat(50_000), "A.".repeat(100_000), "Anna ".repeat(50_000), "@".repeat(200_000)] {
        let mut spans = Vec::new();
        names().find(&text, &mut spans);
        assert!(names().full(&text) < 0.2);
    }
}

/// Text in which names, marks and rubbish stand close together.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        any::<String>(),
        "[A-ZÅÄÖ][a-zåäö]{0,8}",
        "[ ,.:/@'’\\-\n]{1,3}",
        prop::sample::select(vec![
            "Anna",
            "Andersson",
            "Eriks",
            "von",
            "ring",
            "AB",
            "Storgatan",
            "o\u{308}",
            "İ",
            "ǅ",
            "ß"
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..20).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn spans_stand_on_letters_in_order_and_apart(text in hostile()) {
        let (mut spans, mut again) = (Vec::new(), Vec::new());
        names().find(&text, &mut spans);
        names().find(&text, &mut again);
        prop_assert_eq!(&spans, &again);
        let mut last = 0;
        for span in spans {
            prop_assert!(last <= span.start && span.start < span.end);
            prop_assert!(text.get(span.start..span.end).is_some());
            prop_assert!((0.5..=1.0).contains(&span.confidence));
            last = span.end;
        }
    }

    #[test]
    fn cells_get_a_probability(text in hostile()) {
        for probability in [names().given(&text), names().family(&text), names().full(&text)] {
            prop_assert!((0.0..=1.0).contains(&probability));
        }
    }

    #[test]
    fn the_normal_form_is_its_own(text in hostile()) {
        let once = normal(&text);
        prop_assert_eq!(&normal(&once), &once);
    }

    #[test]
    fn the_normal_form_knows_no_order(mut words in prop::collection::vec("[a-zA-ZåäöÅÄÖ-]{1,8}", 1..6)) {
        let straight = normal(&words.join(" "));
        words.reverse();
        prop_assert_eq!(normal(&words.join(", ")), straight);
    }
}
