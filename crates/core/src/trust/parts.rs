//! Counts of people whose sum is known too.

use super::suppress::{Rules, suppress};
use super::table::Table;
use crate::error::Result;

/// Counts of people as far as they may be shown beside their sum: such as those who hold a skill in
/// each area, and in all areas together.
///
/// # Errors
///
/// None for counts whose sum fits 64 bits, as counts of people do.
///
/// # Example
///
/// ```
/// use passerelle::trust::{Rules, parts_shown};
///
/// let shown = parts_shown(&[7, 40, 200], Rules::default())?;
/// assert_eq!(shown, [None, None, Some(200)], "247 less 240 would tell the first");
/// # Ok::<(), passerelle::Error>(())
/// ```
pub fn parts_shown(counts: &[u64], rules: Rules) -> Result<Vec<Option<u64>>> {
    let mut table = Table::builder();
    table.cell("", counts.iter().sum())?;
    let ids: Vec<String> = (0..counts.len()).map(|at| at.to_string()).collect();
    for (id, &count) in ids.iter().zip(counts) {
        table.cell(id, count)?;
    }
    table.sum("", &ids)?;
    let release = suppress(&table.build(), rules, None);
    Ok(release.shown().skip(1).map(|(_, count)| count).collect())
}
