"""Step 1: the file. It stays in memory; nothing of it is written to disk."""

from __future__ import annotations

import streamlit as st

from geo.core.defaults import SAMPLE_ENROLMENT
from geo.core.files import Upload
from geo.core.i18n import Language
from geo.isolation.limits import LIMIT_WORDS, list_missing_limits

_KEY = "import_file"
_SAMPLE = "import_sample"
_NEWEST = "workers_2024-10.csv.gz"


def show_choice(language: Language) -> Upload | None:
    """The file dropped or chosen, or the newest of the sample."""
    st.header(language("1. Choose a file"))
    uploaded = st.file_uploader(
        language("A table of workers or of counts: CSV, XLSX, XLS, ODS or Parquet"),
        key=_KEY,
        on_change=_forget_sample,
    )
    if missing := list_missing_limits():
        st.caption(
            language(
                "This operating system does not limit the process that reads files ({limits}): "
                "choose only files from people you know.",
                limits=", ".join(language(LIMIT_WORDS[limit]) for limit in missing),
            )
        )
    if uploaded is not None:
        return Upload(uploaded.name, uploaded.getvalue())
    st.button(language("Try it with the sample"), key="use_sample", on_click=_take_sample)
    if st.session_state.get(_SAMPLE):
        return Upload(_NEWEST, (SAMPLE_ENROLMENT / _NEWEST).read_bytes())
    return None


def _take_sample() -> None:
    st.session_state[_SAMPLE] = True


def _forget_sample() -> None:
    st.session_state[_SAMPLE] = False
