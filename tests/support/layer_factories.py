"""Boundary layers as their makers write them: one builder a convention, one a fault.

The places are real (names and codes are facts); their shapes are squares.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely
from shapely import Geometry

from geo.gazetteer.places import DATA, read_region_names

SIDE = 0.05
COUNT = 12
COLUMNS = 4


def places(count: int = COUNT) -> pd.DataFrame:
    """The first villages of Barito Utara: ``code, name, bps`` and names of the levels above."""
    table = pd.read_csv(DATA / "barito_utara_gazetteer.csv", dtype="str").head(count)
    regions = read_region_names()
    return pd.DataFrame(
        {
            "code": table["code"],
            "name": table["name"],
            "bps": table["bps_code"],
            "subdistrict": table["parent_code"].map(regions),
            "regency": "Barito Utara",
            "province": "Kalimantan Tengah",
        }
    )


def grid(count: int = COUNT) -> list[Geometry]:
    """Squares side by side, around the equator as the regency is: no sign tells anything."""
    corners = [(115 + i % COLUMNS * SIDE, -0.1 + i // COLUMNS * SIDE) for i in range(count)]
    return [shapely.box(x, y, x + SIDE, y + SIDE) for x, y in corners]


def with_z(shapes: Iterable[Geometry]) -> list[Geometry]:
    """The same shapes with a height of 0, as BIG and Dukcapil write them."""
    return [shapely.force_3d(shape, 0.0) for shape in shapes]


def as_frame(fields: dict[str, object], shapes: Iterable[Geometry], crs: object = 4326):
    """A layer of fields and shapes."""
    return gpd.GeoDataFrame(fields, geometry=list(shapes), crs=crs)


def ours() -> gpd.GeoDataFrame:
    p = places()
    return as_frame({"kode": p["code"], "nama": p["name"]}, grid())


def _big_names(p: pd.DataFrame) -> dict[str, object]:
    names = {"WADMKC": "subdistrict", "WADMKK": "regency", "WADMPR": "province"}
    return {field: p[column] for field, column in names.items()}


def big_2023() -> gpd.GeoDataFrame:
    p = places()
    fields = {
        "NAMOBJ": p["name"],
        "KDEBPS": None,
        "KDEPUM": p["code"],
        "KDCPUM": p["code"].str[:8],
        "KDPKAB": p["code"].str[:5],
        "KDPPUM": p["code"].str[:2],
        "WADMKD": p["name"],
    }
    return as_frame(fields | _big_names(p), with_z(grid()))


def big_2020() -> gpd.GeoDataFrame:
    p = places()
    fields = {"NAMOBJ": p["name"], "KDPKAB": p["code"].str[:5].astype(float), "WADMKD": p["name"]}
    return as_frame(fields | _big_names(p), grid())


def rbi() -> gpd.GeoDataFrame:
    p = places()
    fields = {"namobj": p["name"], "kdepum": None, "kdpkab": None}
    names = {key.lower(): value for key, value in _big_names(p).items()}
    return as_frame(fields | names, grid())


def dukcapil() -> gpd.GeoDataFrame:
    p = places()
    fields = {
        "kode_desa_": p["code"].str.replace(".", "").astype("int64"),
        "nama_kel": p["name"].str.upper(),
        "nama_kec": p["subdistrict"].str.upper(),
        "nama_kab": p["regency"].str.upper(),
        "nama_prop": p["province"].str.upper(),
        "jumlah_pen": 1000,
    }
    layer = as_frame(fields, grid()).to_crs(3857)
    return layer.set_geometry(gpd.GeoSeries(with_z(layer.geometry), crs=3857))


def _bps_fields(p: pd.DataFrame) -> dict[str, object]:
    return {
        "kdprov": p["bps"].str[:2],
        "kdkab": p["bps"].str[2:4],
        "kdkec": p["bps"].str[4:7],
        "kddesa": p["bps"].str[7:],
        "nmprov": p["province"].str.upper(),
        "nmkab": p["regency"].str.upper(),
        "nmkec": p["subdistrict"].str.upper(),
        "nmdesa": p["name"].str.upper(),
    }


def bps() -> gpd.GeoDataFrame:
    p = places()
    return as_frame({"iddesa": p["bps"]} | _bps_fields(p), grid())


def bps_parts() -> gpd.GeoDataFrame:
    return as_frame(_bps_fields(places()), grid())


def bps_sls() -> gpd.GeoDataFrame:
    """Two sub-village units a village."""
    p = places()
    double = p.loc[p.index.repeat(2)].reset_index(drop=True)
    serial = pd.Series(["0001", "0002"] * len(p))
    halves = [half for shape in grid() for half in _halves(shape)]
    fields = {"idsls": double["bps"] + serial, "nmsls": "RT " + serial}
    return as_frame(fields | _bps_fields(double), halves)


def _halves(shape: Geometry) -> list[Geometry]:
    west, south, east, north = shape.bounds
    middle = (west + east) / 2
    return [shapely.box(west, south, middle, north), shapely.box(middle, south, east, north)]


def hdx() -> gpd.GeoDataFrame:
    p = places()
    fields = {
        "ADM4_EN": p["name"],
        "ADM4_PCODE": "ID" + p["bps"],
        "ADM3_EN": p["subdistrict"],
        "ADM3_PCODE": "ID" + p["bps"].str[:7],
        "ADM2_EN": p["regency"],
        "ADM1_EN": p["province"],
    }
    return as_frame(fields, grid())


def hdx_lower() -> gpd.GeoDataFrame:
    layer = hdx()
    renamed = {c: c.lower().replace("_en", "_name") for c in layer.columns}
    return layer.rename(columns=renamed)


def hdx_2020() -> gpd.GeoDataFrame:
    p = places()
    fields = {
        "village_code": "id" + p["bps"],
        "village": p["name"],
        "district": p["subdistrict"],
        "regency": p["regency"],
    }
    return as_frame(fields, grid())


def gadm() -> gpd.GeoDataFrame:
    p = places()
    fields = {
        "GID_4": [f"IDN.14.3.{i}.1_1" for i in range(len(p))],
        "NAME_1": p["province"],
        "NAME_2": p["regency"],
        "NAME_3": p["subdistrict"],
        "NAME_4": p["name"],
        "TYPE_4": "Desa",
        "CC_4": p["bps"],
    }
    return as_frame(fields, grid())


def geoboundaries() -> gpd.GeoDataFrame:
    p = places()
    fields = {
        "shapeName": p["name"],
        "shapeID": [f"IDN-ADM4-{i}" for i in range(len(p))],
        "shapeGroup": "IDN",
        "shapeType": "ADM4",
    }
    return as_frame(fields, grid())


def names_alone() -> gpd.GeoDataFrame:
    p = places()
    return as_frame({"DESA": p["name"], "KECAMATAN": p["subdistrict"]}, grid())


CONVENTIONS: dict[str, tuple[Callable[[], gpd.GeoDataFrame], str]] = {
    "ours": (ours, "code and name"),
    "big 2023": (big_2023, "BIG 2023"),
    "big 2020": (big_2020, "BIG 2020"),
    "rbi": (rbi, "RBI"),
    "dukcapil": (dukcapil, "Dukcapil"),
    "bps": (bps, "BPS"),
    "bps in parts": (bps_parts, "BPS"),
    "bps units": (bps_sls, "BPS"),
    "hdx": (hdx, "HDX COD-AB"),
    "hdx lower case": (hdx_lower, "HDX COD-AB"),
    "hdx 2020": (hdx_2020, "HDX/BPS 2020"),
    "gadm": (gadm, "GADM"),
    "geoboundaries": (geoboundaries, "geoBoundaries"),
    "names alone": (names_alone, "names alone"),
}


def write(layer: gpd.GeoDataFrame, path: Path, **options: object) -> Path:
    """A file in the format of its suffix; ``.zip`` is a packed Shapefile, ``.kmz`` a packed KML."""
    suffix = path.suffix
    if suffix == ".parquet":
        layer.to_parquet(path)
    elif suffix == ".topojson":
        path.write_text(json.dumps(topology(layer)), encoding="utf-8")
    elif suffix == ".zip":
        folder = path.parent / f"{path.stem}-parts"
        folder.mkdir()
        short = {c: str(c)[:10] for c in layer.columns}  # All that a Shapefile holds.
        layer.rename(columns=short).to_file(folder / f"{path.stem}.shp", **options)
        pack(path, folder)
    elif suffix == ".kmz":
        layer.to_file(path.parent / "doc.kml", driver="LIBKML")
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(path.parent / "doc.kml", "doc.kml")
    elif suffix == ".kml":
        layer.to_file(path, driver="LIBKML", **options)
    else:
        layer.to_file(path, **options)
    return path


def write_database(layer: gpd.GeoDataFrame, path: Path) -> Path:
    """A packed File Geodatabase."""
    folder = path.parent / "packed"
    folder.mkdir()
    layer.to_file(folder / "batas.gdb", layer="desa", driver="OpenFileGDB")
    return pack(path, folder)


def pack(path: Path, folder: Path) -> Path:
    """All files of a folder as a zip file."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in sorted(folder.rglob("*")):
            if each.is_file():
                archive.write(each, each.relative_to(folder))
    return path


