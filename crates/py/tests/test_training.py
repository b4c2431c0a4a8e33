"""Training on the sample region: what can be bought, for one person and for everyone."""

import json
import warnings

import numpy as np
import pandas as pd
import pytest

import passerelle as ps
from passerelle import recruitment, skill, training


@pytest.fixture(scope="module")
def people(hub, region) -> ps.Profiles:
    return ps.Profiles.from_csv(hub / "people", region)


@pytest.fixture(scope="module")
def place(hub, people) -> recruitment.Region:
    # The second are the conditions of posts whose needs are among the first.
    with pytest.warns(ps.RowsDropped, match="(7 of 179|4 of 77) rows") as told:
        place = recruitment.Region.read(hub, people)
    assert len(told) == 2
    return place


@pytest.fixture(scope="module")
def picture(place) -> recruitment.Picture:
    return recruitment.Picture(place.register)


@pytest.fixture(scope="module")
def offer(hub, region) -> training.Offer:
    return training.Offer.read(hub / "training", region)


@pytest.fixture(scope="module")
def learners(place, picture, offer) -> training.Learners:
    return training.learners(place, picture, offer)


@pytest.fixture(scope="module")
def plan(learners) -> training.Plan:
    return training.plan(learners, rounds=3)


def test_a_region_is_what_its_files_are_one_by_one(hub, region, place, people):
    territories = recruitment.Territories.read(hub / "territories.csv")
    register = recruitment.Register(region, territories)
    register.read_jobs(hub / "jobs.csv")
    register.read_sensors(hub / "sensors.csv")
    register.read_needs(hub / "needs.csv")
    assert place.register == register
    assert place.territories.ids == territories.ids
    assert place.people is people
    assert set(place.places) <= set(people.ids)
    assert set(place.places.values()) <= set(territories.ids)
    assert all(report.kept for report in place.reports)
    with pytest.raises(ps.errors.DataError, match="territories"):
        recruitment.Region.read(hub / "framework", people)


def test_an_offer_counts_every_row_and_gives_every_table(offer):
    assert offer.report.rows == offer.report.kept + sum(offer.report.dropped.values())
    modules = offer.modules()
    assert len(modules) == len(offer)
    assert modules["module"].isin(offer.taught()["module"]).any()
    assert modules["module"][0] in offer
    assert 3 not in offer
    assert set(offer.sessions()["module"]) <= set(modules["module"])
    assert modules["sessions"].sum() == len(offer.sessions())
    assert (offer.budgets()["cents"] > 0).all()
    assert len(offer.certifications(frame="pyarrow")) == 36


def test_an_offer_says_which_rows_it_dropped(hub, region, demo, tmp_path):
    (tmp_path / "modules.csv").write_text("id,label,hours\nm,Welding,35\n", "utf-8")
    skills = "module,skill,level\nm,weld,1\nm,flying,1\nnone,weld,1\n"
    (tmp_path / "module_skills.csv").write_text(skills, "utf-8")
    with pytest.warns(ps.RowsDropped, match="2 of 4 rows"):
        offer = training.Offer.read(tmp_path, demo)
    assert sum(offer.report.dropped.values()) == 2
    assert "flying" in str(offer.report)
    assert len(offer.taught()) == 1
    with pytest.raises(ps.errors.DataError, match=r"modules\.csv"):
        training.Offer.read(hub / "people", region)


def test_a_pathway_teaches_only_what_is_missing_and_closes_it(people, region, offer):
    taught = offer.taught().set_index(["module", "skill"])["level"]
    for person in people[:40]:
        target = region.occupations[len(person.held) % len(region.occupations)]
        found = training.pathway(person, target, offer)
        for step in found.steps:
            for one in step["closes"]:
                assert one["from"] < one["to"] <= taught[step["module"], one["skill"]]
        assert found.certificate["bound"] <= found.certificate["cost"]
        assert found.certificate["cost"] == found.minutes
        assert len(found.table()) == len(found) == len(found.steps)
        assert json.loads(json.dumps(found.to_dict()))["person"] == person.id
        assert "<table>" in found._repr_html_()


