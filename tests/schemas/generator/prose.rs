//! Free text: templates with places for values, written tidily or sloppily. The texts themselves stand in `texts`.

use super::fill::Row;
use super::people::{Person, company, swedish_date};
use super::rng::Rng;
use super::{codes, numbers, secrets, times};

pub(crate) use super::texts::ALL;

/// A text with places such as `{name}`, and the categories that its own words tell.
pub(crate) type Template = (&'static str, &'static [&'static str]);

/// Each place in a template and the categories that its values are of.
const PLACES: &[(&str, &[&str])] = &[
    ("name", &["person_name"]),
    ("given", &["person_name"]),
    ("other", &["person_name"]),
    ("pnr", &["personal_number"]),
    ("email", &["email"]),
    ("phone", &["phone"]),
    ("street", &["postal_address"]),
    ("address", &["postal_address", "postal_code", "city"]),
    ("birth", &["date_of_birth"]),
    ("user", &["username"]),
    ("ip", &["ip_address"]),
    ("plate", &["vehicle_registration"]),
    ("orgnr", &["organisation_number"]),
    ("password", &["credential"]),
    ("company", &[]),
    ("order", &[]),
    ("ocr", &[]),
    ("amount", &[]),
    ("date", &[]),
    ("day", &[]),
    ("clock", &[]),
    ("product", &[]),
    ("version", &[]),
    ("n", &[]),
    ("big", &[]),
    ("uuid", &[]),
];

pub(crate) fn find(name: &str) -> Option<&'static [Template]> {
    ALL.iter().find(|(own, _)| *own == name).map(|(_, templates)| *templates)
}

/// All categories that stand in at least one of the texts.
pub(crate) fn categories(templates: &[Template]) -> Vec<&'static str> {
    let mut all: Vec<&'static str> = templates.iter().flat_map(|(_, told)| told.iter().copied()).collect();
    for (template, _) in templates {
        for (_, place) in pieces(template) {
            all.extend(
                place.and_then(|place| PLACES.iter().find(|(name, _)| *name == place)).map_or(&[][..], |found| found.1),
            );
        }
    }
    all.sort_unstable();
    all.dedup();
    all
}

/// The literal pieces of a template, each with the place that follows it.
fn pieces(template: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    template.split('}').map(|piece| match piece.split_once('{') {
        Some((literal, place)) => (literal, Some(place)),
        None => (piece, None),
    })
}

/// The next text in turn, its places filled.
pub(super) fn write(row: &mut Row<'_>, other: &Person, templates: &[Template]) -> String {
    let (template, _) = templates[row.planted % templates.len()];
    let habit = row.rng.below(8);
    let mut out = String::new();
    for (literal, place) in pieces(template) {
        out.push_str(&sloppy(literal, habit));
        if let Some(place) = place {
            out.push_str(&value(place, row, other));
        }
    }
    out
}

/// Most write as the template; some in lower case, without dots on letters, without capitals and commas, or shouting.
fn sloppy(literal: &str, habit: usize) -> String {
    match habit {
        0 => literal.to_lowercase(),
        1 => literal.replace(['å', 'ä'], "a").replace('ö', "o"),
        2 => literal.to_lowercase().replace(", ", " ").replace(". ", " "),
        // Never right after a value: `a@example.com.Tack` would be another address.
        3 if !literal.starts_with('.') => literal.replace(". ", ".").replace(" och ", " o "),
        _ => literal.to_owned(),
    }
}

fn value(place: &str, row: &mut Row<'_>, other: &Person) -> String {
    let person = row.person;
    match place {
        "name" => person.name(),
        "given" => person.given.clone(),
        "other" => other.name(),
        "pnr" => person.number(row.rng.below(6)),
        "email" => person.email.clone(),
        "phone" => person.phone.written(row.rng.below(12)),
        "street" => person.address.street.clone(),
        "address" => person.address.one_line(),
        "birth" => swedish_date(person.birth),
        "user" => person.user.clone(),
        _ => neutral(place, row.rng),
    }
}

/// Values that do not tell of the row's person.
fn neutral(place: &str, rng: &mut Rng) -> String {
    match place {
        "ip" => secrets::ip(rng),
        "plate" => numbers::plate(rng),
        "orgnr" => numbers::organisation(rng),
        "password" => rng.string("abcdefghjkmnpqrstuvxyzABCDEFGH23456789!", 10),
        "company" => company(rng),
        "order" => format!("{}{}", rng.range(10, 99), rng.digits(8)),
        "ocr" => numbers::ocr(rng, 12),
        "amount" => format!("{} {:03},50", rng.range(1, 40), rng.range(0, 999)),
        "date" => times::day(rng, 2018, 2026).to_string(),
        "day" => format!("{}/{}", rng.range(1, 28), rng.range(1, 12)),
        "clock" => format!("{}.{:02}", rng.range(7, 19), rng.range(0, 59)),
        "product" => codes::product(rng),
        "version" => format!("{}.{}.{}", rng.range(1, 9), rng.range(0, 20), rng.range(0, 9)),
        "n" => rng.range(2, 90).to_string(),
        "big" => format!("{}{}", rng.range(1, 9), rng.digits(9)),
        "uuid" => secrets::uuid(rng),
        unknown => panic!("a template has the unknown place `{unknown}`"),
    }
}
