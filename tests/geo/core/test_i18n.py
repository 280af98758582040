"""Words and figures in two languages, and a catalogue without holes."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from geo.core.i18n import LANGUAGES, Language, get_language

ROOT = Path(__file__).parents[3]
KEYWORDS = {"mark": None, "language": None, "say": None, "plural": (1, 2)}
PLACEHOLDER = re.compile(r"\{(\w+)[^{}]*\}")
ID, EN = Language("id"), Language("en")
SPACE = "\N{NO-BREAK SPACE}"


def found_messages() -> Iterator[str | tuple[str, str]]:
    for folder in ("geo", "components"):
        found = extract_from_dir(ROOT / folder, keywords=KEYWORDS)
        for _, _, message, _, _ in found:
            yield message


@pytest.fixture(scope="module")
def extracted() -> set[str]:
    """Singulars of every message in the code."""
    return {m if isinstance(m, str) else m[0] for m in found_messages()} - {""}


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with (ROOT / "geo" / "core" / "locale" / "id.po").open("rb") as file:
        return read_po(file, locale="id", abort_invalid=True)


def singular(message_id: str | tuple[str, ...]) -> str:
    return message_id if isinstance(message_id, str) else message_id[0]


def test_every_message_of_the_code_is_translated(catalogue: Catalog, extracted: set[str]) -> None:
    assert len(extracted) > 100
    translated = {singular(m.id) for m in catalogue if m.id and all(forms(m.string))}
    assert extracted - translated == set()


def test_no_translation_is_unused_empty_or_fuzzy(catalogue: Catalog, extracted: set[str]) -> None:
    entries = [m for m in catalogue if m.id]
    assert {singular(m.id) for m in entries} - extracted == set()
    assert [m.id for m in entries if m.fuzzy or not all(forms(m.string))] == []
    assert not catalogue.obsolete


def test_translations_have_the_placeholders_of_their_message(catalogue: Catalog) -> None:
    wrong = [
        m.id
        for m in catalogue
        if m.id
        and any(
            sorted(PLACEHOLDER.findall(text)) != sorted(PLACEHOLDER.findall(forms(m.id)[-1]))
            for text in forms(m.string)
        )
    ]
    assert wrong == []


def test_plural_messages_are_plural_in_the_catalogue(catalogue: Catalog) -> None:
    plural = {m for m in found_messages() if not isinstance(m, str)}
    assert plural
    assert {m.id for m in catalogue if m.pluralizable} == plural


def forms(text: str | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def test_figures_in_indonesian() -> None:
    assert ID.count(1_234_567) == "1.234.567"
    assert ID.number(1234.5, 1) == "1.234,5"
    assert ID.rate(0.864) == f"86,40{SPACE}%"
    assert ID.rate(1.125, 0) == f"112{SPACE}%"
    assert ID.change(0.0211) == "+2,1"
    assert ID.change(-0.0211) == "\N{MINUS SIGN}2,1"
    assert ID.money(4_972_965_376) == f"Rp{SPACE}4.972.965.376"
    assert ID.money_short(1_565_827_200) == f"Rp{SPACE}1,57{SPACE}miliar"
    assert ID.date(dt.date(2024, 10, 22)) == "22 Oktober 2024"
    assert ID.period("2024-08") == "Agustus 2024"
    assert ID.period("2024-08", short=True) == "Agu 2024"


def test_figures_in_english() -> None:
    assert EN.count(1_234_567) == "1,234,567"
    assert EN.number(1234.5, 1) == "1,234.5"
    assert EN.rate(0.864) == f"86.40{SPACE}%"
    assert EN.money(4_972_965_376) == f"Rp{SPACE}4,972,965,376"
    assert EN.money_short(1_565_827_200) == f"Rp{SPACE}1.57{SPACE}billion"
    assert EN.date(dt.date(2024, 10, 22)) == "22 October 2024"
    assert EN.period("2024-08") == "August 2024"


@pytest.mark.parametrize("amount", [999_999, 0])
def test_small_amounts_are_said_in_full(amount: int) -> None:
    assert ID.money_short(amount) == ID.money(amount)


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("unknown", [None, float("nan")])
def test_unknown_is_a_dash_never_zero(code: str, unknown: float | None) -> None:
    say = Language(code)
    shown = [f(unknown) for f in (say.count, say.number, say.rate, say.change, say.money)]
    assert {*shown, say.money_short(unknown)} == {"–"}


def test_words_are_translated_and_placeholders_filled() -> None:
    message = "There is no file {path}."
    assert EN(message, path="a.csv") == "There is no file a.csv."
    assert ID(message, path="a.csv") == "Berkas a.csv tidak ada."


def test_a_fact_with_braces_is_shown_as_it_is() -> None:
    assert EN("There is no file {path}.", path="{x}.csv") == "There is no file {x}.csv."


def test_plurals_by_number() -> None:
    one, many = "{n} village passes the filters.", "{n} villages pass the filters."
    assert EN.plural(one, many, 1) == "1 village passes the filters."
    assert EN.plural(one, many, 1_200) == "1,200 villages pass the filters."
    assert ID.plural(one, many, 1) == ID.plural(one, many, 7).replace("7", "1")


def test_an_unknown_message_is_itself_and_an_empty_one_empty() -> None:
    assert ID("no such sentence") == "no such sentence"
    assert ID("") == ""


def test_an_unknown_language_is_indonesian() -> None:
    assert get_language("fr") == ID
    assert get_language("en") == EN