def test_dates_and_places_only_narrow_a_pathway(people, region, offer):
    person, target = people[0], region.occupations[0]
    free = training.pathway(person, target, offer, cost="cents")
    dated = training.pathway(person, target, offer, cost="cents", start="2026-01-01")
    assert dated.certificate["closed"] <= free.certificate["closed"]
    assert all(step["session"] and step["start"] >= "2026-01-01" for step in dated.steps)
    nowhere = training.pathway(person, target, offer, start="2026-01-01", territories=[])
    assert nowhere.certificate["closed"] <= dated.certificate["closed"]
    half = training.pathway(person, target, offer, coverage=0.5)
    assert half.minutes <= training.pathway(person, target, offer).minutes


@pytest.mark.parametrize(
    ("how", "error", "match"),
    [
        ({"cost": "tears"}, ps.errors.ArgumentError, "cost"),
        ({"cost": -1}, ValueError, "-1"),
        ({"coverage": 1.5}, ps.errors.ArgumentError, "coverage"),
        ({"coverage": float("nan")}, ps.errors.ArgumentError, "coverage"),
        ({"end": "2026-01-01"}, ps.errors.ArgumentError, "start"),
        ({"start": "tomorrow"}, ps.PasserelleError, "tomorrow"),
        ({"start": "2026-01-01", "territories": ["Oz"]}, ps.errors.UnknownIdError, "Oz"),
        ({"node_limit": 0}, ps.errors.ArgumentError, "node_limit"),
    ],
)
def test_what_a_pathway_cannot_be_is_refused_by_name(people, region, offer, how, error, match):
    with pytest.raises(error, match=match):
        training.pathway(people[0], region.occupations[0], offer, **how)


def test_nobody_learns_for_two_needs_and_everyone_is_counted_once(learners, people):
    told = learners.table()
    assert told["person"].is_unique
    exact = learners.summary(exact=True)
    assert exact["learners"] == len(learners) == len(told) <= exact["positions"]
    shown = learners.summary()
    for name, count in exact.items():
        if name != "positions":
            assert count <= len(people)
            assert shown[name] in (count, None)
            assert shown[name] is None or not 1 <= count <= 10


def test_a_plan_holds_and_reads_back_the_same(plan, learners, tmp_path):
    assert plan.check() == []
    certificate = plan.certificate
    assert certificate["closed"] <= certificate["bound"]
    assert certificate["closed"] >= certificate["first_come"]["closed"]
    seats = plan.seats()
    assert len(seats) == len(plan)
    assert set(seats["person"]) <= set(learners.table()["person"])
    purchases = plan.purchases()
    assert purchases["seats"].sum() == len(plan)
    assert purchases["cents"].sum() == certificate["cents"]
    plan.save(tmp_path / "plan")
    again = training.Plan.read(tmp_path / "plan", learners)
    assert again.seats().equals(seats)
    assert again.certificate == certificate
    assert again.check() == []


def test_a_plan_that_was_changed_is_found_out(plan, learners, tmp_path):
    plan.save(tmp_path)
    assert {file.name for file in tmp_path.iterdir()} == {"plan.csv", "certificate.json"}
    record = json.loads((tmp_path / "certificate.json").read_text("utf-8"))
    record["closed"] += 1
    (tmp_path / "certificate.json").write_text(json.dumps(record), "utf-8")
    wrong = training.Plan.read(tmp_path, learners).check()
    assert any("closed" in fault for fault in wrong)
    (tmp_path / "plan.csv").write_text("person\nnobody\n", "utf-8")
    with pytest.raises(ps.errors.DataError):
        training.Plan.read(tmp_path, learners)
    with pytest.raises(ps.errors.FileError):
        training.Plan.read(tmp_path / "nowhere", learners)


