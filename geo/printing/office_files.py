"""What documents and slides share: colours, properties, an archive of the same bytes each time."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import Any, Final

from .briefing import Briefing

INK: Final = "1F2933"
MUTED: Final = "55636F"
ACCENT: Final = "0F766E"
HAIRLINE: Final = "D8D3C6"
GROUND: Final = "F4F2EC"
FONT: Final = "Calibri"
_LOCALES: Final = {"id": "id-ID", "en": "en-GB"}
# The earliest that an archive can say.
_NO_TIME: Final = (1980, 1, 1, 0, 0, 0)


def locale_of(briefing: Briefing) -> str:
    """Language of the words, for spelling and reading aloud: ``id-ID``."""
    return _LOCALES[briefing.language.code]


def set_properties(properties: Any, briefing: Briefing) -> None:
    """Say title, language and the period's date, and nobody's name."""
    day = dt.datetime(int(briefing.period[:4]), int(briefing.period[5:7]), 1)
    properties.title = f"{briefing.title} · {briefing.subtitle}"
    properties.author = properties.last_modified_by = "Jangkau"
    properties.language = locale_of(briefing)
    properties.comments = "; ".join(briefing.notes)
    properties.created = properties.modified = day
    properties.revision = 1


def fix_archive(body: bytes) -> bytes:
    """Give all parts of an archive the same time, so that the same words are the same bytes."""
    fixed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(body)) as archive,
        zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as written,
    ):
        for part in archive.infolist():
            entry = zipfile.ZipInfo(part.filename, _NO_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            written.writestr(entry, archive.read(part))
    return fixed.getvalue()
