//! Counts of people whose sum is known too.

use super::suppress::{Rules, suppress};
use super::table::Table;
use crate::error::Result;

/// A whole and the parts of it, as far as they may be shown; `None` where they may not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownParts {
    /// The sum. It is hidden where it is about few people itself, or where no part is left that
    /// could protect another.
    pub whole: Option<u64>,
    /// The parts, in the order in which they were given.
    pub parts: Vec<Option<u64>>,
}

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
/// assert_eq!(shown.whole, Some(247));
/// assert_eq!(shown.parts, [None, None, Some(200)], "247 less 240 would tell the first");
/// # Ok::<(), passerelle::Error>(())
/// ```
pub fn parts_shown(counts: &[u64], rules: Rules) -> Result<ShownParts> {
    let mut table = Table::builder();
    table.cell("", counts.iter().sum())?;
    let ids: Vec<String> = (0..counts.len()).map(|at| at.to_string()).collect();
    for (id, &count) in ids.iter().zip(counts) {
        table.cell(id, count)?;
    }
    table.sum("", &ids)?;
    let release = suppress(&table.build(), rules, None);
    let mut shown = release.shown().map(|(_, count)| count);
    Ok(ShownParts { whole: shown.next().flatten(), parts: shown.collect() })
}

/// The same for parts that leave something of a whole: the rest, which is not given back, is protected
/// with them. Parts that overlap, and so are more than the whole, do not tell each other: each is
/// shown or hidden for itself.
///
/// # Errors
///
/// Those of [`parts_shown`].
///
/// # Example
///
/// ```
/// use passerelle::trust::{Rules, some_parts_shown};
///
/// let shown = some_parts_shown(204, &[150, 47], Rules::default())?;
/// assert_eq!(shown.parts, [Some(150), None], "204 less both would tell of 7 people");
/// # Ok::<(), passerelle::Error>(())
/// ```
pub fn some_parts_shown(whole: u64, parts: &[u64], rules: Rules) -> Result<ShownParts> {
    let Some(rest) = whole.checked_sub(parts.iter().sum()) else {
        let parts = parts.iter().map(|&count| shown(count, rules)).collect();
        return Ok(ShownParts { whole: shown(whole, rules), parts });
    };
    let all: Vec<u64> = parts.iter().copied().chain([rest]).collect();
    let mut shown = parts_shown(&all, rules)?;
    shown.parts.pop();
    Ok(shown)
}

/// A count that stands alone, as far as it may be shown.
pub fn shown(count: u64, rules: Rules) -> Option<u64> {
    (!rules.is_small(count)).then_some(count)
}
