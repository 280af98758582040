"""What the map's script is told of a view: a letter a place, the words, and where the rest lies.

The letters go with every change of a filter; shapes are files that a browser keeps, and figures
for tooltips are fetched when a place is first pointed at.
"""

from __future__ import annotations

import gzip
import json
import string
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd
from babel.numbers import get_decimal_symbol, get_group_symbol
from numpy.typing import NDArray

from ..core import codes
from ..core.errors import mark
from ..core.i18n import Language
from ..core.labels import ORIGIN_LABELS, STATE_LABELS
from ..measures.dataset import Dataset
from ..measures.origins import ESTIMATED, MARKED, MIXED, are_mixed
from ..measures.view import View
from .circles import LARGEST_CIRCLE, has_circles, measure_radii
from .legend import class_labels
from .palettes import FADED_FILL, STATE_PATTERNS, class_colours, state_fills

# Where the script finds something: ``{"url": …}``, or what is meant itself.
Source = Mapping[str, Any]
Figures = Mapping[str, NDArray[np.int32]]
# The one outside host that a page asks, and only once street tiles are switched on.
TILES_ORIGIN: Final = "https://tile.openstreetmap.org"
_TILES: Final = {
    "url": TILES_ORIGIN + "/{z}/{x}/{y}.png",
    "attribution": "© OpenStreetMap contributors",
}
_MOST_LABELS: Final = 60
# A letter a place; `coverage_layer.js` reads them.
_FIRST_LETTER: Final = ord("0")
_FADED: Final = 32
_RADIUS_LETTERS: Final = string.digits + string.ascii_letters + "-_"
_RADIUS_STEP: Final = LARGEST_CIRCLE / (len(_RADIUS_LETTERS) - 1)
_UNKNOWN: Final = -1
_ORIGIN_WORDS: Final = {
    "estimated": mark("eligible workers estimated: {low} to {high}"),
    "mixed": mark("eligible workers partly estimated: {low} to {high}"),
}
_PARTLY_WORDS: Final = STATE_LABELS["partly_known"]
_PARTLY_PATTERN: Final = STATE_PATTERNS["partly_known"]


def build_payload(
    data: Dataset,
    view: View,
    language: Language,
    *,
    source: Source,
    values: Source,
    bounds: list[list[float]],
) -> dict[str, Any]:
    """Everything the script needs to draw a view.

    Parameters
    ----------
    data, view : Dataset, View
        What to draw.
    language : Language
        Of tooltips and notice.
    source, values : dict
        Where the shapes and the figures for tooltips are: ``{"url": …}``, or
        inside (see ``coverage_layer.js``).
    bounds : list
        Of the area looked at, ``[[south, west], [north, east]]`` in degrees.
    """
    drawn = drawn_places(view)
    styles = _styles(view, language)
    return {
        "source": source,
        "level": view.level,
        "parts": _parts(view, drawn.index),
        "classes": _classes(view, drawn),
        "styles": styles,
        "states": view.classes.count,
        "faded": FADED_FILL,
        "marks": _marks(drawn),
        "circles": _circles(view, drawn),
        "labels": _labels(drawn),
        "values": values,
        "words": _words(language),
        "focus": {"key": " ".join((view.place, *view.query.subdistricts)), "bounds": bounds},
        "within": view.place,
        "selected": view.query.selected,
        "basket": np.flatnonzero(drawn.index.isin(view.query.basket)).tolist(),
        "tiles": _TILES if view.query.tiles else None,
        "notice": map_notice(data, view, language, about=True),
        "zoom": [language("zoom in"), language("zoom out")],
        "box": language("draw a box to choose villages"),
        "title": language("Map; the table below has the same places."),
    }


def drawn_places(view: View) -> pd.DataFrame:
    """The places shown that have a shape, in the order of their codes."""
    drawn = view.shown[view.shown["has_boundary"].to_numpy(bool)]
    return drawn if drawn.index.is_monotonic_increasing else drawn.sort_index()


def list_figures(view: View) -> Figures:
    """Figures of the places drawn, for their tooltips.

    Returns
    -------
    dict of str to numpy.ndarray
        ``enrolled``, ``eligible``, ``gap``; where filters leave villages of
        larger places out, ``passing`` and ``villages``; where places are
        partly known, ``known`` and ``villages``; where eligible workers are
        estimated, ``low`` and ``high``; where they are, or are of another
        source, ``origin``, a position in `geo.measures.origins.MARKED`: whole
        numbers in the order of `drawn_places`, -1 for unknown.
    """
    drawn = drawn_places(view)
    columns = {"enrolled": "enrolled", "eligible": "eligible", "gap": "coverage_gap"}
    if "estimated" in drawn:
        columns |= {"low": "eligible_low", "high": "eligible_high"}
    if (drawn["state"] == "partly_known").any():
        columns |= {"known": "known", "villages": "villages"}
    if view.query.narrows and view.level != "village":
        columns |= {"passing": "found", "villages": "villages"}
    figures = {name: _whole(drawn[column]) for name, column in columns.items()}
    if drawn["origin"].isin(MARKED).any():
        figures["origin"] = pd.Index(MARKED).get_indexer(drawn["origin"]).astype("int32")
    return figures


def _whole(values: pd.Series) -> NDArray[np.int32]:
    known = values.to_numpy("float64")
    return np.rint(np.where(np.isnan(known), _UNKNOWN, known)).astype("int32")


def pack_figures(figures: Figures) -> bytes:
    """Figures as the script reads them: JSON, compressed."""
    listed = {name: values.tolist() for name, values in figures.items()}
    return gzip.compress(json.dumps(listed, separators=(",", ":")).encode(), 6, mtime=0)


