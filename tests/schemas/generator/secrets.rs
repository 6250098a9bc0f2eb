//! Log-in secrets, network addresses, devices, positions, pictures and other things that tie to a person without naming one.

use rusqlite::types::Value;

use super::fill::{Def, text};
use super::rng::Rng;

/// Addresses of the ranges for documentation and of 10/8.
pub(super) fn ip(rng: &mut Rng) -> String {
    let net = rng.pick(&["192.0.2", "198.51.100", "203.0.113", "10.20.4"]);
    format!("{net}.{}", rng.range(1, 254))
}

fn ip6(rng: &mut Rng) -> String {
    format!("2001:db8:{}:{}::{}", rng.hex(2), rng.hex(3), rng.hex(4))
}

const BASE64: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

pub(super) fn uuid(rng: &mut Rng) -> String {
    let (time, clock) = (format!("{}-{}", rng.hex(8), rng.hex(4)), rng.hex(3));
    format!("{time}-4{clock}-a{}-{}", rng.hex(3), rng.hex(12))
}

/// The start of a picture's bytes and noise.
fn picture(rng: &mut Rng, head: &[u8]) -> Value {
    let mut bytes = head.to_vec();
    bytes.extend((0..160).map(|_| rng.next().to_le_bytes()[0]));
    Value::Blob(bytes)
}

/// Degrees within Sweden with five decimals.
pub(super) fn degrees(rng: &mut Rng, low: i64, high: i64) -> f64 {
    rng.range(low * 100_000, high * 100_000) as f64 / 100_000.0
}

pub(super) const FILLS: &[Def] = &[
    ("bcrypt", &["credential"], |row| text(format!("$2b$12${}", row.rng.string(BASE64, 53)))),
    ("argon2", &["credential"], |row| {
        let (salt, hash) = (row.rng.string(BASE64, 22), row.rng.string(BASE64, 43));
        text(format!("$argon2id$v=19$m=65536,t=3,p=4${salt}${hash}"))
    }),
    ("password_md5", &["credential"], |row| text(row.rng.hex(32))),
    ("api_key", &["credential"], |row| text(format!("sk_test_{}", row.rng.string(BASE64, 24)))),
    ("session_token", &["credential"], |row| text(row.rng.hex(64))),
    ("reset_code", &["credential"], |row| text(row.rng.string("ABCDEFGHJKLMNPQRSTUVWXYZ23456789", 8))),
    ("ip", &["ip_address"], |row| text(ip(row.rng))),
    ("ip_any", &["ip_address"], |row| if row.rng.chance(25) { text(ip6(row.rng)) } else { text(ip(row.rng)) }),
    ("ip_port", &["ip_address"], |row| text(format!("{}:{}", ip(row.rng), row.rng.range(1024, 65_000)))),
    ("mac", &["mac_address"], |row| {
        let octets: Vec<String> = (0..5).map(|_| row.rng.hex(2)).collect();
        text(format!("02:{}", octets.join(":")))
    }),
    ("device_uuid", &["device_id"], |row| text(uuid(row.rng).to_uppercase())),
    ("lat", &["geo_location"], |row| degrees(row.rng, 55, 68).into()),
    ("lon", &["geo_location"], |row| degrees(row.rng, 11, 23).into()),
    ("position", &["geo_location"], |row| text(format!("{}, {}", degrees(row.rng, 55, 68), degrees(row.rng, 11, 23)))),
    ("photo_blob", &["photo"], |row| picture(row.rng, b"\xff\xd8\xff\xe0\x00\x10JFIF\x00")),
    ("signature_blob", &["signature"], |row| picture(row.rng, b"\x89PNG\r\n\x1a\n")),
    ("signature_b64", &["signature"], |row| {
        text(format!("data:image/png;base64,iVBORw0KGgo{}", row.rng.string(BASE64, 120)))
    }),
    ("fingerprint", &["biometric"], |row| text(format!("FMR\u{20}20{}", row.rng.string(BASE64, 96)))),
    ("gene", &["genetic"], |row| {
        text(row.rng.pick(&[
            "BRCA1 c.68_69del",
            "BRCA2 WT",
            "CFTR F508del het",
            "HFE C282Y",
            "APOE e3/e4",
            "MTHFR 677CT",
        ]))
    }),
    ("icd10", &["health"], |row| {
        text(row.rng.pick(&["F32.1", "J45.9", "E11.9", "I10.9", "M54.5", "F43.2", "G43.0", "K50.9", "F90.0B", "N80.9"]))
    }),
    ("diagnosis", &["health"], |row| {
        text(row.rng.pick(&[
            "Astma",
            "Diabetes typ 2",
            "Depression",
            "Utmattningssyndrom",
            "Migrän",
            "Epilepsi",
            "KOL",
            "Ryggsmärta",
            "ADHD",
        ]))
    }),
    ("drug", &["health"], |row| {
        text(row.rng.pick(&[
            "Alvedon 500 mg 1x3",
            "Metformin 850 mg 1x2",
            "Sertralin 50 mg 1x1",
            "Bricanyl vb",
            "Waran enl ordination",
        ]))
    }),
    ("allergy", &["health"], |row| {
        text(row.rng.pick(&[
            "Nötallergi",
            "Laktosintolerant",
            "Celiaki",
            "Pälsdjursallergi",
            "Penicillin",
            "Jordnötter",
        ]))
    }),
    ("logo_blob", &[], |row| picture(row.rng, b"\x89PNG\r\n\x1a\n")),
    ("zip_blob", &[], |row| picture(row.rng, b"PK\x03\x04\x14\x00")),
    ("uuid", &[], |row| text(uuid(row.rng))),
    ("sha256", &[], |row| text(row.rng.hex(64))),
    ("md5", &[], |row| text(row.rng.hex(32))),
    ("git_sha", &[], |row| text(row.rng.hex(40))),
    ("etag", &[], |row| text(format!("W/\"{}\"", row.rng.hex(16)))),
    ("base64", &[], |row| text(format!("{}==", row.rng.string(BASE64, 30)))),
    ("trace_id", &[], |row| text(format!("{}-{}", row.rng.hex(16), row.rng.hex(8)))),
];
