//! The verdict on each column, and on each path inside structured cells: from what was seen in the cells, what the names
//! say, what they link to and what stands beside, the probability that it holds a category.
//!
//! Log-odds are added up: what the name says (`name`), what the cells say (`cells`), what the rest of the table says
//! (`neighbours`). The sum becomes a probability by what such sums came to on labelled schemas (`calibration`).

mod calibration;
mod cells;
mod links;
mod name;
mod neighbours;
mod register;
mod rivals;

use std::collections::BTreeMap;

use crate::catalog::{Catalog, Column, Table};
use crate::detect::Detector;
use crate::finding::{Category, Finding, FindingKind, Reason};
use crate::nested;
use crate::rule::words::{NameEvidence, Subject, WordSource};
use crate::rule::{Matcher, Rule};
use crate::validate::Validator;

use super::evidence::{ColumnEvidence, RuleEvidence};

/// Verdicts below these log-odds are not kept at all.
const LEAST: f64 = -3.0;

/// Cells of which none passes a category's checks are not of that category.
const ENOUGH: u64 = 10;

/// What it says against short personal numbers among others, and the share of them from which on the column is theirs.
const SHORT_ALONE: f64 = 4.0;
const NEARLY_ALL: f64 = 0.9;

/// What it says against names that they are of a few things.
const OF_A_FEW_THINGS: f64 = 4.5;

/// Checks that so few other values pass explain the cells that pass.
const RARE: f64 = 0.01;

/// Log-odds from which a verdict is taken for sure by others.
const SURE: f64 = 0.85;

/// What was seen, by index of table and column in the catalog.
pub type Seen = BTreeMap<(usize, usize), ColumnEvidence>;

/// All findings, by table, column, path and category.
pub fn classify(detector: &Detector, catalog: &Catalog, seen: Seen) -> Vec<Finding> {
    let mut tables: BTreeMap<usize, Vec<Field<'_>>> = BTreeMap::new();
    for ((table, column), evidence) in seen {
        tables.entry(table).or_default().extend(Field::all(detector, &catalog.tables[table], column, evidence));
    }
    links::follow(catalog, &mut tables);
    links::mentions(catalog, &mut tables);
    neighbours::weigh(catalog, &mut tables);
    let mut findings: Vec<Finding> = Vec::new();
    for (table, fields) in tables {
        for field in fields {
            findings.extend(field.findings(&catalog.tables[table]));
        }
    }
    findings.retain(|finding| finding.log_odds >= LEAST);
    findings
}

/// A column, or a path inside its structured cells, and the verdicts on it.
struct Field<'a> {
    column: &'a Column,
    path: Option<String>,
    evidence: ColumnEvidence,
    /// Whether it has cells, of its own or documents.
    looked: bool,
    /// What the table's name, or the keys on the way, are of, where they say so.
    subject: Option<Subject>,
    verdicts: Vec<Verdict>,
}

impl<'a> Field<'a> {
    /// The column itself and the paths in it.
    fn all(detector: &Detector, table: &'a Table, column: usize, mut evidence: ColumnEvidence) -> Vec<Self> {
        let column = &table.columns[column];
        let vocabulary = detector.vocabulary();
        let mut name = vocabulary.read_in(vocabulary.called(table, &column.name), &[&table.name.name]);
        if let Some(comment) = &column.comment {
            name.add(&vocabulary.read(comment), WordSource::Comment);
        }
        name.add(&vocabulary.read(type_name(column)), WordSource::Type);
        let nested = std::mem::take(&mut evidence.nested);
        // A column of documents only has no cells of its own, and is not an empty one.
        let looked = evidence.cells > 0 || !nested.is_empty();
        let own = Self::new(detector, column, None, evidence, &name, looked);
        let shown = nested::collapse(nested.names());
        let paths = nested.renamed(|path| shown[path].clone()).into_iter().map(|(path, evidence)| {
            let around: Vec<&str> = [&*table.name.name, &*column.name].into_iter().chain(nested::keys(&path)).collect();
            let (last, around) = around.split_last().expect("table and column");
            // A list of bare values, or keys that are data: the column's name is all there is.
            let name = vocabulary.read_in(last, around);
            Self::new(detector, column, Some(path), evidence, &name, true)
        });
        std::iter::once(own).chain(paths).collect()
    }

