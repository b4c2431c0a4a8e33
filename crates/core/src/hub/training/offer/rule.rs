//! Funding rules: dated data, not code.

use serde::{Deserialize, Serialize};

use super::funding::within;
use super::quantity::hours;
use crate::error::{Error, Result};
use crate::skill::{Date, named};

/// What a threshold of hours is measured on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Bearing {
    /// All modules of a person's pathway together.
    #[default]
    Pathway = 0,
    /// The module of one session.
    Session = 1,
}

named!(Bearing, "bears_on", { Pathway = "pathway", Session = "session" });

/// What a share is a share of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Base {
    /// What the funder has.
    #[default]
    Budget = 0,
    /// What the plan spends of it.
    Spend = 1,
}

named!(Base, "base", { Budget = "budget", Spend = "spend" });

/// A group of people that a rule is about. It never reaches a score.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Group {
    /// People of priority districts (*quartiers prioritaires*).
    #[default]
    Qpv = 0,
    /// Disabled people.
    Disabled = 1,
}

named!(Group, "group", { Qpv = "qpv", Disabled = "disabled" });

/// How far a share may vary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tolerance {
    /// Percentage points, in hundredths: 43 % ± 5 points is 38 to 48 %.
    Points(u32),
    /// Relative to the share, in hundredths of a percent: 43 % ± 5 % is 40.85 to 45.15 %.
    Relative(u32),
}

impl Tolerance {
    /// The most that a share may be, both in hundredths of a percent, rounded down.
    pub fn most(self, share: u32) -> u32 {
        match self {
            Self::Points(points) => share.saturating_add(points),
            Self::Relative(part) => {
                let more = u64::from(share) * u64::from(part) / 10_000;
                share.saturating_add(u32::try_from(more).unwrap_or(u32::MAX))
            }
        }
        .min(10_000)
    }
}

/// Hours from a number of minutes on, up to but without another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HourRange {
    /// The fewest minutes.
    pub from: u64,
    /// The minutes that are too many; `None`: without limit.
    pub below: Option<u64>,
}

impl HourRange {
    /// Whether it holds a number of minutes.
    pub fn contains(self, minutes: u64) -> bool {
        self.from <= minutes && self.below.is_none_or(|below| minutes < below)
    }
}

/// What a funding rule says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuleKind {
    /// Within a scheme, the hours decide who pays: of the funders that the scheme names, only the
    /// one whose range holds them. Funders that no scheme names are not concerned.
    Hours {
        /// The scheme: its ranges cover every number of hours exactly once.
        scheme: String,
        /// The funder's position.
        funder: u32,
        /// The hours.
        range: HourRange,
        /// What they are hours of.
        bears_on: Bearing,
    },
    /// An axis' share of what a funder has, and how far it may vary.
    Share {
        /// The funder's position.
        funder: u32,
        /// The axis' position.
        axis: u32,
        /// The share, in hundredths of a percent.
        basis_points: u32,
        /// How far it may vary.
        tolerance: Tolerance,
    },
    /// An axis takes no more than a share.
    Cap {
        /// The funder's position.
        funder: u32,
        /// The axis' position.
        axis: u32,
        /// The share, in hundredths of a percent.
        basis_points: u32,
        /// Of what there is, or of what is spent.
        of: Base,
    },
    /// Of the entries that a funder pays for, at least a share is of a group.
    Quota {
        /// The funder's position.
        funder: u32,
        /// The group.
        group: Group,
        /// The share, in hundredths of a percent.
        basis_points: u32,
    },
    /// At equal skill, people of a group go first on sessions that a funder pays for: a tie-break,
    /// never a bonus.
    Priority {
        /// The funder's position.
        funder: u32,
        /// The group.
        group: Group,
    },
}

/// A dated funding rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FundingRule {
    /// Its id.
    pub id: String,
    /// What it says.
    pub kind: RuleKind,
    /// The first day on which it holds; `None`: from ever.
    pub from: Option<Date>,
    /// The last day on which it holds; `None`: for ever.
    pub until: Option<Date>,
}

impl FundingRule {
    /// Whether it holds on a day.
    pub fn holds(&self, day: Date) -> bool {
        within(self.from, self.until, day)
    }
}

/// Refuses schemes whose ranges overlap or leave hours that no rule covers, on any day.
pub(super) fn check_schemes(rules: &[FundingRule]) -> Result<()> {
    let mut schemes: Vec<&str> = rules.iter().filter_map(|rule| scheme(rule)).collect();
    schemes.sort_unstable();
    schemes.dedup();
    for name in schemes {
        let of: Vec<&FundingRule> = rules.iter().filter(|r| scheme(r) == Some(name)).collect();
        // Which rules hold changes only on the day that one begins, and on the day after one ends.
        let mut days: Vec<i64> = vec![i64::MIN];
        days.extend(of.iter().filter_map(|rule| Some(i64::from(rule.from?.days()))));
        days.extend(of.iter().filter_map(|rule| Some(i64::from(rule.until?.days()) + 1)));
        days.sort_unstable();
        days.dedup();
        for day in days {
            let holds = |rule: &FundingRule| {
                rule.from.is_none_or(|from| i64::from(from.days()) <= day)
                    && rule.until.is_none_or(|until| day <= i64::from(until.days()))
            };
            let holding: Vec<&FundingRule> = of.iter().copied().filter(|r| holds(r)).collect();
            check_tiling(name, &holding)?;
        }
    }
    Ok(())
}

