//! Who is how far from which job.

use serde::Serialize;

use crate::error::Result;
use crate::framework::Framework;
use crate::gap::{Class, Eligibility, Standing, Status, skill_gaps};
use crate::matrix::Held;
use crate::rank::{Coverage, Ranking, people_for_targets, targets_for_people};
use crate::run::Run;

/// How far everyone is from every occupation of a framework.
///
/// Matches are by [`Coverage`]; whether a person may go for a target stands beside it.
#[derive(Clone, Debug)]
pub struct Overview {
    /// The best occupations of each person.
    pub best: Ranking,
    /// The standing of each of them, by person.
    pub standings: Vec<Vec<Standing>>,
    /// The coverage of each person's best occupation at the 10th, 25th, 50th, 75th and 90th
    /// percentile of people; 0 for people without a match.
    pub best_coverage: [f32; 5],
    /// People who are eligible for at least one of their best occupations.
    pub eligible: u64,
    /// People whose profiles say too little of every one of them.
    pub to_ask: u64,
    /// People who share no skill with any occupation.
    pub unmatched: u64,
    /// Each occupation, by position.
    pub occupations: Vec<OccupationView>,
    /// The skills that people lack for their best occupation, the most missed first.
    pub missing: Vec<MissingSkill>,
}

/// One occupation in an [`Overview`].
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct OccupationView {
    /// The occupation's position.
    pub occupation: u32,
    /// People for whom it is the best match.
    pub best_for: u64,
    /// People who have it among their best matches.
    pub among_best_of: u64,
    /// Those of them who are eligible.
    pub eligible: u64,
    /// Those of whom the profile says too little.
    pub to_ask: u64,
    /// Those whom a blocking requirement keeps out, though their essential coverage is enough.
    pub blocked_only: u64,
    /// The highest coverage of anyone.
    pub highest_coverage: f32,
}

/// One skill that people lack for their best occupation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct MissingSkill {
    /// The skill's position.
    pub skill: u32,
    /// People who hold it below the level required.
    pub develop: u64,
    /// People known not to hold it.
    pub acquire: u64,
    /// People whose profiles are silent on it: to be asked before anything is taught.
    pub unknown: u64,
}

impl MissingSkill {
    /// People who lack it, silence counted as lacking.
    pub fn people(self) -> u64 {
        self.develop + self.acquire + self.unknown
    }
}

impl Overview {
    /// Ranks the `k` best occupations of each person, and sums up what is missing.
    ///
    /// O(requirements met + people × k × entries), in parallel; the same for any number of threads.
    ///
    /// # Errors
    ///
    /// As [`targets_for_people`].
    pub fn of(
        framework: &Framework,
        held: &Held,
        k: usize,
        eligibility: Eligibility,
        run: &Run,
    ) -> Result<Self> {
        let required = framework.required();
        let best = targets_for_people(held, required, k, &Coverage, run)?;
        let standings = best.standings(held, required, run)?;
        let nearest = people_for_targets(held, required, 1, &Coverage, run)?;
        let mut occupations: Vec<OccupationView> = (0u32..)
            .take(required.len())
            .map(|occupation| OccupationView {
                occupation,
                highest_coverage: nearest.scores()[[occupation as usize, 0]],
                ..OccupationView::default()
            })
            .collect();
        let mut missing: Vec<MissingSkill> = (0u32..)
            .take(framework.axis().len())
            .map(|skill| MissingSkill { skill, ..MissingSkill::default() })
            .collect();
        let (mut eligible, mut to_ask, mut unmatched) = (0, 0, 0);
        let mut coverages = Vec::with_capacity(held.len());
        for (person, standings) in (0u32..).zip(&standings) {
            let statuses: Vec<Status> = standings.iter().map(|s| s.status(eligibility)).collect();
            eligible += u64::from(statuses.contains(&Status::Eligible));
            unmatched += u64::from(statuses.is_empty());
            to_ask += u64::from(
                !statuses.is_empty() && statuses.iter().all(|&s| s == Status::NotEnoughEvidence),
            );
            for ((result, standing), &status) in
                best.row(person as usize).zip(standings).zip(&statuses)
            {
                let view = &mut occupations[result.position as usize];
                view.among_best_of += 1;
                view.eligible += u64::from(status == Status::Eligible);
                view.to_ask += u64::from(status == Status::NotEnoughEvidence);
                view.blocked_only += u64::from(standing.blocked_only(eligibility));
            }
            let first = best.row(person as usize).next();
            coverages.push(first.map_or(0.0, |result| result.score));
            if let Some(first) = first {
                occupations[first.position as usize].best_for += 1;
                for gap in skill_gaps(held.row(person), required.row(first.position)) {
                    let missing = &mut missing[gap.skill as usize];
                    match gap.class() {
                        Class::Maintain => {}
                        Class::Develop => missing.develop += 1,
                        Class::Acquire => missing.acquire += 1,
                        Class::Unknown => missing.unknown += 1,
                    }
                }
            }
        }
        missing.retain(|missing| missing.people() > 0);
        missing.sort_by_key(|missing| (std::cmp::Reverse(missing.people()), missing.skill));
        coverages.sort_by(f32::total_cmp);
        let at = |percent: usize| {
            let last = coverages.len().saturating_sub(1);
            coverages.get(last * percent / 100).copied().unwrap_or(0.0)
        };
        let best_coverage = [10, 25, 50, 75, 90].map(at);
        Ok(Self {
            best,
            standings,
            best_coverage,
            eligible,
            to_ask,
            unmatched,
            occupations,
            missing,
        })
    }
}
