"""Whose layer it is: the conventions that boundary files follow, known by fields and values.

A convention is a table of field names. Which one fits is decided by the
fields that are there, and between those that share fields by what is in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import pandas as pd

from ..core.codes import Level
from ..core.errors import ColumnProblem, mark
from .convention_table import ABOVE_SPELLINGS, CONVENTIONS, Convention
from .resolve import codes_of_numbers, resolve_codes

ABOVE: Final[tuple[Level, ...]] = ("subdistrict", "regency", "province")
_DOWNWARDS: Final[tuple[Level, ...]] = ("province", "regency", "subdistrict", "village")
_SAMPLE_ROWS: Final = 400
_EXAMPLES: Final = 3
_SHOWN: Final = 8
_SAME_SHARE: Final = 0.8
_WITHOUT_CODE: Final = 0.5
_BPS_WIDTHS: Final = (2, 2, 3, 3)
_VILLAGE_LAYER: Final = re.compile(r"desa|kel(?!ompok)|village|ad(?:m|min)_?4|(?:^|_)4$|\bkel\b")
_HIGHER_LAYER: Final = re.compile(r"kec|kab|prov|district|regenc|ad(?:m|min)_?[0-3]|_[0-3]$")
MAPPED: Final = ("code", "name", *ABOVE, *(f"{level}_code" for level in ABOVE))


class FieldMissing(ColumnProblem):
    """No field is known to hold codes or names of villages, or signs speak against villages."""


@dataclass(frozen=True)
class Recognition:
    """What the fields of a layer were taken for; a user may say otherwise.

    Attributes
    ----------
    convention : str
        Name of the convention, empty where none fits.
    code : tuple of str
        Field of the code, or the fields that make it up; empty if there is none.
    name : str
        Field of the village's name, or empty.
    names, above_codes : dict of level to str
        Fields of the levels above that are there.
    level : str
        Finest level that the fields speak of.
    examples : dict of str to tuple of str
        For each field used, some of its values.
    confidence : float
        From 0 to 1: share of the codes looked at that are known; where there
        is no code at most a half, by how many names of levels there are.
    why : str
        Sentence to translate, with `facts` in it.
    damaged : tuple of str
        Code fields that hold decimal numbers, and are therefore not used.
    lost : str
        The one of them that would have been the village's own code, or empty.
    sub_village : bool
        Whether rows are parts of villages.
    """

    convention: str
    code: tuple[str, ...] = ()
    name: str = ""
    names: dict[Level, str] = field(default_factory=dict)
    above_codes: dict[Level, str] = field(default_factory=dict)
    level: Level = "village"
    examples: dict[str, tuple[str, ...]] = field(default_factory=dict)
    confidence: float = 0.0
    why: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    damaged: tuple[str, ...] = ()
    lost: str = ""
    sub_village: bool = False

    @property
    def used(self) -> tuple[str, ...]:
        """Fields of the file that are read."""
        named = (self.name,) if self.name else ()
        return tuple(
            dict.fromkeys((*self.code, *named, *self.names.values(), *self.above_codes.values()))
        )


def recognise(rows: pd.DataFrame, mapping: Mapping[str, str] | None = None) -> Recognition:
    """Find out which fields of a layer are code, name, and the levels above.

    Parameters
    ----------
    rows : pandas.DataFrame
        Rows as they stand in the file; the first 400 are looked at.
    mapping : mapping of str to str, optional
        What the user says instead: ``code``, ``name``, ``subdistrict``,
        ``regency``, ``province`` and ``…_code`` of those to a field; the empty
        text says that there is none.

    Raises
    ------
    ColumnProblem
        If the mapping names a field that is not there.
    """
    sample = rows.head(_SAMPLE_ROWS).drop(columns="geometry", errors="ignore")
    fields = {str(column).lower(): str(column) for column in sample.columns}
    fits = [c for c in CONVENTIONS if _fits(c, fields, sample)]
    guess = _apply(fits[0], fields, sample) if fits else Recognition("")
    return change_fields(guess, rows, mapping)


def change_fields(
    guess: Recognition, rows: pd.DataFrame, mapping: Mapping[str, str] | None = None
) -> Recognition:
    """Put what the user says in place of a guess; examples and confidence are of the result.

    Parameters
    ----------
    guess : Recognition
        What the fields were taken for.
    rows, mapping
        See `recognise`.

    Raises
    ------
    ColumnProblem
        If the mapping names a field that is not there.
    """
    sample = rows.head(_SAMPLE_ROWS).drop(columns="geometry", errors="ignore")
    if mapping:
        fields = {str(column).lower(): str(column) for column in sample.columns}
        guess = _override(guess, mapping, fields, sample)
    return replace(
        guess,
        examples={f: _examples(sample[f]) for f in guess.used},
        confidence=_confidence(guess, sample),
    )


def show_values(rows: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Three different values of every field, to choose fields by.

    Parameters
    ----------
    rows : pandas.DataFrame
        Rows as they stand in the file.
    """
    fields = rows.drop(columns="geometry", errors="ignore")
    return {str(name): _examples(fields[name]) for name in fields.columns}


