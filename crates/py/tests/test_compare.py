"""Frameworks, profiles, gaps, rankings and explanations."""

import copy
import pickle

import numpy as np
import pandas as pd
import pytest

import passerelle as ps


def test_a_framework_says_what_it_is(demo):
    assert repr(demo) == ("<passerelle.Framework demo 1: 3 skills, 2 occupations, 4 requirements>")
    assert (demo.name, demo.version, demo.language) == ("demo", "1", "en")
    assert demo.skill_ids == ["weld", "read", "team"]
    assert demo.skill_label("weld") == "arc welding"
    assert "<td>demo 1</td>" in demo._repr_html_()
    assert demo.report.rows == demo.report.kept == 12
    assert demo.report.dropped == {}


def test_a_snapshot_is_the_framework_again(demo, tmp_path):
    demo.save(tmp_path / "demo.passerelle")
    again = ps.Framework.open(tmp_path / "demo.passerelle")
    assert again == demo
    assert hash(again) == hash(demo)
    assert again.report is None
    with pytest.raises(ps.errors.SnapshotError, match="not a passerelle snapshot"):
        ps.Framework.open(__file__)
    with pytest.raises(ps.errors.FileError) as refused:
        ps.Framework.open(tmp_path / "absent")
    assert isinstance(refused.value, OSError)


def test_labels_are_found_with_typing_errors(demo):
    found = demo.find("arc weldng")
    assert [(f.kind, f.id, f.label, f.how, f.edits) for f in found] == [
        ("skill", "weld", "arc welding", "fuzzy", 1)
    ]
    assert demo.find("WELDER", kinds=["occupation"])[0].id == "welder"
    assert demo.find("weldng", fuzzy=False) == []
    with pytest.raises(ps.errors.ArgumentError, match="one of skill, occupation"):
        demo.find("x", kinds=["colour"])


def test_occupations_are_a_sequence(demo):
    jobs = demo.occupations
    assert len(jobs) == 2
    assert jobs.ids == [job.id for job in jobs] == ["welder", "fitter"]
    assert jobs.labels() == ["Welder", "Fitter"]
    assert "welder" in jobs
    assert "cook" not in jobs
    assert jobs[-1].id == jobs["fitter"].id == "fitter"
    assert jobs[::-1].ids == jobs[["fitter", "welder"]].ids == ["fitter", "welder"]
    assert jobs["welder"].requirements[0] == {
        "skill": "weld",
        "label": "arc welding",
        "level": 1,
        "weight": 1,
        "necessity": "essential",
    }
    with pytest.raises(ps.errors.UnknownIdError) as refused:
        jobs["weldr"]
    assert str(refused.value) == "unknown target `weldr`; did you mean `welder`?"
    assert (refused.value.nearest, refused.value.id) == ("welder", "weldr")
    with pytest.raises(IndexError):
        jobs[2]
    with pytest.raises(TypeError, match="between brackets; pass an id"):
        jobs[1.5]
    with pytest.raises(ps.PasserelleError, match="occurs twice"):
        jobs[[0, 0]]


def test_profiles_are_a_sequence(people):
    assert len(people) == 2
    assert people.ids == [person.id for person in people] == ["p1", "p2"]
    assert people["p2"].held == [
        {"skill": "read", "level": 1, "evidence": "declared"},
        {"skill": "team", "level": 1, "evidence": "declared"},
    ]
    assert people[1:].ids == ["p2"]
    assert "p1" in people
    assert "p2" in repr(people["p2"])
    assert "<td>p1</td>" in people._repr_html_()


def test_gaps_are_those_of_the_definition(people, demo):
    coverage = ps.gap_matrix(people, demo.occupations)
    assert coverage.dtype == np.float32
    assert coverage.tolist() == [[0.5, 0.0], [0.5, 1.0]]
    gap = ps.gap_matrix(people, demo.occupations[["fitter"]], "gap")
    assert gap.tolist() == [[2.0], [0.0]]


def test_a_matrix_goes_where_it_is_asked_to(people, demo):
    out = np.empty((2, 2), np.float32)
    assert ps.gap_matrix(people, demo.occupations, "credit", out=out) is out
    assert out.tolist() == [[1.0, 0.0], [1.0, 2.0]]
    for wrong in (np.empty((2, 3), np.float32), np.empty((2, 2)), out.T, [[0.0]], out[:, ::-1]):
        with pytest.raises(TypeError, match=r"C-contiguous float32 array of shape \(2, 2\)"):
            ps.gap_matrix(people, demo.occupations, out=wrong)
    out.flags.writeable = False
    with pytest.raises(TypeError, match="writeable"):
        ps.gap_matrix(people, demo.occupations, out=out)


