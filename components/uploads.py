"""Keep uploads in memory: a table of workers holds identities, which never reach the disk.

Starlette reads a form into memory up to 1 MB, and past that into a temporary file. There is no
setting for it, so the limit of its parser is taken away. Streamlit stops an upload that is larger
than ``server.maxUploadSize`` while it comes in.
"""

from __future__ import annotations

from starlette.formparsers import MultiPartParser

_WITHOUT_LIMIT = 0


def keep_uploads_in_memory() -> None:
    """From now on, no part of a form is written to a temporary file."""
    MultiPartParser.spool_max_size = _WITHOUT_LIMIT
