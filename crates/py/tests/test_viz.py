"""Pictures say what the figures say, are drawn, and have French words for French readers."""

import pandas as pd
import polars as pl
import pytest
import vl_convert
from hypothesis import given
from hypothesis import strategies as st
from refusals import often, tried

import passerelle as ps
from passerelle import viz


def cells(chart):
    """Give the rows that a chart shows."""
    spec = chart.to_dict()
    data = spec["data"] if "data" in spec else spec["layer"][0]["data"]
    return data["values"] if "values" in data else spec["datasets"][data["name"]]


def drawn(chart):
    """Draw a chart as SVG."""
    return vl_convert.vegalite_to_svg(chart.to_dict())


@pytest.fixture(scope="module")
def evaluation(demo):
    return ps.evaluate.run("from-50", demo, strategies=["gap", "coverage"], half="all")


BALANCE = pd.DataFrame(
    {
        "territory": ["north", "north", "south", "south"],
        "skill": ["weld", "read", "weld", "read"],
        "label": ["arc welding", "reading plans"] * 2,
        "shortage": [3, None, 0, 1],
        "surplus": [0, None, 5, 0],
    }
)
BRIDGES = pl.DataFrame(
    {
        "target": ["welder", "fitter", "cook"],
        "label": ["Welder", "Fitter", "Cook"],
        "coverage": [0.75, 0.5, 0.25],
        "gap_lower": [0, 1, 3],
        "total": [4, 4, 4],
        "near": [True, False, False],
        "licence_alone": [False, True, False],
    }
)


def test_a_heat_map_has_a_cell_for_each_person_and_target(people, demo):
    chart = viz.gaps(people, demo.occupations)
    shown = {(cell["person"], cell["id"]): cell["figure"] for cell in cells(chart)}
    expected = ps.gap_matrix(people, demo.occupations)
    assert shown == {
        (person, job): expected[row, column]
        for row, person in enumerate(people.ids)
        for column, job in enumerate(demo.occupations.ids)
    }
    assert "Welder" in drawn(chart)
    crowd = ps.Profiles.sample(demo, 20_000)
    with pytest.raises(ps.errors.ArgumentError, match="40000 cells"):
        viz.gaps(crowd, demo.occupations)


def test_a_person_is_shown_skill_by_skill(people, demo):
    why = ps.explain(people["p1"], demo.occupations["welder"])
    chart = viz.coverage(why, language="fr")
    shown = [(cell["skill"], cell["held"], cell["class"]) for cell in cells(chart)]
    assert shown == [("arc welding", 1, "acquis"), ("reading plans", 0, "non renseigné")]
    picture = drawn(chart)
    assert "p1 → Welder: coverage 0.50<" in picture
    assert "détenu / attendu" in picture


def test_territories_make_a_map_and_one_makes_bars():
    by_place = {(c["label"], c["territory"]): c["left"] for c in cells(viz.balance(BALANCE))}
    assert by_place[("arc welding", "north")] == -3
    assert by_place[("arc welding", "south")] == 5
    assert by_place[("reading plans", "north")] is None
    south = BALANCE[BALANCE["territory"] == "south"]
    chart = viz.balance(south, language="fr", most=1)
    assert sorted(cell["left"] for cell in cells(chart)) == [0, 5]
    assert "pénurie" in drawn(chart)
    assert "surplus less shortage" in drawn(viz.balance(pl.from_pandas(BALANCE)))


def test_bridges_are_told_apart_by_how_near_they_are():
    chart = viz.bridges(BRIDGES)
    reach = {cell["target"]: (cell["reach"], cell["upper"]) for cell in cells(chart)}
    assert reach == {
        "welder": ("near", 1.0),
        "fitter": ("blocked by a licence alone", 0.75),
        "cook": ("far", 0.25),
    }
    assert len(cells(viz.bridges(BRIDGES, most=2))) == 2
    assert "bloqué par un seul titre" in drawn(viz.bridges(BRIDGES, language="fr"))


def test_strategies_are_shown_with_their_intervals(evaluation):
    shown = cells(viz.evaluation(evaluation))
    assert shown[0]["strategy"] == evaluation.best
    assert all(cell["low"] <= cell["mean"] <= cell["high"] for cell in shown)
    assert "from-50 (MAP)" in drawn(viz.evaluation(evaluation, metric="MAP"))
    with pytest.raises(ps.errors.ArgumentError, match="`luck`"):
        viz.evaluation(evaluation, metric="luck")


def test_nothing_is_shown_as_nothing(demo):
    nobody = ps.Profiles.from_frame(pd.DataFrame({"person": [], "skill": []}), demo)
    for chart in (
        viz.gaps(nobody, demo.occupations),
        viz.balance(BALANCE[:0]),
        viz.bridges(BRIDGES[:0]),
    ):
        assert drawn(chart).startswith("<svg")


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(ps.errors.DataError, match="no column `shortage`; the columns are `skill`"):
        viz.balance(BALANCE[["skill", "territory", "label"]])
    with pytest.raises(ps.errors.ArgumentError, match="`language` is `de`"):
        viz.bridges(BRIDGES, language="de")
    with pytest.raises(ps.errors.ArgumentError, match="`most` is 0"):
        viz.bridges(BRIDGES, most=0)


COLUMNS = st.sampled_from([*BALANCE.columns, *BRIDGES.columns])
VALUES = st.none() | st.integers(-3, 3) | st.text(max_size=3) | st.floats()


@often
@given(
    columns=st.dictionaries(COLUMNS, st.lists(VALUES, min_size=2, max_size=2), max_size=12),
    most=st.integers(-1, 3),
)
def test_any_frame_is_drawn_or_refused(columns, most):
    frame = pd.DataFrame(columns)
    for picture in (viz.balance, viz.bridges):
        chart = tried(lambda picture=picture: picture(frame, most=most))
        assert chart is None or chart.to_dict()
