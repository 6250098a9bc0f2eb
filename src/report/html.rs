//! The HTML report: one self-contained page without script, from `templates/discovery.html`. The template escapes
//! every text; what it is given here is already counted, ordered and put in words.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};
use serde::Serialize;

use super::overview::{CategorySum, Overview, TableSum};
use super::texts::{self, Labels};
use super::{Lang, Options, categories, numbers, reasons};
use crate::finding::Finding;
use crate::map::Head;
use crate::rule::Sensitivity;
use crate::sensitive::printable;

const TEMPLATE: &str = include_str!("../../templates/discovery.html");

/// What the template reads.
#[derive(Serialize)]
struct Page {
    lang: &'static str,
    labels: Labels,
    notice: &'static str,
    result: String,
    special: Option<String>,
    facts: Vec<(&'static str, String)>,
    categories: Vec<CategoryRow>,
    tables: Vec<TablePart>,
    unreadable: Vec<[String; 3]>,
    not_text: Vec<[String; 3]>,
    next: Vec<&'static str>,
}

#[derive(Serialize)]
struct CategoryRow {
    name: &'static str,
    about: &'static str,
    law: Option<&'static str>,
    /// `special`, `high` or `plain`: the colour and mark.
    level: &'static str,
    columns: String,
    cells: String,
    hits: String,
    /// Length of the bar in per cent of the longest.
    bar: f64,
}

#[derive(Serialize)]
struct TablePart {
    name: String,
    findings: Vec<FindingRow>,
}

#[derive(Serialize)]
struct FindingRow {
    column: String,
    path: Option<String>,
    category: &'static str,
    level: &'static str,
    kind: &'static str,
    hits: String,
    cells: String,
    confidence: String,
    reasons: Vec<String>,
    samples: Vec<String>,
}

pub(super) fn render(head: &Head, options: &Options) -> String {
    let mut environment = Environment::new();
    // A name that the page does not have is a mistake in the template, not an empty text.
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.expect("the usual markers"));
    environment.add_template("discovery.html", TEMPLATE).expect("the built-in template is tested");
    let template = environment.get_template("discovery.html").expect("just added");
    template.render(Serde(page(head, options))).expect("the built-in template is tested")
}

fn page(head: &Head, options: &Options) -> Page {
    let lang = options.lang;
    let overview = Overview::new(head, options.min_confidence);
    let labels = texts::labels(lang);
    let longest = overview.categories.iter().map(|sum| sum.cells).max().unwrap_or(0);
    Page {
        lang: lang.choose("sv", "en"),
        notice: texts::notice(options),
        result: texts::result(head, &overview, lang),
        special: texts::special(&overview, lang),
        facts: facts(head, &labels, lang),
        categories: overview.categories.iter().map(|sum| category_row(sum, longest, lang)).collect(),
        tables: overview.tables.iter().map(|sum| table_part(sum, options)).collect(),
        unreadable: unreadable(head, &labels),
        not_text: not_text(head, lang),
        next: texts::next_steps(head, &overview, lang),
        labels,
    }
}

fn facts(head: &Head, labels: &Labels, lang: Lang) -> Vec<(&'static str, String)> {
    vec![
        (labels.database, format!("{} ({})", printable(&head.source.name), printable(&head.source.engine))),
        (labels.created, moment(&head.created)),
        (labels.tables, numbers::count(head.read.tables, lang)),
        (labels.rows, numbers::count(head.read.rows, lang)),
        (labels.amount, numbers::bytes(head.read.bytes, lang)),
        (labels.extent, texts::extent_and_tls(&head.read, lang).join("; ")),
        (labels.version, format!("sanera {}", printable(&head.sanera))),
    ]
}

fn category_row(sum: &CategorySum, longest: u64, lang: Lang) -> CategoryRow {
    CategoryRow {
        name: categories::name(sum.category, lang),
        about: categories::about(sum.category, lang),
        law: categories::law(sum.category, lang),
        level: level(categories::sensitivity(sum.category)),
        columns: numbers::count(sum.columns as u64, lang),
        cells: numbers::count(sum.cells, lang),
        hits: numbers::count(sum.hits, lang),
        bar: if longest == 0 { 0.0 } else { sum.cells as f64 / longest as f64 * 100.0 },
    }
}

fn level(sensitivity: Sensitivity) -> &'static str {
    match sensitivity {
        Sensitivity::Special => "special",
        Sensitivity::High => "high",
        Sensitivity::Medium | Sensitivity::Low => "plain",
    }
}

fn table_part(sum: &TableSum<'_>, options: &Options) -> TablePart {
    let findings = sum.findings.iter().map(|finding| finding_row(finding, options)).collect();
    TablePart { name: sum.table.to_string(), findings }
}

