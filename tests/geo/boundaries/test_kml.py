"""KML as programs write it: fields in CDATA tables, prefixes that nobody declared."""

from __future__ import annotations

from pathlib import Path

import pytest
from layer_factories import places

from geo.boundaries.reading import Boundaries, read_boundaries

COUNT = 4
TABLE = (
    "<html><body><table><tr><td>KODE</td><td>{code}</td></tr>"
    "<tr><td>Luas</td><td>&nbsp;1</td></tr></table></body></html>"
)


def write_kml(folder: Path, placemark: str, *, head: str = "", root: str = "") -> Path:
    """Some villages as placemarks, each with a square."""
    body = ""
    for at, row in enumerate(places(COUNT).itertuples()):
        ring = " ".join(
            f"{115 + at * 0.1 + x},{-0.5 + y}"
            for x, y in ((0, 0), (0.1, 0), (0.1, 0.1), (0, 0.1), (0, 0))
        )
        said = placemark.format(code=row.code, name=row.name)
        body += (
            f"<Placemark>{said}<Polygon><outerBoundaryIs><LinearRing><coordinates>{ring}"
            "</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"
        )
    path = folder / "layer.kml"
    path.write_text(
        f'<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"{root}>'
        f"<Document>{head}{body}</Document></kml>",
        encoding="utf-8",
    )
    return path


def check(found: Boundaries) -> None:
    assert list(found.villages.index) == sorted(places(COUNT)["code"])


def test_fields_in_a_table_of_the_description_are_read(tmp_path: Path) -> None:
    text = f"<name>{{name}}</name><description><![CDATA[{TABLE}]]></description>"
    check(read_boundaries(write_kml(tmp_path, text)))


def test_names_in_cdata_are_read(tmp_path: Path) -> None:
    data = '<Data name="kode"><value><![CDATA[{code}]]></value></Data>'
    text = f"<name><![CDATA[{{name}}]]></name><ExtendedData>{data}</ExtendedData>"
    check(read_boundaries(write_kml(tmp_path, text)))


@pytest.mark.parametrize("root", ["", ' xsi:schemaLocation="a b"'])
def test_a_prefix_that_is_not_declared_is_forgiven(tmp_path: Path, root: str) -> None:
    text = f"<name>{{name}}</name><description><![CDATA[{TABLE}]]></description>"
    check(read_boundaries(write_kml(tmp_path, text, root=root)))


def test_a_long_text_before_the_first_place_does_no_harm(tmp_path: Path) -> None:
    long = f"<description><![CDATA[{'<br>x' * 40_000}]]></description>"
    text = f"<name>{{name}}</name><description><![CDATA[{TABLE}]]></description>"
    check(read_boundaries(write_kml(tmp_path, text, head=long)))
