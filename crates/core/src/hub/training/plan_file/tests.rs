use super::*;
use crate::hub::training::instance::{Instance, InstanceSize};
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
    let found = |path: &std::path::Path| {
        let read = read_plan(path, &proof, &named)?;
        faults(&read, &named, &made.held, &made.required)
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
    let found = faults(&read, &named, &made.held, &made.required).unwrap();
    assert!(found.iter().any(|fault| fault.line.is_none()), "{found:?}");
}
