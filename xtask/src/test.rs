//! `cargo xtask test`: everything that must hold before a change is taken.
//!
//! The run is a list of [`Step`]s. To add one, write a function from [`Setting`] to its
//! [`Outcome`] and give it a row in [`STEPS`]; the options, the list and the table follow.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::Args;
use clap::builder::PossibleValuesParser;
use passerelle_tests::NoData;

use crate::call::{Call, CallError};
use crate::clients::{self, ClientsError};
use crate::counts::{self, CountsError};
use crate::debian;
use crate::front_doors::{self, DoorsError};
use crate::header::{self, HeaderError};
use crate::house::{self, Finding, HouseError};
use crate::java;
use crate::metadata::{MetadataError, Workspace};
use crate::python::{self, Environment, InstallError, Packages};
use crate::report::{Outcome, Report};
use crate::sanitize::{self, Sanitizer};
use crate::tools;

/// The package whose features are built one by one.
const LIBRARY: &str = "passerelle";

/// The folder that the main job is run on.
const HUB: &str = "datasets/hauts-de-france";

/// The most bytes that the wheel may have.
const LARGEST_WHEEL: u64 = 10_000_000;

/// How many lines of skipped tests are printed.
const SKIPS_SHOWN: usize = 20;

/// What `cargo xtask test` is asked for.
#[derive(Debug, Args)]
pub struct Options {
    /// Add what only CI does: slow tests, clusters, sanitizers, dependencies against deny.toml, the
    /// committed lock file; real data is required where it is there.
    #[arg(long)]
    ci: bool,

    /// Run the clients of the C library under valgrind and sanitizers too.
    #[arg(long)]
    sanitize: bool,

    /// Run the tests on Spark and Ray too, which download a gigabyte once.
    #[arg(long)]
    cluster: bool,

    /// Run the slow tests too (sets PASSERELLE_SLOW=1).
    #[arg(long)]
    slow: bool,

    /// Fail where a test would be skipped for want of real data (sets PASSERELLE_REQUIRE_DATA=1).
    #[arg(long)]
    require_data: bool,

    /// Run this step alone; may be given several times.
    #[arg(long, value_name = "STEP", value_parser = PossibleValuesParser::new(names()))]
    only: Vec<String>,

    /// Print the steps and run none.
    #[arg(long)]
    list: bool,

    /// Run the steps after one that failed, too.
    #[arg(long)]
    keep_going: bool,

    /// Print the output of every command as it comes.
    #[arg(long, short)]
    verbose: bool,
}

/// One thing that must hold.
struct Step {
    name: &'static str,
    /// What it does, in a few words.
    about: &'static str,
    when: When,
    run: fn(&Setting) -> Result<Outcome, StepError>,
}

/// Which options a step runs with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum When {
    Always,
    /// `--ci`.
    Ci,
    /// `--cluster` and `--ci`.
    Cluster,
    /// `--sanitize` and `--ci`.
    Sanitize,
}

/// The steps, in the order they run.
const STEPS: &[Step] = &[
    step("fmt", "sources are formatted", fmt),
    step("clippy", "no lint in any target", clippy),
    step("build", "every member builds", build),
    step("tests", "unit and integration tests", tests),
    step("doctests", "examples in the documentation", doctests),
    step("doc", "the documentation builds without a warning", doc),
    step("features", "every feature of the library builds alone", features),
    step("hub", "the main job runs on the sample hub", hub),
    step("wheel", "the Python package builds, and is installed into its environment", wheel),
    step("pytest", "the Python package does what its tests and docstrings say", pytest),
    step("stubs", "the Python types are those of the compiled module", stubs),
    step("mypy", "the Python package and its examples are well typed", mypy),
    step("ruff", "Python sources are formatted, and without lint", ruff),
    cluster_step("cluster", "Spark and Ray give what one machine gives", cluster),
    step("site", "the site of the Python package builds without a warning", site),
    step("header", "the committed C header is the one that its crate gives", c_header),
    step("clients", "programs in C, C++ and Python call the C library", c_clients),
    step("front-doors", "Rust, C, Python and the command give the same bits", doors),
    step("house", "tracked files keep the house rules", house_rules),
    sanitize_step("valgrind", "the C library's clients under valgrind", valgrind),
    sanitize_step("address", "the same under AddressSanitizer and LeakSanitizer", address),
    sanitize_step("thread", "threads that share handles, under ThreadSanitizer", thread),
    ci_step("deny", "licences, bans and sources of dependencies", deny),
    ci_step("advisories", "known defects of dependencies", advisories),
    ci_step("counts", "instructions that parts of the core take", instructions),
    ci_step("lock", "the committed Cargo.lock is the one in use", lock),
];

