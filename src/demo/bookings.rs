//! Booking series, bookings and the bases that invoices are made from.

use super::Role;
use super::customers::{Customer, Kind};
use super::dates::{Date, TODAY};
use super::generator::Generator;
use super::prose::order_number;
use super::write::{Table, Text, row};
use crate::Result;

#[rustfmt::skip]
const SERIES: Table = Table {
    name: "bokningsserie",
    key: 1,
    columns: &["id", "kundnr", "lokalnr", "rubrik", "veckodag", "start_kl", "slut_kl", "from_datum", "tom_datum"],
};
#[rustfmt::skip]
const BOOKING: Table = Table {
    name: "bokning",
    key: 1,
    columns: &["id", "kundnr", "lokalnr", "serie_id", "start_tid", "slut_tid", "status", "bokad_av", "ANM"],
};
const BASIS: Table = Table {
    name: "FAKTURAUNDERLAG",
    key: 1,
    columns: &["UNDNR", "KUNDNR", "BOKNR", "ORDERNR", "TEXT", "BELOPP", "FAKTURERAD"],
};

/// The booking that hinders a known person stays open for as long as anybody runs the demo.
const OPEN_FOR_LONG: Date = Date::new(2099, 6, 12);

/// A basis that has been billed, for the invoice to come.
pub(super) struct Basis {
    pub(super) nr: i64,
    pub(super) amount: f64,
    pub(super) text: Text,
    pub(super) date: Date,
}

/// Where and when a booking takes place.
struct Slot {
    room: i64,
    date: Date,
    hour: u32,
    series: Option<i64>,
}

/// Writes the customer's bookings; returns the billed bases.
pub(super) fn write(made: &mut Generator<'_>, customer: &Customer) -> Result<Vec<Basis>> {
    let mut slots = series(made, customer)?;
    let singles = if customer.is_known() { 3 } else { made.rng.between(0, 5) };
    slots.extend((0..singles).map(|_| single(made, customer)));
    if customer.subject.role == Some(Role::Hindered) {
        slots.push(Slot { room: made.any_room(), date: OPEN_FOR_LONG, hour: 15, series: None });
    }
    let mut billed = Vec::new();
    for slot in slots {
        let booking = write_booking(made, customer, &slot)?;
        if made.rng.chance(85) || slot.date == OPEN_FOR_LONG {
            billed.extend(write_basis(made, customer, &slot, booking)?);
        }
    }
    Ok(billed)
}

fn single(made: &mut Generator<'_>, customer: &Customer) -> Slot {
    let last_year = if customer.is_known() || made.rng.chance(80) { TODAY.year - 1 } else { TODAY.year + 1 };
    let date = Date::within(&mut made.rng, customer.created.year.max(last_year - 4), last_year);
    Slot { room: made.any_room(), date, hour: made.rng.between(8, 19), series: None }
}

/// A weekly series for most associations and a few others; returns its bookings.
fn series(made: &mut Generator<'_>, customer: &Customer) -> Result<Vec<Slot>> {
    let percent = if customer.kind == Kind::Association { 60 } else { 8 };
    if customer.is_known() || !made.rng.chance(percent) {
        return Ok(Vec::new());
    }
    made.ids.series += 1;
    let (id, room, title) = (made.ids.series, made.any_room(), made.some_text(70, "serie", customer));
    let rng = &mut made.rng;
    let (weeks, hour) = (rng.between(4, 14), rng.between(9, 20));
    let first = Date::within(rng, 2021, TODAY.year);
    let day = *rng.pick(&["må", "ti", "on", "to", "fr", "lö", "sö"]);
    let (start, end) = (format!("{hour:02}:00"), format!("{:02}:30", hour + 1));
    let last = first.plus(7 * weeks);
    made.out.insert(&SERIES, row![id, customer.nr, room, title, day, start, end, first.iso(), last.iso()])?;
    Ok((0..weeks).map(|week| Slot { room, date: first.plus(7 * week), hour, series: Some(id) }).collect())
}

fn write_booking(made: &mut Generator<'_>, customer: &Customer, slot: &Slot) -> Result<i64> {
    made.ids.booking += 1;
    let note = made.some_text(if customer.is_known() { 100 } else { 40 }, "bokning", customer);
    let rng = &mut made.rng;
    let status = match slot.date {
        date if date >= TODAY => "BOKAD",
        _ if rng.chance(10) => "AVBOKAD",
        _ => "GENOMFORD",
    };
    let by = customer.login.clone().filter(|_| rng.chance(60)).or_else(|| rng.chance(70).then(|| "RECEPTION".into()));
    let day = slot.date.iso();
    let (start, end) = (format!("{day} {:02}:00:00", slot.hour), format!("{day} {:02}:30:00", slot.hour + 1));
    made.out
        .insert(&BOOKING, row![made.ids.booking, customer.nr, slot.room, slot.series, start, end, status, by, note])?;
    Ok(made.ids.booking)
}

fn write_basis(made: &mut Generator<'_>, customer: &Customer, slot: &Slot, booking: i64) -> Result<Option<Basis>> {
    made.ids.basis += 1;
    let text = made.text("underlag", customer);
    let rng = &mut made.rng;
    let nr = made.ids.basis;
    let amount = f64::from(rng.between(4, 160)) * 22.5;
    let past = slot.date < TODAY;
    let billed = past && (customer.is_known() || rng.chance(92));
    let order = order_number(rng);
    let state = if billed { "J" } else { "N" };
    made.out.insert(&BASIS, row![nr, customer.nr, booking, order, text.clone(), amount, state])?;
    Ok(billed.then_some(Basis { nr, amount, text, date: slot.date }))
}
