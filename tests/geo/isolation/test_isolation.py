"""Files from strangers are read in a process that is locked in, limited, and dies alone."""

from __future__ import annotations

import os
import socket
import sys
import threading
from pathlib import Path
from typing import Any

import isolation_probes
import pandas as pd
import pytest
from factories import HEADER, a_row, write_workers
from geopandas.testing import assert_geodataframe_equal
from layer_factories import big_2023
from sheet_factories import PLAIN, plain_row, write_xlsx

from geo.boundaries.layers import list_layers
from geo.boundaries.reading import guess_fields, read_boundaries
from geo.boundaries.shapes import CrsMissing
from geo.core.defaults import SAMPLE_ENROLMENT
from geo.core.errors import FileProblem, QueryProblem
from geo.core.files import Upload
from geo.core.segments import parse_scope
from geo.counting.count import count_people
from geo.enrolment.reading import ColumnMissing, EnrolmentReading, read_enrolment
from geo.gazetteer.aliases import ALIAS_COLUMNS
from geo.isolation.layer_tasks import list_layers_of
from geo.isolation.limits import Limits, list_missing_limits, parse_memory
from geo.isolation.process import run_isolated
from geo.isolation.queue import ReadingQueue
from geo.isolation.readers import IsolatedReaders
from geo.measures.dataset import Dataset

SAMPLE = SAMPLE_ENROLMENT / "workers_2024-10.csv.gz"
STYLES = {"TANGGAL_KEPESERTAAN": "dmy"}
LIMITS = Limits(1_000_000_000, 60)
linux_only = pytest.mark.skipif(
    bool(list_missing_limits()), reason=f"{sys.platform} cannot hold a process to these limits"
)


def run_probe(name: str, limits: Limits = LIMITS, **options: Any) -> Any:
    arguments = options.pop("arguments", {})
    return run_isolated(
        f"tests.support.isolation_probes:{name}",
        arguments,
        label="workers.xlsx",
        limits=limits,
        readable=[Path(isolation_probes.__file__)],
        **options,
    )


def assert_same(given: EnrolmentReading, expected: EnrolmentReading) -> None:
    for name, value in vars(expected).items():
        other = getattr(given, name)
        if isinstance(value, pd.DataFrame):
            pd.testing.assert_frame_equal(other, value)
        else:
            assert other == value, name


@pytest.fixture(scope="module")
def layer_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("layers") / "villages.gpkg"
    big_2023().to_file(path)
    return path


# ---- the same as in this process ----


def test_a_reading_is_the_same_as_in_this_process() -> None:
    steps: list[tuple[str, float | None]] = []
    readers = IsolatedReaders(LIMITS, lambda step, done: steps.append((step, done)))
    upload = Upload(SAMPLE.name, SAMPLE.read_bytes())
    assert_same(
        readers.read_enrolment(upload, styles=STYLES), read_enrolment(SAMPLE, styles=STYLES)
    )
    assert steps[-1] == ("Checking rows", 1.0)


@pytest.mark.parametrize("covers", ["all", "pu,bpu"])
def test_what_a_file_is_said_to_cover_goes_there_and_comes_back(covers: str) -> None:
    given = IsolatedReaders(LIMITS).read_enrolment(SAMPLE, styles=STYLES, covers=covers)
    assert given.covers == parse_scope(covers)
    assert_same(given, read_enrolment(SAMPLE, styles=STYLES, covers=covers))


def test_the_question_what_a_file_covers_comes_back(tmp_path: Path) -> None:
    header = [name for name in HEADER if name != "SEGMEN"]
    file = write_workers(tmp_path, [a_row(1)], header=header)
    given = IsolatedReaders(LIMITS).read_enrolment(file, styles=STYLES)
    assert [question.kind for question in given.questions] == ["segments"]
    assert_same(given, read_enrolment(file, styles=STYLES))
    with pytest.raises(QueryProblem, match="pu, names no segments"):
        IsolatedReaders(LIMITS).read_enrolment(file, styles=STYLES, covers="pu,")


def test_a_file_on_disk_is_read_where_it_lies() -> None:
    given = IsolatedReaders(LIMITS).read_enrolment(SAMPLE, styles=STYLES)
    assert_same(given, read_enrolment(SAMPLE, styles=STYLES))


def test_roles_confirmed_before_are_used() -> None:
    shape = read_enrolment(SAMPLE, styles=STYLES).fingerprint
    roles = {shape: {"STATUS": "ignored"}}
    reading = IsolatedReaders(LIMITS).read_enrolment(SAMPLE, remembered=roles, styles=STYLES)
    assert {c.name: c.role for c in reading.columns}["STATUS"] == "ignored"