/// What every step is given.
struct Setting {
    workspace: Workspace,
    slow: bool,
    require_data: bool,
    /// The folder of real data, where there is one.
    data: Option<PathBuf>,
    verbose: bool,
}

/// A run that could not begin.
#[derive(Debug, thiserror::Error)]
pub enum TestError {
    /// Cargo did not say what the workspace is.
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    /// Real data is required and not there.
    #[error("--require-data: {0}")]
    NoData(#[from] NoData),
}

/// Why a step failed.
#[derive(Debug, thiserror::Error)]
enum StepError {
    #[error(transparent)]
    Call(#[from] CallError),
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    #[error(transparent)]
    Counts(#[from] CountsError),
    #[error(transparent)]
    Header(#[from] HeaderError),
    #[error(transparent)]
    Clients(#[from] ClientsError),
    #[error(transparent)]
    Doors(#[from] DoorsError),
    #[error(transparent)]
    House(#[from] HouseError),
    #[error(transparent)]
    Install(#[from] InstallError),
    #[error("the wheel has {0} bytes, above the {LARGEST_WHEEL} that it may have")]
    WheelTooLarge(u64),
    #[error("{}", findings_text(.0))]
    Findings(Vec<Finding>),
    #[error("{path}: {source}", path = path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("command: {line}\nended well and wrote nothing into {path}", path = path.display())]
    NothingWritten { line: String, path: PathBuf },
}

/// Runs the steps that are asked for; whether all of them passed.
pub fn run(options: &Options) -> Result<bool, TestError> {
    if options.list {
        print!("{}", list());
        return Ok(true);
    }
    let setting = Setting::new(options)?;
    let chosen: Vec<&Step> = STEPS.iter().filter(|step| step.is_chosen(options)).collect();
    let mut report = Report::default();
    for step in &chosen {
        if !report.passed() && !options.keep_going {
            report.add(step.name, Outcome::NotRun, Duration::ZERO);
            continue;
        }
        report.announce(step.name, step.about, chosen.len(), options.verbose);
        let start = Instant::now();
        let done = (step.run)(&setting);
        let time = start.elapsed();
        let (outcome, error) = match done {
            Ok(outcome) => (outcome, None),
            Err(error) => (Outcome::Failed, Some(error)),
        };
        report.add(step.name, outcome, time);
        report.say_last();
        if let Some(error) = error {
            println!("\nstep `{}` failed\n{error}\n", step.name);
        }
    }
    println!("\n{report}");
    Ok(report.passed())
}

const fn step(
    name: &'static str,
    about: &'static str,
    run: fn(&Setting) -> Result<Outcome, StepError>,
) -> Step {
    Step { name, about, when: When::Always, run }
}

const fn ci_step(
    name: &'static str,
    about: &'static str,
    run: fn(&Setting) -> Result<Outcome, StepError>,
) -> Step {
    Step { name, about, when: When::Ci, run }
}

const fn cluster_step(
    name: &'static str,
    about: &'static str,
    run: fn(&Setting) -> Result<Outcome, StepError>,
) -> Step {
    Step { name, about, when: When::Cluster, run }
}

const fn sanitize_step(
    name: &'static str,
    about: &'static str,
    run: fn(&Setting) -> Result<Outcome, StepError>,
) -> Step {
    Step { name, about, when: When::Sanitize, run }
}

fn names() -> impl Iterator<Item = &'static str> {
    STEPS.iter().map(|step| step.name)
}

fn list() -> String {
    let row = |step: &Step| {
        let when = match step.when {
            When::Always => "",
            When::Ci => " (with --ci)",
            When::Sanitize => " (with --sanitize or --ci)",
            When::Cluster => " (with --cluster or --ci)",
        };
        format!("{:<12}{}{when}\n", step.name, step.about)
    };
    STEPS.iter().map(row).collect()
}

impl Step {
    /// A step that is named runs, whatever it is for.
    fn is_chosen(&self, options: &Options) -> bool {
        if !options.only.is_empty() {
            return options.only.iter().any(|name| name == self.name);
        }
        match self.when {
            When::Always => true,
            When::Ci => options.ci,
            When::Cluster => options.ci || options.cluster,
            When::Sanitize => options.ci || options.sanitize,
        }
    }
}

impl Setting {
    fn new(options: &Options) -> Result<Self, TestError> {
        let data = match passerelle_tests::data_folder() {
            Ok(folder) => Some(folder),
            Err(absent) if options.require_data => return Err(absent.into()),
            // Each test that wants it says so.
            Err(_) => None,
        };
        Ok(Self {
            workspace: Workspace::read()?,
            slow: options.slow || options.ci,
            require_data: options.require_data || (options.ci && data.is_some()),
            data,
            verbose: options.verbose,
        })
    }

    /// A call of cargo that sees what tests look for in the environment.
    fn cargo(&self) -> Call {
        self.tested(self.workspace.cargo())
    }

    /// A call with what tests look for in the environment.
    fn tested(&self, mut call: Call) -> Call {
        if let Some(data) = &self.data {
            call = call.env(passerelle_tests::DATA, data);
        }
        if self.require_data {
            call = call.env(passerelle_tests::REQUIRE_DATA, "1");
        }
        if self.slow {
            call = call.env(passerelle_tests::SLOW, "1");
        }
        call
    }

    /// Runs a call for its success; its output is shown if asked for.
    fn run(&self, call: &Call) -> Result<String, CallError> {
        if self.verbose {
            println!("$ {}", call.line());
        }
        call.run(self.verbose)
    }
}

/// A step that passed with nothing to add.
fn passed() -> Result<Outcome, StepError> {
    Ok(Outcome::Passed(String::new()))
}

fn fmt(setting: &Setting) -> Result<Outcome, StepError> {
    setting.run(&setting.cargo().args(["fmt", "--all", "--check"]))?;
    passed()
}

fn clippy(setting: &Setting) -> Result<Outcome, StepError> {
    let clippy = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
    setting.run(&setting.cargo().args(clippy))?;
    passed()
}

fn build(setting: &Setting) -> Result<Outcome, StepError> {
    setting.run(&setting.cargo().args(["build", "--workspace"]))?;
    passed()
}

fn tests(setting: &Setting) -> Result<Outcome, StepError> {
    let nextest = tools::has_nextest(&setting.workspace);
    let call = if nextest {
        // What a test that passes prints is asked for, too: it may be that it was skipped. What one
        // that fails prints comes last, where it is seen.
        let how = ["--no-fail-fast", "--success-output", "immediate", "--failure-output", "final"];
        setting.cargo().args(["nextest", "run", "--workspace"]).args(how)
    } else {
        // Not the doctests: they are a step of their own.
        setting.cargo().args(["test", "--workspace", "--tests", "--no-fail-fast"])
    };
    let output = setting.run(&call)?;
    let skips: Vec<&str> = skipped_lines(&output).collect();
    if !setting.verbose && !skips.is_empty() {
        println!();
        for line in skips.iter().take(SKIPS_SHOWN) {
            println!("    {line}");
        }
        if skips.len() > SKIPS_SHOWN {
            println!("    and {} more", skips.len() - SKIPS_SHOWN);
        }
    }
    let runner = if nextest { "cargo nextest" } else { "cargo test" };
    let data = if setting.data.is_some() { "with real data" } else { "no real data" };
    Ok(Outcome::Passed(format!("{runner}, {data}, skipped: {}", skips.len())))
}

/// The lines in which tests say that they were skipped.
fn skipped_lines(output: &str) -> impl Iterator<Item = &str> {
    output.lines().map(str::trim).filter(|line| line.starts_with("skipped: "))
}

fn doctests(setting: &Setting) -> Result<Outcome, StepError> {
    setting.run(&setting.cargo().args(["test", "--workspace", "--doc"]))?;
    passed()
}

fn doc(setting: &Setting) -> Result<Outcome, StepError> {
    let mut flags = env::var_os("RUSTDOCFLAGS").unwrap_or_default();
    if !flags.is_empty() {
        flags.push(" ");
    }
    flags.push("-D warnings");
    let call = setting.cargo().args(["doc", "--workspace", "--no-deps"]);
    setting.run(&call.env("RUSTDOCFLAGS", flags))?;
    passed()
}

/// The library with no feature, with each of its features alone, and with all. Clippy stands for
/// the build: it compiles the same code, and tells what a set leaves unused.
fn features(setting: &Setting) -> Result<Outcome, StepError> {
    let library = setting.workspace.package(LIBRARY)?;
    let none: &[&str] = &["--no-default-features"];
    let mut sets: Vec<Vec<&str>> = vec![none.to_vec(), vec!["--all-features"]];
    sets.extend(library.features.keys().map(|feature| [none, &["--features", feature]].concat()));
    for set in &sets {
        let call = setting.cargo().args(["clippy", "--package", LIBRARY, "--lib"]).args(set);
        setting.run(&call.args(["--", "-D", "warnings"]))?;
    }
    Ok(Outcome::Passed(format!("{} feature sets", sets.len())))
}

/// The README's first command, from nothing to written results.
fn hub(setting: &Setting) -> Result<Outcome, StepError> {
    let out = setting.workspace.target.join("xtask/hub");
    match fs::remove_dir_all(&out) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => {
            return Err(StepError::File { path: out, source });
        }
        _ => {}
    }
    let call = setting.cargo().args(["run", "--release", "--", "hub", HUB, "-o"]).arg(&out);
    setting.run(&call)?;
    let written = fs::read_dir(&out).is_ok_and(|mut files| files.next().is_some());
    if written { passed() } else { Err(StepError::NothingWritten { line: call.line(), path: out }) }
}

/// Does something in an environment of the Python package; skipped where there is none.
fn in_python(
    setting: &Setting,
    packages: Packages,
    run: impl FnOnce(&Environment<'_>) -> Result<Outcome, StepError>,
) -> Result<Outcome, StepError> {
    match Environment::ready(&setting.workspace, packages, setting.verbose) {
        Ok(environment) => run(&environment),
        Err(absent) => Ok(Outcome::Skipped(absent.to_string())),
    }
}

fn wheel(setting: &Setting) -> Result<Outcome, StepError> {
    in_python(setting, python::TESTS, |python| {
        let path = python.wheel(setting.verbose)?;
        let bytes = match fs::metadata(&path) {
            Ok(about) => about.len(),
            Err(source) => return Err(StepError::File { path, source }),
        };
        if bytes > LARGEST_WHEEL {
            return Err(StepError::WheelTooLarge(bytes));
        }
        python.install(&path, setting.verbose)?;
        Ok(Outcome::Passed(format!("{} kB", bytes.div_ceil(1000))))
    })
}

fn pytest(setting: &Setting) -> Result<Outcome, StepError> {
    in_python(setting, python::TESTS, |python| pytest_in(setting, python, &[]))
}

/// Runs pytest, on what its settings say or on these folders.
fn pytest_in(
    setting: &Setting,
    python: &Environment<'_>,
    folders: &[&str],
) -> Result<Outcome, StepError> {
    let pytest = ["-m", "pytest", "-q", "-p", "no:cacheprovider"];
    let call = python.python().args(pytest).args(folders.iter().copied());
    let output = setting.run(&setting.tested(call))?;
    let last = output.lines().rev().find(|line| !line.trim().is_empty());
    Ok(Outcome::Passed(last.unwrap_or_default().trim_matches(['=', ' ']).to_owned()))
}

fn cluster(setting: &Setting) -> Result<Outcome, StepError> {
    if let Err(absent) = java::ready(&setting.workspace, setting.verbose) {
        return Ok(Outcome::Skipped(absent.to_string()));
    }
    in_python(setting, python::TESTS, |builds| {
        let wheel = builds.wheel(setting.verbose)?;
        in_python(setting, python::CLUSTER, |python| {
            python.install(&wheel, setting.verbose)?;
            pytest_in(setting, python, &["cluster"])
        })
    })
}

fn stubs(setting: &Setting) -> Result<Outcome, StepError> {
    in_python(setting, python::TESTS, |python| {
        setting.run(&python.python().args([
            "-m",
            "mypy.stubtest",
            "passerelle._core",
            "--mypy-config-file",
            "pyproject.toml",
        ]))?;
        passed()
    })
}

fn mypy(setting: &Setting) -> Result<Outcome, StepError> {
    in_python(setting, python::TESTS, |python| {
        setting.run(&python.python().args(["-m", "mypy", "python/passerelle", "examples"]))?;
        passed()
    })
}

fn ruff(setting: &Setting) -> Result<Outcome, StepError> {
    in_python(setting, python::TESTS, |python| {
        setting.run(&python.python().args(["-m", "ruff", "check", "--no-cache", "."]))?;
        setting.run(&python.python().args([
            "-m",
            "ruff",
            "format",
            "--no-cache",
            "--check",
            ".",
        ]))?;
        passed()
    })
}

fn site(setting: &Setting) -> Result<Outcome, StepError> {
    in_python(setting, python::TESTS, |python| {
        let root = &setting.workspace.root;
        let how = ["-m", "sphinx", "--quiet", "--fail-on-warning", "--fresh-env", "-b", "html"];
        let call = python.python().args(how).arg(root.join("docs/site"));
        let place = setting.workspace.target.join("site");
        setting.run(&call.arg(&place))?;
        Ok(Outcome::Passed(place.join("index.html").display().to_string()))
    })
}

fn c_header(setting: &Setting) -> Result<Outcome, StepError> {
    header::check(&setting.workspace.root)?;
    passed()
}

fn c_clients(setting: &Setting) -> Result<Outcome, StepError> {
    if let Some(absent) = clients::missing(&setting.workspace) {
        return Ok(Outcome::Skipped(format!("there is no `{absent}`")));
    }
    Ok(Outcome::Passed(clients::run(&setting.workspace, setting.verbose)?))
}

fn doors(setting: &Setting) -> Result<Outcome, StepError> {
    let Setting { workspace, verbose, .. } = setting;
    if let Some(absent) = clients::missing(workspace) {
        return Ok(Outcome::Skipped(format!("there is no `{absent}`")));
    }
    let python = Environment::ready(workspace, python::TESTS, *verbose).ok();
    if let Some(python) = &python {
        python.install(&python.wheel(*verbose)?, *verbose)?;
    }
    Ok(Outcome::Passed(front_doors::compare(workspace, python.as_ref(), *verbose)?))
}

fn valgrind(setting: &Setting) -> Result<Outcome, StepError> {
    let Setting { workspace, verbose, .. } = setting;
    if let Some(absent) = clients::missing(workspace) {
        return Ok(Outcome::Skipped(format!("there is no `{absent}`")));
    }
    match debian::VALGRIND.ready(workspace, *verbose) {
        Ok(()) => Ok(Outcome::Passed(sanitize::valgrind(workspace, *verbose)?)),
        Err(absent) => Ok(Outcome::Skipped(absent.to_string())),
    }
}

fn address(setting: &Setting) -> Result<Outcome, StepError> {
    sanitized(setting, Sanitizer::Address)
}

fn thread(setting: &Setting) -> Result<Outcome, StepError> {
    sanitized(setting, Sanitizer::Thread)
}

fn sanitized(setting: &Setting, sanitizer: Sanitizer) -> Result<Outcome, StepError> {
    let Setting { workspace, verbose, .. } = setting;
    let missing = clients::missing(workspace).map(|absent| format!("there is no `{absent}`"));
    let runtime = sanitizer.runtime(workspace);
    match (missing, runtime) {
        (Some(why), _) => Ok(Outcome::Skipped(why)),
        (None, None) => Ok(Outcome::Skipped("this Rust compiler comes without it".to_owned())),
        (None, Some(runtime)) => {
            let said = sanitize::sanitized(workspace, sanitizer, &runtime, *verbose)?;
            Ok(Outcome::Passed(said))
        }
    }
}

fn house_rules(setting: &Setting) -> Result<Outcome, StepError> {
    if !setting.workspace.root.join(".git").exists() {
        return Ok(Outcome::Skipped("not a git clone: which files are tracked is unknown".into()));
    }
    let survey = house::survey(&setting.workspace)?;
    if survey.findings.is_empty() {
        Ok(Outcome::Passed(format!("{} tracked files", survey.files)))
    } else {
        Err(StepError::Findings(survey.findings))
    }
}

fn findings_text(findings: &[Finding]) -> String {
    findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn deny(setting: &Setting) -> Result<Outcome, StepError> {
    let program = match tools::CARGO_DENY.ready(&setting.workspace, setting.verbose) {
        Ok(program) => program,
        Err(absent) => return Ok(Outcome::Skipped(absent.to_string())),
    };
    let call = cargo_deny(setting, &program, &["check", "licenses", "bans", "sources"]);
    let output = setting.run(&call)?;
    // Such as two versions of one package: allowed, and worth a look.
    Ok(Outcome::Passed(match output.lines().filter(|line| line.starts_with("warning[")).count() {
        0 => String::new(),
        warnings => format!("warnings: {warnings} (--verbose shows them)"),
    }))
}

/// Apart from [`deny`], for it needs the advisories' database, which lies on the network.
fn advisories(setting: &Setting) -> Result<Outcome, StepError> {
    let program = match tools::CARGO_DENY.ready(&setting.workspace, setting.verbose) {
        Ok(program) => program,
        Err(absent) => return Ok(Outcome::Skipped(absent.to_string())),
    };
    if let Err(error) = setting.run(&cargo_deny(setting, &program, &["fetch", "db"])) {
        let why = format!("the advisories' database can't be reached: {}", error.reason());
        return Ok(Outcome::Skipped(why));
    }
    setting.run(&cargo_deny(setting, &program, &["check", "advisories"]))?;
    passed()
}

fn cargo_deny(setting: &Setting, program: &OsStr, args: &[&str]) -> Call {
    setting.workspace.call(program).args(["--color", "never"]).args(args)
}

/// Apart from times, which shared machines spoil.
fn instructions(setting: &Setting) -> Result<Outcome, StepError> {
    if let Err(absent) = debian::VALGRIND.ready(&setting.workspace, setting.verbose) {
        return Ok(Outcome::Skipped(absent.to_string()));
    }
    Ok(match counts::check(&setting.workspace)? {
        Some(said) => Outcome::Passed(said),
        None => Outcome::Skipped(counts::OTHER_COMPILER.into()),
    })
}

/// Cargo brings a stale lock file up to date when it builds this chore: then it differs from the
/// committed one, which is to be committed anew. How much it differs is enough to tell.
fn lock(setting: &Setting) -> Result<Outcome, StepError> {
    let diff = ["diff", "--exit-code", "--stat", "HEAD", "--", "Cargo.lock"];
    setting.run(&setting.workspace.call("git").args(diff))?;
    passed()
}
