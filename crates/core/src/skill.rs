//! Skills, the scales their levels are on, and the axis that every matrix shares.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::text::Ids;

/// What sort of thing a skill is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum SkillKind {
    /// The source does not say.
    #[default]
    Unspecified = 0,
    /// Something known (*savoir*).
    Knowledge = 1,
    /// Something that one can do (*savoir-faire*).
    KnowHow = 2,
    /// A way of being at work (*savoir-être*).
    Soft = 3,
}

/// How widely a skill is used, as its source says.
///
/// Use as it shows in the requirements themselves is another figure, computed from them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Reuse {
    /// The source does not say.
    #[default]
    Unspecified = 0,
    /// One occupation, or one sector's.
    Specific = 1,
    /// Shared by one or a few other sectors.
    Transferable = 2,
    /// Used in all or most occupations.
    Transversal = 3,
}

/// Names and numbers of a small enumeration: one table for text, numbers and reading both.
macro_rules! named {
    ($kind:ident, $argument:literal, { $($variant:ident = $name:literal),+ $(,)? }) => {
        impl $kind {
            /// Every variant, in the order of their numbers.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name used in files.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// The variant of a number, as stored in columns.
            #[allow(dead_code)]
            pub(crate) fn from_number(number: u8) -> Option<Self> {
                Self::ALL.iter().copied().find(|&variant| variant as u8 == number)
            }
        }

        impl std::fmt::Display for $kind {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.name())
            }
        }

        impl std::str::FromStr for $kind {
            type Err = $crate::error::Error;

            fn from_str(text: &str) -> $crate::error::Result<Self> {
                Self::ALL
                    .iter()
                    .copied()
                    .find(|variant| variant.name().eq_ignore_ascii_case(text))
                    .ok_or_else(|| {
                        let names: Vec<_> = Self::ALL.iter().map(|v| v.name()).collect();
                        $crate::error::Error::argument(
                            $argument,
                            format!("`{text}`"),
                            format!("one of {}", names.join(", ")),
                        )
                    })
            }
        }
    };
}
pub(crate) use named;

named!(SkillKind, "kind", {
    Unspecified = "unspecified",
    Knowledge = "knowledge",
    KnowHow = "know-how",
    Soft = "soft",
});

named!(Reuse, "reuse", {
    Unspecified = "unspecified",
    Specific = "specific",
    Transferable = "transferable",
    Transversal = "transversal",
});

/// A scale of levels, in whole steps from 0 (not held) to its top.
///
/// # Example
///
/// ```
/// use passerelle::LevelScale;
///
/// let onet = LevelScale::new("LV", 700)?.unit(100)?;
/// assert_eq!(onet.steps_of("6.5")?, 650);
/// assert!(onet.steps_of("6.505").is_err(), "it does not fall on a step");
/// assert_eq!(onet.written(650), "6.5");
///
/// let mastery = LevelScale::new("mastery", 3)?.step_names(["aware", "able", "expert"]);
/// assert_eq!(mastery.step_name(2), Some("able"));
/// # Ok::<(), passerelle::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LevelScale {
    name: String,
    top: u16,
    unit: u16,
    /// Names of the steps 1 to top, as far as they have one.
    step_names: Vec<String>,
}

impl LevelScale {
    /// A scale of `top` steps, of which a written 1 is one.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] when `top` is 0.
    pub fn new(name: impl Into<String>, top: u16) -> Result<Self> {
        if top == 0 {
            return Err(Error::argument("top", top, "at least 1 step"));
        }
        Ok(Self { name: name.into(), top, unit: 1, step_names: Vec::new() })
    }

    /// The scale of one step: held or not.
    pub fn held() -> Self {
        Self { name: "held".to_owned(), top: 1, unit: 1, step_names: Vec::new() }
    }

    /// How many steps make 1 of what is written: 100 for a scale in hundredths.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] when `unit` is 0.
    pub fn unit(mut self, unit: u16) -> Result<Self> {
        if unit == 0 {
            return Err(Error::argument("unit", unit, "at least 1 step"));
        }
        self.unit = unit;
        Ok(self)
    }

