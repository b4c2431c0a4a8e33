//! The clients of the C library where no slip of memory goes unseen: under valgrind, and with the
//! compilers' sanitizers on both sides, the library's and the program's.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::clients::{Bench, CLIENTS, ClientsError, HUB, Linked, SEQUENCES};
use crate::install::PACKAGE;
use crate::metadata::Workspace;

/// The last person of a hub that is small enough to be watched.
const LAST_PERSON: &str = "hdf-00150";

/// A leak is memory that nothing points to. What threads of the library's pool keep until the
/// process ends is pointed to from within (as `Arc::into_raw` does): valgrind calls that possibly
/// lost, and it is not.
const MEMCHECK: &[&str] = &[
    "valgrind",
    "--quiet",
    "--error-exitcode=99",
    "--leak-check=full",
    "--show-leak-kinds=definite,indirect",
    "--errors-for-leak-kinds=definite,indirect",
];

/// What the compilers can watch for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sanitizer {
    /// Memory that is not the program's, and leaks.
    Address,
    /// Memory that two threads use at once.
    Thread,
}

impl Sanitizer {
    fn name(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Thread => "thread",
        }
    }

    /// What programs are compiled with.
    fn flags(self) -> &'static [&'static str] {
        match self {
            Self::Address => &["-fsanitize=address", "-fno-omit-frame-pointer"],
            Self::Thread => &["-fsanitize=thread"],
        }
    }

    /// What the library is compiled with. Rust's own standard library is not: what it does is seen
    /// where its code becomes part of ours, and for threads it is told by `thread_sanitizer.c`.
    fn rust_flags(self) -> &'static str {
        match self {
            Self::Address => "-Zsanitizer=address",
            Self::Thread => "-Zsanitizer=thread -Cunsafe-allow-abi-mismatch=sanitizer",
        }
    }

    fn env(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Address => &[("ASAN_OPTIONS", "detect_leaks=1")],
            Self::Thread => &[("TSAN_OPTIONS", "halt_on_error=1")],
        }
    }

    /// Faults, and what is said of them.
    fn faults(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Address => &[("read", "heap-buffer-overflow"), ("leak", "4321 byte(s) leaked")],
            Self::Thread => &[("race", "data race")],
        }
    }

    /// What watches, which comes with the Rust compiler; nothing where it does not.
    pub fn runtime(self, workspace: &Workspace) -> Option<PathBuf> {
        let end = match self {
            Self::Address => "_rt.asan.a",
            Self::Thread => "_rt.tsan.a",
        };
        let folder = workspace.call("rustc").args(["--print", "target-libdir"]).read().ok()?;
        let folder = PathBuf::from(String::from_utf8_lossy(folder.trim_ascii()).into_owned());
        let files = fs::read_dir(folder).ok()?.filter_map(|one| Some(one.ok()?.path()));
        files.into_iter().find(|path| path.to_string_lossy().ends_with(end))
    }

    /// Builds the library for it; gives the folder that it is in.
    ///
    /// The sanitizers of Rust are behind a switch that is open on nightly compilers, and that
    /// `RUSTC_BOOTSTRAP` opens on others. The target is named so that build scripts stay as they are.
    fn build(self, workspace: &Workspace, verbose: bool) -> Result<PathBuf, ClientsError> {
        let target = workspace.target.join("xtask/sanitize").join(self.name());
        let about = workspace.call("rustc").arg("-vV").read()?;
        let about = String::from_utf8_lossy(&about).into_owned();
        let host = about.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or_default();
        workspace
            .cargo()
            .args(["build", "--package", PACKAGE, "--target", host])
            .env("CARGO_TARGET_DIR", &target)
            .env("RUSTC_BOOTSTRAP", "1")
            .env("RUSTFLAGS", self.rust_flags())
            .run(verbose)?;
        Ok(target.join(host).join("debug"))
    }
}

/// Runs the clients with a sanitizer in them; what was done, in a few words.
pub fn sanitized(
    workspace: &Workspace,
    sanitizer: Sanitizer,
    runtime: &Path,
    verbose: bool,
) -> Result<String, ClientsError> {
    let built = sanitizer.build(workspace, verbose)?;
    let mut bench = Bench::new(workspace, &built, sanitizer.name(), verbose)?;
    bench.flags = sanitizer.flags();
    bench.env = sanitizer.env();
    if sanitizer == Sanitizer::Thread {
        let told = workspace.root.join(CLIENTS).join("thread_sanitizer.c");
        bench.with.extend([told.into(), "-Wl,--wrap=syscall".into()]);
    }
    // All of it, for nothing calls what stands in for the allocator.
    bench.with.extend(["-Wl,--whole-archive".into(), runtime.into()]);
    bench.with.extend(["-Wl,--no-whole-archive", "-lrt", "-lresolv"].map(OsString::from));
    sees(&bench, Linked::Static, sanitizer.faults())?;
    match sanitizer {
        Sanitizer::Address => all(workspace, &bench, Linked::Static),
        Sanitizer::Thread => {
            let said = bench.run(&bench.compile("threads.c", Linked::Static)?, &[])?;
            Ok(said.trim().to_owned())
        }
    }
}

