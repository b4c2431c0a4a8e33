//! An index whose targets came and went ranks as one that is built from those that are there.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use passerelle::gap;
use passerelle::rank::{
    self, Cosine, Coverage, Gap, Overlap, Strategy, TargetIndex, TfIdf, targets_for_people,
};
use passerelle::{Cancel, Error, Held, Required, Run};
use proptest::prelude::*;
use proptest::strategy::Strategy as _;

use super::rankings::Longest;
use super::{Numbers, matrices, runs};

/// What happens to the targets that are there.
#[derive(Clone, Debug)]
enum Change {
    /// So many of those that are not there come.
    Come(usize),
    /// One of so many goes, from the first or the second of them on.
    Go(usize, usize),
}

/// Numbers around those at which stocks are put together, and a few.
fn change() -> impl proptest::strategy::Strategy<Value = Change> {
    prop_oneof![
        (0..4usize).prop_map(Change::Come),
        (400..1300usize).prop_map(Change::Come),
        (1..5usize, 0..2usize).prop_map(|(of, from)| Change::Go(of, from)),
        (200..900usize, 0..2usize).prop_map(|(of, from)| Change::Go(of, from)),
    ]
}

/// Targets some of which are there, in the order of `there`, and an index of those.
struct Market<'a> {
    all: &'a Required,
    there: Vec<u32>,
    /// The next to come.
    next: usize,
    index: TargetIndex<dyn Strategy>,
}

impl<'a> Market<'a> {
    fn open(all: &'a Required, first: usize, strategy: Box<dyn Strategy>) -> Self {
        let there: Vec<u32> = (0..first as u32).collect();
        let required = all.select(&there).unwrap();
        let index = TargetIndex::new(&required, strategy, &Run::new().threads(2)).unwrap();
        Self { all, there, next: first, index }
    }

    fn change(&mut self, change: &Change) {
        let run = Run::new().threads(2);
        match *change {
            Change::Come(count) => {
                let to = (self.next + count).min(self.all.len());
                let new: Vec<u32> = (self.next as u32..to as u32).collect();
                self.index.add(&self.all.select(&new).unwrap(), &run).unwrap();
                self.next = to;
                self.there.extend(new);
            }
            Change::Go(of, from) => {
                let gone: Vec<u32> = (from as u32..self.there.len() as u32).step_by(of).collect();
                self.index.remove(&gone, &run).unwrap();
                let mut at = 0..;
                self.there.retain(|_| gone.binary_search(&at.next().unwrap()).is_err());
            }
        }
    }

    /// The same bits as from an index of what is there.
    fn check(&self, held: &Held, ks: &[usize]) {
        let required = self.all.select(&self.there).unwrap();
        assert_eq!(self.index.targets(), required.targets());
        for run in runs() {
            for &k in ks {
                let fresh = targets_for_people(held, &required, k, self.index.strategy(), &run);
                assert_eq!(self.index.rank(held, k, &run).unwrap(), fresh.unwrap(), "{run:?}");
            }
        }
    }
}

