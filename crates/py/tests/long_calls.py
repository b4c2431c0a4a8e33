"""Calls of the package that take long, by name, each on input that makes it.

``python long_calls.py NAME SCALE`` makes the input, then answers line after line. ``time`` does the
call and prints how many seconds it took; ``stop`` does it again, and prints the moment at which
Ctrl-C came out of it, or ``ended`` where it ended before.
"""

import os
import pickle
import signal
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from larger import HUB, larger

import passerelle as ps

ROOT = Path(__file__).parents[3]
DATA = Path(os.environ.get("PASSERELLE_DATA", ROOT.parent / "shared" / "data"))

Call = Callable[[], object]

#: What makes each call ready on input of a scale, of which 1 takes some seconds.
CALLS: dict[str, Callable[[float], Call]] = {}


def long(ready: Callable[[float], Call]) -> Callable[[float], Call]:
    CALLS[ready.__name__] = ready
    return ready


#: Folders that are removed when the process ends.
FOLDERS: list[TemporaryDirectory[str]] = []


def temporary() -> Path:
    FOLDERS.append(TemporaryDirectory())
    return Path(FOLDERS[-1].name)


def csr(rows: int, cells: int = 20, columns: int = 10_000, dtype: type = np.uint16):
    """Rows of so many cells each, as (indptr, indices, data)."""
    chance = np.random.default_rng(rows)
    steps = chance.integers(1, columns // cells, (rows, cells), np.int32)
    bounds = np.arange(0, rows * cells + 1, cells, dtype=np.int64)
    skills = np.cumsum(steps, axis=1, dtype=np.int32).ravel() - 1
    # All on the same columns.
    skills[cells - 1] = columns - 1
    return bounds, skills, chance.integers(1, 5, rows * cells).astype(dtype)


def region() -> ps.Framework:
    return ps.Framework.read_csv(HUB / "framework")


def crowd(people: float) -> tuple[ps.Profiles, ps.Occupations]:
    framework = region()
    return ps.Profiles.sample(framework, int(people)), framework.occupations


# Sparse matrices.


@long
def index_build(scale: float) -> Call:
    required = csr(int(3_000_000 * scale))
    return lambda: ps.Index(required)


@long
def index_build_of_many_levels(scale: float) -> Call:
    bounds, skills, levels = csr(int(3_000_000 * scale))
    many = (np.arange(len(levels)) % 60_000 + 1).astype(np.uint16)
    return lambda: ps.Index((bounds, skills, levels), weights=many)


@long
def index_build_of_int64(scale: float) -> Call:
    bounds, skills, levels = csr(int(3_000_000 * scale))
    required = (bounds, skills.astype(np.int64), levels.astype(np.uint8))
    return lambda: ps.Index(required)


@long
def index_add(scale: float) -> Call:
    index, more = ps.Index(csr(20_000)), csr(int(3_000_000 * scale))
    return lambda: index.add(more)


@long
def index_remove(scale: float) -> Call:
    rows = int(3_000_000 * scale)
    index, gone = ps.Index(csr(rows)), np.arange(0, rows, 10_000)
    return lambda: index.remove(gone)


@long
def index_pickle(scale: float) -> Call:
    index = ps.Index(csr(int(3_000_000 * scale)))
    return lambda: pickle.dumps(index)


@long
def index_top_k(scale: float) -> Call:
    index, held = ps.Index(csr(100_000)), csr(int(20_000 * scale))
    return lambda: index.top_k(held)


@long
def index_top_k_of_many(scale: float) -> Call:
    index, held = ps.Index(csr(3_000)), csr(int(2_000_000 * scale))
    return lambda: index.top_k(held)


@long
def index_gap(scale: float) -> Call:
    rows = int(20_000 * scale)
    index, held, out = ps.Index(csr(60_000)), csr(rows), np.zeros((rows, 60_000), np.uint8)
    return lambda: index.gap(held, out=out)


@long
def index_credit(scale: float) -> Call:
    index, held = ps.Index(csr(60_000)), csr(int(10_000 * scale))
    return lambda: index.credit(held, dtype="uint16")


@long
def index_coverage(scale: float) -> Call:
    index, held = ps.Index(csr(60_000)), csr(int(10_000 * scale))
    return lambda: index.coverage(held)


@long
def top_k_floats(scale: float) -> Call:
    held, required = csr(int(20_000 * scale), dtype=np.float32), csr(100_000, dtype=np.float32)
    return lambda: ps.top_k(held, required)


@long
def top_k_of_many_floats(scale: float) -> Call:
    held, required = csr(1_000, dtype=np.float32), csr(int(3_000_000 * scale), dtype=np.float32)
    return lambda: ps.top_k(held, required)


@long
def top_k_cosine(scale: float) -> Call:
    held, required = csr(int(2_000_000 * scale)), csr(3_000)
    return lambda: ps.top_k(held, required, kernel="cosine")


@long
def top_k_cosine_of_many(scale: float) -> Call:
    held, required = csr(1_000), csr(int(3_000_000 * scale))
    return lambda: ps.top_k(held, required, kernel="cosine")


@long
def gap_vectors(scale: float) -> Call:
    held, required = csr(100_000), csr(3_000)
    chance, pairs = np.random.default_rng(1), int(10_000_000 * scale)
    pairs = chance.integers(0, 100_000, pairs), chance.integers(0, 3_000, pairs)
    return lambda: ps.gap_vectors(held, required, pairs)


# Frameworks and profiles.


@long
def from_frame(scale: float) -> Call:
    import pandas as pd

    framework, frame = region(), pd.DataFrame(evidence(6_000_000 * scale))
    return lambda: ps.Profiles.from_frame(frame, framework)


@long
def from_polars(scale: float) -> Call:
    import polars as pl

    framework, frame = region(), pl.DataFrame(evidence(6_000_000 * scale))
    return lambda: ps.Profiles.from_frame(frame, framework)


@long
def from_arrow(scale: float) -> Call:
    import pyarrow as pa

    framework, frame = region(), pa.table(evidence(6_000_000 * scale))
    return lambda: ps.Profiles.from_frame(frame, framework)


@long
def from_duckdb(scale: float) -> Call:
    import duckdb
    import pyarrow as pa

    framework, frame = region(), duckdb.from_arrow(pa.table(evidence(6_000_000 * scale)))
    return lambda: ps.Profiles.from_frame(frame, framework)


def evidence(rows: float) -> dict[str, list[object]]:
    """Make rows of 20 pieces of evidence each, with every column."""
    skills, people = region().skill_ids, int(rows) // 20
    return {
        "person": [f"p{at}" for at in range(people) for _ in range(20)],
        "skill": [
            skills[(7 * at + own) % len(skills)] for at in range(people) for own in range(20)
        ],
        "level": ["1", "2"] * (people * 10),
        "date": [f"20{at % 20 + 5:02}-03-{at % 28 + 1:02}" for at in range(people * 20)],
    }


@long
def from_csv(scale: float) -> Call:
    framework, path = region(), temporary() / "people.csv"
    columns = evidence(3_000_000 * scale)
    with path.open("w") as file:
        print(",".join(columns), file=file)
        file.writelines(",".join(row) + "\n" for row in zip(*columns.values(), strict=True))
    return lambda: ps.Profiles.from_csv(path, framework)


@long
def profiles_open(scale: float) -> Call:
    (people, _), path = crowd(2_000_000 * scale), temporary() / "people"
    people.save(path)
    framework = people.framework
    return lambda: ps.Profiles.open(path, framework)


@long
def profiles_save(scale: float) -> Call:
    (people, _), path = crowd(2_000_000 * scale), temporary() / "people"
    return lambda: people.save(path)


@long
def profiles_pickle(scale: float) -> Call:
    people, _ = crowd(1_000_000 * scale)
    return lambda: pickle.dumps(people)


@long
def profiles_unpickle(scale: float) -> Call:
    people, _ = crowd(1_000_000 * scale)
    stored = pickle.dumps(people)
    return lambda: pickle.loads(stored)


@long
def profiles_sample(scale: float) -> Call:
    framework = region()
    return lambda: ps.Profiles.sample(framework, int(1_000_000 * scale))


@long
def profiles_select(scale: float) -> Call:
    people, _ = crowd(1_000_000 * scale)
    return lambda: people[:]


@long
def profiles_to_csr(scale: float) -> Call:
    people, _ = crowd(2_000_000 * scale)
    people[:1]
    return lambda: people.to_csr()


@long
def read_rome(_scale: float) -> Call:
    return lambda: [ps.Framework.read_rome(DATA / "rome-4.60") for _ in range(2)]


@long
def read_esco(_scale: float) -> Call:
    return lambda: ps.Framework.read_esco(DATA / "esco-1.1.1-en")


@long
def read_onet(_scale: float) -> Call:
    return lambda: [ps.Framework.read_onet(DATA / "onet-29.0") for _ in range(2)]


@long
def framework_open(_scale: float) -> Call:
    path = temporary() / "rome"
    ps.Framework.read_rome(DATA / "rome-4.60").save(path)
    return lambda: [ps.Framework.open(path) for _ in range(20)]


@long
def framework_find(_scale: float) -> Call:
    stored = pickle.dumps(ps.Framework.read_esco(DATA / "esco-1.1.1-en"))
    return lambda: pickle.loads(stored).find("conduct", limit=5)


# Gaps and rankings.


@long
def gap_matrix(scale: float) -> Call:
    people, jobs = crowd(10_000_000 * scale / 2)
    out = np.zeros((len(people), len(jobs)), np.float32)
    return lambda: ps.gap_matrix(people, jobs, out=out)


@long
def rank(scale: float) -> Call:
    people, jobs = crowd(500_000 * scale)
    return lambda: ps.rank(people, jobs, strategy="cosine", frame="pandas")


@long
def rank_people(scale: float) -> Call:
    people, jobs = crowd(3_000_000 * scale)
    return lambda: ps.rank(people, jobs, best="people", frame="pyarrow")


@long
def rank_people_by_cosine(scale: float) -> Call:
    people, jobs = crowd(3_000_000 * scale)
    return lambda: ps.rank(people, jobs, strategy="cosine", best="people", frame="pyarrow")


@long
def rank_by_scorer(scale: float) -> Call:
    people, jobs = crowd(10_000 * scale)
    return lambda: ps.rank(people, jobs, strategy="greedy(combined)")


@long
def rank_with_transfer(scale: float) -> Call:
    people, jobs = crowd(50_000 * scale)
    return lambda: ps.rank(people, jobs, transfer=["hierarchy", "co-occurrence"])


@long
def explain(_scale: float) -> Call:
    rome = ps.Framework.read_rome(DATA / "rome-4.60")
    people = ps.Profiles.sample(rome, 2)
    return lambda: ps.explain(people["p1"], rome.occupations[0], "svd", transfer="co-occurrence")


@long
def batches_rank(scale: float) -> Call:
    import pyarrow as pa

    from passerelle import batches

    framework = region()
    people = batches.by_person(pa.table(evidence(2_000_000 * scale))).to_batches(16_384)
    return lambda: list(batches.rank(people, framework, dropped="warn"))


@long
def batches_rank_one(scale: float) -> Call:
    import pyarrow as pa

    from passerelle import batches

    framework = region()
    people = batches.by_person(pa.table(evidence(2_000_000 * scale))).combine_chunks().to_batches()
    return lambda: list(batches.rank(people, framework, dropped="warn"))


@long
def batches_by_person(scale: float) -> Call:
    import pyarrow as pa

    from passerelle import batches

    table = pa.table(evidence(6_000_000 * scale))
    return lambda: batches.by_person(table)


@long
def evaluate(_scale: float) -> Call:
    folder = DATA / "rome-4.60"
    return lambda: ps.evaluate.run("rome-mobility", folder, strategies="all", against="ochiai")


# The hub, on the sample region made larger.


def hub(scale: float) -> tuple[ps.Profiles, "ps.recruitment.Region", Path]:
    """Read the sample region with everything there so many times."""
    folder = temporary()
    larger(max(1, round(20 * scale)), folder)
    people = ps.Profiles.from_csv(folder / "people", region())
    return people, ps.recruitment.Region.read(folder, people), folder


@long
def region_read(scale: float) -> Call:
    people, _, folder = hub(scale)
    return lambda: ps.recruitment.Region.read(folder, people)


@long
def register_read_needs(scale: float) -> Call:
    people, own, folder = hub(scale)

    def read() -> None:
        register = ps.recruitment.Register(people.framework, own.territories)
        register.read_sensors(folder / "sensors.csv")
        register.read_needs(folder / "needs.csv")

    return read


@long
def picture(scale: float) -> Call:
    _, own, _ = hub(scale)
    return lambda: ps.recruitment.Picture(own.register)


@long
def picture_frames(scale: float) -> Call:
    _, own, _ = hub(scale)
    seen = ps.recruitment.Picture(own.register)
    return lambda: (
        seen.consolidated(territories="bassin"),
        seen.vacancies(),
        seen.over_time("2026-06-30"),
        seen.breadth(),
        own.register.needs(),
        ps.skill.near_sectors(seen),
        ps.skill.required_map(seen),
    )


def seen(scale: float):
    people, own, folder = hub(scale)
    here = {"places": own.places, "territories": "bassin"}
    return people, own, ps.recruitment.Picture(own.register), folder, here


@long
def skill_balance(scale: float) -> Call:
    people, _, picture, _, here = seen(scale)
    return lambda: ps.skill.balance(picture, people, **here)


@long
def skill_tension(scale: float) -> Call:
    people, _, picture, _, here = seen(scale)
    return lambda: ps.skill.tension(picture, people, **here)


@long
def skill_candidates(scale: float) -> Call:
    _, own, picture, _, _ = seen(scale)
    return lambda: ps.skill.candidates(own, picture, k=10)


@long
def skill_held_map(scale: float) -> Call:
    people, own, _, _, _ = seen(scale)
    groups: dict[str, list[str]] = {}
    for person, place in own.places.items():
        groups.setdefault(place, []).append(person)
    return lambda: ps.skill.held_map(people, groups=groups)


@long
def skill_pools(scale: float) -> Call:
    people, _ = crowd(300_000 * scale)

    def unite() -> None:
        pools = ps.skill.Pools(people.framework)
        pools.add("one", people)
        pools.add("other", people)
        pools.unite()

    return unite


def lesson(scale: float):
    people, own, folder = hub(scale)
    offer = ps.training.Offer.read(folder / "training", people.framework)
    return people, own, ps.recruitment.Picture(own.register), offer


@long
def training_learners(scale: float) -> Call:
    _, own, picture, offer = lesson(scale)
    return lambda: ps.training.learners(own, picture, offer)


@long
def training_plan(scale: float) -> Call:
    _, own, picture, offer = lesson(scale)
    learners = ps.training.learners(own, picture, offer)
    print(len(learners), "learners", file=sys.stderr)
    return lambda: ps.training.plan(learners)


@long
def training_check(scale: float) -> Call:
    _, own, picture, offer = lesson(scale)
    plan = ps.training.plan(ps.training.learners(own, picture, offer), rounds=2)
    return lambda: plan.check()


@long
def training_tables(scale: float) -> Call:
    _, own, picture, offer = lesson(scale)
    plan = ps.training.plan(ps.training.learners(own, picture, offer), rounds=2)
    folder = temporary()
    return lambda: (
        plan.seats(),
        plan.purchases(),
        plan.open_skills(),
        plan.adequacy(),
        plan.indicators(),
        plan.save(folder),
    )


@long
def training_pathways(scale: float) -> Call:
    people, _, _, offer = lesson(scale)
    jobs = people.framework.occupations
    pairs = [(person, jobs.ids[at % len(jobs)]) for at, person in enumerate(people.ids)]
    pairs = pairs[: int(3_000 * scale)]
    return lambda: ps.training.pathways(people, jobs, offer, pairs)


@long
def training_uncovered(scale: float) -> Call:
    _, _, _, offer = lesson(scale)
    return lambda: ps.training.uncovered(offer)


def main() -> None:
    """Answer what is asked, line by line."""
    warnings.simplefilter("ignore")
    # Who runs this in the background may have it ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    call = CALLS[sys.argv[1]](float(sys.argv[2]))
    print("ready", flush=True)
    for asked in sys.stdin:
        start = time.monotonic()
        if asked == "time\n":
            call()
            print(time.monotonic() - start, flush=True)
            continue
        ended = False
        try:
            print("go", flush=True)
            call()
            ended = True
            while True:
                time.sleep(0.01)
        except KeyboardInterrupt:
            stopped = time.monotonic()
            print("ended" if ended else stopped, flush=True)


if __name__ == "__main__":
    main()
