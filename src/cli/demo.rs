//! `demo`: a made-up municipality's booking system, scanned, reported, searched, and an erasure planned.

use std::path::{Path, PathBuf};

use sanera::demo::{self, Role, Summary};
use sanera::exit::Exit;
use sanera::{Error, Result};

use super::output::Output;
use super::{Context, process};

/// Build a demo database in a folder, scan it, report on it, search a person and plan an erasure.
///
/// All persons in it are made up: personal numbers are from Skatteverket's test series, phone numbers from PTS's series
/// for fiction. The commands that are run are printed, so that you can run them yourself.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The folder to make
    #[arg(default_value = "sanera-demo")]
    folder: PathBuf,
    /// Customers in the database: 2,000 make 5 MB
    #[arg(long, value_name = "N", default_value_t = 2000)]
    customers: u32,
    /// Only build the database
    #[arg(long)]
    only_build: bool,
}

impl Arguments {
    pub(crate) fn run(&self, context: &Context) -> Result<Exit> {
        process::busy();
        let folder = &self.folder;
        std::fs::create_dir_all(folder).map_err(|error| Error::output(folder.display().to_string(), error))?;
        let built = self.build(context)?;
        if self.only_build {
            return Ok(Exit::Done);
        }
        let person = folder.join("person.txt");
        let number = built.people.iter().find(|person| person.role == Role::Free).map(|person| &person.personal_number);
        Output::write_to(Some(&person), format!("{}\n", number.map_or("", String::as_str)).as_bytes())?;
        let mut exit = Exit::Done;
        for (title, command) in steps(folder) {
            context.say(format_args!("\n{title}\n  $ sanera {}", command.join(" ")));
            exit = exit.worst(super::run_words(context, &command)?);
        }
        context.say(next(folder));
        Ok(exit)
    }

    fn build(&self, context: &Context) -> Result<Summary> {
        let database = self.folder.join("booking.db");
        let options = demo::Options { customers: self.customers, ..demo::Options::default() };
        let built = demo::build(&database, &options)?;
        let rows: u64 = built.rows.values().sum();
        context.say(format_args!("Built {} with {rows} rows in {} tables.", database.display(), built.rows.len()));
        Ok(built)
    }
}

/// The commands of the tour, as a person would type them.
fn steps(folder: &Path) -> Vec<(&'static str, Vec<String>)> {
    let at = |name: &str| folder.join(name).display().to_string();
    let source = format!("sqlite:{}", at("booking.db"));
    let words = |line: &[&str]| line.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let person = format!("@{}", at("person.txt"));
    let map = at("booking.map");
    vec![
        ("Scan the whole database:", words(&["scan", &source, "-o", &map])),
        ("Report for a data protection officer:", words(&["report", &map, "--lang", "sv", "-o", &at("report.html")])),
        (
            "Where does a person occur? (her number stands in person.txt, not on the command line)",
            words(&["search", &source, "--map", &map, "--personal-number", &person]),
        ),
        ("A first policy from the findings:", words(&["init", &source, "--map", &map, "-o", &at("policy.toml")])),
        (
            "Plan her erasure; nothing is changed:",
            words(&[
                "plan",
                "erase",
                &source,
                "--map",
                &map,
                "--policy",
                &at("policy.toml"),
                "--personal-number",
                &person,
                "-o",
                &at("erase.sql"),
            ]),
        ),
    ]
}

fn next(folder: &Path) -> String {
    let at = |name: &str| folder.join(name).display().to_string();
    format!(
        "\nNow open {} in a browser, read {}, and go on with\n  $ sanera apply sqlite:{} {} --rehearse\n  $ sanera apply \
         sqlite:{} {} --purge",
        at("report.html"),
        at("erase.sql"),
        at("booking.db"),
        at("erase.sql"),
        at("booking.db"),
        at("erase.sql"),
    )
}
