"""Step 3: the report of both sides; each number opens the rows it counts."""

from __future__ import annotations

import streamlit as st

from geo.audit import VILLAGE_FINDINGS, Audit
from geo.audit_html import audit_html, duplicates_html, fixes_html, villages_html
from geo.enrolment_files.outcomes import write_fixes
from geo.i18n import Language
from geo.report import OUTCOMES, unmatched_html


def show_report(audit: Audit, language: Language) -> None:
    """Rows and people of the file, and the villages of the map."""
    st.subheader(language("3. Report"))
    st.html(audit_html(audit, language))
    _show_rows_to_fix(audit, language)
    repeated = audit.rows.get("duplicate", 0)
    if repeated:
        with st.expander(f"{language.count(repeated)} {language(OUTCOMES['duplicate'])}"):
            st.html(duplicates_html(audit.duplicates, language))
    lost = audit.ambiguous + audit.unmatched
    if lost:
        title = language.plural(
            "{n} person is matched to no village", "{n} people are matched to no village", lost
        )
        with st.expander(title):
            st.html(unmatched_html(audit.places, language))
    for state, words in VILLAGE_FINDINGS.items():
        villages = audit.villages[state]
        if len(villages):
            with st.expander(f"{language.count(len(villages))} {language(words)}"):
                st.html(villages_html(villages, language))


def _show_rows_to_fix(audit: Audit, language: Language) -> None:
    count = len(audit.fixes)
    if not count:
        return
    with st.expander(language.plural("{n} row to look at", "{n} rows to look at", count)):
        st.html(fixes_html(audit.fixes, language))
        st.download_button(
            language("Rows to fix (CSV)"),
            lambda: write_fixes(audit.fixes, language),
            file_name=language("rows-to-fix") + ".csv",
            mime="text/csv",
            on_click="ignore",
            icon=":material/download:",
            key="download_fixes",
        )
