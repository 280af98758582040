"""What a view asks for: every filter of the page and the command line, as one value.

A query is immutable, and the same as text: `to_params` and `from_params` are
each other's inverse, so a link reopens the same view. Keys and values of the
text are stable and the same in every language.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from ..core import codes
from ..core.defaults import DEFAULT_TARGET
from ..core.errors import QueryProblem, mark
from ..core.segments import PROGRAMMES
from ..enrolment.reference_tables import CONTRIBUTION_BASES
from .order import DEFAULT_ORDER, ORDERS

CHANGES: Final = ("change_rate", "change_enrolled")
MEASURES: Final = ("coverage_rate", "coverage_gap", "gap_to_target", "gap_share", *CHANGES)
SCHEMES: Final = ("policy", "quantiles", "natural_breaks", "equal_interval")
PALETTES: Final = ("oranges", "blues", "viridis")
STATES: Final = (
    *("ok", "over_100", "partly_known"),
    *("no_denominator", "no_enrolment", "no_boundary"),
)
LEAST_TARGET: Final = 0.01
# Rupiah a month that an own price of cover may be.
LEAST_PRICE: Final = 1_000
MOST_PRICE: Final = 1_000_000
# A link with more would be longer than what mail and chat pass on whole.
MOST_BASKET: Final = 500


@dataclass(frozen=True)
class Query:
    """Everything that decides what a view shows.

    Attributes
    ----------
    place : str
        Code of the area looked at; empty for all the data covers.
    period : str
        ``2024-10``; empty for the latest.
    segments, programmes, subdistricts, states : tuple of str
        Keys and codes to keep; empty keeps all.
    gap_min, gap_max : int or None
        Range of people not covered, both ends included.
    rate_min, rate_max : float or None
        Range of the coverage rate (fractions), both ends included.
    target : float
        Coverage to reach, as a fraction.
    contribution : str
        Basis of the price of cover (key of ``CONTRIBUTION_BASES``).
    measure, scheme, palette : str
        What the fill shows, how it is classed, and its colours.
    villages : bool
        Draw villages at once instead of the next level down.
    circles, tiles : bool
        Draw circles of people not covered; draw street tiles (needs internet).
    selected : str
        Code of the place singled out.
    compare : str
        Period to compare with; empty for none, or, where the measure is a change, the one before.
    price : int or None
        Own price of cover for one person and month, in rupiah; None for that of ``contribution``.
    order : str
        Key of `geo.measures.order.ORDERS`, the worst first; after a hyphen, the worst last.
    basket : tuple of str
        Codes of the villages chosen one by one, sorted.
    chosen : bool
        Keep the villages of the basket alone.
    """

    place: str = ""
    period: str = ""
    segments: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
    subdistricts: tuple[str, ...] = ()
    gap_min: int | None = None
    gap_max: int | None = None
    rate_min: float | None = None
    rate_max: float | None = None
    states: tuple[str, ...] = ()
    target: float = DEFAULT_TARGET
    contribution: str = "jkk_jkm"
    measure: str = "coverage_rate"
    scheme: str = "policy"
    palette: str = "oranges"
    villages: bool = False
    circles: bool = True
    tiles: bool = False
    selected: str = ""
    compare: str = ""
    price: int | None = None
    order: str = DEFAULT_ORDER
    basket: tuple[str, ...] = ()
    chosen: bool = False

    @property
    def narrows(self) -> bool:
        """Whether a filter keeps only some of the villages in the area."""
        ends = (self.gap_min, self.gap_max, self.rate_min, self.rate_max)
        return self.chosen or bool(self.states) or any(end is not None for end in ends)

    def without_filters(self) -> Query:
        """The same view with no village filtered out."""
        return replace(
            self,
            states=(),
            subdistricts=(),
            gap_min=None,
            gap_max=None,
            rate_min=None,
            rate_max=None,
            chosen=False,
        )

    def with_basket(self, villages: Collection[str]) -> Query:
        """The same view with these villages chosen; nothing is kept to an empty choice."""
        basket = tuple(sorted(set(villages)))[:MOST_BASKET]
        return replace(self, basket=basket, chosen=self.chosen and bool(basket))

    def of_basket(self) -> Query:
        """What measures and lists the chosen villages alone, wherever the map is."""
        area = codes.enclosing(self.basket)
        return replace(self.without_filters(), place=area, chosen=True, selected="")


@dataclass(frozen=True)
class Options:
    """What the data at hand offers to a query.

    Attributes
    ----------
    periods, segments : tuple of str
        In the order to show.
    places : frozenset of str
        Codes of every level that exist.
    """

    periods: tuple[str, ...]
    segments: tuple[str, ...]
    places: frozenset[str]


_FRACTIONS: Final = {"rate_min", "rate_max", "target"}
_NAMES: Final = {
    "segments": "segment",
    "programmes": "programme",
    "subdistricts": "subdistrict",
} | {"states": "state"}
DEFAULTS: Final = Query()


def to_params(query: Query, defaults: Query = DEFAULTS) -> dict[str, list[str]]:
    """The query as URL parameters; what is at its default is left out."""
    return {
        _NAMES.get(name, name): _to_texts(name, value)
        for name, value in vars(query).items()
        if value != getattr(defaults, name)
    }


def _to_texts(name: str, value: Any) -> list[str]:
    if name == "basket":
        return codes.pack_villages(value)
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, bool):
        return ["1" if value else "0"]
    if name in _FRACTIONS:
        return [f"{value * 100:.4f}".rstrip("0").rstrip(".")]
    return [str(value)]


def from_params(
    params: Mapping[str, Sequence[str]], options: Options, defaults: Query = DEFAULTS
) -> tuple[Query, list[QueryProblem]]:
    """Query of URL parameters, and a problem for each value that does not fit.

    What does not fit is left at its default, so that an old or mistyped link
    still opens a view.
    """
    given: dict[str, Any] = {}
    problems = []
    for name in vars(defaults):
        texts = list(params.get(_NAMES.get(name, name), ()))
        if not texts:
            continue
        value, wrong = _from_texts(name, texts, options)
        problems += [_problem(name, text) for text in wrong]
        if value is not None:
            given[name] = value
    query = replace(defaults, **given)
    return _without_contradictions(query, problems, options), problems


def _problem(name: str, text: str) -> QueryProblem:
    return QueryProblem(
        mark("The link asks for {name} = {value}, which does not fit this data."),
        name=_NAMES.get(name, name),
        value=text[:60] or "–",
    )


def _without_contradictions(query: Query, problems: list[QueryProblem], options: Options) -> Query:
    """Of two filters that exclude each other the second is left out."""
    if query.chosen and not query.basket:
        problems.append(_problem("chosen", "1"))
        query = replace(query, chosen=False)
    if query.compare and query.compare == (query.period or options.periods[-1]):
        problems.append(_problem("compare", query.compare))
        query = replace(query, compare="")
    inside = tuple(code for code in query.subdistricts if code.startswith(query.place))
    if inside != query.subdistricts:
        outside = sorted(set(query.subdistricts) - set(inside))
        problems.append(_problem("subdistricts", ", ".join(outside)))
        query = replace(query, subdistricts=inside)
    if None not in (query.gap_min, query.gap_max) and query.gap_min > query.gap_max:  # type: ignore[operator]
        problems.append(_problem("gap_max", str(query.gap_max)))
        query = replace(query, gap_max=None)
    if None not in (query.rate_min, query.rate_max) and query.rate_min > query.rate_max:  # type: ignore[operator]
        problems.append(_problem("rate_max", f"{query.rate_max:.0%}"))
        query = replace(query, rate_max=None)
    return query


def _from_texts(name: str, texts: list[str], options: Options) -> tuple[Any, list[str]]:
    """Value of a field, None where it stays at its default, and the texts that do not fit it."""
    if name == "basket":
        villages = sorted({code for text in texts for code in codes.unpack_villages(text)})
        fit = tuple(code for code in villages if _is_allowed(name, code, options))[:MOST_BASKET]
        return fit, [code for code in villages if code not in {*fit}]
    if isinstance(getattr(DEFAULTS, name), tuple):
        distinct = list(dict.fromkeys(texts))
        fit = tuple(text for text in distinct if _is_allowed(name, text, options))
        return fit, [text for text in distinct if text not in fit]
    try:
        return _from_text(name, texts[-1], options), []
    except (ValueError, KeyError):
        return None, [texts[-1]]


def _from_text(name: str, text: str, options: Options) -> Any:
    if isinstance(getattr(DEFAULTS, name), str):
        return _checked(name, text, options)
    if isinstance(getattr(DEFAULTS, name), bool):
        return {"1": True, "0": False}[text]
    if name in _FRACTIONS:
        return _fraction(name, text)
    if name == "price":
        return _price(text)
    return _whole(text)


def _is_allowed(name: str, text: str, options: Options) -> bool:
    """Whether a text field may take a value."""
    if name == "subdistricts":
        return text in options.places and codes.level_of(text) == "subdistrict"
    if name == "basket":
        return text in options.places and codes.level_of(text) == "village"
    fields: dict[str, Collection[str]] = {
        "place": options.places,
        "selected": options.places,
        "period": options.periods,
        "compare": options.periods,
        "order": (*ORDERS, *(f"-{order}" for order in ORDERS)),
        "segments": options.segments,
        "programmes": PROGRAMMES,
        "states": STATES,
        "contribution": CONTRIBUTION_BASES,
        "measure": MEASURES,
        "scheme": SCHEMES,
        "palette": PALETTES,
    }
    return text in fields[name]


def _checked(name: str, text: str, options: Options) -> str:
    if not _is_allowed(name, text, options):
        raise ValueError(text)
    return text


def _fraction(name: str, text: str) -> float:
    value = round(float(text) / 100, 6)
    if not (LEAST_TARGET <= value <= 1 if name == "target" else 0 <= value <= 100):
        raise ValueError(text)
    return value


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise ValueError(text)
    return int(text)


def _price(text: str) -> int:
    rupiah = _whole(text)
    if not LEAST_PRICE <= rupiah <= MOST_PRICE:
        raise ValueError(text)
    return rupiah
