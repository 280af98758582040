"""Benchmark of name matching: village names of 2016 against the official list of 2025."""

from __future__ import annotations

import argparse
import resource
import time
from pathlib import Path

import pandas as pd
from rapidfuzz import fuzz

from geo.gazetteer.match import match_places
from geo.gazetteer.names import parse_name
from geo.gazetteer.place_index import Gazetteer

SHARED = Path(__file__).resolve().parents[2] / "shared"
COLUMNS = {
    "provinsi": "province",
    "kabupaten": "regency",
    "kecamatan": "subdistrict",
    "desa": "village",
}
# Names less alike than this (RapidFuzz ratio of the letters) are taken for renamed altogether:
# nothing in the names leads from one to the other.
RENAMED_BELOW = 50.0


def read_text(path: Path) -> pd.DataFrame:
    """Read a CSV with every cell as text."""
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def run_benchmark(
    names: pd.DataFrame, gazetteer: Gazetteer, *, one_to_one: bool | None = None
) -> pd.DataFrame:
    """Match the four names of every row and compare with the code, which is not given.

    Returns
    -------
    DataFrame
        The result of `match_places` with `truth`, `right`, `hinted`, `same_place`.
    """
    places = names[list(COLUMNS)].rename(columns=COLUMNS)
    result = match_places(places, gazetteer, one_to_one=one_to_one)
    result["truth"] = names["kode"]
    result["province"] = names["kode"].str[:2]
    result["matched"] = result["outcome"] == "matched"
    result["right"] = result["code"] == result["truth"]
    suggested = result[["suggestion_1", "suggestion_2", "suggestion_3"]]
    result["hinted"] = suggested.eq(result["truth"], axis=0).any(axis=1)
    known = [gazetteer.names.get(code, "") for code in names["kode"]]
    result["findable"] = [
        fuzz.ratio(parse_name(a).key, parse_name(b).key) >= RENAMED_BELOW
        for a, b in zip(names["desa"], known, strict=True)
    ]
    return result


def summarise(result: pd.DataFrame) -> pd.DataFrame:
    """Counts and shares by province and in all."""
    parts = [*result.groupby("province"), ("all", result)]
    return pd.DataFrame([_summary(str(name), part) for name, part in parts])


def _summary(name: str, part: pd.DataFrame) -> dict[str, object]:
    """One line of the table."""
    matched, rest = part[part["matched"]], part[~part["matched"]]
    findable = rest[rest["findable"]]
    return {
        "province": name,
        "rows": len(part),
        "matched %": 100 * part["matched"].mean(),
        "wrong": int((~matched["right"]).sum()),
        "precision %": 100 * matched["right"].mean(),
        "ambiguous": int((part["outcome"] == "ambiguous").sum()),
        "unmatched": int((part["outcome"] == "unmatched").sum()),
        "suggested % of rest": 100 * rest["hinted"].mean(),
        "suggested % of findable": 100 * findable["hinted"].mean(),
    }


def by_method(result: pd.DataFrame) -> pd.DataFrame:
    """Matches, errors and mean score of every method."""
    matched = result[result["matched"]].groupby("method")
    table = matched.agg(matches=("right", "size"), right=("right", "sum"), score=("score", "mean"))
    return table.assign(wrong=table["matches"] - table["right"]).drop(columns="right")


def show_wrong(names: pd.DataFrame, result: pd.DataFrame, gazetteer: Gazetteer) -> None:
    """Print every wrong match."""
    wrong = result[result["matched"] & ~result["right"]]
    print(f"\n{len(wrong)} wrong matches")
    for index, row in wrong.iterrows():
        place = " / ".join(names.loc[index, list(COLUMNS)])
        print(f"  {place}: {row['method']} {row['score']:.3f}")
        for label in ("code", "truth"):
            print(f"    {label:5} {row[label]} {gazetteer.names.get(row[label], '?')}")


def show_missed(names: pd.DataFrame, result: pd.DataFrame, gazetteer: Gazetteer) -> None:
    """Print every row that was not matched."""
    for index, row in result[~result["matched"]].iterrows():
        place = " / ".join(names.loc[index, ["kecamatan", "desa"]])
        hint = "hinted" if row["hinted"] else "-"
        known = f"{row['truth']} {gazetteer.names.get(row['truth'], '?')}"
        guess = gazetteer.names.get(row["suggestion_1"], "")
        print(f"  {place} -> {known} [{row['outcome']} {row['score']:.2f} {hint}] {guess}")


def main() -> None:
    """Run the benchmark and print its tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--names", type=Path, default=SHARED / "names/village_names_2016.csv")
    parser.add_argument(
        "--gazetteer", type=Path, default=SHARED / "reference/kode_wilayah_2025.csv.gz"
    )
    parser.add_argument("--missed", action="store_true", help="list every row not matched")
    options = parser.parse_args()
    start = time.perf_counter()
    names = read_text(options.names)
    gazetteer = Gazetteer.from_table(read_text(options.gazetteer))
    loaded = time.perf_counter()
    result = run_benchmark(names, gazetteer)
    done = time.perf_counter()
    print(summarise(result).round(3).to_string(index=False))
    print("\n", by_method(result).round(4).to_string())
    show_wrong(names, result, gazetteer)
    if options.missed:
        show_missed(names, result, gazetteer)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\nread {loaded - start:.1f} s, matched {done - loaded:.1f} s, peak {peak:.0f} MB")


if __name__ == "__main__":
    main()
