//! Texts as words and as runs of characters, brought to one form.

use frostem::{Algorithm, Stemmer};

use crate::lookup::{forms, normal};

/// What French leaves of an elided word, and single letters that say nothing.
const ELIDED: [&str; 11] = ["a", "d", "j", "l", "m", "n", "s", "t", "y", "qu", "aujourd"];

/// Takes texts of one language apart.
///
/// A text is brought to the spelling that labels are compared in (cases, accents and punctuation set
/// aside); of a label that names a job for men and for women (`x/y`) both forms count; what French
/// elides is dropped; words become stems, so that plurals and endings do not count. Languages other
/// than French and English keep their words as they are.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    algorithm: Option<Algorithm>,
    french: bool,
}

impl Words {
    /// For a language, a BCP 47 code such as `fr`.
    pub fn new(language: &str) -> Self {
        let french = language == "fr" || language.starts_with("fr-");
        let english = language == "en" || language.starts_with("en-");
        let algorithm = match (french, english) {
            (true, _) => Some(Algorithm::French),
            (_, true) => Some(Algorithm::English),
            _ => None,
        };
        Self { algorithm, french }
    }

    /// The stems of a text's words, in order, repetitions kept.
    ///
    /// # Example
    ///
    /// ```
    /// use passerelle::label::Words;
    ///
    /// let french = Words::new("fr");
    /// assert_eq!(french.of("Conduire l'engin"), french.of("CONDUIRE LES ENGINS")[..1].iter()
    ///     .chain(&french.of("engins")).cloned().collect::<Vec<_>>());
    /// ```
    pub fn of(&self, text: &str) -> Vec<String> {
        let mut words: Vec<String> = self.spelt(text);
        if let Some([first, second]) = forms(text) {
            // What both forms share counts once.
            words = self.stems(&first);
            let more = self.stems(&second).into_iter().filter(|word| !words.contains(word));
            let more: Vec<_> = more.collect();
            words.extend(more);
        }
        words
    }

    fn spelt(&self, text: &str) -> Vec<String> {
        self.stems(&normal(text))
    }

    fn stems(&self, normal: &str) -> Vec<String> {
        let elided = |word: &str| self.french && ELIDED.contains(&word);
        let says = |word: &&str| !word.is_empty() && !elided(word);
        let words = normal.split(' ').filter(says);
        match self.algorithm.map(Stemmer::new) {
            Some(stemmer) => words.map(|word| stemmer.stem(word).into_owned()).collect(),
            None => words.map(str::to_owned).collect(),
        }
    }
}

/// The runs of `least` to `most` characters of a text's words, each word between spaces: ` we`,
/// `wel`, `eld`, `ld ` of *weld*. A word shorter than that is one run.
pub fn runs(text: &str, least: usize, most: usize) -> Vec<String> {
    let mut runs = Vec::new();
    for word in normal(text).split(' ').filter(|word| !word.is_empty()) {
        let padded: Vec<char> = format!(" {word} ").chars().collect();
        for length in least..=most {
            if length > padded.len() {
                break;
            }
            runs.extend(padded.windows(length).map(|run| run.iter().collect::<String>()));
        }
        if padded.len() < least {
            runs.push(padded.into_iter().collect());
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_elisions_and_both_genders_count_once() {
        let french = Words::new("fr");
        assert_eq!(french.of("Conduire l’engin"), french.of("conduire engins"));
        let both = french.of("Conducteur / Conductrice d'engins");
        assert_eq!(both.iter().filter(|word| word.starts_with("engin")).count(), 1);
        let english = Words::new("en");
        assert_eq!(english.of("Welding plans"), english.of("welded plan"));
        assert_eq!(Words::new("xx").of("Plans d'x"), ["plans", "d", "x"]);
    }

    #[test]
    fn runs_stay_within_words() {
        assert_eq!(runs("Weld", 3, 3), [" we", "wel", "eld", "ld "]);
        assert_eq!(runs("à b", 4, 5), [" a ", " b "]);
        assert!(runs("", 3, 4).is_empty());
    }
}
