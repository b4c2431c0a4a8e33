# %% [markdown]
# # What the hub does
#
# From what employers need, through who is how far from it, to the training to buy. Run it from
# anywhere; it works on the sample region of this repository, whose people are made up.

# %%
import warnings
from pathlib import Path

import passerelle as ps
from passerelle import recruitment, skill, training

REGION = Path(__file__).parents[3] / "datasets" / "hauts-de-france"

# %%
# What jobs require and what people hold. Who is known to several services is one person.
hub = ps.Hub.read(REGION)
print(hub)
several = sum(len(pools) > 1 for pools in hub.pools.values())
print(f"{len(hub.pools)} people are in a pool, {several} in several")

# %%
# What sensors reported. Some rows are wrong on purpose: the reader drops them and says why.
with warnings.catch_warnings():
    warnings.simplefilter("ignore", ps.RowsDropped)
    region = recruitment.Region.read(REGION, hub.people)
for report in region.reports:
    if report.dropped:
        print(report)

# %% [markdown]
# ## Recruitment: what is needed
#
# Several sensors report the same vacancy. Positions are an interval: between those that are sure
# and all that were reported.

# %%
picture = recruitment.Picture(region.register)
print(f"{len(region.register)} reports, {len(picture.vacancies())} vacancies")
needs = picture.consolidated(by=["sector"])
columns = ["sector", "vacancies", "positions_sure", "positions_estimate", "positions_all"]
print(needs.nlargest(5, "positions_estimate")[columns].to_string(index=False))

# %%
# Only needs whose causes are skills call for training; the others call for something else.
print(needs[["calls_for_training", "no_cause"]].sum().to_string())

# %% [markdown]
# ## Skill: what is short, and who is near
#
# Counts about few people are left out, with those that would give them away: those of employment
# areas count beside those of the region.

# %%
homes = region.places
short = skill.balance(picture, hub.people, places=homes).nlargest(5, "shortage")
print(short[["label", "required", "holders", "shortage"]].to_string(index=False))

# %%
tension = skill.tension(picture, hub.people, places=homes)
print(tension[["label", "positions_estimate", "people"]].head(5).to_string(index=False))

# %%
# From the occupation with the most people for each position: where could they move, and what would
# they need to gain, or a licence to have?
jobs = hub.framework.occupations
plenty = jobs[tension.dropna(subset="positions_per_person")["occupation"].iloc[-1]]
ways = skill.bridges(plenty, jobs)
print(f"from {plenty.label}:")
print(ways[["label", "coverage", "to_gain", "blocking"]].head(3).to_string(index=False))

# %%
# The best people for each vacancy, by skills alone: dates, travel, hours and contracts set people
# aside and are said, never scored.
best = skill.candidates(region, picture, k=3)
print(best[["vacancy", "rank", "coverage", "status", "to_ask"]].head(6).to_string(index=False))

# %% [markdown]
# ## Training: what closes the gap
#
# For one person: the modules that close the gap at least cost, with a proof of how good that is.

# %%
offer = training.Offer.read(REGION / "training", hub.framework)
print(offer)
learners = training.learners(region, picture, offer)
told = learners.table()
first = told.iloc[0]
way = training.pathway(hub.people[first["person"]], jobs[first["target"]], offer)
print(way)
assert way.certificate["bound"] <= way.certificate["cost"]

# %%
# For everyone, within the money there is: which sessions to buy, who sits in them, who pays.
plan = training.plan(learners, rounds=3)
bought = plan.purchases()
euros = bought["cents"].sum() / 100
print(f"{len(bought)} purchases for {len(plan)} seats, {euros:,.2f} €")
print(f"at most {plan.certificate['distance']:.1%} from the best that any plan could close")
assert plan.check() == []

# %%
# Every purchase traces back to a gap, and every gap to a need.
seat = plan.seats().iloc[0]
print(f"{seat['module']} for {seat['person']}, towards {seat['target']}, for need {seat['need']}")

# %%
# What stays open, and why: what to ask of the offer next.
print(plan.open_skills().head(5).to_string(index=False))
