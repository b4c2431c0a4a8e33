//! How alike two titles of vacancies are.
//!
//! SoftTFIDF of Cohen, Ravikumar and Fienberg ("A comparison of string distance metrics for
//! name-matching tasks", IJCAI workshop on information integration, 2003) with fixed weights instead
//! of inverse document frequencies, and Dice's denominator: words of two titles that are alike by
//! Jaro–Winkler (Winkler, 1990) are paired, the most alike first, and
//!
//! similarity = Σ over pairs of (weight + weight) · alike ÷ Σ weights of all words of both.
//!
//! Words that set a post apart from its neighbour (seniority, shift, working time, kind of contract)
//! weigh twice as much as others: *soignant* and *soignant de nuit* are two posts. Words that most
//! posts of a trade share (*agent*, *technicien*) weigh half, and so does what stands in brackets. Fixed weights rather than frequencies,
//! so that what is a duplicate today is one tomorrow, whatever else was reported.
//!
//! A slash between two names that are not the two forms of one is an alternative: the title is
//! called either, and as alike to another as nine tenths of the nearest of its names.
//!
//! Before that a title is brought to words: one spelling, the masculine form where it has two, what
//! is no part of the post left out (H/F, urgent, pay, contract of unlimited duration), and what the
//! trade abbreviates abbreviated.

use crate::lookup::gendered::forms;
use crate::lookup::normal;

/// A similarity in thousandths: whole numbers, so that a threshold is exact.
pub(crate) const WHOLE: u32 = 1000;

/// From where on two words are alike, in thousandths of Jaro–Winkler.
const ALIKE: u32 = 900;

/// Words that say nothing of the post.
const EMPTY: &[&str] = &[
    "a",
    "au",
    "aux",
    "avec",
    "d",
    "dans",
    "de",
    "des",
    "du",
    "e",
    "en",
    "et",
    "f",
    "fh",
    "h",
    "hf",
    "l",
    "la",
    "le",
    "les",
    "ou",
    "par",
    "pour",
    "sur",
    "un",
    "une",
    "cdd",
    "cdi",
    "interim",
    "poste",
    "recherche",
    "recrute",
    "urgent",
    "vue",
    "homme",
    "femme",
    "mois",
    "an",
    "ans",
    "heures",
    "heure",
    "hebdo",
    "hebdomadaire",
    "semaine",
];

/// Words that set a post apart from its neighbour.
const TELLING: &[&str] = &[
    "adjoint",
    "aide",
    "alternance",
    "apprenti",
    "apprentissage",
    "assistant",
    "chef",
    "confirme",
    "debutant",
    "directeur",
    "jour",
    "junior",
    "lead",
    "manager",
    "nuit",
    "partiel",
    "plein",
    "principal",
    "responsable",
    "saisonnier",
    "second",
    "senior",
    "stage",
    "stagiaire",
    "vsd",
    "weekend",
];

/// Words that most posts of a trade share.
const SHARED: &[&str] =
    &["agent", "charge", "collaborateur", "employe", "operateur", "ouvrier", "technicien"];

/// What the trade writes shorter, or in another way: words in a row, and what stands for them.
const SHORT: &[(&[&str], &str)] = &[
    (&["super", "poids", "lourd"], "spl"),
    (&["super", "poids", "lourds"], "spl"),
    (&["poids", "lourd"], "pl"),
    (&["poids", "lourds"], "pl"),
    (&["vehicule", "leger"], "vl"),
    (&["vehicules", "legers"], "vl"),
    (&["commande", "numerique"], "cn"),
    (&["commandes", "numeriques"], "cn"),
    (&["voirie", "reseaux", "divers"], "vrd"),
    (&["travaux", "publics"], "tp"),
    (&["tres", "haute", "pression"], "thp"),
    (&["auxiliaire", "vie", "sociale"], "avs"),
    (&["auxiliaire", "vie"], "avs"),
    (&["agent", "service", "hotelier"], "ash"),
    (&["agent", "services", "hoteliers"], "ash"),
    (&["technicien", "maintenance", "industriel"], "tmi"),
    (&["technicien", "maintenance", "industrielle"], "tmi"),
    (&["service", "apres", "vente"], "sav"),
    (&["week", "end"], "weekend"),
    (&["electro", "mecanicien"], "electromecanicien"),
    (&["chauffeur"], "conducteur"),
    (&["engineer"], "ingenieur"),
    (&["developer"], "developpeur"),
    (&["poseur"], "installateur"),
    (&["photovoltaique"], "solaire"),
    (&["photovoltaiques"], "solaire"),
    (&["tech"], "technicien"),
    (&["maint"], "maintenance"),
    (&["indus"], "industriel"),
    (&["elec"], "electrique"),
    (&["meca"], "mecanique"),
    (&["resp"], "responsable"),
    (&["asst"], "assistant"),
    (&["prod"], "production"),
    (&["inge"], "ingenieur"),
    (&["dev"], "developpeur"),
    (&["labo"], "laboratoire"),
    (&["auto"], "automobile"),
];

