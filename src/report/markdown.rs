//! The Markdown report: padded tables, which read well in a terminal as they are.

use std::fmt::Write;

use super::overview::{Overview, TableSum};
use super::texts::{self, Labels};
use super::{Lang, Options, categories, html, numbers, reasons};
use crate::map::Head;
use crate::sensitive::printable;

pub(super) fn render(head: &Head, options: &Options) -> String {
    let lang = options.lang;
    let (overview, labels) = (Overview::new(head, options.min_confidence), texts::labels(lang));
    let mut out = format!("# {}\n\n{}\n\n", labels.title, texts::notice(options));
    push_line(&mut out, &texts::result(head, &overview, lang));
    if let Some(special) = texts::special(&overview, lang) {
        push_line(&mut out, &special);
    }
    scanned(&mut out, head, &labels, lang);
    if !overview.findings.is_empty() {
        by_category(&mut out, &overview, &labels, lang);
    }
    for table in &overview.tables {
        of_table(&mut out, table, &labels, options);
    }
    not_read(&mut out, head, &labels, lang);
    let _ = writeln!(out, "\n## {}\n", labels.next);
    for (number, step) in texts::next_steps(head, &overview, lang).iter().enumerate() {
        let _ = writeln!(out, "{}. {step}", number + 1);
    }
    out
}

fn push_line(out: &mut String, line: &str) {
    out.push_str(line);
    out.push('\n');
}

fn scanned(out: &mut String, head: &Head, labels: &Labels, lang: Lang) {
    let _ = writeln!(out, "\n## {}\n", labels.scanned);
    let rows = [
        (labels.database, format!("{} ({})", escape(&head.source.name), escape(&head.source.engine))),
        (labels.created, escape(&html::moment(&head.created))),
        (labels.version, format!("sanera {}", escape(&head.sanera))),
        (labels.tables, numbers::count(head.read.tables, lang)),
        (labels.rows, numbers::count(head.read.rows, lang)),
        (labels.amount, numbers::bytes(head.read.bytes, lang)),
        (
            labels.extent,
            texts::extent_and_tls(&head.read, lang).iter().map(|line| escape(line)).collect::<Vec<_>>().join("; "),
        ),
    ];
    for (label, value) in rows {
        let _ = writeln!(out, "- {label}: {value}");
    }
}

fn by_category(out: &mut String, overview: &Overview<'_>, labels: &Labels, lang: Lang) {
    let _ = writeln!(out, "\n## {}\n", labels.by_category);
    let rows = overview.categories.iter().map(|sum| {
        let law = categories::law(sum.category, lang).map(|law| format!(" ({law})")).unwrap_or_default();
        vec![
            format!("{}{law}", categories::name(sum.category, lang)),
            numbers::count(sum.columns as u64, lang),
            numbers::count(sum.cells, lang),
            numbers::count(sum.hits, lang),
        ]
    });
    table(out, &[labels.category, labels.columns, labels.cells, labels.hits], &rows.collect::<Vec<_>>());
}

fn of_table(out: &mut String, sum: &TableSum<'_>, labels: &Labels, options: &Options) {
    let lang = options.lang;
    let _ = writeln!(out, "\n## {}: {}\n", labels.table, escape(&sum.table.to_string()));
    let mut headings = vec![labels.column, labels.category, labels.kind, labels.cells, labels.confidence, labels.why];
    if options.show_samples {
        headings.push(labels.samples);
    }
    let rows = sum.findings.iter().map(|finding| {
        let path = finding.path.as_deref().map(|path| format!(" {path}")).unwrap_or_default();
        let (hits, cells) = (numbers::count(finding.cells_with_hits, lang), numbers::count(finding.cells, lang));
        let mut row = vec![
            escape(&format!("{}{path}", finding.column)),
            categories::name(finding.category, lang).to_owned(),
            reasons::kind(finding.kind, lang).to_owned(),
            format!("{hits} {} {cells}", labels.of),
            reasons::confidence(finding.confidence, lang),
            escape(&reasons::sentences(finding, lang).join("; ")),
        ];
        if options.show_samples {
            row.push(escape(&finding.samples.join("; ")));
        }
        row
    });
    table(out, &headings, &rows.collect::<Vec<_>>());
}

