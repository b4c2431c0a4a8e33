//! Snapshots: what is saved comes back, and nothing else does.
#![cfg(feature = "snapshot")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use passerelle::snapshot::{self, Kind, Snapshot};
use passerelle::{
    Date, Error, EvidenceKind, Framework, HeldSkill, LabelRole, LevelScale, Necessity, Profiles,
    Requirement, Reuse, SkillAxis, SkillKind,
};
use proptest::prelude::*;

/// A small framework with a bit of everything.
fn demo() -> Framework {
    let mut builder = Framework::builder("démo", "1", "fr");
    builder.licence("Etalab 2.0", "the passerelle authors");
    let mastery = LevelScale::new("mastery", 4).unwrap().step_names(["aware", "", "able"]);
    let fine = LevelScale::new("fine", 700).unwrap().unit(100).unwrap();
    builder.scales(vec![mastery, fine]).unwrap();
    builder.weight_denominator(2).unwrap();
    builder.skill_group("metal").unwrap();
    builder.skill("weld", SkillKind::KnowHow).unwrap();
    builder.skill_with("read", SkillKind::Soft, Reuse::Transversal, Some("fine")).unwrap();
    builder.skill("unused", SkillKind::Knowledge).unwrap();
    builder.skill_broader("weld", "metal").unwrap();
    builder.skill_tag("weld", "energy").unwrap();
    builder.skill_label("weld", "fr", "Souder à l’arc").unwrap();
    builder.skill_text("weld", "en", LabelRole::Hidden, "wleding").unwrap();
    builder.prerequisite("weld", "read", true).unwrap();
    builder.prerequisite("unused", "weld", false).unwrap();
    builder.occupation_group("industry").unwrap();
    builder.occupation("welder").unwrap();
    builder.occupation("reader").unwrap();
    builder.occupation_broader("welder", "industry").unwrap();
    builder.occupation_text("welder", "fr", LabelRole::Preferred, "Soudeur / Soudeuse").unwrap();
    builder.occupation_tag("reader", "digital").unwrap();
    builder.job_title("welder", "fr", "Soudeur / Soudeuse TIG", Some("10")).unwrap();
    builder.job_title("reader", "en", "Proofreader", None).unwrap();
    let requirement = |level, weight, necessity| Requirement { level, weight, necessity };
    builder.require("welder", "read", requirement(650, 1, Necessity::Optional)).unwrap();
    builder.require("welder", "weld", requirement(4, 2, Necessity::Blocking)).unwrap();
    builder.require("reader", "read", requirement(1, 2, Necessity::Essential)).unwrap();
    builder.build().unwrap()
}

fn people(axis: &Arc<SkillAxis>) -> Profiles {
    let mut builder = Profiles::builder(axis);
    let held =
        |skill: &str, level, evidence, date: Option<&str>, assessor: Option<&str>| HeldSkill {
            skill: skill.to_owned(),
            level,
            evidence,
            date: date.map(|date| date.parse().unwrap()),
            assessor: assessor.map(str::to_owned),
        };
    let (first, second) = (Some("2024-02-29"), Some("1969-12-31"));
    for evidence in [
        held("weld", 3, EvidenceKind::Declared, None, None),
        held("weld", 0, EvidenceKind::Assessed, first, Some("assessor-2")),
        held("weld", 0, EvidenceKind::Assessed, first, Some("assessor-1")),
        held("read", 650, EvidenceKind::Vae, second, None),
    ] {
        builder.evidence("p1", &evidence).unwrap();
    }
    builder.person("p2").unwrap();
    builder.assessed_in_full("p3", "welder").unwrap();
    builder.build()
}

/// Walks over everything that can be reached by position, to show that nothing panics.
fn walk(framework: &Framework) -> usize {
    let mut seen = 0;
    for taxonomy in [framework.skills(), framework.occupations()] {
        for node in 0..u32::try_from(taxonomy.labels().concepts()).unwrap() {
            seen += taxonomy.labels().of(node).map(|label| label.text.len()).sum::<usize>();
            seen += taxonomy.tags(node).count() + taxonomy.broader().from(node).len();
            seen += taxonomy.label(node, "fr").map_or(0, str::len);
        }
    }
    for skill in 0..u32::try_from(framework.axis().len()).unwrap() {
        seen += usize::from(framework.axis().scale(skill).top());
        seen += framework.skill_name(skill, "fr").len();
        seen += framework.prerequisites().strict.from(skill).len();
    }
    for target in 0..u32::try_from(framework.required().len()).unwrap() {
        seen += framework.required().row(target).iter().count();
        seen += framework.occupation_name(target, "en").len();
        assert!(framework.required().total(target) > 0);
    }
    seen += framework.titles().iter().map(|title| title.title.len()).sum::<usize>();
    seen + usize::from(framework.axis().ids().position("weld").is_some())
}

