//! Streets, towns and postal codes: invented street names, real towns with the first digits of their postal codes.

use super::fill::{Def, text};
use super::rng::Rng;

/// Where a person lives, in parts.
#[derive(Clone, Debug)]
pub(crate) struct Address {
    pub(super) street: String,
    /// Five digits without a space.
    pub(super) code: String,
    pub(super) town: &'static str,
}

const STREET_FIRST: &[&str] = &[
    "Björk",
    "Kvarn",
    "Skol",
    "Ring",
    "Hantverkar",
    "Tall",
    "Strand",
    "Ängs",
    "Slöjd",
    "Bruks",
    "Äppel",
    "Ekorr",
    "Mjölnar",
    "Fiskar",
    "Söder",
    "Norra Kyrko",
    "Lilla Torg",
    "Gamla Industri",
    "Öst",
    "Lärk",
    "Råg",
    "Humle",
];
const STREET_LAST: &[&str] = &["gatan", "vägen", "stigen", "backen", "gränd", "allén", "kroken", "slingan"];

const TOWNS: &[(&str, &str)] = &[
    ("Stockholm", "112"),
    ("Göteborg", "415"),
    ("Malmö", "214"),
    ("Uppsala", "753"),
    ("Västerås", "722"),
    ("Örebro", "703"),
    ("Linköping", "582"),
    ("Helsingborg", "252"),
    ("Jönköping", "553"),
    ("Norrköping", "602"),
    ("Lund", "223"),
    ("Umeå", "903"),
    ("Gävle", "803"),
    ("Borås", "504"),
    ("Sundsvall", "852"),
    ("Eskilstuna", "632"),
    ("Halmstad", "302"),
    ("Växjö", "352"),
    ("Karlstad", "652"),
    ("Östersund", "831"),
    ("Trollhättan", "461"),
    ("Luleå", "972"),
    ("Kalmar", "392"),
    ("Kristianstad", "291"),
    ("Skövde", "541"),
    ("Falun", "791"),
    ("Nyköping", "611"),
    ("Kiruna", "981"),
    ("Visby", "621"),
    ("Ystad", "271"),
    ("Arvika", "671"),
    ("Mora", "792"),
    ("Boden", "961"),
    ("Åmål", "662"),
    ("Älmhult", "343"),
    ("Hjo", "544"),
    ("Båstad", "269"),
    ("Säffle", "661"),
    ("Örnsköldsvik", "891"),
    ("Sölvesborg", "294"),
];

pub(super) fn street(rng: &mut Rng) -> String {
    let name = format!("{}{}", rng.pick(STREET_FIRST), rng.pick(STREET_LAST));
    let number = rng.range(1, 148);
    match rng.below(10) {
        0 => format!("{name} {number} {}", rng.pick(&["A", "B", "C"])),
        1 => format!("{name} {number}{}", rng.pick(&["a", "b", "c"])),
        2 => format!("{name} {number} lgh {}", rng.range(1001, 1604)),
        3 => format!("Box {}", rng.range(10, 4999)),
        _ => format!("{name} {number}"),
    }
}

pub(super) fn address(rng: &mut Rng) -> Address {
    let (town, prefix) = rng.pick(TOWNS);
    Address { street: street(rng), code: format!("{prefix}{:02}", rng.range(10, 98)), town }
}

impl Address {
    /// `112 34`.
    pub(super) fn spaced_code(&self) -> String {
        format!("{} {}", &self.code[..3], &self.code[3..])
    }

    pub(super) fn one_line(&self) -> String {
        format!("{}, {} {}", self.street, self.spaced_code(), self.town)
    }
}

const WHOLE: &[&str] = &["postal_address", "postal_code", "city"];

pub(super) const FILLS: &[Def] = &[
    ("street", &["postal_address"], |row| text(&row.person.address.street)),
    ("street_upper", &["postal_address"], |row| text(row.person.address.street.to_uppercase())),
    ("care_of", &["postal_address"], |row| text(format!("c/o {}", row.person.family))),
    ("street_en", &["postal_address"], |row| {
        let road = row.rng.pick(&["Harbour Lane", "Mill Road", "Station Street", "Orchard Close", "Kiln Hill"]);
        text(format!("{} {road}", row.rng.range(1, 240)))
    }),
    ("address_line", WHOLE, |row| text(row.person.address.one_line())),
    ("address_lines", WHOLE, |row| {
        let address = &row.person.address;
        text(format!("{}\n{}  {}", address.street, address.spaced_code(), address.town.to_uppercase()))
    }),
    ("zip", &["postal_code"], |row| text(row.person.address.spaced_code())),
    ("zip5", &["postal_code"], |row| text(&row.person.address.code)),
    ("zip_se", &["postal_code"], |row| text(format!("SE-{}", row.person.address.spaced_code()))),
    ("zip_int", &["postal_code"], |row| row.person.address.code.parse::<i64>().expect("five digits").into()),
    ("zip_town", &["postal_code", "city"], |row| {
        text(format!("{} {}", row.person.address.spaced_code(), row.person.address.town.to_uppercase()))
    }),
    ("town", &["city"], |row| text(row.person.address.town)),
    ("town_upper", &["city"], |row| text(row.person.address.town.to_uppercase())),
    ("facility", &[], |row| {
        let kind = row.rng.pick(&["Sporthall", "Ishall", "Bibliotek", "Simhall", "Aula", "Bollplan", "Lokal"]);
        text(format!("{kind} {}", row.rng.pick(&["Norra", "Södra", "Centrum", "A", "B2", "Ängen", "Höjden"])))
    }),
    ("district", &[], |row| text(row.rng.pick(&["Norr", "Syd", "Väst", "Öst", "Centrum", "Region 4"]))),
    ("country2", &[], |row| text(row.rng.pick(&["SE", "NO", "DK", "FI", "DE", "PL", "GB"]))),
    ("country", &[], |row| text(row.rng.pick(&["Sverige", "Norge", "Danmark", "Finland", "Tyskland", "Polen"]))),
];
