"""Write many invented worker records as Parquet, the same for the same seed.

``python -m bench.make_records FOLDER [--rows 42000000] [--periods 1] [--files 16]`` writes
``FOLDER/period=2024-12/part-00.parquet``, … in no order: people come up again in other files, in
another segment, in a village they moved to, or inactive. Identities are no real ones (``99…``).
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from geo.gazetteer.places import read_region_names, read_village_names

Ints = npt.NDArray[np.int64]

_SEED = 20250301
_AGAIN = 0.1  # rows of people who have another row in the same period
_SEGMENTS = ("PU", "PU", "PU", "BPU", "BPU", "Pekerja Rentan", "RT/RW", "Non ASN", "Jakon", "PMI")
_PROGRAMMES = ("JKK,JKM", "JKK,JKM,JHT", "JKM JKK", "JKK,JKM,JHT,JP", "")
_DIGITS = np.array([list(f"{n:04d}".encode()) for n in range(10_000)], dtype="uint8")


def write_records(
    folder: Path, rows: int, *, periods: int = 1, files: int = 16, kind: str = "text"
) -> None:
    """Write the records of so many periods, each in some files.

    Parameters
    ----------
    folder : pathlib.Path
        Where ``period=…`` folders are made.
    rows : int
        Rows of all periods together.
    periods, files : int
        How many periods, and files each.
    kind : str
        Whether the identity is ``text`` or a ``number``.
    """
    for number in range(periods):
        home = folder / f"period={_name_of(periods - 1 - number)}"
        home.mkdir(parents=True, exist_ok=True)
        whole = rows // periods
        for file in range(files):
            first, last = whole * file // files, whole * (file + 1) // files
            table = _draw(np.arange(first, last), whole, number, kind)
            pq.write_table(table, home / f"part-{file:02d}.parquet", compression="zstd")


def _name_of(back: int) -> str:
    month = 2024 * 12 + 11 - back
    return f"{month // 12}-{month % 12 + 1:02d}"


def _draw(row: Ints, whole: int, period: int, kind: str) -> pa.Table:
    rng = np.random.default_rng((_SEED, period, int(row[0]) if len(row) else 0))
    people = int(whole * (1 - _AGAIN))
    person = row * 1_000_000_007 % whole  # every number once, in no order
    again = person >= people
    person[again] = rng.integers(max(people, 1), size=int(again.sum()))
    # Of the rows of one person again: 4 the same once more, 3 another segment, 2 moved, 1 later.
    way = np.where(again, rng.choice(10, size=len(row)), 0)
    return pa.table(
        {
            "identity": _identities(person) if kind == "text" else pa.array(_numbers(person)),
            "code": _codes(_mix(person, 1), (way >= 7) & (way < 9), rng),
            "segment": _pick(_SEGMENTS, _mix(person, 2) + ((way >= 4) & (way < 7)) * 3),
            "programmes": _pick(_PROGRAMMES, _mix(person, 3) % 3 + (way == 9)),
            "status": _pick(("AKTIF", "NONAKTIF"), (rng.random(len(row)) < 0.04).astype("int64")),
            "start": _starts(_mix(person, 4) % 4_000 + (way >= 7) * 180, rng),
        }
    )


def _mix(person: Ints, salt: int) -> Ints:
    """A number of each person that looks drawn."""
    mixed = (person.astype("uint64") + np.uint64(salt << 40)) * np.uint64(0x9E3779B97F4A7C15)
    return ((mixed ^ (mixed >> np.uint64(29))) >> np.uint64(20)).astype("int64")


def _numbers(person: Ints) -> Ints:
    return 9_900_000_000_000_000 + person * 3_000_000_019 % 10_000_000_019


def _identities(person: Ints) -> pa.Array:
    """Numbers of 16 digits as text."""
    number = _numbers(person)
    parts = [_DIGITS[number // 10**power % 10_000] for power in (12, 8, 4, 0)]
    letters = np.concatenate(parts, axis=1)
    ends = np.arange(0, (len(person) + 1) * 16, 16, dtype="int32")
    buffers = [None, pa.py_buffer(ends), pa.py_buffer(letters.tobytes())]
    return pa.Array.from_buffers(pa.utf8(), len(person), buffers)


def _codes(mixed: Ints, moved: npt.NDArray[np.bool_], rng: np.random.Generator) -> pa.Array:
    """A village, of which some have many people; a few subdistricts, and a few empty."""
    villages, regions = read_village_names().index, read_region_names().index
    names = [*villages, *regions[regions.str.len() == 8], ""]
    share = (mixed % 1_000_003) / 1_000_003
    at = (share**2 * len(villages)).astype("int64") * 7_919 % len(villages)
    at[moved] = (at[moved] + 1) % len(villages)
    vague = rng.random(len(at))
    at[vague < 0.01] = len(villages) + at[vague < 0.01] % (len(names) - len(villages) - 1)
    at[vague < 0.002] = len(names) - 1
    return pa.DictionaryArray.from_arrays(at.astype("int32"), names)


def _pick(words: tuple[str, ...], at: Ints) -> pa.Array:
    names = list(dict.fromkeys(words))
    number = np.array([names.index(word) for word in words], dtype="int8")
    return pa.DictionaryArray.from_arrays(number[at % len(words)], names)


def _starts(days: Ints, rng: np.random.Generator) -> pa.Array:
    dates = (np.datetime64("2013-07-01") + days).astype("datetime64[D]")
    return pa.array(dates, pa.date32(), mask=rng.random(len(days)) < 0.01)


def main() -> None:
    """Write the files and say how long that took."""
    parser = argparse.ArgumentParser(description="Write invented worker records as Parquet.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=42_000_000)
    parser.add_argument("--periods", type=int, default=1)
    parser.add_argument("--files", type=int, default=16, help="files of each period")
    parser.add_argument("--identity", choices=("text", "number"), default="text")
    given = parser.parse_args()
    begin = time.perf_counter()
    write_records(
        given.folder, given.rows, periods=given.periods, files=given.files, kind=given.identity
    )
    size = sum(path.stat().st_size for path in given.folder.glob("*/*.parquet"))
    print(
        f"{given.rows:,} rows, {size / 1e9:.2f} GB, in {time.perf_counter() - begin:.0f} s: "
        f"{given.folder}"
    )


if __name__ == "__main__":
    main()
