# %% [markdown]
# # Match people and occupations
#
# Who is how far from which job, and why. Run it from anywhere; it works on the sample region of
# this repository.

# %%
from pathlib import Path

import pandas as pd

import passerelle as ps

REGION = Path(__file__).parents[3] / "datasets" / "hauts-de-france"

# %%
# A framework: what jobs require. `read_rome`, `read_esco` and `read_onet` read published ones.
framework = ps.Framework.read_csv(REGION / "framework")
print(framework)

# %%
# People, from any data frame with a row for each piece of evidence.
files = sorted((REGION / "people").glob("*.csv"))
evidence = pd.concat([pd.read_csv(file, dtype=str) for file in files])
people = ps.Profiles.from_frame(evidence, framework)
print(people)

# %%
# Who is how far from every job: one figure for each pair.
coverage = ps.gap_matrix(people, framework.occupations)
print(f"coverage: {coverage.shape}, mean {coverage.mean():.3f}")

# %%
# The best jobs of each person. Where too little is known, the status says so.
best = ps.rank(people, framework.occupations, k=3)
print(best[["person", "label", "score", "known_share", "status"]].head(6).to_string(index=False))
print(best["status"].value_counts().to_string())

# %%
# Why the first of them: every skill, and what it adds to the score.
first = best.iloc[0]
why = ps.explain(people[first["person"]], framework.occupations[first["target"]])
print(why)
assert why.rebuild() == first["score"]
