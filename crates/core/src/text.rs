//! Many short strings stored end to end, and ids found by their text.
//!
//! A framework holds tens of thousands of ids and labels. Kept as one `String` with offsets they
//! take no allocation each, and go to a snapshot and back as two plain arrays.

use std::hash::BuildHasher;
use std::sync::OnceLock;

use hashbrown::{DefaultHashBuilder, HashTable};

use crate::error::{Error, Result};

/// A list of strings stored end to end.
///
/// Reading one is O(1). At most 4 GiB of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Texts {
    bytes: String,
    ends: Vec<u32>,
}

impl Default for Texts {
    fn default() -> Self {
        Self::new()
    }
}

impl Texts {
    /// An empty list.
    pub fn new() -> Self {
        Self { bytes: String::new(), ends: Vec::new() }
    }

    /// Adds a string at the end.
    ///
    /// # Errors
    ///
    /// [`Error::TooMany`] when the texts together would pass 4 GiB.
    pub fn push(&mut self, text: &str) -> Result<()> {
        let end = u32::try_from(self.bytes.len() + text.len()).map_err(|_| Error::TooMany {
            what: "bytes of text in one table",
            count: (self.bytes.len() + text.len()) as u64,
            limit: u64::from(u32::MAX),
        })?;
        self.bytes.push_str(text);
        self.ends.push(end);
        Ok(())
    }

    /// How many strings there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The string at a position, if there is one.
    pub fn get(&self, position: usize) -> Option<&str> {
        let end = *self.ends.get(position)? as usize;
        let start = position.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        Some(&self.bytes[start..end])
    }

    /// The strings, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> + '_ {
        let mut start = 0;
        self.ends.iter().map(move |&end| {
            let text = &self.bytes[start..end as usize];
            start = end as usize;
            text
        })
    }

    /// The two arrays behind the list: all bytes, and where each string ends.
    #[cfg(feature = "snapshot")]
    pub(crate) fn parts(&self) -> (&str, &[u32]) {
        (&self.bytes, &self.ends)
    }

    /// Puts the two arrays together again; `None` unless the ends ascend on character boundaries
    /// up to the last byte.
    #[cfg(feature = "snapshot")]
    pub(crate) fn from_parts(bytes: String, ends: Vec<u32>) -> Option<Self> {
        let mut before = 0;
        for &end in &ends {
            if end < before || !bytes.is_char_boundary(end as usize) {
                return None;
            }
            before = end;
        }
        (before as usize == bytes.len()).then_some(Self { bytes, ends })
    }
}

impl std::ops::Index<usize> for Texts {
    type Output = str;

    /// The string at a position.
    ///
    /// # Panics
    ///
    /// When the position is not below [`Texts::len`].
    fn index(&self, position: usize) -> &str {
        match self.get(position) {
            Some(text) => text,
            None => panic!("text {position} of a table of {}", self.len()),
        }
    }
}

impl<'a> FromIterator<&'a str> for Texts {
    /// Collects strings.
    ///
    /// # Panics
    ///
    /// When the texts together pass 4 GiB; [`Texts::push`] gives an error instead.
    fn from_iter<I: IntoIterator<Item = &'a str>>(texts: I) -> Self {
        let mut table = Self::new();
        for text in texts {
            if let Err(error) = table.push(text) {
                panic!("{error}");
            }
        }
        table
    }
}

/// Unique strings with their positions: id to position in O(1), position to id in O(1).
///
/// # Example
///
/// ```
/// use passerelle::Ids;
///
/// let mut ids = Ids::new();
/// let (first, new) = ids.insert("A1101")?;
/// assert_eq!((first, new), (0, true));
/// assert_eq!(ids.insert("A1101")?, (0, false));
/// assert_eq!(ids.position("A1101"), Some(0));
/// assert_eq!(&ids[0], "A1101");
/// # Ok::<(), passerelle::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Ids {
    texts: Texts,
    /// Built at the first search, so that opening a snapshot hashes nothing.
    index: OnceLock<HashTable<u32>>,
    hasher: DefaultHashBuilder,
}

impl PartialEq for Ids {
    fn eq(&self, other: &Self) -> bool {
        self.texts == other.texts
    }
}

impl Eq for Ids {}