fn scheme(rule: &FundingRule) -> Option<&str> {
    match &rule.kind {
        RuleKind::Hours { scheme, .. } => Some(scheme),
        _ => None,
    }
}

fn check_tiling(scheme: &str, rules: &[&FundingRule]) -> Result<()> {
    let mut ranges: Vec<(HourRange, Bearing, &str)> = rules
        .iter()
        .filter_map(|rule| match rule.kind {
            RuleKind::Hours { range, bears_on, .. } => Some((range, bears_on, rule.id.as_str())),
            _ => None,
        })
        .collect();
    ranges.sort_by_key(|(range, ..)| (range.from, range.below));
    if let Some(pair) = ranges.windows(2).find(|pair| pair[0].1 != pair[1].1) {
        return Err(Error::FundingRules {
            scheme: scheme.to_owned(),
            problem: format!(
                "`{}` bears on the {} and `{}` on the {}; one scheme bears on one thing",
                pair[0].2, pair[0].1, pair[1].2, pair[1].1
            ),
        });
    }
    let mut covered = Some(0);
    let mut before = "";
    for (range, _, id) in &ranges {
        let problem = match covered {
            Some(end) if end == range.from => None,
            Some(end) if end < range.from => Some(format!(
                "no rule covers {}; widen `{}` or add a rule",
                span(end, range.from),
                if before.is_empty() { id } else { before }
            )),
            _ => Some(format!(
                "`{before}` and `{id}` both cover {} h; end one where the other begins",
                hours(range.from)
            )),
        };
        if let Some(problem) = problem {
            return Err(Error::FundingRules { scheme: scheme.to_owned(), problem });
        }
        covered = range.below;
        before = id;
    }
    match covered {
        Some(end) if !ranges.is_empty() => Err(Error::FundingRules {
            scheme: scheme.to_owned(),
            problem: format!("no rule covers {} h and more; add one", hours(end)),
        }),
        _ => Ok(()),
    }
}

fn span(from: u64, below: u64) -> String {
    if below == from + 1 {
        format!("exactly {} h", hours(from))
    } else {
        format!("{} h up to {} h", hours(from), hours(below))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(id: &str, from: u64, below: Option<u64>) -> FundingRule {
        FundingRule {
            id: id.to_owned(),
            kind: RuleKind::Hours {
                scheme: "employer".to_owned(),
                funder: 0,
                range: HourRange { from, below },
                bears_on: Bearing::Pathway,
            },
            from: None,
            until: None,
        }
    }

    fn refused(rules: &[FundingRule]) -> String {
        check_schemes(rules).unwrap_err().to_string()
    }

    #[test]
    fn exactly_400_hours_must_be_somebodys() {
        // "under 400 h" and "above 400 h", as the minutes that each holds.
        let rules = [rule("under", 0, Some(24_000)), rule("above", 24_001, None)];
        assert!(refused(&rules).contains("no rule covers exactly 400 h"), "{}", refused(&rules));
        let rules = [rule("up-to", 0, Some(24_001)), rule("from", 24_000, None)];
        assert!(refused(&rules).contains("both cover 400 h"), "{}", refused(&rules));
        assert!(check_schemes(&[rule("a", 0, Some(24_000)), rule("b", 24_000, None)]).is_ok());
        assert!(refused(&[rule("a", 0, Some(24_000))]).contains("no rule covers 400 h and more"));
        assert!(refused(&[rule("a", 60, None)]).contains("no rule covers 0 h up to 1 h"));
    }

    #[test]
    fn a_rule_that_ends_leaves_a_hole_on_the_day_after() {
        let mut first = rule("old", 0, None);
        first.until = Some("2026-06-30".parse().unwrap());
        let mut second = rule("new", 0, Some(24_000));
        second.from = Some("2026-07-01".parse().unwrap());
        assert!(refused(&[first.clone(), second.clone()]).contains("400 h and more"));
        let mut third = rule("rest", 24_000, None);
        third.from = second.from;
        assert!(check_schemes(&[first.clone(), second.clone(), third.clone()]).is_ok());
        third.from = first.until;
        assert!(refused(&[first, second, third]).contains("both cover"));
    }

    #[test]
    fn tolerances_are_points_or_relative() {
        assert_eq!(Tolerance::Points(500).most(4_300), 4_800);
        assert_eq!(Tolerance::Relative(500).most(4_300), 4_515);
        assert_eq!(Tolerance::Points(1_000).most(9_500), 10_000);
    }
}