def test_a_plan_is_the_same_on_any_number_of_threads(learners, plan):
    assert training.plan(learners, rounds=3, threads=1).seats().equals(plan.seats())
    with pytest.raises(ps.errors.ArgumentError, match="rounds"):
        training.plan(learners, rounds=0)


def test_few_people_are_left_out_of_what_a_plan_tells(plan):
    keys = ["skill", "why"]
    exact, shown = (plan.open_skills(exact=exact).set_index(keys) for exact in (True, False))
    few = exact["people"].between(1, 10)
    assert shown.loc[few, ["people", "weight"]].isna().all(axis=None)
    assert (shown.loc[~few] == exact.loc[~few]).all(axis=None)
    exact, shown = (plan.adequacy(exact=exact).set_index("skill") for exact in (True, False))
    for column in ("seats", "lacking", "closed"):
        assert shown.loc[exact[column].between(1, 10), column].isna().all(), column
    assert (exact["closed"] <= exact["lacking"]).all()
    exact, shown = (plan.indicators(exact=exact).set_index("indicator") for exact in (True, False))
    same = (shown["numerator"] == exact["numerator"]) | shown["numerator"].isna()
    assert same.all()
    assert not exact["hidden"].any()


def test_what_certifications_miss_is_what_their_occupations_ask_beyond_them(offer, region):
    missed = training.uncovered(offer)
    assert (missed["from"] < missed["to"]).all()
    assert (missed["lack"] > 0).all()
    one = region.occupations.ids[0]
    of_one = training.uncovered(offer, needs={one: 3})
    assert all(list(targets) == [one] for targets in of_one["targets"])
    assert len(training.uncovered(offer, needs={})) == 0
    with pytest.raises(ps.errors.UnknownIdError, match="astronaut"):
        training.uncovered(offer, needs={"astronaut": 1})
    with pytest.raises(ps.errors.ArgumentError, match="together"):
        training.uncovered(offer, together=2.0)


def test_a_scenario_scales_what_it_names_and_nothing_else(picture, region, people):
    assert skill.required_map(picture)["scenario"].isna().all()
    doubled = recruitment.Scenario(
        region, "twice", [{"occupation": one, "factor": 2} for one in region.occupations.ids]
    )
    columns = ["skill", "level", "positions"]
    plain = skill.required_map(picture, by="occupation")
    twice = skill.required_map(picture, by="occupation", scenario=doubled)
    named = plain["group"] != ""
    assert (twice["scenario"] == "twice").all()
    assert (twice[named]["positions"] == 2 * plain[named]["positions"]).all()
    assert twice[~named][columns].equals(plain[~named][columns])
    more = skill.balance(picture, people, scenario=doubled, exact=True)
    assert more["required"].sum() >= skill.balance(picture, people, exact=True)["required"].sum()
    for factors in ([{"factor": 2}], [{"tag": "x", "factor": 0.0001}], [{"tag": "x"}], {"tag": 1}):
        with pytest.raises(ps.errors.ArgumentError, match="factor"):
            recruitment.Scenario(region, "wrong", factors)
    with pytest.raises(ps.errors.UnknownIdError, match="juggling"):
        recruitment.Scenario(region, "wrong", [{"skill": "juggling", "factor": 2}])


def test_scenarios_of_the_region_are_read(place, picture):
    assert place.scenarios
    for name, scenario in place.scenarios.items():
        assert scenario.name == name
        assert len(skill.required_map(picture, by="sector", scenario=scenario))


