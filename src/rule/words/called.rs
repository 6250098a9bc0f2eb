//! What a column is called beside the other columns of its table: `KUNAMN`, `KUTELE`, `KUSALJ` begin with what their table
//! is, and only the rest tells them apart.

use super::Vocabulary;
use crate::catalog::Table;

/// Fewer columns begin alike by chance.
const LEAST_COLUMNS: usize = 5;

/// Of the columns so many begin with it: a few come from elsewhere.
const SHARE: f64 = 0.8;

/// The shortest and longest such beginning, and the shortest rest, in characters.
const SHORTEST: usize = 2;
const LONGEST: usize = 6;
const SHORTEST_REST: usize = 3;

impl Vocabulary {
    /// The name that tells what a column is: its own, or what is left of it without the beginning that all columns of the
    /// table share, where only that says something.
    pub fn called<'a>(&self, table: &'a Table, column: &'a str) -> &'a str {
        let says = |name: &str| !self.read_in(name, &[&table.name.name]).words.is_empty();
        if says(column) {
            return column;
        }
        let names: Vec<&str> = table.columns.iter().map(|column| &*column.name).collect();
        rest(&names, column).filter(|rest| says(rest)).unwrap_or(column)
    }
}

/// What is left of a name without the longest beginning that it shares with nearly all of `names`.
fn rest<'a>(names: &[&str], name: &'a str) -> Option<&'a str> {
    let borders: Vec<usize> = name.char_indices().map(|(at, _)| at).collect();
    let most = LONGEST.min(borders.len().saturating_sub(SHORTEST_REST));
    (SHORTEST..=most).rev().map(|length| name.split_at(borders[length])).find_map(|(beginning, rest)| {
        let begins = |other: &&&str| {
            let end = beginning.len();
            other.get(..end).is_some_and(|other| other.eq_ignore_ascii_case(beginning))
        };
        let alike = names.iter().filter(begins).count();
        (alike >= LEAST_COLUMNS && alike as f64 >= SHARE * names.len() as f64)
            .then(|| rest.trim_start_matches(['_', '-', ' ', '.']))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_all_columns_begin_with_tells_nothing() {
        let names = ["KUNAMN", "KUTELE", "KUSALJ", "KUPORT", "KUÅÄÖ", "TIMESTMP"];
        assert_eq!(rest(&names, "KUTELE"), Some("TELE"));
        assert_eq!(rest(&names, "KUÅÄÖ"), Some("ÅÄÖ"));
        assert_eq!(rest(&names, "TIMESTMP"), None);
        assert_eq!(rest(&["LGH_NR", "LGH_YTA", "LGH_HYRA", "LGH_AGARE", "LGH_PORT"], "LGH_AGARE"), Some("AGARE"));
        assert_eq!(rest(&["F01", "F02", "F03", "F04", "F05"], "F01"), None);
        assert_eq!(rest(&["namn", "nanometer"], "namn"), None, "too few");
    }
}
