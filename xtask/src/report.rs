//! What steps say while they run, and the table at the end.

use std::fmt;
use std::io::{self, Write};
use std::time::Duration;

/// What is said of one step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It passed; with one line of what is worth knowing, or an empty one.
    Passed(String),
    /// It could not be run here, for this reason, and nothing is known of what it checks.
    Skipped(String),
    /// It failed; what failed has been printed.
    Failed,
    /// A step before it failed.
    NotRun,
}

impl Outcome {
    fn word(&self) -> &'static str {
        match self {
            Self::Passed(_) => "ok",
            Self::Skipped(_) => "skipped",
            Self::Failed => "FAILED",
            Self::NotRun => "not run",
        }
    }

    fn note(&self) -> &str {
        match self {
            Self::Passed(note) | Self::Skipped(note) => note,
            Self::Failed | Self::NotRun => "",
        }
    }
}

/// The steps of one run and what became of them, in order.
#[derive(Debug, Default)]
pub struct Report {
    rows: Vec<(&'static str, Outcome, Duration)>,
}

impl Report {
    /// Announces a step, before it runs. What is said of it when it has run ends the same line,
    /// unless `show` lets the output of its commands come between.
    pub fn announce(&self, name: &str, about: &str, steps: usize, show: bool) {
        let end = if show { "\n" } else { "" };
        print!("[{}/{steps}] {name}: {about} … {end}", self.rows.len() + 1);
        // Nothing depends on a line being seen early.
        let _ = io::stdout().flush();
    }

    /// Enters what became of a step, and the time it took.
    pub fn add(&mut self, name: &'static str, outcome: Outcome, time: Duration) {
        self.rows.push((name, outcome, time));
    }

    /// Says what became of the last step, which was announced.
    pub fn say_last(&self) {
        let Some((_, outcome, time)) = self.rows.last() else { return };
        println!("{}, {}", outcome.word(), Elapsed(*time));
        if let Outcome::Skipped(why) = outcome {
            println!("    skipped: {why}");
        }
    }

    /// Whether no step failed.
    pub fn passed(&self) -> bool {
        !self.rows.iter().any(|(_, outcome, _)| *outcome == Outcome::Failed)
    }
}

/// The table of the steps.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<12}{:<9}{:>12}  note", "step", "result", "time")?;
        for (name, outcome, time) in &self.rows {
            let elapsed = if *outcome == Outcome::NotRun {
                String::new()
            } else {
                Elapsed(*time).to_string()
            };
            let line = format!("{name:<12}{:<9}{elapsed:>12}  {}", outcome.word(), outcome.note());
            writeln!(f, "{}", line.trim_end())?;
        }
        let total = self.rows.iter().map(|(_, _, time)| *time).sum();
        let word = if self.passed() { "ok" } else { "FAILED" };
        write!(f, "{:<12}{word:<9}{:>12}", "all", Elapsed(total).to_string())
    }
}

/// A time as a person reads it.
struct Elapsed(Duration);

impl fmt::Display for Elapsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        if seconds < 60 {
            write!(f, "{:.1} s", self.0.as_secs_f64())
        } else {
            write!(f, "{} min {:02} s", seconds / 60, seconds % 60)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_a_row_for_each_step_and_one_for_all() {
        let mut report = Report::default();
        report.add("fmt", Outcome::Passed(String::new()), Duration::from_millis(420));
        report.add("advisories", Outcome::Skipped("no network".into()), Duration::from_secs(1));
        assert!(report.passed(), "a skip is no failure");
        report.add("tests", Outcome::Failed, Duration::from_secs(125));
        report.add("doc", Outcome::NotRun, Duration::ZERO);
        assert!(!report.passed());
        assert_eq!(
            report.to_string(),
            "step        result           time  note\n\
             fmt         ok              0.4 s\n\
             advisories  skipped         1.0 s  no network\n\
             tests       FAILED     2 min 05 s\n\
             doc         not run\n\
             all         FAILED     2 min 06 s"
        );
    }
}
