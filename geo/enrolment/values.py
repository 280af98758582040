"""Numbers, dates and periods: one style a column, decided by all its values or asked about.

``1.234`` is a thousand in Indonesia and one and a bit in the United States;
``03/04/2024`` is April or March. Only values that can be read one way decide;
where there are none, the column is an open question.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
import pandas as pd

from ..core.errors import mark

NumberStyle = Literal["id", "en"]
DateOrder = Literal["dmy", "mdy"]
Kind = Literal["numbers", "dates", "period", "segments"]

_PERIOD: Final = r"(?:19|20)\d{2}-(?:0[1-9]|1[0-2])"
_MONTH_WORDS: Final = (
    "jan(?:uari|uary)?",
    "[fp]eb(?:ruari|ruary)?",
    "mar(?:et|ch)?",
    "apr(?:il)?",
    "mei|may",
    "jun[ie]?",
    "jul[iy]?",
    "ag(?:t|s|u|ust|ustus)|aug(?:ust)?",
    "sep(?:t|tember)?",
    "o[kc]t(?:ober)?",
    "no[vp](?:ember)?",
    "de[sc](?:ember)?",
)
_MONTH: Final = "|".join(_MONTH_WORDS)
_CURRENCY: Final = re.compile(r"^(?:rp|idr)\.?\s*|(?:\s*(?:orang|jiwa|,-))$|\s", re.I)
_WHOLE: Final = re.compile(r"-?\d+")
# What can be read one way only; `1.234` and `1,234` are in neither.
_ONE_WAY: Final = {
    "id": re.compile(
        r"-?(?:\d{1,3}(?:\.\d{3}){2,}|\d{1,3}(?:\.\d{3})+,\d+|\d+,(?:\d{1,2}|\d{4,}))"
    ),
    "en": re.compile(
        r"-?(?:\d{1,3}(?:,\d{3}){2,}|\d{1,3}(?:,\d{3})+\.\d+|\d+\.(?:\d{1,2}|\d{4,}))"
    ),
}
_VALID: Final = {
    "id": re.compile(r"-?(?:\d+|\d{1,3}(?:\.\d{3})+)(?:,\d+)?"),
    "en": re.compile(r"-?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?"),
}
_ISO: Final = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T]\d.*)?")
_PARTS: Final = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?:\s\d.*)?")
_NAMED: Final = re.compile(
    rf"(\d{{1,2}})[-/. ]*({_MONTH})\.?[-/., ]*(\d{{4}}|\d{{2}})(?:\s\d.*)?", re.I
)
_COMPACT: Final = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_SERIAL: Final = re.compile(r"[2-6]\d{4}(?:\.0+)?")
_SERIAL_ZERO: Final = pd.Timestamp("1899-12-30")
_YEAR_MONTH: Final = re.compile(r"((?:19|20)\d{2})[-/. ]?(0?[1-9]|1[0-2])")
_MONTH_YEAR: Final = re.compile(r"(0?[1-9]|1[0-2])[-/. ]((?:19|20)\d{2})")
_NAMED_MONTH: Final = re.compile(rf"({_MONTH})\.?[-/_ ]*((?:19|20)\d{{2}}|\d{{2}})", re.I)
_IN_FILE_NAME: Final = (
    re.compile(r"(?<!\d)((?:19|20)\d{2})[-_. ]?(0[1-9]|1[0-2])(?!\d)"),
    re.compile(r"(?<!\d)(0[1-9]|1[0-2])[-_. ]((?:19|20)\d{2})(?!\d)"),
    re.compile(rf"(?<![a-z])({_MONTH})[-_. ]*((?:19|20)\d{{2}})(?!\d)", re.I),
)


@dataclass(frozen=True)
class Ambiguity:
    """A question that only the user can answer.

    Attributes
    ----------
    kind : str
        ``numbers`` (``id`` or ``en``), ``dates`` (``dmy`` or ``mdy``),
        ``period`` (``YYYY-MM``) or ``segments`` (see `geo.core.segments.parse_scope`).
    column : str
        Header of the column, also the key of the answer in ``styles``; empty
        for the period and the segments.
    message : str
        The question, to translate, with its facts.
    facts : dict
        Values of its placeholders.
    options : dict of str to str
        What can be answered, and how the example reads then.
    """

    kind: Kind
    column: str
    message: str
    facts: dict[str, object]
    options: dict[str, str] = field(default_factory=dict)


def number_style(texts: Iterable[str], column: str) -> NumberStyle | Ambiguity:
    """How a column writes numbers, or the question.

    Parameters
    ----------
    texts : iterable of str
        Distinct values of the column, numeric cells left out.
    column : str
        Its header.
    """
    tokens = [token for text in texts if (token := _CURRENCY.sub("", text))]
    marked = [token for token in tokens if not _WHOLE.fullmatch(token) and re.search(r"\d", token)]
    styles: tuple[NumberStyle, ...] = ("id", "en")
    texts_by_style = {s: [t for t in marked if _ONE_WAY[s].fullmatch(t)] for s in styles}
    if bool(texts_by_style["id"]) != bool(texts_by_style["en"]):
        return "id" if texts_by_style["id"] else "en"
    both = [t for t in marked if _VALID["id"].fullmatch(t) or _VALID["en"].fullmatch(t)]
    if not both:
        return "id"
    example = sorted(both, key=len)[0]
    return Ambiguity(
        kind="numbers",
        column=column,
        message=mark(
            "Column {column}: is {example} a number with thousands in Indonesian or US style?"
        ),
        facts={"column": column, "example": example},
        options={style: _shown(example, style) for style in styles},
    )


def _shown(token: str, style: NumberStyle) -> str:
    value = _to_number(token, style)
    return "–" if np.isnan(value) else f"{value:g}" if value < 1000 else f"{value:.0f}"


def to_numbers(texts: Iterable[str], style: NumberStyle) -> dict[str, float]:
    """Numbers of distinct texts; NaN where a text is none in this style."""
    return {text: _to_number(_CURRENCY.sub("", text), style) for text in texts}


def _to_number(token: str, style: NumberStyle) -> float:
    if not _VALID[style].fullmatch(token):
        return float("nan")
    thousands, decimal = (".", ",") if style == "id" else (",", ".")
    return float(token.replace(thousands, "").replace(decimal, "."))


def date_order(texts: Iterable[str], column: str) -> DateOrder | Ambiguity:
    """Whether a column writes the day or the month first, or the question.

    Parameters
    ----------
    texts : iterable of str
        Distinct values of the column.
    column : str
        Its header.
    """
    matched_texts = [(text, match) for text in texts if (match := _PARTS.fullmatch(text))]
    pairs = [(text, int(match[1]), int(match[2])) for text, match in matched_texts]
    days_first = any(first > 12 >= second for _, first, second in pairs)
    months_first = any(second > 12 >= first for _, first, second in pairs)
    unclear = sorted(text for text, first, second in pairs if first != second)
    if days_first != months_first:
        return "dmy" if days_first else "mdy"
    if not unclear:
        return "dmy"
    example = next((t for t, a, b in pairs if t in unclear and max(a, b) <= 12), unclear[0])
    orders: tuple[DateOrder, ...] = ("dmy", "mdy")
    return Ambiguity(
        kind="dates",
        column=column,
        message=mark("Column {column}: does {example} begin with the day or with the month?"),
        facts={"column": column, "example": example},
        options={order: _iso(example, order) for order in orders},
    )


def _iso(text: str, order: DateOrder) -> str:
    day = _to_date(text, order, serial=False)
    return "–" if pd.isna(day) else str(day.date())


def to_dates(
    texts: Collection[str], order: DateOrder, *, serial: bool = False
) -> dict[str, pd.Timestamp]:
    """Dates of distinct texts; NaT where a text is none.

    Parameters
    ----------
    texts : collection of str
        ``2024-10-22``, ``22-10-2024``, ``22-SEP-2023``, ``22 Oktober 2024``.
    order : str
        What comes first in ``03/04/2024``.
    serial : bool
        Whether the cells were numbers: ``45587`` is a date then.
    """
    return {text: _to_date(text, order, serial=serial) for text in texts}


def _to_date(text: str, order: DateOrder, *, serial: bool) -> pd.Timestamp:
    if match := _ISO.fullmatch(text) or _COMPACT.fullmatch(text):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    if match := _PARTS.fullmatch(text):
        first, second = int(match[1]), int(match[2])
        day, month = (first, second) if order == "dmy" else (second, first)
        return _day(_full_year(match[3]), month, day)
    if match := _NAMED.fullmatch(text):
        return _day(_full_year(match[3]), _month(match[2]), int(match[1]))
    if serial and _SERIAL.fullmatch(text):
        return _SERIAL_ZERO + pd.Timedelta(days=int(float(text)))
    return pd.NaT


def _month(word: str) -> int:
    months = (
        number for number, words in enumerate(_MONTH_WORDS, 1) if re.fullmatch(words, word, re.I)
    )
    return next(months)


def _full_year(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < 70 else 1900)


def _day(year: int, month: int, day: int) -> pd.Timestamp:
    try:
        return pd.Timestamp(year, month, day)
    except ValueError:
        return pd.NaT


def is_period(text: str) -> bool:
    """Whether a text is a period as we write it: ``2024-10``."""
    return re.fullmatch(_PERIOD, text) is not None


def to_periods(texts: Iterable[str], order: DateOrder, *, serial: bool = False) -> dict[str, str]:
    """Periods ``2024-10`` of months or dates in any spelling; empty where a text is none."""
    return {text: _to_period(text, order, serial) for text in texts}


def _to_period(text: str, order: DateOrder, serial: bool) -> str:
    if match := _YEAR_MONTH.fullmatch(text):
        return f"{match[1]}-{int(match[2]):02}"
    if match := _MONTH_YEAR.fullmatch(text):
        return f"{match[2]}-{int(match[1]):02}"
    if match := _NAMED_MONTH.fullmatch(text):
        return f"{_full_year(match[2])}-{_month(match[1]):02}"
    day = _to_date(text, order, serial=serial)
    return "" if pd.isna(day) else f"{day.year:04}-{day.month:02}"


def month_of(text: str) -> int:
    """Read the number of a month: ``10``, ``Oktober``, ``OCT``; 0 where a text is none."""
    if re.fullmatch(r"0?[1-9]|1[0-2]", text):
        return int(text)
    return _month(text.rstrip(".")) if re.fullmatch(rf"(?:{_MONTH})\.?", text, re.I) else 0


def is_year(text: str) -> bool:
    """Whether a text is a year that a period can be of."""
    return re.fullmatch(r"(?:19|20)\d{2}", text) is not None


def period_of_name(name: str) -> str:
    """Period that a file or sheet name tells, such as ``peserta Oktober 2024.xlsx``; else empty."""
    for pattern in _IN_FILE_NAME:
        for match in pattern.finditer(name):
            text = f"{match[1]} {match[2]}"
            if period := _to_period(text, "dmy", serial=False):
                return period
    return ""


def period_end(period: str) -> pd.Timestamp:
    """Last day of a period; NaT if it is none."""
    if not is_period(period):
        return pd.NaT
    return pd.Timestamp(f"{period}-01") + pd.offsets.MonthEnd(0)
