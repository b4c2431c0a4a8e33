"""What skills jobs require, what people hold, how far apart, and which training closes the gap.

>>> import passerelle as ps
>>> demo = ps.Framework.read_csv(folder)
>>> people = ps.Profiles.from_frame(frame, demo)
>>> ps.gap_matrix(people, demo.occupations, measure="coverage")
array([[0.5, 0. ],
       [0.5, 1. ]], dtype=float32)
>>> print(ps.rank(people, demo.occupations, k=1)[["person", "target", "score"]])
  person  target  score
0     p1  welder    0.5
1     p2  fitter    1.0

The types that matter are `Framework` (a source's skills, occupations and requirements),
`Occupations` and `Profiles`; `gap_matrix` and `rank` compare them, and `explain` takes a score
apart. `Hub` reads a hub's folder; `recruitment`, `skill` and `training` are its three modules, and
`evaluate` says how well strategies rank. `passerelle.batches` ranks record batches, as
`passerelle.spark` and `passerelle.ray` do on a cluster; `passerelle.sklearn` has estimators and
`passerelle.viz` pictures, with the extras of those names.

.. _long-calls:

Long calls take ``threads`` (``PASSERELLE_THREADS`` or one per core by default), ``memory_limit``
(bytes, or a text such as ``"2 GiB"``; 4 GiB by default) and ``progress`` (a function of what is
done and the whole, or a bar such as ``tqdm()``). They run without the interpreter's lock, the same
bits come out for any number of threads, and Ctrl-C stops them.
"""

from passerelle import errors, evaluate, recruitment, skill, training
from passerelle._account import Account
from passerelle._core import (
    Found,
    Framework,
    Hub,
    Index,
    Occupation,
    Occupations,
    Profile,
    Profiles,
    __version__,
    explain,
    gap_matrix,
    gap_vectors,
    strategies,
    top_k,
)
from passerelle._explanation import Explanation
from passerelle._rank import rank
from passerelle._report import ReadReport
from passerelle.errors import PasserelleError, RowsDropped

__all__ = [
    "Account",
    "Explanation",
    "Found",
    "Framework",
    "Hub",
    "Index",
    "Occupation",
    "Occupations",
    "PasserelleError",
    "Profile",
    "Profiles",
    "ReadReport",
    "RowsDropped",
    "__version__",
    "errors",
    "evaluate",
    "explain",
    "gap_matrix",
    "gap_vectors",
    "rank",
    "recruitment",
    "skill",
    "strategies",
    "top_k",
    "training",
]
