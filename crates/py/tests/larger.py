"""The sample region with every person, need and condition there many times, to try a hub at scale.

python larger.py COPIES FOLDER
"""

import sys
from pathlib import Path

HUB = Path(__file__).parents[3] / "datasets" / "hauts-de-france"

#: Files of which there are many, by the column that says which: the rest stays what it is.
MANY = {"people_attributes.csv": 0, "needs.csv": 1, "post_conditions.csv": 1}


def larger(copies: int, folder: Path) -> None:
    """Write the region into a folder; what stays the same is linked."""
    (folder / "people").mkdir(parents=True)
    for name in ("framework", "training"):
        (folder / name).symlink_to(HUB / name)
    many = {HUB / name: (folder / name, at) for name, at in MANY.items()}
    many |= {path: (folder / "people" / path.name, 0) for path in (HUB / "people").glob("*.csv")}
    for path in HUB.glob("*.csv"):
        if path not in many:
            (folder / path.name).symlink_to(path)
    for source, (path, at) in many.items():
        header, *rows = source.read_text(encoding="utf-8").splitlines()
        with path.open("w", encoding="utf-8") as file:
            print(header, file=file)
            for copy in range(copies):
                for row in rows:
                    fields = row.split(",", at + 1)
                    fields[at] += f"x{copy}"
                    print(",".join(fields), file=file)


if __name__ == "__main__":
    larger(int(sys.argv[1]), Path(sys.argv[2]))
