//! A person written into scenario A by the test itself, in every form that people use, and the search for what is left
//! of a person: in cells, by what stands in them, and in the raw bytes of the files.

use std::path::Path;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, params};
use sanera::demo::{Person, Role};

use super::common::{files, quoted, with_check_digit};

/// Writes a private customer who is mentioned nowhere else, with a user, bookings, an invoice, comments and events. The
/// names, the number (from Skatteverket's test series), the address and the telephone (the last of PTS's mobile series
/// for fiction, which the demo never gives to anybody) are nobody else's.
pub(crate) fn plant(db: &Connection) -> Person {
    let person = Person {
        role: Role::Free,
        kundnr: 900_001,
        user_id: 900_002,
        personal_number: format!("19{}", with_check_digit("440211238")),
        given_name: "Ingegerd".into(),
        family_name: "Kvistholmåre".into(),
        email: "Ingegerd.Kvistholmare@example.se".into(),
        phone: "070-174 06 99".into(),
        planted: Vec::new(),
    };
    // What went before sanera came: a row that was deleted without being overwritten.
    let name = full_names(&person);
    db.execute("INSERT INTO ANLAGGNING (ANLNR, NAMN, VAKTM) VALUES (800001, 'Vedboden', ?1)", [&name[0]]).unwrap();
    db.execute("DELETE FROM ANLAGGNING WHERE ANLNR = 800001", []).unwrap();
    db.execute_batch(
        "CREATE INDEX KUND_EPOST ON KUND (lower(EPOST)); CREATE INDEX KUND_NAMN ON KUND (ENAMN, FNAMN, PNR);
         CREATE INDEX FAKTURA_MOTTAG ON FAKTURA (MOTTAG) WHERE BETALD = 'J';",
    )
    .unwrap();
    customer(db, &person);
    money(db, &person);
    writing(db, &person);
    db.execute_batch("ANALYZE; INSERT INTO arendekommentar_fts (arendekommentar_fts) VALUES ('optimize');").unwrap();
    person
}

fn customer(db: &Connection, person: &Person) {
    let (nr, user) = (person.kundnr, person.user_id);
    let numbers = number_forms(person);
    let note =
        format!("{} nås på {}. {}", full_names(person)[0], phone_forms(person).join(", "), numbers.join(" el. "));
    db.execute(
        "INSERT INTO KUND (KUNDNR, KUNDTYP, PNR, FNAMN, ENAMN, KON, ADR1, POSTNR, ORT, EPOST, TELHEM, MOB, ANM, UPPLAGD)
         VALUES (?1, 'P', ?2, ?3, ?4, 'K', 'Vedbodsgränd 1', '523 31', 'Ljungberga', ?5, ?6, ?6, ?7, '1994-02-01')",
        params![nr, numbers[1], person.given_name, person.family_name, person.email, person.phone, note],
    )
    .unwrap();
    let upper = full_names(person)[1].to_uppercase();
    let number: i64 = person.personal_number.parse().unwrap();
    let phone = &phone_forms(person)[0];
    db.execute(
        "INSERT INTO GAMKUND (KNR, PERSNR, NAMN, TEL) VALUES (?1, ?2, ?3, ?4)",
        params![nr, number, upper, phone],
    )
    .unwrap();
    db.execute(
        "INSERT INTO KUNDKONTAKT VALUES (900003, ?1, ?2, 'Kontaktperson', ?3, ?4)",
        params![nr, full_names(person)[0], person.phone, person.email.to_uppercase()],
    )
    .unwrap();
    db.execute(
        "INSERT INTO anvandare VALUES (?1, ?2, ?3, 'J', 'x', '192.0.2.7', '2025-01-01', '2010-01-01')",
        params![user, LOGIN, person.email.to_lowercase()],
    )
    .unwrap();
    db.execute("INSERT INTO anvandare_kund VALUES (?1, ?2, 'ägare')", params![user, nr]).unwrap();
    db.execute("INSERT INTO samtycke VALUES (900004, ?1, '1', '2025-01-01', '192.0.2.7')", [nr]).unwrap();
}

