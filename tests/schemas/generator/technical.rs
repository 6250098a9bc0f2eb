//! Things that look like an identifier of a person or a network and are none, and other neutral values of technical systems.

use super::fill::{Def, hundredths, text};
use super::numbers;

pub(super) const FILLS: &[Def] = &[
    // Four parts, like an IP address.
    ("version4", &[], |row| {
        let (major, minor) = (row.rng.range(1, 14), row.rng.range(0, 30));
        text(format!("{major}.{minor}.{}.{}", row.rng.range(300, 9999), row.rng.range(0, 99)))
    }),
    ("netmask", &[], |row| text(row.rng.pick(&["255.255.255.0", "255.255.0.0", "255.255.252.0", "0.0.0.0"]))),
    // An at sign that is no e-mail.
    ("npm_package", &[], |row| {
        let name = row.rng.pick(&["@acme/core", "@acme/forms", "left-part", "@web/kit"]);
        text(format!("{name}@{}.{}.{}", row.rng.range(1, 9), row.rng.range(0, 20), row.rng.range(0, 20)))
    }),
    ("css", &[], |row| text(format!("@media (min-width: {}px)", row.rng.range(320, 1920)))),
    ("html", &[], |row| text(format!("<p class=\"lead\">Rad {}</p>&nbsp;", row.rng.range(1, 99)))),
    ("digest", &[], |row| text(format!("sha512-{}==", row.rng.string("ABCDEFGHabcdefgh0123456789", 86)))),
    ("duration", &[], |row| text(format!("PT{}M{}S", row.rng.range(0, 59), row.rng.range(0, 59)))),
    ("ratio", &[], |row| text(format!("1:{}", row.rng.pick(&["20", "50", "100", "400"])))),
    ("formula", &[], |row| text(format!("=SUM(B{}:B{})", row.rng.range(1, 40), row.rng.range(41, 900)))),
    ("temperature", &[], |row| hundredths(row.rng.range(-3000, 9000)).into()),
    ("voltage", &[], |row| text(format!("{} V", row.rng.pick(&["12", "24", "230", "400"])))),
    ("paper", &[], |row| text(row.rng.pick(&["A4", "A3", "A5", "C5", "Letter"]))),
    ("sni", &[], |row| text(format!("{}.{}", row.rng.range(10, 96), row.rng.range(100, 990)))),
    ("hs_code", &[], |row| {
        text(format!("{}.{}.{}", row.rng.range(1000, 9706), row.rng.range(10, 99), row.rng.range(10, 99)))
    }),
    ("gln", &[], |row| text(format!("73{}", numbers::ocr(row.rng, 11)))),
    ("sscc", &[], |row| text(format!("(00){}", numbers::ocr(row.rng, 18)))),
    ("swift", &[], |row| {
        text(format!("{}SE{}", row.rng.string("ABCDEFGHKLMNOPST", 4), row.rng.pick(&["SS", "2G", "GG"])))
    }),
    ("log_offset", &[], |row| text(format!("{}/{}", row.rng.hex(2).to_uppercase(), row.rng.hex(8).to_uppercase()))),
    ("shelf_mark", &[], |row| text(format!("{}:{}", row.rng.pick(&["Hc", "Uf", "Tdb", "Bla"]), row.rng.range(1, 400)))),
    ("roman", &[], |row| text(row.rng.pick(&["I", "II", "III", "IV", "IX", "XII"]))),
    ("chapter", &[], |row| text(format!("{} kap. {} §", row.rng.range(1, 30), row.rng.range(1, 60)))),
    ("score", &[], |row| text(format!("{}-{}", row.rng.range(0, 9), row.rng.range(0, 9)))),
    ("interval", &[], |row| text(format!("{}-{}", row.rng.range(10, 99), row.rng.range(100, 999)))),
    ("ip_count", &[], |row| row.rng.range(1, 254).into()),
    ("byte_size", &[], |row| text(format!("{} MiB", row.rng.range(1, 4096)))),
    ("element_id", &[], |row| text(format!("row-{}-cell-{}", row.rng.range(1, 900), row.rng.range(1, 30)))),
    ("scientific", &[], |row| {
        text(format!("{}.{}e{}", row.rng.range(1, 9), row.rng.digits(4), row.rng.range(-12, 12)))
    }),
];
