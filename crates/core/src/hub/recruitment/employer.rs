//! Whether two spellings name the same employer.

use std::collections::BTreeSet;

use crate::lookup::normal;

/// Legal forms and articles: no part of a name.
const BESIDE: &[&str] = &[
    "sarl",
    "sas",
    "sasu",
    "sa",
    "eurl",
    "scop",
    "snc",
    "sci",
    "scea",
    "earl",
    "gie",
    "ste",
    "societe",
    "ets",
    "etablissement",
    "etablissements",
    "groupe",
    "cie",
    "d",
    "de",
    "des",
    "du",
    "l",
    "la",
    "le",
    "les",
    "et",
    "aux",
    "au",
    "a",
    "en",
];

/// An employer's name brought to words.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Employer {
    words: BTreeSet<String>,
    /// The words end to end, in the order in which they stand: `logis nord` is `logisnord`.
    whole: String,
    /// The words as they stand.
    spelled: String,
    /// A bit for the first three letters of each word, which words that are near share.
    starts: u64,
    /// Hashes of the first three letters of the words, ascending, each once.
    heads: Vec<u64>,
}

impl Employer {
    /// The words of a name, its legal form aside. O(characters).
    pub(crate) fn new(name: &str) -> Self {
        let plain = normal(name);
        // Letters with points between them are one word, A.D.M.R.; one by itself is an article.
        let mut words: Vec<String> = Vec::new();
        for run in
            plain.split(' ').collect::<Vec<_>>().chunk_by(|a, b| a.len() == 1 && b.len() == 1)
        {
            match run {
                ["st"] => words.push("saint".to_owned()),
                _ => words.push(run.concat()),
            }
        }
        let named: Vec<String> =
            words.iter().filter(|word| !BESIDE.contains(&word.as_str())).cloned().collect();
        let words = if named.is_empty() { words } else { named };
        let mut heads: Vec<u64> = words.iter().map(|word| head(word)).collect();
        heads.sort_unstable();
        heads.dedup();
        let starts = heads.iter().fold(0, |all, head| all | 1 << (head >> 58));
        let (whole, spelled) = (words.concat(), words.join(" "));
        Self { whole, spelled, words: words.into_iter().collect(), starts, heads }
    }

    /// The words as they stand, with a space between two: equal for what is one name.
    pub(crate) fn spelled(&self) -> &str {
        &self.spelled
    }

    /// What [`Employer::may_be_by_starts`] takes.
    pub(crate) fn starts(&self) -> u64 {
        self.starts
    }

    /// Whether two names that are written apart may be of one employer, as far as the first letters
    /// of their words tell: without a look at the words.
    pub(crate) fn may_be_by_starts(one: u64, other: u64) -> bool {
        one & !other == 0 || other & !one == 0
    }

    /// Under which keys a name is looked for: names that may be the same share one.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        let long = self.words.iter().map(String::as_str).filter(|word| word.chars().count() > 2);
        std::iter::once(self.whole.as_str()).chain(long.filter(|word| *word != self.whole))
    }

    /// Whether a word is part of the name.
    pub(crate) fn has(&self, word: &str) -> bool {
        self.words.contains(word)
    }

    /// Whether two names may be of the same employer: written together they are equal, or each
    /// word of the shorter is one of the longer's, in full, abbreviated, or with a letter off after
    /// the third, and one of more than two letters is there in full. The same both ways.
    pub(crate) fn may_be(&self, other: &Self) -> bool {
        if self.whole == other.whole {
            return true;
        }
        let (short, long) = if (self.words.len(), &self.whole) <= (other.words.len(), &other.whole)
        {
            (self, other)
        } else {
            (other, self)
        };
        // Words that are near share their first three letters: numbers say no before words do.
        if short.heads.iter().any(|head| long.heads.binary_search(head).is_err()) {
            return false;
        }
        let (short, long) = (&short.words, &long.words);
        let shared = |word: &String| long.contains(word);
        let near = |word: &String| {
            shared(word)
                || long.iter().any(|other| {
                    let (less, more) =
                        if word.len() < other.len() { (word, other) } else { (other, word) };
                    (less.len() > 2 && more.starts_with(less.as_str()))
                        || (less.len() > 4
                            && less.get(..3) == more.get(..3)
                            && strsim::osa_distance(less, more) <= 1)
                })
        };
        short.iter().any(|word| shared(word) && word.chars().count() > 2) && short.iter().all(near)
    }
}

/// A hash of the first three letters of a word (FNV-1a of Fowler, Noll and Vo).
fn head(word: &str) -> u64 {
    let start = word.char_indices().nth(3).map_or(word, |(at, _)| &word[..at]);
    start.bytes().fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_employer() {
        for (one, other, same) in [
            ("Chaudronnerie Dubois SARL", "CHAUDRONNERIE DUBOIS", true),
            ("Nord'Log", "NORDLOG SAS", true),
            ("Transp. Petit", "Transports Petit", true),
            ("A.D.A.R. Flandre", "ADAR", true),
            ("Clinique St Luc", "Clinique Saint-Luc", true),
            ("Boulangerie Petit", "Boulangerie Grand", false),
            ("Manpower", "Adecco", false),
            ("SA", "SARL", false),
        ] {
            let (left, right) = (Employer::new(one), Employer::new(other));
            assert_eq!(left.may_be(&right), same, "{one} | {other}");
            assert_eq!(right.may_be(&left), same, "{other} | {one}");
            if same {
                assert!(
                    left.whole == right.whole
                        || Employer::may_be_by_starts(left.starts, right.starts),
                    "{one} | {other}"
                );
                let keys: BTreeSet<_> = left.keys().collect();
                assert!(right.keys().any(|key| keys.contains(key)), "{one} | {other}");
            }
        }
    }
}
