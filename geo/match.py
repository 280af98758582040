"""Matching: which place a record means.

In this order: by Kemendagri code, dotted or not; by exact normalised village
name within the subdistrict. A record whose village stays unknown but whose
subdistrict is certain is kept at the subdistrict.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from . import codes
from .names import normalise_names


@dataclass(frozen=True)
class Gazetteer:
    """The list of places records are matched to.

    Attributes
    ----------
    villages : pandas.Series
        Names by dotted village code.
    subdistricts : pandas.Series
        Names by subdistrict code.
    """

    villages: pd.Series
    subdistricts: pd.Series


def match_places(places: pd.DataFrame, gazetteer: Gazetteer) -> pd.DataFrame:
    """Match places to codes.

    Parameters
    ----------
    places : pandas.DataFrame
        Text columns ``code``, ``village``, ``subdistrict``; any of them may
        be empty in a row.
    gazetteer : Gazetteer
        Where to look.

    Returns
    -------
    pandas.DataFrame
        Index of ``places``; ``code`` (of the village, else of the
        subdistrict, else empty), ``outcome`` (``matched``, ``ambiguous``,
        ``unmatched``: of the village), ``method`` (``code``, ``name``, empty).
    """
    distinct = places[["code", "village", "subdistrict"]].drop_duplicates()
    matches = _match_distinct(distinct, gazetteer)
    keys = pd.MultiIndex.from_frame(places[["code", "village", "subdistrict"]])
    result = matches.set_axis(pd.MultiIndex.from_frame(distinct)).reindex(keys)
    return result.set_axis(places.index)


def _match_distinct(places: pd.DataFrame, gazetteer: Gazetteer) -> pd.DataFrame:
    by_code = codes.to_dotted(places["code"])
    by_code = by_code.where(by_code.isin(gazetteer.villages.index), "")
    subdistrict = _find_subdistricts(places["subdistrict"], gazetteer)
    by_name = _find_villages(places["village"], subdistrict, gazetteer)
    village = by_code.where(by_code != "", by_name)
    result = pd.DataFrame({"code": village.where(~village.isin(["", "?"]), subdistrict)})
    result["outcome"] = "unmatched"
    result.loc[village == "?", "outcome"] = "ambiguous"
    result.loc[~village.isin(["", "?"]), "outcome"] = "matched"
    result["method"] = ""
    result.loc[result["outcome"] == "matched", "method"] = "name"
    result.loc[by_code != "", "method"] = "code"
    return result


def _find_subdistricts(names: pd.Series, gazetteer: Gazetteer) -> pd.Series:
    """Subdistrict codes; empty where the name is unknown or means several."""
    spelled = normalise_names(gazetteer.subdistricts)
    unique = spelled[~spelled.duplicated(keep=False)]
    return normalise_names(names).map(pd.Series(unique.index, index=unique)).fillna("")


def _find_villages(names: pd.Series, subdistrict: pd.Series, gazetteer: Gazetteer) -> pd.Series:
    """Village codes by name within the subdistrict; ``?`` where several bear the name."""
    spelled = normalise_names(gazetteer.villages)
    spelled = spelled[spelled != ""]
    within = spelled.index.map(lambda code: codes.ancestor(code, "subdistrict"))
    keys = pd.Series(spelled.index, index=within + "/" + spelled)
    keys = keys.groupby(level=0).agg(lambda found: found.iloc[0] if len(found) == 1 else "?")
    wanted = subdistrict + "/" + normalise_names(names)
    return wanted.map(keys).fillna("").where(subdistrict != "", "")