    fn new(
        detector: &Detector,
        column: &'a Column,
        path: Option<String>,
        evidence: ColumnEvidence,
        name: &NameEvidence,
        looked: bool,
    ) -> Self {
        let subject = name.subject;
        let mut field = Self { column, path, evidence, looked, subject, verdicts: Vec::new() };
        for (index, rule) in (0u16..).zip(&detector.rules().rules) {
            let verdict = match field.evidence.rules.get(&index) {
                Some(seen) if seen.hits > 0 => Some(field.by_cells(detector, rule, seen, name)),
                _ => field.by_name_alone(detector, rule, name),
            };
            field.verdicts.extend(verdict);
        }
        rivals::settle(&mut field.verdicts);
        field.keep_the_strongest();
        field
    }

    /// The cells that other rules explain: those of other categories whose check others seldom pass; of personal and
    /// organisation numbers the other kind, as no number is both; and those of the same category, where the name says it.
    fn explained(&self, detector: &Detector, rule: &Rule) -> cells::Explained {
        let explains = |other: &Rule| {
            let of_two_kinds = other.category.may_be_both(rule.category) && rule.category != Category::BankAccount;
            if other.category == rule.category {
                return rule.only_named && other.id != rule.id;
            }
            other.validator.is_some()
                && (other.chance_rate <= RARE || (of_two_kinds && other.category != Category::BankAccount))
        };
        let seen = |index: u16| self.evidence.rules.get(&index);
        let rules = (0u16..).zip(&detector.rules().rules).filter(|(_, other)| explains(other));
        cells::Explained::by(rules.filter_map(|(index, _)| seen(index)))
    }

    /// Whether a column of numbers, some of which could be personal numbers without their zeros, holds few whole ones and
    /// many that can be none.
    fn are_short_alone(&self, detector: &Detector, seen: &RuleEvidence) -> bool {
        let other = |rule: &Rule| rule.validator == Some(Validator::Personnummer);
        let rules = (0u16..).zip(&detector.rules().rules).filter(|(_, rule)| other(rule));
        let whole: u64 = rules.filter_map(|(index, _)| self.evidence.rules.get(&index)).map(|it| it.whole).sum();
        let all = (seen.whole + whole) as f64 >= NEARLY_ALL * self.evidence.cells as f64;
        !all && whole < seen.whole
    }

    /// Whether the cells can be of the category that a name promises: a column of five digits is none of personal
    /// numbers, whatever it is called.
    fn can_be(&self, detector: &Detector, category: Category) -> bool {
        let checks = |rule: &Rule| rule.category == category && rule.validator.is_some() && !rule.only_named;
        let rules = || (0u16..).zip(&detector.rules().rules).filter(|(_, rule)| checks(rule));
        let hits = |(index, _): (u16, &Rule)| self.evidence.rules.get(&index).map_or(0, RuleEvidence::cells);
        self.evidence.cells < ENOUGH || rules().next().is_none() || rules().any(|rule| hits(rule) > 0)
    }

    /// One verdict for each category, in their order.
    fn keep_the_strongest(&mut self) {
        let strongest_first =
            |a: &Verdict, b: &Verdict| a.category.cmp(&b.category).then(b.log_odds.total_cmp(&a.log_odds));
        self.verdicts.sort_by(strongest_first);
        self.verdicts.dedup_by_key(|verdict| verdict.category);
    }

    /// The verdict of one rule that found something.
    fn by_cells(&self, detector: &Detector, rule: &Rule, seen: &RuleEvidence, name: &NameEvidence) -> Verdict {
        let mut reasons = Vec::new();
        let whole = cells::are_whole(seen);
        let fits = |category| self.can_be(detector, category);
        let name_says = name::prior(rule.category, name, fits, &mut reasons);
        let cells_say = if whole {
            cells::typed(rule, seen, &self.evidence, &self.explained(detector, rule), &mut reasons)
        } else {
            cells::free_text(rule, seen, &self.evidence, &mut reasons)
        };
        // What a name says of whole cells, it says less of the places inside them.
        let log_odds = cells_say + if whole { name_says } else { name::in_free_text(rule.category, name) };
        let of_things = cells::are_of_things(rule, name.word(rule.category).is_some(), seen);
        let log_odds = if of_things { log_odds - OF_A_FEW_THINGS } else { log_odds };
        let alone = rule.validator == Some(Validator::PersonnummerShort) && self.are_short_alone(detector, seen);
        let log_odds = if alone { log_odds - SHORT_ALONE } else { log_odds };
        let typed = cells::is_typed(seen, &self.evidence);
        let kind = if typed { FindingKind::Typed } else { FindingKind::FreeText };
        let births = rule.category == Category::DateOfBirth;
        reasons.extend(
            seen.kinds
                .iter()
                .filter(|_| !births)
                .map(|(kind, hits)| Reason::Kind { kind: (*kind).to_owned(), hits: *hits }),
        );
        let named = name.word(rule.category).is_some() || (births && cells::births(seen).is_some());
        let checked = rule.validator.is_some() && whole;
        // Any date is a date of birth by its form.
        let log_odds = if births && !named { log_odds - 2.0 } else { log_odds };
        Verdict { category: rule.category, log_odds, at_most: 1.0, named, checked, kind, seen: seen.clone(), reasons }
    }

