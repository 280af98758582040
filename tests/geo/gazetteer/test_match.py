"""Matching: what is found, what is asked, and what is never done."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.match import run_benchmark
from geo.core.errors import ColumnProblem
from geo.gazetteer.match import RESULT_COLUMNS, match_places
from geo.gazetteer.names import parse_name
from geo.gazetteer.place_index import Gazetteer

SHARED = Path(__file__).resolve().parents[4] / "shared"

TABLE = pd.DataFrame(
    [
        ("62", "Kalimantan Tengah", ""),
        ("62.05", "Kabupaten Barito Utara", ""),
        ("62.05.01", "Montallat", ""),
        ("62.05.01.1001", "Montallat I", "6205010004"),
        ("62.05.01.1002", "Montallat II", "6205010005"),
        ("62.05.01.2005", "Sangkorang", "6205010006"),
        ("62.05.01.2006", "Paring Lahung", "6205010001"),
        ("62.05.02", "Teweh Timur", ""),
        ("62.05.02.2001", "Benangin I", "6205020001"),
        ("62.05.02.2002", "Benangin II", "6205020002"),
        ("62.05.02.2003", "Liju", "6205020003"),
        ("62.05.02.2004", "Sei Liju", "6205020004"),
        ("62.05.02.2005", "Benao Hilir", "6205020005"),
        ("62.05.02.2006", "Benao Hulu", "6205020006"),
        ("62.05.02.2007", "Jangkang Baru", "6205020007"),
        ("62.05.02.2008", "Jangkang Lama", "6205020008"),
        ("62.05.08", "Teweh Selatan", ""),
        ("62.05.08.2001", "Trahean", "6205012005"),
        ("62.05.08.2002", "Butong", "6205080002"),
        ("62.05.08.2003", "Bintang Ninggi", "6205080003"),
        ("62.06", "Kabupaten Katingan", ""),
        ("62.06.01", "Kamipang", ""),
        ("62.06.01.2001", "Baun Bango", "6209010001"),
        ("62.71", "Kota Palangkaraya", ""),
        ("62.71.01", "Pahandut", ""),
        ("62.71.01.1001", "Merlung", ""),
        ("62.71.01.2001", "Merlung", ""),
    ],
    columns=["code", "name", "bps_code"],
)
GAZETTEER = Gazetteer.from_table(TABLE)
COLUMNS = ["village", "subdistrict", "regency", "province"]


def match(*rows: tuple[str, ...], **options: object) -> pd.DataFrame:
    """Match rows of village, subdistrict and so on, in a file where places repeat."""
    frame = pd.DataFrame([[*row, "", "", ""][:4] for row in rows], columns=COLUMNS)
    options.setdefault("one_to_one", False)
    return match_places(frame, GAZETTEER, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("row", "code", "method"),
    [
        (("Sangkorang", "Montallat", "Kab. Barito Utara"), "62.05.01.2005", "exact"),
        (("SANGKORANG", "Kec.  MONTALLAT", "BARITO UTARA"), "62.05.01.2005", "exact"),
        (("Desa Benangin 2", "Teweh Timur"), "62.05.02.2002", "normalised"),
        (("Sungai Liju", "Teweh Timur"), "62.05.02.2004", "normalised"),
        (("Paringlahung", "Montalat"), "62.05.01.2006", "exact"),
        (("Sangkurang", "Montallat"), "62.05.01.2005", "fuzzy"),
        (("Sangkorang", "", "Barito Utara"), "62.05.01.2005", "regency"),
        (("Kel. Merlung", "Pahandut"), "62.71.01.1001", "normalised"),
        (("Desa Merlung", "Pahandut"), "62.71.01.2001", "normalised"),
    ],
)
def test_names_are_found(row: tuple[str, ...], code: str, method: str) -> None:
    result = match(row).iloc[0]
    assert (result["code"], result["outcome"]) == (code, "matched")
    assert result["method"] == method
    assert 0.98 < result["score"] <= 1


@pytest.mark.parametrize(
    "village",
    [
        "Benangin III",
        "Benangin",
        "Benao",
        "Benao Tengah",
        "Jangkang",
        "Jangkang Barat",
        "Sei Benao",
    ],
)
def test_guard_words_are_never_crossed(village: str) -> None:
    result = match((village, "Teweh Timur")).iloc[0]
    assert result["code"] == ""
    assert result["suggestion_1"] != ""


def test_a_village_renamed_altogether_is_unmatched_with_suggestions() -> None:
    result = match(("Mantajun", "Montallat")).iloc[0]
    assert result["outcome"] == "unmatched"
    assert (result["level"], result["parent_code"]) == ("subdistrict", "62.05.01")
    assert result["suggestion_1"].startswith("62.05.01.")


def test_two_villages_of_one_name_are_a_question() -> None:
    result = match(("Merlung", "Pahandut")).iloc[0]
    assert result["outcome"] == "ambiguous"
    assert [result["suggestion_1"], result["suggestion_2"]] == ["62.71.01.1001", "62.71.01.2001"]


def test_rows_without_a_village_are_matched_at_their_own_level() -> None:
    result = match(("", "Teweh Selatan"), ("", "", "Katingan"), ("", "", "", ""))
    assert result["code"].tolist() == ["62.05.08", "62.06", ""]
    assert result["level"].tolist() == ["subdistrict", "regency", ""]
    assert result["outcome"].tolist() == ["matched", "matched", "unmatched"]


def test_a_list_gives_each_village_to_one_row() -> None:
    rows = [
        ("Trahean", "Teweh Selatan"),
        ("Trahean ", "Teweh Selatan"),
        ("Butong", "Teweh Selatan"),
    ]
    outcomes = match(*rows, one_to_one=True)["outcome"].tolist()
    assert outcomes == ["ambiguous", "ambiguous", "matched"]
    assert match(*rows)["outcome"].tolist() == ["matched"] * 3


def test_a_split_subdistrict_explains_villages_next_door() -> None:
    rows = [(name, "Montallat") for name in ("Trahean", "Butong", "Sangkorang")]
    result = match(*rows)
    assert result["code"].tolist() == ["62.05.08.2001", "62.05.08.2002", "62.05.01.2005"]
    assert result["method"].tolist() == ["neighbour", "neighbour", "exact"]


def test_one_namesake_next_door_is_a_question() -> None:
    result = match(("Trahean", "Montallat"), ("Butong", "Teweh Selatan")).iloc[0]
    assert result["outcome"] == "ambiguous"
    assert result["suggestion_1"] == "62.05.08.2001"


def test_a_renamed_subdistrict_is_known_by_its_villages() -> None:
    rows = [(name, "Lahei Raya", "Barito Utara") for name in ("Trahean", "Butong", "Bintang Ningi")]
    result = match(*rows)
    assert result["code"].tolist() == ["62.05.08.2001", "62.05.08.2002", "62.05.08.2003"]


def match_code(code: str, village: str = "") -> pd.Series:
    """Match one row with a code."""
    frame = pd.DataFrame({"code": [code], "village": [village]})
    return match_places(frame, GAZETTEER).iloc[0]


@pytest.mark.parametrize(
    ("code", "village", "found", "method"),
    [
        ("62.05.01.2005", "", "62.05.01.2005", "code"),
        ("6205012006", "", "62.05.01.2006", "code"),
        ("6205010006", "", "62.05.01.2005", "bps_code"),
        ("ID6205010001", "", "62.05.01.2006", "bps_code"),
        ("6205012005", "Trahean", "62.05.08.2001", "bps_code"),
        ("6205012005", "Sangkorang", "62.05.01.2005", "code"),
        ("62.05", "", "62.05", "code"),
    ],
)
def test_codes_are_told_apart_by_the_gazetteer(
    code: str, village: str, found: str, method: str
) -> None:
    result = match_code(code, village)
    assert (result["code"], result["method"]) == (found, method)


def test_a_code_of_two_schemes_is_a_question() -> None:
    result = match_code("6205012005")
    assert result["outcome"] == "ambiguous"
    assert {result["suggestion_1"], result["suggestion_2"]} == {"62.05.01.2005", "62.05.08.2001"}


def test_a_code_that_its_name_contradicts_is_a_question() -> None:
    result = match_code("62.05.02.2001", "Benangin II")
    assert (result["outcome"], result["suggestion_1"]) == ("ambiguous", "62.05.02.2001")


def test_an_unknown_code_leaves_the_name() -> None:
    assert match_code("99.99.99.9999", "Sangkorang")["code"] == "62.05.01.2005"


def test_numeric_codes_are_refused() -> None:
    with pytest.raises(ColumnProblem, match="store it as text"):
        match_places(pd.DataFrame({"code": [62.1]}), GAZETTEER)
    with pytest.raises(ColumnProblem, match="as text"):
        Gazetteer.from_table(pd.DataFrame({"code": [62.1], "name": ["Gunung Mas"]}))


def test_aliases_of_villages_and_of_subdistricts() -> None:
    aliases = pd.DataFrame(
        {
            "village": ["Desa Lama Sekali", ""],
            "subdistrict": ["", "Tewe Slt"],
            "code": ["62.05.01.2006", "62.05.08"],
        }
    )
    rows = [("Lama Sekali", "Montallat"), ("Butong", "Tewe Slt"), ("", "Tewe Slt")]
    result = match(*rows, aliases=aliases)
    assert result["code"].tolist() == ["62.05.01.2006", "62.05.08.2002", "62.05.08"]
    assert result["method"].tolist() == ["alias", "exact", "alias"]


def test_an_alias_without_subdistrict_leaves_the_rightly_named_elsewhere_alone() -> None:
    aliases = pd.DataFrame({"village": ["Trahean"], "code": ["62.05.01.2006"]})
    rows = [("Trahean", ""), ("Trahean", "Montallat"), ("Trahean", "Teweh Selatan")]
    result = match(*rows, aliases=aliases)
    assert result["code"].tolist() == ["62.05.01.2006", "62.05.01.2006", "62.05.08.2001"]
    assert result["method"].tolist()[2] == "exact"


def test_a_gazetteer_of_villages_only() -> None:
    villages = TABLE[TABLE["code"].str.len() == 13]
    frame = pd.DataFrame({"village": ["Trahean", "Benangin 2"], "subdistrict": ["", "Unknown"]})
    result = match_places(frame, Gazetteer.from_table(villages))
    assert result["code"].tolist() == ["62.05.08.2001", "62.05.02.2002"]
    assert result["method"].tolist() == ["regency", "neighbour"]


def test_a_gazetteer_of_pcodes_answers_in_pcodes() -> None:
    table = pd.DataFrame(
        {
            "ADM4_PCODE": ["ID6205010006", "ID6205010001"],
            "ADM4_EN": ["Sangkorang", "Paring Lahung"],
            "ADM3_EN": ["Montallat", "Montallat"],
        }
    )
    frame = pd.DataFrame({"village": ["Sangkorang", ""], "code": ["", "6205010001"]})
    result = match_places(frame, Gazetteer.from_table(table))
    assert result["code"].tolist() == ["ID6205010006", "ID6205010001"]
    assert result["parent_code"].tolist() == ["ID6205010", "ID6205010"]


def test_repeated_codes_are_refused() -> None:
    with pytest.raises(ColumnProblem, match="more than once"):
        Gazetteer.from_table(pd.DataFrame({"code": ["62", "62"], "name": ["A", "B"]}))


VILLAGES = [name for code, name in GAZETTEER.names.items() if len(code) == 13]
SUBDISTRICTS = [name for code, name in GAZETTEER.names.items() if len(code) == 8]


def _slip(name: str, at: int, letter: str) -> str:
    at %= len(name)
    return name[:at] + letter + name[at + 1 :]


SPELLINGS = st.one_of(
    st.sampled_from(VILLAGES),
    st.builds(_slip, st.sampled_from(VILLAGES), st.integers(0, 20), st.sampled_from("aeiurn ")),
    st.builds(
        "{} {}".format, st.sampled_from(VILLAGES), st.sampled_from(["I", "2", "Hulu", "Baru"])
    ),
    st.just(""),
)
PLACES = st.lists(st.tuples(SPELLINGS, st.sampled_from([*SUBDISTRICTS, "", "Lahei"])), max_size=12)
MODES = st.sampled_from([None, True, False])


@given(PLACES, MODES, st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_row_order_plays_no_part(rows: list[tuple[str, str]], mode: bool | None, chance) -> None:  # type: ignore[no-untyped-def]
    frame = pd.DataFrame(rows, columns=["village", "subdistrict"], dtype=str)
    order = list(range(len(rows)))
    chance.shuffle(order)
    straight = match_places(frame, GAZETTEER, one_to_one=mode)
    shuffled = match_places(frame.iloc[order], GAZETTEER, one_to_one=mode)
    pd.testing.assert_frame_equal(shuffled.sort_index(), straight)


@given(PLACES, MODES)
@settings(max_examples=60, deadline=None)
def test_every_row_has_one_outcome(rows: list[tuple[str, str]], mode: bool | None) -> None:
    frame = pd.DataFrame(rows, columns=["village", "subdistrict"], dtype=str)
    frame.index = frame.index + 100
    result = match_places(frame, GAZETTEER, one_to_one=mode)
    assert result.index.equals(frame.index)
    assert tuple(result.columns) == RESULT_COLUMNS
    assert result["outcome"].isin(["matched", "ambiguous", "unmatched"]).all()
    assert ((result["code"] != "") == (result["outcome"] == "matched")).all()
    assert result["score"].between(0, 1).all()


@given(PLACES, MODES)
@settings(max_examples=100, deadline=None)
def test_no_name_match_crosses_a_guard_word(rows: list[tuple[str, str]], mode: bool | None) -> None:
    frame = pd.DataFrame(rows, columns=["village", "subdistrict"], dtype=str)
    result = match_places(frame, GAZETTEER, one_to_one=mode)
    villages = result["level"].eq("village") & result["code"].ne("")
    for text, code in zip(frame["village"][villages], result["code"][villages], strict=True):
        name, known = parse_name(text), GAZETTEER.parsed(code)
        assert name.guard == known.guard or name.plain == known.plain  # "II" typed as "I I"


def test_empty_and_missing_input() -> None:
    assert match_places(pd.DataFrame({"village": []}), GAZETTEER).empty
    frame = pd.DataFrame({"village": [None, "Butong"], "subdistrict": [float("nan"), None]})
    result = match_places(frame.astype("category"), GAZETTEER)
    assert result["code"].tolist() == ["", "62.05.08.2002"]


def test_distinct_places_are_matched_once() -> None:
    steps: list[tuple[int, int]] = []
    rows = [("Sangkorang", "Montallat"), ("Liju", "Teweh Timur")] * 50_000
    result = match(*rows, progress=lambda done, total: steps.append((done, total)))
    assert result["code"].value_counts().tolist() == [50_000, 50_000]
    assert steps[-1][0] == steps[-1][1]


NAMES_2016 = SHARED / "names" / "village_names_2016.csv"
CODES_2025 = SHARED / "reference" / "kode_wilayah_2025.csv.gz"


@pytest.mark.skipif(not NAMES_2016.exists(), reason="the shared benchmark files are not here")
def test_the_villages_of_2016_are_found_in_the_list_of_2025() -> None:
    names = pd.read_csv(NAMES_2016, dtype=str, keep_default_na=False)
    table = pd.read_csv(CODES_2025, dtype=str, keep_default_na=False)
    result = run_benchmark(names, Gazetteer.from_table(table))
    matched, rest = result[result["matched"]], result[~result["matched"]]
    assert len(matched) >= 0.994 * len(result)
    assert (~matched["right"]).sum() <= 3
    assert rest["hinted"].mean() >= 0.95
    assert set(result["outcome"]) == {"matched", "ambiguous", "unmatched"}


def test_a_code_beside_the_official_name_is_as_good_as_beside_the_list_s_own() -> None:
    table = pd.DataFrame({"code": ["62.05.01.1001"], "name": ["Desa Anu"]})
    known = Gazetteer.from_table(table)
    known = replace(known, other_names={"62.05.01.1001": "Montallat I"})
    row = pd.DataFrame([{"code": "62.05.01.1001", "village": "Montallat I"}])
    assert match_places(row, known)["code"].tolist() == ["62.05.01.1001"]
