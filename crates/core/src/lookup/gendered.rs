//! Labels that name a job for men and for women at once, taken apart.
//!
//! French labels do so in several ways, and people look for one form:
//!
//! | label | first form | second form |
//! |---|---|---|
//! | `Conducteur / Conductrice d'engins` | conducteur d engins | conductrice d engins |
//! | `Agent spécialisé / Agente spécialisée des écoles` | agent specialise des ecoles | agente specialisee des ecoles |
//! | `technicien de labo/technicienne de labo` | technicien de labo | technicienne de labo |
//! | `Analyste concepteur / Conceptrice web` | analyste concepteur web | analyste conceptrice web |
//! | `Agent d'entretien / Agente` | agent d entretien | agente d entretien |
//! | `Agent(e) d'accueil`, `Agent·e d'accueil`, `Agent/e d'accueil` | agent d accueil | agente d accueil |
//!
//! The rule for a slash: the words on its left are compared with those on its right. Two words
//! *pair* when they are the same, when one turns into the other by a feminine ending (`-eur/-rice`,
//! `-er/-ère`, `-n/-nne`…, see [`ENDINGS`]) or when they are one of a few pairs such as *homme,
//! femme* ([`PAIRS`]). Tried in this order, each with at least one pair that is not twice the same
//! word:
//!
//! 1. all words on the left pair with the first ones on the right; what follows these on the right
//!    belongs to both forms;
//! 2. all words on the right pair with the first ones on the left; what follows on the left
//!    belongs to both;
//! 3. the last words on the left pair with the first ones on the right; what stands before and
//!    after them belongs to both.
//!
//! Where none holds (`import/export`, `TCP/IP`), the slash is punctuation and nothing is guessed.

use super::normal::normal;

/// What differs between the two forms of a word after what they share: masculine, feminine.
const ENDINGS: [(&str, &str); 25] = [
    ("", "e"),
    ("", "ne"),
    ("", "le"),
    ("", "te"),
    ("", "se"),
    ("", "fe"),
    ("", "sse"),
    ("", "esse"),
    ("", "ess"),
    ("o", "a"),
    ("r", "se"),
    ("r", "re"),
    ("r", "use"),
    ("er", "rice"),
    ("eur", "rice"),
    ("f", "ve"),
    ("x", "se"),
    ("c", "que"),
    ("c", "che"),
    ("au", "lle"),
    ("on", "e"),
    ("ur", "resse"),
    ("n", "id"),
    ("man", "woman"),
    ("aster", "istress"),
];

/// Two forms that share no stem.
const PAIRS: [(&str, &str); 7] = [
    ("homme", "femme"),
    ("garcon", "fille"),
    ("valet", "femme"),
    ("steward", "hotesse"),
    ("man", "woman"),
    ("boy", "girl"),
    ("master", "mistress"),
];

/// Feminine endings as they are added to a masculine word, and what they replace there when it
/// ends so.
const ADDED: [(&str, &[&str]); 16] = [
    ("e", &[]),
    ("ne", &[]),
    ("le", &[]),
    ("te", &[]),
    ("fe", &[]),
    ("sse", &[]),
    ("se", &["r", "x"]),
    ("re", &["r"]),
    ("ere", &["er"]),
    ("ve", &["f"]),
    ("ive", &["if"]),
    ("euse", &["eur", "eux"]),
    ("rice", &["eur"]),
    ("trice", &["teur"]),
    ("enne", &["en"]),
    ("elle", &["el"]),
];

/// The two forms of a label, normalised, where it has two.
pub(crate) fn forms(text: &str) -> Option<[String; 2]> {
    let forms = match short_forms(text) {
        Some(forms) => forms.map(|form| words(&form)),
        None if text.contains('/') => [words(text), words(text)],
        None => return None,
    };
    let [first, second] = forms;
    let forms = [one_side(first, 0), one_side(second, 1)];
    (forms[0] != forms[1]).then_some(forms)
}

/// The normalised words of a text, in the parts that slashes separate.
fn words(text: &str) -> Vec<Vec<String>> {
    let part = |part: &str| normal(part).split(' ').map(str::to_owned).collect();
    text.split('/').filter(|part| part.chars().any(char::is_alphanumeric)).map(part).collect()
}

