"""Sound files of every format, and some hostile ones, for mutations to start from.

The same seeds are built in every run: their bytes decide what the inputs of a number are.
"""

from __future__ import annotations

import json
import tempfile
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import geopandas as gpd
import layer_factories as layers
import pyogrio
import sheet_factories as sheets

from . import tokens
from .containers import pack, unpack
from .mutations import write_xlsb_records
from .planted import ADDRESS

Seed = tuple[str, bytes]

_PEOPLE = [sheets.PLAIN, *(sheets.plain_row(person) for person in range(1, 6))]
_SIPP = [sheets.SIPP, *(sheets.sipp_row(person) for person in range(1, 4))]
_COUNTS = [
    ("PERIODE", "KODE_DESA", "DESA", "KECAMATAN", "SEGMEN", "JUMLAH"),
    ("2024-10", "62.05.01.2003", "Hajak", "Montallat", "PU", 12),
    ("2024-10", "62.05.01.1001", "Lemo I", "Montallat", "BPU", 3.5),
    ("", "62.05.01.2002", "#N/A", "", "RT/RW", "#REF!"),
]
_WIDE = [
    ("Laporan Oktober 2024", "", "", ""),
    ("DESA", "KECAMATAN", "PESERTA", ""),
    ("", "", "PU", "BPU"),
    ("Hajak", "Montallat", 4, 5),
    ("Liju", "Gunung Timang", 6, 7),
]
_TABLES = (_PEOPLE, _SIPP, _COUNTS, _WIDE)
_DAY = "2024-10-22T00:00:00.000Z"
_KEPT = Path(__file__).parent / "kept_seeds"


def build_seeds(reader: str) -> list[Seed]:
    """Names and contents of the seeds of a reader."""
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        # Drivers remark on fields that they shorten.
        warnings.simplefilter("ignore")
        return _BUILDERS[reader](Path(folder))


# ---- tables ----


def _text_tables(folder: Path, suffix: str) -> list[Seed]:
    separators = (",", ";", "\t", "|")
    return [
        _seed(
            sheets.write_text(
                folder / f"workers_2024-10_{at}.csv{suffix}", rows, separator=separator
            )
        )
        for at, (rows, separator) in enumerate(zip(_TABLES, separators, strict=True))
    ]


def _gzipped(folder: Path) -> list[Seed]:
    # The header of gzip tells when it was made.
    return [(name, data[:4] + bytes(4) + data[8:]) for name, data in _text_tables(folder, ".gz")]


def _xlsx(folder: Path) -> list[Seed]:
    books = [{"Data": rows} for rows in _TABLES] + [{"Isi": [("a",)], "Data": _PEOPLE}]
    merged = [[], [], [], [(3, 1, 4, 1)], []]
    return [
        _seed(sheets.write_xlsx(folder / f"workers_{at}.xlsx", book, merged=ranges))
        for at, (book, ranges) in enumerate(zip(books, merged, strict=True))
    ]


def _xls(folder: Path) -> list[Seed]:
    books = [{"Data": rows} for rows in (_PEOPLE, _COUNTS)] + [{"Isi": [("a",)], "Data": _WIDE}]
    return [
        _seed(sheets.write_xls(folder / f"workers_{at}.xls", book)) for at, book in enumerate(books)
    ]


def _xlsb(_folder: Path) -> list[Seed]:
    return [(f"workers_{at}.xlsb", _build_xlsb(rows)) for at, rows in enumerate((_PEOPLE, _COUNTS))]


def _build_xlsb(rows: Sequence[sheets.Row]) -> bytes:
    """The least that a binary workbook needs: one sheet, its cells inline."""
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="bin" '
        'ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>'
        "</Types>"
    )
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    links = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{kind}/{{}}" Target="{{}}"/></Relationships>'
    )
    sheet = bytes(4) + (1).to_bytes(4, "little") + _wide("rId1") + _wide("Data")
    book = [(131, b""), (143, b""), (156, sheet), (144, b""), (132, b"")]
    used = b"".join(
        number.to_bytes(4, "little") for number in (0, len(rows) - 1, 0, len(rows[0]) - 1)
    )
    cells = [(129, b""), (148, used), (145, b"")]
    for at, row in enumerate(rows):
        cells.append((0, at.to_bytes(4, "little") + bytes(21)))
        for column, cell in enumerate(row):
            cells.append((6, column.to_bytes(4, "little") + bytes(4) + _wide(str(cell))))
    cells += [(146, b""), (130, b"")]
    return pack(
        [
            ("[Content_Types].xml", types.encode()),
            ("_rels/.rels", links.format("officeDocument", "xl/workbook.bin").encode()),
            ("xl/workbook.bin", write_xlsb_records(book)),
            (
                "xl/_rels/workbook.bin.rels",
                links.format("worksheet", "worksheets/sheet1.bin").encode(),
            ),
            ("xl/worksheets/sheet1.bin", write_xlsb_records(cells)),
        ]
    )


