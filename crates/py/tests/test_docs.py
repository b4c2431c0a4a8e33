"""What the docstrings show is what happens."""

import doctest
from collections.abc import Iterator
from inspect import getdoc, ismodule

import pytest

import passerelle as ps
from passerelle import batches, recruitment, skill, training


def documented() -> Iterator[tuple[str, str]]:
    for room in (ps, batches, recruitment, skill, training):
        within = room.__name__.partition(".")[2]
        yield room.__name__, room.__doc__ or ""
        for name in room.__all__:
            thing = getattr(room, name)
            known = f"{within}.{name}" if within else name
            yield known, getdoc(thing) or ""
            if isinstance(thing, type) or ismodule(thing):
                for member in vars(thing):
                    if not member.startswith("_"):
                        yield f"{known}.{member}", getdoc(getattr(thing, member)) or ""


DOCUMENTED = dict(documented())


@pytest.mark.filterwarnings("ignore::passerelle.RowsDropped")  # some needs of the sample region
@pytest.mark.parametrize("name", [name for name, doc in DOCUMENTED.items() if ">>>" in doc])
def test_an_example_says_what_happens(name, folder, frame, hub, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    globs = {"folder": folder, "frame": frame, "hub": hub, "ps": ps}
    example = doctest.DocTestParser().get_doctest(DOCUMENTED[name], globs, name, None, None)
    flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    said: list[str] = []
    doctest.DocTestRunner(optionflags=flags).run(example, out=said.append)
    assert not said, "".join(said)


@pytest.mark.parametrize("name", sorted(DOCUMENTED))
def test_everything_public_is_documented(name):
    if name not in {"__version__"} and not name.startswith("errors."):
        assert DOCUMENTED[name].strip(), name
