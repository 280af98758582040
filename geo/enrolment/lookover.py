"""A look over a workbook before the reader of workbooks sees it.

The reader allocates what a file claims and dies where that is too much. So the
whole file is unpacked once, piece by piece, within limits, and the extent of
every sheet is taken. Cells that hold an error such as ``#N/A``, which the
reader shows as nothing, are found on the way.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from . import odsfile, xlsbfile, xlsfile, xlsxfile
from .extents import Extent, is_sparse, refuse_sparse
from .packed import Package

ErrorCell = tuple[int, int, str]
# Gives the cells with an error of a sheet, by its position in the workbook, charts counted.
FindErrors = Callable[[int], list[ErrorCell]]

_CONTENT: Final = "content.xml"


def look_over_ole(data: bytes, name: str) -> FindErrors:
    """Look over an XLS file.

    Raises
    ------
    FileProblem
        If a cell lies far outside its table.
    ValueError, struct.error
        If it is damaged.
    """
    sheets = xlsfile.read_sheets(data)
    refuse_sparse([sheet.extent for sheet in sheets], name)
    return lambda sheet_index: sheets[sheet_index].errors if sheet_index < len(sheets) else []


def look_over_package(package: Package, name: str) -> FindErrors:
    """Look over an XLSX, XLSB or ODS file.

    Raises
    ------
    FileProblem
        If it unpacks to more than is allowed, or a cell lies far outside its table.
    ValueError, zipfile.BadZipFile, zlib.error
        If it is damaged.
    """
    # The reader takes a file of several kinds for one of them: each is looked over.
    sheets = odsfile.read_sheets(package.blocks(_CONTENT)) if _CONTENT in package.names else []
    parts = xlsxfile.list_parts(package)
    extents = [sheet.extent for sheet in sheets]
    extents += [xlsbfile.measure(package.blocks(part)) for part in xlsbfile.list_parts(package)]
    find_in_xlsx = _look_over_xlsx(package, parts, extents)
    refuse_sparse(extents, name)
    package.read_through()
    if parts:
        return find_in_xlsx
    return lambda sheet_index: (
        sheets[sheet_index].list_errors() if sheet_index < len(sheets) else []
    )


def _look_over_xlsx(package: Package, parts: list[str], extents: list[Extent]) -> FindErrors:
    """Add the extents of the sheets of an XLSX file; give what finds their errors."""
    results = {part: xlsxfile.look_over(package.blocks(part)) for part in _sheets(package, parts)}
    bounds = {part: bound for part, (bound, _) in results.items()}
    if None in bounds.values() or is_sparse(filter(None, bounds.values())):
        # A closer look takes ten times as long.
        bounds = {
            part: xlsxfile.measure(package.blocks(part)) if bound is None or bound.excess else bound
            for part, bound in bounds.items()
        }
    extents += filter(None, bounds.values())

    def find_errors(sheet_index: int) -> list[ErrorCell]:
        part = parts[sheet_index] if sheet_index < len(parts) else ""
        if not part or not results[part][1]:
            return []
        return xlsxfile.find_errors(package.blocks(part))

    return find_errors


def _sheets(package: Package, parts: list[str]) -> list[str]:
    """Members that hold a sheet; every XML member where that of a sheet is not known."""
    if "" in parts:
        return [name for name in package.names if name.lower().endswith(".xml")]
    return parts
