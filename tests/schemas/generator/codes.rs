//! What most columns of most systems hold: amounts, statuses, products, technical values. Nothing here tells of a person.

use super::fill::{Def, hundredths, text};
use super::rng::Rng;

fn word(rng: &mut Rng) -> &'static str {
    rng.pick(&["alfa", "kedja", "modul", "spår", "panel", "linje", "faktor", "zon", "serie", "kärna"])
}

fn version(rng: &mut Rng) -> String {
    format!("{}.{}.{}", rng.range(0, 12), rng.range(0, 30), rng.range(0, 99))
}

pub(super) fn product(rng: &mut Rng) -> String {
    let thing = rng.pick(&[
        "Skruv",
        "Pump",
        "Ventil",
        "Kabel",
        "Stövel",
        "Lampa",
        "Bordsskiva",
        "Filter",
        "Hylla",
        "Karin-stol",
        "Mugg",
        "Gardin Linnéa",
        "Täcke",
        "Regnjacka",
        "Batteri",
        "Soffa Viktor",
    ]);
    format!("{thing} {}", rng.pick(&["M8x40", "230V", "2-pack", "svart", "60x120", "XL", "Pro", "rostfri", "42", "II"]))
}

/// Amounts, counts, numbers of things, technical values.
pub(super) const FILLS: &[Def] = &[
    ("amount", &[], |row| hundredths(row.rng.range(100, 9_000_000)).into()),
    ("amount_sv", &[], |row| {
        text(format!("{} {:03},{:02}", row.rng.range(1, 99), row.rng.range(0, 999), row.rng.range(0, 99)))
    }),
    ("amount_signed", &[], |row| text(format!("{}{:011}", row.rng.pick(&["+", "-"]), row.rng.range(0, 9_999_999)))),
    ("percent", &[], |row| hundredths(row.rng.range(0, 10_000)).into()),
    ("rate", &[], |row| text(row.rng.pick(&["25", "12", "6", "0"]))),
    ("quantity", &[], |row| row.rng.range(0, 400).into()),
    ("dimensions", &[], |row| {
        text(format!("{}x{}x{} mm", row.rng.range(10, 900), row.rng.range(10, 900), row.rng.range(1, 90)))
    }),
    ("weight", &[], |row| text(format!("{} kg", hundredths(row.rng.range(5, 90_000))))),
    ("sku", &[], |row| {
        text(format!("{}-{}-{}", row.rng.string("ABCDEFG", 3), row.rng.digits(4), row.rng.pick(&["S", "M", "L"])))
    }),
    ("batch", &[], |row| text(format!("LOT{}{}", row.rng.range(20, 26), row.rng.digits(5)))),
    ("serial_no", &[], |row| text(format!("SN{}{}", row.rng.string("ACDEFHKLM", 2), row.rng.digits(9)))),
    ("shelf", &[], |row| {
        text(format!("{}{:02}-{:02}", row.rng.pick(&["A", "B", "C", "D"]), row.rng.range(1, 30), row.rng.range(1, 8)))
    }),
    ("ledger", &[], |row| row.rng.range(1010, 8999).into()),
    ("cost_centre", &[], |row| text(format!("{}", row.rng.range(100, 999)))),
    ("project", &[], |row| text(format!("P{}-{:03}", row.rng.range(18, 26), row.rng.range(1, 400)))),
    ("ticket", &[], |row| text(format!("INC{:07}", row.rng.range(1, 900_000)))),
    ("version", &[], |row| text(version(row.rng))),
    ("build", &[], |row| {
        let version = version(row.rng);
        text(format!("v{version}-rc.{}+{}", row.rng.range(1, 9), row.rng.hex(7)))
    }),
    ("user_agent", &[], |row| {
        let system =
            row.rng.pick(&["Windows NT 10.0; Win64; x64", "X11; Linux x86_64", "Macintosh; Intel Mac OS X 10_15_7"]);
        text(format!("Mozilla/5.0 ({system}) Gecko/20100101 Firefox/{}.0", row.rng.range(90, 140)))
    }),
    ("url", &[], |row| {
        text(format!(
            "https://www.example.com/{}/{}?page={}",
            word(row.rng),
            row.rng.range(1, 9000),
            row.rng.range(1, 9)
        ))
    }),
    ("path", &[], |row| text(format!("/srv/{}/{}/{}.log", word(row.rng), row.rng.range(2015, 2026), word(row.rng)))),
    ("file_name", &[], |row| {
        let extension = row.rng.pick(&["pdf", "xlsx", "docx", "zip"]);
        text(format!("{}_{}.{extension}", word(row.rng), row.rng.range(1, 9999)))
    }),
    ("product_image", &[], |row| {
        text(format!("/img/products/{}_{}.jpg", row.rng.digits(6), row.rng.pick(&["front", "back"])))
    }),
    ("mime", &[], |row| text(row.rng.pick(&["application/pdf", "image/png", "text/csv", "application/json"]))),
    ("host", &[], |row| {
        text(format!("{}-{:02}.int.example.net", row.rng.pick(&["app", "db", "cache", "web"]), row.rng.range(1, 24)))
    }),
    ("port", &[], |row| row.rng.pick(&[80, 443, 5432, 8080, 9200_i64]).into()),
    ("cron", &[], |row| text(format!("{} {} * * {}", row.rng.range(0, 59), row.rng.range(0, 23), row.rng.range(0, 6)))),
    ("http_status", &[], |row| row.rng.pick(&[200, 200, 201, 204, 301, 400, 404, 500_i64]).into()),
    ("http_path", &[], |row| text(format!("GET /api/v{}/{}", row.rng.range(1, 4), word(row.rng)))),
    ("error_code", &[], |row| text(format!("E{:05}", row.rng.range(1, 99_999)))),
    ("setting_key", &[], |row| text(format!("ui.{}.{}", word(row.rng), word(row.rng)))),
    ("colour", &[], |row| text(format!("#{}", row.rng.hex(6)))),
    ("regex", &[], |row| text(format!("^[A-Z]{{{}}}\\d+$", row.rng.range(1, 5)))),
    ("site_lat", &[], |row| super::secrets::degrees(row.rng, 55, 68).into()),
    ("site_lon", &[], |row| super::secrets::degrees(row.rng, 11, 23).into()),
    ("bits", &[], |row| text(row.rng.string("01", 16))),
    ("zeros", &[], |_| 0.into()),
    ("blank", &[], |_| text("")),
];