/// The parts joined, each slash between two forms replaced by one of them.
fn one_side(parts: Vec<Vec<String>>, side: usize) -> String {
    let mut parts = parts.into_iter();
    let mut joined = parts.next().unwrap_or_default();
    // Where the part begins that the next slash ends.
    let mut start = 0;
    for right in parts {
        if let Some(forms) = aligned(&joined[start..], &right) {
            let [first, second] = forms;
            joined.truncate(start);
            joined.extend(if side == 0 { first } else { second });
        } else {
            start = joined.len();
            joined.extend(right);
        }
    }
    joined.join(" ")
}

/// The two forms that a slash separates, by the rule above.
fn aligned(left: &[String], right: &[String]) -> Option<[Vec<String>; 2]> {
    let (l, r) = (left.len(), right.len());
    if l <= r && pair(left, &right[..l]) {
        return Some([[left, &right[l..]].concat(), right.to_vec()]);
    }
    if r < l && pair(&left[..r], right) {
        return Some([left.to_vec(), [right, &left[r..]].concat()]);
    }
    let shared = (1..l.min(r + 1)).rev().find(|&n| pair(&left[l - n..], &right[..n]))?;
    Some([[left, &right[shared..]].concat(), [&left[..l - shared], right].concat()])
}

/// Whether words pair one by one, and not all of them are the same.
fn pair(left: &[String], right: &[String]) -> bool {
    left != right && left.iter().zip(right).all(|(a, b)| a == b || two_forms(a, b))
}

/// Whether two different words are the forms of one, in either order, both singular or both
/// plural.
fn two_forms(a: &str, b: &str) -> bool {
    let of = |pairs: &[(&str, &str)], a: &str, b: &str| {
        pairs.iter().any(|&pair| pair == (a, b) || pair == (b, a))
    };
    if of(&PAIRS, a, b) {
        return true;
    }
    let differ = |a: &str, b: &str| {
        let shared: usize =
            a.chars().zip(b.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
        shared >= 2 && of(&ENDINGS, &a[shared..], &b[shared..])
    };
    let singular = |word| str::strip_suffix(word, 's');
    differ(a, b) || singular(a).zip(singular(b)).is_some_and(|(a, b)| differ(a, b))
}

/// The two forms of a text whose words carry a feminine ending: `(e)`, `·e`, `.e`, `/e`.
fn short_forms(text: &str) -> Option<[String; 2]> {
    if !text.contains(['(', '·', '•', '‧', '.', '/']) {
        return None;
    }
    let mut forms = [String::with_capacity(text.len()), String::with_capacity(text.len())];
    let mut found = false;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if let Some((ending, after)) = ending(&forms[0], rest) {
            found = true;
            feminine(&mut forms[1], ending);
            rest = after;
            if let Some(after) = plural(rest) {
                forms.iter_mut().for_each(|form| form.push('s'));
                rest = after;
            }
        } else {
            forms.iter_mut().for_each(|form| form.push(c));
            rest = &rest[c.len_utf8()..];
        }
    }
    found.then_some(forms)
}

/// The feminine ending that stands here, and what follows it.
fn ending<'t>(before: &str, text: &'t str) -> Option<(usize, &'t str)> {
    let sign = text.chars().next()?;
    // A full stop or slash after one or two letters is an abbreviation: `R.S.E`, `P/E`.
    let letters = match sign {
        '(' | '·' | '•' | '‧' => 1,
        '.' | '/' => 3,
        _ => return None,
    };
    if before.chars().rev().take_while(|c| c.is_alphabetic()).take(letters).count() < letters {
        return None;
    }
    let rest = &text[sign.len_utf8()..];
    let (letters, mut after) =
        rest.split_at(rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len()));
    if sign == '(' {
        after = after.strip_prefix(')')?;
    }
    // All endings are short: a longer word need not be normalised.
    let ending = if letters.len() <= 8 { normal(letters) } else { return None };
    let ends = !after.starts_with(char::is_alphanumeric) || plural(after).is_some();
    let known = ADDED.iter().position(|&(known, _)| known == ending)?;
    ends.then_some((known, after))
}

/// What follows the `s` of a plural that stands here: `s`, `·s`, `(s)`.
fn plural(text: &str) -> Option<&str> {
    let after = match text.strip_prefix("(s)") {
        Some(after) => after,
        None => text.strip_prefix(['·', '•', '‧', '.']).unwrap_or(text).strip_prefix('s')?,
    };
    (!after.starts_with(char::is_alphanumeric)).then_some(after)
}

