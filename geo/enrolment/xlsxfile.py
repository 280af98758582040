"""XLSX: which part holds which sheet, how far its cells reach, and which hold an error."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final
from xml.parsers import expat

import numpy as np
import numpy.typing as npt

from .extents import Extent
from .packed import Package
from .xmlparts import Attributes, BadXml, local_name, parse

ErrorCell = tuple[int, int, str]

_WORKBOOK: Final = "xl/workbook.xml"
_LINKS: Final = "xl/_rels/workbook.xml.rels"
_REFERENCE: Final = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_ROW: Final = re.compile(r"[0-9]{1,7}")
# The longest start of a cell is looked at whole: `<c r="XFD1048576"`.
_LOOK_AHEAD: Final = 32
_CELL: Final = int.from_bytes(b'<c r="', "little")
_SIX_BYTES: Final = (1 << 48) - 1
_QUOTES: Final = 0x2222222222222222
_ONES: Final = 0x0101010101010101
_HIGH_BITS: Final = 0x8080808080808080


def list_parts(package: Package) -> list[str]:
    """Member that holds each sheet, in the order of the workbook; empty where there is none.

    Raises
    ------
    BadXml
        If two sheets share a part, or the lists are no XML.
    """
    members = {name.lower(): name for name in package.names}
    if not {_WORKBOOK, _LINKS} <= set(members.values()):
        return []
    links: list[str] = []
    targets: dict[str, str] = {}

    def start_sheet(name: str, facts: Attributes) -> None:
        if local_name(name) == "sheet":
            links.append(next((v for k, v in facts.items() if k.endswith(":id")), ""))

    def start_link(name: str, facts: Attributes) -> None:
        if local_name(name) == "Relationship":
            targets[facts.get("Id", "")] = facts.get("Target", "")

    parse([package.read(_WORKBOOK)], start_sheet)
    parse([package.read(_LINKS)], start_link)
    parts = [members.get(_full_name(targets.get(link, "")).lower(), "") for link in links]
    present_parts = [part for part in parts if part]
    if len(set(present_parts)) < len(present_parts):
        raise BadXml("two sheets share a part")
    return parts


def _full_name(target: str) -> str:
    return target.lstrip("/") if target.startswith(("/", "xl/")) else f"xl/{target}"


# ---- A quick look ----


def look_over(blocks: Iterable[bytes]) -> tuple[Extent | None, bool]:
    """Estimate the extent of a sheet, and tell whether any cell may hold an error.

    Cells that begin ``<c r="A1"``, as nearly all programs write them, are found
    without parsing. The extent is never too small; it counts styled cells
    without a value as filled. It is None where a cell is written in another way.
    """
    extent, errors = _Bounds(), False
    remainder = b""
    for block in blocks:
        piece = remainder + block
        errors = errors or _has_error_mark(piece)
        extent.add(piece)
        remainder = piece[-_LOOK_AHEAD:]
    extent.add(remainder + bytes(_LOOK_AHEAD))
    return extent.extent(), errors


def _has_error_mark(piece: bytes) -> bool:
    """Whether ``"e"`` or ``'e'`` stands anywhere."""
    codes = np.frombuffer(piece, np.uint8)
    before, middle, after = codes[:-2], codes[1:-1], codes[2:]
    is_quoted_e = (middle == ord("e")) & (before == after)
    return bool((is_quoted_e & ((before == ord('"')) | (before == ord("'")))).any())


class _Bounds:
    """Largest row and column of the cells seen so far."""

    def __init__(self) -> None:
        self.cells, self.row, self.column = 0, 0, 0
        self.usual = True

    def add(self, piece: bytes) -> None:
        """Look at the cells that begin in a piece of XML, its last `_LOOK_AHEAD` bytes apart."""
        codes = np.frombuffer(piece, np.uint8)
        size = len(piece) - _LOOK_AHEAD
        if size <= 0 or not self.usual:
            return
        # Eight bytes from each position, as one number.
        words = np.ndarray(len(piece) - 8, "<u8", piece, strides=(1,))
        opens = (codes[:size] == ord("<")) | (codes[:size] == ord(":"))
        starts = np.flatnonzero(opens & (codes[1 : size + 1] == ord("c")))
        # After the name of a cell stand a space, a slash or the end of the tag.
        ends = codes[starts + 2]
        starts = starts[(ends <= ord(" ")) | (ends == ord("/")) | (ends == ord(">"))]
        if not ((words[starts] & _SIX_BYTES) == _CELL).all():
            self.usual = False
        elif len(starts):
            self._add_references(words, starts + 6)

    def _add_references(self, words: npt.NDArray[np.uint64], starts: npt.NDArray[np.int64]) -> None:
        column, letters = _read_letters(words[starts])
        digits = words[starts + letters]
        gaps = digits ^ _QUOTES
        quote = (gaps - _ONES) & ~gaps & _HIGH_BITS
        rows = digits & ((quote & -quote) - 1)
        # Cells of one row follow each other, so that few rows differ from the one before.
        differs = np.concatenate([[True], rows[1:] != rows[:-1]])
        row, sound = _read_digits(digits[differs])
        self.usual = bool(sound and (letters > 0).all() and (quote != 0).all())
        self.cells += len(starts)
        self.row = max(self.row, row)
        self.column = max(self.column, int(column.max()))

    def extent(self) -> Extent | None:
        """Give the rectangle from the first cell of the sheet."""
        if not self.usual:
            return None
        if not self.cells:
            return Extent()
        row, column = self.row - 1, self.column - 1
        return Extent(
            filled=self.cells,
            top=0,
            bottom=row,
            right=column,
            lowest=(row, column),
            rightmost=(row, column),
        )


def _read_letters(
    words: npt.NDArray[np.uint64],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Column (from 1) that the letters at the beginning of each word name, and their number."""
    column = np.zeros(len(words), np.int64)
    letters = np.zeros(len(words), np.int64)
    for place in range(3):
        value = ((words >> (8 * place)) & 0xFF).astype(np.int64) - ord("A") + 1
        is_letter = (letters == place) & (value >= 1) & (value <= 26)
        column = np.where(is_letter, column * 26 + value, column)
        letters += is_letter
    return column, letters


