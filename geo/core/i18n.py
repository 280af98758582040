"""Words and figures in the reader's language (Indonesian first, English second).

The English sentence is the catalogue's key; the Indonesian catalogue is a
plain ``.po`` file, compiled in memory, so that no build step is needed.
"""

from __future__ import annotations

import datetime as dt
import gettext
import io
import math
import re
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, get_decimal_symbol, get_group_symbol

from .errors import JangkauError, mark

LANGUAGES: Final = ("id", "en")
_CATALOGUES: Final = Path(__file__).parent / "locale"
_SHORT_SCALES: Final = (
    (1e12, mark("trillion")),
    (1e9, mark("billion")),
    (1e6, mark("million")),
)
_NONE: Final = "–"
_TYPED: Final = re.compile(r"([0-9]{1,9})(?:([.,])([0-9]{1,9}))?")
# Digits between two marks of thousands.
_GROUP: Final = 3


@cache
def _translations(language: str) -> gettext.NullTranslations:
    path = _CATALOGUES / f"{language}.po"
    if not path.exists():
        return gettext.NullTranslations()
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _missing(value: float) -> bool:
    return isinstance(value, float) and math.isnan(value)


@dataclass(frozen=True)
class Language:
    """Words and number formats of one language.

    Parameters
    ----------
    code : str
        ``"id"`` or ``"en"``.
    """

    code: str = "id"

    def __call__(self, message: str, **facts: object) -> str:
        """Translate a message and fill its placeholders."""
        # The empty message is the catalogue's own header.
        text = _translations(self.code).gettext(message) if message else ""
        return text.format(**facts) if facts else text

    def plural(self, one: str, many: str, n: int, **facts: object) -> str:
        """One of two messages by number; ``{n}`` is the formatted number."""
        text = _translations(self.code).ngettext(one, many, n)
        return text.format(n=self.count(n), **facts)

    def count(self, value: float | None) -> str:
        """Whole number: ``7.767`` in Indonesian, ``7,767`` in English; a dash for unknown."""
        if value is None or _missing(value):
            return _NONE
        return format_decimal(value, format="#,##0", locale=self.code)

    def number(self, value: float | None, digits: int = 2) -> str:
        """Decimal number with a fixed count of digits after the mark."""
        if value is None or _missing(value):
            return _NONE
        pattern = "#,##0." + "0" * digits if digits else "#,##0"
        return format_decimal(value, format=pattern, locale=self.code)

    def rate(self, fraction: float | None, digits: int = 2) -> str:
        """Write a fraction as percent: ``86,40 %`` (no-break space before the sign)."""
        if fraction is None or _missing(fraction):
            return _NONE
        return f"{self.number(fraction * 100, digits)}\N{NO-BREAK SPACE}%"

    def decimal(self, value: float, most: int = 4) -> str:
        """Decimal number with the fewest digits after the mark that say it, at most so many."""
        exact = (digits for digits in range(most) if abs(value - round(value, digits)) < 1e-9)
        return self.number(value, next(exact, most))

    def share(self, fraction: float | None, most: int = 1) -> str:
        """Write a fraction as percent, without zeros after the decimal mark: ``95 %``."""
        if fraction is None or _missing(fraction):
            return _NONE
        return f"{self.decimal(fraction * 100, most)}\N{NO-BREAK SPACE}%"

    def read_decimal(self, text: str) -> float | None:
        """Read a number that was typed in this language's format; None where it is none.

        The other language's decimal mark is understood too, unless it can mean thousands here.
        """
        typed = _TYPED.fullmatch(text.strip().removesuffix("%").strip())
        if typed is None:
            return None
        whole, mark_typed, digits = typed.groups()
        if len(digits or "") == _GROUP and mark_typed != get_decimal_symbol(self.code):
            return None
        return float(f"{whole}.{digits or 0}")

    def read_count(self, text: str) -> int | None:
        """Read a whole number that a reader typed, with marks of thousands or not; else None.

        ``Rp`` may stand before it.
        """
        typed = text.strip().removeprefix("Rp").strip()
        group = re.escape(get_group_symbol(self.code))
        if not re.fullmatch(rf"[0-9]{{1,9}}|[0-9]{{1,3}}({group}[0-9]{{3}}){{1,2}}", typed):
            return None
        return int(re.sub("[^0-9]", "", typed))

    def say(self, error: JangkauError) -> str:
        """Translate the sentence of an error, and those of its facts that are words of ours."""
        facts = {
            name: self(fact) if isinstance(fact, str) else fact
            for name, fact in error.facts.items()
        }
        return self(error.message, **facts)

    def change(self, points: float | None, digits: int = 1) -> str:
        """Difference of two rates in percentage points, signed: ``+2,1``; 0 has no sign."""
        if points is None or _missing(points):
            return _NONE
        number = "#,##0." + "0" * digits if digits else "#,##0"
        return self._signed(round(points * 100, digits), number)

    def signed(self, people: float | None) -> str:
        """Whole number with its sign: ``+35``; 0 has none."""
        return _NONE if people is None or _missing(people) else self._signed(people, "#,##0")

    def _signed(self, value: float, number: str) -> str:
        pattern = f"+{number};\N{MINUS SIGN}{number}" if value else number
        return format_decimal(value, format=pattern, locale=self.code)

    def money(self, rupiah: float | None) -> str:
        """Full amount: ``Rp 1.565.827.200``."""
        return (
            _NONE
            if rupiah is None or _missing(rupiah)
            else f"Rp\N{NO-BREAK SPACE}{self.count(rupiah)}"
        )

    def money_short(self, rupiah: float | None) -> str:
        """Write a rounded amount with the word of its scale: ``Rp 1,57 miliar``."""
        if rupiah is None or _missing(rupiah):
            return _NONE
        for scale, word in _SHORT_SCALES:
            if abs(rupiah) >= scale:
                amount = self.number(rupiah / scale, 2)
                return f"Rp\N{NO-BREAK SPACE}{amount}\N{NO-BREAK SPACE}{self(word)}"
        return self.money(rupiah)

    def date(self, day: dt.date) -> str:
        """Full date: ``22 Oktober 2024``."""
        return format_date(day, format="d MMMM y", locale=self.code)

    def moment(self, text: str, zone: str = "") -> str:
        """Day and time of an ISO text in a time zone: ``22 Okt 2024 19.40 WIB``.

        Parameters
        ----------
        text : str
            With its offset; anything else is given back as it is.
        zone : str
            Name of the reader's zone, such as ``Asia/Pontianak``; left out, or unknown, that of
            this machine.
        """
        try:
            moment = dt.datetime.fromisoformat(text)
        except ValueError:
            return text
        with suppress(KeyError, ValueError):
            moment = moment.astimezone(ZoneInfo(zone) if zone else None)
        day = format_date(moment, format="d MMM y", locale=self.code)
        time = "%H.%M" if self.code == "id" else "%H:%M"
        return f"{day} {moment.strftime(time)} {moment.tzname()}"

    def period(self, period: str, *, short: bool = False) -> str:
        """Write a period ``2024-10`` in words: ``Oktober 2024`` (short: ``Okt 2024``)."""
        day = dt.date(int(period[:4]), int(period[5:7]), 1)
        return format_date(day, format="MMM y" if short else "MMMM y", locale=self.code)


def get_language(code: str) -> Language:
    """Language of a code; an unknown code gives Indonesian."""
    return Language(code if code in LANGUAGES else "id")
