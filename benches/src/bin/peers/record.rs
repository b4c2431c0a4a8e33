//! What was measured, kept as JSON.

use std::fmt;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde::{Deserialize, Serialize};

use crate::Outcome;
use crate::work::{FROM_PYTHON, Line};

/// A day's lines on one machine.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Record {
    pub(crate) machine: String,
    pub(crate) cores: usize,
    pub(crate) vectors: String,
    pub(crate) lines: Vec<Compared>,
}

/// One line, its engines asked in turn.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Compared {
    pub(crate) job: String,
    pub(crate) work: String,
    pub(crate) taken: String,
    pub(crate) commit: String,
    /// One-minute load when the runs were done.
    pub(crate) load: String,
    /// Ours first.
    pub(crate) sides: Vec<Answered>,
    pub(crate) asked: Vec<Ratio>,
}

/// An engine's times.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Answered {
    pub(crate) name: String,
    pub(crate) versions: Vec<String>,
    pub(crate) milliseconds: Vec<f64>,
    pub(crate) median: f64,
    pub(crate) agrees: String,
}

/// A peer's time as a multiple of ours: at least, and aimed at; at most where the aim is lower.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Ratio {
    pub(crate) peer: String,
    pub(crate) least: f64,
    pub(crate) aim: f64,
}

impl Answered {
    pub(crate) fn new(name: &str, versions: Vec<String>, milliseconds: Vec<f64>) -> Self {
        let mut sorted = milliseconds.clone();
        sorted.sort_by(f64::total_cmp);
        let middle = sorted.len() / 2;
        let median = match sorted.len() {
            0 => f64::NAN,
            odd if odd % 2 == 1 => sorted[middle],
            _ => f64::midpoint(sorted[middle - 1], sorted[middle]),
        };
        Self { name: name.to_owned(), versions, milliseconds, median, agrees: String::new() }
    }
}

impl Compared {
    pub(crate) fn new(line: &Line) -> Self {
        let asked = line.asked.iter().map(|asked| Ratio {
            peer: asked.peer.to_owned(),
            least: asked.least,
            aim: asked.aim,
        });
        Self {
            job: line.job.to_owned(),
            work: line.work.to_owned(),
            taken: jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%MZ").to_string(),
            commit: said(Command::new("git").args(["rev-parse", "--short", "HEAD"])),
            load: first_word("/proc/loadavg"),
            sides: Vec::new(),
            asked: asked.collect(),
        }
    }

    /// Our time.
    pub(crate) fn ours(&self) -> f64 {
        self.sides.first().map_or(f64::NAN, |ours| ours.median)
    }

    /// A peer's time as a multiple of ours; `best` is the fastest of those that are not ours.
    pub(crate) fn ratio(&self, peer: &str) -> Option<f64> {
        self.ratio_to(peer, self.ours())
    }

    fn ratio_to(&self, peer: &str, ours: f64) -> Option<f64> {
        let times = self.sides.iter().filter(|side| match peer {
            "best" => !side.name.starts_with("passerelle"),
            // Ways of the same peer: the faster one counts.
            _ => side.name == peer || side.name.starts_with(&format!("{peer}, by")),
        });
        times.map(|side| side.median / ours).min_by(f64::total_cmp)
    }
}

impl fmt::Display for Compared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} {} (load {})", self.job, self.work, self.load)?;
        for side in &self.sides {
            let ratio = side.median / self.ours();
            writeln!(
                f,
                "  {:<22}{:>10.2} ms {ratio:>6.2}×  {}",
                side.name, side.median, side.agrees
            )?;
        }
        for asked in &self.asked {
            let Some(ratio) = self.ratio(&asked.peer) else { continue };
            let Ratio { peer, least, aim } = asked;
            let bound = if aim < least { "at most" } else { "at least" };
            let keeps = |limit: f64| if aim < least { ratio <= limit } else { ratio >= limit };
            let met = match (keeps(*aim), keeps(*least)) {
                (true, _) => "aim met",
                (false, true) => "met",
                (false, false) => "NOT met",
            };
            writeln!(f, "  {peer}: {ratio:.2} of {bound} {least:.2}, aim {aim:.2}: {met}")?;
        }
        let Some(python) = self.sides.iter().find(|side| side.name == FROM_PYTHON) else {
            return Ok(());
        };
        for asked in self.asked.iter().filter(|asked| !asked.peer.starts_with("passerelle")) {
            if let Some(ratio) = self.ratio_to(&asked.peer, python.median) {
                writeln!(f, "  {} from Python: {ratio:.2}", asked.peer)?;
            }
        }
        Ok(())
    }
}

impl Record {
    pub(crate) fn read_or_new(path: &Path) -> Outcome<Self> {
        if path.exists() {
            return Ok(serde_json::from_str(&fs::read_to_string(path)?)?);
        }
        let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let of = |name| {
            info.lines()
                .find(|line| line.starts_with(name))
                .and_then(|line| line.split(": ").nth(1))
        };
        let machine = of("model name").unwrap_or(std::env::consts::ARCH);
        let flags: Vec<&str> = of("flags").unwrap_or_default().split(' ').collect();
        let vectors = ["avx2", "avx512f", "avx512bw", "avx512vbmi"];
        let vectors = vectors.into_iter().filter(|flag| flags.contains(flag));
        Ok(Self {
            machine: machine.to_owned(),
            cores: std::thread::available_parallelism()?.get(),
            vectors: vectors.collect::<Vec<_>>().join(" "),
            lines: Vec::new(),
        })
    }

    /// Takes a line, in the place of the same one measured before.
    pub(crate) fn put(&mut self, line: Compared) {
        let same = |kept: &Compared| kept.job == line.job && kept.work == line.work;
        match self.lines.iter_mut().find(|kept| same(kept)) {
            Some(kept) => *kept = line,
            None => self.lines.push(line),
        }
    }

    pub(crate) fn write(&self, path: &Path) -> Outcome<()> {
        Ok(fs::write(path, serde_json::to_string_pretty(self)? + "\n")?)
    }
}

fn said(command: &mut Command) -> String {
    let output = command.output().map(|output| output.stdout).unwrap_or_default();
    String::from_utf8_lossy(&output).trim().to_owned()
}

fn first_word(path: &str) -> String {
    let text = fs::read_to_string(path).unwrap_or_default();
    text.split_whitespace().next().unwrap_or_default().to_owned()
}
