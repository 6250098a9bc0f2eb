//! Headings, labels and sentences of the reports, Swedish beside English. Categories and reasons have files of
//! their own.

use serde::Serialize;

use super::overview::Overview;
use super::{Lang, Options, categories, numbers};
use crate::map::{Head, ReadInfo};
use crate::sensitive::printable;

/// Labels that stand alone; the page's template reads them by these names.
#[derive(Serialize)]
pub(super) struct Labels {
    pub(super) title: &'static str,
    confidential: &'static str,
    pub(super) scanned: &'static str,
    pub(super) database: &'static str,
    pub(super) created: &'static str,
    pub(super) version: &'static str,
    pub(super) tables: &'static str,
    pub(super) rows: &'static str,
    pub(super) amount: &'static str,
    pub(super) extent: &'static str,
    pub(super) by_category: &'static str,
    pub(super) by_table: &'static str,
    pub(super) category: &'static str,
    pub(super) columns: &'static str,
    pub(super) hits: &'static str,
    pub(super) column: &'static str,
    pub(super) kind: &'static str,
    pub(super) cells: &'static str,
    pub(super) of: &'static str,
    pub(super) confidence: &'static str,
    pub(super) why: &'static str,
    pub(super) samples: &'static str,
    special: &'static str,
    high: &'static str,
    chart: &'static str,
    pub(super) not_read: &'static str,
    pub(super) not_text: &'static str,
    not_text_about: &'static str,
    pub(super) whole_table: &'static str,
    pub(super) table: &'static str,
    pub(super) reason: &'static str,
    pub(super) next: &'static str,
    how_sure: &'static str,
    pub(super) most_loaded: &'static str,
    pub(super) free_text: &'static str,
}

/// All labels in one language.
pub(super) fn labels(lang: Lang) -> Labels {
    Labels {
        title: lang.choose("Personuppgifter i databasen", "Personal data in the database"),
        confidential: lang.choose("Konfidentiellt", "Confidential"),
        scanned: lang.choose("Så genomsöktes databasen", "How the database was scanned"),
        database: lang.choose("Databas", "Database"),
        created: lang.choose("Tidpunkt", "Time"),
        version: lang.choose("Verktyg", "Tool"),
        tables: lang.choose("Tabeller", "Tables"),
        rows: lang.choose("Rader", "Rows"),
        amount: lang.choose("Text", "Text"),
        extent: lang.choose("Omfattning", "Extent"),
        by_category: lang.choose("Vilka uppgifter som finns", "Which data there is"),
        by_table: lang.choose("Var uppgifterna finns", "Where the data is"),
        category: lang.choose("Uppgift", "Data"),
        columns: lang.choose("Kolumner", "Columns"),
        hits: lang.choose("Träffar", "Hits"),
        column: lang.choose("Kolumn", "Column"),
        kind: lang.choose("Står", "Stands"),
        cells: lang.choose("Celler", "Cells"),
        of: lang.choose("av", "of"),
        confidence: lang.choose("Säkerhet", "Confidence"),
        why: lang.choose("Varför", "Why"),
        samples: lang.choose("Exempel", "Samples"),
        special: lang.choose("känslig", "special"),
        high: lang.choose("extra skyddsvärd", "extra protection"),
        chart: lang.choose("Antal celler med träff för varje slags uppgift", "Cells with a hit for each kind of data"),
        not_read: lang.choose("Det som inte kunde läsas", "What could not be read"),
        not_text: lang.choose("Celler utan text", "Cells without text"),
        not_text_about: lang.choose(
            "Bilder, dokument och liknande: de är räknade men inte granskade, och kan innehålla personuppgifter.",
            "Pictures, documents and the like: counted but not looked into; they may hold personal data.",
        ),
        whole_table: lang.choose("hela tabellen", "the whole table"),
        table: lang.choose("Tabell", "Table"),
        reason: lang.choose("Orsak", "Reason"),
        next: lang.choose("Nästa steg", "What to do next"),
        how_sure: lang.choose(
            "Säkert är 0,90 och högre, troligt 0,70 och högre, möjligt därunder. Talet är sannolikheten för att \
             bedömningen av kolumnen stämmer.",
            "Certain is 0.90 and above, likely 0.70 and above, possible below that. The number is the probability that \
             the verdict on the column is right.",
        ),
        most_loaded: lang.choose("Mest i", "Most in"),
        free_text: lang.choose("I fritext", "In free text"),
    }
}

/// What a reader must know of the report itself.
pub(super) fn notice(options: &Options) -> &'static str {
    let lang = options.lang;
    if options.show_samples {
        lang.choose(
            "Rapporten visar var personuppgifter finns och innehåller exempel på dem. Den är själv en samling \
             personuppgifter: sprid den bara till dem som behöver den, och radera den när den inte längre behövs.",
            "This report shows where personal data is and holds samples of it. It is itself a collection of personal \
             data: give it only to those who need it, and delete it when it is no longer needed.",
        )
    } else {
        lang.choose(
            "Rapporten visar var personuppgifter finns, men inga värden ur databasen. Den är ändå en vägkarta för den \
             som vill komma åt uppgifterna: sprid den bara till dem som behöver den.",
            "This report shows where personal data is, but no values from the database. It is still a road map for \
             whoever wants to get at the data: give it only to those who need it.",
        )
    }
}

/// The result in one sentence.
pub(super) fn result(head: &Head, overview: &Overview<'_>, lang: Lang) -> String {
    let read = counted(head.read.tables, ("läst tabell", "lästa tabeller"), ("table read", "tables read"), lang);
    if overview.findings.is_empty() {
        return lang.choose(
            format!("Inga personuppgifter hittades ({read})."),
            format!("No personal data was found ({read})."),
        );
    }
    let columns = counted(overview.columns() as u64, ("kolumn", "kolumner"), ("column", "columns"), lang);
    let tables = counted(overview.tables.len() as u64, ("tabell", "tabeller"), ("table", "tables"), lang);
    lang.choose(
        format!("Personuppgifter finns i {columns} i {tables} ({read})."),
        format!("Personal data stands in {columns} of {tables} ({read})."),
    )
}

