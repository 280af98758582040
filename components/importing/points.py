"""Records with coordinates: how far outside a village a point may lie, and what became of them."""

from __future__ import annotations

import streamlit as st

from components.importing.session_files import place_upload
from geo.core.files import Upload
from geo.core.i18n import Language
from geo.enrolment.reading import EnrolmentReading
from geo.measures.dataset import Dataset


def show_points(
    file: Upload, reading: EnrolmentReading, data: Dataset, language: Language
) -> EnrolmentReading:
    """The reading with the villages of its coordinates; unchanged where it has none."""
    if "latitude" not in reading.records:
        return reading
    nearest_km: float = st.number_input(
        language("A point outside every village goes to the nearest within (km)"),
        min_value=0.0,
        value=1.0,
        step=0.5,
        key="nearest_km",
    )
    placed = place_upload(file, reading, data, nearest_km)
    for note in placed.notes[len(reading.notes) :]:
        st.caption(language(note.message, **note.facts))
    return placed
