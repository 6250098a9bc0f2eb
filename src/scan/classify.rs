//! The verdict on a column: from what was seen in its cells and what its name says, the probability that it holds a
//! category.
//!
//! Log-odds are added up. The name gives the odds before looking. The cells give a likelihood ratio: the share that
//! passes the rule's check, among those of its shape, against the share of other data that would pass. A rule whose
//! check passes a lot can't convince alone, however many cells there are: other kinds of data (dates, order numbers)
//! pass it as whole columns.

use crate::catalog::Table;
use crate::detect::Detector;
use crate::finding::{Category, Finding, FindingKind, Reason};
use crate::rule::words::NameEvidence;
use crate::rule::{Matcher, Rule};

use super::evidence::{ColumnEvidence, RuleEvidence};

/// Log-odds of a category before the cells are seen, by what the column's name says.
mod prior {
    pub(super) const EXACT_WORD: f64 = 0.8;
    pub(super) const COMPOUND_WORD: f64 = 0.2;
    pub(super) const NOTHING: f64 = -2.0;
    pub(super) const OTHER_WORD: f64 = -3.0;
    pub(super) const WORD_AGAINST: f64 = -4.0;
}

/// The cells can move the log-odds by this much at most: cells of a column are not independent.
const MOST: f64 = 6.5;

/// Numbers made by other rules (order numbers with a check digit, dates in a row) pass a check this many times more
/// often than random ones.
const STRUCTURE: f64 = 15.0;

/// No share of other data that passes is taken to be higher.
const HIGHEST_CHANCE: f64 = 0.9;

/// A column with so few different values over so many cells is a flag or a code, whatever its name says.
const FLAG_VALUES: u64 = 2;
const FLAG_CELLS: u64 = 20;

/// Columns whose cells are shorter than this on average hold labels, not prose.
const SHORT_CELL: u64 = 32;

/// Findings below this are not kept at all.
const LEAST: f64 = 0.05;

/// All findings of one column, by category.
pub fn classify(detector: &Detector, table: &Table, column: usize, evidence: &ColumnEvidence) -> Vec<Finding> {
    let name = NameEvidence::new(detector.rules(), &table.columns[column].name);
    let mut verdicts: Vec<Verdict> = Vec::new();
    for (index, rule) in detector.rules().rules.iter().enumerate() {
        let seen = u16::try_from(index).ok().and_then(|index| evidence.rules.get(&index));
        let verdict = match seen {
            Some(seen) if seen.hits > 0 => Some(from_cells(rule, seen, evidence, &name)),
            // A link is the other table's key, not what people log in with.
            _ if rule.category == Category::Username && is_link(table, column) => None,
            _ => from_name(rule, evidence, &name),
        };
        let Some(verdict) = verdict else { continue };
        match verdicts.iter_mut().find(|known| known.category == rule.category) {
            Some(known) if known.log_odds >= verdict.log_odds => {}
            Some(known) => *known = verdict,
            None => verdicts.push(verdict),
        }
    }
    settle_rivals(&mut verdicts);
    let mut findings: Vec<Finding> =
        verdicts.into_iter().map(|verdict| verdict.finding(table, column, evidence)).collect();
    findings.retain(|finding| finding.confidence >= LEAST);
    findings.sort_by_key(|finding| finding.category);
    findings
}

/// A finding in the making.
struct Verdict {
    category: Category,
    log_odds: f64,
    kind: FindingKind,
    seen: RuleEvidence,
    reasons: Vec<Reason>,
}

impl Verdict {
    fn finding(self, table: &Table, column: usize, evidence: &ColumnEvidence) -> Finding {
        let probability = 1.0 / (1.0 + (-self.log_odds).exp());
        Finding {
            table: table.name.clone(),
            column: table.columns[column].name.clone(),
            path: None,
            category: self.category,
            confidence: (probability * 1000.0).round() / 1000.0,
            cells: evidence.cells,
            cells_with_hits: self.seen.cells(),
            hits: self.seen.hits,
            distinct: self.seen.distinct.count(),
            kind: self.kind,
            evidence: self.reasons,
            samples: self.seen.samples.into_values().map(|sample| sample.expose().to_owned()).collect(),
        }
    }
}

/// The verdict of one rule that found something.
fn from_cells(rule: &Rule, seen: &RuleEvidence, column: &ColumnEvidence, name: &NameEvidence) -> Verdict {
    let mut reasons = Vec::new();
    let typed = seen.whole * 2 >= seen.cells();
    let log_odds = if typed {
        name_prior(rule.category, name, &mut reasons) + typed_ratio(rule, seen, column, &mut reasons)
    } else {
        free_text_odds(rule, seen, column, &mut reasons)
    };
    let kind = if typed { FindingKind::Typed } else { FindingKind::FreeText };
    // Two values are what a gender has.
    let flag = typed && is_flag(column) && rule.category != Category::Gender;
    if flag {
        reasons.push(Reason::Distinct { distinct: column.distinct.count(), cells: column.cells });
    }
    let log_odds = if flag { log_odds - 3.0 } else { log_odds };
    Verdict { category: rule.category, log_odds, kind, seen: seen.clone(), reasons }
}

