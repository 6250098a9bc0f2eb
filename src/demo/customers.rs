//! Customers: KUND, its ancestor GAMKUND, contacts, users and their links.

use super::Role;
use super::dates::{Date, TODAY};
use super::generator::Generator;
use super::identity;
use super::people::{Subject, email, spaced};
use super::write::{Cell, Table, Text, row};
use crate::Result;

const FIRST_NUMBER: u32 = 10_001;

#[rustfmt::skip]
const CUSTOMER: Table = Table {
    name: "KUND",
    key: 1,
    columns: &["KUNDNR", "KUNDTYP", "PNR", "ORGNR", "FNAMN", "ENAMN", "NAMN", "KON", "ADR1", "POSTNR", "ORT", "EPOST",
        "TELHEM", "MOB", "ANM", "HL", "UPPLAGD", "SPARRAD"],
};
const OLD_CUSTOMER: Table =
    Table { name: "GAMKUND", key: 1, columns: &["KNR", "PERSNR", "NAMN", "ADRESS", "PADR", "TEL", "KOD1"] };
const CONTACT: Table =
    Table { name: "KUNDKONTAKT", key: 1, columns: &["KONTAKTID", "KUNDNR", "NAMN", "ROLL", "TEL", "EPOST"] };
#[rustfmt::skip]
const USER: Table = Table {
    name: "anvandare",
    key: 1,
    columns: &["id", "anvandarnamn", "mejl", "epost", "losenord_hash", "senaste_ip", "senast_inloggad", "skapad"],
};
const LINK: Table = Table { name: "anvandare_kund", key: 2, columns: &["anvandare_id", "kundnr", "roll"] };

/// Kind of customer: KUNDTYP.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Private,
    Association,
    Company,
}

/// A customer, and the person behind it: themself, or the contact of an association or company.
pub(super) struct Customer {
    pub(super) nr: i64,
    pub(super) kind: Kind,
    /// Name of an association or company.
    pub(super) name: Option<String>,
    pub(super) subject: Subject,
    pub(super) created: Date,
    /// Log-in name, when the person has a user.
    pub(super) login: Option<String>,
}

impl Customer {
    pub(super) fn nth(made: &mut Generator<'_>, n: u32, role: Option<Role>) -> Self {
        let Generator { rng, words, .. } = made;
        let share = rng.below(100);
        let kind = match share {
            _ if role.is_some() => Kind::Private,
            // The first ones give the shared user somebody to act for.
            _ if n < 4 => Kind::Association,
            0..=69 => Kind::Private,
            70..=89 => Kind::Association,
            _ => Kind::Company,
        };
        let subject = match role {
            Some(role) => Subject::known(role, words, rng),
            None => Subject::nth(n + 1, words, rng),
        };
        let name = match kind {
            Kind::Private => None,
            Kind::Association => Some(words.association(rng)),
            Kind::Company => Some(words.company(rng)),
        };
        let nr = i64::from(FIRST_NUMBER + n);
        let created = if role == Some(Role::Free) || rng.chance(15) {
            Date::within(rng, 1991, 1998)
        } else {
            Date::within(rng, 1999, TODAY.year - 1)
        };
        let login = (role.is_some() || rng.chance(75)).then(|| subject.login(nr));
        Self { nr, kind, name, subject, created, login }
    }

    /// Makes the customer a namesake.
    pub(super) fn take_names_of(&mut self, other: Option<&Subject>) {
        if let Some(other) = other {
            self.subject.given.clone_from(&other.given);
            self.subject.family.clone_from(&other.family);
            self.kind = Kind::Private;
            self.name = None;
        }
    }

    /// Rows of the first system were typed in capitals.
    pub(super) fn is_old(&self) -> bool {
        self.created.year < 1999
    }

    pub(super) fn is_known(&self) -> bool {
        self.subject.role.is_some()
    }

    /// What stands on invoices.
    pub(super) fn display(&self) -> Text {
        match &self.name {
            Some(name) => Text::marked(None, "", name),
            None => self.subject.name_cell(),
        }
    }

    fn cased(&self, name: &str) -> String {
        if self.is_old() { name.to_uppercase() } else { name.to_owned() }
    }
}

/// The customer's row, contact and row in the old register.
pub(super) fn write(made: &mut Generator<'_>, customer: &Customer) -> Result<()> {
    let row = customer_row(made, customer);
    made.out.insert(&CUSTOMER, row)?;
    if customer.is_old() {
        let row = old_row(made, customer);
        made.out.insert(&OLD_CUSTOMER, row)?;
    }
    if customer.kind == Kind::Association {
        made.associations.push(customer.nr);
    }
    if customer.kind != Kind::Private {
        for _ in 0..made.rng.between(1, 2) {
            write_contact(made, customer)?;
        }
    }
    Ok(())
}

