//! Labels a few edits away from what was typed.

use fst::{IntoStreamer, Streamer};
use levenshtein_automata::{Distance, LevenshteinAutomatonBuilder};

use super::index::Shelf;

/// How many edits a query may be away from a label: none under 4 characters, where one edit makes
/// another word; one under 8; two from there.
pub(super) fn allowed(query: &str) -> u8 {
    match query.chars().count() {
        0..4 => 0,
        4..8 => 1,
        _ => 2,
    }
}

/// Builders of automata. Making them takes some milliseconds, so that it is done once.
pub(super) struct Fuzzy {
    one: LevenshteinAutomatonBuilder,
    two: LevenshteinAutomatonBuilder,
}

impl Fuzzy {
    pub(super) fn new() -> Self {
        let within = |edits| LevenshteinAutomatonBuilder::new(edits, true);
        Self { one: within(1), two: within(2) }
    }

    /// Calls back with every key that is at most so many edits away from the query, and its number
    /// of edits: letters added, dropped, replaced, or two neighbours swapped.
    ///
    /// The automaton has at most 68 states to the character of the query, and walks each shelf once
    /// at most.
    pub(super) fn search<'s>(
        &self,
        query: &str,
        edits: u8,
        shelves: impl Iterator<Item = &'s Shelf>,
        mut found: impl FnMut(&'s Shelf, u32, u8),
    ) {
        let builder = match edits {
            0 => return,
            1 => &self.one,
            _ => &self.two,
        };
        let automaton = builder.build_dfa(query);
        for shelf in shelves {
            let mut stream = shelf.keys.search_with_state(&automaton).into_stream();
            while let Some((_, value, state)) = stream.next() {
                if let (Distance::Exact(edits), Ok(key)) =
                    (automaton.distance(state), u32::try_from(value))
                {
                    found(shelf, key, edits);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn keys_are_found_at_the_distance_they_are_at(
            keys in prop::collection::btree_set("[abcé ]{1,9}", 1..30),
            query in "[abcé ]{4,12}",
        ) {
            let keys: Vec<_> = keys.into_iter().collect();
            let shelf = Shelf::new(
                0,
                0,
                keys.iter().enumerate().map(|(at, key)| (key.clone(), u32::try_from(at).unwrap())),
            );
            let edits = allowed(&query);
            let mut found = Vec::new();
            Fuzzy::new().search(&query, edits, [&shelf].into_iter(), |shelf, key, edits| {
                found.extend(shelf.names(key).iter().map(|&name| (name, usize::from(edits))));
            });
            found.sort_unstable();
            let expected: Vec<_> = (0u32..)
                .zip(&keys)
                .map(|(at, key)| (at, strsim::osa_distance(key, &query)))
                .filter(|&(_, distance)| distance <= usize::from(edits))
                .collect();
            prop_assert_eq!(found, expected);
        }
    }
}
