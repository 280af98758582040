"""What holds where a user says nothing else."""

from __future__ import annotations

from pathlib import Path
from tempfile import gettempdir
from typing import Final

from .paths import DATA

DEFAULT_CACHE: Final = Path(gettempdir()) / "jangkau-shapes"
SAMPLE_BOUNDARIES: Final = DATA / "boundaries" / "barito_utara_gazetteer.csv"
SAMPLE_ENROLMENT: Final = DATA / "enrolment"
DEFAULT_TARGET: Final = 0.95
DEFAULT_MEMORY: Final = "1500MB"
