"""GDAL with the drivers and settings that boundary files need, and nothing else.

GDAL judges a file by its content and knows many formats that name other files,
addresses or databases. Importing this module takes those drivers out of the
process, so that a file in disguise finds no driver. GDAL's HTTP client gets a
proxy of a kind that does not exist: every request fails before it connects.
"""

from __future__ import annotations

from typing import Final

import pyogrio
from pyogrio import _ogr

from .sniff import Kind

DRIVERS: Final[dict[Kind, frozenset[str]]] = {
    "GeoJSON": frozenset({"GeoJSON", "GeoJSONSeq"}),
    "TopoJSON": frozenset({"TopoJSON"}),
    "GeoPackage": frozenset({"GPKG"}),
    "FlatGeobuf": frozenset({"FlatGeobuf"}),
    "KML": frozenset({"LIBKML"}),
    "Shapefile": frozenset({"ESRI Shapefile"}),
    "File Geodatabase": frozenset({"OpenFileGDB"}),
}
_KEPT: Final = frozenset().union(*DRIVERS.values())
_SETTINGS: Final = {
    "GDAL_HTTP_PROXY": "none://",
    "GDAL_HTTPS_PROXY": "none://",
    "GDAL_HTTP_MAX_RETRY": "0",
    "CPL_VSIL_CURL_ALLOWED_FILENAME": "none",
    "LIBKML_RESOLVE_STYLE": "NO",
    "LIBKML_EXTERNAL_STYLE": "NO",
    "OGR_SQLITE_LOAD_EXTENSIONS": "",
    "OGR_SQLITE_ALLOW_EXTERNAL_ACCESS": "NO",
    "OGR_SQLITE_LIST_VIRTUAL_OGR": "NO",
}


def _restrict() -> None:
    """Deregister every other driver; GDAL applies GDAL_SKIP whenever it registers drivers."""
    others = set(pyogrio.list_drivers()) - _KEPT
    pyogrio.set_gdal_config_options(_SETTINGS | {"GDAL_SKIP": ",".join(sorted(others))})
    # pyogrio has no public way to register drivers again after it was imported.
    _ogr._register_drivers()
    left = set(pyogrio.list_drivers()) - _KEPT
    if left:
        raise ImportError(f"GDAL keeps drivers that may open other files: {sorted(left)}")


_restrict()
