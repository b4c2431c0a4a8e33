//! `cargo xtask install --prefix DIR`: the C library where compilers and loaders look for it.

use std::env::consts::DLL_SUFFIX;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::call::CallError;
use crate::metadata::{MetadataError, Workspace};

/// The package of the C library.
pub const PACKAGE: &str = "passerelle-ffi";

/// Its headers, from the workspace's root.
const HEADERS: &str = "crates/ffi/include";

/// The number in the shared library's name: `about::ABI` of the crate.
const ABI: u32 = 0;

/// What `cargo xtask install` is asked for.
#[derive(Debug, Args)]
pub struct Options {
    /// The folder that gets `include/` and `lib/`, such as /usr/local.
    #[arg(long, value_name = "DIR")]
    prefix: PathBuf,

    /// Stand under this folder instead, for those who make packages; the files name the prefix.
    #[arg(long, value_name = "DIR")]
    destdir: Option<PathBuf>,
}

/// Why nothing, or not all, was installed.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    #[error(transparent)]
    Call(#[from] CallError),
    #[error("{path}: {source}", path = path.display())]
    File { path: PathBuf, source: io::Error },
}

/// Builds the library for release, and installs it.
pub fn run(options: &Options) -> Result<bool, InstallError> {
    let workspace = Workspace::read()?;
    let built = workspace.target.join("release");
    workspace.cargo().args(["build", "--release", "--package", PACKAGE]).run(true)?;
    let version = workspace.package(PACKAGE)?.version.clone();
    let under = match &options.destdir {
        Some(folder) => folder.join(options.prefix.strip_prefix("/").unwrap_or(&options.prefix)),
        None => options.prefix.clone(),
    };
    let prefix = std::path::absolute(&options.prefix)
        .map_err(|source| InstallError::File { path: options.prefix.clone(), source })?;
    install(&workspace.root, &built, &under, &prefix, &version)?;
    println!("installed into {}", under.display());
    Ok(true)
}

/// Puts what was built under a folder; `prefix` is what the pkg-config file names.
pub fn install(
    root: &Path,
    built: &Path,
    under: &Path,
    prefix: &Path,
    version: &str,
) -> Result<(), InstallError> {
    let (include, lib) = (under.join("include"), under.join("lib"));
    for folder in [&include, &lib.join("pkgconfig")] {
        done(folder, fs::create_dir_all(folder))?;
    }
    for header in ["passerelle.h", "passerelle.hpp"] {
        copy(&root.join(HEADERS).join(header), &include.join(header))?;
    }
    copy(&built.join("libpasserelle_ffi.a"), &lib.join("libpasserelle.a"))?;
    let shared = built.join(format!("libpasserelle_ffi{DLL_SUFFIX}"));
    let plain = format!("libpasserelle{DLL_SUFFIX}");
    if cfg!(target_vendor = "apple") {
        copy(&shared, &lib.join(&plain))?;
    } else {
        // The loader looks for the ABI, the linker for the plain name.
        let (whole, of_abi) = (format!("{plain}.{version}"), format!("{plain}.{ABI}"));
        copy(&shared, &lib.join(&whole))?;
        link(&whole, &lib.join(&of_abi))?;
        link(&of_abi, &lib.join(&plain))?;
    }
    let file = lib.join("pkgconfig/passerelle.pc");
    done(&file, fs::write(&file, pkg_config(prefix, version)))
}

fn pkg_config(prefix: &Path, version: &str) -> String {
    format!(
        "prefix={}\n\
         libdir=${{prefix}}/lib\n\
         includedir=${{prefix}}/include\n\
         \n\
         Name: passerelle\n\
         Description: what skills jobs require, what people hold, and how far apart they are\n\
         Version: {version}\n\
         Cflags: -I${{includedir}}\n\
         Libs: -L${{libdir}} -lpasserelle\n\
         Libs.private: -lpthread -ldl -lm\n",
        prefix.display()
    )
}

fn copy(from: &Path, to: &Path) -> Result<(), InstallError> {
    // Not over a file that a running program has mapped.
    remove(to)?;
    done(from, fs::copy(from, to).map(drop))
}

fn link(target: &str, at: &Path) -> Result<(), InstallError> {
    remove(at)?;
    #[cfg(unix)]
    let made = std::os::unix::fs::symlink(target, at);
    #[cfg(not(unix))]
    let made = fs::copy(at.with_file_name(target), at).map(drop);
    done(at, made)
}

fn remove(path: &Path) -> Result<(), InstallError> {
    match fs::remove_file(path) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => {
            Err(InstallError::File { path: path.into(), source })
        }
        _ => Ok(()),
    }
}

fn done<T>(path: &Path, result: io::Result<T>) -> Result<T, InstallError> {
    result.map_err(|source| InstallError::File { path: path.into(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_installed_stands_where_it_is_looked_for() {
        let folder = tempfile::tempdir().unwrap();
        let (built, under) = (folder.path().join("built"), folder.path().join("under"));
        fs::create_dir_all(&built).unwrap();
        for name in ["libpasserelle_ffi.a".to_owned(), format!("libpasserelle_ffi{DLL_SUFFIX}")] {
            fs::write(built.join(name), "code").unwrap();
        }
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        // Twice: an install over an older one is the usual case.
        for _ in 0..2 {
            install(&root, &built, &under, Path::new("/opt/p"), "1.2.3").unwrap();
        }
        let shared = fs::read(under.join(format!("lib/libpasserelle{DLL_SUFFIX}"))).unwrap();
        assert_eq!(shared, b"code");
        assert!(under.join("include/passerelle.h").is_file());
        let told = fs::read_to_string(under.join("lib/pkgconfig/passerelle.pc")).unwrap();
        assert!(told.starts_with("prefix=/opt/p\n") && told.contains("Version: 1.2.3\n"), "{told}");
    }
}
