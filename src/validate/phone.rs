//! Phone numbers: those of a rule's country in any written form, others with their country code. Number plans are those
//! of the `rlibphonenumber` crate (libphonenumber's metadata).

use jiff::civil::Date;
use rlibphonenumber::{PhoneNumber, PhoneNumberFormat, Region};

use super::{birth_date, ip, organisation, personnummer};

/// ITU-T E.164 allows 15 digits; two more for `00` or `(0)`. The shortest Swedish numbers have eight with their zero.
const DIGITS: std::ops::RangeInclusive<usize> = 8..=17;

/// Checks; the normal form is E.164. `country` is an ISO 3166 code; of an unknown one only numbers with a country
/// code pass. With its plus a number is hardly anything else, so that its length is enough: regulators keep numbers for
/// fiction that no plan has in use.
pub(super) fn check(text: &str, country: &str, today: Date, normal: &mut String) -> Option<&'static str> {
    check_as(text, country, today, normal, |number| {
        number.is_valid() || (text.trim().starts_with('+') && number.is_possible_with_reason().is_ok())
    })
}

fn check_as(
    text: &str,
    country: &str,
    today: Date,
    normal: &mut String,
    is_phone: impl Fn(&PhoneNumber) -> bool,
) -> Option<&'static str> {
    let text = text.trim();
    if !has_shape(text, country) || is_something_else(text, today, normal) {
        return None;
    }
    // "+46 (0)70" and "0046" are what people write; the parser knows the first form and takes "00" from the region.
    let number = PhoneNumber::parse(text, country.parse::<Region>().ok()).ok()?;
    if !is_phone(&number) {
        return None;
    }
    normal.push_str(&number.format_as(PhoneNumberFormat::E164));
    Some("")
}

/// Checks a number that a machine wrote: with its country code and no plus (`46701740605`), or in a column of numbers that
/// lost its zero (`701740605`). The normal form is E.164.
pub(super) fn check_bare(text: &str, country: &str, today: Date, normal: &mut String) -> Option<&'static str> {
    // What a spreadsheet makes of a number.
    let text = text.strip_suffix(".0").unwrap_or(text);
    if !text.bytes().all(|byte| byte.is_ascii_digit()) || text.starts_with('0') {
        return None;
    }
    // Valid only with one of both before it.
    let with = |first: &str| format!("{first}{text}");
    let mut valid = |text: &str| check_as(text, country, today, normal, PhoneNumber::is_valid);
    valid(&with("+")).or_else(|| valid(&with("0")))
}

/// The cheap part: as many digits as a number can have, nothing but them and what separates them. Swedish numbers
/// without their 0 are any digits; in other countries the rule's pattern knows how numbers begin.
fn has_shape(text: &str, country: &str) -> bool {
    let mut digits = 0;
    for (place, character) in text.char_indices() {
        let fits = match character {
            '0'..='9' => {
                digits += 1;
                true
            }
            '+' => place == 0,
            '(' | ')' | '/' | '.' => true,
            _ => super::digits::is_space(character) || super::digits::is_dash(character),
        };
        if !fits {
            return false;
        }
    }
    let begins = country != "SE" || text.starts_with(['0', '+', '(']);
    begins && DIGITS.contains(&digits) && !is_amount(text)
}

/// Whether two decimals stand after the text's only point: an amount, with or without spaces between thousands.
fn is_amount(text: &str) -> bool {
    let Some((whole, decimals)) = text.split_once('.') else { return false };
    let plain = |c: char| c.is_ascii_digit() || super::digits::is_space(c);
    decimals.len() <= 2 && whole.trim_start_matches('+').chars().all(plain)
}

