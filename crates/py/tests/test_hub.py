"""The hub's modules, on the sample region, told as its folder tells them."""

from pathlib import Path

import pandas as pd
import pytest

import passerelle as ps
from passerelle import recruitment, skill

REGION = Path(__file__).parents[3] / "datasets" / "hauts-de-france"


@pytest.fixture(scope="module")
def framework() -> ps.Framework:
    return ps.Framework.read_csv(REGION / "framework")


@pytest.fixture(scope="module")
def people(framework: ps.Framework) -> ps.Profiles:
    return ps.Profiles.from_csv(REGION / "people", framework)


@pytest.fixture(scope="module")
def territories() -> recruitment.Territories:
    return recruitment.Territories.read(REGION / "territories.csv")


@pytest.fixture(scope="module")
def places(territories: recruitment.Territories) -> dict[str, str]:
    known = pd.read_csv(REGION / "people_attributes.csv", dtype=str)[["person", "territory"]]
    return {person: place for person, place in known.dropna().to_numpy() if place in territories}


def told(framework: ps.Framework, places: recruitment.Territories) -> recruitment.Register:
    register = recruitment.Register(framework, places)
    assert register.read_jobs(REGION / "jobs.csv").kept
    assert register.read_sensors(REGION / "sensors.csv").kept
    assert register.read_needs(REGION / "needs.csv").kept
    return register


@pytest.fixture(scope="module")
def register(framework, territories) -> recruitment.Register:
    return told(framework, territories)


@pytest.fixture(scope="module")
def picture(register) -> recruitment.Picture:
    return recruitment.Picture(register)


def test_merging_what_is_known_changes_nothing(framework, territories, register):
    other = told(framework, territories)
    assert other == register
    before = len(other)
    other.merge(register)
    other.merge(other)
    assert other == register
    assert len(other) == before


def test_sums_over_sectors_are_those_of_the_whole(picture):
    whole = picture.consolidated(by=[])
    assert len(whole) == 1
    parts = picture.consolidated(by=["sector", "occupation"])
    for column in ("vacancies", "reports", "positions_sure", "positions_estimate", "no_cause"):
        assert parts[column].sum() == whole[column].iloc[0], column
    seen = picture.vacancies()
    assert len(seen) == whole["vacancies"].iloc[0]
    assert seen["positions_estimate"].sum() == whole["positions_estimate"].iloc[0]


def test_a_vacancy_is_gone_when_its_need_is_taken_back(framework):
    places = recruitment.Territories([("lille", "commune", "Lille", [])])
    register = recruitment.Register(framework, places)
    register.declare("branch", reliability=80)
    need = {"sensor": "branch", "record": "1", "territory": "lille", "positions": 2}
    need["occupation"] = framework.occupations.ids[0]
    assert register.record(need) == "new"
    picture = recruitment.Picture(register)
    assert len(picture.vacancies()) == 1
    assert register.record(need | {"revision": 1, "withdrawn": True}) == "revised"
    picture.update()
    assert len(picture.vacancies()) == 0
    assert len(register.needs()) == 0
    assert len(register.superseded()) == 1


def test_a_need_that_cannot_be_is_refused_by_name(framework, territories):
    register = recruitment.Register(framework, territories)
    register.declare("branch")
    need = {"sensor": "branch", "record": "1", "territory": "nowhere", "positions": 1}
    with pytest.raises(ps.errors.UnknownIdError, match="nowhere"):
        register.record(need | {"occupation": framework.occupations.ids[0]})
    with pytest.raises(ps.errors.ArgumentError, match="positions"):
        register.record({"sensor": "branch", "record": "1", "territory": "nowhere"})
    with pytest.raises(ps.errors.ArgumentError, match="by"):
        recruitment.Picture(register).consolidated(by=["colour"])
    with pytest.raises(ps.errors.ArgumentError, match="territories"):
        recruitment.Picture(register).consolidated(territories="galaxy")
    with pytest.raises(TypeError, match="territories"):
        recruitment.Picture(register).consolidated(territories=3)
    assert len(register) == 0


def test_shortage_and_surplus_are_what_positions_and_holders_leave(picture, people):
    exact = skill.balance(picture, people, exact=True)
    assert (exact["shortage"] <= exact["required"]).all()
    assert (exact["surplus"] <= exact["holders"]).all()
    paired = exact["required"] - exact["shortage"]
    assert (paired == exact["holders"] - exact["surplus"]).all()


def test_figures_about_few_people_are_left_out_unless_asked_for(picture, people, places):
    keys, how = ["territory", "skill"], {"places": places, "territories": "bassin"}
    exact = skill.balance(picture, people, exact=True, **how).set_index(keys)
    shown = skill.balance(picture, people, **how).set_index(keys)
    assert shown.index.equals(exact.index)
    few = exact["holders"].between(1, 10)
    assert few.any()
    assert shown.loc[few, ["holders", "shortage", "surplus"]].isna().all(axis=None)
    there = shown["holders"].dropna()
    assert (there == exact.loc[there.index, "holders"]).all()


def test_tension_counts_those_who_are_eligible(picture, people, framework):
    tension = skill.tension(picture, people, exact=True)
    ranked = ps.rank(people, framework.occupations, k=len(framework.occupations))
    eligible = ranked[ranked["status"] == "eligible"].groupby("target").size()
    for occupation, count in zip(tension["occupation"], tension["people"], strict=True):
        assert eligible.get(occupation, 0) == count, occupation
    hidden = skill.tension(picture, people)
    assert hidden["people"].isna().sum() == tension["people"].between(1, 10).sum()


def test_bridges_lead_to_every_other_occupation_the_nearest_first(people, framework):
    jobs = framework.occupations
    found = skill.bridges(jobs[0], jobs)
    assert sorted(found["target"]) == sorted(jobs.ids[1:])
    assert found["gap"].is_monotonic_increasing
    own = skill.bridges(people[0], jobs, frame="pyarrow").to_pandas()
    person = people[[people.ids[0]]]
    coverage = ps.gap_matrix(person, jobs)[0]
    assert (own.set_index("target")["coverage"].loc[jobs.ids] == coverage).all()
    with pytest.raises(TypeError, match="start"):
        skill.bridges("p1", jobs)
    with pytest.raises(ps.errors.ArgumentError, match="near"):
        skill.bridges(jobs[0], jobs, near=2)


def test_what_keeps_people_out_is_counted_and_little_of_it_hidden(people, framework):
    job = framework.occupations[0]
    exact = skill.exclusions(people, job, exact=True)
    assert (exact["people"] == len(people)).all()
    assert (exact["alone"] <= exact["short"] + exact["silent"]).all()
    shown = skill.exclusions(people, job)
    assert (shown["alone"].isna() | (shown["alone"] == exact["alone"])).all()
    assert shown.loc[exact["alone"].between(1, 10), "alone"].isna().all()


def test_a_frame_is_of_the_kind_asked(picture, people):
    import polars as pl

    assert isinstance(picture.over_time("2026-06-30", frame="polars"), pl.DataFrame)
    assert isinstance(picture.breadth(frame="polars"), pl.DataFrame)
    assert isinstance(skill.tension(picture, people, frame="polars"), pl.DataFrame)
