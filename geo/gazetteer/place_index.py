"""The list of places that names and codes are matched against."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from ..core.codes import Level, ancestor, find_level, parent, write_dots
from ..core.errors import ColumnProblem, mark
from .names import Name, parse_name, split_regency

CODE_COLUMNS = ("code", "kode", "KDEPUM", "kode_desa", "kode_desa_", "village_code")
NAME_COLUMNS = (
    "name",
    "nama",
    "NAMOBJ",
    "WADMKD",
    "nama_kel",
    "desa",
    "nmdesa",
    "ADM4_EN",
    "ADM4_NAME",
    "adm4_name",
    "village",
)
# The crosswalk; in a table without any of the columns above, the codes themselves.
BPS_COLUMNS = ("bps_code", "kode_bps", "ADM4_PCODE", "adm4_pcode", "iddesa")
PARENT_COLUMNS: dict[Level, tuple[str, ...]] = {
    "province": ("province", "provinsi", "WADMPR", "nmprov", "ADM1_EN", "ADM1_NAME", "adm1_name"),
    "regency": ("regency", "kabupaten", "WADMKK", "nmkab", "ADM2_EN", "ADM2_NAME", "adm2_name"),
    "subdistrict": (
        "subdistrict",
        "kecamatan",
        "district",
        "WADMKC",
        "nmkec",
        "ADM3_EN",
        "ADM3_NAME",
        "adm3_name",
    ),
}


@dataclass(frozen=True)
class Gazetteer:
    """Places by code, with the indexes that matching asks for.

    Attributes
    ----------
    names : mapping of str to str
        Name of every place by dotted code; ancestors without a name have "".
    children : mapping of str to tuple of str
        Codes one level down, sorted; "" holds the provinces.
    bps : mapping of str to str
        Crosswalk from BPS code (digits) to code.
    pcode_prefix : str or None
        None where codes are Kemendagri's. Otherwise the places are known by BPS codes only, kept
        dotted here (62.05.010.006) and written with this prefix and no dots (ID6205010006).
    other_names : mapping of str to str
        Another name by code, official where the list has its own: a code beside it is as good.
    """

    names: Mapping[str, str]
    children: Mapping[str, tuple[str, ...]]
    bps: Mapping[str, str] = field(default_factory=dict)
    pcode_prefix: str | None = None
    other_names: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_table(
        cls,
        table: pd.DataFrame,
        *,
        code: str | None = None,
        name: str | None = None,
        bps_code: str | None = None,
    ) -> Gazetteer:
        """Build a gazetteer from a table of code and name.

        Parameters
        ----------
        table : DataFrame
            One row a place, of all levels or of villages only; the attribute table of any
            boundary file. Names of the levels above are read from its columns if present.
        code, name, bps_code : str, optional
            Column names; the usual ones are found without.
        """
        code = code or _find_column(table, (*CODE_COLUMNS, *BPS_COLUMNS), "code")
        name = name or _find_column(table, NAME_COLUMNS, "name")
        prefix = _pcode_prefix(code, table[code])
        codes = [_gazetteer_code(value, prefix) for value in table[code].tolist()]
        if repeated := pd.Series(codes)[pd.Series(codes).duplicated()].tolist():
            raise ColumnProblem(
                mark("The gazetteer has {codes} more than once; each code must stand once."),
                codes=", ".join(repeated[:3]),
            )
        names = _parent_names(table, codes) | dict(
            zip(codes, map(_text, table[name].tolist()), strict=True)
        )
        bps_code = bps_code or _first_column(table, BPS_COLUMNS)
        bps = _crosswalk(table[bps_code], codes) if bps_code else {}
        if prefix is not None:
            bps = {known.replace(".", ""): known for known in _with_ancestors(names)}
        return cls(_with_ancestors(names), _children(names), bps, prefix)

    def written(self, code: str) -> str:
        """Write a code as the gazetteer's own table writes it."""
        return code if self.pcode_prefix is None else self.pcode_prefix + code.replace(".", "")

    def level_codes(self, level: Level) -> tuple[str, ...]:
        """Every code of a level, sorted."""
        return self.descendants(("",), level)

    def descendants(self, scope: Iterable[str], level: Level) -> tuple[str, ...]:
        """Codes of a level under any of the codes in `scope` (or themselves at that level)."""
        descendants: list[str] = []
        for code in scope:
            codes: list[str] = [code]
            while codes and (not codes[0] or find_level(codes[0]) != level):
                codes = [child for parent in codes for child in self.children.get(parent, ())]
            descendants += codes
        return tuple(descendants)

    def parsed(self, code: str) -> Name:
        """Give the name of a place in the forms that matching compares."""
        name = self.names.get(code, "")
        return parse_name(split_regency(name)[1] if find_level(code) == "regency" else name)

    def child_keys(self, code: str) -> frozenset[str]:
        """Normalised names, without spaces, of the places one level down."""
        return frozenset(self.parsed(child).key for child in self.children.get(code, ()))

    def kind(self, code: str) -> str:
        """Kind of a place: kabupaten or kota by its name, kelurahan or desa by its serial."""
        if find_level(code) == "regency":
            return split_regency(self.names.get(code, ""))[0]
        if find_level(code) == "village":
            return {"1": "kelurahan", "2": "desa"}.get(code[-4], "")
        return ""


