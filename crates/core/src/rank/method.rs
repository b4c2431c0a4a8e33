//! Strategies by name: what the command and other languages write, with options.

use std::fmt;
use std::str::FromStr;

use super::strategies::{
    Bm25, Cosine, Coverage, Dice, EssentialCoverage, Gap, Geometric, Jaccard, LevelCoverage,
    Ochiai, Overlap, Ruzicka, TfIdf, Tversky,
};
use super::strategy::Strategy;
use crate::error::{Error, Result};
use crate::matrix::Required;

/// The names that [`strategy`] knows: those that need nothing but the two rows.
pub const NAMES: &[&str] = &[
    "coverage",
    "essential-coverage",
    "gap",
    "overlap",
    "level-coverage",
    "jaccard",
    "ruzicka",
    "dice",
    "tversky",
    "geometric",
    "cosine",
    "ochiai",
];

/// The names that [`fitted`] knows beside these: those that learn from what all targets require.
pub const FITTED_NAMES: &[&str] = &["tfidf", "bm25"];

/// A strategy by its name and options, such as `coverage` or `tversky(0.3,0.7)`.
///
/// # Errors
///
/// [`Error::Argument`] for a name that is not one of [`NAMES`], or an option out of its range.
///
/// # Example
///
/// ```
/// assert_eq!(passerelle::rank::strategy("cosine")?.name(), "cosine");
/// assert_eq!(passerelle::rank::strategy("tversky(beta=0.7)")?.name(), "tversky(0.5,0.7)");
/// assert!(passerelle::rank::strategy("luck").is_err());
/// # Ok::<(), passerelle::Error>(())
/// ```
pub fn strategy(name: &str) -> Result<Box<dyn Strategy>> {
    let call: Call = name.parse()?;
    let plain = |strategy: Box<dyn Strategy>| call.options(&[]).map(|_: [f64; 0]| strategy);
    match call.name.as_str() {
        "coverage" => plain(Box::new(Coverage)),
        "essential-coverage" => plain(Box::new(EssentialCoverage)),
        "gap" => plain(Box::new(Gap)),
        "overlap" => plain(Box::new(Overlap)),
        "level-coverage" => plain(Box::new(LevelCoverage)),
        "jaccard" => plain(Box::new(Jaccard)),
        "ruzicka" => plain(Box::new(Ruzicka)),
        "dice" => plain(Box::new(Dice)),
        "geometric" => plain(Box::new(Geometric)),
        "cosine" => plain(Box::new(Cosine)),
        "ochiai" => plain(Box::new(Ochiai)),
        "tversky" => {
            let [alpha, beta] = call.options(&[("alpha", 0.5), ("beta", 0.5)])?;
            Ok(Box::new(Tversky::new(alpha, beta)?))
        }
        name if FITTED_NAMES.contains(&name) => {
            let expected = "fitted to what targets require: call `fitted`";
            Err(Error::argument("strategy", format!("`{name}`"), expected))
        }
        _ => Err(call.unknown(NAMES)),
    }
}

/// A strategy by its name and options, fitted to what targets require where it learns from that:
/// those of [`strategy`], `tfidf`, `tfidf(binary)`, `bm25(k1=1.2,b=0.75)`.
///
/// # Errors
///
/// [`Error::Argument`] for a name that is not one of [`NAMES`] or [`FITTED_NAMES`], or an option out
/// of its range.
///
/// # Example
///
/// ```
/// use std::sync::Arc;
/// use passerelle::rank::fitted;
/// use passerelle::{LevelScale, Necessity, Required, Requirement, SkillAxis};
///
/// let axis = Arc::new(SkillAxis::from_ids("demo", "1", LevelScale::held(), ["weld", "read"])?);
/// let one = Requirement { level: 1, weight: 1, necessity: Necessity::Essential };
/// let mut targets = Required::builder(&axis);
/// targets.require("welder", "weld", one)?;
/// let required = targets.build()?;
/// assert_eq!(fitted("bm25(b=0.5)", &required)?.name(), "bm25(k1=1.2,b=0.5)");
/// # Ok::<(), passerelle::Error>(())
/// ```
pub fn fitted(name: &str, required: &Required) -> Result<Box<dyn Strategy>> {
    let call: Call = name.parse()?;
    match call.name.as_str() {
        "tfidf" => match call.arguments.as_slice() {
            [] => Ok(Box::new(TfIdf::fit(required))),
            [(None, option)] if option == "binary" => Ok(Box::new(TfIdf::fit(required).binary())),
            _ => {
                Err(Error::argument("strategy", format!("`{call}`"), "`tfidf` or `tfidf(binary)`"))
            }
        },
        "bm25" => {
            let [k1, b] = call.options(&[("k1", 1.2), ("b", 0.75)])?;
            Ok(Box::new(Bm25::fit(required, k1, b)?))
        }
        known if NAMES.contains(&known) => strategy(name),
        _ => Err(call.unknown(&[NAMES, FITTED_NAMES].concat())),
    }
}

