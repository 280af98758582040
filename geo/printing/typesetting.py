"""Typst at work: a template of ours and its data in memory, nothing from the machine or a network.

Words of data are values and never source text, so that a village's name cannot be an instruction.
The folder that Typst may read in is empty and its own.
"""

from __future__ import annotations

import datetime as dt
import json
import struct
import tempfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import typst

from .fonts import FAMILY, load_fonts, replace_missing

TEMPLATES: Final = Path(__file__).parent / "templates"
_MM_PER_INCH: Final = 25.4
_SIGNATURE_AND_HEADER: Final = 33
# One picture is a page.
_PICTURE: Final = (
    f'#set text(font: "{FAMILY}")\n'
    "#set page(width: float(sys.inputs.width) * 1mm, height: auto, margin: 0mm, fill: white)\n"
    '#image(bytes(sys.inputs.drawing), format: "svg", width: 100%)\n'
)


def set_pages(
    template: str, data: Mapping[str, Any], drawings: Mapping[str, str], period: str
) -> bytes:
    """Set a document as PDF, tagged and accessible (PDF/UA-1).

    Parameters
    ----------
    template : str
        Name of a file in `TEMPLATES`.
    data : mapping
        What the template calls ``data``; goes through JSON.
    drawings : mapping of str to str
        SVG by the name that ``data`` calls it.
    period : str
        Dates the file, so that the same figures give the same bytes.
    """
    source = (TEMPLATES / template).read_bytes()
    # Accessible text has a shape for each letter.
    inputs = {name: replace_missing(drawing) for name, drawing in drawings.items()}
    inputs["data"] = json.dumps(_printable(data), ensure_ascii=False)
    return _compile(source, inputs, format="pdf", pdf_standards=["ua-1"], timestamp=_date(period))


def _printable(value: Any) -> Any:
    """Give data whose texts have only letters that the typeface has."""
    if isinstance(value, str):
        return replace_missing(value)
    if isinstance(value, Mapping):
        return {key: _printable(each) for key, each in value.items()}
    return [_printable(each) for each in value] if isinstance(value, list | tuple) else value


def paint_picture(svg: str, width: float, *, dots_per_inch: int = 300) -> bytes:
    """Paint a drawing as PNG that says its resolution.

    Parameters
    ----------
    svg : str
        The drawing.
    width : float
        Of the picture on paper, in mm.
    dots_per_inch : int
        Resolution.
    """
    inputs = {"drawing": replace_missing(svg), "width": f"{width:g}"}
    png = _compile(_PICTURE.encode(), inputs, format="png", ppi=float(dots_per_inch))
    per_metre = round(dots_per_inch / _MM_PER_INCH * 1000)
    body = b"pHYs" + struct.pack(">IIB", per_metre, per_metre, 1)
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return png[:_SIGNATURE_AND_HEADER] + chunk + png[_SIGNATURE_AND_HEADER:]


def _compile(source: bytes, inputs: dict[str, str], **options: Any) -> bytes:
    # Its overloads do not know options that are handed on.
    compile_source: Callable[..., Any] = typst.compile
    with tempfile.TemporaryDirectory(prefix="jangkau-print-") as folder:
        body: bytes = compile_source(
            source,
            root=folder,
            font_paths=load_fonts(),
            ignore_system_fonts=True,
            sys_inputs=inputs,
            package_path=folder,
            package_cache_path=folder,
            **options,
        )
    return body


def _date(period: str) -> int:
    day = dt.datetime(int(period[:4]), int(period[5:7]), 1, tzinfo=dt.UTC)
    return int(day.timestamp())
