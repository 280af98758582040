"""The files that a saved plan goes to the field as."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from ...core.errors import mark
from ...core.i18n import Language
from .geopackage import write_geopackage
from .gpx import write_gpx
from .page import write_page
from .plan import FieldPlan
from .xlsform import write_odk_form


@dataclass(frozen=True)
class FieldFormat:
    """A kind of file.

    Attributes
    ----------
    key, suffix, mime : str
        How it is known, what its name ends with, and its media type.
    label, use : str
        Words of its button, and what it is good for.
    write : callable
        Writes the file of a plan in a language.
    """

    key: str
    suffix: str
    mime: str
    label: str
    use: str
    write: Callable[[FieldPlan, Language], bytes]


FIELD_FORMATS: Final = (
    FieldFormat(
        "page",
        ".html",
        "text/html",
        mark("Field page (HTML)"),
        mark("opens on any phone without a network; list, map, results"),
        write_page,
    ),
    FieldFormat(
        "gpx",
        ".gpx",
        "application/gpx+xml",
        mark("GPX"),
        mark("villages and rounds for OsmAnd, Organic Maps and GPS receivers"),
        write_gpx,
    ),
    FieldFormat(
        "qfield",
        ".gpkg",
        "application/geopackage+sqlite3",
        mark("QField (GeoPackage)"),
        mark("layers with the form of the visits for QField and QGIS"),
        write_geopackage,
    ),
    FieldFormat(
        "odk",
        ".zip",
        "application/zip",
        mark("ODK form (XLSForm)"),
        mark("form and list of villages for ODK Collect"),
        write_odk_form,
    ),
)
