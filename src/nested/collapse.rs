//! Keys that turn out to be data once many cells have been seen: user names, codes, dates in words.

use std::collections::{BTreeMap, BTreeSet};

use super::steps;

/// More different keys than this under one key are data.
const MOST_KEYS: usize = 40;

/// So many keys with the same structure below them are data: `{"anna": {"n": 1}, "bo": {"n": 2}, …}`.
const ALIKE: usize = 4;

/// For each path the one to show: keys that are data are `*`. Two paths may become one.
pub fn collapse<'a>(paths: impl IntoIterator<Item = &'a str>) -> BTreeMap<String, String> {
    let mut tree = Tree::default();
    let paths: Vec<&str> = paths.into_iter().collect();
    for path in &paths {
        tree.add(steps(path));
    }
    paths.iter().map(|path| ((*path).to_owned(), tree.shown(path))).collect()
}

/// Keys below a key.
#[derive(Default)]
struct Tree<'a> {
    below: BTreeMap<&'a str, Tree<'a>>,
}

impl<'a> Tree<'a> {
    fn add(&mut self, mut steps: impl Iterator<Item = &'a str>) {
        if let Some(step) = steps.next() {
            self.below.entry(step).or_default().add(steps);
        }
    }

    fn shown(&self, path: &str) -> String {
        let (mut shown, mut here) = (String::new(), Some(self));
        for step in steps(path) {
            let is_data = shown.starts_with('$') && here.is_some_and(Self::keys_are_data);
            let list = if is_data && step.ends_with("[*]") { "[*]" } else { "" };
            shown.push_str(if is_data { ".*" } else { step });
            shown.push_str(list);
            here = here.and_then(|tree| tree.below.get(step));
        }
        shown
    }

    fn keys_are_data(&self) -> bool {
        let mut kinds: BTreeMap<BTreeSet<&str>, usize> = BTreeMap::new();
        for tree in self.below.values().filter(|tree| !tree.below.is_empty() && !tree.is_change()) {
            *kinds.entry(tree.below.keys().copied().collect()).or_default() += 1;
        }
        let alike = kinds.values().copied().max().unwrap_or(0);
        self.below.len() > MOST_KEYS || (alike >= ALIKE && alike * 3 >= self.below.len() * 2)
    }
}

/// What a change of a field is written under: `{"email": {"old": …, "new": …}, "phone": {"old": …, "new": …}}`.
const CHANGE: &[&str] =
    &["old", "new", "from", "to", "before", "after", "fore", "efter", "fran", "till", "gammal", "ny", "was", "is"];

impl Tree<'_> {
    /// Whether a key is a field that was changed.
    fn is_change(&self) -> bool {
        let names = || self.below.keys().filter_map(|step| step.strip_prefix('.'));
        names().count() == self.below.len() && names().all(|name| CHANGE.contains(&name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(paths: &[&str]) -> BTreeSet<String> {
        collapse(paths.iter().copied()).into_values().collect()
    }

    #[test]
    fn keys_with_the_same_below_are_data() {
        let users = ["$.by.anna.n", "$.by.bo.n", "$.by.cia.n", "$.by.dan.n", "$.total"];
        assert_eq!(shown(&users), ["$.by.*.n", "$.total"].map(str::to_owned).into());
        let changes = ["$.d.a.old", "$.d.a.new", "$.d.b.old", "$.d.b.new", "$.d.c.old", "$.d.c.new", "$.d.e.new"];
        assert_eq!(shown(&changes), changes.map(str::to_owned).into());
        let two = ["$.billing.city", "$.shipping.city"];
        assert_eq!(shown(&two), two.map(str::to_owned).into());
    }

    #[test]
    fn very_many_keys_are_data() {
        let paths: Vec<String> = (0..100).map(|n| format!("$.logins.user{}x[*]", "a".repeat(n))).collect();
        let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
        assert_eq!(shown(&paths), ["$.logins.*[*]".to_owned()].into());
        assert_eq!(shown(&paths[..10]).len(), 10);
    }
}
