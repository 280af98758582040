"""Texts and numbers that readers stumble over, for mutations to put in."""

from __future__ import annotations

import struct
from typing import Final

from .planted import ADDRESS, SECRET_NAME, SECRET_PATH

VRT: Final = (
    '<OGRVRTDataSource><OGRVRTLayer name="planted-secret">'
    f"<SrcDataSource>{SECRET_PATH}</SrcDataSource><GeometryType>wkbPolygon</GeometryType>"
    '<GeometryField encoding="WKT" field="WKT"/></OGRVRTLayer></OGRVRTDataSource>'
)
_PLACES: Final = (
    *(SECRET_PATH, SECRET_NAME, f"../{SECRET_NAME}", ADDRESS, f"/vsicurl/{ADDRESS}"),
    *(f"CSV:{SECRET_PATH}", f"file://{SECRET_PATH}", f"/vsizip/vsicurl/{ADDRESS}"),
    *("../../x", "/dev/zero", "/proc/self/environ", "C:\\x", "x" * 300),
)

INTEGERS: Final = (
    *(0, 1, -1, 2, 7, 8, 16, 127, 128, 255, 256, 32_767, 32_768, 65_535, 65_536, 1_048_575),
    *(1_048_576, 2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**63 - 1, -(2**31), -(2**63)),
)
# The same as bytes of every width and both orders, and floating-point oddities.
WORDS: Final = tuple(
    dict.fromkeys(
        [
            (number % 2 ** (8 * width)).to_bytes(width, order)
            for number in INTEGERS
            for width in (1, 2, 4, 8)
            for order in ("little", "big")
        ]
        + [
            struct.pack(f"{order}d", number)
            for number in (float("nan"), float("inf"), -float("inf"), 1e308, 5e-324, 0.0)
            for order in "<>"
        ]
    )
)

VALUES: Final = (
    *map(str, INTEGERS),
    *("", " ", "A", "A0", "A1", "XFD1048576", "GR1048576", "AAAA1", "A1:XFD1048576", "1A", "a1"),
    *("s", "n", "b", "e", "d", "str", "inlineStr", "error", "float", "date", "percentage"),
    *("NaN", "-inf", "1e999", "1e-999", "0x10", "1,5", "1.5", "-0", "9" * 40, "9" * 400),
    *("#N/A", "#REF!", "TRUE", "2024-10", "0000-00", "31-02-2024", "9999-12-31", "44927"),
    *("9962050000000001", "9962050000000001.0", "9.96205E+15", "62.05.01.1001", "62.05.99.9999"),
    *("DESA", "NIK", "KECAMATAN", "JUMLAH", "SEGMEN", "PERIODE", "STATUS", "kode", "nama"),
    *("geometry", "Polygon", "MultiPolygon", "Point", "EPSG:4326", "EPSG:999999", "utf-16"),
    *("\0", "\ud7ff", "\N{BYTE ORDER MARK}", "\N{RIGHT-TO-LEFT OVERRIDE}x", "é" * 50, "{x}", "{"),
    *("=1+1", "{0}", "%s", "<b>", "../x", "_xlnm", "sheet9", "rId99", "rId1", *_PLACES),
)