def _confidence(guess: Recognition, sample: pd.DataFrame) -> float:
    """Measure the share of codes that are known; of the names' fields, where there is no code."""
    if guess.code:
        resolved, _ = resolve_codes(read_codes(sample, guess.code))
        return round(float((resolved != "").mean()), 2)
    return round(_WITHOUT_CODE * (bool(guess.name) + len(guess.names)) / (1 + len(ABOVE)), 2)


def read_codes(rows: pd.DataFrame, fields: tuple[str, ...]) -> pd.Series:
    """Codes as text, put together where they stand in parts; empty without a field.

    BPS writes the parts with 2, 2, 3 and 3 digits. Where a code went through a
    decimal number, only the code of a known village is taken back from it.
    """
    if len(fields) == 1:
        text = as_text(rows[fields[0]])
        taken = codes_of_numbers(text)
        return taken.where((taken != "") | _is_decimal(rows[fields[0]]), text)
    code = pd.Series("", index=rows.index, dtype="str")
    for each, width in zip(fields, _BPS_WIDTHS, strict=False):
        code = code + as_text(rows[each]).str.zfill(width)
    return code


def as_text(values: pd.Series) -> pd.Series:
    """Values as trimmed text; nothing becomes the empty text."""
    return values.astype("str").fillna("").str.strip().replace("<NA>", "")


def looks_like_villages(name: str, fields: Iterable[str]) -> float:
    """How much name and fields of a layer speak for villages (any sign, larger is likelier)."""
    there = {each.lower(): each for each in fields}
    empty = pd.DataFrame(columns=list(there.values()))
    fit = next((c for c in CONVENTIONS if _has_needed(c, there)), None)
    score = 0.0
    if fit is not None:
        level = _apply(fit, there, empty).level
        score += 3.0 if level == "village" else -2.0
    if _VILLAGE_LAYER.search(name.lower()):
        score += 2.0
    elif _HIGHER_LAYER.search(name.lower()):
        score -= 2.0
    return score


def _has_needed(convention: Convention, fields: Mapping[str, str]) -> bool:
    return all(any(re.fullmatch(need, each) for each in fields) for need in convention.needs)


def _fits(convention: Convention, fields: Mapping[str, str], sample: pd.DataFrame) -> bool:
    """Whether the fields are there; for conventions with the same fields, whether filled."""
    if not _has_needed(convention, fields):
        return False
    if convention.name == "BIG 2023":
        return _filled(sample, fields["kdepum"])
    if convention.name == "BIG 2020":
        return any(
            f in fields and _filled(sample, fields[f]) for f in ("kdpkab", "kdppum", "kdcpum")
        )
    return True


def _filled(sample: pd.DataFrame, column: str) -> bool:
    values = sample[column].dropna()
    return bool((~values.astype("str").str.strip().isin(["", "0", "0.0", "-"])).any())


def _apply(convention: Convention, fields: Mapping[str, str], sample: pd.DataFrame) -> Recognition:
    names = {lv: f for lv, alts in convention.names.items() if (f := _first(alts, fields, sample))}
    for level, spellings in ABOVE_SPELLINGS.items():
        if level not in names and (spelled := _first(spellings, fields, sample)):
            names[level] = spelled
    above = {lv: f for lv, alts in convention.codes.items() if (f := _first(alts, fields, sample))}
    code = _code_fields(convention.code, fields, sample)
    level = _finest(names, above, code, sample)
    damaged = (*_damaged(code, sample), *(f for f in above.values() if _is_decimal(sample[f])))
    return Recognition(
        convention.name,
        () if set(code) & set(damaged) else code,
        names.pop("village", ""),
        names,
        {lv: f for lv, f in above.items() if f not in damaged},
        level,
        why=mark("Fields {fields} are those of {convention}."),
        facts={"fields": _listed([*code, *names.values()]), "convention": convention.name},
        damaged=damaged,
        lost=next((f for f in code if f in damaged), ""),
        sub_village=any(f in fields for f in convention.sub_village),
    )


