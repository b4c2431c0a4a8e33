"""Spark with two executor processes gives what one machine gives, though one of them is killed."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from conftest import K, command, dies_once, in_order, parent
from pyspark.sql import DataFrame, SparkSession

import passerelle.spark

HERE = str(Path(__file__).parent)


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    """Two executors with a core and 1 GiB each; nothing listens beyond this machine."""
    os.environ |= {
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYSPARK_PYTHON": sys.executable,
        "PYSPARK_DRIVER_PYTHON": sys.executable,
    }
    settings = {
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.executor.memory": "1g",
        "spark.executorEnv.PYTHONPATH": HERE,
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.execution.arrow.maxRecordsPerBatch": "100",
    }
    builder = SparkSession.builder.master("local-cluster[2,1,1024]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield session
    session.stop()


def arrow(frame: DataFrame) -> pa.Table:
    return in_order(frame.toArrow().cast(passerelle.batches.schema()))


def test_a_row_for_each_person_gives_what_one_machine_gives(spark, framework, people, ranked):
    frame = spark.createDataFrame(people).repartition(8)
    assert arrow(passerelle.spark.rank(frame, framework, K)).equals(ranked)


def test_a_row_for_each_piece_of_evidence_does_too(spark, framework, evidence, ranked, tmp_path):
    snapshot = tmp_path / "region.passerelle"
    framework.save(snapshot)
    frame = spark.createDataFrame(evidence).repartition(8)
    assert arrow(passerelle.spark.rank(frame, snapshot, K)).equals(ranked)


def test_an_executor_killed_on_the_way_loses_and_doubles_nothing(
    spark, framework, people, ranked, tmp_path
):
    mark = tmp_path / "killed"

    def deadly(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for at, batch in enumerate(batches):
            yield batch
            if at == 2:
                # From the worker up to the executor that it works for.
                process = os.getpid()
                while "CoarseGrainedExecutorBackend" not in command(process):
                    process = parent(process)
                dies_once(mark, process)

    frame = spark.createDataFrame(people).repartition(8)
    frame = frame.mapInArrow(deadly, frame.schema)
    assert arrow(passerelle.spark.rank(frame, framework, K)).equals(ranked)
    assert mark.read_text(), "somebody was killed"
