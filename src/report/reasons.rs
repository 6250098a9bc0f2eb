//! Reasons and verdicts in words: one plain sentence for each [`Reason`].

use super::{Lang, numbers};
use crate::finding::{Finding, FindingKind, Reason};
use crate::sensitive::printable;

/// All reasons of a finding as sentences, the strongest first.
pub(super) fn sentences(finding: &Finding, lang: Lang) -> Vec<String> {
    finding.evidence.iter().map(|reason| sentence(reason, lang)).collect()
}

/// One reason as a sentence without a full stop.
fn sentence(reason: &Reason, lang: Lang) -> String {
    let number = |n: u64| numbers::count(n, lang);
    match reason {
        Reason::Rate { rule, hits, cells, chance } => rate(rule, *hits, *cells, *chance, lang),
        Reason::ColumnWord { word } => {
            let word = printable(word);
            lang.choose(format!("kolumnens namn innehåller ”{word}”"), format!("the column's name contains “{word}”"))
        }
        Reason::CommentWord { word } => {
            let word = printable(word);
            lang.choose(
                format!("kolumnens kommentar innehåller ”{word}”"),
                format!("the column's comment contains “{word}”"),
            )
        }
        Reason::TypeWord { word } => {
            let word = printable(word);
            lang.choose(format!("kolumnens typ heter ”{word}”"), format!("the column's type is called “{word}”"))
        }
        Reason::TableWord { word } => {
            let word = printable(word);
            lang.choose(format!("tabellens namn innehåller ”{word}”"), format!("the table's name contains “{word}”"))
        }
        Reason::Kind { kind, hits } => {
            let (kind, hits) = (printable(kind), number(*hits));
            lang.choose(format!("varav {hits} av slaget {kind}"), format!("of them {hits} of the kind {kind}"))
        }
        Reason::Neighbours { columns: 1 } => lang.choose(
            "en annan kolumn i tabellen handlar om personer".to_owned(),
            "one other column of the table is about persons".to_owned(),
        ),
        Reason::Neighbours { columns } => lang.choose(
            format!("{} andra kolumner i tabellen handlar om personer", number(*columns)),
            format!("{} other columns of the table are about persons", number(*columns)),
        ),
        Reason::Births { from, to } => {
            let (from, to) = (printable(from), printable(to));
            let sv = |decade: &str| format!("{}-talet", decade.trim_end_matches('s'));
            lang.choose(
                format!("datumen ligger som födelsedatum gör, från {} till {}", sv(&from), sv(&to)),
                format!("the dates lie as birth dates do, from the {from} to the {to}"),
            )
        }
        Reason::KeyOfPersons => lang.choose(
            "numret är unikt för varje person i tabellen och heter efter den".to_owned(),
            "the number is unique to each person of the table and called after it".to_owned(),
        ),
        Reason::Link { to } => {
            let to = printable(to);
            lang.choose(format!("kolumnen pekar på {to}"), format!("the column links to {to}"))
        }
        Reason::Mentions { of } => {
            let of = printable(of);
            lang.choose(format!("texten nämner värden ur {of}"), format!("its texts mention values of {of}"))
        }
        Reason::AddressBeside => lang.choose(
            "en annan del av en adress står bredvid".to_owned(),
            "another part of an address stands beside it".to_owned(),
        ),
        Reason::NameBeside => lang.choose(
            "den andra delen av ett namn står bredvid".to_owned(),
            "the other part of a name stands beside it".to_owned(),
        ),
        Reason::NoPerson => lang.choose(
            "talar emot: inget i tabellen pekar ut en person".to_owned(),
            "speaks against: nothing in the table tells of a person".to_owned(),
        ),
        Reason::OfThing => lang.choose(
            "talar emot: tabellen handlar om saker eller platser".to_owned(),
            "speaks against: the table is about things or places".to_owned(),
        ),
        Reason::Rival => lang.choose(
            "talar emot: en annan kategori förklarar samma celler bättre".to_owned(),
            "speaks against: another category explains the same cells better".to_owned(),
        ),
        Reason::AgainstName { word } => {
            let word = printable(word);
            lang.choose(
                format!("talar emot: kolumnens namn innehåller ”{word}”"),
                format!("speaks against: the column's name contains “{word}”"),
            )
        }
        Reason::Chance { rule, chance } => {
            let (rule, chance) = (printable(rule), numbers::percent(*chance, lang));
            lang.choose(
                format!("talar emot: träffarna är inte fler än slumpen ger (regel {rule}; {chance} av en slump)"),
                format!("speaks against: no more hits than chance gives (rule {rule}; {chance} by chance)"),
            )
        }
        Reason::Distinct { distinct, cells } => lang.choose(
            format!("talar emot: {} olika värden i {} celler", number(*distinct), number(*cells)),
            format!("speaks against: {} different values in {} cells", number(*distinct), number(*cells)),
        ),
        Reason::NoCells => lang.choose(
            "inga celler kunde granskas: tabellen är tom eller innehållet går inte att läsa".to_owned(),
            "no cell could be looked at: the table is empty or its content cannot be read".to_owned(),
        ),
    }
}

