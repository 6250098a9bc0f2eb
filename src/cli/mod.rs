//! The commands: a file each, with its arguments and a few lines of wiring.

pub(crate) mod process;

mod apply;
mod completions;
mod demo;
mod detect;
mod doctor;
mod explain;
mod init;
mod map;
mod output;
mod plan;
mod policy;
mod progress;
mod report;
mod rules;
mod scan;
mod search;

use std::io::Write;
use std::path::PathBuf;

use clap::{ColorChoice, Parser, Subcommand, ValueEnum};
use sanera::db::Cancel;
use sanera::detect::Detector;
use sanera::exit::Exit;
use sanera::rule::RuleSet;
use sanera::secret::Key;
use sanera::{Error, Result};
use tracing_subscriber::filter::{EnvFilter, FilterExt, filter_fn};
use tracing_subscriber::layer::{Layer, SubscriberExt};

/// Finds personal data in databases and removes it safely.
#[derive(Parser)]
#[command(version, max_term_width = 110, after_help = "Start with:  sanera demo")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    common: Common,
}

/// Options of every command.
#[derive(clap::Args, Clone)]
pub(crate) struct Common {
    /// Write the result as JSON
    #[arg(long, global = true)]
    json: bool,
    /// Say nothing but errors
    #[arg(long, short, global = true)]
    quiet: bool,
    /// Say more on stderr; repeat for more still. Names and counts only, never values
    #[arg(short, global = true, action = clap::ArgAction::Count)]
    verbose: u8,
    /// Language of reports and summaries
    #[arg(long, global = true, value_enum, default_value_t = Language::En)]
    lang: Language,
    /// When to use colours on the terminal
    #[arg(long, global = true, value_enum, default_value_t = ColorChoice::Auto)]
    color: ColorChoice,
    /// Reader and worker threads, each [default: number of cores, at most 8]
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,
    /// Memory to stay under, in megabytes
    #[arg(long, global = true, value_name = "MB", default_value_t = 512, value_parser = clap::value_parser!(u32).range(64..))]
    memory: u32,
    /// The installation's key [default: `SANERA_KEY_FILE`, `SANERA_KEY`, or sanera/key in the configuration folder]
    #[arg(long, global = true, value_name = "FILE")]
    key_file: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Language {
    /// Swedish
    Sv,
    /// English
    En,
}

#[derive(Subcommand)]
enum Command {
    Demo(demo::Arguments),
    Scan(scan::Arguments),
    Detect(detect::Arguments),
    Report(report::Arguments),
    #[command(subcommand)]
    Map(map::Command),
    Search(search::Arguments),
    Init(init::Arguments),
    #[command(subcommand)]
    Policy(policy::Command),
    #[command(subcommand)]
    Plan(plan::Command),
    Apply(apply::Arguments),
    Doctor(doctor::Arguments),
    #[command(subcommand)]
    Rules(rules::Command),
    Completions(completions::Arguments),
}

/// What a command runs with.
pub(crate) struct Context {
    common: Common,
    cancel: Cancel,
}

/// Reads the command line, runs the command and says what went wrong.
pub(crate) fn run() -> Exit {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            return usage(&error);
        }
    };
    match arguments.common.color {
        ColorChoice::Auto => anstream::ColorChoice::Auto,
        ColorChoice::Always => anstream::ColorChoice::Always,
        ColorChoice::Never => anstream::ColorChoice::Never,
    }
    .write_global();
    log_to_stderr(&arguments.common);
    let ended = process::listen().map_err(|error| Error::Usage(format!("signals: {error}"))).and_then(|cancel| {
        let context = Context { common: arguments.common, cancel };
        context.run(arguments.command)
    });
    match ended {
        Ok(exit) => exit,
        // Whoever closed our standard output has seen enough.
        Err(Error::Closed) => Exit::Done,
        Err(error) => {
            process::tell(format_args!("sanera: {error}"));
            error.exit()
        }
    }
}

/// Help, version, or what is wrong with the command line.
fn usage(error: &clap::Error) -> Exit {
    let printed = error.print().and_then(|()| std::io::stdout().flush());
    match printed.map_err(|error| output::failed(&error)) {
        _ if error.use_stderr() => Exit::Usage,
        Ok(()) => Exit::Done,
        Err(failed) => {
            if failed.exit() != Exit::Done {
                process::tell(format_args!("sanera: {failed}"));
            }
            failed.exit()
        }
    }
}