fn money(db: &Connection, person: &Person) {
    let nr = person.kundnr;
    let (names, numbers) = (full_names(person), number_forms(person));
    for (booking, form) in (900_010..).zip(&numbers) {
        db.execute(
            "INSERT INTO bokning VALUES (?1, ?2, 1, NULL, '2024-05-01 10:00:00', '2024-05-01 11:00:00', 'GENOMFORD', ?3, ?4)",
            params![booking, nr, LOGIN, format!("{} hämtar nyckeln, {form}.", names[0])],
        )
        .unwrap();
    }
    db.execute(
        "INSERT INTO FAKTURAUNDERLAG VALUES (900020, ?1, 900010, '2413000017', ?2, 450.0, 'J')",
        params![nr, format!("Hyra {}", names[2])],
    )
    .unwrap();
    db.execute(
        "INSERT INTO FAKTURA VALUES (900030, ?1, '9000300', '2024-06-01', '2024-07-01', 450.0, ?2, 'Vedbodsgränd 1', NULL, ?3, 'J')",
        params![nr, names[0], names[1]],
    )
    .unwrap();
    db.execute("INSERT INTO FAKTURARAD VALUES (900030, 1, 900020, ?1, 1, 450.0)", [format!("Hyra {}", names[2])])
        .unwrap();
}

fn writing(db: &Connection, person: &Person) {
    let nr = person.kundnr;
    let texts = text_forms(person);
    for (comment, form) in (900_040..).zip(&texts) {
        db.execute(
            "INSERT INTO arendekommentar VALUES (?1, ?2, 1, '2024-05-02 08:00:00', ?3)",
            params![comment, nr, format!("Ringde om saken: {form}, åter i morgon.")],
        )
        .unwrap();
    }
    for (message, to) in [(900_090, &person.email), (900_091, &person.phone)] {
        db.execute(
            "INSERT INTO meddelande VALUES (?1, ?2, 'EPOST', ?3, 'Bokning', ?4, NULL)",
            params![message, nr, to, format!("Hej {}!", full_names(person)[0])],
        )
        .unwrap();
    }
    for (event, email) in [(900_100, person.email.clone()), (900_101, person.email.to_uppercase())] {
        db.execute(
            "INSERT INTO handelselogg VALUES (?1, '2024-05-01 09:00:00', ?2, ?3, '192.0.2.7', 'INLOGGNING', ?4)",
            params![event, LOGIN, email, format!("{LOGIN} från {}", person.phone)],
        )
        .unwrap();
    }
}

/// The planted person's log-in name.
const LOGIN: &str = "ingkvi900001";

fn full_names(person: &Person) -> [String; 3] {
    let (given, family) = (&person.given_name, &person.family_name);
    [format!("{given} {family}"), format!("{family} {given}"), format!("{family}, {given}")]
}

/// A personal number as people write it, ten and twelve digits.
fn number_forms(person: &Person) -> Vec<String> {
    let twelve = &person.personal_number;
    let forms = [&twelve[..8], &twelve[2..8]]
        .map(|date| ["", "-", "+", " "].map(|sign| format!("{date}{sign}{}", &twelve[8..])));
    forms.concat()
}

/// A mobile number as people write it.
fn phone_forms(person: &Person) -> Vec<String> {
    let digits: String = person.phone.chars().filter(char::is_ascii_digit).collect();
    let (area, [a, b, c]) = (&digits[1..3], [&digits[3..6], &digits[6..8], &digits[8..10]]);
    vec![
        digits.clone(),
        format!("0{area}-{a} {b} {c}"),
        format!("0{area} {a} {b} {c}"),
        format!("0{area}-{a}{b}{c}"),
        format!("+46{area}{a}{b}{c}"),
        format!("+46 {area} {a} {b} {c}"),
        format!("+46 (0){area}-{a} {b} {c}"),
        format!("0046{area}{a}{b}{c}"),
    ]
}

/// All of it as text.
fn text_forms(person: &Person) -> Vec<String> {
    let cased = |text: String| [text.to_lowercase(), text.to_uppercase(), text];
    let words = full_names(person).into_iter().chain([person.email.clone()]).flat_map(cased);
    words.chain(number_forms(person)).chain(phone_forms(person)).collect()
}

