"""Step 2: what each column is for, and the questions only the user can answer."""

from __future__ import annotations

import streamlit as st

from components.importing.segments import ask_segments
from components.importing.session_files import outline_upload, read_upload
from geo.core.files import Upload
from geo.core.i18n import Language
from geo.core.labels import segment_words
from geo.enrolment.joined_sheets import ALL_SHEETS
from geo.enrolment.reading import EnrolmentReading, Outline, lacks_identities
from geo.enrolment.roles import role_choices
from geo.enrolment.values import Ambiguity
from geo.enrolment.vocabulary import ROLE_LABELS
from geo.workspace.periods import Workspace


def show_columns(file: Upload, workspace: Workspace, language: Language) -> EnrolmentReading | None:
    """The file as read with the user's answers; None while a question is open."""
    st.header(language("2. Columns"))
    sheet = _show_sheets(outline_upload(file), language)
    first = outline_upload(file, sheet=sheet)
    known = workspace.mapping(first.fingerprint)
    guess = outline_upload(file, sheet=sheet, mapping=known) if known else first
    if known:
        st.caption(language("Columns as confirmed for the last file of this shape."))
    roles = _show_roles(guess, language)
    # Roles left as guessed are the same reading: a large file is not read again for them.
    mapping = known if roles == guess.mapping else roles
    fixed: dict[str, object] = {"sheet": sheet, "mapping": mapping}
    if _ask_rows(file, roles, fixed, guess.fingerprint, language):
        fixed["one_each"] = True
    # A column that is still missing ends here, under the choices that mend it.
    reading = read_upload(file, **fixed)
    period = _show_period(reading, language)
    if period:
        reading = read_upload(file, **fixed, period=period)
    covers = _show_segments(file, reading, language)
    asked = [question for question in reading.questions if question.column]
    answers = {question.column: _show_question(question, language) for question in asked}
    answered = {column: style for column, style in answers.items() if style}
    if answered or covers:
        options = {"period": period, "covers": covers, "styles": answered}
        reading = read_upload(file, **fixed, **options)
    for note in reading.notes:
        st.caption(language(note.message, **note.facts))
    return None if reading.questions else reading


def _ask_rows(
    file: Upload, roles: dict[str, str], options: dict[str, object], shape: str, language: Language
) -> bool:
    """Whether one row is one person: asked only where few rows have a sound identity."""
    kinds = {role.partition(":")[0] for role in roles.values()}
    if not kinds & {"identity", "count"} or (
        "identity" in kinds and lacks_identities(read_upload(file, **options))
    ):
        return st.checkbox(
            language("One row is one person: count rows, not identities"),
            key=f"one_each_{shape}",
        )
    return False


def _show_sheets(reading: Outline, language: Language) -> str | None:
    if len(reading.sheets) < 2:
        return None
    names = [*(info.name for info in reading.sheets), ALL_SHEETS]
    chosen: str = st.selectbox(
        language("Sheet"),
        names,
        index=names.index(reading.sheet),
        format_func=lambda name: language("all sheets") if name == ALL_SHEETS else str(name),
        key="import_sheet",
    )
    return chosen


def _show_roles(reading: Outline, language: Language) -> dict[str, str]:
    """Roles by column: each beside its masked examples."""
    chosen = {}
    choices = role_choices()
    with st.container(key="roles"):
        for column in reading.columns:
            name, examples, role = st.columns([2, 4, 3], vertical_alignment="center")
            name.markdown(f"**{plain(column.name)}**")
            examples.caption(plain(" · ".join(column.examples)) or "–")
            chosen[column.name] = role.selectbox(
                column.name,
                choices,
                index=choices.index(column.mapped),
                format_func=lambda key: _role_words(str(key), language),
                key=f"role_{reading.fingerprint}_{column.at}",
                label_visibility="collapsed",
            )
    return chosen


def _role_words(key: str, language: Language) -> str:
    role, _, segment = key.partition(":")
    words = language(ROLE_LABELS[role])
    return f"{words}: {segment_words((segment,), language)}" if segment else words


def plain(text: str) -> str:
    """Text of a file that Markdown shows as it is."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]<>#|$~:" else sign for sign in text)


def _show_period(reading: EnrolmentReading, language: Language) -> str | None:
    """Asked only where neither a column nor the file name says it."""
    if not any(question.kind == "period" for question in reading.questions):
        return None
    text: str = st.text_input(
        language("Period of the file, as year and month"),
        placeholder="2024-10",
        key="import_period",
    )
    return text or None


def _show_segments(file: Upload, reading: EnrolmentReading, language: Language) -> str | None:
    """Asked only where no row of a period names a segment."""
    for question in reading.questions:
        if question.kind == "segments":
            return ask_segments(file, language(question.message, **question.facts), language)
    return None


def _show_question(question: Ambiguity, language: Language) -> str | None:
    answer: str | None = st.radio(
        language(question.message, **question.facts),
        list(question.options),
        index=None,
        format_func=lambda key: question.options[str(key)],
        horizontal=True,
        key=f"question_{question.column}",
    )
    return answer
