"""``python -m geo``: the same functions as the page, on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final, Literal

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ..core.defaults import DEFAULT_TARGET, SAMPLE_ENROLMENT
from ..core.errors import mark
from ..core.i18n import Language, get_language
from ..export.formats import build_layers, find_format
from ..export.suppression import DEFAULT_THRESHOLD
from ..maps.html_page import build_page
from ..measures.dataset import Dataset, open_dataset
from ..measures.order import DEFAULT_ORDER, ORDERS
from ..measures.view import View, build_view
from ..reporting import report
from ..reporting.statement import build_statement
from ..sample.records import write_sample
from . import boundaries as cli_boundaries
from . import eligible as cli_eligible
from . import periods as cli_periods
from .asking import ask_query, dotted_code
from .count import count
from .importing import StyleOption, check, import_file
from .match import match
from .options import (
    BoundariesOption,
    CrsOption,
    EligibleOption,
    EnrolmentOption,
    LayerOption,
    PeriodOption,
    SegmentOption,
    TargetOption,
    ThresholdOption,
    WorkspaceOption,
)
from .outreach import field, plan, rounds, worklist
from .prepare import prepare
from .printing import atlas, brief
from .publishing import publish
from .reconcile import reconcile
from .serve import serve
from .support import (
    CacheOption,
    FieldOption,
    LanguageOption,
    check_suffix,
    find_boundaries,
    find_cache,
    find_eligible,
    one_line_errors,
    open_workspace,
    pairs,
    progress_bar,
    write_errors_in_one_line,
    write_file,
)

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.add_typer(cli_boundaries.app, name="boundaries")
app.add_typer(cli_eligible.app, name="eligible")
app.add_typer(cli_periods.app, name="periods")
app.command()(match)
app.command()(count)
app.command()(check)
app.command()(prepare)
app.command()(publish)
app.command()(serve)
app.command()(reconcile)
app.command()(plan)
app.command()(rounds)
app.command()(worklist)
app.command()(field)
app.command()(atlas)
app.command()(brief)
app.command(name="import")(import_file)

CoversOption = Annotated[
    str | None,
    typer.Option("--covers", help="What the records cover: all, or segments such as pu,bpu."),
]
LevelOption = Annotated[
    Literal["village", "subdistrict", "regency", "province"],
    typer.Option("--level", help="Level of the places written."),
]
WithinOption = Annotated[str, typer.Option("--within", help="Code of an area, such as 62.05.07.")]
VillagesOption = Annotated[
    str, typer.Option("--villages", help="Codes of the villages to write, with commas between.")
]
CompareOption = Annotated[
    str, typer.Option("--compare", help="Year and month to compare with, such as 2024-04.")
]
PriceOption = Annotated[
    int | None, typer.Option("--price", help="Own contribution a month for one person, rupiah.")
]
OrderOption = Annotated[
    str, typer.Option("--order", help=f"Order of the rows: {', '.join(ORDERS)}.")
]
PublicationOption = Annotated[
    bool, typer.Option("--publication", help="Leave small counts out, for outside the office.")
]
_PICTURES: Final = (".svg", ".png")
OutOption = Annotated[Path, typer.Option("--out", help="File to write.")]


@app.command()
def measure(
    out: OutOption,
    boundaries: BoundariesOption = None,
    enrolment: EnrolmentOption = SAMPLE_ENROLMENT,
    eligible: EligibleOption = None,
    workspace: WorkspaceOption = None,
    covers: CoversOption = None,
    style: StyleOption = None,
    layer: LayerOption = None,
    crs: CrsOption = None,
    field: FieldOption = None,
    level: LevelOption = "village",
    within: WithinOption = "",
    period: PeriodOption = "",
    segment: SegmentOption = None,
    target: TargetOption = DEFAULT_TARGET,
    villages: VillagesOption = "",
    compare: CompareOption = "",
    price: PriceOption = None,
    order: OrderOption = DEFAULT_ORDER,
    publication: PublicationOption = False,
    threshold: ThresholdOption = DEFAULT_THRESHOLD,
    cache: CacheOption = None,
    lang: LanguageOption = "id",
) -> None:
    """Write the measures of every place and print the headline; the suffix says the format.

    Formats: .geojson, .gpkg, .qgis.zip (project), .fgb, .geoparquet, .shp.zip, .kml, .topojson,
    .xlsx, .csv, .id.csv (Excel with Indonesian settings), .parquet, .dhis2.zip,
    .style.zip (QML and SLD).
    """
    language = get_language(lang)
    with one_line_errors(language):
        chosen = find_format(out)
        with progress_bar(language) as step:
            data = open_dataset(
                find_boundaries(boundaries, workspace),
                enrolment,
                eligible or find_eligible(workspace),
                workspace=open_workspace(workspace),
                covers=covers,
                period=period,
                styles=pairs(style),
                layer_name=layer,
                crs=crs,
                fields=pairs(field),
                cache=find_cache(cache),
                progress=step,
            )
            asked = _params(within, period, segment, target, villages, compare, price, order)
            query = ask_query(data, asked)
            view = build_view(data, query)
            step(mark("Writing"))
            least = threshold if publication else None
            layers = build_layers(data, query, level, chosen, language, threshold=least)
            write_file(out, chosen.write(layers, language))
        _print_summary(data, view, language)


@app.command(name="map")
def draw_map(
    out: OutOption,
    boundaries: BoundariesOption = None,
    enrolment: EnrolmentOption = SAMPLE_ENROLMENT,
    eligible: EligibleOption = None,
    workspace: WorkspaceOption = None,
    covers: CoversOption = None,
    style: StyleOption = None,
    layer: LayerOption = None,
    crs: CrsOption = None,
    field: FieldOption = None,
    level: LevelOption = "village",
    within: WithinOption = "",
    period: PeriodOption = "",
    segment: SegmentOption = None,
    target: TargetOption = DEFAULT_TARGET,
    villages: VillagesOption = "",
    compare: CompareOption = "",
    price: PriceOption = None,
    order: OrderOption = DEFAULT_ORDER,
    cache: CacheOption = None,
    lang: LanguageOption = "id",
) -> None:
    """Write the map as one file that opens without internet; the suffix says the format.

    Formats: .html (can be moved and asked), .svg and .png (a sheet of A4, 300 dots an inch).
    """
    language = get_language(lang)
    with one_line_errors(language):
        check_suffix(out, (".html", ".htm", *_PICTURES))
        with progress_bar(language) as step:
            data = open_dataset(
                find_boundaries(boundaries, workspace),
                enrolment,
                eligible or find_eligible(workspace),
                workspace=open_workspace(workspace),
                covers=covers,
                period=period,
                styles=pairs(style),
                layer_name=layer,
                crs=crs,
                fields=pairs(field),
                cache=find_cache(cache),
                progress=step,
            )
            asked = _params(within, period, segment, target, villages, compare, price, order)
            view = build_view(data, ask_query(data, asked), level=level)
            step(mark("Drawing"))
            write_file(out, _draw(data, view, language, out.suffix.lower()))
        _print_summary(data, view, language)


def _draw(data: Dataset, view: View, language: Language, suffix: str) -> bytes:
    if suffix not in _PICTURES:
        return build_page(data, view, language).encode()
    # Not at the start: only pictures need what sets the pages.
    from ..printing.sheet import draw_sheet

    sheet = draw_sheet(data, view, language)
    return sheet.to_svg() if suffix == ".svg" else sheet.to_png()


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


def _params(
    within: str,
    period: str,
    segments: list[str] | None,
    target: float,
    villages: str,
    compare: str,
    price: int | None,
    order: str,
) -> dict[str, list[str]]:
    """Return the options of the command as the parameters of a link."""
    given = {
        "place": [dotted_code(within)],
        "period": [period],
        "segment": segments or [],
        "target": [str(target * 100)],
        "basket": [dotted_code(code.strip()) for code in villages.split(",")],
        "compare": [compare],
        "price": ["" if price is None else str(price)],
        "order": [order],
    }
    return {name: [value for value in values if value] for name, values in given.items()}


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
