"""Ray Data with two actors gives what one machine gives, though one of them is killed."""

import os
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from conftest import K, command, dies_once, in_order

os.environ |= {"RAY_USAGE_STATS_ENABLED": "0", "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0"}

import ray
import ray.data

import passerelle.ray

# Ray warns of what it does itself.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:ray")


@pytest.fixture(scope="module", autouse=True)
def cluster() -> Iterator[None]:
    """Two cores for the actors and two for reading, as Ray counts them."""
    here = {"env_vars": {"PYTHONPATH": str(Path(__file__).parent)}}
    ray.init(
        num_cpus=4,
        include_dashboard=False,
        object_store_memory=200_000_000,
        runtime_env=here,
        _node_ip_address="127.0.0.1",
    )
    yield
    ray.shutdown()


def ranked_by_ray(people: ray.data.Dataset, framework: passerelle.Framework) -> pa.Table:
    ranked = passerelle.ray.rank(people, framework, K, actors=2, batch_size=100)
    blocks = ray.get(ranked.to_arrow_refs())
    return in_order(pa.concat_tables(blocks).cast(passerelle.batches.schema()))


def test_two_actors_give_what_one_machine_gives(framework, people, ranked):
    frame = ray.data.from_arrow(people).repartition(8)
    assert ranked_by_ray(frame, framework).equals(ranked)


def test_an_actor_killed_on_the_way_loses_and_doubles_nothing(framework, people, ranked, tmp_path):
    mark = tmp_path / "killed"
    unlucky = people["person"][people.num_rows // 2].as_py()

    def deadly(batch: pa.Table) -> pa.Table:
        # Ray joins this to what ranks: it is done by the actor that ranks, which has done others.
        if unlucky in batch["person"].to_pylist():
            assert "_Ranker" in command(os.getpid()), "this is an actor that ranks"
            dies_once(mark, os.getpid())
        return batch

    frame = ray.data.from_arrow(people).repartition(8)
    frame = frame.map_batches(deadly, batch_format="pyarrow", batch_size=100)
    assert ranked_by_ray(frame, framework).equals(ranked)
    assert mark.read_text(), "somebody was killed"
