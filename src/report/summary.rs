//! The summary that a terminal shows after a scan: at most 25 lines of plain text.

use super::overview::{Overview, total};
use super::{Options, categories, numbers, texts};
use crate::map::Head;
use crate::sensitive::printable;

/// No summary is longer: it fits a screen of the smallest terminal.
#[cfg(test)]
const LINES: usize = 25;

const CATEGORIES: usize = 9;
const TABLES: usize = 5;
const NOT_READ: usize = 2;

/// What was read and found, in lines of at most `width` characters (never less than 40), each ended by a newline.
pub fn summary(head: &Head, options: &Options, width: usize) -> String {
    let overview = Overview::new(head, options.min_confidence);
    let mut lines = vec![read(head, options)];
    lines.extend(texts::weaker_tls(&head.read, options.lang));
    lines.extend([String::new(), texts::result(head, &overview, options.lang)]);
    lines.extend(categories(&overview, options));
    lines.extend(most_loaded(&overview, options));
    lines.extend(free_text(&overview, options));
    lines.extend(not_read(head, options));
    lines.iter().map(|line| cut(line, width.max(40)) + "\n").collect()
}

fn read(head: &Head, options: &Options) -> String {
    let lang = options.lang;
    let tables = texts::counted(head.read.tables, ("tabell", "tabeller"), ("table", "tables"), lang);
    let rows = texts::counted(head.read.rows, ("rad", "rader"), ("row", "rows"), lang);
    let amount = numbers::bytes(head.read.bytes, lang);
    let extent = texts::extent(&head.read, lang).join("; ");
    format!("{}: {tables}, {rows}, {amount} ({extent})", printable(&head.source.name))
}

/// One line per category: name, columns, hits, and a mark where the law has a rule of its own.
fn categories(overview: &Overview<'_>, options: &Options) -> Vec<String> {
    let lang = options.lang;
    let shown = &overview.categories[..overview.categories.len().min(CATEGORIES)];
    let names = shown.iter().map(|sum| categories::name(sum.category, lang).chars().count());
    let width = names.max().unwrap_or(0);
    let mut lines: Vec<_> = shown
        .iter()
        .map(|sum| {
            let columns = texts::counted(sum.columns as u64, ("kolumn", "kolumner"), ("column", "columns"), lang);
            let hits = texts::counted(sum.hits, ("träff", "träffar"), ("hit", "hits"), lang);
            let mark = if sum.category.is_special() { lang.choose("  känslig", "  special") } else { "" };
            format!("  {:width$}  {columns:>12}  {hits:>17}{mark}", categories::name(sum.category, lang))
        })
        .collect();
    if overview.categories.len() > shown.len() {
        let more = numbers::count((overview.categories.len() - shown.len()) as u64, lang);
        lines.push(lang.choose(format!("  och {more} slag till"), format!("  and {more} more kinds")));
    }
    lines
}

fn most_loaded(overview: &Overview<'_>, options: &Options) -> Vec<String> {
    let tables = overview.most_loaded(TABLES);
    if tables.is_empty() {
        return vec![];
    }
    let mut lines = vec![format!("{}:", texts::labels(options.lang).most_loaded)];
    lines.extend(tables.iter().map(|sum| {
        let hits = texts::counted(sum.hits, ("träff", "träffar"), ("hit", "hits"), options.lang);
        format!("  {hits:>17}  {}", sum.table)
    }));
    lines
}

fn free_text(overview: &Overview<'_>, options: &Options) -> Option<String> {
    let columns: Vec<_> =
        overview.free_text().iter().map(|(table, column)| format!("{table}.{}", printable(column))).collect();
    let label = texts::labels(options.lang).free_text;
    let count = numbers::count(columns.len() as u64, options.lang);
    (!columns.is_empty()).then(|| format!("{label} ({count}): {}", columns.join(", ")))
}

fn not_read(head: &Head, options: &Options) -> Vec<String> {
    let labels = texts::labels(options.lang);
    let mut lines = vec![];
    if !head.unreadable.is_empty() {
        lines.push(format!("{} ({}):", labels.not_read, numbers::count(head.unreadable.len() as u64, options.lang)));
    }
    lines.extend(head.unreadable.iter().take(NOT_READ).map(|unreadable| {
        let column = unreadable.column.as_deref().map(|column| format!(".{}", printable(column))).unwrap_or_default();
        format!("  {}{column}: {}", unreadable.table, printable(&unreadable.reason))
    }));
    if !head.not_text.is_empty() {
        let cells = numbers::count(total(head.not_text.iter().map(|column| column.cells)), options.lang);
        lines.push(format!("{}: {cells}", labels.not_text));
    }
    lines
}

/// At most `width` characters, with a mark where something is missing.
fn cut(line: &str, width: usize) -> String {
    if line.chars().count() <= width {
        return line.to_owned();
    }
    let kept: String = line.chars().take(width - 1).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Category, FindingKind};
    use crate::report::{Lang, sample};

    #[test]
    fn it_tells_what_was_read_and_found() {
        let text =
            summary(&sample::head(), &Options { lang: Lang::En, ..Options::default() }, 100).replace('\u{a0}', " ");
        assert!(text.starts_with("bokning.db: 3 tables, 13,345 rows, 3.4 MB (every row)\n"), "{text}");
        for part in
            ["Personal data stands in 9 columns of 3 tables", "1,188 hits", "In free text (1): bokning.anm", "logg: "]
        {
            assert!(text.contains(part), "{part} in {text}");
        }
        let first = text.lines().nth(3).unwrap();
        assert!(first.trim_start().starts_with("Health") && first.ends_with("special"), "{first}");
    }

    #[test]
    fn it_states_a_connection_that_was_not_verified() {
        let mut head = sample::head();
        head.read.weaker_tls = Some("sslmode=require".to_owned());
        let text = |lang| summary(&head, &Options { lang, ..Options::default() }, 300);
        assert!(text(Lang::En).contains("protected less than usual"));
        assert!(text(Lang::Sv).contains("svagare skyddad än vanligt"));
        let narrow = summary(&head, &Options::default(), 40);
        assert!(narrow.lines().any(|line| line.starts_with("sslmode=require:")), "{narrow}");
    }

    #[test]
    fn it_fits_a_small_screen_whatever_the_database() {
        let mut head = sample::head();
        for (number, category) in Category::ALL.iter().enumerate() {
            let table = format!("table {number} {}", "x".repeat(300));
            let mut finding = sample::finding(&table, "column", *category, 0.9, [u64::MAX / 100; 4]);
            finding.kind = FindingKind::FreeText;
            head.findings.push(finding);
            head.unreadable.push(head.unreadable[0].clone());
        }
        for lang in [Lang::Sv, Lang::En] {
            for width in [0, 40, 80] {
                let text = summary(&head, &Options { lang, ..Options::default() }, width);
                assert!(text.lines().count() <= LINES, "{}", text.lines().count());
                assert!(text.lines().all(|line| line.chars().count() <= width.max(40)));
            }
        }
    }

    #[test]
    fn names_cannot_steer_the_terminal() {
        let mut head = sample::hostile();
        head.findings.iter_mut().for_each(|finding| finding.kind = FindingKind::FreeText);
        let text = summary(&head, &Options::default(), 400);
        assert!(text.chars().all(|c| c == '\n' || (!c.is_control() && c != '\u{202e}')), "{text:?}");
    }
}
