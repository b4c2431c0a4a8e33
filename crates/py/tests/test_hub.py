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
    assert (shown["holders"].dtype, shown["required"].dtype) == ("Int64", "int64")
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


def test_areas_and_everyone_together_are_hidden_as_one(picture, people, places):
    for figures, count, of in (
        (skill.tension, "people", "occupation"),
        (skill.balance, "holders", "skill"),
        (skill.balance, "silent", "skill"),
    ):
        whole = figures(picture, people, places=places).set_index(of)[count]
        apart = figures(picture, people, places=places, territories="bassin")
        of_all = apart.groupby(of)[count].agg(lambda counts: counts.sum(skipna=False))
        told = (whole - of_all).dropna()
        assert len(told)
        assert not told.between(1, 10).any(), count


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


def test_a_hub_has_everyone_of_all_pools_once(people, framework):
    hub = ps.Hub.read(REGION)
    own = set(people.ids)
    files = sorted((REGION / "pools").glob("*.csv"))
    told = pd.read_csv(REGION / "pools.csv", dtype=str)
    known = told.dropna(subset="same_as").set_index(["pool", "person"])["same_as"].to_dict()
    pools = skill.Pools(framework)
    pools.add("", people)
    for file in files:
        some = ps.Profiles.from_csv(file, framework)
        both = {one: known.get((file.stem, one)) for one in some.ids}
        names = {one: other for one, other in both.items() if other}
        pools.add(file.stem, some, same_as=names)
    united, pools_of = pools.unite()
    assert united.ids == hub.people.ids
    assert (united.to_csr() != hub.people.to_csr()).nnz == 0
    assert own <= set(hub.people.ids)
    assert {name for names in hub.pools.values() for name in names} == {one.stem for one in files}
    for person, names in hub.pools.items():
        # The folder's own people are in a pool without a name here; lists may name more of them.
        assert set(pools_of[person]) - {""} <= set(names), person
    assert hub.framework.occupations.ids == framework.occupations.ids
    assert len(hub.reports) == 2 + len(files) + 1
    assert repr(hub) == f"<passerelle.Hub: {len(united)} people, 62 occupations, 2 pools>"
    with pytest.raises(ps.errors.DataError, match="framework/"):
        ps.Hub.read(REGION / "training")


def test_pools_are_the_same_in_any_order_and_strangers_are_refused(demo, frame):
    people = ps.Profiles.from_frame(frame, demo)
    other = ps.Profiles.from_frame(frame.replace({"person": {"p1": "x1"}}), demo)
    one, another = skill.Pools(demo), skill.Pools(demo)
    one.add("a", people)
    one.add("b", other, same_as={"x1": "p1"})
    another.add("b", other, same_as={"x1": "p1"})
    another.add("a", people)
    (first, first_of), (second, second_of) = one.unite(), another.unite()
    assert first.ids == second.ids == ["p1", "p2"]
    assert first_of == second_of == {"p1": ["a", "b"], "p2": ["a", "b"]}
    # The same evidence told twice counts once.
    assert [len(person.held) for person in first] == [1, 2]
    with pytest.raises(ps.errors.UnknownIdError, match="nobody"):
        one.add("c", people, same_as={"nobody": "p1"})
    with pytest.raises(ps.errors.VersionError):
        skill.Pools(ps.Framework.read_csv(REGION / "framework")).add("a", people)
    assert one.unite()[0].ids == ["p1", "p2"]


def test_near_sectors_and_a_common_core_are_what_requirements_say(picture, framework):
    near = skill.near_sectors(picture)
    assert near["similarity"].between(0, 1, inclusive="right").all()
    assert near["similarity"].is_monotonic_decreasing
    required = skill.required_map(picture, by="sector")
    asked = required.groupby("group")["skill"].apply(set)
    for row in near.itertuples():
        assert set(row.shared) <= asked[row.one] & asked[row.other]

    family = framework.occupations[:6]
    of_each = [{one["skill"] for one in job.requirements} for job in family]
    for percent in (50, 100):
        told = skill.common_core(family, percent)
        core = told[told["occupation"].isna()]
        least = percent * len(family) / 100
        counts = {one: sum(one in own for own in of_each) for one in set.union(*of_each)}
        assert set(core["skill"]) == {one for one, count in counts.items() if count >= least}
        assert (core["occupations"] == core["skill"].map(counts)).all()
        for job, own in zip(family, of_each, strict=True):
            rest = set(told[told["occupation"] == job.id]["skill"])
            assert rest == own - set(core["skill"]), job.id
    with pytest.raises(ps.errors.ArgumentError, match="family"):
        skill.common_core(family, 0)
    with pytest.raises(ps.errors.ArgumentError, match="family"):
        skill.common_core(framework.occupations[:0])
    uses = skill.transversality(framework.occupations).set_index("skill")
    levels, _ = framework.occupations.to_csr()
    assert uses["occupations"].tolist() == (levels > 0).sum(axis=0).tolist()
    assert (uses["reuse"] == "specific").equals(uses["occupations"] == 1)