/// What gives a person away.
pub(crate) struct Traces {
    forms: Vec<Vec<u8>>,
    /// Ten digits, and the telephone's without prefix: looked for in a cell's digits alone.
    digits: [String; 2],
    email: String,
    /// In lower case, as it is spelt and as the full-text index folds it; a family name that nobody else has.
    names: [String; 2],
}

impl Traces {
    pub(crate) fn of(person: &Person) -> Self {
        let texts = text_forms(person).into_iter().chain([LOGIN.to_owned()]).map(String::into_bytes);
        // As SQLite stores whole numbers of this size: six bytes, the highest first.
        let numbers = [&person.personal_number, &person.personal_number[2..]]
            .map(|digits| digits.parse::<i64>().unwrap().to_be_bytes()[2..].to_vec());
        let phone: String = person.phone.chars().filter(char::is_ascii_digit).collect();
        let family = person.family_name.to_lowercase();
        let folded = family.replace(['å', 'ä'], "a").replace('ö', "o");
        Self {
            forms: texts.chain(numbers).collect(),
            digits: [person.personal_number[2..].to_owned(), phone[1..].to_owned()],
            email: person.email.to_lowercase(),
            names: [family, folded],
        }
    }

    /// Which forms stand in the bytes of the database's files.
    pub(crate) fn in_bytes(&self, database: &Path) -> Vec<String> {
        let files = files(database).map(|path| std::fs::read(path).unwrap_or_default());
        let holds = |form: &&Vec<u8>| files.iter().any(|bytes| memchr::memmem::find(bytes, form).is_some());
        self.forms.iter().filter(holds).map(|form| String::from_utf8_lossy(form).into_owned()).collect()
    }

    /// Cells of any table, shadow tables and the index's terms included, that hold anything of the person.
    pub(crate) fn in_cells(&self, db: &Connection) -> Vec<String> {
        let mut left = Vec::new();
        each_cell(db, |place, text| {
            let lower = text.to_lowercase();
            let named = self.names.iter().any(|name| lower.contains(name)) || lower.contains(LOGIN);
            if named || self.identifiers_in(text) > 0 {
                left.push(place.to_owned());
            }
        });
        left
    }

    /// Tables of the cells that hold the number, the address or the telephone, once for each of the three. The virtual
    /// table of the full-text index shows the texts of its own table and is left out.
    pub(crate) fn identifiers_in_cells(&self, db: &Connection) -> Vec<String> {
        let mut left = Vec::new();
        each_cell(db, |place, text| {
            let table = place.split('.').next().unwrap();
            if !table.ends_with("_fts") && table != "terms" {
                left.extend(vec![table.to_owned(); self.identifiers_in(text)]);
            }
        });
        left
    }

    fn identifiers_in(&self, text: &str) -> usize {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let found = self.digits.iter().filter(|it| digits.contains(it.as_str())).count();
        found + usize::from(text.to_lowercase().contains(&self.email))
    }
}

/// Every cell of every table as text, with `table.column`: also of shadow tables, SQLite's own tables, and the terms of
/// the full-text index.
fn each_cell(db: &Connection, mut visit: impl FnMut(&str, &str)) {
    db.execute_batch("CREATE VIRTUAL TABLE IF NOT EXISTS temp.terms USING fts5vocab(main, arendekommentar_fts, row)")
        .unwrap();
    let sql = "SELECT name FROM pragma_table_list WHERE type <> 'view' AND (schema = 'main' OR name = 'terms')";
    let tables: Vec<String> =
        db.prepare(sql).unwrap().query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    for table in tables {
        let mut statement = db.prepare(&format!("SELECT * FROM {}", quoted(&table))).unwrap();
        let columns: Vec<String> = statement.column_names().map(|name| format!("{table}.{name}")).collect();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for (index, place) in columns.iter().enumerate() {
                match row.get_ref(index).unwrap() {
                    ValueRef::Null => {}
                    ValueRef::Integer(number) => visit(place, &number.to_string()),
                    ValueRef::Real(number) => visit(place, &number.to_string()),
                    ValueRef::Text(bytes) | ValueRef::Blob(bytes) => visit(place, &String::from_utf8_lossy(bytes)),
                }
            }
        }
    }
}