def test_counts_are_the_same_as_in_this_process(sample: Dataset) -> None:
    reading = read_enrolment(SAMPLE, styles=STYLES)
    aliases = pd.DataFrame(columns=list(ALIAS_COLUMNS), dtype="str")
    given = IsolatedReaders(LIMITS).count_people(reading, sample.gazetteer, aliases)
    expected = count_people(reading.records, sample.gazetteer, aliases=aliases)
    for name in ("people", "rows", "matches", "unmatched"):
        pd.testing.assert_frame_equal(getattr(given, name), getattr(expected, name))
    for name in ("moved", "claimed"):
        pd.testing.assert_series_equal(getattr(given, name), getattr(expected, name))
    assert given.synthetic == expected.synthetic
    assert len(expected.scopes["2024-10"]) > 1
    assert given.scopes == expected.scopes
    assert given.trace is not None
    assert expected.trace is not None
    pd.testing.assert_frame_equal(given.trace.rows, expected.trace.rows)
    pd.testing.assert_frame_equal(given.trace.places, expected.trace.places)


def test_a_missing_column_comes_with_what_there_is_to_choose_among() -> None:
    upload = Upload("workers.csv", b"NIK;NAMA JALAN\n9962050000000001;x\n9962050000000002;y\n")
    with pytest.raises(ColumnMissing) as caught:
        IsolatedReaders(LIMITS).read_enrolment(upload)
    assert caught.value.roles == ("village", "code")
    assert [column.name for column in caught.value.outline.columns] == ["NIK", "NAMA JALAN"]


def test_a_layer_is_the_same_as_in_this_process(layer_file: Path) -> None:
    readers, files = IsolatedReaders(LIMITS), [Upload(layer_file.name, layer_file.read_bytes())]
    assert readers.list_layers(files) == list_layers(layer_file)
    assert readers.guess_fields(files) == guess_fields(layer_file)
    given, expected = readers.read_boundaries(files), read_boundaries(layer_file)
    assert_geodataframe_equal(given.villages, expected.villages)
    assert_geodataframe_equal(given.unmatched, expected.unmatched)
    assert given.source == expected.source
    assert given.audit.notes == expected.audit.notes
    pd.testing.assert_frame_equal(given.audit.events, expected.audit.events)


def test_a_layer_without_coordinate_system_suggests_one(tmp_path: Path) -> None:
    path = tmp_path / "villages.gpkg"
    with pytest.warns(UserWarning, match="'crs' was not provided"):
        big_2023().set_crs(None, allow_override=True).to_file(path)
    with pytest.raises(CrsMissing) as caught:
        IsolatedReaders(LIMITS).read_boundaries([Upload(path.name, path.read_bytes())])
    assert caught.value.suggestion == "EPSG:4326"
    assert str(caught.value).startswith("villages.gpkg does not say")


@pytest.mark.parametrize("name", ["workers.xlsx", "villages.gpkg"])
def test_a_table_of_people_given_as_boundaries_is_not_written_anywhere(
    name: str, tmp_path: Path
) -> None:
    path = write_xlsx(tmp_path / "workers.xlsx", {"Data": [PLAIN, plain_row(1)]})
    with pytest.raises(FileProblem, match="cannot be read as boundaries"):
        list_layers_of({name: path.read_bytes()}, str(tmp_path / "none"), print, paths=[])


@pytest.mark.parametrize("name", ["..", "a/..", "x" * 300 + ".gpkg", "nul\0.gpkg"])
def test_an_upload_is_written_into_the_folder_whatever_it_is_called(
    name: str, layer_file: Path, tmp_path: Path
) -> None:
    list_layers_of({name: layer_file.read_bytes()}, str(tmp_path), print, paths=[])
    assert [path.is_file() for path in tmp_path.iterdir()] == [True]


def test_a_file_given_twice_is_refused(layer_file: Path) -> None:
    upload = Upload(layer_file.name, layer_file.read_bytes())
    with pytest.raises(FileProblem, match="was given twice"):
        IsolatedReaders(LIMITS).list_layers([upload, upload])


# ---- locked in ----


