"""``python -m geo prepare``: the shapes of a layer prepared for maps, ahead of their first use."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from ..core.defaults import SAMPLE_BOUNDARIES
from ..core.errors import mark
from ..core.i18n import Language, get_language
from ..shapes.resolutions import RESOLUTIONS
from ..shapes.store import ShapeStore, open_store
from .support import (
    CacheOption,
    FieldOption,
    LanguageOption,
    find_cache,
    one_line_errors,
    pairs,
    progress_bar,
)

_KB = 1000


def prepare(
    boundaries: Annotated[
        Path, typer.Option("--boundaries", help="Layer of villages (left out: the sample's).")
    ] = SAMPLE_BOUNDARIES,
    layer: Annotated[
        str | None, typer.Option("--layer", help="Layer of a file with several.")
    ] = None,
    crs: Annotated[
        str | None,
        typer.Option("--crs", help="Coordinate system, such as EPSG:32750, if not said."),
    ] = None,
    field: FieldOption = None,
    cache: CacheOption = None,
    lang: LanguageOption = "id",
) -> None:
    """Prepare a layer's shapes for maps: repair, close gaps, simplify, dissolve; print it."""
    language = get_language(lang)
    begun = time.monotonic()
    with one_line_errors(language):
        with progress_bar(language) as step:
            store = open_store(
                boundaries,
                find_cache(cache),
                layer=layer,
                crs=crs,
                fields=pairs(field),
                progress=step,
            )
        _print(store, time.monotonic() - begun, language)


def _print(store: ShapeStore, seconds: float, language: Language) -> None:
    table = Table(show_header=False, box=None)
    table.add_column()
    table.add_column(justify="right")
    for label, value in (*_cleaning(store, language), *_files(store, language)):
        table.add_row(label, value)
    table.add_row(language("seconds"), language.number(seconds, 1))
    Console().print(table)
    if not store.prepared.blocks:
        typer.echo(language(mark("All shapes were prepared before; nothing was written.")))


def _cleaning(store: ShapeStore, language: Language) -> list[tuple[str, str]]:
    report, audit = store.report, store.facts.audit
    moved = report["closed_km2"] + report["parted_km2"]
    share = 100 * moved / report["km2"] if report["km2"] else 0.0
    area = language("{km2} km²", km2=language.number(moved, 2))
    return [
        (language("villages"), language.count(audit.villages)),
        (language("with a polygon"), language.count(report["villages"])),
        (language("invalid polygons repaired"), language.count(audit.count("repaired"))),
        (language("gaps closed between villages"), language.count(report["closed"])),
        (
            language("area of these gaps"),
            language("{km2} km²", km2=language.number(report["closed_km2"], 2)),
        ),
        (
            language("overlaps given to one village"),
            language("{km2} km²", km2=language.number(report["parted_km2"], 2)),
        ),
        (
            language("moved in all, for drawing only"),
            f"{area} ({language.number(share, 4)} %)",
        ),
    ]


def _files(store: ShapeStore, language: Language) -> list[tuple[str, str]]:
    rows = []
    for number, resolution in enumerate(RESOLUTIONS):
        sizes = store.sizes(number)
        label = language("files from zoom {zoom} on", zoom=resolution.min_zoom)
        rows.append((label, _count_and_size(sizes, language)))
    rows.append((language("folder"), str(store.folder.parent)))
    return rows


def _count_and_size(sizes: dict[str, int], language: Language) -> str:
    kilobytes = language.count(sum(sizes.values()) / _KB)
    return language("{files}, {size} kB", files=language.count(len(sizes)), size=kilobytes)
