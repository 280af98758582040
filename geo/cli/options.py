"""Options that several commands have, each with the same words everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..export.suppression import LEAST_THRESHOLD

BoundariesOption = Annotated[
    Path | None,
    typer.Option("--boundaries", help="Layer of villages (left out: the workspace's, or sample)."),
]
WorkspaceOption = Annotated[
    Path | None, typer.Option("--workspace", help="Saved periods, instead of --enrolment.")
]
EnrolmentOption = Annotated[
    Path, typer.Option("--enrolment", help="Worker file or folder (left out: the sample).")
]
EligibleOption = Annotated[
    Path | None, typer.Option("--eligible", help="Eligible workers: file or folder.")
]
LayerOption = Annotated[str | None, typer.Option("--layer", help="Layer of a file with several.")]
CrsOption = Annotated[
    str | None, typer.Option("--crs", help="Coordinate system, such as EPSG:32750, if not said.")
]
PeriodOption = Annotated[str, typer.Option("--period", help="Year and month (left out: latest).")]
SegmentOption = Annotated[list[str] | None, typer.Option("--segment", help="May be repeated.")]
TargetOption = Annotated[
    float, typer.Option("--target", min=0.01, max=1, help="Coverage to reach, as a fraction.")
]
ThresholdOption = Annotated[
    int,
    typer.Option("--threshold", min=LEAST_THRESHOLD, help="Least number of people published."),
]
