"""``python -m geo reconcile``: who of a list of candidates is enrolled, in counts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from ..core import codes
from ..core.defaults import SAMPLE_ENROLMENT
from ..core.errors import mark
from ..core.i18n import Language, get_language
from ..measures.dataset import Dataset, open_places
from ..reconcile.match import HOW, OUTCOMES
from ..reconcile.reconcile import Reconciliation, count_outcomes
from ..reporting.report import Row
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
    write_file,
)


def reconcile(
    candidates: Annotated[Path, typer.Argument(help="Table of people who should be covered.")],
    enrolment: Annotated[Path, typer.Argument(help="Table of people enrolled.")],
    boundaries: Annotated[
        Path | None, typer.Option("--boundaries", help="Layer of villages of the area.")
    ] = None,
    layer: Annotated[str | None, typer.Option("--layer", help="Layer of the boundaries.")] = None,
    crs: Annotated[str | None, typer.Option("--crs", help="Their coordinate system.")] = None,
    field: FieldOption = None,
    workspace: Annotated[
        Path | None, typer.Option("--workspace", help="Workspace whose boundaries are used.")
    ] = None,
    level: Annotated[
        Literal["village", "subdistrict", "regency"], typer.Option("--level", help="Of the counts.")
    ] = "subdistrict",
    out: Annotated[
        Path | None, typer.Option("--out", help="CSV of counts by village and segment.")
    ] = None,
    cache: CacheOption = None,
    lang: LanguageOption = "id",
) -> None:
    """Match two lists of people and print counts; the people themselves are shown by the page."""
    language = get_language(lang)
    with one_line_errors(language):
        with progress_bar(language) as step:
            data = open_places(
                find_boundaries(boundaries, workspace),
                SAMPLE_ENROLMENT,
                layer_name=layer,
                crs=crs,
                fields=pairs(field),
                cache=find_cache(cache),
                progress=step,
            )
            found = open_readers(step).reconcile(candidates, enrolment, data.gazetteer)
        _print_sums(found, language)
        _print_places(found, level, data, language)
        if out:
            table = count_outcomes(found.people).reset_index()
            write_file(out, table.to_csv(index=False, lineterminator="\n").encode())


def _print_sums(found: Reconciliation, language: Language) -> None:
    """Candidates by outcome, and how they were found."""
    once = found.people[~found.people["repeated"]]
    rows: list[Row] = []
    for outcome, words in OUTCOMES.items():
        here = once[once["outcome"] == outcome]
        rows.append((language(words), language.count(len(here))))
        reasons = here["how"].value_counts()
        rows += [
            (f"  {language(HOW[how])}", language.count(n)) for how, n in reasons.items() if how
        ]
    rows.append((language("candidates"), language.count(len(once))))
    if repeated := int(found.people["repeated"].sum()):
        rows.append((language("rows that repeat a candidate"), language.count(repeated)))
    active = language(
        mark("{active} of {count} enrolled are active"),
        active=language.count(found.active),
        count=language.count(found.enrolled),
    )
    print_table(f"{found.candidates_file} · {found.enrolled_file} ({active})", rows)
    for note in found.notes:
        typer.echo(language(note.message, **note.facts))


def _print_places(
    found: Reconciliation, level: codes.Level, data: Dataset, language: Language
) -> None:
    counts = count_outcomes(found.people, level)
    title = language("People not covered, of all candidates")
    rows = [
        (
            data.describe(str(code)) if code else language("no known place"),
            f"{language.count(row['not_covered'])} / {language.count(row['candidates'])}",
        )
        for code, row in counts.iterrows()
    ]
    print_table(title, rows)
