//! Whether Rust, C, Python and the command give the same bits, on a hub's folder and on a drawn one
//! of 10,000 people and 3,039 occupations.
//!
//! `tests/front-doors` has a program for each of the first three, which writes what it was given
//! into a folder: matrices, rankings, gaps skill by skill, explanations, what was found, and of each
//! of the hub's modules an answer. The command is run here, and its files are brought into the same
//! form. What Rust gives is what the others must give.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::call::CallError;
use crate::clients::{Bench, ClientsError, HUB, Linked};
use crate::install::PACKAGE;
use crate::metadata::Workspace;
use crate::python::Environment;

/// Where the programs are.
const DOORS: &str = "tests/front-doors";

/// What each program asks for, in `door.rs` and the others beside it.
const MEASURES: [&str; 3] = ["coverage", "gap", "known-share"];
const STRATEGIES: [&str; 4] = ["coverage", "cosine", "bm25", "gap"];
const K: usize = 10;
const PAIRS: usize = 6;

/// What is looked for in the hub's labels, and in the drawn ones.
const HUB_QUERIES: &[&str] = &["Bricklayer", "maçon", "weld", "Order pickr"];
const DRAWN_QUERIES: &[&str] = &["job number t7", "skil number s12", "skill number s13"];

/// What is compared of needs: where an answer in JSON has it, and the column of a table.
const NEEDS: &[(&str, &str)] = &[
    ("/sector", "sector"),
    ("/occupation", "occupation"),
    ("/territory", "territory"),
    ("/horizon", "horizon"),
    ("/vacancies", "vacancies"),
    ("/reports", "reports"),
    ("/positions/sure", "positions_sure"),
    ("/positions/estimate", "positions_estimate"),
    ("/positions/all", "positions_all"),
    ("/calls_for_training", "calls_for_training"),
    ("/no_cause", "no_cause"),
    ("/created", "created"),
    ("/replaced", "replaced"),
    ("/hidden", "hidden"),
];

/// The same of what is needed beside who there is; the command rounds ratios, and C says by its
/// position which occupation or skill it is.
const TENSION: &[(&str, &str)] = &[
    ("/territory", "territory"),
    ("/positions/sure", "positions_sure"),
    ("/positions/estimate", "positions_estimate"),
    ("/positions/all", "positions_all"),
    ("/people", "people"),
    ("/calls_for_training", "calls_for_training"),
    ("/no_cause", "no_cause"),
];
const BALANCE: &[(&str, &str)] = &[
    ("/required", "required"),
    ("/holders", "holders"),
    ("/shortage", "shortage"),
    ("/surplus", "surplus"),
];

/// The same of what keeps people out of some occupations, skill by skill.
const EXCLUSIONS: &[(&str, &str)] = &[
    ("/necessity", "necessity"),
    ("/short", "short"),
    ("/silent", "silent"),
    ("/alone", "alone"),
    ("/people", "people"),
];

/// The same of seats.
const SEATS: &[(&str, &str)] = &[
    ("/person", "person"),
    ("/target", "target"),
    ("/need", "need"),
    ("/module", "module"),
    ("/session", "session"),
    ("/territory", "territory"),
    ("/budget", "budget"),
];

/// Rows as text, whatever they were written as.
type Rows = Vec<Vec<String>>;

/// What is compared of what is found; Python says the first two in a form of its own.
const FOUND: &[&str] = &["how", "occupation", "kind", "id", "label", "language"];