def test_what_does_not_fit_in_memory_is_refused(people, demo):
    with pytest.raises(ps.errors.MemoryLimitError) as refused:
        ps.gap_matrix(people, demo.occupations, memory_limit=15)
    assert (refused.value.needed, refused.value.allowed) == (16, 15)
    assert "or raise `memory_limit`" in str(refused.value)
    assert isinstance(refused.value, MemoryError)
    assert ps.gap_matrix(people, demo.occupations, memory_limit="16 B").shape == (2, 2)


def test_a_ranking_is_a_frame(people, demo):
    best = ps.rank(people, demo.occupations, k=5)
    assert isinstance(best, pd.DataFrame)
    assert best["person"].tolist() == ["p1", "p2", "p2"]
    assert best["target"].tolist() == ["welder", "fitter", "welder"]
    assert best["label"].tolist() == ["Welder", "Fitter", "Welder"]
    assert best["rank"].tolist() == [1, 1, 2]
    assert best["score"].tolist() == [0.5, 1.0, 0.5]
    assert best["status"].tolist() == ["eligible", "eligible", "not-eligible"]
    assert list(ps.rank(people, demo.occupations, standing=False).columns) == [
        "person",
        "target",
        "label",
        "rank",
        "score",
    ]


@pytest.mark.parametrize("best", ["targets", "people"])
def test_asking_for_more_than_there_is_gives_all_and_takes_no_room(people, demo, best):
    whole = ps.rank(people, demo.occupations, k=2, best=best)
    assert ps.rank(people, demo.occupations, k=10**12, best=best).equals(whole)


def test_people_are_ranked_for_targets(people, demo):
    best = ps.rank(people, demo.occupations, k=1, best="people")
    assert best[["target", "person"]].to_numpy().tolist() == [["welder", "p1"], ["fitter", "p2"]]
    with pytest.raises(ps.errors.ArgumentError, match="`best` is `jobs`"):
        ps.rank(people, demo.occupations, best="jobs")


@pytest.mark.parametrize("strategy", ps.strategies())
def test_every_strategy_ranks(region, strategy):
    # The demo is too small for those that learn how occupations differ.
    people = ps.Profiles.sample(region, 20)
    best = ps.rank(people, region.occupations, k=3, strategy=strategy)
    assert set(best["person"]) == set(people.ids)
    assert best["score"].notna().all()


@pytest.mark.parametrize("strategy", ["luck", "", "tversky(1,2,3)", "mix(", "coverage("])
def test_what_is_no_strategy_is_refused(people, demo, strategy):
    with pytest.raises(ps.errors.ArgumentError, match="strategy"):
        ps.rank(people, demo.occupations, strategy=strategy)


def test_the_message_names_the_argument_as_the_call_does(people, demo):
    for call, said in [
        (lambda **how: ps.rank(people, demo.occupations, **how), {"frame": "spark"}),
        (lambda **how: ps.rank(people, demo.occupations, **how), {"transfer": "luck"}),
        (lambda **how: ps.gap_matrix(people, demo.occupations, **how), {"memory_limit": "2 gigs"}),
    ]:
        ((name, value),) = said.items()
        with pytest.raises(ps.errors.ArgumentError, match=f"^`{name}` is `{value}`; it must be"):
            call(**said)


def test_an_explanation_rebuilds_the_score(people, demo):
    why = ps.explain(people["p2"], demo.occupations["welder"], "cosine")
    best = ps.rank(people, demo.occupations, strategy="cosine").set_index(["person", "target"])
    assert why.rebuild() == why.score == best.loc[("p2", "welder"), "score"]
    assert [term["class"] for term in why.terms] == ["unknown", "maintain"]
    assert why.to_dict()["surplus"][0]["skill"] == "team"
    assert "reading plans" in str(why)
    assert "reading plans" in why._repr_html_()
    assert repr(why).startswith("<passerelle.Explanation p2 → welder: cosine 0.5")
    french = ps.explain(people["p2"], demo.occupations["welder"], language="fr")
    assert "détenu" in str(french)


def test_what_never_changes_is_pickled_and_copied(people, demo):
    for thing in (
        demo,
        people,
        demo.occupations,
        demo.occupations[1:],
        people["p2"],
        demo.occupations["fitter"],
    ):
        again = pickle.loads(pickle.dumps(thing))
        assert repr(again) == repr(thing)
        assert again == thing == copy.copy(thing)
        assert hash(again) == hash(thing)
    again = pickle.loads(pickle.dumps((people, demo)))
    assert again[0].framework is again[1]
    assert type(ps.rank(again[0], again[1].occupations)) is pd.DataFrame
    for thing in (demo, people, demo.occupations):
        assert copy.copy(thing) is copy.deepcopy(thing) is thing


