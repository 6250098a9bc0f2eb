//! The persons of the generated database, and how each module of the old system writes them down.

use super::Role;
use super::dates::{Date, TODAY};
use super::identity::{self, PersonalNumber, Phone};
use super::rng::Rng;
use super::words::Words;
use super::write::Text;

/// A person with all that the system may write down about them.
#[derive(Clone)]
pub(super) struct Subject {
    /// Set for the known people, whose traces are kept account of.
    pub(super) role: Option<Role>,
    pub(super) given: String,
    pub(super) family: String,
    pub(super) number: PersonalNumber,
    pub(super) mobile: Phone,
    pub(super) landline: Phone,
    pub(super) email: String,
    pub(super) street: String,
    /// Five digits.
    pub(super) postcode: String,
    pub(super) town: String,
    pub(super) plate: String,
}

impl Subject {
    /// The `n`-th person of the crowd.
    pub(super) fn nth(n: u32, words: &Words, rng: &mut Rng) -> Self {
        let number = PersonalNumber::nth(n, rng.chance(3));
        let (given, family) = (words.given(rng, number.is_woman()), words.family(rng));
        let email = email(&given, &family, rng);
        let (postcode, town) = words.town(rng);
        Self {
            role: None,
            number,
            email,
            mobile: Phone::mobile(rng),
            landline: Phone::landline(rng),
            street: words.street(rng),
            plate: identity::plate(rng),
            given,
            family,
            postcode,
            town,
        }
    }

    /// One of the known people: names, number, e-mail and mobile are nobody else's.
    pub(super) fn known(role: Role, words: &Words, rng: &mut Rng) -> Self {
        let (given, family, birth, serial, reserved) = match role {
            Role::Free => ("Ebba", "Strömvalla", Date::new(1971, 5, 17), 982, 0),
            Role::Hindered => ("Tore", "Ängsbackler", Date::new(1924, 2, 29), 983, 1),
            Role::Shared => ("Samira", "Haddadzand", Date::new(1988, 11, 30), 982, 2),
        };
        Self {
            role: Some(role),
            given: given.to_owned(),
            family: family.to_owned(),
            number: PersonalNumber::new(birth, serial, false),
            mobile: Phone::reserved(reserved),
            email: format!("{}.{}@example.se", fold(given), fold(family)),
            ..Self::nth(0, words, rng)
        }
    }

    pub(super) fn mark(&self, category: &'static str, form: &str) -> Text {
        Text::marked(self.role, category, form)
    }

    pub(super) fn full_name(&self) -> String {
        format!("{} {}", self.given, self.family)
    }

    pub(super) fn number_cell(&self, rng: &mut Rng) -> Text {
        self.mark("personal_number", &self.number.form(rng, TODAY.year))
    }

    pub(super) fn mobile_cell(&self, rng: &mut Rng) -> Text {
        self.mark("phone", &self.mobile.form(rng))
    }

    pub(super) fn email_cell(&self) -> Text {
        self.mark("email", &self.email)
    }

    pub(super) fn name_cell(&self) -> Text {
        self.mark("person_name", &self.full_name())
    }

    /// `523 31 Ljungberga`.
    pub(super) fn post_line(&self) -> String {
        format!("{} {}", spaced(&self.postcode), self.town)
    }

    /// Log-in names of the web module: three letters of each name and a number.
    pub(super) fn login(&self, number: i64) -> String {
        let start = |name: &str| fold(name).chars().take(3).collect::<String>();
        format!("{}{}{number}", start(&self.given), start(&self.family))
    }
}

/// A postal code in its official form, `523 31`.
pub(super) fn spaced(postcode: &str) -> String {
    format!("{} {}", &postcode[..3], &postcode[3..])
}

/// An address at a domain that RFC 2606 or the registry of .se keeps for examples.
pub(super) fn email(given: &str, family: &str, rng: &mut Rng) -> String {
    let (given, family) = (fold(given), fold(family));
    let local = match rng.below(6) {
        0..=2 => format!("{given}.{family}"),
        3 => format!("{}{family}{}", &given[..1], rng.between(1, 99)),
        4 => format!("{given}{}", rng.between(50, 2010)),
        _ => format!("{given}_{family}"),
    };
    let domain =
        rng.pick(&["example.se", "example.com", "mail.example.com", "example.net", "example.org", "post.example.se"]);
    format!("{local}@{domain}")
}

/// Lower case, without accents, blanks and hyphens, as in e-mail addresses.
fn fold(name: &str) -> String {
    name.to_lowercase()
        .chars()
        .filter_map(|letter| match letter {
            'å' | 'ä' => Some('a'),
            'ö' => Some('o'),
            'é' => Some('e'),
            'ü' => Some('u'),
            letter => letter.is_ascii_alphanumeric().then_some(letter),
        })
        .collect()
}
