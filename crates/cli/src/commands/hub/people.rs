//! Counts about people, as far as they may be shown.

use passerelle::Result;
use passerelle::trust::{Rules, Table, suppress};

/// What stands on the screen for a hidden count.
pub const HIDDEN: &str = "·";

/// A count that no shown total contains: hidden when it is about 1 to 10 people.
pub fn lone(count: u64) -> Option<u64> {
    Some(count).filter(|count| !(1..11).contains(count))
}

/// A whole and parts of it, as far as they may be shown; what the parts leave of the whole is
/// protected with them. Parts that overlap, and so are more than the whole, do not tell each other.
pub fn parts(whole: u64, parts: &[u64]) -> Result<(Option<u64>, Vec<Option<u64>>)> {
    let mut cells = Table::builder();
    cells.cell("whole", whole)?;
    let sum: u64 = parts.iter().sum();
    let rest = whole.saturating_sub(sum);
    let all: Vec<u64> = parts.iter().copied().chain([rest]).collect();
    let names: Vec<String> = (0..all.len()).map(|at| at.to_string()).collect();
    for (name, &count) in names.iter().zip(&all) {
        cells.cell(name, count)?;
    }
    if sum <= whole {
        cells.sum("whole", &names)?;
    }
    let release = suppress(&cells.build(), Rules::default(), None);
    let shown = names.iter().take(parts.len()).map(|name| release.get(name)).collect();
    Ok((release.get("whole"), shown))
}

/// A count in a file: empty where it is hidden.
pub fn written(count: Option<u64>) -> String {
    count.map(|count| count.to_string()).unwrap_or_default()
}

/// A count on the screen.
pub fn text(count: Option<u64>) -> String {
    count.map_or(HIDDEN.to_owned(), |count| count.to_string())
}
