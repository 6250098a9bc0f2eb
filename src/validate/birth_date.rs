//! Dates on which a person in a register can have been born: from 1900 to today, in the forms in which registers and
//! people write them: `2001-02-03`, `20010203`, `3.2.2001`, `3/2/2001`, `3 feb 2001`, `2001-02-03T00:00:00Z`, and, of
//! use only where a column's name says so, `010203`, `01-02-03` and the year alone.

use std::fmt::Write as _;

use jiff::civil::Date;

const FIRST_YEAR: u32 = 1900;

/// The months as Swedish and English shorten them.
const MONTHS: [&[&str]; 12] = [
    &["jan"],
    &["feb"],
    &["mar"],
    &["apr"],
    &["maj", "may"],
    &["jun"],
    &["jul"],
    &["aug"],
    &["sep"],
    &["okt", "oct"],
    &["nov"],
    &["dec"],
];

/// Year, month and day.
type Parts = (u32, u32, u32);

/// Checks; the normal form is the ISO date, or the year where that is all.
pub(super) fn check(text: &str, today: Date, normal: &mut String) -> Option<&'static str> {
    let text = without_midnight(text.trim());
    if let Some(year) = number(text).filter(|_| text.len() == 4) {
        let this_year = u32::try_from(today.year()).ok()?;
        (FIRST_YEAR..=this_year).contains(&year).then(|| normal.push_str(text))?;
        return Some(decade(year));
    }
    let date = date(parts(text, today)?)?;
    if date > today {
        return None;
    }
    write!(normal, "{date}").ok()?;
    Some(decade(u32::try_from(date.year()).ok()?))
}

/// The decade: birth dates lie in many, the dates of a business in the last ones.
fn decade(year: u32) -> &'static str {
    const DECADES: [&str; 13] = [
        "1900s", "1910s", "1920s", "1930s", "1940s", "1950s", "1960s", "1970s", "1980s", "1990s", "2000s", "2010s",
        "2020s",
    ];
    let index = usize::try_from(year.saturating_sub(FIRST_YEAR) / 10).unwrap_or(usize::MAX);
    DECADES.get(index).copied().unwrap_or("later")
}

