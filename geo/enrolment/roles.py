"""What each column of an enrolment table is for, guessed from its header and its content."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa

from ..core.errors import ColumnProblem, mark
from ..core.privacy import hide_numbers
from ..core.segments import SEGMENTS, to_segment_keys
from .degrees import is_degrees, is_position
from .grid import ERROR_CELL, Table, column_letter, matches
from .values import is_period, is_year, month_of, to_periods
from .vocabulary import (
    AREAS,
    EXACT,
    EXITS,
    MONTHS,
    PATTERNS,
    ROLES,
    SEXES,
    Form,
    Role,
    is_known_header,
    is_occupation,
    normal_header,
)
from .whole_numbers import kept_all_digits

_STATUS: Final = re.compile(
    r"(?:non|tidak|in|belum|sudah)?[ -]*(?:aktif|active|terdaftar)|na|ya|tidak|sudah|belum|[01yv]",
    re.I,
)
_CODE: Final = re.compile(r"\d{2}\.\d{2}\.\d{2}\.\d{4}|(?:id)?\d{10}(?:\.0+)?", re.I)
_ADDRESS: Final = re.compile(r"\b(?:kel|kelurahan|ds|desa|kec|kecamatan)\b\.?", re.I)
_NIK: Final = re.compile(r"\d{16}")
_NUMBER: Final = re.compile(r"(?:rp\.?\s*)?-?[\d.,]+|-", re.I)
_COUNT_WORDS: Final = re.compile(
    r"\b(?:jumlah|jml|peserta|tk|orang|jiwa|aktif|segmen|total)\b", re.I
)
_INACTIVE: Final = re.compile(r"(?:non|tidak|in)[ _-]*(?:aktif|active)", re.I)
# Says nothing about the column: errors, dashes, the numbering under a header.
_NO_CONTENT: Final = re.compile(rf"{ERROR_CELL}|^(?:-|–|\(\d{{1,2}}\))$")
_SAMPLE: Final = 2_000
_SEEN: Final = 3
_LEAST_OCCUPATIONS: Final = 2
# A point is somebody's home.
_PERSONAL: Final = ("ignored", "latitude", "longitude", "position")
_NOWHERE: Final = -1
_RANK_OF_CARDS: Final = EXACT["no_kpj"][1]


@dataclass(frozen=True)
class Column:
    """A column and what it is for.

    Attributes
    ----------
    at : int
        Position in the table, from 0.
    name : str
        Its header, made unique; also the key in a mapping.
    role : str
        One of `ROLES`.
    segment : str
        Segment that the header itself says (``PU`` over a column of counts).
    examples : tuple of str
        Up to three distinct values, with identities and personal data masked.
    """

    at: int
    name: str
    role: Role
    segment: str
    examples: tuple[str, ...]

    @property
    def mapped(self) -> str:
        """The role as a mapping holds it: ``village``, ``count:pu``."""
        return f"{self.role}:{self.segment}" if self.segment else self.role


def column_names(header: tuple[str, ...]) -> list[str]:
    """Headers made unique: a repeated or empty one gets its letter."""
    names_so_far: set[str] = set()
    names = []
    for index, name in enumerate(header):
        unique = name
        if not name or name in names_so_far:
            unique = f"{name} ({column_letter(index)})".strip()
        names_so_far.add(unique)
        names.append(unique)
    return names


def guess_columns(table: Table) -> tuple[Column, ...]:
    """Every column with its likely role.

    Raises
    ------
    ColumnProblem
        If the table lists people who left, not people enrolled.
    """
    _refuse_exits(table)
    # Where no header is one that such tables have, the row could be somebody's data.
    has_known_header = any(map(is_known_header, table.header))
    names = column_names(table.header if has_known_header else ("",) * len(table.header))
    samples = [_sample(column) for column in table.body.columns]
    scored = [_guess(name, sample) for name, sample in zip(table.header, samples, strict=True)]
    scored = _settle_identity(scored, samples, _lost_digits(table))
    scored = _pair_sexes(table.header, scored, samples)
    scored = _add_occupations(table.header, scored, samples)
    roles = _one_each(scored)
    columns = (
        Column(
            at=index,
            name=name,
            role=role,
            segment=_segment_of_header(table.header[index], role, samples[index]),
            examples=(),
        )
        for index, (name, role) in enumerate(zip(names, roles, strict=True))
    )
    settled = _settle_counts(list(columns))
    return tuple(replace(c, examples=_examples(samples[c.at], c.role)) for c in settled)


def passed_over(columns: tuple[Column, ...]) -> Column | None:
    """Find the column that holds identities by its header but is too damaged to use, if any."""
    identity = next((column for column in columns if column.role == "identity"), None)
    if identity is None:
        return None
    rank = _rank(identity)
    better_named = [
        c for c in columns if c.role == "ignored" and _rank(c) < min(rank, _RANK_OF_CARDS)
    ]
    return better_named[0] if better_named else None


def unread_status(columns: tuple[Column, ...]) -> Column | None:
    """Find the column that only its header, not its values, calls the status, where no other is."""
    if any(column.role == "status" for column in columns):
        return None
    by_name = (c for c in columns if EXACT.get(normal_header(c.name), ("",))[0] == "status")
    ignored_status = next((column for column in by_name if column.role == "ignored"), None)
    return replace(ignored_status, role="status") if ignored_status else None


def _rank(column: Column) -> int:
    role, rank = EXACT.get(normal_header(column.name), ("ignored", 99))
    return rank if role == "identity" else 99


def apply_mapping(columns: tuple[Column, ...], mapping: Mapping[str, str]) -> tuple[Column, ...]:
    """Columns with the roles that the user chose; a chosen role leaves its guessed column.

    Parameters
    ----------
    columns : tuple of Column
        As guessed.
    mapping : mapping of str to str
        Roles by column name; ``count:pu`` is a column of counts of a segment.

    Raises
    ------
    ColumnProblem
        If a column or role does not exist, or a role is given twice.
    """
    _check_mapping(columns, mapping)
    chosen = {role.partition(":")[0] for role in mapping.values()} - {"ignored"}
    result = []
    for column in columns:
        chosen_role = mapping.get(column.name)
        guessed_role = "ignored" if column.role in chosen else column.role
        role, _, segment = (chosen_role or guessed_role).partition(":")
        if not segment and chosen_role is None and role == guessed_role:
            segment = column.segment
        segment = segment if role in ("count", "status") else ""
        result.append(replace(column, role=next(r for r in ROLES if r == role), segment=segment))
    return tuple(result)


def _check_mapping(columns: tuple[Column, ...], mapping: Mapping[str, str]) -> None:
    names = {column.name for column in columns}
    for name, role_text in mapping.items():
        role = role_text.partition(":")[0]
        if name not in names or role not in ROLES:
            raise ColumnProblem(
                mark("The mapping {name} = {role} fits no column and role of this table."),
                name=hide_numbers(name),
                role=role_text,
            )
    given_roles = [role for role in mapping.values() if role != "ignored"]
    for role in given_roles:
        if given_roles.count(role) > 1:
            raise ColumnProblem(
                mark("The role {role} is given to two columns; each may have one column."),
                role=role,
            )


def find_form(columns: Iterable[Column]) -> Form | None:
    """Whether rows are workers or counts; None if the table has neither."""
    roles = [column.role for column in columns]
    if "identity" in roles:
        return "workers"
    counts = [column for column in columns if column.role == "count"]
    if any(column.segment for column in counts):
        return "wide"
    return "counts" if counts else None


def masked(text: str, role: Role) -> str:
    """Mask a value for display: an identity keeps its last two digits, personal data nothing."""
    if role == "identity":
        digits = re.sub(r"\D", "", text)
        return f"{'•' * max(len(text) - 2, 1)}{digits[-2:]}" if len(digits) > 2 else text[:2]
    if role == "address":
        place_words = _ADDRESS.search(text)
        return f"… {hide_numbers(text[place_words.start() :])}" if place_words else "•••"
    return "•••" if role in _PERSONAL else hide_numbers(text)[:40]


def _refuse_exits(table: Table) -> None:
    spelled = {normal_header(name) for name in table.header}
    if sum(bool(EXITS.fullmatch(name)) for name in spelled) >= 1 and "status" not in spelled:
        raise ColumnProblem(
            mark(
                "{path} lists people who left (column {column}), not people enrolled; choose the "
                "list of participants of the period instead."
            ),
            path=table.file,
            column=next(n for n in table.header if EXITS.fullmatch(normal_header(n))),
        )


def _sample(column: pa.Array) -> list[str]:
    """Distinct filled cells of rows spread over the column, in their order."""
    step = max(len(column) // _SAMPLE, 1)
    cells = column.take(pa.array(np.arange(0, len(column), step))) if step > 1 else column
    texts = dict.fromkeys(cell for cell in cells.to_pylist() if cell)
    return [text for text in texts if not _NO_CONTENT.match(text)] or list(texts)


Scored = tuple[Role, float]


def _guess(name: str, sample: list[str]) -> Scored:
    """Role of a header (higher is surer), unless the content contradicts; else of the content."""
    spelled = normal_header(name)
    if spelled in EXACT:
        role, rank = EXACT[spelled]
        if spelled in MONTHS and _share(sample, month_of) > 0.5:
            role = "month"
        if not sample or _fits(role, spelled, sample):
            return role, 100 - rank
        return "ignored", 0
    if _segment_of(name) in SEGMENTS and _share(sample, _NUMBER.fullmatch) >= 0.5:
        return "count", 60
    for pattern, role in PATTERNS:
        if pattern.search(spelled):
            fits = not sample or role == "ignored" or _fits(role, spelled, sample)
            return (role, 50) if fits else ("ignored", 0)
    return _guess_content(sample)


def _fits(role: Role, spelled: str, sample: list[str]) -> bool:
    if role == "code":
        return _share(sample, _CODE.match) > 0.5 or spelled not in ("kode", "code")
    if role == "status":
        # Values are distinct ones: a few strange numbers must not outvote two words.
        return any(map(_STATUS.fullmatch, sample)) or spelled != "status"
    if role == "segment" and spelled in ("kategori", "kelompok", "jenis_pekerja", "jenis_peserta"):
        return _share_known_segments(sample) > 0.3
    if role in ("count", "eligible"):
        return _share(sample, _NUMBER.fullmatch) > 0.5
    if role in ("latitude", "longitude", "position"):
        return _share(sample, is_position if role == "position" else is_degrees) > 0.5
    if role in ("year", "month"):
        return _share(sample, is_year if role == "year" else month_of) > 0.5
    if role == "period" and not spelled.startswith("period"):
        return any(to_periods(sample[:50], "dmy").values()) or not sample
    return role not in AREAS or _share(sample, _NUMBER.fullmatch) < 0.9


def _guess_content(sample: list[str]) -> Scored:
    """Guess a role from the values alone, where they are hard to mistake."""
    tests: tuple[tuple[Role, Callable[[], float]], ...] = (
        ("identity", lambda: _share(sample, _NIK.fullmatch)),
        ("code", lambda: _share(sample, re.compile(r"\d{2}\.\d{2}\.\d{2}\.\d{4}").fullmatch)),
        ("address", lambda: _share(sample, _has_two_places)),
        ("segment", lambda: _share_known_segments(sample)),
        ("status", lambda: _share(sample, re.compile(r"(non|tidak )?[ -]?aktif", re.I).fullmatch)),
        ("period", lambda: _share(sample, is_period)),
    )
    return next(((role, 20.0) for role, share in tests if share() > 0.8), ("ignored", 0.0))


def _has_two_places(text: str) -> bool:
    return len(_ADDRESS.findall(text)) > 1


def _share(sample: list[str], test: Callable[[str], object]) -> float:
    return sum(bool(test(text)) for text in sample) / len(sample) if sample else 0.0


def _share_known_segments(sample: list[str]) -> float:
    keys = to_segment_keys(pd.Series(sample[:200], dtype="str"))
    return float(keys.isin(list(SEGMENTS)).mean()) if len(keys) else 0.0


def _segment_of(name: str) -> str:
    if _INACTIVE.search(name):
        return ""
    bare = _COUNT_WORDS.sub(" ", re.sub(r"\(.*?\)", " ", name.replace("_", " ")))
    keys = to_segment_keys(pd.Series([name, bare], dtype="str"))
    return str(next((key for key in keys if key in SEGMENTS), ""))


def _segment_of_header(name: str, role: Role, sample: list[str]) -> str:
    """Read the segment in ``BPU`` over counts, or in ``TERDAFTAR BPU`` over yes and no."""
    if role == "status":
        return _segment_of(re.sub(r"(?i)terdaftar", "", name))
    return _segment_of(name) if role == "count" else ""


def _lost_digits(table: Table) -> set[int]:
    """Columns of numbers that were identities once: most of them are not whole any more."""
    return {
        at
        for at, numeric in table.body.numeric.items()
        if numeric.mean() > 0.5
        and matches(table.body.columns[at], r"^[0-9]{16}$").any()
        and not kept_all_digits(table.body.columns[at], numeric).any()
    }


def _settle_identity(
    scored: list[Scored], samples: list[list[str]], lost: set[int]
) -> list[Scored]:
    """Where the surest identity is spoilt and another column is sound, that one is used."""
    candidates = [index for index, (role, _) in enumerate(scored) if role == "identity"]
    if len(candidates) < 2:
        return scored
    sound = {
        index: 0.0
        if index in lost
        else _share(samples[index], re.compile(r"\d{11}|\d{16}").fullmatch)
        for index in candidates
    }
    first = max(candidates, key=lambda index: scored[index][1])
    best = max(candidates, key=lambda index: (sound[index], scored[index][1]))
    if sound[first] < 0.5 < 0.9 <= sound[best]:
        return [*scored[:best], ("identity", 200.0), *scored[best + 1 :]]
    return scored


def _pair_sexes(
    header: tuple[str, ...], scored: list[Scored], samples: list[list[str]]
) -> list[Scored]:
    """Columns of men and of women are counts, where there are both."""
    found = {
        sex: [
            at
            for at, name in enumerate(header)
            if normal_header(name) in spellings and _share(samples[at], _NUMBER.fullmatch) > 0.5
        ]
        for sex, spellings in SEXES.items()
    }
    if any(len(places) != 1 for places in found.values()):
        return scored
    pair = {places[0] for places in found.values()}
    return [("count", 10.0) if at in pair else one for at, one in enumerate(scored)]


def _add_occupations(
    header: tuple[str, ...], scored: list[Scored], samples: list[list[str]]
) -> list[Scored]:
    """Columns of numbers over occupations are counts, where there are several."""
    found = {
        at
        for at, name in enumerate(header)
        if scored[at][0] == "ignored"
        and is_occupation(name)
        and _share(samples[at], _NUMBER.fullmatch) > 0.5
    }
    if len(found) < _LEAST_OCCUPATIONS:
        return scored
    return [("count", 10.0) if at in found else one for at, one in enumerate(scored)]


def _is_part(column: Column) -> bool:
    """Whether a column counts some of the people: of one sex, or of one occupation."""
    sexes = any(normal_header(column.name) in spellings for spellings in SEXES.values())
    return sexes or is_occupation(column.name)


def _one_each(scored: list[Scored]) -> list[Role]:
    """Of several columns with one role the surest; counts by segment may be many."""
    best: dict[Role, int] = {}
    for index, (role, score) in enumerate(scored):
        if role not in best or score > scored[best[role]][1]:
            best[role] = index
    if "period" in best:
        best |= {"year": _NOWHERE, "month": _NOWHERE}
    return [
        role if role == "count" or best[role] == index else "ignored"
        for index, (role, _) in enumerate(scored)
    ]


def _settle_counts(columns: list[Column]) -> list[Column]:
    """Use counts once: none beside workers, no total beside its parts, one of the others."""
    workers = any(column.role == "identity" for column in columns)
    counts = [column for column in columns if column.role == "count"]
    parts = list({c.segment: c for c in reversed(counts) if c.segment}.values())
    # Men and women, or occupations, are the parts of everybody, where no column has the total.
    totals = [c for c in counts if not _is_part(c)]
    counts_used = [] if workers else parts or sorted(totals, key=_count_rank)[:1] or counts
    return [
        replace(c, role="ignored", segment="") if c.role == "count" and c not in counts_used else c
        for c in columns
    ]


def _count_rank(column: Column) -> int:
    return EXACT.get(normal_header(column.name), ("count", 99))[1]


def _examples(sample: list[str], role: Role) -> tuple[str, ...]:
    return tuple(dict.fromkeys(masked(text, role) for text in sample[:50]))[:_SEEN]


def role_choices() -> list[str]:
    """Every role a column can be given, as a mapping holds it (``count:pu`` for a wide table)."""
    return [*ROLES, *(f"{role}:{segment}" for role in ("count", "status") for segment in SEGMENTS)]
