"""Spellings to confirm: which are listed, what may be chosen, and that what is chosen counts."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from factories import FIRST, a_dataset, a_gazetteer, a_row, records_of

from geo.audit.spelling_table import build_spelling_table
from geo.audit.spellings import Spelling, find_villages, list_spellings, to_aliases
from geo.core.i18n import get_language
from geo.counting.count import count_people
from geo.measures.dataset import Dataset

LOST = {"KODE_DESA": "", "KECAMATAN": "Montallat"}


def listed(
    folder: Path, data: Dataset, *rows: dict[str, str], aliases: pd.DataFrame | None = None
) -> list[Spelling]:
    records = records_of(folder, rows)
    counts = count_people(records, data.gazetteer, aliases=aliases)
    assert counts.trace is not None
    return list_spellings(records, counts.trace, data)


def test_certain_places_need_no_look_and_open_ones_come_first(tmp_path: Path) -> None:
    data = a_dataset(tmp_path, [a_row()], {FIRST: 5})
    rows = [a_row(1), a_row(2, **LOST, DESA="Hajak")]
    rows += [a_row(3, **LOST, DESA="Hajjak"), a_row(4, **LOST, DESA="Lemo III")]
    found = listed(tmp_path, data, *rows)
    names = [s.texts["village"] for s in found]
    assert names[0] == "Lemo III"
    assert "Hajak" not in names


def test_a_first_suggestion_in_another_subdistrict_is_not_taken_in_bulk(tmp_path: Path) -> None:
    data = a_dataset(tmp_path, [a_row()], {FIRST: 5})
    rows = [
        a_row(1, **LOST, DESA="Lemo III"),
        a_row(2, KODE_DESA="", KECAMATAN="Gunung Timang", DESA="Lemo III"),
        a_row(3, KODE_DESA="", KECAMATAN="-", DESA="Lemo III"),
    ]
    found = listed(tmp_path, data, *rows)
    rows_shown = build_spelling_table(found, "", data, get_language("en"))["rows"]
    suggested = ("62.05.01.1001", "62.05.01.2002")
    for row in rows_shown:
        if row["above"] == "Gunung Timang":
            assert not row["first"].startswith("62.05.01")
        elif row["suggested"]:
            assert row["first"] == row["suggested"][0]
    assert any(row["first"] in suggested for row in rows_shown)


def test_rows_and_people_of_a_spelling_are_summed(tmp_path: Path) -> None:
    data = a_dataset(tmp_path, [a_row()], {FIRST: 5})
    row = {**LOST, "DESA": "Lemo III"}
    old = a_row(1, PERIODE="2024-04", **row)
    (found,) = listed(tmp_path, data, a_row(1, **row), a_row(1, **row), a_row(2, **row), old)
    assert (found.rows, found.people, found.standing) == (4, 2, "unmatched")


def test_what_is_confirmed_counts_and_can_be_corrected_again(tmp_path: Path) -> None:
    data = a_dataset(tmp_path, [a_row()], {FIRST: 5})
    row = a_row(1, **LOST, DESA="Lemo III")
    (found,) = listed(tmp_path, data, row)
    aliases = to_aliases({found.key: "62.05.01.2002"}, [found], data)
    (after,) = listed(tmp_path, data, row, aliases=aliases)
    assert (after.standing, after.code) == ("confirmed", "62.05.01.2002")


def test_a_code_in_question_is_settled_by_a_confirmed_spelling(tmp_path: Path) -> None:
    data = a_dataset(tmp_path, [a_row()], {FIRST: 5})
    row = a_row(1, KODE_DESA="62.05.01.1001", DESA="Sikui", KECAMATAN="Montallat")
    (found,) = listed(tmp_path, data, row)
    assert found.standing == "ambiguous"
    aliases = to_aliases({found.key: "62.05.02.2002"}, [found], data)
    (after,) = listed(tmp_path, data, row, aliases=aliases)
    assert (after.standing, after.code) == ("confirmed", "62.05.02.2002")


def test_the_confirmed_spelling_that_says_the_most_decides(tmp_path: Path) -> None:
    columns = ["province", "regency", "subdistrict", "village", "code"]
    lines = [
        ("", "", "", "Lemo III", "62.05.01.2002"),
        ("", "", "Montallat", "Lemo III", "62.05.01.1001"),
    ]
    rows = [a_row(1, **LOST, DESA="Lemo III")]
    aliases = pd.DataFrame(lines, columns=columns)
    counts = count_people(records_of(tmp_path, rows), a_gazetteer(), aliases=aliases)
    assert counts.people["code"].tolist() == ["62.05.01.1001"]


def test_a_choice_that_is_no_village_is_left_out(tmp_path: Path) -> None:
    data = a_dataset(tmp_path, [a_row()], {FIRST: 5})
    (found,) = listed(tmp_path, data, a_row(1, **LOST, DESA="Lemo III"))
    assert to_aliases({found.key: "99.99.99.9999", "other": "62.05.01.2002"}, [found], data).empty


def test_villages_are_found_by_name_and_by_code(tmp_path: Path) -> None:
    data = a_dataset(tmp_path, [a_row()], {FIRST: 5})
    assert find_villages(data, "lemo") == ["62.05.01.1001", "62.05.01.2002"]
    assert find_villages(data, "62.05.02.2001") == ["62.05.02.2001"]
    assert find_villages(data, "6205022001") == ["62.05.02.2001"]
    assert find_villages(data, "hajak timang") == ["62.05.02.3003"]
    assert find_villages(data, "  ") == []
    assert find_villages(data, "(") == []


def test_the_table_names_every_village_it_offers(tmp_path: Path) -> None:
    data = a_dataset(tmp_path, [a_row()], {FIRST: 5})
    found = listed(
        tmp_path, data, a_row(1, **LOST, DESA="Lemo III"), a_row(2, **LOST, DESA="Hajjak")
    )
    table = build_spelling_table(found, "sikui", data, get_language("id"))
    offered = {code for row in table["rows"] for code in row["suggested"]} | set(table["hits"])
    assert offered <= set(table["names"])
    assert table["hits"] == ["62.05.02.2002"]
    assert {row["standing"] for row in table["rows"]} <= set(table["standings"])