def test_a_map_of_what_is_held_counts_everyone_who_speaks(people):
    groups = {"first": people.ids[:300], "all": people.ids}
    exact = skill.held_map(people, groups=groups, exact=True)
    of_all = exact[exact["group"] == "all"].drop(columns="group").reset_index(drop=True)
    whole = skill.held_map(people, exact=True).drop(columns="group")
    assert of_all.equals(whole)
    holders = whole[whole["level"] > 0].groupby("skill")["people"].sum()
    held = [one["skill"] for person in people for one in person.held if one["level"]]
    counted = pd.Series(held).value_counts()
    assert (holders <= counted.reindex(holders.index)).all()
    shown = skill.held_map(people, groups=groups)
    assert shown["people"][exact["people"].between(1, 10)].isna().all()
    with pytest.raises(ps.errors.UnknownIdError, match="nobody"):
        skill.held_map(people, groups={"x": ["nobody"]})


def test_candidates_are_ranked_by_skills_alone(place, picture):
    best = skill.candidates(place, picture, k=3)
    assert (best.groupby("vacancy").size() <= 3).all()
    for _, of_one in best.groupby("vacancy"):
        assert of_one["coverage"].is_monotonic_decreasing
        assert list(of_one["rank"]) == list(range(1, len(of_one) + 1))
    exact = skill.candidates(place, picture, k=3, exact=True)
    assert np.array_equal(exact["person"], best["person"])
    for told, known in zip(best["set_aside"], exact["set_aside"], strict=True):
        for name, count in known.items():
            assert told[name] == count or (told[name] is None and 1 <= count <= 10)
    with pytest.raises(ps.errors.ArgumentError, match="k"):
        skill.candidates(place, picture, k=0)


def test_conditions_of_posts_set_candidates_aside(place, picture, hub, people, tmp_path):
    stated = skill.candidates(place, picture, k=1, exact=True)
    for file in hub.iterdir():
        if file.is_file() and file.name != "post_conditions.csv":
            (tmp_path / file.name).write_bytes(file.read_bytes())
    with pytest.warns(ps.RowsDropped):
        silent = recruitment.Region.read(tmp_path, people)
    unstated = skill.candidates(silent, recruitment.Picture(silent.register), k=1, exact=True)
    aside = [
        sum(one["contract"] + one["hours"] for one in told["set_aside"])
        for told in (stated, unstated)
    ]
    assert aside[0] > 0 == aside[1]


def test_many_pathways_are_those_one_by_one(people, region, offer):
    jobs = region.occupations
    some = people[:12]
    pairs = [(one.id, jobs.ids[at % len(jobs)]) for at, one in enumerate(some)]
    for how in ({}, {"cost": "cents", "start": "2026-01-01"}):
        many = training.pathways(some, jobs, offer, iter(pairs), **how)
        for row, (person, job) in zip(many.itertuples(), pairs, strict=True):
            alone = training.pathway(some[person], jobs[job], offer, **how)
            assert (row.person, row.occupation) == (person, job)
            assert list(row.modules) == [step["module"] for step in alone.steps]
            sessions = [step["session"] for step in alone.steps if step["session"]]
            assert list(row.sessions) == sessions
            assert (row.minutes, row.cents) == (alone.minutes, alone.cents)
            assert list(row.remaining) == [one["skill"] for one in alone.remaining]
            assert list(row.to_ask) == [one["skill"] for one in alone.ask]
            known = alone.certificate
            assert (row.cost, row.bound, row.proven) == (
                known["cost"],
                known["bound"],
                known["proven"],
            )
    assert training.pathways(some, jobs, offer, pairs, threads=1).equals(
        training.pathways(some, jobs, offer, pairs)
    )
    assert len(training.pathways(some, jobs, offer, [])) == 0
    with pytest.raises(ps.errors.UnknownIdError, match="nobody"):
        training.pathways(some, jobs, offer, [("nobody", jobs.ids[0])])
    with pytest.raises(ps.errors.UnknownIdError, match="astronaut"):
        training.pathways(some, jobs, offer, [(some.ids[0], "astronaut")])
    for pairs in ([("a",)], [1], 3, None):
        with pytest.raises((TypeError, ValueError)):
            training.pathways(some, jobs, offer, pairs)


