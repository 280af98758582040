"""Organisation units and data values for DHIS2, known by their codes."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from typing import Any, Final

import shapely

from .files import Extract, plain_rows
from .metadata import add_data_package

_OPENED: Final = "1970-01-01"
_MOST_NAME: Final = 50
_VALUES: Final = ("enrolled", "eligible", "coverage_gap", "surplus")
_README: Final = """Import in this order, with codes as identifiers:
1. organisationUnits.json: Import/Export, Metadata import, Identifier: Code
2. organisationUnits.geojson: Import/Export, Org unit geometry import, matched by code
3. dataValueSet.json: Import/Export, Data import, Data element and Org unit identifier: Code
   Data elements with the codes JANGKAU_ENROLLED, JANGKAU_ELIGIBLE, JANGKAU_COVERAGE_GAP and
   JANGKAU_SURPLUS (number, sum) must be there, in a data set of monthly periods.
"""


def write_dhis2(layers: Sequence[Extract]) -> bytes:
    """Areas above first, then the places asked for, zipped with what to do."""
    body = io.BytesIO()
    ordered = [*layers[::-1]]
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        units = [unit for extract in ordered for unit in _units(extract)]
        archive.writestr("organisationUnits.json", _json({"organisationUnits": units}))
        shapes = [shape for extract in ordered for shape in _shapes(extract)]
        archive.writestr(
            "organisationUnits.geojson", _json({"type": "FeatureCollection", "features": shapes})
        )
        archive.writestr("dataValueSet.json", _json({"dataValues": _values(layers[0])}))
        archive.writestr("README.txt", _README)
        add_data_package(archive, layers[0])
    return body.getvalue()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _units(extract: Extract) -> list[dict[str, Any]]:
    return [
        {
            "code": row["code"],
            "name": row["name"],
            "shortName": row["name"][:_MOST_NAME],
            "openingDate": _OPENED,
            "parent": {"code": row["parent_code"]},
        }
        for row in plain_rows(extract.table)
    ]


def _shapes(extract: Extract) -> list[dict[str, Any]]:
    rows = zip(extract.table["code"], extract.table["name"], extract.shapes, strict=True)
    return [
        {
            "type": "Feature",
            "id": code,
            "properties": {"code": code, "name": name},
            "geometry": shapely.geometry.mapping(shape),
        }
        for code, name, shape in rows
        if shape is not None
    ]


def _values(extract: Extract) -> list[dict[str, str]]:
    """A value for each known figure: an unknown one is left out, not sent as 0."""
    return [
        {
            "dataElement": f"JANGKAU_{column.upper()}",
            "period": row["period"].replace("-", ""),
            "orgUnit": row["code"],
            "value": str(row[column]),
        }
        for row in plain_rows(extract.table)
        for column in _VALUES
        if row[column] is not None
    ]