fn not_read(out: &mut String, head: &Head, labels: &Labels, lang: Lang) {
    if !head.unreadable.is_empty() {
        let _ = writeln!(out, "\n## {}\n", labels.not_read);
        let rows = head.unreadable.iter().map(|unreadable| {
            let column = unreadable.column.as_deref().unwrap_or(labels.whole_table);
            vec![escape(&unreadable.table.to_string()), escape(column), escape(&unreadable.reason)]
        });
        table(out, &[labels.table, labels.column, labels.reason], &rows.collect::<Vec<_>>());
    }
    if !head.not_text.is_empty() {
        let _ = writeln!(out, "\n## {}\n", labels.not_text);
        let rows = head.not_text.iter().map(|column| {
            vec![escape(&column.table.to_string()), escape(&column.column), numbers::count(column.cells, lang)]
        });
        table(out, &[labels.table, labels.column, labels.cells], &rows.collect::<Vec<_>>());
    }
}

/// A table whose columns are padded to the same width.
fn table(out: &mut String, headings: &[&str], rows: &[Vec<String>]) {
    let headings: Vec<String> = headings.iter().map(|heading| (*heading).to_owned()).collect();
    let widths: Vec<usize> = (0..headings.len())
        .map(|i| rows.iter().chain([&headings]).map(|row| row[i].chars().count()).max().unwrap_or(0))
        .collect();
    let rule = widths.iter().map(|width| "-".repeat(*width)).collect();
    for row in [headings, rule].iter().chain(rows) {
        for (cell, width) in row.iter().zip(&widths) {
            let _ = write!(out, "| {cell:width$} ");
        }
        out.push_str("|\n");
    }
}

/// A name as Markdown text: nothing in it is markup. An underscore between letters is none.
fn escape(text: &str) -> String {
    let text = printable(text);
    let mut escaped = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    let mut before = ' ';
    while let Some(c) = rest.next() {
        let inside = before.is_alphanumeric() && rest.peek().is_some_and(|next| next.is_alphanumeric());
        if matches!(c, '\\' | '|' | '`' | '*' | '<' | '>' | '[' | ']' | '&' | '~' | '#') || (c == '_' && !inside) {
            escaped.push('\\');
        }
        escaped.push(c);
        before = c;
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn the_tables_hold_the_heads_numbers() {
        let text = render(&sample::head(), &Options { lang: Lang::En, ..Options::default() });
        for part in
            ["Personal number", "1,188 of 1,200", "certain (0.98)", "13,345", "3.4", "logg", "311", "GDPR Article 9"]
        {
            assert!(text.contains(part), "{part} in {text}");
        }
    }

    #[test]
    fn every_line_of_a_table_has_the_same_width_and_number_of_cells() {
        for head in [sample::head(), sample::hostile()] {
            let text = render(&head, &Options::default());
            let lines: Vec<_> = text.lines().collect();
            for table in
                lines.chunk_by(|a, b| a.starts_with('|') == b.starts_with('|')).filter(|t| t[0].starts_with('|'))
            {
                let shape = |line: &str| (line.chars().count(), line.replace("\\|", "").matches('|').count());
                assert!(
                    table.iter().all(|line| shape(line).1 == shape(table[0]).1 && shape(line).0 == shape(table[0]).0)
                );
            }
        }
    }

    #[test]
    fn markup_in_names_is_escaped() {
        assert_eq!(escape("a|b`c<d>_e_f"), "a\\|b\\`c\\<d\\>\\_e_f");
        assert_eq!(escape("kund_id"), "kund_id");
    }
}
