//! Identifiers as users give them, normalised as the scan does.

use jiff::civil::Date;

use super::Identifier;
use crate::finding::Category;
use crate::sensitive::Sensitive;
use crate::validate::Validator;
use crate::{Error, Result, detect::names, rule::fold};

/// The validator whose normal form identifiers of a category have in the map.
fn validator(category: Category) -> Option<Validator> {
    match category {
        Category::PersonalNumber => Some(Validator::Personnummer),
        Category::OrganisationNumber => Some(Validator::Organisationsnummer),
        Category::Email => Some(Validator::Email),
        Category::Phone => Some(Validator::Phone),
        Category::Iban => Some(Validator::Iban),
        Category::CardNumber => Some(Validator::Card),
        Category::IpAddress => Some(Validator::Ip),
        Category::DateOfBirth => Some(Validator::BirthDate),
        _ => None,
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
        let given = given.trim();
        let mut normal = String::new();
        let valid = match (category, validator(category)) {
            (_, Some(validator)) => validator.check(given, today, &mut normal).is_some(),
            (Category::PersonName | Category::GivenName | Category::FamilyName, None) => {
                names::normalise(given, &mut normal);
                !normal.is_empty()
            }
            _ => {
                normal = fold(given);
                !normal.is_empty()
            }
        };
        if !valid {
            let name = category.name().replace('_', " ");
            return Err(Error::Usage(format!("the value given as {name} is none: check its digits and form")));
        }
        Ok(Self { category, given: Sensitive::new(given), normal: Sensitive::new(normal) })
    }

    /// An identifier whose kind is recognised from its form; what is nothing else is a name.
    pub fn recognise(given: &str, today: Date) -> Result<Self> {
        let known = GUESSES.into_iter().find_map(|category| Self::new(category, given, today).ok());
        known.map_or_else(|| Self::new(Category::PersonName, given, today), Ok)
    }
}
