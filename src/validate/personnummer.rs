//! Swedish personnummer and samordningsnummer (folkbokföringslagen 1991:481, section 18; Skatteverket SKV 704).
//!
//! `YYMMDD-NNNC` or `YYYYMMDD-NNNC`, the separator optional, `+` in place of `-` from the year in which the person
//! turns 100. C is a Luhn digit over the ten-digit form. A samordningsnummer has 60 added to the day.

use jiff::civil::Date;

use super::digits::{Written, luhn, number, push};

/// The oldest century written out in registers.
const FIRST_YEAR: i16 = 1800;

/// Checks; the normal form is the twelve digits.
pub(super) fn check(text: &str, today: Date, normal: &mut String) -> Option<&'static str> {
    let written = Written::read(text)?;
    let digits = written.digits();
    if written.split.is_some_and(|split| split + 4 != digits.len()) {
        return None;
    }
    let (century, short) = match digits.len() {
        10 => (None, digits),
        12 => (Some(year(&digits[..2]) * 100), &digits[2..]),
        _ => return None,
    };
    // Serial numbers run from 001; the cheap checks stand before the calendar.
    if !luhn(short) || short[6..9] == [0, 0, 0] {
        return None;
    }
    let (month, written_day) = (number(&short[2..4]), number(&short[4..6]));
    let coordination = written_day > 60;
    let day = if coordination { written_day - 60 } else { written_day };
    let in_century = year(&short[..2]);
    let year = match century {
        Some(century) => valid_year(century + in_century, month, day, today)?,
        None => century_of(in_century, written.plus, month, day, today)?,
    };

    push(&[digit(year / 1000), digit(year / 100 % 10)], normal);
    push(short, normal);
    Some(match (coordination, is_test(number(&short[6..9]))) {
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

/// The full year of a number without its century: with a plus the latest one that makes the person 100 this year or
/// earlier, else the latest one that does not lie in the future.
fn century_of(in_century: i16, plus: bool, month: u32, day: u32, today: Date) -> Option<i16> {
    let this_century = today.year() / 100 * 100;
    (0..=2).map(|back| this_century - 100 * back + in_century).find_map(|year| {
        let fits = !plus || year <= today.year() - 100;
        fits.then(|| valid_year(year, month, day, today)).flatten()
    })
}

/// The year, if the date exists and has come.
fn valid_year(year: i16, month: u32, day: u32, today: Date) -> Option<i16> {
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    (year >= FIRST_YEAR && date <= today).then_some(year)
}

fn year(two_digits: &[u8]) -> i16 {
    i16::from(two_digits[0]) * 10 + i16::from(two_digits[1])
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
    fn random_digits_pass_at_the_known_rate() {
        // Computed in the project's facts on identifiers: 0.70 % of random ten-digit numbers for days 1 to 31; a
        // samordningsnummer's days add as many again.
        let (mut days, mut all) = (0u32, 0u32);
        let mut normal = String::new();
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        for _ in 0..200_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let text = format!("{:010}", (state >> 16) % 10_000_000_000);
            normal.clear();
            if let Some(kind) = check(&text, TODAY, &mut normal) {
                all += 1;
                days += u32::from(kind.starts_with("personnummer"));
            }
        }
        let percent = |count: u32| f64::from(count) / 2_000.0;
        // 365.25 days of 10,000 four-digit endings, a tenth with the right check digit: 0.365 % for each kind.
        assert!((percent(days) - 0.365).abs() < 0.05, "{}", percent(days));
        assert!((percent(all) - 0.73).abs() < 0.07, "{}", percent(all));
    }
}
