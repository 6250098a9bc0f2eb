//! The categories in plain words, in Swedish and English, with the article of law that singles one out.

use super::Lang;
use crate::finding::Category;
use crate::rule::Sensitivity;

/// What a category is called.
pub(super) fn name(category: Category, lang: Lang) -> &'static str {
    let (sv, en) = match category {
        Category::PersonName => ("Personnamn", "Person's name"),
        Category::GivenName => ("Förnamn", "Given name"),
        Category::FamilyName => ("Efternamn", "Family name"),
        Category::PersonalNumber => ("Personnummer", "Personal number"),
        Category::OrganisationNumber => ("Organisationsnummer", "Organisation number"),
        Category::Email => ("E-postadress", "E-mail address"),
        Category::Phone => ("Telefonnummer", "Phone number"),
        Category::PostalAddress => ("Postadress", "Postal address"),
        Category::PostalCode => ("Postnummer", "Postal code"),
        Category::City => ("Ort", "Town"),
        Category::DateOfBirth => ("Födelsedatum", "Date of birth"),
        Category::Gender => ("Kön", "Gender"),
        Category::IpAddress => ("IP-adress", "IP address"),
        Category::MacAddress => ("MAC-adress", "MAC address"),
        Category::Username => ("Användarnamn", "User name"),
        Category::Credential => ("Lösenord eller nyckel", "Password or key"),
        Category::Photo => ("Foto", "Photo"),
        Category::Signature => ("Namnteckning", "Signature"),
        Category::Iban => ("IBAN", "IBAN"),
        Category::BankAccount => ("Bankkonto", "Bank account"),
        Category::CardNumber => ("Betalkortsnummer", "Payment card number"),
        Category::PassportNumber => ("Pass- eller id-kortsnummer", "Passport or id card number"),
        Category::DrivingLicence => ("Körkortsnummer", "Driving licence number"),
        Category::VehicleRegistration => ("Registreringsnummer", "Vehicle registration"),
        Category::GeoLocation => ("Platsuppgift", "Location"),
        Category::DeviceId => ("Enhets-id", "Device id"),
        Category::CustomerNumber => ("Kund- eller anställningsnummer", "Customer or employee number"),
        Category::Salary => ("Lön", "Salary"),
        Category::Health => ("Hälsa", "Health"),
        Category::Religion => ("Religion eller övertygelse", "Religion or belief"),
        Category::UnionMembership => ("Facklig tillhörighet", "Trade union membership"),
        Category::PoliticalOpinion => ("Politisk åsikt", "Political opinion"),
        Category::EthnicOrigin => ("Etniskt ursprung", "Ethnic origin"),
        Category::SexualOrientation => ("Sexualliv eller sexuell läggning", "Sex life or sexual orientation"),
        Category::Biometric => ("Biometriska uppgifter", "Biometric data"),
        Category::Genetic => ("Genetiska uppgifter", "Genetic data"),
        Category::CriminalRecord => ("Lagöverträdelser", "Criminal offences"),
    };
    lang.choose(sv, en)
}