RNCP = {
    "export_fiches_CSV_Standard_2026.csv": "Numero_Fiche;Intitule;Actif\n"
    "RNCP1;Soudeur;ACTIVE\nRNCP2;Ancien;INACTIVE\n",
    "export_fiches_CSV_Rome_2026.csv": "Numero_Fiche;Codes_Rome_Code\nRNCP1;welder\n",
    "export_fiches_CSV_Blocs_De_Competences_2026.csv": "Numero_Fiche;Bloc_Competences_Code;"
    "Bloc_Competences_Libelle\nRNCP1;RNCP1BC01;Souder\n",
}

LHEO = """<?xml version="1.0" encoding="UTF-8"?>
<lheo xmlns="http://lheo.gouv.fr/2.3"><offres><formation numero="f1">
<intitule-formation>Soudage</intitule-formation>
<objectif-formation>arc welding</objectif-formation>
<contenu-formation>reading plans</contenu-formation>
<certification><code-RNCP>1</code-RNCP></certification>
<action><modalites-enseignement>0</modalites-enseignement>
<lieu-de-formation><coordonnees><adresse><code-INSEE-commune>59350</code-INSEE-commune></adresse>
</coordonnees></lieu-de-formation>
<modalites-entrees-sorties>0</modalites-entrees-sorties>
<session numero="1"><periode><debut>20260907</debut><fin>20261030</fin></periode></session>
<prix-total-TTC>2500</prix-total-TTC><nombre-heures-total>210</nombre-heures-total></action>
</formation></offres></lheo>
"""


@pytest.fixture
def published(tmp_path):
    """The registers of certifications, and an offer in LHEO."""
    for name, text in RNCP.items():
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "offer.xml").write_text(LHEO, "utf-8")
    return tmp_path


def test_an_offer_is_read_from_what_is_published(published, demo):
    (published / "block_skills.csv").write_text("block,skill\nRNCP1BC01,weld\n", "utf-8")
    (published / "funders.csv").write_text("id,label\nregion,Région\n", "utf-8")
    how = {"rncp": published, "lheo": published / "offer.xml", "communes": {"59350": "lille"}}
    with warnings.catch_warnings():
        # An inactive certification is set aside: that is no reason to warn.
        warnings.simplefilter("error")
        offer = training.Offer.read(published, demo, funders=["region"], seats=12, **how)
    known = offer.certifications().set_index("certification")
    assert known.index.tolist() == ["RNCP1"]
    assert list(known["blocks"]["RNCP1"]) == ["RNCP1BC01"]
    assert list(known["targets"]["RNCP1"]) == ["welder"]
    assert offer.report.dropped == {"set-aside": 1}
    assert sorted(offer.taught()["skill"]) == ["read", "weld"]
    sessions = offer.sessions()
    assert sessions["territory"].tolist() == ["lille"]
    assert sessions["seats"].tolist() == [12]
    assert offer.report.rows == offer.report.kept + sum(offer.report.dropped.values())
    # Without seats a session trains nobody, nor where nobody pays.
    for less in ({"funders": ["region"]}, {"seats": 12}):
        with pytest.warns(ps.RowsDropped, match="unusable: 1"):
            fewer = training.Offer.read(published, demo, **how, **less)
        assert len(fewer.sessions()) == 0
        assert fewer.report.rows == fewer.report.kept + sum(fewer.report.dropped.values())
    with pytest.raises(ps.errors.UnknownIdError, match="state"):
        training.Offer.read(published, demo, funders=["state"], **how)
    with pytest.raises(ps.errors.DataError, match="export_fiches_CSV_Standard"):
        training.Offer.read(published, demo, rncp=published.parent)
    with pytest.raises(ps.errors.FileError):
        training.Offer.read(published, demo, lheo=published / "none.xml")
    with pytest.raises(ps.errors.DataError):
        training.Offer.read(published, demo, lheo=published / "block_skills.csv")
