"""Writes ``docs/benchmarks.md`` from what was measured."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path

from bench.compare.build import PEERS
from bench.compare.results import GIVEN, OURS, SAME, SetResult
from bench.compare.scripts import PACKAGES
from bench.compare.targets import check_targets
from bench.compare.wording import INTRODUCTION, METHOD, NOTES

_LIBRARIES = ("geopandas", "shapely", "folium", "pydeck", "lonboard", "streamlit", "playwright")
_BUSY = 1.0
_SECONDS, _MEGABYTES, _BYTES = "s", "MB", "B"
_ROWS = (
    ("server, cold", "cold", _SECONDS),
    ("server, warm", "warm", _SECONDS),
    ("server memory, peak", "peak", _MEGABYTES),
    ("page", "size", _BYTES),
    ("page, gzip", "zipped", _BYTES),
    ("scripts and styles beside the page", "fetched", _BYTES),
    ("browser to painted polygons", "painted", _SECONDS),
    ("new colours, `setStyle` in the page", "restyled", _SECONDS),
    ("one step of the wheel", "zoomed", _SECONDS),
    ("browser memory, peak", "memory", _MEGABYTES),
)
_APP_ROWS = (
    ("fresh visit to painted polygons", "painted", _SECONDS),
    ("new target to new colours", "recoloured", _SECONDS),
    ("one step of the wheel", "zoomed", _SECONDS),
    ("websocket on the wire, first view", "first_bytes", _BYTES),
    ("websocket on the wire, filter change", "bytes", _BYTES),
    ("the map's message of it, unpacked", "map_bytes", _BYTES),
    ("HTTP requests of a filter change", "requests", ""),
    ("shapes over HTTP, as sent", "shape_bytes", _BYTES),
    ("requests for shapes", "shape_requests", ""),
    ("browser memory, peak", "memory", _MEGABYTES),
    ("server memory, peak", "server_memory", _MEGABYTES),
)


def write_report(results: list[SetResult], path: Path) -> None:
    """All sets on record as Markdown."""
    parts = [INTRODUCTION, _machine(results), _targets(results)]
    for result in results:
        parts += [_title(result), _pages(result, GIVEN), _pages(result, SAME)]
    parts += [_app(results), METHOD, NOTES]
    path.write_text("\n\n".join(part.strip() for part in parts if part) + "\n", encoding="utf-8")


def _machine(results: list[SetResult]) -> str:
    libraries = ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    scripts = ", ".join(f"{name} {number}" for name, number in PACKAGES.items())
    lines = [
        f"- Machine: {os.cpu_count()} cores ({_processor()}), {_memory()} of memory, "
        "no graphics card.",
        f"- System: {platform.system()}, Python {platform.python_version()}, {_chromium()}.",
        f"- Libraries: {libraries}.",
        f"- Peers' JavaScript, served on the machine: {scripts}; deck.gl as pydeck brings it.",
    ]
    lines += [
        f"- {r.size:,} villages: measured {r.when} UTC at revision {r.commit}; medians of "
        f"{_turns(r)}; load of the machine at the start {r.load:.1f}; it took {r.pace:.2f} s for "
        "five million squares in Python, as a measure of how fast it was that day."
        for r in results
    ]
    if any(result.load > _BUSY for result in results):
        lines.append(
            "- **The machine was busy with other work while some of this was measured** (see the "
            "loads): times are too long and uneven, ratios of times are rough; bytes are exact."
        )
    lines.append("- A dash: not measured in this run, or the tool does not have it.")
    return "\n".join(lines)


def _turns(result: SetResult) -> str:
    return ", ".join(f"{turns} ({tool})" for tool, turns in result.turns.items())


def _processor() -> str:
    text = Path("/proc/cpuinfo").read_text("utf-8")
    found = re.search(r"model name\s*:\s*(.+)", text)
    return found[1] if found else platform.machine()


def _memory() -> str:
    return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 1e9:.0f} GB"


def _chromium() -> str:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or "chromium"
    done = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    return " ".join(done.stdout.split()[:2])


def _targets(results: list[SetResult]) -> str:
    lines = [
        "## Targets, against `gdf.explore` as given",
        "",
        "| figure | villages | wanted | measured | reached |",
        "|---|---:|---:|---:|---|",
    ]
    for result in results:
        lines += [
            f"| {c.name} | {c.size:,} | {c.wanted} | {c.found} | {_yes(c.reached)} |"
            for c in check_targets(result)
        ]
    return "\n".join(lines)


def _yes(reached: bool) -> str:
    return "yes" if reached else "**no**"


def _title(result: SetResult) -> str:
    given, same = result.vertices.get(GIVEN, 0), result.vertices.get(SAME, 0)
    return (
        f"## {result.size:,} villages\n\n"
        f"The layer has {given:,} vertices; ours draws {same:,} at this view. {_preparing(result)} "
        "The figures of ours below are on geometry prepared before."
    )


def _preparing(result: SetResult) -> str:
    if not result.preparing:
        return "The geometry was prepared in an earlier run, which is not measured here."
    return (
        f"Preparing the geometry once took {result.preparing:.1f} s and "
        f"{result.preparing_memory / 1e6:,.0f} MB (largest process)."
    )


def _pages(result: SetResult, variant: str) -> str:
    tools = [OURS, *PEERS]
    pages = {tool: result.page(tool, GIVEN if tool == OURS else variant) for tool in tools}
    lines = [
        f"Peers {variant}:",
        "",
        "| | " + " | ".join(tools) + " |",
        "|---|" + "---:|" * len(tools),
    ]
    for words, name, unit in _ROWS:
        found = [page.figure(name) if page else None for page in pages.values()]
        cells = [_cell(found[0], unit)]
        cells += [_cell(value, unit) + _times(value, found[0]) for value in found[1:]]
        lines.append(f"| {words} | " + " | ".join(cells) + " |")
    failed = [f"- {t}: {p.why_not}" for t, p in pages.items() if p and p.why_not]
    return "\n".join(lines + ([""] if failed else []) + failed)


def _app(results: list[SetResult]) -> str:
    shown = [result for result in results if result.visits]
    lines = [
        "## Ours as it runs: the app, with the data in the server's memory",
        "",
        "| | " + " | ".join(f"{result.size:,}" for result in shown) + " |",
        "|---|" + "---:|" * len(shown),
    ]
    for words, name, unit in _APP_ROWS:
        cells = [_cell(result.visit(name), unit) for result in shown]
        lines.append(f"| {words} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _cell(value: float | None, unit: str) -> str:
    if value is None:
        return "–"
    if unit == _SECONDS:
        return f"{value:.3f} s" if value < 1 else f"{value:.2f} s"
    if unit == _MEGABYTES:
        return f"{value / 1e6:,.0f} MB"
    return f"{value:,.0f}"


def _times(value: float | None, ours: float | None) -> str:
    """How many times ours, in brackets."""
    return f" ({value / ours:.3g}x)" if value is not None and ours else ""