fn rate(rule: &str, hits: u64, cells: u64, chance: f64, lang: Lang) -> String {
    let (low, high) = interval(hits, cells);
    let share = format!("{} – {}", numbers::percent(low, lang), numbers::percent(high, lang));
    let (rule, hits, cells) = (printable(rule), numbers::count(hits, lang), numbers::count(cells, lang));
    let chance = if chance > 0.0 {
        let share = numbers::percent(chance, lang);
        lang.choose(format!("; {share} skulle göra det av en slump"), format!("; {share} would by chance"))
    } else {
        String::new()
    };
    lang.choose(
        format!("{hits} av {cells} celler stämmer med vad som söks (regel {rule}; {share} med 95 % säkerhet{chance})"),
        format!("{hits} of {cells} cells hold what is looked for (rule {rule}; {share} with 95% certainty{chance})"),
    )
}

/// The 95 % interval of a rate (Wilson, Journal of the American Statistical Association 22, 1927).
fn interval(hits: u64, cells: u64) -> (f64, f64) {
    const Z2: f64 = 1.96 * 1.96;
    if cells == 0 {
        return (0.0, 1.0);
    }
    let n = cells as f64;
    let rate = (hits as f64 / n).min(1.0);
    let middle = rate + Z2 / (2.0 * n);
    let half = (rate * (1.0 - rate) * Z2 / n + Z2 * Z2 / (4.0 * n * n)).sqrt();
    (((middle - half) / (1.0 + Z2 / n)).max(0.0), ((middle + half) / (1.0 + Z2 / n)).min(1.0))
}

/// From this confidence on a finding is called certain; `init` acts on such findings only.
const CERTAIN: f64 = 0.9;
const LIKELY: f64 = 0.7;

/// Confidence in a word.
pub(super) fn certainty(confidence: f64, lang: Lang) -> &'static str {
    match confidence {
        c if c >= CERTAIN => lang.choose("säkert", "certain"),
        c if c >= LIKELY => lang.choose("troligt", "likely"),
        _ => lang.choose("möjligt", "possible"),
    }
}

/// Whether a person should look at a finding before anything is done with it.
pub(super) fn is_doubtful(confidence: f64) -> bool {
    confidence < CERTAIN
}

/// Confidence in a word and as a number: `säkert (0,98)`.
pub(super) fn confidence(confidence: f64, lang: Lang) -> String {
    format!("{} ({})", certainty(confidence, lang), numbers::probability(confidence, lang))
}

/// How the data stands in the column.
pub(super) fn kind(kind: FindingKind, lang: Lang) -> &'static str {
    match kind {
        FindingKind::Typed => lang.choose("eget fält", "field of its own"),
        FindingKind::FreeText => lang.choose("i fritext", "in free text"),
        FindingKind::Nested => lang.choose("i strukturerade data", "in structured data"),
        FindingKind::Document => lang.choose("i dokument", "in documents"),
        FindingKind::NameOnly => lang.choose("endast kolumnnamnet", "column name only"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_tells_counts_rule_and_chance() {
        let reason = Reason::Rate { rule: "se-personnummer".to_owned(), hits: 1188, cells: 1200, chance: 0.007 };
        assert_eq!(
            sentence(&reason, Lang::Sv).replace('\u{a0}', " "),
            "1 188 av 1 200 celler stämmer med vad som söks (regel se-personnummer; 98,3 % – 99,4 % med 95 % säkerhet; 0,7 % skulle göra det av en slump)"
        );
        assert_eq!(
            sentence(&reason, Lang::En),
            "1,188 of 1,200 cells hold what is looked for (rule se-personnummer; 98.3% – 99.4% with 95% certainty; 0.7% would by chance)"
        );
    }

    #[test]
    fn the_word_for_confidence_follows_the_number() {
        for (number, sv) in
            [(0.98, "säkert (0,98)"), (0.9, "säkert (0,90)"), (0.8, "troligt (0,80)"), (0.5, "möjligt (0,50)")]
        {
            assert_eq!(confidence(number, Lang::Sv), sv);
        }
    }
}
