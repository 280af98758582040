"""Settings: ``jangkau.toml`` in the working folder, or ``JANGKAU_…`` variables, which win."""

from __future__ import annotations

import re
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field, ValidationError
from pydantic_core import PydanticCustomError
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from ..core.defaults import (
    DEFAULT_CACHE,
    DEFAULT_MEMORY,
    DEFAULT_TARGET,
    SAMPLE_BOUNDARIES,
    SAMPLE_ENROLMENT,
)
from ..core.errors import SettingProblem, mark
from ..isolation import limits

_SIZE: Final = r"^[1-9][0-9]{0,5} ?[MG]i?B$"
_HOST_NAME: Final = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*")


def _read_hosts(value: object) -> tuple[str, ...]:
    """Host names of a list, or of one text with commas between them."""
    names = value.split(",") if isinstance(value, str) else value
    names = names if isinstance(names, list | tuple) else [""]  # a number is no list of names
    hosts = tuple(str(name).strip().lower().removesuffix(".") for name in names)
    if not all(_is_host(host) for host in hosts):
        raise PydanticCustomError(
            "host_name", "expected are host names alone, such as jangkau.example, without port"
        )
    return hosts


def _is_host(name: str) -> bool:
    try:
        return bool(ip_address(name))
    except ValueError:
        return bool(_HOST_NAME.fullmatch(name))


class Settings(BaseSettings):
    """What an office sets once.

    Attributes
    ----------
    boundaries : pathlib.Path
        Layer of villages.
    enrolment : pathlib.Path
        Worker file, or folder laid out like ``data/enrolment``.
    eligible : pathlib.Path or None
        Table of eligible workers; by default beside the records.
    covers : str or None
        What the records of ``enrolment`` cover: ``all`` workers, or segments such as ``pu,bpu``;
        by default the segments that they name.
    target : float
        Coverage to reach, as a fraction.
    least_matched : float
        Share of the people of an import that must be matched to a village, as a fraction; below
        it page and command stop and ask.
    language : str
        ``id`` or ``en``: the language a new visitor meets.
    workspace : pathlib.Path
        Folder of saved periods; where it has any, they are shown instead of ``enrolment``.
    cache : pathlib.Path
        Folder for prepared shapes, and what is worked out of public names and the sample; it never
        holds records.
    memory : str
        Most memory that the embedded engine takes to count records, such as ``1500MB``.
    reader_memory : str
        Most memory that the process takes which reads one uploaded file, such as ``2GB``.
    reader_seconds : int
        Most processor seconds that it takes.
    readers : int
        How many uploaded files are read at once; others wait in line.
    hosts : tuple of str
        Host names under which a network reaches the app; none where it serves this computer alone.
    features_api : str
        Live layers for QGIS (OGC API Features) under ``/ogc``: ``off``, ``open`` to everyone who
        reaches the app, or a key of at least 16 letters and digits that requests must bear.
    """

    model_config = SettingsConfigDict(
        env_prefix="JANGKAU_", toml_file="jangkau.toml", extra="forbid", env_ignore_empty=True
    )

    boundaries: Path = SAMPLE_BOUNDARIES
    enrolment: Path = SAMPLE_ENROLMENT
    eligible: Path | None = None
    covers: str | None = None
    target: float = Field(default=DEFAULT_TARGET, ge=0.01, le=1)
    least_matched: float = Field(default=0.8, ge=0, le=1)
    workspace: Path = Path("workspace")
    language: Literal["id", "en"] = "id"
    cache: Path = DEFAULT_CACHE
    memory: str = Field(default=DEFAULT_MEMORY, pattern=_SIZE)
    reader_memory: str = Field(default=limits.DEFAULT_MEMORY, pattern=_SIZE)
    reader_seconds: int = Field(default=limits.DEFAULT_SECONDS, ge=1, le=86_400)
    readers: int = Field(default=1, ge=1, le=64)
    hosts: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_read_hosts)] = ()
    features_api: str = Field(default="off", pattern=r"^(off|open|[A-Za-z0-9_-]{16,200})$")

    @property
    def reader_limits(self) -> limits.Limits:
        """What the process that reads an uploaded file may use."""
        return limits.Limits(limits.parse_memory(self.reader_memory), self.reader_seconds)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Variables before the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def read_settings() -> Settings:
    """Read the settings in force.

    Raises
    ------
    SettingProblem
        If one is unknown or has a value it cannot take.
    """
    try:
        return Settings()
    except (ValidationError, ValueError) as error:
        raise SettingProblem(
            mark("A setting is wrong: {detail}. Look at jangkau.toml and the JANGKAU_ variables."),
            detail=_first_line(error),
        ) from error


def _first_line(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False)[0]
        name = ".".join(map(str, first["loc"]))
        return f"{name} = {first['input']!r}: {first['msg'].rstrip('.')}"
    return str(error).splitlines()[0].rstrip(".")