fn walk_people(profiles: &Profiles) -> usize {
    (0..u32::try_from(profiles.len()).unwrap())
        .map(|person| {
            profiles.profile(person).held.len() + profiles.evidence(person, 0).iter().count()
        })
        .sum::<usize>()
        + profiles.spoken().entries()
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/snapshot").join(name)
}

fn entries(folder: &Path) -> usize {
    std::fs::read_dir(folder).unwrap().count()
}

/// Format 1 stays readable and is written the same for ever: these files are never made anew.
/// Should one be missing, the test writes it and fails.
#[test]
fn version_1_opens_for_ever_and_is_written_the_same() {
    let framework = demo();
    let profiles = people(framework.axis());
    let written = [
        ("framework-1.passerelle", Snapshot::of_framework(&framework)),
        ("profiles-1.passerelle", Snapshot::of_profiles(&profiles)),
    ];
    for (name, snapshot) in written {
        let path = fixture(name);
        let bytes = snapshot.to_bytes().unwrap();
        let Ok(golden) = std::fs::read(&path) else {
            std::fs::write(&path, &bytes).unwrap();
            panic!("{} was not there; look at it and commit it", path.display());
        };
        assert!(golden == bytes, "{name} is not written as it was");
    }
    let opened = snapshot::open_framework_file(fixture("framework-1.passerelle")).unwrap();
    assert_eq!(opened, framework);
    let path = fixture("profiles-1.passerelle");
    assert_eq!(snapshot::open_profiles_file(&path, framework.axis()).unwrap(), profiles);
    let summary = snapshot::verify_file(&path).unwrap();
    assert_eq!((summary.kind, summary.format), (Kind::Profiles, 1));
    assert_eq!(summary.counts[..2], [("people", 3), ("pieces of evidence", 4)]);
}

#[test]
fn a_cut_or_a_flipped_bit_is_an_error_and_trusted_opening_never_panics() {
    let framework = demo();
    let axis = framework.axis();
    let bytes = Snapshot::of_framework(&framework).to_bytes().unwrap();
    let of_people = Snapshot::of_profiles(&people(axis)).to_bytes().unwrap();
    for at in 0..bytes.len() {
        assert!(snapshot::open_framework(&bytes[..at]).is_err(), "cut at {at}");
        assert!(snapshot::open_trusted_framework(&bytes[..at]).is_err(), "cut at {at}");
    }
    for at in 0..of_people.len() {
        assert!(snapshot::open_profiles(&of_people[..at], axis).is_err(), "cut at {at}");
        assert!(snapshot::open_trusted_profiles(&of_people[..at], axis).is_err(), "cut at {at}");
    }
    let mut other_values = 0;
    for (at, bit) in (0..bytes.len()).flat_map(|at| (0..8).map(move |bit| (at, bit))) {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1 << bit;
        assert!(snapshot::open_framework(&flipped).is_err(), "byte {at}, bit {bit}");
        if let Ok(framework) = snapshot::open_trusted_framework(&flipped) {
            other_values += usize::from(walk(&framework) > 0);
        }
    }
    for (at, bit) in (0..of_people.len()).flat_map(|at| (0..8).map(move |bit| (at, bit))) {
        let mut flipped = of_people.clone();
        flipped[at] ^= 1 << bit;
        assert!(snapshot::open_profiles(&flipped, axis).is_err(), "byte {at}, bit {bit}");
        if let Ok(profiles) = snapshot::open_trusted_profiles(&flipped, axis) {
            other_values += usize::from(walk_people(&profiles) > 0);
        }
    }
    assert!(other_values > 0, "some flips leave the structure whole");
}

/// Sets a section's bytes and every checksum anew: what a forger would do.
fn forged(bytes: &[u8], section: &str, change: impl Fn(&mut [u8])) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let number = |bytes: &[u8], at: usize| {
        usize::try_from(u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap())).unwrap()
    };
    let rows = usize::try_from(u32::from_le_bytes(bytes[16..20].try_into().unwrap())).unwrap();
    let row = (1..=rows)
        .map(|row| row * 64)
        .find(|&row| {
            bytes[row..].starts_with(section.as_bytes()) && bytes[row + section.len()] == 0
        })
        .unwrap_or_else(|| panic!("no section {section}"));
    let (offset, length) = (number(&bytes, row + 48), number(&bytes, row + 56));
    change(&mut bytes[offset..offset + length]);
    let checksum = crc32(&bytes[offset..offset + length]);
    bytes[row + 44..row + 48].copy_from_slice(&checksum.to_le_bytes());
    bytes[20..24].fill(0);
    let checksum = crc32(&bytes[..64 * (rows + 1)]);
    bytes[20..24].copy_from_slice(&checksum.to_le_bytes());
    bytes
}