/// The special categories that were found, in a sentence; `None` where there are none.
pub(super) fn special(overview: &Overview<'_>, lang: Lang) -> Option<String> {
    let names: Vec<_> = overview.special().map(|category| categories::name(category, lang).to_lowercase()).collect();
    let list = names.join(", ");
    (!names.is_empty()).then(|| {
        lang.choose(
            format!("Bland dem finns uppgifter som kräver särskilt stöd (artikel 9 och 10 i dataskyddsförordningen): {list}."),
            format!("Among it is data that needs a legal basis of its own (GDPR Articles 9 and 10): {list}."),
        )
    })
}

/// How much of the database was looked at.
pub(super) fn extent(read: &ReadInfo, lang: Lang) -> Vec<String> {
    let globs = |list: &[String]| list.iter().map(|glob| printable(glob)).collect::<Vec<_>>().join(", ");
    let mut lines = vec![match read.sample {
        None => lang.choose("alla rader".to_owned(), "every row".to_owned()),
        Some(rows) => {
            let rows = numbers::count(rows, lang);
            lang.choose(
                format!("ett urval på ungefär {rows} rader per tabell"),
                format!("a sample of about {rows} rows per table"),
            )
        }
    }];
    if !read.tables_only.is_empty() {
        lines.push(format!(
            "{} {}",
            lang.choose("endast tabeller som heter", "only tables named"),
            globs(&read.tables_only)
        ));
    }
    if !read.excluded.is_empty() {
        lines.push(format!(
            "{} {}",
            lang.choose("utom tabeller som heter", "without tables named"),
            globs(&read.excluded)
        ));
    }
    if read.recoded > 0 {
        let cells = counted(read.recoded, ("cell", "celler"), ("cell", "cells"), lang);
        lines.push(lang.choose(
            format!("{cells} i en äldre teckenkodning lästes som Windows-1252 eller UTF-16"),
            format!("{cells} in an older encoding read as Windows-1252 or UTF-16"),
        ));
    }
    if read.skew_s > 0.0 {
        let seconds = numbers::seconds(read.skew_s, lang);
        lines.push(lang.choose(
            format!("det lästa är från olika ögonblick inom {seconds}; ändringar däremellan kan ha missats"),
            format!("what was read is of different moments within {seconds}; changes in between may have been missed"),
        ));
    }
    lines
}

/// How fully it was read, and over what connection.
pub(super) fn extent_and_tls(read: &ReadInfo, lang: Lang) -> Vec<String> {
    extent(read, lang).into_iter().chain(weaker_tls(read, lang)).collect()
}

/// That the connection was not verified as usual; what the user wrote stands first, where no narrow screen cuts it off.
pub(super) fn weaker_tls(read: &ReadInfo, lang: Lang) -> Option<String> {
    let wish = read.weaker_tls.as_ref()?;
    Some(lang.choose(
        format!("{wish}: förbindelsen till servern var svagare skyddad än vanligt"),
        format!("{wish}: the connection to the server was protected less than usual"),
    ))
}

/// What to do next, in order, as far as the findings ask for it.
pub(super) fn next_steps(head: &Head, overview: &Overview<'_>, lang: Lang) -> Vec<&'static str> {
    let doubtful = overview.findings.iter().any(|finding| super::reasons::is_doubtful(finding.confidence));
    let steps = [
        (
            doubtful,
            "Gå igenom det som är troligt eller möjligt tillsammans med den som förvaltar systemet, och avgör vad som stämmer.",
            "Go through what is likely or possible together with whoever runs the system, and decide what is right.",
        ),
        (
            overview.special().next().is_some(),
            "Kontrollera att det finns ett undantag enligt artikel 9.2, eller stöd enligt artikel 10, för varje känslig uppgift.",
            "Check that an exception of Article 9(2), or a basis under Article 10, holds for each special category.",
        ),
        (
            !overview.free_text().is_empty(),
            "Bestäm vad som får stå i fritextfälten och hur det som inte ska vara där tas bort.",
            "Decide what may stand in free-text fields and how what should not be there is removed.",
        ),
        (
            !head.unreadable.is_empty() || !head.not_text.is_empty(),
            "Granska på annat sätt det som inte kunde läsas och de celler som inte är text.",
            "Look in another way at what could not be read and at cells that hold no text.",
        ),
        (
            !overview.findings.is_empty(),
            "Jämför med registret över behandlingar (artikel 30): ändamål, rättslig grund och gallringstid för varje tabell.",
            "Compare with the record of processing (Article 30): purpose, legal basis and retention for each table.",
        ),
        (
            head.read.sample.is_some(),
            "Sök igenom alla rader: ett urval kan missa uppgifter som är sällsynta.",
            "Scan every row: a sample can miss data that is rare.",
        ),
        (
            true,
            "Sök igenom databasen på nytt när systemet ändras, och minst en gång om året.",
            "Scan again when the system changes, and at least once a year.",
        ),
    ];
    steps.into_iter().filter(|(holds, ..)| *holds).map(|(_, sv, en)| lang.choose(sv, en)).collect()
}

/// A number with its noun, each language's singular and plural.
pub(super) fn counted(number: u64, sv: (&str, &str), en: (&str, &str), lang: Lang) -> String {
    let (one, many) = lang.choose(sv, en);
    format!("{} {}", numbers::count(number, lang), if number == 1 { one } else { many })
}
