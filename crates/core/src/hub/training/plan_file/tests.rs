use std::path::Path;
use std::sync::OnceLock;

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

use super::*;
use crate::hub::training::instance::{Instance, InstanceSize};
use crate::hub::training::offer::Buying;
use crate::hub::training::plan::{PlanOptions, plan};
use crate::run::Run;

fn solved() -> (Instance, PlanOptions, Plan) {
    let size = InstanceSize { people: 60, modules: 12, territories: 2, funders: 2, kinds: 0 };
    let made = Instance::draw(size, 3, &Run::new()).unwrap();
    let options = PlanOptions { rounds: 5, ..PlanOptions::new(made.from) };
    let Instance { offer, held, required, learners, .. } = &made;
    let found = plan(offer, held, required, learners, &options, &Run::new()).unwrap();
    assert!(found.entries.len() > 20, "{}", found.entries.len());
    (made, options, found)
}

#[test]
fn a_plan_comes_back_and_what_was_changed_is_found_with_its_line() {
    let (made, options, plan) = solved();
    let (offer, learners) = (&made.offer, &made.learners[..]);
    let (people, targets) = (made.held.people(), made.required.targets());
    let named = Named { offer, people, targets, learners };
    let folder = tempfile::tempdir().unwrap();
    let (path, proof) = (folder.path().join("plan.csv"), folder.path().join("certificate.json"));
    let mut seats = Vec::new();
    write_plan(&plan, &named, &mut seats).unwrap();
    std::fs::write(&path, &seats).unwrap();
    let record = serde_json::to_string(&PlanRecord::of(&plan, &options, &named)).unwrap();
    std::fs::write(&proof, &record).unwrap();
    let read = read_plan(&path, &proof, &named).unwrap();
    assert_eq!((&read.plan, read.options), (&plan, options));
    assert_eq!(read.lines[..2], [2, 3]);
    let found = |path: &Path| {
        let read = read_plan(path, &proof, &named)?;
        faults(&read, &named, &made.held, &made.required, &Run::new())
    };
    assert_eq!(found(&path).unwrap(), []);

    let text = String::from_utf8(seats).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let changed = |line: usize, column: usize, value: &str| {
        let mut lines: Vec<String> = lines.iter().map(|&line| line.to_owned()).collect();
        let mut fields: Vec<&str> = lines[line - 1].split(',').collect();
        fields[column] = value;
        lines[line - 1] = fields.join(",");
        std::fs::write(&path, lines.join("\n")).unwrap();
        found(&path)
    };
    // Refused as it is read: with the line, the column and the value.
    for (column, value) in [
        (0, "nobody"),
        (3, "another"),
        (4, "no-such"),
        (6, "yesterday"),
        (8, "x"),
        (10, "a:b"),
        (12, "2"),
    ] {
        let error = changed(5, column, value).unwrap_err().to_string();
        assert!(error.contains("line 5") && error.contains(value), "{error}");
    }
    // Read, and found by the checker.
    for (column, value) in [(9, "0.01"), (10, ""), (6, "2020-01-01")] {
        let faults = changed(5, column, value).unwrap();
        assert!(faults.iter().any(|fault| fault.line == Some(5)), "{column}: {faults:?}");
    }
    // A line that is taken out.
    std::fs::write(&path, [&lines[..4], &lines[5..]].concat().join("\n")).unwrap();
    assert!(!found(&path).unwrap().is_empty());
    // A figure of the certificate.
    std::fs::write(&path, &text).unwrap();
    let closed = format!("\"closed\":{}", plan.certificate.closed);
    assert!(record.contains(&closed));
    std::fs::write(&proof, record.replace(&closed, "\"closed\":1000000")).unwrap();
    let read = read_plan(&path, &proof, &named).unwrap();
    let found = faults(&read, &named, &made.held, &made.required, &Run::new()).unwrap();
    assert!(found.iter().any(|fault| fault.line.is_none()), "{found:?}");
}

/// A plan, its files, and what they are read against.
struct Written {
    made: Instance,
    plan: Plan,
    lines: Vec<Vec<String>>,
    record: Value,
}

fn written_once() -> &'static Written {
    static WRITTEN: OnceLock<Written> = OnceLock::new();
    WRITTEN.get_or_init(|| {
        let (made, options, plan) = solved();
        let named = named(&made);
        let mut seats = Vec::new();
        write_plan(&plan, &named, &mut seats).unwrap();
        let mut table = csv::ReaderBuilder::new().has_headers(false).from_reader(&seats[..]);
        let lines = table.records().map(|one| one.unwrap().iter().map(str::to_owned).collect());
        let lines = lines.collect();
        let record = serde_json::to_value(PlanRecord::of(&plan, &options, &named)).unwrap();
        Written { made, plan, lines, record }
    })
}

