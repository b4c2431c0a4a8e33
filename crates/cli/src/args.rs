//! What can be asked on the command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use passerelle::MemoryLimit;
use passerelle::gap::Measure;

/// What skills jobs require, what skills people hold, how far apart they are.
///
/// FRAMEWORK is a snapshot (`*.passerelle`), or a folder of ROME, ESCO, O*NET or CSV files as they
/// come. PEOPLE is a CSV file, a folder of them, or a snapshot. Exit codes: 0 done, 1 refused (one
/// line says why), 2 misused.
#[derive(Debug, Parser)]
#[command(version, about)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
    /// Print machine-readable JSON instead of text
    #[arg(long, global = true)]
    pub json: bool,
    /// Threads to use; 0 is one per core
    #[arg(long, global = true, default_value_t = 0)]
    pub threads: usize,
    /// Memory that results may take, such as 512MiB or 2GiB
    #[arg(long, global = true, default_value_t)]
    pub memory: MemoryLimit,
    /// The language of labels and explanations
    #[arg(long, global = true, default_value = "fr")]
    pub lang: String,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Read a framework's files and save it as a snapshot, which opens at once
    Read(Read),
    /// Say what a framework or a people snapshot holds
    Info(Info),
    /// Find skills, occupations and job titles by label
    Find(Find),
    /// Draw made-up people from a framework, to try things at scale
    Sample(Sample),
    /// Write one figure for every person and every target
    Gap(Gap),
    /// Write the best targets for each person, or the best people for each target
    Rank(Rank),
    /// Explain one person's score for one target
    Explain(Explain),
    /// Measure how well strategies rank, on tasks that a framework gives
    Evaluate(Evaluate),
    /// Propose which concepts of one framework are which of another, by their labels
    Propose(Propose),
    /// Say what changed between two versions of a framework
    Diff(Compare),
    /// Carry profiles from one version of a framework to another
    Migrate(Migrate),
    /// Make one framework of several sources, and say where they differ
    Merge(Merge),
    /// Check a snapshot from end to end
    Verify(Verify),
    /// Run a hub's folder: who is how far from which job, and what is missing most
    Hub(Hub),
    /// Check a training plan against a hub's folder, line by line
    CheckPlan(CheckPlan),
}

/// A framework's format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// ROME 4.0 open data
    Rome,
    /// ESCO CSV
    Esco,
    /// O*NET text
    Onet,
    /// passerelle's own CSV folder
    Csv,
}

#[derive(Debug, Args)]
pub struct Read {
    /// The files' format
    pub format: Format,
    /// The folder with the files
    pub folder: PathBuf,
    /// Where to save the snapshot
    #[arg(short, long)]
    pub output: PathBuf,
    /// The framework's version, where the files do not say it
    #[arg(long)]
    pub framework_version: Option<String>,
    /// A further file of labels by URI, in the language of --lang (ESCO)
    #[arg(long)]
    pub labels: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Info {
    /// A snapshot or a folder
    pub framework: PathBuf,
}

#[derive(Debug, Args)]
pub struct Find {
    /// A snapshot or a folder
    pub framework: PathBuf,
    /// What to look for: a label, its beginning, or nearly
    pub query: String,
    /// How many results at most
    #[arg(short = 'n', long, default_value_t = 10)]
    pub limit: usize,
}

#[derive(Debug, Args)]
pub struct Sample {
    /// A snapshot or a folder
    pub framework: PathBuf,
    /// How many people
    #[arg(long)]
    pub people: usize,
    /// The seed: the same one gives the same people
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Where to write them: a CSV file, or a snapshot (`*.passerelle`)
    #[arg(short, long)]
    pub output: PathBuf,
}

#[derive(Debug, Args)]
pub struct Gap {
    /// A snapshot or a folder
    pub framework: PathBuf,
    /// A CSV file, a folder of them, or a snapshot
    pub people: PathBuf,
    /// Only this target; may be given again
    #[arg(long = "target")]
    pub targets: Vec<String>,
    /// The figure: coverage, gap, known-share…
    #[arg(long, default_value_t = Measure::Coverage)]
    pub measure: Measure,
    /// Compute and write so many people at a time, for what does not fit in memory
    #[arg(long)]
    pub tile: Option<usize>,
    /// Where to write: `.npy` (with `.rows.csv` and `.cols.csv` beside it) or `.csv`
    #[arg(short, long)]
    pub output: PathBuf,
}

/// What to rank.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum For {
    /// The best targets for each person
    People,
    /// The best people for each target
    Targets,
}

#[derive(Debug, Args)]
pub struct Rank {
    /// A snapshot or a folder
    pub framework: PathBuf,
    /// A CSV file, a folder of them, or a snapshot
    pub people: PathBuf,
    /// How many results for each
    #[arg(short, default_value_t = 10)]
    pub k: usize,
    /// The strategy with its options: coverage, tversky(0.3,0.7), bm25(b=0.5), alike…
    #[arg(long, default_value = "coverage")]
    pub strategy: String,
    /// Credit silent skills: hierarchy, co-occurrence, or a CSV of from, to, share; may be given again
    #[arg(long)]
    pub transfer: Vec<String>,
    /// Rank targets for people, or people for targets
    #[arg(long = "for", default_value = "people")]
    pub ranked_for: For,
    /// Where to write the CSV
    #[arg(short, long)]
    pub output: PathBuf,
}

