//! Skills that are alike by their labels.

use super::matcher::raw;
use super::terms::Terms;
use super::words::runs;
use crate::error::Result;
use crate::framework::Framework;
use crate::matrix::Sparse;
use crate::rank::RawRanker;
use crate::run::Run;

/// For each skill the `k` others whose labels are most alike, with the cosine of their runs of 3 to 5
/// characters (TF-IDF) in [0, 1]: for [`Greedy`](crate::rank::Greedy) or a transfer. O(skills × runs
/// in common).
///
/// # Errors
///
/// [`Error::TooMany`](crate::Error::TooMany) runs, [`Error::Cancelled`](crate::Error::Cancelled).
pub fn alike_by_label(
    framework: &Framework,
    language: &str,
    k: usize,
    run: &Run,
) -> Result<Sparse> {
    let skills = framework.skills().members();
    let labels = (0..skills).map(|skill| runs(framework.skill_name(skill, language), 3, 5));
    let labels: Vec<Vec<String>> = labels.collect();
    let (_, rows) = Terms::fit(labels.iter().map(Vec::as_slice))?;
    let ranker = RawRanker::new(raw(&rows)?, run)?;
    // One more, for the skill itself.
    let k = k + 1;
    let mut positions = vec![-1; rows.len() * k];
    let mut cosines = vec![0.0; rows.len() * k];
    ranker.rank_into(raw(&rows)?, k, &mut positions, &mut cosines, run)?;
    let near = positions.chunks_exact(k).zip(cosines.chunks_exact(k)).zip(0u32..);
    let rows = near.map(|((positions, cosines), own)| {
        let cells = positions.iter().zip(cosines);
        let cells =
            cells.filter_map(|(&at, &cosine)| Some((u32::try_from(at).ok()?, cosine.min(1.0))));
        cells.filter(|&(at, _)| at != own).take(k - 1).collect::<Vec<_>>()
    });
    Ok(Sparse::from_rows(skills, rows.collect::<Vec<_>>()))
}
