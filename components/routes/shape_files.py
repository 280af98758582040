"""The route of prepared shapes: compressed files that never change under their names."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Scope

# As `geo.shapes.cache` names them; whatever else lies in the folder is not served.
_NAME: Final = re.compile(r"[0-9a-f]{20}\.(bin|json)")
_TYPES: Final = {".bin": "application/octet-stream", ".json": "application/json"}


class ShapeFolder(StaticFiles):
    """Serves a folder of shape files to browsers that keep them for good.

    Parameters
    ----------
    directory : pathlib.Path
        The folder. It need not exist: the first shapes prepared make it.
    """

    def __init__(self, directory: Path) -> None:
        super().__init__(directory=directory, check_dir=False)

    async def check_config(self) -> None:
        """Accept a folder that is absent: what is asked of it is not found."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """A file of the folder by its name alone.

        Raises
        ------
        HTTPException
            404 for anything else.
        """
        if not _NAME.fullmatch(path):
            raise HTTPException(status_code=404)
        return await super().get_response(path, scope)

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """The file as it is, to be unpacked by the browser; only the news if it has it."""
        path = Path(full_path)
        headers = {
            "Content-Encoding": "gzip",
            "Cache-Control": "public, max-age=31536000, immutable",
            "ETag": f'"{path.stem}"',
        }
        response = FileResponse(
            path, status_code, headers, media_type=_TYPES[path.suffix], stat_result=stat_result
        )
        if self.is_not_modified(response.headers, Headers(scope=scope)):
            return NotModifiedResponse(response.headers)
        return response