/// Why the doors could not be compared, or differ.
#[derive(Debug, thiserror::Error)]
pub enum DoorsError {
    #[error(transparent)]
    Call(#[from] CallError),
    #[error(transparent)]
    Clients(#[from] ClientsError),
    #[error("{path}: {source}", path = path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("{path} has no {wanted}", path = path.display())]
    Form { path: PathBuf, wanted: &'static str },
    #[error("{door} gives other bits than Rust: {what}")]
    Differs { door: &'static str, what: String },
}

/// Compares the doors; what was done, in a few words. Without an environment Python stays out.
pub fn compare(
    workspace: &Workspace,
    python: Option<&Environment<'_>>,
    verbose: bool,
) -> Result<String, DoorsError> {
    let doors = Doors::new(workspace, python, verbose)?;
    let drawn = doors.place.join("drawn");
    doors.call(&doors.rust, &["--draw".as_ref(), drawn.as_os_str()])?;
    let hub = workspace.root.join(HUB);
    let compared = doors.on(&hub, HUB_QUERIES)? + doors.on(&drawn, DRAWN_QUERIES)?;
    // More than a gigabyte of figures, of no further use.
    fs::remove_dir_all(&doors.place).map_err(failed(&doors.place))?;
    let who =
        if python.is_some() { "Rust, C, Python, the command" } else { "no Python; the others" };
    Ok(format!("{who}: {compared} answers are the same bits"))
}

/// The doors, built, and where they write.
struct Doors<'w> {
    workspace: &'w Workspace,
    python: Option<&'w Environment<'w>>,
    rust: PathBuf,
    c: PathBuf,
    command: PathBuf,
    place: PathBuf,
}

impl<'w> Doors<'w> {
    fn new(
        workspace: &'w Workspace,
        python: Option<&'w Environment<'w>>,
        verbose: bool,
    ) -> Result<Self, DoorsError> {
        let release = workspace.target.join("release");
        for what in [
            &["--package", PACKAGE][..],
            &["--package", "passerelle-cli"],
            &["--package", "passerelle-tests", "--example", "door"],
        ] {
            workspace.cargo().args(["build", "--release"]).args(what.to_vec()).run(verbose)?;
        }
        let place = workspace.target.join("xtask/front-doors/out");
        let _ = fs::remove_dir_all(&place);
        fs::create_dir_all(&place).map_err(failed(&place))?;
        let bench = Bench::new(workspace, &release, "front-doors", verbose)?;
        Ok(Self {
            workspace,
            python,
            rust: release.join("examples/door"),
            c: bench.compile(workspace.root.join(DOORS).join("door.c"), Linked::Shared)?,
            command: release.join("passerelle"),
            place,
        })
    }

    /// Asks all doors about a folder; gives how many answers were compared.
    fn on(&self, hub: &Path, queries: &[&str]) -> Result<usize, DoorsError> {
        let words = |out: &Path| {
            let mut words = vec![hub.as_os_str().to_owned(), out.as_os_str().to_owned()];
            words.extend(queries.iter().map(Into::into));
            words
        };
        let rust = self.folder("rust")?;
        self.workspace.call(&self.rust).args(words(&rust)).read()?;
        let skills = gaps_of(&rust)?;

        let c = self.folder("c")?;
        self.workspace.call(&self.c).args(words(&c)).read()?;
        let mut compared = same("C", &rust, &c, FOUND)?;
        compared += same_cells("C", &rust, &c)?;
        alike("C", &gaps_of(&c)?, &skills)?;
        let modules = rust.join("needs.json").exists().then(|| self.modules(&rust)).transpose()?;
        if let Some(modules) = &modules {
            compared += modules.same("C", &self.modules_of_c(&c)?)?;
        }

        if let Some(python) = self.python {
            let out = self.folder("python")?;
            let door = self.workspace.root.join(DOORS).join("door.py");
            python.python().arg(door).args(words(&out)).read()?;
            compared += same("Python", &rust, &out, &FOUND[2..])?;
            compared += same_cells("Python", &rust, &out)?;
            alike("Python", &gaps_explained(&out)?, &skills)?;
            if let Some(modules) = &modules {
                compared += modules.same("Python", &self.modules_of_python(&out)?)?;
            }
        }

        let out = self.folder("command")?;
        self.command(hub, &rust, &out, queries)?;
        compared += same("the command", &rust, &out, FOUND)?;
        alike("the command", &gaps_explained(&out)?, &skills)?;
        if let Some(modules) = &modules {
            let targets = Ids::beside(&out.join("figures.npy"), "cols")?;
            compared +=
                modules.same("the command", &self.modules_of_command(hub, &out, &targets)?)?;
        }
        Ok(compared)
    }

    /// What Rust says of the hub's modules.
    fn modules(&self, out: &Path) -> Result<Modules, DoorsError> {
        Ok(Modules {
            needs: rows(&json(&out.join("needs.json"))?, NEEDS, Named::Json)?,
            tension: rows(&json(&out.join("tension.json"))?, TENSION, Named::Json)?,
            balance: rows(&json(&out.join("balance.json"))?["skills"], BALANCE, Named::Json)?,
            exclusions: requirements(&json(&out.join("exclusions.json"))?)?,
            seats: self.table(&out.join("plan.csv"), SEATS)?,
            certificate: json(&out.join("certificate.json"))?,
        })
    }

    fn modules_of_c(&self, out: &Path) -> Result<Modules, DoorsError> {
        let plan = json(&out.join("plan.json"))?;
        Ok(Modules {
            needs: rows(&json(&out.join("needs.json"))?, NEEDS, Named::Json)?,
            tension: rows(&json(&out.join("tension.json"))?, TENSION, Named::Json)?,
            balance: rows(&json(&out.join("balance.json"))?["skills"], BALANCE, Named::Json)?,
            exclusions: requirements(&json(&out.join("exclusions.json"))?)?,
            seats: rows(&plan["seats"], SEATS, Named::Json)?,
            certificate: plan["certificate"].clone(),
        })
    }

    fn modules_of_python(&self, out: &Path) -> Result<Modules, DoorsError> {
        let mut exclusions = Rows::new();
        for of in json(&out.join("exclusions.json"))?.as_array().into_iter().flatten() {
            exclusions.extend(rows(of, EXCLUSIONS, Named::Column)?);
        }
        Ok(Modules {
            needs: rows(&json(&out.join("needs.json"))?, NEEDS, Named::Column)?,
            tension: rows(&json(&out.join("tension.json"))?, TENSION, Named::Column)?,
            balance: rows(&json(&out.join("balance.json"))?, BALANCE, Named::Column)?,
            exclusions,
            seats: self.table(&out.join("plan.csv"), SEATS)?,
            certificate: json(&out.join("certificate.json"))?,
        })
    }

    /// Runs the main job, which writes all of it.
    fn modules_of_command(
        &self,
        hub: &Path,
        out: &Path,
        targets: &Ids,
    ) -> Result<Modules, DoorsError> {
        self.workspace.call(&self.command).arg("hub").arg(hub).arg("-o").arg(out).read()?;
        let of: Vec<(&str, &str)> = [&[("", "occupation")], EXCLUSIONS].concat();
        let all = self.table(&out.join("exclusions.csv"), &of)?;
        let asked = (0..PAIRS).map(|at| &targets.ids[at * 7 % targets.ids.len()]);
        let exclusions = asked.flat_map(|id| all.iter().filter(move |row| row[0] == *id));
        Ok(Modules {
            needs: self.table(&out.join("consolidated_needs.csv"), NEEDS)?,
            tension: self.table(&out.join("tension.csv"), TENSION)?,
            balance: self.table(&out.join("skill_balance.csv"), BALANCE)?,
            exclusions: exclusions.map(|row| row[1..].to_vec()).collect(),
            seats: self.table(&out.join("plan.csv"), SEATS)?,
            certificate: json(&out.join("certificate.json"))?,
        })
    }

    /// Columns of a CSV file.
    fn table(&self, file: &Path, columns: &[(&str, &str)]) -> Result<Rows, DoorsError> {
        let columns: Vec<&OsStr> = columns.iter().map(|(_, column)| OsStr::new(column)).collect();
        let words = [&["--table".as_ref(), file.as_os_str()][..], &columns].concat();
        let told = self.call(&self.rust, &words)?;
        let form = || DoorsError::Form { path: file.into(), wanted: "rows" };
        serde_json::from_slice(&told).map_err(|_| form())
    }

    /// An empty folder for a door's answers: what one hub was asked must not stand for the next.
    fn folder(&self, door: &str) -> Result<PathBuf, DoorsError> {
        let folder = self.place.join(door);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).map_err(failed(&folder))?;
        Ok(folder)
    }

    fn call(&self, program: &Path, words: &[&OsStr]) -> Result<Vec<u8>, DoorsError> {
        Ok(self.workspace.call(program).args(words.to_vec()).read()?)
    }

    /// Runs the command, and brings its files into the form of the other doors. It takes people from
    /// a file: those that Rust saved, everyone of all pools once.
    fn command(
        &self,
        hub: &Path,
        rust: &Path,
        out: &Path,
        queries: &[&str],
    ) -> Result<(), DoorsError> {
        let (framework, people) = (hub.join("framework"), rust.join("people.passerelle"));
        let on = |words: &[&str]| {
            let call = self.workspace.call(&self.command).args(["--lang", "en"]);
            call.arg(words[0]).arg(&framework).arg(&people).args(words[1..].to_vec())
        };
        let npy = out.join("figures.npy");
        for measure in MEASURES {
            on(&["gap", "--measure", measure, "-o"]).arg(&npy).read()?;
            let bytes = read(&npy)?;
            // Six bytes of magic, two of version, two of the length of the header that follows.
            let data = 10 + usize::from(bytes[8]) + usize::from(bytes[9]) * 256;
            write(&out.join(format!("{measure}.bin")), &bytes[data..])?;
        }
        let (people, targets) = (Ids::beside(&npy, "rows")?, Ids::beside(&npy, "cols")?);
        let csv = out.join("ranking.csv");
        for strategy in STRATEGIES {
            for (best, of) in [("targets", "people"), ("people", "targets")] {
                let asked =
                    ["rank", "-k", &K.to_string(), "--strategy", strategy, "--for", of, "-o"];
                on(&asked).arg(&csv).read()?;
                let ranking = ranking(&csv, &people, &targets, best)?;
                write(&out.join(format!("{best}-{strategy}.bin")), &ranking)?;
            }
        }
        let mut why = Vec::new();
        for at in 0..PAIRS {
            let person = &people.ids[at * 997 % people.ids.len()];
            let target = &targets.ids[at * 31 % targets.ids.len()];
            why.push(on(&["explain", person, target, "--json"]).read()?);
        }
        write(&out.join("explain.json"), &array(&why))?;
        let mut found = Vec::new();
        for query in queries {
            let call = self.workspace.call(&self.command).args(["--lang", "en", "find", "--json"]);
            found.push(call.arg(&framework).arg(query).read()?);
        }
        write(&out.join("find.json"), &array(&found))
    }
}

/// What a door says of the hub's modules.
struct Modules {
    needs: Rows,
    tension: Rows,
    balance: Rows,
    exclusions: Rows,
    seats: Rows,
    certificate: Value,
}

impl Modules {
    /// Compares the answers of another door with these; gives how many they are.
    fn same(&self, door: &'static str, other: &Self) -> Result<usize, DoorsError> {
        let differs = |what: &str| Err(DoorsError::Differs { door, what: what.to_owned() });
        for (what, wanted, given) in [
            ("needs", &self.needs, &other.needs),
            ("tension", &self.tension, &other.tension),
            ("shortage and surplus", &self.balance, &other.balance),
            ("what keeps people out", &self.exclusions, &other.exclusions),
            ("the seats of the plan", &self.seats, &other.seats),
        ] {
            if wanted != given || wanted.is_empty() {
                let at = wanted.iter().zip(given).take_while(|(one, other)| one == other).count();
                return differs(&format!("{what}, from row {at} on"));
            }
        }
        if self.certificate != other.certificate || self.certificate.is_null() {
            return differs("the certificate of the plan");
        }
        Ok(6)
    }
}

/// What the members of an answer are called by.
#[derive(Clone, Copy)]
enum Named {
    Json,
    Column,
}

/// Some members of each object of an array.
fn rows(of: &Value, members: &[(&str, &str)], named: Named) -> Result<Rows, DoorsError> {
    let form = |wanted| DoorsError::Form { path: "an answer about a hub".into(), wanted };
    let objects = of.as_array().ok_or_else(|| form("rows"))?;
    let cell = |object: &Value, &(pointer, column): &(&str, &str)| {
        let value = match named {
            Named::Json => object.pointer(pointer),
            Named::Column => object.get(column),
        };
        Ok(match value.ok_or_else(|| form("all that is compared"))? {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        })
    };
    objects.iter().map(|object| members.iter().map(|one| cell(object, one)).collect()).collect()
}

/// The requirements of all exclusions, one after the other.
fn requirements(exclusions: &Value) -> Result<Rows, DoorsError> {
    let mut all = Rows::new();
    for one in exclusions.as_array().into_iter().flatten() {
        all.extend(rows(&one["requirements"], EXCLUSIONS, Named::Json)?);
    }
    Ok(all)
}

/// The ids that the command writes beside a matrix.
struct Ids {
    ids: Vec<String>,
    positions: HashMap<String, usize>,
}

impl Ids {
    fn beside(npy: &Path, what: &str) -> Result<Self, DoorsError> {
        let path = npy.with_extension(format!("{what}.csv"));
        let text = String::from_utf8_lossy(&read(&path)?).into_owned();
        let ids = text.lines().skip(1).filter_map(|line| line.split(',').nth(1));
        let ids: Vec<String> = ids.map(str::to_owned).collect();
        let positions = ids.iter().cloned().zip(0..).collect();
        Ok(Self { ids, positions })
    }
}

/// Positions and scores of a ranking that the command wrote: padded rows, as buffers have them.
fn ranking(path: &Path, people: &Ids, targets: &Ids, best: &str) -> Result<Vec<u8>, DoorsError> {
    let rows = if best == "targets" { people.ids.len() } else { targets.ids.len() };
    let (mut positions, mut scores) = (vec![-1_i32; rows * K], vec![0_f32; rows * K]);
    let text = String::from_utf8_lossy(&read(path)?).into_owned();
    for line in text.lines().skip(1) {
        // Ids stand first, then a label, which may hold commas, and nine figures.
        let mut front = line.split(',');
        let mut back = line.rsplit(',').skip(7);
        let found = (|| {
            let person = *people.positions.get(front.next()?)?;
            let target = *targets.positions.get(front.next()?)?;
            let score: f32 = back.next()?.parse().ok()?;
            let rank: usize = back.next()?.parse().ok()?;
            let (row, column) = if best == "targets" { (person, target) } else { (target, person) };
            Some((row * K + rank - 1, i32::try_from(column).ok()?, score))
        })();
        let form = || DoorsError::Form { path: path.into(), wanted: "results of known people" };
        let (at, position, score) = found.ok_or_else(form)?;
        (positions[at], scores[at]) = (position, score);
    }
    let positions = positions.iter().flat_map(|one| one.to_le_bytes());
    Ok(positions.chain(scores.iter().flat_map(|one| one.to_le_bytes())).collect())
}

/// JSON texts as one array.
fn array(texts: &[Vec<u8>]) -> Vec<u8> {
    [b"[".as_slice(), &texts.join(b",".as_slice()), b"]"].concat()
}

/// Compares the files of two doors; gives how many they are.
fn same(
    door: &'static str,
    rust: &Path,
    other: &Path,
    found: &[&str],
) -> Result<usize, DoorsError> {
    let differs = |what: String| Err(DoorsError::Differs { door, what });
    let best = |one| ["targets", "people"].map(|best| format!("{best}-{one}.bin"));
    let measures = MEASURES.iter().map(|one| format!("{one}.bin"));
    let files: Vec<String> = measures.chain(STRATEGIES.iter().flat_map(best)).collect();
    for name in &files {
        let (wanted, given) = (read(&rust.join(name))?, read(&other.join(name))?);
        if wanted != given || wanted.is_empty() {
            let at = wanted.iter().zip(&given).take_while(|(one, other)| one == other).count();
            return differs(format!("{name}, from entry {} on", at / 4));
        }
    }
    if json(&rust.join("explain.json"))? != json(&other.join("explain.json"))? {
        return differs("explanations".to_owned());
    }
    let answers = |door: &Path| -> Result<Vec<Vec<Value>>, DoorsError> {
        let all = json(&door.join("find.json"))?;
        let queries = all.as_array().into_iter().flatten();
        let fields = |one: &Value| found.iter().map(|&field| one[field].clone()).collect();
        Ok(queries.map(|one| one.as_array().into_iter().flatten().map(fields).collect()).collect())
    };
    let (wanted, given) = (answers(rust)?, answers(other)?);
    if wanted != given || wanted.iter().any(Vec::is_empty) {
        return differs("what is found by labels".to_owned());
    }
    Ok(files.len() + 2)
}

/// Compares gaps in whole numbers, which the command does not write.
fn same_cells(door: &'static str, rust: &Path, other: &Path) -> Result<usize, DoorsError> {
    let (wanted, given) = (read(&rust.join("cells.bin"))?, read(&other.join("cells.bin"))?);
    if wanted == given && !wanted.is_empty() {
        return Ok(1);
    }
    let at = wanted.iter().zip(&given).take_while(|(one, other)| one == other).count();
    Err(DoorsError::Differs { door, what: format!("cells.bin, from cell {} on", at / 4) })
}

fn alike(door: &'static str, given: &[u32], wanted: &[u32]) -> Result<(), DoorsError> {
    if given == wanted && !given.is_empty() {
        return Ok(());
    }
    Err(DoorsError::Differs { door, what: "gaps skill by skill".to_owned() })
}

/// The gaps skill by skill that a door wrote, without the positions of skills: level required and
/// held, weight, shortfall, necessity, class.
fn gaps_of(folder: &Path) -> Result<Vec<u32>, DoorsError> {
    let bytes = read(&folder.join("skills.bin"))?;
    let numbers = bytes.as_chunks::<4>().0.iter().map(|&one| u32::from_le_bytes(one));
    Ok(numbers.collect::<Vec<_>>().chunks(7).flat_map(|one| one[1..].to_vec()).collect())
}

/// The same, from explanations.
fn gaps_explained(folder: &Path) -> Result<Vec<u32>, DoorsError> {
    let path = folder.join("explain.json");
    let why = json(&path)?;
    let terms = why.as_array().into_iter().flatten().filter_map(|one| one["terms"].as_array());
    let number = |value: &Value| value.as_u64().and_then(|one| u32::try_from(one).ok());
    let place = |value: &Value, names: &[&str]| {
        let at = names.iter().position(|name| value == name);
        at.and_then(|at| u32::try_from(at).ok())
    };
    let of = |term: &Value| {
        Some([
            number(&term["required"])?,
            number(&term["held"]).unwrap_or(0),
            number(&term["weight"])?,
            number(&term["shortfall"])?,
            place(&term["necessity"], &["optional", "essential", "blocking"])?,
            place(&term["class"], &["maintain", "develop", "acquire", "unknown"])?,
        ])
    };
    let gaps: Option<Vec<[u32; 6]>> = terms.flatten().map(of).collect();
    Ok(gaps.ok_or(DoorsError::Form { path, wanted: "terms" })?.concat())
}

fn json(path: &Path) -> Result<Value, DoorsError> {
    serde_json::from_slice(&read(path)?)
        .map_err(|_| DoorsError::Form { path: path.into(), wanted: "JSON" })
}

fn read(path: &Path) -> Result<Vec<u8>, DoorsError> {
    fs::read(path).map_err(failed(path))
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), DoorsError> {
    fs::write(path, bytes).map_err(failed(path))
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> DoorsError {
    let path = path.to_owned();
    move |source| DoorsError::File { path, source }
}
