//! The two questions: what may have been meant, and what does a label name.

use std::collections::HashSet;

use super::fuzzy;
use super::index::{Completions, Shelf};
use super::normal::normal;
use super::{
    Concept, ConceptKind, FindOptions, How, LONGEST_QUERY, Lookup, MOST_MATCHES, Match, Resolved,
    gendered,
};
use crate::error::{Error, Result};

/// How many fuzzy candidates are kept before the worse ones are dropped.
const CANDIDATES: usize = 4096;

/// The best matches so far: one to a concept, the better first.
struct Found<'l> {
    lookup: &'l Lookup,
    limit: usize,
    concepts: HashSet<Concept>,
    matches: Vec<(How, u32)>,
}

impl Found<'_> {
    fn is_full(&self) -> bool {
        self.matches.len() >= self.limit
    }

    /// Adds a name that is no better than those before it.
    fn add(&mut self, how: How, name: u32) {
        if !self.is_full() && self.concepts.insert(self.lookup.concepts[name as usize]) {
            self.matches.push((how, name));
        }
    }
}

impl Lookup {
    /// What may have been meant by a query, the best first: see [the order](super) of matches.
    ///
    /// Equal spellings and completions take some microseconds: O(query + matches × label length).
    /// Edits are only looked for where these are fewer than the limit. They take some tens of
    /// microseconds for a word and a millisecond or two for a sentence, because an automaton of
    /// O(query) states is built and walks the index. Memory stays bounded whatever the query:
    /// about 10 MB for the longest automaton, some thousand candidates beside.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for a query of more than [`LONGEST_QUERY`] characters, and for a limit
    /// of 0 or of more than [`MOST_MATCHES`]. A blank query, or a language that no label is in,
    /// finds nothing.
    ///
    /// # Example
    ///
    /// See [the module](super).
    pub fn find(&self, query: &str, options: &FindOptions) -> Result<Vec<Match<'_>>> {
        let query = query.trim();
        if query.chars().count() > LONGEST_QUERY {
            let expected = format!("at most {LONGEST_QUERY} characters long");
            let length = format!("{} characters long", query.chars().count());
            return Err(Error::argument("query", length, expected));
        }
        if options.limit == 0 || options.limit > MOST_MATCHES {
            let expected = format!("from 1 to {MOST_MATCHES}");
            return Err(Error::argument("limit", options.limit, expected));
        }
        let key = normal(query);
        if key.is_empty() {
            return Ok(Vec::new());
        }
        let shelves: Vec<&Shelf> =
            self.shelves.iter().filter(|s| self.wanted(s, options)).collect();
        let (concepts, matches) = (HashSet::new(), Vec::new());
        let mut found = Found { lookup: self, limit: options.limit, concepts, matches };

        for how in [How::Exact, How::Normalised] {
            for name in self.equal(query, &key, how, &shelves) {
                found.add(how, name);
            }
        }
        let mut completions = Completions::new(&key, shelves.iter().copied());
        while !found.is_full() {
            let Some(name) = completions.next() else { break };
            found.add(How::Prefix, name);
        }
        if options.fuzzy && !found.is_full() {
            self.add_fuzzy(&key, &shelves, &mut found);
        }
        Ok(found.matches.into_iter().map(|(how, name)| self.matched(how, name)).collect())
    }

    /// What a label names among things of one kind: labels spelled exactly like that, or else those
    /// whose normalised spelling, or that of one of their forms, is the same. No completion, no
    /// edits, and a label that names several things says so: nothing is guessed. Labels of every
    /// language count. O(label).
    ///
    /// # Example
    ///
    /// See [the module](super).
    pub fn resolve(&self, label: &str, kind: ConceptKind) -> Resolved {
        let of_kind = self.shelves.iter().filter(|shelf| shelf.kind == kind as u8);
        Resolved::of(self.named(label, &of_kind.collect::<Vec<_>>()))
    }

    /// Which occupation a label names, be it by the occupation's own labels or by a job title, by
    /// the rule of [`Lookup::resolve`]. Titles of one occupation count once.
    pub fn resolve_occupation(&self, label: &str) -> Resolved<u32> {
        let kinds = [ConceptKind::Occupation as u8, ConceptKind::JobTitle as u8];
        let shelves = self.shelves.iter().filter(|shelf| kinds.contains(&shelf.kind));
        let concepts = self.named(label, &shelves.collect::<Vec<_>>());
        Resolved::of(concepts.into_iter().filter_map(Concept::occupation).collect())
    }

    fn named(&self, label: &str, shelves: &[&Shelf]) -> Vec<Concept> {
        let label = label.trim();
        let key = normal(label);
        let mut names = Vec::new();
        for how in [How::Exact, How::Normalised] {
            if names.is_empty() && !key.is_empty() {
                names = self.equal(label, &key, how, shelves);
            }
        }
        names.into_iter().map(|name| self.concepts[name as usize]).collect()
    }

    fn wanted(&self, shelf: &Shelf, options: &FindOptions) -> bool {
        let language = &self.languages[usize::from(shelf.language)];
        options.kinds.iter().any(|&kind| kind as u8 == shelf.kind)
            && (options.languages.is_empty() || options.languages.contains(language))
    }

    /// The names spelled like a text, the best first: exactly, or all those normalised.
    fn equal(&self, text: &str, key: &str, how: How, shelves: &[&Shelf]) -> Vec<u32> {
        let mut names: Vec<u32> =
            shelves.iter().flat_map(|shelf| shelf.get(key)).copied().collect();
        if how == How::Exact {
            names.retain(|&name| &self.texts[name as usize] == text);
        } else {
            for form in gendered::forms(text).into_iter().flatten() {
                names.extend(shelves.iter().flat_map(|shelf| shelf.get(&form)));
            }
        }
        names.sort_unstable();
        names
    }

    fn add_fuzzy<'l>(&'l self, key: &str, shelves: &[&'l Shelf], found: &mut Found<'l>) {
        let mut candidates: Vec<(u8, u32)> = Vec::new();
        let limit = found.limit;
        // The best name of each concept that is not found yet, the best first.
        let prune = |candidates: &mut Vec<(u8, u32)>, found: &Found<'_>| {
            candidates.sort_unstable();
            let mut seen = HashSet::new();
            candidates.retain(|&(_, name)| {
                let concept = self.concepts[name as usize];
                !found.concepts.contains(&concept) && seen.insert(concept)
            });
            candidates.truncate(limit);
        };
        let edits = fuzzy::allowed(key);
        self.fuzzy.search(key, edits, shelves.iter().copied(), |shelf, key, edits| {
            for &name in shelf.names(key) {
                candidates.push((edits, name));
                if candidates.len() >= CANDIDATES {
                    prune(&mut candidates, found);
                }
            }
        });
        prune(&mut candidates, found);
        for (edits, name) in candidates {
            found.add(How::Fuzzy { edits }, name);
        }
    }

    fn matched(&self, how: How, name: u32) -> Match<'_> {
        let name = name as usize;
        Match {
            concept: self.concepts[name],
            label: &self.texts[name],
            language: &self.languages[usize::from(self.language_of[name])],
            role: self.roles[name],
            how,
        }
    }
}
