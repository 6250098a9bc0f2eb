//! The CSV report: one line per finding, for spreadsheets. Headings and categories are machine names.

use super::{Options, overview, reasons};
use crate::finding::Finding;
use crate::map::Head;

const HEADINGS: [&str; 14] = [
    "schema",
    "table",
    "column",
    "path",
    "category",
    "special",
    "confidence",
    "cells",
    "cells_with_hits",
    "hits",
    "distinct",
    "kind",
    "evidence",
    "samples",
];

pub(super) fn render(head: &Head, options: &Options) -> Vec<u8> {
    // Samples are the last column, so that it can be left out.
    let width = if options.show_samples { HEADINGS.len() } else { HEADINGS.len() - 1 };
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(&HEADINGS[..width]).expect(MEMORY);
    for finding in overview::findings(head, options.min_confidence) {
        csv.write_record(&record(finding, options)[..width]).expect(MEMORY);
    }
    csv.into_inner().expect(MEMORY)
}

const MEMORY: &str = "writing records of one length to memory cannot fail";

fn record(finding: &Finding, options: &Options) -> [String; HEADINGS.len()] {
    let machine_name = serde_json::to_value(finding.kind).expect("an enum without fields");
    [
        harmless(finding.table.schema.as_deref().unwrap_or_default()),
        harmless(&finding.table.name),
        harmless(&finding.column),
        harmless(finding.path.as_deref().unwrap_or_default()),
        finding.category.name().to_owned(),
        finding.category.is_special().to_string(),
        format!("{:.3}", finding.confidence),
        finding.cells.to_string(),
        finding.cells_with_hits.to_string(),
        finding.hits.to_string(),
        finding.distinct.to_string(),
        machine_name.as_str().unwrap_or_default().to_owned(),
        harmless(&reasons::sentences(finding, options.lang).join("; ")),
        harmless(&finding.samples.join("; ")),
    ]
}

/// Spreadsheets run cells that begin like a formula; a leading apostrophe makes them text
/// (<https://owasp.org/www-community/attacks/CSV_Injection>).
pub fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    fn records(head: &Head) -> Vec<csv::StringRecord> {
        let bytes = render(head, &Options::default());
        csv::Reader::from_reader(&bytes[..]).records().map(Result::unwrap).collect()
    }

    #[test]
    fn one_line_per_finding_with_its_numbers() {
        let head = sample::head();
        let records = records(&head);
        assert_eq!(records.len(), overview::findings(&head, 0.5).len());
        let line = records.iter().find(|record| &record[4] == "personal_number").unwrap();
        let expected =
            ["", "kund", "pnr", "", "personal_number", "false", "0.988", "1200", "1188", "1188", "1170", "typed"];
        assert_eq!(line.iter().take(12).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn no_cell_begins_like_a_formula() {
        let records = records(&sample::hostile());
        assert!(records.iter().any(|record| record[2].starts_with("'=")));
        for cell in records.iter().flatten() {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']), "{cell:?}");
        }
    }
}
