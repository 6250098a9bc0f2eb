//! One person per row: names, birth, number, addresses and log-in that agree with each other.

use jiff::civil::Date;

use super::contact::{self, Phone};
use super::fill::{Def, text};
use super::names::{FAMILY, FEMALE, MALE};
use super::numbers::TEST_SERIES;
use super::places::{self, Address};
use super::rng::Rng;

/// Ages and centuries are counted from here.
pub(super) const TODAY: Date = jiff::civil::date(2026, 11, 21);

/// A person that all fills of a row speak of.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(super) given: String,
    pub(super) family: String,
    pub(super) female: bool,
    pub(super) birth: Date,
    /// The three digits after the birth date, of Skatteverket's test series.
    pub(super) serial: &'static str,
    /// Whether the number is a coordination number (day of birth + 60).
    pub(super) coordination: bool,
    /// In registers that mix persons and companies the row is a company's.
    pub(super) company: bool,
    pub(super) email: String,
    pub(super) user: String,
    pub(super) phone: Phone,
    pub(super) mobile: Phone,
    pub(super) address: Address,
}

impl Person {
    pub(super) fn new(rng: &mut Rng) -> Self {
        let female = rng.chance(50);
        let given = rng.pick(if female { FEMALE } else { MALE });
        let family = rng.pick(FAMILY);
        let birth = TODAY.saturating_sub(jiff::Span::new().days(rng.range(18 * 366, 90 * 365)));
        // The third digit is even for women and odd for men.
        let serial = loop {
            let serial = rng.pick(TEST_SERIES);
            if (serial.as_bytes()[2].is_multiple_of(2)) == female {
                break serial;
            }
        };
        Self {
            email: contact::email(rng, given, family, birth.year()),
            user: user_name(rng, given, family),
            phone: Phone::any(rng),
            mobile: Phone::mobile(rng),
            address: places::address(rng),
            given: given.to_owned(),
            family: family.to_owned(),
            female,
            birth,
            serial,
            coordination: rng.chance(3),
            company: rng.chance(45),
        }
    }

    pub(super) fn name(&self) -> String {
        format!("{} {}", self.given, self.family)
    }
}

/// The nearest ASCII letters, lower case; everything else falls away.
pub(super) fn ascii(name: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    name.nfd()
        .flat_map(char::to_lowercase)
        .map(|letter| match letter {
            'ø' | 'ð' => 'o',
            'æ' => 'a',
            'ł' => 'l',
            'đ' => 'd',
            'ı' => 'i',
            'þ' => 't',
            'ß' => 's',
            other => other,
        })
        .filter(char::is_ascii_alphabetic)
        .collect()
}

/// Three letters of each name and two digits, as directories make them.
fn user_name(rng: &mut Rng, given: &str, family: &str) -> String {
    let (given, family) = (ascii(given), ascii(family));
    let short = |name: &str| name.chars().take(3).collect::<String>();
    format!("{}{}{:02}", short(&given), short(&family), rng.range(1, 99))
}

/// A company's name: invented, often with a family name in it.
pub(super) fn company(rng: &mut Rng) -> String {
    const FIRST: &[&str] =
        &["Nordvik", "Brattås", "Kvarnsjö", "Solhem", "Vintra", "Alnö", "Tranemo", "Plogen", "Havsnära"];
    const TRADE: &[&str] = &["Bygg", "El", "Rör", "Måleri", "Åkeri", "Konsult", "Städ", "Plåt", "Livs", "Data", "Skog"];
    const FORM: &[&str] = &["AB", "AB", "HB", "KB", "Ek. för.", "AB (publ)"];
    format!("{} {} {}", rng.pick(FIRST), rng.pick(TRADE), rng.pick(FORM))
}

const MONTHS: &[&str] = &[
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
];

/// `3 mars 1980`.
pub(super) fn swedish_date(date: Date) -> String {
    let month = usize::try_from(date.month()).expect("1 to 12");
    format!("{} {} {}", date.day(), MONTHS[month - 1], date.year())
}

pub(super) const FILLS: &[Def] = &[
    ("full_name", &["person_name"], |row| text(row.person.name())),
    ("name_reversed", &["person_name"], |row| text(format!("{}, {}", row.person.family, row.person.given))),
    ("name_upper", &["person_name"], |row| text(row.person.name().to_uppercase())),
    ("name_initial", &["person_name"], |row| {
        let initial = row.person.given.chars().next().unwrap_or('A');
        text(format!("{initial}. {}", row.person.family))
    }),
    ("name_titled", &["person_name"], |row| {
        let title = row.rng.pick(&["Dr", "Prof.", "Ms", "Mr", "Mrs", "Hr", "Fru"]);
        text(format!("{title} {}", row.person.name()))
    }),
    ("name_lower", &["person_name"], |row| text(row.person.name().to_lowercase())),
    ("person_or_company", &["person_name"], |row| {
        if row.person.company { text(company(row.rng)) } else { text(row.person.name()) }
    }),
    ("given_name", &["given_name"], |row| text(&row.person.given)),
    ("family_name", &["family_name"], |row| text(&row.person.family)),
    ("family_upper", &["family_name"], |row| text(row.person.family.to_uppercase())),
    ("middle_name", &["given_name"], |row| {
        let list = if row.person.female { FEMALE } else { MALE };
        text(row.rng.pick(list))
    }),
    ("gender_sv", &["gender"], |row| text(if row.person.female { "Kvinna" } else { "Man" })),
    ("gender_km", &["gender"], |row| text(if row.person.female { "K" } else { "M" })),
    ("gender_en", &["gender"], |row| text(if row.person.female { "female" } else { "male" })),
    ("gender_int", &["gender"], |row| if row.person.female { 2.into() } else { 1.into() }),
    ("birth_iso", &["date_of_birth"], |row| text(row.person.birth.to_string())),
    ("birth8", &["date_of_birth"], |row| text(row.person.birth.strftime("%Y%m%d").to_string())),
    ("birth6", &["date_of_birth"], |row| text(row.person.birth.strftime("%y%m%d").to_string())),
    ("birth_dmy", &["date_of_birth"], |row| text(row.person.birth.strftime("%d/%m/%Y").to_string())),
    ("birth_words", &["date_of_birth"], |row| text(swedish_date(row.person.birth))),
    ("user_name", &["username"], |row| text(&row.person.user)),
    ("user_domain", &["username"], |row| text(format!("KONTOR\\{}", row.person.user))),
    ("user_or_system", &["username"], |row| {
        if row.rng.chance(20) { text(row.rng.pick(&["system", "batch", "SYSADM"])) } else { text(&row.person.user) }
    }),
    ("photo_path", &["photo"], |row| {
        let extension = row.rng.pick(&["jpg", "jpeg", "png", "webp"]);
        text(format!("/media/portraits/{}_{}.{extension}", row.person.user, row.rng.hex(6)))
    }),
    ("photo_url", &["photo"], |row| text(format!("https://cdn.example.com/avatars/{}.png", row.rng.hex(20)))),
    ("company", &[], |row| text(company(row.rng))),
    ("supplier_upper", &[], |row| text(company(row.rng).to_uppercase())),
];
