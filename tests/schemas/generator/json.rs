//! Documents in JSON and XML, with the paths of what they hold of persons.
//!
//! A path names keys from `$`; list elements are `[*]`, a key that is itself data is `*`, an XML document begins with its root
//! element and an attribute is its name. A string that holds JSON is one leaf.

use rusqlite::types::Value;
use serde_json::json;

use super::fill::{Make, hundredths, text};
use super::{codes, numbers, secrets, times};

/// A document fill: its name, what stands where, and how to make one.
pub(crate) struct Document {
    pub(crate) name: &'static str,
    /// (path, category).
    pub(crate) gold: &'static [(&'static str, &'static str)],
    pub(crate) make: Make,
}

pub(crate) fn find(name: &str) -> Option<&'static Document> {
    DOCUMENTS.iter().find(|document| document.name == name)
}

#[expect(clippy::needless_pass_by_value, reason = "json! gives a value")]
fn of(value: serde_json::Value) -> Value {
    text(value.to_string())
}

fn xml(value: &str) -> String {
    value.replace('&', "&amp;").replace('<', "&lt;")
}

pub(crate) const DOCUMENTS: &[Document] = &[
    Document {
        name: "json_profile",
        gold: &[
            ("$.name.first", "given_name"),
            ("$.name.last", "family_name"),
            ("$.contact.email", "email"),
            ("$.contact.phone", "phone"),
            ("$.address.street", "postal_address"),
            ("$.address.zip", "postal_code"),
            ("$.address.town", "city"),
            ("$.born", "date_of_birth"),
        ],
        make: |row| {
            let person = row.person;
            of(json!({
                "v": 3, "name": {"first": person.given, "last": person.family}, "newsletter": row.rng.chance(50),
                "contact": {"email": person.email, "phone": person.phone.written(row.planted), "preferred": "email"},
                "address": {"street": person.address.street, "zip": person.address.code, "town": person.address.town},
                "born": person.birth.to_string(), "points": row.rng.range(0, 900),
            }))
        },
    },
    Document {
        name: "json_contacts",
        gold: &[
            ("$.kontakt[*].namn", "person_name"),
            ("$.kontakt[*].pnr", "personal_number"),
            ("$.kontakt[*].tel", "phone"),
        ],
        make: |row| {
            let person = row.person;
            of(json!({"kontakt": [
                {"typ": "sökande", "namn": person.name(), "pnr": person.long_number(), "tel": person.mobile.usual()},
                {"typ": "ombud", "namn": "Velorna Rönnkvarn", "pnr": person.number(0), "tel": person.phone.international()},
            ], "antal": 2}))
        },
    },
    Document {
        name: "json_by_user",
        gold: &[("$.by_user.*.email", "email"), ("$.by_user.*.last_ip", "ip_address")],
        make: |row| {
            let mut users = serde_json::Map::new();
            for _ in 0..=row.rng.below(3) {
                let (id, ip) = (format!("u-{}", row.rng.range(1000, 99_999)), secrets::ip(row.rng));
                users.insert(id, json!({"email": row.person.email, "last_ip": ip, "seen": row.rng.range(1, 40)}));
            }
            of(json!({"by_user": users, "total": row.rng.range(1, 90)}))
        },
    },
    Document {
        name: "json_by_email",
        gold: &[("$.shares.*", "email")],
        make: |row| of(json!({"shares": {row.person.email.as_str(): row.rng.pick(&["read", "write"])}, "open": false})),
    },
    Document {
        name: "json_string",
        gold: &[("$.payload.to", "email"), ("$.payload.name", "person_name")],
        make: |row| {
            let inner = json!({"to": row.person.email, "name": row.person.name(), "tries": row.rng.range(1, 5)});
            of(json!({"queue": "mail", "payload": inner.to_string(), "id": secrets::uuid(row.rng)}))
        },
    },
    Document {
        name: "json_visit",
        gold: &[("$.coordinates[*]", "geo_location"), ("$.client.ip", "ip_address"), ("$.client.device", "device_id")],
        make: |row| {
            let (lat, lon) = (secrets::degrees(row.rng, 55, 68), secrets::degrees(row.rng, 11, 23));
            of(json!({
                "type": "Point", "coordinates": [lon, lat],
                "client": {"ip": secrets::ip(row.rng), "device": secrets::uuid(row.rng), "os": "Android 14"},
            }))
        },
    },
    Document {
        name: "json_audit",
        gold: &[
            ("$.by", "username"),
            ("$.before.email", "email"),
            ("$.after.email", "email"),
            ("$.before.phone", "phone"),
            ("$.after.phone", "phone"),
        ],
        make: |row| {
            let person = row.person;
            of(json!({
                "by": person.user, "at": times::day(row.rng, 2020, 2026).to_string(),
                "before": {"email": "old@example.net", "phone": person.phone.compact(), "plan": "basic"},
                "after": {"email": person.email, "phone": person.mobile.international(), "plan": "team"},
            }))
        },
    },
    Document {
        name: "json_note",
        gold: &[("$.note", "person_name"), ("$.note", "phone")],
        make: |row| {
            let note = format!("Ring {} på {} innan fredag", row.person.name(), row.person.phone.written(row.planted));
            of(json!({"kind": "memo", "note": note, "pinned": row.rng.chance(20)}))
        },
    },
    Document {
        name: "json_survey",
        gold: &[("$.answers[*].text", "health"), ("$.respondent", "email")],
        make: |row| {
            let answer =
                row.rng.pick(&["Har diabetes sedan tio år", "Sjukskriven för utmattning", "Tar medicin mot epilepsi"]);
            of(json!({"respondent": row.person.email, "answers": [
                {"q": 1, "score": row.rng.range(1, 5)}, {"q": 2, "text": answer},
            ]}))
        },
    },
    Document {
        name: "json_order",
        gold: &[
            ("$.ship_to.name", "person_name"),
            ("$.ship_to.street", "postal_address"),
            ("$.ship_to.zip", "postal_code"),
            ("$.ship_to.city", "city"),
        ],
        make: |row| {
            let person = row.person;
            let lines =
                json!([{"sku": row.rng.digits(8), "name": codes::product(row.rng), "qty": row.rng.range(1, 9)}]);
            of(json!({"no": row.rng.digits(10), "lines": lines, "ship_to": {
                "name": person.name(), "street": person.address.street, "zip": person.address.spaced_code(),
                "city": person.address.town,
            }, "total": hundredths(row.rng.range(1000, 900_000))}))
        },
    },
    Document {
        name: "json_emails",
        gold: &[("$[*]", "email")],
        make: |row| {
            of(json!([row.person.email, format!("copy@{}", row.person.email.rsplit('@').next().unwrap_or_default())]))
        },
    },
    Document {
        name: "json_oauth",
        gold: &[("$.access_token", "credential"), ("$.refresh_token", "credential")],
        make: |row| {
            of(json!({
                "access_token": row.rng.hex(48), "refresh_token": row.rng.hex(48), "expires_in": 3600, "token_type": "Bearer",
            }))
        },
    },
    Document {
        name: "xml_customer",
        gold: &[
            ("$.kund.namn", "person_name"),
            ("$.kund.pnr", "personal_number"),
            ("$.kund.adress.gata", "postal_address"),
            ("$.kund.adress.postnr", "postal_code"),
            ("$.kund.adress.ort", "city"),
        ],
        make: |row| {
            let (person, address) = (row.person, &row.person.address);
            text(format!(
                "<?xml version=\"1.0\"?><kund typ=\"P\"><namn>{}</namn><pnr>{}</pnr><adress><gata>{}</gata><postnr>{}</postnr>\
                 <ort>{}</ort></adress><rabatt>{}</rabatt></kund>",
                xml(&person.name()),
                person.number(2),
                address.street,
                address.code,
                address.town,
                row.rng.range(0, 20),
            ))
        },
    },
    Document {
        name: "xml_config",
        gold: &[],
        make: |row| {
            let (port, ttl) = (row.rng.range(1024, 9999), row.rng.range(5, 900));
            text(format!("<config><server port=\"{port}\"/><cache ttl=\"{ttl}\">on</cache><name>main</name></config>"))
        },
    },
    Document {
        name: "json_settings",
        gold: &[],
        make: |row| {
            of(json!({
                "theme": row.rng.pick(&["dark", "light"]), "page_size": row.rng.range(10, 100), "email": row.rng.chance(50),
                "phone_required": false, "columns": ["name", "status", "date"], "colour": format!("#{}", row.rng.hex(6)),
            }))
        },
    },
    Document {
        name: "json_metrics",
        gold: &[],
        make: |row| {
            of(json!({
                "cpu": hundredths(row.rng.range(0, 10_000)), "mem": row.rng.range(1_000_000, 9_000_000_000),
                "ts": row.rng.range(1_500_000_000, 1_790_000_000), "series": [1, 2, row.rng.range(3, 9)],
            }))
        },
    },
    Document {
        name: "json_product",
        gold: &[],
        make: |row| {
            of(json!({
                "name": codes::product(row.rng), "ean": format!("73{}", row.rng.digits(11)), "tags": ["ny", "rea"],
                "stock": {"lager1": row.rng.range(0, 90), "lager2": 0}, "ref": numbers::ocr(row.rng, 10),
            }))
        },
    },
    Document {
        name: "json_flags",
        gold: &[],
        make: |row| {
            of(
                json!({"beta": row.rng.chance(30), "limits": {"max": row.rng.range(1, 500)}, "id": secrets::uuid(row.rng)}),
            )
        },
    },
    Document {
        name: "json_steps",
        gold: &[],
        make: |row| {
            let version = format!("{}.{}", row.rng.range(1, 9), row.rng.range(0, 30));
            of(
                json!([{"step": "build", "ms": row.rng.range(1, 9000), "version": version}, {"step": "deploy", "host": "web-01"}]),
            )
        },
    },
];
