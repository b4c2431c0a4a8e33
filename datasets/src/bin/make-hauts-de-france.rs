//! Draws the people, the travel times and the training sessions of `datasets/hauts-de-france` anew.
//!
//! `cargo run -p passerelle-datasets --bin make-hauts-de-france [DIR]`, from the project's root.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

fn main() -> ExitCode {
    let dir = std::env::args_os()
        .nth(1)
        .map_or_else(|| PathBuf::from("datasets/hauts-de-france"), PathBuf::from);
    match write(&dir) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("make-hauts-de-france: {error}");
            ExitCode::FAILURE
        }
    }
}

fn write(dir: &Path) -> Result<(), Box<dyn std::error::Error>> {
    for file in passerelle_datasets::hauts_de_france(dir)? {
        let path = dir.join(&file.path);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)
                .map_err(|error| format!("{}: {error}", folder.display()))?;
        }
        std::fs::write(&path, &file.bytes)
            .map_err(|error| format!("{}: {error}", path.display()))?;
        println!("{}: {} bytes", path.display(), file.bytes.len());
    }
    Ok(())
}
