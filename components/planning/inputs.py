"""What the planner enters: goal, money, visits, teams, rules and prices."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from geo.core.errors import QueryProblem
from geo.core.i18n import Language
from geo.outreach.inputs import GOAL_LABELS, SEGMENT_WORDS, PlanInputs, list_segments
from geo.outreach.problem import Purse
from geo.outreach.villages import VillageTable

_MILLION: Final = 1_000_000
_BUDGET: Final = "plan_budget"
_SHARE: Final = "plan_share"
_GOAL: Final = "plan_goal"
_DEFAULTS: Final = PlanInputs()


def choose_budget(rupiah: str) -> None:
    """Take a budget that was chosen on the curve."""
    st.session_state[_BUDGET] = float(rupiah) / _MILLION


def choose_share(share: str) -> None:
    """Take a share of the gap that was chosen on the curve, with the goal that it belongs to."""
    st.session_state[_SHARE] = round(float(share) * 100)
    st.session_state[_GOAL] = "visits"


def show_inputs(listed: VillageTable, language: Language) -> PlanInputs:
    """Every input, with defaults that give a plan at once."""
    goal = st.selectbox(
        language("Goal"),
        list(GOAL_LABELS),
        format_func=lambda key: language(GOAL_LABELS[key]),
        key=_GOAL,
    )
    share, every = _DEFAULTS.share, False
    if goal == "visits":
        share = st.slider(language("Share of the gap (%)"), 5, 100, 50, 5, key=_SHARE) / 100
    if goal == "cost":
        every = st.toggle(language("bring every village to the target"), key="plan_every")
    limited = goal in ("people", "villages", "worst") or st.toggle(
        language("limit the budget"), key="plan_limited"
    )
    budget = _ask_budget(language) if limited else None
    with st.expander(language("Cost of a visit"), icon=":material/directions_boat:"):
        visits = _show_visits(listed, language)
    with st.expander(language("Teams and days"), icon=":material/group:"):
        teams = _show_teams(language)
    with st.expander(language("Rules for villages"), icon=":material/rule:"):
        rules = _show_rules(listed, language)
    with st.expander(language("Contribution of each segment"), icon=":material/payments:"):
        prices = _show_prices(listed, language)
    with st.expander(language("Other purses"), icon=":material/account_balance_wallet:"):
        purses = (Purse("APBD", budget), *_show_purses(listed, language))
    return PlanInputs(
        goal,
        share=share,
        every_village=every,
        purses=purses,
        prices=prices,
        **visits,
        **teams,
        **rules,
    )


def _ask_budget(language: Language) -> int:
    st.session_state.setdefault(_BUDGET, 500.0)
    millions = st.number_input(
        language("Budget a year (million rupiah)"),
        min_value=0.0,
        max_value=10_000_000.0,
        step=50.0,
        format="%.6g",
        key=_BUDGET,
    )
    return round(millions * _MILLION)


def _show_visits(listed: VillageTable, language: Language) -> dict[str, Any]:
    villages = listed.villages
    codes = list(villages.index)
    base = st.selectbox(
        language("Base of the teams"),
        codes,
        index=codes.index(listed.default_base),
        format_func=lambda code: str(villages.at[code, "name"]),
        key="plan_base",
    )

    def ask(label: str, key: str, value: int, step: int) -> int:
        return int(st.number_input(label, 0, 1_000_000_000, value, step, key=key))

    def ask_part(label: str, key: str, least: float, value: float) -> float:
        return float(st.number_input(label, least, 500.0, value, format="%g", key=key))

    fixed = ask(language("For each visit (Rp)"), "plan_fixed", _DEFAULTS.fixed, 50_000)
    per_km = ask(
        language("For each km from the base, one way (Rp)"), "plan_km", _DEFAULTS.per_km, 500
    )
    per_hour = ask(
        language("For each hour from the base, one way (Rp)"), "plan_hour", _DEFAULTS.per_hour, 5000
    )
    factor = ask_part(
        language("Way over straight line (factor)"), "plan_factor", 1.0, _DEFAULTS.factor
    )
    speed = ask_part(language("Speed (km an hour)"), "plan_speed", 1.0, _DEFAULTS.speed)
    st.caption(
        language(
            "Ways are estimated: the straight line between villages times the factor. Rivers and "
            "roads can make them longer."
        )
    )
    return {
        **{"base": base, "fixed": fixed, "per_km": per_km, "per_hour": per_hour},
        **{"factor": factor, "speed": speed},
    }


def _show_teams(language: Language) -> dict[str, Any]:
    def ask(label: str, key: str, value: int) -> int:
        return int(st.number_input(label, 0, 10_000, value, key=key))

    teams = {
        "teams": ask(language("Teams"), "plan_teams", 0),
        "days": ask(language("Days of each team"), "plan_days", 0),
        "per_day": ask(language("Villages of a team in a day"), "plan_per_day", 2),
    }
    st.caption(language("Where teams or days are 0, visits are not limited."))
    return teams


def _show_rules(listed: VillageTable, language: Language) -> dict[str, Any]:
    villages = listed.villages

    def choose(label: str, key: str) -> tuple[str, ...]:
        return tuple(
            st.multiselect(
                label,
                list(villages.index),
                format_func=lambda code: f"{villages.at[code, 'name']} · {code}",
                placeholder=language("Choose villages"),
                key=key,
            )
        )

    least = st.number_input(
        language("Fewest people in a visited village"), 0, 100_000, 0, key="plan_least"
    )
    return {
        "least": int(least),
        "must": choose(language("Visit in any case"), "plan_must"),
        "must_not": choose(language("Do not visit"), "plan_must_not"),
    }


def _show_prices(listed: VillageTable, language: Language) -> tuple[tuple[str, int], ...]:
    """Rupiah a year by segment; only those that differ from the default."""
    rows = list_segments(listed, _DEFAULTS).to_dict("records")
    st.caption(
        language(
            "Rupiah a year for one person. 0: somebody else pays, as employers do for wage earners "
            "and construction workers; the visit still costs."
        )
    )
    edited = st.data_editor(
        [
            row | {"label": language(SEGMENT_WORDS.get(row["segment"], row["segment"]))}
            for row in rows
        ],
        column_order=("label", "people", "price"),
        column_config={
            "label": st.column_config.TextColumn(language("Segment"), disabled=True),
            "people": st.column_config.NumberColumn(language("not covered"), disabled=True),
            "price": st.column_config.NumberColumn(
                language("Rp a year"), min_value=0, max_value=100_000_000, step=1, required=True
            ),
        },
        hide_index=True,
        key="plan_prices",
    )
    return tuple(
        (row["segment"], int(row["price"]))
        for row in edited
        if row["price"] is not None and int(row["price"]) != listed.prices[row["segment"]]
    )


def _show_purses(listed: VillageTable, language: Language) -> list[Purse]:
    """Purses beside the budget: village funds, CSR and the like."""
    st.caption(
        language(
            "Each worker is paid by one purse. The age share is your estimate: counts hold no ages."
        )
    )
    segments = list(listed.people.columns)
    words = {language(SEGMENT_WORDS.get(key, key)): key for key in segments}
    empty = {
        **{"name": "", "amount": None, "per_village": False, "at_least": 0},
        **{"age_share": 100, "segments": []},
    }
    rows = st.data_editor(
        [empty | {"name": "APBDes", "per_village": True}, empty | {"name": "CSR/SERTAKAN"}],
        column_config={
            "name": st.column_config.TextColumn(language("Purse")),
            "amount": st.column_config.NumberColumn(language("Million Rp"), min_value=0.0),
            "per_village": st.column_config.CheckboxColumn(language("for each village")),
            "at_least": st.column_config.NumberColumn(
                language("fewest workers in a visited village"), min_value=0, step=1
            ),
            "age_share": st.column_config.NumberColumn(
                language("within the age limit (%)"), min_value=0, max_value=100
            ),
            "segments": st.column_config.MultiselectColumn(
                language("Segments (empty: all)"), options=list(words)
            ),
        },
        num_rows="dynamic",
        hide_index=True,
        key="plan_purses",
    )
    purses = []
    for row in rows:
        if not row["amount"]:
            continue
        try:
            purses.append(_read_purse(row, words))
        except QueryProblem as problem:
            st.error(language.say(problem))
    return purses


def _read_purse(row: dict[str, Any], words: dict[str, str]) -> Purse:
    share = row["age_share"]
    return Purse(
        (row["name"] or "–").strip(),
        round(row["amount"] * _MILLION),
        per_village=bool(row["per_village"]),
        segments=tuple(words[label] for label in row["segments"] or () if label in words),
        at_least=int(row["at_least"] or 0),
        age_share=1.0 if share is None else share / 100,
        pays_visits=False,
    )
