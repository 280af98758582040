"""Columns of a table by what they are for: identities, places, dates, numbers, statuses.

Repeated text is worked on once; a column's style is decided by all of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from .grid import Bools, Table, equals, is_filled, matches
from .roles import Column
from .values import (
    Ambiguity,
    DateOrder,
    NumberStyle,
    date_order,
    month_of,
    number_style,
    to_dates,
    to_numbers,
    to_periods,
)
from .vocabulary import AREAS, Role, normal_header
from .whole_numbers import kept_all_digits, restore_whole_numbers

Dates = npt.NDArray[np.datetime64]
Floats = npt.NDArray[np.float64]

_NIK: Final = r"^[0-9]{16}$"
_CARD: Final = r"^(?:[0-9]{11}|[0-9]{16})$"
_OFFICE_KEY: Final = r"^[A-Za-z0-9-]*[0-9][A-Za-z0-9-]{3,19}$"
_PASSPORT: Final = r"^[A-Za-z]{1,2}[0-9]{6,8}$"
_PLACEHOLDER: Final = "^(?:" + "|".join(f"{digit}{{16}}" for digit in range(10)) + ")$"
# Spreadsheets keep digits as text behind an apostrophe, or as ="0123".
_TEXT_MARK: Final = r"^(?:'|=\")([^\"]*)\"?$"
_NOTHING: Final = ("-", "–", "--", "0", "N/A", "n/a", "null", "NULL", "nan")
_ACTIVE: Final = {
    *("aktif", "active", "1", "ya", "y", "yes", "v", "✓", "true", "sudah", "terdaftar"),
    *("sudah terdaftar", "a"),
}
_INACTIVE: Final = {
    *("nonaktif", "non aktif", "tidak aktif", "inactive", "na", "n/a", "keluar", "berhenti"),
    *("0", "tidak", "t", "n", "no", "false", "belum", "belum terdaftar", "tidak terdaftar"),
    *("non active", "putus", "meninggal", "pensiun", "x", "belum aktif"),
}
_STOP: Final = (
    r"\s*(?:$|[,;()/]|\b(?:kel|kelurahan|ds|desa|kec|kecamatan|kab|kabupaten|kota|prov|provinsi|"
    r"rt|rw|no|hp|telp|kode ?pos)\b|\d{5})"
)
_IN_ADDRESS: Final[dict[Role, str]] = {
    "village": r"(?i)\b(?:kel|kelurahan|ds|desa)\b[./ ]*(?:(?:kel|kelurahan|ds|desa)\b[./ ]*)?",
    "subdistrict": r"(?i)\b(?:kec|kecamatan)\b[./ ]*",
    "regency": r"(?i)\b(?:kab|kabupaten|kota)\b[./ ]*",
    "province": r"(?i)\b(?:prov|provinsi)\b[./ ]*",
}


@dataclass(frozen=True)
class Cells:
    """A table with known columns.

    Attributes
    ----------
    table : Table
        Header and text.
    columns : tuple of Column
        One a column of the table.
    styles : mapping of str to str
        Answers to questions, by header or by role: ``{"start": "dmy"}``.
    """

    table: Table
    columns: tuple[Column, ...]
    styles: Mapping[str, str]

    @property
    def height(self) -> int:
        """Rows below the header."""
        return self.table.body.height

    def find(self, role: Role) -> Column | None:
        """Find the first column of a role."""
        return next((column for column in self.columns if column.role == role), None)

    @property
    def says_period(self) -> bool:
        """Whether a column, or one of years and one of months, says the period of each row."""
        return bool(self.find("period") or (self.find("year") and self.find("month")))

    @property
    def start_role(self) -> Role:
        """Role of the column that says since when."""
        return "status" if self.dated_status and not self.find("start") else "start"

    @property
    def dated_status(self) -> bool:
        """Whether a date stands for a yes: since then ``TERDAFTAR BPU``."""
        status = self.find("status")
        return status is not None and normal_header(status.name).startswith("terdaftar")

    def text(self, role: Role) -> pa.Array:
        """Its text; empty where there is no such column."""
        column = self.find(role)
        return self.empty() if column is None else self.table.body.columns[column.at]

    def empty(self) -> pa.Array:
        """Make a column of empty texts."""
        return pa.repeat(pa.scalar(""), self.height)

    def numeric(self, column: Column | None) -> Bools:
        """Cells that were numbers in the spreadsheet."""
        none = np.zeros(self.height, dtype=bool)
        return none if column is None else self.table.body.numeric.get(column.at, none)

    def style(self, column: Column) -> str | None:
        """Find the answer given for a column."""
        return self.styles.get(column.name) or self.styles.get(column.role)


def map_distinct(array: pa.Array, work: Callable[[list[str]], Sequence[Any]], dtype: str) -> Any:
    """Work on each distinct text once; a value a cell."""
    encoded = array.dictionary_encode()
    values = np.array(work(encoded.dictionary.to_pylist()), dtype=dtype)
    return values[encoded.indices.to_numpy(zero_copy_only=False)]


def map_text(array: pa.Array, work: Callable[[pd.Series], pd.Series]) -> pa.Array:
    """Map distinct texts to texts by a function of a Series."""
    encoded = array.dictionary_encode()
    texts = pd.Series(encoded.dictionary.to_pylist(), dtype="str")
    values = pa.array(work(texts).tolist(), pa.string())
    return values.take(encoded.indices)


# ---- identities ----


def read_identity(cells: Cells) -> tuple[pa.Array, Bools, Bools]:
    """Identities, which of them are sound, and which are there at all."""
    column = cells.find("identity")
    text = pc.replace_substring_regex(cells.text("identity"), _TEXT_MARK, r"\1")
    text = restore_whole_numbers(text)
    present = matches(text, "[0-9]") & ~equals(text, "0")
    sound = matches(text, _identity_pattern(column)) & ~matches(text, _PLACEHOLDER)
    kind = cells.find("identity_kind")
    if kind is not None:
        abroad = matches(cells.text("identity_kind"), "pas+po")
        sound |= abroad & matches(text, _PASSPORT)
        present |= abroad & is_filled(text)
    numeric = cells.numeric(column)
    return text, sound & (~numeric | kept_all_digits(text, numeric)), present


def _identity_pattern(column: Column | None) -> str:
    spelled = normal_header(column.name) if column else ""
    if any(word in spelled for word in ("kpj", "kartu", "peserta")):
        return _CARD
    return _OFFICE_KEY if spelled in ("kode_tk", "id_tk") else _NIK


# ---- places ----


def read_places(cells: Cells) -> dict[str, pa.Array]:
    """Code and names of the levels; blanks filled from the address where there is one."""
    places: dict[str, pa.Array] = {role: _place(cells.text(role)) for role in AREAS}
    address = cells.text("address")
    if cells.find("address") is not None:
        for role in AREAS:
            blank = ~is_filled(places[role])
            if blank.any():
                places_read = _from_address(address, role)
                places[role] = pc.if_else(pa.array(blank), places_read, places[role])
    return {"code": _read_codes(cells)[0], **places}


def _place(text: pa.Array) -> pa.Array:
    return map_text(text, lambda names: names.where(~names.isin(_NOTHING), ""))


def _from_address(address: pa.Array, role: Role) -> pa.Array:
    """Read the name of a level from addresses: ``Jl. X, Kel. Melayu, Kec. Teweh Tengah``."""
    pattern = f"{_IN_ADDRESS[role]}(?P<name>[^,;()/]+?){_STOP}"
    place_names = pc.struct_field(pc.extract_regex(address, pattern), "name")
    return pc.fill_null(pc.utf8_trim_whitespace(place_names), "")


def read_damaged_codes(cells: Cells) -> Bools:
    """Codes that were numbers, or went through one."""
    return _read_codes(cells)[1]


def _read_codes(cells: Cells) -> tuple[pa.Array, Bools]:
    """Codes as text; one that a number has spoilt is left out, and marked as all numbers are."""
    column = cells.find("code")
    text = pc.replace_substring_regex(cells.text("code"), _TEXT_MARK, r"\1")
    if column is None:
        return text, np.zeros(cells.height, dtype=bool)
    spoilt = matches(text, r"^[0-9.,]+E\+?[0-9]+$|^[0-9]{4,}\.0+$|^[0-9]{1,2}\.[0-9]$")
    numeric = cells.numeric(column) & is_filled(text)
    # Ten digits are all there, as no code begins with 0; they are used, and said.
    lost = spoilt | (numeric & ~matches(text, r"^[0-9]{10}$"))
    return pc.if_else(pa.array(lost), "", text), spoilt | numeric


# ---- statuses, dates, periods, numbers ----


def read_status(cells: Cells) -> npt.NDArray[np.int8]:
    """1 active, 0 inactive, -1 unclear; all active where no column says."""
    if cells.find("status") is None:
        return np.ones(cells.height, dtype="int8")
    statuses: npt.NDArray[np.int8] = map_distinct(cells.text("status"), read_statuses, "int8")
    if cells.dated_status:
        statuses[map_distinct(cells.text("status"), _are_days, "bool")] = 1
    return statuses


def _are_days(texts: list[str]) -> list[bool]:
    """Dates they are, whichever number is the day."""
    orders: tuple[DateOrder, ...] = ("dmy", "mdy")
    days = [to_dates(texts, order, serial=True) for order in orders]
    return [any(not pd.isna(day[text]) for day in days) for text in texts]


def read_statuses(texts: list[str]) -> list[int]:
    """1 active, 0 inactive, -1 unclear, for each text."""
    words = [" ".join(text.lower().replace("-", " ").replace("_", " ").split()) for text in texts]
    return [1 if w in _ACTIVE else 0 if w in _INACTIVE else -1 for w in words]


def ask_dates(cells: Cells, role: Role) -> tuple[DateOrder, Ambiguity | None]:
    """Find the order of day and month in a column: as answered, as its values say, or asked."""
    column = cells.find(role)
    if column is None:
        return "dmy", None
    if (answer := cells.style(column)) in ("dmy", "mdy"):
        return answer, None  # type: ignore[return-value]  # narrowed by the test above
    order = date_order(_written(cells, column), column.name)
    return ("dmy", order) if isinstance(order, Ambiguity) else (order, None)


def _written(cells: Cells, column: Column) -> list[str]:
    """Distinct texts that a person typed; numbers of a spreadsheet have no style."""
    text, numeric = cells.table.body.columns[column.at], cells.numeric(column)
    if numeric.any():
        text = text.filter(pa.array(~numeric))
    return [value for value in text.unique().to_pylist() if value]


def read_dates(cells: Cells, role: Role) -> tuple[Dates, Bools, Ambiguity | None]:
    """Dates, cells that are none, and the question if the order is open."""
    order, question = ask_dates(cells, role)
    text, serial = cells.text(role), bool(cells.numeric(cells.find(role)).any())
    days = map_distinct(
        text,
        lambda texts: [_np_day(d) for d in to_dates(texts, order, serial=serial).values()],
        "datetime64[s]",
    )
    if question is not None:
        # Nothing is read one way or the other before it is answered.
        return (
            np.full(cells.height, "NaT", dtype="datetime64[s]"),
            np.zeros_like(days, bool),
            question,
        )
    unreadable = np.isnat(days) & is_filled(text) & ~equals(text, "-")
    return days, unreadable, None


def _np_day(day: pd.Timestamp) -> np.datetime64:
    return np.datetime64("NaT", "s") if pd.isna(day) else np.datetime64(day.date(), "s")


def read_periods(cells: Cells, chosen_period: str) -> tuple[pa.Array, Ambiguity | None]:
    """Periods ``2024-10``; those of the column or of year and month, else the one given."""
    if not cells.says_period:
        return pa.repeat(pa.scalar(chosen_period), cells.height), None
    order, question = ask_dates(cells, "period")
    column = cells.find("period")
    written = cells.text("period") if column else _year_and_month(cells)
    serial = bool(cells.numeric(column).any())
    text = map_text(
        written,
        lambda texts: pd.Series(
            list(to_periods(texts, order, serial=serial).values()), dtype="str"
        ),
    )
    if chosen_period:
        text = pc.if_else(pc.equal(written, ""), chosen_period, text)
    return text, question


def _year_and_month(cells: Cells) -> pa.Array:
    """``2024-10`` of a year and the number or name of a month; empty where both are."""
    months = map_text(cells.text("month"), lambda texts: texts.map(_month_digits))
    joined = pc.binary_join_element_wise(cells.text("year"), months, "-")
    return pc.if_else(pc.equal(joined, "-"), "", joined)


def _month_digits(text: str) -> str:
    return f"{month_of(text):02}" if month_of(text) else text


def read_counts(cells: Cells, column: Column) -> tuple[Floats, Ambiguity | None]:
    """Numbers of people of a column; NaN where a cell is none, 0 for a dash."""
    answer = cells.style(column)
    style, question = _number_style(cells, column, answer)
    text, numeric = cells.table.body.columns[column.at], cells.numeric(column)
    values: Floats = map_distinct(text, lambda t: list(to_numbers(t, style).values()), "float64")
    if numeric.any():
        machine = map_distinct(text, lambda t: list(to_numbers(t, "en").values()), "float64")
        values = np.where(numeric, machine, values)
    values[equals(text, "-")] = 0
    return values, question


def _number_style(
    cells: Cells, column: Column, answer: str | None
) -> tuple[NumberStyle, Ambiguity | None]:
    if answer in ("id", "en"):
        return answer, None  # type: ignore[return-value]  # narrowed by the test above
    style = number_style(_written(cells, column), column.name)
    return ("id", style) if isinstance(style, Ambiguity) else (style, None)
