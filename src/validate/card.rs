//! Payment card numbers (ISO/IEC 7812): the issuer's range with its lengths, and Luhn.

use super::digits::{is_dash, is_space, luhn, number, push};

/// Checks; the normal form is the digits.
pub(super) fn check(text: &str, normal: &mut String) -> Option<&'static str> {
    let mut digits = [0u8; 19];
    let mut length = 0;
    for character in text.chars() {
        if let Some(digit) = character.to_digit(10) {
            *digits.get_mut(length)? = u8::try_from(digit).ok()?;
            length += 1;
        } else if !is_space(character) && !is_dash(character) {
            return None;
        }
    }
    let digits = &digits[..length];
    let same = digits.iter().all(|digit| Some(digit) == digits.first());
    if length < 13 || same || !luhn(digits) {
        return None;
    }
    let issuer = issuer(number(&digits[..6]), length)?;
    push(digits, normal);
    Some(issuer)
}

/// The issuer by the first six digits, as the schemes publish their ranges.
const fn issuer(prefix: u32, length: usize) -> Option<&'static str> {
    Some(match (prefix, length) {
        (400_000..=499_999, 13 | 16 | 19) => "visa",
        (510_000..=559_999 | 222_100..=272_099, 16) => "mastercard",
        (340_000..=349_999 | 370_000..=379_999, 15) => "amex",
        (300_000..=305_999 | 309_500..=309_599 | 360_000..=369_999 | 380_000..=399_999, 14..=19) => "diners",
        (352_800..=358_999, 16..=19) => "jcb",
        (601_100..=601_199 | 644_000..=659_999, 16..=19) => "discover",
        (620_000..=629_999 | 810_000..=819_999, 16..=19) => "unionpay",
        (500_000..=509_999 | 560_000..=589_999 | 630_000..=639_999 | 670_000..=679_999, 13..=19) => "maestro",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(text: &str) -> Option<(&'static str, String)> {
        let mut normal = String::new();
        check(text, &mut normal).map(|kind| (kind, normal))
    }

    #[test]
    fn the_schemes_test_numbers_pass() {
        for (text, issuer) in [
            ("4111 1111 1111 1111", "visa"),
            ("4222222222222", "visa"),
            ("5555-5555-5555-4444", "mastercard"),
            ("2223 0031 2200 3222", "mastercard"),
            ("3782 822463 10005", "amex"),
            ("3056 9309 0259 04", "diners"),
            ("6011 1111 1111 1117", "discover"),
            ("3530111333300000", "jcb"),
            ("36227206271667", "diners"),
            ("6200 0000 0000 0005", "unionpay"),
            ("6759649826438453", "maestro"),
            ("6555 9000 0060 4105", "discover"),
        ] {
            let digits: String = text.chars().filter(char::is_ascii_digit).collect();
            assert_eq!(checked(text), Some((issuer, digits)), "{text}");
        }
    }

    #[test]
    fn other_numbers_are_refused() {
        for text in [
            "4111 1111 1111 1112",
            "0000 0000 0000 0000",
            "1234 5678 9012 3452",
            "4111 1111 1111",
            "41111111111111111111",
            "4111.1111.1111.1111",
            "",
        ] {
            assert_eq!(checked(text), None, "{text}");
        }
    }
}