fn named(made: &Instance) -> Named<'_> {
    let (people, targets) = (made.held.people(), made.required.targets());
    Named { offer: &made.offer, people, targets, learners: &made.learners }
}

/// What is said of files: the lines at fault, and what is wrong.
fn refused(written: &Written, lines: &[Vec<String>], record: &Value) -> Option<Vec<PlanFault>> {
    let folder = tempfile::tempdir().unwrap();
    let (path, proof) = (folder.path().join("plan.csv"), folder.path().join("certificate.json"));
    let mut table = csv::WriterBuilder::new().from_path(&path).unwrap();
    lines.iter().for_each(|line| table.write_record(line).unwrap());
    table.flush().unwrap();
    std::fs::write(&proof, record.to_string()).unwrap();
    let named = named(&written.made);
    let line_of = |text: &str| text.split("line ").nth(1)?.split(',').next()?.parse().ok();
    match read_plan(Path::new(&path), &proof, &named) {
        Err(error) => {
            let problem = error.to_string();
            Some(vec![PlanFault { line: line_of(&problem), problem }])
        }
        Ok(read) => {
            let found =
                faults(&read, &named, &written.made.held, &written.made.required, &Run::new())
                    .unwrap();
            (!found.is_empty()).then_some(found)
        }
    }
}

/// Another of `all` than `own`, if there is one.
fn other(all: impl IntoIterator<Item = String>, own: &str, drawn: Index) -> Option<String> {
    let mut others: Vec<String> = all.into_iter().filter(|one| one != own).collect();
    others.sort_unstable();
    others.dedup();
    (!others.is_empty()).then(|| others.swap_remove(drawn.index(others.len())))
}

/// Tampers with a line as someone would who wants it to look right; the line, where it is still
/// there to be named. `None` where there is nothing to put in its place.
fn tamper_line(
    written: &Written,
    lines: &mut Vec<Vec<String>>,
    (kind, at, drawn): (u8, Index, Index),
) -> Option<Option<u64>> {
    let offer = &written.made.offer;
    let at = 1 + at.index(lines.len() - 1);
    let line = Some(at as u64 + 1);
    let days = |text: &str, by: i32| {
        let day: crate::Date = text.parse().unwrap();
        crate::Date::from_days(day.days() + by).unwrap().to_string()
    };
    let column =
        |column: usize| lines[1..].iter().map(|line| line[column].clone()).collect::<Vec<_>>();
    match kind {
        // A seat in another session of the module, with its place and its days.
        0 => {
            let session = offer.session_ids().position(&lines[at][4]).unwrap();
            let module = offer.sessions()[session as usize].module;
            let ids = offer.sessions_of(module).iter().map(|&s| offer.session_ids()[s].to_owned());
            let id = other(ids, &lines[at][4], drawn)?;
            let known = &offer.sessions()[offer.session_ids().position(&id).unwrap() as usize];
            let (start, end) = known.dates.unwrap();
            lines[at][4] = id;
            lines[at][5] = offer.territories()[known.territory].to_owned();
            (lines[at][6], lines[at][7]) = (start.to_string(), end.to_string());
            return Some(None);
        }
        1 => lines[at][9] = other(column(9), &lines[at][9], drawn)?,
        2 => {
            lines[at][8] = other(named(&written.made).budgets(), &lines[at][8], drawn)?;
            let session = offer.session_ids().position(&lines[at][4]).unwrap();
            if offer.sessions()[session as usize].buying == Buying::Individual {
                // Several may pay for seats of such a session: which was another's is not known.
                return Some(None);
            }
        }
        3 => {
            lines.remove(at);
            return Some(None);
        }
        4 => {
            let again = lines[at].clone();
            lines.insert(at, again);
            return Some(None);
        }
        5 => lines[at][6] = days(&lines[at][6], 1 + i32::try_from(drawn.index(20)).unwrap()),
        6 => lines[at][7] = days(&lines[at][7], -1 - i32::try_from(drawn.index(20)).unwrap()),
        7 => lines[at][10] = other(column(10), &lines[at][10], drawn)?,
        // Someone else in the seat, with their target and need.
        8 => {
            let people = written
                .made
                .learners
                .iter()
                .map(|one| written.made.held.people()[one.person].to_owned());
            let person = other(people, &lines[at][0], drawn)?;
            let who = written.made.held.people().position(&person);
            let learner = written.made.learners.iter().find(|one| Some(one.person) == who)?;
            lines[at][0] = person;
            lines[at][1] = written.made.required.targets()[learner.target].to_owned();
            lines[at][2] = learner.need.clone();
            return Some(None);
        }
        9 => lines[at][11] = other([String::new(), "s0000".to_owned()], &lines[at][11], drawn)?,
        10 => lines[at][12] = other(["0".to_owned(), "1".to_owned()], &lines[at][12], drawn)?,
        _ => lines[at][13] = other([String::new(), "s0000:1:".to_owned()], &lines[at][13], drawn)?,
    }
    Some(line)
}