fn customer_row(made: &mut Generator<'_>, customer: &Customer) -> [Cell; 18] {
    let note = made.some_text(35, "kund", customer);
    let handler = made.any_staff();
    let rng = &mut made.rng;
    let subject = &customer.subject;
    let private = customer.kind == Kind::Private;
    let mut kept = |percent| customer.is_known() || rng.chance(percent);
    let (has_number, has_mobile, has_email, has_landline) = (kept(92), kept(88), kept(86), kept(45));
    let number = (private && has_number).then(|| subject.number_cell(rng));
    let organisation = match customer.kind {
        Kind::Private => None,
        Kind::Association => Some(identity::organisation_number(rng, 8)),
        // A sole trader's number is the owner's personal number.
        Kind::Company if rng.chance(15) => Some(subject.number.dashed(TODAY.year)),
        Kind::Company => Some(identity::organisation_number(rng, 5)),
    };
    let kind = match customer.kind {
        Kind::Private => "P",
        Kind::Association => "F",
        Kind::Company => "B",
    };
    let code = if rng.chance(60) { spaced(&subject.postcode) } else { subject.postcode.clone() };
    row![
        customer.nr,
        kind,
        number,
        organisation,
        private.then(|| subject.mark("given_name", &customer.cased(&subject.given))),
        private.then(|| subject.mark("family_name", &customer.cased(&subject.family))),
        customer.name.as_deref().map(|name| customer.cased(name)),
        private.then(|| if subject.number.is_woman() { "K" } else { "M" }),
        customer.cased(&subject.street),
        code,
        customer.cased(&subject.town),
        has_email.then(|| subject.email_cell()),
        has_landline.then(|| subject.landline.form(rng)),
        has_mobile.then(|| subject.mobile_cell(rng)),
        note,
        handler,
        customer.created.iso(),
        if !customer.is_known() && rng.chance(3) { "J" } else { "N" },
    ]
}

/// Everything in capitals, the personal number as a number: twelve digits, or ten without leading zeros.
fn old_row(made: &mut Generator<'_>, customer: &Customer) -> [Cell; 7] {
    let subject = &customer.subject;
    let rng = &mut made.rng;
    let twelve = subject.number.twelve();
    let digits = if customer.is_known() || rng.chance(60) { twelve.as_str() } else { &twelve[2..] };
    let number = digits.parse::<i64>().expect("up to twelve digits");
    let number = Cell::Number(number, subject.mark("personal_number", &number.to_string()));
    let name = match &customer.name {
        Some(name) => Text::marked(None, "", &name.to_uppercase()),
        None => subject.mark("person_name", &format!("{} {}", subject.family, subject.given).to_uppercase()),
    };
    let number = if customer.kind == Kind::Private { number } else { Cell::Null };
    row![
        customer.nr,
        number,
        name,
        subject.street.to_uppercase(),
        subject.post_line().to_uppercase(),
        rng.chance(70).then(|| subject.landline.plain()),
        *rng.pick(&["A", "B", "X", ""]),
    ]
}

fn write_contact(made: &mut Generator<'_>, customer: &Customer) -> Result<()> {
    made.ids.contact += 1;
    let Generator { rng, words, out, .. } = made;
    let subject = &customer.subject;
    let role = *rng.pick(&["Ordförande", "Kassör", "Sekreterare", "Kontaktperson", "Vaktmästare", "Ekonomi"]);
    let first = rng.chance(60);
    let (name, mail) = if first {
        (subject.full_name(), subject.email.clone())
    } else {
        let woman = rng.chance(50);
        let (given, family) = (words.given(rng, woman), words.family(rng));
        (format!("{given} {family}"), email(&given, &family, rng))
    };
    let phone = rng.chance(85).then(|| subject.mobile.form(rng));
    out.insert(&CONTACT, row![made.ids.contact, customer.nr, name, role, phone, rng.chance(80).then_some(mail)])
}

/// The person's user with its links. Returns the user's key.
pub(super) fn write_user(made: &mut Generator<'_>, customer: &Customer) -> Result<Option<i64>> {
    let Some(login) = &customer.login else { return Ok(None) };
    made.ids.user += 1;
    let id = made.ids.user;
    let rng = &mut made.rng;
    let hash = format!("$argon2id$v=19$m=19456,t=2,p=1${:016x}${:016x}{:016x}", rng.next(), rng.next(), rng.next());
    let seen = Date::within(rng, 2019, TODAY.year - 1).iso();
    let notices = if rng.chance(80) { "J" } else { "N" };
    let born = customer.created.max(Date::new(2009, 3, 1)).iso();
    let mail = customer.subject.email_cell();
    let ip = identity::ip(rng);
    made.out.insert(&USER, row![id, login.as_str(), mail, notices, hash, ip, seen, born])?;
    made.out.insert(&LINK, row![id, customer.nr, "ägare"])?;
    let shared = customer.subject.role == Some(Role::Shared);
    if shared {
        for index in 0..2 {
            let nr = made.associations[index];
            made.out.insert(&LINK, row![id, nr, "bokare"])?;
        }
    } else if customer.kind == Kind::Private && !customer.is_known() && made.rng.chance(12) {
        let nr = *made.rng.pick(&made.associations);
        made.out.insert(&LINK, row![id, nr, "bokare"])?;
    }
    Ok(Some(id))
}
