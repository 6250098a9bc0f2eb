//! The map file as a whole: what goes in comes out, nothing leaks, and nothing that was torn, changed or locked with
//! another key passes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use sha2::{Digest, Sha256};

use super::*;
use crate::catalog::{Column, Table, TableKind, TypeClass};
use crate::finding::{FindingKind, Reason};
use crate::secret::{BlindIndex, Domain, Hash, Key};
use crate::{Error, Result};

type Posting = (Hash, PlaceId, Vec<u8>);

/// A place; every other one lies in nested data.
fn at(number: u32) -> PlaceId {
    let nested = number % 2;
    PlaceId { number: number << 2 | nested << 1, path: nested * number.wrapping_mul(2_654_435_761) }
}

fn head() -> Head {
    let table = TableName::plain("kund \"å\" \u{1f600}");
    let column = Column {
        name: "epost".into(),
        declared_type: "TEXT".into(),
        type_class: TypeClass::Text,
        nullable: true,
        length: None,
        has_default: false,
        generated: false,
        ..Column::default()
    };
    let catalog = Catalog {
        tables: vec![Table {
            name: table.clone(),
            kind: TableKind::Base,
            columns: vec![column],
            row_key: None,
            unique: Vec::new(),
            foreign_keys: Vec::new(),
            triggers: Vec::new(),
            has_checks: false,
            rows_estimate: Some(3),
            ..Table::default()
        }],
    };
    let finding = Finding {
        table: table.clone(),
        column: "epost".into(),
        path: Some("$.a[*]".into()),
        category: Category::Email,
        confidence: 0.98,
        log_odds: 0.0,
        cells: 3,
        cells_with_hits: 2,
        hits: 2,
        distinct: 2,
        kind: FindingKind::Nested,
        evidence: vec![Reason::Rate { rule: "email".into(), hits: 2, cells: 3, chance: 0.001 }, Reason::NoCells],
        samples: Vec::new(),
    };
    Head {
        sanera: "0.1.0".into(),
        created: "2026-11-21T22:00:00Z".into(),
        source: SourceInfo { engine: "sqlite".into(), name: "sqlite:a.db".into(), fingerprint: catalog.fingerprint() },
        rules: "00".into(),
        read: ReadInfo { tables: 1, rows: 3, skew_s: 0.5, ..ReadInfo::default() },
        catalog,
        findings: vec![finding],
        unreadable: vec![Unreadable { table: table.clone(), column: None, reason: "locked".into() }],
        not_text: vec![NotText { table, column: "bild".into(), cells: 1 }],
        places: BTreeMap::from([(
            at(0),
            Place { table: 0, column: 0, path: None, category: Category::Email, whole: true },
        )]),
    }
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn key() -> Key {
    Key::random().expect("random")
}

fn write(folder: &Path, memory: usize, key: &Key, postings: &[Posting]) -> (PathBuf, Written) {
    let path = folder.join("a.map");
    let mut builder = PostingsBuilder::new(folder, memory).expect("a builder");
    for (hash, place, row) in postings {
        builder.push(*hash, *place, row).expect("pushed");
    }
    let written = builder.finish(&path, key, &head()).expect("written");
    (path, written)
}

/// Everything a reader does: open, unlock, go through all postings.
fn read(path: &Path, key: &Key) -> Result<Vec<Posting>> {
    Map::open(path)?.unlock(key)?.iter().collect()
}

/// Postings of some identifiers with integer row keys.
fn some(identifiers: u64, each: u64) -> Vec<Posting> {
    let posting = |i: u64, row: u64| {
        let hash = std::array::from_fn(|byte| i.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes()[byte % 8]);
        (hash, at(u32::try_from(row % 3).expect("small")), (row * 7919).to_be_bytes().to_vec())
    };
    (0..identifiers).flat_map(|i| (0..each).map(move |row| posting(i, row))).collect()
}

fn refused(path: &Path, key: &Key) -> String {
    let error = read(path, key).expect_err("refused");
    let text = error.to_string();
    assert!(text.contains(&path.display().to_string()), "{text}");
    text
}

#[test]
fn head_and_postings_survive_the_round_trip() {
    let (dir, key) = (folder(), key());
    let postings = some(500, 3);
    let (path, written) = write(dir.path(), 1 << 20, &key, &postings);
    assert_eq!(written, Written { bytes: fs::metadata(&path).expect("there").len(), postings: 1500 });
    let map = Map::open(&path).expect("opened");
    let mut expected = head();
    expected.read.postings = 1500;
    assert_eq!(*map.head(), expected);
    assert_eq!(map.key_id(), key.id());
    assert_eq!(map.id().len(), 32);
    let sorted: BTreeSet<_> = postings.into_iter().collect();
    assert!(read(&path, &key).expect("read").into_iter().eq(sorted));
}

#[test]
fn a_map_is_private_and_alone_in_its_folder() {
    let (dir, key) = (folder(), key());
    let (path, _) = write(dir.path(), 1000, &key, &some(500, 3));
    assert_eq!(fs::metadata(&path).expect("there").mode() & 0o777, 0o600);
    assert_eq!(fs::read_dir(dir.path()).expect("listed").count(), 1);
}

#[test]
fn an_empty_map_finds_nothing() {
    let (dir, key) = (folder(), key());
    let (path, written) = write(dir.path(), 1000, &key, &[]);
    assert_eq!(written.postings, 0);
    let mut postings = Map::open(&path).expect("opened").unlock(&key).expect("unlocked");
    assert_eq!(postings.lookup([0; 16]).expect("looked up"), []);
    assert_eq!(postings.iter().count(), 0);
}

#[test]
fn a_hash_may_span_blocks_and_a_key_may_be_larger_than_one() {
    let (dir, key) = (folder(), key());
    let mut postings: Vec<Posting> =
        (0..40_000u32).map(|row| ([7; 16], at(row), row.wrapping_mul(2_654_435_761).to_be_bytes().to_vec())).collect();
    postings.push(([6; 16], at(0), vec![1; 200_000]));
    postings.push(([8; 16], at(0), vec![2; 200_000]));
    let (path, _) = write(dir.path(), 100_000, &key, &postings);
    let mut map = Map::open(&path).expect("opened").unlock(&key).expect("unlocked");
    assert_eq!(map.lookup([6; 16]).expect("found"), [(at(0), vec![1; 200_000])]);
    assert_eq!(map.lookup([8; 16]).expect("found"), [(at(0), vec![2; 200_000])]);
    assert_eq!(map.lookup([7; 16]).expect("found").len(), 40_000);
    for absent in [[0; 16], [9; 16]] {
        assert_eq!(map.lookup(absent).expect("looked up"), []);
    }
}

#[test]
fn more_runs_than_are_kept_open_are_merged_in_between() {
    let (dir, key) = (folder(), key());
    // Each record fills the budget of one byte: 1,000 runs, so levels of 128 fill up seven times.
    let postings = some(200, 5);
    let (path, _) = write(dir.path(), 1, &key, &postings);
    let sorted: BTreeSet<_> = postings.into_iter().collect();
    assert!(read(&path, &key).expect("read").into_iter().eq(sorted));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn postings_are_a_sorted_set(
        postings in proptest::collection::vec((0u8..20, 0u32..4, proptest::collection::vec(0u8..3, 0..6)), 0..400),
        memory in 1usize..5000,
    ) {
        let (dir, key) = (folder(), key());
        let postings: Vec<Posting> = postings.into_iter().map(|(hash, place, row)| ([hash; 16], at(place), row)).collect();
        let (path, written) = write(dir.path(), memory, &key, &postings);
        let model: BTreeSet<Posting> = postings.into_iter().collect();
        prop_assert_eq!(written.postings, model.len() as u64);
        let mut map = Map::open(&path).expect("opened").unlock(&key).expect("unlocked");
        for hash in 0..21 {
            let expected: Vec<_> =
                model.iter().filter(|(of, ..)| *of == [hash; 16]).map(|(_, place, row)| (*place, row.clone())).collect();
            prop_assert_eq!(map.lookup([hash; 16]).expect("looked up"), expected);
        }
        let all: Vec<Posting> = map.iter().collect::<Result<_>>().expect("read");
        prop_assert!(all.into_iter().eq(model));
    }
}

#[test]
fn a_torn_map_is_told_at_every_length() {
    let (dir, key) = (folder(), key());
    let (path, _) = write(dir.path(), 1000, &key, &some(20, 2));
    let whole = fs::read(&path).expect("read");
    let torn = dir.path().join("torn.map");
    for length in 0..whole.len() {
        fs::write(&torn, &whole[..length]).expect("written");
        let text = Map::open(&torn).expect_err("refused").to_string();
        let expected = if length == 0 { "not a sanera map" } else { "the map is torn" };
        assert!(text.contains(expected), "{length}: {text}");
    }
    fs::write(&torn, [&whole[..], b"x"].concat()).expect("written");
    assert!(refused(&torn, &key).contains("torn"));
}

#[test]
fn a_big_map_is_told_torn_too() {
    let (dir, key) = (folder(), key());
    let (path, _) = write(dir.path(), 1 << 20, &key, &some(20_000, 1));
    let whole = fs::read(&path).expect("read");
    let file = fs::OpenOptions::new().write(true).open(&path).expect("opened");
    for length in (16..whole.len()).rev().step_by(9973) {
        file.set_len(length as u64).expect("cut");
        assert!(refused(&path, &key).contains("torn"));
    }
}

#[test]
fn every_changed_byte_is_noticed() {
    let (dir, key) = (folder(), key());
    let (path, _) = write(dir.path(), 1000, &key, &some(20, 2));
    let mut bytes = fs::read(&path).expect("read");
    for at in 0..bytes.len() {
        for flip in [0x01, 0x80] {
            bytes[at] ^= flip;
            fs::write(&path, &bytes).expect("written");
            assert!(!refused(&path, &key).is_empty(), "byte {at}");
            bytes[at] ^= flip;
        }
    }
    fs::write(&path, &bytes).expect("written");
    assert_eq!(read(&path, &key).expect("whole again").len(), 40);
}

#[test]
fn a_head_edited_with_a_fitting_digest_fails_under_the_key() {
    let (dir, key) = (folder(), key());
    let (path, _) = write(dir.path(), 1000, &key, &some(20, 2));
    let mut bytes = fs::read(&path).expect("read");
    let at = bytes.windows(11).position(|window| window == b"sqlite:a.db").expect("the source's name") + 7;
    bytes[at] = b'b';
    let footer = bytes.len() - layout::Footer::SIZE;
    let head_length = u64::from_le_bytes(bytes[footer + 16..][..8].try_into().expect("8 bytes"));
    let head_at = footer - usize::try_from(head_length).expect("small");
    let digest = Sha256::new()
        .chain_update(&bytes[..16])
        .chain_update(&bytes[footer..footer + 48])
        .chain_update(&bytes[head_at..footer])
        .finalize();
    bytes[footer + 48..footer + 80].copy_from_slice(&digest);
    fs::write(&path, &bytes).expect("written");
    let map = Map::open(&path).expect("the digest fits");
    assert_eq!(map.head().source.name, "sqlite:b.db");
    assert!(refused(&path, &key).contains("changed by somebody without the key"));
}

#[test]
fn blocks_of_another_map_or_place_do_not_pass() {
    let (dir, key) = (folder(), key());
    let postings = some(20, 2);
    let ours = fs::read(write(dir.path(), 1000, &key, &postings).0).expect("read");
    let (path, _) = write(dir.path(), 1000, &key, &postings);
    let mut theirs = fs::read(&path).expect("read");
    assert_eq!(ours.len(), theirs.len());
    theirs[16..40].copy_from_slice(&ours[16..40]);
    fs::write(&path, &theirs).expect("written");
    assert!(refused(&path, &key).contains("block 1 of 1 is damaged or of another map"));
}

#[test]
fn wrong_keys_newer_formats_and_other_files_are_told_apart() {
    let (dir, key, other) = (folder(), key(), key());
    let (path, _) = write(dir.path(), 1000, &key, &some(20, 2));
    let error = read(&path, &other).expect_err("refused");
    assert!(matches!(error, Error::Key(_)));
    let text = error.to_string();
    assert!(text.contains(&key.id()) && text.contains(&other.id()) && text.contains("--key-file"), "{text}");

    let mut newer = fs::read(&path).expect("read");
    newer[12] = 3;
    fs::write(&path, &newer).expect("written");
    assert!(refused(&path, &key).contains("newer sanera (map format 3"));
    for foreign in ["", "hello", "SQLite format 3\0 and more of it"] {
        fs::write(&path, foreign).expect("written");
        assert!(refused(&path, &key).contains("not a sanera map"));
    }
    assert!(matches!(Map::open(dir.path()), Err(Error::File { .. })));
    assert!(matches!(Map::open(&dir.path().join("none")), Err(Error::File { .. })));
}

#[test]
fn nothing_of_a_value_or_row_key_stands_in_the_file() {
    let (dir, key) = (folder(), key());
    let index = BlindIndex::new(&key);
    let (value, row) = ("anna.canary@example.se", b"row-key-canary-198001012384".as_slice());
    let hash = index.hash(Domain::of(Category::Email), value);
    let mut postings = some(200, 2);
    postings.push((hash, at(0), row.to_vec()));
    let (path, _) = write(dir.path(), 1000, &key, &postings);
    let bytes = fs::read(&path).expect("read");
    let unkeyed = Sha256::digest(value);
    for canary in [value.as_bytes(), row, &unkeyed[..8], &unkeyed[24..], &hash[..8], &hash[8..]] {
        assert!(!bytes.windows(canary.len()).any(|window| window == canary));
    }
    let mut map = Map::open(&path).expect("opened").unlock(&key).expect("unlocked");
    assert_eq!(map.lookup(hash).expect("found"), [(at(0), row.to_vec())]);
}

#[test]
fn two_keys_share_no_hash() {
    let dir = folder();
    let hashes = |key: &Key| -> BTreeSet<Hash> {
        let index = BlindIndex::new(key);
        let hash = |i| index.hash(Domain::of(Category::Email), &format!("anna{i}@example.se"));
        let postings: Vec<Posting> = (0..1000).map(|i| (hash(i), at(0), Vec::new())).collect();
        let (path, _) = write(dir.path(), 1000, key, &postings);
        read(&path, key).expect("read").into_iter().map(|(hash, ..)| hash).collect()
    };
    let (ours, theirs) = (hashes(&key()), hashes(&key()));
    assert_eq!((ours.len(), theirs.len()), (1000, 1000));
    assert!(ours.is_disjoint(&theirs));
}

#[test]
fn output_that_cannot_be_written_is_named() {
    let (dir, key) = (folder(), key());
    assert!(matches!(PostingsBuilder::new(&dir.path().join("none"), 1000), Err(Error::Output { .. })));
    let builder = PostingsBuilder::new(dir.path(), 1000).expect("a builder");
    assert!(matches!(builder.finish(dir.path(), &key, &head()), Err(Error::Output { .. })));
}