/// Whether the text is a better personnummer, organisationsnummer, date or address of a machine. Grouped as a phone
/// number (`070-174 06 05`) it is none of them: they have at most one separator, before the last four digits. Ten
/// digits without any can be both a phone number and a personnummer of 2001 to 2009; the words around it or the column must
/// tell.
fn is_something_else(text: &str, today: Date, scratch: &mut String) -> bool {
    let length = scratch.len();
    let compact = text.bytes().all(|byte| byte.is_ascii_digit());
    let other = !compact && personnummer::check(text, today, scratch).is_some()
        || organisation::check(text, scratch).is_some()
        || birth_date::check(text, today, scratch).is_some()
        || ip::check(text, scratch).is_some();
    scratch.truncate(length);
    other
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked_in(country: &str, text: &str) -> Option<String> {
        let mut normal = String::new();
        check(text, country, jiff::civil::date(2026, 11, 21), &mut normal).map(|_| normal)
    }

    fn checked(text: &str) -> Option<String> {
        checked_in("SE", text)
    }

    #[test]
    fn a_machine_writes_neither_plus_nor_zero() {
        let bare = |text: &str| {
            let mut normal = String::new();
            check_bare(text, "SE", jiff::civil::date(2026, 11, 21), &mut normal).map(|_| normal)
        };
        for text in ["46701740605", "701740605"] {
            assert_eq!(bare(text).as_deref(), Some("+46701740605"), "{text}");
        }
        for text in ["0701740605", "+46701740605", "70174", "46000000000", "701-740605", ""] {
            assert_eq!(bare(text), None, "{text}");
        }
    }

    #[test]
    fn written_forms_of_a_mobile_number_are_one() {
        for text in [
            "070-174 06 05",
            "070-1740605",
            "0701740605",
            "070 174 06 05",
            "070\u{a0}174\u{a0}06\u{a0}05",
            "070/174 06 05",
            "(070) 174 06 05",
            "+46 70 174 06 05",
            "+46701740605",
            "+46 (0)70-174 06 05",
            "+46(0)701740605",
            "0046 70 174 06 05",
            "0046701740605",
        ] {
            assert_eq!(checked(text).as_deref(), Some("+46701740605"), "{text}");
        }
    }

    #[test]
    fn fixed_lines_of_all_area_lengths_pass() {
        for (text, normal) in [
            ("08-465 004 00", "+46846500400"),
            ("08-46500400", "+46846500400"),
            ("031-390 06 00", "+46313900600"),
            ("040-628 04 00", "+46406280400"),
            ("0980-319 200", "+46980319200"),
            ("0980-31 92 00", "+46980319200"),
        ] {
            assert_eq!(checked(text).as_deref(), Some(normal), "{text}");
        }
    }

    #[test]
    fn foreign_numbers_need_their_country_code() {
        // Numbers that Ofcom and the North American plan keep for fiction.
        assert_eq!(checked("+44 20 7946 0958").as_deref(), Some("+442079460958"));
        assert_eq!(checked("+1 202-555-0143").as_deref(), Some("+12025550143"));
        assert_eq!(checked("202-555-0143"), None);
    }

    #[test]
    fn a_rules_country_reads_its_own_numbers() {
        // Numbers that the Bundesnetzagentur and Ofcom keep for fiction.
        assert_eq!(checked_in("DE", "030 23125 000").as_deref(), Some("+493023125000"));
        assert_eq!(checked_in("GB", "020 7946 0958").as_deref(), Some("+442079460958"));
        assert_eq!(checked_in("SE", "020 7946 0958"), None, "too long for a Swedish number");
        assert_eq!(checked_in("ZZ", "020 7946 0958"), None);
        assert_eq!(checked_in("ZZ", "+44 20 7946 0958").as_deref(), Some("+442079460958"));
    }

    #[test]
    fn other_numbers_are_refused() {
        for text in ["0850 123 456.00", "+8 465 004 00.5", "10.0.128.200"] {
            assert_eq!(checked(text), None, "{text}");
        }
        for text in
            ["01-02-2003", "2024-01-31", "00000000", "0701", "112", "070174060512345678", "070-174 06 0a", "", "+"]
        {
            assert_eq!(checked(text), None, "{text}");
        }
    }

    #[test]
    fn a_mobile_number_may_be_a_personal_number_too() {
        // A compact test-series personnummer of somebody born in 2007 also has a mobile number's shape.
        let is_personal =
            |text: &String| personnummer::check(text, jiff::civil::date(2026, 11, 21), &mut String::new()).is_some();
        let both = (0..10).map(|digit| format!("070112238{digit}")).find(is_personal).expect("one check digit fits");
        assert_eq!(checked(&both), Some(format!("+46{}", &both[1..])));
        assert_eq!(checked(&format!("{}-{}", &both[..6], &both[6..])), None, "written as a personal number");
    }
}
