"""``python -m geo boundaries``: where boundaries come from, and fetching them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from ..boundaries.download import transfer as fetch
from ..boundaries.download.layers import Fetched, get_boundaries
from ..boundaries.download.sources import SOURCES
from ..boundaries.origin import Origin, write_layer
from ..boundaries.postgis import read_postgis
from ..core.errors import mark
from ..core.i18n import Language, get_language
from ..gazetteer.places import read_place_names
from .support import LanguageOption, one_line_errors

app = typer.Typer(no_args_is_help=True, help="Fetch boundaries of villages.")


@app.command()
def get(
    code: Annotated[str, typer.Argument(help="Code of an area, such as 62.05.")],
    source: Annotated[
        str, typer.Option("--from", help="Known source (see `sources`), or an address.")
    ],
    out: Annotated[Path, typer.Option("--out", help="GeoParquet or GeoJSON file to write.")],
    url: Annotated[
        str, typer.Option("--url", help="Address to use instead of the known source's own.")
    ] = "",
    tries: Annotated[int, typer.Option("--tries", min=1, help="Attempts before giving up.")] = 5,
    pause: Annotated[
        float, typer.Option("--pause", min=0, help="Seconds before the second attempt.")
    ] = 1.0,
    lang: LanguageOption = "id",
) -> None:
    """Download boundaries of an area's villages; a broken download goes on where it stopped."""
    language = get_language(lang)
    patience = fetch.RetryPolicy(tries=tries, pause=pause)
    with one_line_errors(language):
        with _bar(language) as step:
            fetched = get_boundaries(code, source, out, url=url, progress=step, patience=patience)
        _print_fetched(fetched, code, out, language)


@app.command()
def postgis(
    address: Annotated[
        str, typer.Argument(help="postgresql://user@host/database/table, or …/schema.table.")
    ],
    out: Annotated[Path, typer.Option("--out", help="GeoParquet or GeoJSON file to write.")],
    licence: Annotated[str, typer.Option("--licence", help="Terms of the layer.")] = "",
    lang: LanguageOption = "id",
) -> None:
    """Read boundaries of villages from a table of PostGIS."""
    language = get_language(lang)
    with one_line_errors(language):
        found = read_postgis(address)
        write_layer(found.villages, out, Origin(found.source, licence, dt.date.today()))
        said = mark("{count} villages, written to {path}.")
        typer.echo(language(said, count=len(found.villages), path=out))


@app.command()
def sources(lang: LanguageOption = "id") -> None:
    """List the known sources with their licences."""
    language = get_language(lang)
    for source in SOURCES.values():
        typer.echo(f"{source.name}: {source.title}")
        typer.echo(f"  {language('licence')}: {source.licence}")
        typer.echo(f"  {source.page}")
        typer.echo(f"  {source.url or '--url …'}")
        typer.echo(f"  {language(source.note)}")


@contextmanager
def _bar(language: Language) -> Iterator[fetch.Progress]:
    console = Console(stderr=True)
    columns = (
        *(TextColumn("{task.description}"), BarColumn(), TaskProgressColumn()),
        TimeRemainingColumn(),
    )
    # Where nobody watches, a bar is nothing but empty lines on stderr.
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task(language(mark("Fetching")), total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _print_fetched(fetched: Fetched, code: str, out: Path, language: Language) -> None:
    area = read_place_names()[code]
    drawn = int(fetched.villages.geometry.notna().sum())
    message = mark("{area}: {count} villages, {drawn} with a boundary, written to {path}.")
    facts = {"area": area, "count": len(fetched.villages), "drawn": drawn, "path": out}
    typer.echo(language(message, **facts))
    typer.echo(f"{fetched.origin.source}; {language('licence')}: {fetched.origin.licence}")
    repaired = fetched.audit.count("repaired")
    if repaired:
        typer.echo(language(mark("{count} invalid polygons were repaired."), count=repaired))
    if len(fetched.missing):
        message = mark("{count} villages are not in the source: {names}.")
        names = ", ".join(fetched.missing.head(8)) + (", …" if len(fetched.missing) > 8 else "")
        typer.echo(language(message, count=len(fetched.missing), names=names))
