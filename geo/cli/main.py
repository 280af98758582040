"""``python -m geo``: the same functions as the page, on the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ..core.codes import read_code
from ..core.defaults import DEFAULT_CACHE, DEFAULT_TARGET, SAMPLE_BOUNDARIES, SAMPLE_ENROLMENT
from ..core.errors import QueryProblem, mark
from ..core.i18n import Language, get_language
from ..export.files import Extract, build_extract, write_csv, write_geojson, write_xlsx
from ..maps.html_page import build_page
from ..measures.dataset import Dataset, open_dataset
from ..measures.query import Query, from_params
from ..measures.view import View, build_view
from ..reporting import report
from ..reporting.statement import build_statement
from ..sample.records import write_sample
from . import boundaries as cli_boundaries
from . import periods as cli_periods
from .count import count
from .importing import check, import_file
from .match import match
from .prepare import prepare
from .serve import serve
from .support import (
    CacheOption,
    LanguageOption,
    check_suffix,
    one_line_errors,
    progress_bar,
    write_errors_in_one_line,
    write_file,
)

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.add_typer(cli_boundaries.app, name="boundaries")
app.add_typer(cli_periods.app, name="periods")
app.command()(match)
app.command()(count)
app.command()(check)
app.command()(prepare)
app.command()(serve)
app.command(name="import")(import_file)

BoundariesOption = Annotated[
    Path, typer.Option("--boundaries", help="Layer of villages (left out: the sample's).")
]
EnrolmentOption = Annotated[
    Path, typer.Option("--enrolment", help="Worker file or folder (left out: the sample).")
]
EligibleOption = Annotated[
    Path | None, typer.Option("--eligible", help="Eligible workers: file or folder.")
]
CoversOption = Annotated[
    str | None,
    typer.Option("--covers", help="What the records cover: all, or segments such as pu,bpu."),
]
LayerOption = Annotated[str | None, typer.Option("--layer", help="Layer of a file with several.")]
CrsOption = Annotated[
    str | None, typer.Option("--crs", help="Coordinate system, such as EPSG:32750, if not said.")
]
LevelOption = Annotated[
    Literal["village", "subdistrict", "regency", "province"],
    typer.Option("--level", help="Level of the places written."),
]
WithinOption = Annotated[str, typer.Option("--within", help="Code of an area, such as 62.05.07.")]
PeriodOption = Annotated[str, typer.Option("--period", help="Year and month (left out: latest).")]
SegmentOption = Annotated[list[str] | None, typer.Option("--segment", help="May be repeated.")]
TargetOption = Annotated[
    float, typer.Option("--target", min=0.01, max=1, help="Coverage to reach, as a fraction.")
]
OutOption = Annotated[Path, typer.Option("--out", help="File to write.")]


@app.command()
def measure(
    out: OutOption,
    boundaries: BoundariesOption = SAMPLE_BOUNDARIES,
    enrolment: EnrolmentOption = SAMPLE_ENROLMENT,
    eligible: EligibleOption = None,
    covers: CoversOption = None,
    layer: LayerOption = None,
    crs: CrsOption = None,
    level: LevelOption = "village",
    within: WithinOption = "",
    period: PeriodOption = "",
    segment: SegmentOption = None,
    target: TargetOption = DEFAULT_TARGET,
    cache: CacheOption = DEFAULT_CACHE,
    lang: LanguageOption = "id",
) -> None:
    """Write the measures of every place (GeoJSON, CSV or XLSX) and print the headline."""
    language = get_language(lang)
    with one_line_errors(language):
        write = _writer(out, language)
        with progress_bar(language) as step:
            data = open_dataset(
                boundaries,
                enrolment,
                eligible,
                covers=covers,
                layer_name=layer,
                crs=crs,
                cache=cache,
                progress=step,
            )
            query = _ask(data, within, period, segment, target)
            view = build_view(data, query)
            step(mark("Writing"))
            write_file(out, write(build_extract(data, query, level, language)))
        _print_summary(data, view, language)


@app.command(name="map")
def draw_map(
    out: OutOption,
    boundaries: BoundariesOption = SAMPLE_BOUNDARIES,
    enrolment: EnrolmentOption = SAMPLE_ENROLMENT,
    eligible: EligibleOption = None,
    covers: CoversOption = None,
    layer: LayerOption = None,
    crs: CrsOption = None,
    level: LevelOption = "village",
    within: WithinOption = "",
    period: PeriodOption = "",
    segment: SegmentOption = None,
    target: TargetOption = DEFAULT_TARGET,
    cache: CacheOption = DEFAULT_CACHE,
    lang: LanguageOption = "id",
) -> None:
    """Write one self-contained HTML map that opens without internet."""
    language = get_language(lang)
    with one_line_errors(language):
        check_suffix(out, (".html", ".htm"))
        with progress_bar(language) as step:
            data = open_dataset(
                boundaries,
                enrolment,
                eligible,
                covers=covers,
                layer_name=layer,
                crs=crs,
                cache=cache,
                progress=step,
            )
            view = build_view(data, _ask(data, within, period, segment, target), level=level)
            step(mark("Drawing"))
            write_file(out, build_page(data, view, language).encode())
        _print_summary(data, view, language)


@app.command()
def sample(
    out: Annotated[Path, typer.Option("--out", help="Folder to write to.")],
    lang: LanguageOption = "id",
) -> None:
    """Write the synthetic sample again, byte for byte."""
    language = get_language(lang)
    with one_line_errors(language), write_errors_in_one_line(out), progress_bar(language) as step:
        for path in write_sample(out, progress=step):
            typer.echo(str(path), err=True)


def _ask(
    data: Dataset, within: str, period: str, segments: list[str] | None, target: float
) -> Query:
    """Query of the options; an option the data does not have is an error."""
    place = next((code for scheme, code in read_code(within) if scheme == "kemendagri"), within)
    options = {"place": [place], "period": [period], "segment": segments or []}
    params = {name: [v for v in values if v] for name, values in options.items()}
    query, problems = from_params(params | {"target": [str(target * 100)]}, data.options)
    if problems:
        facts = problems[0].facts
        raise QueryProblem(
            mark("{value} is no {name} of this data; there are: {known}."),
            value=facts["value"],
            name=facts["name"],
            known=_list_choices(data, str(facts["name"])),
        )
    return query


def _list_choices(data: Dataset, name: str) -> str:
    choices = {"period": data.options.periods, "segment": data.options.segments}.get(name)
    return ", ".join(choices or sorted(data.options.places - {""})[:8]) + ("" if choices else ", …")


def _writer(out: Path, language: Language) -> Callable[[Extract], bytes]:
    writers: dict[str, Callable[[Extract], bytes]] = {
        ".geojson": write_geojson,
        ".json": write_geojson,
        ".csv": write_csv,
        ".xlsx": lambda extract: write_xlsx(extract, language),
    }
    check_suffix(out, tuple(writers))
    return writers[out.suffix.lower()]


def _print_summary(data: Dataset, view: View, language: Language) -> None:
    console = Console()
    statement = build_statement(data, view.query, language)
    console.print(
        f"[bold]{escape(statement.area)}[/bold] · {escape(statement.people_and_period)}",
        highlight=False,
    )
    for note in report.notes(data, view, language):
        console.print(note, style="yellow", highlight=False)
    for title, rows in report.sections(data, view, language):
        table = Table(
            title=title, title_justify="left", show_header=False, box=None, title_style="bold"
        )
        table.add_column()
        table.add_column(justify="right")
        for label, value in rows:
            table.add_row(label, value)
        console.print(table)
