use regex::Regex;

use super::super::{Matcher, Sensitivity};
use super::*;
use crate::finding::Category;

/// A rule without a fault, to which a test adds one.
const GOOD: &str = "[[rule]]\nid = \"mine\"\ncategory = \"email\"\npattern = 'a+'\nmatch = \"a\"\nreject = \"b\"\n";

fn file(name: &str, text: &str) -> Source {
    Source { name: name.to_owned(), text: text.to_owned(), built_in: false }
}

/// The problems of one file.
fn problems(text: &str) -> String {
    match from_sources(vec![file("my.toml", text)], built_in_files(built_in::LEXICONS)) {
        Err(Error::Problems(problems)) => problems,
        other => panic!("expected problems, got {:?}", other.map(|set| set.rules)),
    }
}

/// Whether the one problem of `text` stands at line and column and says what it should.
fn assert_problem(text: &str, place: &str, title: &str, hint: &str) {
    let shown = problems(text);
    assert_eq!(shown.matches("error:").count(), 1, "one problem: {shown}");
    assert!(shown.contains(&format!("--> my.toml:{place}\n")), "{place}: {shown}");
    assert!(shown.contains(&format!("error: {title}")), "{title}: {shown}");
    assert!(shown.contains(&format!("help: {hint}")), "{hint}: {shown}");
}

fn with(line: &str) -> String {
    format!("{GOOD}{line}\n")
}

fn without(key: &str, line: &str) -> String {
    let kept: String = GOOD.lines().filter(|old| !old.starts_with(key)).fold(String::new(), |mut text, old| {
        writeln!(text, "{old}").expect("a string takes all");
        text
    });
    format!("{kept}{line}\n")
}

#[test]
fn a_whole_rule_is_read() {
    let text = with(
        "country = \"SE\"\nvalidator = \"email\"\nchance_rate = 0\nconfidence = 0.25\ncontext = [\"E-POST\"]\n\
         column_words = [\"E_Post\"]\ntypes = [\"text\", \"json\"]\nsensitivity = \"special\"\nnot_before = \"-\"",
    );
    let set = from_sources(vec![file("my.toml", &text)], Vec::new()).expect("no problem");
    let rule = &set.rules[0];
    assert_eq!((rule.id.as_str(), rule.category, rule.country.as_deref()), ("mine", Category::Email, Some("SE")));
    assert!((rule.confidence - 0.25).abs() < f64::EPSILON && rule.chance_rate == 0.0);
    assert_eq!((&*rule.context[0], &*rule.column_words[0], &*rule.not_before), ("e-post", "epost", "-"));
    assert_eq!((rule.types.len(), rule.sensitivity), (2, Sensitivity::Special));
    assert!(matches!(&rule.matcher, Matcher::Patterns(patterns) if patterns == &["a+"]));
    assert_eq!((rule.matches.len(), rule.rejects.len()), (1, 1));
}

#[test]
fn keys_and_types_are_checked() {
    assert_problem(&with("confidance = 0.5"), "7:1", "unknown key `confidance`", "did you mean `confidence`?");
    assert_problem(&with("confidence = \"high\""), "7:14", "`confidence` is a number, not a string", "write a number");
    assert_problem(&with("context = [\"a\", 1]"), "7:17", "`context` is a list of strings, not an integer", "write");
    assert_problem(&with("confidence = 1.5"), "7:14", "`confidence` is not between 0 and 1", "write a share");
    assert_problem(&with("chance_rate = -1"), "7:15", "`chance_rate` is not between 0 and 1", "write a share");
    assert_problem(&with("country = \"Sweden\""), "7:11", "not a country's code", "two capital letters");
    assert_problem(
        "rules = 1\n",
        "1:1",
        "unknown key `rules`",
        "a rule file holds [[rule]], [[change]] and [[allow]] tables only",
    );
    assert_problem("[rule]\nid = \"x\"\n", "1:2", "`rule` is no list of tables", "write [[rule]] with two brackets");
}

#[test]
fn names_are_checked_and_the_nearest_offered() {
    let cases = [
        (without("category", "category = \"e_mail\""), "6:12", "unknown category `e_mail`", "did you mean `email`?"),
        (
            with("validator = \"personummer\""),
            "7:13",
            "unknown validator `personummer`",
            "did you mean `personnummer`?",
        ),
        (with("types = [\"txt\"]"), "7:10", "unknown type `txt`", "did you mean `text`?"),
        (with("sensitivity = \"hihg\""), "7:15", "unknown sensitivity `hihg`", "did you mean `high`?"),
        (
            without("pattern", "lexicon = \"given_name\""),
            "6:11",
            "unknown lexicon `given_name`",
            "did you mean `given_names`?",
        ),
    ];
    for (text, place, title, hint) in cases {
        assert_problem(&text, place, title, hint);
    }
}

