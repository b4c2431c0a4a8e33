//! The main directions of sparse rows: a truncated singular value decomposition.
//!
//! Subspace iteration from a fixed start, on one thread: the same directions on any machine. Halko,
//! Martinsson and Tropp, *Finding structure with randomness* (2011). Crates that do it use threads
//! or a start that changes the last bits from run to run, or a dense matrix.

use crate::error::Result;
use crate::matrix::Sparse;
use crate::run::Run;

/// Directions beyond those asked for, which make these sure.
const MORE: usize = 16;

/// Turns; each squares how much larger directions outweigh smaller ones.
const TURNS: usize = 6;

/// The `count` main directions: for each column of `rows` its place in each, `count` numbers side by
/// side; directions have length 1, the strongest first. Fewer where there are not as many.
/// O(turns × (cells × count + rows × count²)), looking at whether to go on at each turn.
pub(super) fn directions(rows: &Sparse, count: usize, run: &Run) -> Result<(usize, Vec<f64>)> {
    let width = rows.width() as usize;
    let most = rows.len().min(width);
    let (count, wide) = (count.min(most), (count + MORE).min(most));
    if wide == 0 {
        return Ok((0, Vec::new()));
    }
    let mut columns = start(width, wide);
    let mut basis = times(rows, &columns, wide);
    orthonormal(&mut basis, wide);
    for _ in 0..TURNS {
        run.go_on()?;
        columns = turned_times(rows, &basis, wide);
        basis = times(rows, &columns, wide);
        orthonormal(&mut basis, wide);
    }
    // In that basis the rows are small: what is left is an eigenproblem of `wide` × `wide`.
    columns = turned_times(rows, &basis, wide);
    let mut square = vec![0.0; wide * wide];
    for row in columns.chunks_exact(wide) {
        for (a, &x) in row.iter().enumerate() {
            for (b, &y) in row.iter().enumerate() {
                square[a * wide + b] += x * y;
            }
        }
    }
    let (values, vectors) = eigen(square, wide, run)?;
    let kept: Vec<usize> = strongest(&values).into_iter().take(count).collect();
    // A direction without strength is none.
    let floor = values.iter().copied().fold(0.0, f64::max) * 1e-12;
    let kept: Vec<usize> = kept.into_iter().filter(|&at| values[at] > floor).collect();
    let mut out = vec![0.0; width * kept.len()];
    for (row, out) in columns.chunks_exact(wide).zip(out.chunks_exact_mut(kept.len().max(1))) {
        for (out, &at) in out.iter_mut().zip(&kept) {
            let along: f64 = row.iter().enumerate().map(|(a, x)| x * vectors[a * wide + at]).sum();
            *out = along / values[at].sqrt();
        }
    }
    Ok((kept.len(), out))
}

/// Numbers from −1 to 1 that look random and are always the same.
#[expect(clippy::cast_precision_loss, reason = "53 bits")]
fn start(width: usize, wide: usize) -> Vec<f64> {
    let mut state = 0u64;
    let number = |_| {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    };
    (0..width * wide).map(number).collect()
}

/// rows × columns.
fn times(rows: &Sparse, columns: &[f64], wide: usize) -> Vec<f64> {
    let mut out = vec![0.0; rows.len() * wide];
    for (row, out) in out.chunks_exact_mut(wide).enumerate() {
        for (column, value) in rows.cells_of(row) {
            let other = &columns[column as usize * wide..][..wide];
            out.iter_mut().zip(other).for_each(|(out, x)| *out += f64::from(value) * x);
        }
    }
    out
}

/// rows turned × basis.
fn turned_times(rows: &Sparse, basis: &[f64], wide: usize) -> Vec<f64> {
    let mut out = vec![0.0; rows.width() as usize * wide];
    for (row, other) in basis.chunks_exact(wide).enumerate() {
        for (column, value) in rows.cells_of(row) {
            let out = &mut out[column as usize * wide..][..wide];
            out.iter_mut().zip(other).for_each(|(out, x)| *out += f64::from(value) * x);
        }
    }
    out
}

/// Makes the columns orthonormal, one after the other, twice over for what rounding leaves (modified
/// Gram–Schmidt). A column that lies within those before it becomes 0.
fn orthonormal(matrix: &mut [f64], wide: usize) {
    for column in 0..wide {
        let before = norm(matrix, wide, column);
        for _ in 0..2 {
            for other in 0..column {
                let along: f64 =
                    matrix.chunks_exact(wide).map(|row| row[other] * row[column]).sum();
                for row in matrix.chunks_exact_mut(wide) {
                    row[column] -= along * row[other];
                }
            }
        }
        let left = norm(matrix, wide, column);
        let scale = if left > before * 1e-10 { 1.0 / left } else { 0.0 };
        matrix.chunks_exact_mut(wide).for_each(|row| row[column] *= scale);
    }
}

