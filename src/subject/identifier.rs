//! Identifiers as users give them, normalised as the scan does.

use jiff::civil::Date;

use super::Identifier;
use crate::finding::Category;
use crate::sensitive::Sensitive;
use crate::validate::Validator;
use crate::{Error, Result, detect::names, rule::fold};

/// The validators whose normal forms identifiers of a category have in the map: the first that agrees gives it, as the
/// rule with the strongest check does in the scan. What the first one knows is also recognised unsaid.
const fn validators(category: Category) -> &'static [Validator] {
    match category {
        Category::PersonalNumber => &[
            Validator::Personnummer,
            Validator::InterimNumber,
            Validator::Henkilotunnus,
            Validator::Fodselsnummer,
            Validator::Isikukood,
            Validator::ReserveNumber,
            Validator::Kennitala,
            Validator::Cpr,
            Validator::ReserveNumberRegional,
        ],
        Category::OrganisationNumber => &[Validator::Organisationsnummer],
        Category::Email => &[Validator::Email],
        Category::Phone => &[Validator::Phone],
        Category::Iban => &[Validator::Iban],
        Category::CardNumber => &[Validator::Card],
        Category::IpAddress => &[Validator::Ip],
        Category::DateOfBirth => &[Validator::BirthDate],
        _ => &[],
    }
}

/// Kinds tried, in this order, for a value whose kind the user did not say.
const GUESSES: [Category; 6] = [
    Category::PersonalNumber,
    Category::Email,
    Category::Iban,
    Category::IpAddress,
    Category::CardNumber,
    Category::Phone,
];

impl Identifier {
    /// An identifier of a known kind.
    ///
    /// # Errors
    /// The text is no such identifier; the message does not repeat it.
    pub fn new(category: Category, given: &str, today: Date) -> Result<Self> {
        Self::checked(category, validators(category), given, today)
    }

    fn checked(category: Category, validators: &[Validator], given: &str, today: Date) -> Result<Self> {
        let given = given.trim();
        let mut normal = String::new();
        match category {
            _ if !validators.is_empty() => {
                let _ = validators.iter().find(|validator| validator.check(given, today, &mut normal).is_some());
            }
            Category::PersonName | Category::GivenName | Category::FamilyName => names::normalise(given, &mut normal),
            _ => normal = fold(given),
        }
        if normal.is_empty() {
            let name = category.name().replace('_', " ");
            return Err(Error::Usage(format!("the value given as {name} is none: check its digits and form")));
        }
        Ok(Self { category, given: Sensitive::new(given), normal: Sensitive::new(normal) })
    }

    /// An identifier whose kind is recognised from its form; what is nothing else is a name.
    pub fn recognise(given: &str, today: Date) -> Result<Self> {
        // Weaker checks pass for what is something else: any phone number for a Danish personal number.
        let guess = |category| Self::checked(category, &validators(category)[..1], given, today).ok();
        let known = GUESSES.into_iter().find_map(guess);
        known.map_or_else(|| Self::new(Category::PersonName, given, today), Ok)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Date = jiff::civil::date(2026, 11, 21);

    #[test]
    fn personal_numbers_of_all_known_kinds_can_be_searched() {
        for (given, normal) in [
            ("640823-2392", "196408232392"),
            ("640823-T238", "19640823T238"),
            ("991981000010", "991981000010"),
            ("131052-308t", "131052-308T"),
            ("311299 56715", "31129956715"),
            ("251248-9996", "2512489996"),
        ] {
            let identifier = Identifier::new(Category::PersonalNumber, given, TODAY).expect("a number");
            assert_eq!(identifier.normal.expose(), normal, "{given}");
        }
        for refused in ["640823-xxxx", "640823-2393a", ""] {
            assert!(Identifier::new(Category::PersonalNumber, refused, TODAY).is_err(), "{refused}");
        }
    }

    #[test]
    fn an_unsaid_kind_is_guessed_by_strong_checks_only() {
        let category = |given: &str| Identifier::recognise(given, TODAY).map(|identifier| identifier.category).ok();
        assert_eq!(category("6408232392"), Some(Category::PersonalNumber));
        assert_eq!(category("070-174 06 05"), Some(Category::Phone));
    }
}
