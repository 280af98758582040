"""Who counts where, as one expression that every engine runs.

The rules of `geo.count` in Ibis: of each person and period the latest record of each segment is the
membership, and the village of the latest of all wins; of equal dates the finer place, then the
lower code. The expression runs where the records are, and only counts leave.

Places, and segments with their programmes, come as numbers sorted as the rules want them. With the
date they make one whole number a record, of which the least wins: so no engine sorts texts or dates
in its own way, and none keeps more of a person than two numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from ibis.expr.types import IntegerValue, Table

# 63 bits: the day, then the place, then the label.
_DAY_BITS: Final = 23
_PLACE_BITS: Final = 21
_LABEL_BITS: Final = 19
MOST_PLACES: Final = 1 << _PLACE_BITS
MOST_LABELS: Final = 1 << _LABEL_BITS
SEPARATOR: Final = "|"
NO_VILLAGE: Final = -1


def build_people(
    records: Table,
    number: Callable[[Table], Table],
    sizes: tuple[int, int] = (MOST_PLACES, MOST_LABELS),
) -> Table:
    """People by period, place and combination.

    Parameters
    ----------
    records : ibis.Table
        With ``person`` (of any type) and, where there are several, ``period``.
    number : callable
        Gives of such a table the active records with ``start`` (date or null), ``place``,
        ``label`` and ``segment`` (whole numbers from 0; the first two in the order in which they
        win, a label being a segment with its programmes), ``village`` (a number, `NO_VILLAGE`
        where the place is not matched), and ``person`` and ``period`` as they were.
    sizes : tuple of int
        How many places and labels there are: where few, less is kept of each person.

    Returns
    -------
    ibis.Table
        ``period, place, combination, moved, people``: ``combination`` has the numbers of the
        labels as text, in no order (``3|17``); ``moved`` is 1 for those with records in several
        villages, else 0.
    """
    import ibis

    keys = [key for key in ("period", "person") if key in records.columns]
    labels = sizes[1]
    tallied = _tally_persons(number(records.filter(records["person"].notnull())), keys, sizes)
    single = tallied.filter(tallied["person"].isnull())
    several = tallied.filter(tallied["person"].notnull()).select(*keys)
    # The few whose records differ are asked for again: to keep all records is dearer.
    parts = (
        single.select(
            *keys[:-1],
            place=(single["pair"] // labels).cast("int64"),
            combination=(single["pair"] % labels).cast("int64").cast("string"),
            moved=ibis.literal(0, "int64"),
            people=single["people"],
        ),
        _combine(number(records.semi_join(several, keys)), keys),
    )
    every = ibis.union(*parts)
    told = (*keys[:-1], "place", "combination", "moved")
    return every.group_by(*told).agg(people=every["people"].sum().cast("int64"))


def _rank(rows: Table) -> IntegerValue:
    """One whole number a record: the latest, then the first place and label, is the least."""
    day = rows["start"].year().cast("int64") * 512 + _of_year(rows)
    back = ((1 << _DAY_BITS) - 1) - day.fill_null(0)
    return (back * MOST_PLACES + rows["place"]) * MOST_LABELS + rows["label"]


def _of_year(rows: Table) -> IntegerValue:
    return rows["start"].month().cast("int64") * 32 + rows["start"].day().cast("int64")


def _place_of(rank: IntegerValue) -> IntegerValue:
    return (rank >> _LABEL_BITS) & (MOST_PLACES - 1)


def _label_of(rank: IntegerValue) -> IntegerValue:
    return rank & (MOST_LABELS - 1)


def _tally_persons(rows: Table, keys: list[str], sizes: tuple[int, int]) -> Table:
    """People of one place and label by them; each of the others in a row of their own."""
    import ibis

    # The date is not asked for: who has one place and label has them whenever it was.
    kind = "int32" if sizes[0] * sizes[1] < 1 << 31 else "int64"
    pair = rows["place"].cast("int64") * sizes[1] + rows["label"]
    rows = rows.mutate(pair=pair.cast(kind))
    persons = rows.group_by(*keys).agg(first=rows["pair"].min(), last=rows["pair"].max())
    several = persons["first"] != persons["last"]
    told = persons.select(
        *keys[:-1],
        person=ibis.ifelse(several, persons["person"], ibis.null(persons["person"].type())),
        pair=ibis.ifelse(several, ibis.literal(0, kind), persons["first"]),
    )
    return told.group_by(*keys, "pair").agg(people=told.count())


def _combine(rows: Table, keys: list[str]) -> Table:
    """People of several records: their memberships, and the place of the latest."""
    import ibis

    rows = rows.mutate(rank=_rank(rows))
    village = rows["village"].nullif(NO_VILLAGE)
    members = rows.group_by(*keys, "segment").agg(
        rank=rows["rank"].min(), low=village.min(), high=village.max()
    )
    persons = members.group_by(*keys).agg(
        rank=members["rank"].min(),
        combination=_label_of(members["rank"]).cast("string").group_concat(SEPARATOR),
        low=members["low"].min(),
        high=members["high"].max(),
    )
    return persons.select(
        *keys[:-1],
        place=_place_of(persons["rank"]),
        combination="combination",
        moved=ibis.ifelse(persons["low"] < persons["high"], 1, 0).cast("int64"),
        people=ibis.literal(1, "int64"),
    )