/// Codes and words.
pub(super) const WORDS: &[Def] = &[
    ("product", &[], |row| text(product(row.rng))),
    ("product_en", &[], |row| {
        let kind = row.rng.pick(&["Starter", "Team", "Business", "Desk Lamp", "Canvas Print", "Oak Frame", "Poster"]);
        text(format!("{kind} {}", row.rng.pick(&["Monthly", "Annual", "30x40", "50x70", "Large", "v2"])))
    }),
    ("article_group", &[], |row| text(row.rng.pick(&["VVS", "El", "Trä", "Färg", "Verktyg", "Textil", "Övrigt"]))),
    ("status_sv", &[], |row| text(row.rng.pick(&["Öppen", "Stängd", "Pågår", "Väntar", "Makulerad", "Klar"]))),
    ("status_en", &[], |row| text(row.rng.pick(&["open", "closed", "pending", "failed", "archived", "draft"]))),
    ("status_code", &[], |row| text(row.rng.pick(&["A", "I", "D", "N", "X", "9"]))),
    ("yes_no_sv", &[], |row| text(row.rng.pick(&["J", "N"]))),
    ("yes_no", &[], |row| text(row.rng.pick(&["Y", "N"]))),
    ("flag", &[], |row| row.rng.range(0, 1).into()),
    ("boolean", &[], |row| text(row.rng.pick(&["true", "false"]))),
    ("unit", &[], |row| text(row.rng.pick(&["st", "kg", "m", "l", "tim", "pkt", "frp"]))),
    ("currency", &[], |row| text(row.rng.pick(&["SEK", "SEK", "EUR", "NOK", "USD"]))),
    ("language", &[], |row| text(row.rng.pick(&["sv", "en", "fi", "sv-SE", "en-GB"]))),
    ("payment_terms", &[], |row| text(row.rng.pick(&["30 dagar netto", "10 dgr", "Kontant", "Förskott", "15 days"]))),
    ("department", &[], |row| {
        text(row.rng.pick(&["Ekonomi", "Lager", "Inköp", "IT", "Försäljning", "Vård och omsorg"]))
    }),
    ("role", &[], |row| text(row.rng.pick(&["admin", "editor", "viewer", "owner", "handläggare"]))),
    ("job_title", &[], |row| text(row.rng.pick(&["Montör", "Ekonom", "Lärare", "Sjuksköterska", "Chaufför", "Chef"]))),
    ("course", &[], |row| text(format!("{}{}", row.rng.pick(&["MA", "SV", "EN", "KE", "IDH"]), row.rng.range(1, 9)))),
    ("subject", &[], |row| text(row.rng.pick(&["Matematik", "Svenska", "Engelska", "Kemi", "Slöjd", "Musik"]))),
    ("grade", &[], |row| text(row.rng.pick(&["A", "B", "C", "D", "E", "F", "-"]))),
    ("class", &[], |row| text(format!("{}{}", row.rng.range(1, 9), row.rng.pick(&["A", "B", "C"])))),
    ("book", &[], |row| {
        text(row.rng.pick(&[
            "Havets stenar",
            "Den sista färjan",
            "Grundkurs i kemi",
            "Vinterboken",
            "Anders och ängen",
        ]))
    }),
    ("car_model", &[], |row| {
        text(row.rng.pick(&["Volvo V60", "VW Caddy", "Saab 9-5", "Scania R450", "Toyota Proace"]))
    }),
    ("room", &[], |row| text(format!("{}{}", row.rng.pick(&["A", "B", "Sal ", "Lab "]), row.rng.range(101, 460)))),
    ("event_type", &[], |row| text(row.rng.pick(&["page_view", "click", "add_to_cart", "checkout", "logout"]))),
    ("log_level", &[], |row| text(row.rng.pick(&["INFO", "INFO", "WARN", "ERROR", "DEBUG"]))),
    ("channel", &[], |row| text(row.rng.pick(&["web", "app", "butik", "telefon", "e-post"]))),
    ("data_type", &[], |row| text(row.rng.pick(&["varchar", "int", "date", "boolean", "decimal(9,2)"]))),
    ("label_sv", &[], |row| {
        text(row.rng.pick(&["Telefonnummer", "Namn", "E-post", "Adress", "Datum", "Belopp", "Anmärkning"]))
    }),
    ("ward", &[], |row| text(row.rng.pick(&["Medicin 3", "Kirurg 1", "Akuten", "BVC Norr", "Ortopedi"]))),
    ("tags", &[], |row| text(format!("{},{}", word(row.rng), word(row.rng)))),
    ("heading", &[], |row| {
        text(format!("{} {}", row.rng.pick(&["Översikt", "Rapport", "Plan", "Budget"]), row.rng.range(2018, 2026)))
    }),
    ("category_path", &[], |row| text(format!("Hem > {} > {}", word(row.rng), word(row.rng)))),
    ("initial", &[], |row| text(row.rng.string("ABCDEFGHIJKLMNOPRSTUVY", 1))),
    ("lorem", &[], |row| {
        let count = 4 + row.rng.below(9);
        let words: Vec<&str> =
            (0..count).map(|_| row.rng.pick(&["lorem", "ipsum", "dolor", "sit", "amet", "elit"])).collect();
        text(words.join(" "))
    }),
];
