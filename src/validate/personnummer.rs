//! Swedish personnummer and samordningsnummer (folkbokföringslagen 1991:481, section 18; lag 2022:1697 om
//! samordningsnummer; Skatteverket SKV 704).
//!
//! `YYMMDD-NNNC` or `YYYYMMDD-NNNC`, the separator optional, `+` in place of `-` from the year in which the person
//! turns 100. C is a Luhn digit over the ten-digit form. A samordningsnummer has 60 added to the day. What columns of
//! numbers and of fixed width make of them is read too: `196408232392.0`, `00196408232392`.

use jiff::civil::Date;

use super::calendar::{is_birth, latest_year, two};
use super::digits::{Written, luhn, number, push};
use super::float::whole_digits;

/// Checks; the normal form is the twelve digits.
pub(super) fn check(text: &str, today: Date, normal: &mut String) -> Option<&'static str> {
    let text = text.trim();
    let from_number = whole_digits(text);
    let written = Written::read(without_padding(from_number.as_deref().unwrap_or(text)))?;
    let digits = written.digits();
    if written.split.is_some_and(|split| split + 4 != digits.len()) {
        return None;
    }
    let (century, short) = match digits {
        // Ten digits filled up to twelve.
        [0, 0, short @ ..] if short.len() == 10 => (None, short),
        [_, _, short @ ..] if short.len() == 10 => (Some(two(digits) * 100), short),
        short if short.len() == 10 => (None, short),
        _ => return None,
    };
    judge(century, short, written.plus, today, normal)
}

/// Checks a number that lost leading zeros in a column of numbers: seven to nine digits of somebody born in 2000 to
/// 2009. A number with all its digits passes as by [`check`].
pub(super) fn short(text: &str, today: Date, normal: &mut String) -> Option<&'static str> {
    let from_number = whole_digits(text.trim());
    let written = Written::read(from_number.as_deref().unwrap_or(text))?;
    let kept = written.digits();
    if !(7..=9).contains(&kept.len()) || kept[0] == 0 || written.split.is_some() {
        return check(text, today, normal);
    }
    let mut digits = [0; 10];
    digits[10 - kept.len()..].copy_from_slice(kept);
    judge(Some(2000), &digits, false, today, normal)
}

/// Without the zeros by which a field of fixed width is filled up beyond twelve digits.
fn without_padding(text: &str) -> &str {
    let count = text.bytes().filter(u8::is_ascii_digit).count();
    let zeros = text.bytes().take_while(|byte| *byte == b'0').count();
    &text[zeros.min(count.saturating_sub(12))..]
}

/// Judges the ten digits of a number of this century, or of the latest that fits.
fn judge(century: Option<i16>, ten: &[u8], plus: bool, today: Date, normal: &mut String) -> Option<&'static str> {
    // Serial numbers run from 001; the cheap checks stand before the calendar.
    if !luhn(ten) || ten[6..9] == [0, 0, 0] {
        return None;
    }
    let (month, written_day) = (number(&ten[2..4]), number(&ten[4..6]));
    let coordination = written_day > 60;
    let day = if coordination { written_day - 60 } else { written_day };
    let year = match century {
        Some(century) => Some(century + two(ten)).filter(|year| is_birth(*year, month, day, today))?,
        // With a plus the person turns 100 this year or has done so.
        None => latest_year(two(ten), if plus { today.year() - 100 } else { today.year() }, month, day, today)?,
    };
    push(&[digit(year / 1000), digit(year / 100 % 10)], normal);
    push(ten, normal);
    Some(match (coordination, is_test(number(&ten[6..9]))) {
        (false, false) => "personnummer",
        (false, true) => "personnummer-test",
        (true, false) => "samordningsnummer",
        (true, true) => "samordningsnummer-test",
    })
}

/// Serial numbers that Skatteverket has set aside for tests and gives to nobody.
const fn is_test(serial: u32) -> bool {
    matches!(serial, 238 | 239 | 920..=929 | 980..=983)
}

