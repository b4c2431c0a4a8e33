//! Counts about people, as far as they may be shown.

use passerelle::Result;
use passerelle::trust::{self, Rules, some_parts_shown};

/// What stands on the screen for a hidden count.
pub const HIDDEN: &str = "·";

/// A count that no shown total contains: hidden when it is about 1 to 10 people.
pub fn lone(count: u64) -> Option<u64> {
    trust::shown(count, Rules::default())
}

/// A whole and parts of it, as far as they may be shown; what the parts leave of the whole is
/// protected with them. Parts that overlap, and so are more than the whole, do not tell each other.
pub fn parts(whole: u64, parts: &[u64]) -> Result<(Option<u64>, Vec<Option<u64>>)> {
    let shown = some_parts_shown(whole, parts, Rules::default())?;
    Ok((shown.whole, shown.parts))
}

/// A count in a file: empty where it is hidden.
pub fn written(count: Option<u64>) -> String {
    count.map(|count| count.to_string()).unwrap_or_default()
}

/// A count on the screen.
pub fn text(count: Option<u64>) -> String {
    count.map_or(HIDDEN.to_owned(), |count| count.to_string())
}
