//! Personal numbers of which only the birth date is left: `640823-xxxx`, `19640823-****`. They tell of a person and
//! point at none, so that the kind [`MASKED`] is no identifier.

use jiff::civil::Date;

use super::calendar::{is_birth, latest_year, two};
use super::digits::{is_dash, is_space, number, push};

/// The kind of what points at nobody.
pub const MASKED: &str = "masked";

/// What stands for a hidden digit.
const fn is_mask(c: char) -> bool {
    matches!(c, 'x' | 'X' | '*' | '#' | '•' | '_' | '?')
}

/// Checks; the normal form is the date in eight digits and four stars.
pub(super) fn check(text: &str, today: Date, normal: &mut String) -> Option<&'static str> {
    let text = text.trim();
    let date = text.bytes().take_while(u8::is_ascii_digit).count();
    let hidden = text[date..].trim_start_matches(|c| is_dash(c) || is_space(c) || c == '+');
    let digits: Vec<u8> = text.bytes().take(date).map(|byte| byte - b'0').collect();
    if hidden.chars().count() != 4 || !hidden.chars().all(is_mask) {
        return None;
    }
    let (century, short) = match digits.len() {
        6 => (None, &digits[..]),
        8 => (Some(two(&digits) * 100), &digits[2..]),
        _ => return None,
    };
    let (month, written_day) = (number(&short[2..4]), number(&short[4..]));
    let day = if written_day > 60 { written_day - 60 } else { written_day };
    let year = match century {
        Some(century) => Some(century + two(short)).filter(|year| is_birth(*year, month, day, today))?,
        None => latest_year(two(short), today.year(), month, day, today)?,
    };
    normal.push_str(&year.to_string());
    push(&short[2..], normal);
    normal.push_str("****");
    Some(MASKED)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(text: &str) -> Option<String> {
        let mut normal = String::new();
        check(text, jiff::civil::date(2026, 11, 21), &mut normal).map(|_| normal)
    }

    #[test]
    fn the_date_is_left() {
        for text in ["640823-xxxx", "640823-XXXX", "19640823-****", "640823****", "640823 - ####", "640823–••••"]
        {
            assert_eq!(checked(text).as_deref(), Some("19640823****"), "{text}");
        }
        assert_eq!(checked("640883-xxxx").as_deref(), Some("19640883****"), "a samordningsnummer");
    }

    #[test]
    fn other_texts_are_refused() {
        for text in
            ["641323-xxxx", "640823-xxx", "640823-xxxxx", "640823-2392", "640823-x39x", "-xxxx", "20270101-xxxx", "å"]
        {
            assert_eq!(checked(text), None, "{text}");
        }
    }
}