    /// Names for the steps, from step 1.
    #[must_use]
    pub fn step_names<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        self.step_names = names.into_iter().map(Into::into).take(self.top.into()).collect();
        self
    }

    /// The scale's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The highest step.
    pub fn top(&self) -> u16 {
        self.top
    }

    /// How many steps make 1 of what is written.
    pub fn steps_per_unit(&self) -> u16 {
        self.unit
    }

    /// The name of a step, where it has one.
    pub fn step_name(&self, step: u16) -> Option<&str> {
        let name = self.step_names.get(usize::from(step).checked_sub(1)?)?;
        (!name.is_empty()).then_some(name)
    }

    /// The names of the steps from step 1, empty where a step has none.
    #[cfg(feature = "snapshot")]
    pub(crate) fn all_step_names(&self) -> &[String] {
        &self.step_names
    }

    /// A written level in steps. It may have decimals, with a point or a comma, as long as it
    /// falls exactly on a step.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] when it is not a number, falls between steps or lies beyond the top.
    pub fn steps_of(&self, written: &str) -> Result<u16> {
        let expected =
            || format!("a level from 0 to {} in steps of 1/{}", self.written(self.top), self.unit);
        exact_parts(written, self.unit)
            .filter(|&steps| steps <= u32::from(self.top))
            .and_then(|steps| u16::try_from(steps).ok())
            .ok_or_else(|| Error::argument("level", format!("`{written}`"), expected()))
    }

    /// A level in steps as it is written: `6.5` for 650 steps of a scale in hundredths.
    pub fn written(&self, steps: u16) -> String {
        if self.unit == 1 {
            return steps.to_string();
        }
        // f64 prints the shortest decimal that reads back as itself, and steps are small.
        (f64::from(steps) / f64::from(self.unit)).to_string()
    }
}

/// A decimal times `parts`, when that is exactly a whole number: `6.5` in hundredths is 650.
///
/// Worked in integers, because 0.29 × 100 is not 29 in binary fractions.
pub(crate) fn exact_parts(written: &str, parts: u16) -> Option<u32> {
    let written = written.trim();
    let written = written.strip_prefix('+').unwrap_or(written);
    let (whole, decimals) = written.split_once(['.', ',']).unwrap_or((written, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() && decimals.is_empty() || !digits(whole) || !digits(decimals) {
        return None;
    }
    let decimals = decimals.trim_end_matches('0');
    // Nothing finer than 10⁻⁹ falls on one of 65535 parts, other than by accident of 5s and 2s.
    if decimals.len() > 16 || whole.len() > 10 {
        return None;
    }
    let power = 10u64.pow(u32::try_from(decimals.len()).ok()?);
    let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let fraction: u64 = if decimals.is_empty() { 0 } else { decimals.parse().ok()? };
    let scaled = u128::from(fraction) * u128::from(parts);
    if scaled % u128::from(power) != 0 {
        return None;
    }
    let parts = u128::from(whole) * u128::from(parts) + scaled / u128::from(power);
    u32::try_from(parts).ok()
}

/// The skills of a framework in their order: ids to positions and back, each skill's kind, reuse
/// and scale.
///
/// Every matrix is laid out on one axis, and matrices on two axes never mix: an axis is known by
/// its framework's name and version and by its ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkillAxis {
    pub(crate) framework: String,
    pub(crate) version: String,
    pub(crate) ids: Ids,
    pub(crate) kinds: Vec<SkillKind>,
    pub(crate) reuses: Vec<Reuse>,
    /// Never empty; the first is the framework's own.
    pub(crate) scales: Vec<LevelScale>,
    /// The scale of each skill, as a position in `scales`.
    pub(crate) scale_of: Vec<u8>,
    pub(crate) weight_denominator: u16,
}

impl SkillAxis {
    /// An axis of yes/no skills, for callers who bring matrices of their own.
    ///
    /// # Errors
    ///
    /// [`Error::Duplicate`] when an id occurs twice.
    pub fn from_ids<'a>(
        framework: impl Into<String>,
        version: impl Into<String>,
        scale: LevelScale,
        ids: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self> {
        let mut axis = Self::empty(framework.into(), version.into());
        axis.scales[0] = scale;
        for id in ids {
            axis.push(id, SkillKind::Unspecified, Reuse::Unspecified, 0)?;
        }
        Ok(axis)
    }

    pub(crate) fn empty(framework: String, version: String) -> Self {
        Self {
            framework,
            version,
            ids: Ids::new(),
            kinds: Vec::new(),
            reuses: Vec::new(),
            scales: vec![LevelScale::held()],
            scale_of: Vec::new(),
            weight_denominator: 1,
        }
    }

    pub(crate) fn push(
        &mut self,
        id: &str,
        kind: SkillKind,
        reuse: Reuse,
        scale: u8,
    ) -> Result<u32> {
        let (position, new) = self.ids.insert(id)?;
        if !new {
            return Err(Error::Duplicate { what: "skill", id: id.to_owned() });
        }
        self.kinds.push(kind);
        self.reuses.push(reuse);
        self.scale_of.push(scale);
        Ok(position)
    }

    /// How many skills there are.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The framework's name.
    pub fn framework(&self) -> &str {
        &self.framework
    }

    /// The framework's version.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The skills' ids, by position.
    pub fn ids(&self) -> &Ids {
        &self.ids
    }

    /// A skill's position.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`], with the id most like it.
    pub fn position(&self, id: &str) -> Result<u32> {
        self.ids.position(id).ok_or_else(|| Error::unknown("skill", id, &self.ids))
    }

    /// The kind of the skill at a position below [`SkillAxis::len`].
    pub fn kind(&self, skill: u32) -> SkillKind {
        self.kinds[skill as usize]
    }

    /// The reuse of the skill at a position below [`SkillAxis::len`].
    pub fn reuse(&self, skill: u32) -> Reuse {
        self.reuses[skill as usize]
    }

    /// The scale of the skill at a position below [`SkillAxis::len`].
    pub fn scale(&self, skill: u32) -> &LevelScale {
        &self.scales[usize::from(self.scale_of[skill as usize])]
    }

    /// The scales in use; the first is the framework's own.
    pub fn scales(&self) -> &[LevelScale] {
        &self.scales
    }

    /// How many parts make a full weight of 1.
    pub fn weight_denominator(&self) -> u16 {
        self.weight_denominator
    }

    /// Refuses an axis that is not this one. O(1) for the same object, O(ids) otherwise.
    ///
    /// # Errors
    ///
    /// [`Error::AxisMismatch`].
    pub fn check_same(&self, other: &Self) -> Result<()> {
        if std::ptr::eq(self, other) || self == other {
            return Ok(());
        }
        Err(Error::AxisMismatch { expected: self.to_string(), found: other.to_string() })
    }
}

impl fmt::Display for SkillAxis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ({} skills)", self.framework, self.version, self.len())
    }
}

