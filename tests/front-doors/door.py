"""What the Python package gives, written down for comparison: see door.rs.

Usage: door.py FOLDER OUT QUERY...
"""

import json
import sys
from pathlib import Path

import numpy as np

import passerelle as ps
from passerelle import recruitment, skill, training

K = 10
PAIRS = 6


def main(folder: str, out: str, *queries: str) -> None:
    place, into = Path(folder), Path(out)
    hub = ps.Hub.read(place)
    framework, profiles = hub.framework, hub.people
    jobs = framework.occupations
    person_at = {person: at for at, person in enumerate(profiles.ids)}
    job_at = {job: at for at, job in enumerate(jobs.ids)}

    for measure in ("coverage", "gap", "known-share"):
        ps.gap_matrix(profiles, jobs, measure).astype("<f4").tofile(into / f"{measure}.bin")

    levels, weights = jobs.to_csr()
    cells = ps.Index(levels, weights).gap(profiles.to_csr(), dtype=np.uint32)
    cells.astype("<u4").tofile(into / "cells.bin")

    for strategy in ("coverage", "cosine", "bm25", "gap"):
        for way, rows in (("targets", len(profiles)), ("people", len(jobs))):
            best = ps.rank(
                profiles, jobs, K, strategy, best=way, standing=False, frame="pyarrow"
            ).to_pydict()
            positions = np.full((rows, K), -1, "<i4")
            scores = np.zeros((rows, K), "<f4")
            columns = (best[name] for name in ("person", "target", "rank", "score"))
            for person, job, rank, score in zip(*columns, strict=True):
                row, column = person_at[person], job_at[job]
                if way == "people":
                    row, column = column, row
                positions[row, rank - 1], scores[row, rank - 1] = column, score
            with open(into / f"{way}-{strategy}.bin", "wb") as file:
                file.write(positions.tobytes() + scores.tobytes())

    why = []
    for at in range(PAIRS):
        person = profiles[at * 997 % len(profiles)]
        job = jobs[at * 31 % len(jobs)]
        why.append(ps.explain(person, job, "coverage", language="en").to_dict())
    (into / "explain.json").write_text(json.dumps(why))

    found = [
        [
            {
                "kind": one.kind,
                "id": one.id,
                "label": one.label,
                "language": one.language,
                "occupation": one.occupation,
            }
            for one in framework.find(query, K)
        ]
        for query in queries
    ]
    (into / "find.json").write_text(json.dumps(found))
    if (place / "needs.csv").exists():
        modules(place, into, hub)


def modules(place: Path, into: Path, hub: ps.Hub) -> None:
    framework, profiles = hub.framework, hub.people
    region = recruitment.Region.read(place, profiles)
    picture = recruitment.Picture(region.register)
    needs = picture.consolidated(territories="bassin", frame="pyarrow")
    (into / "needs.json").write_text(json.dumps(needs.drop_columns(["causes"]).to_pylist()))

    here = {"places": region.places, "territories": "bassin", "frame": "pyarrow"}
    for name, told in (("tension", skill.tension), ("balance", skill.balance)):
        rows = told(picture, profiles, **here).to_pylist()
        (into / f"{name}.json").write_text(json.dumps(rows))

    jobs = framework.occupations
    kept_out = [
        skill.exclusions(profiles, jobs[at * 7 % len(jobs)], frame="pyarrow").to_pylist()
        for at in range(PAIRS)
    ]
    (into / "exclusions.json").write_text(json.dumps(kept_out))

    offer = training.Offer.read(place / "training", framework)
    training.plan(training.learners(region, picture, offer)).save(into)


if __name__ == "__main__":
    main(*sys.argv[1:])