    /// The verdict of a rule that found nothing, or that only looks at names.
    fn by_name_alone(&self, detector: &Detector, rule: &Rule, name: &NameEvidence) -> Option<Verdict> {
        let word = name.word(rule.category).filter(|word| rule.has_column_word(&word.text))?;
        let looked = self.looked;
        let by_name_only = matches!(rule.matcher, Matcher::ColumnName);
        // Cells that were looked at and don't fit speak louder than a name.
        let by_shape =
            |other: &&Rule| other.category == rule.category && other.only_named && other.fits(self.column.type_class);
        let shape_failed =
            looked && !rule.category.is_special() && detector.rules().rules.iter().any(|other| by_shape(&other));
        if (looked && !by_name_only)
            || shape_failed
            || !rule.fits(self.column.type_class)
            || cells::is_code(rule, &self.evidence)
        {
            return None;
        }
        let mut reasons = vec![name::reason(word)];
        if !looked {
            reasons.push(Reason::NoCells);
        }
        let log_odds = name::alone(rule, word, by_name_only);
        let (kind, seen) = (FindingKind::NameOnly, RuleEvidence::default());
        Some(Verdict {
            category: rule.category,
            log_odds,
            at_most: 1.0,
            named: true,
            checked: false,
            kind,
            seen,
            reasons,
        })
    }

    /// Takes what another column says of a category, where this one says less.
    fn learn(&mut self, category: Category, log_odds: f64, reason: Reason) {
        let known = self.verdicts.iter().find(|verdict| verdict.category == category);
        if known.is_some_and(|known| known.log_odds >= log_odds) {
            return;
        }
        self.verdicts.retain(|verdict| verdict.category != category);
        let kind = if self.looked { FindingKind::Typed } else { FindingKind::NameOnly };
        let (seen, reasons) = (RuleEvidence::default(), vec![reason]);
        self.verdicts.push(Verdict {
            category,
            log_odds,
            at_most: 1.0,
            named: true,
            checked: false,
            kind,
            seen,
            reasons,
        });
        self.verdicts.sort_by_key(|verdict| verdict.category);
    }

    /// Takes what another column says of a category inside this one's texts.
    fn learn_in_text(&mut self, category: Category, log_odds: f64, reason: Reason) {
        self.learn(category, log_odds, reason);
        let learned = self.verdicts.iter_mut().filter(|it| it.category == category && it.seen.hits == 0);
        learned.for_each(|verdict| verdict.kind = FindingKind::FreeText);
    }

    fn findings(self, table: &Table) -> impl Iterator<Item = Finding> {
        let Self { column, path, evidence, verdicts, .. } = self;
        verdicts.into_iter().map(move |verdict| {
            let kind = if path.is_some() { FindingKind::Nested } else { verdict.kind };
            Finding {
                table: table.name.clone(),
                column: column.name.clone(),
                path: path.clone(),
                category: verdict.category,
                confidence: (calibration::probability(&verdict) * 1000.0).round() / 1000.0,
                log_odds: verdict.log_odds,
                cells: evidence.cells,
                cells_with_hits: verdict.seen.cells(),
                hits: verdict.seen.hits,
                distinct: verdict.seen.distinct.count(),
                kind,
                evidence: verdict.reasons,
                samples: verdict.seen.samples.into_values().map(|sample| sample.expose().to_owned()).collect(),
            }
        })
    }
}

/// The name of a column's type, which may be a domain's. What stands in parentheses are lengths and values; PostgreSQL's
/// `name` is a type of any short text.
fn type_name(column: &Column) -> &str {
    let name = column.declared_type.split('(').next().unwrap_or_default();
    if name == "name" { "" } else { name }
}

/// A finding in the making.
struct Verdict {
    category: Category,
    log_odds: f64,
    /// No probability is higher.
    at_most: f64,
    /// The name speaks for it, or dates lie as birth dates do.
    named: bool,
    /// A validator agreed to whole cells.
    checked: bool,
    kind: FindingKind,
    seen: RuleEvidence,
    reasons: Vec<Reason>,
}
