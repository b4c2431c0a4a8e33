//! Bridges: from an occupation or a person to others, ranked by what remains to be gained.

use serde::Serialize;

use crate::error::Result;
use crate::gap::{Class, Sums, skill_gaps};
use crate::matrix::{Held, HeldRow, Necessity, Required, RequiredRow, Taught};

/// From where on a bridge is near: the share of the target's requirements that is covered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reach {
    near: f32,
}

impl Default for Reach {
    /// Six tenths.
    fn default() -> Self {
        Self { near: 0.6 }
    }
}

impl Reach {
    /// A share in [0, 1]; a higher one calls fewer bridges near.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`](crate::Error::Argument) outside [0, 1].
    pub fn near(share: f32) -> Result<Self> {
        if !(0.0..=1.0).contains(&share) {
            return Err(crate::Error::argument("near", share, "from 0 to 1"));
        }
        Ok(Self { near: share })
    }
}

/// One bridge.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Bridge {
    /// The target's position.
    pub target: u32,
    /// The remaining gap T − A, silence counted as not held, in steps × weight.
    pub gap: u32,
    /// What of it is known, silence counted as held.
    pub gap_lower: u32,
    /// The target's total T.
    pub total: u32,
    /// A ÷ T, from 0 to 1.
    pub coverage: f32,
    /// The share of the target that is known of, from 0 to 1.
    pub known_share: f32,
    /// Whether the coverage reaches the threshold.
    pub near: bool,
    /// Skills to gain or to develop, that are known to be short.
    pub to_gain: Vec<u32>,
    /// Skills to ask about.
    pub to_ask: Vec<u32>,
    /// Blocking requirements that are short or not known: licences, authorisations, titles.
    pub blocking: Vec<u32>,
    /// Whether nothing but blocking requirements is missing: the answer is a licence.
    pub licence_alone: bool,
    /// The gap that would remain after all that is taught; `None` where no training was given.
    pub gap_after_training: Option<u32>,
}

/// The bridges from someone who holds a row to every target but `from`, the smallest gap first,
/// then by position. `taught`, where given, tells which of them training could open.
///
/// O(entries of all targets).
///
/// # Errors
///
/// [`Error::AxisMismatch`](crate::Error::AxisMismatch) for training on another axis.
///
/// # Example
///
/// ```
/// use passerelle::hub::skill::{Reach, bridges_from_occupation};
/// use passerelle::{Framework, Necessity, Requirement, SkillKind};
///
/// let mut builder = Framework::builder("demo", "1", "en");
/// for skill in ["weld", "read-plans", "cook"] {
///     builder.skill(skill, SkillKind::KnowHow)?;
/// }
/// let one = Requirement { level: 1, weight: 1, necessity: Necessity::Essential };
/// for (job, skills) in
///     [("welder", &["weld", "read-plans"][..]), ("fitter", &["read-plans"]), ("cook", &["cook"])]
/// {
///     builder.occupation(job)?;
///     for skill in skills {
///         builder.require(job, skill, one)?;
///     }
/// }
/// let framework = builder.build()?;
/// let bridges = bridges_from_occupation(framework.required(), 0, None, Reach::default())?;
/// assert_eq!(bridges[0].target, 1, "a welder can read plans");
/// assert!(bridges[0].near && !bridges[1].near);
/// # Ok::<(), passerelle::Error>(())
/// ```
pub fn bridges(
    held: HeldRow<'_>,
    required: &Required,
    from: Option<u32>,
    taught: Option<&Taught>,
    reach: Reach,
) -> Result<Vec<Bridge>> {
    let mut levels = Vec::new();
    if let Some(taught) = taught {
        required.axis().check_same(taught.axis())?;
        levels = vec![0u16; required.axis().len()];
        for module in (0u32..).take(taught.len()) {
            for (skill, level) in taught.row(module).iter() {
                levels[skill as usize] = levels[skill as usize].max(level);
            }
        }
    }
    let targets = (0u32..).take(required.len()).filter(|&target| Some(target) != from);
    let mut bridges: Vec<Bridge> = targets
        .map(|target| bridge(held, required.row(target), target, taught.map(|_| &*levels), reach))
        .collect();
    bridges.sort_by_key(|bridge| (bridge.gap, bridge.target));
    Ok(bridges)
}

