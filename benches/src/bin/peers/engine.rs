//! A process that does one job on request.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::place::Files;

/// What to start.
#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) path: PathBuf,
    /// Before the job.
    pub(crate) args: Vec<PathBuf>,
    pub(crate) lanes: &'static str,
}

/// A process that has read its files and done its job once.
#[derive(Debug)]
pub(crate) struct Engine {
    child: Child,
    to: Option<ChildStdin>,
    from: BufReader<ChildStdout>,
    versions: Vec<String>,
    /// How long the last run took.
    takes: Duration,
}

impl Engine {
    pub(crate) fn start(program: Program, job: String, files: &Files) -> Outcome<Self> {
        let mut command = Command::new(&program.path);
        command.args(&program.args).arg(job).arg(&files.targets).arg(&files.people);
        if !program.lanes.is_empty() {
            command.env("PASSERELLE_LANES", program.lanes);
        }
        // Some machines name a plain kernel here, for the sake of old builds that went wrong.
        command.env_remove("OPENBLAS_CORETYPE").env_remove("OPENBLAS_L2_SIZE");
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let to = child.stdin.take();
        let from = BufReader::new(child.stdout.take().ok_or("no output")?);
        let mut engine = Self { child, to, from, versions: Vec::new(), takes: Duration::ZERO };
        let said = engine.answer()?;
        let versions = said.strip_prefix("ready").ok_or_else(|| format!("not ready: {said}"))?;
        engine.versions = versions.split_whitespace().map(str::to_owned).collect();
        Ok(engine)
    }

    /// Package and version of what does the work.
    pub(crate) fn versions(&self) -> &[String] {
        &self.versions
    }

    /// Does the job for at least so long, untimed; not where one run takes longer anyway.
    pub(crate) fn warm_up(&mut self, least: Duration) -> Outcome<()> {
        let start = Instant::now();
        while self.takes < least && start.elapsed() < least {
            self.run()?;
        }
        Ok(())
    }

    /// Does the job: milliseconds.
    pub(crate) fn run(&mut self) -> Outcome<f64> {
        self.ask("run")?;
        let milliseconds = self.answer()?.parse()?;
        self.takes = Duration::from_secs_f64(milliseconds / 1e3);
        Ok(milliseconds)
    }

    /// Writes the last answer.
    pub(crate) fn save(&mut self, path: &Path) -> Outcome<()> {
        self.ask(&format!("save {}", path.display()))?;
        match self.answer()?.as_str() {
            "saved" => Ok(()),
            other => Err(format!("not saved: {other}").into()),
        }
    }

    fn ask(&mut self, line: &str) -> Outcome<()> {
        let to = self.to.as_mut().ok_or("closed")?;
        Ok(writeln!(to, "{line}")?)
    }

    fn answer(&mut self) -> Outcome<String> {
        let mut line = String::new();
        if self.from.read_line(&mut line)? == 0 {
            return Err(format!("an engine ended early: {}", self.child.wait()?).into());
        }
        Ok(line.trim().to_owned())
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        // The end of its input is the end of its work.
        self.to = None;
        let _ = self.child.wait();
    }
}