impl Ids {
    /// No ids.
    pub fn new() -> Self {
        Self::default()
    }

    /// The position of an id, added at the end when it is new; `true` says that it was.
    ///
    /// # Errors
    ///
    /// [`Error::TooMany`] past 2³¹ − 1 ids or 4 GiB of text.
    pub fn insert(&mut self, id: &str) -> Result<(u32, bool)> {
        if let Some(position) = self.position(id) {
            return Ok((position, false));
        }
        let position = self.texts.len();
        // Result arrays name positions as i32, with -1 for padding.
        if position >= i32::MAX as usize {
            return Err(Error::TooMany {
                what: "ids in one table",
                count: position as u64 + 1,
                limit: i32::MAX as u64,
            });
        }
        self.texts.push(id)?;
        let Self { texts, index, hasher } = self;
        let table = index.get_mut().expect("position() above built the index");
        #[expect(clippy::cast_possible_truncation, reason = "checked against i32::MAX above")]
        let position = position as u32;
        table.insert_unique(hasher.hash_one(id), position, |&at| {
            hasher.hash_one(&texts[at as usize])
        });
        Ok((position, true))
    }

    /// The position of an id.
    pub fn position(&self, id: &str) -> Option<u32> {
        let hash = |text: &str| self.hasher.hash_one(text);
        let table = self.index.get_or_init(|| {
            let mut table = HashTable::with_capacity(self.texts.len());
            for (position, text) in (0u32..).zip(self.texts.iter()) {
                table.insert_unique(hash(text), position, |&at| hash(&self.texts[at as usize]));
            }
            table
        });
        table.find(hash(id), |&at| &self.texts[at as usize] == id).copied()
    }

    /// The id at a position, if there is one.
    pub fn get(&self, position: u32) -> Option<&str> {
        self.texts.get(position as usize)
    }

    /// How many ids there are.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// The ids, in the order of their positions.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> + '_ {
        self.texts.iter()
    }

    /// The id most like a text, for error messages: at most a third of its characters away by
    /// edits (Damerau–Levenshtein, cases folded). O(ids × characters²).
    pub fn nearest(&self, text: &str) -> Option<&str> {
        let wanted = text.to_lowercase();
        let furthest = (wanted.chars().count() / 3).max(1);
        self.iter()
            .map(|id| (strsim::osa_distance(&wanted, &id.to_lowercase()), id))
            .filter(|&(distance, _)| distance <= furthest)
            .min_by_key(|&(distance, _)| distance)
            .map(|(_, id)| id)
    }

    /// The texts behind the ids.
    #[cfg(feature = "snapshot")]
    pub(crate) fn texts(&self) -> &Texts {
        &self.texts
    }

    /// Ids from texts that are known to be unique.
    pub(crate) fn from_unique(texts: Texts) -> Self {
        Self { texts, ..Self::default() }
    }
}

impl std::ops::Index<u32> for Ids {
    type Output = str;

    /// The id at a position.
    ///
    /// # Panics
    ///
    /// When the position is not below [`Ids::len`].
    fn index(&self, position: u32) -> &str {
        &self.texts[position as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_back_as_they_went_in() {
        let texts: Texts = ["", "é", "long text", ""].into_iter().collect();
        assert_eq!(texts.iter().collect::<Vec<_>>(), ["", "é", "long text", ""]);
        assert_eq!(&texts[1], "é");
        assert_eq!(texts.get(4), None);
    }

    #[test]
    fn an_id_has_one_position() {
        let mut ids = Ids::new();
        for (at, id) in ["b", "a", "c"].iter().enumerate() {
            assert_eq!(ids.insert(id).unwrap(), (at as u32, true));
        }
        assert_eq!(ids.insert("a").unwrap(), (1, false));
        assert_eq!(ids.position("c"), Some(2));
        assert_eq!(ids.position("d"), None);
    }

    #[test]
    fn the_nearest_id_is_a_slip_away_and_not_further() {
        let mut ids = Ids::new();
        for id in ["N1105", "N1103", "K1304"] {
            ids.insert(id).unwrap();
        }
        assert_eq!(ids.nearest("n1105"), Some("N1105"));
        assert_eq!(ids.nearest("N1150"), Some("N1105"));
        assert_eq!(ids.nearest("zzzzzzzz"), None);
    }
}
