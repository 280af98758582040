"""The synthetic enrolment sample: invented people, published totals, real file faults.

Every run writes the same text, and the same compressed bytes unless Python was
built with zlib-ng. Nobody in it exists: an identity begins with 99, which is no
province, and there is no name, address or wage.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from .places import (
    BUDGET_PAID,
    ELIGIBLE,
    ENROLLED,
    LAST,
    NO_DENOMINATOR,
    PERIODS,
    SEGMENTS,
    SPELLINGS,
    Ints,
    Place,
    Random,
    Sample,
    draw_sample,
)

HEADER: Final = "PERIODE,NIK,KODE_DESA,DESA,KECAMATAN,SEGMEN,PROGRAM,STATUS,TANGGAL_KEPESERTAAN"
_SEED: Final = 20241022
_FIRST_IDENTITY: Final = 9962050000000001

_LABELS: Final = {
    "perangkat_desa": ("Perangkat Desa", "PERANGKAT DESA", "Perangkat  Desa"),
    "rt_rw": ("RT/RW", "rt/rw", "Rt/Rw"),
    "bpd": ("BPD", "bpd", "BPD "),
    "non_asn": ("Non-ASN", "Non ASN", "NON-ASN"),
    "pekerja_rentan": ("Pekerja Rentan", "PEKERJA RENTAN", "pekerja  rentan"),
    "pu": ("PU", "pu", "PU "),
    "bpu": ("BPU", "bpu", "BPU "),
    "jakon": ("Jakon", "JAKON", "jakon"),
}
_PROGRAMMES: Final = {
    "perangkat_desa": ("JKK,JKM,JHT", "JKK,JKM"),
    "pu": ("JKK,JKM,JHT,JP", "JKK,JKM,JHT,JP,JKP"),
    "bpu": ("JKK,JKM", "JKK,JKM,JHT"),
}
# Faults a file, newest and older: exact duplicates, no identity, damaged identity,
# blank rows, repeated headers.
_FAULTS_NEWEST: Final = (240, 45, 25, 6, 2)
_FAULTS_OLDER: Final = (20, 5, 3, 1, 1)

_WORK_RISK: Final = "PP 44/2015"
_CONTRACT: Final = "where the wage is known; otherwise a share of the contract value"
_FLAT: Final = (
    ("JKK", 10000, _WORK_RISK),
    ("JKM", 6800, _WORK_RISK),
    ("JHT", 20000, "PP 46/2015"),
)
_OF_WAGE: Final = (
    ("JKK", "0.24", "risk class 1: very low", _WORK_RISK),
    ("JKK", "0.54", "risk class 2: low", _WORK_RISK),
    ("JKK", "0.89", "risk class 3: medium", _WORK_RISK),
    ("JKK", "1.27", "risk class 4: high", _WORK_RISK),
    ("JKK", "1.74", "risk class 5: very high", _WORK_RISK),
    ("JKM", "0.30", "", _WORK_RISK),
    ("JHT", "5.70", "employer 3.7, worker 2", "PP 46/2015"),
    ("JP", "3.00", "employer 2, worker 1", "PP 45/2015"),
)
_ARTICLE: Final = "article of 22 October 2024"
_DECREE: Final = "Kepmendagri 300.2.2-2430/2025"
_DERIVED: Final = "multiple of 125 next to 1,009,250 / 2,825,290 x 159,848 = 57,101"
_PUBLISHED: Final = (
    ("budget", 4972965376, "IDR", "2024", _ARTICLE),
    ("claims", 40, "claims", "2024-01 – 2024-09", _ARTICLE),
    ("claims_amount", 1154341770, "IDR", "2024-01 – 2024-09", _ARTICLE),
    ("population", 159848, "people", "2024-12", _DECREE),
    ("area", "9984.808", "km2", "2025", _DECREE),
    ("province_population", 2825290, "people", "2024-12", _DECREE),
    ("province_enrolled", 465940, "people", "2025-03", "provincial figures, March 2025"),
    ("province_eligible", 1009250, "people", "2025-03", "provincial figures, March 2025"),
)

Row = tuple[object, ...]


def write_sample(folder: Path, *, progress: Callable[[str], None] | None = None) -> list[Path]:
    """Write the sample enrolment folder, byte for byte the same on every run.

    Parameters
    ----------
    folder : Path
        Made if missing; files of the same names are replaced.
    progress : callable, optional
        Told each file name once it is written.

    Returns
    -------
    list of Path
        The files, in the order written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, content in _contents():
        path = folder / name
        path.write_bytes(content)
        written.append(path)
        if progress is not None:
            progress(name)
    return written


