"""Uploads stay in the memory of the app: nothing of them ever lies on the disk."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
# A form of 3 MB in pieces, as the server reads it, in a process that has started as the app does.
UPLOAD = """
import asyncio
from starlette.requests import Request
import app

head = b'--x\\r\\nContent-Disposition: form-data; name="f"; filename="w.csv"\\r\\n\\r\\n'
pieces = [head, *[b"9" * 65536] * 48, b"\\r\\n--x--\\r\\n", b""]

async def receive():
    body = pieces.pop(0)
    return {"type": "http.request", "body": body, "more_body": bool(body)}

async def main():
    headers = [(b"content-type", b"multipart/form-data; boundary=x")]
    form = await Request({"type": "http", "method": "PUT", "headers": headers}, receive).form()
    file = form["f"]
    print(file.size, file.file._rolled)
    await form.close()

asyncio.run(main())
"""


def test_a_large_upload_is_not_put_into_a_temporary_file() -> None:
    done = subprocess.run(
        [sys.executable, "-c", UPLOAD], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == [str(48 * 65536), "False"], done.stderr