@linux_only
def test_no_file_is_read_but_those_given(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("planted", encoding="utf-8")
    with pytest.raises(FileProblem, match="PermissionError"):
        run_probe("read_file", arguments={"path": secret})
    given = run_isolated(
        "tests.support.isolation_probes:read_file",
        {"path": secret},
        label="secret.txt",
        limits=LIMITS,
        readable=[secret, Path(isolation_probes.__file__)],
    )
    assert given == "planted"


@linux_only
def test_no_file_is_written_outside_the_folder_of_the_reading(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="PermissionError"):
        run_probe("write_file", arguments={"path": tmp_path / "planted"})
    assert list(tmp_path.iterdir()) == []


@linux_only
def test_nobody_is_called() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.settimeout(0)
        with pytest.raises(FileProblem, match="PermissionError"):
            run_probe("connect", arguments={"port": listener.getsockname()[1]})
        with pytest.raises(BlockingIOError):
            listener.accept()


@linux_only
def test_no_other_program_is_run() -> None:
    with pytest.raises(FileProblem, match="PermissionError"):
        run_probe("run_program")


def test_no_variable_of_the_server_reaches_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JANGKAU_PASSWORD", "planted")
    assert "planted" not in run_probe("list_environment").values()


# ---- limited ----


@linux_only
@pytest.mark.parametrize("name", ["fill_memory", "abort"])
def test_too_much_memory_is_one_sentence(name: str) -> None:
    with pytest.raises(FileProblem) as caught:
        run_probe(name, Limits(300_000_000, 60))
    assert str(caught.value) == (
        "workers.xlsx needs more than 0.3 GB of memory to be read; take out what is not needed, "
        "such as cells far from the table, or raise the setting reader_memory."
    )


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of processor time")
def test_too_much_time_is_one_sentence() -> None:
    with pytest.raises(FileProblem) as caught:
        run_probe("compute_for_ever", Limits(1_000_000_000, 1))
    assert str(caught.value) == (
        "workers.xlsx could not be read within 1 seconds; split it, or raise the setting "
        "reader_seconds."
    )


def test_a_process_that_waits_for_ever_is_ended() -> None:
    with pytest.raises(FileProblem, match="could not be read within 1 seconds"):
        run_probe("sleep_for_ever", Limits(1_000_000_000, 1))


def test_what_a_reader_says_of_an_identity_is_not_passed_on(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(FileProblem) as caught:
        run_probe("fail_over_an_identity")
    assert "RuntimeError" in str(caught.value)
    assert isolation_probes.IDENTITY not in f"{caught.value!r} {capfd.readouterr()}"


def test_what_is_no_table_or_text_is_not_sent() -> None:
    with pytest.raises(FileProblem, match="TypeError"):
        run_probe("send_an_object")


def test_values_come_back_as_they_went() -> None:
    value = {"a": (1, 2.5, None, True), "b": [Path("x")], "c": {"1": "é"}}
    steps: list[tuple[str, float | None]] = []
    given, uploads = run_probe(
        "echo",
        arguments={"value": value},
        uploads=[Upload("a", b"123"), Upload("b", b"")],
        progress=lambda step, done: steps.append((step, done)),
    )
    assert given == value
    assert uploads == [("a", 3), ("b", 0)]
    assert ("one", 0.5) in steps


class _CancelledError(Exception):
    pass


def test_a_reading_that_is_cancelled_is_over_and_leaves_nothing() -> None:
    told = []

    def cancel(step: str, _done: float | None) -> None:
        if step:
            told.append(step)
            raise _CancelledError

    with pytest.raises(_CancelledError):
        run_probe("sleep_for_ever", progress=cancel)
    number, folder = told[0].split(" ", 1)
    with pytest.raises(ProcessLookupError):
        os.kill(int(number), 0)
    assert not Path(folder).exists()


@pytest.mark.parametrize(
    ("text", "size"), [("2GB", 2 * 10**9), ("512 MiB", 512 * 2**20), ("1500MB", 1_500_000_000)]
)
def test_sizes_are_read(text: str, size: int) -> None:
    assert parse_memory(text) == size


# ---- one after the other ----


def test_as_many_read_at_once_as_there_are_places_in_order() -> None:
    queue, served, lock = ReadingQueue(2), [], threading.Lock()
    release = [threading.Event() for _ in range(5)]
    ahead: list[list[int]] = [[] for _ in range(5)]
    inside = threading.Semaphore(0)

    def read(number: int) -> None:
        with queue.turn(ahead[number].append):
            with lock:
                served.append(number)
            inside.release()
            release[number].wait(30)

    threads = []
    for number in range(5):
        threads.append(threading.Thread(target=read, args=(number,)))
        threads[-1].start()
        if number < 2:
            assert inside.acquire(timeout=300)
        else:
            while not ahead[number]:
                threading.Event().wait(0.01)
    assert served == [0, 1]
    assert [counts[0] for counts in ahead[2:]] == [1, 2, 3]
    for number in range(5):
        release[number].set()
        if number < 3:
            assert inside.acquire(timeout=300)
            assert served == list(range(number + 3))
    for thread in threads:
        thread.join(30)


def test_who_gives_up_waiting_leaves_the_line() -> None:
    queue = ReadingQueue(1)

    def give_up(_ahead: int) -> None:
        raise _CancelledError

    with queue.turn(lambda ahead: None), pytest.raises(_CancelledError), queue.turn(give_up):
        pass
    with queue.turn(give_up):
        pass