def _contents() -> Iterable[tuple[str, bytes]]:
    rng = np.random.Generator(np.random.PCG64(_SEED))
    sample = draw_sample(rng)
    for period, name in enumerate(PERIODS):
        lines = _lines(sample.rows, period, sample.places, rng)
        yield f"workers_{name}.csv.gz", _gzip(_spoil(lines, period, rng))
    yield "eligible.csv", _csv([("code", "segment", "eligible", "source"), *_eligible_rows(sample)])
    yield "contributions.csv", _csv(_contributions())
    yield "programme.csv", _csv(_programme())


# ---- how an office writes it down ----


def _lines(rows: pd.DataFrame, period: int, places: list[Place], rng: Random) -> list[str]:
    """Write the good rows of a file as text."""
    joined_rows = rows[rows["joined"] <= period]
    columns = (
        _identities(joined_rows, rng),
        _codes(joined_rows, places, rng),
        _villages(joined_rows, places, rng),
        _subdistricts(joined_rows, places, rng),
        _segments(joined_rows, rng),
        _programmes(joined_rows),
        np.where(joined_rows["left"] > period, "AKTIF", "NONAKTIF"),
        _dates(joined_rows),
    )
    return [",".join((PERIODS[period], *cells)) for cells in zip(*columns, strict=True)]


def _identities(rows: pd.DataFrame, rng: Random) -> list[str]:
    """16 digits; about one in fifty is followed by spaces."""
    blanks = np.array(["", " ", "  "])[np.searchsorted([0.98, 0.99], rng.random(len(rows)))]
    return [f"{_FIRST_IDENTITY + i}{b}" for i, b in zip(rows["person"], blanks, strict=True)]


def _hand(rows: pd.DataFrame, limits: Sequence[float], rng: Random) -> Ints:
    """Which way of writing a row has; it stays for some rows, as one clerk types them."""
    clerk = np.cumsum(rng.random(len(rows)) < 0.05)
    return np.searchsorted(limits, rng.random(len(rows))[clerk])


def _codes(rows: pd.DataFrame, places: list[Place], rng: Random) -> list[str]:
    dotted = [place.code for place in places]
    ways = np.array([dotted, [code.replace(".", "") for code in dotted], [""] * len(places)])
    form = np.where(rows["spelling"] >= 0, 2, _hand(rows, (0.70, 0.85), rng))
    return list(ways[form, rows["village"]])


def _villages(rows: pd.DataFrame, places: list[Place], rng: Random) -> list[str]:
    ways = np.array([_village_ways(place) for place in places])
    usual = ways[rows["village"], _hand(rows, (0.6, 0.75, 0.85, 0.95), rng)]
    odd = np.array([name for name, _, _ in SPELLINGS])[rows["spelling"]]
    return list(np.where(rows["spelling"] >= 0, odd, usual))


def _village_ways(place: Place) -> tuple[str, ...]:
    name, upper = place.name, place.name.upper()
    if place.kind == "kelurahan":
        return name, upper, f"KEL. {upper}", f"Kelurahan {name}", f"kel  {name}"
    return name, upper, f"Ds. {upper}", f"Desa {name}", f"desa  {name}"


def _subdistricts(rows: pd.DataFrame, places: list[Place], rng: Random) -> list[str]:
    ways = np.array([_subdistrict_ways(place.subdistrict) for place in places])
    return list(ways[rows["village"], _hand(rows, (0.6, 0.8, 0.9), rng)])


def _subdistrict_ways(name: str) -> tuple[str, ...]:
    return name, name.upper().replace(" ", "  "), f"Kec. {name}", f"KECAMATAN {name.upper()}"


def _segments(rows: pd.DataFrame, rng: Random) -> list[str]:
    ways = np.array([_LABELS[segment] for segment in SEGMENTS])
    return list(ways[rows["segment"], _hand(rows, (0.7, 0.9), rng)])


