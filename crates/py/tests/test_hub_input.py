"""Whatever the hub's modules are given: what is right comes out, or what may be raised."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from refusals import ALLOWED, often, tried
from test_bad_input import WORDS

import passerelle as ps
from passerelle import recruitment, skill, training

VALUES = (
    st.none()
    | st.booleans()
    | st.integers(-2, 5)
    | st.floats()
    | WORDS
    | st.lists(WORDS, max_size=2)
    | st.dates().map(str)
)
KEYS = st.sampled_from(
    [
        "sensor",
        "record",
        "revision",
        "date",
        "employer",
        "sector",
        "occupation",
        "job",
        "title",
        "territory",
        "positions",
        "horizon",
        "opening",
        "visibility",
        "causes",
        "skills",
        "confidence",
        "valid_until",
        "withdrawn",
        "colour",
    ]
)
NEEDS = st.dictionaries(KEYS, VALUES, max_size=8)
PLACES = st.lists(st.tuples(WORDS, WORDS, WORDS, st.lists(WORDS, max_size=2)) | VALUES, max_size=4)
FACTORS = st.lists(
    st.dictionaries(
        st.sampled_from(["skill", "tag", "occupation", "sector", "horizon", "factor", "x"]), VALUES
    ),
    max_size=3,
)
NAMES = WORDS | st.sampled_from(["sector", "occupation", "territory", "horizon", "commune"])


@pytest.fixture(scope="module")
def needed(demo) -> recruitment.Picture:
    """One need of one place."""
    places = recruitment.Territories([("lille", "commune", "Lille", [])])
    register = recruitment.Register(demo, places)
    register.declare("branch")
    need = {"sensor": "branch", "record": "1", "territory": "lille", "positions": 2}
    register.record(need | {"occupation": "welder", "causes": ["skills"]})
    return recruitment.Picture(register)


@pytest.fixture(scope="module")
def offer(demo, tmp_path_factory) -> training.Offer:
    folder = tmp_path_factory.mktemp("offer")
    (folder / "modules.csv").write_text("id,label,hours,price\nm,Welding,35,400\n", "utf-8")
    (folder / "module_skills.csv").write_text("module,skill,level\nm,weld,1\n", "utf-8")
    return training.Offer.read(folder, demo)


@often
@given(places=PLACES)
def test_any_places_are_taken_or_refused(places):
    known = tried(lambda: recruitment.Territories(places))
    assert known is None or len(known) == len(known.table())


@often
@given(needs=st.lists(NEEDS | VALUES, max_size=4), day=WORDS | st.dates().map(str))
def test_any_need_is_recorded_or_refused(needs, day, demo):
    register = recruitment.Register(demo, recruitment.Territories([("a", "commune", "A", [])]))
    tried(lambda: register.declare("p1", reliability=len(day), territory=day or None))
    for need in needs:
        before = len(register)
        told = tried(lambda need=need: register.record(need))
        assert told is not None or len(register) == before
    picture = tried(lambda: recruitment.Picture(register, as_of=day))
    if picture is not None:
        assert len(picture.vacancies()) <= len(register)


@often
@given(by=st.lists(NAMES, max_size=3) | VALUES, groups=VALUES | NAMES, language=VALUES)
def test_any_grouping_is_counted_or_refused(by, groups, language, needed, people):
    how = {"territories": groups, "language": language}
    tried(lambda: needed.consolidated(by=by, **how))
    tried(lambda: skill.balance(needed, people, **how))
    tried(lambda: skill.tension(needed, people, places={"p1": "lille"}, **how))
    tried(lambda: skill.required_map(needed, by=by, **how))
    tried(lambda: skill.held_map(people, groups=groups, language=language))
    tried(lambda: skill.bridges(people["p1"], people.framework.occupations, near=by))


@often
@given(name=VALUES, factors=FACTORS | VALUES)
def test_any_scenario_is_taken_or_refused(name, factors, demo, needed):
    scenario = tried(lambda: recruitment.Scenario(demo, name, factors))
    if scenario is not None:
        assert len(skill.required_map(needed, scenario=scenario).columns) == 6


@often
@given(
    how=st.dictionaries(
        st.sampled_from(
            ["cost", "coverage", "start", "end", "territories", "node_limit", "language"]
        ),
        VALUES,
    )
)
def test_any_pathway_is_found_or_refused(how, offer, people, demo):
    found = tried(lambda: training.pathway(people["p2"], demo.occupations["welder"], offer, **how))
    if found is not None:
        assert found.certificate["bound"] <= found.certificate["cost"]


@often
@given(
    pairs=st.lists(st.tuples(WORDS, WORDS | st.just("welder")) | VALUES, max_size=4) | VALUES,
    how=st.dictionaries(st.sampled_from(["cost", "coverage", "start", "end", "frame"]), VALUES),
)
def test_any_pairs_have_pathways_or_are_refused(pairs, how, offer, people, demo):
    found = tried(lambda: training.pathways(people, demo.occupations, offer, pairs, **how))
    if found is not None:
        assert len(found) == len(pairs)
        assert (found["bound"] <= found["cost"]).all()


@often
@given(
    pools=st.lists(
        st.tuples(WORDS | VALUES, VALUES | st.dictionaries(WORDS, WORDS, max_size=2)), max_size=4
    )
)
def test_any_pools_are_united_or_refused(pools, people, demo):
    own = skill.Pools(demo)
    for name, same_as in pools:
        tried(lambda name=name, same_as=same_as: own.add(name, people, same_as=same_as))
    united, pools_of = own.unite()
    assert list(pools_of) == united.ids
    assert all(pools_of.values())


@often
@given(
    some=st.lists(st.sampled_from(["welder", "fitter"]), max_size=2, unique=True), percent=VALUES
)
def test_any_family_has_a_core_or_is_refused(some, percent, demo):
    told = tried(lambda: skill.common_core(demo.occupations[some], percent, frame="pyarrow"))
    assert told is None or told.num_rows > 0


@often
@given(
    text=st.text(max_size=40),
    how=st.dictionaries(
        st.sampled_from(["communes", "axis", "funders", "codes", "seats", "level"]), VALUES
    ),
)
def test_anything_published_is_read_or_refused(text, how, demo, tmp_path):
    (tmp_path / "export_fiches_CSV_Standard.csv").write_text(
        "Numero_Fiche;Intitule;Actif\n" + text, "utf-8"
    )
    (tmp_path / "offer.xml").write_text(f"<lheo><offres>{text}</offres></lheo>", "utf-8")
    for published in ({"rncp": tmp_path}, {"lheo": tmp_path / "offer.xml"}):
        read = tried(lambda own=published: training.Offer.read(tmp_path, demo, **own, **how))
        if read is not None:
            assert read.report.rows == read.report.kept + sum(read.report.dropped.values())


@often
@given(needs=st.dictionaries(WORDS | st.just("welder"), VALUES) | VALUES, together=VALUES)
def test_any_needs_are_covered_or_refused(needs, together, offer):
    tried(lambda: training.uncovered(offer, needs=needs, together=together))


@often
@given(text=st.text(max_size=40))
def test_any_offer_is_read_or_refused(text, demo, tmp_path):
    (tmp_path / "modules.csv").write_text("id,label,hours,price\n" + text, "utf-8")
    (tmp_path / "module_skills.csv").write_text("module,skill,level\n" + text, "utf-8")
    read = tried(lambda: training.Offer.read(tmp_path, demo))
    if read is not None:
        assert read.report.rows == read.report.kept + sum(read.report.dropped.values())


def test_what_belongs_to_another_framework_is_refused(needed, region, hub, people, offer):
    others = ps.Profiles.sample(region, 3)
    for call in (
        lambda: skill.balance(needed, others),
        lambda: skill.tension(needed, others),
        lambda: skill.exclusions(others, people.framework.occupations[0]),
        lambda: skill.bridges(others[0], people.framework.occupations),
        lambda: training.pathway(others[0], people.framework.occupations[0], offer),
        lambda: training.pathway(people["p1"], region.occupations[0], offer),
    ):
        with pytest.raises(ps.errors.VersionError):
            call()
    with pytest.warns(ps.RowsDropped):
        place = recruitment.Region.read(hub, ps.Profiles.from_csv(hub / "people", region))
    for call in (
        lambda: skill.candidates(place, needed),
        lambda: training.learners(place, needed, offer, start="2026-01-01"),
    ):
        with pytest.raises(ALLOWED):
            call()
