"""Limits of a reading process: which there are, and how the process puts itself under them."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from ..core.errors import mark
from .kernel import deny_network, restrict_files

try:
    import resource
except ImportError:  # Windows has none
    resource = None  # type: ignore[assignment]

Limit = Literal["memory", "processor time", "files", "network"]
DEFAULT_MEMORY: Final = "2GB"
DEFAULT_SECONDS: Final = 300
# Waiting for a disk counts as well: so many times the processor time may pass on the clock.
CLOCK_PER_SECOND: Final = 3
LIMIT_WORDS: Final[dict[Limit, str]] = {
    "memory": mark("memory"),
    "processor time": mark("processor time"),
    "files": mark("access to files"),
    "network": mark("access to the network"),
}
_UNITS: Final = {"KB": 10**3, "MB": 10**6, "GB": 10**9, "KIB": 2**10, "MIB": 2**20, "GIB": 2**30}
_MOST_WRITTEN: Final = 8 * 2**30
_PAGE: Final = 4096
_POLITE: Final = 10
# Where libraries of the system lie, and what they read of it.
_SYSTEM: Final = (
    *("/lib", "/lib32", "/lib64", "/usr/lib", "/usr/lib64", "/usr/share/zoneinfo"),
    *("/etc/ld.so.cache", "/etc/localtime", "/dev/null", "/dev/urandom", "/proc/self"),
    *("/proc/meminfo", "/proc/cpuinfo"),
)


@dataclass(frozen=True)
class Limits:
    """What a reading process may use.

    Attributes
    ----------
    memory : int
        Bytes beside what the program itself and the given file take.
    seconds : int
        Processor seconds; `CLOCK_PER_SECOND` times as many may pass on the clock.
    """

    memory: int
    seconds: int


def parse_memory(text: str) -> int:
    """Return the bytes of a size such as ``2GB`` or ``512 MiB``."""
    number = text.rstrip("KMGiB kmgb")
    return int(number) * _UNITS[text[len(number) :].strip().upper()]


def list_missing_limits() -> tuple[Limit, ...]:
    """Name the limits that this operating system cannot hold a process to."""
    if sys.platform == "linux":
        return ()
    if resource is None:
        return ("memory", "processor time", "files", "network")
    return ("memory", "files", "network")


def lock_in(readable: Sequence[str], writable: str) -> None:
    """Take network, other files and other programs from this process, for good.

    Parameters
    ----------
    readable : sequence of str
        Files and folders that may be read beside the program's own.
    writable : str
        Folder that may be written to.
    """
    if resource is not None:
        os.nice(_POLITE)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (_MOST_WRITTEN, _MOST_WRITTEN))
    package = Path(__file__).resolve().parents[1]
    readable_folders = [sys.prefix, sys.base_prefix, str(package), str(package.parent / "data")]
    restrict_files([*readable_folders, *_SYSTEM, *readable], [writable])
    deny_network()


def limit_use(limits: Limits) -> None:
    """Limit the memory and the processor time that this process takes from now on."""
    if resource is None:
        return
    usage = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(usage.ru_utime + usage.ru_stime)
    resource.setrlimit(resource.RLIMIT_CPU, (spent + limits.seconds, spent + limits.seconds + 1))
    if sys.platform == "linux":
        size = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * _PAGE
        resource.setrlimit(resource.RLIMIT_AS, (size + limits.memory, size + limits.memory))
