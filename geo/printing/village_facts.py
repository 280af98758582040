"""What the brief of a village says about it, as labels and figures."""

from __future__ import annotations

import pandas as pd

from ..core import codes
from ..core.i18n import Language
from ..core.labels import STATE_LABELS
from ..measures.dataset import Dataset
from ..measures.view import View
from ..reporting.area_panel import eligible_words


def list_village_headline(regency: View, code: str, language: Language) -> list[dict[str, str]]:
    """List the figures that come first on the page of a village, each with its words."""
    row, say = regency.shown.loc[code], language
    target = say.share(regency.query.target, 4)
    figures = (
        (say.rate(row["coverage_rate"]), say("coverage")),
        (say.count(row["enrolled"]), say("active participants")),
        (say.count(row["eligible"]), say("eligible workers")),
        (say.count(row["coverage_gap"]), say("not covered")),
        (say.count(row["gap_to_target"]), say("gap to target {target}", target=target)),
        (say.money_short(row["cost_year"]), say("a year to close the gap")),
    )
    return [{"figure": figure, "words": words, "note": ""} for figure, words in figures]


def list_facts(
    data: Dataset, regency: View, code: str, language: Language
) -> list[tuple[str, str]]:
    """List the figures of a village, and its rank in its subdistrict and regency.

    Parameters
    ----------
    data : Dataset
        Gives sources.
    regency : View
        The area that it is ranked in.
    code : str
        Of the village.
    language : Language
        Of all words.
    """
    row, say = regency.shown.loc[code], language
    sources = "; ".join(say(source) for source in data.list_sources(code)) or "–"
    state = [] if row["state"] == "ok" else [(say("state"), say(STATE_LABELS[row["state"]]))]
    inside = regency.villages[regency.villages.index.str.startswith(codes.parent(code))]
    return [
        *state,
        (say("eligible"), eligible_words(row, say)),
        (say("source of eligible"), sources),
        (say("surplus"), say.count(row["surplus"])),
        (say("share of the total gap"), say.rate(row["gap_share"])),
        (say("cost a year to target"), say.money(row["cost_target_year"])),
        (say("cost a year"), say.money(row["cost_year"])),
        (say("rank in the subdistrict by people not covered"), _rank(inside, code, say)),
        (say("rank in the regency by people not covered"), _rank(regency.villages, code, say)),
    ]


def _rank(villages: pd.DataFrame, code: str, language: Language) -> str:
    gaps = villages["coverage_gap"].dropna()
    if code not in gaps.index:
        return "–"
    rank = int((gaps > gaps[code]).sum()) + 1
    return language(
        "{below} of {villages}", below=language.count(rank), villages=language.count(len(gaps))
    )
