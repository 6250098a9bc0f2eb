//! `map`: what a map file is of.

use std::path::PathBuf;

use clap::Subcommand;
use sanera::Result;
use sanera::exit::Exit;
use sanera::map::Map;
use sanera::sensitive::printable;
use serde_json::json;

use super::Context;
use super::output::Output;

/// Look at a map file.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Tell what a map is of: database, time, size, key. With the key at hand its seals are checked too
    Info {
        /// The map
        map: PathBuf,
    },
}

impl Command {
    pub(crate) fn run(self, context: &Context) -> Result<Exit> {
        let Self::Info { map: path } = self;
        let map = Map::open(&path)?;
        let head = map.head();
        let listed = head.findings.iter().filter(|finding| finding.confidence >= 0.5).count();
        if context.common.json {
            let document = json!({"version": 1, "map": map.id(), "key": map.key_id(), "sanera": head.sanera,
                "created": head.created, "source": head.source, "rules": head.rules, "read": head.read,
                "findings": listed, "unreadable": head.unreadable.len()});
            Output::write_json(None, &document)?;
        } else {
            let read = &head.read;
            let text = format!(
                "map       {}\nof        {}\ncreated   {} by sanera {}\nread      {} tables, {} rows, {} bytes of text\nfindings  \
                 {listed}\npostings  {}\nunread    {}\nkey       {}\nrules     {}\n",
                map.id(),
                printable(&head.source.name),
                head.created,
                head.sanera,
                read.tables,
                read.rows,
                read.bytes,
                read.postings,
                head.unreadable.len(),
                map.key_id(),
                head.rules,
            );
            Output::write_to(None, text.as_bytes())?;
        }
        Ok(Exit::Done)
    }
}