#[derive(Debug, Args)]
pub struct Explain {
    /// A snapshot or a folder
    pub framework: PathBuf,
    /// A CSV file, a folder of them, or a snapshot
    pub people: PathBuf,
    /// The person's id
    pub person: String,
    /// The target's id
    pub target: String,
    /// The strategy with its options: coverage, tversky(0.3,0.7), bm25(b=0.5), alike…
    #[arg(long, default_value = "coverage")]
    pub strategy: String,
    /// Credit silent skills: hierarchy, co-occurrence, or a CSV of from, to, share; may be given again
    #[arg(long)]
    pub transfer: Vec<String>,
}

#[derive(Debug, Args)]
pub struct Verify {
    /// The snapshot
    pub file: PathBuf,
}

#[derive(Debug, Args)]
pub struct CheckPlan {
    /// The folder that holds plan.csv and certificate.json
    pub plan: PathBuf,
    /// The hub's folder that it was made for
    pub folder: PathBuf,
}

#[derive(Debug, Args)]
pub struct Hub {
    /// The hub's folder
    pub folder: PathBuf,
    /// The folder to write the full results into
    #[arg(short, long, default_value = "out")]
    pub output: PathBuf,
    /// A scenario of scenarios.csv to suppose
    #[arg(long)]
    pub scenario: Option<String>,
    /// How many matches for each person
    #[arg(short, default_value_t = 10)]
    pub k: usize,
}

/// Which queries count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum EvaluatedHalf {
    /// Every query
    All,
    /// Those with an even CRC-32 of their id, to tune on
    Tuning,
    /// The others, to report
    Reporting,
}

#[derive(Debug, Args)]
pub struct Evaluate {
    /// A snapshot or a folder
    pub framework: PathBuf,
    /// The task: mobility, links, other-version, same-parent, same-group, same-group-above, from-20,
    /// from-50, from-20-noise, from-50-noise, optional-only, siblings, completion or labels
    #[arg(long)]
    pub task: String,
    /// A strategy with its options, or all; may be given again
    #[arg(long = "strategy", default_value = "all")]
    pub strategies: Vec<String>,
    /// A strategy that the others are compared with, query by query
    #[arg(long)]
    pub against: Option<String>,
    /// Which queries count
    #[arg(long, default_value = "reporting")]
    pub half: EvaluatedHalf,
    /// The links of the tasks mobility and links: a CSV of query, relevant and, if there, grade
    #[arg(long)]
    pub links: Option<PathBuf>,
    /// The version whose occupations ask, for the task other-version
    #[arg(long)]
    pub other: Option<PathBuf>,
    /// The language of the texts that are compared; the framework's own unless said
    #[arg(long)]
    pub texts: Option<String>,
    /// The seed of what is drawn, and of intervals
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// For the task labels: the score from which on each strategy should answer, chosen on the tuning
    /// half, and what thresholds lead to on the reporting half
    #[arg(long)]
    pub thresholds: bool,
    /// Where to write every metric with its interval: a CSV
    #[arg(short, long)]
    pub output: Option<PathBuf>,
    /// Where to draw the task's metric: an SVG
    #[arg(long)]
    pub chart: Option<PathBuf>,
}

/// Which concepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Concepts {
    /// Skills
    Skills,
    /// Occupations
    Occupations,
}

#[derive(Debug, Args)]
pub struct Propose {
    /// The framework whose concepts are to be found again
    pub from: PathBuf,
    /// The framework to find them in
    pub to: PathBuf,
    /// What to map
    #[arg(long, default_value = "skills")]
    pub of: Concepts,
    /// The confidence under which nothing is proposed, from 0 to 1
    #[arg(long)]
    pub threshold: Option<f64>,
    /// Where to write the pairs, and what stays unmapped with what is nearest: a CSV
    #[arg(short, long)]
    pub output: PathBuf,
}

#[derive(Debug, Args)]
pub struct Compare {
    /// The older version: a snapshot or a folder
    pub before: PathBuf,
    /// The newer version
    pub after: PathBuf,
    /// Where to write every change: JSON
    #[arg(short, long)]
    pub output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Migrate {
    /// The people: a CSV file, a folder of them, or a snapshot
    pub people: PathBuf,
    /// The version that they are on
    #[arg(long)]
    pub before: PathBuf,
    /// The version to carry them to
    #[arg(long)]
    pub after: PathBuf,
    /// Where ids went: a CSV of from, to, kind, confidence
    #[arg(long)]
    pub crosswalk: Option<PathBuf>,
    /// Where to write them: a CSV file, or a snapshot (`*.passerelle`)
    #[arg(short, long)]
    pub output: PathBuf,
}

#[derive(Debug, Args)]
pub struct Merge {
    /// The sources: snapshots or folders
    #[arg(required = true)]
    pub frameworks: Vec<PathBuf>,
    /// The name of the framework that is made
    #[arg(long)]
    pub name: String,
    /// Its version
    #[arg(long, default_value = "1")]
    pub framework_version: String,
    /// A crosswalk (from, to, kind, confidence) whose exact pairs are one concept; may be given again
    #[arg(long = "alias")]
    pub aliases: Vec<PathBuf>,
    /// What the crosswalks are of
    #[arg(long, default_value = "skills")]
    pub of: Concepts,
    /// Where to write what the sources differ in: a CSV
    #[arg(long)]
    pub conflicts: Option<PathBuf>,
    /// Where to save the snapshot
    #[arg(short, long)]
    pub output: PathBuf,
}