#[test]
fn what_a_rule_needs_is_asked_for() {
    for (key, title) in [
        ("id", "the rule has no `id`"),
        ("category", "the rule has no `category`"),
        ("match", "the rule has no `match` example"),
        ("reject", "the rule has no `reject` example"),
        ("pattern", "the rule can never fire"),
    ] {
        let shown = problems(&without(key, ""));
        assert_eq!(shown.matches("error:").count(), 1, "{shown}");
        assert!(shown.contains(title) && shown.contains("my.toml:1:"), "{shown}");
    }
    assert_problem(&without("match", "match = []"), "6:9", "the rule has no `match` example", "add match = ");
    let both = with("lexicon = \"places\"");
    assert_problem(&both, "7:11", "a rule has patterns or a lexicon, not both", "make two rules");
    assert_problem(&without("id", "id = \"My Rule\""), "6:6", "the id `My Rule` is not of", "write it like");
}

#[test]
fn patterns_are_checked_in_place() {
    let pattern = |pattern: &str| without("pattern", &format!("pattern = {pattern}"));
    assert_problem(&pattern("'ab\\d+'"), "6:14", "`\\d` is a Unicode class", "write [0-9]");
    assert_problem(&pattern("'a\\b'"), "6:13", "a word border", "leave it out");
    assert_problem(&pattern("\"ab\\\\d+\""), "6:11", "`\\d` is a Unicode class", "write [0-9]");
    assert_problem(&pattern("'a*'"), "6:12", "the pattern matches the empty text", "make something");
    assert_problem(&pattern("'[a-z]{1,999}{1,999}'"), "6:12", "the pattern is too large", "lower its repetition");
    assert_problem(&pattern("'(a'"), "6:12", "bad pattern: unclosed group", "see docs.rs/regex");
}

#[test]
fn broken_toml_and_weights_are_located() {
    let shown = problems("[[rule]]\nid = \n");
    assert!(shown.contains("error: not TOML: ") && shown.contains("my.toml:2:"), "{shown}");
    let lists = vec![file("lexicon/words.txt", "Anna\nBo\t7\n")];
    let Err(Error::Problems(shown)) = from_sources(Vec::new(), lists) else { panic!("a weight of 7") };
    assert!(shown.contains("lexicon/words.txt:2:4"), "{shown}");
}

#[test]
fn all_problems_of_all_files_come_together() {
    let files = vec![
        file("a.toml", &with("confidance = 1\nvalidator = \"emial\"\nconfidence = 7")),
        file("b.toml", "[[rule]\n"),
        file("c.toml", GOOD.replace("'a+'", "'\\w'").as_str()),
    ];
    let Err(Error::Problems(shown)) = from_sources(files, Vec::new()) else { panic!("five problems") };
    let places: Vec<&str> =
        Regex::new("--> [a-z.]+:[0-9]+").expect("ours").find_iter(&shown).map(|m| m.as_str()).collect();
    assert_eq!(&places[..3], ["--> a.toml:7", "--> a.toml:8", "--> a.toml:9"], "{shown}");
    assert!(places.contains(&"--> b.toml:1") && places.contains(&"--> c.toml:4"), "{shown}");
}

#[test]
fn an_id_is_taken_once_unless_it_is_ours() {
    let ours = Source { built_in: true, ..file("rules/ours.toml", GOOD) };
    let second = GOOD.replace("mine", "other");
    let theirs = file("my.toml", &format!("{}{second}", GOOD.replace("email", "phone")));
    let set = from_sources(vec![ours, theirs], Vec::new()).expect("a replacement is allowed");
    let shown: Vec<_> = set.rules.iter().map(|rule| (rule.id.as_str(), rule.category)).collect();
    assert_eq!(shown, [("mine", Category::Phone), ("other", Category::Email)]);
    assert_problem(&format!("{GOOD}{GOOD}"), "8:6", "the id `mine` is taken", "my.toml, line 2, has a rule of that id");
}

#[test]
fn a_folder_is_read_in_order_of_names() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("writable");
    write("b.toml", &GOOD.replace("mine", "b"));
    write("a.toml", &GOOD.replace("mine", "a"));
    write("notes.md", "no rules");
    std::fs::create_dir(folder.path().join("lexicon")).expect("writable");
    write("lexicon/given_names.txt", "Ztest\t0.5\n");
    let set = RuleSet::load(&[folder.path().to_owned()]).expect("no problem");
    let ids: Vec<&str> = set.rules.iter().map(|rule| rule.id.as_str()).collect();
    assert_eq!(&ids[ids.len() - 2..], ["a", "b"]);
    let names = &set.lexicons.0["given_names"].words;
    assert!(names.get("ztest") == Some(&0.5) && names.len() > 1, "added to ours");
    assert_ne!(set.digest, RuleSet::built_in().digest);

    let missing = RuleSet::load(&[folder.path().join("none")]);
    assert!(matches!(missing, Err(Error::File { path, .. }) if path.ends_with("none")));
}