def map_notice(data: Dataset, view: View, language: Language, *, about: bool) -> str:
    """What must be said on the map itself; empty where nothing must.

    Parameters
    ----------
    data, view, language : Dataset, View, Language
        What is drawn, and in which words.
    about : bool
        Whether the map stands beside the page that explains it.
    """
    notes = []
    if data.boundaries.approximate and about:
        notes.append(language("Approximate boundaries, not official: see About"))
    elif data.boundaries.approximate:
        notes.append(language("Approximate boundaries, not official"))
    if data.synthetic:
        notes.append(language("synthetic sample"))
    estimated = view.shown["origin"].isin((ESTIMATED, MIXED))
    if estimated.any():
        origin = MIXED if are_mixed(view.villages["origin"]) else ESTIMATED
        notes.append(language(ORIGIN_LABELS[origin]))
    missing = int((~view.shown["has_boundary"].to_numpy(bool)).sum())
    if missing:
        notes.append(
            language.plural("{n} place has no boundary", "{n} places have no boundary", missing)
        )
    return " · ".join(notes)


def _parts(view: View, drawn: pd.Index) -> list[tuple[str, int]]:
    """Prefixes of the codes drawn, with how many places have each."""
    length = codes.length_of(view.level)
    areas = sorted({code[:length] for code in view.query.subdistricts or (view.place,)})
    limits = [drawn.searchsorted([area, f"{area}~"]) for area in areas]
    return [(area, int(end - first)) for area, (first, end) in zip(areas, limits, strict=True)]


def _styles(view: View, language: Language) -> list[dict[str, str]]:
    colours = class_colours(view.query.palette, view.classes.count, view.classes.measure)
    classes = zip(colours, class_labels(view, language), strict=True)
    # A place can be known and in no class of the measure shown: its share of no gap at all.
    states = state_fills(view.query.palette) | {"ok": FADED_FILL}
    styles = [
        *({"fill": colour, "pattern": "", "words": words} for colour, words in classes),
        *(
            {
                "fill": fill,
                "pattern": STATE_PATTERNS.get(state, ""),
                "words": language(STATE_LABELS[state]),
            }
            for state, fill in states.items()
        ),
    ]
    # Each once more, for partly known areas.
    partly = {"pattern": _PARTLY_PATTERN, "words": language(_PARTLY_WORDS)}
    return [*styles, *(style | partly for style in styles)]


def _classes(view: View, drawn: pd.DataFrame) -> str:
    partly = (drawn["class_state"] == "partly_known").to_numpy("bool")
    over = partly & (drawn["enrolled"] > drawn["eligible"]).to_numpy("bool")
    state = np.where(over, "over_100", drawn["class_state"].to_numpy(dtype=object))
    names = list(state_fills(view.query.palette))
    unclassed = view.classes.count + len(names)
    classed = drawn["class_index"].to_numpy("int64")
    style = np.select(
        [state == name for name in names],
        [view.classes.count + i for i in range(len(names))],
        np.where(classed < 0, unclassed, classed),
    )
    style = style + (unclassed + 1) * partly
    letters = _FIRST_LETTER + style + _FADED * (drawn["found"].to_numpy("int64") == 0)
    return bytes(letters.astype("uint8")).decode("ascii")


def _marks(drawn: pd.DataFrame) -> str:
    """A letter a place: the origin of its eligible workers, a blank where it is not marked.

    Empty where no place is: of one origin for all, a mark would tell no places apart.
    """
    if not are_mixed(drawn["origin"]):
        return ""
    letters = dict(zip(MARKED, string.digits, strict=False))
    marks = drawn["origin"].map(letters).where(drawn["found"].to_numpy("int64") > 0)
    return "".join(marks.fillna(" "))


def _circles(view: View, drawn: pd.DataFrame) -> str:
    if not has_circles(view):
        return ""
    radii = measure_radii(drawn["coverage_gap"].fillna(0).to_numpy())
    return "".join(_RADIUS_LETTERS[int(step)] for step in np.rint(radii / _RADIUS_STEP))


def _labels(drawn: pd.DataFrame) -> list[int]:
    """Positions of the places to label: those that pass the filters first, by gap.

    Where there are too many places, only those that pass are labelled, if they are few.
    """
    passing = drawn["found"].to_numpy("int64") > 0
    crowded = len(drawn) > _MOST_LABELS
    if crowded and not 0 < passing.sum() <= _MOST_LABELS:
        return []
    gaps = drawn["coverage_gap"].fillna(_UNKNOWN).to_numpy()
    order = np.lexsort((-gaps, ~passing))
    return [int(i) for i in order if passing[i] or not crowded]


def _words(language: Language) -> dict[str, Any]:
    return {
        "rate": language("Coverage {rate}"),
        "people": language("{enrolled} active of {eligible} eligible"),
        "enrolled": language("{people} active participants"),
        "eligible": language("{people} eligible workers"),
        "gap": language("{gap} not covered"),
        "origins": [language(_ORIGIN_WORDS.get(key, ORIGIN_LABELS[key])) for key in MARKED],
        "known": language("known for {known} of {villages} villages"),
        "found": language("{found} of {villages} villages pass the filters"),
        "failed": language("Some shapes could not be loaded; reload the page."),
        "touch": language("Move the map with two fingers"),
        "marks": {
            "group": get_group_symbol(language.code),
            "decimal": get_decimal_symbol(language.code),
        },
    }
