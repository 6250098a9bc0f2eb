//! Where triggers on the tables of a plan write: to tables that can roll back, and only where we can look.
//!
//! Their text is read as words, since no parser knows all that can stand there. What it may mean is taken at its worst.

use std::collections::BTreeSet;
use std::iter::Peekable;
use std::str::Chars;

use super::Mysql;
use super::inspect::VERSIONED;
use crate::Result;
use crate::catalog::{Table, TableKind, TableName};
use crate::sensitive::printable;

/// Routines, with a body only for those who may read it.
const ROUTINES: &str = "\
    SELECT ROUTINE_NAME, ROUTINE_DEFINITION IS NULL OR ROUTINE_DEFINITION = '' FROM information_schema.ROUTINES \
    WHERE ROUTINE_SCHEMA OURS";

/// Words that may stand before a parenthesis and are no routine of the user's. MySQL lists its keywords only.
const WORDS: &str = "SELECT WORD FROM information_schema.KEYWORDS \
    UNION SELECT FUNCTION FROM information_schema.SQL_FUNCTIONS";

/// What may stand between a writing statement's first word and its table.
const MODIFIERS: [&str; 6] = ["low_priority", "high_priority", "delayed", "quick", "ignore", "into"];

/// A part of a trigger's text, in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    /// A keyword or a name.
    Word(String),
    /// In quotes: a name, or a string that could be one.
    Quoted(String),
    Sign(char),
}

/// A name, with its database where the text tells it.
type Name = (Option<String>, String);

/// What a text writes to or calls.
#[derive(Debug, Default, PartialEq, Eq)]
struct Reach {
    tables: BTreeSet<Name>,
    procedures: BTreeSet<Name>,
    /// All that stands before a parenthesis.
    functions: BTreeSet<Name>,
}

impl Mysql {
    /// Refuses the tables if their triggers, or the triggers of those that these write to, reach what can't roll back
    /// or what this role can't see.
    pub(super) fn fit_triggers(&mut self, names: &[TableName]) -> Result<()> {
        let reached = self.reached(names);
        if reached.iter().all(|table| table.triggers.is_empty()) {
            return self.fit_engines(&reached);
        }
        let routines = self.about_ours(ROUTINES)?;
        let words = if self.mariadb { self.texts(WORDS)?.concat() } else { Vec::new() };
        let words: BTreeSet<String> = words.iter().map(|word| word.to_lowercase()).collect();
        for table in &reached {
            for trigger in &table.triggers {
                // The first line is its event. The rest is empty for those who may not read it.
                let body = trigger.sql.split_once('\n').map_or("", |it| it.1);
                let reach = tokens(body).map(|tokens| reach(&tokens));
                let unseen = match &reach {
                    _ if body.trim().is_empty() => {
                        Some("what this role can't see: it lacks the right TRIGGER".to_owned())
                    }
                    Some(reach) => self.unseen(reach, &routines, &words),
                    None => Some("text in which a quote stands behind a backslash, which has two meanings".to_owned()),
                };
                if let Some(what) = unseen {
                    return super::write::refused(&format!(
                        "trigger {} on {} reaches {what}; drop the trigger, or apply as a role that can see it",
                        printable(&trigger.name),
                        table.name
                    ));
                }
            }
        }
        self.fit_engines(&reached)
    }

    /// The tables, and those that their triggers can lead to: a name inside a longer word counts as well.
    fn reached(&self, names: &[TableName]) -> Vec<Table> {
        let mut reached: Vec<&Table> = names.iter().filter_map(|name| self.tables.get(name)).collect();
        let mut next = 0;
        while let Some(&table) = reached.get(next) {
            let texts: Vec<String> = table.triggers.iter().map(|trigger| trigger.sql.to_lowercase()).collect();
            for other in self.tables.values() {
                let named = texts.iter().any(|text| text.contains(&other.name.name.to_lowercase()));
                if named && !reached.iter().any(|known| known.name == other.name) {
                    reached.push(other);
                }
            }
            next += 1;
        }
        reached.into_iter().cloned().collect()
    }

    /// A trigger's writes to a table that can't roll back would stay, whatever becomes of ours.
    fn fit_engines(&mut self, reached: &[Table]) -> Result<()> {
        let safe = "SELECT ENGINE FROM information_schema.ENGINES WHERE TRANSACTIONS = 'YES' AND SAVEPOINTS = 'YES'";
        let safe = self.texts(safe)?.concat();
        let unsafe_table = reached.iter().find(|table| {
            let engine = table.detail.as_deref().unwrap_or_default().trim_end_matches(VERSIONED);
            matches!(table.kind, TableKind::Base | TableKind::Foreign) && !safe.iter().any(|known| known == engine)
        });
        let Some(table) = unsafe_table else { return Ok(()) };
        super::write::refused(&format!(
            "table {} is stored by {}, which can't roll back; ALTER TABLE … ENGINE = InnoDB",
            table.name,
            table.detail.as_deref().unwrap_or("an engine")
        ))
    }