/// CRC-32 as the format's description gives it, bit by bit.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| {
            if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 }
        })
    })
}

#[test]
fn what_makes_no_sense_is_refused_whatever_the_checksums_say() {
    let framework = demo();
    let bytes = Snapshot::of_framework(&framework).to_bytes().unwrap();
    assert_eq!(forged(&bytes, "skills.kinds", |_| ()), bytes, "checksums are as described");
    type Change = fn(&mut [u8]);
    let cases: [(&str, Change); 14] = [
        ("skills.kinds", |b| b[0] = 4),
        ("skills.scales", |b| b[0] = 2),
        ("skills.ids.bytes", |b| b[0] = 0xFF),
        ("skills.ids.ends", |b| b[0] = 200),
        ("skills.labels.languages", |b| b[0] = 9),
        ("skills.labels.roles", |b| b[0] = 4),
        ("skills.broader.to", |b| b[0] = 0), // weld within itself
        ("occupations.tagged.to", |b| b[0] = 5),
        ("required.offsets", |b| b[8] = 0),
        ("required.skills", |b| b[0] = 3),
        ("required.levels", |b| b[0] = 5),
        ("required.weights", |b| b[0] = 0),
        ("required.totals", |b| b[0] ^= 1),
        ("titles.occupations", |b| b[0] = 2),
    ];
    for (section, change) in cases {
        let forged = forged(&bytes, section, change);
        match snapshot::open_framework(&forged) {
            Err(Error::SnapshotDamaged { problem }) => {
                let named = section.split('.').next().unwrap();
                assert!(problem.contains(named), "{section}: {problem}");
            }
            other => panic!("{section}: {other:?}"),
        }
    }
    // Advisory: unused → weld; turned into read → weld, which closes a cycle with weld → read.
    let cycle = forged(&bytes, "prerequisites.advisory.ends", |b| {
        b.copy_from_slice(&[0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]);
    });
    assert!(snapshot::open_framework(&cycle).unwrap_err().to_string().contains("cycle"));
    // Two skills of one id open, and do not verify.
    let twice = forged(&bytes, "occupations.ids.bytes", |b| b.copy_from_slice(b"welderwelder"));
    assert!(snapshot::open_framework(&twice).is_ok());
    assert!(snapshot::verify(&twice).unwrap_err().to_string().contains("`welder` occurs twice"));
}

#[test]
fn forged_profiles_are_refused() {
    let framework = demo();
    let axis = framework.axis();
    let bytes = Snapshot::of_profiles(&people(axis)).to_bytes().unwrap();
    type Change = fn(&mut [u8]);
    let cases: [(&str, Change); 6] = [
        ("evidence.skills", |b| b[0] = 3),
        ("evidence.skills", |b| b[0] = 2),
        ("evidence.levels", |b| b[1] = 255),
        ("evidence.kinds", |b| b[0] = 6),
        ("evidence.dates", |b| b[..4].copy_from_slice(&i32::MAX.to_le_bytes())),
        ("evidence.assessors", |b| b[0] = 2),
    ];
    for (section, change) in cases {
        let forged = forged(&bytes, section, change);
        let refused = snapshot::open_profiles(&forged, axis);
        assert!(matches!(refused, Err(Error::SnapshotDamaged { .. })), "{section}");
    }
    // The evidence that lost put first: opened, and not verified.
    let order = forged(&bytes, "evidence.kinds", |b| b.swap(0, 2));
    assert!(snapshot::open_profiles(&order, axis).is_ok());
    assert!(snapshot::verify(&order).unwrap_err().to_string().contains("order"));
}

