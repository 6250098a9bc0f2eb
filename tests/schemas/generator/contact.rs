//! Telephone numbers (PTS's series for fiction only) and e-mail addresses (example domains only).

use super::fill::{Def, text};
use super::people::{Person, ascii};
use super::rng::Rng;

/// Area code with its zero, and the rest.
#[derive(Clone, Debug)]
pub(crate) struct Phone {
    area: &'static str,
    rest: String,
}

/// PTS's series for fiction: area code, the digits before the last two, first and last of the last two.
pub(crate) const FICTION: &[(&str, &str, i64, i64)] = &[
    ("070", "17406", 5, 99),
    ("08", "465004", 0, 99),
    ("031", "39006", 0, 99),
    ("040", "62804", 0, 99),
    ("0980", "3192", 0, 99),
];

impl Phone {
    fn of(rng: &mut Rng, series: (&'static str, &str, i64, i64)) -> Self {
        let (area, start, low, high) = series;
        Self { area, rest: format!("{start}{:02}", rng.range(low, high)) }
    }

    pub(super) fn any(rng: &mut Rng) -> Self {
        let series = rng.pick(FICTION);
        Self::of(rng, series)
    }

    pub(super) fn mobile(rng: &mut Rng) -> Self {
        Self::of(rng, FICTION[0])
    }

    /// `070-174 06 05`.
    pub(super) fn usual(&self) -> String {
        format!("{}-{}", self.area, self.grouped(' '))
    }

    pub(super) fn compact(&self) -> String {
        format!("{}{}", self.area, self.rest)
    }

    /// `+46701740605`.
    pub(super) fn international(&self) -> String {
        format!("+46{}{}", &self.area[1..], self.rest)
    }

    fn grouped(&self, separator: char) -> String {
        let groups: &[usize] = match self.rest.len() {
            8 => &[3, 3, 2],
            7 => &[3, 2, 2],
            _ => &[3, 3],
        };
        let mut rest = self.rest.as_str();
        let mut out = String::new();
        for &length in groups {
            let (group, tail) = rest.split_at(length);
            rest = tail;
            if !out.is_empty() {
                out.push(separator);
            }
            out.push_str(group);
        }
        out
    }

    /// One of twelve ways in which people write a number.
    pub(super) fn written(&self, way: usize) -> String {
        let (area, bare) = (self.area, &self.area[1..]);
        match way % 12 {
            0 => self.usual(),
            1 => self.compact(),
            2 => self.international(),
            3 => format!("+46 {bare} {}", self.grouped(' ')),
            4 => format!("+46 (0){bare}-{}", self.grouped(' ')),
            5 => format!("0046{bare}{}", self.rest),
            6 => format!("{area}-{}", self.rest),
            7 => format!("{area} {}", self.grouped(' ')),
            8 => format!("{area}/{}", self.rest),
            9 => format!("({area}) {}", self.grouped(' ')),
            10 => format!("{area}.{}", self.grouped('.')),
            _ => format!("+46-{bare}-{}", self.grouped('-')),
        }
    }
}

const DOMAINS: &[&str] = &[
    "example.com",
    "example.org",
    "example.net",
    "example.se",
    "mail.example.com",
    "post.example.se",
    "firma.example.net",
    "kommun.example.se",
    "uni.example.org",
];

/// An address of one of several habits of making them.
pub(super) fn email(rng: &mut Rng, given: &str, family: &str, year: i16) -> String {
    let (given, family) = (ascii(given), ascii(family));
    let domain = rng.pick(DOMAINS);
    let local = match rng.below(8) {
        0 => format!("{}.{family}", &given[..1]),
        1 => format!("{given}{}", year % 100),
        2 => format!("{given}_{family}"),
        3 => format!("{family}+{}", rng.pick(&["faktura", "shop", "news", "2"])),
        4 => format!("{}{family}{}", &given[..1], rng.range(1, 99)),
        5 => format!("{family}.{given}-{}", rng.range(1, 9)),
        _ => format!("{given}.{family}"),
    };
    format!("{local}@{domain}")
}

/// `Anna.SVENSSON@Example.COM`.
fn capitalised(person: &Person) -> String {
    let given = ascii(&person.given);
    let (first, rest) = given.split_at(1);
    format!("{}{rest}.{}@Example.COM", first.to_uppercase(), ascii(&person.family).to_uppercase())
}

pub(super) const FILLS: &[Def] = &[
    ("phone", &["phone"], |row| text(row.person.phone.usual())),
    ("phone_mixed", &["phone"], |row| text(row.person.phone.written(row.planted))),
    ("phone_compact", &["phone"], |row| text(row.person.phone.compact())),
    ("mobile", &["phone"], |row| text(row.person.mobile.usual())),
    ("mobile_mixed", &["phone"], |row| text(row.person.mobile.written(row.planted))),
    ("mobile_compact", &["phone"], |row| text(row.person.mobile.compact())),
    ("mobile_e164", &["phone"], |row| text(row.person.mobile.international())),
    ("mobile_msisdn", &["phone"], |row| text(row.person.mobile.international().replace('+', ""))),
    // The zero in front is lost, as in every spreadsheet.
    ("mobile_int", &["phone"], |row| row.person.mobile.compact().parse::<i64>().expect("digits").into()),
    ("phone_remark", &["phone"], |row| {
        let remark = row.rng.pick(&["arb", "hem", "ej före 10", "mobil", "vx", "(sambo)"]);
        text(format!("{} {remark}", row.person.phone.written(row.planted)))
    }),
    ("phone_or_email", &["phone", "email"], |row| {
        if row.planted.is_multiple_of(3) {
            text(&row.person.email)
        } else {
            text(row.person.phone.written(row.planted))
        }
    }),
    ("phone_or_note", &["phone"], |row| {
        if row.planted.is_multiple_of(4) { text("saknas") } else { text(row.person.mobile.usual()) }
    }),
    ("email", &["email"], |row| text(&row.person.email)),
    ("email_upper", &["email"], |row| text(row.person.email.to_uppercase())),
    ("email_camel", &["email"], |row| text(capitalised(row.person))),
    ("email_display", &["person_name", "email"], |row| text(format!("{} <{}>", row.person.name(), row.person.email))),
    ("email_list", &["email"], |row| text(format!("{}; {}", row.person.email, email(row.rng, "Vera", "Kullenbo", 71)))),
    ("email_mailto", &["email"], |row| text(format!("mailto:{}", row.person.email))),
    ("role_email", &["email"], |row| text(format!("info@{}", row.rng.pick(DOMAINS)))),
];