/// Gives the last word of a text a feminine ending.
fn feminine(text: &mut String, ending: usize) {
    let (ending, replaced) = ADDED[ending];
    let stem = replaced.iter().find_map(|&old| text.strip_suffix(old)).map(str::len);
    text.truncate(stem.unwrap_or(text.len()));
    text.push_str(ending);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn both(text: &str) -> (String, String) {
        forms(text).map_or_else(Default::default, |[first, second]| (first, second))
    }

    fn are(text: &str, first: &str, second: &str) {
        assert_eq!(both(text), (first.to_owned(), second.to_owned()), "{text}");
    }

    #[test]
    fn what_follows_belongs_to_both_forms() {
        are("Conducteur / Conductrice d'engins", "conducteur d engins", "conductrice d engins");
        are("Agent / Agente d'entretien", "agent d entretien", "agente d entretien");
        are(
            "Agent spécialisé / Agente spécialisée des écoles maternelles (ASEM)",
            "agent specialise des ecoles maternelles asem",
            "agente specialisee des ecoles maternelles asem",
        );
        are("Operateur / Opératrice drone", "operateur drone", "operatrice drone");
        are("Designer / Designeuse textile", "designer textile", "designeuse textile");
        are("Barman / Barmaid", "barman", "barmaid");
        are("Homme / Femme d'équipage", "homme d equipage", "femme d equipage");
        are(
            "enseignant/enseignante du second degré",
            "enseignant du second degre",
            "enseignante du second degre",
        );
        are("Agent d'entretien / Agente", "agent d entretien", "agente d entretien");
    }

    #[test]
    fn whole_forms_stand_side_by_side() {
        are(
            "technicien d’engins agricoles/technicienne d’engins agricoles",
            "technicien d engins agricoles",
            "technicienne d engins agricoles",
        );
        are("modiste chapelier/modiste chapelière", "modiste chapelier", "modiste chapeliere");
        are(
            "Chef de chantier tuyauteur / Cheffe de chantier tuyauteuse",
            "chef de chantier tuyauteur",
            "cheffe de chantier tuyauteuse",
        );
        are("maître sondeur/maîtresse sondeuse", "maitre sondeur", "maitresse sondeuse");
    }

    #[test]
    fn the_last_words_may_have_two_forms() {
        are(
            "Arbitre professionnel / Professionnelle de discipline sportive",
            "arbitre professionnel de discipline sportive",
            "arbitre professionnelle de discipline sportive",
        );
        are("Caviste affineur / Affineuse", "caviste affineur", "caviste affineuse");
        are(
            "en tant qu’infirmier/infirmière de bloc",
            "en tant qu infirmier de bloc",
            "en tant qu infirmiere de bloc",
        );
    }

    #[test]
    fn endings_may_be_added() {
        are("Agent(e) d'accueil", "agent d accueil", "agente d accueil");
        are("Conducteur·rice d'engins", "conducteur d engins", "conductrice d engins");
        are("Conducteur(trice)", "conducteur", "conductrice");
        are("Infirmier(ère) libéral(e)", "infirmier liberal", "infirmiere liberale");
        are("Salarié·e·s", "salaries", "salariees");
        are("Technicien(ne)s", "techniciens", "techniciennes");
        are("Chargé/e d'études", "charge d etudes", "chargee d etudes");
        are("Etudiant.e", "etudiant", "etudiante");
        are(
            "Agent / Agente d'administration principal(e)",
            "agent d administration principal",
            "agente d administration principale",
        );
    }

    #[test]
    fn other_slashes_and_signs_are_punctuation() {
        for text in [
            "import/export",
            "TCP/IP",
            "montage/démontage d'outils",
            "et/ou",
            "Node.js",
            "R.S.E",
            "M.U.G.E.N",
            "types de brosses/types de pinceaux",
            "Conducteur d'engins",
            "/",
            "a//b",
            "fusion (TIG)",
            "Responsable développement / Business Developer",
            "service infrastructure/environnement",
        ] {
            assert_eq!(forms(text), None, "{text}");
        }
        are(
            "Chef / Cheffe de service infrastructure/environnement",
            "chef de service infrastructure environnement",
            "cheffe de service infrastructure environnement",
        );
    }

    proptest! {
        #[test]
        fn any_text_has_two_forms_or_none(text in "\\PC{0,60}") {
            let _ = forms(&text);
        }

        #[test]
        fn slashes_and_endings_in_any_place_are_safe(text in "[aer /().·s-]{0,40}") {
            let _ = forms(&text);
        }
    }
}