#[test]
fn another_thing_another_version_and_another_kind_are_named() {
    let framework = demo();
    let axis = framework.axis();
    let bytes = Snapshot::of_framework(&framework).to_bytes().unwrap();
    for not in [&b""[..], b"PASSER", b"PK\x03\x04 an archive", &bytes[1..]] {
        let refused = snapshot::open_framework(not);
        assert!(matches!(refused, Err(Error::NotSnapshot { .. })), "{not:?}");
        assert!(matches!(snapshot::kind(not), Err(Error::NotSnapshot { .. })), "{not:?}");
    }
    let mut newer = bytes.clone();
    newer[8] = 2;
    newer.truncate(20); // nothing behind the version is looked at
    let refused = snapshot::open_framework(&newer);
    assert!(matches!(refused, Err(Error::SnapshotVersion { found: 2, supported: 1 })));
    let refused = snapshot::open_profiles(&bytes, axis).unwrap_err().to_string();
    assert_eq!(refused, "the snapshot holds a framework, not profiles");
    let of_people = Snapshot::of_profiles(&people(axis)).to_bytes().unwrap();
    let refused = snapshot::open_framework(&of_people);
    assert!(matches!(refused, Err(Error::SnapshotKind { expected: "a framework", .. })));
    assert_eq!(snapshot::kind(&bytes).unwrap(), Kind::Framework);
    assert_eq!(snapshot::kind(&of_people).unwrap(), Kind::Profiles);
    let mut later = bytes.clone();
    later[12] = 9;
    let later = forged(&later, "skills.kinds", |_| ());
    let refused = snapshot::open_framework(&later).unwrap_err().to_string();
    assert!(refused.contains("kind 9") && refused.contains("a framework"), "{refused}");
}

#[test]
fn profiles_are_refused_on_an_axis_that_is_not_theirs() {
    let axis = |version: &str, top: u16, last: &str| {
        let scale = LevelScale::new("steps", top).unwrap();
        Arc::new(SkillAxis::from_ids("demo", version, scale, ["weld", "read", last]).unwrap())
    };
    let made = axis("1", 700, "unused");
    let bytes = Snapshot::of_profiles(&people(&made)).to_bytes().unwrap();
    assert!(snapshot::open_profiles(&bytes, &axis("1", 700, "unused")).is_ok());
    let others = [
        (axis("2", 700, "unused"), "made for demo 1 (3 skills), used with demo 2"),
        (axis("1", 700, "cook"), "with other ids"),
        (axis("1", 701, "unused"), "on other scales"),
    ];
    for (other, says) in others {
        let refused = snapshot::open_profiles(&bytes, &other).unwrap_err();
        assert!(matches!(refused, Error::AxisMismatch { .. }));
        assert!(refused.to_string().contains(says), "{refused}");
    }
}

#[test]
fn a_snapshot_replaces_the_one_before_and_a_failure_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("demo.passerelle");
    let framework = demo();
    let snapshot = Snapshot::of_framework(&framework);
    std::fs::write(&path, "what was there before").unwrap();
    snapshot.save(&path).unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), snapshot.to_bytes().unwrap());
    assert_eq!(snapshot::kind_of_file(&path).unwrap(), Kind::Framework);
    assert_eq!(entries(folder.path()), 1);
    let missing = folder.path().join("missing").join("demo.passerelle");
    assert!(matches!(snapshot.save(&missing), Err(Error::File { path, .. }) if path == missing));
    assert!(snapshot.save(folder.path()).is_err(), "a folder is no file");
    assert_eq!(entries(folder.path()), 1);
    assert!(matches!(snapshot::open_framework_file(&missing), Err(Error::File { .. })));
    assert!(matches!(snapshot::open_framework_file(folder.path()), Err(Error::File { .. })));
    let empty = folder.path().join("empty");
    std::fs::write(&empty, "").unwrap();
    assert!(matches!(snapshot::open_framework_file(&empty), Err(Error::NotSnapshot { .. })));
}

#[cfg(unix)]
#[test]
fn a_folder_that_is_read_only_is_left_as_it_was() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let mode = |mode| std::fs::Permissions::from_mode(mode);
    std::fs::set_permissions(folder.path(), mode(0o555)).unwrap();
    if std::fs::write(folder.path().join("probe"), "").is_ok() {
        eprintln!("skipped: this user may write anywhere");
        return;
    }
    let framework = demo();
    let path = folder.path().join("demo.passerelle");
    let refused = Snapshot::of_framework(&framework).save(&path);
    assert!(matches!(refused, Err(Error::File { .. })));
    assert_eq!(entries(folder.path()), 0);
    std::fs::set_permissions(folder.path(), mode(0o755)).unwrap();
}

#[test]
fn a_framework_of_nothing_and_profiles_of_nobody_come_back() {
    let framework = Framework::builder("", "", "").build().unwrap();
    let bytes = Snapshot::of_framework(&framework).to_bytes().unwrap();
    assert_eq!(snapshot::open_framework(&bytes).unwrap(), framework);
    snapshot::verify(&bytes).unwrap();
    let profiles = Profiles::builder(framework.axis()).build();
    let bytes = Snapshot::of_profiles(&profiles).to_bytes().unwrap();
    assert_eq!(snapshot::open_profiles(&bytes, framework.axis()).unwrap(), profiles);
}

