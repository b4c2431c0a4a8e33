//! Where things are, and making what is not there yet: environments, workloads, drawn people.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Outcome;
use crate::engine::Program;
use crate::work::Side;

/// The environment of the Python package.
const PACKAGE: &str = "passerelle";

/// The two files of a workload.
#[derive(Debug)]
pub(crate) struct Files {
    pub(crate) targets: PathBuf,
    pub(crate) people: PathBuf,
}

impl Files {
    pub(crate) fn people_count(&self) -> Outcome<usize> {
        let mut rows = [0; 8];
        fs::File::open(&self.people)?.read_exact(&mut rows)?;
        Ok(usize::try_from(u64::from_le_bytes(rows))?)
    }
}

/// The folders of a comparison.
#[derive(Debug)]
pub(crate) struct Places {
    benches: PathBuf,
    place: PathBuf,
    programs: PathBuf,
    generator: PathBuf,
    /// The Python package's.
    wheel: Option<PathBuf>,
}

impl Places {
    pub(crate) fn new(
        place: Option<PathBuf>,
        generator: Option<PathBuf>,
        wheel: Option<PathBuf>,
    ) -> Outcome<Self> {
        let benches = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        let programs = std::env::current_exe()?;
        let programs = programs.parent().ok_or("a program without a folder")?.to_path_buf();
        let beside = benches.join("../../shared/workloads/generate.py");
        let place = match place {
            Some(place) => place,
            None => programs.parent().ok_or("no target folder")?.join("peers"),
        };
        fs::create_dir_all(&place)?;
        let place = fs::canonicalize(place)?;
        Ok(Self { benches, place, programs, generator: generator.unwrap_or(beside), wheel })
    }

    /// Today's record.
    pub(crate) fn record(&self) -> PathBuf {
        let today = jiff::Zoned::now().date();
        self.benches.join(format!("records/{today}-peers.json"))
    }

    pub(crate) fn chart(&self) -> PathBuf {
        self.benches.join("records/peers.svg")
    }

    /// Where a side's answer is written.
    pub(crate) fn answer(&self, side: &str) -> PathBuf {
        self.place.join(format!("answer of {side}"))
    }

    /// The files of a workload, made where they are not there.
    pub(crate) fn files(&self, work: &str) -> Outcome<Files> {
        let (targets, people) = match work {
            "W1" => ("occ_3k", "seek_10k"),
            "W2" => ("occ_3k", "seek_100k"),
            "W3" => ("occ_3k", "seek_1m"),
            "W4" => ("ads_100k", "seek_10k"),
            "W5" => ("ads_100k", "seek_100k"),
            "W6" => ("ads_500k", "seek_10k"),
            "ROME" => return self.drawn("rome-4.60"),
            "ESCO" => return self.drawn("esco-1.1.1-en"),
            _ => return Err(format!("no workload `{work}`").into()),
        };
        let folder = self.place.join("workloads");
        // The last file that the generator writes tells that it came to its end.
        if !folder.join("seek_1m.bin").exists() {
            if !self.generator.exists() {
                return Err(format!("there is no {}", self.generator.display()).into());
            }
            let python = self.environment("numba")?;
            done(Command::new(python).arg(&self.generator).arg(&folder))?;
        }
        let file = |name| folder.join(format!("{name}.bin"));
        Ok(Files { targets: file(targets), people: file(people) })
    }

    /// A published framework and people drawn from it.
    fn drawn(&self, framework: &str) -> Outcome<Files> {
        let source = passerelle_tests::data_folder()?.join(framework);
        let files = Files {
            targets: self.place.join(format!("{framework}.targets.bin")),
            people: self.place.join(format!("{framework}.people.bin")),
        };
        if !files.people.exists() {
            let mut draw = Command::new(self.programs.join("ours"));
            done(draw.arg("draw").arg(source).arg(&files.targets).arg(&files.people))?;
        }
        Ok(files)
    }

    /// Whether a side can be started: that of the Python package needs its wheel.
    pub(crate) fn has(&self, side: Side) -> bool {
        side.environment != PACKAGE || self.wheel.is_some()
    }

    /// What starts a side.
    pub(crate) fn command(&self, side: Side) -> Outcome<Program> {
        let Some((script, first)) = side.script else {
            let path = self.programs.join("ours");
            return Ok(Program { path, args: Vec::new(), lanes: side.lanes });
        };
        let mut args = vec![self.benches.join("peers").join(script)];
        if !first.is_empty() {
            args.push(first.into());
        }
        Ok(Program { path: self.environment(side.environment)?, args, lanes: "" })
    }

    /// The Python of a peer's environment, which is made anew when its list of packages changes.
    fn environment(&self, name: &str) -> Outcome<PathBuf> {
        let list = self.benches.join(format!("peers/requirements-{name}.txt"));
        let wanted = fs::read_to_string(&list)?;
        let folder = self.place.join(name);
        let python = folder.join("bin/python");
        let made = folder.join("made-from.txt");
        if fs::read_to_string(&made).is_ok_and(|made| made == wanted) {
            return self.with_wheel(name, python);
        }
        println!("making the environment of {name}");
        done(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
        let mut install = Command::new(&python);
        install.args(["-m", "pip", "install", "--quiet", "--no-deps", "--only-binary", ":all:"]);
        done(install.arg("--requirement").arg(&list))?;
        fs::write(made, wanted)?;
        self.with_wheel(name, python)
    }

    /// With the wheel as it is now, where the environment is that of the package.
    fn with_wheel(&self, name: &str, python: PathBuf) -> Outcome<PathBuf> {
        if let Some(wheel) = self.wheel.as_ref().filter(|_| name == PACKAGE) {
            let mut install = Command::new(&python);
            install.args(["-m", "pip", "install", "--quiet", "--no-deps", "--force-reinstall"]);
            done(install.arg(wheel))?;
        }
        Ok(python)
    }
}

fn done(command: &mut Command) -> Outcome<()> {
    let status = command.status()?;
    let program = Path::new(command.get_program()).display();
    if status.success() { Ok(()) } else { Err(format!("{program} ended with {status}").into()) }
}
