//! Reading digits out of written numbers, and the Luhn check that most of them carry.

/// A number as people write it: up to twelve digits and at most one separator group between them.
pub(super) struct Written {
    digits: [u8; 12],
    length: usize,
    /// How many digits stand before the separator.
    pub(super) split: Option<usize>,
    /// Whether the separator holds a plus sign.
    pub(super) plus: bool,
}

impl Written {
    /// Reads `text`; `None` if anything but ASCII digits and one separator (a dash of any kind or a plus, with white
    /// space around it, or white space alone) stands there, or more than twelve digits.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut written = Self { digits: [0; 12], length: 0, split: None, plus: false };
        let mut in_separator = false;
        let mut sign = false;
        for character in text.trim().chars() {
            if character.is_ascii_digit() {
                let slot = written.digits.get_mut(written.length)?;
                *slot = u8::try_from(u32::from(character) - u32::from('0')).ok()?;
                written.length += 1;
                in_separator = false;
                continue;
            }
            let is_sign = character == '+' || is_dash(character);
            if !is_sign && !is_space(character) || is_sign && sign || !in_separator && written.split.is_some() {
                return None;
            }
            in_separator = true;
            sign |= is_sign;
            written.plus |= character == '+';
            written.split = Some(written.length);
        }
        (!in_separator && written.split != Some(0)).then_some(written)
    }

    /// The digits as numbers 0 to 9.
    pub(super) fn digits(&self) -> &[u8] {
        &self.digits[..self.length]
    }

    /// The digits, if there are exactly `N` and a separator, if any, stands after the first `split`.
    pub(super) fn exactly<const N: usize>(&self, split: usize) -> Option<[u8; N]> {
        let fits = !self.plus && self.split.is_none_or(|place| place == split);
        self.digits().try_into().ok().filter(|_| fits)
    }
}

/// Spaces that stand inside written numbers; the no-break kinds come from word processors and web pages.
pub(super) const fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\u{a0}' | '\u{2007}' | '\u{2009}' | '\u{202f}')
}

/// Hyphens, dashes and the minus sign.
pub(super) const fn is_dash(character: char) -> bool {
    matches!(character, '-' | '\u{2010}'..='\u{2014}' | '\u{2212}')
}

/// The Luhn check (ISO/IEC 7812-1 annex B): from the right every second digit doubled, digit sums added, divisible
/// by ten.
pub(super) fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, &digit)| {
            let weighted = u32::from(digit) << (place % 2);
            if weighted > 9 { weighted - 9 } else { weighted }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// The digits, each times its weight, added up: what checks by a modulus divide.
pub(super) fn weighted(digits: &[u8], weights: &[u32]) -> u32 {
    digits.iter().zip(weights).map(|(&digit, weight)| u32::from(digit) * weight).sum()
}

/// The number that a few digits form.
pub(super) fn number(digits: &[u8]) -> u32 {
    digits.iter().fold(0, |number, &digit| number * 10 + u32::from(digit))
}

/// Appends digits as text.
pub(super) fn push(digits: &[u8], out: &mut String) {
    out.extend(digits.iter().map(|&digit| char::from(b'0' + digit)));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(Vec<u8>, Option<usize>)> {
        Written::read(text).map(|written| (written.digits().to_vec(), written.split))
    }

    #[test]
    fn one_separator_is_read_and_its_place_kept() {
        assert_eq!(read("12-34"), Some((vec![1, 2, 3, 4], Some(2))));
        assert_eq!(read("12\u{a0}–\u{a0}34"), Some((vec![1, 2, 3, 4], Some(2))));
        assert_eq!(read(" 1234 "), Some((vec![1, 2, 3, 4], None)));
        for refused in ["1-2-3", "1--2", "1+-2", "-12", "12-", "1a2", "1234567890123", "١٢٣"] {
            assert_eq!(read(refused), None, "{refused}");
        }
    }

    #[test]
    fn luhn_knows_the_published_example() {
        // The example with which the method is usually taught.
        assert!(luhn(&[7, 9, 9, 2, 7, 3, 9, 8, 7, 1, 3]));
        for wrong in [0, 1, 2, 4, 5, 6, 7, 8, 9] {
            assert!(!luhn(&[7, 9, 9, 2, 7, 3, 9, 8, 7, 1, wrong]));
        }
    }
}
