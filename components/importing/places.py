"""Step 4: spellings that matching left open; what is confirmed is used first next time."""

from __future__ import annotations

from functools import partial

import streamlit as st

from components.importing.save import told
from geo.audit import Audit, Spelling, open_spellings, to_aliases
from geo.audit_html import spelling_html
from geo.dataset import Dataset
from geo.i18n import Language
from geo.workspace import Workspace

_SHOWN = 20


def show_places(audit: Audit, data: Dataset, workspace: Workspace, language: Language) -> None:
    """Each open spelling with a list of villages; one button confirms what was chosen."""
    spellings = open_spellings(audit, data)[:_SHOWN]
    if not spellings:
        return
    st.subheader(language("4. Spellings to confirm"))
    st.caption(
        language(
            "Choose the village each spelling means. Confirmed spellings are kept in the "
            "workspace (aliases.csv) and used first from now on."
        )
    )
    st.button(
        language("Choose the first suggestion everywhere"),
        key="choose_first",
        on_click=_choose_first,
        args=(spellings,),
    )
    chosen = {s.key: code for s in spellings if (code := _show_spelling(s, data, language))}
    st.button(
        language.plural("Confirm {n} spelling", "Confirm {n} spellings", len(chosen)),
        key="confirm_places",
        type="primary",
        disabled=not chosen,
        on_click=partial(_confirm, workspace, chosen, spellings, language),
    )


def _confirm(
    workspace: Workspace, chosen: dict[str, str], spellings: list[Spelling], language: Language
) -> None:
    count = language.count(len(chosen))
    with told(language("{count} spellings are confirmed.", count=count), language):
        workspace.add_aliases(to_aliases(chosen, spellings))


def _choose_first(spellings: list[Spelling]) -> None:
    for spelling in spellings:
        if spelling.suggested:
            st.session_state[_key(spelling)] = spelling.options[0]


def _key(spelling: Spelling) -> str:
    return f"spelling_{spelling.key}"


def _show_spelling(spelling: Spelling, data: Dataset, language: Language) -> str | None:
    words, choice = st.columns([2, 3], vertical_alignment="center")
    words.html(spelling_html(spelling, language))
    code: str | None = choice.selectbox(
        spelling.texts["village"],
        spelling.options,
        index=None,
        format_func=lambda code: data.describe(str(code)),
        placeholder=language("not known"),
        key=_key(spelling),
        label_visibility="collapsed",
    )
    return code
