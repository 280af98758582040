"""What changed since another period, as HTML: gains, losses, villages across the target."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pandas as pd

from ..core import codes
from ..core.html_parts import paragraphs_html
from ..core.i18n import Language
from ..core.markup import render_template
from ..measures.compare import FELL_BELOW, REACHED
from ..measures.dataset import Dataset
from ..measures.view import View

_MOST_LISTED: Final = 10
_TEMPLATE: Final = Path(__file__).parent / "templates" / "changes.html"


def changes_title(view: View, language: Language) -> str:
    """Heading of what changed."""
    return language("What changed since {period}", period=language.period(view.compared))


def changes_html(data: Dataset, view: View, language: Language) -> str:
    """List the largest gains and losses of enrolled people, and who crossed the target."""
    if not view.comparable:
        words = language("The two periods are not of the same segments, so nothing is compared.")
        return paragraphs_html([words])
    villages = view.found
    gains = villages[villages["change_enrolled"] > 0].sort_values(
        ["change_enrolled", "by_name"], ascending=[False, True], kind="stable"
    )
    losses = villages[villages["change_enrolled"] < 0].sort_values(
        ["change_enrolled", "by_name"], kind="stable"
    )
    rising = villages.sort_values("change_enrolled", kind="stable")
    parts = (
        (language("Largest gains"), gains),
        (language("Largest losses"), losses),
        (language("Reached the target"), rising[rising["target_crossed"] == REACHED][::-1]),
        (language("Fell below the target"), rising[rising["target_crossed"] == FELL_BELOW]),
    )
    return render_template(
        _TEMPLATE,
        summary=_summary(view, language),
        parts=[_list_part(title, listed, data, language) for title, listed in parts],
        empty=language("none"),
    )


def _summary(view: View, language: Language) -> str:
    """How many villages gained and lost people, and how many each."""
    change = view.found["change_enrolled"]
    return language(
        "{gained} villages gained {more} people, {lost} lost {fewer}, {same} stayed the same.",
        gained=language.count(int((change > 0).sum())),
        more=language.count(change[change > 0].sum()),
        lost=language.count(int((change < 0).sum())),
        fewer=language.count(-change[change < 0].sum()),
        same=language.count(int((change == 0).sum())),
    )


def _list_part(
    title: str, listed: pd.DataFrame, data: Dataset, language: Language
) -> dict[str, Any]:
    first = listed.iloc[:_MOST_LISTED].itertuples()
    return {
        "title": title,
        "count": language.count(len(listed)),
        "rows": [_row(row, data, language) for row in first],
    }


def _row(row: Any, data: Dataset, language: Language) -> dict[str, str]:
    figures = language(
        "{people} people, {points} points",
        people=language.signed(row.change_enrolled),
        points=language.change(row.change_rate),
    )
    above = data.names.get(codes.parent(row.Index), "")
    return {"name": row.name, "above": above, "figures": figures}
