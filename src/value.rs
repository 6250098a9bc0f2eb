//! A cell's value and a row's key, outside any database. Both are personal data: they never print themselves.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

/// One cell as the database holds it.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub enum Value {
    /// SQL NULL.
    Null,
    /// A whole number.
    Integer(i64),
    /// A floating-point number.
    Real(f64),
    /// Text, as bytes: a SQLite text may be invalid UTF-8.
    Text(Vec<u8>),
    /// Bytes.
    Blob(Vec<u8>),
}

impl Value {
    /// Text from a string.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into().into_bytes())
    }

    /// What the value reads as, NULL as the empty text. Invalid UTF-8 is read as Windows-1252.
    pub fn as_text(&self) -> Cow<'_, str> {
        match self {
            Self::Null => Cow::Borrowed(""),
            Self::Integer(number) => Cow::Owned(number.to_string()),
            Self::Real(number) => Cow::Owned(real_text(*number)),
            Self::Text(bytes) | Self::Blob(bytes) => crate::cells::decode(bytes),
        }
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Integer(_) => f.write_str("<integer>"),
            Self::Real(_) => f.write_str("<real>"),
            Self::Text(bytes) => write!(f, "<text, {} bytes>", bytes.len()),
            Self::Blob(bytes) => write!(f, "<blob, {} bytes>", bytes.len()),
        }
    }
}

/// A float as people would write it: whole numbers without a fraction (a personal number that went through a
/// spreadsheet is such a float).
pub fn real_text(number: f64) -> String {
    // Display of f64 never uses an exponent and prints a whole number without ".0".
    format!("{number}")
}

/// The values of a row's key columns, in the key's order.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct RowKey(pub Vec<Value>);

impl fmt::Debug for RowKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<key of {} values>", self.0.len())
    }
}

impl RowKey {
    /// Appends the key in a compact form that [`RowKey::decode`] reads back: per value a tag and its bytes.
    /// Equal keys have equal bytes, so the encoded form also serves to compare and sort.
    pub fn encode(&self, out: &mut Vec<u8>) {
        for value in &self.0 {
            encode_value(value, out);
        }
    }

    /// The encoded form on its own.
    pub fn encoded(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.encode(&mut out);
        out
    }

    /// Reads an encoded key; `None` if the bytes are no key.
    pub fn decode(mut bytes: &[u8]) -> Option<Self> {
        let mut values = Vec::new();
        while !bytes.is_empty() {
            values.push(decode_value(&mut bytes)?);
        }
        Some(Self(values))
    }
}

const NULL: u8 = 0;
const INTEGER: u8 = 1;
const REAL: u8 = 2;
/// Tag of a text in an encoded key, for [`encode_bytes`].
pub const TEXT: u8 = 3;
/// Tag of a blob in an encoded key, for [`encode_bytes`].
pub const BLOB: u8 = 4;

/// Appends one value of a key: tag, then a shortened big-endian number or a length and bytes.
pub fn encode_value(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Null => out.push(NULL),
        Value::Integer(number) => encode_integer(*number, out),
        Value::Real(number) => encode_real(*number, out),
        Value::Text(bytes) => encode_bytes(TEXT, bytes, out),
        Value::Blob(bytes) => encode_bytes(BLOB, bytes, out),
    }
}

/// Appends an integer key value without building a [`Value`]: most tables have such a key.
pub fn encode_integer(number: i64, out: &mut Vec<u8>) {
    let bytes = number.to_be_bytes();
    let fill = if number < 0 { 0xff } else { 0 };
    // Drop leading sign bytes, but keep the sign readable from the first byte that stays.
    let mut skip = 0;
    while skip < 7 && bytes[skip] == fill && (bytes[skip + 1] ^ fill) & 0x80 == 0 {
        skip += 1;
    }
    // The tag's high bits carry the number of bytes, 1 to 8.
    let length = u8::try_from(8 - skip).expect("between 1 and 8");
    out.push(INTEGER | (length << 4));
    out.extend_from_slice(&bytes[skip..]);
}

