"""The engines that tests count with: a PostgreSQL of its own on a free port, and a local Spark."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

NOBODY = "postgres"


def find_program(name: str) -> str | None:
    """A program of PostgreSQL, which Debian keeps out of the path."""
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(versions[-1]) if versions else shutil.which(name)


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def as_somebody() -> list[str]:
    """PostgreSQL does not run as root."""
    if os.geteuid():
        return []
    return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """Address of an empty database that is gone afterwards."""
    initdb, server = find_program("initdb"), find_program("pg_ctl")
    if not initdb or not server:
        pytest.skip("PostgreSQL is not installed: initdb is absent")
    data, port = folder / "data", free_port()
    data.mkdir()
    if not os.geteuid():
        user = pwd.getpwnam(NOBODY)
        os.chown(data, user.pw_uid, user.pw_gid)
        for parent in (folder, *folder.parents):
            if not parent.stat().st_mode & 0o001:
                parent.chmod(parent.stat().st_mode | 0o011)
    run = as_somebody()
    options = f"-p {port} -k {data} -c listen_addresses=127.0.0.1 -c fsync=off"
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "cwd": "/"}
    subprocess.run([*run, initdb, "-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8"], **quiet)
    log = data / "server.log"
    subprocess.run([*run, server, "-D", data, "-w", "-l", log, "-o", options, "start"], **quiet)
    try:
        yield f"postgresql://tester@127.0.0.1:{port}/postgres"
    finally:
        stop = [*run, server, "-D", data, "-w", "-t", "20", "-m", "immediate", "stop"]
        subprocess.run(stop, **(quiet | {"check": False}))


def need_spark() -> str:
    """Address of Spark inside this process, if there is a Java for it."""
    pytest.importorskip("pyspark", reason="pyspark is not installed")
    if not shutil.which("java"):
        pytest.skip("Spark needs Java, which is absent")
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    return "spark://local[2]"
