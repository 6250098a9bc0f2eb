//! Estonian isikukood (rahvastikuregistri seadus § 39; EVS 585:2007): `GYYMMDDSSSC`.
//!
//! G tells sex and century: 1 and 2 the 1800s, 3 and 4 the 1900s, 5 and 6 the 2000s. C is a check digit modulo 11 in
//! two stages. Lithuania's asmens kodas has the same form, so that one is found as this.

use jiff::civil::Date;

use super::calendar::{is_birth, two};
use super::digits::{Written, number, push, weighted};

/// Checks; the normal form is the eleven digits.
pub(super) fn check(text: &str, today: Date, normal: &mut String) -> Option<&'static str> {
    let written = Written::read(text)?;
    let digits: [u8; 11] = written.exactly(0).filter(|_| written.split.is_none())?;
    let century = match digits[0] {
        1 | 2 => 1800,
        3 | 4 => 1900,
        5 | 6 => 2000,
        _ => return None,
    };
    let (month, day) = (number(&digits[3..5]), number(&digits[5..7]));
    if check_digit(&digits) != u32::from(digits[10]) || !is_birth(century + two(&digits[1..3]), month, day, today) {
        return None;
    }
    push(&digits, normal);
    Some("isikukood")
}

/// The remainder by the first weights; where that is no digit, by the second; where that is none, 0.
fn check_digit(digits: &[u8; 11]) -> u32 {
    let remainder = |weights: &[u32; 10]| weighted(digits, weights) % 11;
    let stages = [remainder(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 1]), remainder(&[3, 4, 5, 6, 7, 8, 9, 1, 2, 3])];
    stages.into_iter().find(|remainder| *remainder < 10).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(text: &str) -> Option<String> {
        let mut normal = String::new();
        check(text, jiff::civil::date(2026, 11, 21), &mut normal).map(|_| normal)
    }

    #[test]
    fn published_examples_pass() {
        // The example of the number's description, and test persons of SK ID Solutions' services (from memory).
        for text in ["37605030299", "60001019906", "30303039914", "40404049996", "50001029996"] {
            assert_eq!(checked(text).as_deref(), Some(text), "{text}");
        }
    }

    #[test]
    fn both_stages_of_the_check_are_used() {
        assert_eq!(check_digit(&[3, 7, 6, 0, 5, 0, 3, 0, 2, 9, 0]), 9);
        // The first stage gives 3 + 7 = 10, which is no digit; the second 9 + 9 = 18, the remainder 7.
        assert_eq!(check_digit(&[3, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0]), 7);
    }

    #[test]
    fn other_numbers_are_refused() {
        for text in ["37605030298", "97605030299", "37613030299", "3760503 0299", "376050302990", "", "00000000000"] {
            assert_eq!(checked(text), None, "{text}");
        }
    }
}
