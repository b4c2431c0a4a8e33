//! An attacker with the totals, the release before and a solver learns no more than E5 allows.
#![cfg(feature = "trust")]

use std::collections::BTreeMap;

use microlp::{ComparisonOp, OptimizationDirection, Problem, SolveOptions, SolveOutcome};
use passerelle::trust::{Reason, Release, Rules, Table, suppress};
use proptest::prelude::*;

/// A random hierarchy: leaves under nodes under a total, crossed with columns.
#[derive(Clone, Debug)]
struct Tree {
    /// How many leaves each node has.
    nodes: Vec<usize>,
    columns: usize,
    counts: Vec<u64>,
}

fn trees() -> impl Strategy<Value = Tree> {
    let count = prop_oneof![
        2 => Just(0u64),
        4 => 1u64..11,
        4 => 11u64..60,
        1 => 60u64..500,
    ];
    (proptest::collection::vec(1usize..5, 1..4), 1usize..4).prop_flat_map(
        move |(nodes, columns)| {
            let cells = nodes.iter().sum::<usize>() * columns;
            proptest::collection::vec(count.clone(), cells).prop_map(move |counts| Tree {
                nodes: nodes.clone(),
                columns,
                counts,
            })
        },
    )
}

/// The table of a tree. `fine` leaves the leaves out when it is not set.
fn table(tree: &Tree, fine: bool) -> Table {
    let mut table = Table::builder();
    let mut leaf = 0;
    let mut by_node: Vec<Vec<u64>> = Vec::new();
    let mut leaves: Vec<Vec<usize>> = Vec::new();
    for &count in &tree.nodes {
        let mut sums = vec![0; tree.columns];
        leaves.push((leaf..leaf + count).collect());
        for _ in 0..count {
            for (column, sum) in sums.iter_mut().enumerate() {
                *sum += tree.counts[leaf * tree.columns + column];
            }
            leaf += 1;
        }
        by_node.push(sums);
    }
    let columns: Vec<String> =
        (0..tree.columns).map(|c| format!("c{c}")).chain(["all".into()]).collect();
    let with_all = |counts: &[u64]| {
        let mut counts = counts.to_vec();
        counts.push(counts.iter().sum());
        counts
    };
    let mut rows: Vec<(String, Vec<u64>, Vec<String>)> = Vec::new();
    for (at, sums) in by_node.iter().enumerate() {
        let mut parts = Vec::new();
        if fine {
            for &leaf in &leaves[at] {
                let counts = &tree.counts[leaf * tree.columns..(leaf + 1) * tree.columns];
                parts.push(format!("l{leaf}"));
                rows.push((format!("l{leaf}"), with_all(counts), vec![]));
            }
        }
        rows.push((format!("n{at}"), with_all(sums), parts));
    }
    let mut total = vec![0; tree.columns];
    for sums in &by_node {
        total.iter_mut().zip(sums).for_each(|(total, sum)| *total += sum);
    }
    let nodes = (0..by_node.len()).map(|at| format!("n{at}")).collect();
    rows.push(("total".into(), with_all(&total), nodes));
    for (row, counts, _) in &rows {
        for (column, &count) in columns.iter().zip(counts) {
            table.cell(&format!("{row}.{column}"), count).unwrap();
        }
    }
    for (row, _, parts) in &rows {
        if tree.columns > 0 {
            let cells: Vec<_> =
                columns[..tree.columns].iter().map(|column| format!("{row}.{column}")).collect();
            table.sum(&format!("{row}.all"), &cells).unwrap();
        }
        if !parts.is_empty() {
            for column in &columns {
                let cells: Vec<_> = parts.iter().map(|part| format!("{part}.{column}")).collect();
                table.sum(&format!("{row}.{column}"), &cells).unwrap();
            }
        }
    }
    table.build()
}

/// What somebody who sees releases of the same data works out of each cell that all of them hide:
/// the least and the greatest that it can be.
fn attack(releases: &[&Release]) -> BTreeMap<String, (f64, f64)> {
    let mut known: BTreeMap<&str, u64> = BTreeMap::new();
    let mut cells: BTreeMap<&str, usize> = BTreeMap::new();
    for release in releases {
        for (id, shown) in release.shown() {
            let next = cells.len();
            cells.entry(id).or_insert(next);
            known.extend(shown.map(|count| (id, count)));
        }
    }
    let hidden: Vec<&str> = cells.keys().copied().filter(|id| !known.contains_key(id)).collect();
    let extreme = |of: &str, direction| {
        let mut program = Problem::new(direction);
        let variables: BTreeMap<&str, _> = hidden
            .iter()
            .map(|&id| (id, program.add_var(if id == of { 1.0 } else { 0.0 }, (0.0, 1e5))))
            .collect();
        for release in releases {
            let table = release.table();
            for (total, parts) in table.sums() {
                let (mut row, mut rest) = (Vec::new(), 0.0);
                for (&cell, sign) in parts.iter().map(|part| (part, 1.0)).chain([(total, -1.0)]) {
                    let id = table.ids()[cell as usize].as_str();
                    match known.get(id) {
                        Some(&count) => rest -= sign * count as f64,
                        None => row.push((variables[id], sign)),
                    }
                }
                if !row.is_empty() {
                    program.add_constraint(row, ComparisonOp::Eq, rest);
                }
            }
        }
        match program.solve_with(SolveOptions::default()) {
            Ok(SolveOutcome::Solution(solution)) => solution.objective(),
            other => panic!("the truth is a solution: {other:?}"),
        }
    };
    hidden
        .iter()
        .map(|&id| {
            let low = extreme(id, OptimizationDirection::Minimize);
            let high = extreme(id, OptimizationDirection::Maximize);
            (id.to_owned(), (low, high))
        })
        .collect()
}

