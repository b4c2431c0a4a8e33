//! Frameworks and people in, from snapshots, folders or files.

use std::path::Path;

use passerelle::read::{self, LinkColumns, ProfilesOptions, ReadReport};
use passerelle::transfer::Transfer;
use passerelle::{Framework, Profiles, Result, near, snapshot};

/// Whether a path is a snapshot, by its name.
pub fn is_snapshot(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "passerelle")
}

/// A framework from a snapshot or a folder of a known format.
pub fn framework(path: &Path) -> Result<Framework> {
    if path.is_file() {
        return snapshot::open_framework_file(path);
    }
    let (framework, report) = read::framework(path)?;
    say_dropped(path, &report);
    Ok(framework)
}

/// People from a CSV file, a folder of them or a snapshot.
pub fn profiles(path: &Path, framework: &Framework) -> Result<Profiles> {
    if is_snapshot(path) {
        return snapshot::open_profiles_file(path, framework.axis());
    }
    let (profiles, report) = read::profiles(path, framework, &ProfilesOptions::default())?;
    say_dropped(path, &report);
    Ok(profiles)
}

/// Transfers by name, or from CSV files of `from`, `to` and `share`; together where several are
/// asked for, and none where none is.
pub fn transfer(names: &[String], framework: &Framework) -> Result<Transfer> {
    let mut all = Transfer::new(framework.axis(), [])?;
    for name in names {
        let one = if Path::new(name).is_file() {
            let columns = LinkColumns { from: "from", to: "to", grade: "share" };
            let (links, _) = read::links(name, &columns)?;
            #[expect(clippy::cast_possible_truncation, reason = "shares, rounded once")]
            let credits = links.iter().map(|l| (l.from.as_str(), l.to.as_str(), l.grade as f32));
            Transfer::new(framework.axis(), credits)?.never_blocking(framework.required())?
        } else {
            near::transfer(name, framework)?
        };
        all = all.with(&one)?;
    }
    Ok(all)
}

/// Says on standard error how many rows were dropped, so that nothing disappears unseen.
fn say_dropped(path: &Path, report: &ReadReport) {
    let dropped = report.rows() - report.kept();
    if dropped > 0 {
        eprintln!(
            "passerelle: {}: {dropped} of {} rows set aside (`info` lists the reasons)",
            path.display(),
            report.rows()
        );
    }
}
