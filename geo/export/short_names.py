"""Field names of at most ten letters, which is all that a Shapefile holds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_MOST_LETTERS: Final = 10
SHORT_NAMES: Final = {
    "parent_code": "par_code",
    "parent_name": "par_name",
    "eligible_low": "elig_low",
    "eligible_high": "elig_high",
    "eligible_basis": "elig_basis",
    "eligible_source": "elig_src",
    "coverage_rate": "cov_rate",
    "coverage_gap": "cov_gap",
    "gap_to_target": "gap_target",
    "cumulative_share": "cum_share",
    "below_target": "below_targ",
    "programmes": "programmes",
    "contribution_month": "contr_mon",
    "cost_month": "cost_month",
    "cost_target_year": "cost_targ",
    "compare_period": "comp_per",
    "enrolled_before": "enr_before",
    "coverage_rate_before": "rate_bef",
    "coverage_gap_before": "gap_before",
    "change_rate": "chg_rate",
    "change_enrolled": "chg_enr",
    "target_crossed": "targ_cross",
}


def shorten_names(names: Iterable[str]) -> dict[str, str]:
    """A field name of at most ten letters for each column, all different.

    Names that have no planned short form are cut; of two that would be the same, the second ends
    with a number.
    """
    short: dict[str, str] = {}
    for name in names:
        wanted = SHORT_NAMES.get(name, name)[:_MOST_LETTERS]
        number = 1
        while wanted in short.values():
            number += 1
            wanted = f"{wanted[: _MOST_LETTERS - len(str(number))]}{number}"
        short[name] = wanted
    return short
