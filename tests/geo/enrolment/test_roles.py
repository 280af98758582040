"""Roles of columns: guessed from headers and content, shown masked, remembered by shape."""

from __future__ import annotations

import pyarrow as pa
import pytest
from factories import an_identity

from geo.core.errors import ColumnProblem
from geo.enrolment.grid import Grid, Table, column_letter
from geo.enrolment.roles import apply_mapping, column_names, find_form, guess_columns, masked
from geo.enrolment.vocabulary import fingerprint, normal_header


def a_table(**columns: list[str]) -> Table:
    height = len(next(iter(columns.values())))
    arrays = tuple(pa.array(cells, pa.string()) for cells in columns.values())
    grid = Grid(arrays, pa.array(range(2, height + 2)).to_numpy())
    return Table("a.csv", "", tuple(columns), grid, 1)


def guess(**columns: list[str]) -> list[str]:
    return [column.mapped for column in guess_columns(a_table(**columns))]


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("Nama Desa/Kelurahan", "village"),
        ("KELURAHAN DOMISILI", "village"),
        ("Kec.", "subdistrict"),
        ("KABUPATEN/KOTA", "regency"),
        ("Provinsi", "province"),
        ("ALAMAT KTP", "address"),
        ("ALAMAT PERUSAHAAN", "ignored"),
        ("KODE DESA", "code"),
        ("No. KTP", "identity"),
        ("JENIS_IDENTITAS", "identity_kind"),
        ("SEGMEN KEPESERTAAN", "segment"),
        ("STATUS_PEGAWAI", "ignored"),
        ("STATUS_KAWIN", "ignored"),
        ("JENIS KELAMIN", "ignored"),
        ("TGL_LAHIR", "ignored"),
        ("Nama Tenaga Kerja", "ignored"),
        ("UPAH", "ignored"),
        ("KODE_POS", "ignored"),
        ("LOKASI_PEKERJAAN", "ignored"),
    ],
)
def test_headers_of_real_files(header: str, role: str) -> None:
    assert guess(**{header: ["62.05.01.1001", "Hajak"]}) == [role]


def test_a_header_whose_content_contradicts_is_ignored() -> None:
    assert guess(STATUS=["K", "TK"], KODE=["A1", "B2"], DESA=["123", "456"]) == ["ignored"] * 3


def test_counts_beside_identities_are_no_counts() -> None:
    assert guess(NIK=[an_identity(1)], DESA=["Hajak"], JUMLAH=["3"])[2] == "ignored"


def test_a_total_beside_its_parts_is_left_out_and_so_are_the_inactive() -> None:
    columns = {"PU": ["1"], "Jumlah BPU": ["2"], "PU Nonaktif": ["3"], "TOTAL": ["6"]}
    assert guess(DESA=["Hajak"], **columns) == [
        "village",
        "count:pu",
        "count:bpu",
        "ignored",
        "ignored",
    ]


@pytest.mark.parametrize(
    ("columns", "form"),
    [
        ({"NIK": [an_identity(1)], "DESA": ["Hajak"]}, "workers"),
        ({"DESA": ["Hajak"], "JUMLAH": ["3"]}, "counts"),
        ({"DESA": ["Hajak"], "Perangkat Desa": ["3"], "RT/RW": ["4"]}, "wide"),
        ({"DESA": ["Hajak"], "NAMA": ["A"]}, None),
    ],
)
def test_the_form_of_a_table(columns: dict[str, list[str]], form: str | None) -> None:
    assert find_form(guess_columns(a_table(**columns))) == form


def test_examples_show_no_identity_and_nothing_personal() -> None:
    columns = guess_columns(
        a_table(
            NIK=[an_identity(12)],
            NAMA=["SITI AMINAH"],
            ALAMAT=["Jl. Melati 3, Kel. Hajak, Kec. Montallat"],
            DESA=["Hajak"],
        )
    )
    shown = [column.examples for column in columns]
    assert shown == [("••••••••••••••12",), ("•••",), ("… Kel. Hajak, Kec. Montallat",), ("Hajak",)]


def test_a_long_number_is_masked_in_any_role() -> None:
    assert masked(f"RT {an_identity(1)}", "village") == "RT …"
    assert an_identity(1) not in masked(f"Desa {an_identity(1)}", "address")


def test_a_chosen_role_leaves_the_column_it_was_guessed_for() -> None:
    columns = guess_columns(a_table(DESA=["Hajak"], TEMPAT=["Liju"], PU=["3"]))
    changed = apply_mapping(columns, {"TEMPAT": "village"})
    assert [column.mapped for column in changed] == ["ignored", "village", "count:pu"]
    again = apply_mapping(columns, {column.name: column.mapped for column in changed})
    assert again == changed


def test_exits_are_known_by_their_headers() -> None:
    with pytest.raises(ColumnProblem, match="SEBAB_NA"):
        guess(KPJ=["12345678901"], NAMA=["A"], SEBAB_NA=["1"], TGL_KEJADIAN=["x"])


def test_names_of_columns_are_unique() -> None:
    assert column_names(("A", "A", "", "")) == ["A", "A (B)", "(C)", "(D)"]
    assert [column_letter(at) for at in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_files_of_one_shape_share_a_fingerprint() -> None:
    assert fingerprint(["Jenis  Kelamin", "NIK"]) == fingerprint(["JENIS_KELAMIN", "nik "])
    assert fingerprint(["NIK", "JENIS_KELAMIN"]) != fingerprint(["JENIS_KELAMIN", "NIK"])
    assert normal_header("Nama Desa/Kel.") == "nama_desa_kel"
