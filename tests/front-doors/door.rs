//! What the library gives in Rust, written down bit for bit for the other front doors to be compared
//! with (`cargo xtask test --only front-doors`).
//!
//! `door FOLDER OUT QUERY…` answers the questions that all doors answer about a hub's folder;
//! `door --draw FOLDER` writes a folder of 10,000 drawn people and 3,039 occupations;
//! `door --table FILE COLUMN…` prints columns of a CSV file as rows in JSON.

use std::error::Error;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use passerelle::gap::{Eligibility, Figure, Index, Measure, measure_into, skill_gaps};
use passerelle::hub::recruitment::{Grouping, TerritoryGroups};
use passerelle::hub::skill::{Areas, exclusions};
use passerelle::hub::training::plan::{PlanOptions, plan};
use passerelle::hub::training::plan_file::{PlanRecord, write_plan};
use passerelle::hub::{Contents, Hub};
use passerelle::lookup::{FindOptions, Found, Lookup};
use passerelle::rank::{fitted, people_for_targets_into, targets_for_people_into};
use passerelle::snapshot::Snapshot;
use passerelle::{Explanation, Run};
use passerelle_benches::workload::Workload;
use serde_json::json;

/// How many people are drawn.
const DRAWN: usize = 10_000;

/// How many results a row of a ranking has.
const K: usize = 10;

type Done = Result<(), Box<dyn Error>>;

fn main() -> Done {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.as_slice() {
        [draw, folder] if draw == "--draw" => draw_folder(Path::new(folder)),
        [table, file, columns @ ..] if table == "--table" => print_table(Path::new(file), columns),
        [folder, out, queries @ ..] => answers(Path::new(folder), Path::new(out), queries),
        _ => Err("usage: door FOLDER OUT QUERY… | --draw FOLDER | --table FILE COLUMN…".into()),
    }
}

fn answers(folder: &Path, out: &Path, queries: &[String]) -> Done {
    let run = &Run::new();
    let contents = &Contents::read(folder)?;
    let (Hub { framework, profiles, .. }, held) = (&contents.hub, &contents.held);
    Snapshot::of_profiles(profiles).save(out.join("people.passerelle"))?;
    let required = &**framework.required();
    let (people, targets) = (held.len(), required.len());

    for measure in ["coverage", "gap", "known-share"] {
        let mut figures = vec![0_f32; people * targets];
        measure_into(held, required, measure.parse::<Measure>()?, &mut figures, run)?;
        write(out.join(format!("{measure}.bin")), figures.iter().map(|one| one.to_le_bytes()))?;
    }
    let mut cells = vec![0_u32; people * targets];
    let index = Index::new(required.rows(), run)?;
    index.figure_into(Figure::Gap, held.rows(), 0, &mut cells, run)?;
    write(out.join("cells.bin"), cells.iter().map(|one| one.to_le_bytes()))?;

    for name in ["coverage", "cosine", "bm25", "gap"] {
        let strategy = fitted(name, required)?;
        for (way, rows) in [("targets", people), ("people", targets)] {
            let (mut positions, mut scores) = (vec![0; rows * K], vec![0.0; rows * K]);
            let into = (&mut positions[..], &mut scores[..]);
            match way {
                "targets" => targets_for_people_into(held, required, K, &*strategy, into, run)?,
                _ => people_for_targets_into(held, required, K, &*strategy, into, run)?,
            }
            let positions = positions.iter().map(|one: &i32| one.to_le_bytes());
            let scores = scores.iter().map(|one: &f32| one.to_le_bytes());
            write(out.join(format!("{way}-{name}.bin")), positions.chain(scores))?;
        }
    }

    let mut skills = Vec::new();
    let mut why = Vec::new();
    // The same few pairs at every door.
    for at in 0..6 {
        let (person, target) = (at * 997 % people, at * 31 % targets);
        let (person, target) = (u32::try_from(person)?, u32::try_from(target)?);
        for gap in skill_gaps(held.row(person), required.row(target)) {
            let (known, asked) = (gap.held.unwrap_or(0), gap.required);
            let numbers = [asked, known, gap.weight, gap.shortfall()].map(u32::from);
            let kinds = [gap.necessity as u32, gap.class() as u32];
            skills.extend([gap.skill].into_iter().chain(numbers).chain(kinds));
        }
        let (id, job) = (&profiles.people()[person], &framework.occupation_ids()[target]);
        let strategy = fitted("coverage", required)?;
        let one = Explanation::of(profiles, id, framework, job, &*strategy, "en")?;
        why.push(serde_json::to_string(&one)?);
    }
    write(out.join("skills.bin"), skills.iter().map(|one| one.to_le_bytes()))?;
    // As texts: a value of JSON would hold each f32 as the f64 that it is, and print that.
    fs::write(out.join("explain.json"), format!("[{}]", why.join(",")))?;

    let lookup = Lookup::build(framework)?;
    let mut all = Vec::new();
    for query in queries {
        let found = lookup.find(query, &FindOptions::new().limit(K))?;
        let found = found.iter().map(|one| Found::of(framework, one, "en"));
        all.push(serde_json::to_string(&found.collect::<Vec<_>>())?);
    }
    fs::write(out.join("find.json"), format!("[{}]", all.join(",")))?;
    modules(contents, out)
}

