//! Whether two engines gave the same answer.

use crate::Outcome;
use crate::work::Alike;

/// Relative difference that the order of 32-bit additions explains.
const ROUNDING: f32 = 1e-5;

/// Compares a saved answer with ours: what agrees, or what does not.
pub(crate) fn compare(
    job: &str,
    alike: Alike,
    people: usize,
    ours: &[u8],
    theirs: &[u8],
) -> Outcome<String> {
    match alike {
        Alike::Exactly if ours == theirs => return Ok("identical".to_owned()),
        Alike::Exactly => return Ok("NOT identical".to_owned()),
        Alike::Other => return Ok("another ranking".to_owned()),
        Alike::Rounded => {}
    }
    let k: usize = job.rsplit('-').next().unwrap_or_default().parse()?;
    if ours.len() != people * k * 8 || theirs.len() != ours.len() {
        return Ok(format!("NOT of one size: {} and {} bytes", ours.len(), theirs.len()));
    }
    let (ours, theirs) = (ranking(ours, people * k), ranking(theirs, people * k));
    let (mut scores, mut positions) = (0, 0);
    let (mut sum, mut of_theirs) = (0.0, 0.0);
    for row in (0..people).map(|row| row * k..(row + 1) * k) {
        let (at, score) = (&ours.0[row.clone()], &ours.1[row.clone()]);
        let (their_at, their_score) = (&theirs.0[row.clone()], &theirs.1[row]);
        sum += score.iter().copied().map(f64::from).sum::<f64>();
        of_theirs += their_score.iter().copied().map(f64::from).sum::<f64>();
        let near = |a: f32, b: f32| (a - b).abs() <= ROUNDING * a.abs().max(b.abs()).max(1e-3);
        scores += usize::from(!score.iter().zip(their_score).all(|(&a, &b)| near(a, b)));
        // A position may only be missing where its score ties with the last one kept.
        let last = their_score.last().copied().unwrap_or(0.0);
        let found = |(&at, &score): (&i32, &f32)| near(score, last) || their_at.contains(&at);
        positions += usize::from(!at.iter().zip(score).all(found));
    }
    if scores + positions == 0 {
        return Ok(format!("agrees: sums {sum:.3} and {of_theirs:.3}, positions but for ties"));
    }
    Ok(format!("NOT alike: {scores} rows by score, {positions} by position"))
}

fn ranking(bytes: &[u8], cells: usize) -> (Vec<i32>, Vec<f32>) {
    let (positions, scores) = bytes.split_at(4 * cells);
    let positions = positions.as_chunks().0.iter().map(|&four| i32::from_le_bytes(four));
    let scores = scores.as_chunks().0.iter().map(|&four| f32::from_le_bytes(four));
    (positions.collect(), scores.collect())
}