def _read_digits(words: npt.NDArray[np.uint64]) -> tuple[int, bool]:
    """Largest number, and whether each word begins with one of up to seven digits and a quote."""
    number = np.zeros(len(words), np.int64)
    digits = np.zeros(len(words), np.int64)
    for place in range(7):
        value = ((words >> (8 * place)) & 0xFF).astype(np.int64) - ord("0")
        is_digit = (digits == place) & (value >= 0) & (value <= 9)
        number = np.where(is_digit, number * 10 + value, number)
        digits += is_digit
    ends = (words >> (8 * digits).astype(np.uint64)) & 0xFF
    return int(number.max()), bool(((digits > 0) & (ends == ord('"'))).all())


# ---- Every cell ----


def measure(blocks: Iterable[bytes]) -> Extent:
    """Extent of the cells of a sheet that have a value.

    Raises
    ------
    BadXml
        If the part is no XML, or the place of a cell cannot be read.
    """
    extent, place = Extent(), _Place()

    def start(name: str, facts: Attributes) -> None:
        local = local_name(name)
        if local in ("v", "is"):
            extent.add(place.row, place.column)
        else:
            place.follow(local, facts)

    parse(blocks, start)
    return extent


def find_errors(blocks: Iterable[bytes]) -> list[ErrorCell]:
    """Row, column and text of the cells of a sheet that hold an error.

    Raises
    ------
    BadXml
        If the part is no XML, or the place of a cell cannot be read.
    """
    place, errors = _Place(), []
    error_texts: list[str] = []
    parser = expat.ParserCreate()

    def start(name: str, facts: Attributes) -> None:
        local = local_name(name)
        place.follow(local, facts)
        if local == "c" and facts.get("t") == "e":
            error_texts.clear()
            parser.EndElementHandler = end
        elif local == "v" and parser.EndElementHandler is not None:
            parser.CharacterDataHandler = error_texts.append

    def end(name: str) -> None:
        parser.CharacterDataHandler = None
        if local_name(name) == "c":
            errors.append((place.row, place.column, "".join(error_texts) or "#N/A"))
            parser.EndElementHandler = None

    parse(blocks, start, parser=parser)
    return errors


class _Place:
    """Row and column of the cell that is read; one without a name follows the one before."""

    def __init__(self) -> None:
        self.row, self.column = -1, -1

    def follow(self, local: str, facts: Attributes) -> None:
        """Move to the row or cell that begins."""
        if local == "row":
            number = facts.get("r", str(self.row + 2))
            if not _ROW.fullmatch(number):
                raise BadXml("a row has no number")
            self.row, self.column = int(number) - 1, -1
        elif local == "c":
            self.column += 1
            if (name := facts.get("r")) is not None:
                reference = _REFERENCE.fullmatch(name)
                if reference is None:
                    raise BadXml("a cell has no place")
                self.row, self.column = int(reference[2]) - 1, _to_column(reference[1])


def _to_column(letters: str) -> int:
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1
