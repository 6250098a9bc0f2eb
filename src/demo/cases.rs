//! What staff and system write about a customer: grant applications, cards, comments, messages and events.

use super::Role;
use super::customers::{Customer, Kind};
use super::dates::{Date, TODAY};
use super::generator::Generator;
use super::identity;
use super::write::{Table, Text, row};
use crate::Result;

#[rustfmt::skip]
const APPLICATION: Table = Table {
    name: "bidragsansokan",
    key: 1,
    columns: &["id", "diarienr", "kundnr", "sokande_namn", "sokande_pnr", "kontonr", "iban", "belopp", "motivering",
        "handlaggare", "status", "inkom"],
};
const CARD: Table =
    Table { name: "passerkort", key: 1, columns: &["kortnr", "kundnr", "innehavare", "utlamnat", "aterlamnat", "ANM"] };
const PASSAGE: Table = Table { name: "PASSERLOGG", key: 0, columns: &["TID", "KORTNR", "LOKALNR", "HANDELSE"] };
const COMMENT: Table =
    Table { name: "arendekommentar", key: 1, columns: &["id", "kundnr", "handlaggare", "skapad", "kommentar"] };
const MESSAGE: Table =
    Table { name: "meddelande", key: 1, columns: &["id", "kundnr", "kanal", "till", "amne", "brodtext", "skickat"] };
const EVENT: Table =
    Table { name: "handelselogg", key: 1, columns: &["id", "tid", "anvandare", "epost", "ip", "handelse", "detalj"] };

/// How many texts about other customers mention the person who can be forgotten.
const MENTIONS: i64 = 4;

/// Writes all of it for one customer.
pub(super) fn write(made: &mut Generator<'_>, customer: &Customer) -> Result<()> {
    let applies = match (customer.subject.role, customer.kind) {
        (Some(role), _) => role == Role::Hindered,
        (None, Kind::Association) => made.rng.chance(45),
        (None, _) => made.rng.chance(3),
    };
    if applies {
        write_application(made, customer)?;
    }
    if customer.is_known() || made.rng.chance(25) {
        write_card(made, customer)?;
    }
    let texts = if customer.is_known() { 8 } else { made.rng.between(0, 3) };
    for _ in 0..texts {
        let text = made.text("kommentar", customer);
        write_comment(made, customer, text)?;
        write_message(made, customer)?;
    }
    write_mention(made, customer)?;
    for _ in 0..made.rng.between(1, 6) {
        write_event(made, customer)?;
    }
    Ok(())
}

fn timestamp(made: &mut Generator<'_>, date: Date) -> String {
    let rng = &mut made.rng;
    format!("{} {:02}:{:02}:{:02}", date.iso(), rng.between(6, 21), rng.below(60), rng.below(60))
}

/// A day in the last years, not before the customer came.
fn lately(made: &mut Generator<'_>, customer: &Customer) -> Date {
    Date::within(&mut made.rng, customer.created.year.max(TODAY.year - 6), TODAY.year - 1)
}

fn write_application(made: &mut Generator<'_>, customer: &Customer) -> Result<()> {
    made.ids.application += 1;
    let id = made.ids.application;
    let (reason, handler) = (made.text("bidrag", customer), made.any_staff());
    let came = lately(made, customer);
    let subject = &customer.subject;
    let rng = &mut made.rng;
    let hindered = customer.is_known();
    let account = rng.chance(70).then(|| if rng.chance(50) { identity::bankgiro(rng) } else { identity::account(rng) });
    let iban = rng.chance(40).then(|| identity::iban(rng));
    let number = (hindered || rng.chance(30)).then(|| subject.number_cell(rng));
    let status = if hindered { "INKOMMEN" } else { *rng.pick(&["INKOMMEN", "BEVILJAD", "BEVILJAD", "AVSLAG"]) };
    made.out.insert(
        &APPLICATION,
        row![
            id,
            format!("KFN {}/{id:05}", came.year),
            customer.nr,
            subject.name_cell(),
            number,
            account,
            iban,
            rng.between(2, 90) * 1000,
            reason,
            handler,
            status,
            came.iso(),
        ],
    )
}

fn write_card(made: &mut Generator<'_>, customer: &Customer) -> Result<()> {
    made.ids.card += 1;
    let number = format!("K{:06}", 100_000 + made.ids.card);
    let note = made.some_text(50, "kort", customer);
    let out_on = lately(made, customer);
    let back = (customer.is_known() || made.rng.chance(40)).then(|| out_on.plus(made.rng.between(20, 200)).iso());
    let holder = customer.subject.name_cell();
    made.out.insert(&CARD, row![number.as_str(), customer.nr, holder, out_on.iso(), back, note])?;
    for _ in 0..made.rng.between(4, 16) {
        let day = out_on.plus(made.rng.below(200));
        let (time, room) = (timestamp(made, day), made.any_room());
        let what = *made.rng.pick(&["Öppnad", "Öppnad", "Öppnad", "Nekad", "Larm av", "Larm på"]);
        made.out.insert(&PASSAGE, row![time, number.as_str(), room, what])?;
    }
    Ok(())
}

fn write_comment(made: &mut Generator<'_>, customer: &Customer, text: Text) -> Result<()> {
    made.ids.comment += 1;
    let handler = if made.rng.chance(90) { Some(made.any_staff()) } else { None };
    let day = lately(made, customer);
    let time = timestamp(made, day);
    made.out.insert(&COMMENT, row![made.ids.comment, customer.nr, handler, time, text])
}

/// A comment on an association that speaks of the known person who can be forgotten.
fn write_mention(made: &mut Generator<'_>, customer: &Customer) -> Result<()> {
    if customer.kind != Kind::Association || made.mentions >= MENTIONS {
        return Ok(());
    }
    let Some(person) = &made.mentioned else { return Ok(()) };
    let text = made.prose.write("om", person, &made.words, &mut made.rng);
    made.mentions += 1;
    write_comment(made, customer, text)
}

fn write_message(made: &mut Generator<'_>, customer: &Customer) -> Result<()> {
    made.ids.message += 1;
    let (body, subject_line) = (made.text("meddelande", customer), made.text("amne", customer));
    let day = lately(made, customer);
    let sent = timestamp(made, day);
    let rng = &mut made.rng;
    let by_mail = rng.chance(80);
    let (channel, to, about) = if by_mail {
        ("EPOST", customer.subject.email_cell(), Some(subject_line))
    } else {
        ("SMS", customer.subject.mobile_cell(rng), None)
    };
    let sent = rng.chance(97).then_some(sent);
    made.out.insert(&MESSAGE, row![made.ids.message, customer.nr, channel, to, about, body, sent])
}

fn write_event(made: &mut Generator<'_>, customer: &Customer) -> Result<()> {
    made.ids.event += 1;
    let detail = made.text("logg", customer);
    let day = lately(made, customer);
    let time = timestamp(made, day);
    let rng = &mut made.rng;
    let login = customer.login.as_deref().filter(|_| rng.chance(85));
    let mail = login.filter(|_| rng.chance(60)).map(|_| customer.subject.email_cell());
    let ip = rng.chance(95).then(|| identity::ip(rng));
    let kind = *rng.pick(&["INLOGGNING", "BOKNING", "KUND", "UTSKICK", "EXPORT"]);
    made.out.insert(&EVENT, row![made.ids.event, time, login, mail, ip, kind, detail])
}