/// A calendar day, as days since 1 January 1970. Profiles date their evidence with it.
///
/// # Example
///
/// ```
/// use passerelle::Date;
///
/// let day: Date = "2026-03-31".parse()?;
/// assert_eq!(day.to_string(), "2026-03-31");
/// assert_eq!(day.days(), 20_543);
/// assert!("2026-02-30".parse::<Date>().is_err());
/// # Ok::<(), passerelle::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i32);

impl Date {
    /// The day so many days after 1 January 1970, within the years −9999 to 9999.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] outside these years.
    pub fn from_days(days: i32) -> Result<Self> {
        let within = |year| jiff::civil::date(year, 1, 1) - jiff::civil::date(1970, 1, 1);
        let (first, last) = (within(-9999).get_days(), within(9999).get_days() + 364);
        if (first..=last).contains(&days) {
            Ok(Self(days))
        } else {
            Err(Error::argument("days", days, "a day of the years -9999 to 9999"))
        }
    }

    /// Days since 1 January 1970.
    pub fn days(self) -> i32 {
        self.0
    }
}

impl FromStr for Date {
    type Err = Error;

    /// Reads `2026-03-31`.
    fn from_str(text: &str) -> Result<Self> {
        let refused =
            || Error::argument("date", format!("`{text}`"), "a date such as `2026-03-31`");
        let date: jiff::civil::Date = text.trim().parse().map_err(|_| refused())?;
        Ok(Self((date - jiff::civil::date(1970, 1, 1)).get_days()))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let date = jiff::civil::date(1970, 1, 1)
            .checked_add(jiff::Span::new().days(self.0))
            .map_err(|_| fmt::Error)?;
        write!(f, "{date}")
    }
}

impl Serialize for Date {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_fall_exactly_on_a_part_or_are_refused() {
        assert_eq!(exact_parts("0.29", 100), Some(29));
        assert_eq!(exact_parts("0,29", 100), Some(29));
        assert_eq!(exact_parts("2", 1), Some(2));
        assert_eq!(exact_parts("2.50", 2), Some(5));
        assert_eq!(exact_parts(".5", 2), Some(1));
        assert_eq!(exact_parts("1.", 2), Some(2));
        for wrong in ["", ".", "-1", "0.3", "1e2", "NaN", "inf", "1.2.3", "99999999999"] {
            assert_eq!(exact_parts(wrong, 2), None, "{wrong}");
        }
    }

    #[test]
    fn names_and_numbers_come_back() {
        for &kind in SkillKind::ALL {
            assert_eq!(kind.name().parse::<SkillKind>().unwrap(), kind);
            assert_eq!(SkillKind::from_number(kind as u8), Some(kind));
        }
        let error = "skilled".parse::<SkillKind>().unwrap_err().to_string();
        assert!(error.contains("know-how"), "{error}");
    }

    #[test]
    fn dates_come_back_as_they_went_in() {
        for day in ["1970-01-01", "1969-12-31", "2024-02-29", "-001000-01-01", "9999-12-31"] {
            assert_eq!(day.parse::<Date>().unwrap().to_string(), day);
        }
        for wrong in ["", "2026", "31/03/2026", "2023-02-29", "soon"] {
            assert!(wrong.parse::<Date>().is_err(), "{wrong}");
        }
        assert!(Date::from_days(i32::MAX).is_err());
    }

    #[test]
    fn axes_of_two_versions_never_mix() {
        let axis = |version: &str| {
            SkillAxis::from_ids("ROME", version, LevelScale::held(), ["a", "b"]).unwrap()
        };
        assert!(axis("459").check_same(&axis("459")).is_ok());
        let refused = axis("460").check_same(&axis("459")).unwrap_err().to_string();
        assert!(refused.contains("ROME 459") && refused.contains("ROME 460"), "{refused}");
    }
}
