//! Loads rule sets: the built-in files and those of the user's folders, every problem of all of them at once.
//! What a rule's keys mean stands in `read`; what a pattern may be, in `pattern`.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::problem::{Problem, Source, render};
use super::read::{self, Contents, Located};
use super::{Lexicons, RuleSet, built_in, change};
use crate::{Error, Result};

impl RuleSet {
    /// The rules that come with the program.
    pub fn built_in() -> Self {
        Self::load(&[]).expect("a test loads the built-in rules")
    }

    /// The built-in rules and, in order, those of each folder: its `*.toml` by name, and word lists in `lexicon/*.txt`.
    /// A single rule file may stand in place of a folder. A user's rule
    /// with the id of a built-in one takes its place, a `[[change]]` adds to it or switches it off; a list with a built-in
    /// one's name adds to that.
    ///
    /// # Errors
    /// [`Error::File`] for a folder or file that can't be read, [`Error::Problems`] with all problems of all files.
    pub fn load(folders: &[PathBuf]) -> Result<Self> {
        let mut files = built_in_files(built_in::RULES);
        let mut lists = built_in_files(built_in::LEXICONS);
        for folder in folders {
            if folder.is_file() {
                files.push(read_file(folder)?);
                continue;
            }
            files.extend(read_folder(folder, "toml")?);
            let lexicons = folder.join("lexicon");
            if lexicons.is_dir() {
                lists.extend(read_folder(&lexicons, "txt")?);
            }
        }
        from_sources(files, lists)
    }
}

/// Rules and word lists from files already read.
fn from_sources(rule_files: Vec<Source>, lists: Vec<Source>) -> Result<RuleSet> {
    let rules_end = rule_files.len();
    let mut sources = rule_files;
    sources.extend(lists);
    let digest = digest(&sources);
    let mut problems = Vec::new();
    let lexicons = read_lexicons(&sources, rules_end, &mut problems);
    let mut contents = Contents::default();
    (0..rules_end).for_each(|index| read::file(&sources, index, &lexicons, &mut contents, &mut problems));
    let mut rules = merge(&sources, contents.rules, &mut problems);
    change::apply(&mut rules, contents.changes, &mut problems);
    let rules = rules.into_iter().map(|located| located.rule).collect();
    if problems.is_empty() {
        Ok(RuleSet { rules, lexicons, allowed: contents.allowed, digest })
    } else {
        Err(Error::Problems(render(&sources, problems)))
    }
}

fn read_lexicons(sources: &[Source], first: usize, problems: &mut Vec<Problem>) -> Lexicons {
    let mut lexicons = Lexicons::default();
    for (index, source) in sources.iter().enumerate().skip(first) {
        let bad = lexicons.0.entry(list_name(&source.name)).or_default().add(&source.text);
        problems.extend(bad.into_iter().map(|(span, title)| Problem {
            source: index,
            span,
            title,
            hint: "a line is a word, or a word, a tab and a weight like 0.5".to_owned(),
        }));
    }
    lexicons
}

/// The file's name without folder and ending.
fn list_name(path: &str) -> String {
    Path::new(path).file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

/// One rule per id: a user's takes the place of a built-in one; anything else with an id twice is a problem.
fn merge(sources: &[Source], located: Vec<Located>, problems: &mut Vec<Problem>) -> Vec<Located> {
    let mut rules: Vec<Located> = Vec::with_capacity(located.len());
    let mut places: HashMap<String, usize> = HashMap::new();
    for new in located {
        let Some(&place) = places.get(&new.rule.id) else {
            places.insert(new.rule.id.clone(), rules.len());
            rules.push(new);
            continue;
        };
        let old = &mut rules[place];
        if sources[old.source].built_in && !sources[new.source].built_in {
            *old = new;
            continue;
        }
        problems.push(Problem {
            source: new.source,
            span: new.span,
            title: format!("the id `{}` is taken", new.rule.id),
            hint: format!("{} has a rule of that id; choose another", place_name(sources, old)),
        });
    }
    rules
}

fn place_name(sources: &[Source], located: &Located) -> String {
    let source = &sources[located.source];
    let line = source.text[..located.span.start].matches('\n').count() + 1;
    format!("{}, line {line},", source.name)
}

/// SHA-256 over names and contents, each with its length before it, so that no two sets of files look the same.
fn digest(sources: &[Source]) -> String {
    let mut hash = Sha256::new();
    for part in sources.iter().flat_map(|source| [list_name(&source.name), source.text.clone()]) {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().iter().fold(String::with_capacity(64), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("a string takes all");
        hex
    })
}

fn built_in_files(files: &[(&str, &str)]) -> Vec<Source> {
    files.iter().map(|&(name, text)| Source { name: name.to_owned(), text: text.to_owned(), built_in: true }).collect()
}

/// The files of a folder with this ending, by name.
fn read_folder(folder: &Path, ending: &str) -> Result<Vec<Source>> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|error| failed(folder, &error))? {
        let path = entry.map_err(|error| failed(folder, &error))?.path();
        if path.extension().is_some_and(|extension| extension == ending) && path.is_file() {
            paths.push(path);
        }
    }
    paths.sort();
    paths.iter().map(|path| read_file(path)).collect()
}

fn read_file(path: &Path) -> Result<Source> {
    let text = std::fs::read_to_string(path).map_err(|error| failed(path, &error))?;
    Ok(Source { name: path.display().to_string(), text, built_in: false })
}

fn failed(path: &Path, error: &std::io::Error) -> Error {
    Error::unreadable(path, error, "check the path of the rule file or folder")
}

#[cfg(test)]
mod tests;
