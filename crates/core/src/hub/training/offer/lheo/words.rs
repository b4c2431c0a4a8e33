//! Phrases of a text that people wrote.

/// The phrases of a text, one for each line, item or sentence part, without bullets and final
/// points. Markup, which some producers leave in their texts, separates phrases.
pub(super) fn phrases(text: &str) -> impl Iterator<Item = String> {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        plain.push_str(&rest[..start]);
        plain.push('\n');
        // A lone `<` is no tag: it says "less than".
        let end = rest[start..].find('>').map_or(start + 1, |end| start + end + 1);
        rest = &rest[end..];
    }
    plain.push_str(rest);
    let separates = |c: char| matches!(c, '\n' | '\r' | ';' | '•' | '·');
    plain
        .split(separates)
        .map(|phrase| {
            let phrase = phrase.trim_start_matches(|c: char| {
                c.is_whitespace() || matches!(c, '-' | '–' | '—' | '*' | '>')
            });
            phrase.trim_end().trim_end_matches(['.', ',', ':']).trim_end().to_owned()
        })
        .filter(|phrase| !phrase.is_empty())
        .collect::<Vec<_>>()
        .into_iter()
}

#[cfg(test)]
mod tests {
    use super::phrases;

    #[test]
    fn lists_lines_and_markup_are_taken_apart() {
        let text =
            "<p>Souder ;</p><ul><li>Lire un plan.</li></ul>\n - Poser\n• Tenir : \n\n* a < b";
        let found: Vec<String> = phrases(text).collect();
        assert_eq!(found, ["Souder", "Lire un plan", "Poser", "Tenir", "a", "b"]);
        assert_eq!(phrases(" \n<br/>; ").count(), 0);
    }
}