/// An answer of each of the hub's modules, where the folder has files for them.
fn modules(contents: &Contents, out: &Path) -> Done {
    let run = &Run::new();
    let (Some((region, picture)), Some(training)) = (contents.needs(), contents.training(run)?)
    else {
        return Ok(());
    };
    let (hub, held) = (&contents.hub, &contents.held);
    let required = &**hub.framework.required();

    let areas = TerritoryGroups::of_kind(&region.territories, "bassin")?;
    let needs = picture.consolidated(&region.register, &Grouping::FULL, &areas);
    let needs = needs.iter().map(|row| {
        let mut told = serde_json::to_value(row)?;
        told["calls_for_training"] = row.calls_for_training().into();
        Ok(told)
    });
    let needs: Vec<_> = needs.collect::<serde_json::Result<_>>()?;
    fs::write(out.join("needs.json"), serde_json::to_string(&needs)?)?;

    let areas = Areas::of_kind(region, "bassin")?;
    let (both, eligibility) = ((&region.register, picture), Eligibility::default());
    let tension = areas.tension(both, held, eligibility, run)?.apart;
    fs::write(out.join("tension.json"), serde_json::to_string(&tension)?)?;
    let balance = areas.balance(both, &hub.framework, held, None, run)?.rows.apart;
    fs::write(out.join("balance.json"), json!({ "skills": balance }).to_string())?;

    let mut kept_out = Vec::new();
    for at in 0..6 {
        let target = u32::try_from(at * 7 % required.len())?;
        let found = exclusions(held, required, target, eligibility, run)?;
        kept_out.push(found.shown()?);
    }
    fs::write(out.join("exclusions.json"), serde_json::to_string(&kept_out)?)?;

    let (options, learners) = (PlanOptions::new(training.from), &training.learners.learners);
    let plan = plan(&training.offer, held, required, learners, &options, run)?;
    let named = training.named(hub);
    write_plan(&plan, &named, File::create(out.join("plan.csv"))?)?;
    let record = serde_json::to_string(&PlanRecord::of(&plan, &options, &named))?;
    Ok(fs::write(out.join("certificate.json"), record)?)
}

fn print_table(file: &Path, columns: &[String]) -> Done {
    let mut table = csv::Reader::from_path(file)?;
    let header = table.headers()?.clone();
    let place = |name: &String| header.iter().position(|one| one == name);
    let places: Option<Vec<usize>> = columns.iter().map(place).collect();
    let places = places.ok_or("a column is not there")?;
    let mut rows: Vec<Vec<String>> = Vec::new();
    for row in table.records() {
        let row = row?;
        rows.push(places.iter().map(|&at| row[at].to_owned()).collect());
    }
    println!("{}", serde_json::to_string(&rows)?);
    Ok(())
}

fn write(path: PathBuf, numbers: impl IntoIterator<Item = [u8; 4]>) -> Done {
    let mut file = BufWriter::new(File::create(path)?);
    numbers.into_iter().try_for_each(|number| file.write_all(&number))?;
    Ok(file.flush()?)
}

/// A workload as a hub's folder: its framework in the project's own format, and its people.
fn draw_folder(folder: &Path) -> Done {
    let Workload { required, held } = &Workload::new(DRAWN);
    let framework = folder.join("framework");
    fs::create_dir_all(&framework)?;
    let file = |name: &str, head: &str, rows: Vec<String>| {
        let text = [head.to_owned()].into_iter().chain(rows).collect::<Vec<_>>().join("\n");
        fs::write(folder.join(name), text + "\n")
    };
    let about = ["name,drawn", "version,1", "language,en"].map(str::to_owned);
    file("framework/framework.csv", "key,value", about.to_vec())?;
    file("framework/scales.csv", "scale,step,label", vec!["steps,5,fifth".to_owned()])?;
    let ids = required.axis().ids();
    let skills = ids.iter().map(|id| format!("{id},skill number {id}"));
    file("framework/skills.csv", "id,label_en", skills.collect())?;
    let targets = required.targets();
    let jobs = targets.iter().map(|id| format!("{id},job number {id}"));
    file("framework/occupations.csv", "id,label_en", jobs.collect())?;
    let mut rows = Vec::new();
    for (position, id) in (0..).zip(targets.iter()) {
        for (skill, asked) in required.row(position).iter() {
            let (level, weight, necessity) = (asked.level, asked.weight, asked.necessity.name());
            rows.push(format!("{id},{},{level},{weight},{necessity}", &ids[skill]));
        }
    }
    file("framework/requirements.csv", "occupation,skill,level,weight,necessity", rows)?;
    let mut rows = Vec::new();
    for (position, id) in (0..).zip(held.people().iter()) {
        for (skill, level) in held.row(position).iter() {
            rows.push(format!("{id},{},{level}", &ids[skill]));
        }
    }
    Ok(file("people.csv", "person,skill,level", rows)?)
}
