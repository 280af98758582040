"""Small builders of test data: each test states only what matters to it."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from geo.core.defaults import SAMPLE_ENROLMENT
from geo.counting.count import Counts, count_people
from geo.enrolment.reading import read_records
from geo.gazetteer import Gazetteer
from geo.gazetteer.places import read_region_names
from geo.measures.dataset import Dataset, open_dataset

HEADER = (
    *("PERIODE", "NIK", "KODE_DESA", "DESA", "KECAMATAN"),
    *("SEGMEN", "PROGRAM", "STATUS", "TANGGAL_KEPESERTAAN"),
)
# Two subdistricts that border each other in real life: Montallat and Gunung Timang.
VILLAGES = {
    "62.05.01.1001": "Lemo I",
    "62.05.01.2002": "Lemo II",
    "62.05.01.2003": "Hajak",
    "62.05.02.2001": "Liju",
    "62.05.02.2002": "Sikui",
    "62.05.02.3003": "Hajak",
}
FIRST = "62.05.01.1001"
# Segments of the file that `three_segments` writes.
THREE = ("perangkat_desa", "rt_rw", "pekerja_rentan")
_SIDE = 0.1


def an_identity(number: int) -> str:
    """A 16-digit identity that nobody has."""
    return str(9_962_050_000_000_000 + number)


def a_row(person: int = 1, **fields: str) -> dict[str, str]:
    """A sound row: one active wage earner in the first village."""
    row = {
        "PERIODE": "2024-10",
        "NIK": an_identity(person),
        "KODE_DESA": FIRST,
        "DESA": VILLAGES[FIRST],
        "KECAMATAN": "Montallat",
        "SEGMEN": "PU",
        "PROGRAM": "JKK,JKM",
        "STATUS": "AKTIF",
        "TANGGAL_KEPESERTAAN": "01-02-2023",
    }
    return row | fields


def in_village(code: str, person: int = 1, **fields: str) -> dict[str, str]:
    """A sound row in a village, known by its code alone."""
    return a_row(person, KODE_DESA=code, DESA="", KECAMATAN="", **fields)


def write_workers(
    folder: Path,
    rows: Iterable[Mapping[str, str]],
    *,
    name: str = "workers_2024-10.csv",
    header: Sequence[str] = HEADER,
) -> Path:
    """A worker file with the sample's headers, or with others."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, restval="", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_eligible(
    folder: Path,
    people: Mapping[str, int],
    *,
    segment: str = "PU",
    others: Mapping[str, Mapping[str, int]] | None = None,
) -> Path:
    """A table of eligible workers of one segment, and of others by their name."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "eligible.csv"
    tables = {segment: people, **(others or {})}
    lines = [
        f"{c},{s},{n},counted by hand" for s, table in tables.items() for c, n in table.items()
    ]
    path.write_text("\n".join(["code,segment,eligible,source", *lines, ""]), encoding="utf-8")
    return path


def squares(names: Mapping[str, str] | None = None) -> gpd.GeoDataFrame:
    """One square a village, side by side, just south of the equator."""
    names = VILLAGES if names is None else names
    boxes = [
        shapely.box(115 + i * _SIDE, -1.0, 115 + (i + 1) * _SIDE, -1.0 + _SIDE)
        for i in range(len(names))
    ]
    fields = {"kode": list(names), "nama": list(names.values())}
    return gpd.GeoDataFrame(fields, geometry=boxes, crs=4326)


def write_layer(layer: gpd.GeoDataFrame, path: Path) -> Path:
    """A boundary file in the format of its suffix."""
    if path.suffix == ".parquet":
        layer.to_parquet(path)
    else:
        layer.to_file(path)
    return path


def a_gazetteer(names: Mapping[str, str] | None = None) -> Gazetteer:
    """The squares' villages with the real names of their subdistricts."""
    villages = pd.Series(dict(VILLAGES if names is None else names), dtype="str")
    regions = read_region_names()
    listed = pd.concat([regions[regions.index.isin(villages.index.str[:8])], villages])
    return Gazetteer.from_table(pd.DataFrame({"code": listed.index, "name": listed.to_numpy()}))


def three_segments(folder: Path) -> Path:
    """The newest file of the sample, without the rows of the other five segments."""
    with gzip.open(SAMPLE_ENROLMENT / "workers_2024-10.csv.gz", "rt", encoding="utf-8") as file:
        head, *lines = file
    at = head.split(",").index("SEGMEN")
    kept = [line for line in lines if _letters(line.split(",")[at]) in map(_letters, THREE)]
    path = folder / "workers_2024-10.csv"
    path.write_text(head + "".join(kept), encoding="utf-8")
    return path


def _letters(text: str) -> str:
    return "".join(filter(str.isalpha, text.lower()))


def records_of(folder: Path, rows: Iterable[Mapping[str, str]]) -> pd.DataFrame:
    """Rows as the importer reads them from a file."""
    return read_records(write_workers(folder, rows), covers="all")


def count_rows(folder: Path, rows: Iterable[Mapping[str, str]]) -> Counts:
    """Rows read from a file and counted in the squares' villages."""
    return count_people(records_of(folder, rows), a_gazetteer())


def a_dataset(
    folder: Path,
    rows: Iterable[Mapping[str, str]],
    eligible: Mapping[str, int],
    *,
    others: Mapping[str, Mapping[str, int]] | None = None,
    layer: gpd.GeoDataFrame | None = None,
    covers: str | None = None,
) -> Dataset:
    """Squares, rows and denominators, written as files and opened."""
    boundaries = write_layer(squares() if layer is None else layer, folder / "squares.geojson")
    enrolment = folder / "enrolment"
    write_workers(enrolment, rows)
    write_eligible(enrolment, eligible, others=others)
    return open_dataset(boundaries, enrolment, covers=covers)