/// Runs another command with the same common options, as if its words had been typed.
fn run_words(context: &Context, words: &[String]) -> Result<Exit> {
    let typed = std::iter::once("sanera").chain(words.iter().map(String::as_str));
    let parsed = Arguments::try_parse_from(typed).map_err(|error| Error::Usage(error.to_string()))?;
    let lang = parsed.common.lang;
    let context = Context { common: Common { lang, ..context.common.clone() }, cancel: context.cancel.clone() };
    context.run(parsed.command)
}

fn log_to_stderr(common: &Common) {
    let level = match (common.quiet, common.verbose) {
        (true, _) => "error",
        (_, 0) => "warn",
        (_, 1) => "sanera=info",
        (_, 2) => "sanera=debug",
        _ => "trace",
    };
    let wanted = EnvFilter::try_from_env("SANERA_LOG").unwrap_or_else(|_| level.into());
    // Libraries log what they are given: at trace level the phone numbers they parse. No setting lets them speak, and
    // no bridge from the `log` crate is installed.
    let ours = filter_fn(|event| event.target().starts_with("sanera"));
    let layer = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(false);
    let subscriber = tracing_subscriber::registry().with(layer.with_filter(wanted.and(ours)));
    tracing::subscriber::set_global_default(subscriber).expect("nothing else sets one");
}

impl Context {
    fn run(&self, command: Command) -> Result<Exit> {
        match command {
            Command::Demo(arguments) => arguments.run(self),
            Command::Scan(arguments) => arguments.run(self),
            Command::Detect(arguments) => arguments.run(),
            Command::Report(arguments) => arguments.run(self),
            Command::Map(command) => command.run(self),
            Command::Search(arguments) => arguments.run(self),
            Command::Init(arguments) => arguments.run(self),
            Command::Policy(command) => command.run(self),
            Command::Plan(command) => command.run(self),
            Command::Apply(arguments) => arguments.run(self),
            Command::Doctor(arguments) => arguments.run(self),
            Command::Rules(command) => command.run(self),
            Command::Completions(arguments) => arguments.run(),
        }
    }

    /// A line for the person at the terminal.
    fn say(&self, line: impl std::fmt::Display) {
        if !self.common.quiet {
            process::tell(line);
        }
    }

    /// The detector over the built-in rules and those in the given folders.
    fn detector(folders: &[PathBuf]) -> Result<Detector> {
        Detector::new(RuleSet::load(folders)?, jiff::Zoned::now().date())
    }

    /// The installation's key; says where a new one was made.
    fn key(&self) -> Result<Key> {
        let loaded = Key::load(self.common.key_file.as_deref())?;
        if let Some(path) = &loaded.created {
            self.say(format_args!(
                "A new key was made: {}. Back it up: maps can't be searched without it.",
                path.display()
            ));
        }
        Ok(loaded.key)
    }

    fn jobs(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, |cores| cores.get().min(8));
        self.common.jobs.map_or_else(cores, usize::from)
    }

    fn memory(&self) -> usize {
        self.common.memory as usize * 1_000_000
    }

    fn lang(&self) -> sanera::report::Lang {
        match self.common.lang {
            Language::Sv => sanera::report::Lang::Sv,
            Language::En => sanera::report::Lang::En,
        }
    }
}

/// The database URL, from the argument or `DATABASE_URL`.
#[derive(clap::Args, Clone)]
pub(crate) struct SourceArgument {
    /// The database: `sqlite:PATH`, `postgres://USER@HOST/DATABASE` or `mysql://USER@HOST/DATABASE`
    #[arg(env = "DATABASE_URL", hide_env_values = true)]
    url: String,
    /// The certificate authority (PEM) that signed the server's certificate, if this machine does not know it
    #[arg(long, value_name = "FILE")]
    tls_ca: Option<PathBuf>,
}

impl SourceArgument {
    /// Where `DATABASE_URL` names the database, the first argument may be what else follows the URL: that is told by its
    /// being no URL.
    fn or_next(mut self, next: Option<String>) -> (Self, Option<String>) {
        let url = std::env::var("DATABASE_URL").ok().filter(|url| *url != self.url);
        match url {
            Some(url) if next.is_none() && !sanera::db::Source::is_url(&self.url) => {
                let given = std::mem::replace(&mut self.url, url);
                (self, Some(given))
            }
            _ => (self, next),
        }
    }

    fn source(&self) -> Result<sanera::db::Source> {
        sanera::db::Source::parse(&self.url, self.tls_ca.as_deref())
    }
}