def topology(layer: gpd.GeoDataFrame) -> dict[str, object]:
    """A TopoJSON object with one arc a polygon."""
    arcs, geometries = [], []
    for number, row in enumerate(layer.to_dict("records")):
        shape = row.pop("geometry")
        arcs.append([list(point) for point in shape.exterior.coords])
        geometries.append({"type": "Polygon", "arcs": [[number]], "properties": row})
    objects = {"desa": {"type": "GeometryCollection", "geometries": geometries}}
    return {"type": "Topology", "arcs": arcs, "objects": objects}


def wide(layer: gpd.GeoDataFrame, count: int = 300) -> gpd.GeoDataFrame:
    """The same layer with many columns of numbers more."""
    more = pd.DataFrame({f"f{i}": range(len(layer)) for i in range(count)}, index=layer.index)
    return gpd.GeoDataFrame(pd.concat([layer, more], axis=1), crs=layer.crs)


def cut(path: Path, share: float) -> Path:
    """A file of which only the beginning arrived."""
    body = path.read_bytes()
    path.write_bytes(body[: int(len(body) * share)])
    return path


def text(path: Path, body: str) -> Path:
    """A file of text."""
    path.write_text(body, encoding="utf-8")
    return path


def _picture(folder: Path) -> Path:
    path = folder / "picture.geojson"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    return path


