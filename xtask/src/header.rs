//! `cargo xtask header`: the C header, made from the crate that it describes.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::metadata::{MetadataError, Workspace};

/// The crate whose functions the header declares.
const CRATE: &str = "crates/ffi";

/// Where the header is, from the workspace's root.
const HEADER: &str = "crates/ffi/include/passerelle.h";

/// What `cargo xtask header` is asked for.
#[derive(Debug, Args)]
pub struct Options {
    /// Write nothing, and fail where the committed header is another.
    #[arg(long)]
    check: bool,
}

/// Why there is no header.
#[derive(Debug, thiserror::Error)]
pub enum HeaderError {
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    #[error("the header can't be made: {0}")]
    Made(#[from] cbindgen::Error),
    #[error("cbindgen.toml: {0}")]
    Settings(String),
    #[error("{path}: {source}", path = path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("{HEADER}, line {line}: differs from what crates/ffi says; run `cargo xtask header`")]
    Stale { line: usize },
}

/// Writes the header, or checks it.
pub fn run(options: &Options) -> Result<bool, HeaderError> {
    let root = Workspace::read()?.root;
    if options.check {
        check(&root)?;
    } else {
        let path = root.join(HEADER);
        fs::write(&path, made(&root)?).map_err(|source| HeaderError::File { path, source })?;
    }
    Ok(true)
}

/// Whether the committed header is the one that the crate gives.
pub fn check(root: &Path) -> Result<(), HeaderError> {
    let path = root.join(HEADER);
    let committed =
        fs::read_to_string(&path).map_err(|source| HeaderError::File { path, source })?;
    let made = made(root)?;
    if committed == made {
        return Ok(());
    }
    let same = committed.lines().zip(made.lines()).take_while(|(one, other)| one == other).count();
    Err(HeaderError::Stale { line: same + 1 })
}

fn made(root: &Path) -> Result<String, HeaderError> {
    let home = root.join(CRATE);
    let settings = cbindgen::Config::from_file(home.join("cbindgen.toml"));
    let bindings = cbindgen::generate_with_config(home, settings.map_err(HeaderError::Settings)?)?;
    let mut text = Vec::new();
    bindings.write(&mut text);
    Ok(String::from_utf8_lossy(&text).into_owned())
}
