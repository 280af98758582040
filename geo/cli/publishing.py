"""``python -m geo publish``: a folder for any file host."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..core.defaults import SAMPLE_BOUNDARIES, SAMPLE_ENROLMENT
from ..core.i18n import get_language
from ..export.formats import build_layers, format_of
from ..export.publish import publish_folder
from ..export.suppression import DEFAULT_THRESHOLD, LEAST_THRESHOLD
from ..measures.dataset import open_dataset
from ..measures.query import Query
from .support import (
    CacheOption,
    LanguageOption,
    find_cache,
    one_line_errors,
    progress_bar,
    write_errors_in_one_line,
)


def publish(
    out: Annotated[Path, typer.Option("--out", help="Folder to write to.")],
    boundaries: Annotated[
        Path, typer.Option("--boundaries", help="Layer of villages (left out: the sample's).")
    ] = SAMPLE_BOUNDARIES,
    enrolment: Annotated[
        Path, typer.Option("--enrolment", help="Worker file or folder (left out: the sample).")
    ] = SAMPLE_ENROLMENT,
    eligible: Annotated[
        Path | None, typer.Option("--eligible", help="Eligible workers: file or folder.")
    ] = None,
    period: Annotated[
        str, typer.Option("--period", help="Year and month (left out: latest).")
    ] = "",
    threshold: Annotated[
        int,
        typer.Option("--threshold", min=LEAST_THRESHOLD, help="Least number of people published."),
    ] = DEFAULT_THRESHOLD,
    cache: CacheOption = None,
    lang: LanguageOption = "id",
) -> None:
    """Write a publication copy as a folder for any file host, with a page, data and metadata."""
    language = get_language(lang)
    with one_line_errors(language), write_errors_in_one_line(out):
        with progress_bar(language) as step:
            data = open_dataset(
                boundaries, enrolment, eligible, cache=find_cache(cache), progress=step
            )
            layers = build_layers(
                data, Query(period=period), "village", format_of("gpkg"), language,
                threshold=threshold,
            )  # fmt: skip
        for path in publish_folder(layers, out, language):
            typer.echo(str(path), err=True)