/// One step of building: which call, and what with.
type Step = (u8, u8, u8, u16, String);

fn framework_of(steps: &[Step]) -> Framework {
    let scales = vec![
        LevelScale::new("steps", 5).unwrap().step_names(["one", "", "three"]),
        LevelScale::new("fine", 700).unwrap().unit(100).unwrap(),
    ];
    let mut builder = Framework::builder("random", "1", "en");
    builder.scales(scales).unwrap().weight_denominator(7).unwrap();
    // What is refused leaves the builder as it was, so any steps make a framework.
    for (call, a, b, number, text) in steps {
        let (a, b) = (a % 12, b % 12);
        let (skill, group, occupation) = (format!("s{a}"), format!("g{a}"), format!("o{a}"));
        let (other, language) = (format!("s{b}"), ["fr", "en", "de"][usize::from(b) % 3]);
        let role = LabelRole::ALL[usize::from(*number) % LabelRole::ALL.len()];
        let _ = match call % 12 {
            0 => builder.skill(&skill, SkillKind::ALL[usize::from(b) % 4]).map(|_| ()),
            1 => builder
                .skill_with(&skill, SkillKind::Soft, Reuse::ALL[usize::from(b) % 4], Some("fine"))
                .map(|_| ()),
            2 => builder.skill_group(&group),
            3 => builder.skill_text(&skill, language, role, text),
            4 if a > b => builder.skill_broader(&skill, &other),
            5 if a > b => builder.prerequisite(&skill, &other, number % 2 == 0),
            6 => builder.skill_tag(&skill, text),
            7 => builder.occupation(&occupation).map(|_| ()),
            8 => builder.occupation_text(&occupation, language, role, text),
            9 => builder.job_title(&occupation, language, text, (b > 5).then_some(text)),
            10 => builder.occupation_tag(&occupation, text),
            _ => {
                let necessity = Necessity::ALL[usize::from(b) % 3];
                let requirement =
                    Requirement { level: number % 701, weight: number % 9, necessity };
                builder.require(&occupation, &other, requirement)
            }
        };
    }
    builder.set_aside_empty().unwrap();
    builder.build().unwrap()
}

fn profiles_of(axis: &Arc<SkillAxis>, steps: &[Step]) -> Profiles {
    let mut builder = Profiles::builder(axis);
    for (call, a, b, number, text) in steps {
        let person = format!("p{}", a % 5);
        let held = HeldSkill {
            skill: format!("s{}", b % 12),
            level: number % 6,
            evidence: EvidenceKind::ALL[usize::from(*call) % 6],
            date: (call % 3 > 0).then(|| Date::from_days(i32::from(*number) * 10).unwrap()),
            assessor: (call % 2 > 0).then(|| text.clone()),
        };
        let _ = match call % 8 {
            0 => builder.person(&person).map(|_| ()),
            1 => builder.assessed_in_full(&person, text),
            _ => builder.evidence(&person, &held),
        };
    }
    builder.build()
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (any::<u8>(), any::<u8>(), any::<u8>(), any::<u16>(), "\\PC{0,8}");
    prop::collection::vec(step, 0..120)
}

proptest! {
    #[test]
    fn save_then_open_is_the_identity(steps in steps()) {
        let framework = framework_of(&steps);
        let bytes = Snapshot::of_framework(&framework).to_bytes().unwrap();
        prop_assert_eq!(&snapshot::open_framework(&bytes).unwrap(), &framework);
        prop_assert_eq!(&snapshot::open_trusted_framework(&bytes).unwrap(), &framework);
        prop_assert_eq!(snapshot::verify(&bytes).unwrap().bytes, bytes.len() as u64);
        let profiles = profiles_of(framework.axis(), &steps);
        let bytes = Snapshot::of_profiles(&profiles).to_bytes().unwrap();
        prop_assert_eq!(&snapshot::open_profiles(&bytes, framework.axis()).unwrap(), &profiles);
        snapshot::verify(&bytes).unwrap();
    }

    #[test]
    fn any_bytes_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let snapshot = [b"PASSEREL\x01\0\0\0\x01\0\0\0".as_slice(), &bytes].concat();
        prop_assert!(snapshot::open_framework(&snapshot).is_err());
        prop_assert!(snapshot::verify(&bytes).is_err());
    }
}