fn finding_row(finding: &Finding, options: &Options) -> FindingRow {
    let lang = options.lang;
    let samples = if options.show_samples { &finding.samples[..] } else { &[] };
    FindingRow {
        column: printable(&finding.column),
        path: finding.path.as_deref().map(printable),
        category: categories::name(finding.category, lang),
        level: level(categories::sensitivity(finding.category)),
        kind: reasons::kind(finding.kind, lang),
        hits: numbers::count(finding.cells_with_hits, lang),
        cells: numbers::count(finding.cells, lang),
        confidence: reasons::confidence(finding.confidence, lang),
        reasons: reasons::sentences(finding, lang),
        samples: samples.iter().map(|sample| printable(sample)).collect(),
    }
}

fn unreadable(head: &Head, labels: &Labels) -> Vec<[String; 3]> {
    let row = |unreadable: &crate::finding::Unreadable| {
        let column = unreadable.column.as_deref().unwrap_or(labels.whole_table);
        [unreadable.table.to_string(), printable(column), printable(&unreadable.reason)]
    };
    head.unreadable.iter().map(row).collect()
}

fn not_text(head: &Head, lang: Lang) -> Vec<[String; 3]> {
    let row = |not_text: &crate::map::NotText| {
        [not_text.table.to_string(), printable(&not_text.column), numbers::count(not_text.cells, lang)]
    };
    head.not_text.iter().map(row).collect()
}

/// RFC 3339 as people read it; whatever else stands there, made safe to show.
pub(super) fn moment(created: &str) -> String {
    match created.parse::<jiff::Timestamp>() {
        Ok(moment) => moment.strftime("%Y-%m-%d %H:%M UTC").to_string(),
        Err(_) => printable(created),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn the_page_holds_the_heads_numbers() {
        let english = Options { lang: Lang::En, ..Options::default() };
        let page = render(&sample::head(), &english);
        let parts = [
            "<html lang=\"en\">",
            "13,345",
            "3.4\u{a0}MB",
            "2026-11-21 08:30 UTC",
            "1,188 of 1,200",
            "certain (0.98)",
            "412 of 10,020",
            "in free text",
            "column name only",
            "$.kontakt[*].tel",
            "the database is damaged",
            "311",
            "Article 9",
            "Confidential",
        ];
        for part in parts {
            assert!(page.contains(part), "{part}");
        }
        let swedish = render(&sample::head(), &Options::default());
        assert!(swedish.contains("<html lang=\"sv\">") && swedish.contains("1\u{a0}188 av 1\u{a0}200"));
        assert!(swedish.contains("säkert (0,98)") && swedish.contains("3 kap. 10 § dataskyddslagen"));
    }

    #[test]
    fn every_finding_shown_has_its_row_and_doubtful_ones_none() {
        let head = sample::head();
        let rows = |min_confidence| {
            render(&head, &Options { min_confidence, ..Options::default() }).matches("<details").count()
        };
        assert_eq!(rows(0.0), head.findings.len());
        assert_eq!(rows(0.5), head.findings.iter().filter(|finding| finding.confidence >= 0.5).count());
    }

    #[test]
    fn special_categories_stand_before_others() {
        let page = render(&sample::head(), &Options::default());
        let place = |name: &str| page.find(&format!("<th scope=\"row\">{name}")).unwrap_or_else(|| panic!("{name}"));
        assert!(place("Hälsa") < place("Personnummer"));
        assert!(place("Facklig tillhörighet") < place("Personnummer"));
        assert!(place("Personnummer") < place("E-postadress"));
    }

    #[test]
    fn hostile_names_come_out_as_text() {
        for lang in [Lang::Sv, Lang::En] {
            let page = render(&sample::hostile(), &Options { lang, ..Options::default() });
            for markup in ["<script", "<img", "<b>unreadable", "<u>", "<i>", "\u{202e}", "\u{1b}"] {
                assert!(!page.contains(markup), "{markup}");
            }
            assert!(page.contains("&lt;script&gt;alert(1)&lt;&#x2f;script&gt;&quot;&#x27;|`"));
            assert!(page.contains("a\\u{202e}b\\u{a}c"));
            assert_eq!(page.matches("</title>").count(), 1 + page.matches("<svg").count());
        }
    }

    #[test]
    fn the_page_asks_for_nothing_from_outside() {
        let page = render(&sample::head(), &Options::default());
        assert!(page.contains("default-src 'none'; style-src 'unsafe-inline'; img-src data:"));
        for outside in ["http:", "https:", "src=", "url(", "@import", "<link", "<script", "onload"] {
            assert!(!page.contains(outside), "{outside}");
        }
    }

    #[test]
    fn an_empty_database_makes_a_page_too() {
        let page = render(&sample::empty(), &Options { lang: Lang::En, ..Options::default() });
        assert!(page.contains("No personal data was found (0 tables read)."));
        assert!(!page.contains("<svg"));
    }
}
