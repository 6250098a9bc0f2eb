//! What stands beside in the table, and behind its links: a diagnosis is a person's where a person stands beside it, and
//! a picture in a table of products is a product's.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::Catalog;
use crate::finding::{Category, FindingKind, Reason};

use super::{Field, SURE, Verdict};

/// A special category is never more probable than this where no person stands beside it.
const WITHOUT_PERSON: f64 = 0.6;

/// Weighs the verdicts of all tables by what stands beside them.
pub(super) fn weigh(catalog: &Catalog, tables: &mut BTreeMap<usize, Vec<Field<'_>>>) {
    let own: BTreeMap<usize, u64> = tables.iter().map(|(table, fields)| (*table, persons(fields))).collect();
    let holds_persons = |table: &usize| own.get(table).is_some_and(|persons| *persons > 0);
    for (table, fields) in tables.iter_mut() {
        let links: BTreeSet<usize> = catalog.tables[*table]
            .foreign_keys
            .iter()
            .filter_map(|key| catalog.tables.iter().position(|parent| parent.name == key.parent))
            .filter(holds_persons)
            .collect();
        let beside = own[table] + links.len() as u64;
        let categories: BTreeSet<Category> = fields.iter().flat_map(sure).collect();
        let by_field: Vec<BTreeSet<Category>> = fields.iter().map(|field| sure(field).collect()).collect();
        for (at, field) in fields.iter_mut().enumerate() {
            let beside_it = at.checked_sub(1).into_iter().chain([at + 1]);
            let adjacent: BTreeSet<Category> = beside_it.filter_map(|at| by_field.get(at)).flatten().copied().collect();
            let is_link =
                catalog.tables[*table].foreign_keys.iter().any(|key| key.columns.contains(&field.column.name));
            for verdict in &mut field.verdicts {
                by_persons(verdict, beside);
                match field.of_persons {
                    Some(false) => of_a_thing(verdict, beside),
                    Some(true) => of_a_person(verdict),
                    None => {}
                }
                by_latitude(verdict, &adjacent);
                by_parts(verdict, &categories, &adjacent);
                if is_link && verdict.category == Category::Username && verdict.kind == FindingKind::NameOnly {
                    // A link is the other table's key, not what people log in with.
                    verdict.log_odds -= 4.0;
                }
            }
        }
    }
}

/// The categories that a field surely holds as such.
fn sure<'a>(field: &'a Field<'_>) -> impl Iterator<Item = Category> + 'a {
    field.verdicts.iter().filter(|it| it.log_odds >= SURE && it.kind != FindingKind::FreeText).map(|it| it.category)
}

/// How many fields tell who somebody is.
fn persons(fields: &[Field<'_>]) -> u64 {
    let tells = |category: Category| {
        matches!(
            category,
            Category::PersonName
                | Category::GivenName
                | Category::FamilyName
                | Category::PersonalNumber
                | Category::Email
                | Category::Phone
                | Category::Username
                | Category::CustomerNumber
        )
    };
    fields.iter().filter(|field| sure(field).any(tells)).count() as u64
}

/// What is somebody's only if a person stands beside.
fn by_persons(verdict: &mut Verdict, beside: u64) {
    let needs_person = matches!(
        verdict.category,
        Category::DateOfBirth
            | Category::Gender
            | Category::Salary
            | Category::Photo
            | Category::Signature
            | Category::GeoLocation
    );
    let typed = verdict.kind != FindingKind::FreeText;
    if verdict.category.is_special() {
        if beside == 0 {
            // A table of codes is called after what they are.
            let by_table = verdict.reasons.iter().any(|reason| matches!(reason, Reason::TableWord { .. }));
            verdict.log_odds -= if by_table { 3.0 } else { 0.0 };
            verdict.at_most = WITHOUT_PERSON;
            verdict.reasons.push(Reason::NoPerson);
        }
    } else if needs_person
        && typed
        && (verdict.named || matches!(verdict.category, Category::Gender | Category::GeoLocation))
    {
        verdict.log_odds += if beside > 0 { 0.5 } else { -1.0 };
        verdict.reasons.push(if beside > 0 { Reason::Neighbours { columns: beside } } else { Reason::NoPerson });
    }
}

/// In a table of things: these are called after people (the frame "Victoria"), and lie somewhere (a store).
fn of_a_thing(verdict: &mut Verdict, beside: u64) {
    let named_after = verdict.category == Category::PersonName && verdict.kind == FindingKind::FreeText && beside == 0;
    let only_persons_have =
        matches!(verdict.category, Category::GeoLocation | Category::DateOfBirth | Category::Salary | Category::Gender);
    let its_own = only_persons_have && verdict.kind != FindingKind::FreeText;
    // A catalogue of diagnoses, and the horse's.
    let no_persons = verdict.category.is_special() && beside == 0;
    if named_after || its_own || no_persons {
        verdict.log_odds -= if its_own { 3.0 } else { 2.0 };
        verdict.reasons.push(Reason::OfThing);
    }
}

/// In a table of persons a picture is of one.
fn of_a_person(verdict: &mut Verdict) {
    if verdict.category == Category::Photo && verdict.named {
        verdict.log_odds += 1.5;
    }
}

/// A longitude stands beside the latitude.
fn by_latitude(verdict: &mut Verdict, adjacent: &BTreeSet<Category>) {
    if verdict.category == Category::GeoLocation && adjacent.contains(&Category::GeoLocation) && !verdict.named {
        verdict.log_odds += 2.5;
    }
}

/// Parts of an address stand together, and a postal code beside its town.
fn by_parts(verdict: &mut Verdict, sure: &BTreeSet<Category>, adjacent: &BTreeSet<Category>) {
    const ADDRESS: [Category; 3] = [Category::PostalAddress, Category::PostalCode, Category::City];
    let other = |in_set: &BTreeSet<Category>| ADDRESS.iter().any(|it| *it != verdict.category && in_set.contains(it));
    if verdict.category == Category::PostalCode && !verdict.named && !other(adjacent) {
        // Five digits may be anything.
        verdict.log_odds -= 2.0;
    }
    if !ADDRESS.contains(&verdict.category) || verdict.kind != FindingKind::Typed || !other(sure) {
        return;
    }
    let somewhere = if verdict.category == Category::PostalCode { 0.0 } else { 0.5 };
    verdict.log_odds += if other(adjacent) { 2.0 } else { somewhere };
    verdict.reasons.push(Reason::AddressBeside);
}
