"""What holds where a user says nothing else."""

from __future__ import annotations

from typing import Final

from platformdirs import user_cache_path

from .paths import DATA

DEFAULT_CACHE: Final = user_cache_path("jangkau", appauthor=False)
SAMPLE_BOUNDARIES: Final = DATA / "boundaries" / "barito_utara_gazetteer.csv"
SAMPLE_ENROLMENT: Final = DATA / "enrolment"
DEFAULT_TARGET: Final = 0.95
DEFAULT_MEMORY: Final = "1500MB"
