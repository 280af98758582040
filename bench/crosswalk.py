"""Build the crosswalk from BPS codes of villages to Kemendagri codes, of what is certain.

``python -m bench.crosswalk [--shared FOLDER]`` reads BPS's bridge of subdistricts and master file
of villages, matches names in the subdistrict, and writes ``data/boundaries/bps_crosswalk.csv.gz``.
The 103 villages of Barito Utara, whose codes of both are known, are the truth it is checked with.
"""

from __future__ import annotations

import argparse
import gzip
import io
from pathlib import Path

import pandas as pd

from geo.gazetteer.match import match_places
from geo.gazetteer.place_index import Gazetteer
from geo.gazetteer.places import DATA, read_place_names

SHARED = Path(__file__).resolve().parents[2] / "shared"
# Ways of matching by which two lists of one subdistrict say the same name.
CERTAIN = ("exact", "normalised")


def build_crosswalk(villages: pd.DataFrame, bridge: pd.DataFrame) -> pd.DataFrame:
    """Match the villages of BPS within the subdistrict that its bridge leads to.

    Parameters
    ----------
    villages : pandas.DataFrame
        ``kode_bps, kode_bps_kecamatan, nama_bps``.
    bridge : pandas.DataFrame
        ``kode_bps, kode_dagri`` of subdistricts.

    Returns
    -------
    pandas.DataFrame
        ``bps_code, code``, each code once; only names that are equal within the subdistrict.
    """
    official = read_place_names()
    gazetteer = Gazetteer.from_table(
        pd.DataFrame({"code": official.index, "name": official.to_numpy()})
    )
    digits = villages["kode_bps_kecamatan"].map(bridge.set_index("kode_bps")["kode_dagri"])
    area = digits.str.replace(r"^(\d\d)(\d\d)(\d\d)$", r"\1.\2.\3", regex=True)
    known = area.isin(official.index)
    asked = pd.DataFrame(
        {
            "village": villages["nama_bps"],
            "subdistrict": area.map(official),
            "regency": area.str[:5].map(official),
            "province": area.str[:2].map(official),
        }
    )[known]
    found = match_places(asked, gazetteer, one_to_one=True)
    certain = (
        (found["outcome"] == "matched")
        & found["method"].isin(CERTAIN)
        & (found["code"].str[:8] == area[known])
    )
    table = pd.DataFrame({"bps_code": villages["kode_bps"][known], "code": found["code"]})[certain]
    alone = ~table["code"].duplicated(keep=False) & ~table["bps_code"].duplicated(keep=False)
    return table[alone].sort_values("bps_code", ignore_index=True)


def main() -> None:
    """Build, check, write, and say how much of the list is certain."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--shared", type=Path, default=SHARED)
    folder = parser.parse_args().shared / "reference"
    villages = pd.read_csv(folder / "bps_villages_2018.csv.gz", dtype="str")
    bridge = pd.read_csv(folder / "bps_bridge_subdistricts_2020.csv", dtype="str")
    table = build_crosswalk(villages, bridge)
    truth = pd.read_csv(DATA / "barito_utara_gazetteer.csv", dtype="str")
    both = table.merge(truth[["bps_code", "code"]], on="bps_code", suffixes=("", "_true"))
    wrong = int((both["code"] != both["code_true"]).sum())
    print(f"{len(table):,} of {len(villages):,} villages of BPS are certain")
    print(f"Barito Utara: {len(both)} of {len(truth)} found, {wrong} wrong")
    body = io.StringIO()
    table.to_csv(body, index=False, lineterminator="\n")
    # Without a time of writing: the same table gives the same bytes.
    (DATA / "bps_crosswalk.csv.gz").write_bytes(gzip.compress(body.getvalue().encode(), 9, mtime=0))


if __name__ == "__main__":
    main()
