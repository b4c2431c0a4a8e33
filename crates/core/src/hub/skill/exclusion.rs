//! Which single requirement keeps most people out.

use rayon::prelude::*;
use serde::Serialize;

use crate::error::{Error, Result};
use crate::gap::{Class, Eligibility, SkillGap, Standing, Status, Sums, skill_gaps};
use crate::matrix::{Held, Necessity, Required};
use crate::run::Run;
#[cfg(feature = "trust")]
use crate::trust::{Rules, some_parts_shown};

/// What one requirement of a target does to how many people are eligible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Exclusion {
    /// The skill's position on the axis.
    pub skill: u32,
    /// How much the requirement binds.
    pub necessity: Necessity,
    /// People known to fall short of it: the answer is a course, or a licence.
    pub short: u64,
    /// People whose profiles are silent on it: the answer is to ask.
    pub silent: u64,
    /// People who are not eligible and would be without this one requirement.
    pub alone: u64,
    /// Those of them who are silent on it.
    pub alone_silent: u64,
}

/// An [`Exclusion`] as far as it may be shown.
#[cfg(feature = "trust")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ShownExclusion {
    /// The skill's position on the axis.
    pub skill: u32,
    /// How much the requirement binds.
    pub necessity: Necessity,
    /// People known to fall short of it.
    pub short: Option<u64>,
    /// People whose profiles are silent on it.
    pub silent: Option<u64>,
    /// People who are not eligible and would be without this one requirement.
    pub alone: Option<u64>,
    /// Of those, people of whom it is not known: ask rather than train.
    pub alone_silent: Option<u64>,
    /// People who were looked at.
    pub people: Option<u64>,
}

/// [`Exclusions`] as far as they may be shown.
#[cfg(feature = "trust")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShownExclusions {
    /// People who were looked at.
    pub people: Option<u64>,
    /// People who are eligible.
    pub eligible: Option<u64>,
    /// Each requirement, in the same order.
    pub requirements: Vec<ShownExclusion>,
}

#[cfg(feature = "trust")]
impl Exclusions {
    /// What of them may be shown.
    ///
    /// # Errors
    ///
    /// Those of [`Exclusion::shown`].
    pub fn shown(&self) -> Result<ShownExclusions> {
        let all = some_parts_shown(self.people, &[self.eligible], Rules::default())?;
        let requirements = self.requirements.iter().map(|one| one.shown(self.people));
        Ok(ShownExclusions {
            people: all.whole,
            eligible: all.parts[0],
            requirements: requirements.collect::<Result<_>>()?,
        })
    }
}

#[cfg(feature = "trust")]
impl Exclusion {
    /// What of it may be shown, `people` having been looked at: counts about 1 to 10 people are
    /// hidden, and those that would give them away.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for fewer people than fall short or are silent.
    pub fn shown(&self, people: u64) -> Result<ShownExclusion> {
        let rules = Rules::default();
        let all = some_parts_shown(people, &[self.short, self.silent], rules)?;
        let (short, silent) = (all.parts[0], all.parts[1]);
        let kept_out = some_parts_shown(self.alone, &[self.alone_silent], rules)?;
        let alone = kept_out.whole.filter(|_| short.is_some() && silent.is_some());
        let alone_silent = alone.and(kept_out.parts[0]);
        let Self { skill, necessity, .. } = *self;
        let people = all.whole;
        Ok(ShownExclusion { skill, necessity, short, silent, alone, alone_silent, people })
    }
}

/// What keeps people out of a target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Exclusions {
    /// People who were looked at.
    pub people: u64,
    /// People who are eligible.
    pub eligible: u64,
    /// Each requirement, that which keeps most people out alone first, then that of which most
    /// are short, then by skill.
    pub requirements: Vec<Exclusion>,
}

/// The marginal effect of each requirement of a target on how many people are eligible: for each,
/// those who are not and would be if it alone were dropped. O(people × entries), in parallel.
///
/// # Errors
///
/// [`Error::AxisMismatch`], [`Error::Argument`] for a target that is not there,
/// [`Error::Cancelled`].
pub fn exclusions(
    held: &Held,
    required: &Required,
    target: u32,
    eligibility: Eligibility,
    run: &Run,
) -> Result<Exclusions> {
    required.axis().check_same(held.axis())?;
    if target as usize >= required.len() {
        return Err(Error::argument("target", target, format!("below {}", required.len())));
    }
    let row = required.row(target);
    let none = || {
        let nothing = |(&skill, &necessity)| Exclusion {
            skill,
            necessity,
            short: 0,
            silent: 0,
            alone: 0,
            alone_silent: 0,
        };
        (0u64, row.skills.iter().zip(row.necessities).map(nothing).collect::<Vec<_>>())
    };
    let count = run.count("people", held.len() as u64);
    count.go_on()?;
    let (eligible, mut requirements) = run.install(|| {
        (0..u32::try_from(held.len()).unwrap_or(u32::MAX))
            .into_par_iter()
            .fold(none, |(mut eligible, mut all), person| {
                let standing = Standing::of(held.row(person), row);
                let already = standing.status(eligibility) == Status::Eligible;
                eligible += u64::from(already);
                for (gap, one) in skill_gaps(held.row(person), row).zip(&mut all) {
                    let class = gap.class();
                    if class == Class::Maintain {
                        continue;
                    }
                    let silent = u64::from(class == Class::Unknown);
                    one.silent += silent;
                    one.short += 1 - silent;
                    let would = without(standing, gap).status(eligibility) == Status::Eligible;
                    if !already && would {
                        one.alone += 1;
                        one.alone_silent += silent;
                    }
                }
                (eligible, all)
            })
            .reduce(none, |(eligible, mut all), (more, others)| {
                for (one, other) in all.iter_mut().zip(others) {
                    one.short += other.short;
                    one.silent += other.silent;
                    one.alone += other.alone;
                    one.alone_silent += other.alone_silent;
                }
                (eligible + more, all)
            })
    });
    count.add(held.len() as u64);
    requirements
        .sort_by_key(|one| (std::cmp::Reverse((one.alone, one.short + one.silent)), one.skill));
    Ok(Exclusions { people: held.len() as u64, eligible, requirements })
}

/// A standing as it would be if one requirement that is not met were dropped.
fn without(mut standing: Standing, gap: SkillGap) -> Standing {
    let total = u32::from(gap.weight) * u32::from(gap.required);
    let known = if gap.held.is_some() { total } else { 0 };
    let drop = |sums: &mut Sums| {
        sums.total -= total;
        sums.credit -= gap.credit();
        sums.known -= known;
    };
    let spoken = u32::from(gap.held.is_some());
    drop(&mut standing.all);
    if gap.necessity.is_essential() {
        drop(&mut standing.essential);
        standing.missing_essentials -= 1;
        standing.missing_essentials_known -= spoken;
        if gap.necessity == Necessity::Blocking {
            drop(&mut standing.blocking);
            standing.blocking_shortfalls -= 1;
            standing.blocking_shortfalls_known -= spoken;
        }
    }
    standing
}