fn strategies() -> [Box<dyn Strategy>; 5] {
    [Box::new(Cosine), Box::new(Coverage), Box::new(Gap), Box::new(Overlap), Box::new(Longest)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn an_index_that_changed_ranks_as_a_new_one(
        seed in any::<u64>(),
        first in 0..1500usize,
        changes in prop::collection::vec(change(), 1..7),
        // Levels of few codes and of more than there are; targets alike, so that many are level.
        (high, cells) in prop_oneof![Just((2, 2)), Just((5, 12)), Just((300, 12))],
    ) {
        let mut numbers = Numbers(seed);
        let people = numbers.matrix(7, 90, cells + 6, (0, high), 1);
        let targets = numbers.matrix(4000, 90, cells, (1, high), 3);
        let (held, all) = matrices(&people, &targets);
        for strategy in strategies() {
            let mut market = Market::open(&all, first, strategy);
            for change in &changes {
                market.change(change);
            }
            market.check(&held, &[1, 10, 700]);
        }
    }
}

#[test]
fn stocks_of_several_blocks_lose_and_gain_targets() {
    let mut numbers = Numbers(4);
    let people = numbers.matrix(5, 300, 20, (0, 5), 1);
    let targets = numbers.matrix(21_000, 300, 5, (1, 5), 3);
    let (held, all) = matrices(&people, &targets);
    for strategy in [Box::new(Cosine) as Box<dyn Strategy>, Box::new(Gap)] {
        let mut market = Market::open(&all, 17_000, strategy);
        for change in [Change::Go(3, 1), Change::Come(4000), Change::Go(2, 0)] {
            market.change(&change);
            market.check(&held, &[10]);
        }
    }
}

#[test]
fn an_index_may_be_emptied_and_filled_again() {
    let mut numbers = Numbers(5);
    let people = numbers.matrix(5, 30, 8, (0, 5), 1);
    let (held, all) = matrices(&people, &numbers.matrix(1200, 30, 5, (1, 5), 3));
    for strategy in strategies() {
        let mut market = Market::open(&all, 0, strategy);
        market.check(&held, &[3]);
        for change in [Change::Come(600), Change::Go(1, 0), Change::Come(0), Change::Come(600)] {
            market.change(&change);
            market.check(&held, &[3]);
        }
    }
}

/// Does work that is stopped after so many microseconds; whether it came to its end.
fn stopped_after(micros: u64, work: impl FnOnce(&Run) -> passerelle::Result<()>) -> bool {
    let cancel = Cancel::new();
    let run = Run::new().threads(2).cancel(&cancel);
    if micros == 0 {
        cancel.cancel();
    }
    thread::scope(|scope| {
        scope.spawn(|| {
            thread::sleep(Duration::from_micros(micros));
            cancel.cancel();
        });
        match work(&run) {
            Ok(()) => true,
            Err(Error::Cancelled) => false,
            Err(error) => panic!("{error}"),
        }
    })
}

#[test]
fn a_change_that_is_stopped_is_whole_or_none() {
    let mut numbers = Numbers(7);
    let people = numbers.matrix(3, 300, 20, (0, 5), 1);
    let targets = numbers.matrix(40_000, 300, 5, (1, 5), 3);
    let (held, all) = matrices(&people, &targets);
    let some = |span: std::ops::Range<u32>| all.select(&span.collect::<Vec<_>>()).unwrap();
    let gone: Vec<u32> = (0..20_300).step_by(2).collect();
    for micros in [0, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000] {
        // The last stock is small: it is put together with what comes.
        let mut market = Market::open(&all, 20_000, Box::new(Cosine));
        market.change(&Change::Come(300));
        if stopped_after(micros, |run| market.index.add(&some(20_300..40_000), run)) {
            market.there.extend(20_300..40_000);
        }
        market.check(&held, &[10]);
        if stopped_after(micros, |run| market.index.remove(&gone, run)) {
            market.there.retain(|at| gone.binary_search(at).is_err());
        }
        market.check(&held, &[10]);

        let mut there: Vec<u32> = (0..20_300).collect();
        let required = some(0..20_300);
        let mut index = gap::Index::new(required.rows(), &Run::new()).unwrap();
        let same = |index: &gap::Index, there: &[u32]| {
            let required = all.select(there).unwrap();
            let fresh = gap::Index::new(required.rows(), &Run::new()).unwrap();
            let mut gaps = [vec![0_u16; 3 * there.len()], vec![0; 3 * there.len()]];
            for (index, gaps) in [index, &fresh].into_iter().zip(&mut gaps) {
                index.gap_into(held.rows(), 0, gaps, &Run::new()).unwrap();
            }
            assert_eq!(gaps[0], gaps[1], "{micros}");
        };
        if stopped_after(micros, |run| index.add(some(20_300..40_000).rows(), run)) {
            there.extend(20_300..40_000);
        }
        same(&index, &there);
        if stopped_after(micros, |run| index.remove(&gone, run)) {
            there.retain(|at| gone.binary_search(at).is_err());
        }
        same(&index, &there);
    }
}

#[test]
fn what_no_index_takes_is_refused_and_changes_nothing() {
    let run = Run::new();
    let mut numbers = Numbers(6);
    let (held, all) =
        matrices(&numbers.matrix(3, 9, 5, (0, 5), 1), &numbers.matrix(9, 9, 5, (1, 5), 3));
    let (_, others) =
        matrices(&numbers.matrix(3, 8, 5, (0, 5), 1), &numbers.matrix(9, 8, 5, (1, 5), 3));
    let tfidf = TargetIndex::new(&all, Box::new(TfIdf::fit(&all)), &run);
    assert!(matches!(tfidf.unwrap_err(), Error::Argument { name: "strategy", .. }));

    let mut index = TargetIndex::new(&all, Box::new(Coverage), &run).unwrap();
    let before = (Arc::clone(index.targets()), index.rank(&held, 3, &run).unwrap());
    let again = all.select(&[8]).unwrap();
    assert!(matches!(index.add(&again, &run), Err(Error::Duplicate { id, .. }) if id == "t8"));
    assert!(matches!(index.add(&others, &run), Err(Error::AxisMismatch { .. })));
    for wrong in [&[0, 9][..], &[3, 3], &[4, 2]] {
        let refused = index.remove(wrong, &run);
        assert!(matches!(refused, Err(Error::Argument { name: "positions", .. })));
    }
    let (mut at, mut scores) = ([7; 8], [7.0; 8]);
    let refused = index.rank_into(&held, 3, (&mut at, &mut scores), &run);
    assert!(matches!(refused, Err(Error::ArrayLength { array: "positions", .. })));
    assert_eq!((at, scores), ([7; 8], [7.0; 8]));
    assert!(matches!(index.rank(&held, 0, &run), Err(Error::Argument { name: "k", .. })));
    assert_eq!((Arc::clone(index.targets()), index.rank(&held, 3, &run).unwrap()), before);

    let (mut at, mut scores) = ([7; 9], [7.0; 9]);
    index.rank_into(&held, 3, (&mut at, &mut scores), &run).unwrap();
    assert_eq!((&at[..], &scores[..]), {
        let ranking = &before.1;
        (ranking.positions().as_slice().unwrap(), ranking.scores().as_slice().unwrap())
    });
    assert_eq!(rank::Scoring::Bounded, before.1.scoring());
}
