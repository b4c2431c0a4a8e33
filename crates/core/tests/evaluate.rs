//! Tasks on real frameworks, where these are at hand: the baselines that are known, and what beats
//! them.
#![cfg(feature = "evaluate")]
#![allow(clippy::cast_precision_loss, missing_docs)]

use std::path::{Path, PathBuf};

use passerelle::Run;
use passerelle::evaluate::{
    self, Contestant, Half, Judgements, Metric, Query, Ranks, Task, paired_bootstrap, ranker,
};
use passerelle::read;

/// The folder of the publishers' real files, as in the tests of readers.
fn real(name: &str) -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let data = std::env::var_os("PASSERELLE_DATA").map_or_else(beside, PathBuf::from);
    let folder = data.join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    let required = std::env::var_os("PASSERELLE_REQUIRE_DATA").is_some_and(|value| value == "1");
    assert!(!required, "{}: not there, and PASSERELLE_REQUIRE_DATA is 1", folder.display());
    println!("skipped: no real data at {}; set PASSERELLE_DATA", folder.display());
    None
}

#[test]
fn rome_mobility_has_its_known_baselines_and_occupations_alike_beat_them() {
    let Some(folder) = real("rome-4.60") else { return };
    let (framework, _) = read::framework(&folder).unwrap();
    let given = Judgements { links: Some(&folder), other: None };
    let (task, left_out) = evaluate::judged("mobility", &framework, given, "fr", 1).unwrap();
    let links: usize = task.queries.iter().map(|query| query.relevant.len()).sum();
    assert_eq!((task.queries.len(), links, left_out), (1584, 14_912, 0));
    let run = Run::new();
    let values = |name: &str| {
        let ranker = ranker(name, task.ranks, &framework, "fr", &run).unwrap();
        let outcome = evaluate::evaluate(&task.half(Half::Reporting), &ranker, &run).unwrap();
        outcome.of(Metric::Map).unwrap().to_vec()
    };
    let (cosine, tfidf, alike) = (values("ochiai"), values("tfidf(binary)"), values("alike"));
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    assert!((mean(&cosine) - 0.25).abs() < 0.01, "{}", mean(&cosine));
    assert!(paired_bootstrap(&tfidf, &cosine, 1).is_above_0());
    assert!(paired_bootstrap(&alike, &tfidf, 1).is_above_0());
    assert!(mean(&alike) >= 0.285, "{}", mean(&alike));
}

/// Ranks as it is told.
struct Told(Vec<Vec<u32>>);

impl Contestant for Told {
    fn name(&self) -> String {
        "told".to_owned()
    }

    fn rank(&self, _: &[Query], _: &Run) -> passerelle::Result<Vec<Vec<u32>>> {
        Ok(self.0.clone())
    }
}

#[test]
fn an_outcome_has_one_value_for_each_query_and_halves_share_none() {
    let query = |id: &str, relevant: &[u32]| Query {
        id: id.to_owned(),
        skills: Vec::new(),
        levels: Vec::new(),
        occupation: None,
        text: String::new(),
        unranked: Vec::new(),
        relevant: relevant.iter().map(|&at| (at, 1.0)).collect(),
    };
    let queries = vec![query("a", &[1]), query("b", &[0, 2])];
    let task = Task { name: "t".into(), ranks: Ranks::Skills, metric: Metric::Map, queries };
    let told = Told(vec![vec![0, 1, 2], vec![0, 1, 2]]);
    let outcome = evaluate::evaluate(&task, &told, &Run::new()).unwrap();
    assert_eq!(outcome.of(Metric::Map).unwrap(), [0.5, (1.0 + 2.0 / 3.0) / 2.0]);
    assert_eq!(outcome.of(Metric::Precision(1)).unwrap(), [0.0, 1.0]);
    let (one, two) = (task.half(Half::Tuning), task.half(Half::Reporting));
    assert_eq!(one.queries.len() + two.queries.len(), task.queries.len());
    // CRC-32 of "a" is e8b7be43, odd; of "b" 71beeff9, odd.
    assert_eq!(two.queries.len(), 2);
}