/// How much cells that are values of the category as a whole say.
fn typed_ratio(rule: &Rule, seen: &RuleEvidence, column: &ColumnEvidence, reasons: &mut Vec<Reason>) -> f64 {
    // A validator's yes is weighed against its no; a rule without one, against all cells.
    let tried = if rule.validator.is_some() { seen.whole + seen.refused } else { column.cells };
    let rate = seen.whole as f64 / tried.max(1) as f64;
    let chance = (rule.chance_rate * STRUCTURE).clamp(1e-6, HIGHEST_CHANCE);
    let convincing = (1.5 - rule.chance_rate.max(1e-9).ln()).min(MOST);
    let rate_reason =
        Reason::Rate { rule: rule.id.clone(), hits: seen.cells(), cells: column.cells, chance: rule.chance_rate };
    reasons.push(rate_reason);
    // The same value again is no new evidence.
    let independent = tried.min(column.distinct.count());
    let ratio = independent as f64 * divergence(rate, chance);
    if rate > chance {
        return ratio.min(convincing);
    }
    reasons.push(Reason::Chance { rule: rule.id.clone(), chance: rule.chance_rate });
    -ratio.clamp(1.0, MOST)
}

/// Kullback-Leibler divergence of two rates, in nats: how fast evidence grows with each cell.
fn divergence(rate: f64, chance: f64) -> f64 {
    let term = |p: f64, q: f64| if p <= 0.0 { 0.0 } else { p * (p / q).ln() };
    term(rate, chance) + term(1.0 - rate, 1.0 - chance)
}

/// Odds that prose holds the category, from the confidence of its single hits.
fn free_text_odds(rule: &Rule, seen: &RuleEvidence, column: &ColumnEvidence, reasons: &mut Vec<Reason>) -> f64 {
    let mean = seen.mean_confidence().clamp(0.02, 0.98);
    let more = (1.0 + seen.distinct.count() as f64).ln().min(2.5);
    // Halls, streets and companies are called after people: in short cells, a name here and there is no person.
    let short = column.bytes < SHORT_CELL * column.cells && seen.cells() * 2 < column.cells;
    let named_after = if short && rule.category == Category::PersonName { -2.5 } else { 0.0 };
    reasons.push(Reason::Rate {
        rule: rule.id.clone(),
        hits: seen.cells(),
        cells: column.cells,
        chance: rule.chance_rate,
    });
    (mean / (1.0 - mean)).ln() + more - 0.5 + named_after
}

/// What the name says before the cells are seen.
fn name_prior(category: Category, name: &NameEvidence, reasons: &mut Vec<Reason>) -> f64 {
    if let Some(word) = name.word(category) {
        reasons.push(Reason::ColumnWord { word: word.text.clone() });
        return if word.exact { prior::EXACT_WORD } else { prior::COMPOUND_WORD };
    }
    if let Some(word) = name.against.get(&category) {
        reasons.push(Reason::AgainstName { word: word.clone() });
        return prior::WORD_AGAINST;
    }
    if let Some(word) = name.other(category) {
        reasons.push(Reason::AgainstName { word: word.text.clone() });
        return prior::OTHER_WORD;
    }
    prior::NOTHING
}

/// The verdict of a rule that found nothing, or that only looks at names.
fn from_name(rule: &Rule, column: &ColumnEvidence, name: &NameEvidence) -> Option<Verdict> {
    let word = name.word(rule.category)?;
    let looked = column.cells > 0;
    let by_name_only = matches!(rule.matcher, Matcher::ColumnName);
    // Cells that were looked at and don't fit speak louder than a name.
    if (looked && !by_name_only) || is_flag(column) && rule.category != Category::Gender {
        return None;
    }
    let odds = (rule.confidence / (1.0 - rule.confidence).max(0.01)).ln();
    let confidence = if by_name_only { odds } else { 0.85 };
    let mut reasons = vec![Reason::ColumnWord { word: word.text.clone() }];
    if !looked {
        reasons.push(Reason::NoCells);
    }
    let certainty = if word.exact { 0.0 } else { -0.4 };
    Some(Verdict {
        category: rule.category,
        log_odds: confidence + certainty,
        kind: FindingKind::NameOnly,
        seen: RuleEvidence::default(),
        reasons,
    })
}

fn is_link(table: &Table, column: usize) -> bool {
    table.foreign_keys.iter().any(|key| key.columns.contains(&table.columns[column].name))
}

fn is_flag(column: &ColumnEvidence) -> bool {
    column.cells >= FLAG_CELLS && column.distinct.count() <= FLAG_VALUES
}

/// A cell is one of these, not several: where a column of single words passes as given names, family names and towns,
/// the best explanation keeps its odds and the others lose theirs.
fn settle_rivals(verdicts: &mut [Verdict]) {
    const RIVALS: [Category; 4] = [Category::GivenName, Category::FamilyName, Category::PersonName, Category::City];
    let rival = |verdict: &&mut Verdict| RIVALS.contains(&verdict.category) && verdict.kind == FindingKind::Typed;
    let strength = |verdict: &Verdict| verdict.log_odds + (1.0 + verdict.seen.whole as f64).ln() / 10.0;
    let best = verdicts
        .iter()
        .filter(|verdict| RIVALS.contains(&verdict.category) && verdict.kind == FindingKind::Typed)
        .map(strength)
        .fold(f64::NEG_INFINITY, f64::max);
    for verdict in verdicts.iter_mut().filter(rival) {
        if strength(verdict) < best {
            verdict.log_odds = verdict.log_odds.min(0.0) - 2.0;
        }
    }
}