/// A title brought to words: its names, one or several, each of words with what they weigh.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Title {
    names: Vec<Name>,
}

/// Words with what they weigh, in order.
type Name = Vec<(String, u32)>;

impl Title {
    /// The words of a title. O(characters).
    pub(crate) fn new(title: &str) -> Self {
        let plain = without_pay(title).join(" ");
        let plain =
            ["H/F", "F/H", "h/f", "f/h"].iter().fold(plain, |text, form| text.replace(form, " "));
        let aside = in_brackets(&plain);
        let whole = forms(&plain).map(|[first, _]| first);
        let mut names = vec![name(whole.as_deref().unwrap_or(&normal(&plain)), &aside)];
        if whole.is_none_or(|first| first == normal(&plain)) && plain.contains('/') {
            names.extend(plain.split('/').map(|part| name(&normal(part), &aside)));
        }
        names.retain(|name| !name.is_empty());
        Self { names }
    }

    /// The same without some words, unless nothing were left of it.
    pub(crate) fn without(&self, left_out: impl Fn(&str) -> bool) -> Self {
        let less = |name: &Name| {
            let less: Name = name.iter().filter(|(word, _)| !left_out(word)).cloned().collect();
            if less.is_empty() { name.clone() } else { less }
        };
        Self { names: self.names.iter().map(less).collect() }
    }

    /// How alike two titles are, in thousandths; 0 where one has no word. The same both ways.
    /// O(words²).
    pub(crate) fn similarity(&self, other: &Self) -> u32 {
        let pairs = self.names.iter().enumerate().flat_map(|(at, one)| {
            other.names.iter().enumerate().map(move |(to, two)| (at + to == 0, one, two))
        });
        let alike = |(whole, one, two): (bool, &Name, &Name)| {
            let alike = similarity(one, two);
            if whole { alike } else { alike * 9 / 10 }
        };
        pairs.map(alike).max().unwrap_or(0)
    }
}

/// The words in brackets, where these stand apart: not the `(e)` of `agent(e)`.
fn in_brackets(title: &str) -> Vec<String> {
    let parts = title.split(" (").skip(1).filter_map(|rest| rest.split(')').next());
    parts.flat_map(|part| normal(part).split(' ').map(str::to_owned).collect::<Vec<_>>()).collect()
}

/// The words of one name, which is brought to one spelling already; those set `aside` weigh half.
fn name(text: &str, aside: &[String]) -> Name {
    let words = text.split(' ').flat_map(apart).filter(|word| !word.is_empty());
    // Single letters in a row are an abbreviation with its points: T.I.G.
    let mut list: Vec<String> = Vec::new();
    let mut letters = String::new();
    for word in words.chain([""]) {
        if word.len() == 1 && word.chars().all(char::is_alphabetic) {
            letters.push_str(word);
            continue;
        }
        if letters.len() > 2 {
            list.push(std::mem::take(&mut letters));
        }
        letters.clear();
        if !word.is_empty() && !EMPTY.contains(&word) {
            list.push(word.to_owned());
        }
    }
    let mut name: Name = Vec::new();
    let mut rest = &list[..];
    while let Some(first) = rest.first() {
        let short = SHORT.iter().find(|(long, _)| {
            long.len() <= rest.len() && long.iter().zip(rest).all(|(one, other)| one == other)
        });
        let (word, used) = short.map_or((first.as_str(), 1), |&(long, short)| (short, long.len()));
        rest = &rest[used..];
        if !name.iter().any(|(known, _)| known == word) {
            let among =
                |list: &[&str]| list.iter().any(|known| masculine(known) == masculine(word));
            let weight = if among(TELLING) {
                4
            } else if among(SHARED) || aside.iter().any(|aside| aside == word) {
                1
            } else {
                2
            };
            name.push((word.to_owned(), weight));
        }
    }
    // A title that is no more than that is of that trade.
    if let [(_, weight)] = &mut name[..] {
        *weight = 2;
    }
    name.sort_unstable();
    name
}

/// How alike two names are, in thousandths.
fn similarity(one: &Name, other: &Name) -> u32 {
    let mut pairs = Vec::new();
    for (at, (left, _)) in one.iter().enumerate() {
        for (to, (right, _)) in other.iter().enumerate() {
            let alike = alike(left, right);
            if alike >= ALIKE {
                // The texts in their order decide between equals, so that it is the same both ways.
                let texts = if left <= right { (left, right) } else { (right, left) };
                pairs.push((std::cmp::Reverse(alike), texts, at, to));
            }
        }
    }
    pairs.sort_unstable();
    let (mut left, mut right) = (vec![false; one.len()], vec![false; other.len()]);
    let mut sum = 0;
    for (std::cmp::Reverse(alike), _, at, to) in pairs {
        if !left[at] && !right[to] {
            (left[at], right[to]) = (true, true);
            sum += (one[at].1 + other[to].1) * alike;
        }
    }
    let weights = |name: &Name| name.iter().map(|(_, weight)| weight).sum::<u32>();
    sum / (weights(one) + weights(other)).max(1)
}