/// Appends a float as a key value.
pub fn encode_real(number: f64, out: &mut Vec<u8>) {
    out.push(REAL);
    out.extend_from_slice(&number.to_bits().to_be_bytes());
}

/// Appends text or a blob as a key value.
pub fn encode_bytes(tag: u8, bytes: &[u8], out: &mut Vec<u8>) {
    out.push(tag);
    let mut length = bytes.len();
    while length >= 0x80 {
        out.push(u8::try_from(length & 0x7f).expect("seven bits") | 0x80);
        length >>= 7;
    }
    out.push(u8::try_from(length).expect("below 0x80"));
    out.extend_from_slice(bytes);
}

fn decode_value(bytes: &mut &[u8]) -> Option<Value> {
    let (&tag, rest) = bytes.split_first()?;
    *bytes = rest;
    match tag & 0x0f {
        NULL => Some(Value::Null),
        INTEGER => decode_integer(usize::from(tag >> 4), bytes).map(Value::Integer),
        REAL => {
            let raw = take(bytes, 8)?;
            Some(Value::Real(f64::from_bits(u64::from_be_bytes(raw.try_into().ok()?))))
        }
        TEXT => decode_bytes(bytes).map(Value::Text),
        BLOB => decode_bytes(bytes).map(Value::Blob),
        _ => None,
    }
}

fn decode_integer(length: usize, bytes: &mut &[u8]) -> Option<i64> {
    if !(1..=8).contains(&length) {
        return None;
    }
    let raw = take(bytes, length)?;
    let fill = if raw[0] & 0x80 == 0 { 0 } else { 0xff };
    let mut full = [fill; 8];
    full[8 - length..].copy_from_slice(raw);
    Some(i64::from_be_bytes(full))
}

fn decode_bytes(bytes: &mut &[u8]) -> Option<Vec<u8>> {
    let mut length = 0usize;
    for shift in (0..usize::BITS).step_by(7) {
        let byte = take(bytes, 1)?[0];
        length |= usize::from(byte & 0x7f).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            return take(bytes, length).map(<[u8]>::to_vec);
        }
    }
    None
}

fn take<'a>(bytes: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (taken, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    Some(taken)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_value() -> impl Strategy<Value = Value> {
        prop_oneof![
            Just(Value::Null),
            any::<i64>().prop_map(Value::Integer),
            any::<f64>().prop_filter("NaN is not equal to itself", |x| !x.is_nan()).prop_map(Value::Real),
            any::<Vec<u8>>().prop_map(Value::Text),
            any::<Vec<u8>>().prop_map(Value::Blob),
        ]
    }

    proptest! {
        #[test]
        fn a_key_survives_its_encoding(values in proptest::collection::vec(any_value(), 0..5)) {
            let key = RowKey(values);
            prop_assert_eq!(RowKey::decode(&key.encoded()), Some(key));
        }

        #[test]
        fn any_bytes_decode_without_a_panic(bytes in any::<Vec<u8>>()) {
            let _ = RowKey::decode(&bytes);
        }
    }

    #[test]
    fn integers_are_short() {
        for (number, length) in [(0, 2), (127, 2), (128, 3), (-1, 2), (-128, 2), (i64::MIN, 9), (i64::MAX, 9)] {
            let key = RowKey(vec![Value::Integer(number)]);
            assert_eq!(key.encoded().len(), length, "{number}");
            assert_eq!(RowKey::decode(&key.encoded()), Some(key));
        }
    }

    #[test]
    fn a_whole_float_reads_as_digits() {
        assert_eq!(Value::Real(198_001_019_876.0).as_text(), "198001019876");
        assert_eq!(Value::Real(0.5).as_text(), "0.5");
    }

    #[test]
    fn values_do_not_print_themselves() {
        assert_eq!(format!("{:?}", Value::text("Anna")), "<text, 4 bytes>");
        assert_eq!(format!("{:?}", RowKey(vec![Value::Integer(800_101)])), "<key of 1 values>");
    }
}
