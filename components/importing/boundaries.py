"""Boundaries of one's own: any layer of villages, with every row accounted for."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any, Final

import streamlit as st

from components.importing.columns import plain
from components.importing.reading import isolated_readers
from components.outcome import DATA_OUTCOME
from geo.audit.layer_html import FIELD_WORDS, LEVEL_WORDS, events_html, layer_html
from geo.boundaries.conventions import ABOVE, Recognition
from geo.boundaries.reading import Boundaries
from geo.boundaries.shapes import CrsMissing
from geo.core.codes import Level
from geo.core.files import Upload, digest
from geo.core.i18n import Language
from geo.core.labels import EVENT_WORDS
from geo.measures.dataset import Dataset
from geo.workspace.saved_boundaries import SavedBoundaries

_HELD: Final = "held_layer"
_TYPES: Final = (
    *("geojson", "json", "topojson", "gpkg", "zip", "shp", "shx", "dbf", "prj", "cpg"),
    *("fgb", "parquet", "geoparquet", "kml", "kmz"),
)


def show_boundaries(data: Dataset, saved: SavedBoundaries, language: Language) -> None:
    """What is drawn now, and the way to another layer."""
    st.header(language("Boundaries"))
    st.caption(
        language(
            "{source}; {count} villages",
            source=language(data.boundaries.source),
            count=language.count(data.boundaries.audit.villages),
        )
    )
    shown = saved.path()
    if shown is not None:
        st.button(
            language("Undo"),
            key=f"undo_{shown.stem}",
            on_click=partial(_undo, saved, shown, language),
        )
    with st.expander(language("Use other boundaries")):
        files = st.file_uploader(
            language("A layer of villages; the parts of a Shapefile together, or zipped"),
            type=list(_TYPES),
            accept_multiple_files=True,
            key="boundary_files",
        )
        if files:
            _show_layer([Upload(f.name, f.getvalue()) for f in files], saved, language)


def _show_layer(files: list[Upload], saved: SavedBoundaries, language: Language) -> None:
    options: dict[str, Any] = {}
    layers = _held(files, "list_layers")
    names = [layer.name for layer in layers]
    likely = next((at for at, layer in enumerate(layers) if layer.likely), 0)
    if len(names) > 1:
        options["layer"] = st.selectbox(language("Layer"), names, index=likely, key="layer")
    chosen = next((x for x in layers if x.name == options.get("layer")), layers[likely])
    guess, values = _held(files, "guess_fields", layer=chosen.name)
    key = digest(files[0])[:12] + chosen.name
    options["mapping"], level = _show_fields(guess, values, key, language)
    if level != "village":
        st.warning(
            language("The map is made of villages; a layer of another level cannot be used.")
        )
        return
    layer = _read(files, options, language)
    if layer is None:
        return
    st.html(layer_html(layer, language))
    for note in layer.audit.notes:
        st.caption(language(note.message, **note.facts))
    for event, words in EVENT_WORDS.items():
        if layer.audit.count(event):
            with st.expander(f"{language.count(layer.audit.count(event))} {language(words)}"):
                st.html(events_html(layer, event, language))
    st.button(
        language("Use these boundaries"),
        key="use_boundaries",
        type="primary",
        disabled=layer.villages.empty,
        on_click=partial(_save, layer, files, saved, language),
    )


def _show_fields(
    guess: Recognition, values: dict[str, tuple[str, ...]], key: str, language: Language
) -> tuple[dict[str, str] | None, Level]:
    """Each field as recognised beside some of its values; what the user says instead, and level."""
    st.markdown("**" + language("Fields as recognised") + "**")
    facts = {name: plain(text) for name, text in guess.facts.items()}
    st.caption(language(guess.why, **facts) or language("No known convention fits."))
    known = {"code": " + ".join(guess.code), "name": guess.name}
    known |= {level: guess.names.get(level, "") for level in ABOVE}
    known |= {f"{level}_code": guess.above_codes.get(level, "") for level in ABOVE}
    with st.container(key="fields"):
        picked = {
            role: _show_field(role, known[role], values, key, language) for role in FIELD_WORDS
        }
        level = _show_level(guess.level, key, language)
    changed = {role: field for role, field in picked.items() if field != known[role]}
    # That the rows are villages after all is said by naming the fields as they are.
    if level != guess.level and not changed:
        changed = {"name": picked["name"]}
    return changed or None, level


def _show_field(
    role: str, known: str, values: dict[str, tuple[str, ...]], key: str, language: Language
) -> str:
    """One line; a code in several fields is one choice of its own."""
    fields = ["", *([known] if known and known not in values else []), *values]
    name, examples, choice = st.columns([2, 4, 3], vertical_alignment="center")
    words = language(FIELD_WORDS[role])
    name.markdown(words)
    picked: str = choice.selectbox(
        words,
        fields,
        index=fields.index(known),
        format_func=lambda field: str(field) or language("none"),
        key=f"field_{role}_{key}",
        label_visibility="collapsed",
    )
    parts = [" · ".join(values[field]) for field in picked.split(" + ") if field in values]
    examples.caption(plain(" + ".join(parts)) or "–")
    return picked


def _show_level(known: Level, key: str, language: Language) -> Level:
    """The level of the rows: a layer whose names mislead may be one of villages after all."""
    name, _, choice = st.columns([2, 4, 3], vertical_alignment="center")
    name.markdown(language("level of the rows"))
    options = list(LEVEL_WORDS)
    level: Level = choice.selectbox(
        language("level of the rows"),
        options,
        index=options.index(known),
        format_func=lambda level: language(LEVEL_WORDS[level]),
        key=f"field_level_{key}",
        label_visibility="collapsed",
    )
    return level


def _read(files: list[Upload], options: dict[str, Any], language: Language) -> Boundaries | None:
    """The layer; None while its coordinate system is not known."""
    try:
        layer: Boundaries = _held(files, "read_boundaries", **options)
    except CrsMissing as missing:
        crs = st.text_input(language.say(missing), value=missing.suggestion, key="layer_crs")
        if not crs:
            return None
        layer = _held(files, "read_boundaries", **options, crs=crs)
    return layer


def _held(files: list[Upload], reader: str, **options: Any) -> Any:
    """What a reader gives with these options, read once for these files in this session."""
    name = "".join(map(digest, files))
    if st.session_state.get(_HELD, {}).get("files") != name:
        st.session_state[_HELD] = {"files": name}
    held = st.session_state[_HELD]
    key = f"{reader} {sorted(options.items())!r}"
    if key not in held:
        with isolated_readers(_name_of(files), f"{name} {key}") as readers:
            held[key] = getattr(readers, reader)(files, **options)
    return held[key]


def _name_of(files: list[Upload]) -> str:
    """What the files are called together: of the parts of a Shapefile the one with shapes."""
    names = [file.name for file in files]
    return next((name for name in names if name.lower().endswith(".shp")), names[0])


def _save(
    layer: Boundaries, files: list[Upload], saved: SavedBoundaries, language: Language
) -> None:
    name, count = _name_of(files), language.count(len(layer.villages))
    sentence = language("The map uses {name} now: {count} villages.", name=name, count=count)
    with DATA_OUTCOME.reporting(sentence, language):
        saved.save(layer, name, digest(files[0]))
        st.session_state.pop(_HELD, None)


def _undo(saved: SavedBoundaries, shown: Path, language: Language) -> None:
    with DATA_OUTCOME.reporting(language("The boundaries before are used again."), language):
        saved.undo(shown)