def _first(alternatives: tuple[str, ...], fields: Mapping[str, str], sample: pd.DataFrame) -> str:
    """The first alternative with values in it, failing that the first that is there."""
    there = [fields[f] for f in alternatives if f in fields]
    return next((f for f in there if _filled(sample, f)), there[0] if there else "")


def _code_fields(
    alternatives: tuple[str, ...], fields: Mapping[str, str], sample: pd.DataFrame
) -> tuple[str, ...]:
    for alternative in alternatives:
        parts = alternative.split("+")
        if all(part in fields for part in parts):
            found = tuple(fields[part] for part in parts)
            if sample.empty or all(_filled(sample, f) for f in found):
                return found
    return ()


def _finest(
    names: Mapping[Level, str],
    above: Mapping[Level, str],
    code: tuple[str, ...],
    sample: pd.DataFrame,
) -> Level:
    """Finest level that the layer has a field of, and values of its own for."""
    if not (code or "village" in names):
        return max((*names, *above), key=_DOWNWARDS.index, default="village")
    # Makers who name every object alike (NAMOBJ) repeat the subdistrict's name on its layer.
    for level in ABOVE:
        if level in names and not code and _same(sample, names["village"], names[level]):
            return level
    return "village"


def _same(sample: pd.DataFrame, one: str, other: str) -> bool:
    pair = sample[[one, other]].dropna()
    return len(pair) > 1 and bool((pair[one] == pair[other]).mean() > _SAME_SHARE)


def _is_decimal(values: pd.Series) -> bool:
    return bool(pd.api.types.is_float_dtype(values) and values.notna().any())


def _damaged(code: tuple[str, ...], sample: pd.DataFrame) -> tuple[str, ...]:
    """Fields of the code that hold decimal numbers, and not one known code among them."""
    decimal = tuple(f for f in code if _is_decimal(sample[f]))
    whole = len(code) == 1 and bool((read_codes(sample, code) != "").any())
    return () if whole else decimal


def _override(
    guess: Recognition,
    mapping: Mapping[str, str],
    fields: Mapping[str, str],
    sample: pd.DataFrame,
) -> Recognition:
    chosen = {role: _existing(role, wanted, fields) for role, wanted in mapping.items()}
    code = guess.code
    if "code" in chosen:
        code = (chosen["code"],) if chosen["code"] else ()
    names = {lv: chosen.get(lv, guess.names.get(lv, "")) for lv in ABOVE}
    above = {lv: chosen.get(f"{lv}_code", guess.above_codes.get(lv, "")) for lv in ABOVE}
    damaged = tuple(dict.fromkeys((*_damaged(code, sample), *guess.damaged)))
    return replace(
        guess,
        code=() if set(code) & set(damaged) else code,
        name=chosen.get("name", guess.name),
        names={lv: f for lv, f in names.items() if f},
        above_codes={lv: f for lv, f in above.items() if f and f not in damaged},
        level="village",
        why=mark("The fields are as chosen."),
        facts={},
        damaged=damaged,
        lost=next((f for f in code if f in damaged), ""),
    )


def _existing(role: str, wanted: str, fields: Mapping[str, str]) -> str:
    known = ", ".join(list(fields.values())[:_SHOWN]) + (", …" if len(fields) > _SHOWN else "")
    if role not in MAPPED:
        raise ColumnProblem(
            mark("{role!r} is nothing a field can be; expected is one of {known}."),
            role=role,
            known=", ".join(MAPPED),
        )
    if wanted and wanted.lower() not in fields:
        raise ColumnProblem(
            mark("The boundaries have no field {field!r}; there are: {known}."),
            field=wanted,
            known=known,
        )
    return fields[wanted.lower()] if wanted else ""


def _examples(values: pd.Series) -> tuple[str, ...]:
    text = values.dropna().astype("str").str.strip()
    return tuple(text[text != ""].drop_duplicates().head(_EXAMPLES))


def _listed(names: list[str]) -> str:
    return ", ".join(dict.fromkeys(names))
