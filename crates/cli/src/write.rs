//! Results out, to the screen and to files.

use std::io::{self, Write};
use std::path::Path;

use passerelle::{Error, Result};
use serde::Serialize;

pub use passerelle::file::{Whole, file_error, write_csv as csv, write_json as json};

/// Prints text to standard output.
pub fn print(text: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(|source| file_error(Path::new("standard output"), source))
}

/// Prints a value as JSON.
pub fn print_json(value: &impl Serialize) -> Result<()> {
    let text = serde_json::to_string_pretty(value).map_err(|problem| Error::Malformed {
        file: "standard output".to_owned(),
        problem: problem.to_string(),
    })?;
    print(&format!("{text}\n"))
}
