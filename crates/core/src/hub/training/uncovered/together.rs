//! Skills that are asked for together.

use hashbrown::HashMap;

use super::{Lacking, UncoveredOptions};

/// Of the needs that ask for either of two skills, those that ask for both.
#[derive(Clone, Copy)]
struct Share {
    both: u64,
    either: u64,
}

impl Share {
    fn of(a: &[(u32, u32)], b: &[(u32, u32)]) -> Self {
        let sum =
            |asked: &[(u32, u32)]| asked.iter().map(|&(_, need)| u64::from(need)).sum::<u64>();
        let both = a
            .iter()
            .filter(|(target, _)| b.binary_search_by_key(target, |&(target, _)| target).is_ok())
            .map(|&(_, need)| u64::from(need))
            .sum();
        Self { both, either: sum(a) + sum(b) - both }
    }

    /// Whether it is at least a share in hundredths of a percent.
    fn reaches(self, basis_points: u32) -> bool {
        u128::from(self.both) * 10_000 >= u128::from(self.either) * u128::from(basis_points)
    }

    fn is_less_than(self, other: Self) -> bool {
        u128::from(self.both) * u128::from(other.either)
            < u128::from(other.both) * u128::from(self.either)
    }
}

/// Groups skills so that every two of a group are asked for together often enough, joining the two
/// groups whose least share is the largest until none can be joined; ties go to the first groups.
///
/// `asked` gives, for each skill, the targets that ask for it, ascending, with their needs.
pub(super) fn groups(
    lacking: &[Lacking],
    asked: &HashMap<u32, Vec<(u32, u32)>>,
    options: &UncoveredOptions,
) -> Vec<Vec<Lacking>> {
    let asks = |at: usize| asked.get(&lacking[at].skill).map_or(&[][..], Vec::as_slice);
    let count = lacking.len();
    // shares[a][b] for a < b: the least share between the groups that begin with a and b.
    let mut shares: Vec<Vec<Share>> =
        (0..count).map(|a| (0..count).map(|b| Share::of(asks(a), asks(b))).collect()).collect();
    let mut groups: Vec<Vec<usize>> = (0..count).map(|at| vec![at]).collect();
    let mut firsts: Vec<usize> = (0..count).collect();
    loop {
        let mut best: Option<(usize, usize)> = None;
        for (at, &a) in firsts.iter().enumerate() {
            for &b in &firsts[at + 1..] {
                let share = shares[a][b];
                if share.reaches(options.together)
                    && best.is_none_or(|(c, d)| shares[c][d].is_less_than(share))
                {
                    best = Some((a, b));
                }
            }
        }
        let Some((a, b)) = best else { break };
        let joined = std::mem::take(&mut groups[b]);
        groups[a].extend(joined);
        firsts.retain(|&first| first != b);
        for &other in &firsts {
            let (of_a, of_b) = (shares[a][other], shares[b][other]);
            let least = if of_b.is_less_than(of_a) { of_b } else { of_a };
            shares[a][other] = least;
            shares[other][a] = least;
        }
    }
    firsts
        .into_iter()
        .map(|first| {
            let mut group = std::mem::take(&mut groups[first]);
            group.sort_unstable();
            group.into_iter().map(|at| lacking[at].clone()).collect()
        })
        .collect()
}
