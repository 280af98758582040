"""``python -m bench.compare``: measure, and write ``docs/benchmarks.md``."""

from __future__ import annotations

import argparse
import datetime as dt
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import geopandas as gpd

from bench.compare.build import PEERS, build_peer
from bench.compare.own_app import visit_app
from bench.compare.own_data import OwnData
from bench.compare.own_page import build_own, prepare
from bench.compare.pages import Shown, show_page
from bench.compare.report import write_report
from bench.compare.results import GIVEN, OURS, SAME, Page, SetResult, read_results
from bench.compare.screen import NotPainted
from bench.compare.scripts import CACHE, install_packages
from bench.compare.targets import REFERENCE
from bench.compare.villages import LAYER, ROOT, SETS, count_vertices, read_villages, with_figures

_RESULTS = CACHE / "results"
_WEBGL = {"pydeck", "lonboard"}
# From here on a peer takes minutes and gigabytes: it is measured once, the reference a few times.
_HEAVY = 50_000
_HEAVY_TURNS = 3
_QUIET = 0.7  # load


def measure_set(
    size: int, turns: dict[str, int], folder: Path, prepared: Path | None = None
) -> SetResult:
    """Measure ours and the peers on one set of villages.

    Parameters
    ----------
    size : int
        A key of `bench.compare.villages.SETS`.
    turns : dict of str to int
        How often each tool is measured, ours under its name.
    folder : pathlib.Path
        For files that nobody needs afterwards.
    prepared : pathlib.Path, optional
        A cache in which the layer is prepared already; preparing is not measured then.
    """
    _settle()
    villages = read_villages(size)
    if size >= _HEAVY:
        most = {OURS: turns[OURS], REFERENCE: _HEAVY_TURNS}
        turns = {tool: min(turn, most.get(tool, 1)) for tool, turn in turns.items()}
    result = SetResult(size, _now(), _commit(), turns, load=os.getloadavg()[0], pace=_pace())
    given = with_figures(villages)
    data = OwnData(folder / str(size), size, prepared)
    data.write(villages)
    _measure_ours(result, data, folder)
    result.vertices[GIVEN] = count_vertices(given.geometry)
    same = _same_tolerance(given, folder / "ours.parquet")
    result.vertices[SAME] = count_vertices(same.geometry)
    for variant, frame in ((GIVEN, given), (SAME, same)):
        frame.to_parquet(folder / "layer.parquet")
        for peer in [tool for tool in turns if tool != OURS]:
            result.pages.append(_measure_peer(peer, variant, folder, turns[peer]))
            _say(size, result.pages[-1])
    return result


def _measure_ours(result: SetResult, data: OwnData, folder: Path) -> None:
    if data.prepared is None:
        result.preparing, result.preparing_memory = prepare(data)
    page = folder / "ours.html"
    turns = result.turns[OURS]
    built = build_own(data, page, turns)
    shown = [_show(page, OURS, i) for i in range(turns)]
    result.pages.append(Page(OURS, GIVEN, built, shown))
    _say(data.size, result.pages[-1])
    result.visits = visit_app(data, turns)
    print(data.size, "app", result.visits[-1], flush=True)


def _same_tolerance(given: gpd.GeoDataFrame, drawn: Path) -> gpd.GeoDataFrame:
    """What the peers are given, with exactly the geometry that ours draws at that view."""
    shapes = gpd.read_parquet(drawn).geometry.reindex(given["code"]).reset_index(drop=True)
    frame = given[["code", "name", "enrolled", "eligible", "gap", "rate", "coverage"]]
    frame = gpd.GeoDataFrame(frame, geometry=shapes.to_numpy(), crs=given.crs)
    drawn = ~(frame.geometry.isna() | frame.geometry.is_empty)
    return frame[drawn].reset_index(drop=True)


def _measure_peer(peer: str, variant: str, folder: Path, turns: int) -> Page:
    page = Page(peer, variant)
    out = folder / "peer.html"
    try:
        # Its first building counts as warm where a second would take minutes.
        page.built = build_peer(peer, folder / "layer.parquet", out, turns if turns > 1 else 0)
        page.shown = [_show(out, peer, i) for i in range(turns)]
    except subprocess.CalledProcessError as error:
        page.why_not = f"building ended with status {error.returncode}"
    except NotPainted as error:
        page.why_not = str(error)
    return page


def _show(path: Path, tool: str, turn: int) -> Shown:
    picture = CACHE / "pictures" / f"{tool}-{path.stat().st_size}.jpg"
    picture.parent.mkdir(parents=True, exist_ok=True)
    return show_page(
        path,
        install_packages(),
        webgl=tool in _WEBGL,
        restyle=tool in {"gdf.explore", "folium.Choropleth"},
        picture=picture if turn == 0 else None,
    )


def _say(size: int, page: Page) -> None:
    print(size, page.tool, page.variant, page.built, page.shown[:1], page.why_not, flush=True)


def _settle() -> None:
    """Until what the set before left running is over; two minutes at most."""
    for _ in range(24):
        if os.getloadavg()[0] < _QUIET:
            return
        time.sleep(5)


def _pace() -> float:
    begin = time.perf_counter()
    sum(number * number for number in range(5_000_000))
    return time.perf_counter() - begin


def _now() -> str:
    return dt.datetime.now(dt.UTC).strftime("%Y-%m-%d %H:%M")


def _commit() -> str:
    git = shutil.which("git") or "git"
    command = [git, "rev-parse", "--short", "HEAD"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    return done.stdout.strip()


def main() -> None:
    """Measure the sets asked for, and write the report of all on record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default=",".join(map(str, SETS)), help="such as 103,1571")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--peers", default=",".join(PEERS), help="such as gdf.explore,pydeck")
    parser.add_argument("--others", type=int, help="the same for peers beside gdf.explore")
    parser.add_argument("--prepared", type=Path, help="cache with the layer prepared already")
    parser.add_argument("--report-only", action="store_true", help="of what is on record")
    given = parser.parse_args()
    if not LAYER.is_file():
        sys.exit(f"The benchmarks need {LAYER.name} in ../shared/boundaries beside this folder.")
    turns = dict.fromkeys(given.peers.split(","), given.others or given.repeats)
    turns |= dict.fromkeys((OURS, REFERENCE), given.repeats)
    for size in [] if given.report_only else map(int, given.sizes.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            measure_set(size, turns, Path(folder), given.prepared).save(_RESULTS)
    write_report(read_results(_RESULTS), ROOT / "docs" / "benchmarks.md")


if __name__ == "__main__":
    main()
