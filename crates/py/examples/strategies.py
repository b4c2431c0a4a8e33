# %% [markdown]
# # Compare strategies
#
# Which way of matching finds an occupation from half of its essential skills? Run it from anywhere;
# it works on the sample region of this repository.

# %%
from pathlib import Path

import passerelle as ps

REGION = Path(__file__).parents[3] / "datasets" / "hauts-de-france"
framework = ps.Framework.read_csv(REGION / "framework")
print(framework)

# %% [markdown]
# What can be asked of any framework. `rome-mobility` asks what ROME's experts judged:
# `ps.evaluate.run("rome-mobility", "rome-4.60")`.

# %%
for task, asks in ps.evaluate.tasks().items():
    print(f"{task}: {asks}")

# %% [markdown]
# Strategies are compared with a baseline query by query. Options are tuned on one half of the
# queries (`half="tuning"`) and reported on the other.

# %%
chosen = ["coverage", "cosine", "tfidf", "bm25", "gap"]
done = ps.evaluate.run("from-50", framework, strategies=chosen, against="ochiai")
print(done)

# %%
table = done.to_frame("pandas")
own = table[table["metric"] == done.metric].sort_values("mean", ascending=False)
print(own[["strategy", "mean", "low", "high", "difference"]].to_string(index=False))

# %% [markdown]
# Better than the baseline are only those whose interval of the difference lies above 0.

# %%
better = own[own["difference_low"] > 0]["strategy"].tolist()
print("better than the baseline:", ", ".join(better) or "none, on so few queries")
