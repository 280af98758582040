"""Step 3: the report of both sides; each number opens exactly the rows it counts."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

import streamlit as st

from components.static_assets import build_part
from geo.audit.audit import Audit, account_for_rows, sum_rows
from geo.audit.audit_summary import build_figures, label_of
from geo.audit.drilldown import is_number, open_number
from geo.audit.tables_html import frame_html
from geo.core.i18n import Language
from geo.counting.count import Counts
from geo.enrolment.outcomes import write_fixes
from geo.enrolment.reading import EnrolmentReading
from geo.measures.dataset import Dataset
from geo.reporting.report import rows_words

_KEY: Final = "report_figures"
_OPENED: Final = "opened_number"
_mount = build_part("figures")


def show_period_choice(periods: list[str], language: Language) -> str:
    """The period whose people and villages are reported; asked only where there are several."""
    if len(periods) == 1:
        return periods[0]
    chosen: str = st.selectbox(
        language("Period"),
        periods[::-1],
        format_func=lambda period: language.period(str(period)),
        key="report_period",
    )
    return chosen


def show_report(
    audit: Audit, reading: EnrolmentReading, counts: Counts, data: Dataset, language: Language
) -> None:
    """Rows and people of the file, and the villages of the map."""
    opened = str(st.session_state.get(_OPENED, ""))
    figures = build_figures(sum_rows(counts), audit, opened, language)
    _mount(data=figures, key=_KEY, on_opened_change=_take_opened)
    title = label_of(opened, figures)
    if title and is_number(opened):
        _show_rows(title, opened, audit, reading, counts, data, language)
    if len(audit.fixes):
        _offer_fixes(partial(write_fixes, audit.fixes, language), language)


def show_nobody(reading: EnrolmentReading, counts: Counts, language: Language) -> None:
    """A file of which nobody is counted: what became of each row, and the rows to fix."""
    st.warning(language("No active worker of this file can be counted; nothing can be saved."))
    st.markdown(rows_words(account_for_rows(reading, counts), language))
    _offer_fixes(partial(write_fixes, reading.fixes, language), language)


def _offer_fixes(write: Callable[[], bytes], language: Language) -> None:
    st.download_button(
        language("Rows to fix (CSV)"),
        write,
        file_name=language("rows-to-fix") + ".csv",
        mime="text/csv",
        on_click="ignore",
        icon=":material/download:",
        key="download_fixes",
    )


def _take_opened() -> None:
    """A number that is open already is closed by its second click."""
    asked = st.session_state[_KEY].opened
    if asked is not None:
        st.session_state[_OPENED] = "" if asked == st.session_state.get(_OPENED) else asked


def _show_rows(
    title: str,
    number: str,
    audit: Audit,
    reading: EnrolmentReading,
    counts: Counts,
    data: Dataset,
    language: Language,
) -> None:
    """The first rows behind a number, and the way to all of them."""
    found = open_number(number, audit, reading, counts, data, language)
    with st.container(border=True, key="opened_rows"):
        rows = language.plural("{n} row", "{n} rows", found.count)
        st.markdown(f"**{title}** · {rows}")
        st.html(frame_html(found.first))
        if found.count > len(found.first):
            st.caption(
                language(
                    "The first {shown} of {count} rows; the file holds all of them.",
                    shown=language.count(len(found.first)),
                    count=language.count(found.count),
                )
            )
        st.download_button(
            language("These rows (CSV)"),
            found.write,
            file_name=f"{number.replace(':', '-')}.csv",
            mime="text/csv",
            on_click="ignore",
            icon=":material/download:",
            key="download_opened",
        )