/// Runs the clients under valgrind, with the library as it is installed.
pub fn valgrind(workspace: &Workspace, verbose: bool) -> Result<String, ClientsError> {
    workspace.cargo().args(["build", "--release", "--package", PACKAGE]).run(verbose)?;
    let built = workspace.target.join("release");
    let mut bench = Bench::new(workspace, &built, "valgrind", verbose)?;
    bench.under = MEMCHECK;
    let faults =
        [("read", "Invalid read"), ("leak", "4,321 bytes in 1 blocks are definitely lost")];
    sees(&bench, Linked::Shared, &faults)?;
    all(workspace, &bench, Linked::Shared)
}

/// Whether a program that is wrong on purpose is told to be: else nothing that follows means
/// anything.
fn sees(bench: &Bench<'_>, linked: Linked, faults: &[(&str, &str)]) -> Result<(), ClientsError> {
    let faulty = bench.compile("faulty.c", linked)?;
    for &(fault, said) in faults {
        match bench.run(&faulty, &[fault]) {
            Err(ClientsError::Call(error)) if error.to_string().contains(said) => {}
            _ => return Err(ClientsError::Unseen { fault: fault.to_owned() }),
        }
    }
    Ok(())
}

fn all(workspace: &Workspace, bench: &Bench<'_>, linked: Linked) -> Result<String, ClientsError> {
    let hub = workspace.target.join("xtask/small-hub");
    cut(&workspace.root.join(HUB), &hub)?;
    let tables = workspace.target.join("xtask/small-hub-tables");
    let (hub, tables) = (hub.to_string_lossy(), tables.to_string_lossy());
    for (program, words) in [
        ("main_job.c", &[&*hub, &*tables, "en"][..]),
        ("wrapper.cpp", &[&hub]),
        ("refusals.c", &[&hub]),
        ("threads.c", &[]),
    ] {
        bench.run(&bench.compile(program, linked)?, words)?;
    }
    let random = bench.compile("random_calls.c", linked)?;
    let said = bench.run(&random, &[&format!("{hub}/framework"), SEQUENCES])?;
    Ok(format!("5 programs; {}", said.trim()))
}

/// Copies a hub's folder, and of its people the first ones alone: rows of people begin with their
/// ids, which stand in order.
fn cut(from: &Path, into: &Path) -> Result<(), ClientsError> {
    done(into, fs::create_dir_all(into))?;
    for entry in done(from, fs::read_dir(from))? {
        let path = done(from, entry)?.path();
        let to = into.join(path.file_name().unwrap_or_default());
        if path.is_dir() {
            cut(&path, &to)?;
            continue;
        }
        let text = done(&path, fs::read_to_string(&path))?;
        let kept = |line: &&str| {
            let first = line.split(',').next().unwrap_or_default();
            !first.starts_with("hdf-") || first <= LAST_PERSON
        };
        let text: String = text.split_inclusive('\n').filter(kept).collect();
        done(&to, fs::write(&to, text))?;
    }
    Ok(())
}

fn done<T>(path: &Path, result: io::Result<T>) -> Result<T, ClientsError> {
    result.map_err(|source| ClientsError::File { path: path.into(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hub_is_cut_by_its_people() {
        let folder = tempfile::tempdir().unwrap();
        let (whole, small) = (folder.path().join("whole"), folder.path().join("small"));
        fs::create_dir_all(whole.join("people")).unwrap();
        fs::write(whole.join("jobs.csv"), "job,skills\na,b\n").unwrap();
        let people = "person,skill\nhdf-00150,a\nhdf-00151,a\nhdf-00009,b\n";
        fs::write(whole.join("people/aisne.csv"), people).unwrap();
        cut(&whole, &small).unwrap();
        let read = |name| fs::read_to_string(small.join(name)).unwrap();
        assert_eq!(read("jobs.csv"), "job,skills\na,b\n");
        assert_eq!(read("people/aisne.csv"), "person,skill\nhdf-00150,a\nhdf-00009,b\n");
    }
}
