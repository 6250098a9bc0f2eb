//! Swedish organisationsnummer (lag 1974:174; Skatteverket SKV 709) and the VAT number made of it.
//!
//! `NNNNNN-NNNC`, Luhn; the third digit is at least 2, so that no organisation looks like a person. In systems with
//! twelve digits `16` stands first. A sole trader's number is the owner's personnummer and is found as that.

use jiff::civil::Date;

use super::digits::{Written, luhn, push};
use super::personnummer;

/// Checks; the normal form is the ten digits.
pub(super) fn check(text: &str, normal: &mut String) -> Option<&'static str> {
    let written = Written::read(text)?;
    let digits = written.digits();
    if written.plus || written.split.is_some_and(|split| split + 4 != digits.len()) {
        return None;
    }
    let ten = match digits {
        [1, 6, rest @ ..] if rest.len() == 10 => rest,
        _ if digits.len() == 10 => digits,
        _ => return None,
    };
    // The first digit tells the legal form; 0 and 4 are given to none.
    if matches!(ten[0], 0 | 4) || ten[2] < 2 || !luhn(ten) {
        return None;
    }
    push(ten, normal);
    Some("organisationsnummer")
}

/// Checks a VAT number: `SE`, an organisationsnummer or a sole trader's personnummer in ten digits, `01`. The normal
/// form is the inner number's, so that one search finds both.
pub(super) fn check_vat(text: &str, today: Date, normal: &mut String) -> Option<&'static str> {
    let (country, rest) = text.trim().split_at_checked(2)?;
    if !country.eq_ignore_ascii_case("SE") {
        return None;
    }
    let inner = rest.strip_suffix("01")?.trim_matches([' ', '-', '\u{a0}']);
    if Written::read(inner)?.digits().len() != 10 {
        return None;
    }
    check(inner, normal)
        .map(|_| "organisation-vat")
        .or_else(|| personnummer::check(inner, today, normal).map(|_| "sole-trader-vat"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Date = jiff::civil::date(2026, 11, 21);

    fn checked(text: &str) -> Option<String> {
        let mut normal = String::new();
        check(text, &mut normal).map(|_| normal)
    }

    fn vat(text: &str) -> Option<(&'static str, String)> {
        let mut normal = String::new();
        check_vat(text, TODAY, &mut normal).map(|kind| (kind, normal))
    }

    #[test]
    fn published_numbers_pass_in_all_forms() {
        // Skatteverket and Region Stockholm, as on their own pages.
        for (written, normal) in [("202100-5448", "2021005448"), ("232100-0016", "2321000016")] {
            for text in [written.to_owned(), normal.to_owned(), format!("16{normal}"), format!("16{written}")] {
                assert_eq!(checked(&text).as_deref(), Some(normal), "{text}");
            }
        }
    }

    #[test]
    fn persons_and_wrong_digits_are_refused() {
        for text in ["202100-5449", "20210-05448", "202100+5448", "192021005448", "640823-2391", "", "0000000000"] {
            assert_eq!(checked(text), None, "{text}");
        }
    }

    #[test]
    fn a_vat_number_shows_the_number_inside() {
        assert_eq!(vat("SE202100544801"), Some(("organisation-vat", "2021005448".into())));
        assert_eq!(vat("se 202100-5448 01"), Some(("organisation-vat", "2021005448".into())));
        for text in ["SE202100544802", "SE202100544901", "NO202100544801", "SE16202100544801", "SE01", "å"] {
            assert_eq!(vat(text), None, "{text}");
        }
        let person = (0..10).find_map(|digit| vat(&format!("SE640823239{digit}01")));
        assert!(person.is_some_and(|(kind, normal)| kind == "sole-trader-vat" && normal.starts_with("19640823239")));
    }
}
