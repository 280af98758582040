"""The small tables: checked once, so that nothing behind them has to."""

from __future__ import annotations

from pathlib import Path

import pytest
from factories import FIRST, VILLAGES, write_eligible

from geo.core.defaults import SAMPLE_ENROLMENT
from geo.core.errors import ColumnProblem, FileProblem
from geo.core.text_tables import read_table
from geo.enrolment.reference_tables import read_contributions, read_eligible, read_programme

PRICES = "segment,programme,monthly_idr,source\n"


def write(folder: Path, text: str, name: str = "eligible.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_eligible_people_come_by_village_and_segment(tmp_path: Path) -> None:
    table = read_eligible(write_eligible(tmp_path, {FIRST: 12, "6205022001": 0}, segment="RT/RW"))
    assert table.set_index("code")["eligible"].to_dict() == {FIRST: 12, "62.05.02.2001": 0}
    assert table["segment"].tolist() == ["rt_rw", "rt_rw"]
    assert set(table["source"]) == {"counted by hand"}


def test_a_folder_stands_for_its_table(tmp_path: Path) -> None:
    path = write_eligible(tmp_path, dict.fromkeys(VILLAGES, 3))
    assert read_eligible(tmp_path).equals(read_eligible(path))


def test_segment_and_source_may_be_left_out(tmp_path: Path) -> None:
    table = read_eligible(write(tmp_path, f"code,eligible\n{FIRST},7\n"))
    assert table[["segment", "source"]].iloc[0].tolist() == ["", "eligible.csv"]


@pytest.mark.parametrize(("given", "people"), [("12", 12), (" 12 ", 12), ("12.0", 12), ("0", 0)])
def test_whole_numbers_are_read(tmp_path: Path, given: str, people: int) -> None:
    table = read_eligible(write(tmp_path, f"code,eligible\n{FIRST},{given}\n"))
    assert table["eligible"].tolist() == [people]


@pytest.mark.parametrize(
    "given", ["", "-3", "1.5", "many", "nan", "inf", "1.000", "1e3", '"1,000"']
)
def test_what_is_no_whole_number_is_refused(tmp_path: Path, given: str) -> None:
    with pytest.raises(ColumnProblem, match="no whole number"):
        read_eligible(write(tmp_path, f"code,eligible\n{FIRST},{given}\n"))


@pytest.mark.parametrize("code", ["62.05", "62.1", "6205012001.0", ""])
def test_what_is_no_village_code_is_refused(tmp_path: Path, code: str) -> None:
    with pytest.raises(ColumnProblem, match="no village code"):
        read_eligible(write(tmp_path, f"code,eligible\n{code},3\n"))


def test_a_village_and_segment_given_twice_is_refused(tmp_path: Path) -> None:
    text = f"code,segment,eligible\n{FIRST},PU,3\n{FIRST},pu,4\n"
    with pytest.raises(ColumnProblem, match=f"{FIRST} twice"):
        read_eligible(write(tmp_path, text))


def test_a_missing_column_is_named_with_those_needed(tmp_path: Path) -> None:
    with pytest.raises(ColumnProblem, match="lacks the column eligible; it needs code, eligible"):
        read_eligible(write(tmp_path, "code,people\n"))


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b'a,b\n"open\n'])
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.csv"
    path.write_bytes(content)
    with pytest.raises(FileProblem, match=r"broken\.csv cannot be read"):
        read_table(path, ("a",))


def test_an_absent_table_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match=r"no file .*eligible\.csv"):
        read_eligible(tmp_path)


def test_the_price_of_cover_is_the_published_one() -> None:
    contributions = read_contributions(SAMPLE_ENROLMENT)
    assert contributions.monthly == {"jkk_jkm": 16_800, "jkk_jkm_jht": 36_800}
    assert contributions.source


@pytest.mark.parametrize(
    "rows",
    [
        "",
        "bpu,JKK,10000,x\nbpu,JKM,6800,x\n",
        "bpu,JKK,10000,x\nbpu,JKM,6.800,x\nbpu,JHT,20000,x\n",
        "bpu,JKK,10000,x\nbpu,JKK,9000,x\nbpu,JKM,6800,x\nbpu,JHT,20000,x\n",
        "pu,JKK,10000,x\npu,JKM,6800,x\npu,JHT,20000,x\n",
    ],
)
def test_prices_that_are_missing_repeated_or_odd_are_refused(tmp_path: Path, rows: str) -> None:
    write(tmp_path, PRICES + rows, "contributions.csv")
    with pytest.raises(ColumnProblem, match="JKK, JKM, JHT"):
        read_contributions(tmp_path)


def test_the_programme_table_holds_the_published_budget() -> None:
    facts = read_programme(SAMPLE_ENROLMENT).set_index("item")["value"]
    assert facts["budget"] == "4972965376"
