"""Which segments a file covers: what its rows say, to be confirmed or corrected."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import streamlit as st

from geo.core.errors import mark
from geo.core.files import Upload, digest
from geo.core.i18n import Language
from geo.core.labels import segment_words
from geo.core.segments import ALL_WORKERS, SEGMENTS, Scope, is_whole, order_segments, write_scope
from geo.counting.count import Counts
from geo.measures.dataset import Dataset

_PARTS: Final = "parts"
_ANSWERS: Final = {ALL_WORKERS: mark("all workers"), _PARTS: mark("these segments alone")}


def ask_segments(file: Upload, sentence: str, language: Language) -> str | None:
    """What a file covers whose rows do not say it, as text; None until it is answered."""
    scope = _show_choice(sentence, list(SEGMENTS), (), None, f"of_{digest(file)}", language)
    return None if scope is None else write_scope(scope)


def show_scopes(
    file: Upload, counts: Counts, told: Scope | None, data: Dataset, language: Language
) -> dict[str, Scope] | None:
    """Segments by period as the user confirms them; None while that is open.

    Periods whose rows name the same segments are asked about together.
    """
    denominators = order_segments(data.ledger.segments)
    if told is not None:
        _show_meaning(told, data.ledger.segments, language)
        return dict.fromkeys(counts.scopes, told)
    groups: dict[Scope, list[str]] = {}
    for period, scope in counts.scopes.items():
        groups.setdefault(scope, []).append(period)
    scopes: dict[str, Scope] = {}
    for scope, periods in groups.items():
        options = list(order_segments((*denominators, *scope)))
        # Of all workers together: the rows alone do not say whether they are all.
        likely = None if "" in data.ledger.segments else is_whole(scope, denominators)
        label = language("This file covers")
        if len(groups) > 1:
            label += f" ({', '.join(map(language.period, periods))})"
        key = f"{periods[0]}_{digest(file)}"
        chosen = _show_choice(label, options, scope, likely, key, language)
        if chosen is None:
            return None
        _show_meaning(chosen, data.ledger.segments, language)
        scopes |= dict.fromkeys(periods, chosen)
    return scopes


def _show_choice(
    label: str,
    options: list[str],
    found: Scope,
    whole: bool | None,
    key: str,
    language: Language,
) -> Scope | None:
    """All workers, or which segments; nothing is chosen beforehand where ``whole`` is None."""
    choice = st.radio(
        label,
        list(_ANSWERS),
        index=None if whole is None else int(not whole),
        format_func=lambda answer: language(_ANSWERS[answer]),
        horizontal=True,
        key=f"covers_{key}",
    )
    if choice is None:
        return None
    if choice == ALL_WORKERS:
        # What is named is kept: against other denominators it may not be all.
        return found if whole else ()
    chosen = st.multiselect(
        language("Segments of the file"),
        options,
        default=list(found),
        format_func=lambda key: segment_words((str(key),), language),
        placeholder=language("choose segments"),
        key=f"covered_{key}",
    )
    return order_segments(chosen) or None


def _show_meaning(scope: Scope, denominators: Collection[str], language: Language) -> None:
    """What the answer means for the figures."""
    if is_whole(scope, denominators):
        st.caption(language("Coverage will be of all segments."))
    elif {*scope} & {*denominators}:
        segments = segment_words(scope, language)
        words = language("Coverage will be of these segments alone: {segments}.", segments=segments)
        st.caption(words)
    else:
        sentence = language(
            "The eligible workers of these segments are not known: there will be no coverage."
        )
        st.warning(sentence, icon=":material/warning:")
