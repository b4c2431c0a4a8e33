"""What the docstrings show is what happens."""

import doctest
from collections.abc import Iterator
from importlib import import_module
from inspect import getdoc, ismodule
from typing import Any

import pytest

import passerelle as ps

#: Rooms that are imported by their own names.
ROOMS = ["batches", "sklearn", "viz"]


def documented(thing: Any, name: str) -> Iterator[tuple[str, str]]:
    yield name, getdoc(thing) or ""
    members: list[str] = []
    if ismodule(thing):
        members = thing.__all__
    elif isinstance(thing, type):
        members = [member for member in vars(thing) if not member.startswith("_")]
    for member in members:
        if member != "__version__":
            yield from documented(getattr(thing, member), f"{name}.{member}")


DOCUMENTED = dict(documented(ps, "passerelle"))
for room in ROOMS:
    DOCUMENTED |= documented(import_module(f"passerelle.{room}"), f"passerelle.{room}")


@pytest.mark.filterwarnings("ignore::passerelle.RowsDropped")  # some needs of the sample region
@pytest.mark.parametrize("name", [name for name, doc in DOCUMENTED.items() if ">>>" in doc])
def test_an_example_says_what_happens(name, folder, frame, hub, demo, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    globs = {"folder": folder, "frame": frame, "hub": hub, "demo": demo, "ps": ps}
    example = doctest.DocTestParser().get_doctest(DOCUMENTED[name], globs, name, None, None)
    flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    said: list[str] = []
    doctest.DocTestRunner(optionflags=flags).run(example, out=said.append)
    assert not said, "".join(said)


@pytest.mark.parametrize("name", sorted(DOCUMENTED))
def test_everything_public_is_documented(name):
    if not name.startswith("passerelle.errors."):
        assert DOCUMENTED[name].strip(), name
