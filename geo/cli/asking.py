"""The query of a command's options; an option that the data do not have is an error."""

from __future__ import annotations

from ..core.codes import read_code
from ..core.errors import QueryProblem, mark
from ..core.labels import PARAMETER_LABELS
from ..measures.dataset import Dataset
from ..measures.order import ORDERS
from ..measures.query import LEAST_PRICE, MOST_PRICE, Query, from_params


def dotted_code(text: str) -> str:
    """Return the dotted code that a text is; any other text as it stands."""
    return next((code for scheme, code in read_code(text) if scheme == "kemendagri"), text)


def ask_query(data: Dataset, params: dict[str, list[str]]) -> Query:
    """Build the query of the options; an option the data does not have is an error.

    Villages that are named are the only ones, whatever area is asked for.

    Raises
    ------
    QueryProblem
        Says what there is instead.
    """
    query, problems = from_params(params, data.options)
    if problems:
        name = str(problems[0].facts["name"])
        raise QueryProblem(
            mark("{value} is no {name} of this data; there are: {known}."),
            value=problems[0].facts["value"],
            name=PARAMETER_LABELS[name],
            known=_list_choices(data, name),
        )
    return query.of_basket() if query.basket else query


def _list_choices(data: Dataset, name: str) -> str:
    choices = {
        "period": data.options.periods,
        "compare": data.options.periods,
        "segment": data.options.segments,
        "order": tuple(ORDERS),
        "price": (f"{LEAST_PRICE}–{MOST_PRICE}",),
    }
    listed = choices.get(name)
    return ", ".join(listed or sorted(data.options.places - {""})[:8]) + ("" if listed else ", …")
