"""The command that starts the app: for this computer alone, or for a network that is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from geo.cli.main import app
from geo.cli.serve import build_command
from geo.core.errors import SettingProblem


def options(words: list[str]) -> dict[str, str]:
    pairs = (word.removeprefix("--").split("=", 1) for word in words if word.startswith("--"))
    return dict(pairs)


def test_without_hosts_it_listens_to_this_computer_alone() -> None:
    words = build_command([])
    assert options(words) == {"server.address": "127.0.0.1"}
    assert Path(words[words.index("run") + 1]).name == "app.py"


def test_hosts_open_it_to_a_network() -> None:
    words = build_command(["a.example", "b.example"], port=8600)
    assert options(words) == {
        "server.address": "0.0.0.0",
        "server.port": "8600",
        "browser.serverAddress": "a.example",
        "server.headless": "true",
    }


def test_behind_a_proxy_of_the_same_machine_it_stays_closed() -> None:
    words = build_command(["a.example"], address="127.0.0.1")
    assert options(words)["server.address"] == "127.0.0.1"


@pytest.mark.parametrize("address", ["127.0.0.2", "::1", "localhost"])
def test_another_address_of_this_computer_needs_no_hosts(address: str) -> None:
    assert options(build_command([], address=address))["server.address"] == address


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.168.1.5", "office.example"])
def test_a_network_without_hosts_is_refused(address: str) -> None:
    with pytest.raises(SettingProblem, match="JANGKAU_HOSTS"):
        build_command([], address=address)


def test_the_command_says_it_in_one_line() -> None:
    result = CliRunner().invoke(app, ["serve", "--address", "0.0.0.0", "--lang", "en"])
    assert result.exit_code == 1
    (line,) = result.stderr.splitlines()
    assert "0.0.0.0" in line
