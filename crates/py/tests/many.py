"""Many made-up people ranked from file to file: prints the rows, and the peak of memory in bytes.

``python many.py PEOPLE FOLDER [FRAMEWORK]`` draws them on a ROME folder or snapshot, by default on
a framework made up for it, each with some 20 skills, and keeps the files in the folder.
"""

import resource
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import passerelle as ps
from passerelle import batches

HELD = 20
BATCH = 16_384


def made_up(folder: Path) -> ps.Framework:
    """Make a framework of 300 occupations with 20 of 2,000 skills each."""
    chance = np.random.default_rng(1)
    asked = [(at, skill) for at in range(300) for skill in chance.choice(2_000, 20, False)]
    files = {
        "framework": "key,value\nname,many\nversion,1\nlanguage,en\n",
        "skills": "id,label_en,kind\n" + "".join(f"s{s},s{s},knowledge\n" for s in range(2_000)),
        "occupations": "id,label_en\n" + "".join(f"o{at},o{at}\n" for at in range(300)),
        "requirements": "occupation,skill,weight,necessity\n"
        + "".join(f"o{at},s{skill},1,essential\n" for at, skill in asked),
    }
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text)
    return ps.Framework.read_csv(folder)


def main() -> None:
    """Write people, rank them, say what it took."""
    people, folder = int(sys.argv[1]), Path(sys.argv[2])
    if len(sys.argv) > 3:
        given = Path(sys.argv[3])
        framework = ps.Framework.read_rome(given) if given.is_dir() else ps.Framework.open(given)
    else:
        framework = made_up(folder / "framework")
    skills = np.array(framework.skill_ids)
    source = folder / f"people-{people}.parquet"
    columns = pa.schema({"person": pa.string(), "skill": pa.list_(pa.string())})
    chance = np.random.default_rng(people)
    with pq.ParquetWriter(source, columns) as written:
        for first in range(0, people, BATCH):
            some = range(first, min(first + BATCH, people))
            # Steps of at least 1 from a start: no skill twice.
            steps = chance.integers(1, len(skills) // HELD, (len(some), HELD)).cumsum(1)
            held = skills[(steps + chance.integers(0, len(skills), (len(some), 1))) % len(skills)]
            ends = pa.array(np.arange(0, HELD * len(some) + 1, HELD), pa.int32())
            lists = pa.ListArray.from_arrays(ends, pa.array(held.ravel(), pa.string()))
            ids = pa.array([f"p{at}" for at in some])
            written.write_batch(pa.record_batch([ids, lists], columns))
    before = time.perf_counter()
    rows = batches.rank_parquet(source, folder / f"best-{people}.parquet", framework, k=10)
    took = time.perf_counter() - before
    print(rows, peak(), f"{took:.1f} s")


def peak() -> int:
    """Give the most bytes that this program took; what `getrusage` says was its parent's before."""
    status = Path("/proc/self/status")
    if not status.is_file():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
    return int(lines["VmHWM"].split()[0]) * 1024


if __name__ == "__main__":
    main()
