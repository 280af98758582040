"""The time line: a scale that holds curve and target, and a mark of the period shown."""

from __future__ import annotations

import re

import pandas as pd

from geo.core.i18n import Language
from geo.reporting.timeline import timeline_html

ENGLISH = Language("en")
RATES = pd.Series({"2023-10": 0.72, "2024-04": float("nan"), "2024-10": 0.84})


def heights(html: str, kind: str) -> list[float]:
    return [
        float(up) for up in re.findall(rf'class="{kind}[^"]*" style="[^"]*bottom:([\d.]+)%', html)
    ]


def test_the_scale_holds_curve_and_target() -> None:
    html = timeline_html(RATES, "2024-10", 0.95, ENGLISH)
    plain = html.replace("\N{NO-BREAK SPACE}", " ")
    assert heights(html, "jk-tick") == [0, 100]
    assert ">70 %<" in plain and ">100 %<" in plain and "target 95 %" in plain
    assert heights(html, "jk-target") == [83.3]
    assert heights(html, "jk-dot") == [6.7, 46.7]


def test_the_period_shown_is_marked_and_no_other() -> None:
    html = timeline_html(RATES, "2023-10", 0.95, ENGLISH)
    assert re.findall(r'jk-dot jk-now" style="left:([\d.]+)%', html) == ["0.0"]
    assert "jk-dot jk-now" not in timeline_html(RATES, "2024-04", 0.95, ENGLISH)


def test_one_known_period_is_no_line() -> None:
    assert timeline_html(RATES[:2], "2023-10", 0.95, ENGLISH) == ""
