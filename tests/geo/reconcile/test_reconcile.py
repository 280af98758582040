"""Who of two lists is the same person: by number, by likelihood, and when it stays a question."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from people import (
    CANDIDATES,
    ENROLLED,
    HEAD,
    MEMBERS,
    candidate,
    find_secrets,
    member,
    nik,
    write_lists,
)
from sheet_factories import write_text

from bench.people_pairs import draw_lists
from geo.core.errors import ColumnProblem
from geo.core.i18n import Language
from geo.gazetteer.places import read_place_names
from geo.measures.dataset import build_gazetteer
from geo.reconcile.lists import SIPP, write_list
from geo.reconcile.match import match_people
from geo.reconcile.reconcile import Reconciliation, count_outcomes, reconcile_files

ROOT = Path(__file__).parents[3]
NAMES = read_place_names()
HERE = build_gazetteer(NAMES[NAMES.index.str.startswith("62.05") | (NAMES.index == "62")])
Rows = Sequence[tuple[str, ...]]


def reconcile(folder: Path, candidates: Rows, enrolled: Rows) -> Reconciliation:
    return reconcile_files(
        write_text(folder / "a.csv", [HEAD, *candidates]),
        write_text(folder / "b.csv", [MEMBERS, *enrolled]),
        HERE,
    )


def outcomes(found: Reconciliation) -> list[tuple[str, str]]:
    return list(found.people[["outcome", "how"]].itertuples(index=False, name=None))


def test_each_candidate_is_covered_not_covered_or_to_be_checked(tmp_path: Path) -> None:
    found = reconcile(tmp_path, CANDIDATES, ENROLLED)
    assert outcomes(found) == [
        ("covered", "nik"),
        ("covered", "likely"),
        ("covered", "likely"),
        ("not_covered", ""),
        ("not_covered", "inactive"),
        ("not_covered", ""),
    ]
    assert (found.enrolled, found.active) == (5, 4)
    counts = count_outcomes(found.people, "subdistrict")
    assert counts.loc["62.05.07"].to_dict() == {
        "candidates": 6,
        "covered": 3,
        "not_covered": 3,
        "check": 0,
    }
    by_village = count_outcomes(found.people)
    assert by_village["candidates"].sum() == 6
    assert set(by_village.index.get_level_values("segment")) == {"pekerja_rentan"}


def test_a_number_under_another_name_and_birth_is_a_question(tmp_path: Path) -> None:
    theirs = member(1, "MARKUS ELANG", NIK=nik(1), **{"TGL LAHIR": "01-01-1960"})
    found = reconcile(tmp_path, [candidate(1, "SITI AMINAH")], [theirs])
    assert outcomes(found) == [("check", "nik_differs")]


def test_a_card_number_stands_in_for_a_lost_identity(tmp_path: Path) -> None:
    head = ("NO KPJ", "NAMA", "TGL LAHIR", "DESA", "KECAMATAN")
    rows = [("70000000001", "SITI AMINAH", "15-03-1990", "Hajak", "Teweh Baru")]
    mine = write_text(tmp_path / "a.csv", [head, *rows])
    theirs = write_text(tmp_path / "b.csv", [MEMBERS, member(1, "SITI AMINAH", NIK="-")])
    assert outcomes(reconcile_files(mine, theirs, HERE)) == [("covered", "card")]


def test_nobody_goes_to_two_candidates(tmp_path: Path) -> None:
    mine = [candidate(1, "SITI AMINAH", NIK=""), candidate(1, "SITI AMINAH", NIK="")]
    found = reconcile(tmp_path, mine, [member(1, "SITI AMINAH")])
    assert [outcome for outcome, _ in outcomes(found)].count("covered") == 0
    assert "check" in found.people["outcome"].tolist()


def test_twins_are_two_people(tmp_path: Path) -> None:
    found = reconcile(tmp_path, [candidate(7, "HASAN BASRI")], [member(8, "HUSIN BASRI")])
    assert found.people["outcome"].tolist() != ["covered"]


def test_who_stands_in_the_list_twice_counts_once(tmp_path: Path) -> None:
    mine = [candidate(1, "SITI AMINAH"), candidate(1, "SITI AMINAH")]
    found = reconcile(tmp_path, mine, [member(9, "X Y")])
    assert found.people["repeated"].tolist() == [False, True]
    assert count_outcomes(found.people)["candidates"].sum() == 1


def test_a_list_without_anything_that_tells_people_apart_is_refused(tmp_path: Path) -> None:
    path = write_text(tmp_path / "a.csv", [("DESA", "KECAMATAN"), ("Hajak", "Teweh Baru")])
    with pytest.raises(ColumnProblem, match="no column that tells people apart"):
        reconcile_files(path, path, HERE)


def test_the_list_has_the_columns_of_the_upload_form(tmp_path: Path) -> None:
    found = reconcile(tmp_path, CANDIDATES, ENROLLED)
    body = write_list(found.people, "not_covered", "62.05.07", NAMES, Language("id"))
    sheet = openpyxl.load_workbook(io.BytesIO(body)).active
    head, *rows = sheet.iter_rows(values_only=True)
    assert head[: len(SIPP)] == SIPP
    ruth = dict(zip(head, rows[[row[0] for row in rows].index("RUTH")], strict=True))
    assert ruth["NAMA_BELAKANG"] == "CENDRAWASIH"
    assert ruth["NOMOR_IDENTITAS"] == nik(4, "25-04-1974")
    assert ruth["TANGGAL_LAHIR"] == "25-04-1974"
    assert ruth["LOKASI_PEKERJAAN"] == "6205"
    assert ruth["Desa"] == NAMES[found.people["village"][3]]
    assert len(rows) == 3


def test_precision_and_recall_on_lists_with_faults() -> None:
    from geo.reconcile.people import read_people

    here = NAMES[NAMES.index.str.startswith("62.05.") & (NAMES.index.str.len() == 13)]
    above = here.index.str[:8].map(NAMES)
    lists = draw_lists(pd.DataFrame({"name": here.to_numpy(), "subdistrict": above}), scale=0.05)

    def people(table: pd.DataFrame) -> pd.DataFrame:
        from geo.core.files import Upload

        body = table.to_csv(index=False).encode()
        return read_people(Upload("a.csv", body), HERE).table

    mine, theirs = people(lists.candidates), people(lists.enrolled)
    found = match_people(mine, theirs)
    truth = lists.truth[mine["row"] - 2]
    partner = (theirs["row"].to_numpy() - 2)[found["partner"]]
    covered = (found["outcome"] == "covered").to_numpy()
    right = covered & (partner == truth)
    assert right.sum() / covered.sum() >= 0.998
    assert right.sum() / (truth >= 0).sum() >= 0.975


def test_no_identity_is_left_on_disk_in_a_cache_or_in_what_is_said(tmp_path: Path) -> None:
    """The whole command, in folders of its own: what it leaves and says is searched."""
    given, left = tmp_path / "given", tmp_path / "left"
    candidates, enrolled = write_lists(given)
    for name in ("tmp", "home", "cache", "work"):
        (left / name).mkdir(parents=True)
    environment = os.environ | {
        "TMPDIR": str(left / "tmp"),
        "HOME": str(left / "home"),
        "XDG_CACHE_HOME": str(left / "cache"),
        "PYTHONPATH": str(ROOT),
    }
    words = ("reconcile", str(candidates), str(enrolled), "--out", str(left / "counts.csv"))
    done = subprocess.run(
        [sys.executable, "-m", "geo", *words, "--lang", "en"],
        cwd=left / "work", env=environment, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    assert b"not covered" in done.stdout
    assert (left / "counts.csv").is_file()
    assert any((left / "cache").rglob("*.parquet"))
    files = [path for path in left.rglob("*") if path.is_file()]
    said = {path.name: path.read_bytes() for path in files} | {"-": done.stdout + done.stderr}
    assert find_secrets(said) == set()