    /// Something there that this role can't look at.
    fn unseen(&self, reach: &Reach, routines: &[Vec<String>], words: &BTreeSet<String>) -> Option<String> {
        let same = |a: &str, b: &str| a.to_lowercase() == *b;
        let ours = |schema: &Option<String>| {
            let Some(schema) = schema else { return true };
            let of_url = self.database.iter().map(String::as_str);
            let mut schemas = self.tables.keys().filter_map(|name| name.schema.as_deref()).chain(of_url);
            schemas.any(|known| same(known, schema))
        };
        let table = |(schema, name): &Name| {
            self.tables.values().find(|it| {
                let here = it.name.schema.as_deref().is_some_and(|known| schema.iter().all(|it| same(known, it)));
                here && same(&it.name.name, name) && it.kind != TableKind::View
            })
        };
        let routine = |(schema, name): &Name| {
            let mut bodies = routines.iter().filter(|row| same(&row[0], name)).peekable();
            ours(schema) && bodies.peek().is_some() && bodies.all(|row| row[1] == "0")
        };
        let known = |call: &&Name| {
            let built_in = call.0.is_none() && (!self.mariadb || words.contains(&call.1));
            built_in || table(call).is_some() || routine(call)
        };
        let tables = reach.tables.iter().find(|name| table(name).is_none()).map(|name| ("a table", name));
        let procedures =
            reach.procedures.iter().find(|name| !routine(name)).map(|name| ("the body of procedure", name));
        let functions = reach.functions.iter().find(|name| !known(name)).map(|name| ("the body of function", name));
        tables.or(procedures).or(functions).map(|(kind, (schema, name))| {
            let name = TableName { schema: schema.clone(), name: name.clone() };
            format!("{kind} {name}, which this role can't see")
        })
    }
}

/// The words and signs of a text; `None` where a backslash before a quote makes it depend on the `sql_mode` which they
/// are. A string is one sign. Comments that the server runs are text.
fn tokens(sql: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = sql.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '#' => comment(&mut rest, "\n"),
            '-' if rest.clone().next() == Some('-') && rest.clone().nth(1).is_none_or(char::is_whitespace) => {
                comment(&mut rest, "\n");
            }
            '/' if rest.peek() == Some(&'*') => {
                rest.next();
                let run = rest.next_if_eq(&'!').or_else(|| (rest.clone().take(2).eq("M!".chars())).then_some('M'));
                match run {
                    Some('M') => drop(rest.nth(1)),
                    Some(_) => {}
                    None => comment(&mut rest, "*/"),
                }
                while run.is_some() && rest.next_if(char::is_ascii_digit).is_some() {}
            }
            '*' if rest.peek() == Some(&'/') => drop(rest.next()),
            '\'' | '"' | '`' => {
                let text = quoted(&mut rest, c)?;
                tokens.push(if c == '\'' { Token::Sign(c) } else { Token::Quoted(text) });
            }
            _ if word(c) => {
                let mut text = String::from(c);
                while let Some(c) = rest.next_if(|c| word(*c)) {
                    text.push(c);
                }
                tokens.push(Token::Word(text.to_lowercase()));
            }
            _ if c.is_whitespace() => {}
            _ => tokens.push(Token::Sign(c)),
        }
    }
    Some(tokens)
}

fn word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '$') || !c.is_ascii()
}

/// Skips a comment up to its end.
fn comment(rest: &mut Peekable<Chars<'_>>, end: &str) {
    while rest.peek().is_some() && !rest.clone().take(end.len()).eq(end.chars()) {
        rest.next();
    }
    rest.nth(end.len() - 1);
}

/// The rest of a quoted text.
fn quoted(rest: &mut Peekable<Chars<'_>>, quote: char) -> Option<String> {
    let mut text = String::new();
    while let Some(c) = rest.next() {
        match c {
            '\\' if quote != '`' && matches!(rest.peek(), Some('\'' | '"')) => return None,
            '\\' if quote != '`' => drop(rest.next_if_eq(&'\\')),
            _ if c == quote && rest.next_if_eq(&quote).is_none() => return Some(text.to_lowercase()),
            _ => text.push(c),
        }
    }
    Some(text)
}

