//! Digits that went through a column of floating point numbers or a spreadsheet: `196408232392.0`,
//! `1.96408232392e11`, `1,96408232392E+11`. Only whole numbers come back as digits.

/// More digits than any identifier of digits has.
const MOST: usize = 24;

/// The digits of a whole number written with a fraction or an exponent, as text; `None` where neither is there, a
/// digit was lost, or anything else stands in the text.
pub(super) fn whole_digits(text: &str) -> Option<String> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.strip_prefix('+').unwrap_or(exponent).parse().ok()?),
        None => (text, 0_usize),
    };
    let (whole, fraction) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, ""));
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let length = whole.len().checked_add(exponent).filter(|length| *length <= MOST)?;
    if mantissa.len() == text.len() && fraction.is_empty() || whole.is_empty() || !is_digits(whole) {
        return None;
    }
    let (kept, lost) = fraction.split_at_checked(exponent).unwrap_or((fraction, ""));
    if !is_digits(kept) || !lost.bytes().all(|byte| byte == b'0') {
        return None;
    }
    Some(format!("{whole}{kept:0<width$}", width = length - whole.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_come_back() {
        for (text, digits) in [
            ("196408232392.0", "196408232392"),
            ("196408232392,00", "196408232392"),
            ("1.96408232392e11", "196408232392"),
            ("1,96408232392E+11", "196408232392"),
            ("6.40823239e9", "6408232390"),
            ("6e9", "6000000000"),
        ] {
            assert_eq!(whole_digits(text).as_deref(), Some(digits), "{text}");
        }
    }

    #[test]
    fn what_is_no_whole_number_is_refused() {
        for text in [
            "0.6408232392",
            "640823.2392",
            "6408232392",
            "1.96408232392e10",
            "e9",
            ".5e1",
            "1e",
            "1e-3",
            "1e99",
            "å.0",
            "",
        ] {
            assert_eq!(whole_digits(text), None, "{text}");
        }
    }
}
