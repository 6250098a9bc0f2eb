//! Rows as the command line clients print them, with NULL apart from every text. For tests/common/servers.rs.

/// One row of a result; None is NULL.
pub(crate) type Row = Vec<Option<String>>;

/// PostgreSQL's COPY in its text format, where NULL is `\N` and a backslash in a value is two.
pub(crate) fn copy(text: &str) -> Vec<Row> {
    let cell = |cell: &str| (cell != "\\N").then(|| unescaped(cell));
    text.lines().map(|line| line.split('\t').map(cell).collect()).collect()
}

fn unescaped(cell: &str) -> String {
    let mut characters = cell.chars();
    let mut text = String::with_capacity(cell.len());
    while let Some(character) = characters.next() {
        if character != '\\' {
            text.push(character);
            continue;
        }
        match characters.next().expect("a backslash begins an escape") {
            'b' => text.push('\u{8}'),
            'f' => text.push('\u{c}'),
            'n' => text.push('\n'),
            'r' => text.push('\r'),
            't' => text.push('\t'),
            'v' => text.push('\u{b}'),
            other => text.push(other),
        }
    }
    text
}

/// The XML of MariaDB's client: its other formats write NULL like the text 'NULL'. Every `<` of a value is escaped.
pub(crate) fn xml(xml: &str) -> Vec<Row> {
    let cell = |field: &str| {
        let (tag, rest) = field.split_once('>').expect("a field's tag ends");
        let text = rest.split_once("</field>").map(|(text, _)| text);
        (!tag.ends_with("xsi:nil=\"true\" /")).then(|| unentitied(text.expect("a field ends")))
    };
    xml.split("<row>").skip(1).map(|row| row.split("<field ").skip(1).map(cell).collect()).collect()
}

fn unentitied(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

pub(crate) fn sqlite(connection: &rusqlite::Connection, select: &str) -> rusqlite::Result<Vec<Row>> {
    use rusqlite::types::ValueRef;
    let mut statement = connection.prepare(select)?;
    let columns = statement.column_count();
    let cell = |value: ValueRef<'_>| match value {
        ValueRef::Null => None,
        ValueRef::Integer(integer) => Some(integer.to_string()),
        ValueRef::Real(real) => Some(real.to_string()),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
            Some(String::from_utf8(bytes.to_vec()).expect("UTF-8: ask for bytes in hexadecimal"))
        }
    };
    let rows = statement.query_map([], |row| (0..columns).map(|column| Ok(cell(row.get_ref(column)?))).collect())?;
    rows.collect()
}