/// What a text writes to or calls.
fn reach(tokens: &[Token]) -> Reach {
    let mut reach = Reach::default();
    let keyword = |at: usize| if let Some(Token::Word(word)) = tokens.get(at) { word.as_str() } else { "" };
    let text = |at: usize| if let Some(Token::Quoted(name)) = tokens.get(at) { name.as_str() } else { keyword(at) };
    let sign = |at: usize, sign: char| tokens.get(at) == Some(&Token::Sign(sign));
    let name = |at: usize| {
        let (first, qualified) = (text(at), sign(at + 1, '.'));
        if qualified { (Some(first.to_owned()), text(at + 2).to_owned()) } else { (None, first.to_owned()) }
    };
    // Where the tables of an UPDATE or a DELETE stand, to the word that ends them.
    let mut listing: Option<&str> = None;
    for at in 0..tokens.len() {
        let mut next = at + 1;
        while MODIFIERS.contains(&keyword(next)) {
            next += 1;
        }
        let before = at.checked_sub(1).map_or("", keyword);
        match keyword(at) {
            "insert" | "replace" if !sign(at + 1, '(') => drop(reach.tables.insert(name(next))),
            // Not the end of a SELECT or an INSERT.
            "update" if !matches!(before, "for" | "key") => {
                reach.tables.insert(name(next));
                listing = Some("set");
            }
            "delete" => listing = Some("where"),
            "from" | "using" if listing == Some("where") => drop(reach.tables.insert(name(next))),
            "call" => drop(reach.procedures.insert(name(next))),
            "join" | "straight_join" if listing.is_some() => drop(reach.tables.insert(name(next))),
            "outfile" | "dumpfile" => drop(reach.tables.insert((None, "a file".into()))),
            word if Some(word) == listing => listing = None,
            "" if sign(at, ';') => listing = None,
            "" if sign(at, ',') && listing == Some("set") => drop(reach.tables.insert(name(next))),
            "" if sign(at, '(') && at > 0 && !text(at - 1).is_empty() => {
                let qualified = at > 2 && sign(at - 2, '.') && !text(at - 3).is_empty();
                let name = if qualified { name(at - 3) } else { name(at - 1) };
                if !name.1.starts_with(|c: char| c.is_ascii_digit()) {
                    reach.functions.insert(name);
                }
            }
            _ => {}
        }
    }
    reach
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(sql: &str) -> Reach {
        reach(&tokens(sql).expect("has one meaning"))
    }

    fn names(names: &[&str]) -> BTreeSet<Name> {
        let parts = |name: &&str| match name.split_once('.') {
            Some((schema, name)) => (Some(schema.to_owned()), name.to_owned()),
            None => (None, (*name).to_owned()),
        };
        names.iter().map(parts).collect()
    }

    #[test]
    fn tables_that_are_written_to_are_known_by_their_place() {
        for (sql, tables) in [
            ("INSERT INTO logg (vad) VALUES (OLD.namn)", &["logg"][..]),
            ("INSERT IGNORE `Audit` . `My Logg` SET a = 1", &["audit.my logg"]),
            ("REPLACE DELAYED INTO a VALUES (REPLACE('x', 'y', INSERT('a', 1, 1, 'b')))", &["a"]),
            ("UPDATE LOW_PRIORITY a, b.c JOIN d SET a.x = 1, a.y = 2", &["a", "b.c", "d"]),
            ("INSERT INTO a SELECT 1 FROM b ON DUPLICATE KEY UPDATE x = 1, y = 2", &["a"]),
            ("DELETE FROM a WHERE x IN (SELECT y FROM b)", &["a"]),
            ("DELETE x FROM a x JOIN b.c y ON TRUE WHERE 1", &["a", "b.c"]),
            ("SELECT x INTO v FROM a WHERE id = 1 FOR UPDATE", &[]),
            ("/*!50000 INSERT INTO */ a VALUES (1) /* INSERT INTO b */ -- INSERT INTO c\n # INSERT INTO d", &["a"]),
            (
                "/*M!100100 INSERT*/ INTO audit./* x */logg VALUES ('INSERT INTO b', \"it's\", 'a''b', 1--1)",
                &["audit.logg"],
            ),
        ] {
            assert_eq!(read(sql).tables, names(tables), "{sql}");
        }
    }

    #[test]
    fn calls_are_known_by_their_word_or_parenthesis() {
        let found = read("SET x = f (1) + `B`.`G`(CONCAT('h(', 2)); CALL p; CALL q.r(3)");
        assert_eq!(found.procedures, names(&["p", "q.r"]));
        assert_eq!(found.functions, names(&["f", "b.g", "concat", "q.r"]));
    }

    #[test]
    fn text_with_two_meanings_is_not_read() {
        assert_eq!(tokens(r"SET x = 'it\'s'"), None);
        assert!(tokens(r"SET x = 'a\nb\\c', y = `\`").is_some());
    }
}