def _text(value: object) -> str:
    """Read a cell as text; missing is ""."""
    return "" if value is None or value != value else " ".join(str(value).split())


def _pcode_prefix(column: str, values: pd.Series) -> str | None:
    """Prefix of the codes if they are BPS codes: "ID", "id" or ""; None if they are not."""
    first = next((_text(value) for value in values if _text(value)), "")
    if first[:2].lower() == "id":
        return first[:2]
    return "" if column in BPS_COLUMNS else None


def _gazetteer_code(value: object, prefix: str | None) -> str:
    """Read a dotted code from a cell, or raise an error that says what was found."""
    text = _text(value)
    if prefix is not None:
        code = write_dots(text.removeprefix(prefix), "bps")
    else:
        code = text if find_level(text) else write_dots(text)
    if not isinstance(value, str) or not code:
        raise ColumnProblem(
            mark(
                "{value!r} is no place code as text; expected is one like 62.05.01.2005, "
                "6205012005 or ID6205010006."
            ),
            value=value,
        )
    return code


def _first_column(table: pd.DataFrame, candidates: Iterable[str]) -> str | None:
    """First of the known column names that the table has."""
    return next((column for column in candidates if column in table.columns), None)


def _find_column(table: pd.DataFrame, candidates: Iterable[str], role: str) -> str:
    """Like `_first_column`, or an error."""
    column = _first_column(table, candidates)
    if column is None:
        raise ColumnProblem(
            mark("The gazetteer has no column of {role} among {columns}; it needs code and name."),
            role=role,
            columns=", ".join(map(str, table.columns)),
        )
    return column


def _parent_names(table: pd.DataFrame, codes: list[str]) -> dict[str, str]:
    """Names of the levels above, from the columns of a village table."""
    names: dict[str, str] = {}
    for level, candidates in PARENT_COLUMNS.items():
        if (column := _first_column(table, candidates)) is None:
            continue
        for code, value in zip(codes, table[column].tolist(), strict=True):
            above = ancestor(code, level)
            if find_level(above) == level:
                names.setdefault(above, _text(value))
    return names


def _with_ancestors(names: dict[str, str]) -> dict[str, str]:
    """Add missing ancestors without a name."""
    complete = dict(names)
    for code in names:
        above = parent(code)
        while above and above not in complete:
            complete[above] = ""
            above = parent(above)
    return complete


def _children(names: dict[str, str]) -> dict[str, tuple[str, ...]]:
    """Codes by parent code."""
    children: defaultdict[str, list[str]] = defaultdict(list)
    for code in sorted(_with_ancestors(names)):
        children[parent(code)].append(code)
    return {above: tuple(codes) for above, codes in children.items()}


def _crosswalk(bps_codes: pd.Series, codes: list[str]) -> dict[str, str]:
    """BPS digits to code. A BPS code given to two places is left out: it says neither."""
    pairs: dict[str, str] = {}
    repeated: set[str] = set()
    for value, code in zip(bps_codes.tolist(), codes, strict=True):
        digits = _text(value).lower().removeprefix("id")
        if digits.isdigit():
            repeated |= {digits} if digits in pairs else set()
            pairs[digits] = code
    return {digits: code for digits, code in pairs.items() if digits not in repeated}
