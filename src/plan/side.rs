//! The side file: what a plan needs and must not stand in its SQL. Personal keys, hashes of the rows that were seen,
//! the number of rows that hang on them. Encrypted and authenticated; bound to the SQL by its hash.

use std::collections::BTreeSet;
use std::path::Path;

use aes_gcm_siv::aead::{Aead, KeyInit, Payload};
use aes_gcm_siv::{Aes256GcmSiv, Nonce};
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::{Effect, Kind};
use crate::catalog::{Catalog, MARKER, TableName};
use crate::secret::SubKey;
use crate::value::{RowKey, Value};
use crate::{Error, Result};

/// What stands in the side file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Side {
    /// SHA-256 of the SQL file; its first half is the plan's id.
    pub sql_hash: String,
    /// The catalog the plan was made for.
    pub fingerprint: String,
    /// That catalog, for telling what changed.
    pub catalog: Catalog,
    /// Foreign keys wait for the end of the transaction.
    pub defer: bool,
    /// The statements, in order.
    pub runs: Vec<Run>,
    /// Every row that is touched, as it was seen.
    pub guards: Vec<Guard>,
    /// How many rows hung on the person's rows.
    pub fans: Vec<Fan>,
    /// Tables in which rows changed by triggers are accepted.
    pub accepted: Vec<TableName>,
    /// Columns with personal data, by table: no trigger may copy what stood there.
    pub personal: Vec<(TableName, Vec<String>)>,
    /// What is expected, by table.
    pub effect: Vec<Effect>,
    /// What a commit leaves behind and a purge removes.
    pub residue: String,
    /// Copies that nothing run here can reach.
    pub unreachable: Vec<String>,
}

/// One statement of the SQL file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Run {
    /// The number of its step.
    pub step: usize,
    /// What it is.
    pub kind: Kind,
    /// The table.
    pub table: TableName,
    /// Where it stands in the file, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// It runs once for each of these.
    pub parameters: Vec<Vec<Value>>,
    /// Rows it changes in all.
    pub rows: u64,
}

/// A row that is touched.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Guard {
    /// The table.
    pub table: TableName,
    /// Its key.
    pub key: RowKey,
    /// [`guard_hash`] of its cells when the plan was made.
    pub hash: Vec<u8>,
    /// The row gets new values before all else.
    pub updated: bool,
    /// The row goes.
    pub deleted: bool,
    /// New values of the row, if it stays.
    pub after: Vec<(String, Value)>,
}

/// The number of rows that hang on one row by one foreign key: a newcomer is noticed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fan {
    /// The table they stand in.
    pub table: TableName,
    /// The link's columns and values.
    pub equal: Vec<(String, Value)>,
    /// How many.
    pub rows: u64,
}

const MAGIC: &[u8] = b"sanera plan side 1\n";
const KEY_ID: usize = 8;
const NONCE: usize = 12;

impl Side {
    /// The plan's id.
    pub fn plan_id(&self) -> &str {
        self.sql_hash.get(..32).unwrap_or(&self.sql_hash)
    }

    /// The tables that are written to.
    pub fn tables(&self) -> Vec<TableName> {
        let tables: BTreeSet<&TableName> = self.guards.iter().map(|guard| &guard.table).collect();
        tables.into_iter().cloned().collect()
    }

    /// Where apply makes its own table, if there is none yet: beside the first that it writes to.
    pub fn marker(&self) -> TableName {
        let schema = self.tables().first().and_then(|table| table.schema.clone());
        TableName { schema, name: MARKER.to_owned() }
    }

    /// Encrypts it under the key for plans.
    pub fn seal(&self, key: &SubKey) -> Result<Vec<u8>> {
        let plain = Zeroizing::new(serde_json::to_vec(self).map_err(|error| Error::output("the side file", error))?);
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce).map_err(|error| Error::output("the side file", error))?;
        let mut sealed = [MAGIC, &key_id(key)].concat();
        let payload = Payload { msg: &plain, aad: &sealed };
        let body = cipher(key)
            .encrypt(&Nonce::from(nonce), payload)
            .map_err(|_| Error::output("the side file", "too large"))?;
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(&body);
        Ok(sealed)
    }

    /// Decrypts it; `path` is for messages.
    pub fn open(sealed: &[u8], key: &SubKey, path: &Path) -> Result<Self> {
        let newer = || Error::file(path, "is not the side file of a plan, or of a newer sanera; make a new plan");
        let rest = sealed.strip_prefix(MAGIC).ok_or_else(newer)?;
        let (id, rest) = rest.split_at_checked(KEY_ID).ok_or_else(newer)?;
        let (nonce, body) = rest.split_first_chunk::<NONCE>().ok_or_else(newer)?;
        if id != key_id(key) {
            return Err(Error::Key(format!(
                "{}: was written under another key; give the right one with --key-file",
                path.display()
            )));
        }
        let payload = Payload { msg: body, aad: &sealed[..MAGIC.len() + KEY_ID] };
        let plain = cipher(key).decrypt(&Nonce::from(*nonce), payload);
        let changed = || {
            Error::Refused(format!(
                "{}: was changed since the plan was made; restore it or make a new plan",
                path.display()
            ))
        };
        let plain = Zeroizing::new(plain.map_err(|_| changed())?);
        serde_json::from_slice(&plain).map_err(|_| newer())
    }
}

/// A keyed hash of a row's cells in column order, so that the side file tells whether a row is as it was seen.
pub fn guard_hash(key: &SubKey, table: &TableName, row: &RowKey, cells: &[Value]) -> Vec<u8> {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key.expand(b"guard").bytes()).expect("any length is a key");
    for part in [table.to_string().as_bytes(), &row.encoded(), &RowKey(cells.to_vec()).encoded()] {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().to_vec()
}

fn cipher(key: &SubKey) -> Aes256GcmSiv {
    Aes256GcmSiv::new_from_slice(key.expand(b"seal").bytes()).expect("32 bytes are a key")
}

/// Tells a wrong key from a changed file.
fn key_id(key: &SubKey) -> [u8; KEY_ID] {
    *key.expand(b"id").bytes().first_chunk().expect("32 bytes hold 8")
}
