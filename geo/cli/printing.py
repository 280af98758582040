"""``python -m geo atlas`` and ``brief``: what is printed and handed over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from ..core.defaults import DEFAULT_TARGET, SAMPLE_ENROLMENT
from ..core.errors import mark
from ..core.i18n import get_language
from ..measures.dataset import Dataset, open_dataset
from ..measures.query import Query
from ..outreach.store import PlanStore
from ..workspace.periods import Workspace
from .asking import ask_query, dotted_code
from .options import (
    BoundariesOption,
    CrsOption,
    EligibleOption,
    EnrolmentOption,
    LayerOption,
    PeriodOption,
    SegmentOption,
    TargetOption,
)
from .outreach import find_plan
from .support import (
    CacheOption,
    FieldOption,
    LanguageOption,
    check_suffix,
    find_boundaries,
    find_cache,
    find_eligible,
    one_line_errors,
    pairs,
    progress_bar,
    write_file,
)

WorkspaceOption = Annotated[
    Path | None,
    typer.Option("--workspace", envvar="JANGKAU_WORKSPACE", help="Saved periods and plans."),
]
WithinOption = Annotated[
    str, typer.Option("--within", help="Code of a regency or subdistrict, such as 62.05.07.")
]
_BRIEFINGS: Final = (".docx", ".pptx")


def atlas(
    out: Annotated[Path, typer.Option("--out", help="PDF to write.")],
    boundaries: BoundariesOption = None,
    enrolment: EnrolmentOption = SAMPLE_ENROLMENT,
    eligible: EligibleOption = None,
    workspace: WorkspaceOption = None,
    layer: LayerOption = None,
    crs: CrsOption = None,
    field: FieldOption = None,
    within: WithinOption = "",
    period: PeriodOption = "",
    segment: SegmentOption = None,
    target: TargetOption = DEFAULT_TARGET,
    villages: Annotated[
        str, typer.Option("--villages", help="Codes of villages with a page of their own.")
    ] = "",
    cache: CacheOption = None,
    lang: LanguageOption = "id",
) -> None:
    """Write the atlas of a regency: an overview, a page for each subdistrict, the method (PDF)."""
    language = get_language(lang)
    with one_line_errors(language):
        check_suffix(out, (".pdf",))
        with progress_bar(language) as step:
            source = {"layer_name": layer, "crs": crs, "fields": pairs(field)}
            data = _open(boundaries, enrolment, eligible, workspace, cache, step, source)
            query = _ask(data, within, period, segment, target)
            step(mark("Drawing"))
            # Not at the start: only this command needs what sets the pages.
            from ..printing.atlas import build_atlas

            listed = [dotted_code(code.strip()) for code in villages.split(",") if code.strip()]
            write_file(out, build_atlas(data, query, language, villages=listed).pdf)


def brief(
    out: Annotated[Path, typer.Option("--out", help="DOCX or PPTX to write.")],
    plan: Annotated[str, typer.Option("--plan", help="Name of a saved plan to add.")] = "",
    boundaries: BoundariesOption = None,
    enrolment: EnrolmentOption = SAMPLE_ENROLMENT,
    eligible: EligibleOption = None,
    workspace: WorkspaceOption = None,
    layer: LayerOption = None,
    crs: CrsOption = None,
    field: FieldOption = None,
    within: WithinOption = "",
    period: PeriodOption = "",
    segment: SegmentOption = None,
    target: TargetOption = DEFAULT_TARGET,
    cache: CacheOption = None,
    lang: LanguageOption = "id",
) -> None:
    """Write a briefing for the head of a regency, as a document or slides; the suffix says which.

    Formats: .docx, .pptx.
    """
    language = get_language(lang)
    with one_line_errors(language):
        check_suffix(out, _BRIEFINGS)
        saved = find_plan(PlanStore(workspace or Path("workspace")), plan) if plan else None
        with progress_bar(language) as step:
            source = {"layer_name": layer, "crs": crs, "fields": pairs(field)}
            data = _open(boundaries, enrolment, eligible, workspace, cache, step, source)
            query = _ask(data, within, period, segment, target)
            step(mark("Writing"))
            from ..printing.briefing import build_briefing
            from ..printing.slides_file import write_slides
            from ..printing.word_file import write_word

            briefing = build_briefing(data, query, language, plan=saved)
            write = write_word if out.suffix.lower() == ".docx" else write_slides
            write_file(out, write(briefing))


def _open(
    boundaries: Path | None,
    enrolment: Path,
    eligible: Path | None,
    workspace: Path | None,
    cache: Path | None,
    step: Callable[..., None],
    source: dict[str, Any],
) -> Dataset:
    """Open what is named, else what the workspace holds, else the sample."""
    return open_dataset(
        find_boundaries(boundaries, workspace),
        enrolment,
        eligible or find_eligible(workspace),
        workspace=Workspace(workspace) if workspace else None,
        cache=find_cache(cache),
        progress=step,
        **source,
    )


def _ask(
    data: Dataset, within: str, period: str, segments: list[str] | None, target: float
) -> Query:
    """Build the query of the options; an option the data does not have is an error."""
    given = {"place": [dotted_code(within)], "period": [period], "segment": segments or []}
    params = {name: [value for value in values if value] for name, values in given.items()}
    return replace(ask_query(data, params), target=target)