#[test]
fn the_digest_tells_contents_and_names_apart() {
    let of = |name: &str, text: &str| digest(&[file(name, text)]);
    assert_eq!(of("x/a.toml", "1"), of("y/a.toml", "1"), "the folder is not part of it");
    assert_ne!(of("a.toml", "1"), of("b.toml", "1"));
    assert_ne!(of("a.toml", "1"), of("a.toml", "2"));
    assert_eq!(of("a.toml", "").len(), 64);
}

mod built_in_rules {
    use super::*;

    #[test]
    fn fit_the_schema() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/rules.schema.json");
        let schema = std::fs::read_to_string(path).expect("in the package");
        let schema = serde_json::from_str(&schema).expect("JSON");
        let validator = jsonschema::draft202012::new(&schema).expect("a schema");
        for (name, text) in built_in::RULES {
            let table: toml::Table = text.parse().expect("TOML");
            let document = serde_json::to_value(table).expect("no dates in it");
            let errors: Vec<String> =
                validator.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect();
            assert_eq!(errors, Vec::<String>::new(), "{name}");
        }
        let unknown = serde_json::json!({"rule": [{"id": "a", "category": "emial", "match": "a", "reject": "b"}]});
        assert!(!validator.is_valid(&unknown));
    }

    #[test]
    fn the_schema_knows_every_name() {
        let schema = include_str!("../../../schemas/rules.schema.json");
        let categories = Category::ALL.iter().map(|category| category.name());
        let validators = crate::validate::Validator::names().iter().map(|(name, _)| *name);
        for name in categories.chain(validators) {
            assert!(schema.contains(&format!("\"{name}\"")), "{name}");
        }
    }

    #[test]
    fn cover_every_category() {
        let set = RuleSet::built_in();
        for category in Category::ALL {
            assert!(set.rules.iter().any(|rule| rule.category == *category), "{category}");
        }
    }

    #[test]
    fn carry_reference_description_and_three_examples() {
        for rule in RuleSet::built_in().rules {
            assert!(rule.reference.is_some() && !rule.description.is_empty(), "{}", rule.id);
            assert!(rule.matches.len() >= 3 && rule.rejects.len() >= 3, "{}", rule.id);
            let special = rule.sensitivity == Sensitivity::Special;
            assert_eq!(rule.category.is_special(), special, "{}", rule.id);
        }
    }

    /// Words of column names speak for one category, or the cells must tell: the one who handles a case stands there by
    /// name or by log-in, and `lon` is a longitude or, without its dots, a salary.
    #[test]
    fn share_no_column_word_but_where_the_cells_tell() {
        let shared = [
            [Category::PersonName, Category::Username],
            [Category::GeoLocation, Category::Salary],
            [Category::Username, Category::Signature],
        ];
        let mut owners: HashMap<String, Category> = HashMap::new();
        for rule in RuleSet::built_in().rules {
            for word in rule.column_words {
                let owner = *owners.entry(word.clone()).or_insert(rule.category);
                let known = shared.iter().any(|pair| pair.contains(&owner) && pair.contains(&rule.category));
                assert!(owner == rule.category || known, "{word} of {}", rule.id);
            }
        }
    }
}

#[test]
fn a_pack_changes_switches_off_and_allows() {
    let pack = format!(
        "{GOOD}[[change]]\nid = \"phone\"\ncolumn_words = \"Ring_Mig\"\ncontext = \"NÅBAR\"\nconfidence = 0.25\n\
         [[change]]\nid = \"email\"\noff = true\n[[allow]]\ncategory = \"phone\"\nvalues = \"08-465 004 00\"\n"
    );
    let mut files = built_in_files(built_in::RULES);
    files.push(file("my.toml", &pack));
    let set = from_sources(files, built_in_files(built_in::LEXICONS)).expect("no problem");
    let rule = |id: &str| set.rules.iter().find(|rule| rule.id == id);
    let phone = rule("phone").expect("it was changed, not replaced");
    assert!(phone.column_words.contains(&"ringmig".to_owned()) && phone.column_words.contains(&"telefon".to_owned()));
    assert!(phone.context.contains(&"nåbar".to_owned()) && (phone.confidence - 0.25).abs() < f64::EPSILON);
    assert!(rule("email").is_none() && rule("mine").is_some());
    assert_eq!((set.allowed.len(), set.allowed[0].category), (1, Some(Category::Phone)));
}

#[test]
fn what_a_pack_changes_must_be_there() {
    assert_problem("[[change]]\nid = \"fone\"\n", "2:6", "no rule has the id `fone`", "");
    assert_problem("[[change]]\noff = true\n", "1:1", "the rule has no `id`", "add the id");
    assert_problem(&with("[[change]]\nid = \"mine\"\noff = 1"), "9:7", "`off` is true or false", "write true");
    assert_problem("[[allow]]\ncategory = \"phone\"\n", "1:1", "the allow-list has no `values`", "add values");
    assert_problem("[[allow]]\nvalue = \"1\"\nvalues = \"1\"\n", "2:1", "unknown key `value`", "");
}
