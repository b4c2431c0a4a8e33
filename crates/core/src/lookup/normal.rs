//! How labels and queries are brought to one spelling.

use unicode_normalization::char::{canonical_combining_class, decompose_compatible};

/// A text in the spelling that labels are compared in: letters and digits in words, one space
/// between them.
///
/// Compatibility forms are decomposed (NFKD), marks such as accents are dropped, cases are folded,
/// `œ` and `æ` become two letters and `ß`, `ø`, `ł`, `đ`, `ı` their plain ones. Apostrophes,
/// hyphens and all other punctuation separate words, but for `+` and `#` at the end of one (C++,
/// C#). Characters that show nothing (soft hyphen, zero-width space) are dropped.
///
/// A text without a letter or digit stays as it is, in small letters. O(bytes).
pub(crate) fn normal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // The word goes on: the last character that counts was a part of it.
    let mut within = false;
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if matches!(c, '+' | '#') && within && ends_a_word(rest.as_str()) {
            out.push(c);
        } else if c.is_ascii() {
            // Nothing to take apart or to drop.
            if !c.is_ascii_alphanumeric() {
                within = false;
                continue;
            }
            if !within && !out.is_empty() {
                out.push(' ');
            }
            within = true;
            out.push(c.to_ascii_lowercase());
        } else {
            decompose_compatible(c, |c| put(&mut out, &mut within, c));
        }
    }
    if out.is_empty() {
        out = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    }
    out
}

/// Whether no letter or digit follows directly, after any more of `+` and `#`: among what is left
/// of the characters once they are decomposed and marks dropped.
fn ends_a_word(rest: &str) -> bool {
    let mut next = None;
    for c in rest.trim_start_matches(['+', '#']).chars() {
        decompose_compatible(c, |c| {
            if !is_dropped(c) {
                next.get_or_insert(c);
            }
        });
        if next.is_some() {
            break;
        }
    }
    !next.is_some_and(is_of_a_word)
}

/// Adds one decomposed character.
fn put(out: &mut String, within: &mut bool, c: char) {
    if is_dropped(c) {
        return;
    }
    if !is_of_a_word(c) {
        *within = false;
        return;
    }
    if !*within && !out.is_empty() {
        out.push(' ');
    }
    *within = true;
    for c in c.to_lowercase() {
        match c {
            'œ' => out.push_str("oe"),
            'æ' => out.push_str("ae"),
            'ß' => out.push_str("ss"),
            'ø' => out.push('o'),
            'ł' => out.push('l'),
            'đ' => out.push('d'),
            'ı' => out.push('i'),
            'ς' => out.push('σ'),
            _ => out.push(c),
        }
    }
}

/// A letter or a digit. U+02BC is a letter to Unicode, and an apostrophe to those who type it.
fn is_of_a_word(c: char) -> bool {
    c.is_alphanumeric() && c != '\u{2BC}'
}

/// Marks, and what shows nothing: soft hyphen, zero-width space and joiners, byte order mark.
fn is_dropped(c: char) -> bool {
    canonical_combining_class(c) != 0
        || matches!(c, '\u{AD}' | '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization;

    use super::*;

    #[test]
    fn spellings_of_one_label_are_one() {
        for (a, b) in [
            ("métaux-mécanique-maintenance", "Métaux mécanique  maintenance"),
            ("CLÉA", "CLéA"),
            ("CLÉA", "clea"),
            ("Conducteur d’engins", "conducteur d'engins"),
            ("Chef d\u{2BC}œuvre", "CHEF D'OEUVRE"),
            ("Maître-nageur\u{A0}sauveteur", "maitre nageur sauveteur"),
            ("hygi\u{AD}ène", "hygiene"),
            ("e\u{301}tude", "étude"),
            ("Straße", "STRASSE"),
            ("ﬁnance²", "finance2"),
            ("Œuvrer", "oeuvrer"),
        ] {
            assert_eq!(normal(a), normal(b), "{a} and {b}");
        }
    }

    #[test]
    fn languages_with_signs_keep_them() {
        assert_eq!(normal("Langage C++"), "langage c++");
        assert_eq!(normal("C#, C / C++."), "c# c c++");
        assert_eq!(normal("bac +2"), "bac 2");
        assert_eq!(normal("Bac+2"), "bac 2");
        assert_eq!(normal("J + 2"), "j 2");
        assert_eq!(normal(" + "), "+");
        assert_eq!(normal(" \t"), "");
        assert_eq!(normal("— ?!"), "— ?!");
    }

    #[test]
    fn a_sign_before_what_becomes_a_letter_is_not_at_the_end_of_a_word() {
        for text in ["c#\u{EC8}a", "c#\u{2100}", "c+\u{301}\u{AD}a", "c#\u{2BC}a", "c#\u{308}+a"] {
            let once = normal(text);
            assert_eq!(normal(&once), once, "{text:?}");
        }
        assert_eq!(normal("c#\u{EC8}a"), "c a");
    }

    proptest! {
        #[test]
        fn what_is_normal_stays_so(text in "\\PC{0,40}") {
            let once = normal(&text);
            prop_assert_eq!(normal(&once), once);
        }

        #[test]
        fn capitals_and_accents_do_not_count(text in "[a-zA-ZÀ-ÖØ-öø-ÿœŒæ0-9 '’/().,+#-]{0,40}") {
            prop_assert_eq!(normal(&text.to_uppercase()), normal(&text));
            let plain: String =
                text.nfkd().filter(|&c| canonical_combining_class(c) == 0).collect();
            prop_assert_eq!(normal(&plain), normal(&text));
        }
    }
}
