//! Norwegian fødselsnummer and the numbers of its form (folkeregisterforskriften § 2-2-1; Skatteetaten,
//! "Fødselsnummer"): `DDMMYY IIIKK`.
//!
//! Both K are check digits modulo 11. A D-number has 40 added to the day, an H-number of the health service 40 to the
//! month; synthetic numbers, which no person has, add 80 (Skatteetaten's Tenor) or 65 (NAV; from memory) to the month.
//! Numbers issued from 2032 on will follow a laxer first check digit; none exists yet.

use jiff::civil::Date;

use super::calendar::{is_birth, two};
use super::digits::{Written, number, push, weighted};

/// Checks; the normal form is the eleven digits.
pub(super) fn check(text: &str, today: Date, normal: &mut String) -> Option<&'static str> {
    let digits: [u8; 11] = Written::read(text)?.exactly(6)?;
    let first = weighted(&digits[..10], &[3, 7, 6, 1, 8, 9, 4, 5, 2, 1]);
    let second = weighted(&digits, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]);
    if !first.is_multiple_of(11) || !second.is_multiple_of(11) {
        return None;
    }
    let (day, month) = (number(&digits[..2]), number(&digits[2..4]));
    let (day, month, kind) = match (day, month) {
        (41..=71, 1..=12) => (day - 40, month, "d-nummer"),
        (1..=31, 1..=12) => (day, month, "fodselsnummer"),
        (1..=31, 41..=52) => (day, month - 40, "h-nummer"),
        (1..=31 | 41..=71, 66..=77) => (day % 40, month - 65, "fodselsnummer-test"),
        (1..=31 | 41..=71, 81..=92) => (day % 40, month - 80, "fodselsnummer-test"),
        _ => return None,
    };
    if !is_birth(year(two(&digits[4..6]), number(&digits[6..9]))?, month, day, today) {
        return None;
    }
    push(&digits, normal);
    Some(kind)
}

/// The year of birth: the three individual digits tell its century.
const fn year(in_century: i16, individual: u32) -> Option<i16> {
    Some(match (individual, in_century) {
        (0..=499, _) | (900..=999, 40..) => 1900 + in_century,
        (500..=749, 54..) => 1800 + in_century,
        (500..=999, 0..=39) => 2000 + in_century,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(text: &str) -> Option<(&'static str, String)> {
        let mut normal = String::new();
        check(text, jiff::civil::date(2026, 11, 21), &mut normal).map(|kind| (kind, normal))
    }

    /// Nine digits with the check digits that fit; a tenth of them have none.
    fn with_check_digits(nine: &str) -> Option<String> {
        (0..100).map(|check| format!("{nine}{check:02}")).find(|number| checked(number).is_some())
    }

    #[test]
    fn the_published_example_passes_in_all_forms() {
        // The worked example of fnrinfo.no, "Beregning av kontrollsiffer".
        for text in ["31129956715", "311299 56715", "311299-56715", "311299\u{a0}56715"] {
            assert_eq!(checked(text), Some(("fodselsnummer", "31129956715".to_owned())), "{text}");
        }
    }

    #[test]
    fn the_kinds_are_told_apart() {
        for (nine, kind) in [
            ("010190001", "fodselsnummer"),
            ("410190002", "d-nummer"),
            ("014190003", "h-nummer"),
            ("018190003", "fodselsnummer-test"),
            ("416690004", "fodselsnummer-test"),
        ] {
            let number = (0..9).find_map(|last| with_check_digits(&format!("{}{last}", &nine[..8])));
            assert_eq!(number.and_then(|number| checked(&number)).map(|(kind, _)| kind), Some(kind), "{nine}");
        }
    }

    #[test]
    fn centuries_follow_the_individual_digits() {
        assert_eq!(year(54, 500), Some(1854));
        assert_eq!(year(53, 500), None);
        assert_eq!(year(39, 500), Some(2039));
        assert_eq!(year(40, 900), Some(1940));
        assert_eq!(year(40, 899), None);
        assert_eq!(year(0, 499), Some(1900));
    }

    #[test]
    fn other_numbers_are_refused() {
        for text in [
            "31129956716",
            "31129956705",
            "3112995671",
            "311299567150",
            "31129-956715",
            "311299+56715",
            "00000000000",
            "",
        ] {
            assert_eq!(checked(text), None, "{text}");
        }
    }
}
