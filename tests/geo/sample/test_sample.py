"""The sample: the same bytes again, the published totals, the promised faults.

Everything is counted here with plain pandas, so that a fault in the importer
cannot hide one in the sample.
"""

from __future__ import annotations

import gzip
import re
import zlib
from pathlib import Path

import pandas as pd
import pytest

from geo.sample.records import write_sample

ROOT = Path(__file__).parents[3]
SAMPLE = ROOT / "data" / "enrolment"
BUDGET = {"perangkatdesa": 888, "rtrw": 674, "bpd": 284, "nonasn": 3842, "pekerjarentan": 15330}
PEOPLE = {"2022-10": 40559, "2023-04": 43129, "2023-10": 45700, "2024-04": 48156, "2024-10": 49356}
ELIGIBLE = 57125
PREFIX = re.compile(r"^(desa|ds|kelurahan|kel|kecamatan|kec)\b\W*")


def read_rows(period: str) -> pd.DataFrame:
    path = SAMPLE / f"workers_{period}.csv.gz"
    return pd.read_csv(path, dtype="str", keep_default_na=False)


def plain(name: str) -> str:
    return " ".join(re.sub(r"\W+", " ", PREFIX.sub("", name.strip().lower())).split())


def resolve(rows: pd.DataFrame, villages: pd.DataFrame) -> pd.Series:
    """Dotted code of each row: its code, else its names; empty if neither will do."""
    by_name = {
        (plain(district), plain(name)): code
        for code, name, district in zip(
            villages.index, villages["name"], villages["subdistrict"], strict=True
        )
    }
    assert len(by_name) == 103
    names = zip(rows["KECAMATAN"].map(plain), rows["DESA"].map(plain), strict=True)
    named = pd.Series([by_name.get(pair, "") for pair in names], index=rows.index)
    digits = rows["KODE_DESA"].str.replace(".", "")
    dotted = digits.str.replace(r"(..)(..)(..)(....)", r"\1.\2.\3.\4", regex=True)
    return dotted.where(digits != "", named)


def count_active(rows: pd.DataFrame) -> pd.DataFrame:
    """Active rows with an identity of exactly 16 digits after stripping spaces."""
    identity = rows["NIK"].str.strip()
    good = identity.str.fullmatch(r"\d{16}") & (rows["STATUS"] == "AKTIF")
    segment = rows["SEGMEN"].str.lower().str.replace(r"[^a-z]", "", regex=True)
    return rows.assign(identity=identity, segment=segment)[good]


@pytest.fixture(scope="module")
def newest() -> pd.DataFrame:
    return read_rows("2024-10")


@pytest.fixture(scope="module")
def villages() -> pd.DataFrame:
    boundaries = ROOT / "data" / "boundaries"
    regions = pd.read_csv(boundaries / "places.csv.gz", dtype="str").set_index("code")["name"]
    places = pd.read_csv(boundaries / "barito_utara_gazetteer.csv", dtype="str").set_index("code")
    return places.assign(subdistrict=places["parent_code"].map(regions))


@pytest.fixture(scope="module")
def active(newest: pd.DataFrame, villages: pd.DataFrame) -> pd.DataFrame:
    rows = count_active(newest)
    begin = pd.to_datetime(rows["TANGGAL_KEPESERTAAN"], format="%d-%m-%Y")
    return rows.assign(code=resolve(rows, villages), begin=begin)


@pytest.fixture(scope="module")
def enrolled(active: pd.DataFrame) -> pd.Series:
    """Distinct people a village; of two villages the one with the later start counts."""
    last = active.sort_values("begin", kind="stable").drop_duplicates("identity", keep="last")
    return last[last["code"] != ""].groupby("code").size()


@pytest.fixture(scope="module")
def eligible() -> pd.DataFrame:
    return pd.read_csv(SAMPLE / "eligible.csv", dtype={"code": "str"})


@pytest.fixture(scope="module")
def rates(enrolled: pd.Series, eligible: pd.DataFrame) -> pd.Series:
    people = eligible.groupby("code")["eligible"].sum()
    return enrolled.reindex(people.index).fillna(0) / people


