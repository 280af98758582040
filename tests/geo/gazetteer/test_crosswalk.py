"""The crosswalk from BPS codes: known truth kept, nothing twice, only villages that exist."""

from __future__ import annotations

import pandas as pd

from geo.gazetteer.places import DATA, are_villages, read_crosswalk


def test_the_national_table_agrees_with_the_known_villages() -> None:
    national = pd.read_csv(DATA / "bps_crosswalk.csv.gz", dtype="str")
    truth = pd.read_csv(DATA / "barito_utara_gazetteer.csv", dtype="str")
    both = national.merge(truth[["bps_code", "code"]], on="bps_code", suffixes=("", "_true"))
    assert len(both) >= 95
    assert (both["code"] == both["code_true"]).all()


def test_each_code_stands_once_and_is_a_village() -> None:
    known = read_crosswalk()
    assert len(known) > 60_000
    assert known.index.is_unique
    assert known.is_unique
    assert are_villages(known).all()
    assert known.index.str.fullmatch(r"[0-9]{10}").all()
