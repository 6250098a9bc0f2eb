//! The registers that stand before any customer: staff, sites, rooms and prices.

use super::dates::Date;
use super::generator::Generator;
use super::identity::Phone;
use super::people::{email, spaced};
use super::write::{Table, row};
use crate::Result;

const STAFF: Table = Table {
    name: "HANDLAGGARE",
    key: 1,
    columns: &["HLNR", "SIGN", "FNAMN", "ENAMN", "EPOST", "TELARB", "CHEF", "SLUTDAT"],
};
const SITE: Table =
    Table { name: "ANLAGGNING", key: 1, columns: &["ANLNR", "NAMN", "ADR", "POSTNR", "ORT", "VAKTM", "VAKTTEL"] };
const ROOM: Table = Table { name: "LOKAL", key: 1, columns: &["LOKALNR", "ANLNR", "NAMN", "MAXANTAL", "YTA"] };
const PRICE: Table =
    Table { name: "PRISLISTA", key: 1, columns: &["PRISID", "LOKALNR", "KATEGORI", "BELOPP", "FROMDAT", "TOMDAT"] };

/// Writes the registers for a municipality with `customers` customers.
pub(super) fn write(made: &mut Generator<'_>, customers: u32) -> Result<()> {
    for nr in 1..=made.staff {
        write_staff(made, nr)?;
    }
    let mut price = 0_i64;
    for nr in 1..=18 + customers / 2000 {
        write_site(made, nr)?;
        for _ in 0..made.rng.between(1, 4) {
            made.rooms += 1;
            let (size, name) = (made.rng.between(20, 900), *made.rng.pick(&made.words.rooms));
            made.out.insert(&ROOM, row![made.rooms, nr, name, size, f64::from(size) * 1.75])?;
            for (kind, amount) in [("PRIVAT", 450.0), ("FÖRENING", 120.0), ("BOLAG", 780.0)] {
                price += 1;
                let amount = amount + f64::from(size);
                let from = Date::within(&mut made.rng, 2019, 2025).iso();
                made.out.insert(&PRICE, row![price, made.rooms, kind, amount, from, None::<String>])?;
            }
        }
    }
    Ok(())
}

fn write_staff(made: &mut Generator<'_>, nr: u32) -> Result<()> {
    let Generator { rng, words, out, .. } = made;
    let woman = rng.chance(60);
    let (given, family) = (words.given(rng, woman), words.family(rng));
    let sign: String = given.chars().take(2).chain(family.chars().take(2)).collect::<String>().to_uppercase();
    let manager = (nr > 1).then(|| i64::from(rng.between(1, nr - 1)));
    let left = rng.chance(25).then(|| Date::within(rng, 2005, 2025).iso());
    let (mail, phone) = (email(&given, &family, rng), Phone::landline(rng).plain());
    out.insert(&STAFF, row![nr, sign, given, family, mail, phone, manager, left])
}

fn write_site(made: &mut Generator<'_>, nr: u32) -> Result<()> {
    let Generator { rng, words, out, .. } = made;
    let round = (nr as usize - 1) / words.facilities.len();
    let base = words.facilities[(nr as usize - 1) % words.facilities.len()];
    let name = if round == 0 { base.to_owned() } else { format!("{base} {}", round + 1) };
    let (code, town) = words.town(rng);
    let caretaker = rng.chance(60).then(|| words.full_name(rng));
    let (street, phone) = (words.street(rng), Phone::mobile(rng).plain());
    out.insert(&SITE, row![nr, name, street, spaced(&code), town, caretaker, phone])
}
