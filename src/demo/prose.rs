//! Notes, comments and messages from the templates in prose.txt. Here is decided what fills a blank, and which of it
//! is personal.

use std::collections::BTreeMap;

use super::dates::Date;
use super::identity::{self, Phone};
use super::people::{Subject, email, spaced};
use super::rng::Rng;
use super::words::{Words, data};
use super::write::Text;

/// The templates by the place where they may stand.
pub(super) struct Prose {
    templates: BTreeMap<&'static str, Vec<String>>,
}

impl Prose {
    pub(super) fn load() -> Self {
        let mut templates: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
        for (place, template) in lines() {
            let place = place.split_once('+').map_or(place, |(place, _)| place);
            templates.entry(place).or_default().push(template.replace("\\n", "\n"));
        }
        Self { templates }
    }

    /// One text for `place`, about `subject`.
    pub(super) fn write(&self, place: &str, subject: &Subject, words: &Words, rng: &mut Rng) -> Text {
        let mut text = Text::default();
        let mut rest = rng.pick(&self.templates[place]).as_str();
        while let Some((before, after)) = rest.split_once('{') {
            let (blank, tail) = after.split_once('}').expect("a test reads every template");
            text.text.push_str(before);
            fill(&mut text, blank, subject, words, rng);
            rest = tail;
        }
        text.text.push_str(rest);
        text
    }
}

/// Place and template of every line that is not a remark.
pub(super) fn lines() -> impl Iterator<Item = (&'static str, &'static str)> {
    data!("prose")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split_once('|').expect("each line holds a place and a template"))
}

/// Categories of contracts.md that a blank brings into a text; none for what is not personal.
#[cfg(test)]
pub(super) fn categories(blank: &str) -> &'static [&'static str] {
    match blank {
        "namn" | "fnamn" | "annan" | "hl" => &["person_name"],
        "pnr" => &["personal_number"],
        "mob" | "tel" | "annanmob" | "annantel" => &["phone"],
        "epost" | "annanepost" => &["email"],
        "adr" | "annanadr" => &["postal_address", "postal_code", "city"],
        "gata" => &["postal_address"],
        "fodd" => &["date_of_birth"],
        "regnr" => &["vehicle_registration"],
        "iban" => &["iban"],
        "bg" => &["bank_account"],
        "ip" => &["ip_address"],
        "kundnr" => &["customer_number"],
        _ => &[],
    }
}

fn fill(text: &mut Text, blank: &str, subject: &Subject, words: &Words, rng: &mut Rng) {
    match blank {
        "namn" => text.push_marked(subject.role, "person_name", &subject.full_name()),
        "fnamn" => text.push_marked(subject.role, "person_name", &subject.given),
        "pnr" => text.push_marked(subject.role, "personal_number", &subject.number_cell(rng).text),
        "mob" => text.push_marked(subject.role, "phone", &subject.mobile.form(rng)),
        "epost" => text.push_marked(subject.role, "email", &subject.email),
        "tel" => text.text.push_str(&subject.landline.form(rng)),
        "adr" => text.text.extend([&subject.street, ", ", &subject.post_line()]),
        "gata" => text.text.push_str(&subject.street),
        "fodd" => text.text.push_str(&subject.number.birth.iso()),
        "regnr" => text.text.push_str(&subject.plate),
        _ => text.text.push_str(&other(blank, words, rng)),
    }
}

/// What does not concern the subject: other persons, places, numbers, times.
fn other(blank: &str, words: &Words, rng: &mut Rng) -> String {
    match blank {
        "annan" | "hl" => words.full_name(rng),
        "annanmob" => Phone::mobile(rng).form(rng),
        "annantel" => Phone::landline(rng).form(rng),
        "annanepost" => {
            let woman = rng.chance(50);
            email(&words.given(rng, woman), &words.family(rng), rng)
        }
        "annanadr" => {
            let (code, town) = words.town(rng);
            format!("{}, {} {town}", words.street(rng), spaced(&code))
        }
        "iban" => identity::iban(rng),
        "bg" => identity::bankgiro(rng),
        "ip" => identity::ip(rng),
        "lokal" => (*rng.pick(&words.facilities)).to_owned(),
        "sal" => (*rng.pick(&words.rooms)).to_owned(),
        "forening" => words.association(rng),
        _ => number_or_time(blank, rng),
    }
}

fn number_or_time(blank: &str, rng: &mut Rng) -> String {
    match blank {
        "ocr" => identity::ocr(rng.between(400_000, 899_999)),
        "order" => order_number(rng),
        "nr" | "kundnr" => rng.between(10_000, 99_999).to_string(),
        "diarie" => format!("KFN {}/{:04}", rng.between(2012, 2026), rng.between(1, 1400)),
        "belopp" | "belopp2" => {
            rng.pick(&["450", "1 200", "3 750,00", "12 500", "900:-", "17500", "640,50"]).to_string()
        }
        "antal" => rng.between(2, 80).to_string(),
        "datum" => date(rng),
        "tid" => format!("{:02}:{}0", rng.between(7, 16), rng.below(6)),
        "tid2" => format!("{}.{}0", rng.between(17, 22), rng.below(6)),
        "ar" => rng.between(2009, 2026).to_string(),
        "dag" => rng.pick(&["måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"]).to_string(),
        "manad" => {
            rng.pick(&["januari", "mars", "april", "maj", "juni", "juli", "augusti", "oktober", "december"]).to_string()
        }
        unknown => unreachable!("a test names the blank {unknown}"),
    }
}

/// Ten digits that look like a personal number and are none: the month is over 12.
pub(super) fn order_number(rng: &mut Rng) -> String {
    format!("{:02}{:02}{:06}", rng.between(10, 26), rng.between(13, 52), rng.below(1_000_000))
}

/// A date as people write it.
fn date(rng: &mut Rng) -> String {
    let Date { year, month, day } = Date::within(rng, 2012, 2026);
    match rng.below(4) {
        0 => format!("{day}/{month}"),
        1 => format!("{:02}{month:02}{day:02}", year % 100),
        2 => format!("{day}/{month} {year}"),
        _ => format!("{year:04}-{month:02}-{day:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_can_be_filled() {
        let (words, mut rng) = (Words::load(), Rng::new(1));
        let subject = Subject::nth(0, &words, &mut rng);
        let prose = Prose::load();
        assert!(lines().count() >= 120);
        for place in prose.templates.keys() {
            for _ in 0..2000 {
                let text = prose.write(place, &subject, &words, &mut rng).text;
                assert!(!text.is_empty() && !text.contains(['{', '}']));
            }
        }
    }
}
