//! Dates on which a person in a register can have been born: from 1900 to today, written `2001-02-03`, `20010203`,
//! `3.2.2001` or `3-2-2001`.

use std::fmt::Write as _;

use jiff::civil::Date;

const FIRST_YEAR: u32 = 1900;

/// Checks; the normal form is the ISO date.
pub(super) fn check(text: &str, today: Date, normal: &mut String) -> Option<&'static str> {
    let (year, month, day) = parts(text.trim().as_bytes())?;
    if year < FIRST_YEAR {
        return None;
    }
    let date = Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    if date > today {
        return None;
    }
    write!(normal, "{date}").ok()?;
    Some("")
}

/// Year, month and day as written.
fn parts(text: &[u8]) -> Option<(u32, u32, u32)> {
    let Some(&separator) = text.iter().find(|byte| matches!(byte, b'-' | b'.')) else {
        let compact = number(text).filter(|_| text.len() == 8)?;
        return Some((compact / 10_000, compact / 100 % 100, compact % 100));
    };
    let mut fields = text.split(|&byte| byte == separator);
    let (first, month, last) = (fields.next()?, fields.next()?, fields.next()?);
    if fields.next().is_some() {
        return None;
    }
    match (first.len(), month.len(), last.len()) {
        (4, 2, 2) if separator == b'-' => Some((number(first)?, number(month)?, number(last)?)),
        (1..=2, 1..=2, 4) => Some((number(last)?, number(month)?, number(first)?)),
        _ => None,
    }
}

/// At most eight digits as a number.
fn number(text: &[u8]) -> Option<u32> {
    let short = (1..=8).contains(&text.len()).then_some(text)?;
    short.iter().try_fold(0, |number, byte| byte.is_ascii_digit().then(|| number * 10 + u32::from(byte - b'0')))
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
        for text in ["2001-02-03", "20010203", "3.2.2001", "03.02.2001", "3-2-2001", "03-02-2001"] {
            assert_eq!(checked(text).as_deref(), Some("2001-02-03"), "{text}");
        }
    }

    #[test]
    fn dates_that_cannot_be_are_refused() {
        for text in [
            "2001-02-29",
            "1899-12-31",
            "2026-11-22",
            "2001-13-01",
            "2001.02.03",
            "20011",
            "3/2/2001",
            "1.2.3.2001",
            "01-02.2003",
            "",
            "-",
            "12345678",
            "3-2-01",
        ] {
            assert_eq!(checked(text), None, "{text}");
        }
        assert_eq!(checked("2026-11-21").as_deref(), Some("2026-11-21"), "born today");
        assert_eq!(checked("1900-01-01").as_deref(), Some("1900-01-01"));
    }
}
