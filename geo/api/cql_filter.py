"""CQL2 filters over a table, with the three truth values of SQL.

The package ``cql2`` reads and checks a filter. It raises on NULL where it is asked to evaluate one,
so that ``a > 5 OR name = 'x'`` could not be answered for a place whose ``a`` is not known: here
unknown stays unknown, and only a place for which the filter is true matches.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import cql2
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from .problems import wrong

_LONGEST: Final = 4_000
_DEEPEST: Final = 30
_COMPARISONS: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "=": np.equal,
    "<>": np.not_equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}
_SUMS: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
}
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Truth:
    """For each row whether something is true, and whether it is known; unknown is not true."""

    true: Mask
    known: Mask


@dataclass(frozen=True)
class Values:
    """A value for each row, and whether it is known; ``kind`` is ``number`` or ``text``."""

    values: NDArray[Any]
    known: Mask
    kind: str


def read_filter(text: str, language: str) -> Any:
    """Parse the tree of a filter.

    Parameters
    ----------
    text : str
        As the request has it.
    language : str
        ``cql2-text`` or ``cql2-json``.

    Raises
    ------
    RequestProblem
        If it is none, or longer or deeper than is answered.
    """
    depth = deepest = 0
    for letter in text:
        depth += (letter in "([{") - (letter in ")]}")
        deepest = max(deepest, depth)
    # Its parser is recursive: what is deeper could end the process.
    if len(text) > _LONGEST or deepest > _DEEPEST or text.lower().count("not") > _DEEPEST:
        raise wrong(f"filter is longer than {_LONGEST} letters or deeper than {_DEEPEST} levels")
    try:
        parsed = cql2.parse_text(text) if language == "cql2-text" else cql2.parse_json(text)
        parsed.validate()
        return parsed.to_json()
    except (cql2.ParseError, cql2.ValidationError, ValueError) as error:
        raise wrong(f"filter is no {language}: {str(error).splitlines()[0][:200]}") from error


def match_rows(tree: Any, table: pd.DataFrame, shapes: NDArray[np.object_]) -> Mask:
    """Rows for which a filter is true.

    Parameters
    ----------
    tree : object
        As `read_filter` gives it.
    table : pandas.DataFrame
        The properties.
    shapes : numpy.ndarray of object
        The geometries; None where there is none.

    Raises
    ------
    RequestProblem
        If the filter names an unknown property or function, or compares what cannot be compared.
    """
    return _Evaluation(table, shapes).truth_of(tree).true


class _Evaluation:
    def __init__(self, table: pd.DataFrame, shapes: NDArray[np.object_]) -> None:
        self._table = table
        self._shapes = shapes
        self._all = np.ones(len(table), dtype=bool)

    def truth_of(self, node: Any) -> Truth:
        """Whether a node of the tree is true."""
        if isinstance(node, bool):
            return Truth(self._all & node, self._all)
        operator = node.get("op") if isinstance(node, dict) else None
        args = node.get("args", []) if isinstance(node, dict) else []
        if operator in _COMPARISONS:
            return self._compare(operator, *args)
        match operator:
            case "and" | "or":
                return self._join(operator, args)
            case "not":
                inner = self.truth_of(args[0])
                return Truth(inner.known & ~inner.true, inner.known)
            case "isNull":
                return Truth(~self._known(args[0]), self._all)
            case "between":
                low = self._compare(">=", args[0], args[1])
                high = self._compare("<=", args[0], args[2])
                return _both(low, high)
            case "in":
                parts = [self._compare("=", args[0], each) for each in args[1]]
                return self._any(parts)
            case "like":
                return self._like(args[0], args[1])
            case "s_intersects":
                return self._intersects(args)
        raise wrong(f"filter has a condition that is not answered: {str(operator)[:40]!r}")

    def _join(self, operator: str, args: list[Any]) -> Truth:
        parts = [self.truth_of(each) for each in args]
        if operator == "or":
            return self._any(parts)
        joined = parts[0]
        for part in parts[1:]:
            joined = _both(joined, part)
        return joined

    def _any(self, parts: list[Truth]) -> Truth:
        true = np.zeros(len(self._table), dtype=bool)
        known = self._all.copy()
        for part in parts:
            true |= part.true
            known &= part.known
        return Truth(true, known | true)

    def _compare(self, operator: str, left: Any, right: Any) -> Truth:
        one, other = self._values(left), self._values(right)
        if one.kind != other.kind:
            raise wrong(f"filter compares a {one.kind} with a {other.kind}")
        known = one.known & other.known
        with np.errstate(invalid="ignore"):
            true = _COMPARISONS[operator](one.values, other.values).astype(bool)
        return Truth(true & known, known)

    def _like(self, left: Any, pattern: Any) -> Truth:
        texts = self._values(left)
        if texts.kind != "text" or not isinstance(pattern, str):
            raise wrong("filter: LIKE needs a text and a pattern")
        parts = _split_pattern(pattern)
        found = [_is_like(text, parts) for text in texts.values]
        return Truth(np.array(found, dtype=bool) & texts.known, texts.known)

    def _intersects(self, args: list[Any]) -> Truth:
        if args[0] != {"property": "geometry"}:
            raise wrong("filter: S_INTERSECTS needs the property geometry first")
        return Truth(shapely.intersects(self._shapes, _geometry(args[1])), self._all)

    def _known(self, node: Any) -> Mask:
        if node == {"property": "geometry"}:
            return np.asarray(~shapely.is_missing(self._shapes), dtype=bool)
        return self._values(node).known

    def _values(self, node: Any) -> Values:
        if node is None or isinstance(node, bool | list):
            raise wrong("filter: expected is a property, a number or a text")
        if isinstance(node, int | float):
            return Values(np.full(len(self._table), float(node)), self._all, "number")
        if isinstance(node, str):
            return Values(np.full(len(self._table), node, dtype=object), self._all, "text")
        if "property" in node:
            return self._column(node["property"])
        operator, args = node.get("op"), node.get("args", [])
        if operator in _SUMS and len(args) == 2:
            return self._calculate(operator, args)
        if operator == "casei" and len(args) == 1:
            texts = self._values(args[0])
            if texts.kind == "text":
                folded = np.array([text.casefold() for text in texts.values], dtype=object)
                return Values(folded, texts.known, "text")
        raise wrong(f"filter has an expression that is not answered: {str(operator)[:40]!r}")

    def _column(self, name: str) -> Values:
        if name not in self._table.columns:
            raise wrong(f"filter names a property that is not there: {name[:40]!r}")
        column = self._table[name]
        if pd.api.types.is_numeric_dtype(column):
            values = column.to_numpy("float64", na_value=np.nan)
            return Values(values, ~np.isnan(values), "number")
        return Values(column.to_numpy(dtype=object), column.notna().to_numpy(), "text")

    def _calculate(self, operator: str, args: list[Any]) -> Values:
        one, other = (self._values(each) for each in args)
        if one.kind != "number" or other.kind != "number":
            raise wrong("filter calculates with a text")
        with np.errstate(all="ignore"):
            values = _SUMS[operator](one.values, other.values)
        return Values(values, one.known & other.known & np.isfinite(values), "number")


def _both(one: Truth, other: Truth) -> Truth:
    """Combine by AND: known where both are known, or where one is known to be false."""
    false = (one.known & ~one.true) | (other.known & ~other.true)
    true = one.true & other.true
    return Truth(true, true | false)


def _is_like(text: str, parts: list[re.Pattern[str]]) -> bool:
    """Whether a text fits a pattern, whose parts between ``%`` are given.

    Each part is taken where it first fits, so that no text is tried in many ways.
    """
    first, *others = parts
    if not others:
        return first.fullmatch(text) is not None
    found = first.match(text)
    for part in others[:-1]:
        found = found and part.search(text, found.end())
    if not found:
        return False
    return any(
        others[-1].fullmatch(text, begin) is not None for begin in range(found.end(), len(text) + 1)
    )


def _split_pattern(like: str) -> list[re.Pattern[str]]:
    """Split a pattern of LIKE between its ``%``, as regular expressions of fixed length."""
    parts = [""]
    letters = iter(like)
    for letter in letters:
        if letter == "%":
            parts.append("")
        elif letter == "\\":
            parts[-1] += re.escape(next(letters, "\\"))
        else:
            parts[-1] += "." if letter == "_" else re.escape(letter)
    return [re.compile(part, re.DOTALL) for part in parts]


def _geometry(node: Any) -> Any:
    try:
        if "bbox" in node:
            box = node["bbox"]
            return shapely.box(*(box if len(box) == 4 else (*box[:2], *box[3:5])))
        shape = shapely.geometry.shape(node)
    except (TypeError, ValueError, KeyError, AttributeError, shapely.errors.ShapelyError) as error:
        raise wrong("filter: S_INTERSECTS needs a geometry or BBOX second") from error
    if not shapely.is_valid(shape):
        raise wrong("filter: the geometry is not valid")
    return shape