/// Jaro–Winkler in thousandths, rounded down. Words of which one abbreviates the other, and words
/// that differ in gender or number alone, are alike in full; numbers only when they are equal.
fn alike(one: &str, other: &str) -> u32 {
    if one == other {
        return WHOLE;
    }
    let number = |word: &str| word.bytes().any(|byte| byte.is_ascii_digit());
    if number(one) || number(other) || one.len() < 4 || other.len() < 4 {
        return 0;
    }
    let (left, right) = (masculine(one), masculine(other));
    if left == right
        || left.starts_with(&right) && right.len() > 3
        || right.starts_with(&left) && left.len() > 3
    {
        return WHOLE;
    }
    // Between 0 and 1 by definition.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let alike = (strsim::jaro_winkler(one, other) * f64::from(WHOLE)) as u32;
    alike
}

/// A word without the endings of gender and number: enough to compare two words, no stem.
fn masculine(word: &str) -> String {
    let word = word.strip_suffix('s').or_else(|| word.strip_suffix('x')).unwrap_or(word);
    for (feminine, masculine) in [
        ("trice", "teur"),
        ("euse", "eur"),
        ("iere", "ier"),
        ("enne", "en"),
        ("onne", "on"),
        ("elle", "el"),
        ("ive", "if"),
    ] {
        if let Some(stem) = word.strip_suffix(feminine) {
            return format!("{stem}{masculine}");
        }
    }
    word.strip_suffix('e').unwrap_or(word).to_owned()
}

/// The words of a title without amounts of money and of time.
fn without_pay(title: &str) -> Vec<&str> {
    let mut kept: Vec<&str> = Vec::new();
    for word in title.split_whitespace() {
        let unit = word.trim_start_matches(|c: char| c.is_ascii_digit() || ",.(/".contains(c));
        let hours = unit.starts_with('h')
            && (unit.len() == 1 || unit.starts_with("h/") || unit.starts_with("h)"));
        let time = ["mois", "an", "ans", "jours", "semaines", "heures"];
        let time = time.contains(&word.trim_end_matches([')', ',', '.']));
        if word.contains('€') || time || (hours && !word.to_lowercase().contains("h/f")) {
            let number = |word: &str| word.chars().all(|c| c.is_ascii_digit() || ",.(".contains(c));
            if kept.last().is_some_and(|before| number(before)) {
                kept.pop();
            }
            continue;
        }
        kept.push(word);
    }
    kept
}

/// Letters and numbers written together, apart: `caces3` is CACES 3, and `2x8` stays.
fn apart(word: &str) -> [&str; 2] {
    let digits = word.find(|c: char| c.is_ascii_digit());
    match digits {
        Some(at) if at > 2 && word[at..].bytes().all(|byte| byte.is_ascii_digit()) => {
            [&word[..at], &word[at..]]
        }
        _ => [word, ""],
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn similarity(one: &str, other: &str) -> u32 {
        Title::new(one).similarity(&Title::new(other))
    }

    #[test]
    fn gender_case_and_decoration_do_not_count() {
        for (one, other) in [
            ("Soudeur / Soudeuse", "SOUDEUR (H/F) CDI"),
            ("Conductrice d’engins", "conducteur d'engins h/f"),
            ("Conducteur SPL", "Chauffeur super poids lourd"),
            ("Cariste CACES3", "Cariste (caces 3)"),
            ("Agent(e) d'entretien 20h/semaine", "Agent d'entretien"),
        ] {
            assert!(similarity(one, other) >= 990, "{one} | {other}: {}", similarity(one, other));
        }
    }

    #[test]
    fn what_sets_two_posts_apart_counts() {
        for (one, other) in [
            ("Développeur junior", "Développeur senior"),
            ("Veilleur de nuit", "Veilleur"),
            ("Conducteur PL", "Conducteur SPL"),
            ("Peintre en bâtiment", "Peintre automobile"),
            ("Plombier", "Apprenti plombier"),
        ] {
            assert!(similarity(one, other) < 800, "{one} | {other}: {}", similarity(one, other));
        }
    }

    proptest! {
        #[test]
        fn similarity_is_the_same_both_ways_and_whole_with_itself(
            one in "[a-zéA-Z'/ ()0-9]{0,40}", other in "[a-zéA-Z'/ ()0-9]{0,40}",
        ) {
            let (left, right) = (Title::new(&one), Title::new(&other));
            prop_assert_eq!(left.similarity(&right), right.similarity(&left));
            prop_assert!(left.similarity(&right) <= WHOLE);
            if !left.names.is_empty() {
                prop_assert_eq!(left.similarity(&left), WHOLE);
            }
        }
    }
}
