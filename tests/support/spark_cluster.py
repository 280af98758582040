"""A standalone Spark cluster on this machine: a master and workers from the installed pyspark."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine_servers import free_port

_HOST = "127.0.0.1"
# Small and quick to start: a few hundred rows are counted. Classes are compiled once, and lightly.
_JAVA = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1"
_DEFAULTS = {
    "spark.driver.bindAddress": _HOST,
    "spark.driver.host": _HOST,
    "spark.driver.extraJavaOptions": _JAVA,
    "spark.executor.extraJavaOptions": _JAVA,
    "spark.executor.memory": "512m",
    "spark.executor.cores": "1",
    "spark.sql.shuffle.partitions": "4",
    "spark.ui.enabled": "false",
}


@dataclass(frozen=True)
class Cluster:
    """A running cluster.

    Attributes
    ----------
    url : str
        Of the engine.
    status_url : str
        Where the master says what it has.
    settings : dict
        Environment variables of who counts with it.
    group : int
        Process group of the master, the workers and all that they start.
    """

    url: str
    status_url: str
    settings: dict[str, str]
    group: int

    def status(self) -> dict[str, Any]:
        """What the master says of workers and applications."""
        with urllib.request.urlopen(self.status_url, timeout=30) as answer:
            said: dict[str, Any] = json.load(answer)
        return said


@contextmanager
def spark_cluster(folder: Path, workers: int = 2) -> Iterator[Cluster]:
    """A master with so many workers of one core each; nothing of it is left afterwards."""
    from pyspark.find_spark_home import _find_spark_home

    home, (port, web_port) = Path(_find_spark_home()), (free_port(), free_port())
    settings = {
        "SPARK_HOME": str(home),
        "SPARK_CONF_DIR": str(_write_defaults(folder / "conf")),
        "SPARK_LOCAL_IP": _HOST,
        "SPARK_DAEMON_MEMORY": "256m",
        "SPARK_DAEMON_JAVA_OPTS": _JAVA,
        "PYSPARK_PYTHON": sys.executable,
    }
    url, package = f"spark://{_HOST}:{port}", "org.apache.spark.deploy"
    master = f"{package}.master.Master --host {_HOST} --port {port} --webui-port {web_port}"
    worker = f"{package}.worker.Worker --host {_HOST} --webui-port 0 -c 1 -m 600m"
    started: list[subprocess.Popen[bytes]] = []

    def start(name: str, command: str, group: int = 0) -> None:
        log = (folder / f"{name}.log").open("wb")
        with log:
            process = subprocess.Popen(
                [home / "bin" / "spark-class", *command.split()],
                env=os.environ | settings, cwd=folder,
                stdout=log, stderr=subprocess.STDOUT, process_group=group,
            )  # fmt: skip
        started.append(process)

    start("master", master)
    cluster = Cluster(url, f"http://{_HOST}:{web_port}/json/", settings, started[0].pid)
    try:
        for number in range(workers):
            start(f"worker{number}", f"{worker} -d {folder}/work{number} {url}", cluster.group)
        _wait_for_workers(cluster, workers, started, folder)
        yield cluster
    finally:
        _end(cluster.group, started)


def _write_defaults(folder: Path) -> Path:
    folder.mkdir()
    lines = "".join(f"{name} {value}\n" for name, value in _DEFAULTS.items())
    (folder / "spark-defaults.conf").write_text(lines, encoding="utf-8")
    return folder


def _wait_for_workers(
    cluster: Cluster, workers: int, started: list[subprocess.Popen[bytes]], folder: Path
) -> None:
    for _ in range(1200):
        with suppress(OSError):
            if cluster.status()["aliveworkers"] == workers:
                return
        if any(process.poll() is not None for process in started):
            break
        time.sleep(0.1)
    said = "\n".join(log.read_text(errors="replace")[-2000:] for log in folder.glob("*.log"))
    raise RuntimeError(f"the cluster did not start: {said}")


def _end(group: int, started: list[subprocess.Popen[bytes]]) -> None:
    """End the group, executors included; ask first, so that they clear their folders away."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(group, sign)
        with suppress(subprocess.TimeoutExpired):
            for process in started:
                process.wait(20)
    # Executors are the workers' children: whoever inherited them clears them away.
    for _ in range(300):
        if not is_running(group):
            return
        time.sleep(0.1)


def is_running(group: int) -> bool:
    """Whether any process of a group is there that is more than an entry in its parent's list."""
    said = subprocess.run(["ps", "-A", "-o", "pgid=,stat="], capture_output=True, check=True)
    lines = (line.split() for line in said.stdout.decode().splitlines())
    return any(int(of) == group and not state.startswith("Z") for of, state in lines)
