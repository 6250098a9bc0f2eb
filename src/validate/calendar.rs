//! Birth dates inside numbers.

use jiff::civil::Date;

/// The oldest century written out in registers.
const FIRST_YEAR: i16 = 1800;

/// Whether the date exists, has come, and lies after the oldest that registers know.
pub(super) fn is_birth(year: i16, month: u32, day: u32, today: Date) -> bool {
    let (Ok(month), Ok(day)) = (i8::try_from(month), i8::try_from(day)) else { return false };
    year >= FIRST_YEAR && Date::new(year, month, day).is_ok_and(|date| date <= today)
}

/// The latest year with these two digits at its end in which the date exists and has come; `latest` bounds it.
pub(super) fn latest_year(in_century: i16, latest: i16, month: u32, day: u32, today: Date) -> Option<i16> {
    let this_century = today.year() / 100 * 100;
    (0..=2)
        .map(|back| this_century - 100 * back + in_century)
        .find(|&year| year <= latest && is_birth(year, month, day, today))
}

/// A number of two digits, as part of a year.
pub(super) fn two(digits: &[u8]) -> i16 {
    i16::from(digits[0]) * 10 + i16::from(digits[1])
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const TODAY: Date = date(2026, 11, 21);

    #[test]
    fn births_are_real_days_of_the_past() {
        assert!(is_birth(2026, 11, 21, TODAY) && is_birth(2000, 2, 29, TODAY) && is_birth(1800, 1, 1, TODAY));
        for (year, month, day) in [(2026, 11, 22), (1900, 2, 29), (1799, 12, 31), (1964, 0, 1), (1964, 1, 300)] {
            assert!(!is_birth(year, month, day, TODAY), "{year}-{month}-{day}");
        }
    }

    #[test]
    fn the_latest_year_is_taken() {
        assert_eq!(latest_year(26, 9999, 11, 21, TODAY), Some(2026));
        assert_eq!(latest_year(26, 9999, 11, 22, TODAY), Some(1926), "not in the future");
        assert_eq!(latest_year(26, 1926, 11, 21, TODAY), Some(1926), "not after the bound");
        assert_eq!(latest_year(26, 9999, 13, 1, TODAY), None);
    }
}
