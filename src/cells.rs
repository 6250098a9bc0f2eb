//! Cells of one column, as text, in one contiguous buffer: what readers fill and the detector reads.

use std::borrow::Cow;

/// Stands after every cell. It never occurs in UTF-8, so nothing that matches text can run across it.
pub const SEPARATOR: u8 = 0xff;

/// The texts of one column in a batch. Appending copies into a buffer that is reused; there is no allocation
/// per cell. Cell `i` is row `i` of the batch. NULL is an empty cell.
#[derive(Clone, Debug, Default)]
pub struct Cells {
    bytes: Bytes,
    ends: Vec<u32>,
    /// Cells that are NULL.
    pub nulls: u32,
    /// Cells that were not valid UTF-8 and were read as Windows-1252 or UTF-16.
    pub recoded: u32,
    /// Cells that hold neither text nor numbers (images, documents): present, but empty here.
    pub binary: u32,
}

/// A buffer of cell text; prints its length only.
#[derive(Clone, Default)]
struct Bytes(Vec<u8>);

impl std::fmt::Debug for Bytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<{} bytes>", self.0.len())
    }
}

impl Cells {
    /// Empties the buffer and keeps its memory.
    pub fn clear(&mut self) {
        self.bytes.0.clear();
        self.ends.clear();
        (self.nulls, self.recoded, self.binary) = (0, 0, 0);
    }

    /// Number of cells.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are no cells.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Bytes of text and separators.
    pub fn size(&self) -> usize {
        self.bytes.0.len()
    }

    /// Memory held, used or not.
    pub fn capacity(&self) -> usize {
        self.bytes.0.capacity() + self.ends.capacity() * size_of::<u32>()
    }

    /// The whole buffer: each cell followed by [`SEPARATOR`].
    pub fn buffer(&self) -> &[u8] {
        &self.bytes.0
    }

    /// Where cell `index` starts and ends in [`Cells::buffer`], without its separator.
    pub fn range(&self, index: usize) -> std::ops::Range<usize> {
        let start = if index == 0 { 0 } else { self.ends[index - 1] as usize + 1 };
        start..self.ends[index] as usize
    }

    /// Cell `index`, valid UTF-8.
    pub fn get(&self, index: usize) -> &[u8] {
        &self.bytes.0[self.range(index)]
    }

    /// All cells in order.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.len()).map(|index| self.get(index))
    }

    /// Appends NULL.
    pub fn push_null(&mut self) {
        self.nulls += 1;
        self.end_cell();
    }

    /// Appends text that may be invalid UTF-8; see [`decode`].
    pub fn push_text(&mut self, text: &[u8]) {
        match decode(text) {
            Cow::Borrowed(text) => self.bytes.0.extend_from_slice(text.as_bytes()),
            Cow::Owned(text) => {
                self.recoded += 1;
                self.bytes.0.extend_from_slice(text.as_bytes());
            }
        }
        self.end_cell();
    }

    /// Appends what `write` prints: a number, a date.
    pub fn push_display(&mut self, value: impl std::fmt::Display) {
        use std::io::Write;
        write!(self.bytes.0, "{value}").expect("writing to memory cannot fail");
        self.end_cell();
    }

    /// Appends bytes from a column of bytes: as text if they read as text in some encoding, else as an empty cell
    /// that is counted as binary.
    pub fn push_blob(&mut self, blob: &[u8]) {
        match blob_text(blob) {
            Some(Cow::Borrowed(text)) => self.bytes.0.extend_from_slice(text.as_bytes()),
            Some(Cow::Owned(text)) => {
                self.recoded += 1;
                self.bytes.0.extend_from_slice(text.as_bytes());
            }
            None => self.binary += 1,
        }
        self.end_cell();
    }

    fn end_cell(&mut self) {
        let end = u32::try_from(self.bytes.0.len()).expect("a batch is far below 4 GiB");
        self.ends.push(end);
        self.bytes.0.push(SEPARATOR);
    }
}

/// Text of unknown encoding: UTF-8 where valid, else Windows-1252, the encoding of most old Swedish data. Every
/// byte becomes some character, so nothing is dropped.
pub fn decode(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.iter().map(|&byte| windows_1252(byte)).collect()),
    }
}

