"""``python -m geo publish``: a folder for any file host."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..core.defaults import SAMPLE_ENROLMENT
from ..core.i18n import get_language
from ..export.formats import build_layers, format_of
from ..export.publish import publish_folder
from ..export.suppression import DEFAULT_THRESHOLD
from ..measures.dataset import open_dataset
from ..measures.query import Query
from .options import (
    BoundariesOption,
    EligibleOption,
    EnrolmentOption,
    PeriodOption,
    ThresholdOption,
    WorkspaceOption,
)
from .support import (
    CacheOption,
    LanguageOption,
    find_boundaries,
    find_cache,
    find_eligible,
    one_line_errors,
    open_workspace,
    progress_bar,
    write_errors_in_one_line,
)


def publish(
    out: Annotated[Path, typer.Option("--out", help="Folder to write to.")],
    boundaries: BoundariesOption = None,
    enrolment: EnrolmentOption = SAMPLE_ENROLMENT,
    eligible: EligibleOption = None,
    workspace: WorkspaceOption = None,
    period: PeriodOption = "",
    threshold: ThresholdOption = DEFAULT_THRESHOLD,
    cache: CacheOption = None,
    lang: LanguageOption = "id",
) -> None:
    """Write a publication copy as a folder for any file host, with a page, data and metadata."""
    language = get_language(lang)
    with one_line_errors(language), write_errors_in_one_line(out):
        with progress_bar(language) as step:
            data = open_dataset(
                find_boundaries(boundaries, workspace),
                enrolment,
                eligible or find_eligible(workspace),
                workspace=open_workspace(workspace),
                cache=find_cache(cache),
                progress=step,
            )
            layers = build_layers(
                data, Query(period=period), "village", format_of("gpkg"), language,
                threshold=threshold,
            )  # fmt: skip
        for path in publish_folder(layers, out, language):
            typer.echo(str(path), err=True)