def _wide(text: str) -> bytes:
    return len(text).to_bytes(4, "little") + text.encode("utf-16-le")


def _ods(folder: Path) -> list[Seed]:
    return [
        _repacked(sheets.write_ods(folder / f"workers_{at}.ods", rows))
        for at, rows in enumerate(_TABLES)
    ]


def _parquet(folder: Path) -> list[Seed]:
    tables = (_PEOPLE, [_COUNTS[0], *([*map(str, row)] for row in _COUNTS[1:])])
    return [
        _seed(sheets.write_parquet(folder / f"workers_{at}.parquet", rows[0], rows[1:]))
        for at, rows in enumerate(tables)
    ]


# ---- layers ----


def _layers() -> dict[str, gpd.GeoDataFrame]:
    made = {"villages": layers.ours(), "big": layers.big_2023(), "dukcapil": layers.dukcapil()}
    return {name: layer.head(4) for name, layer in made.items()}


def _written(folder: Path, suffix: str) -> list[Seed]:
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _DAY})
    seeds = []
    for name, layer in _layers().items():
        inside = folder / name
        inside.mkdir()
        # Every GeoPackage has the same name of its layer, which the statements speak of.
        title = "villages" if suffix == ".gpkg" else name
        path = layers.write(layer, inside / f"{title}{suffix}")
        seeds.append(_repacked(path) if suffix in {".zip", ".kmz"} else _seed(path))
    return seeds


def _geojson(folder: Path) -> list[Seed]:
    body = json.loads(_written(folder, ".geojson")[0][1])
    linked = body | {"crs": {"type": "link", "properties": {"href": ADDRESS}}}
    lines = "\n".join(json.dumps(feature) for feature in body["features"])
    return [
        *(
            (f"{name}.geojson", json.dumps(each).encode())
            for name, each in (("a", body), ("b", linked))
        ),
        ("lines.geojsonl", lines.encode()),
        ("vrt.geojson", f'<!-- {{"type": "FeatureCollection"}} -->{tokens.VRT}'.encode()),
    ]


def _kml(folder: Path) -> list[Seed]:
    vrt = f"<!-- <kml> -->{tokens.VRT}"
    return [*_written(folder, ".kml"), ("vrt.kml", vrt.encode())]


def _database(_folder: Path) -> list[Seed]:
    """File Geodatabases that were written once: their writer draws new identifiers each time."""
    return [_seed(path) for path in sorted(_KEPT.glob("gdb_*.zip"))]


def _seed(path: Path) -> Seed:
    return path.name, path.read_bytes()


def _repacked(path: Path) -> Seed:
    """The archive without the time of its making."""
    return path.name, pack(unpack(path.read_bytes()))


_BUILDERS: dict[str, Callable[[Path], list[Seed]]] = {
    "csv": lambda folder: _text_tables(folder, ""),
    "csv.gz": _gzipped,
    "xlsx": _xlsx,
    "xls": _xls,
    "xlsb": _xlsb,
    "ods": _ods,
    "parquet": _parquet,
    "geojson": _geojson,
    "topojson": lambda folder: _written(folder, ".topojson"),
    "gpkg": lambda folder: _written(folder, ".gpkg"),
    "fgb": lambda folder: _written(folder, ".fgb"),
    "geoparquet": lambda folder: _written(folder, ".parquet"),
    "kml": _kml,
    "kmz": lambda folder: _written(folder, ".kmz"),
    "shapefile": lambda folder: _written(folder, ".zip"),
    "gdb": _database,
}
