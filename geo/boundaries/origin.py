"""Layers in the normal form as files that say where they are from."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pyarrow import ArrowException, parquet

from ..core.errors import FileProblem, mark
from ..core.files import written_whole

if TYPE_CHECKING:
    import geopandas as gpd

_KEY: Final = b"jangkau"
_HEAD: Final = 8_192


@dataclass(frozen=True)
class Origin:
    """Who made a layer, under which licence, and when it was fetched."""

    source: str
    licence: str
    date: dt.date


def write_layer(
    villages: gpd.GeoDataFrame, out: Path, origin: Origin, *, durable: bool = False
) -> None:
    """Write villages in the normal form as GeoParquet or GeoJSON, all or nothing.

    Parameters
    ----------
    villages : geopandas.GeoDataFrame
        Index ``code``; ``name``, ``geometry``.
    out : pathlib.Path
        ``.parquet``, ``.geoparquet``, ``.geojson`` or ``.json``; an existing
        file is replaced only by a whole one.
    origin : Origin
        Written into the file; `read_origin` reads it back.
    durable : bool
        Whether it must be there after a loss of power, too (see `geo.core.files.written_whole`).

    Raises
    ------
    FileProblem
        If the suffix is another one, or the file cannot be written.
    """
    write = writer_of(out)
    layer = villages[["name", "geometry"]].rename(columns={"name": "nama"})
    layer = layer.rename_axis("kode").reset_index()
    try:
        with written_whole(out, durable=durable) as part:
            write(layer, part, _facts(origin))
    except OSError as error:
        raise FileProblem(
            mark("{path} cannot be written: {reason}."), path=str(out), reason=error.strerror
        ) from error


def writer_of(out: Path) -> Callable[[gpd.GeoDataFrame, Path, dict[str, str]], None]:
    """What writes a file of this name.

    Raises
    ------
    FileProblem
        If nothing does.
    """
    writers: dict[str, Callable[[gpd.GeoDataFrame, Path, dict[str, str]], None]] = {
        ".parquet": _write_parquet,
        ".geoparquet": _write_parquet,
        ".geojson": _write_geojson,
        ".json": _write_geojson,
    }
    if out.suffix.lower() not in writers:
        raise FileProblem(
            mark("{path} has no known suffix; expected is one of {known}."),
            path=str(out),
            known=", ".join(writers),
        )
    return writers[out.suffix.lower()]


def read_origin(path: Path) -> Origin | None:
    """What a file written by `write_layer` says of itself; None for any other file."""
    try:
        facts = _parquet_facts(path) if "parquet" in path.suffix.lower() else _json_facts(path)
        source, licence = facts["source"], facts["licence"]
        date = dt.date.fromisoformat(facts["date"])
    except (ArrowException, OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    is_text = isinstance(source, str) and isinstance(licence, str)
    return Origin(source, licence, date) if is_text else None


def _facts(origin: Origin) -> dict[str, str]:
    return {
        "source": origin.source,
        "licence": origin.licence,
        "date": origin.date.isoformat(),
    }


def _write_parquet(layer: gpd.GeoDataFrame, part: Path, facts: dict[str, str]) -> None:
    layer.to_parquet(part, compression="zstd", index=False)
    table = parquet.read_table(part)
    metadata = {**(table.schema.metadata or {}), _KEY: json.dumps(facts).encode()}
    parquet.write_table(table.replace_schema_metadata(metadata), part, compression="zstd")


def _write_geojson(layer: gpd.GeoDataFrame, part: Path, facts: dict[str, str]) -> None:
    body = json.loads(layer.to_json(drop_id=True, to_wgs84=True))
    head = {"type": "FeatureCollection", _KEY.decode(): facts}
    text = json.dumps(head | body, ensure_ascii=False, separators=(",", ":"))
    part.write_text(text, encoding="utf-8")


def _parquet_facts(path: Path) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads((parquet.read_schema(path).metadata or {})[_KEY])
    return facts


def _json_facts(path: Path) -> dict[str, Any]:
    with path.open(encoding="utf-8") as file:
        head = file.read(_HEAD)
    begin = head.index('"jangkau":') + len('"jangkau":')
    facts: dict[str, Any] = json.JSONDecoder().raw_decode(head[begin:])[0]
    return facts