/// The text in a column of bytes, or `None` where the bytes are no text in UTF-8, UTF-16 or Windows-1252.
pub fn blob_text(blob: &[u8]) -> Option<Cow<'_, str>> {
    if let Some(text) = utf16_text(blob) {
        return Some(Cow::Owned(text));
    }
    let blob = without_filling(blob)?;
    let head = &blob[..blob.len().min(4096)];
    let controls = head.iter().filter(|&&byte| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r')).count();
    // Images and archives hold control characters everywhere; text holds a stray one at most.
    (controls * 50 <= head.len()).then(|| decode(blob))
}

/// Columns of a fixed length are filled up with zeros (MariaDB's BINARY, of at most 255 bytes). `None` where nothing else
/// is there.
fn without_filling(blob: &[u8]) -> Option<&[u8]> {
    let length = blob.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
    match blob.len() - length {
        0 => Some(blob),
        1..=255 if length > 0 => Some(&blob[..length]),
        _ if length > 0 => Some(blob),
        _ => None,
    }
}

/// UTF-16 with a byte order mark, or with every second byte zero as Western text has it.
fn utf16_text(blob: &[u8]) -> Option<String> {
    utf16(blob).map(|(units, _)| String::from_utf16_lossy(&units))
}

/// The units of such a text, and whether their first byte is the lower one.
pub(crate) fn utf16(blob: &[u8]) -> Option<(Vec<u16>, bool)> {
    if blob.len() < 4 || !blob.len().is_multiple_of(2) {
        return None;
    }
    let (marked, little) = match blob[..2] {
        [0xff, 0xfe] => (true, true),
        [0xfe, 0xff] => (true, false),
        _ => (false, blob[1] == 0),
    };
    let units: Vec<u16> = blob
        .chunks_exact(2)
        .skip(usize::from(marked))
        .map(
            |pair| if little { u16::from_le_bytes([pair[0], pair[1]]) } else { u16::from_be_bytes([pair[0], pair[1]]) },
        )
        .collect();
    let western = units.iter().filter(|&&unit| (0x09..0x180).contains(&unit)).count();
    (western * 10 >= units.len() * 9).then_some((units, little))
}

fn windows_1252(byte: u8) -> char {
    /// 0x80 to 0x9f of Windows-1252 (Unicode Consortium's mapping table CP1252.TXT); the five unassigned bytes
    /// stay the control characters that Latin-1 has there.
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘',
        '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9f => HIGH[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_come_back_as_they_went_in() {
        let mut cells = Cells::default();
        cells.push_text("Åsa".as_bytes());
        cells.push_null();
        cells.push_display(-17);
        cells.push_text(b"");
        let all: Vec<&[u8]> = cells.iter().collect();
        assert_eq!(all, ["Åsa".as_bytes(), b"", b"-17", b""]);
        assert_eq!(cells.nulls, 1);
        assert_eq!(cells.buffer().iter().filter(|&&byte| byte == SEPARATOR).count(), 4);
    }

    #[test]
    fn old_encodings_are_read() {
        let mut cells = Cells::default();
        cells.push_text(b"\xc5sa Bj\xf6rk \x80");
        assert_eq!(cells.get(0), "Åsa Björk €".as_bytes());
        assert_eq!(cells.recoded, 1);
        for text in [&b"\xff\xfeA\0n\0n\0a\0"[..], b"\xfe\xff\0A\0n\0n\0a", b"A\0n\0n\0a\0", b"\0A\0n\0n\0a", b"Anna"] {
            assert_eq!(blob_text(text).as_deref(), Some("Anna"));
        }
        assert_eq!(blob_text(b"anna@example.com\0\0\0\0").as_deref(), Some("anna@example.com"), "filled up");
        assert_eq!(blob_text(b"\0\0\0"), None);
        assert_eq!(blob_text(b"").as_deref(), Some(""));
    }

    #[test]
    fn pictures_are_no_text_and_are_counted() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0\0\0\x01\0\x08\x06\0\0\0\\r\xa8f";
        let mut cells = Cells::default();
        cells.push_blob(png);
        assert_eq!((cells.get(0), cells.binary), (&b""[..], 1));
    }

    #[test]
    fn a_nul_in_text_stays() {
        let mut cells = Cells::default();
        cells.push_text(b"a\0b");
        assert_eq!(cells.get(0), b"a\0b");
    }
}
