"""The estimators are scikit-learn's own, and give what the package gives."""

import pickle

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from refusals import often
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import parametrize_with_checks

import passerelle as ps
from passerelle.sklearn import GapTransformer, TargetRecommender

LEVELS = arrays(np.uint16, st.tuples(st.integers(1, 6), st.just(4)), elements=st.integers(0, 5))


@parametrize_with_checks(
    [
        GapTransformer(),
        GapTransformer(measure="gap"),
        TargetRecommender(),
        TargetRecommender(by="cosine"),
    ]
)
def test_an_estimator_keeps_the_rules_of_scikit_learn(estimator, check):
    check(estimator)


@often
@given(held=LEVELS, required=LEVELS, weight=st.integers(1, 3))
def test_floats_and_whole_numbers_give_the_same(held, required, weight):
    weights = np.where(required > 0, weight, 0).astype(np.uint16)
    least = np.minimum(held[:, None], required[None]).astype(int) * weight
    credit, totals = least.sum(axis=2), required.sum(axis=1, dtype=int) * weight
    expected = {
        "credit": credit,
        "gap": totals - credit,
        "coverage": np.where(totals > 0, credit / np.maximum(totals, 1), 1).astype(np.float32),
    }
    for measure, figures in expected.items():
        for kind in (np.uint16, np.float32):
            matrix = required.astype(kind)
            own = GapTransformer(matrix, measure=measure, weights=weights, threads=1)
            given = held.astype(kind)
            assert np.array_equal(own.fit_transform(given), figures), (measure, kind)
            assert np.array_equal(own.transform(sp.csr_matrix(given)), figures)


def test_occupations_give_what_the_package_gives(region):
    people, jobs = ps.Profiles.sample(region, 50), region.occupations
    held = people.to_csr()
    gaps = GapTransformer(jobs).fit(held)
    assert np.array_equal(gaps.transform(held), ps.gap_matrix(people, jobs))
    assert gaps.get_feature_names_out().tolist() == jobs.ids
    best = ps.rank(people, jobs, k=3, strategy="coverage", frame="pandas")
    targets, scores = TargetRecommender(jobs, k=3).fit(held).recommend(held)
    assert targets.ravel().tolist() == best["target"].tolist()
    assert np.allclose(scores.ravel(), best["score"], rtol=1e-6)


def test_what_shares_nothing_is_no_result():
    held = np.array([[0, 1], [1, 0]], np.uint8)
    own = TargetRecommender(np.array([[2, 0]], np.uint8), k=2, by="credit").fit(held)
    targets, scores = own.recommend(held)
    assert targets.tolist() == [[-1, -1], [0, -1]]
    assert scores.tolist() == [[0, 0], [1, 0]]
    assert own.predict(held).tolist() == [-1, 0]


def test_they_work_in_pipelines_and_searches_and_are_pickled(region):
    people, jobs = ps.Profiles.sample(region, 60), region.occupations
    held, own = people.to_csr(), TargetRecommender(jobs, k=5)
    wanted = own.fit(held).predict(held)
    assert own.score(held, wanted) == 1
    ways = {"by": ["coverage", "credit", "cosine", "dot"]}
    search = GridSearchCV(own, ways, cv=3).fit(held, wanted)
    assert search.cv_results_["mean_test_score"][0] == 1
    pipeline = make_pipeline(GapTransformer(jobs), LogisticRegression())
    assert pipeline.fit(held, np.arange(60) % 2).predict(held).shape == (60,)
    again = pickle.loads(pickle.dumps(own))
    assert np.array_equal(again.predict(held), wanted)
    assert clone(own).get_params() == own.get_params()


@pytest.mark.parametrize(
    ("own", "said"),
    [
        (GapTransformer(np.ones((1, 3))), "on 3 columns, `X` on 2"),
        (GapTransformer(np.ones((1, 2)), weights=np.ones((1, 3))), "of other cells"),
        (GapTransformer(-np.ones((1, 2))), "Negative values"),
        (GapTransformer(measure="luck"), "one of coverage, credit, gap"),
        (TargetRecommender(by="luck"), "one of coverage, credit, cosine, dot"),
        (TargetRecommender(k=0), "`k` is 0"),
    ],
)
def test_what_cannot_be_is_refused_by_name(own, said):
    held = np.ones((2, 2))
    wanted = "transform" if isinstance(own, GapTransformer) else "predict"
    with pytest.raises(ValueError, match=said):
        getattr(own.fit(held), wanted)(held)


def test_weights_stand_beside_targets_of_ones_own(demo):
    held = ps.Profiles.sample(demo, 3).to_csr()
    with pytest.raises(ps.errors.ArgumentError, match="which have their own"):
        GapTransformer(demo.occupations, weights=held).fit(held)
