//! The rule files and word lists that are built into the program. A new file needs a line here.

macro_rules! embedded {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!("../../", $path)))),*]
    };
}

/// Rule files by path.
pub(super) const RULES: &[(&str, &str)] = embedded![
    "rules/address.toml",
    "rules/company.toml",
    "rules/contact.toml",
    "rules/denmark.toml",
    "rules/documents.toml",
    "rules/english.toml",
    "rules/finland.toml",
    "rules/germany.toml",
    "rules/money.toml",
    "rules/names.toml",
    "rules/network.toml",
    "rules/norway.toml",
    "rules/person.toml",
    "rules/personal_numbers.toml",
    "rules/special.toml",
];

/// Word lists by path.
pub(super) const LEXICONS: &[(&str, &str)] = embedded![
    "rules/lexicon/countries.txt",
    "rules/lexicon/drugs.txt",
    "rules/lexicon/ethnic_origins.txt",
    "rules/lexicon/ethnic_origins_named.txt",
    "rules/lexicon/family_names.txt",
    "rules/lexicon/followers.txt",
    "rules/lexicon/given_names.txt",
    "rules/lexicon/health.txt",
    "rules/lexicon/health_named.txt",
    "rules/lexicon/not_names.txt",
    "rules/lexicon/offences.txt",
    "rules/lexicon/offences_named.txt",
    "rules/lexicon/parties.txt",
    "rules/lexicon/parties_named.txt",
    "rules/lexicon/places.txt",
    "rules/lexicon/religions.txt",
    "rules/lexicon/religions_named.txt",
    "rules/lexicon/sexual_orientations.txt",
    "rules/lexicon/sexual_orientations_named.txt",
    "rules/lexicon/titles.txt",
    "rules/lexicon/towns_britain.txt",
    "rules/lexicon/towns_denmark.txt",
    "rules/lexicon/towns_finland.txt",
    "rules/lexicon/towns_germany.txt",
    "rules/lexicon/towns_norway.txt",
    "rules/lexicon/unions.txt",
    "rules/lexicon/unions_named.txt",
];

#[cfg(test)]
mod tests {
    use super::*;

    /// The files of `folder` with this ending, by path from the package's root.
    fn on_disk(folder: &str, ending: &str) -> Vec<String> {
        let entries = std::fs::read_dir(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder));
        let mut paths: Vec<String> = entries
            .expect("a folder of the package")
            .map(|entry| format!("{folder}/{}", entry.expect("readable").file_name().to_string_lossy()))
            .filter(|path| path.ends_with(ending))
            .collect();
        paths.sort();
        paths
    }

    #[test]
    fn no_file_is_forgotten() {
        let embedded = |files: &[(&str, &str)]| files.iter().map(|(path, _)| (*path).to_owned()).collect::<Vec<_>>();
        assert_eq!(embedded(RULES), on_disk("rules", ".toml"));
        assert_eq!(embedded(LEXICONS), on_disk("rules/lexicon", ".txt"));
    }
}
