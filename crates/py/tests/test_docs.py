"""What the docstrings show is what happens."""

import doctest
from collections.abc import Iterator
from inspect import getdoc, ismodule

import pytest

import passerelle as ps


def documented() -> Iterator[tuple[str, str]]:
    yield "passerelle", ps.__doc__ or ""
    for name in ps.__all__:
        thing = getattr(ps, name)
        yield name, getdoc(thing) or ""
        if isinstance(thing, type) or ismodule(thing):
            for member in vars(thing):
                if not member.startswith("_"):
                    yield f"{name}.{member}", getdoc(getattr(thing, member)) or ""


DOCUMENTED = dict(documented())


@pytest.mark.parametrize("name", [name for name, doc in DOCUMENTED.items() if ">>>" in doc])
def test_an_example_says_what_happens(name, folder, frame, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    globs = {"folder": folder, "frame": frame, "ps": ps}
    example = doctest.DocTestParser().get_doctest(DOCUMENTED[name], globs, name, None, None)
    flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    said: list[str] = []
    doctest.DocTestRunner(optionflags=flags).run(example, out=said.append)
    assert not said, "".join(said)


@pytest.mark.parametrize("name", sorted(DOCUMENTED))
def test_everything_public_is_documented(name):
    if name not in {"__version__"} and not name.startswith("errors."):
        assert DOCUMENTED[name].strip(), name
