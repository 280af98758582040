"""Numbers, dates and periods: a column has one style, and an open one is asked about."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.enrolment.values import (
    Ambiguity,
    date_order,
    number_style,
    period_end,
    period_of_name,
    to_dates,
    to_numbers,
    to_periods,
)

amounts = st.integers(0, 10**9).map(lambda cents: cents / 100)


def in_style(value: float, style: str) -> str:
    text = f"{value:,.2f}"
    return text if style == "en" else text.translate(str.maketrans(",.", ".,"))


@given(values=st.lists(amounts, min_size=1, max_size=20), style=st.sampled_from(["id", "en"]))
def test_a_column_with_cents_is_read_as_it_was_written(values: list[float], style: str) -> None:
    texts = [in_style(value, style) for value in values]
    found = number_style(texts, "UPAH")
    assert found == style
    assert list(to_numbers(dict.fromkeys(texts), found).values()) == list(dict.fromkeys(values))


@given(values=st.lists(st.integers(1000, 999_999), min_size=1), mark=st.sampled_from([".", ","]))
def test_only_thousands_are_always_asked_about(values: list[int], mark: str) -> None:
    texts = [f"{value:,}".replace(",", mark) for value in values]
    found = number_style(texts, "JUMLAH")
    assert isinstance(found, Ambiguity)
    assert set(found.options) == {"id", "en"}


@pytest.mark.parametrize(
    ("texts", "style"),
    [
        (["12", "7"], "id"),
        (["1.234", "1.234.567"], "id"),
        (["Rp 1.234.567,89"], "id"),
        (["446,819,131.00", "1,234"], "en"),
        (["1.5", "1.234"], "en"),
        (["1,5", "1.234"], "id"),
        (["-", "x", ""], "id"),
    ],
)
def test_one_clear_value_decides_for_its_column(texts: list[str], style: str) -> None:
    assert number_style(texts, "UPAH") == style


def test_a_column_of_two_styles_is_asked_about() -> None:
    found = number_style(["1.234.567,89", "446,819,131.00"], "UPAH")
    assert isinstance(found, Ambiguity)
    numbers = to_numbers(["1.234.567,89", "446,819,131.00"], "id")
    assert pd.isna(numbers["446,819,131.00"])


@given(
    days=st.lists(st.dates(dt.date(1990, 1, 1), dt.date(2030, 1, 1)), min_size=1),
    form=st.sampled_from(["%d-%m-%Y", "%m/%d/%Y"]),
)
def test_dates_are_read_as_written_or_asked_about(days: list[dt.date], form: str) -> None:
    texts = list(dict.fromkeys(day.strftime(form) for day in days))
    found = date_order(texts, "TGL")
    if isinstance(found, Ambiguity):
        assert all(day.day <= 12 for day in days)
    elif any(day.day > 12 for day in days):
        assert found == ("dmy" if form.startswith("%d") else "mdy")
        read = [day.date() for day in to_dates(texts, found).values()]
        assert read == list(dict.fromkeys(days))


@pytest.mark.parametrize(
    "text",
    [
        *("2024-10-22", "2024-10-22 00:00:00", "22-10-2024", "22/10/2024", "22.10.24"),
        *("22-OCT-2024", "22 Oktober 2024", "22-Okt-24", "20241022"),
    ],
)
def test_every_spelling_of_a_day(text: str) -> None:
    assert to_dates([text], "dmy")[text] == pd.Timestamp(2024, 10, 22)


@pytest.mark.parametrize("text", ["", "-", "31-02-2024", "22 Pagi 2024", "45587", "soon"])
def test_what_is_no_day(text: str) -> None:
    assert pd.isna(to_dates([text], "dmy")[text])


def test_serial_numbers_are_dates_only_where_cells_were_numbers() -> None:
    assert to_dates(["45587"], "dmy", serial=True)["45587"] == pd.Timestamp(2024, 10, 22)


@pytest.mark.parametrize(
    "text", ["2024-10", "202410", "10/2024", "Oktober 2024", "OKT-24", "Oct 2024", "22-10-2024"]
)
def test_every_spelling_of_a_period(text: str) -> None:
    assert to_periods([text], "dmy")[text] == "2024-10"


@pytest.mark.parametrize(
    ("name", "period"),
    [
        ("workers_2024-10.csv", "2024-10"),
        ("Peserta Oktober 2024 (1).xlsx", "2024-10"),
        ("data_10-2024.csv", "2024-10"),
        ("data_desa_2024.csv", ""),
        ("peserta.csv", ""),
        ("6205012005.csv", ""),
    ],
)
def test_the_period_in_a_file_name(name: str, period: str) -> None:
    assert period_of_name(name) == period


def test_the_last_day_of_a_period() -> None:
    assert period_end("2024-02") == pd.Timestamp(2024, 2, 29)
    assert pd.isna(period_end(""))
