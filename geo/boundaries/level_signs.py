"""Signs that a layer without usable codes is of another level than villages.

Subdistricts are often named after one of their villages, so that a layer of subdistricts finds
villages by name. What the fields say, whose names they hold, and how many rows there are decides
together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

import pandas as pd

from ..core import codes
from ..core.errors import mark
from ..gazetteer import normalise_name
from ..gazetteer.names import split_regency
from ..gazetteer.places import read_place_names, read_region_names
from .conventions import Recognition, as_text
from .resolve import find_likely_regency

_REMARK: Final = re.compile(
    r"(?i)(?:wilayah|batas)?\s*administrasi\s+(desa|kelurahan|kecamatan|distrik|kabupaten|kota"
    r"|provinsi)\b"
)
_LEVEL_OF_WORD: Final[dict[str, codes.Level]] = {
    "kecamatan": "subdistrict",
    "distrik": "subdistrict",
    "kabupaten": "regency",
    "kota": "regency",
    "provinsi": "province",
}
_MOST: Final = 0.8
_HALF: Final = 0.5
# A layer of villages may lack some; one of fewer rows than this share of them is none.
_FEW: Final = 1 / 3
_ENOUGH_ROWS: Final = 3


@dataclass(frozen=True)
class LevelSign:
    """Why a layer is not one of villages.

    Attributes
    ----------
    level : str
        Level that the rows seem to be of.
    message : str
        Sentence to translate, with ``{path}`` and `facts` in it.
    facts : dict
        What was seen.
    """

    level: codes.Level
    message: str
    facts: dict[str, object] = field(default_factory=dict)


def find_level_sign(rows: pd.DataFrame, found: Recognition) -> LevelSign | None:
    """Find what speaks against a layer of villages; None where nothing does.

    Parameters
    ----------
    rows : pandas.DataFrame
        Rows as they stand in the file.
    found : Recognition
        What its fields were taken for. Codes of villages need no other sign.
    """
    if found.code or found.sub_village or len(rows) < _ENOUGH_ROWS:
        return None
    if sign := _find_remark(rows):
        return sign
    names = as_text(rows[found.name]).map(normalise_name) if found.name else pd.Series(dtype="str")
    regencies = _find_regencies(rows, found)
    if not regencies:
        return None
    official = read_place_names()
    here = official[official.index.str[: codes.length_of("regency")].isin(regencies)]
    subdistricts = _known(here, "subdistrict")
    villages = _known(here, "village")
    distinct = names[names != ""].drop_duplicates()
    above, below = distinct.isin(subdistricts), distinct.isin(villages)
    if len(distinct) and above.mean() >= _MOST and len(rows) < len(villages) * _HALF:
        said = mark(
            "{path} is no layer of villages: {count} of its {rows} names are those of "
            "subdistricts. Choose the layer of villages; if these are villages, say which field "
            "names them."
        )
        return LevelSign("subdistrict", said, {"count": int(above.sum()), "rows": len(distinct)})
    if len(rows) < len(villages) * _FEW and below.sum() < len(rows) * _HALF:
        said = mark(
            "{path} is no layer of villages: {count} of its {rows} rows bear the name of a "
            "village, and the area has {official} villages. Choose the layer of villages; if "
            "these are villages, say which field names them."
        )
        counts = {"count": int(below.sum()), "rows": len(rows), "official": len(villages)}
        return LevelSign("subdistrict", said, dict(counts))
    return None


def _find_remark(rows: pd.DataFrame) -> LevelSign | None:
    """A field that says for most rows what administrative level they are."""
    for name in rows.columns:
        if name == "geometry" or not pd.api.types.is_string_dtype(rows[name]):
            continue
        text = as_text(rows[name])
        words = text.str.extract(_REMARK, expand=False).dropna().str.lower()
        level = _LEVEL_OF_WORD.get(words.mode().iloc[0]) if len(words) else None
        if level and len(words) >= len(rows) * _MOST:
            said = mark(
                "{path} is no layer of villages: field {field} says {value}. Choose the layer of "
                "villages; if these are villages, say which field names them."
            )
            value = text[words.index[0]]
            return LevelSign(level, said, {"field": str(name), "value": value})
    return None


def _known(names: pd.Series, level: codes.Level) -> frozenset[str]:
    of_level = names[names.index.str.len() == codes.length_of(level)]
    return frozenset(of_level.map(normalise_name))


def _find_regencies(rows: pd.DataFrame, found: Recognition) -> frozenset[str]:
    """Codes of the regencies that the rows name; failing that of the one their names point to."""
    if field_name := found.names.get("regency"):
        given = as_text(rows[field_name]).drop_duplicates()
        wanted = {normalise_name(split_regency(text)[1]) for text in given} - {""}
        regions = read_region_names()
        regencies = regions[regions.index.str.len() == codes.length_of("regency")]
        spelled = regencies.map(lambda name: normalise_name(split_regency(name)[1]))
        return frozenset(spelled.index[spelled.isin(wanted)])
    likely = find_likely_regency(as_text(rows[found.name])) if found.name else ""
    return frozenset({likely} - {""})