def _points(folder: Path) -> Path:
    centres = gpd.GeoSeries([shape.centroid for shape in grid()], crs=4326)
    return write(ours().set_geometry(centres), folder / "points.geojson")


def _far(folder: Path) -> Path:
    far = ours().geometry.translate(xoff=-100, yoff=50)
    return write(ours().set_geometry(far), folder / "far.geojson")


def _nothing_packed(folder: Path) -> Path:
    inside = folder / "inside"
    inside.mkdir()
    text(inside / "readme.txt", "nothing")
    return pack(folder / "nothing.zip", inside)


def _shape_alone(folder: Path) -> Path:
    path = write(ours(), folder / "alone.shp")
    path.with_suffix(".dbf").unlink()
    return path


BAD_FILES: dict[str, Callable[[Path], Path]] = {
    "truncated zip": lambda f: cut(write(ours(), f / "cut.zip"), 0.6),
    "truncated geojson": lambda f: cut(write(ours(), f / "cut.geojson"), 0.6),
    "truncated parquet": lambda f: cut(write(ours(), f / "cut.parquet"), 0.6),
    "truncated gpkg": lambda f: cut(write(ours(), f / "cut.gpkg"), 0.1),
    "not a shapefile": lambda f: text(f / "text.shp", "kode,nama\n62.05,Barito Utara\n"),
    "wrong extension": _picture,
    "empty": lambda f: text(f / "empty.geojson", ""),
    "no rows": lambda f: write(ours().head(0), f / "none.gpkg"),
    "only points": _points,
    "nonsense": _far,
    "degrees called metres": lambda f: write(
        ours().set_crs(3857, allow_override=True), f / "metres.gpkg"
    ),
    "unknown fields": lambda f: write(
        ours().assign(nama="zzz").rename(columns={"kode": "a", "nama": "b"}), f / "fields.geojson"
    ),
    "300 columns": lambda f: write(wide(ours()[["geometry"]]), f / "wide.gpkg"),
    "json": lambda f: text(f / "settings.json", '{"type": "settings"}'),
    "points elsewhere": lambda f: text(f / "points.vrt", "<OGRVRTDataSource></OGRVRTDataSource>"),
    "zip of nothing": _nothing_packed,
    "shp alone": _shape_alone,
}