def test_what_says_something_else_is_not_equal(people, demo, region):
    jobs = demo.occupations
    for one, other in [
        (people, people[:1]),
        (people, people[::-1]),
        (people["p1"], people["p2"]),
        (jobs, jobs[:1]),
        (jobs[0], jobs[1]),
        (jobs, region.occupations),
        (jobs[0], region.occupations[0]),
        (people, "p1"),
        (people["p1"], None),
    ]:
        assert one == one
        assert one != other


def test_one_of_a_sequence_shows_what_it_says(people, demo):
    shown = demo.occupations["welder"]._repr_html_()
    assert "<td>weld</td><td>arc welding</td><td>1</td><td>1</td><td>essential</td>" in shown
    assert "<td>read</td><td>reading plans</td><td>1</td><td>declared</td>" in (
        people["p2"]._repr_html_()
    )


def test_two_frameworks_do_not_mix(people, folder, tmp_path):
    for file in folder.iterdir():
        text = file.read_text(encoding="utf-8").replace("version,1", "version,2")
        (tmp_path / file.name).write_text(text, encoding="utf-8")
    other = ps.Framework.read_csv(tmp_path)
    for call in (ps.gap_matrix, ps.rank):
        with pytest.raises(ps.errors.VersionError, match="made for demo 1"):
            call(people, other.occupations)
    with pytest.raises(ps.errors.VersionError):
        ps.explain(people["p1"], other.occupations["welder"])


def test_made_up_people_are_the_same_everywhere(demo):
    one, two = (ps.Profiles.sample(demo, 5, seed=3) for _ in range(2))
    assert pickle.dumps(one) == pickle.dumps(two)
    assert len(one) == 5


def test_what_a_skill_counts_towards_others_only_adds(region):
    people = ps.Profiles.sample(region, 60)
    jobs = region.occupations
    plain = ps.gap_matrix(people, jobs)
    credited = ps.gap_matrix(people, jobs, transfer="co-occurrence")
    assert (credited >= plain).all()
    assert (credited > plain).any()
    both = ps.gap_matrix(people, jobs, transfer=["co-occurrence", "hierarchy"])
    assert (both >= credited).all()
    ranked = ps.rank(people, jobs, k=1, transfer="co-occurrence")
    for row in ranked.head(5).itertuples():
        why = ps.explain(people[row.person], jobs[row.target], transfer="co-occurrence")
        assert np.float32(why.score) == np.float32(row.score)
    # Where people stand comes from what they hold themselves.
    own = people.ids, jobs.ids
    stands = [plain[own[0].index(r.person), own[1].index(r.target)] for r in ranked.itertuples()]
    assert ranked["coverage"].tolist() == stands
    assert (ranked["score"] > ranked["coverage"]).any()
    with pytest.raises(ps.errors.ArgumentError, match="magic"):
        ps.rank(people, jobs, transfer="magic")
    with pytest.raises(TypeError, match="transfer"):
        ps.rank(people, jobs, transfer=3)


@pytest.mark.parametrize("strategy", ["greedy", "correlation", "mix(0.7*tfidf+0.3*coverage)"])
def test_what_is_no_sum_over_skills_is_accounted_for(region, strategy):
    people = ps.Profiles.sample(region, 5)
    ranked = ps.rank(people, region.occupations, k=1, strategy=strategy)
    for row in ranked.itertuples():
        account = ps.explain(people[row.person], region.occupations[row.target], strategy)
        assert isinstance(account, ps.Account)
        assert account.parts
        assert account.rebuild() == account.score == row.score
        assert account.to_dict()["person"] == row.person
        assert account.strategy.split("(")[0] in repr(account) + str(account)
        assert "<table>" in account._repr_html_()


@pytest.mark.parametrize("strategy", ["correlation", "ppmi", "mix(0.7*tfidf+0.3*coverage)"])
def test_the_best_people_by_any_scorer_are_those_of_all_pairs(region, strategy):
    people, jobs = ps.Profiles.sample(region, 40), region.occupations
    every = ps.rank(people, jobs, len(jobs), strategy, standing=False)
    every["at"] = every["person"].map({one: at for at, one in enumerate(people.ids)})
    best = ps.rank(people, jobs, 3, strategy, best="people", standing=False)
    for target, own in every.groupby("target"):
        first = own.sort_values(["score", "at"], ascending=[False, True]).head(3)
        told = best[best["target"] == target]
        assert told["person"].tolist() == first["person"].tolist()
        assert told["score"].tolist() == first["score"].tolist()
    with pytest.raises(ps.errors.ArgumentError):
        ps.rank(people, jobs[:5], 3, strategy, best="people")
