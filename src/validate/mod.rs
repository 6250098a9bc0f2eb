//! Validators: is this text, which has the right shape, really such a number? And in what one form is it compared?
//! Pure functions, a file each. To add one: a file here, a variant of [`Validator`], its name in `NAMES`.

mod account;
mod bank;
mod birth_date;
mod calendar;
mod card;
#[cfg(test)]
mod chance;
mod denmark;
mod digits;
mod document;
mod email;
mod estonia;
mod finland;
mod float;
mod giro;
mod iban;
mod iceland;
mod imei;
mod ip;
mod masked;
mod norway;
mod organisation;
mod personnummer;
mod phone;
mod postal_code;
mod reserve;
mod secret;

pub use masked::MASKED;

use jiff::civil::Date;

/// The checks that rules can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Validator {
    /// Swedish personnummer or samordningsnummer.
    Personnummer,
    /// Swedish personnummer that lost its leading zeros in a column of numbers.
    PersonnummerShort,
    /// Swedish personnummer of which only the birth date is left. Its kind is [`MASKED`] and it identifies nobody.
    PersonnummerMasked,
    /// Swedish interim number: a letter in place of the first serial digit.
    InterimNumber,
    /// Swedish reserve number of health care, national or of a region with a check digit.
    ReserveNumber,
    /// Swedish reserve number of a region without a check digit.
    ReserveNumberRegional,
    /// Norwegian fødselsnummer, D-number or H-number.
    Fodselsnummer,
    /// Danish personnummer (CPR).
    Cpr,
    /// Finnish henkilötunnus.
    Henkilotunnus,
    /// Icelandic kennitala of a person.
    Kennitala,
    /// Icelandic kennitala of a legal entity.
    KennitalaEntity,
    /// Estonian isikukood.
    Isikukood,
    /// Swedish organisationsnummer.
    Organisationsnummer,
    /// Swedish VAT number: `SE`, ten digits, `01`.
    SwedishVat,
    /// E-mail address.
    Email,
    /// Phone number, Swedish or with a country code.
    Phone,
    /// Phone number as machines write it: without plus, or without its zero.
    PhoneBare,
    /// International bank account number.
    Iban,
    /// Payment card number.
    Card,
    /// IMEI of a phone or modem.
    Imei,
    /// IP address, version 4 or 6.
    Ip,
    /// Swedish postal code.
    SwedishPostalCode,
    /// Date on which a living person can have been born.
    BirthDate,
    /// Bankgiro number.
    Bankgiro,
    /// Plusgiro number.
    Plusgiro,
    /// Swedish clearing and account number.
    SwedishAccount,
    /// Swedish clearing and account number of a bank that is not listed; nothing but the form is checked.
    SwedishAccountUnlisted,
    /// Swedish account number without its clearing number.
    SwedishAccountAlone,
    /// Swedish passport's or id card's number.
    SwedishPassport,
    /// Swedish driving licence's number.
    SwedishDrivingLicence,
    /// Token, hash or key without a form of its own.
    Secret,
}

/// Names in rule files.
const NAMES: &[(&str, Validator)] = &[
    ("personnummer", Validator::Personnummer),
    ("personnummer-short", Validator::PersonnummerShort),
    ("personnummer-masked", Validator::PersonnummerMasked),
    ("interim-number", Validator::InterimNumber),
    ("reserve-number", Validator::ReserveNumber),
    ("reserve-number-regional", Validator::ReserveNumberRegional),
    ("fodselsnummer", Validator::Fodselsnummer),
    ("cpr", Validator::Cpr),
    ("henkilotunnus", Validator::Henkilotunnus),
    ("kennitala", Validator::Kennitala),
    ("kennitala-entity", Validator::KennitalaEntity),
    ("isikukood", Validator::Isikukood),
    ("organisationsnummer", Validator::Organisationsnummer),
    ("swedish-vat", Validator::SwedishVat),
    ("email", Validator::Email),
    ("phone", Validator::Phone),
    ("phone-bare", Validator::PhoneBare),
    ("iban", Validator::Iban),
    ("card", Validator::Card),
    ("imei", Validator::Imei),
    ("ip", Validator::Ip),
    ("swedish-postal-code", Validator::SwedishPostalCode),
    ("birth-date", Validator::BirthDate),
    ("bankgiro", Validator::Bankgiro),
    ("plusgiro", Validator::Plusgiro),
    ("swedish-account", Validator::SwedishAccount),
    ("swedish-account-unlisted", Validator::SwedishAccountUnlisted),
    ("swedish-account-alone", Validator::SwedishAccountAlone),
    ("swedish-passport", Validator::SwedishPassport),
    ("swedish-driving-licence", Validator::SwedishDrivingLicence),
    ("secret", Validator::Secret),
];

