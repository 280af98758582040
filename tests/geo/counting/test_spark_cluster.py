"""Spark as a standalone cluster: two workers count what DuckDB counts, and are gone afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from count_apart import count_apart
from engine_servers import need_spark
from spark_cluster import Cluster, is_running, spark_cluster
from test_warehouse import count, draw, same


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    need_spark()
    with spark_cluster(tmp_path) as running:
        yield running
    assert not is_running(running.group)


def test_two_workers_count_as_duckdb_does(cluster: Cluster, embedded: Any, tmp_path: Path) -> None:
    table = draw(600, 7)
    expected = count(embedded, table, tmp_path)
    counted = count_apart(cluster.url, tmp_path / "peserta.parquet", **cluster.settings)
    same(counted, expected)
    assert counted.people["people"].sum() > 0
    status = cluster.status()
    (application,) = status["completedapps"]
    assert (application["name"], application["state"]) == ("jangkau", "FINISHED")
    assert application["cores"] == 2
    assert [worker["state"] for worker in status["workers"]] == ["ALIVE", "ALIVE"]
