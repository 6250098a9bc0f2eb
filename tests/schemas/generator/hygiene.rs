//! Numbers that would by chance be somebody's personal number are moved into the test series.
//!
//! Order numbers, references, hashes and times pass date and check digit now and then; that is wanted, since a scanner must
//! cope with it, but only with numbers that nobody has.

use super::contact::FICTION;
use super::numbers::{TEST_SERIES, luhn};

/// The text with each such number moved, or nothing if there is none.
pub(super) fn tame(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut out: Option<Vec<u8>> = None;
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let end = run_end(bytes, at);
        for positions in readings(bytes, at, end) {
            let source = out.as_deref().unwrap_or(bytes);
            let digits: String = positions.iter().map(|&place| char::from(source[place])).collect();
            if !passes(&digits) || FICTION.iter().any(|(area, start, ..)| digits.starts_with(&format!("{area}{start}")))
            {
                continue;
            }
            let moved = format!("{}238", &digits[..6]);
            let moved = format!("{moved}{}", luhn(&moved));
            let changed = out.get_or_insert_with(|| bytes.to_vec());
            for (&place, digit) in positions.iter().zip(moved.bytes()) {
                changed[place] = digit;
            }
        }
        at = end;
    }
    out.map(|bytes| String::from_utf8(bytes).expect("digits stand for digits"))
}

fn run_end(bytes: &[u8], start: usize) -> usize {
    bytes[start..].iter().position(|byte| !byte.is_ascii_digit()).map_or(bytes.len(), |length| start + length)
}

/// The places of ten digits (without the century) in the run of digits, or in it and the next one after a sign.
fn readings(bytes: &[u8], start: usize, end: usize) -> Vec<Vec<usize>> {
    let mut readings = Vec::new();
    let mut push = |head: std::ops::Range<usize>, tail: std::ops::Range<usize>| {
        let all: Vec<usize> = head.chain(tail).collect();
        let century: String = all[..all.len() - 10].iter().map(|&at| char::from(bytes[at])).collect();
        if all.len() == 10 || matches!(century.as_str(), "18" | "19" | "20") {
            readings.push(all[all.len() - 10..].to_vec());
        }
    };
    if matches!(end - start, 10 | 12) {
        push(start..end, end..end);
    }
    if matches!(end - start, 6 | 8) && matches!(bytes.get(end), Some(b'-' | b'+' | b' ')) {
        let tail = run_end(bytes, end + 1);
        if tail - (end + 1) == 4 {
            push(start..end, end + 1..tail);
        }
    }
    readings
}

/// Whether ten digits could be the personal or coordination number of somebody: a date, the check digit, not of the test series.
fn passes(digits: &str) -> bool {
    let number = |from: usize, to: usize| digits[from..to].parse::<i8>().expect("two digits");
    let (month, day) = (number(2, 4), number(4, 6));
    let day = if day > 60 { day - 60 } else { day };
    // 2000 is a leap year, so the 29th of February always counts.
    let date = jiff::civil::Date::new(2000, month, day).is_ok();
    date && !TEST_SERIES.contains(&&digits[6..9]) && digits.ends_with(luhn(&digits[..9]))
}