def _programmes(rows: pd.DataFrame) -> list[str]:
    """Quoted lists; every third person has the wider set."""
    both = [_PROGRAMMES.get(segment, ("JKK,JKM", "JKK,JKM")) for segment in SEGMENTS]
    ways = np.array([[f'"{programmes}"' for programmes in pair] for pair in both])
    return list(ways[rows["segment"], (rows["person"] % 3 == 0).astype(np.int64)])


def _dates(rows: pd.DataFrame) -> list[str]:
    days, which = np.unique(rows["day"], return_inverse=True)
    iso = [str(day).split("-") for day in days.astype("datetime64[D]")]
    return list(np.array(["-".join(reversed(parts)) for parts in iso])[which])


# ---- what goes wrong on the way ----


def _spoil(lines: list[str], period: int, rng: Random) -> list[str]:
    """Strew faults among the good rows, none of which changes; a totals row ends the file."""
    counts = _FAULTS_NEWEST if period == LAST else _FAULTS_OLDER
    duplicates, nobody, damaged, blank, headers = counts
    extra = [_some(lines, rng) for _ in range(duplicates)]
    extra += [_with_identity(_some(lines, rng), "-" if i % 3 else "") for i in range(nobody)]
    extra += [_with_identity(_some(lines, rng), _damage(i)) for i in range(damaged)]
    extra += ["," * HEADER.count(",")] * blank + [HEADER] * headers
    place = np.concatenate([np.arange(len(lines)), rng.random(len(extra)) * len(lines)])
    every = lines + extra
    strewn = [every[i] for i in np.argsort(place, kind="stable")]
    total = f"{'JUMLAH' if period == LAST else 'TOTAL'},{len(strewn)},,,,{len(lines)},,,"
    return [HEADER, *strewn, total]


def _some(lines: list[str], rng: Random) -> str:
    return lines[int(rng.random() * len(lines))]


def _with_identity(line: str, identity: str) -> str:
    period, _, remainder = line.split(",", 2)
    return f"{period},{identity},{remainder}"


def _damage(number: int) -> str:
    """Make an identity that a spreadsheet damaged, of a person found nowhere else."""
    if number % 2:
        return "9.96205E+15"
    return f"{_FIRST_IDENTITY + 900_000 + number}.0"


def _gzip(lines: list[str]) -> bytes:
    """Compressed, with no time and no file name in the header."""
    buffer = io.BytesIO()
    with gzip.GzipFile("", "wb", 9, buffer, mtime=0) as file:
        file.write("".join(f"{line}\n" for line in lines).encode())
    return buffer.getvalue()


# ---- the tables beside the worker files ----


def _eligible_rows(sample: Sample) -> Iterable[Row]:
    for place, counts in zip(sample.places, sample.eligible.tolist(), strict=True):
        if place.code != NO_DENOMINATOR:
            for key, count in zip(SEGMENTS, counts, strict=True):
                yield place.code, key, count, "synthetic sample"


def _contributions() -> Iterable[Row]:
    """Write a row a segment and programme: a monthly amount, or a share of the wage."""
    yield "segment", "programme", "monthly_idr", "percent_of_wage", "note", "source"
    for segment in (*SEGMENTS[: len(BUDGET_PAID)], "bpu"):
        note = "full price: no reduction where a budget pays" if segment != "bpu" else ""
        for programme, amount, source in _FLAT:
            yield segment, programme, amount, "", note or "base of Rp 1,000,000", source
    for programme, percent, note, source in _OF_WAGE:
        yield "pu", programme, "", percent, note, source
    for programme, percent in (("JKK", "1.74"), ("JKM", "0.30")):
        yield "jakon", programme, "", percent, _CONTRACT, _WORK_RISK


def _programme() -> Iterable[Row]:
    """Write published figures, and the two that this sample derives from them."""
    yield "item", "value", "unit", "period", "source"
    yield "coverage_published", "0.8640", "share", "2024-10", _ARTICLE
    for segment, people in zip(SEGMENTS, BUDGET_PAID, strict=False):
        yield f"workers_paid_{segment}", people, "people", "2024", _ARTICLE
    yield "workers_paid_total", sum(BUDGET_PAID), "people", "2024", _ARTICLE
    yield from _PUBLISHED
    yield "eligible", ELIGIBLE, "people", "2024-10", _DERIVED
    yield "enrolled", ENROLLED, "people", "2024-10", "published coverage x eligible"


def _csv(rows: Iterable[Row]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue().encode()