/// The bridges from an occupation: from someone who meets its requirements and of whom nothing
/// else is known.
///
/// # Errors
///
/// As [`bridges`].
///
/// # Panics
///
/// When the position is not below [`Required::len`].
pub fn bridges_from_occupation(
    required: &Required,
    occupation: u32,
    taught: Option<&Taught>,
    reach: Reach,
) -> Result<Vec<Bridge>> {
    let row = required.row(occupation);
    let held = HeldRow { skills: row.skills, levels: row.levels };
    bridges(held, required, Some(occupation), taught, reach)
}

fn bridge(
    held: HeldRow<'_>,
    required: RequiredRow<'_>,
    target: u32,
    taught: Option<&[u16]>,
    reach: Reach,
) -> Bridge {
    let mut sums = Sums::default();
    let (mut to_gain, mut to_ask, mut blocking) = (Vec::new(), Vec::new(), Vec::new());
    let mut after = 0;
    for gap in skill_gaps(held, required) {
        let weight = u32::from(gap.weight);
        let total = weight * u32::from(gap.required);
        sums.total += total;
        sums.credit += gap.credit();
        sums.known += if gap.held.is_some() { total } else { 0 };
        let reached = taught.map_or(0, |levels| levels[gap.skill as usize]);
        let level = gap.held.unwrap_or(0).max(reached);
        after += weight * u32::from(gap.required.saturating_sub(level));
        match gap.class() {
            Class::Maintain => continue,
            Class::Unknown => to_ask.push(gap.skill),
            Class::Develop | Class::Acquire => to_gain.push(gap.skill),
        }
        if gap.necessity == Necessity::Blocking {
            blocking.push(gap.skill);
        }
    }
    let coverage = sums.coverage();
    Bridge {
        target,
        gap: sums.gap(),
        gap_lower: sums.gap_lower(),
        total: sums.total,
        coverage,
        known_share: sums.known_share(),
        near: coverage >= reach.near,
        licence_alone: !blocking.is_empty() && blocking.len() == to_gain.len() + to_ask.len(),
        to_gain,
        to_ask,
        blocking,
        gap_after_training: taught.map(|_| after),
    }
}

/// One skill before and after: what a person had to gain of a target, and has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Progressed {
    /// The skill's position on the axis.
    pub skill: u32,
    /// Steps missing before, silence counted as not held.
    pub before: u16,
    /// Steps missing after.
    pub after: u16,
    /// Where the person stood.
    pub class_before: Class,
    /// Where the person stands.
    pub class_after: Class,
}

/// Before and after for each skill that a target requires, skills ascending. Where levels only
/// rose, nothing is missing more than before.
pub fn before_and_after(
    before: HeldRow<'_>,
    after: HeldRow<'_>,
    required: RequiredRow<'_>,
) -> Vec<Progressed> {
    let pairs = skill_gaps(before, required).zip(skill_gaps(after, required));
    let one = |(before, after): (crate::gap::SkillGap, crate::gap::SkillGap)| Progressed {
        skill: before.skill,
        before: before.shortfall(),
        after: after.shortfall(),
        class_before: before.class(),
        class_after: after.class(),
    };
    pairs.map(one).collect()
}

/// What people hold once they have followed modules: the higher of what they held and what was
/// taught. `followed` has pairs of a person's and a module's position. O(entries).
///
/// # Errors
///
/// [`Error::AxisMismatch`](crate::Error::AxisMismatch),
/// [`Error::Argument`](crate::Error::Argument) for a position that is not there.
pub fn after_training(held: &Held, taught: &Taught, followed: &[(u32, u32)]) -> Result<Held> {
    held.axis().check_same(taught.axis())?;
    let mut order = followed.to_vec();
    order.sort_unstable();
    for &(person, module) in &order {
        if person as usize >= held.len() || module as usize >= taught.len() {
            let value = format!("({person}, {module})");
            let expected = format!("below {} people and {} modules", held.len(), taught.len());
            return Err(crate::Error::argument("followed", value, expected));
        }
    }
    let mut rest = &order[..];
    let mut entries = Vec::with_capacity(held.entries());
    for person in (0u32..).take(held.len()) {
        let (own, after) = rest.split_at(rest.partition_point(|&(of, _)| of == person));
        rest = after;
        let mut row: std::collections::BTreeMap<u32, u16> = held.row(person).iter().collect();
        for &(_, module) in own {
            for (skill, level) in taught.row(module).iter() {
                let held = row.entry(skill).or_default();
                *held = (*held).max(level);
            }
        }
        entries.extend(row.into_iter().map(|(skill, level)| (person, skill, level)));
    }
    let (axis, people) = (std::sync::Arc::clone(held.axis()), std::sync::Arc::clone(held.people()));
    Ok(Held::from_sorted(axis, people, entries))
}
