"""The metrics are scikit-learn's where both define the same, on random rankings; and where they do
not, the difference is what is said of it.

- A ranking here is an order. scikit-learn takes scores, and where these tie it gives the mean over
  the orders of what ties (nDCG), or looks at what ties together (average precision).
- What a ranking does not hold counts here as never found; scikit-learn ranks everything.
- Precision at k is divided by k here, also where less is ranked.
- Grades are gains, as in scikit-learn; what has a grade is relevant to the other metrics.
- There is no reciprocal rank in scikit-learn: it is the label ranking average precision of the
  first relevant thing alone.
"""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from refusals import often, tried
from sklearn.metrics import (
    average_precision_score,
    label_ranking_average_precision_score,
    ndcg_score,
    precision_score,
    recall_score,
)

import passerelle as ps

metrics = ps.evaluate.metrics
CLOSE = {"rel": 1e-12, "abs": 1e-12}
SEEDS = range(40)


def drawn(seed: int, levels: int | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Draw grades and scores of some things; of few levels the scores tie."""
    rng = np.random.default_rng(seed)
    many = int(rng.integers(2, 60))
    grades = rng.integers(0, 4, many) * (rng.random(many) < rng.uniform(0.1, 0.9))
    grades[rng.integers(many)] = 3
    scores = rng.permutation(many) if levels is None else rng.integers(0, levels, many)
    return grades.astype(float), scores.astype(float)


def by_score(scores: np.ndarray) -> list[int]:
    """Rank as passerelle does: the best first, of equal ones the lower position."""
    return np.lexsort((np.arange(len(scores)), -scores)).tolist()


def as_order(scores: np.ndarray) -> np.ndarray:
    """Give scores of the same order that do not tie."""
    order = np.empty(len(scores))
    order[by_score(scores)] = np.arange(len(scores))[::-1]
    return order


@pytest.mark.parametrize("levels", [None, 5], ids=["distinct", "tied"])
@pytest.mark.parametrize("seed", SEEDS)
def test_each_metric_is_that_of_scikit_learn(seed, levels):
    grades, scores = drawn(seed, levels)
    relevant, ranked = dict(enumerate(grades)), by_score(scores)
    # Ties are decided before either is asked.
    order = as_order(scores)[None]
    hits, k = grades > 0, int(np.random.default_rng(seed).integers(1, len(grades) + 1))
    ours = metrics(ranked, relevant, ["MAP", "MRR", f"nDCG@{k}", f"P@{k}", f"R@{k}", "nDCG@999"])

    assert ours["MAP"] == pytest.approx(average_precision_score(hits, order[0]), **CLOSE)
    # Of one query, the precision at each relevant label is the same sum.
    alike = label_ranking_average_precision_score(hits[None], order)
    assert ours["MAP"] == pytest.approx(alike, **CLOSE)
    first = np.zeros_like(hits)
    first[next(at for at in ranked if hits[at])] = True
    alone = label_ranking_average_precision_score(first[None], order)
    assert ours["MRR"] == pytest.approx(alone, **CLOSE)
    assert ours[f"nDCG@{k}"] == pytest.approx(ndcg_score(grades[None], order, k=k), **CLOSE)
    assert ours["nDCG@999"] == pytest.approx(ndcg_score(grades[None], order), **CLOSE)
    chosen = np.isin(np.arange(len(grades)), ranked[:k])
    assert ours[f"P@{k}"] == pytest.approx(precision_score(hits, chosen), **CLOSE)
    assert ours[f"R@{k}"] == pytest.approx(recall_score(hits, chosen), **CLOSE)


@pytest.mark.parametrize("seed", SEEDS)
def test_ndcg_of_ties_is_scikit_learns_in_the_mean_over_their_orders(seed):
    rng = np.random.default_rng(seed)
    grades = rng.integers(0, 4, 6).astype(float)
    grades[0] = 2
    scores = rng.integers(0, 3, 6).astype(float)
    orders = [
        order
        for order in itertools.permutations(range(6))
        if all(scores[one] >= scores[other] for one, other in itertools.pairwise(order))
    ]
    k = int(rng.integers(1, 7))
    ours = [metrics(order, dict(enumerate(grades)), [f"nDCG@{k}"])[f"nDCG@{k}"] for order in orders]
    assert np.mean(ours) == pytest.approx(ndcg_score(grades[None], scores[None], k=k), **CLOSE)


def test_ties_are_one_step_of_scikit_learns_average_precision_and_an_order_here():
    hits, tied = np.array([True, False]), np.array([1.0, 1.0])
    assert average_precision_score(hits, tied) == 0.5
    assert [metrics(order, {0}, ["MAP"])["MAP"] for order in ([0, 1], [1, 0])] == [1.0, 0.5]


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_not_ranked_is_never_found(seed):
    grades, scores = drawn(seed)
    ranked = by_score(scores)
    half = ranked[: len(ranked) // 2]
    hits = grades > 0
    ours = metrics(half, dict(enumerate(grades)), ["MAP", "P@99", "R@99", "nDCG@99"])
    # As scikit-learn has it where only what is ranked may be found, over all that is relevant.
    found = np.isin(np.arange(len(grades)), half)
    share = (hits & found).sum() / hits.sum()
    cut = average_precision_score(hits & found, as_order(scores)) if share else 0.0
    assert ours["MAP"] == pytest.approx(cut * share, **CLOSE)
    assert ours["P@99"] == pytest.approx((hits & found).sum() / 99, **CLOSE)
    assert ours["R@99"] == pytest.approx(share, **CLOSE)
    best = np.sort(grades)[::-1] / np.log2(np.arange(len(grades)) + 2)
    there = sum(grades[at] / math.log2(place + 2) for place, at in enumerate(half))
    assert ours["nDCG@99"] == pytest.approx(there / best.sum(), **CLOSE)


def test_an_evaluation_is_the_mean_of_these(region):
    done = ps.evaluate.run("from-50", region, strategies="coverage", half="all")
    names = [name for name, _ in done.to_dict()["strategies"][0]["metrics"]]
    assert list(metrics(["a"], ["a"])) == names
    assert set(metrics(["a"], ["a"], ["MAP", "MRR", "nDCG@10", "P@1"]).values()) == {1.0}


def test_what_makes_no_ranking_is_refused():
    for call, said in [
        (lambda: metrics(["a", "b", "a"], ["a"]), "'a' twice"),
        (lambda: metrics(["a"], {"a": -1}), "grades 'a' -1"),
        (lambda: metrics(["a"], {"a": math.nan}), "grades 'a' nan"),
        (lambda: metrics(["a"], ["a"], ["F@3"]), "`metric`.*nDCG@k"),
        (lambda: metrics(["a"], ["a"], ["P@0"]), "`metric`"),
    ]:
        with pytest.raises(ps.errors.ArgumentError, match=said):
            call()
    assert set(metrics([], []).values()) == {0.0}
    assert set(metrics(["a"], {"a": 0}).values()) == {0.0}


IDS = st.none() | st.integers(-2, 3) | st.text(max_size=1) | st.lists(st.none(), max_size=1)


@often
@given(
    ranked=st.lists(IDS, max_size=4) | IDS,
    relevant=st.lists(IDS, max_size=4)
    | st.dictionaries(st.integers(0, 3), st.floats() | IDS, max_size=4),
    names=st.none() | st.lists(st.sampled_from(["MAP", "P@1", "R@0", "nDCG@", ""]) | IDS),
)
def test_any_ranking_is_measured_or_refused(ranked, relevant, names):
    done = tried(lambda: metrics(ranked, relevant, names))
    assert done is None or all(0 <= value <= 1 for value in done.values())
