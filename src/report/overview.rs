//! What all reports count and order in the same way: findings, sums by category and by table.

use std::collections::{BTreeMap, BTreeSet};

use super::categories::sensitivity;
use crate::catalog::TableName;
use crate::finding::{Category, Finding, FindingKind};
use crate::map::Head;
use crate::rule::Sensitivity;

/// A map's findings, as reports show them.
pub(super) struct Overview<'a> {
    /// Findings to show, by table, column, path and category; one each.
    pub(super) findings: Vec<&'a Finding>,
    /// Sums by category: special ones first, then by sensitivity and by hits.
    pub(super) categories: Vec<CategorySum>,
    /// Findings by table, in the order of names.
    pub(super) tables: Vec<TableSum<'a>>,
}

/// One category in the whole database.
pub(super) struct CategorySum {
    pub(super) category: Category,
    /// Different columns that hold it.
    pub(super) columns: usize,
    /// Cells that hold it.
    pub(super) cells: u64,
    /// Hits in all.
    pub(super) hits: u64,
}

/// One table's findings.
pub(super) struct TableSum<'a> {
    pub(super) table: &'a TableName,
    pub(super) findings: Vec<&'a Finding>,
    /// Hits of all categories.
    pub(super) hits: u64,
}

impl<'a> Overview<'a> {
    /// Counts the findings of at least this confidence.
    pub(super) fn new(head: &'a Head, min_confidence: f64) -> Self {
        let findings = findings(head, min_confidence);
        Self { categories: categories(&findings), tables: tables(&findings), findings }
    }

    /// Different columns with a finding.
    pub(super) fn columns(&self) -> usize {
        self.findings.iter().map(|finding| (&finding.table, &finding.column)).collect::<BTreeSet<_>>().len()
    }

    /// Categories of Art. 9 and 10 that were found.
    pub(super) fn special(&self) -> impl Iterator<Item = Category> {
        self.categories.iter().map(|sum| sum.category).filter(|category| category.is_special())
    }

    /// Columns whose longer texts hold personal data.
    pub(super) fn free_text(&self) -> BTreeSet<(&'a TableName, &'a str)> {
        let free = self.findings.iter().filter(|finding| finding.kind == FindingKind::FreeText);
        free.map(|finding| (&finding.table, finding.column.as_str())).collect()
    }

    /// The tables with most hits, at most `limit`.
    pub(super) fn most_loaded(&self, limit: usize) -> Vec<&TableSum<'a>> {
        let mut tables: Vec<_> = self.tables.iter().collect();
        tables.sort_by_key(|table| std::cmp::Reverse(table.hits));
        tables.truncate(limit);
        tables
    }
}

/// Findings of at least this confidence in the contract's order, the most confident where several stand for the
/// same column, path and category.
pub(super) fn findings(head: &Head, min_confidence: f64) -> Vec<&Finding> {
    fn place(finding: &Finding) -> (&TableName, &str, Option<&str>, Category) {
        (&finding.table, &finding.column, finding.path.as_deref(), finding.category)
    }
    let mut findings: Vec<_> = head.findings.iter().filter(|finding| finding.confidence >= min_confidence).collect();
    findings.sort_by(|a, b| place(a).cmp(&place(b)).then(b.confidence.total_cmp(&a.confidence)));
    findings.dedup_by(|later, kept| place(later) == place(kept));
    findings
}

fn categories(findings: &[&Finding]) -> Vec<CategorySum> {
    let mut by_category: BTreeMap<Category, Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        by_category.entry(finding.category).or_default().push(finding);
    }
    let mut sums: Vec<_> = by_category
        .into_iter()
        .map(|(category, findings)| CategorySum {
            category,
            columns: findings.iter().map(|f| (&f.table, &f.column)).collect::<BTreeSet<_>>().len(),
            cells: total(findings.iter().map(|f| f.cells_with_hits)),
            hits: total(findings.iter().map(|f| f.hits)),
        })
        .collect();
    sums.sort_by_key(|sum| std::cmp::Reverse((sensitivity(sum.category).max(Sensitivity::Medium), sum.hits)));
    sums
}

fn tables<'a>(findings: &[&'a Finding]) -> Vec<TableSum<'a>> {
    findings
        .chunk_by(|a, b| a.table == b.table)
        .map(|of_table| TableSum {
            table: &of_table[0].table,
            findings: of_table.to_vec(),
            hits: total(of_table.iter().map(|finding| finding.hits)),
        })
        .collect()
}

/// A sum that stops at the largest number: a map is a file, and a file can hold anything.
pub(super) fn total(numbers: impl Iterator<Item = u64>) -> u64 {
    numbers.fold(0, u64::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn special_categories_come_first_then_those_of_high_sensitivity() {
        let head = sample::head();
        let order: Vec<_> = Overview::new(&head, 0.5).categories.iter().map(|sum| sensitivity(sum.category)).collect();
        assert_eq!(order.first(), Some(&Sensitivity::Special));
        assert!(order.iter().map(|s| (*s).max(Sensitivity::Medium)).is_sorted_by(|a, b| a >= b));
    }

    #[test]
    fn one_finding_for_each_place_the_most_confident() {
        let mut head = sample::head();
        let before = findings(&head, 0.0).len();
        let mut doubt = head.findings[0].clone();
        doubt.confidence = 0.51;
        head.findings.insert(0, doubt);
        let after = findings(&head, 0.0);
        assert_eq!(after.len(), before);
        assert!(after.iter().all(|finding| finding.confidence < 0.505 || finding.confidence > 0.515));
    }

    #[test]
    fn sums_add_up_to_the_heads_numbers() {
        let head = sample::head();
        let overview = Overview::new(&head, 0.0);
        let hits: u64 = head.findings.iter().map(|finding| finding.hits).sum();
        assert_eq!(overview.categories.iter().map(|sum| sum.hits).sum::<u64>(), hits);
        assert_eq!(overview.tables.iter().map(|sum| sum.hits).sum::<u64>(), hits);
    }
}
