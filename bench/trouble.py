"""Old lists made up from the list of 2025, with the trouble that other provinces had since 2016.

For each region: misspelt, respaced and renamed villages, other ways to write numerals, renamed,
misspelt and split subdistricts, renamed regencies, villages that are new or gone, and for Papua the
provinces before 2022. Seeded; what comes out is a stress test, not a measure of any real list.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import defaultdict
from pathlib import Path

import pandas as pd

from bench.match import (
    SHARED,
    by_method,
    read_text,
    run_benchmark,
    show_missed,
    show_wrong,
    summarise,
)
from geo.gazetteer.place_index import Gazetteer

REGIONS = {
    "Sumatra": ("11", "12", "13", "14", "15", "16", "17", "18", "19", "21"),
    "Java": ("31", "32", "33", "34", "35", "36"),
    "Bali and Nusa Tenggara": ("51", "52", "53"),
    "Kalimantan": ("61", "62", "63", "64", "65"),
    "Sulawesi": ("71", "72", "73", "74", "75", "76"),
    "Maluku": ("81", "82"),
    "Papua": ("91", "92", "93", "94", "95", "96"),
}
OLD_PROVINCES = {"93": "91", "94": "91", "95": "91", "96": "92"}
LETTERS = "abcdefghijklmnoprstuwy"
# Shares of villages or units that each trouble meets.
MISSPELT, RESPACED, RENAMED, GONE, PREFIXED = 0.04, 0.04, 0.015, 0.05, 0.02
UNIT_RENAMED, UNIT_MISSPELT, UNIT_SPLIT, REGENCY_RENAMED = 0.05, 0.05, 0.08, 0.05
NUMERALS = {"I": ("1", "Satu"), "II": ("2", "Dua"), "III": ("3", "Tiga"), "IV": ("4", "Empat")}


def misspell(name: str, chance: random.Random) -> str:
    """One or two random slips of the pen, without regard to how likely they are."""
    for _ in range(chance.choice((1, 1, 2))):
        at = chance.randrange(1, max(len(name), 2))
        letter = chance.choice("aeiou" if name[at : at + 1] in "aeiou" else LETTERS)
        cut = chance.choice(("drop", "add", "change", "swap", "double"))
        rest = name[at + 1 :]
        name = {
            "drop": name[:at] + rest,
            "add": name[:at] + letter + name[at:],
            "change": name[:at] + letter + rest,
            "swap": name[:at] + rest[:1] + name[at : at + 1] + rest[1:],
            "double": name[: at + 1] + name[at:],
        }[cut]
    return name


def respace(name: str, chance: random.Random) -> str:
    """The same name with other spaces, numerals or short forms."""
    words = [chance.choice(NUMERALS[w]) if w in NUMERALS else w for w in name.split()]
    text = " ".join(words).replace("Sungai ", "Sei ").replace("Tanjung ", "Tj. ")
    if text != name:
        return text
    return text.replace(" ", "", 1) if " " in text else text.upper()


def old_village(name: str, pool: list[str], chance: random.Random) -> str:
    """A village name as an old list might have it."""
    lot = chance.random()
    if lot < RENAMED:
        return chance.choice(pool)
    if lot < RENAMED + MISSPELT:
        return misspell(name, chance)
    if lot < RENAMED + MISSPELT + RESPACED:
        return respace(name, chance)
    return f"Desa {name}" if lot > 1 - PREFIXED else name


def old_subdistricts(
    codes: list[str], names: dict[str, str], chance: random.Random
) -> dict[str, str]:
    """Old name by subdistrict code; a split one bears the name of another of its regency."""
    by_regency: defaultdict[str, list[str]] = defaultdict(list)
    for code in codes:
        by_regency[code[:5]].append(code)
    old = {}
    for code in codes:
        lot = chance.random()
        if lot < UNIT_RENAMED:
            old[code] = names[chance.choice(codes)]
        elif lot < UNIT_RENAMED + UNIT_MISSPELT:
            old[code] = misspell(names[code], chance)
        elif lot < UNIT_RENAMED + UNIT_MISSPELT + UNIT_SPLIT:
            old[code] = names[chance.choice(by_regency[code[:5]])]
        else:
            old[code] = names[code]
    return old


def make_old_list(table: pd.DataFrame, provinces: tuple[str, ...], seed: int) -> pd.DataFrame:
    """A list like village_names_2016.csv for some provinces."""
    chance = random.Random(seed)  # noqa: S311 - a benchmark wants repeatable chance
    names = dict(zip(table["kode"], table["nama"], strict=True))
    inside = [code for code in names if code[:2] in provinces]
    villages = [code for code in inside if len(code) == 13]
    pool = [names[code] for code in villages]
    regencies = [code for code in inside if len(code) == 5]
    subdistricts = old_subdistricts([c for c in inside if len(c) == 8], names, chance)
    renamed = {c for c in regencies if chance.random() < REGENCY_RENAMED}
    old = {
        c: "KAB. " + chance.choice(pool).upper() if c in renamed else names[c] for c in regencies
    }
    rows = [
        (
            code,
            names[OLD_PROVINCES.get(code[:2], code[:2])].upper(),
            re.sub("^Kabupaten", "KAB.", old[code[:5]]).upper(),
            subdistricts[code[:8]],
            old_village(names[code], pool, chance),
        )
        for code in villages
        if chance.random() >= GONE
    ]
    columns = ["kode", "provinsi", "kabupaten", "kecamatan", "desa"]
    return pd.DataFrame(rows, columns=columns).assign(desa_2025=lambda t: t["kode"].map(names))


def main() -> None:
    """Make up an old list for every region and match it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--gazetteer", type=Path, default=SHARED / "reference/kode_wilayah_2025.csv.gz"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--region", choices=sorted(REGIONS), help="one region, with details")
    parser.add_argument("--missed", action="store_true", help="list every row not matched")
    options = parser.parse_args()
    table = read_text(options.gazetteer)
    gazetteer = Gazetteer.from_table(table)
    for region in [options.region] if options.region else REGIONS:
        names = make_old_list(table, REGIONS[region], options.seed)
        result = run_benchmark(names, gazetteer)
        print(region, summarise(result).tail(1).round(3).to_string(index=False), sep="\n")
        if options.region:
            print(by_method(result))
            show_wrong(names, result, gazetteer)
        if options.missed:
            show_missed(names, result, gazetteer)


if __name__ == "__main__":
    main()
