"""Measure the import of a large worker file: seconds and peak memory.

``python -m bench.import_records [--rows N] [--xlsx-rows N]`` writes a seeded file
of invented workers (the columns of an employer upload and a status) into a
temporary folder, reads and counts it in a process of its own, and prints what
that took.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import xlsxwriter

_SEED = 20250301
_FIRST = 9_962_050_000_000_000
_LIMIT_SECONDS, _LIMIT_BYTES = 15, 2_000_000_000
_NAMES = ("SITI", "BUDI", "AGUS", "DEWI", "RINA", "EKO", "YUNI", "HADI", "LINA", "ARIF")
_STREETS = ("Jl. Melati", "Jl. Pramuka", "Jl. A. Yani", "Gg. Damai", "Jl. Negara")


def draw_workers(rows: int) -> pd.DataFrame:
    """Workers as text: 20 columns of the employer upload, place, segment and status.

    A few in a hundred rows repeat a person, lack an identity or hold one that a
    spreadsheet has spoilt.
    """
    rng = np.random.default_rng(_SEED)
    villages = _villages()
    people = rng.integers(int(rows * 5), size=rows)
    # A person lives in one village, but for a few who moved.
    moved = rng.random(rows) < 0.002
    place = (people * 7919 + moved) % len(villages)
    identity = (_FIRST + people).astype("str").astype(object)
    spaced = rng.random(rows) < 0.02
    identity[spaced] = identity[spaced] + "  "
    identity[rng.random(rows) < 0.01] = "-"
    identity[rng.random(rows) < 0.01] = "9.96205E+15"
    numbers = pd.Series(rng.integers(1, 200, rows)).astype("str")
    street = _pick(rng, _STREETS, rows) + " No. " + numbers
    return pd.DataFrame(
        {
            "NAMA_DEPAN": _pick(rng, _NAMES, rows),
            "NAMA_TENGAH": _pick(rng, ("", "", *_NAMES), rows),
            "NAMA_BELAKANG": _pick(rng, _NAMES, rows),
            "TANGGAL_LAHIR": _days(rng, rows, 1960, 2004),
            "JENIS_IDENTITAS": "KTP",
            "NOMOR_IDENTITAS": identity,
            "JENIS KELAMIN": _pick(rng, ("L", "P"), rows),
            "TANGGAL_KEPESERTAAN": _days(rng, rows, 2015, 2024),
            "STATUS_KAWIN": _pick(rng, ("K", "TK"), rows),
            "NPWP": _pick(rng, ("", "", "", "99.999.999.9-999.000"), rows),
            "UPAH": _pick(rng, ("3.261.616,00", "1.000.000,00", "4.500.000,00"), rows),
            "ALAMAT": street + ", RT 3",
            "KODE_POS": _pick(rng, ("73811", "73812", "73813"), rows),
            "LOKASI_PEKERJAAN": "6205",
            "KABUPATEN": "Barito Utara",
            "KECAMATAN": villages["subdistrict"].to_numpy()[place],
            "DESA": villages["name"].to_numpy()[place],
            "SEGMEN": _pick(rng, ("PU", "BPU", "Pekerja Rentan", "RT/RW", "Non ASN"), rows),
            "PROGRAM": _pick(rng, ("JKK,JKM", "JKK,JKM,JHT", "JKK,JKM,JHT,JP"), rows),
            "STATUS": _pick(rng, ("AKTIF", "AKTIF", "AKTIF", "NONAKTIF"), rows),
        }
    )


def _villages() -> pd.DataFrame:
    from geo.core.defaults import SAMPLE_BOUNDARIES
    from geo.gazetteer.places import read_region_names

    names = read_region_names()
    villages = pd.read_csv(SAMPLE_BOUNDARIES, dtype="str")
    return villages.assign(subdistrict=villages["parent_code"].map(names))


def _pick(rng: np.random.Generator, values: tuple[str, ...], rows: int) -> pd.Series:
    return pd.Series(np.array(values, dtype=object)[rng.integers(len(values), size=rows)])


def _days(rng: np.random.Generator, rows: int, first: int, last: int) -> pd.Series:
    start, end = (np.datetime64(f"{year}-01-01") for year in (first, last))
    days = start + rng.integers(int((end - start).astype(int)), size=rows)
    texts = pd.Series(np.unique(days))
    spelled = dict(zip(texts, texts.dt.strftime("%d-%m-%Y"), strict=True))
    return pd.Series(days).map(spelled)


def write_csv(workers: pd.DataFrame, path: Path) -> None:
    """The workers as a CSV file with quoted text."""
    pyarrow.csv.write_csv(pa.Table.from_pandas(workers, preserve_index=False), path)


def write_xlsx(workers: pd.DataFrame, path: Path) -> None:
    """The workers as a workbook, all cells text."""
    options = {"constant_memory": True, "strings_to_numbers": False}
    with xlsxwriter.Workbook(path, options) as book:
        sheet = book.add_worksheet("Data")
        sheet.write_row(0, 0, workers.columns)
        for at, row in enumerate(workers.itertuples(index=False), 1):
            for column, cell in enumerate(row):
                sheet.write_string(at, column, str(cell))


def import_file(path: Path) -> None:
    """Read and count one file in this process; print seconds, memory and rows."""
    from geo.counting.count import count_people
    from geo.enrolment.reading import read_enrolment
    from geo.gazetteer import Gazetteer
    from geo.gazetteer.places import read_place_names
    from geo.isolation.limits import Limits
    from geo.isolation.readers import IsolatedReaders

    begin = time.perf_counter()
    IsolatedReaders(Limits(_LIMIT_BYTES, _LIMIT_SECONDS)).read_enrolment(path, period="2024-12")
    isolated = time.perf_counter() - begin
    names = read_place_names()
    names = names[names.index.str.startswith("62")]
    gazetteer = Gazetteer.from_table(pd.DataFrame({"code": names.index, "name": names.to_numpy()}))
    steps: list[float] = []
    begin = time.perf_counter()
    reading = read_enrolment(path, period="2024-12", progress=lambda step, done: steps.append(done))
    middle = time.perf_counter()
    counts = count_people(reading.records, gazetteer)
    end = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    rows, people = int(counts.rows.to_numpy().sum()), int(counts.people["people"].sum())
    if rows != reading.tally.rows or steps != sorted(steps):
        raise SystemExit("rows were lost, or the progress ran backwards")
    print(
        f"{path.suffix[1:]}: {rows:,} rows, {people:,} people, read {middle - begin:.1f} s "
        f"(in a process of its own {isolated:.1f} s), "
        f"counted {end - middle:.1f} s, together {end - begin:.1f} s, peak {peak / 1e9:.2f} GB"
    )
    if path.suffix == ".csv" and (end - begin > _LIMIT_SECONDS or peak > _LIMIT_BYTES):
        raise SystemExit(f"over the limit of {_LIMIT_SECONDS} s or {_LIMIT_BYTES / 1e9:.0f} GB")


def main() -> None:
    """Write the files, and import each in a process of its own."""
    parser = argparse.ArgumentParser(description="Measure the import of large worker files.")
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows of the CSV file")
    parser.add_argument(
        "--xlsx-rows", type=int, default=300_000, help="rows of the workbook; 0: none"
    )
    parser.add_argument("--file", type=Path, help="import this file only")
    given = parser.parse_args()
    if given.file:
        import_file(given.file)
        return
    with tempfile.TemporaryDirectory() as folder:
        for rows, name, write in (
            (given.rows, "workers.csv", write_csv),
            (given.xlsx_rows, "workers.xlsx", write_xlsx),
        ):
            if rows:
                path = Path(folder) / name
                write(draw_workers(rows), path)
                command = [sys.executable, "-m", "bench.import_records", "--file", str(path)]
                subprocess.run(command, check=True)  # noqa: S603 - this file itself


if __name__ == "__main__":
    main()
