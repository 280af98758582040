"""The wheel carries all that the program needs, and runs from any folder."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.request
import venv
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Programs of a fresh environment that has the wheel, and the dependencies of this one."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*build, "--wheel-dir", str(folder), str(ROOT)], check=True)
    (wheel,) = folder.glob("jangkau-*.whl")
    home = folder / "environment"
    venv.create(home, with_pip=False)
    place = next(home.glob("lib/python*/site-packages"))
    # The dependencies come from here, but not the repository, which is installed here as well.
    others = Path(sysconfig.get_path("purelib"))
    for each in others.iterdir():
        if each.name != "geo" and "jangkau" not in each.name and each.suffix != ".pth":
            (place / each.name).symlink_to(each)
    install = [sys.executable, "-m", "pip", "--python", str(home / "bin" / "python"), "install"]
    subprocess.run([*install, "--quiet", "--no-deps", str(wheel)], check=True)
    return home / "bin"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[dict[str, object]]:
    """A folder that is not the repository, and an environment that does not know it."""
    known = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    yield {"cwd": tmp_path, "env": known | {"JANGKAU_CACHE": str(tmp_path / "cache")}}


def test_the_command_runs_from_any_folder(
    installed: Path, elsewhere: dict[str, object], tmp_path: Path
) -> None:
    command = [installed / "jangkau", "measure", "--level", "subdistrict", "--out", "gap.csv"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, **elsewhere)
    assert done.returncode == 0, done.stderr
    assert len((tmp_path / "gap.csv").read_text(encoding="utf-8").splitlines()) == 1 + 9


def test_the_app_serves_from_any_folder(installed: Path, elsewhere: dict[str, object]) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # The search answers once shapes are prepared.
    subprocess.run([installed / "jangkau", "prepare"], check=True, capture_output=True, **elsewhere)
    environment = {**elsewhere["env"], "STREAMLIT_SERVER_HEADLESS": "true"}
    server = subprocess.Popen(
        [installed / "jangkau", "serve", "--port", str(port)],
        cwd=elsewhere["cwd"], env=environment,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        assert _ask(f"http://127.0.0.1:{port}/_stcore/health") == b"ok"
        # Shapes, a script and a search: files of ours that are no Python.
        assert b"Hajak" in _ask(f"http://127.0.0.1:{port}/assets/places?q=hajak")
    finally:
        server.terminate()
        server.wait(20)


def _ask(address: str) -> bytes:
    """What the server answers as soon as it can."""
    for _ in range(3000):
        try:
            with urllib.request.urlopen(address, timeout=60) as answer:
                return bytes(answer.read())
        except OSError:
            assert time.sleep(0.1) is None
    raise AssertionError(f"no answer from {address}")
