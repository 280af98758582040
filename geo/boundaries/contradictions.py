"""Rows whose code is of another regency or subdistrict than the names beside it.

A wrong code draws a village in another regency. The names of the levels above are looked at: where
they name another place for certain, the names decide, or the row is set aside.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import pandas as pd

from ..core import codes
from ..gazetteer import normalise_name
from ..gazetteer.likeness import likeness
from ..gazetteer.names import split_regency
from ..gazetteer.places import read_place_names, read_region_names
from .resolve import resolve_names

# A name less alike than this to the official one is another name, not another spelling.
_ALIKE: Final = 0.75
_LEVELS: Final[tuple[codes.Level, ...]] = ("regency", "subdistrict")


def settle_contradictions(table: pd.DataFrame) -> pd.DataFrame:
    """Give rows whose code and names name different areas the village of their names.

    Parameters
    ----------
    table : pandas.DataFrame
        ``code`` and ``by_name``, and the names ``village``, ``subdistrict``, ``regency``,
        ``province`` of each row.

    Returns
    -------
    pandas.DataFrame
        The same rows, with ``contradicted`` (the code that the names contradict, else empty).
        Where the names lead to no village the code is empty, but where the subdistrict alone
        differs and the village's name is that of the code, the code stays.
    """
    coded = (table["code"] != "") & ~table["by_name"]
    wrong = {level: coded & _names_another(table["code"], table[level], level) for level in _LEVELS}
    doubted = wrong["regency"] | wrong["subdistrict"]
    table = table.assign(contradicted=table["code"].where(doubted, ""))
    if not doubted.any():
        return table
    columns = ["village", "subdistrict", "regency", "province"]
    named = resolve_names(table.loc[doubted, columns]).reindex(table.index, fill_value="")
    official = table["code"].map(read_place_names()).fillna("").map(normalise_name)
    same_name = official == table["village"].map(normalise_name)
    stays = doubted & (named == "") & same_name & ~wrong["regency"]
    taken = set(table["code"][~doubted | stays])
    free = named.where(~named.isin(taken), "")
    return table.assign(
        code=table["code"].where(~doubted | stays, free),
        by_name=table["by_name"] | (doubted & (free != "")),
    )


def _names_another(coded: pd.Series, names: pd.Series, level: codes.Level) -> pd.Series:
    """Whether a name is that of another place of the level than the code lies in."""
    area = coded.str[: codes.length_of(level)]
    pairs = list(zip(area, names, strict=True))
    known = {(code, name): _is_another(code, name, level) for code, name in set(pairs)}
    return pd.Series([known[pair] for pair in pairs], coded.index, dtype="bool")


def _is_another(area: str, name: str, level: codes.Level) -> bool:
    own = read_region_names().get(area, "")
    if not name or not own:
        return False
    said, official = _key(name, level), _key(own, level)
    if not said or likeness(said, official) >= _ALIKE:
        return False
    # Of subdistricts those of the same regency: names repeat across the country.
    within = "" if level == "regency" else area[: codes.length_of("regency")]
    return said in _keys(level, within)


def _key(name: str, level: codes.Level) -> str:
    bare = split_regency(name)[1] if level == "regency" else name
    return normalise_name(bare).replace(" ", "")


@cache
def _keys(level: codes.Level, within: str) -> frozenset[str]:
    names = read_region_names()
    wanted = (names.index.str.len() == codes.length_of(level)) & names.index.str.startswith(within)
    return frozenset(_key(name, level) for name in names[wanted])
