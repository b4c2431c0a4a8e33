"""Strategies side by side: the figures of the command, as a frame."""

import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from refusals import often, tried

import passerelle as ps


@pytest.fixture(scope="module")
def evaluation(region):
    chosen = ["cosine", "coverage", "alike(texts)"]
    return ps.evaluate.run("from-50", region, strategies=chosen, against="ochiai", half="all")


def test_every_metric_of_every_strategy_has_its_interval(evaluation):
    assert evaluation.strategies[0] == "ochiai"
    assert len(evaluation) == 4
    assert evaluation.best in evaluation.strategies
    frame = evaluation.to_frame("pandas")
    assert len(frame) == 4 * 6
    assert (frame["low"] <= frame["mean"]).all()
    assert (frame["mean"] <= frame["high"]).all()
    own = frame[frame["metric"] == evaluation.metric]
    means = own.set_index("strategy")["mean"]
    difference = own.set_index("strategy")["difference"]
    assert difference.isna().tolist() == [True, False, False, False]
    assert ((means - means["ochiai"])[1:] - difference[1:]).abs().max() < 1e-12
    assert isinstance(evaluation.to_frame(), pd.DataFrame)
    assert isinstance(evaluation.to_frame("polars"), pl.DataFrame)


def test_an_evaluation_shows_what_it_is(evaluation):
    assert repr(evaluation).startswith(
        "<passerelle.evaluate.Evaluation from-50: 4 strategies on 62"
    )
    shown = evaluation._repr_html_()
    assert shown.count("<tr>") == 5
    assert f"{evaluation.metric} (95 %)" in shown
    assert [row["strategy"] for row in evaluation] == evaluation.strategies
    assert evaluation.to_dict()["metric"] == evaluation.metric


def test_all_strategies_contest_on_any_number_of_threads(region):
    def figures(threads):
        done = ps.evaluate.run("from-20", region, half="tuning", threads=threads)
        return [(row["strategy"], row["metrics"]) for row in done]

    one = figures(1)
    assert len(one) == len(ps.strategies())
    assert figures(2) == one


def test_links_of_ones_own_are_judged(demo, tmp_path):
    file = tmp_path / "mine.csv"
    file.write_text("query,relevant\nwelder,fitter\nwelder,nobody\n")
    done = ps.evaluate.run("links", demo, strategies="coverage", links=file, half="all")
    assert (done.queries, done.left_out, done.metric) == (1, 1, "MAP")
    assert done.to_dict()["strategies"][0]["task"] == "mine"


def test_progress_counts_the_strategies(demo):
    told = []
    names = ["coverage", "cosine", "gap"]
    how = {"strategies": names, "half": "all", "progress": lambda *now: told.append(now)}
    ps.evaluate.run("from-50", demo, **how)
    assert told[-1] == (3, 3)


def test_rome_is_found_by_the_name_of_the_task(data, monkeypatch):
    monkeypatch.setenv("PASSERELLE_DATA", str(data))
    asked = {"strategies": ["ochiai", "tfidf(binary)"], "against": "ochiai"}
    found = ps.evaluate.run("rome-mobility", **asked)
    assert (found.metric, found.left_out) == ("MAP", 0)
    assert found.best == "tfidf(binary)"
    frame = found.to_frame("pandas")
    ochiai = frame[(frame["strategy"] == "ochiai") & (frame["metric"] == "MAP")]
    assert abs(ochiai["mean"].iloc[0] - 0.25) < 0.01
    assert (frame["difference_low"].dropna() > 0).all()


def test_what_a_task_needs_is_said(demo, tmp_path, monkeypatch):
    monkeypatch.delenv("PASSERELLE_DATA", raising=False)
    run, error = ps.evaluate.run, ps.errors.ArgumentError
    with pytest.raises(error, match="PASSERELLE_DATA names no folder for `rome-mobility`"):
        run("rome-mobility")
    with pytest.raises(error, match="`rome-from-50`"):
        run("from-50", tmp_path)
    with pytest.raises(error, match="`links` is not given"):
        run("mobility", demo)
    with pytest.raises(error, match="`other` is not given"):
        run("other-version", demo)
    with pytest.raises(error, match="one of same-parent"):
        run("luck", demo)
    with pytest.raises(error, match="`all`, `tuning` or `reporting`"):
        run("from-50", demo, half="third")
    with pytest.raises(ps.errors.FileError):
        run("rome-mobility", tmp_path / "absent")
    assert set(ps.evaluate.tasks()) > {"from-50", "mobility", "links"}


NAMES = st.sampled_from(["coverage", "mix(", "luck", "", "all", "neighbours", "bm25(nan)"])


@often
@given(
    task=st.sampled_from([*ps.evaluate.tasks(), "rome-", "esco-links", "x"]),
    strategies=NAMES | st.lists(NAMES, max_size=2),
    against=st.none() | NAMES,
    seed=st.integers(-1, 2**65),
)
def test_any_evaluation_is_made_or_refused(task, strategies, against, seed, demo):
    asked = {"strategies": strategies, "against": against, "seed": seed}
    done = tried(lambda: ps.evaluate.run(task, demo, **asked))
    assert done is None or len(done) == len(done.strategies)
