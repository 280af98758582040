"""``geo count``: months are added without counting the others again, and nobody can be told."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from engine_servers import need_spark
from typer.testing import CliRunner, Result

from bench.make_records import write_records
from geo.cli.main import app
from geo.core.errors import ColumnProblem
from geo.core.segments import parse_combination
from geo.counting.columns import find_columns
from geo.counting.count import Counts
from geo.counting.period_partitions import find_files
from geo.workspace.periods import Workspace


def run(*words: object) -> Result:
    return CliRunner().invoke(app, ["count", *map(str, words), "--lang", "en"])


@pytest.fixture(scope="module")
def months(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("records")
    write_records(folder, 600, periods=2, files=2)
    return folder


def test_every_period_becomes_a_table_of_counts(months: Path, tmp_path: Path) -> None:
    done = run(months, "--out", tmp_path / "counts", "--workspace", tmp_path / "saved")
    assert done.exit_code == 0, done.output
    saved: Counts = Workspace(tmp_path / "saved").read_counts()
    for period, people in saved.people.groupby("period"):
        written = pd.read_parquet(tmp_path / "counts" / f"period={period}" / "counts.parquet")
        assert written["people"].sum() == people["people"].sum() > 0
        rows = pd.read_csv(tmp_path / "counts" / f"period={period}" / "rows.csv", index_col=0)
        assert rows.to_numpy().sum() == 300


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_spark_reads_several_files(months: Path, tmp_path: Path) -> None:
    month = months / "period=2024-12"
    for engine, folder in (("duckdb", "a"), (need_spark(), "b")):
        done = run(month, "--engine", engine, "--out", tmp_path / folder)
        assert done.exit_code == 0, done.output
    embedded, spark = (
        pd.read_parquet(tmp_path / folder / "period=2024-12" / "counts.parquet")
        for folder in ("a", "b")
    )
    pd.testing.assert_frame_equal(spark, embedded)


def test_periods_counted_at_one_go_are_saved_at_one_go(months: Path, tmp_path: Path) -> None:
    records = pd.concat(
        pd.read_parquet(folder).assign(period=folder.name.removeprefix("period="))
        for folder in sorted(months.iterdir())
    )
    records.to_parquet(tmp_path / "records.parquet")
    done = run(tmp_path / "records.parquet", "--workspace", tmp_path / "saved")
    assert done.exit_code == 0, done.output
    saved = Workspace(tmp_path / "saved").describe("2024-11")
    assert saved.together == ("2024-11", "2024-12")


def test_a_new_month_leaves_the_others_alone(months: Path, tmp_path: Path) -> None:
    first = months / "period=2024-11" / "*.parquet"
    assert run(first, "--out", tmp_path).exit_code == 0
    before = (tmp_path / "period=2024-11" / "counts.parquet").stat()
    done = run(months, "--out", tmp_path)
    assert "2024-11: counted before" in done.output
    assert "Saved 2024-12" in done.output
    assert (tmp_path / "period=2024-11" / "counts.parquet").stat() == before


def test_another_source_does_not_overwrite_a_period(months: Path, tmp_path: Path) -> None:
    one, other = sorted((months / "period=2024-12").iterdir())
    assert run(one, "--out", tmp_path).exit_code == 0
    before = (tmp_path / "period=2024-12" / "counts.parquet").read_bytes()
    done = run(other, "--out", tmp_path)
    assert done.exit_code == 1
    assert "has 2024-12 from" in done.output
    assert (tmp_path / "period=2024-12" / "counts.parquet").read_bytes() == before
    assert "Saved 2024-12" in run(one, other, "--out", tmp_path).output


def test_no_identity_is_written(months: Path, tmp_path: Path) -> None:
    assert run(months, "--out", tmp_path).exit_code == 0
    identities = set(pd.read_parquet(months)["identity"])
    for file in tmp_path.rglob("*.*"):
        table = pd.read_parquet(file) if file.suffix == ".parquet" else None
        said = file.read_text() if table is None else table.to_csv()
        assert not any(identity in said for identity in identities)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--out", "x"], "Name either Parquet files"),
        (["nothing.parquet", "--out", "x"], "names no Parquet file"),
        (["--table", "t"], "Say where the counts go"),
        (["--table", "t", "--out", "x", "--engine", "oracle://x"], "no known engine"),
        (["--table", "t", "--out", "x"], "duckdb cannot count"),
    ],
)
def test_what_prevents_counting_is_one_sentence(
    words: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run(*words)
    assert done.exit_code == 1
    assert said in done.output
    assert len(done.output.strip().splitlines()) == 1


def test_columns_are_known_by_their_names() -> None:
    found = find_columns(["NIK", "Kode Desa", "TMT", "x"], {"x": "segment"})
    assert found == {"code": "Kode Desa", "identity": "NIK", "segment": "x", "start": "TMT"}
    with pytest.raises(ColumnProblem, match="identities and one of places"):
        find_columns(["NIK", "x"], {})


def test_files_of_a_folder_are_told_apart_by_period(months: Path) -> None:
    found = find_files([str(months)])
    assert {period: len(files) for period, files in found.items()} == {"2024-11": 2, "2024-12": 2}


def test_records_without_segments_are_asked_what_they_cover(tmp_path: Path) -> None:
    rows = {"nik": ["9962050000000001"], "kode_desa": ["62.05.01.1001"]}
    pd.DataFrame(rows).to_parquet(tmp_path / "records.parquet")
    words = (tmp_path / "records.parquet", "--period", "2024-10", "--workspace", tmp_path / "saved")
    refused = run(*words)
    assert refused.exit_code == 1
    assert "--covers all" in refused.output
    assert run(*words, "--covers", "pu,bpu", "--out", tmp_path / "out").exit_code == 0
    saved = Workspace(tmp_path / "saved")
    assert saved.read_counts().scopes == {"2024-10": ("pu", "bpu")}
    written = (tmp_path / "out" / "period=2024-10" / "about.json").read_text(encoding="utf-8")
    assert json.loads(written) == {"covers": ["pu", "bpu"]}
    assert run(*words, "--segment", "all").exit_code == 0
    assert saved.read_counts().scopes == {"2024-10": ()}


def test_the_segments_that_records_name_are_their_scope(months: Path, tmp_path: Path) -> None:
    assert run(months, "--workspace", tmp_path).exit_code == 0
    counts = Workspace(tmp_path).read_counts()
    for period, people in counts.people.groupby("period"):
        named = {s for c in people["combination"] for s in parse_combination(c)}
        assert set(counts.scopes[str(period)]) >= named - {""} > set()
