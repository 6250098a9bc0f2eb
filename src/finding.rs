//! Categories of personal data, and findings: the verdict on one column for one category.

use serde::{Deserialize, Serialize};

use crate::catalog::TableName;

macro_rules! categories {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// A category of personal data. The names are part of the published contract.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[non_exhaustive]
        pub enum Category { $($(#[$doc])* $variant,)* }

        impl Category {
            /// All categories, in the contract's order.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The contract's name: `personal_number`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

categories! {
    /// A person's whole name.
    PersonName = "person_name",
    /// A given name in a column of its own.
    GivenName = "given_name",
    /// A family name in a column of its own.
    FamilyName = "family_name",
    /// A national personal number (personnummer, samordningsnummer, …).
    PersonalNumber = "personal_number",
    /// A company's number; a sole trader's is a personal number too.
    OrganisationNumber = "organisation_number",
    /// An e-mail address.
    Email = "email",
    /// A phone number.
    Phone = "phone",
    /// Street and number, box, c/o.
    PostalAddress = "postal_address",
    /// A postal code.
    PostalCode = "postal_code",
    /// A postal town.
    City = "city",
    /// A date of birth.
    DateOfBirth = "date_of_birth",
    /// Gender.
    Gender = "gender",
    /// An IP address.
    IpAddress = "ip_address",
    /// A MAC address.
    MacAddress = "mac_address",
    /// A log-in name.
    Username = "username",
    /// A password, its hash, a token or a key.
    Credential = "credential",
    /// A picture of a person.
    Photo = "photo",
    /// A signature.
    Signature = "signature",
    /// An IBAN.
    Iban = "iban",
    /// A domestic account number, bankgiro or plusgiro.
    BankAccount = "bank_account",
    /// A payment card's number.
    CardNumber = "card_number",
    /// A passport's or id card's number.
    PassportNumber = "passport_number",
    /// A driving licence's number.
    DrivingLicence = "driving_licence",
    /// A vehicle's plate.
    VehicleRegistration = "vehicle_registration",
    /// Where somebody is or was.
    GeoLocation = "geo_location",
    /// A device's id.
    DeviceId = "device_id",
    /// A customer, member or employee number.
    CustomerNumber = "customer_number",
    /// A salary.
    Salary = "salary",
    /// Health (Art. 9).
    Health = "health",
    /// Religion (Art. 9).
    Religion = "religion",
    /// Membership of a union (Art. 9).
    UnionMembership = "union_membership",
    /// Political opinion (Art. 9).
    PoliticalOpinion = "political_opinion",
    /// Ethnic origin (Art. 9).
    EthnicOrigin = "ethnic_origin",
    /// Sexual orientation (Art. 9).
    SexualOrientation = "sexual_orientation",
    /// Biometric data (Art. 9).
    Biometric = "biometric",
    /// Genetic data (Art. 9).
    Genetic = "genetic",
    /// Criminal convictions and offences (Art. 10).
    CriminalRecord = "criminal_record",
}

impl std::fmt::Display for Category {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.name())
    }
}

impl std::str::FromStr for Category {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Self::ALL.iter().copied().find(|category| category.name() == name).ok_or(())
    }
}

impl Category {
    /// Special categories of GDPR Art. 9 and data on offences of Art. 10.
    pub const fn is_special(self) -> bool {
        matches!(
            self,
            Self::Health
                | Self::Religion
                | Self::UnionMembership
                | Self::PoliticalOpinion
                | Self::EthnicOrigin
                | Self::SexualOrientation
                | Self::Biometric
                | Self::Genetic
                | Self::CriminalRecord
        )
    }

    /// Whether a value of this category points at a person, so that the map holds postings of it.
    pub const fn is_identifier(self) -> bool {
        matches!(
            self,
            Self::PersonName
                | Self::GivenName
                | Self::FamilyName
                | Self::PersonalNumber
                | Self::Email
                | Self::Phone
                | Self::IpAddress
                | Self::Username
                | Self::Iban
                | Self::BankAccount
                | Self::CardNumber
                | Self::PassportNumber
                | Self::DrivingLicence
                | Self::VehicleRegistration
                | Self::CustomerNumber
                | Self::DateOfBirth
        )
    }

    /// Whether one value can be of both categories: a sole trader's organisation number and some account numbers are a
    /// personal number.
    pub const fn may_be_both(self, other: Self) -> bool {
        use Category::{BankAccount, OrganisationNumber, PersonalNumber};
        matches!(
            (self, other),
            (PersonalNumber, OrganisationNumber | BankAccount) | (OrganisationNumber | BankAccount, PersonalNumber)
        )
    }

    /// Found only as a whole cell, never inside prose.
    pub const fn whole_cell_only(self) -> bool {
        matches!(self, Self::GivenName | Self::FamilyName | Self::Gender)
    }
}

/// How a category stands in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FindingKind {
    /// The cells are values of the category.
    Typed,
    /// The category stands inside longer text.
    FreeText,
    /// Inside JSON, XML or an array.
    Nested,
    /// Inside a document in a column of bytes.
    Document,
    /// Only the column's name says so (an empty table, unreadable content).
    NameOnly,
}

/// The verdict on one column (or one path in it) for one category.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The table.
    pub table: TableName,
    /// The column.
    pub column: String,
    /// Path inside nested data.
    pub path: Option<String>,
    /// The category.
    pub category: Category,
    /// Probability that the verdict is right, 0 to 1.
    pub confidence: f64,
    /// What the confidence was made of: the sum of log-odds before calibration. Not saved.
    #[serde(skip)]
    pub log_odds: f64,
    /// Cells read that were not NULL.
    pub cells: u64,
    /// Of them, cells with at least one hit.
    pub cells_with_hits: u64,
    /// Hits in all.
    pub hits: u64,
    /// Different normalised values; exact to 1,024, an estimate beyond.
    pub distinct: u64,
    /// How it stands there.
    pub kind: FindingKind,
    /// Reasons in words, English (`evidence_sv` in Swedish), the strongest first. They hold no cell values.
    pub evidence: Vec<Reason>,
    /// A few values, only when the scan was asked for them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub samples: Vec<String>,
}

