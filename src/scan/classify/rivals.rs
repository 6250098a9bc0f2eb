//! Categories that explain the same cells: the best explanation keeps its odds, the others lose theirs.

use crate::finding::{Category, FindingKind, Reason};

use super::{SURE, Verdict};

/// A column of single words passes as given names, family names and towns; it is one of these.
const WORDS: [Category; 4] = [Category::GivenName, Category::FamilyName, Category::PersonName, Category::City];

/// Settles both kinds of rivalry in one column.
pub(super) fn settle(verdicts: &mut [Verdict]) {
    words(verdicts);
    single_words(verdicts);
    numbers(verdicts);
    strays(verdicts);
    shapes(verdicts);
    pictures(verdicts);
}

/// A picture of a signature is none of a person.
fn pictures(verdicts: &mut [Verdict]) {
    if verdicts.iter().any(|it| it.category == Category::Signature && it.log_odds > 0.0) {
        verdicts.iter_mut().filter(|it| it.category == Category::Photo).for_each(lose);
    }
}

/// Shapes that nearly anything has, where a name promises the category.
const ANY_SHAPE: [Category; 7] = [
    Category::CustomerNumber,
    Category::BankAccount,
    Category::Username,
    Category::DeviceId,
    Category::PassportNumber,
    Category::DrivingLicence,
    Category::Credential,
];

/// Cells that pass another category's check are of that one, not of one that only the name promises; and those that are
/// addresses (`BOX 309`) are no number plates.
fn shapes(verdicts: &mut [Verdict]) {
    let is_sure = |it: &&Verdict| it.log_odds >= SURE && it.kind == FindingKind::Typed;
    let checked = verdicts.iter().filter(is_sure).any(|it| it.checked);
    let addresses = verdicts.iter().filter(is_sure).filter(|it| it.category == Category::PostalAddress);
    let addresses = addresses.map(|it| it.seen.whole).max().unwrap_or(0);
    for verdict in verdicts.iter_mut().filter(|it| !it.checked) {
        let nearly_all = |cells: u64| verdict.seen.whole > 0 && cells * 10 >= verdict.seen.whole * 9;
        let any_shape = ANY_SHAPE.contains(&verdict.category) && checked && nearly_all(verdict.seen.shared);
        let is_plate = verdict.category == Category::VehicleRegistration && !verdict.named;
        if any_shape || (is_plate && nearly_all(addresses)) {
            lose(verdict);
        }
    }
}

/// A place here and there inside the values of a column that is surely of another kind is a chance.
fn strays(verdicts: &mut [Verdict]) {
    let is_name = |category| matches!(category, Category::PersonName | Category::GivenName | Category::FamilyName);
    let typed =
        |it: &&Verdict| it.kind == FindingKind::Typed && it.log_odds >= SURE && (it.checked || is_name(it.category));
    let typed: Vec<(Category, u64)> = verdicts.iter().filter(typed).map(|it| (it.category, it.seen.cells())).collect();
    for verdict in verdicts.iter_mut().filter(|it| it.kind == FindingKind::FreeText) {
        let drowns = |(category, cells): &(Category, u64)| {
            *category != verdict.category
                && !category.may_be_both(verdict.category)
                && verdict.seen.cells() * 20 < *cells
        };
        if typed.iter().any(drowns) {
            lose(verdict);
        }
    }
}

fn words(verdicts: &mut [Verdict]) {
    let rival = |verdict: &Verdict| WORDS.contains(&verdict.category) && verdict.kind == FindingKind::Typed;
    let strength = |verdict: &Verdict| verdict.log_odds + (1.0 + verdict.seen.whole as f64).ln() / 10.0;
    let best = verdicts.iter().filter(|it| rival(it)).map(strength).fold(f64::NEG_INFINITY, f64::max);
    for verdict in verdicts.iter_mut().filter(|it| rival(it) && strength(it) < best) {
        lose(verdict);
    }
}

/// A column of given names is no prose with names in it.
fn single_words(verdicts: &mut [Verdict]) {
    let part = |it: &&Verdict| matches!(it.category, Category::GivenName | Category::FamilyName) && it.log_odds > 0.0;
    let parts = verdicts.iter().filter(part).map(|it| it.seen.whole).max().unwrap_or(0);
    let person = verdicts.iter_mut().find(|it| it.category == Category::PersonName && it.kind != FindingKind::NameOnly);
    if let Some(person) = person.filter(|it| it.kind == FindingKind::FreeText && it.seen.cells() <= parts * 2) {
        lose(person);
    }
}

/// Numbers of one kind that pass another's check, too: some personal numbers could be phone numbers.
fn numbers(verdicts: &mut [Verdict]) {
    let strong: Vec<(Category, f64, u64)> =
        verdicts.iter().filter(|it| it.checked).map(|it| (it.category, it.log_odds, it.seen.whole)).collect();
    for verdict in verdicts.iter_mut().filter(|it| it.checked && it.seen.shared * 2 >= it.seen.whole) {
        let explains = |(category, log_odds, whole): &(Category, f64, u64)| {
            let rival = *category != verdict.category && !category.may_be_both(verdict.category);
            rival && *log_odds > verdict.log_odds && *whole >= verdict.seen.whole * 2
        };
        if strong.iter().any(explains) {
            lose(verdict);
        }
    }
}

fn lose(verdict: &mut Verdict) {
    verdict.log_odds = verdict.log_odds.min(0.0) - 2.0;
    verdict.reasons.push(Reason::Rival);
}
