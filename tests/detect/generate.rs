//! Cells for comparing: what stands in databases, taken apart and glued together wrongly.

use proptest::prelude::*;
use proptest::sample::select;

/// Words, separators and hostile characters.
const GLUE: &[&str] = &[
    " ",
    " ",
    " ",
    "  ",
    "-",
    "-",
    ".",
    ",",
    "/",
    "+",
    ":",
    ";",
    "(",
    ")",
    "_",
    "@",
    "@@@",
    "%",
    "$",
    "'",
    "\"",
    "\r\n",
    "\n",
    "\t",
    "\0",
    "\u{a0}",
    "\u{202f}",
    "–",
    "−",
    "\u{301}",
    "\u{200b}",
    "😀",
    "👩‍👧",
    "\u{feff}",
    "c/o ",
    "::",
    "SE",
    "se",
    "kr",
    "#",
    "<",
    ">",
    "&nbsp;",
    "=",
];

/// Letters of several scripts, context words, and words that end or begin like something else.
const WORDS: &[&str] = &[
    "Anna",
    "Andersson",
    "åsa",
    "Björn",
    "BJO\u{308}RN",
    "von",
    "Stockholm",
    "Upplands Väsby",
    "kvinna",
    "man",
    "och",
    "Kund",
    "personnummer",
    "pnr",
    "pnr:",
    "tel",
    "ring",
    "mobil",
    "hemtelefon",
    "telefonnumret",
    "ordernr",
    "OCR",
    "referens",
    "född",
    "f.",
    "ip",
    "från",
    "version",
    "v",
    "konto",
    "IBAN",
    "kort",
    "adress",
    "bor på",
    "postnr",
    "orgnr",
    "moms",
    "regnr",
    "mac",
    "Иван",
    "王芳",
    "محمد",
    "١٢٣",
    "１２３",
    "ß",
    "İ",
    "K",
    "lgh",
    "vån",
    "AB",
    "Box",
    "Norra",
    "S:t",
    "B",
    "x",
];

/// Identifiers as they are written: numbers of the series set aside for tests and fiction, examples of standards.
const IDENTIFIERS: &[&str] = &[
    "640823-2392",
    "19640823-2392",
    "196408232392",
    "6408232392",
    "121212+9207",
    "640883 2399",
    "640823–2392",
    "0701740605",
    "070-174 06 05",
    "070-1740605",
    "+46 (0)70-174 06 05",
    "0046 70 174 06 05",
    "08-465 004 00",
    "(08) 465 004 00",
    "0980-31 92 00",
    "+44 20 7946 0958",
    "+46701740605",
    "202100-5448",
    "16202100-5448",
    "2321000016",
    "SE202100544801",
    "se 2321000016 01",
    "SE4550000000058398257466",
    "SE45 5000 0000 0583 9825 7466",
    "no93 8601 1117 947",
    "GB29NWBK60161331926819",
    "4111 1111 1111 1111",
    "5555-5555-5555-4444",
    "3782 822463 10005",
    "4111111111111111",
    "anna.andersson@example.com",
    "åsa@example.se",
    "a@b@c.example.org",
    "o'brien+x@mail.example.net",
    "192.0.2.17",
    "2001:db8::8a2e:370:7334",
    "::ffff:192.0.2.17",
    "fe80::1",
    "0.12.3.4",
    "00:00:5e:00:53:af",
    "00-00-5E-00-53-AF",
    "0000.5e00.53af",
    "2001-02-03",
    "20010203",
    "3.2.2001",
    "03-02-2001",
    "1899-12-31",
    "114 55",
    "SE-114 55",
    "98132",
    "Storgatan 12",
    "Storgatan 12 B",
    "Storgatan 12 lgh 1102",
    "STORGATAN 12b",
    "Olof Palmes gata 5",
    "S:t Eriksgatan 7",
    "Norra Vägen 3",
    "Tallbacken 3",
    "Box 123",
    "c/o Andersson",
    "ABC 123",
    "ABC12D",
    "Anna-Karin Svensson",
    "Andersson, Anna",
    "$2b$12$aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "-----BEGIN PRIVATE KEY-----",
    "123e4567-e89b-12d3-a456-426614174000",
    "2024-01-31T12:30:15Z",
    "1234567890128",
    "59.3293, 18.0686",
    "1 234,50",
];

fn piece() -> impl Strategy<Value = String> {
    let owned = |list: &'static [&'static str]| select(list).prop_map(str::to_owned);
    prop_oneof![
        6 => owned(IDENTIFIERS),
        2 => owned(IDENTIFIERS).prop_flat_map(|text| (Just(text), any::<u16>(), any::<char>())).prop_map(damaged),
        2 => (owned(IDENTIFIERS), "[0-9]", any::<u16>()).prop_map(|(text, digit, at)| other_digit(&text, &digit, at)),
        6 => owned(GLUE),
        4 => owned(WORDS),
        2 => "[0-9]{1,14}",
        1 => "[0-9A-Fa-f:.-]{1,24}",
        1 => "[A-Za-zÅÄÖåäö]{1,12}",
        1 => "(?:[0-9]{1,4}[ -]){1,8}",
        1 => "(?:a\\.){1,20}|@{1,9}|[A-Z]{1,40}|(?:1 ){1,30}",
        1 => "\\PC{0,4}",
        1 => any::<char>().prop_map(String::from),
    ]
}

/// One character taken out or put in its place.
fn damaged((text, at, character): (String, u16, char)) -> String {
    let count = text.chars().count();
    let at = usize::from(at) % count;
    let keep = character.is_ascii();
    let new = |(index, c): (usize, char)| if index == at { keep.then_some(character) } else { Some(c) };
    text.chars().enumerate().filter_map(new).collect()
}

/// Another digit in the place of one: a wrong check digit, mostly.
fn other_digit(text: &str, digit: &str, at: u16) -> String {
    let places: Vec<usize> = text.match_indices(|c: char| c.is_ascii_digit()).map(|(place, _)| place).collect();
    let mut text = text.to_owned();
    if !places.is_empty() {
        let place = places[usize::from(at) % places.len()];
        text.replace_range(place..=place, digit);
    }
    text
}

/// A cell: empty, one thing alone, or several.
pub(crate) fn cell() -> impl Strategy<Value = String> {
    let several = |count| prop::collection::vec(piece(), count).prop_map(|pieces| pieces.concat());
    prop_oneof![1 => Just(String::new()), 4 => piece(), 6 => several(2..6), 2 => several(6..20)]
}

/// The cells of one column: a few, seldom many.
pub(crate) fn column() -> impl Strategy<Value = Vec<String>> {
    prop_oneof![
        12 => prop::collection::vec(cell(), 1..8),
        1 => prop::collection::vec(cell(), 8..200),
    ]
}