/// One reason for or against a finding. Saved as data, put in words by `report` in either language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "reason")]
#[non_exhaustive]
pub enum Reason {
    /// So many of so many cells hold what the rule describes.
    Rate {
        /// The rule's id.
        rule: String,
        /// Cells with a hit.
        hits: u64,
        /// Cells with a value.
        cells: u64,
        /// Share of unrelated values that would pass the rule by chance.
        chance: f64,
    },
    /// A word of the column's name speaks for the category.
    ColumnWord {
        /// The word, as the rules have it.
        word: String,
    },
    /// A word of the column's comment speaks for it.
    CommentWord {
        /// The word, as the rules have it.
        word: String,
    },
    /// A word of the name of the column's type speaks for it.
    TypeWord {
        /// The word, as the rules have it.
        word: String,
    },
    /// A word of the table's name speaks for it.
    TableWord {
        /// The word, as the rules have it.
        word: String,
    },
    /// Hits that are of one kind: samordningsnummer, test numbers.
    Kind {
        /// As the validator calls it.
        kind: String,
        /// How many.
        hits: u64,
    },
    /// Other columns of the table are about persons.
    Neighbours {
        /// How many.
        columns: u64,
    },
    /// Dates lie as birth dates do, over many decades.
    Births {
        /// The first decade: `1940s`.
        from: String,
        /// The last.
        to: String,
    },
    /// It is the number that a table of persons gives to each.
    KeyOfPersons,
    /// It links to a column that holds the category.
    Link {
        /// Table and column.
        to: String,
    },
    /// Words in its texts are values of a column of log-ins or customer numbers.
    Mentions {
        /// Table and column.
        of: String,
    },
    /// Another part of an address stands beside it.
    AddressBeside,
    /// The other part of a name stands beside it.
    NameBeside,
    /// Nothing in the table tells of a person.
    NoPerson,
    /// The table is of things: places, products.
    OfThing,
    /// Another category explains the same cells better.
    Rival,
    /// The column's name says something else.
    AgainstName {
        /// The word that speaks against.
        word: String,
    },
    /// The values are no better than chance.
    Chance {
        /// The rule's id.
        rule: String,
        /// Share of unrelated values that pass it.
        chance: f64,
    },
    /// The values repeat too much or too little for the category.
    Distinct {
        /// Different values.
        distinct: u64,
        /// Cells with a value.
        cells: u64,
    },
    /// No cell could be looked at: the table is empty or the content unreadable.
    NoCells,
}

/// Something that could not be read, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unreadable {
    /// The table.
    pub table: TableName,
    /// The column, or `None` for the whole table.
    pub column: Option<String>,
    /// Why, without any value.
    pub reason: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_json_are_the_contracts() {
        for category in Category::ALL {
            let json = serde_json::to_string(category).expect("plain");
            assert_eq!(json, format!("\"{}\"", category.name()));
            assert_eq!(category.name().parse(), Ok(*category));
        }
        assert_eq!(Category::ALL.len(), 37);
    }
}