@pytest.fixture(scope="module")
def again(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample") / "new" / "enrolment"
    told: list[str] = []
    written = write_sample(folder, progress=told.append)
    assert told == [path.name for path in written]
    assert all(path.parent == folder for path in written)
    return folder


# ---- the same again, and small ----


def test_regeneration_gives_the_committed_files(again: Path) -> None:
    made = {path.name for path in again.iterdir()}
    assert made == {path.name for path in SAMPLE.iterdir()} - {"README.md"}
    for name in sorted(made):
        old, new = (SAMPLE / name).read_bytes(), (again / name).read_bytes()
        if name.endswith(".gz"):
            old, new = gzip.decompress(old), gzip.decompress(new)
        assert old == new, name


@pytest.mark.skipif("ng" in zlib.ZLIB_RUNTIME_VERSION, reason="zlib-ng compresses differently")
def test_compressed_bytes_are_the_same_too(again: Path) -> None:
    for path in sorted(again.glob("*.gz")):
        assert path.read_bytes() == (SAMPLE / path.name).read_bytes(), path.name


def test_gzip_header_holds_neither_time_nor_name(again: Path) -> None:
    for path in again.glob("*.gz"):
        assert path.read_bytes()[3:8] == bytes(5)


def test_text_is_utf8_with_plain_newlines() -> None:
    for path in SAMPLE.glob("*.csv*"):
        raw = path.read_bytes()
        text = gzip.decompress(raw) if path.suffix == ".gz" else raw
        assert b"\r" not in text
        assert text.decode("utf-8").endswith("\n")


def test_sample_stays_under_three_megabytes() -> None:
    assert sum(path.stat().st_size for path in SAMPLE.iterdir()) < 3_000_000


# ---- totals ----


@pytest.mark.parametrize("period", PEOPLE)
def test_people_of_each_period(period: str) -> None:
    rows = count_active(read_rows(period))
    assert rows["identity"].nunique() == PEOPLE[period]
    assert set(rows["PERIODE"]) == {period}


def test_coverage_is_exactly_the_published_one(eligible: pd.DataFrame) -> None:
    assert eligible["eligible"].sum() == ELIGIBLE
    assert PEOPLE["2024-10"] * 1000 == ELIGIBLE * 864


def test_budget_segments_have_their_published_people(active: pd.DataFrame) -> None:
    people = active.groupby("segment")["identity"].nunique()
    assert people[list(BUDGET)].to_dict() == BUDGET
    assert set(people.index) == {*BUDGET, "pu", "bpu", "jakon"}


def test_nobody_is_paid_for_twice_by_the_budget(active: pd.DataFrame) -> None:
    paid = active[active["segment"].isin(BUDGET)]
    assert paid["identity"].nunique() == 21018
    assert paid.groupby("identity")["segment"].nunique().max() == 1


def test_some_hundred_people_have_two_segments(active: pd.DataFrame) -> None:
    segments = active.groupby("identity")["segment"].nunique()
    assert 300 <= (segments == 2).sum() <= 600
    assert segments.max() == 2


def test_most_people_stay_from_file_to_file(active: pd.DataFrame) -> None:
    first = set(count_active(read_rows("2022-10"))["identity"])
    assert 0.95 < len(first & set(active["identity"])) / len(first) < 1


def test_vulnerable_workers_grow_most(active: pd.DataFrame) -> None:
    first = count_active(read_rows("2022-10")).groupby("segment")["identity"].nunique()
    grown = active.groupby("segment")["identity"].nunique() - first
    assert grown.idxmax() == "pekerjarentan"


def test_start_is_never_after_the_period() -> None:
    for period in PEOPLE:
        begins = pd.to_datetime(
            count_active(read_rows(period))["TANGGAL_KEPESERTAAN"], format="%d-%m-%Y"
        )
        assert begins.max() < pd.Timestamp(period) + pd.DateOffset(months=1)


# ---- places ----


def test_33_people_are_known_by_subdistrict_only(
    active: pd.DataFrame, villages: pd.DataFrame
) -> None:
    lost = active[active["code"] == ""]
    assert lost["identity"].nunique() == 33
    assert 33 < len(lost) < 45
    assert lost.loc[lost["DESA"] == "-", "identity"].nunique() == 4
    assert set(lost["KECAMATAN"].map(plain)) <= set(villages["subdistrict"].map(plain))
    found = active[active["code"] != ""]
    assert not set(found["identity"]) & set(lost["identity"])


def test_codes_and_names_never_contradict(active: pd.DataFrame, villages: pd.DataFrame) -> None:
    coded = active[active["KODE_DESA"] != ""]
    assert (resolve(coded.assign(KODE_DESA=""), villages) == coded["code"]).all()
    assert coded["code"].isin(villages.index).all()


def test_codes_are_dotted_undotted_or_blank(newest: pd.DataFrame) -> None:
    share = newest["KODE_DESA"].str.len().value_counts(normalize=True)
    assert share[[13, 10, 0]].tolist() == pytest.approx([0.70, 0.15, 0.15], abs=0.03)


def test_moved_people_have_two_villages_and_two_dates(active: pd.DataFrame) -> None:
    places = active.groupby("identity")["code"].nunique()
    moved = active[active["identity"].isin(places.index[places > 1])]
    assert (places > 1).sum() == 60
    first = moved.drop_duplicates(["identity", "code"])
    assert first.groupby("identity")["begin"].nunique().min() == 2


def test_three_villages_exceed_their_eligible_people(rates: pd.Series) -> None:
    over = rates[rates > 1]
    assert set(over.index) == {"62.05.01.2009", "62.05.07.2007", "62.05.08.2007"}
    assert over.between(1.03, 1.12).all()


def test_one_village_has_no_row_and_one_no_denominator(
    newest: pd.DataFrame, enrolled: pd.Series, rates: pd.Series, villages: pd.DataFrame
) -> None:
    assert set(villages.index) - set(enrolled.index) == {"62.05.06.2021"}
    assert not (resolve(newest, villages) == "62.05.06.2021").any()
    assert set(villages.index) - set(rates.index) == {"62.05.05.2025"}
    assert enrolled["62.05.05.2025"] > 0


def test_every_policy_class_has_villages(rates: pd.Series) -> None:
    known = rates[rates > 0]
    classes = pd.cut(known, [0, 0.50, 0.65, 0.80, 0.95, 1.0], right=False).value_counts()
    assert classes.min() >= 3


def test_rates_fall_towards_the_remote_east(rates: pd.Series) -> None:
    assert rates[["62.05.05.1013", "62.05.05.1014"]].min() > 0.90
    assert rates[rates.index.str.startswith("62.05.03")].max() < 0.75


def test_officers_and_councils_exist_in_desa_only(
    active: pd.DataFrame, villages: pd.DataFrame
) -> None:
    officers = active[active["segment"].isin(["perangkatdesa", "bpd"]) & (active["code"] != "")]
    assert set(villages.loc[officers["code"].unique(), "kind"]) == {"desa"}


def test_eligible_rows_are_one_a_village_and_segment(eligible: pd.DataFrame) -> None:
    assert not eligible.duplicated(["code", "segment"]).any()
    assert len(eligible) == 102 * 8
    assert eligible["eligible"].dtype == "int64"
    assert eligible["eligible"].min() == 0


# ---- nobody real, and the promised faults ----


def test_every_identity_begins_with_99() -> None:
    for period in PEOPLE:
        rows = read_rows(period)
        people = rows[~rows["PERIODE"].isin(["", "PERIODE", "TOTAL", "JUMLAH"])]
        identities = people.loc[~people["NIK"].isin(["", "-"]), "NIK"]
        assert identities.str.fullmatch(r"99\d{14}( *|\.0)|9\.9\d+E\+15").all()


def test_columns_hold_no_name_address_or_wage(newest: pd.DataFrame) -> None:
    expected = "PERIODE NIK KODE_DESA DESA KECAMATAN SEGMEN PROGRAM STATUS TANGGAL_KEPESERTAAN"
    assert list(newest.columns) == expected.split()


def test_faults_of_the_newest_file(newest: pd.DataFrame) -> None:
    blank = (newest == "").all(axis=1)
    header = newest["PERIODE"] == "PERIODE"
    total = newest["PERIODE"] == "JUMLAH"
    rows = newest[~(blank | header | total)]
    identity = rows["NIK"].str.strip()
    assert (blank.sum(), header.sum(), total.sum(), total.iloc[-1]) == (6, 2, 1, True)
    assert identity.isin(["", "-"]).sum() == 45
    assert (~identity.str.fullmatch(r"\d{16}|-?")).sum() == 25
    assert 235 <= rows.duplicated().sum() <= 245
    assert (rows["NIK"] != identity).mean() == pytest.approx(0.02, abs=0.005)


def test_inactive_people_are_an_eighth_more(newest: pd.DataFrame, active: pd.DataFrame) -> None:
    identity = newest["NIK"].str.strip()
    inactive = newest["STATUS"].eq("NONAKTIF") & identity.str.fullmatch(r"\d{16}")
    people, members = set(identity[inactive]), set(active["identity"])
    assert len(people - members) / len(members) == pytest.approx(0.12, abs=0.005)
    assert len(people & members) == 80


# ---- the tables beside ----


def test_programme_holds_the_published_figures() -> None:
    table = pd.read_csv(SAMPLE / "programme.csv", dtype="str").set_index("item")
    assert table.index.is_unique
    assert table.loc["coverage_published", "value"] == "0.8640"
    assert table.loc["budget", "value"] == "4972965376"
    assert table.loc["claims_amount", "value"] == "1154341770"
    paid = table.loc[table.index.str.startswith("workers_paid_"), "value"].astype("int64")
    assert paid.pop("workers_paid_total") == paid.sum() == 21018


def test_contributions_price_every_segment(eligible: pd.DataFrame) -> None:
    table = pd.read_csv(SAMPLE / "contributions.csv")
    assert set(table["segment"]) == set(eligible["segment"])
    assert (table["monthly_idr"].notna() ^ table["percent_of_wage"].notna()).all()
    bpu = table[table["segment"] == "bpu"].set_index("programme")["monthly_idr"]
    assert bpu[["JKK", "JKM"]].sum() == 16800
    assert bpu.sum() == 36800
