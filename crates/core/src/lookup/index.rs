//! Keys to names: one sorted map for each kind of concept in each language.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use fst::raw::{CompiledAddr, Output};

/// The keys of one kind and language. Names are numbers given by the caller, the best first: a
/// lower number is a better answer.
pub(super) struct Shelf {
    pub(super) kind: u8,
    pub(super) language: u16,
    /// From a normalised spelling to its number. Keys are numbered by the best name that they lead
    /// to, so the least number below a node of the map leads to the best name below it.
    pub(super) keys: fst::Map<Vec<u8>>,
    /// Where the names of each key end.
    ends: Vec<u32>,
    names: Vec<u32>,
}

impl Shelf {
    /// A shelf of keys with names, in any order; the same pair twice counts once.
    ///
    /// # Panics
    ///
    /// With 2³² pairs or more.
    pub(super) fn new(
        kind: u8,
        language: u16,
        pairs: impl IntoIterator<Item = (String, u32)>,
    ) -> Self {
        let mut pairs: Vec<_> = pairs.into_iter().collect();
        pairs.sort_unstable();
        pairs.dedup();
        let groups: Vec<_> = pairs.chunk_by(|a, b| a.0 == b.0).collect();
        let mut order: Vec<usize> = (0..groups.len()).collect();
        order.sort_unstable_by_key(|&at| (groups[at][0].1, at));
        let mut shelf = Self {
            kind,
            language,
            keys: fst::Map::default(),
            ends: Vec::with_capacity(groups.len()),
            names: Vec::with_capacity(pairs.len()),
        };
        let mut numbers = vec![0u64; groups.len()];
        for (number, &at) in (0u64..).zip(&order) {
            numbers[at] = number;
            shelf.names.extend(groups[at].iter().map(|(_, name)| name));
            shelf.ends.push(u32::try_from(shelf.names.len()).expect("fewer than 2³² names"));
        }
        let keys = groups.iter().map(|group| &group[0].0).zip(numbers);
        shelf.keys = fst::Map::from_iter(keys).expect("keys that were sorted and are unique");
        shelf
    }

    /// The names of a key, by its number.
    pub(super) fn names(&self, key: u32) -> &[u32] {
        let at = key as usize;
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.names[start as usize..self.ends[at] as usize]
    }

    /// The names of a key, by its spelling; none when there is no such key.
    pub(super) fn get(&self, key: &str) -> &[u32] {
        let number = self.keys.get(key).and_then(|number| u32::try_from(number).ok());
        number.map_or(&[], |number| self.names(number))
    }

    /// The best name that a number leads to.
    fn best(&self, number: Output) -> u32 {
        u32::try_from(number.value()).map_or(u32::MAX, |key| self.names(key)[0])
    }
}

/// What waits in the queue of [`Completions`], under the best name that it can lead to.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Waiting {
    /// A name.
    Name,
    /// A node of a shelf's map, with the sum of what leads to it.
    Node { shelf: usize, node: CompiledAddr, sum: u64 },
}

/// The names whose key starts with a text, the best first over several shelves, one for each key
/// that leads to them.
///
/// A best-first walk: the least number below a node is the sum on the way to it, because that is
/// how the map shares its values, so nothing is looked at that is worse than what is asked for.
pub(super) struct Completions<'s> {
    shelves: Vec<&'s Shelf>,
    queue: BinaryHeap<Reverse<(u32, Waiting)>>,
}

impl<'s> Completions<'s> {
    pub(super) fn new(prefix: &str, shelves: impl Iterator<Item = &'s Shelf>) -> Self {
        let mut found = Self { shelves: shelves.collect(), queue: BinaryHeap::new() };
        for at in 0..found.shelves.len() {
            let shelf = found.shelves[at];
            let map = shelf.keys.as_fst();
            let mut node = map.root();
            let mut sum = Output::zero();
            let reached = prefix.bytes().all(|byte| {
                let Some(next) = node.find_input(byte) else { return false };
                let next = node.transition(next);
                (node, sum) = (map.node(next.addr), sum.cat(next.out));
                true
            });
            if reached && !shelf.keys.is_empty() {
                found.wait_for_node(at, node.addr(), sum);
            }
        }
        found
    }

    fn wait_for_node(&mut self, shelf: usize, node: CompiledAddr, sum: Output) {
        let best = self.shelves[shelf].best(sum);
        self.queue.push(Reverse((best, Waiting::Node { shelf, node, sum: sum.value() })));
    }
}

impl Iterator for Completions<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        loop {
            let Reverse((name, waiting)) = self.queue.pop()?;
            let Waiting::Node { shelf: at, node, sum } = waiting else { return Some(name) };
            let shelf = self.shelves[at];
            let map = shelf.keys.as_fst();
            let mut node = map.node(node);
            let mut sum = Output::new(sum);
            loop {
                if node.is_final() {
                    let key = sum.cat(node.final_output()).value();
                    let names = u32::try_from(key).map_or(&[][..], |key| shelf.names(key));
                    self.queue.extend(names.iter().map(|&name| Reverse((name, Waiting::Name))));
                }
                if node.len() != 1 || node.is_final() {
                    break;
                }
                // A single way on leads to the same best name: no need to wait.
                let only = node.transition(0);
                (node, sum) = (map.node(only.addr), sum.cat(only.out));
            }
            for next in node.transitions() {
                self.wait_for_node(at, next.addr, sum.cat(next.out));
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
        fn completions_come_best_first_and_none_is_missing(
            pairs in prop::collection::vec(("[abé]{1,5}", 0u32..40), 0..60),
            others in prop::collection::vec(("[abé]{1,5}", 0u32..40), 0..20),
            prefix in "[abé]{0,3}",
        ) {
            let shelves = [Shelf::new(0, 0, pairs.clone()), Shelf::new(1, 0, others.clone())];
            let mut found: Vec<_> = Completions::new(&prefix, shelves.iter()).collect();
            prop_assert!(found.is_sorted());
            let mut expected: Vec<u32> = pairs
                .into_iter()
                .chain(others)
                .filter(|(key, _)| key.starts_with(&prefix))
                .map(|(_, name)| name)
                .collect();
            expected.sort_unstable();
            expected.dedup();
            found.dedup();
            prop_assert_eq!(found, expected);
        }

        #[test]
        fn a_key_leads_to_its_names(
            pairs in prop::collection::vec(("[ab]{0,3}", 0u32..40), 0..60),
        ) {
            let shelf = Shelf::new(0, 0, pairs.clone());
            for (key, _) in &pairs {
                let mut expected: Vec<_> =
                    pairs.iter().filter(|pair| pair.0 == *key).map(|pair| pair.1).collect();
                expected.sort_unstable();
                expected.dedup();
                prop_assert_eq!(shelf.get(key), expected);
            }
            prop_assert!(shelf.get("c").is_empty());
        }
    }
}
