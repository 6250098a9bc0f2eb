//! Maps' heads that the tests of all formats share: a plain one, a hostile one, an empty one.

use crate::catalog::{Action, Catalog, Column, ForeignKey, Key, Table, TableKind, TableName, TypeClass};
use crate::finding::{Category, Finding, FindingKind, Reason, Unreadable};
use crate::map::{Head, NotText, ReadInfo, SourceInfo};

/// A sample value that must not be shown unasked.
pub(super) const SAMPLE: &str = "anna@example.se";

fn table(name: &str, columns: &[&str], foreign_keys: Vec<ForeignKey>) -> Table {
    let column = |name: &&str| Column {
        name: (*name).to_owned(),
        declared_type: "TEXT".to_owned(),
        type_class: TypeClass::Text,
        nullable: true,
        length: None,
        has_default: false,
        generated: false,
        ..Column::default()
    };
    Table {
        name: TableName::plain(name),
        kind: TableKind::Base,
        columns: columns.iter().map(column).collect(),
        row_key: Some(Key { columns: vec!["id".to_owned()] }),
        unique: vec![],
        foreign_keys,
        triggers: vec![],
        has_checks: false,
        rows_estimate: None,
        ..Table::default()
    }
}

/// A finding with one rate as its reason.
pub(super) fn finding(table: &str, column: &str, category: Category, confidence: f64, numbers: [u64; 4]) -> Finding {
    let [cells, cells_with_hits, hits, distinct] = numbers;
    Finding {
        table: TableName::plain(table),
        column: column.to_owned(),
        path: None,
        category,
        confidence,
        log_odds: 0.0,
        cells,
        cells_with_hits,
        hits,
        distinct,
        kind: FindingKind::Typed,
        evidence: vec![Reason::Rate {
            rule: format!("se-{}", category.name()),
            hits: cells_with_hits,
            cells,
            chance: 0.001,
        }],
        samples: vec![],
    }
}

/// A small booking system.
pub(super) fn head() -> Head {
    let key = ForeignKey {
        columns: vec!["kund_id".to_owned()],
        parent: TableName::plain("kund"),
        parent_columns: vec!["id".to_owned()],
        on_delete: Action::Restrict,
    };
    let tables = vec![
        table("bokning", &["id", "kund_id", "anm", "extra"], vec![key]),
        table("kund", &["id", "pnr", "epost", "tel", "namn", "ort"], vec![]),
        table("personal", &["id", "sjukdom", "fack", "lon"], vec![]),
    ];
    let catalog = Catalog { tables };
    Head {
        sanera: "0.1.0".to_owned(),
        created: "2026-11-21T08:30:00Z".to_owned(),
        source: SourceInfo {
            engine: "sqlite".to_owned(),
            name: "bokning.db".to_owned(),
            fingerprint: catalog.fingerprint(),
        },
        rules: "0".repeat(64),
        read: ReadInfo { tables: 3, rows: 13_345, bytes: 3_412_000, postings: 9000, ..ReadInfo::default() },
        catalog,
        findings: findings(),
        unreadable: vec![Unreadable {
            table: TableName::plain("logg"),
            column: None,
            reason: "the database is damaged".to_owned(),
        }],
        not_text: vec![NotText { table: TableName::plain("kund"), column: "bild".to_owned(), cells: 311 }],
        places: std::collections::BTreeMap::new(),
    }
}

fn findings() -> Vec<Finding> {
    let number = Reason::Rate { rule: "se-personnummer".to_owned(), hits: 1188, cells: 1200, chance: 0.007 };
    let word = |word: &str| Reason::ColumnWord { word: word.to_owned() };
    vec![
        Finding {
            evidence: vec![number, word("pnr")],
            ..finding("kund", "pnr", Category::PersonalNumber, 0.9877, [1200, 1188, 1188, 1170])
        },
        Finding {
            samples: vec![SAMPLE.to_owned()],
            ..finding("kund", "epost", Category::Email, 0.995, [1150, 1149, 1149, 1102])
        },
        finding("kund", "tel", Category::Phone, 0.93, [980, 961, 974, 950]),
        finding("kund", "namn", Category::PersonName, 0.91, [1200, 1103, 1103, 1087]),
        finding("kund", "ort", Category::City, 0.42, [1200, 310, 310, 41]),
        Finding {
            kind: FindingKind::FreeText,
            ..finding("bokning", "anm", Category::PersonName, 0.83, [10_020, 412, 487, 320])
        },
        Finding {
            kind: FindingKind::FreeText,
            ..finding("bokning", "anm", Category::Health, 0.71, [10_020, 37, 41, 12])
        },
        Finding {
            kind: FindingKind::Nested,
            path: Some("$.kontakt[*].tel".to_owned()),
            ..finding("bokning", "extra", Category::Phone, 0.88, [640, 602, 733, 540])
        },
        Finding {
            kind: FindingKind::NameOnly,
            evidence: vec![word("sjukdom"), Reason::NoCells],
            ..finding("personal", "sjukdom", Category::Health, 0.6, [0, 0, 0, 0])
        },
        Finding {
            evidence: vec![word("fack"), Reason::Neighbours { columns: 2 }],
            ..finding("personal", "fack", Category::UnionMembership, 0.92, [25, 25, 25, 4])
        },
        Finding {
            evidence: vec![word("lön"), Reason::Distinct { distinct: 22, cells: 25 }],
            ..finding("personal", "lon", Category::Salary, 0.94, [25, 25, 25, 22])
        },
    ]
}

/// Names that want to be markup, formulas or terminal commands.
pub(super) fn hostile() -> Head {
    let table = "<script>alert(1)</script>\"'|`";
    let columns = ["=1+1", "a\u{202e}b\nc", "@x|y`z`", "</title><img src=x onerror=alert(1)>", "\u{1b}[2J"];
    let findings = columns.iter().map(|column| finding(table, column, Category::Email, 0.99, [10, 9, 9, 8]));
    let reason = "<b>unreadable</b>".to_owned();
    Head {
        findings: findings.collect(),
        source: SourceInfo { name: "\"><script src=//example.com>".to_owned(), ..head().source },
        unreadable: vec![Unreadable { table: TableName::plain(table), column: Some("<i>".to_owned()), reason }],
        not_text: vec![NotText { table: TableName::plain(table), column: "<u>".to_owned(), cells: 1 }],
        ..head()
    }
}

/// A scan that found nothing.
pub(super) fn empty() -> Head {
    Head {
        findings: vec![],
        unreadable: vec![],
        not_text: vec![],
        read: ReadInfo::default(),
        catalog: Catalog::default(),
        ..head()
    }
}
