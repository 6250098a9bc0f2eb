//! The JSON report: the document of the published contract, which `scan --json` prints too. Its schema is
//! `schemas/report.schema.json`. Names stand here exactly as the catalog has them.

use serde::Serialize;

use super::{Lang, Options, overview, reasons};
use crate::catalog::{Catalog, TableName};
use crate::finding::{Category, Finding, FindingKind, Unreadable};
use crate::map::{Head, NotText, ReadInfo};

/// The version of the document. A new field does not change it; any other change does.
const VERSION: u32 = 1;

/// The whole document.
#[derive(Debug, Serialize)]
pub struct Document<'a> {
    version: u32,
    source: Source<'a>,
    read: &'a ReadInfo,
    columns: Vec<Verdict<'a>>,
    relations: Vec<Relation<'a>>,
    unreadable: Vec<NotRead<'a>>,
    not_text: Vec<WithoutText<'a>>,
    skew_s: f64,
}

#[derive(Debug, Serialize)]
struct Source<'a> {
    engine: &'a str,
    name: &'a str,
    fingerprint: &'a str,
    created: &'a str,
    sanera: &'a str,
}

#[derive(Debug, Serialize)]
struct Verdict<'a> {
    schema: Option<&'a str>,
    table: &'a str,
    column: &'a str,
    path: Option<&'a str>,
    category: Category,
    confidence: f64,
    cells: u64,
    cells_with_hits: u64,
    hits: u64,
    distinct: u64,
    kind: FindingKind,
    evidence: Vec<String>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    samples: &'a [String],
}

#[derive(Debug, Serialize)]
struct Relation<'a> {
    from: End<'a>,
    to: End<'a>,
    declared: bool,
}

#[derive(Debug, Serialize)]
struct End<'a> {
    schema: Option<&'a str>,
    table: &'a str,
    columns: &'a [String],
}

#[derive(Debug, Serialize)]
struct NotRead<'a> {
    schema: Option<&'a str>,
    table: &'a str,
    column: Option<&'a str>,
    reason: &'a str,
}

#[derive(Debug, Serialize)]
struct WithoutText<'a> {
    schema: Option<&'a str>,
    table: &'a str,
    column: &'a str,
    cells: u64,
}

/// The document with the findings of at least this confidence, without any cell value.
pub fn document(head: &Head, min_confidence: f64) -> Document<'_> {
    Document {
        version: VERSION,
        source: Source {
            engine: &head.source.engine,
            name: &head.source.name,
            fingerprint: &head.source.fingerprint,
            created: &head.created,
            sanera: &head.sanera,
        },
        read: &head.read,
        columns: overview::findings(head, min_confidence).into_iter().map(verdict).collect(),
        relations: relations(&head.catalog),
        unreadable: head.unreadable.iter().map(not_read).collect(),
        not_text: head.not_text.iter().map(without_text).collect(),
        skew_s: head.read.skew_s,
    }
}

pub(super) fn render(head: &Head, options: &Options) -> Vec<u8> {
    let mut document = document(head, options.min_confidence);
    if options.show_samples {
        let findings = overview::findings(head, options.min_confidence);
        for (verdict, finding) in document.columns.iter_mut().zip(findings) {
            verdict.samples = &finding.samples;
        }
    }
    let mut bytes = serde_json::to_vec_pretty(&document).expect("names and numbers are plain data");
    bytes.push(b'\n');
    bytes
}

fn verdict(finding: &Finding) -> Verdict<'_> {
    Verdict {
        schema: finding.table.schema.as_deref(),
        table: &finding.table.name,
        column: &finding.column,
        path: finding.path.as_deref(),
        category: finding.category,
        confidence: (finding.confidence * 1000.0).round() / 1000.0,
        cells: finding.cells,
        cells_with_hits: finding.cells_with_hits,
        hits: finding.hits,
        distinct: finding.distinct,
        kind: finding.kind,
        evidence: reasons::sentences(finding, Lang::En),
        samples: &[],
    }
}

fn relations(catalog: &Catalog) -> Vec<Relation<'_>> {
    let keys = catalog.tables.iter().flat_map(|table| table.foreign_keys.iter().map(move |key| (table, key)));
    keys.map(|(table, key)| Relation {
        from: end(&table.name, &key.columns),
        to: end(&key.parent, &key.parent_columns),
        declared: true,
    })
    .collect()
}

fn end<'a>(table: &'a TableName, columns: &'a [String]) -> End<'a> {
    End { schema: table.schema.as_deref(), table: &table.name, columns }
}

fn not_read(unreadable: &Unreadable) -> NotRead<'_> {
    NotRead {
        schema: unreadable.table.schema.as_deref(),
        table: &unreadable.table.name,
        column: unreadable.column.as_deref(),
        reason: &unreadable.reason,
    }
}

fn without_text(not_text: &NotText) -> WithoutText<'_> {
    WithoutText {
        schema: not_text.table.schema.as_deref(),
        table: &not_text.table.name,
        column: &not_text.column,
        cells: not_text.cells,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::report::sample;

    fn parsed(head: &Head, min_confidence: f64) -> Value {
        serde_json::to_value(document(head, min_confidence)).unwrap()
    }

    #[test]
    fn the_document_holds_to_its_schema() {
        let schema: Value = serde_json::from_str(include_str!("../../schemas/report.schema.json")).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        for head in [sample::head(), sample::hostile(), sample::empty()] {
            for show_samples in [false, true] {
                let bytes = render(&head, &Options { show_samples, ..Options::default() });
                let document: Value = serde_json::from_slice(&bytes).unwrap();
                let problems: Vec<_> = validator.iter_errors(&document).map(|e| e.to_string()).collect();
                assert_eq!(problems, Vec::<String>::new());
            }
        }
        assert!(!validator.is_valid(&json!({"version": 2})));
    }

    #[test]
    fn a_finding_keeps_its_numbers() {
        let head = sample::head();
        let document = parsed(&head, 0.5);
        let column =
            document["columns"].as_array().unwrap().iter().find(|c| c["category"] == "personal_number").unwrap();
        assert_eq!(
            *column,
            json!({"schema": null, "table": "kund", "column": "pnr", "path": null, "category": "personal_number",
                "confidence": 0.988, "cells": 1200, "cells_with_hits": 1188, "hits": 1188, "distinct": 1170, "kind": "typed",
                "evidence": ["1,188 of 1,200 cells hold what is looked for (rule se-personnummer; 98.3% – 99.4% with 95% certainty; 0.7% would by chance)",
                    "the column's name contains “pnr”"]})
        );
        assert_eq!(document["version"], 1);
        assert_eq!(document["skew_s"], 0.0);
    }

    #[test]
    fn doubtful_findings_stand_in_it_only_when_asked_for() {
        let head = sample::head();
        let below = head.findings.iter().filter(|finding| finding.confidence < 0.5).count();
        assert!(below > 0);
        let shown = |min| parsed(&head, min)["columns"].as_array().unwrap().len();
        assert_eq!(shown(0.0), head.findings.len());
        assert_eq!(shown(0.5), head.findings.len() - below);
    }

    #[test]
    fn declared_foreign_keys_are_relations() {
        assert_eq!(
            parsed(&sample::head(), 0.5)["relations"],
            json!([{"from": {"schema": null, "table": "bokning", "columns": ["kund_id"]},
                "to": {"schema": null, "table": "kund", "columns": ["id"]}, "declared": true}])
        );
    }
}
