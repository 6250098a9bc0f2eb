use super::*;
use Category::{BankAccount, City, Email, GivenName, Health, PersonName, PersonalNumber, Phone, PostalCode, Username};

fn exact(name: &str) -> Vec<Category> {
    let evidence = Vocabulary::new(&RuleSet::built_in()).read(name);
    Category::ALL.iter().copied().filter(|it| evidence.word(*it).is_some_and(|word| word.exact)).collect()
}

fn any(name: &str, category: Category) -> bool {
    Vocabulary::new(&RuleSet::built_in()).read(name).word(category).is_some()
}

#[test]
fn a_word_may_be_a_part_several_parts_or_the_whole() {
    for (name, category) in [
        ("epost", Email),
        ("E_POST", Email),
        ("kund_epost_2", Email),
        ("contactEmailAddress", Email),
        ("FörNamn", GivenName),
        ("user_name", Username),
        ("postnr", PostalCode),
        ("TEL_NR", Phone),
        ("pers_nr", PersonalNumber),
    ] {
        assert_eq!(exact(name), [category], "{name}");
    }
}

#[test]
fn a_word_may_be_in_a_compound() {
    for (name, category) in [
        ("kundepost", Email),
        ("mobnr", Phone),
        ("kundnamn", PersonName),
        ("telarb", Phone),
        ("hemort", City),
        ("kundtelnr", Phone),
        ("lonekontonummer", BankAccount),
    ] {
        assert!(any(name, category), "{name}");
    }
    for (name, category) in
        [("uppnr", PersonalNumber), ("kompass", Category::PassportNumber), ("partition", Category::PoliticalOpinion)]
    {
        assert!(!any(name, category), "{name}");
    }
}

#[test]
fn whoever_did_something_is_a_user() {
    for name in ["closed_by", "cancelledBy", "stangd_av", "KORD_AV"] {
        assert_eq!(exact(name), [Username], "{name}");
    }
    assert_eq!(exact("by"), [] as [Category; 0]);
}

#[test]
fn another_word_can_change_the_meaning() {
    for (name, category) in [
        ("epost_status", Email),
        ("phone_verified_at", Phone),
        ("has_phone", Phone),
        ("adresstyp", Category::PostalAddress),
        ("password_changed_at", Category::Credential),
        ("antal_telefonsamtal", Phone),
    ] {
        assert!(!any(name, category), "{name}");
    }
    assert!(any("fodelse_datum", Category::DateOfBirth));
    assert!(any("diagnos_kod", Health));
}

#[test]
fn a_things_name_is_no_persons() {
    let vocabulary = Vocabulary::new(&RuleSet::built_in());
    let is_person = |name: &str, around: &[&str]| vocabulary.read_in(name, around).word(PersonName).is_some();
    assert!(is_person("namn", &["kunder"]) && is_person("name", &["Members"]) && is_person("namn", &["x"]));
    assert!(!is_person("namn", &["produkter"]) && !is_person("name", &["product_categories"]));
    assert!(is_person("name", &["orders", "customer"]) && !is_person("name", &["customers", "company"]));
}

#[test]
fn a_number_after_who_it_is_is_theirs() {
    for name in ["kundnr", "CLNTNO", "DBTRNO", "donor_ref_no", "resenarsnummer", "Abonnr"] {
        assert!(any(name, Category::CustomerNumber), "{name}");
    }
    let vocabulary = Vocabulary::new(&RuleSet::built_in());
    let in_table =
        |name: &str, table: &str| vocabulary.read_in(name, &[table]).word(Category::CustomerNumber).is_some();
    assert!(in_table("nr", "medlemmar") && in_table("Nr", "Kund"));
    assert!(!in_table("nr", "order") && !in_table("nr", "kundorder"));
    for name in ["ORDNR", "artnr", "line_no", "KTRNR", "order_number", "skapnr", "number"] {
        assert!(!any(name, Category::CustomerNumber), "{name}");
    }
}

#[test]
fn a_word_may_be_known_by_its_beginning() {
    assert!(any("glutenintolerant_gast", Health) && any("ALLERGINOTIS", Health));
    assert!(!any("ej_allergi", Email) && !any("halogen", Health));
}

#[test]
fn what_is_said_of_animals_and_catalogues_is_said_of_no_person() {
    let vocabulary = Vocabulary::new(&RuleSet::built_in());
    let subject = |name: &str, around: &[&str]| vocabulary.read_in(name, around).subject;
    assert_eq!(subject("diagnos", &["hundar"]), Some(Subject::Animals));
    assert_eq!(subject("hast_vaccinerad", &["agare"]), Some(Subject::Animals));
    assert_eq!(subject("agare_namn", &["hundar"]), Some(Subject::Persons));
    assert_eq!(subject("code", &["diagnosis_catalogue"]), Some(Subject::Things));
    assert_eq!(subject("diagnos", &["patienter"]), Some(Subject::Persons));
    assert_eq!(subject("diagnos", &["t1"]), None);
}

#[test]
fn a_type_and_a_comment_speak_where_the_name_does_not() {
    let vocabulary = Vocabulary::new(&RuleSet::built_in());
    let source = |name: &str, other: &str, source: WordSource| {
        let mut evidence = vocabulary.read(name);
        evidence.add(&vocabulary.read(other), source);
        evidence.word(Email).map(|word| (word.source, word.exact))
    };
    assert_eq!(source("c1", "epost", WordSource::Type), Some((WordSource::Type, true)));
    assert_eq!(source("c1", "kundens epost", WordSource::Comment), Some((WordSource::Comment, false)));
    assert_eq!(source("epost", "epost", WordSource::Comment), Some((WordSource::Name, true)));
    assert_eq!(source("c1", "varchar", WordSource::Type), None);
}
