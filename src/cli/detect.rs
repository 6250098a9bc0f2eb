//! `detect`: texts in, spans out, by the contract's JSON lines.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, Write};
use std::path::PathBuf;

use sanera::detect::{Detector, Hit};
use sanera::exit::Exit;
use sanera::{Error, Result};
use serde::{Deserialize, Serialize};

use super::output::{Output, failed};

/// Find personal data in texts from standard input.
///
/// Input is JSON lines {"id": …, "text": "…"}, or with --text one text per line. Output is one JSON line per text, in the
/// same order, with spans counted in characters.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  echo 'Ring Anna Testsson, 070-174 06 35' | sanera detect --text")]
pub(crate) struct Arguments {
    /// One text per line; its number is its id
    #[arg(long)]
    text: bool,
    /// A folder with rules and word lists of your own (may be repeated)
    #[arg(long, value_name = "DIR")]
    rules: Vec<PathBuf>,
}

#[derive(Deserialize)]
struct Question {
    id: serde_json::Value,
    text: String,
}

#[derive(Serialize)]
struct Reply<'a> {
    id: serde_json::Value,
    spans: Vec<Span<'a>>,
}

#[derive(Serialize)]
struct Span<'a> {
    start: usize,
    end: usize,
    category: &'static str,
    rule: &'a str,
    confidence: f64,
}

impl Arguments {
    pub(crate) fn run(&self) -> Result<Exit> {
        let detector = super::Context::detector(&self.rules)?;
        let mut out = Output::open(None)?;
        let mut line = Vec::new();
        let mut input = std::io::stdin().lock();
        for number in 1u64.. {
            line.clear();
            let read = input.read_until(b'\n', &mut line).map_err(|error| Error::file("standard input", error))?;
            if read == 0 {
                break;
            }
            let Some(question) = self.question(number, &line)? else { continue };
            let reply = Reply { id: question.id, spans: spans(&detector, &question.text) };
            serde_json::to_writer(&mut out, &reply).map_err(|error| failed(&error.into()))?;
            out.write_all(b"\n").map_err(|error| failed(&error))?;
        }
        out.finish()?;
        Ok(Exit::Done)
    }

    /// The text of a line; none on an empty line of JSON.
    fn question(&self, number: u64, line: &[u8]) -> Result<Option<Question>> {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        if self.text {
            let text = sanera::cells::decode(line).into_owned();
            return Ok(Some(Question { id: number.into(), text }));
        }
        if line.trim_ascii().is_empty() {
            return Ok(None);
        }
        // serde_json's message is left out: it can quote the line.
        let wrong = |error: serde_json::Error| {
            let reason = format!(
                "line {number}, column {}: not a JSON object with id and text; for plain lines use --text",
                error.column()
            );
            Error::file("standard input", reason)
        };
        serde_json::from_slice(line).map(Some).map_err(wrong)
    }
}

fn spans<'a>(detector: &'a Detector, text: &str) -> Vec<Span<'a>> {
    let hits = detector.text(text).list;
    let offsets = CharacterOffsets::new(text, &hits);
    let span = |hit: &Hit| Span {
        start: offsets.at(hit.start),
        end: offsets.at(hit.end),
        category: detector.category(hit).name(),
        rule: &detector.rules().rules[usize::from(hit.rule)].id,
        confidence: rounded(hit.confidence),
    };
    hits.iter().map(span).collect()
}

/// The borders of hits, counted in characters (Unicode scalar values) instead of bytes.
pub(super) struct CharacterOffsets(BTreeMap<u32, usize>);

impl CharacterOffsets {
    /// One walk over the text serves all borders.
    pub(super) fn new(text: &str, hits: &[Hit]) -> Self {
        let borders: BTreeSet<u32> = hits.iter().flat_map(|hit| [hit.start, hit.end]).collect();
        let (mut byte, mut character) = (0, 0);
        let counted = borders.into_iter().map(|border| {
            character += text[byte..border as usize].chars().count();
            byte = border as usize;
            (border, character)
        });
        Self(counted.collect())
    }

    /// Characters before a border of one of the hits.
    pub(super) fn at(&self, border: u32) -> usize {
        self.0[&border]
    }
}

/// A probability to three decimals, as documents show it.
pub(super) fn rounded(confidence: f32) -> f64 {
    (f64::from(confidence) * 1000.0).round() / 1000.0
}
