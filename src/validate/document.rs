//! Numbers on identity documents. They carry no check digit: words beside them or the column must say what they are.

use jiff::civil::Date;

use super::digits::{Written, number, push};
use super::personnummer;

/// Checks a Swedish passport's or id card's number: nine letters and digits since 2022-01-01, eight digits before; the
/// normal form is in capitals. Dates are none.
pub(super) fn passport(text: &str, normal: &mut String) -> Option<&'static str> {
    let text = text.trim();
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let kind = match text.len() {
        8 if digits == 8 => "passport-2021",
        // Words of nine letters and numbers of nine digits are more often something else.
        9 if (3..=8).contains(&digits) && text.bytes().all(|byte| byte.is_ascii_alphanumeric()) => "passport-2022",
        _ => return None,
    };
    if digits == 8 && is_date(text) {
        return None;
    }
    normal.extend(text.chars().map(|character| character.to_ascii_uppercase()));
    Some(kind)
}

/// Whether eight digits are a day of this century or the last: a passport's number stands beside the days on which it
/// was issued and runs out.
fn is_date(text: &str) -> bool {
    let compact = jiff::fmt::strtime::parse("%Y%m%d", text).and_then(|parsed| parsed.to_date());
    compact.is_ok_and(|date| (1900..2100).contains(&date.year()))
}

/// Checks a Swedish driving licence's reference number, `NNNNNN-NNNN`; the normal form is the ten digits. A personal
/// number has the same form, is printed on the same card, and is found as that.
pub(super) fn driving_licence(text: &str, today: Date, normal: &mut String) -> Option<&'static str> {
    let digits: [u8; 10] = Written::read(text)?.exactly(6)?;
    let before = normal.len();
    if personnummer::check(text, today, normal).is_some() {
        normal.truncate(before);
        return None;
    }
    if number(&digits[..6]) == 0 {
        return None;
    }
    push(&digits, normal);
    Some("driving-licence")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Date = jiff::civil::date(2026, 11, 21);

    #[test]
    fn passports_of_both_series_pass() {
        let checked = |text: &str| {
            let mut normal = String::new();
            passport(text, &mut normal).map(|kind| (kind, normal))
        };
        assert_eq!(checked("91234567"), Some(("passport-2021", "91234567".into())));
        assert_eq!(checked(" aa1234567 "), Some(("passport-2022", "AA1234567".into())));
        for text in ["20010203", "20270131", "9123456", "123456789", "PASSPORTS", "AA-123456", "åa123456", ""] {
            assert_eq!(checked(text), None, "{text}");
        }
    }

    #[test]
    fn a_driving_licence_is_no_personal_number() {
        let checked = |text: &str| {
            let mut normal = String::new();
            driving_licence(text, TODAY, &mut normal).map(|kind| (kind, normal))
        };
        assert_eq!(checked("999123-4567"), Some(("driving-licence", "9991234567".into())));
        for text in ["640823-2392", "99912-34567", "999123-456", "000000-1234", ""] {
            assert_eq!(checked(text), None, "{text}");
        }
    }
}
