//! Icelandic kennitala (lög nr. 140/2019 um skráningu einstaklinga; Þjóðskrá): `DDMMYY-NNCX`.
//!
//! C is a check digit modulo 11 over the first eight; X, the last digit, tells the century. A legal entity has 40 added
//! to the day of its registration. The system numbers of persons not in the register, which begin with 8 or 9, hold no
//! date and no check and are not judged here.

use jiff::civil::Date;

use super::calendar::{is_birth, two};
use super::digits::{Written, number, push, weighted};

/// What is added to an entity's day.
const ENTITY: u32 = 40;

/// Checks a person's number; the normal form is the ten digits.
pub(super) fn person(text: &str, today: Date, normal: &mut String) -> Option<&'static str> {
    check(text, 0, today, normal).then_some("kennitala")
}

/// Checks a legal entity's number; the normal form is the ten digits.
pub(super) fn entity(text: &str, today: Date, normal: &mut String) -> Option<&'static str> {
    check(text, ENTITY, today, normal).then_some("kennitala-entity")
}

fn check(text: &str, added: u32, today: Date, normal: &mut String) -> bool {
    let Some(digits) = Written::read(text).and_then(|written| written.exactly::<10>(6)) else { return false };
    let century = match digits[9] {
        8 => 1800,
        9 => 1900,
        0 => 2000,
        _ => return false,
    };
    let Some(day) = number(&digits[..2]).checked_sub(added) else { return false };
    let checks = weighted(&digits, &[3, 2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11);
    let passes = checks && is_birth(century + two(&digits[4..6]), number(&digits[2..4]), day, today);
    if passes {
        push(&digits, normal);
    }
    passes
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Date = jiff::civil::date(2026, 11, 21);

    fn checked(text: &str) -> Option<String> {
        let mut normal = String::new();
        person(text, TODAY, &mut normal).map(|_| normal)
    }

    #[test]
    fn published_examples_pass_in_all_forms() {
        // The example of the number's description, and the made-up persons of Ísland.is (from memory).
        for text in ["120174-3399", "1201743399", "120174 3399"] {
            assert_eq!(checked(text).as_deref(), Some("1201743399"), "{text}");
        }
        for text in ["010130-3019", "010130-2989", "010130-2399"] {
            assert!(checked(text).is_some(), "{text}");
        }
    }

    #[test]
    fn legal_entities_are_another_number() {
        // Reykjavíkurborg and Þjóðskrá, as on their own pages (from memory).
        for text in ["530269-7609", "650376-0649"] {
            assert_eq!(entity(text, TODAY, &mut String::new()), Some("kennitala-entity"), "{text}");
            assert_eq!(checked(text), None, "{text}");
        }
        assert_eq!(entity("120174-3399", TODAY, &mut String::new()), None);
    }

    #[test]
    fn other_numbers_are_refused() {
        for text in ["120174-3389", "120174-3395", "321374-3399", "12017-43399", "120174+3399", "0000000000", ""] {
            assert_eq!(checked(text), None, "{text}");
        }
    }
}
