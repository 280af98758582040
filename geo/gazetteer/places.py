"""The official list of places, and the crosswalk from BPS codes to it.

Both tables are read when they are first asked for, and then kept.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import pandas as pd

from ..core import codes
from ..core.paths import find_own

DATA: Final = find_own("data") / "boundaries"


@cache
def read_place_names() -> pd.Series:
    """Official names of the places of all levels, by dotted code.

    Returns
    -------
    pandas.Series of str
        91,599 names, sorted by code. Shared: not to be changed.
    """
    table = pd.read_csv(DATA / "places.csv.gz", dtype="str", keep_default_na=False)
    return table.set_index("code")["name"]


@cache
def read_region_names() -> pd.Series:
    """Names of the provinces, regencies and subdistricts of Indonesia, by code."""
    names = read_place_names()
    return names[names.index.str.len() <= codes.length_of("subdistrict")]


@cache
def read_village_names() -> pd.Series:
    """Official names of the villages of Indonesia, by code."""
    names = read_place_names()
    return names[names.index.str.len() == codes.length_of("village")]


@cache
def read_crosswalk() -> pd.Series:
    """Dotted Kemendagri codes by 10-digit BPS code, where both are known.

    A BPS code has as many digits as an undotted Kemendagri code but numbers
    the villages otherwise: nothing but a table leads from one to the other. Where that is not
    certain (`bench.crosswalk`) a code is unknown.
    """
    table = pd.read_csv(DATA / "barito_utara_gazetteer.csv", dtype="str", keep_default_na=False)
    with_bps_code = table.loc[table["bps_code"] != "", ["bps_code", "code"]]
    national = pd.read_csv(DATA / "bps_crosswalk.csv.gz", dtype="str", keep_default_na=False)
    both = pd.concat([with_bps_code, national])
    both = both.drop_duplicates("bps_code").drop_duplicates("code")
    return pd.Series(both["code"].to_numpy(), index=both["bps_code"].to_numpy(), dtype="str")


def are_villages(codes: pd.Series) -> pd.Series:
    """Whether each dotted code is that of a village of the official list."""
    return _are_in(codes, _village_codes())


def are_regions(codes: pd.Series) -> pd.Series:
    """Whether each dotted code is that of a province, regency or subdistrict of the list."""
    return _are_in(codes, _region_codes())


def are_bps_villages(digits: pd.Series) -> pd.Series:
    """Whether each text of ten digits is the BPS code of a village of the crosswalk."""
    return _are_in(digits, _bps_codes())


def _are_in(codes: pd.Series, known_codes: frozenset[str]) -> pd.Series:
    # pandas' isin hands over the whole list each time, which takes longer than all the rest.
    return pd.Series([code in known_codes for code in codes], index=codes.index, dtype="bool")


@cache
def _village_codes() -> frozenset[str]:
    return frozenset(read_village_names().index)


@cache
def _bps_codes() -> frozenset[str]:
    return frozenset(read_crosswalk().index)


@cache
def _region_codes() -> frozenset[str]:
    return frozenset(read_region_names().index)
