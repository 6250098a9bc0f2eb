//! Invoices and their lines, from the billed bases.

use super::bookings::Basis;
use super::customers::{Customer, Kind};
use super::generator::Generator;
use super::identity;
use super::write::{Table, row};
use crate::Result;

#[rustfmt::skip]
const INVOICE: Table = Table {
    name: "FAKTURA",
    key: 1,
    columns: &["FAKTNR", "KUNDNR", "OCR", "FAKTDAT", "FORFDAT", "BELOPP", "MOTTAG", "ADR", "PADR", "ERREF", "BETALD"],
};
const LINE: Table =
    Table { name: "FAKTURARAD", key: 2, columns: &["FAKTNR", "RADNR", "UNDNR", "TEXT", "ANTAL", "APRIS"] };

/// One invoice for every one to three bases.
pub(super) fn write(made: &mut Generator<'_>, customer: &Customer, bases: &[Basis]) -> Result<()> {
    let mut rest = bases;
    while !rest.is_empty() {
        let (now, later) = rest.split_at(rest.len().min(made.rng.between(1, 3) as usize));
        write_invoice(made, customer, now)?;
        rest = later;
    }
    Ok(())
}

fn write_invoice(made: &mut Generator<'_>, customer: &Customer, bases: &[Basis]) -> Result<()> {
    made.ids.invoice += 1;
    let nr = 400_000 + made.ids.invoice;
    let subject = &customer.subject;
    let date = bases[bases.len() - 1].date.plus(made.rng.between(5, 40));
    let total: f64 = bases.iter().map(|basis| basis.amount).sum();
    let reference = (customer.kind != Kind::Private && made.rng.chance(80)).then(|| subject.name_cell());
    let paid = if made.rng.chance(93) { "J" } else { "N" };
    let (issued, due) = (date.iso(), date.plus(30).iso());
    let (street, town) = (subject.street.as_str(), subject.post_line());
    made.out.insert(
        &INVOICE,
        row![nr, customer.nr, identity::ocr(nr), issued, due, total, customer.display(), street, town, reference, paid],
    )?;
    for (line, basis) in (1_i64..).zip(bases) {
        made.out.insert(&LINE, row![nr, line, basis.nr, basis.text.clone(), 1.0, basis.amount])?;
    }
    Ok(())
}