/// Tampers with a certificate so that it says more than the seats and prices do.
fn tamper_record(written: &Written, record: &mut Value, (kind, drawn, by): (u8, Index, u64)) {
    let known = &written.plan.certificate;
    let index = |list: &Value| drawn.index(list.as_array().unwrap().len());
    match kind {
        0 => record["closed"] = json!(known.closed + by),
        1 => record["cents"] = json!(known.cents - by),
        // Beyond what rounding explains.
        2 => record["bound"] = json!(known.bound - known.bound / 1_000 - by),
        3 => record["bound_considered"] = json!(known.bound + by),
        4 => record["bound_considered"] = json!(known.closed - by),
        5 => {
            record["proven"] = json!(true);
            record["bound"] = json!(known.closed);
            record["bound_considered"] = json!(known.closed);
        }
        // At ten times the prices the room alone costs more than the bound.
        6 => {
            for price in record["limit_prices"].as_array_mut().unwrap() {
                let dear = price.as_str().unwrap().parse::<f64>().unwrap() * 10.0;
                *price = json!(format!("{dear:?}"));
            }
        }
        7 => {
            let at = index(&record["session_prices"]);
            record["session_prices"][at] = json!("-0.5");
        }
        8 => {
            let at = index(&record["purchases"]);
            record["purchases"].as_array_mut().unwrap().remove(at);
        }
        9 => {
            let purchases = record["purchases"].as_array_mut().unwrap();
            let again = purchases[drawn.index(purchases.len())].clone();
            purchases.push(again);
        }
        10 | 11 => {
            let at = index(&record["purchases"]);
            let figure = if kind == 10 { "people" } else { "cents" };
            let now = record["purchases"][at][figure].as_u64().unwrap();
            record["purchases"][at][figure] = json!(now + by);
        }
        12 => {
            let at = index(&record["open"]);
            record["open"].as_array_mut().unwrap().remove(at);
        }
        13 => {
            let at = index(&record["open"]);
            record["open"][at]["remaining"].as_array_mut().unwrap().remove(0);
        }
        14 => {
            let at = index(&record["open"]);
            record["open"][at]["weight"] = json!(1_000_000);
        }
        _ => {
            let open = &record["open"][index(&record["open"])];
            let who = json!([open["person"], open["target"]]);
            let session = record["purchases"][0]["session"].clone();
            let naming =
                json!({ "rule": "disabled", "sessions": [session], "named": who, "before": who });
            record["namings"].as_array_mut().unwrap().push(naming);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_tampered_seat_is_refused_with_its_line(
        kind in 0..12_u8,
        at in any::<Index>(),
        drawn in any::<Index>(),
    ) {
        let written = written_once();
        let mut lines = written.lines.clone();
        let Some(line) = tamper_line(written, &mut lines, (kind, at, drawn)) else { return Ok(()) };
        let found = refused(written, &lines, &written.record);
        prop_assert!(found.is_some(), "{kind}: {lines:?}");
        let found = found.unwrap();
        let names = |fault: &PlanFault| fault.line.is_some() && (line.is_none() || fault.line == line);
        prop_assert!(found.iter().any(names), "{kind}, {line:?}: {found:?}");
    }

    #[test]
    fn a_certificate_that_says_more_is_refused(
        kind in 0..16_u8,
        drawn in any::<Index>(),
        by in 1..40_u64,
    ) {
        let written = written_once();
        let mut record = written.record.clone();
        tamper_record(written, &mut record, (kind, drawn, by));
        prop_assert!(refused(written, &written.lines, &record).is_some(), "{kind}, {by}");
    }
}

/// What a certificate tells of how a plan was found proves nothing, and what is said less is so too.
#[test]
fn what_claims_nothing_may_be_changed() {
    let written = written_once();
    let known = &written.plan.certificate;
    for (key, value) in [
        ("rounds", json!(1)),
        ("classes", json!(0)),
        ("pathways", json!(0)),
        ("first_come", json!([0, 0])),
        ("bound", json!(known.bound + 1)),
        ("bound_considered", json!(known.closed)),
    ] {
        let mut record = written.record.clone();
        record[key] = value;
        assert_eq!(refused(written, &written.lines, &record), None, "{key}");
    }
}
