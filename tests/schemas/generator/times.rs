//! Dates and times that are not a birth date, in the forms that systems write.

use jiff::civil::{Date, date};

use super::fill::{Def, text};
use super::hygiene::tame;
use super::people::swedish_date;
use super::rng::Rng;

/// A day of the years from `first` to `last`.
pub(super) fn day(rng: &mut Rng, first: i64, last: i64) -> Date {
    let year = i16::try_from(rng.range(first, last)).expect("a year");
    date(year, 1, 1).saturating_add(jiff::Span::new().days(rng.range(0, 364)))
}

fn recent(rng: &mut Rng) -> Date {
    day(rng, 2016, 2026)
}

/// `10:05:33`, with the separator given.
fn clock(rng: &mut Rng, separator: &str) -> String {
    let (hour, minute, second) = (rng.range(0, 23), rng.range(0, 59), rng.range(0, 59));
    format!("{hour:02}{separator}{minute:02}{separator}{second:02}")
}

/// `202403011005`: drawn again where it would be somebody's number, since it must stay a time.
fn stamp12(rng: &mut Rng) -> String {
    loop {
        let stamp = format!("{}{}", recent(rng).strftime("%Y%m%d"), &clock(rng, "")[..4]);
        if tame(&stamp).is_none() {
            return stamp;
        }
    }
}

pub(super) const FILLS: &[Def] = &[
    ("date8", &[], |row| text(recent(row.rng).strftime("%Y%m%d").to_string())),
    ("date6", &[], |row| text(recent(row.rng).strftime("%y%m%d").to_string())),
    ("date_int", &[], |row| {
        recent(row.rng).strftime("%Y%m%d").to_string().parse::<i64>().expect("eight digits").into()
    }),
    ("date_us", &[], |row| text(recent(row.rng).strftime("%m/%d/%Y").to_string())),
    ("date_words", &[], |row| text(swedish_date(recent(row.rng)))),
    ("date_old", &[], |row| text(day(row.rng, 1930, 2005).to_string())),
    ("timestamp", &[], |row| {
        let day = recent(row.rng);
        text(format!("{day} {}", clock(row.rng, ":")))
    }),
    ("iso_time", &[], |row| {
        let day = recent(row.rng);
        text(format!("{day}T{}Z", clock(row.rng, ":")))
    }),
    ("stamp12", &[], |row| text(stamp12(row.rng))),
    ("stamp14", &[], |row| {
        let day = recent(row.rng).strftime("%Y%m%d").to_string();
        text(format!("{day}{}", clock(row.rng, "")))
    }),
    ("unix", &[], |row| row.rng.range(1_450_000_000, 1_790_000_000).into()),
    ("unix_ms", &[], |row| row.rng.range(1_450_000_000_000, 1_790_000_000_000).into()),
    ("clock", &[], |row| text(&clock(row.rng, ":")[..5])),
    ("year", &[], |row| row.rng.range(1990, 2026).into()),
    ("month", &[], |row| row.rng.range(1, 12).into()),
    ("period", &[], |row| text(recent(row.rng).strftime("%Y%m").to_string())),
    ("week", &[], |row| text(format!("{}-W{:02}", row.rng.range(2019, 2026), row.rng.range(1, 52)))),
    ("quarter", &[], |row| text(format!("{}Q{}", row.rng.range(2018, 2026), row.rng.range(1, 4)))),
    ("weekday", &[], |row| text(row.rng.pick(&["mån", "tis", "ons", "tor", "fre", "lör", "sön"]))),
    ("julian", &[], |row| text(format!("{}{:03}", row.rng.range(16, 26), row.rng.range(1, 365)))),
];