fn digit(number: i16) -> u8 {
    u8::try_from(number).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    const TODAY: Date = date(2026, 11, 21);

    fn checked(text: &str) -> Option<(&'static str, String)> {
        let mut normal = String::new();
        check(text, TODAY, &mut normal).map(|kind| (kind, normal))
    }

    /// A number of the test series with its check digit.
    fn with_check_digit(nine: &str) -> String {
        (0..10)
            .map(|digit| format!("{nine}{digit}"))
            .find(|ten| luhn(&ten.bytes().map(|byte| byte - b'0').collect::<Vec<_>>()))
            .expect("one of ten digits fits")
    }

    #[test]
    fn every_written_form_has_one_normal_form() {
        let ten = with_check_digit("640823239");
        let (date, serial) = ten.split_at(6);
        let normal = Some(("personnummer-test", format!("19{ten}")));
        for century in ["", "19"] {
            for separator in ["", "-", " ", "\u{a0}", " - ", "–", "\u{2212}", "\u{2011}"] {
                let text = format!("{century}{date}{separator}{serial}");
                assert_eq!(checked(&text), normal, "{text}");
            }
        }
    }

    #[test]
    fn a_coordination_number_keeps_its_day() {
        let ten = with_check_digit("640883239");
        assert_eq!(checked(&ten), Some(("samordningsnummer-test", format!("19{ten}"))));
        assert_eq!(checked(&with_check_digit("640892239")), None, "day 32");
        assert_eq!(checked(&with_check_digit("640860239")), None, "day 0");
    }

    #[test]
    fn the_century_follows_sign_and_today() {
        let year = |text: String| checked(&text).map(|(_, normal)| normal[..4].to_owned());
        let young = with_check_digit("261120238");
        let (date, serial) = young.split_at(6);
        assert_eq!(year(format!("{date}-{serial}")).as_deref(), Some("2026"), "born yesterday");
        assert_eq!(year(format!("{date}+{serial}")).as_deref(), Some("1926"), "turns 100 this year");
        let tomorrow = with_check_digit("261122238");
        assert_eq!(year(tomorrow).as_deref(), Some("1926"), "not in the future");
        let old = with_check_digit("270101238");
        let (date, serial) = old.split_at(6);
        assert_eq!(year(format!("{date}-{serial}")).as_deref(), Some("1927"));
        assert_eq!(year(format!("{date}+{serial}")).as_deref(), Some("1827"));
        assert_eq!(checked(&format!("20{old}")), None, "2027 lies in the future");
        let leap = with_check_digit("000229238");
        assert_eq!(year(leap.clone()).as_deref(), Some("2000"));
        assert_eq!(checked(&format!("19{leap}")), None, "1900 had no leap day");
    }

    #[test]
    fn other_shapes_are_refused() {
        let ten = with_check_digit("640823239");
        let wrong_check = format!("{}{}", &ten[..9], (ten.as_bytes()[9] - b'0' + 1) % 10);
        let serial_zero = with_check_digit("640823000");
        for text in [
            wrong_check.as_str(),
            serial_zero.as_str(),
            &format!("{}-{}", &ten[..5], &ten[5..]),
            &format!("{}-{}-{}", &ten[..2], &ten[2..6], &ten[6..]),
            &ten[..9],
            &format!("7{ten}"),
            "",
            "-",
        ] {
            assert_eq!(checked(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_date_of_the_last_century_passes_in_all_forms(days in 0i32..36_000, serial in 980u32..984) {
            let born = TODAY.saturating_sub(jiff::Span::new().days(days));
            let ten = with_check_digit(&format!("{}{serial}", born.strftime("%y%m%d")));
            let twelve = format!("{}{}", &born.strftime("%Y").to_string()[..2], ten);
            let expected = Some(("personnummer-test", twelve.clone()));
            prop_assert_eq!(checked(&ten), expected.clone());
            prop_assert_eq!(checked(&twelve), expected.clone());
            prop_assert_eq!(checked(&format!("{}-{}", &twelve[..8], &twelve[8..])), expected);
        }
    }

    #[test]
    fn what_columns_of_numbers_and_fixed_width_make_of_it_is_read() {
        let normal = Some(("personnummer-test", "196408232392".to_owned()));
        for text in [
            "196408232392.0",
            "6408232392.0",
            "1.96408232392e11",
            "1,96408232392E+11",
            "00196408232392",
            "006408232392",
            "0000006408232392",
            "00640823-2392",
            "  6408232392   ",
        ] {
            assert_eq!(checked(text), normal, "{text}");
        }
        for text in ["0.6408232392", "640823.2392", "6408232392.5", "10196408232392", "00196408232393"] {
            assert_eq!(checked(text), None, "{text}");
        }
    }

    #[test]
    fn leading_zeros_lost_in_a_number_come_back() {
        let short = |text: &str| {
            let mut normal = String::new();
            short(text, TODAY, &mut normal).map(|kind| (kind, normal))
        };
        for (text, normal) in [
            ("508232386", "200508232386"),
            ("508232386.0", "200508232386"),
            ("11232386", "200011232386"),
            ("8232381", "200008232381"),
            ("640823-2392", "196408232392"),
        ] {
            assert_eq!(short(text), Some(("personnummer-test", normal.to_owned())), "{text}");
        }
        for text in ["508232387", "0508232385", "508-232386", "823238", "20010203", "701740605"] {
            assert_eq!(short(text), None, "{text}");
        }
    }
}
