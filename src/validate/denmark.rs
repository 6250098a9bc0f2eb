//! Danish personnummer (CPR-loven § 3; CPR-kontoret, "Personnummeret i CPR"): `DDMMYY-SSSS`. Replacement numbers, which
//! hospitals and others give to who has none, have 60 added to the day (CPR-kontoret, "Erstatningspersonnummer i eksterne
//! systemer").
//!
//! The seventh digit and the year tell the century. Modulus 11 held for all numbers until 2007; some issued since then
//! do not have it, so it decides the kind and not whether the number passes.

use jiff::civil::Date;

use super::calendar::{is_birth, two};
use super::digits::{Written, number, push, weighted};

/// Checks; the normal form is the ten digits.
pub(super) fn check(text: &str, today: Date, normal: &mut String) -> Option<&'static str> {
    let digits: [u8; 10] = Written::read(text)?.exactly(6)?;
    let (written, month, in_century) = (number(&digits[..2]), number(&digits[2..4]), two(&digits[4..6]));
    let (day, replaced) = if written > 60 { (written - 60, true) } else { (written, false) };
    let year = year(in_century, digits[6]);
    if number(&digits[6..]) == 0 || !is_birth(year, month, day, today) {
        return None;
    }
    if replaced {
        push(&digits, normal);
        return Some("erstatningspersonnummer");
    }
    let holds = weighted(&digits, &[4, 3, 2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11);
    push(&digits, normal);
    Some(if holds { "cpr" } else { "cpr-no-modulus" })
}

/// The year of birth.
const fn year(in_century: i16, seventh: u8) -> i16 {
    in_century
        + match (seventh, in_century) {
            (4 | 9, 0..=36) | (5..=8, 0..=57) => 2000,
            (5..=8, _) => 1800,
            _ => 1900,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(text: &str) -> Option<(&'static str, String)> {
        let mut normal = String::new();
        check(text, jiff::civil::date(2026, 11, 21), &mut normal).map(|kind| (kind, normal))
    }

    #[test]
    fn published_examples_pass_in_all_forms() {
        // The worked example of "Personnummeret i CPR" (from memory).
        for text in ["070761-4285", "0707614285", "070761 4285", "070761–4285"] {
            assert_eq!(checked(text), Some(("cpr", "0707614285".to_owned())), "{text}");
        }
    }

    #[test]
    fn a_number_without_the_modulus_is_of_another_kind() {
        // The test person of Danish public IT (from memory).
        assert_eq!(checked("251248-9996").map(|(kind, _)| kind), Some("cpr-no-modulus"));
        assert_eq!(checked("070761-4286").map(|(kind, _)| kind), Some("cpr-no-modulus"));
    }

    #[test]
    fn a_replacement_number_has_sixty_added_to_its_day() {
        assert_eq!(checked("670761-4285"), Some(("erstatningspersonnummer", "6707614285".to_owned())));
        for text in ["600761-4285", "920761-4285", "910261-4285"] {
            assert_eq!(checked(text), None, "{text}");
        }
    }

    #[test]
    fn centuries_follow_the_seventh_digit() {
        for (in_century, seventh, expected) in [
            (99, 0, 1999),
            (0, 3, 1900),
            (36, 4, 2036),
            (37, 4, 1937),
            (57, 5, 2057),
            (58, 8, 1858),
            (36, 9, 2036),
            (37, 9, 1937),
        ] {
            assert_eq!(year(in_century, seventh), expected, "{in_century} {seventh}");
        }
        assert_eq!(checked("070727-4285"), None, "in the future");
    }

    #[test]
    fn other_numbers_are_refused() {
        for text in ["310261-4285", "071361-4285", "07076-14285", "070761-428", "070761+4285", "070761-0000", ""] {
            assert_eq!(checked(text), None, "{text}");
        }
    }
}