/// A name with arguments, as it is written: `tversky(0.3,beta=0.7)`. Arguments may be calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// What is called.
    pub name: String,
    /// The arguments in their order, with a key where one was given.
    pub arguments: Vec<(Option<String>, String)>,
}

impl Call {
    /// Numbers for options with their defaults, given in order or by key.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for a key that is not there, a number too many, or what is no number.
    pub fn options<const N: usize>(&self, known: &[(&str, f64); N]) -> Result<[f64; N]> {
        let mut values = known.map(|(_, default)| default);
        for (place, (key, written)) in self.arguments.iter().enumerate() {
            let at = match key {
                Some(key) => known.iter().position(|(name, _)| name == key),
                None => (place < N).then_some(place),
            };
            let number = written.parse::<f64>().ok().filter(|number| number.is_finite());
            let (Some(at), Some(number)) = (at, number) else {
                let names: Vec<_> =
                    known.iter().map(|(name, default)| format!("{name}={default}")).collect();
                let expected = match names.as_slice() {
                    [] => format!("`{}` without options", self.name),
                    _ => format!("`{}({})` with numbers", self.name, names.join(",")),
                };
                return Err(Error::argument("strategy", format!("`{self}`"), expected));
            };
            values[at] = number;
        }
        Ok(values)
    }

    /// The error for a name that is none of `known`.
    pub(crate) fn unknown(&self, known: &[&str]) -> Error {
        let expected = format!("one of {}", known.join(", "));
        Error::argument("strategy", format!("`{}`", self.name), expected)
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        for (at, (key, value)) in self.arguments.iter().enumerate() {
            f.write_str(if at == 0 { "(" } else { "," })?;
            if let Some(key) = key {
                write!(f, "{key}=")?;
            }
            f.write_str(value)?;
        }
        f.write_str(if self.arguments.is_empty() { "" } else { ")" })
    }
}

impl FromStr for Call {
    type Err = Error;

    /// Reads a call; spaces around its parts do not count.
    fn from_str(text: &str) -> Result<Self> {
        let wrong = || {
            let expected = "a name, or a name with options in parentheses: `tversky(0.3,0.7)`";
            Error::argument("strategy", format!("`{text}`"), expected)
        };
        let (name, inner) = match text.trim().split_once('(') {
            None => (text.trim(), None),
            Some((name, rest)) => (name.trim(), Some(rest.strip_suffix(')').ok_or_else(wrong)?)),
        };
        if name.is_empty() {
            return Err(wrong());
        }
        let mut arguments = Vec::new();
        for part in inner.map(parts).transpose().map_err(|()| wrong())?.unwrap_or_default() {
            // An `=` within parentheses belongs to the call there.
            let (key, value) = match part.split_once('=') {
                Some((key, value)) if !key.contains('(') => (Some(key.trim().to_owned()), value),
                _ => (None, part),
            };
            if value.trim().is_empty() {
                return Err(wrong());
            }
            arguments.push((key, value.trim().to_owned()));
        }
        Ok(Self { name: name.to_lowercase(), arguments })
    }
}

/// The parts that commas separate, outside of parentheses.
fn parts(text: &str) -> Result<Vec<&str>, ()> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0usize, 0);
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.checked_sub(1).ok_or(())?,
            ',' if depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    if depth > 0 {
        return Err(());
    }
    if !text.trim().is_empty() {
        parts.push(&text[start..]);
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_read_and_written_the_same() {
        for text in ["gap", "tversky(0.3,0.7)", "bm25(k1=1.2,b=0.75)", "a(b(c,d=1),0.5)"] {
            assert_eq!(text.parse::<Call>().unwrap().to_string(), text);
        }
        let spaced: Call = " Tversky ( 0.3 , beta = 0.7 ) ".parse().unwrap();
        assert_eq!(spaced.to_string(), "tversky(0.3,beta=0.7)");
        assert_eq!("gap()".parse::<Call>().unwrap().to_string(), "gap");
        for wrong in ["", "(1)", "a(1", "a(1))", "a(,)", "a(1,)", "a(k=)"] {
            assert!(wrong.parse::<Call>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn options_are_named_or_in_order_and_others_are_refused() {
        for name in NAMES {
            assert!(strategy(name).unwrap().name().starts_with(name));
        }
        assert_eq!(strategy("tversky(1)").unwrap().name(), "tversky(1,0.5)");
        for wrong in ["tversky(1,2,3)", "tversky(gamma=1)", "tversky(NaN)", "gap(1)", "tfidf"] {
            assert!(strategy(wrong).is_err(), "{wrong}");
        }
        let said = strategy("tversky(gamma=1)").unwrap_err().to_string();
        assert!(said.contains("`tversky(alpha=0.5,beta=0.5)`"), "{said}");
    }
}
