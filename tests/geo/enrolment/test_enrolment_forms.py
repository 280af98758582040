"""One generated table per real form and fault: what is read, what is said, what is asked."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from factories import an_identity
from sheet_factories import (
    AGENTS,
    CLONE,
    EXITS,
    PLAIN,
    SIPP,
    STATUS_EXPORT,
    plain_row,
    sipp_row,
    to_text,
    write_text,
    write_xlsx,
)

from geo.core.errors import ColumnProblem
from geo.enrolment.reading import EnrolmentReading, check_answers, read_enrolment, read_records

PERIOD = "2024-10"
ROWS = (plain_row(1), plain_row(2, STATUS="NONAKTIF"), plain_row(3, DESA="Muara Té"))


def read(path: Path, **options: object) -> EnrolmentReading:
    return read_enrolment(path, **({"period": PERIOD} | options))  # type: ignore[arg-type]


def roles(reading: EnrolmentReading) -> dict[str, str]:
    return {c.role: c.name for c in reading.columns if c.role != "ignored"}


def reasons(reading: EnrolmentReading) -> dict[int, str]:
    return dict(zip(reading.fixes["row"], reading.fixes["reason"], strict=True))


# ---- the forms of the real exports ----


def test_employer_upload(tmp_path: Path) -> None:
    rows = [SIPP, sipp_row(1), sipp_row(2, address="Jl. B, Ds. Lemo 2 RT 3 Kec. Teweh Tengah")]
    reading = read(write_text(tmp_path / "sipp.csv", rows))
    assert roles(reading) == {
        "identity": "NOMOR_IDENTITAS",
        "identity_kind": "JENIS_IDENTITAS",
        "start": "TANGGAL_KEPESERTAAN",
        "address": "ALAMAT",
    }
    assert reading.records["village"].tolist() == ["Hajak", "Lemo 2"]
    assert reading.records["subdistrict"].tolist() == ["Montallat", "Teweh Tengah"]
    assert reading.records["regency"].tolist() == ["X", ""]
    assert reading.tally.candidates == 2
    assert reading.records["segment"].unique().tolist() == [""]
    assert read(tmp_path / "sipp.csv", segment="pu").records["segment"].unique().tolist() == ["pu"]


def test_its_clone_with_an_empty_header_and_contracts_that_ended(tmp_path: Path) -> None:
    rows = [
        CLONE,
        ("A", an_identity(1), "TETAP", "x", "01-02-2020", "31-12-2025", "Hajak", "Montallat"),
        ("B", an_identity(2), "KONTRAK", "x", "13-02-2020", "30-09-2024", "Hajak", "Montallat"),
    ]
    reading = read(write_text(tmp_path / "klon.csv", rows))
    assert roles(reading)["end"] == "TGL_AKHIR_KONTRAK"
    assert reading.records["outcome"].tolist() == ["active", "inactive"]
    assert [column.name for column in reading.columns][3] == "(D)"


def test_exits_are_refused(tmp_path: Path) -> None:
    path = write_text(tmp_path / "a.csv", [EXITS, ("12345678901", "A", "01-01-1990", "1", "x")])
    with pytest.raises(ColumnProblem, match="people who left"):
        read(path)


def test_agents_sheets_fall_back_on_the_card_number(tmp_path: Path) -> None:
    rows = [
        AGENTS,
        ("ANI", "TEWEH BARU", "HAJAK", "1", f"{an_identity(1)}.0", "12345678901", "P1", "YA"),
        ("ANI", "TEWEH BARU", "HAJAK", "2", f"{an_identity(2)}.0", "12345678902", "P1", "TIDAK"),
    ]
    reading = read(write_text(tmp_path / "a.csv", rows, separator=";"))
    assert roles(reading)["identity"] == "NO KPJ"
    assert "NIK" in str([note.facts for note in reading.notes])
    assert reading.records["outcome"].tolist() == ["active", "inactive"]
    assert reading.records["segment"].unique().tolist() == ["bpu"]
    spoilt = read(tmp_path / "a.csv", mapping={"NIK": "identity"})
    assert spoilt.tally.rejected == {"damaged_identity": 2}


def test_status_exports(tmp_path: Path) -> None:
    where = "Jl. A, Kel. Melayu, Kec. Teweh Tengah"
    rows = [
        STATUS_EXPORT,
        ("14001234567", "AA1", "PT X", "A", "0812", "PU", "Aktif", where),
        ("14001234568", "AA1", "PT X", "B", "0813", "PU", "Non Aktif", where),
    ]
    reading = read(write_text(tmp_path / "a.csv", rows))
    assert reading.tally.candidates == 1
    assert reading.tally.inactive == 1
    assert reading.records["village"].tolist() == ["Melayu"] * 2


def test_a_file_without_a_header_is_known_by_its_values(tmp_path: Path) -> None:
    rows = [(an_identity(n), f"62.05.01.200{n}", "PU", "AKTIF") for n in (1, 2)]
    reading = read(write_text(tmp_path / "a.csv", rows))
    assert set(roles(reading)) == {"identity", "code", "segment", "status"}
    assert reading.tally.candidates == 2


# ---- what is around the data ----


def test_titles_totals_blanks_notes_and_repeated_headers(tmp_path: Path) -> None:
    rows = [
        ("DAFTAR PESERTA", "", "", "", "", ""),
        ("Periode Oktober 2024", "", "", "", "", ""),
        ("", "", "", "", "", ""),
        ("NO", *PLAIN),
        ("(1)", "(2)", "(3)", "(4)", "(5)", "(6)"),
        (1, *plain_row(1)),
        ("NO", *PLAIN),
        (2, "", "", "", "", ""),
        (2, *plain_row(2)),
        ("JUMLAH", 2, "", "", "", ""),
        ("Muara Teweh, 22 Oktober 2024", "", "", "", "", ""),
        (3, *plain_row(3, NIK="-")),
    ]
    reading = read_enrolment(write_text(tmp_path / "a.csv", rows))
    assert reading.period == PERIOD
    assert (reading.tally.rows, reading.tally.candidates, reading.tally.not_data) == (8, 2, 5)
    assert reasons(reading) == {
        5: "repeated_header",
        7: "repeated_header",
        10: "total_row",
        11: "note_row",
        12: "no_identity",
    }


def test_ragged_rows_keep_their_numbers(tmp_path: Path) -> None:
    lines = to_text([PLAIN, plain_row(1), plain_row(2), plain_row(3)]).splitlines()
    lines[2] = lines[2].replace("Hajak", "Ha,jak")
    lines[3] = lines[3].removesuffix(",AKTIF")
    lines.insert(2, "")
    path = tmp_path / "a.csv"
    path.write_text("\n".join(["DAFTAR", *lines]), encoding="utf-8")
    reading = read(path)
    assert reasons(reading) == {5: "ragged", 6: "unknown_status"}
    assert reading.tally.not_data == 1


@pytest.mark.parametrize("broken", [2, 3, 40])
def test_a_quotation_mark_never_closed_swallows_no_row(tmp_path: Path, broken: int) -> None:
    rows = [PLAIN, *(plain_row(n, DESA="Ha\njak" if n == 1 else "Hajak") for n in range(1, 41))]
    text = to_text(rows).replace(an_identity(broken) + ",Hajak", an_identity(broken) + ',"Hajak')
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode())
    reading = read(path)
    # Nothing stands behind the last one, which then is a row to fix.
    assert reading.tally.candidates == (39 if broken == 40 else 40)
    assert reading.records["row"].tolist() == list(range(2, 42))


def test_a_header_wider_than_its_rows(tmp_path: Path) -> None:
    rows = [(*PLAIN, "KET", "CATATAN"), *ROWS, (*plain_row(4), "", "baru")]
    reading = read(write_text(tmp_path / "a.csv", rows))
    assert len(reading.columns) == 7
    assert reading.tally.candidates == 3


def test_numbers_and_errors_of_a_spreadsheet_are_flagged(tmp_path: Path) -> None:
    header = ("NIK", "KODE_DESA", "STATUS", "TGL_DAFTAR", "DESA")
    day = dt.date(2024, 3, 4)
    rows = [
        header,
        (int(an_identity(1)), "62.05.01.1001", "AKTIF", day, "Hajak"),
        (an_identity(2), 6205012002, "AKTIF", day, "Hajak"),
        (an_identity(3), 62.1, "AKTIF", 45355, "Hajak"),
        ("#N/A", "62.05.01.1001", "AKTIF", day, "Hajak"),
        (an_identity(5), "62.05.01.1001", "#REF!", day, "Hajak"),
        (an_identity(6), "62.05.01.1001", "AKTIF", "soon", "Hajak"),
    ]
    reading = read(write_xlsx(tmp_path / "a.xlsx", {"Data": rows}))
    assert reasons(reading) == {
        2: "damaged_identity",
        3: "damaged_code",
        4: "damaged_code",
        5: "error_cell",
        6: "error_cell",
        7: "bad_date",
    }
    assert reading.records["code"].tolist()[1:3] == ["6205012002", ""]
    assert reading.records["start"].dt.date.tolist()[1:3] == [day, day]
    assert reading.tally.candidates == 3


def test_names_of_areas_merged_over_their_rows_are_filled_down(tmp_path: Path) -> None:
    rows = [
        ("KECAMATAN", "DESA", "SEGMEN", "JUMLAH"),
        ("Montallat", "Hajak", "PU", 5),
        ("", "Lemo I", "PU", 6),
        ("Gunung Timang", "Liju", "PU", 7),
        ("", "Sikui", "PU", 8),
    ]
    merged = write_xlsx(tmp_path / "a.xlsx", {"Data": rows}, merged=[(1, 0, 2, 0)])
    assert read(merged).records["subdistrict"].tolist() == ["Montallat"] * 2 + ["Gunung Timang", ""]
    plain = read(write_text(tmp_path / "a.csv", rows))
    assert plain.records["subdistrict"].tolist() == ["Montallat"] * 2 + ["Gunung Timang"] * 2
    assert plain.notes[0].facts == {"column": "KECAMATAN", "count": 2}
    again = [rows[0], *rows[1:3], ("Montallat", "X", "PU", 1), *rows[3:]]
    assert "" in read(write_text(tmp_path / "b.csv", again)).records["subdistrict"].tolist()


def test_headers_that_stand_twice_are_told_apart(tmp_path: Path) -> None:
    header = (*PLAIN, "DESA")
    reading = read(write_text(tmp_path / "a.csv", [header, (*plain_row(1), "Liju")]))
    assert [c.name for c in reading.columns][-1] == "DESA (F)"
    assert reading.records["village"].tolist() == ["Hajak"]
    other = read(tmp_path / "a.csv", mapping={"DESA (F)": "village"})
    assert other.records["village"].tolist() == ["Liju"]


# ---- tables of counts ----


def test_a_column_a_segment_under_a_header_of_two_rows(tmp_path: Path) -> None:
    rows = [
        ("REKAP", "", "", "", "", ""),
        ("NO", "KECAMATAN", "DESA", "PESERTA", "", ""),
        ("", "", "", "PU", "BPU", "JUMLAH"),
        (1, "Montallat", "Hajak", 12, 3, 15),
        (2, "Montallat", "Lemo I", 1, "-", 1),
        (3, "Montallat", "Lemo II", 4, "x", 4),
        (4, "Montallat", "Liju", "", "", ""),
        ("", "TOTAL", "", 17, 3, 20),
    ]
    reading = read(write_xlsx(tmp_path / "a.xlsx", {"Rekap": rows}))
    assert reading.form == "wide"
    counted = reading.records[reading.records["outcome"] == "active"]
    assert list(zip(counted["village"], counted["segment"], counted["people"], strict=True)) == [
        ("Hajak", "pu", 12),
        ("Hajak", "bpu", 3),
        ("Lemo I", "pu", 1),
        ("Lemo I", "bpu", 0),
    ]
    assert reasons(reading) == {6: "bad_count", 7: "bad_count", 8: "total_row"}
    assert (reading.tally.rows, reading.tally.candidates) == (5, 2)


def test_a_row_a_count_with_rows_to_add_up(tmp_path: Path) -> None:
    rows = [
        ("Desa", "Kecamatan", "Segmen", "Periode", "Jumlah Peserta"),
        ("Hajak", "Montallat", "PU", "Oktober 2024", "12"),
        ("Hajak", "Montallat", "PU", "10/2024", "3"),
        ("Liju", "Montallat", "BPU", "2024-04", "1.234.567"),
        ("Liju", "Montallat", "PU", "kapan", "3"),
    ]
    reading = read_enrolment(write_text(tmp_path / "a.csv", rows))
    assert reading.form == "counts"
    assert reading.records["people"].tolist() == [12, 3, 1_234_567, 0]
    assert reasons(reading) == {2: "repeated_count", 3: "repeated_count", 5: "no_period"}


# ---- questions, mappings, what is missing ----


def test_open_questions_are_asked_and_answers_close_them(tmp_path: Path) -> None:
    header = (*PLAIN, "TGL_DAFTAR")
    rows = [header, (*plain_row(1), "03/04/2024"), (*plain_row(2), "05/06/2024")]
    path = write_text(tmp_path / "a.csv", rows)
    asked = read_enrolment(path)
    assert [question.kind for question in asked.questions] == ["period", "dates"]
    assert asked.questions[1].options == {"dmy": "2024-04-03", "mdy": "2024-03-04"}
    assert asked.records["start"].isna().all()
    with pytest.raises(ColumnProblem, match="says no period"):
        check_answers(asked)
    answered = read(path, styles={"TGL_DAFTAR": "mdy"})
    check_answers(answered)
    assert str(answered.records["start"].iloc[0].date()) == "2024-03-04"
    with pytest.raises(ColumnProblem):
        read_records(path)


def test_numbers_that_can_be_two_things_are_asked_about(tmp_path: Path) -> None:
    rows = [("DESA", "PU", "BPU"), ("Hajak", "1.234", "1,5"), ("Liju", "2.000", "3")]
    path = write_text(tmp_path / "a.csv", rows, separator=";")
    (question,) = read(path).questions
    assert (question.column, question.options) == ("PU", {"id": "1234", "en": "1.234"})
    answered = read(path, styles={"PU": "id"})
    assert answered.tally.rejected == {"bad_count": 1}
    assert answered.records["people"].sum() == 2003


def test_a_mapping_is_remembered_by_the_shape_of_the_file(tmp_path: Path) -> None:
    header = ("Nomor", "Tempat", "Kec", "Gol", "Ket")
    first = write_text(tmp_path / "a.csv", [header, plain_row(1)])
    second = write_text(tmp_path / "b.csv", [[f" {h.upper()} " for h in header], plain_row(2)])
    chosen = {"Nomor": "identity", "Tempat": "village", "Ket": "status"}
    mapped = read(first, mapping=chosen)
    assert mapped.tally.candidates == 1
    assert mapped.fingerprint == read(second, mapping={"TEMPAT": "village"}).fingerprint
    assert read(first, mapping=mapped.mapping).columns == mapped.columns


@pytest.mark.parametrize("mapping", [{"NIX": "village"}, {"NIK": "person"}])
def test_a_mapping_that_does_not_fit_is_refused(tmp_path: Path, mapping: dict[str, str]) -> None:
    with pytest.raises(ColumnProblem, match="fits no column"):
        read(write_text(tmp_path / "a.csv", [PLAIN, *ROWS]), mapping=mapping)


def test_one_role_for_two_columns_is_refused(tmp_path: Path) -> None:
    chosen = {"DESA": "village", "KECAMATAN": "village"}
    with pytest.raises(ColumnProblem, match="two columns"):
        read(write_text(tmp_path / "a.csv", [PLAIN, *ROWS]), mapping=chosen)


@pytest.mark.parametrize(
    ("header", "missing"), [(("NAMA", "DESA"), "NIK"), (("NIK", "NAMA"), "DESA")]
)
def test_a_table_without_people_or_places_is_refused(
    tmp_path: Path, header: tuple[str, str], missing: str
) -> None:
    path = write_text(tmp_path / "a.csv", [header, ("x", "y"), ("z", "q")])
    with pytest.raises(ColumnProblem, match=f"lacks the column {missing}"):
        read(path)


def test_progress_runs_forward_to_the_end(tmp_path: Path) -> None:
    told: list[float] = []
    read(
        write_text(tmp_path / "a.csv", [PLAIN, *ROWS]),
        progress=lambda step, done: told.append(done),
    )
    assert told == sorted(told)
    assert told[-1] == 1


def test_a_number_of_thousands_of_digits_under_the_header_is_a_cell(tmp_path: Path) -> None:
    path = tmp_path / "workers_2024-10.csv"
    path.write_text(f"NIK,DESA,SEGMEN,STATUS\n{'9' * 5000},Hajak,BPU,AKTIF\n", encoding="utf-8")
    assert read_enrolment(path).tally.rejected == {"damaged_identity": 1}