fn norm(matrix: &[f64], wide: usize, column: usize) -> f64 {
    matrix.chunks_exact(wide).map(|row| row[column] * row[column]).sum::<f64>().sqrt()
}

/// Eigenvalues and eigenvectors (by columns) of a symmetric matrix, by Jacobi's rotations.
fn eigen(mut matrix: Vec<f64>, wide: usize, run: &Run) -> Result<(Vec<f64>, Vec<f64>)> {
    let mut vectors = vec![0.0; wide * wide];
    (0..wide).for_each(|at| vectors[at * wide + at] = 1.0);
    for _ in 0..30 {
        run.go_on()?;
        let off: f64 = (0..wide)
            .flat_map(|a| (0..a).map(move |b| (a, b)))
            .map(|(a, b)| matrix[a * wide + b] * matrix[a * wide + b])
            .sum();
        let whole: f64 = matrix.iter().map(|x| x * x).sum();
        if off <= whole * 1e-26 {
            break;
        }
        for a in 0..wide {
            for b in a + 1..wide {
                let apart = matrix[a * wide + b];
                if apart == 0.0 {
                    continue;
                }
                let theta = (matrix[b * wide + b] - matrix[a * wide + a]) / (2.0 * apart);
                let tangent = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
                let tangent = if theta == 0.0 { 1.0 } else { tangent };
                let cosine = 1.0 / (tangent * tangent + 1.0).sqrt();
                let sine = tangent * cosine;
                for at in 0..wide {
                    let (x, y) = (matrix[at * wide + a], matrix[at * wide + b]);
                    matrix[at * wide + a] = cosine * x - sine * y;
                    matrix[at * wide + b] = sine * x + cosine * y;
                }
                for at in 0..wide {
                    let (x, y) = (matrix[a * wide + at], matrix[b * wide + at]);
                    matrix[a * wide + at] = cosine * x - sine * y;
                    matrix[b * wide + at] = sine * x + cosine * y;
                }
                for at in 0..wide {
                    let (x, y) = (vectors[at * wide + a], vectors[at * wide + b]);
                    vectors[at * wide + a] = cosine * x - sine * y;
                    vectors[at * wide + b] = sine * x + cosine * y;
                }
            }
        }
    }
    Ok(((0..wide).map(|at| matrix[at * wide + at]).collect(), vectors))
}

fn strongest(values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[b].total_cmp(&values[a]).then(a.cmp(&b)));
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directions_are_orthonormal_and_strongest_first() {
        // Two blocks: the larger one is the first direction.
        let rows = Sparse::from_rows(
            4,
            [vec![(0, 2.0), (1, 2.0)], vec![(0, 2.0), (1, 2.0)], vec![(2, 1.0), (3, 1.0)]],
        );
        let (count, directions) = directions(&rows, 3, &Run::new()).unwrap();
        assert_eq!(count, 2, "the rank");
        let half = std::f64::consts::FRAC_1_SQRT_2;
        let expected = [(half, 0.0), (half, 0.0), (0.0, half), (0.0, half)];
        for (row, (first, second)) in directions.chunks_exact(2).zip(expected) {
            assert!((row[0].abs() - first).abs() < 1e-9, "{directions:?}");
            assert!((row[1].abs() - second).abs() < 1e-9, "{directions:?}");
        }
    }

    #[test]
    fn the_best_rows_of_low_rank_are_found() {
        // A matrix of rank 2 is its own best approximation by 2 directions.
        let value = |a: usize, b: usize| (a * 3 + 1) as f32 * (b + 1) as f32 - (b * b) as f32;
        let row = |a| (0..9).map(|b| (b as u32, value(a, b))).collect();
        let rows = Sparse::from_rows(9, (0..7).map(row));
        let (count, v) = directions(&rows, 2, &Run::new()).unwrap();
        for a in 0..7 {
            for b in 0..9 {
                let along = |d: usize| -> f64 {
                    (0..9).map(|c| f64::from(value(a, c)) * v[c * count + d]).sum()
                };
                let again: f64 = (0..count).map(|d| along(d) * v[b * count + d]).sum();
                assert!((again - f64::from(value(a, b))).abs() < 1e-6);
            }
        }
    }
}
