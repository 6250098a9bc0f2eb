//! Which places have postings, and what each is in the map.

use std::collections::BTreeMap;

use super::evidence::Paths;
use super::{Seen, Work, worker};
use crate::finding::Category;
use crate::map::{Place, PlaceId};
use crate::nested::OTHER_PATHS;
use crate::secret::BlindIndex;

/// The categories that have postings.
pub(super) fn identifying() -> impl Iterator<Item = Category> {
    Category::ALL.iter().copied().filter(|category| category.is_identifier())
}

/// The places that have postings. Numbers are given by position: of the column in the work, of the category, and how
/// the identifier stands in the cell.
pub(super) fn places(work: &[Work], seen: &Seen, index: &BlindIndex) -> BTreeMap<PlaceId, Place> {
    let columns = work.iter().flat_map(|work| work.columns.iter().map(|column| (work.table, *column)));
    let mut places = BTreeMap::new();
    for (column, at) in (0..).step_by(worker::places_per_column() as usize).zip(columns) {
        let last = column + worker::places_per_column();
        let of = |number| PlaceId { number, path: 0 };
        let mut used = seen.places.range(of(column)..of(last)).peekable();
        if used.peek().is_none() {
            continue;
        }
        let paths = shown_paths(&seen.columns[&at].nested, index);
        for id in used {
            let position = ((id.number - column) / 4) as usize;
            let category = identifying().nth(position).expect("a worker numbered it");
            let whole = id.number % 2 == 1;
            let place = |path| Place { table: at.0, column: at.1, path, category, whole };
            if id.is_nested() {
                let rest = Some(OTHER_PATHS.to_owned());
                let path = paths.get(&id.path).cloned();
                places.entry(of(id.number)).or_insert_with(|| place(rest.clone()));
                places.extend(path.map(|path| (*id, place(Some(path)))));
            } else {
                places.insert(*id, place(None));
            }
        }
    }
    places
}

/// The paths of a column as they are shown, by the hash of the path as the cells have it.
fn shown_paths(nested: &Paths, index: &BlindIndex) -> BTreeMap<u32, String> {
    let shown = crate::nested::collapse(nested.names());
    shown.into_iter().map(|(path, shown)| (index.path(&path), shown)).collect()
}
