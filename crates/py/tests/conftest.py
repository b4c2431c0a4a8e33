"""What the tests share: a small framework, people on it, and the publishers' data where it is."""

import os
from pathlib import Path

import pandas as pd
import pytest

import passerelle as ps

ROOT = Path(__file__).parents[3]

FILES = {
    "framework.csv": "key,value\nname,demo\nversion,1\nlanguage,en\n",
    "skills.csv": "id,label_en,kind\n"
    "weld,arc welding,know-how\nread,reading plans,knowledge\nteam,team work,soft\n",
    "occupations.csv": "id,label_en\nwelder,Welder\nfitter,Fitter\n",
    "requirements.csv": "occupation,skill,weight,necessity\n"
    "welder,weld,1,essential\nwelder,read,1,optional\n"
    "fitter,read,1,essential\nfitter,team,1,optional\n",
}


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("demo"), FILES)


@pytest.fixture(scope="session")
def demo(folder: Path) -> ps.Framework:
    return ps.Framework.read_csv(folder)


@pytest.fixture(scope="session")
def frame() -> pd.DataFrame:
    return pd.DataFrame({"person": ["p1", "p2", "p2"], "skill": ["weld", "read", "team"]})


@pytest.fixture(scope="session")
def people(frame: pd.DataFrame, demo: ps.Framework) -> ps.Profiles:
    return ps.Profiles.from_frame(frame, demo)


@pytest.fixture(scope="session")
def hub() -> Path:
    """The folder of the repository's sample region."""
    return ROOT / "datasets" / "hauts-de-france"


@pytest.fixture(scope="session")
def region(hub: Path) -> ps.Framework:
    """Its framework."""
    return ps.Framework.read_csv(hub / "framework")


@pytest.fixture(scope="session")
def data() -> Path:
    """The publishers' own files; without them the test is skipped."""
    folder = Path(os.environ.get("PASSERELLE_DATA", ROOT.parent / "shared" / "data"))
    if folder.is_dir():
        return folder
    if os.environ.get("PASSERELLE_REQUIRE_DATA"):
        pytest.fail(f"no real data at {folder}")
    pytest.skip(f"no real data at {folder}")
