"""``python -m geo serve``: start the app, for this computer alone or for a network."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection
from ipaddress import ip_address
from typing import Annotated, Final

import typer

from ..core.errors import SettingProblem, mark
from ..core.i18n import get_language
from ..core.paths import find_own
from ..workspace.settings import read_settings
from .support import LanguageOption, one_line_errors

_APP: Final = find_own("app.py")
_THIS_COMPUTER: Final = "127.0.0.1"
_EVERY_ADDRESS: Final = "0.0.0.0"  # noqa: S104 -- meant, once host names are set


def serve(
    port: Annotated[
        int | None, typer.Option("--port", min=1, max=65535, help="Left out: 8501, or the next.")
    ] = None,
    address: Annotated[
        str | None,
        typer.Option(
            "--address",
            help="Address to listen on. Left out: 127.0.0.1; where hosts are set, every one.",
        ),
    ] = None,
    lang: LanguageOption = "id",
) -> None:
    """Start the app in the browser; the setting `hosts` opens it to a network."""
    with one_line_errors(get_language(lang)):
        words = build_command(read_settings().hosts, port=port, address=address)
    # In place of this process, so that a signal to it reaches the app.
    os.execv(words[0], words)  # noqa: S606 -- no shell, words of our own


def build_command(
    hosts: Collection[str], *, port: int | None = None, address: str | None = None
) -> list[str]:
    """Words of the command that starts the app.

    Parameters
    ----------
    hosts : collection of str
        Names under which a network reaches the app; none for this computer alone.
    port : int, optional
        Port to listen on.
    address : str, optional
        Address to listen on; with a proxy on the same machine, ``127.0.0.1``.

    Raises
    ------
    SettingProblem
        If the address opens the app to a network and no host name is set.
    """
    listened = address or (_EVERY_ADDRESS if hosts else _THIS_COMPUTER)
    if not hosts and not _is_loopback(listened):
        raise SettingProblem(
            mark(
                "The address {address} opens the app to a network; name the host it is reached "
                "under in jangkau.toml (hosts) or JANGKAU_HOSTS, or leave the address out."
            ),
            address=listened,
        )
    options = {
        "server.address": listened,
        "server.port": port,
        # The name under which the app says it is reached, and no browser opened on a server.
        "browser.serverAddress": next(iter(hosts), None),
        "server.headless": "true" if hosts else None,
    }
    flags = (f"--{name}={value}" for name, value in options.items() if value is not None)
    return [sys.executable, "-m", "streamlit", "run", str(_APP), *flags]


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"
