"""Bytes that are stored, and folders that publishers give: whatever is in them, nothing crashes."""

import pickle
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from refusals import often, tried

import passerelle as ps
from passerelle import _core

ESCO = {
    "skills_en.csv": "conceptUri,skillType,preferredLabel\ns1,knowledge,welding\n",
    "occupations_en.csv": "conceptUri,iscoGroup,preferredLabel\no1,7212,welder\n",
    "occupationSkillRelations_en.csv": "occupationUri,relationType,skillType,skillUri\n"
    "o1,essential,knowledge,s1\n",
}
ONET = {
    "Occupation Data.txt": "O*NET-SOC Code\tTitle\tDescription\n51-4121.00\tWelders\tWeld.\n",
    "Knowledge.txt": "O*NET-SOC Code\tElement ID\tElement Name\tScale ID\tData Value\n",
    "Abilities.txt": "O*NET-SOC Code\tElement ID\tElement Name\tScale ID\tData Value\n",
    "Skills.txt": "O*NET-SOC Code\tElement ID\tElement Name\tScale ID\tData Value\n"
    "51-4121.00\t2.A.1.a\tReading\tIM\t3.00\n51-4121.00\t2.A.1.a\tReading\tLV\t2.00\n",
}
READERS = {
    "esco": (ESCO, lambda path: ps.Framework.read_esco(path, version="1", language="en")),
    "onet": (ONET, lambda path: ps.Framework.read_onet(path, version="1")),
}


@pytest.fixture(scope="module")
def snapshots(demo, people, tmp_path_factory):
    folder = tmp_path_factory.mktemp("snapshots")
    demo.save(folder / "demo")
    people.save(folder / "people")
    return (folder / "demo").read_bytes(), (folder / "people").read_bytes()


CHANGES = st.lists(st.tuples(st.integers(0, 2**20), st.integers(1, 255)), min_size=1, max_size=4)


@often
@given(changes=CHANGES, cut=st.none() | st.integers(0, 2**20), more=st.binary(max_size=9))
def test_a_damaged_snapshot_is_refused(changes, cut, more, snapshots, demo, tmp_path):
    for kind, whole in enumerate(snapshots):
        bent = bytearray(whole)
        for place, by in changes:
            bent[place % len(bent)] ^= by
        given = bytes(bent[: None if cut is None else cut % len(bent)]) + more
        if given == whole:
            continue
        path = tmp_path / "damaged"
        path.write_bytes(given)
        opened = [
            tried(partial(ps.Framework.open, path)),
            tried(partial(_core._open_framework, given)),
            tried(partial(ps.Profiles.open, path, demo)),
            tried(partial(_core._open_profiles, given, demo, None)),
        ]
        if kind == 0:
            assert opened[2:] == [None, None]
            assert all(one in (None, demo) for one in opened[:2])
        else:
            assert opened[:2] == [None, None]


@often
@given(given=st.binary(max_size=200))
def test_any_bytes_are_a_snapshot_or_refused(given, demo):
    assert tried(lambda: _core._open_framework(given)) is None
    assert tried(lambda: _core._open_profiles(given, demo, None)) is None


@often
@given(place=st.integers(0, 2**20), by=st.integers(1, 255))
def test_a_damaged_snapshot_in_a_pickle_is_refused(place, by, snapshots, demo):
    whole = snapshots[0]
    bent = bytearray(whole)
    bent[place % len(bent)] ^= by
    written = pickle.dumps(demo)
    if whole in written:
        assert tried(lambda: pickle.loads(written.replace(whole, bytes(bent)))) in (None, demo)


@pytest.mark.parametrize("name", READERS)
def test_a_small_folder_is_read(name, tmp_path):
    files, read = READERS[name]
    for file, text in files.items():
        (tmp_path / file).write_text(text, encoding="utf-8")
    assert len(read(tmp_path).occupations) == 1


@often
@pytest.mark.parametrize("name", READERS)
@given(
    at=st.integers(0, 2),
    place=st.integers(0, 300),
    text=st.text(max_size=12) | st.sampled_from(["\n", '"', "\t", ",", "\0", "1e999", "-1", "NaN"]),
)
def test_any_folder_is_read_or_refused_and_its_rows_add_up(name, at, place, text, tmp_path):
    files, read = READERS[name]
    for number, (file, own) in enumerate(files.items()):
        changed = own[:place] + text + own[place:] if number == at % len(files) else own
        (tmp_path / file).write_text(changed, encoding="utf-8", newline="")
    framework = tried(lambda: read(tmp_path))
    if framework is not None:
        report = framework.report
        assert report.rows == report.kept + sum(report.dropped.values())