impl Validator {
    /// The names that rule files may use, with what they stand for.
    pub const fn names() -> &'static [(&'static str, Self)] {
        NAMES
    }

    /// Checks `text` and, if it passes, appends its one normal form to `normal` (personal number: 12 digits;
    /// phone: E.164; e-mail: folded) and returns the kind ("personnummer", "samordningsnummer", "" where there is
    /// only one). If it does not pass, `normal` is left as it was.
    pub fn check(self, text: &str, today: Date, normal: &mut String) -> Option<&'static str> {
        self.check_in("SE", text, today, normal)
    }

    /// [`Validator::check`] for a rule of another country (ISO 3166): phone numbers without a country code are read by
    /// that country's plan. All other checks know their country themselves.
    pub fn check_in(self, country: &str, text: &str, today: Date, normal: &mut String) -> Option<&'static str> {
        match self {
            Self::Personnummer => personnummer::check(text, today, normal),
            Self::PersonnummerShort => personnummer::short(text, today, normal),
            Self::PersonnummerMasked => masked::check(text, today, normal),
            Self::InterimNumber => reserve::interim(text, today, normal),
            Self::ReserveNumber => reserve::check(text, today, normal),
            Self::ReserveNumberRegional => reserve::regional(text, today, normal),
            Self::Fodselsnummer => norway::check(text, today, normal),
            Self::Cpr => denmark::check(text, today, normal),
            Self::Henkilotunnus => finland::check(text, today, normal),
            Self::Kennitala => iceland::person(text, today, normal),
            Self::KennitalaEntity => iceland::entity(text, today, normal),
            Self::Isikukood => estonia::check(text, today, normal),
            Self::Organisationsnummer => organisation::check(text, normal),
            Self::SwedishVat => organisation::check_vat(text, today, normal),
            Self::Email => email::check(text, normal),
            Self::Phone => phone::check(text, country, today, normal),
            Self::PhoneBare => phone::check_bare(text, country, today, normal),
            Self::Iban => iban::check(text, normal),
            Self::Card => card::check(text, normal),
            Self::Imei => imei::check(text, normal),
            Self::Ip => ip::check(text, normal),
            Self::SwedishPostalCode => postal_code::check(text, normal),
            Self::BirthDate => birth_date::check(text, today, normal),
            Self::Bankgiro => giro::bankgiro(text, normal),
            Self::Plusgiro => giro::plusgiro(text, normal),
            Self::SwedishAccount => account::check(text, normal),
            Self::SwedishAccountUnlisted => account::unlisted(text, normal),
            Self::SwedishAccountAlone => account::alone(text, normal),
            Self::SwedishPassport => document::passport(text, normal),
            Self::SwedishDrivingLicence => document::driving_licence(text, today, normal),
            Self::Secret => secret::check(text, normal),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    pub(super) const TODAY: Date = date(2026, 11, 21);

    proptest! {
        #[test]
        fn any_text_is_judged_without_a_panic(text in ".{0,40}") {
            for (_, validator) in NAMES {
                let mut normal = String::from("kept");
                let kind = validator.check(&text, TODAY, &mut normal);
                prop_assert!(normal.starts_with("kept"));
                prop_assert!(kind.is_some() || normal == "kept", "a refusal must not write");
            }
        }

        #[test]
        fn number_like_text_is_judged_without_a_panic(text in "[-+ 0-9.:SEse\u{a0}–]{0,30}") {
            for (_, validator) in NAMES {
                let mut normal = String::new();
                let kind = validator.check(&text, TODAY, &mut normal);
                prop_assert_eq!(kind.is_some(), !normal.is_empty());
            }
        }

        #[test]
        fn a_normal_form_is_its_own_normal_form(text in "[-+ 0-9.]{8,16}") {
            for (_, validator) in NAMES {
                let mut once = String::new();
                if validator.check(&text, TODAY, &mut once).is_some() {
                    let mut twice = String::new();
                    prop_assert!(validator.check(&once, TODAY, &mut twice).is_some());
                    prop_assert_eq!(&once, &twice);
                }
            }
        }
    }

    #[test]
    fn every_name_is_kebab_case_and_unique() {
        let mut names: Vec<_> = NAMES.iter().map(|(name, _)| *name).collect();
        assert!(names.iter().all(|name| name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')));
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), NAMES.len());
    }
}
