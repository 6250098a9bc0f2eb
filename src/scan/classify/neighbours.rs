//! What stands beside in the table, and behind its links: a diagnosis is a person's where a person stands beside it, and
//! a picture in a table of products is a product's.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::Catalog;
use crate::finding::{Category, FindingKind, Reason};
use crate::nested;
use crate::rule::words::{Subject, is_key_of_person, is_name_of_thing, is_title};

use super::{Field, SURE, Verdict};

/// A special category is never more probable than this where no person stands beside it.
const WITHOUT_PERSON: f64 = 0.6;

/// Nor, of whole cells, where not even a name says so: a table of codes lists illnesses, too.
const UNNAMED_WITHOUT_PERSON: f64 = 0.45;

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
            let own_name = field.path.as_deref().map_or(&*field.column.name, nested::name);
            let is_title = is_title(own_name);
            let names_thing = field.subject == Some(Subject::Things) && is_name_of_thing(own_name);
            for verdict in &mut field.verdicts {
                if is_title || names_thing {
                    of_its_name(verdict);
                }
                by_persons(verdict, beside);
                match field.subject {
                    Some(Subject::Things) => of_a_thing(verdict, beside),
                    Some(Subject::Animals) => of_an_animal(verdict),
                    Some(Subject::Persons) => of_a_person(verdict),
                    None => {}
                }
                by_latitude(verdict, &adjacent);
                if field.subject != Some(Subject::Things) {
                    by_names(verdict, &adjacent);
                }
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
    let tells = |field: &&Field<'_>| {
        is_key_of_person(&field.column.name) || field.verdicts.iter().any(|verdict| tells_who(field, verdict))
    };
    fields.iter().filter(tells).count() as u64
}

/// Whether a verdict surely tells who somebody is. Things are called after people, where no name says otherwise.
fn tells_who(field: &Field<'_>, verdict: &Verdict) -> bool {
    use Category::{CustomerNumber, Email, FamilyName, GivenName, PersonName, PersonalNumber, Phone, Username};
    let is_sure = verdict.log_odds >= SURE && verdict.kind != FindingKind::FreeText;
    let of_a_thing = matches!(field.subject, Some(Subject::Things | Subject::Animals));
    is_sure
        && match verdict.category {
            PersonName | GivenName | FamilyName => verdict.named || !of_a_thing,
            PersonalNumber | Email | Phone | Username | CustomerNumber => true,
            _ => false,
        }
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
            let told = verdict.named || verdict.kind == FindingKind::FreeText;
            verdict.at_most = if told { WITHOUT_PERSON } else { UNNAMED_WITHOUT_PERSON };
            verdict.reasons.push(Reason::NoPerson);
        } else if verdict.kind == FindingKind::NameOnly {
            verdict.log_odds += if beside >= SEVERAL { 0.4 } else { 0.2 };
            verdict.reasons.push(Reason::Neighbours { columns: beside });
        }
    } else if needs_person
        && typed
        && (verdict.named || matches!(verdict.category, Category::Gender | Category::GeoLocation))
    {
        verdict.log_odds += if beside > 0 { 0.5 } else { -1.0 };
        verdict.reasons.push(if beside > 0 { Reason::Neighbours { columns: beside } } else { Reason::NoPerson });
        if beside == 0 && verdict.category == Category::GeoLocation && !verdict.named {
            verdict.at_most = OF_THING;
        }
    }
}

/// A table with so many fields that tell who somebody is, is of persons.
const SEVERAL: u64 = 2;

/// So many fields that tell who somebody is make a table one of persons, whatever it is called.
const OF_PERSONS: u64 = 4;

/// What stands in a table of things without a person is never more probable than this.
const OF_THING: f64 = 0.4;

/// Things are called after people, and books are about illness.
fn of_its_name(verdict: &mut Verdict) {
    use Category::{FamilyName, GivenName, PersonName};
    let called_after = matches!(verdict.category, PersonName | GivenName | FamilyName) || verdict.category.is_special();
    if called_after && !verdict.named {
        verdict.log_odds -= 3.0;
        verdict.reasons.push(Reason::OfThing);
    }
}

/// In a table of things: these are called after people (the frame "Victoria"), and lie somewhere (a store).
fn of_a_thing(verdict: &mut Verdict, beside: u64) {
    use Category::{DateOfBirth, FamilyName, Gender, GeoLocation, GivenName, PersonName, Salary};
    if beside >= OF_PERSONS {
        return;
    }
    let is_name = matches!(verdict.category, PersonName | GivenName | FamilyName);
    let alone = beside == 0;
    let called_after = is_name && alone && !verdict.named;
    let is_prose = verdict.kind == FindingKind::FreeText;
    let its_own = !is_prose && matches!(verdict.category, GeoLocation | DateOfBirth | Salary | Gender);
    // A catalogue of diagnoses.
    let by_name = verdict.kind == FindingKind::NameOnly && beside < SEVERAL;
    let no_persons = verdict.category.is_special() && (alone || by_name);
    if called_after || its_own || no_persons {
        verdict.log_odds -= 3.0;
        verdict.reasons.push(Reason::OfThing);
        if alone || (verdict.category == GeoLocation && beside < SEVERAL) {
            verdict.at_most = OF_THING;
        }
    }
}

/// Animals have names, birth dates and illnesses of their own.
fn of_an_animal(verdict: &mut Verdict) {
    use Category::{DateOfBirth, FamilyName, Gender, GivenName, PersonName, Photo};
    let its_own = matches!(verdict.category, PersonName | GivenName | FamilyName | DateOfBirth | Gender | Photo)
        || verdict.category.is_special();
    if its_own && (verdict.kind != FindingKind::FreeText || verdict.category.is_special()) {
        verdict.log_odds -= 3.0;
        verdict.at_most = OF_THING;
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

/// A family name stands beside the given name, and a given name beside the family name, whether lists know many or few.
fn by_names(verdict: &mut Verdict, adjacent: &BTreeSet<Category>) {
    let other = match verdict.category {
        Category::GivenName => Category::FamilyName,
        Category::FamilyName => Category::GivenName,
        _ => return,
    };
    if verdict.kind == FindingKind::Typed && adjacent.contains(&other) {
        verdict.log_odds += 2.0;
        verdict.reasons.push(Reason::NameBeside);
    }
}

/// Parts of an address stand together, and a postal code beside its town.
fn by_parts(verdict: &mut Verdict, sure: &BTreeSet<Category>, adjacent: &BTreeSet<Category>) {
    const ADDRESS: [Category; 3] = [Category::PostalAddress, Category::PostalCode, Category::City];
    let other = |in_set: &BTreeSet<Category>| ADDRESS.iter().any(|it| *it != verdict.category && in_set.contains(it));
    let typed = verdict.kind == FindingKind::Typed;
    if verdict.category == Category::PostalCode && typed && !verdict.named && !other(adjacent) {
        // Five digits may be anything.
        verdict.log_odds -= 2.0;
    }
    if !ADDRESS.contains(&verdict.category) || !typed || !other(sure) {
        return;
    }
    let somewhere = if verdict.category == Category::PostalCode { 0.0 } else { 0.5 };
    verdict.log_odds += if other(adjacent) { 2.0 } else { somewhere };
    verdict.reasons.push(Reason::AddressBeside);
}
