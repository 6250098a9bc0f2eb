//! Numbers as each language writes them: `1 234,5` and `1,234.5`. Spaces inside a number never break a line.

use super::Lang;

/// What groups digits in Swedish and stands before its units (CLDR, sv: U+00A0).
const SPACE: char = '\u{a0}';

/// A count with grouped digits.
pub(super) fn count(number: u64, lang: Lang) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(lang.choose(SPACE, ','));
        }
        grouped.push(digit);
    }
    grouped
}

/// A number between 0 and 1 with two decimals, rounded down: what is not certain never reads 1.
pub(super) fn probability(number: f64, lang: Lang) -> String {
    // The small addition keeps 0.29 at 0.29, which is a little less in binary.
    let hundredths = (number * 100.0 + 1e-9).floor() / 100.0;
    decimal(&format!("{hundredths:.2}"), lang)
}

/// A share in per cent, with more decimals the smaller it is.
pub(super) fn percent(share: f64, lang: Lang) -> String {
    let percent = share * 100.0;
    if percent > 0.0 && percent < 0.001 {
        return lang.choose(format!("mindre än 0,001{SPACE}%"), "less than 0.001%".to_owned());
    }
    let plain = match percent {
        p if p < 0.01 => format!("{p:.3}"),
        p if p < 0.1 => format!("{p:.2}"),
        p => format!("{p:.1}"),
    };
    let trimmed = if plain.contains('.') { plain.trim_end_matches('0').trim_end_matches('.') } else { &plain };
    let number = decimal(trimmed, lang);
    lang.choose(format!("{number}{SPACE}%"), format!("{number}%"))
}

/// An amount of data in a unit of 1000s.
pub(super) fn bytes(bytes: u64, lang: Lang) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    if bytes < 1000 {
        return format!("{bytes}{SPACE}{}", lang.choose("byte", "bytes"));
    }
    let mut amount = bytes as f64 / 1000.0;
    let mut unit = 0;
    while amount >= 999.95 && unit + 1 < UNITS.len() {
        amount /= 1000.0;
        unit += 1;
    }
    format!("{}{SPACE}{}", decimal(&format!("{amount:.1}"), lang), UNITS[unit])
}

/// A duration in seconds, to a tenth.
pub(super) fn seconds(seconds: f64, lang: Lang) -> String {
    format!("{}{SPACE}s", decimal(&format!("{seconds:.1}"), lang))
}

fn decimal(plain: &str, lang: Lang) -> String {
    lang.choose(plain.replace('.', ","), plain.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped_by_three() {
        for (number, sv, en) in [
            (0, "0", "0"),
            (999, "999", "999"),
            (1200, "1\u{a0}200", "1,200"),
            (1_234_567, "1\u{a0}234\u{a0}567", "1,234,567"),
        ] {
            assert_eq!((count(number, Lang::Sv), count(number, Lang::En)), (sv.to_owned(), en.to_owned()));
        }
    }

    #[test]
    fn a_probability_below_one_never_reads_one() {
        for (number, sv) in [(0.999, "0,99"), (1.0, "1,00"), (0.29, "0,29"), (0.5, "0,50")] {
            assert_eq!(probability(number, Lang::Sv), sv);
        }
    }

    #[test]
    fn small_shares_keep_their_digits() {
        for (share, en) in
            [(0.0, "0%"), (0.007, "0.7%"), (0.1, "10%"), (1.0, "100%"), (0.0001, "0.01%"), (1e-7, "less than 0.001%")]
        {
            assert_eq!(percent(share, Lang::En), en);
        }
        assert_eq!(percent(0.007, Lang::Sv), "0,7\u{a0}%");
    }

    #[test]
    fn amounts_have_a_readable_unit() {
        for (amount, en) in [(0, "0 bytes"), (1000, "1.0 kB"), (999_960, "1.0 MB"), (3_400_000, "3.4 MB")] {
            assert_eq!(bytes(amount, Lang::En), en.replace(' ', "\u{a0}"));
        }
    }
}
