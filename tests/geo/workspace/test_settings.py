"""Settings: variables over file over defaults, and one sentence for a wrong one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from geo.core.defaults import SAMPLE_BOUNDARIES, SAMPLE_ENROLMENT
from geo.core.errors import SettingProblem
from geo.workspace.settings import read_settings


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, and none of our own variables."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("JANGKAU_")]:
        monkeypatch.delenv(name)
    return tmp_path


def test_without_settings_the_sample_is_opened() -> None:
    settings = read_settings()
    assert (settings.boundaries, settings.enrolment) == (SAMPLE_BOUNDARIES, SAMPLE_ENROLMENT)
    assert settings.eligible is None


def test_the_file_is_read(folder: Path) -> None:
    (folder / "jangkau.toml").write_text('boundaries = "real.gpkg"\ntarget = 0.8\n')
    settings = read_settings()
    assert (settings.boundaries, settings.target) == (Path("real.gpkg"), 0.8)


def test_a_variable_wins_over_the_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "jangkau.toml").write_text('language = "id"\ntarget = 0.8\n')
    monkeypatch.setenv("JANGKAU_LANGUAGE", "en")
    settings = read_settings()
    assert (settings.language, settings.target) == ("en", 0.8)


def test_an_empty_variable_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JANGKAU_ELIGIBLE", "")
    assert read_settings().eligible is None


@pytest.mark.parametrize(
    ("given", "hosts"),
    [
        ("Jangkau.Kantor.example", ("jangkau.kantor.example",)),
        (
            "a.example, 10.1.2.3,fe80::1 , b.example.",
            ("a.example", "10.1.2.3", "fe80::1", "b.example"),
        ),
    ],
)
def test_host_names_stand_in_a_variable_with_commas(
    monkeypatch: pytest.MonkeyPatch, given: str, hosts: tuple[str, ...]
) -> None:
    assert read_settings().hosts == ()
    monkeypatch.setenv("JANGKAU_HOSTS", given)
    assert read_settings().hosts == hosts


def test_host_names_stand_in_the_file_as_a_list(folder: Path) -> None:
    (folder / "jangkau.toml").write_text('hosts = ["a.example", "b.example"]\n')
    assert read_settings().hosts == ("a.example", "b.example")


@pytest.mark.parametrize(
    "given",
    [
        *("*", "*.example", "a.example:8501", "http://a.example", "a.example/x", "a..example"),
        *("-a.example", "a_b", "a.example,", ",", "[::1]", "a b", "x" * 64, "a.example\nb"),
    ],
)
def test_what_is_no_host_name_is_refused(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("JANGKAU_HOSTS", given)
    with pytest.raises(SettingProblem, match=r"hosts.*without port"):
        read_settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [("TARGET", "95"), ("TARGET", "0"), ("TARGET", "high"), ("LANGUAGE", "fr")],
)
def test_a_wrong_variable_is_named_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"JANGKAU_{name}", value)
    with pytest.raises(SettingProblem) as caught:
        read_settings()
    said = str(caught.value)
    assert name.lower() in said
    assert repr(value) in said
    assert "\n" not in said


@pytest.mark.parametrize(
    ("text", "named"),
    [('colour = "red"', "colour"), ("target = 2", "target"), ("target =", "Invalid value")],
)
def test_a_wrong_file_is_told_in_one_sentence(folder: Path, text: str, named: str) -> None:
    (folder / "jangkau.toml").write_text(text)
    with pytest.raises(SettingProblem) as caught:
        read_settings()
    assert named in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("value", ["5", "true", "1979-05-27"])
def test_hosts_that_are_no_texts_are_refused(folder: Path, value: str) -> None:
    (folder / "jangkau.toml").write_text(f"hosts = {value}\n", encoding="utf-8")
    with pytest.raises(SettingProblem, match=r"hosts.*without port"):
        read_settings()
