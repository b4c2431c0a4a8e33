//! Asks passerelle and its peers to do the same work in turn, compares their answers, and writes a
//! dated record and a chart: `cargo xtask bench peers`.

mod agree;
mod chart;
mod engine;
mod place;
mod record;
mod work;

use std::error::Error;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use clap::Parser;

use engine::Engine;
use place::Places;
use record::{Answered, Compared, Record};
use work::{Line, Side};

/// Before each run: some engines' threads go on spinning for a fifth of a second after their work.
const PAUSE: Duration = Duration::from_millis(300);

/// How long an engine works untimed after the pause, so that it is not timed waking up.
const WARM: Duration = Duration::from_millis(60);

type Outcome<T> = Result<T, Box<dyn Error>>;

/// passerelle and its peers on the same work, in turn.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask bench peers")]
struct Options {
    /// This workload alone (W1 to W6, ROME, ESCO); may be given several times.
    #[arg(long, value_name = "NAME")]
    work: Vec<String>,
    /// Jobs whose name starts so; may be given several times.
    #[arg(long, value_name = "JOB")]
    job: Vec<String>,
    /// Timed runs of each engine, after one that is not timed.
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// Where environments and workloads are made.
    #[arg(long, value_name = "FOLDER")]
    place: Option<PathBuf>,
    /// The script that writes the workloads into the folder it is given.
    #[arg(long, value_name = "FILE")]
    generator: Option<PathBuf>,
    /// The wheel of the Python package; without it the lines go without that side.
    #[arg(long, value_name = "FILE")]
    wheel: Option<PathBuf>,
    /// Lines go into this record beside those it has; by default, today's in `benches/records`.
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    /// Lines that are measured go nowhere.
    #[arg(long)]
    dry: bool,
    /// Draw the chart of the record, and measure nothing.
    #[arg(long)]
    chart: bool,
    /// Make environments and workloads, and measure nothing.
    #[arg(long)]
    prepare: bool,
}

fn main() -> Outcome<()> {
    let options = Options::parse();
    let (place, generator) = (options.place.clone(), options.generator.clone());
    let places = Places::new(place, generator, options.wheel.clone())?;
    let path = options.record.clone().unwrap_or_else(|| places.record());
    let mut record = Record::read_or_new(&path)?;
    if options.chart {
        return chart::draw(&record, &places.chart());
    }
    let chosen = |line: &Line| {
        let job = |start: &String| line.job.starts_with(start.as_str());
        (options.work.is_empty() || options.work.iter().any(|name| name == line.work))
            && (options.job.is_empty() || options.job.iter().any(job))
    };
    for line in work::lines().iter().filter(|line| chosen(line)) {
        let files = match places.files(line.work) {
            Ok(files) => files,
            Err(why) => {
                println!("{}: left out, {why}", line.name());
                continue;
            }
        };
        let sides = line.sides.iter().filter(|side| places.has(**side));
        let sides = sides.map(|side| Ok((*side, places.command(*side)?)));
        let sides = sides.collect::<Outcome<Vec<_>>>()?;
        if options.prepare {
            continue;
        }
        let compared = compare(line, sides, &files, &places, options.runs)?;
        print!("{compared}");
        if !options.dry {
            record.put(compared);
            record.write(&path)?;
        }
    }
    if options.dry || options.prepare { Ok(()) } else { chart::draw(&record, &places.chart()) }
}

/// All sides of a line, in turn, on the same files.
fn compare(
    line: &Line,
    sides: Vec<(Side, engine::Program)>,
    files: &place::Files,
    places: &Places,
    runs: usize,
) -> Outcome<Compared> {
    // One after the other, so that reading and the first run of one are not beside another's.
    let ready = |(side, program): (Side, engine::Program)| {
        Ok((side, Engine::start(program, side.job(line.job), files)?))
    };
    let mut engines = sides.into_iter().map(ready).collect::<Outcome<Vec<_>>>()?;
    let mut times = vec![Vec::new(); engines.len()];
    for _ in 0..runs {
        for ((_, engine), times) in engines.iter_mut().zip(&mut times) {
            thread::sleep(PAUSE);
            engine.warm_up(WARM)?;
            times.push(engine.run()?);
        }
    }
    let mut answers = Vec::new();
    for ((side, engine), times) in engines.iter_mut().zip(times) {
        let path = places.answer(side.name);
        engine.save(&path)?;
        answers.push((*side, path, Answered::new(side.name, engine.versions().to_vec(), times)));
    }
    drop(engines);
    let (_, ours, _) = answers.first().ok_or("a line without sides")?;
    let ours = std::fs::read(ours)?;
    let people = files.people_count()?;
    let mut compared = Compared::new(line);
    for (side, path, mut answered) in answers {
        let theirs = std::fs::read(&path)?;
        std::fs::remove_file(&path)?;
        answered.agrees = agree::compare(line.job, side.alike, people, &ours, &theirs)?;
        compared.sides.push(answered);
    }
    Ok(compared)
}