fn date((year, month, day): Parts) -> Option<Date> {
    if year < FIRST_YEAR {
        return None;
    }
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// A date kept as a moment is one of midnight: `2001-02-03 00:00:00`, `2001-02-03T00:00:00.000+01:00`.
fn without_midnight(text: &str) -> &str {
    let is_midnight = |time: &str| {
        let clock = time.split(['+', 'Z', '-']).next().unwrap_or_default();
        clock.starts_with("00:00") && clock.bytes().all(|byte| matches!(byte, b'0' | b':' | b'.'))
    };
    match text.split_once(['T', ' ']) {
        Some((date, time)) if is_midnight(time) => date,
        _ => text,
    }
}

/// Year, month and day as written.
fn parts(text: &str, today: Date) -> Option<Parts> {
    if text.bytes().any(|byte| byte.is_ascii_alphabetic()) {
        return in_words(text);
    }
    let Some(separator) = text.chars().find(|c| matches!(c, '-' | '.' | '/')) else {
        return compact(text, today);
    };
    let mut fields = text.split(separator);
    let (first, second, last) = (fields.next()?, fields.next()?, fields.next()?);
    if fields.next().is_some() {
        return None;
    }
    let (a, b, c) = (number(first)?, number(second)?, number(last)?);
    match (first.len(), second.len(), last.len(), separator) {
        (4, 1..=2, 1..=2, _) => Some((a, b, c)),
        (1..=2, 1..=2, 4, _) => Some(day_and_month(c, a, b)),
        (2, 2, 2, '-') => Some((with_century(a, b, c, today), b, c)),
        (1..=2, 1..=2, 2, '.' | '/') => {
            let (_, month, day) = day_and_month(0, a, b);
            Some((with_century(c, month, day, today), month, day))
        }
        _ => None,
    }
}

/// The day comes first, unless it can't: 12/31/2001.
fn day_and_month(year: u32, first: u32, second: u32) -> Parts {
    if second > 12 { (year, first, second) } else { (year, second, first) }
}

fn compact(text: &str, today: Date) -> Option<Parts> {
    let digits = number(text)?;
    match text.len() {
        8 => Some((digits / 10_000, digits / 100 % 100, digits % 100)),
        6 => {
            let (year, month, day) = (digits / 10_000, digits / 100 % 100, digits % 100);
            Some((with_century(year, month, day, today), month, day))
        }
        _ => None,
    }
}

/// The latest year of these two digits in which the date is not yet to come.
fn with_century(year: u32, month: u32, day: u32, today: Date) -> u32 {
    if date((2000 + year, month, day)).is_some_and(|date| date <= today) { 2000 + year } else { 1900 + year }
}

/// `3 februari 2001`, `3-Feb-2001`, `February 3, 2001`.
fn in_words(text: &str) -> Option<Parts> {
    let mut words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let (first, second, year) = (words.next()?, words.next()?, words.next()?);
    if words.next().is_some() || year.len() != 4 {
        return None;
    }
    let (day, month) = month(second).map(|month| (first, month)).or_else(|| Some((second, month(first)?)))?;
    Some((number(year)?, month, number(day)?))
}

fn month(word: &str) -> Option<u32> {
    let short = word.get(..3)?.to_ascii_lowercase();
    (1..).zip(MONTHS).find(|(_, names)| names.contains(&short.as_str())).map(|(month, _)| month)
}

/// At most eight digits as a number.
fn number(text: &str) -> Option<u32> {
    let short = (1..=8).contains(&text.len()).then_some(text)?;
    short.bytes().try_fold(0, |number, byte| byte.is_ascii_digit().then(|| number * 10 + u32::from(byte - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(text: &str) -> Option<String> {
        let mut normal = String::new();
        check(text, jiff::civil::date(2026, 11, 21), &mut normal).map(|_| normal)
    }

    #[test]
    fn all_written_forms_are_one() {
        for text in [
            "2001-02-03",
            "2001/02/03",
            "2001/2/3",
            "2001.02.03",
            "20010203",
            "3.2.2001",
            "03.02.2001",
            "3-2-2001",
            "03-02-2001",
            "03/02/2001",
            "010203",
            "01-02-03",
            "3/2/01",
            "03.02.01",
            "3 februari 2001",
            "3 Feb 2001",
            "03-FEB-2001",
            "3. feb. 2001",
            "February 3, 2001",
            "2001-02-03 00:00:00",
            "2001-02-03T00:00:00Z",
            "2001-02-03T00:00:00.000+01:00",
            "20010203T00:00",
        ] {
            assert_eq!(checked(text).as_deref(), Some("2001-02-03"), "{text}");
        }
    }

    #[test]
    fn what_can_be_read_in_one_way_only_is_read_so() {
        assert_eq!(checked("12/31/2001").as_deref(), Some("2001-12-31"), "the month first");
        assert_eq!(checked("31/12/2001").as_deref(), Some("2001-12-31"), "the day first");
        assert_eq!(checked("261121").as_deref(), Some("2026-11-21"), "born today");
        assert_eq!(checked("261122").as_deref(), Some("1926-11-22"), "not born tomorrow");
        assert_eq!(checked("1985").as_deref(), Some("1985"), "a year alone");
    }

    #[test]
    fn dates_that_cannot_be_are_refused() {
        for text in [
            "2001-02-29",
            "1899-12-31",
            "2026-11-22",
            "2001-13-01",
            "20011",
            "1.2.3.2001",
            "01-02.2003",
            "",
            "-",
            "12345678",
            "32/13/2001",
            "991332",
            "2027",
            "1899",
            "3 feb",
            "3 feb 01",
            "3 foo 2001",
            "2001-02-03 13:45:00",
            "2001-02-03T",
            "3 fé 2001",
            "T00:00:00",
        ] {
            assert_eq!(checked(text), None, "{text}");
        }
        assert_eq!(checked("2026-11-21").as_deref(), Some("2026-11-21"), "born today");
        assert_eq!(checked("1900-01-01").as_deref(), Some("1900-01-01"));
    }
}
