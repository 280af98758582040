"""``python -m geo eligible``: the denominators of a workspace, read or estimated, and undone."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from ..core.defaults import SAMPLE_ENROLMENT
from ..core.errors import QueryProblem, mark
from ..core.files import digest
from ..core.i18n import Language, get_language
from ..core.privacy import hide_numbers, label_file
from ..denominators.build import Denominators, build_denominators, keep_others
from ..denominators.factors import Factor, change_factors
from ..denominators.reading import read_denominators
from ..enrolment.reading import check_answers
from ..gazetteer.aliases import check_aliases
from ..measures.dataset import open_places
from ..reporting.report import Row
from ..workspace.periods import Workspace
from ..workspace.saved_eligible import SavedEligible
from .importing import columns_shown
from .support import (
    CacheOption,
    FieldOption,
    LanguageOption,
    find_boundaries,
    find_cache,
    one_line_errors,
    open_readers,
    pairs,
    print_table,
    progress_bar,
)

app = typer.Typer(no_args_is_help=True, help="Import, estimate and undo eligible workers.")
WorkspaceOption = Annotated[
    Path, typer.Option("--workspace", envvar="JANGKAU_WORKSPACE", help="Folder to save to.")
]


@app.command(name="import")
def import_eligible(
    file: Annotated[Path, typer.Argument(help="Table of eligible workers, or of population.")],
    workspace: WorkspaceOption,
    kind: Annotated[
        Literal["eligible", "population"],
        typer.Option("--of", help="What its numbers are: eligible workers, or population."),
    ] = "eligible",
    total: Annotated[
        int | None, typer.Option("--total", help="Eligible workers of the area, to be shared out.")
    ] = None,
    factor: Annotated[
        list[str] | None, typer.Option("--factor", help="NAME=SHARE, such as participation=0.68.")
    ] = None,
    sheet: Annotated[str | None, typer.Option("--sheet", help="Sheet of a workbook.")] = None,
    column: Annotated[
        list[str] | None, typer.Option("--column", help="NAME=ROLE, where the guess is wrong.")
    ] = None,
    style: Annotated[
        list[str] | None, typer.Option("--style", help="NAME=id|en, where it is asked.")
    ] = None,
    source: Annotated[
        str, typer.Option("--source", help="Where the numbers are from, in words.")
    ] = "",
    boundaries: Annotated[
        Path | None, typer.Option("--boundaries", help="Layer of villages of the area.")
    ] = None,
    field: FieldOption = None,
    keep: Annotated[
        bool,
        typer.Option(
            "--keep-others", help="Villages that are not in the file keep the number they had."
        ),
    ] = False,
    cache: CacheOption = None,
    lang: LanguageOption = "id",
) -> None:
    """Read denominators, or estimate them from population, and save them in the workspace."""
    language = get_language(lang)
    target = Workspace(workspace)
    with one_line_errors(language), columns_shown(language):
        factors = change_factors({key: _share(text) for key, text in pairs(factor).items()})
        with progress_bar(language) as step:
            readers = open_readers(step)
            options = {"sheet": sheet, "styles": pairs(style)}
            mapping = pairs(column)
            reading = read_denominators(
                readers.read_enrolment, file, kind, mapping=mapping, **options
            )
            check_answers(reading)
            data = open_places(
                find_boundaries(boundaries, workspace),
                SAMPLE_ENROLMENT,
                fields=pairs(field),
                cache=find_cache(cache),
                progress=step,
            )
            aliases, _ = check_aliases(target.aliases(), data.gazetteer)
            counts = readers.count_people(reading, data.gazetteer, aliases)
        found = build_denominators(
            counts,
            data.shapes.villages.index,
            kind,
            factors=factors,
            total=total,
            source=hide_numbers(source) or label_file(file.name, digest(file)),
        )
        if keep:
            found = keep_others(found, SavedEligible(workspace).read())
        _print_denominators(found, factors if kind == "population" else (), language)
        SavedEligible(workspace).save(found.table, file.name, digest(file))
        typer.echo(language("The eligible workers are saved; `eligible undo` takes them back."))


@app.command()
def undo(workspace: WorkspaceOption, lang: LanguageOption = "id") -> None:
    """Take back the eligible workers saved last."""
    language = get_language(lang)
    with one_line_errors(language):
        saved = SavedEligible(workspace)
        shown = saved.path()
        if shown is None:
            raise QueryProblem(
                mark("The workspace {path} has no eligible workers to take back."),
                path=str(workspace),
            )
        saved.undo(shown)
    typer.echo(language("The eligible workers saved last are taken back."))


def _share(text: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return 0.0


def _print_denominators(
    found: Denominators, factors: tuple[Factor, ...], language: Language
) -> None:
    low, high = (int(found.table[name].sum()) for name in ("eligible_low", "eligible_high"))
    rows: list[Row] = [
        (language("eligible workers"), language.count(found.total)),
        (
            language("villages with a number"),
            f"{language.count(found.villages)} / {language.count(found.known)}",
        ),
    ]
    if (low, high) != (found.total, found.total):
        rows.insert(1, (language("margin"), f"{language.count(low)} – {language.count(high)}"))
    if found.lost:
        rows.append((language("people of no village of the area"), language.count(found.lost)))
    print_table(language("Eligible workers"), rows)
    for note in found.notes:
        typer.echo(language(note.message, **note.facts))
    for each in factors:
        share = language.decimal(each.value, 3)
        typer.echo(f"{each.key} = {share}: {language(each.label)} ({language(each.source)})")
