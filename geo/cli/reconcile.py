"""``python -m geo reconcile``: who of a list of candidates is enrolled, in counts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from ..core import codes
from ..core.defaults import SAMPLE_ENROLMENT
from ..core.errors import QueryProblem, mark
from ..core.files import digest
from ..core.i18n import Language, get_language
from ..core.privacy import label_file
from ..counting.count import Counts
from ..denominators.build import Denominators, keep_others
from ..denominators.from_lists import count_candidates, count_covered
from ..measures.dataset import Dataset, open_places
from ..reconcile.match import HOW, OUTCOMES
from ..reconcile.reconcile import Reconciliation, count_outcomes
from ..reporting.report import Row
from ..workspace.periods import Workspace
from ..workspace.saved_eligible import SavedEligible
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
    save_eligible: Annotated[
        bool,
        typer.Option("--save-eligible", help="Save the candidates as eligible workers (counts)."),
    ] = False,
    save_as: Annotated[
        str, typer.Option("--save-as", help="Save the covered as enrolled in a month (2024-10).")
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Replace a month that is saved.")] = False,
    cache: CacheOption = None,
    lang: LanguageOption = "id",
) -> None:
    """Match two lists of people and print counts; the people themselves are shown by the page."""
    language = get_language(lang)
    with one_line_errors(language):
        saves = save_eligible or save_as
        target = _check_target(workspace, save_as, replaces=yes) if saves else None
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
        if target:
            own = count_candidates(found, data.shapes.villages.index, _label(candidates))
            if save_as:
                _save_enrolled(count_covered(found, save_as), save_as, enrolment, target, language)
            if save_eligible:
                _save_eligible(own, candidates, target, language)


def _label(file: Path) -> str:
    return label_file(file.name, digest(file))


def _check_target(workspace: Path | None, period: str, *, replaces: bool) -> Workspace:
    """Find the workspace to save in; it has no such month yet, unless that is to be replaced."""
    if workspace is None:
        raise QueryProblem(mark("Nothing is saved without a workspace; give --workspace FOLDER."))
    target = Workspace(workspace)
    if period in target.periods() and not replaces:
        raise QueryProblem(
            mark("{periods} is saved already; give --yes to replace it. Nothing was saved."),
            periods=period,
        )
    return target


def _save_enrolled(
    counts: Counts, period: str, file: Path, target: Workspace, language: Language
) -> None:
    saved = target.save(counts, period, {"file": file.name, "sha256": digest(file)})
    people = language.count(saved.people)
    typer.echo(language("Saved {period}: {people} people.", period=period, people=people))


def _save_eligible(own: Denominators, file: Path, target: Workspace, language: Language) -> None:
    """Save the candidates as eligible workers; villages without any keep the number they had."""
    saved = SavedEligible(target.folder)
    eligible = keep_others(own, saved.read())
    saved.save(eligible.table, file.name, digest(file))
    for note in eligible.notes:
        typer.echo(language(note.message, **note.facts))
    typer.echo(language("The eligible workers are saved; `eligible undo` takes them back."))


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