fn counts(tree: &Tree) -> BTreeMap<String, u64> {
    // A release of everything tells the counts: nothing is under a threshold of 2 but 1.
    let table = table(tree, true);
    let value = serde_json::to_value(&table).unwrap();
    let ids = value["ids"].as_array().unwrap();
    let counts = value["counts"].as_array().unwrap();
    ids.iter()
        .zip(counts)
        .map(|(id, count)| (id.as_str().unwrap().to_owned(), count.as_u64().unwrap()))
        .collect()
}

/// The same release with every cell hidden: what an attacker would know without it.
fn silent(release: &Release) -> Release {
    let mut value = serde_json::to_value(release).unwrap();
    for hidden in value["hidden"].as_array_mut().unwrap() {
        *hidden = "protecting".into();
    }
    serde_json::from_value(value).unwrap()
}

fn check(tree: &Tree, before: &[&Release], last: &Release) -> Result<(), TestCaseError> {
    let truth = counts(tree);
    let nothing = silent(last);
    let of = |release| attack(&before.iter().copied().chain([release]).collect::<Vec<_>>());
    let without = of(&nothing);
    let given_away: Vec<&str> = last.narrowed_before().collect();
    prop_assert!(!before.is_empty() || given_away.is_empty());
    for (id, (low, high)) in of(last) {
        let count = truth[&id] as f64;
        let hidden = last.shown().any(|(known, shown)| known == id && shown.is_none());
        if !hidden {
            continue;
        }
        let wanted = if (1.0..11.0).contains(&count) {
            (1.0, 10.0)
        } else {
            ((count - 5.0).max(0.0), count + 5.0)
        };
        if given_away.contains(&id.as_str()) {
            // The release before tells that much; this one adds nothing.
            let (least, most) = without[&id];
            prop_assert!((low - least).abs() < 1e-6 && (high - most).abs() < 1e-6, "{id}");
            continue;
        }
        prop_assert!(
            low <= wanted.0 + 1e-6 && high >= wanted.1 - 1e-6,
            "{id} is {count}, known to be within {low}..={high}"
        );
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn no_hidden_cell_is_narrowed_further_than_allowed(tree in trees()) {
        let table = table(&tree, true);
        let release = suppress(&table, Rules::default(), None);
        for (id, shown) in release.shown() {
            let count = counts(&tree)[id];
            prop_assert!(shown.is_none_or(|shown| shown == count && (shown == 0 || shown > 10)));
        }
        check(&tree, &[], &release)?;
    }

    #[test]
    fn nor_with_the_release_before(tree in trees()) {
        let coarse = suppress(&table(&tree, false), Rules::default(), None);
        let fine = suppress(&table(&tree, true), Rules::default(), Some(&coarse));
        prop_assert_eq!(fine.known_before().count(), 0);
        check(&tree, &[&coarse], &fine)?;
    }
}

#[test]
fn what_is_hidden_is_said_and_a_lower_threshold_too() {
    let table = Table::crossed(&["nord", "aisne"], &["women", "men"], &[40, 3, 25, 30]).unwrap();
    let release = suppress(&table, Rules::default(), None);
    assert_eq!(release.get("nord/men"), None);
    assert_eq!(release.hidden_for(Reason::Small), 1);
    assert!(release.hidden_for(Reason::Protecting) >= 3, "a rectangle, at least");
    assert!(release.note("en").contains("1 are about 1 to 10 people"), "{}", release.note("en"));
    let lower = suppress(&table, Rules::default().threshold(3).unwrap(), None);
    assert_eq!(lower.get("nord/men"), Some(3));
    assert!(lower.note("fr").contains("seuil abaissé"), "{}", lower.note("fr"));
    assert!(Rules::default().threshold(1).is_err());
    let zero = Table::crossed(&["nord"], &["women", "men"], &[0, 40]).unwrap();
    let shown = suppress(&zero, Rules::default(), None);
    assert_eq!(shown.get("nord/women"), Some(0), "zeros are shown");
    let hidden = suppress(&zero, Rules::default().hide_zeros(), None);
    assert_eq!(hidden.get("nord/women"), None);
}

#[test]
fn what_the_release_before_gave_away_is_said() {
    let table = Table::crossed(&["nord", "aisne"], &["x"], &[40, 5]).unwrap();
    let careless = suppress(&table, Rules::default().threshold(2).unwrap(), None);
    let now = suppress(&table, Rules::default(), Some(&careless));
    assert_eq!(now.known_before().collect::<Vec<_>>(), ["aisne/x", "aisne/"]);
}
