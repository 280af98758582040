"""Open our files and live layers in QGIS 3.22 and look at them: ``make check-gis``.

Needs Debian's ``python3-qgis`` and ``qgis-providers``. Pictures stay in the folder that is printed.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from bench.compare.server import running_app
from geo.core.i18n import Language
from geo.export.files import Extract
from geo.export.formats import build_layers, format_of
from geo.export.style_rules import build_rules, find_rule
from geo.measures.dataset import Dataset, open_dataset
from geo.measures.query import Query

QGIS_PYTHON: Final = Path("/usr/bin/python3")
_RENDER: Final = Path(__file__).with_name("qgis_render.py")
_REAL: Final = Path(__file__).parents[3] / "shared/boundaries/barito_utara_villages.geojson"
_LEAST_SHARE: Final = 0.005
_BACKGROUND: Final = "#ff00ff"
_WHOLE: Final = ("enrolled", "eligible", "coverage_gap")
ENGLISH: Final = Language("en")


def has_qgis() -> bool:
    """Whether Debian's Python has QGIS's modules."""
    if not QGIS_PYTHON.exists():
        return False
    found = subprocess.run(
        [QGIS_PYTHON, "-c", "import qgis.core"], capture_output=True, check=False
    )
    return found.returncode == 0


def open_places() -> Dataset:
    """The sample on the real polygons where they are, else on its own."""
    return open_dataset(_REAL) if _REAL.exists() else open_dataset()


def write_files(data: Dataset, folder: Path) -> list[dict[str, str]]:
    """Every file that QGIS opens styled, and the job of each."""
    for key in ("gpkg", "geojson", "qgis", "shp", "style"):
        chosen = format_of(key)
        path = folder / f"places{chosen.suffix}"
        path.write_bytes(
            chosen.write(build_layers(data, Query(), "village", chosen, ENGLISH), ENGLISH)
        )
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                archive.extractall(folder / key)
    style = folder / "style"
    return [
        _job("gpkg", f"{folder}/places.gpkg|layername=villages"),
        _job("gpkg_subdistricts", f"{folder}/places.gpkg|layername=subdistricts"),
        _job("geojson_qml", f"{folder}/places.geojson", style=f"{style}/villages.qml"),
        _job("geojson_sld", f"{folder}/places.geojson", style=f"{style}/villages.sld"),
        _job("shapefile", f"{folder}/shp/villages.shp"),
        {"name": "project", "project": f"{folder}/qgis/jangkau.qgs", "layer": "villages"},
    ]


def _job(name: str, uri: str, **more: str) -> dict[str, str]:
    return {"name": name, "uri": uri, "provider": "ogr", **more}


def render(jobs: list[dict[str, str]], folder: Path) -> dict[str, Any]:
    """What QGIS says of the jobs; a PNG of each lies in the folder afterwards."""
    listed = folder / "jobs.json"
    listed.write_text(json.dumps(jobs), encoding="utf-8")
    done = subprocess.run(
        [QGIS_PYTHON, _RENDER, listed, folder],
        env={"QT_QPA_PLATFORM": "offscreen", "HOME": str(folder), "PATH": "/usr/bin:/bin"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return dict(json.loads(done.stdout))


def expected_colours(extract: Extract) -> set[str]:
    """Colours of the places that have a polygon."""
    measure = extract.view.classes.measure
    rules = build_rules(extract.view, ENGLISH)
    drawn = extract.table[extract.shapes.notna().to_numpy()].astype("object")
    rows = drawn.where(drawn.notna(), None).to_dict("records")
    return {find_rule(rules, row, measure).colour.lower() for row in rows}


def find_faults(name: str, answer: dict[str, Any], extract: Extract) -> Iterator[str]:
    """What is wrong with a layer as QGIS shows it."""
    if answer["rows"] != len(extract.table):
        yield f"{name}: {answer['rows']} places instead of {len(extract.table)}"
    if answer["renderer"] != "RuleRenderer":
        yield f"{name}: drawn by {answer['renderer']}"
    if answer["unfilled"]:
        yield f"{name}: {answer['unfilled']} pixels of places are not filled"
    inside = sum(answer["colours"].values()) - answer["colours"].get(_BACKGROUND, 0)
    for colour in expected_colours(extract):
        share = answer["colours"].get(colour, 0) / inside
        if share < _LEAST_SHARE:
            yield f"{name}: {colour} covers {share:.2%}"
    for column in _WHOLE:
        kind = answer["fields"].get(column)
        if kind not in ("Integer", "Integer64", None):
            yield f"{name}: {column} is {kind}"


@contextmanager
def serving_live(folder: Path) -> Iterator[dict[str, str]]:
    """The app with its live layers on; the job of the project that it offers."""
    settings = {"JANGKAU_FEATURES_API": "open", "JANGKAU_LANGUAGE": "en"}
    if _REAL.exists():
        settings["JANGKAU_BOUNDARIES"] = str(_REAL)
    with running_app(settings) as (address, _):
        project = folder / "live.qgs"
        project.write_bytes(_fetch(f"{address}ogc/project.qgs"))
        yield {"name": "live", "project": str(project), "layer": "villages 2024-10"}


def _fetch(address: str) -> bytes:
    """What is served there, as soon as the data are prepared."""
    for _ in range(100):
        try:
            with urllib.request.urlopen(address, timeout=60) as answer:
                return bytes(answer.read())
        except urllib.error.HTTPError:
            time.sleep(0.3)
    raise RuntimeError(f"{address} did not answer")


def check(data: Dataset, folder: Path) -> list[str]:
    """Write, serve, render and look; the faults found."""
    layers = build_layers(data, Query(), "village", format_of("gpkg"), ENGLISH)
    with serving_live(folder) as live:
        answers = render([*write_files(data, folder), live], folder)
    return [
        fault
        for name, answer in answers.items()
        for fault in find_faults(name, answer, layers[name.endswith("subdistricts")])
    ]


def main() -> int:
    """Check, and say where the pictures are."""
    if not has_qgis():
        print("QGIS is not installed: apt-get install python3-qgis qgis-providers")
        return 1
    folder = Path(tempfile.mkdtemp(prefix="jangkau-gis-"))
    faults = check(open_places(), folder)
    print(*faults, f"pictures: {folder}/*.png", sep="\n")
    print(f"{len(faults)} faults")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