XML: Final = (
    *("<!-- <kml> -->", "<!DOCTYPE x>", '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>', "&a;"),
    f'<!DOCTYPE x [<!ENTITY a SYSTEM "file://{SECRET_PATH}">]>',
    f'<!DOCTYPE x SYSTEM "{ADDRESS}">',
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    *(VRT, f"<!-- <kml> -->{VRT}", "<?xml version='1.0' encoding='utf-16'?>", "<![CDATA[", "]]>"),
    *("&#0;", "&#x110000;", "&lt;", "&", "<", ">", "/>", "</x>", "<x>", "<c/>", "<row/>"),
    *('<c r="XFD1048576" t="n"><v>1</v></c>', '<row r="1048576">', '<row r="0">', '<c r="A0"/>'),
    *('<c t="e"><v>#N/A</v></c>', '<c r="B2" t="s"><v>99999</v></c>', "<is><t>x</t></is>"),
    *('<mergeCell ref="A1:XFD1048576"/>', '<mergeCell ref="B2:A1"/>', '<dimension ref="A1:ZZZ9"/>'),
    *('<table:table-row table:number-rows-repeated="1048576">', "<table:covered-table-cell/>"),
    '<table:table-cell table:number-columns-repeated="16384" office:value-type="float"/>',
    *("<coordinates>115,0 NaN,1e999 115,0</coordinates>", "<coordinates></coordinates>"),
    *(f"<NetworkLink><Link><href>{ADDRESS}</href></Link></NetworkLink>", "<Placemark>"),
    *("<MultiGeometry>", "<LinearRing>", f"<Schema name='x'>{'<SimpleField/>' * 30}</Schema>"),
)
# Put in many times over.
REPEATED: Final = (
    *('<c r="A1" ', "<sheet ", "<table:table-row>", "<x>", "<!--", "<MultiGeometry>", "&#32;"),
    *('<row r="1"/>', "<table:table-cell/>", "115,0,0 ", "<Folder>", "a"),
)

JSON: Final = (
    *(
        "NaN",
        "Infinity",
        "-1e999",
        "1e999",
        "null",
        "{}",
        "[]",
        '"x"',
        "true",
        "9" * 400,
        "\\ud800",
    ),
    *('"type":"Topology",', '"type":"FeatureCollection",', '"type":"GeometryCollection",'),
    '"crs":{"type":"link","properties":{"href":"' + ADDRESS + '","type":"proj4"}},',
    '"crs":{"type":"name","properties":{"name":"' + ADDRESS + '"}},',
    '"crs":{"type":"URL","properties":{"url":"' + ADDRESS + '"}},',
    '"crs":{"type":"EPSG","properties":{"code":99999}},',
    *('"gdal_streamed_alg":', "\x1e", "\n", ",", ":", "[", "]", "{", "}", '"', "/*", "//", "\0"),
)
NODES: Final = (
    *(None, True, {}, [], "", 0, -1, 1e308, float("nan"), float("inf"), 10**400, "9" * 400, [[]]),
    *([[115, 0], [116, 0]], [[[115, 0], [116, 0], [115, 1]]], [115], [115, 0, 1, 2], ["115", "0"]),
    {"type": "Polygon", "coordinates": [[[115, 0], [116, 0], [116, 1], [115.5, 0.5]]]},
    {"type": "Polygon", "coordinates": [[]]},
    {"type": "Polygon", "coordinates": [[[115, 0], [float("nan"), 0], [116, 1], [115, 0]]]},
    {"type": "GeometryCollection", "geometries": []},
    {"type": "MultiPolygon", "coordinates": [[[[115, 0]]], []]},
    {"type": "Point", "coordinates": [115, 0]},
    {"type": "link", "properties": {"href": ADDRESS, "type": "ogcwkt"}},
    {"type": "URL", "properties": {"url": ADDRESS}},
    {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::999999"}},
    {"type": "name", "properties": {"name": f"/vsicurl/{ADDRESS}"}},
    {"scale": [0, float("nan")], "translate": [1e308, "x"]},
    *("Topology", "FeatureCollection", "Polygon", [0], [-1], [-(2**31)], [2**31], [[0, 99]]),
    *VALUES,
)

CSV: Final = (
    *('"', '""', '"""', "\0", "\N{BYTE ORDER MARK}", "\xff\xfe", ",", ";", "\t", "|", "\r", "\n"),
    *(
        "\r\r\n",
        "sep=,\r\n",
        'sep="\n',
        "sep=\n\r\n",
        "sep=\0\n",
        "\x1a",
        "\x0b",
        "\u2028",
        ",," * 120,
    ),
    *("\n" * 60, '"\n' * 50, "'", "\\", "#", "=cmd()", *VALUES),
)