/// What it covers, in half a sentence.
pub(super) fn about(category: Category, lang: Lang) -> &'static str {
    let (sv, en) = match category {
        Category::PersonName => ("för- och efternamn tillsammans", "given and family name together"),
        Category::GivenName => ("förnamn i ett eget fält", "a given name in a field of its own"),
        Category::FamilyName => ("efternamn i ett eget fält", "a family name in a field of its own"),
        Category::PersonalNumber => (
            "personnummer och samordningsnummer",
            "personal and coordination numbers (personnummer, samordningsnummer)",
        ),
        Category::OrganisationNumber => (
            "företags nummer; en enskild näringsidkares är ett personnummer",
            "a company's number; a sole trader's is a personal number",
        ),
        Category::Email => ("adress för e-post, privat eller i tjänsten", "an address for e-mail, private or at work"),
        Category::Phone => ("fast eller mobilt nummer", "a fixed or mobile number"),
        Category::PostalAddress => ("gata och nummer, box eller c/o", "street and number, box or c/o"),
        Category::PostalCode => ("del av en adress", "part of an address"),
        Category::City => ("postort eller bostadsort", "postal town or place of residence"),
        Category::DateOfBirth => ("dag då någon är född", "the day on which somebody was born"),
        Category::Gender => ("juridiskt kön eller könsidentitet", "legal gender or gender identity"),
        Category::IpAddress => ("en dators eller telefons adress på nätet", "a computer's or phone's network address"),
        Category::MacAddress => ("ett nätverkskorts fasta adress", "a network card's fixed address"),
        Category::Username => ("namn för inloggning", "a name for logging in"),
        Category::Credential => {
            ("lösenord, kontrollsumma av lösenord, kod eller nyckel", "a password, its hash, a token or a key")
        }
        Category::Photo => ("bild som visar en person", "a picture that shows a person"),
        Category::Signature => ("bild av en underskrift", "a picture of a signature"),
        Category::Iban => ("internationellt kontonummer", "an international account number"),
        Category::BankAccount => ("kontonummer, bankgiro eller plusgiro", "an account number, bankgiro or plusgiro"),
        Category::CardNumber => ("nummer på bank- eller kreditkort", "the number of a debit or credit card"),
        Category::PassportNumber => ("nummer på en id-handling", "the number of an identity document"),
        Category::DrivingLicence => ("nummer på ett körkort", "the number of a driving licence"),
        Category::VehicleRegistration => {
            ("fordons skylt, som pekar på ägaren", "a vehicle's plate, which points at its owner")
        }
        Category::GeoLocation => ("var någon är eller har varit", "where somebody is or was"),
        Category::DeviceId => {
            ("nummer som pekar ut en telefon eller dator", "a number that singles out a phone or computer")
        }
        Category::CustomerNumber => {
            ("verksamhetens eget nummer på en person", "the organisation's own number for a person")
        }
        Category::Salary => ("lön eller annan ersättning", "salary or other pay"),
        Category::Health => ("sjukdom, vård, funktionsnedsättning, frånvaro", "illness, care, disability, sick leave"),
        Category::Religion => ("religiös eller filosofisk övertygelse", "religious or philosophical belief"),
        Category::UnionMembership => ("medlemskap i fackförening", "membership of a trade union"),
        Category::PoliticalOpinion => ("åsikt eller medlemskap i parti", "an opinion or membership of a party"),
        Category::EthnicOrigin => ("ras eller etniskt ursprung", "racial or ethnic origin"),
        Category::SexualOrientation => ("uppgift om sexualliv eller läggning", "sex life or orientation"),
        Category::Biometric => ("fingeravtryck, ansiktsmall och liknande", "fingerprints, face templates and the like"),
        Category::Genetic => ("uppgift ur arvsmassan", "data from the genome"),
        Category::CriminalRecord => {
            ("domar, brott och misstankar om brott", "convictions, offences and related measures")
        }
    };
    lang.choose(sv, en)
}

/// The law that gives the category protection of its own, if one does: Regulation (EU) 2016/679 (GDPR) and lagen
/// (2018:218) med kompletterande bestämmelser till EU:s dataskyddsförordning.
pub(super) fn law(category: Category, lang: Lang) -> Option<&'static str> {
    match category {
        Category::CriminalRecord => Some(lang.choose(
            "artikel 10 i dataskyddsförordningen; 3 kap. 8 och 9 §§ dataskyddslagen",
            "GDPR Article 10; chapter 3, sections 8 and 9 of the Swedish Data Protection Act (2018:218)",
        )),
        Category::PersonalNumber => Some(lang.choose(
            "artikel 87 i dataskyddsförordningen; 3 kap. 10 § dataskyddslagen",
            "GDPR Article 87; chapter 3, section 10 of the Swedish Data Protection Act (2018:218)",
        )),
        special if special.is_special() => {
            Some(lang.choose("känslig uppgift, artikel 9 i dataskyddsförordningen", "special category, GDPR Article 9"))
        }
        _ => None,
    }
}

/// How much harm a leak of the category does.
pub(super) fn sensitivity(category: Category) -> Sensitivity {
    match category {
        special if special.is_special() => Sensitivity::Special,
        Category::PersonalNumber
        | Category::Credential
        | Category::Iban
        | Category::BankAccount
        | Category::CardNumber
        | Category::PassportNumber
        | Category::DrivingLicence
        | Category::Salary => Sensitivity::High,
        Category::PostalCode | Category::City | Category::OrganisationNumber => Sensitivity::Low,
        _ => Sensitivity::Medium,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_there_and_differ() {
        for lang in [Lang::Sv, Lang::En] {
            let names: BTreeSet<_> = Category::ALL.iter().map(|category| name(*category, lang)).collect();
            assert_eq!(names.len(), Category::ALL.len());
            assert!(Category::ALL.iter().all(|category| !about(*category, lang).is_empty()));
        }
    }

    #[test]
    fn articles_9_and_10_and_the_personal_number_have_their_law() {
        for category in Category::ALL {
            let law = law(*category, Lang::Sv).unwrap_or_default();
            assert_eq!(category.is_special() || *category == Category::PersonalNumber, !law.is_empty(), "{category}");
        }
        assert!(law(Category::Health, Lang::Sv).unwrap().contains("artikel 9"));
        assert!(law(Category::CriminalRecord, Lang::En).unwrap().contains("Article 10"));
        assert!(law(Category::PersonalNumber, Lang::Sv).unwrap().contains("3 kap. 10 § dataskyddslagen"));
    }
}
